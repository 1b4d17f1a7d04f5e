"""Movements: how a step came about, seen on the screen for a moment; never on paper, and nothing waits."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.look.theme import LIGHT, Stroke
from gui.plots.bars import Bars, BarsPanel
from gui.plots.contours import Arrow, FieldPanel, Track
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.motion import along, part
from gui.plots.own.chain import ChainColumn, ChainPanel
from gui.plots.own.flow import along_line, stages
from tests.gui.plots.conftest import painted

RED = Stroke("#C00000")
X = np.arange(9.0)


@pytest.fixture
def still(shown):
    """Show a panel that does not take the focus, whose frame would come at any time."""

    def show(panel):
        panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return shown(panel)

    return show


def at_share(panel, share):
    """Stop the movement of a panel where a share of its time is over."""
    panel.show_motion()
    panel._motion.pause()
    panel._motion.setCurrentTime(round(share * panel._motion.duration()))
    panel.redraw() if hasattr(panel, "redraw") else panel.update()
    return panel.grab().toImage()


def test_strokes_follow_each_other_in_equal_times():
    assert [part(0.5, k, 3) for k in range(3)] == [1.0, 0.5, 0.0]
    assert [part(1.0, k, 3) for k in range(3)] == [1.0, 1.0, 1.0]
    way = np.array([(0.0, 4.0), (1.0, 0.0)])
    assert along(way, 0.0) == (0.0, 4.0)
    assert along(way, 0.5) == (0.75, 1.0)  # three quarters of the way at half of the time: it slows down
    assert along(way, 1.0) == (1.0, 0.0)


def field():
    panel = FieldPanel("p", LIGHT)
    panel.set_field(np.add.outer(X, X), ((0.0, 8.0), (0.0, 8.0)), log_levels=False)
    way = np.array([(1.0, 1.0), (3.0, 1.0), (3.0, 7.0)])
    panel.set_paths([Track("a", "a", way[:2], RED)])
    panel.set_arrows(
        [Arrow(1, 1, 2, 0, "m", RED), Arrow(3, 1, 0, 6, "g", RED), Arrow(1, 1, 2, 6, "step", RED)]
    )
    panel.set_paths([Track("a", "a", way, RED)])
    return panel


def curves():
    panel = CurvesPanel("p", LIGHT)
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0, 8), y_limits=(0, 8))
    panel.set_curves([Curve("a", "a", X, X, RED)])
    panel.set_cursor(3)
    panel.set_cursor(4)
    return panel


def rolling():
    panel = curves()
    way = np.array([(1.0, 7.0), (5.0, 2.0)])
    panel.set_marks(
        [Mark(5.0, 2.0, "vertex", RED, way), Mark(5.0, 5.0, "next", RED, np.array([(5, 2), (5, 5.0)]))]
    )
    return panel


def bars():
    panel = BarsPanel("p", LIGHT)
    panel.set_axes(("", ""), ("y", ""), (0, 8))
    for values in ([1.0, 3.0, 2.0], [7.0, 1.0, 2.0]):
        panel.set_bars("abc", [Bars("h", "h", np.array(values), RED)])
    return panel


def chain():
    panel = ChainPanel("p", LIGHT)
    panel.set_columns([ChainColumn(name, "", X[:3], RED) for name in "zpL"], arrows=["a", "b"])
    return panel


KINDS = {one.__name__: one for one in (field, curves, rolling, bars, chain)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_movement_is_seen_and_ends_in_the_picture_that_stands_still(kind, still, qtbot):
    panel = still(KINDS[kind]())
    rest, paper = panel.grab().toImage(), painted(panel)
    early, late = at_share(panel, 0.3), at_share(panel, 0.8)
    assert rest != early != late != rest
    assert (painted(panel) == paper).all()  # paper knows no movement
    panel.show_motion()
    qtbot.waitUntil(lambda: panel.share == 1.0)
    assert panel._motion.duration() <= 600
    qtbot.waitUntil(lambda: panel.grab().toImage() == rest)


def test_the_strokes_of_a_step_are_drawn_one_after_the_other_and_the_head_goes_with_the_last(shown):
    panel = shown(field())
    axes, line = panel.axes(), panel.lines["a"]
    at_share(panel, 0.5)
    assert [part(panel.share, k, 3) for k in range(3)] == pytest.approx([1.0, 0.5, 0.0], abs=0.01)
    assert line.head(axes) == axes.plane.point(3.0, 1.0)  # where it was
    at_share(panel, 5 / 6)
    assert line.head(axes).y() == pytest.approx(axes.plane.point(3.0, 4.0).y(), abs=2)
    panel._motion.stop()
    assert line.head(axes) == axes.plane.point(3.0, 7.0)


def test_a_path_that_did_not_grow_stays(shown):
    panel = shown(field())
    panel.set_paths(panel.paths)
    at_share(panel, 0.1)
    assert panel.lines["a"].head(panel.axes()) == panel.axes().plane.point(3.0, 7.0)


def test_a_ball_rolls_to_the_vertex_before_the_next_one_drops(shown):
    panel = shown(rolling())
    at_share(panel, 0.25)
    ((_, place),) = panel._places(panel.axes())
    assert place == panel.axes().plane.point(4.0, 3.25)
    at_share(panel, 0.75)
    (_, vertex), (_, drop) = panel._places(panel.axes())
    assert vertex == panel.axes().plane.point(5.0, 2.0)
    assert drop.y() < vertex.y()


def test_columns_go_from_what_they_were(shown):
    panel = shown(bars())
    at_share(panel, 0.5)
    heights = [panel._bar(panel.axes(), 0, k).height() for k in range(3)]
    unit = panel.axes().plane.rect.height() / 8
    assert heights == pytest.approx([4 * unit, 2 * unit, 2 * unit], abs=0.02 * unit)


def test_numbers_flow_from_where_wires_begin():
    ways = {
        "bus": [(0, 9), (9, 9)],
        "up": [(5, 9), (5, 6)],
        "out": [(5, 4), (5, 0)],
        "side": [(5, 2), (9, 2)],
    }
    order = stages(ways, lambda at: "box" if at[0] == 5 and 4 <= at[1] <= 6 else None)
    assert order == {"bus": 0, "up": 1, "out": 2, "side": 3}
    assert stages({"a": [(0, 0), (1, 0)], "b": [(1, 0), (0, 0)]}, lambda at: str(at)).keys() == {"a", "b"}


def test_a_place_along_a_line_of_several_legs():
    points = [QPointF(0, 0), QPointF(3, 0), QPointF(3, 1)]
    assert along_line(points, 0.5) == QPointF(2, 0)
    assert along_line(points, 1.0) == QPointF(3, 1)
    assert along_line(points[:1] * 2, 0.5) == QPointF(0, 0)


def test_what_can_be_dragged_pulses_once_and_only_where_there_is_anything(still, qtbot):
    panel = still(curves())
    panel.pulse()
    assert panel._pulse is None  # there is nothing to drag
    panel.set_handles([Handle("h", "h", 2.0, 3.0, RED)])
    rest = panel.grab().toImage()
    panel.pulse()
    qtbot.waitUntil(lambda: 0.2 < panel._pulse.share < 1.0)
    place = panel.axes().plane.point(2.0, 3.0)
    assert panel.grab(QRectF(place.x() - 40, place.y() - 40, 80, 80).toRect()).toImage() != rest
    paper = painted(panel)
    panel._pulse.stop()
    assert (painted(panel) == paper).all()
    assert panel.grab().toImage() == rest
