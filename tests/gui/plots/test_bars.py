import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from gui.look.theme import DARK, LIGHT
from gui.plots.bars import Bars, BarsPanel
from tests.gui.plots.conftest import click, has_colour, mouse, painted, wheel
from tests.gui.words_seen import faults, read

P = np.array([0.1, 0.2, 0.7])


def panel(values=P, theme=LIGHT, both=False, limits=(0, 1)):
    plot = BarsPanel("Probabilities", theme)
    plot.set_axes(("class", ""), ("probability", ""), limits)
    series = [Bars("p", "P", np.asarray(values, float), theme.stroke("training"))]
    if both:
        series.append(Bars("q", "Q", np.asarray(values, float)[::-1], theme.stroke("held_out")))
    plot.set_bars([str(k) for k in range(len(values))], series, highlight=1)
    return plot


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_bars_have_the_colour_of_their_series(qapp, theme):
    pixels = painted(panel(theme=theme, both=True))
    assert has_colour(pixels, theme.stroke("training").colour, 20)
    assert has_colour(pixels, theme.stroke("held_out").colour, 20)


@pytest.mark.parametrize(
    "values", [[], [0.0], [-5, 5], [np.nan, np.inf, -np.inf], [1e300, -1e300], [1e-12] * 12]
)
@pytest.mark.parametrize("size", [(400, 300), (1600, 1000), (80, 60)])
def test_extremes_are_drawn(qapp, values, size):
    painted(panel(values, both=True, limits=(-1.0, 1.0)), *size)


def test_the_line_under_a_marked_name_is_clear_of_the_caption(qapp):
    pixels = painted(panel(), 400, 300)[-60:]
    line = np.flatnonzero(ink(pixels, LIGHT.accent) > 12)  # longer than any letter of the name
    words = np.flatnonzero(ink(pixels, LIGHT.quiet))
    caption = words[np.flatnonzero(np.diff(words, prepend=-9) > 1)[-1]]  # its first row
    assert line.size
    assert line.max() + 1 < caption


def ink(pixels, colour):
    """Pixels of nearly this colour in each row."""
    wanted = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return (np.abs(pixels - wanted).max(axis=-1) <= 60).sum(axis=1)


def test_a_bar_is_as_high_as_its_value(qapp):
    plot = panel()
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    heights = [plot._bar(axes, 0, k).height() / axes.plane.rect.height() for k in range(3)]
    assert heights == pytest.approx(P)


def test_negative_values_hang_down(qapp):
    plot = panel([-2.0, 2.0], limits=(-3.0, 3.0))
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    down, up = plot._bar(axes, 0, 0), plot._bar(axes, 0, 1)
    assert down.top() == pytest.approx(up.bottom())
    assert down.height() == pytest.approx(up.height())


def test_a_bar_below_what_one_sees_is_not_drawn_on_the_edge(qapp):
    plot = panel([0.1, 0.9, 0.2])
    plot.look_at(((-0.5, 2.5), (0.5, 1.0)))
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    assert [plot.graphs[0].within(axes, k) for k in range(3)] == [False, True, False]
    low = painted(plot)[-120:]  # the bottom, with the names of the bars
    plot.set_bars(["0", "1", "2"], [Bars("p", "P", np.array([0.3, 0.9, 0.1]), plot.series[0].stroke)], 1)
    plot.look_at(((-0.5, 2.5), (0.5, 1.0)))
    assert np.array_equal(painted(plot)[-120:], low)  # neither bars nor numbers tell of what is not seen


@pytest.mark.parametrize("key", [Qt.Key.Key_0, Qt.Key.Key_A])
def test_a_key_shows_all_of_it_again(qtbot, shown, key):
    plot = shown(panel())
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert plot.zoomed
    QTest.keyClick(plot, key)
    assert not plot.zoomed


def hearing(signal):
    heard = []
    signal.connect(lambda *what: heard.append(what))
    return heard


def test_dragging_tells_series_index_and_value(qtbot, shown):
    plot = shown(panel(both=True))
    plot.draggable = True
    axes = plot.axes()
    spot = plot._bar(axes, 1, 2).center()
    heard = hearing(plot.dragged)
    mouse(plot, "press", spot)
    assert heard == []  # a bar that is only touched stays
    spot.setY(float(axes.plane.py(0.25)))
    mouse(plot, "move", spot)
    spot.setY(-1000)
    mouse(plot, "move", spot)
    mouse(plot, "release", spot)
    assert [what[:2] for what in heard] == [("q", 2)] * 2
    assert [what[2] for what in heard] == [0.25, 1.0]


def test_a_press_above_a_bar_brings_it_there_once_the_mouse_moves(qtbot, shown):
    plot = shown(panel())
    plot.draggable = True
    heard = hearing(plot.dragged)
    place = plot.axes().plane.point(0, 0.5)
    click(plot, place)
    assert heard == []  # a click may only mean the focus
    mouse(plot, "press", place + QPointF(0, 10))
    mouse(plot, "move", place)
    mouse(plot, "release", place)
    assert heard == [("p", 0, 0.5)]


def drag(plot, start, end):
    for kind, place in (("press", start), ("move", (start + end) / 2), ("move", end), ("release", end)):
        mouse(plot, kind, place)


def test_a_drag_on_an_axis_or_a_title_and_of_a_rectangle_moves_no_bar(qtbot, shown):
    plot = shown(panel())
    plot.draggable = True
    heard, rect = hearing(plot.dragged), plot.axes().plane.rect
    inside = plot.axes().plane.point(1, 0.5)
    wheel(plot, inside, 120)
    seen = plot.ranges
    drag(plot, QPointF(inside.x(), rect.bottom() + 12), QPointF(inside.x() - 20, rect.bottom() + 12))
    assert plot.ranges[0][0] > seen[0][0]  # the axis was moved, as that of any plot
    assert plot.ranges[1] == seen[1]
    drag(plot, QPointF(inside.x(), 8), inside)  # from the title
    plot.frame_action.trigger()
    seen = plot.ranges
    drag(plot, inside - QPointF(30, 30), inside)
    assert plot.ranges[1][1] < seen[1][1]
    assert heard == []


def test_while_a_bar_is_dragged_the_axis_keeps_still(qtbot, shown):
    plot = shown(panel([-1.0, 2.0, 0.0], limits=(-1.36, 2.36)))
    plot.draggable = True
    place = plot._bar(plot.axes(), 0, 0).center()
    plot.dragged.connect(
        lambda key, k, value: plot.set_bars(
            "abc", [Bars("p", "P", np.array([value, 2.0, 0.0]), LIGHT.stroke("p"))]
        )
    )
    plot.dragged.connect(lambda key, k, value: plot.set_axes(("", ""), ("p", ""), (2 * value, 3.0)))
    mouse(plot, "press", place)
    for _ in range(5):
        place.setY(plot.axes().plane.rect.bottom() + 50)
        mouse(plot, "move", place)
        assert plot._range() == (-1.36, 2.36)
    assert plot.series[0].values[0] == -1.35  # the last tidy number before the end of the axis
    mouse(plot, "release", place)
    assert plot._range() == (-2.7, 3.0)


def test_at_the_ends_and_in_words(qtbot, shown):
    plot = shown(panel(both=True))
    plot.draggable = True
    moved = hearing(plot.dragged)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(plot, key)
    assert moved == [("p", 0, 0.0), ("p", 0, 1.0), ("p", 1, pytest.approx(0.21))]
    assert plot.accessibleDescription() == "P · 1 · 0.2000"


def test_what_is_locked_or_padded_stays(qtbot, shown):
    plot = panel()
    plot.draggable = plot.lockable = True
    plot.set_bars("abc", [Bars("p", "P", P, LIGHT.stroke("p"), frozenset({0}), frozenset({1}))])
    shown(plot)
    moved, locked = hearing(plot.dragged), hearing(plot.lock_toggled)
    for k in (0, 1):
        mouse(plot, "press", plot.axes().plane.point(k, 0.5))
        mouse(plot, "move", plot.axes().plane.point(k, 0.8))
        mouse(plot, "release", plot.axes().plane.point(k, 0.8))
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert moved == []
    for k in (0, 1, 2):
        click(plot, plot._lock_spot(plot.axes(), 0, k).center())
    assert locked == [("p", 0), ("p", 2)]


def test_locks_and_padding_are_in_the_picture_and_open_locks_are_not(qapp):
    def seen(locked=frozenset(), padded=frozenset()):
        plot = panel()
        plot.lockable = True
        plot.set_bars("abc", [Bars("p", "P", P, LIGHT.stroke("p"), locked, padded)])
        return painted(plot), plot

    bare, plot = seen()
    spot = plot._lock_spot(plot._lay_out(plot._content(QRectF(0, 0, 480, 360))), 0, 1).center().toPoint()
    assert (seen(locked=frozenset({1}))[0] != bare)[spot.y(), spot.x()].any()
    assert (bare[spot.y(), spot.x()] == bare[2, 2]).all()
    assert (seen(padded=frozenset({0}))[0] != bare).any(axis=-1).sum() > 300


def test_the_mouse_over_a_bar_tells_it_on_the_screen_only(qtbot, shown):
    plot = shown(panel(both=True))
    bare, screen = painted(plot), plot.grab().toImage()
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", plot._bar(plot.axes(), 1, 2).center())
    assert heard.args == [("q", 2)]
    assert plot.grab().toImage() != screen
    assert (painted(plot) == bare).all()
    with qtbot.waitSignal(plot.hovered) as heard:
        mouse(plot, "move", QPointF(1, 1))
    assert heard.args == [None]


def test_bars_stay_where_they_are_unless_they_may_be_dragged(qtbot, shown):
    plot = shown(panel())
    axes = plot._lay_out(plot._content(plot.rect().toRectF()))
    with qtbot.assertNotEmitted(plot.dragged), qtbot.waitSignal(plot.clicked) as heard:
        click(plot, plot._bar(axes, 0, 2).center())
    assert heard.args == [2]


def test_the_table(qapp):
    assert [name for name, _ in panel(both=True).table()] == ["class", "P", "Q"]


def test_keys_choose_and_move_bars(qtbot, shown):
    plot = shown(panel(both=True))
    plot.draggable = plot.lockable = True
    plot.setFocus()
    heard, locks = [], []
    plot.dragged.connect(lambda *what: heard.append(what))
    plot.lock_toggled.connect(lambda *what: locks.append(what))
    qtbot.keyClick(plot, Qt.Key.Key_Up)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(plot, Qt.Key.Key_Tab)
    qtbot.keyClick(plot, Qt.Key.Key_End)
    qtbot.keyClick(plot, Qt.Key.Key_L)
    assert [what[:2] for what in heard] == [("p", 0), ("p", 1), ("q", 1)]
    assert [what[2] for what in heard] == [0.11, 0.1, 1.0]
    assert locks == [("q", 1)]


def test_a_key_does_not_leave_the_limits(qtbot, shown):
    plot = shown(panel([0.995, 0.0, 0.005]))
    plot.draggable = True
    with qtbot.waitSignal(plot.dragged) as told:
        qtbot.keyClick(plot, Qt.Key.Key_Up)
    assert told.args[2] == 1.0


def test_a_double_click_changes_nothing(qtbot, shown):
    plot = shown(panel())
    plot.draggable = plot.lockable = True
    heard = hearing(plot.lock_toggled), hearing(plot.dragged)
    place = plot.axes().plane.point(1, 0.4)
    click(plot, place)
    mouse(plot, "double", place)
    mouse(plot, "release", place)
    assert heard == ([], [])


def test_the_invitation_to_drag_stands_on_the_screen_and_not_in_a_figure(qapp):
    plot = panel()
    plot.entitle("Logits", "drag them")
    assert (plot.heading(live=True), plot.heading(live=False)) == ("Logits: drag them", "Logits")
    assert (plot.title, plot.accessibleName()) == ("Logits", "Logits: drag them")
    plot.title = "Others"
    assert plot.heading(live=True) == "Others"


def test_the_frame_of_the_chosen_bar_leaves_its_value_to_be_read(qtbot, shown):
    plot = shown(panel())
    plot.draggable = True
    spot = plot._bar(plot.axes(), 0, 0)
    value = QRectF(spot.left(), spot.top() - 16, spot.width(), 13).toRect()
    plot.clearFocus()
    before = plot.grab(value).toImage()
    plot.setFocus()
    qtbot.waitUntil(plot.hasFocus)
    assert plot.grab(value).toImage() == before


def test_where_there_is_no_room_for_each_value_one_for_equal_bars_is_written_once(shown):
    plot = shown(panel(np.array([-0.17, 0.2, -0.17]), both=True, limits=(-0.5, 0.5)), 230, 220)
    words = [word.text for word in read(plot).words]
    assert words.count("−0.17") == 2  # of four bars
    assert words.count("0.20") == 1
    assert faults(plot) == []
    wide = shown(panel(np.array([-0.17, 0.2, -0.17]), both=True, limits=(-0.5, 0.5)), 500, 220)
    assert sum(word.text.startswith("−0.17") for word in read(wide).words) == 4
