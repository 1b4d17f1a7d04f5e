"""What is dragged or moved by keys stands at tidy numbers, in every kind of plot; with Shift finer."""

from math import inf, nan

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from gui.look.theme import LIGHT, Stroke
from gui.plots.bars import Bars, BarsPanel
from gui.plots.contours import FieldPanel
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.plots.points import PointsPanel
from gui.plots.snapping import multiple, short, snapped, spacing
from tests.gui.plots.conftest import mouse

SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
X = np.linspace(0.0, 8.0, 9)
RED = Stroke("#C00000")


@pytest.mark.parametrize(
    ("least", "step"),
    [
        (1.0, 1.0),
        (1.1, 5.0),
        (5.0, 5.0),
        (5.1, 10.0),
        (0.0101, 0.05),
        (0.01, 0.01),
        (3e-7, 5e-7),
    ],
)
def test_steps_are_one_or_five_times_a_power_of_ten(least, step):
    assert spacing(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("value", "step", "within", "tidy"),
    [
        (0.4513, 0.01, (0, 1), 0.45),
        (0.3, 0.1, (0, 1), 0.3),  # and not 0.30000000000000004
        (-1.1987, 0.05, (-2, 2), -1.2),
        (1.3, 0.05, (0, 1), 1.0),
        (-9.0, 0.5, (-1.36, 1.36), -1.0),  # no tidy number lies at the edge itself
        (0.71, 0.5, (0.6, 0.8), 0.71),  # nor any within
        (-0.001, 0.05, (-1, 1), 0.0),
        (127.0, 50.0, (-inf, inf), 150.0),
        (2.5e-8, 1e-8, (-inf, inf), 2e-8),
        (0.37, 0.0, (0, 1), 0.37),
        (inf, 0.1, (0, 1), 1.0),
    ],
)
def test_a_value_goes_to_the_next_tidy_number_in_its_range(value, step, within, tidy):
    assert snapped(value, step, within) == tidy


def test_a_short_value_has_more_decimals_where_it_would_stay_as_it_was():
    assert short(0.12345, 2, 0.5) == 0.12
    assert short(0.12345, 2, 0.12) == 0.123
    assert short(2.75e-5, 5, 3e-5) == 2.8e-5
    assert short(0.12 + 1e-12, 2, 0.12) == 0.12, "nothing was moved"


def test_a_multiple_has_no_more_digits_than_its_step():
    assert [repr(multiple(k, 0.1)) for k in (-3, 0, 3, 7)] == ["-0.3", "0.0", "0.3", "0.7"]
    assert np.isnan(snapped(nan, 0.1))


def curves(kind=CurvesPanel):
    panel = kind("p", LIGHT)
    panel.set_axes(("x", ""), ("y", ""), x_limits=(0, 8), y_limits=(0, 8))
    panel.set_curves([Curve("a", "a", X, X, RED)])
    panel.set_handles([Handle("h", "h", 2.0, 3.0, RED)])
    return panel, panel.handle_dragged, lambda told: told[1:]


def field():
    panel = FieldPanel("p", LIGHT)
    panel.set_field(np.add.outer(X, X), ((0.0, 8.0), (0.0, 8.0)), log_levels=False)
    panel.set_start(2.0, 3.0)
    return panel, panel.start_dragged, tuple


def bars():
    panel = BarsPanel("p", LIGHT)
    panel.set_axes(("", ""), ("y", ""), (0, 8))
    panel.set_bars("abc", [Bars("h", "h", np.array([1.0, 3.0, 2.0]), RED)])
    panel.draggable = True
    return panel, panel.dragged, lambda told: (told[2],)


KINDS = {"curves": curves, "points": lambda: curves(PointsPanel), "field": field, "bars": bars}
START = {"bars": (1.0, 3.0)}  # of a bar the middle of its column; else where the handle is


def dragged(kind, shown, keys):
    """What is told of a drag that goes to odd places, one after the other."""
    panel, signal, values = KINDS[kind]()
    shown(panel)
    told = []
    signal.connect(lambda *what: told.append(values(what)))
    begin = panel.axes().plane.point(*START.get(kind, (2.0, 3.0)))
    mouse(panel, "press", begin, keys)
    for part in range(1, 60):
        mouse(panel, "move", begin + QPointF(1.37, -1.13) * part, keys)
    mouse(panel, "release", begin + QPointF(1.37, -1.13) * 59, keys)
    assert not panel.zoomed
    return panel, told


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_dragged_stands_at_tidy_numbers(kind, shown):
    panel, told = dragged(kind, shown, PLAIN)
    plane = panel.axes().plane
    pixel = 8 / min(plane.rect.width(), plane.rect.height())
    assert len(told) > 10
    for value in [one for values in told for one in values]:
        steps = value / 0.05
        assert steps == pytest.approx(round(steps), abs=1e-9)
        assert len(repr(value)) <= 4  # 4.35, and no 4.3500000000000005
    jumps = np.abs(np.diff([values[-1] for values in told]))
    assert jumps.max() <= 12 * pixel  # it follows the hand


@pytest.mark.parametrize("kind", KINDS)
def test_with_shift_what_is_dragged_stands_as_finely_as_a_pixel(kind, shown):
    _, told = dragged(kind, shown, SHIFT)
    values = [one for values in told for one in values]
    assert any(abs(value / 0.05 - round(value / 0.05)) > 0.1 for value in values)
    assert all(value == round(value, 2) for value in values)


@pytest.mark.parametrize("kind", KINDS)
def test_keys_go_from_one_tidy_number_to_the_next(kind, shown, qtbot):
    panel, signal, values = KINDS[kind]()
    shown(panel).setFocus()
    if kind == "bars":
        qtbot.keyClick(panel, Qt.Key.Key_Right)
    told = []
    signal.connect(lambda *what: told.append(values(what)[-1]))
    qtbot.keyClick(panel, Qt.Key.Key_Up)
    if kind == "field":
        panel.set_start(2.0, 3.0)
    qtbot.keyClick(panel, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert told == [3.1, 2.99]


def test_on_a_log_axis_numbers_are_as_tidy_as_they_are_large(shown):
    panel = CurvesPanel("p", LIGHT)
    panel.set_axes(("x", ""), ("y", ""), log_x=True, x_limits=(1e-3, 1e3), y_limits=(0, 1))
    panel.set_handles([Handle("h", "", 1.0, 0.5, RED, "x")])
    shown(panel)
    told = []
    panel.handle_dragged.connect(lambda _, x, y: told.append(x))
    plane = panel.axes().plane
    mouse(panel, "press", plane.point(0.0, 0.5))
    for decade in (-2.37, -0.62, 1.234, 2.81):
        mouse(panel, "move", plane.point(decade, 0.5))
    mouse(panel, "release", plane.point(2.81, 0.5))
    assert [f"{x:g}" for x in told] == [f"{x:.2g}" if x < 100 else f"{x:.0f}" for x in told]
    assert told == pytest.approx([10**-2.37, 10**-0.62, 10**1.234, 10**2.81], rel=0.16)


def test_where_only_whole_numbers_mean_something_there_are_no_others(shown):
    panel = CurvesPanel("p", LIGHT)
    panel.set_axes(("k", ""), ("y", ""), x_limits=(0, 10), y_limits=(0, 1), whole_x=True)
    panel.set_handles([Handle("h", "", 2.0, 0.5, RED, "x")])
    shown(panel)
    told = []
    panel.handle_dragged.connect(lambda _, x, y: told.append(x))
    plane = panel.axes().plane
    mouse(panel, "press", plane.point(2.0, 0.5))
    for x in (2.4, 3.3, 4.6):
        mouse(panel, "move", plane.point(x, 0.5), SHIFT)
    assert told == [2.0, 3.0, 5.0]


def steered(panel):
    """What is told of a drag of the playhead from 3 to 7.4, and then of a press that does not move."""
    told = []
    panel.clicked.connect(told.append)
    plane = panel.axes().plane
    foot = plane.point(3.0, 1.0)
    mouse(panel, "move", foot)
    assert panel.cursor().shape() == Qt.CursorShape.SplitHCursor
    mouse(panel, "press", foot)
    for x in (4.3, 6.0, 7.4):
        mouse(panel, "move", plane.point(x, 1.0))
    mouse(panel, "release", plane.point(7.4, 1.0))
    dragged, told[:] = told[:], []
    mouse(panel, "press", foot)
    mouse(panel, "release", foot)
    assert not panel.zoomed
    return dragged, told


def test_the_playhead_is_dragged_from_step_to_step_and_a_press_is_a_click(shown):
    panel, *_ = curves()
    panel.set_handles(())
    panel.set_axes(("step", ""), ("y", ""), x_limits=(0, 8), y_limits=(0, 8), whole_x=True)
    panel.set_cursor(3)
    shown(panel)
    dragged, clicked = steered(panel)
    assert dragged == [4.0, 6.0, 7.0]
    assert clicked == pytest.approx([3.0])
    panel.set_cursor(8)  # at the last step half of where it can be grabbed is outside the plot
    told, point = [], panel.axes().plane.point
    panel.clicked.connect(told.append)
    mouse(panel, "press", point(8.0, 1.0) + QPointF(4, 0))
    mouse(panel, "move", point(5.0, 1.0))
    mouse(panel, "release", point(5.0, 1.0))
    assert told == [5.0]


def test_a_playhead_that_nobody_hears_of_has_no_grip_and_stays(shown):
    panel, *_ = curves()
    panel.set_handles(())
    panel.set_cursor(3)
    shown(panel)
    plane = panel.axes().plane
    mouse(panel, "move", plane.point(3.0, 1.0))
    assert not panel.steers
    assert panel.cursor().shape() == Qt.CursorShape.ArrowCursor
    bare = panel.grab().toImage()
    panel.clicked.connect(bare.size)
    assert panel.steers
    assert panel.grab().toImage() != bare  # it has a grip now
