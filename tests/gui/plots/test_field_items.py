"""Fields, maps of pixels and regions are items of pyqtgraph in a PlotItem: what is added is seen."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.look.theme import LIGHT
from gui.plots.colours import FieldScale
from gui.plots.contours import Arrow, FieldPanel, Track
from gui.plots.marks import seen_part
from gui.plots.pixel_map import PixelMapPanel
from gui.plots.regions import RegionsPanel
from gui.plots.scale import Scale
from gui.plots.sheet import PAPER
from tests.gui.plots.conftest import has_colour, pixels_of, wheel

BOUNDS = ((-4.0, 4.0), (-3.0, 3.0))
X, Y = np.meshgrid(np.linspace(-4, 4, 33), np.linspace(-3, 3, 25))
PINK = "#ff00ff"
WALK = np.cumsum(np.random.default_rng(5).normal(0, 0.02, (4000, 2)), axis=0)


def path(count=3000, key="adam", **more):
    return Track(key, key, WALK[:count], LIGHT.stroke(key), **more)


def field():
    plot = FieldPanel("Field", LIGHT)
    plot.set_field(X * X + Y, BOUNDS, False)
    plot.set_paths([path(), path(200, "lion", ghost=True)])
    plot.set_arrows([Arrow(0, 0, 1, 1, "g", LIGHT.stroke("lion"))])
    plot.set_minima([(1, 1)])
    plot.set_start(-1, 2)
    return plot


def pixel_map():
    plot = PixelMapPanel("Map", LIGHT)
    plot.set_map(Scale("η", log=True), Scale("β"), BOUNDS)
    plot.set_pixels(np.full((4, 5, 4), 90, np.uint8), FieldScale(0, 2, log=True))
    plot.set_start(-1, 2)
    return plot


def regions():
    plot = RegionsPanel("Regions", LIGHT)
    left = np.broadcast_to(np.linspace(0, 1, 20), (20, 20))
    plot.set_regions(np.stack([left, 1 - left], axis=-1), BOUNDS)
    points = np.array([[-2.0, 1.0], [1.0, 2.0], [3.0, -2.0]])
    plot.set_points(points, [0, 1, 1], [True, False, True], [False, True, False], ["no", "yes"])
    return plot


MAKERS = [field, pixel_map, regions]


def on_paper(plot):
    image = QImage(480, 360, QImage.Format.Format_RGBA8888)
    with QPainter(image) as painter:
        plot.paint(painter, QRectF(0, 0, 480, 360), PAPER)
    return pixels_of(image)


def on_screen(plot):
    return pixels_of(plot.grab().toImage())


def column_of(pixels, colour):
    """The middle of the columns that hold a colour."""
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return np.flatnonzero((np.abs(pixels - wanted).max(axis=-1) <= 30).any(axis=0)).mean()


@pytest.mark.parametrize("make", MAKERS)
def test_a_line_that_is_added_is_seen_zoomed_and_exported(shown, make):
    plot = shown(make())
    assert not has_colour(on_screen(plot), PINK, 30)
    plot.plot.addItem(pg.InfiniteLine(3, pen=pg.mkPen(PINK, width=3)))
    for picture in (on_screen(plot), on_paper(plot)):
        assert column_of(picture, PINK) == pytest.approx(float(plot.axes().plane.px(3)), abs=2)
    wheel(plot, QPointF(plot.axes().plane.point(3.5, 0)), 120)
    there = float(plot.axes().plane.px(3))
    assert plot.zoomed
    for picture in (on_screen(plot), on_paper(plot)):
        assert column_of(picture, PINK) == pytest.approx(there, abs=2)


def test_the_colours_are_an_image_item_and_its_colour_bar_changes_them(shown):
    plot = shown(field())
    assert isinstance(plot.image, pg.ImageItem)
    assert isinstance(plot.bar, pg.ColorBarItem)
    assert plot.image in plot.plot.items
    (seen,) = [one() for one in plot.bar.img_list]
    assert seen is plot.image
    assert plot.image.mapRectToParent(plot.image.boundingRect()).center() == QPointF(0, 0)
    assert plot.bar.levels() == pytest.approx((-3, 19))  # x² + y over the plane
    assert not has_colour(on_screen(plot), "#000000", 3)
    plot.bar.setColorMap(pg.ColorMap(None, np.array([(0, 0, 0), (255, 255, 255)], np.uint8)))
    rect = plot.axes().plane.rect
    x, y = round(rect.center().x()) + 30, round(rect.bottom()) - 8
    red, green, blue = on_screen(plot)[y, x].tolist()
    assert red == green == blue < 40  # low in the plot the values are low
    plot.bar.setLevels((-30, -4))
    assert on_screen(plot)[y, x].min() > 200


def test_level_lines_go_where_the_field_has_their_values(shown):
    plot = shown(FieldPanel("Field", LIGHT))
    plot.set_field(X, BOUNDS, False, levels=1)  # its one level is in the middle: x = 0
    lines = plot.level_lines
    assert lines in plot.plot.items
    plane, before = plot.axes().plane, on_screen(plot)
    lines.hide()
    plot.redraw()
    changed = np.flatnonzero((before != on_screen(plot)).any(axis=(0, 2)))
    assert np.abs(changed - float(plane.px(0))).max() <= 2


def test_paths_minima_start_and_points_are_items_of_the_plot(shown):
    plot = shown(field())
    kinds = {pg.PlotCurveItem: 2, pg.ScatterPlotItem: 1, pg.TargetItem: 1}
    for kind, count in kinds.items():
        assert sum(isinstance(item, kind) for item in plot.plot.items) == count
    x, y = plot.lines["adam"].getData()
    np.testing.assert_array_equal((x, y), WALK[:3000].T)
    assert tuple(plot.ring.pos()) == (-1, 2)
    before = on_screen(plot)
    plot.lines["adam"].setData([0.0, 3.0], [0.0, -2.0])
    assert (on_screen(plot) != before).any()
    plot = shown(regions())
    np.testing.assert_array_equal(plot.points.getData(), [[-2, 1, 3], [1, 2, -2]])
    assert plot.points in plot.plot.items


def test_a_path_keeps_its_item_and_lines_of_one_key_are_all_drawn(shown):
    plot = shown(field())
    item = plot.lines["adam"]
    plot.set_paths([path(3500), path(9, "adam")])
    assert plot.lines["adam"] is item
    assert len(plot.lines) == 2
    plot.set_paths([])
    assert item.scene() is None
    assert not any(isinstance(one, pg.PlotCurveItem) for one in plot.plot.items)


def test_after_growing_scrubbing_and_resizing_the_screen_is_as_drawn_afresh(shown):
    plot = shown(field())
    for count in (3, 900, 1500, 4000, 2000, 2001):
        plot.set_paths([path(count)])
        plot.grab()
    plot.resize(420, 300)
    plot.zoom(1.5, (0.5, 0.5))
    plot.set_field(X - Y, BOUNDS, True)
    plot.set_start(1, 1)
    fresh = field()
    fresh.set_paths([path(2001)])
    fresh.set_start(1, 1)
    fresh.set_field(X - Y, BOUNDS, True)
    fresh = shown(fresh, 420, 300)
    fresh.look_like(plot)
    for one in (plot, fresh):
        one.clearFocus()
    differ = np.abs(on_screen(plot) - on_screen(fresh)).max(axis=-1)
    assert (differ > 40).mean() < 0.002  # what was thinned while it grew may differ by a pixel


@pytest.mark.parametrize("make", MAKERS)
def test_a_picture_on_paper_leaves_the_screen_as_it_was(shown, make):
    plot = shown(make())
    before = on_screen(plot)
    on_paper(plot)
    np.testing.assert_array_equal(on_screen(plot), before)


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ((-10, 2, 10, 2), (0, 2, 6, 2)),  # in and out again
        ((3, 3, 3, 40), (3, 3, 3, 8)),  # ends below it
        ((1, 1, 5, 7), (1, 1, 5, 7)),  # all of it
        ((-4, 0, 4, 8), (0, 4, 4, 8)),  # slanting: enters at x = 0, ends on the edge
        ((-9, 1, -2, 1), (-9, 1, -2, 1)),  # beside it: the painter cuts it
    ],
)
def test_only_the_part_of_a_shaft_in_the_plot_is_drawn(line, seen):
    assert seen_part(QLineF(*line), QRectF(0, 0, 6, 8)) == QLineF(*seen)
