"""The value of a curve under the mouse, and words that keep off the lines."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.look.theme import LIGHT, Stroke
from gui.plots.axes import Axes, Plane
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.readout import _free_place, nearest_x, value_at
from gui.plots.room import bands, free, free_row
from gui.plots.scale import Scale
from gui.plots.sheet import SCREEN
from gui.plots.ticks import Ticks
from tests.gui.plots.conftest import mouse

LINEAR, LOG = Scale(), Scale(log=True)
X = np.array([1.0, 2.0, 4.0, 8.0])


@pytest.mark.parametrize(
    ("y", "x", "scales", "expected"),
    [
        ([1, 2, 3, 4], 2.0, (LINEAR, LINEAR), 2.0),
        ([1, 2, 3, 4], 3.0, (LINEAR, LINEAR), 2.5),
        ([1, 10, 1000, 1], 3.0, (LINEAR, LOG), 100.0),
        ([1, 2, 3, 4], 2 * 2**0.5, (LOG, LINEAR), 2.5),
        ([1, np.inf, 3, 4], 2.0, (LINEAR, LINEAR), np.inf),
        ([1, np.inf, 3, 4], 3.0, (LINEAR, LINEAR), None),
        ([1, np.nan, 3, 4], 2.0, (LINEAR, LINEAR), None),
        ([1, 2, 3, 4], 9.0, (LINEAR, LINEAR), None),
        ([1, 2, 3, 4], 0.5, (LINEAR, LINEAR), None),
        ([1, -2, 3, 4], 3.0, (LINEAR, LOG), None),
    ],
)
def test_values_between_points_are_on_the_line_that_is_drawn(y, x, scales, expected):
    value = value_at(X, np.array(y, float), x, scales)
    assert value == (None if expected is None else pytest.approx(expected))


def test_between_steps_the_nearest_whole_one_is_meant():
    flat, halves = np.array([0.0, 500.0]), np.array([0.0, 2.5])
    for xs, scale, at, meant in (
        ([flat], Scale("step", whole=True), 253.3, 253.0),
        ([flat], Scale("step", whole=True), -2.7, -3.0),
        ([flat], Scale("step", log=True, whole=True), np.log10(1.3), 1.0),
        ([flat], Scale("step", log=True, whole=True), -3.0, 1.0),
        ([flat, halves], Scale("epoch", whole=True), 1.3, 1.3),  # half an epoch is known
        ([flat], Scale("x"), 253.3, 253.3),
    ):
        plane = Plane(QRectF(0, 0, 400, 100), (-5, 500), (0, 1))
        axes = Axes(plane, scale, Scale("f"), Ticks((), ()), Ticks((), ()))
        assert nearest_x(xs, axes, at, 0.5) == pytest.approx(meant)


def test_a_row_is_free_where_no_line_goes():
    across = np.linspace(0, 100, 101)
    taken = bands([(across, np.full(101, 5.0)), (across, across)], 40, 60)
    assert taken == [(5.0, 5.0), (40.0, 60.0)]
    assert free(taken, 10, 30)
    assert not free(taken, 30, 45)
    assert free_row(taken, 0, 100, 10) == 10
    assert free_row(taken, 0, 20, 20) is None
    assert bands([(across, np.full(101, np.nan))], 40, 60) == []


def test_the_words_at_the_playhead_keep_off_a_curve(qapp):
    plot = CurvesPanel("p", LIGHT)
    plot.set_axes(("x", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 10))
    x = np.linspace(0, 10, 50)
    image = QImage(480, 360, QImage.Format.Format_RGB32)
    for height, on_top in ((2.0, True), (9.8, False)):
        plot.set_curves([Curve("a", "", x, np.full(50, height), Stroke("#C00000"))])
        plot.set_cursor(3.0, "step 3")
        with QPainter(image) as painter:
            plot.paint(painter, QRectF(0, 0, 480, 360), SCREEN)
        assert (plot.playhead._row == 0) == on_top


def test_the_table_stands_where_it_covers_the_fewest_lines():
    rect, box = QRectF(0, 0, 400, 300), QRectF(0, 0, 100, 60)
    across = np.linspace(0, 400, 100)
    place = QPointF(200, 150)
    assert _free_place(rect, place, box, 10, []) == QPointF(210, 120)
    middle = (across, np.full(100, 150.0))
    assert _free_place(rect, place, box, 10, [middle]) == QPointF(210, 0)
    top = (across, np.full(100, 20.0))
    assert _free_place(rect, place, box, 10, [middle, top]) == QPointF(210, 240)
    assert _free_place(QRectF(0, 0, 90, 50), QPointF(40, 20), box, 10, [middle]) == QPointF(0, 0)


def narrow_curves():
    panel = CurvesPanel("Curves", LIGHT)
    panel.legend = "none"
    names = ("Averaged momentum, first of two", "Averaged momentum, second of two")
    panel.set_axes(("step", ""), ("f", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.set_curves(
        [
            Curve(name, name, np.arange(11.0), np.full(11, 5.0 + k), Stroke("#0000C0"))
            for k, name in enumerate(names)
        ]
    )
    return panel


def narrow_field():
    panel = FieldPanel("Field", LIGHT)
    panel.colour_bar = False
    panel.set_axes(("first weight", ""), ("second weight", ""), "cross-entropy")
    panel.set_field(np.ones((3, 3)), ((0.0, 1.0), (0.0, 1.0)))
    return panel


def narrow_cells():
    panel = HeatmapPanel("Cells", LIGHT)
    panel.numbers = panel.scale_bar = False
    panel.set_matrix(
        np.ones((2, 2)), ["a row of a very long name", "b"], ["a column of a very long name", "d"]
    )
    return panel


@pytest.mark.parametrize("make", [narrow_curves, narrow_field, narrow_cells])
@pytest.mark.parametrize("share", [0.45, 0.95])
def test_what_is_told_under_the_mouse_stays_inside_a_narrow_panel(shown, make, share):
    panel = shown(make(), 190, 180)
    panel.clearFocus()
    before = panel.grab().toImage()
    rect = panel.axes().plane.rect
    mouse(panel, "move", QPointF(rect.left() + share * rect.width(), rect.top() + 0.3 * rect.height()))
    after = panel.grab().toImage()
    changed = [
        x
        for x in range(after.width())
        if any(after.pixel(x, y) != before.pixel(x, y) for y in range(after.height()))
    ]
    assert len(changed) > 60
    assert min(changed) > 0
    assert max(changed) < after.width() - 1
