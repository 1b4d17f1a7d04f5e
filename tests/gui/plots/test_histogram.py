import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gui.look.theme import DARK, LIGHT
from gui.plots.histogram import Histogram, HistogramPanel
from tests.gui.plots.conftest import click, has_colour, mouse, painted


def panel(rows=3, theme=LIGHT, counts=(1, 4, 2), edges=(-1.0, 0.0, 1.0, 2.0)):
    plot = HistogramPanel("Activations", theme)
    plot.set_axes(("activation", ""))
    plot.set_histograms(
        [
            Histogram(f"layer {k}", np.array(edges), np.array(counts), theme.stroke("training"))
            for k in range(rows)
        ]
    )
    return plot


def axes_of(plot):
    return plot._lay_out(plot._content(QRectF(plot.rect())))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_rows_have_the_colour_of_their_layer(qapp, theme):
    assert has_colour(painted(panel(theme=theme)), theme.stroke("training").colour, 20)


@pytest.mark.parametrize(
    ("counts", "edges"),
    [((), (0.0,)), ((0, 0), (0.0, 1.0, 2.0)), ((1,), (3.0, 3.0)), ((np.nan, 1e300), (0.0, 1e-300, 1e300))],
)
@pytest.mark.parametrize("rows", [0, 1, 64])
@pytest.mark.parametrize("size", [(480, 360), (120, 80), (1000, 600)])
def test_extremes_are_drawn(qapp, counts, edges, rows, size):
    painted(panel(rows, counts=counts, edges=edges), *size)


def test_heights_are_densities(shown):
    plot = shown(panel(1, counts=(4, 4, 2), edges=(0.0, 1.0, 3.0, 4.0)))
    _, y = plot.rows[0].steps(axes_of(plot))
    heights = y[0] - y[1:-1:2]
    assert heights == pytest.approx(heights[0] * np.array([1.0, 0.5, 0.5]))


def test_rows_stand_one_under_the_other(shown):
    plot = shown(panel(2))
    (_, first), (_, second) = plot.rows[0].steps(axes_of(plot)), plot.rows[1].steps(axes_of(plot))
    assert first.max() <= second.min()
    assert second.max() == pytest.approx(axes_of(plot).plane.rect.bottom())


def test_the_mouse_tells_row_and_bin(qtbot, shown):
    plot = shown(panel())
    bare = painted(plot)
    plane = axes_of(plot).plane
    place = QPointF(float(plane.px(0.5)), plane.rect.top() + plane.rect.height() / 2)
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", place)
    assert heard.args == [(1, 1)]
    assert (painted(plot) == bare).all()
    with qtbot.waitSignal(plot.clicked) as heard:
        click(plot, place)
    assert heard.args == [1]
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", QPointF(1, 1))
    assert heard.args == [None]


def test_the_table_has_bins_and_counts(qapp):
    table = dict(panel(1).table())
    assert list(table["layer 0: from"]) == [-1.0, 0.0, 1.0]
    assert list(table["layer 0: to"]) == [0.0, 1.0, 2.0]
    assert list(table["layer 0: count"]) == [1, 4, 2]
