import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from gui.look.theme import DARK, LIGHT
from gui.plots.axes import lay_out
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.line import Dots
from gui.plots.readout import value_at
from gui.plots.scale import Scale
from tests.gui.plots.conftest import click, has_colour, mouse, painted, wheel

ADAM = LIGHT.stroke("adam")


def falling(steps, name="Adam", key="adam", **more):
    x = np.arange(float(steps))
    return Curve(key, name, x, np.exp(-x / 50), LIGHT.stroke(key), **more)


def panel(log_y=False, theme=LIGHT, **more):
    made = CurvesPanel("Loss against step", theme)
    made.set_axes(("step", ""), ("loss", "nats"), log_y=log_y, **more)
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("log_y", [False, True])
def test_a_curve_is_drawn_in_its_colour(qapp, theme, log_y):
    plot = panel(log_y, theme)
    stroke = theme.stroke("adam")
    assert not has_colour(painted(plot), stroke.colour)
    plot.set_curves([Curve("adam", "Adam", np.arange(9.0), np.arange(1.0, 10.0), stroke)])
    assert has_colour(painted(plot), stroke.colour)


@pytest.mark.parametrize("size", [(400, 300), (1000, 640), (60, 40)])
@pytest.mark.parametrize(
    "y",
    [
        [],
        [3.0],
        [np.nan] * 5,
        [5.0] * 5,
        [0.0] * 5,
        [1.0, 1e300, np.inf],
        [-1e308, 1e308],
        [1e-320, 1e-310],
        [1e6, 1e6 + 1e-3],
        [1.0, 0.0, -1.0, 2.0],
    ],
)
@pytest.mark.parametrize("log_y", [False, True])
def test_extremes_are_drawn(qapp, y, log_y, size):
    plot = panel(log_y)
    plot.set_curves([Curve("adam", "Adam", np.arange(float(len(y))), np.array(y), ADAM)])
    plot.set_cursor(1.0, "step 1")
    painted(plot, *size)


def test_the_view_only_grows_until_a_new_run(qapp):
    plot = panel()
    plot.set_curves([falling(10)])
    tops = []
    for steps in range(10, 200, 7):
        plot.set_curves([falling(steps)])
        tops.append(plot.home[0][1])
    assert tops == sorted(tops)
    assert len(set(tops)) < len(tops) / 2
    plot.set_curves([falling(20)])
    assert plot.home[0][1] == tops[-1]
    plot.restart()
    assert plot.home[0][1] == 19.0


def test_limits_hold_the_range_still(qapp):
    plot = panel(x_limits=(0, 500))
    plot.set_curves([falling(10)])
    assert plot.home[0] == (0.0, 500.0)


def test_one_curve_that_runs_away_does_not_flatten_the_others(qapp):
    plot = panel()
    away = Curve("b", "B", np.arange(100.0), 10.0 ** np.linspace(0, 300, 100), ADAM)
    plot.set_curves(
        [falling(100, key=key, name=key) for key in ("adam", "adamw", "nadam", "lion", "momentum")] + [away]
    )
    assert plot.home[1][1] < 1e250
    plot = panel(log_y=True)
    plot.set_curves(
        [falling(100, key=key, name=key) for key in ("adam", "adamw", "nadam", "lion", "momentum")] + [away]
    )
    assert plot.home[1][1] < 60


def test_sparse_values_are_connected_and_gaps_are_not(qapp):
    y = np.full(101, np.nan)
    y[::50] = 1.0, 2.0, 1.0
    plot = panel()
    plot.legend = "none"
    counts = []
    for sparse in (False, True):
        plot.set_curves([Curve("adam", "", np.arange(101.0), y, ADAM, sparse=sparse)])
        wanted = np.array([0xD5, 0x5E, 0x00])
        counts.append(int((np.abs(painted(plot) - wanted).max(axis=-1) < 40).sum()))
    assert counts[0] > 5  # single points have a marker
    assert counts[1] > counts[0] + 200


def test_what_a_log_axis_leaves_out_is_counted(qapp):
    plot = panel(log_y=True)
    plot.set_curves([Curve("adam", "Adam", np.arange(4.0), np.array([1.0, 0.0, -3.0, 2.0]), ADAM)])
    assert plot._left_out == 2


def test_what_is_left_out_is_said_beside_the_title_and_never_on_a_curve(qapp):
    x = np.arange(400.0)
    y = np.where(x % 2, 1.0, 1000.0)
    y[7] = 0.0
    plot = panel(log_y=True)
    plot.title = "Loss"
    plot.set_curves([Curve("adam", "", x, y, ADAM)])
    with_note = painted(plot)
    plot._left_out = 0
    changed = np.abs(with_note.astype(int) - painted(plot)).max(axis=-1).nonzero()
    assert len(changed[0]) > 50
    assert changed[0].max() < plot.theme.px(5) + plot.title_height  # the rows of the title only


@pytest.mark.parametrize("width", [70, 110, 160, 220, 400])
@pytest.mark.parametrize("title", ["", "Loss"])
@pytest.mark.parametrize("count", [1, 462])
def test_what_is_left_out_is_said_in_words_or_not_at_all(qapp, monkeypatch, width, title, count):
    said = []
    monkeypatch.setattr("gui.plots.curve_names.put_text", lambda _p, _r, _w, text: said.append(text))
    plot = panel(log_y=True)
    plot.title = title
    y = np.r_[np.full(count, -1.0), 1.0, 100.0]
    plot.set_curves([Curve("adam", "", np.arange(len(y)) * 1.0, y, ADAM)])
    painted(plot, width, 200)
    start = "1 value" if count == 1 else f"{count} values"
    value = f"{start} ≤ 0 not shown"
    whole = f"{start} {'is' if count == 1 else 'are'} 0 or below: not on a log axis"
    assert said in ([], [value], [whole])
    assert width < 220 or said
    assert width < 400 or said == [whole]
    said.clear()
    painted(plot, 600, 200)
    assert said == [whole]


def test_a_long_title_leaves_a_line_of_its_own_to_what_is_left_out(qapp, monkeypatch):
    said = []
    monkeypatch.setattr("gui.plots.curve_names.put_text", lambda _p, at, _w, text: said.append((at, text)))
    plot = panel(log_y=True)
    plot.resize(400, 200)
    y = np.array([-1.0, 1.0, 100.0])
    plot.set_curves([Curve("adam", "Adam", np.arange(3.0), y, ADAM)])
    plot.grab()
    top = plot.axes().plane.rect.top()
    plot.title = "A title that takes all of the line above the plot to itself"
    plot.grab()
    (beside, _), (below, words) = said
    assert words == "1 value is 0 or below: not on a log axis"
    assert below.top() >= beside.bottom(), "under the title"
    assert plot.axes().plane.rect.top() >= top + plot.line_height
    assert below.bottom() <= plot.axes().plane.rect.top(), "and above the curves"


def test_a_run_without_a_finite_value_says_so(qapp, monkeypatch):
    said = []
    monkeypatch.setattr("gui.plots.curve_names.put_text", lambda _p, _r, _w, text: said.append(text))
    plot = panel()
    painted(plot)
    plot.set_curves([Curve("adam", "", np.arange(2.0), np.full(2, np.nan), ADAM)])
    painted(plot)
    assert said == ["No data yet", "No finite value"]


def test_a_log_axis_without_a_positive_value_says_what_to_do(qapp):
    plot, some = panel(log_y=True), panel(log_y=True)
    for made, last in ((plot, -4.0), (some, 4.0)):
        made.set_curves([Curve("adam", "", np.arange(2.0), np.array([-1.0, last]), ADAM)])
        said = []
        made._draw_advice = lambda *_, said=said: said.append(True)
        painted(made)
        assert bool(said) == (last < 0)


def test_a_click_tells_the_step(qtbot, shown):
    plot = shown(panel())
    plot.set_curves([falling(101)])
    place = QPointF(plot.axes().plane.rect.center())
    with qtbot.waitSignal(plot.clicked) as heard:
        click(plot, place)
    assert heard.args[0] == pytest.approx(50, abs=0.5)


def test_a_click_on_a_log_axis_tells_the_value(qtbot, shown):
    plot = shown(CurvesPanel("Rates", LIGHT))
    plot.set_axes(("k", ""), ("f", ""), log_x=True, log_y=True)
    x = np.arange(1.0, 101.0)
    plot.set_curves([Curve("adam", "Adam", x, 1 / x, ADAM)])
    with qtbot.waitSignal(plot.clicked) as heard:
        click(plot, plot.axes().plane.rect.center())
    assert heard.args[0] == pytest.approx(10, rel=0.05)


def test_the_view_of_the_user_stays_until_a_double_click(qtbot, shown):
    plot = shown(panel())
    plot.set_curves([falling(100)])
    middle = plot.axes().plane.rect.center()
    wheel(plot, middle, 120)
    zoomed = plot.ranges
    assert zoomed[0][1] - zoomed[0][0] < 99
    plot.set_curves([falling(150)])
    assert plot.ranges == zoomed
    mouse(plot, "press", middle)
    mouse(plot, "move", middle + QPointF(40, 0))
    mouse(plot, "release", middle + QPointF(40, 0))
    assert plot.ranges[0][0] < zoomed[0][0]
    told = []
    plot.clicked.connect(told.append)
    click(plot, middle)
    mouse(plot, "double", middle)
    mouse(plot, "release", middle)
    assert told == []  # the click that a double click begins with is none
    assert not plot.zoomed
    assert plot.ranges == plot.home


def test_zoom_by_keys_and_menu(qtbot, shown):
    plot = shown(panel())
    plot.set_curves([falling(100)])
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.zoomed
    assert plot.reset_action in plot.actions()
    plot.reset_action.trigger()
    assert not plot.zoomed


def test_names_stand_at_the_ends_or_above(qapp):
    plot = panel()
    plot.set_curves([falling(100), falling(100, name="Momentum", key="momentum")])
    wide = plot._mode(plot._content(plot.rect().toRectF().adjusted(0, 0, 800, 500)), plot_metrics())
    narrow = plot._mode(plot._content(plot.rect().toRectF()).adjusted(0, 0, -420, 0), plot_metrics())
    assert (wide, narrow) == ("ends", "strip")


def plot_metrics():
    from PySide6.QtGui import QFontMetricsF

    return QFontMetricsF(LIGHT.font())


def test_a_shared_x_stands_once_in_the_table(qapp):
    x = np.arange(3.0)
    plot = panel()
    plot.set_curves(
        [Curve("a", "A", x, x, ADAM), Curve("b", "B", x, 2 * x, ADAM), Curve("c", "C", x[:2], x[:2], ADAM)]
    )
    assert [name for name, _ in plot.table()] == ["step", "A (nats)", "B (nats)", "step", "C (nats)"]


def test_what_has_no_name_in_the_plot_may_have_one_in_the_table(qapp):
    x, plot = np.arange(3.0), panel()
    plot.set_curves([Curve("a", "", x, x, ADAM), Curve("b", "", x, x, ADAM, ghost=True, column="B · η 0.1")])
    assert [name for name, _ in plot.table()] == ["step", "a (nats)", "B · η 0.1 (nats)"]


def test_the_right_button_asks_for_a_menu(qtbot, shown):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    plot = shown(panel())
    with qtbot.waitSignal(plot.menu_requested) as heard:
        place = QPoint(50, 50)
        QApplication.sendEvent(
            plot.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, plot.mapToGlobal(place))
        )
    assert heard.args[0] is plot


def test_there_is_no_half_a_step_on_an_axis_of_steps(qapp):
    for label, halves in (("step", False), ("x", True)):
        plot = panel()
        plot.set_axes((label, ""), ("loss", ""), x_limits=(0.5, 5.5))
        plot.set_curves([Curve("adam", "", np.arange(1.0, 6.0), np.arange(5.0), ADAM)])
        places = plot._lay_out(plot._content(QRectF(0, 0, 800, 300)), live=True).x_ticks.places
        assert any(place % 1 for place in places) == halves


def test_there_are_no_ticks_beyond_the_most_that_a_value_can_be(shown):
    plot = shown(CurvesPanel("p", LIGHT))
    plot.set_axes(("step", ""), ("accuracy", ""), x_limits=(0, 10), y_limits=(0.0, 1.2), y_most=1.0)
    plot.switch_logs(None, None)  # it holds when the axes are set again
    ticks = plot.axes().y_ticks
    assert max(ticks.places) == 1.0
    assert plot.axes().plane.y == (0.0, 1.2)
    assert len(ticks.labels) >= 2


def test_a_level_line_from_step_0_is_seen_and_told_on_a_log_axis(shown):
    plot = panel()
    plot.legend = "top"
    bound = Curve("bound", "bound", np.array([0.0, 100.0]), np.array([0.5, 0.5]), ADAM)
    measured = np.array([0.0, 40.0, 80.0])
    held_out = Curve(
        "held_out", "held-out", measured, np.exp(-measured / 50), sparse=True, stroke=LIGHT.stroke("held_out")
    )
    plot.set_curves([bound, falling(101, key="momentum"), held_out])
    plot.set_cursor(10)
    shown(plot)
    plot.log_actions[0].trigger()
    x, y = plot.lines[0].pixels(plot.axes())
    rect = plot.axes().plane.rect
    assert x[0] < rect.left() + 1
    assert x[1] == pytest.approx(rect.right(), abs=1)
    assert y[0] == y[1] == pytest.approx(plot.axes().plane.py(0.5))
    assert has_colour(painted(plot), ADAM.colour)
    axes = plot.axes()
    assert value_at(bound.x, bound.y, 10.0, (axes.x, axes.y)) == 0.5


@pytest.mark.parametrize("left", [2.5, 3.5])
def test_points_with_gaps_between_stay_when_one_looks_closer(shown, left):
    class Cloud(CurvesPanel):
        def _kind_of(self, curve):
            return Dots

    plot = shown(Cloud("Cloud", LIGHT))
    x, y = np.repeat(np.arange(10.0), 2), np.full(20, np.nan)
    y[::2] = np.arange(10.0)
    plot.set_axes(("x", ""), ("y", ""), x_limits=(0, 9), y_limits=(0, 9))
    plot.set_curves([Curve("a", "a", x, y, ADAM)])
    plot.plot.vb.look(x=(left, left + 4))
    spot = plot.axes().plane.point(5.0, 5.0).toPoint()
    assert plot.grab().toImage().pixelColor(spot) != QColor(LIGHT.plot)


@pytest.mark.parametrize("high", range(44, 130, 9))
def test_numbers_have_room_above_each_other_also_in_the_lowest_plot(qapp, high):
    axes = lay_out(QRectF(0, 0, 300, high), LIGHT, Scale("x"), Scale("y"), ((0, 10), (0.2, 1.0)))
    apart = np.diff([axes.plane.py(place) for place in axes.y_ticks.places])
    assert len(axes.y_ticks.places) == len(axes.y_ticks.labels) > 0
    assert (abs(apart) >= LIGHT.metrics().height() - 1e-9).all()
