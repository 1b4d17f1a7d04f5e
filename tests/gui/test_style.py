"""The style sheet: what one has to see is seen in either theme."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox

from gui.style import style_sheet
from gui.theme import DARK, LIGHT
from tests.gui.plots.conftest import has_colour


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_box_of_a_switch_is_seen_while_it_is_off(qtbot, theme):
    box = QCheckBox()
    qtbot.addWidget(box)
    box.setPalette(theme.palette())
    box.setStyleSheet(style_sheet(theme))
    image = box.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    assert has_colour(pixels[..., :3].astype(int), theme.quiet)
