"""The view of *Sigmoid*: the start and the target are dragged, the numbers are those of the step."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.experiments.losses.neuron import EXPERIMENT, NeuronConfig
from engine.optimizers.schedules import InverseTimeDecay
from gui.export.export import picture
from gui.look.theme import DARK
from gui.screen.view import Ghost, view_type
from gui.views.losses.neuron import NeuronView
from tests.gui.views.moments import ran, told

VIEW = NeuronView


def made(**settings):
    return ran(EXPERIMENT, NeuronConfig(**settings))


def numbers(view, step=0):
    return [block.numbers for block in told(view, step)]


def pull(qtbot, panel, x, y):
    """Drag the only handle of a panel with the mouse."""
    one, plane = panel.handles[0], panel.axes().plane
    qtbot.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=plane.point(one.x, one.y).toPoint())
    qtbot.mouseMove(panel.viewport(), plane.point(x, y).toPoint())
    qtbot.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=plane.point(x, y).toPoint())


def test_the_view_is_found_by_its_name():
    assert view_type("losses.neuron") is NeuronView


def test_the_start_is_dragged_by_its_bias(show_with, qtbot):
    view = show_with()
    edits = []
    view.edited.connect(edits.append)
    pull(qtbot, view.sigmoid, -3.0, 0.5)
    assert edits[-1].bias == pytest.approx(-5.0, abs=0.1)  # z = 2·1 + b
    assert edits[-1].weight == 2.0


def test_the_target_is_dragged_and_stays_a_chance(show_with, qtbot):
    view = show_with(target=0.2)
    edits = []
    view.edited.connect(edits.append)
    pull(qtbot, view.answers, 100.0, 0.5)
    assert edits[-1].target == pytest.approx(0.5, abs=0.02)
    view.answers.handle_dragged.emit("target", 0.0, 1.03)
    assert edits[-1].target == 1.0


def test_the_keys_move_the_start(show_with, qtbot):
    view = show_with()
    view.sigmoid.setFocus()
    with qtbot.waitSignal(view.edited) as heard:
        qtbot.keyClick(view.sigmoid, Qt.Key.Key_Left)
    assert heard.args[0].bias < 2.0


def test_a_click_on_the_curves_chooses_the_step(show_with, qtbot):
    view = show_with()
    with qtbot.waitSignal(view.step_chosen) as heard:
        view.slopes.clicked.emit(41.7)
    assert heard.args == [42]


def test_the_neurons_are_where_they_were_at_the_step(show_with):
    view = show_with(step=100)
    z = [view.runner.recording.column(f"{name}.z")[100] for name in ("squared_error", "cross_entropy")]
    assert [mark.x for mark in view.sigmoid.marks] == pytest.approx(z)
    assert [mark.text for mark in view.answers.marks] == ["step 278", "step 27"]
    tangent = next(curve for curve in view.sigmoid.curves if curve.key == "cross_entropy.tangent")
    p = 1 / (1 + np.exp(-z[1]))
    assert np.diff(tangent.y) / np.diff(tangent.x) == pytest.approx(p * (1 - p))


def test_the_table_takes_the_slopes_apart(show_with):
    view = show_with()
    rows = {line.name: [cell.strip() for cell in line.cells] for line in view.parts.lines}
    assert rows["Squared error"] == ["0.9820", "0.9820", "0.01766", "0.01735", "step 278"]
    assert rows["Cross-entropy"] == ["0.9820", "55.60", "0.01766", "0.9820", "step 27"]
    never = show_with(bias=8.0)
    assert never.parts.lines[0].cells[-1] == "not in 300 steps"
    lost = show_with(target=0.3, factor=300.0)
    assert lost.parts.lines[0].cells[-1] == "step 2, not for good"


def test_the_formulas_have_badges_and_numbers(show_with):
    view = show_with()
    squared, cross, cancelled, _ = told(view, 0)
    assert squared.check.passed
    assert cross.check.passed
    assert "55.60 × 0.01766 = 0.9820" in cross.numbers
    assert "56.62 times" in cancelled.numbers


def test_each_loss_has_the_rate_of_the_step_to_come(show_with):
    """By hand: the third step has a third of 0.15; the squared error three times as much."""
    view = show_with(schedule=InverseTimeDecay(decay_rate=1.0), factor=3.0)
    rates = next(block for block in told(view, 2) if block.latex.startswith(r"\eta_t ="))
    assert rates.numbers == "Squared error: 0.45·0.3333 = 0.1500\nCross-entropy: 0.15·0.3333 = 0.05000"
    by_z = view.runner.recording.column("cross_entropy.by_z")[2]
    step = told(view, 2)[-1]
    assert r"-\eta_t\," in step.latex
    assert f"Cross-entropy: Δb = −{0.05 * by_z:.5f}" in step.numbers
    assert told(show_with(), 2)[-1].latex.startswith(r"\Delta b=-\eta\,")


def test_beyond_all_numbers_the_words_say_so(show_with):
    view = show_with(weight=100.0, input=10.0)
    assert "∞ × 0 is no number" in numbers(view)[1]
    assert "nan" not in " ".join(numbers(view)).lower()


def test_a_pinned_run_is_drawn_faintly(show_with):
    other = made(bias=4.0)
    view = show_with(ghosts=[Ghost(other.config, other.recording, "b = 4")])
    assert [curve.name for curve in view.answers.curves if curve.ghost] == ["b = 4", ""]


def test_another_target_moves_the_room_for_the_pull(show_with):
    low, high = show_with(target=1.0).pulls.ranges[1]
    assert low <= -1.0
    assert high < 0.2


@pytest.mark.parametrize("settings", [{}, {"weight": -100.0, "input": 10.0, "target": 1.0}, {"factor": 1e6}])
def test_every_plot_can_be_exported(show_with, settings):
    view = show_with(theme=DARK, step=300, **settings)
    for panel in view.panels():
        assert panel.table()
        assert not picture(panel, (500, 300)).isNull()


def _independent(weight, bias, target, rate, loss, steps):
    """p at every step, by another way of writing the same neuron: with tanh, and one number z."""
    z, ps = weight + bias, []
    for _ in range(steps + 1):
        p = 0.5 * (1.0 + np.tanh(z / 2.0))
        ps.append(p)
        z -= 2.0 * rate * (p - target) * (p * (1.0 - p) if loss == "squared" else 1.0)  # w and b both move z
    return np.array(ps)


def test_the_sentence_counts_the_steps_of_both(show_with):
    assert show_with(step=0).finding.text == (
        "Both neurons answer 0.9820 where 0 is right. Which loss corrects it sooner?"
    )
    squared, cross = (_independent(2.0, 2.0, 0.0, 0.15, loss, 300) for loss in ("squared", "cross"))
    assert show_with(step=10).finding.text == (
        f"At step 10 cross-entropy answers {cross[10]:.4f}, squared error {squared[10]:.4f}; 0 is right."
    )
    assert [int((ps < 0.25).argmax()) for ps in (cross, squared)] == [27, 278]
    for step in (27, 150, 300):
        sentence = show_with(step=step).finding.text
        assert sentence == "After 27 steps cross-entropy has recovered; squared error needs 278."


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"bias": 8.0}, "After 47 steps cross-entropy has recovered; squared error does not in 300."),
        ({"factor": 100.0}, "After 4 steps squared error has recovered; cross-entropy needs 27."),
        (
            {"weight": 0.0, "bias": 0.0, "target": 0.5},
            "Both neurons start within 0.25 of 0.5: there is nothing to recover from.",
        ),
        (
            {"bias": 90.0, "steps": 5},
            "At step 5 cross-entropy answers 1.000, squared error 1.000; 0 is right.",
        ),
        (
            {"steps": 1, "learning_rate": 1000.0, "bias": -2.0, "target": 1.0, "weight": 0.0},
            "Both losses have recovered by step 1.",
        ),
    ],
)
def test_the_sentence_holds_whatever_happens(show_with, settings, sentence):
    assert show_with(step=settings.get("steps", 300), **settings).finding.text == sentence


def test_the_sentence_says_that_a_neuron_was_thrown_out_again(show_with):
    squared = _independent(2.0, 2.0, 0.3, 45.0, "squared", 3)
    assert np.argmax(np.abs(squared - 0.3) < 0.25) == 2
    said, _, answer = show_with(step=3, target=0.3, factor=300.0).finding.text.partition(": now it says ")
    assert said == "Squared error is within 0.25 of 0.3 at step 2, but leaves again"
    assert float(answer[:-1]) == pytest.approx(squared[3], rel=1e-3)


def test_it_opens_where_the_answers_differ_most(show_with):
    squared, cross = (_independent(2.0, 2.0, 0.0, 0.15, loss, 300) for loss in ("squared", "cross"))
    view = show_with()
    assert view.opens_on(view.at) == int(np.argmax(squared - cross)) == 109
    same = show_with(weight=0.0, bias=0.0, target=0.5)  # both stand still: nothing differs
    assert same.opens_on(same.at) is None


@pytest.mark.parametrize(("target", "edges"), [(0.0, [0.25]), (1.0, [0.75]), (0.5, [0.25, 0.75])])
def test_the_first_edge_within_which_one_has_recovered_has_a_name(show_with, target, edges):
    view = show_with(target=target, tolerance=0.25)
    lines = [one for one in view.answers.curves if one.key in ("level1", "level2")]
    assert [float(one.y[0]) for one in lines] == edges
    assert [one.name for one in lines] == ["recovery threshold", ""][: len(edges)]
