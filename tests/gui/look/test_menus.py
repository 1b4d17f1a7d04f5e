"""Menus are told from what they lie over, and a switch in them from its word, in both themes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from gui.look.style import palette_of, style_sheet
from gui.look.theme import DARK, LIGHT


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of WCAG, from the formula for sRGB."""

    def luminance(colour: QColor) -> float:
        parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_menu_has_a_frame_and_its_switches_have_boxes_that_are_seen(qtbot, theme):
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.setStyleSheet(style_sheet(theme))
    menu.setPalette(palette_of(theme))
    for checked in (False, True):
        action = menu.addAction("")
        action.setCheckable(True)
        action.setChecked(checked)
    menu.resize(menu.sizeHint())
    image = menu.grab().toImage()
    middle = image.width() // 2
    assert contrast(image.pixelColor(middle, 0), QColor(theme.plot)) >= 3
    ground = image.pixelColor(middle, 3)
    for action in menu.actions():
        row = menu.actionGeometry(action)
        at = range(row.left() + 2, row.left() + theme.px(24))
        assert max(contrast(image.pixelColor(x, row.center().y()), ground) for x in at) >= 3
    assert not menu.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
