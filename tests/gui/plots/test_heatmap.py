import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt

from gui.look.theme import DARK, LIGHT
from gui.plots import cells
from gui.plots.heatmap import HeatmapPanel
from tests.gui.plots.conftest import click, has_colour, mouse, painted

JACOBIAN = np.array([[0.25, -0.25], [-0.1, 0.1]])


def panel(values=JACOBIAN, theme=LIGHT, **more):
    plot = HeatmapPanel("Jacobian", theme)
    plot.set_matrix(values, ["s₁", "s₂"], ["z₁", "z₂"], **more)
    plot.set_captions("output", "input")
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_signed_values_are_blue_and_vermilion_around_the_colour_of_nothing(qapp, theme):
    pixels = painted(panel(theme=theme, signed=True))
    assert has_colour(pixels, "#0b4f8a")
    assert has_colour(pixels, "#a03c00")


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((0, 0)),
        np.zeros((1, 1)),
        np.full((3, 3), np.nan),
        np.array([[1e300, -np.inf], [np.nan, 5]]),
        np.random.default_rng(0).normal(size=(100, 200)),
        np.arange(4).reshape(2, 2),
    ],
)
@pytest.mark.parametrize("size", [(400, 300), (1000, 640), (80, 60)])
@pytest.mark.parametrize("signed", [False, True])
def test_extremes_are_drawn(qapp, values, size, signed):
    painted(panel(values, signed=signed), *size)


def test_hover_and_choice(qtbot, shown):
    plot = shown(panel(np.arange(6).reshape(2, 3)))
    spot = plot._cell(plot._grid(plot._content(plot.rect().toRectF())), 1, 2).center()
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", spot)
    assert heard.args == [(1, 2)]
    with qtbot.waitSignal(plot.selected) as heard:
        click(plot, spot)
    assert heard.args == [1, 2]
    with qtbot.waitSignal(plot.selected) as heard:
        qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert heard.args == [0, 2]
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", plot.rect().toRectF().topLeft())
    assert heard.args == [None]


def test_the_table_has_the_labels(qapp):
    names, columns = zip(*panel().table(), strict=True)
    assert names == ("output", "z₁", "z₂")
    assert columns[0] == ["s₁", "s₂"]
    assert list(columns[2]) == [-0.25, 0.1]


def test_whole_numbers_are_printed_whole(qapp):
    plot = panel(np.array([[12, 3], [0, 7]]))
    assert plot._fitting(plot.rect().toRectF())[0] == ["12", "3", "0", "7"]


def test_without_numbers_the_mouse_tells_the_value(shown):
    plot = shown(panel())
    written, spot = painted(plot), plot._cell(plot._grid(plot._content(plot.rect().toRectF())), 1, 0)
    plot.numbers = False
    plot.redraw()
    bare = painted(plot)
    assert (bare != written).any()
    told = []
    plot._draw_told = lambda painter, grid, cell: told.append(cell)
    mouse(plot, "move", spot.center())
    plot.grab()
    assert told == [(1, 0)]
    assert (painted(plot) == bare).all()
    plot.numbers = True
    plot.redraw()
    plot.grab()
    assert len(told) == 1


def test_what_is_counted_has_no_decimals_under_the_mouse_either(qapp):
    assert panel(np.array([[9, 0], [1, 8]]))._told((0, 0)).endswith(": 9")
    assert panel(np.array([[9.0, 0.5], [1.0, 8.0]]))._told((0, 0)).endswith(": 9.000")


def test_numbers_have_fewer_digits_before_they_are_left_out(qapp):
    values = np.full((4, 4), -0.1498)
    values[1, 1] = -0.007457
    plot = panel(values, signed=True)
    cell = QRectF(0, 0, 60, 30)  # the widest has 9 characters, with three decimals 6
    way, font = plot._fitting(cell)
    assert way[0] == "−0.150"
    assert font.pixelSize() >= LIGHT.small_px


@pytest.mark.parametrize("caption", ["", "kind"])
def test_names_of_rows_begin_in_the_plot_and_long_ones_are_shortened(qapp, monkeypatch, caption):
    places = {}
    monkeypatch.setattr(cells, "put_text", lambda _, spot, where, text, colour: places.update({text: spot}))
    upright = []
    monkeypatch.setattr(cells, "put_upright", lambda _, at, *rest: upright.append(at.x()))
    plot = HeatmapPanel("Slopes", LIGHT)
    plot.square = plot.scale_bar = False
    plot.set_matrix(JACOBIAN, ["Sparse categorical", "W" * 60], ["A", "B"], signed=True)
    plot.set_captions(caption, "")
    plot.resize(259, 160)
    plot.grab()
    grid, outer = plot.axes().plane.rect, plot.axes().outer
    for spot in places.values():
        assert outer.left() <= spot.left() < spot.right() < grid.left()
    assert len(places) == 2
    assert spot.width() >= LIGHT.metrics().horizontalAdvance("Sparse categ…")
    assert all(0 <= x < places["Sparse categorical"].left() for x in upright)
    assert len(upright) == bool(caption)
