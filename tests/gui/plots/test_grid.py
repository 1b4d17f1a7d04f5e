"""The grid on the screen is the grid of a picture, drawn another way."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.look.theme import DARK, LIGHT
from gui.plots.axes import Axes, Plane
from gui.plots.grid import draw_grid
from gui.plots.painting import faded
from gui.plots.scale import Scale
from gui.plots.ticks import Ticks


def painted(theme, live, places):
    """A grid over a 90 × 60 plot whose upper left corner is at (20, 10)."""
    image = QImage(140, 90, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.plot))
    plane = Plane(QRectF(20, 10, 90, 60), (0.0, 1.0), (0.0, 1.0))
    across, none = Ticks(places, ("",) * len(places), minor=(0.05, 0.5)), Ticks((), ())
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_grid(painter, theme, Axes(plane, Scale(), Scale(), across, none), live)
    return np.frombuffer(image.constBits(), np.uint8).reshape(90, 140, 4).astype(int)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("places", [(), (0.0,), (0.0, 0.123, 0.7, 1.0)])
def test_the_grid_on_the_screen_is_that_of_a_picture(qapp, theme, places):
    screen, picture = (painted(theme, live, places) for live in (True, False))
    assert np.abs(screen - picture).max() <= 2, "but for rounding"


def test_a_line_stands_where_its_tick_is(qapp):
    row = painted(LIGHT, True, (0.5,))[40]
    paper, line = QColor(LIGHT.plot), faded(LIGHT.hairline, 0.8)
    share = line.alphaF()
    expected = round(line.green() * share + paper.green() * (1 - share))
    assert row[64:66, 1].sum() < 2 * paper.green() - 0.8 * (paper.green() - expected)
    assert row[62, 1] == row[67, 1] == paper.green()
