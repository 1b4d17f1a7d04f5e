"""Bars, cells, histograms, stacks are items of pyqtgraph in a PlotItem: what is added is seen."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.look.theme import LIGHT
from gui.plots.bars import Bars, BarsPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.histogram import Histogram, HistogramPanel
from gui.plots.images import ImagesPanel
from gui.plots.sheet import PAPER
from gui.plots.stacks import Stack, StacksPanel, SumPart
from tests.gui.plots.conftest import has_colour, mouse, pixels_of, wheel

RED = "#ff0000"


def bars():
    plot = BarsPanel("Bars", LIGHT)
    plot.set_axes(("class", ""), ("p", ""), (0, 1))
    series = [
        Bars(key, key, np.array(values), LIGHT.stroke(key))
        for key, values in (("p", [0.25, 0.75, 0.5]), ("q", [0.5, np.inf, np.nan]))
    ]
    plot.set_bars("abc", series)
    return plot


def heat():
    plot = HeatmapPanel("Heat", LIGHT)
    plot.set_matrix(np.array([[1.0, -2.0, 0.5], [0.25, np.nan, -0.5]]), ["a", "b"], "xyz", signed=True)
    return plot


def histograms():
    plot = HistogramPanel("Histograms", LIGHT)
    plot.set_axes(("x", ""))
    edges, counts = np.array([-1.0, 0.0, 2.0, 4.0]), np.array([2.0, 2.0, 1.0])
    plot.set_histograms([Histogram(name, edges, counts, LIGHT.stroke("training")) for name in "ab"])
    return plot


def stacks():
    plot = StacksPanel("Sums", LIGHT)
    plot.set_axes(("information", "bits"))
    one, other = LIGHT.stroke("p"), LIGHT.stroke("kl")
    parts = SumPart("a", 1.0, one), SumPart("b", 0.5, other), SumPart("c", 0.25, one)
    plot.set_stacks(
        [Stack("sum", parts), Stack("endless", (SumPart("d", 0.75, one), SumPart("e", np.inf, other)))]
    )
    return plot


MAKERS = [bars, heat, histograms, stacks]


def on_paper(plot, times=1):
    image = QImage(480 * times, 360 * times, QImage.Format.Format_RGBA8888)
    with QPainter(image) as painter:
        painter.scale(times, times)
        plot.paint(painter, QRectF(0, 0, 480, 360), PAPER)
    return pixels_of(image)


def area(ranges):
    (x0, x1), (y0, y1) = ranges
    return abs((x1 - x0) * (y1 - y0))


@pytest.mark.parametrize("make", MAKERS)
def test_what_a_user_adds_is_on_the_screen_and_on_paper(shown, make):
    plot = shown(make())
    assert not has_colour(on_paper(plot), RED)
    plot.plot.addItem(pg.InfiniteLine(1, pen=pg.mkPen(RED, width=3)))
    assert has_colour(pixels_of(plot.grab().toImage()), RED, 40)
    assert has_colour(on_paper(plot), RED, 40)


@pytest.mark.parametrize("make", MAKERS)
def test_screen_and_paper_agree(shown, make):
    plot = shown(make())
    plot.clearFocus()
    screen, paper = pixels_of(plot.grab().toImage()), on_paper(plot)
    assert (np.abs(screen - paper).max(axis=-1) > 60).mean() < 0.004
    assert (pixels_of(plot.grab().toImage()) == screen).all()
    large = on_paper(plot, 2).reshape(360, 2, 480, 2, 3).mean(axis=(1, 3))
    assert (np.abs(large - paper).max(axis=-1) > 90).mean() < 0.01


@pytest.mark.parametrize("make", MAKERS)
def test_wheel_and_drag_look_closer_and_a_double_click_shows_all(shown, make):
    plot = shown(make())
    middle, home = plot.axes().plane.rect.center(), plot.ranges
    wheel(plot, middle, 120)
    near = plot.ranges
    assert area(near) < area(home)
    mouse(plot, "press", middle)
    for kind, way in (("move", 30), ("move", 40), ("release", 40)):
        mouse(plot, kind, middle + QPointF(way, way))
    assert plot.ranges != near
    assert area(plot.ranges) == pytest.approx(area(near))
    for kind in ("double", "release"):
        mouse(plot, kind, middle)
    assert plot.ranges == home


def test_bars_are_bar_graph_items_with_the_values(shown):
    plot = shown(bars())
    first, second = plot.graphs
    assert isinstance(first, pg.BarGraphItem)
    assert first in plot.plot.items
    assert first.opts["height"].tolist() == [0.25, 0.75, 0.5]
    before = plot.grab().toImage()
    second.setOpts(height=np.array([1.0, 0.1, 0.9]))
    assert plot.grab().toImage() != before
    top = plot._bar(plot.axes(), 1, 2).top()
    assert top == pytest.approx(float(plot.axes().plane.py(0.9)))


def test_a_click_on_a_zoomed_bar_that_begins_a_double_click_tells_nothing(shown):
    plot = shown(bars())
    plot.draggable = True
    heard = []
    plot.clicked.connect(heard.append)
    plot.zoom(1.5)
    place = plot.axes().plane.point(1, 0.4)
    for kind in ("press", "release", "double", "release"):
        mouse(plot, kind, place)
    assert heard == []
    assert not plot.zoomed


def test_cells_are_an_image_item_explained_by_a_colour_bar_item(shown):
    plot = shown(heat())
    assert isinstance(plot.image, pg.ImageItem)
    assert isinstance(plot.bar, pg.ColorBarItem)
    assert plot.bar.levels() == (-2.0, 2.0)
    place = plot._cell(plot.image.grid(plot.axes()), 0, 1).topLeft().toPoint()
    colour = plot.grab().toImage().pixelColor(place.x() + 4, place.y() + 4).name()
    assert colour == "#0b4f8a"  # the lowest
    plot.bar.setLevels((-4.0, 4.0))
    assert plot.grab().toImage().pixelColor(place.x() + 4, place.y() + 4).name() != colour


def test_in_a_zoomed_matrix_cells_are_found_where_they_are(shown):
    plot = shown(heat())
    plot.look_at(((0.5, 2.5), (-0.5, 0.5)))
    rect, heard = plot.axes().plane.rect, []
    plot.hovered.connect(heard.append)
    for across in (0.25, 0.75):
        mouse(plot, "move", QPointF(rect.left() + across * rect.width(), rect.center().y()))
    assert heard == [(0, 1), (0, 2)]


def test_histograms_are_bar_graph_items_as_high_as_their_bins_are_dense(shown):
    plot = shown(histograms())
    upper, lower = plot.rows
    assert isinstance(upper, pg.BarGraphItem)
    assert lower.opts["y0"].tolist() == [0, 0, 0]
    assert upper.opts["y0"].tolist() == [1, 1, 1]
    assert (upper.opts["height"] / upper.opts["height"][0]).tolist() == [1, 0.5, 0.25]
    plot.zoom(2.0)
    assert plot.ranges[1] == (0, 2)  # the rows have no scale


def test_stacks_are_bar_graph_items_whose_parts_stand_on_one_another(shown):
    plot = shown(stacks())
    first = plot.columns[0]
    assert isinstance(first, pg.BarGraphItem)
    assert first.opts["y0"].tolist() == [0, 1, 1.5]
    assert first.opts["height"].tolist() == [1, 0.5, 0.25]
    plot.zoom(2.0)
    assert plot.ranges[0] == (0, 2)  # side by side they have no scale


def test_pictures_are_image_items_on_the_screen_and_on_paper(shown):
    plot = ImagesPanel("Images", LIGHT)
    plot.set_images(np.arange(8.0).reshape(2, 2, 2), ["a", "b"])
    shown(plot)
    assert all(isinstance(tile, pg.ImageItem) for tile in plot.tiles)
    plot.clearFocus()
    screen = pixels_of(plot.grab().toImage())
    assert (np.abs(screen - on_paper(plot)).max(axis=-1) > 60).mean() < 0.004
    large = QImage(800, 600, QImage.Format.Format_RGBA8888)
    with QPainter(large) as painter:
        plot.paint(painter, QRectF(0, 0, 800, 600), PAPER)
    assert (pixels_of(plot.grab().toImage()) == screen).all()  # other paper leaves it as it was
