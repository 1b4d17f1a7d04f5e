"""The lines of a grid stand where the ticks are, and are of one colour, also where they cross."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.look.theme import DARK, LIGHT
from gui.plots.axes import Axes, Plane, draw_axis
from gui.plots.grid import draw_grid
from gui.plots.scale import Scale
from gui.plots.ticks import Ticks

NONE = Ticks((), ())


def painted(theme, across, up=NONE, draw=draw_grid):
    """The colours over a 90 × 60 plot whose upper left corner is at (20, 10): rows, columns, (b, g, r, a)."""
    image = QImage(140, 90, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.plot))
    plane = Plane(QRectF(20, 10, 90, 60), (0.0, 1.0), (0.0, 1.0))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, theme, Axes(plane, Scale(), Scale(), across, up))
    return np.frombuffer(image.constBits(), np.uint8).reshape(90, 140, 4).astype(int)


def ticks(*places, minor=()):
    return Ticks(places, ("",) * len(places), minor=minor)


def green(colour, ground, share):
    """What is seen of a colour over a ground, by hand: a share of the one and the rest of the other."""
    return share * QColor(colour).green() + (1 - share) * QColor(ground).green()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("places", "minor", "share"), [((0.25,), (), 0.8), ((), (0.25,), 0.25)])
def test_lines_are_as_strong_as_they_are_faint_over_the_plot_also_where_they_cross(
    qapp, theme, places, minor, share
):
    found = painted(theme, *[ticks(*places, minor=minor)] * 2)[:, :, 1]
    paper, line = QColor(theme.plot).green(), green(theme.hairline, theme.plot, share)
    assert found[54:56, 80].mean() == pytest.approx((paper + line) / 2, abs=1)  # y = 55, between two rows
    assert found[30, 42] == pytest.approx(line, abs=1)  # x = 42.5
    assert found[54:56, 42] == pytest.approx(np.full(2, line), abs=1)


def test_a_line_stands_where_its_tick_is(qapp):
    row = painted(LIGHT, ticks(0.5))[40]
    paper, expected = QColor(LIGHT.plot).green(), green(LIGHT.hairline, LIGHT.plot, 0.8)
    assert row[64:66, 1].sum() < 2 * paper - 0.8 * (paper - expected)
    assert row[62, 1] == row[67, 1] == paper


def test_a_line_of_an_axis_is_of_one_colour_also_at_its_ticks(qapp):
    def both(painter, theme, axes):
        for side in ("left", "bottom"):
            draw_axis(painter, theme, axes, side)

    found = painted(LIGHT, ticks(0.0), ticks(0.0), both)[:, :, 1]
    assert found.min() >= round(green(LIGHT.quiet, LIGHT.plot, 0.7)) - 1
