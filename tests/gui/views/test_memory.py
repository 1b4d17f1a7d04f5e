"""*Memory span* on the screen: the gradients of the step, the bias that is dragged, point after point."""

from functools import partial
from math import inf, log

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.config import replaced
from engine.experiments.lstm.memory import EXPERIMENT, MemoryConfig
from engine.optimizers.descent import GradientDescent
from engine.runner import Runner
from gui.look.language import install
from gui.look.numbers import number_text
from gui.look.theme import DARK, LIGHT
from gui.screen.view import Ghost, view_type
from gui.views.lstm.memory import MemoryView
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, recorded, told

VIEW, STEP = MemoryView, 20

SMALL = BEGIN = MemoryConfig(hidden=4, batch_size=8, steps=20, delay=10)


run = partial(recorded, EXPERIMENT)


def texts(view, step=20):
    return "\n".join(block.numbers for block in told(view, step))


def curve(panel, key):
    return next(curve for curve in panel.curves if curve.key == key and not curve.ghost)


def test_the_view_is_found_by_its_name():
    assert view_type("lstm.memory") is MemoryView


def test_the_gradients_are_those_of_the_step(show_with):
    view = show_with()
    for step in (0, 20):
        present_step(view, step)
        for name, shot in view.at.recording.snapshot(step)[1].shots.items():
            line = curve(view.felt, name)
            np.testing.assert_array_equal(line.x, np.arange(11))
            np.testing.assert_allclose(line.y, shot.reach.hidden / shot.reach.hidden[0])


def test_they_can_be_shown_as_they_are(show_with, qtbot):
    view = show_with()
    switch = view.bar["relative"]
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
    shot = view.at.recording.snapshot(20)[1].shots["lstm"]
    np.testing.assert_allclose(curve(view.felt, "lstm").y, shot.reach.hidden)
    np.testing.assert_allclose(curve(view.inside, "cell_state").y, shot.reach.cell)
    assert view.felt.y_axis.label == "‖∂L/∂h‖"
    assert view.felt.title.startswith("Gradient norm ‖∂L/∂h‖ ·")


def test_the_start_stands_faintly_behind(show_with, qtbot):
    view = show_with()
    faint = [line for line in view.felt.curves if line.ghost]
    start = view.at.recording.snapshot(0)[1].shots["rnn"].reach.hidden
    np.testing.assert_allclose(faint[0].y, start / start[0])
    view.bar["starts"].setFocus()
    qtbot.keyClick(view.bar["starts"], Qt.Key.Key_Space)
    assert not any(line.ghost for line in view.felt.curves)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_cell_has_one_colour_in_all_plots(show_with, theme):
    view = show_with(theme=theme)
    colours = {name: curve(view.felt, name).stroke.colour for name in ("rnn", "gru", "lstm")}
    ways = {key: curve(view.inside, key).stroke.colour for key in ("forget_gate", "bias", "update_gate")}
    assert ways == {"forget_gate": colours["lstm"], "bias": colours["lstm"], "update_gate": colours["gru"]}
    assert view.inside.handles[0].stroke.colour == colours["lstm"]
    assert colours["rnn"] not in {line.stroke.colour for line in view.inside.curves}


def test_the_product_of_forget_gates_of_several_biases(show_with):
    view = show_with(forget_bias=1.0)
    assert curve(view.inside, "bias 0").y[10] == pytest.approx(2.0**-10)
    assert curve(view.inside, "bias").y[10] == pytest.approx(0.7310586**10)
    assert not any(line.key == "bias 1" for line in view.inside.curves)
    assert "0.7311" in texts(view)
    assert "σ(1)¹⁰ = 0.0436" in texts(view)


def test_dragging_the_end_of_the_line_sets_the_forget_bias(show_with, qtbot):
    view = show_with()
    edits = []
    view.edited.connect(edits.append)
    plane = view.inside.axes().plane
    start = plane.point(10, np.log10((1 / (1 + np.exp(-2.0))) ** 10)).toPoint()
    to = plane.point(10, np.log10(0.5**10)).toPoint()
    qtbot.mousePress(view.inside.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.inside.viewport(), to)
    qtbot.mouseRelease(view.inside.viewport(), Qt.MouseButton.LeftButton, pos=to)
    assert edits[-1].forget_bias == pytest.approx(0.0, abs=0.1)
    assert replaced(edits[-1], forget_bias=2.0) == view.at.config


def test_the_keys_move_it_too_and_it_stays_within_bounds(show_with, qtbot):
    view = show_with()
    view.inside.setFocus()
    with qtbot.waitSignal(view.edited) as edited:
        qtbot.keyClick(view.inside, Qt.Key.Key_Down)
    assert edited.args[0].forget_bias < 2.0
    for share, bias in ((5.0, 10.0), (0.0, -10.0)):
        with qtbot.waitSignal(view.edited) as edited:
            view.inside.handle_dragged.emit("bias", 10.0, share)
        assert edited.args[0].forget_bias == bias
    view = show_with(forget_bias=-3.03)
    with qtbot.waitSignal(view.edited) as edited:  # though the step is less than 0.01
        qtbot.keyClick(view.inside, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert -3.03 < edited.args[0].forget_bias < -3.02


def test_the_gradients_are_checked_on_demand(show_with, qtbot):
    view = show_with()
    assert not any(block.check for block in told(view, 20))
    with qtbot.waitSignal(view.live_changed):
        qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    checks = [block.check for block in told(view, 20) if block.check is not None]
    assert len(checks) == 2
    assert all(found.passed for found in checks)
    assert "✓" in view.check.badge.text()
    present_step(view, 3)
    assert not any(block.check for block in told(view, 3))
    another = Runner(EXPERIMENT, view.at.config)
    another.drive(3)
    present(view, another.config, another.recording, 3)
    assert view.check.badge.text() == ""


def test_point_after_point_comes_with_its_delay(show_with):
    view = show_with(measured="many", longest=8, step=62)
    assert len(view.accuracy.spans) == 3
    assert curve(view.below, "lstm").x.tolist() == [2, 4, 8]
    present_step(view, 41)
    assert curve(view.below, "lstm").x.tolist() == [2, 4]
    assert curve(view.felt, "lstm").x[-1] == 4
    assert "delay 4:" in texts(view, 41)
    assert "delay 8:" not in texts(view, 41)


def test_a_click_on_a_curve_goes_to_its_step(show_with, qtbot):
    view = show_with()
    spot = view.below.axes().plane.rect.center().toPoint()
    with qtbot.waitSignal(view.step_chosen) as chosen:
        qtbot.mouseClick(view.below.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert chosen.args[0] == 10


def test_guessing_is_drawn(show_with):
    view = show_with()
    assert curve(view.accuracy, "guess").y[0] == 0.25
    assert curve(view.below, "guess").y[0] == log(4)


def test_a_pinned_run_is_drawn_behind(show_with):
    other = replaced(SMALL, forget_bias=0.0)
    recording = run(other)
    view = show_with(ghosts=[Ghost(other, recording, "forget bias: 0")])
    for panel in (view.felt, view.accuracy, view.below):
        assert "forget bias: 0" in [line.name for line in panel.curves if line.ghost]


def test_nothing_left_is_said_in_words(show_with):
    view = show_with(weight_scale=0.0)
    assert "RNN  0.000 (no number is smaller)" in texts(view, 0)
    tiny = show_with(weight_scale=0.001, step=0)
    assert "too small to draw" in texts(tiny, 0)
    shut = show_with(forget_bias=-10.0, delay=100, step=0)
    assert "σ(−10)¹⁰⁰ ≈ 10⁻⁴³⁴" in texts(shut, 0)  # log₁₀ σ(−10) = −4.34296
    assert "over 100 steps: 0.000 (no number is smaller)" in texts(shut, 0)


@pytest.mark.parametrize(
    ("settings", "theme"),
    in_turn(
        [
            {"delay": 1, "steps": 1},
            {"weight_scale": 10.0, "forget_bias": -10.0, "update_bias": 10.0},
            {"classes": 10, "batch_size": 1, "noise": 10.0},
            {"optimizer": GradientDescent(learning_rate=1000.0), "weight_scale": 10.0, "delay": 60},
            {"optimizer": GradientDescent(learning_rate=inf)},
            {"optimizer": GradientDescent(learning_rate=inf), "measured": "many", "longest": 4},
        ]
    ),
)
def test_extremes_are_drawn(show_with, theme, settings):
    view = show_with(theme=theme, **settings)
    view.repaint()
    words = texts(view, view.at.recording.last).lower()
    assert "nan" not in words
    assert "inf" not in words.replace("finite", "")


def test_in_chinese(show_with, qapp):
    install(qapp, "zh_CN")
    try:
        view = show_with()
        assert "往回 10 步" in texts(view)
        assert view.below.title == "每个批次的损失"
    finally:
        install(qapp, "en")


def test_the_data_behind_every_plot(show_with):
    view = show_with(measured="many", longest=4, step=41)
    for panel in view.panels():
        assert len(panel.table()) >= 4


def test_the_ranges_are_those_of_the_run_and_not_of_the_one_before(show_with):
    view = show_with(weight_scale=0.001)
    assert view.felt.home[1][0] < -25
    present(view, SMALL, run(SMALL), 5)
    assert view.felt.home[1][0] > -12


def said(view, step):
    present_step(view, step)
    view.catch_up()
    return view.finding.text


def test_the_sentence_tells_what_is_left_and_what_was_learned(show_with):
    view = show_with()
    for step in (0, 7, 20):
        shots = view.at.recording.snapshot(step)[1].shots
        left = {name: shots[name].reach.hidden[10] / shots[name].reach.hidden[0] for name in shots}
        right = {name: view.at.recording.column(f"{name}.accuracy")[10 * (step // 10)] for name in shots}
        numbers = [number_text(left[name]).strip() for name in ("lstm", "gru", "rnn")]
        shares = ", ".join(f"{100 * right[name]:.0f} %" for name in ("lstm", "gru", "rnn"))
        assert said(view, step) == (
            f"Relative gradient 10 steps back: LSTM {numbers[0]}, GRU {numbers[1]}, RNN {numbers[2]}. "
            f"Accuracy: {shares} (chance: 25 %)."
        )


def test_after_the_last_delay_the_sentence_tells_the_longest_that_was_learned(show_with):
    view = show_with(measured="many", longest=4, steps=60, hidden=8, batch_size=32, step=inf)
    longest = []
    for name in ("lstm", "gru", "rnn"):
        right = view.at.recording.column(f"{name}.accuracy")
        longest.append(4 if right[121] >= 0.9 else 2 if right[60] >= 0.9 else "–")
    assert view.finding.text == (
        "Longest delay with 90 % accuracy: LSTM {}, GRU {}, RNN {} steps.".format(*longest)
    )
    assert 4 in longest
    assert said(view, 100).startswith("Relative gradient 4 steps back")


def test_the_sentence_has_a_dash_for_a_cell_that_left_the_numbers(show_with):
    view = show_with(optimizer=GradientDescent(learning_rate=inf))
    assert view.finding.text.endswith("Accuracy: – %, – %, – % (chance: 25 %).")
    assert "nan" not in view.finding.text
    assert "RNN 0.000." in show_with(weight_scale=0.0, step=0).finding.text


def test_the_page_rests_where_the_lstm_has_learned(show_with):
    view = show_with(delay=2, steps=60, hidden=8, batch_size=32)
    right = view.at.recording.column("lstm.accuracy")
    step = view.opens_on(view.at)
    assert right[step] >= 0.9
    assert not (right[:step] >= 0.9).any()

    assert show_with(measured="many", longest=4).opens_on(show_with(measured="many", longest=4).at) is None
