"""Handles, marks, ranges and drawing on a plot of curves."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.look.theme import DARK, LIGHT, Stroke
from gui.plots.axes import Axes, Plane
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark, Span
from gui.plots.ranges import quantiles
from gui.plots.scale import Scale
from gui.plots.span import SpanItem
from gui.plots.target import spots_of
from gui.plots.ticks import Ticks
from tests.gui.plots.conftest import click, has_colour, mouse, painted
from tests.gui.words_seen import read

X = np.linspace(0, 10, 11)
RED, BLUE = Stroke("#C00000"), Stroke("#0000C0")


@pytest.fixture
def panel(shown):
    panel = CurvesPanel("p", LIGHT)
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.set_curves([Curve("a", "a", X, X, BLUE)])
    return shown(panel)


def at(panel, x, y):
    return panel.axes().plane.point(x, y)


def handles(panel, free="xy"):
    panel.set_handles([Handle("one", "one", 2.0, 3.0, RED, free), Handle("two", "two", 8.0, 8.0, RED, free)])


def drag(panel, start, end):
    mouse(panel, "press", start)
    mouse(panel, "move", end)
    mouse(panel, "release", end)


@pytest.mark.parametrize(("free", "expected"), [("xy", (5, 6)), ("x", (5, 3)), ("y", (2, 6))])
def test_a_handle_follows_the_mouse_where_it_is_free(panel, free, expected):
    handles(panel, free)
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    drag(panel, at(panel, 2, 3), at(panel, 5, 6))
    assert told[-1] == ("one", pytest.approx(expected[0]), pytest.approx(expected[1]))


def test_beside_the_handles_the_mouse_pans_and_clicks(panel, qtbot):
    handles(panel)
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    before = panel.ranges
    drag(panel, at(panel, 5, 1), at(panel, 6, 2))
    assert told == []
    assert panel.ranges != before


def test_keys_move_the_chosen_handle_and_tab_goes_to_the_next(panel, qtbot):
    handles(panel)
    panel.setFocus()
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    qtbot.keyClick(panel, Qt.Key.Key_Tab)
    qtbot.keyClick(panel, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert told == [("one", 2.1, 3.0), ("two", 8.0, 7.0), ("two", 8.0, 7.99)]


def test_on_a_log_axis_a_key_moves_by_a_factor(panel, qtbot):
    panel.set_axes(("x", ""), ("y", ""), log_x=True, x_limits=(1, 100), y_limits=(0, 10))
    panel.set_handles([Handle("one", "", 10.0, 3.0, RED, "x")])
    with qtbot.waitSignal(panel.handle_dragged) as told:
        qtbot.keyClick(panel, Qt.Key.Key_Right)
    assert told.args[1] == 10.5  # a hundredth of two decades leads to 10.47


def test_a_handle_outside_is_caught_at_the_edge(panel):
    panel.set_handles([Handle("far", "", 50.0, 5.0, RED)])
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    drag(panel, at(panel, 10, 5), at(panel, 7, 5))
    assert told[-1][1] == pytest.approx(7, abs=0.05)


def test_drawing_tells_each_stroke(panel):
    panel.drawable = True
    told = []
    panel.drawn.connect(lambda *stroke: told.append(stroke))
    click(panel, at(panel, 3, 3))  # may only mean the focus
    assert told == []
    drag(panel, at(panel, 2, 2), at(panel, 4, 6))
    assert told[0] == pytest.approx((2, 2, 4, 6))
    assert panel.ranges == panel.home
    told.clear()
    panel.frame_action.trigger()  # a rectangle to zoom into, and no stroke
    drag(panel, at(panel, 2, 2), at(panel, 4, 6))
    assert told == []
    assert panel.ranges[0] == pytest.approx((2, 4), abs=0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_everything_is_in_the_picture(shown, theme):
    panel = CurvesPanel("p", theme)
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 10))
    panel.set_curves([Curve("a", "a", X, X, BLUE, fill=True)])
    shown(panel)
    empty = painted(panel)
    panel.set_marks([Mark(5, 5, "here", RED)])
    assert has_colour(painted(panel), RED.colour)
    panel.set_marks([Mark(float("inf"), 5, "nowhere", RED)])
    assert not has_colour(painted(panel), RED.colour)
    panel.set_spans([Span(2, 4, "flat", RED)])
    changed = (painted(panel) != empty).any(axis=-1)
    left, right = (panel.axes().plane.point(x, 9).toPoint() for x in (3, 7))
    assert changed[left.y(), left.x()]
    assert not changed[right.y(), right.x()]


def test_an_area_reaches_down_to_zero(panel):
    bare = painted(panel)
    panel.set_curves([Curve("a", "a", X, X, BLUE, fill=True)])
    below = panel.axes().plane.point(8, 4).toPoint()
    above = panel.axes().plane.point(4, 8).toPoint()
    shaded = (painted(panel) != bare).any(axis=-1)
    assert shaded[below.y(), below.x()]
    assert not shaded[above.y(), above.x()]


def test_the_readout_is_on_the_screen_only(panel, qtbot):
    panel.readout = True
    bare, screen = painted(panel), panel.grab().toImage()
    with qtbot.waitSignal(panel.hovered) as told:
        mouse(panel, "move", QPointF(at(panel, 5, 9)))
    assert told.args[0] == pytest.approx(5, abs=0.05)
    assert panel.grab().toImage() != screen
    assert (painted(panel) == bare).all()


def test_the_view_keeps_still_while_a_handle_is_dragged(panel):
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0, 10))
    handles(panel)
    panel.handle_dragged.connect(
        lambda key, x, y: (panel.restart(), panel.set_curves([Curve("a", "a", X, X * 10 * x, BLUE)]))
    )
    before, start = panel.ranges, at(panel, 2, 3)
    mouse(panel, "press", start)
    mouse(panel, "move", start + QPointF(80, 0))
    assert panel.ranges == before
    mouse(panel, "release", start + QPointF(80, 0))
    assert panel.ranges[1][1] > 10 * before[1][1]


def test_a_handle_does_not_jump_and_has_round_values(panel):
    handles(panel)
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    drag(panel, at(panel, 2, 3) + QPointF(5, 5), at(panel, 4, 3) + QPointF(5, 5))
    assert told == [("one", pytest.approx(4, abs=0.02), pytest.approx(3, abs=0.02))]
    assert told[0][1:] == tuple(round(value, 2) for value in told[0][1:])


def test_a_handle_can_be_dragged_by_a_double_click(panel):
    handles(panel)
    for kind in ("press", "release", "double", "release"):
        mouse(panel, kind, at(panel, 2, 3))
    assert panel._held is None


def test_an_infinite_handle_is_caught_at_the_edge(panel):
    panel.set_handles([Handle("far", "", 5.0, float("inf"), RED)])
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    drag(panel, at(panel, 5, 10), at(panel, 5, 6))
    assert told[-1][2] == pytest.approx(6, abs=0.05)


def test_the_readout_is_at_a_computed_point_if_one_is_near(panel, qtbot):
    told = []
    panel.hovered.connect(told.append)
    mouse(panel, "move", at(panel, 5, 9) + QPointF(3, 0))
    mouse(panel, "move", at(panel, 5.5, 9))
    mouse(panel, "move", QPointF(0, 0))
    assert told == [5.0, pytest.approx(5.5, abs=0.05), None]


def test_handles_beyond_the_plot_stand_at_its_edge():
    plane, none = Plane(QRectF(10, 20, 100, 50), (0.0, 1.0), (0.0, 2.0)), Ticks((), ())
    axes = Axes(plane, Scale(), Scale(), none, none)
    ways = [(0.5, 1.0), (-3.0, 1.0), (inf, -inf), (nan, 1e300)]
    handles = [Handle(str(k), "", x, y, Stroke("#000000")) for k, (x, y) in enumerate(ways)]
    spots = [(spot.x(), spot.y()) for spot in spots_of(axes, handles)]
    assert spots == [(60, 45), (10, 45), (110, 70), (10, 20)]
    on_log = spots_of(replace(axes, x=Scale(log=True)), [Handle("0", "", 0.0, 1.0, Stroke("#000000"))])
    assert on_log[0].x() == 10, "0 has no place on a log axis"


@pytest.mark.parametrize("count", [1, 2, 5, 401])
def test_quantiles_are_numpys(count):
    values = np.random.default_rng(count).normal(size=count)
    assert quantiles(values, (0.0, 0.2, 0.5, 0.8, 1.0)) == pytest.approx(
        np.quantile(values, (0, 0.2, 0.5, 0.8, 1)).tolist()
    )


def test_the_words_of_a_span_keep_out_of_the_way_of_lines(qapp):
    x, rect = np.linspace(0, 100, 50), QRectF(0, 0, 100, 100)
    high, low = (x, np.full(50, 8.0)), (x, np.full(50, 92.0))
    middle = np.array([50.0, 50.0]), np.array([0.0, 100.0])  # a playhead
    item = SpanItem(LIGHT, Span(0.0, 1.0, "words"), Scale())
    corners = {"top": (30, 2), "bottom": (30, 83), "top left": (0, 2), "bottom left": (0, 83)}
    for lines, expected in (
        ([], "top"),
        ([high], "bottom"),
        ([low], "top"),
        ([high, low], "top"),
        ([middle], "top left"),
        ([middle, high], "bottom left"),
    ):
        item.avoided = lines
        place = item._place(rect, 0.0, 100.0, 40.0, 15.0)
        assert (place.x(), place.y()) == corners[expected]


@pytest.mark.parametrize(("end", "told"), [(9.0, "rather long words"), (3.0, "words"), (0.4, None)])
def test_words_of_a_span_that_have_no_room_are_fewer_and_never_cut(panel, end, told):
    panel.set_spans([Span(0.1, end, "rather long words", RED, "words")])
    assert [word.text for word in read(panel).words if "words" in word.text] == ([told] if told else [])


def test_a_name_stands_beside_its_point_or_right_above_it_however_crowded(panel):
    curves = [Curve(str(k), "", X, 3.0 + 0.1 * X * k, BLUE) for k in range(-8, 9)]
    panel.set_curves(curves)
    panel.set_handles([Handle("one", "start", 5.0, 3.0, RED)])
    (name,) = (word for word in read(panel).words if word.text == "start")
    middle = at(panel, 5.0, 3.0)
    assert abs(name.box.center().y() - middle.y()) <= 3.5 * panel.line_height
    assert abs(name.box.center().x() - middle.x()) <= name.box.width() + 12


@pytest.mark.parametrize("dot", [False, True])
@pytest.mark.parametrize(
    ("x", "y", "edge"), [(20.0, 5.0, (10, 5)), (5.0, -inf, (5, 0)), (-1e300, 5.0, (0, 5))]
)
def test_what_lies_outside_is_an_arrowhead_at_the_edge_and_not_a_point_there(panel, x, y, edge, dot):
    panel.set_handles([Handle("one", "", x, y, RED, dot=dot)])
    outside = painted(panel)
    panel.set_handles([Handle("one", "", *map(float, edge), RED, dot=dot)])
    on_the_edge = painted(panel)
    assert not np.array_equal(outside, on_the_edge)
    place = at(panel, *edge)
    inwards = place + QPointF(np.sign(5 - edge[0]), np.sign(edge[1] - 5)) * 6
    row, column = int(inwards.y()), int(inwards.x())
    assert outside[row, column, :3].tolist() in ([192, 0, 0], [0, 0, 192])  # RED, in either order of bytes
    told = []
    panel.handle_dragged.connect(lambda *move: told.append(move))
    panel.set_handles([Handle("one", "", x, y, RED, dot=dot)])
    drag(panel, inwards, at(panel, 4, 4))
    assert told  # it can still be caught


def test_a_ring_does_not_lie_over_the_words_of_a_point(panel):
    panel.set_curves([])
    place = at(panel, 5, 5)
    panel.set_marks([Mark(5, 5, "█" * 6, RED)])
    spot = QRectF(place.x() + 9, place.y() - 8, 60, 16)  # where the words stand if nothing else is there
    ring = panel.axes().plane.at(spot.center())
    alone = painted(panel)[int(spot.top()) : int(spot.bottom()), int(spot.left()) : int(spot.right())]
    assert (alone == [192, 0, 0]).all(axis=-1).sum() > 200
    panel.set_handles([Handle("start", "", *ring, BLUE)])
    now = painted(panel)[int(spot.top()) : int(spot.bottom()), int(spot.left()) : int(spot.right())]
    assert (now == [192, 0, 0]).all(axis=-1).sum() == 0
