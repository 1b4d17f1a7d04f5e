"""The view of *Binary*: what is dragged is what is edited, and nothing on it is ever not a number."""

from functools import partial
from math import inf, log

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.config import replaced
from engine.experiments.entropy.binary import EXPERIMENT, BinaryConfig
from gui.export.export import picture
from gui.look.theme import DARK
from gui.screen.view import Ghost, view_type
from gui.views.entropy.binary import BinaryView
from tests.gui.views.moments import present, ran, told

VIEW = BinaryView

made = partial(ran, EXPERIMENT)


def pull(qtbot, panel, key, x):
    """Drag a handle of a panel to another x with the mouse."""
    one = next(handle for handle in panel.handles if handle.key == key)
    plane = panel.axes().plane
    start, end = plane.point(one.x, one.y).toPoint(), plane.point(x, one.y).toPoint()
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(panel.viewport(), end)
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=end)


def numbers(view):
    return [block.numbers for block in told(view, 0)]


def test_the_view_is_found_by_its_name():
    assert view_type("entropy.binary") is BinaryView


@pytest.mark.parametrize(
    ("plot", "key"), [("entropy", "p"), ("entropy", "q"), ("cross", "q"), ("slope", "p")]
)
def test_a_handle_is_dragged_with_the_mouse(show_with, qtbot, plot, key):
    view = show_with(p=0.7, q=0.2)
    edits = []
    view.edited.connect(edits.append)
    pull(qtbot, getattr(view, plot), key, 0.5)
    assert getattr(edits[-1], key) == pytest.approx(0.5, abs=0.01)
    other = "q" if key == "p" else "p"
    assert getattr(edits[-1], other) == getattr(view.at.config, other)


def test_a_handle_does_not_leave_the_chances(show_with, qtbot):
    view = show_with(p=0.7, q=0.2)
    with qtbot.waitSignal(view.edited) as heard:
        view.cross.handle_dragged.emit("q", -3.0, 0.0)
    assert heard.args[0].q == 0.0


def test_the_keys_move_the_handles(show_with, qtbot):
    view = show_with(p=0.7, q=0.2)
    view.entropy.setFocus()
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(view.entropy, Qt.Key.Key_Right)
    assert heard.args[0].p == pytest.approx(0.71)
    qtbot.keyClick(view.entropy, Qt.Key.Key_Tab)
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(view.entropy, Qt.Key.Key_Left)
    assert heard.args[0].q == pytest.approx(0.19)


def test_the_gap_is_marked_between_the_two_curves(show_with):
    view = show_with(p=0.5, q=0.25)
    for panel, x, text in ((view.entropy, 0.5, "KL = 0.2075"), (view.cross, 0.25, "KL")):
        gap = next(curve for curve in panel.curves if curve.key == "kl")
        assert gap.x.tolist() == [x, x]
        assert gap.y == pytest.approx([1.0, 0.5 * 2 + 0.5 * np.log2(4 / 3)])
        assert panel.marks[0].text == text


def test_a_certain_answer_shows_the_simplest_form(show_with):
    texts = numbers(show_with(p=1.0, q=0.25))
    assert "H(p, q) = −log₂ 0.25 = 2.000 bits" in texts[3]
    assert "one term is left" in texts[3]
    assert (
        "one term is left: H(p, q) = −log₂ (1 − 0.25) = 0.4150 bits" in numbers(show_with(p=0.0, q=0.25))[3]
    )


def test_infinity_is_shown_and_explained(show_with):
    view = show_with(p=0.5, q=0.0)
    assert view.entropy.marks[0].text == "KL = ∞"
    assert "∞ bits" in numbers(view)[1]
    assert "no bound" in numbers(view)[1]
    handle = next(one for one in view.cross.handles if one.key == "q")
    assert handle.y == inf  # an arrowhead at the top


@pytest.mark.parametrize("p", [0.0, 1 / 3, 1.0])
@pytest.mark.parametrize("q", [0.0, 0.5, 1.0])
def test_nothing_is_written_that_is_not_a_number(show_with, p, q):
    view = show_with(p=p, q=q)
    assert "nan" not in " ".join(numbers(view)).lower()
    assert "inf" not in " ".join(numbers(view)).replace("infin", "").lower()
    for panel in view.panels():
        for _, column in panel.table():
            assert not np.isnan(np.asarray(column, float)).any()


def test_the_slope_has_a_badge(show_with):
    view = show_with(p=0.7, q=0.2, base="e")
    check = told(view, 0)[4].check
    assert check.passed
    assert check.max_relative_error < 1e-6
    end = show_with(p=0.7, q=0.0)
    assert told(end, 0)[4].check is None


def test_a_certain_truth_has_its_ring_on_the_slope_and_not_on_zero(show_with):
    for p, slope in ((1.0, -1.0), (0.0, 1.0)):  # of −ln q at 1 and of −ln(1 − q) at 0
        view = show_with(p=p, q=0.4, base="e")
        assert next(one for one in view.slope.handles if one.key == "p").y == slope
        assert "nowhere 0" in view.slope.title
    inside = show_with(p=0.7, q=0.2)
    assert next(one for one in inside.slope.handles if one.key == "p").y == 0.0
    assert "0 at q = p" in inside.slope.title


def test_a_pinned_run_is_drawn_in_the_unit_of_this_one(show_with):
    pinned = made(BinaryConfig(p=0.6, base="e"))
    view = show_with(ghosts=[Ghost(pinned.config, pinned.recording, "p = 0.6")], p=0.7)
    ghost = view.cross.curves[0]
    assert ghost.ghost
    assert ghost.y.min() == pytest.approx(-0.6 * np.log2(0.6) - 0.4 * np.log2(0.4))


def test_another_base_scales_the_axes(show_with):
    bits, nats = show_with(), show_with(base="e")
    assert nats.cross.ranges[1][1] == pytest.approx(bits.cross.ranges[1][1] * log(2))
    assert "nats" in numbers(nats)[0]


def test_every_plot_can_be_exported(show_with):
    view = show_with(theme=DARK, p=0.5, q=1.0)
    for panel in view.panels():
        assert panel.table()
        assert not picture(panel, (500, 300)).isNull()


def test_a_change_of_settings_keeps_the_view(show_with):
    view = show_with()
    runner = made(replaced(view.at.config, p=0.25))
    present(view, runner.config, runner.recording, 0)
    assert view.entropy.handles[0].x == 0.25


CERTAIN = "The answer is certain, H(p) is 0: the whole cross-entropy, {}, is KL."
INFINITE = "The model calls impossible what does happen: its surprise, and with it KL, is infinite."
BELIEFS = {  # p, q, base: H(p, q), H(p) and KL by hand
    (
        0.5,
        0.25,
        "2",
    ): "With p = 0.5 and q = 0.25, H(p, q) is 1.208 bits: the entropy H(p) = 1.000 plus KL = 0.2075.",
    (
        0.8,
        0.3,
        "2",
    ): "With p = 0.8 and q = 0.3, H(p, q) is 1.492 bits: the entropy H(p) = 0.7219 plus KL = 0.7706.",
    (0.5, 0.5, "e"): "The model is right: its mean surprise is the entropy alone, 0.6931 nats; KL is 0.",
    (1.0, 0.25, "2"): CERTAIN.format("2.000 bits"),
    (0.0, 0.9, "10"): CERTAIN.format("1.000 dits"),
    (1.0, 1.0, "2"): "The answer is certain and the model knows it: nothing is a surprise, H(p, q) is 0.",
    (0.5, 0.0, "2"): INFINITE,
    (0.0, 1.0, "e"): INFINITE,
}


@pytest.mark.parametrize(("p", "q", "base"), BELIEFS)
def test_the_sentence_tells_what_the_belief_costs(show_with, p, q, base):
    assert show_with(p=p, q=q, base=base).finding.text == BELIEFS[p, q, base]


def test_the_entropy_is_the_large_plot(show_with):
    view = show_with()
    assert view.entropy.width() * view.entropy.height() > 0.55 * view.width() * view.height()
