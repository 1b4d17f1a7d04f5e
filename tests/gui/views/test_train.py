"""Training on sequences as a user drives it: curves, gates, text, scrubbing, the check."""

from functools import partial
from math import inf, log
from threading import get_ident

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from engine.changes import Change
from engine.config import replaced
from engine.experiments.lstm.train import EXPERIMENT
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_inspection import correlations, follow, separators, write
from engine.experiments.lstm.train_tasks import Adding, Echo, RecallTask, Sine
from engine.experiments.lstm.train_texts import Text
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from engine.recording import Recording
from engine.runner import Finish, Runner
from engine.session import load
from gui.app.examples import example_files
from gui.export.export import picture
from gui.screen.view import Ghost, view_type
from gui.views.lstm import train
from gui.views.lstm.train import WRITTEN, TrainView
from gui.views.lstm.train_options import TrainOptions
from tests.gui.plots.conftest import mouse, painted
from tests.gui.themes import in_turn
from tests.gui.views.moments import present, present_step, ran, told

SHORT = TrainConfig(task=Text(length=12), hidden=10, batch_size=4, steps=40, beside="rnn")


trained = partial(ran, EXPERIMENT)


@pytest.fixture(scope="module")
def run():
    return trained(SHORT)


VIEW = TrainView


def test_a_new_run_has_not_written_what_the_last_one_wrote(show, run, qtbot):
    view = show(run)
    assert view.written.title.startswith("Written by the LSTM after step")
    present(view, SHORT, Recording(), 0)
    qtbot.waitUntil(lambda: view.written.title == "")
    assert columns(view.written) in ({}, {"text": ""}) or not any(map(len, columns(view.written).values()))


def test_a_run_that_comes_back_is_asked_again(show, run, qtbot):
    view = show(run)
    text = view.written.text
    present(view, SHORT, Recording(), 0)
    qtbot.waitUntil(lambda: view.written.text == "")
    present(view, run.config, run.recording, 40)
    assert view.written.text == text
    assert len(columns(view.coloured)["value"])


def columns(panel):
    return dict(panel.table())


def test_the_view_is_found_by_its_name():
    assert view_type("lstm.train") is TrainView


def test_curves_are_the_recording_and_the_uniform_guess_is_a_line(show, run):
    view = show(run)
    loss = columns(view.loss)
    assert np.array_equal(loss["LSTM, batch (nats)"], run.recording.column("first.loss"))
    held_out = run.recording.column("second.held_out")
    assert np.array_equal(loss["RNN (nats)"], held_out[~np.isnan(held_out)])
    characters = len(run.recording.data.names)
    assert set(loss["uniform guess (nats)"]) == {log(characters)}
    norm = columns(view.norm)
    assert np.array_equal(norm["RNN"], run.recording.column("second.norm")[1:])
    assert set(norm["clip"]) == {1.0}


def test_where_gradients_are_clipped_is_told_for_each_step(show):
    """Never in three steps, then at 0.05 in three, then at 0.5 to the end."""
    changes = Change(3, "clip", 0.05), Change(6, "clip", 0.5)
    run = ran(EXPERIMENT, replaced(SHORT, clip=0.0, changes=changes))
    view = show(run, 3)
    assert told(view)[-1].latex == ""
    (line,) = [one for one in view.norm.curves if one.key == "clip"]
    last = line.x[-1]
    assert line.x.tolist() == [3.0, 6.0, 6.0, 6.0, last]
    assert line.y[[0, 1, 3, 4]].tolist() == [0.05, 0.05, 0.5, 0.5]
    assert last >= run.recording.last
    clipped = run.recording.column("first.clipped")
    norm = run.recording.column("first.norm")
    assert clipped[1:4].tolist() == norm[1:4].tolist()
    assert clipped[4:7] == pytest.approx(np.minimum(norm[4:7], 0.05))
    gradient = next(one for one in told(show(run, 4)) if "clipped" in one.numbers)
    assert gradient.latex


def test_scrubbing_shows_text_and_gates_as_they_were(show, run):
    view = show(run, unit=1)
    seen = {}
    for step in (40, 0, 20):
        present_step(view, step)
        shot = run.recording.snapshot(step)[1]
        assert view.written.text == "".join(
            write(SHORT, SHORT.task.prepare(), shot, 0, view.options.temperature, WRITTEN)
        )
        gates = follow(SHORT, SHORT.task.prepare(), shot, 0).run.gates
        (_, numbers), *cells = view.heat.table()
        values, units = np.array([column for _, column in cells]), np.array(numbers, int) - 1
        assert values == pytest.approx(gates.hidden_state[: len(values), 0, units], abs=1e-6)
        assert columns(view.coloured)["value"] == pytest.approx(gates.hidden_state[:, 0, 0])
        seen[step] = view.written.text
    assert len(set(seen.values())) == 3


def test_the_opening_words_are_typed(show, run, qtbot):
    view = show(run)
    line = view.below["words"]
    with qtbot.waitSignal(view.options_changed):
        qtbot.keyClicks(line, "Al")
    qtbot.keyClicks(line, "ice")
    assert view.options.words == "Alice"
    assert view.written.text.startswith("Alice")
    assert "Written by the LSTM after step 40" in view.written.title
    line.setText("")
    typed = QInputMethodEvent()
    typed.setCommitString("é\u2603Alice")
    QApplication.sendEvent(line, typed)
    assert view.written.text.startswith("Alice")
    assert view.written.title == (
        "Not in the text: “é\u2603” · Written by the LSTM after step 40 · grey: the prompt"
    )
    line.setText("x" * 198)
    qtbot.keyClicks(line, "x" * 5)
    assert len(view.options.words) == 200
    again = show(run, words="Alice")
    assert again.below["words"].text() == "Alice"
    assert again.written.text.startswith("Alice")


def test_gate_unit_model_and_temperature_are_chosen(show, run, qtbot):
    view = show(run, unit=1)
    shot = run.recording.snapshot(40)[1]
    box = view.bar["gate"]
    assert [box.itemData(k) for k in range(box.count())] == [
        "hidden_state",
        "cell_state",
        "forget_gate",
        "input_gate",
        "candidate",
        "output_gate",
    ]
    with qtbot.waitSignal(view.options_changed):
        box.setCurrentIndex(2)
    gates = follow(SHORT, SHORT.task.prepare(), shot, 0).run.gates
    assert columns(view.coloured)["value"] == pytest.approx(gates.forget_gate[:, 0, 0])
    view.bar["unit"].setFocus()
    qtbot.keyClick(view.bar["unit"], Qt.Key.Key_Up)
    assert view.options.unit == 2
    assert columns(view.coloured)["value"] == pytest.approx(gates.forget_gate[:, 0, 1])
    before = view.written.text
    view.below["temperature"].slider.setFocus()
    qtbot.keyClick(view.below["temperature"].slider, Qt.Key.Key_PageUp)
    assert view.options.temperature == pytest.approx(0.8)
    assert view.written.text != before
    view.bar["model"].setCurrentIndex(1)
    assert "RNN" in view.written.title
    assert view.bar["gate"].count() == 1, "a plain cell has no gates"
    assert view.heat.title.startswith("RNN: Hidden state")


def test_a_click_on_the_heat_map_chooses_the_unit_and_hover_gives_the_number(show, run, qtbot):
    view = show(run, gate="cell_state")
    heat = view.heat
    painted(heat)
    grid = heat._grid(heat._content(QRectF(heat.rect())))
    row = columns(heat)["unit, sorted"].index("7")
    cell = heat._cell(grid, row, 3).center()
    mouse(heat, "move", cell)
    shot = run.recording.snapshot(40)[1]
    value = float(follow(SHORT, SHORT.task.prepare(), shot, 0).run.gates.cell_state[3, 0, 6])
    assert "unit 7, time step 4 “s”" in heat.title
    shown = heat.title.split(": ")[1].replace("−", "-")
    assert float(shown) == pytest.approx(value, rel=1e-3)
    mouse(heat, "press", cell)
    assert view.options.unit != 7  # it may become a drag
    mouse(heat, "release", cell)
    assert view.options.unit == 7
    assert view.coloured.title.startswith("Unit 7")


def test_the_units_are_sorted_by_what_they_tell_of_a_text_and_the_first_is_shown(show, run):
    view = show(run)
    hidden = follow(SHORT, SHORT.task.prepare(), run.recording.snapshot(40)[1], 0).run.gates.hidden_state[
        :, 0
    ]
    between = [not letter.isalnum() for letter in view.coloured.text]
    r = np.corrcoef(hidden.T, between)[-1, :-1]
    numbers = [int(name) for name in columns(view.heat)["unit, sorted"]]
    assert numbers == [*(np.argsort(-r) + 1)]
    assert columns(view.coloured)["value"] == pytest.approx(hidden[:, numbers[0] - 1])
    assert view.coloured.title == (
        f"Unit {numbers[0]}: Hidden state h · r = {r.max():.2f} with word breaks · after step 40"
    )
    assert view.heat.title == "LSTM: Hidden state h of all units, after step 40"
    view.coloured.resize(400, 200)
    assert view.coloured.heading(True) == f"Unit {numbers[0]}: Hidden state h · after step 40"
    view.coloured.resize(900, 200)
    assert view.coloured.heading(True) == view.coloured.title, "the scale has room beside it"
    assert view.heat.selection == (0, 0)
    assert view.bar["unit"].text() == "auto"


def test_a_unit_that_never_changes_tells_nothing():
    values = np.array([[1.0, 0.0, np.nan], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert correlations(values, separators("a b")) == pytest.approx([0.0, 1.0, 0.0])


def test_the_gradients_are_checked_on_demand(show, run, qtbot):
    view = show(run)
    qtbot.mouseClick(view.check.button, Qt.MouseButton.LeftButton)
    assert "✓" in view.check.badge.text()
    checks = [block.check for block in told(view, 40) if block.check]
    assert [check.passed for check in checks] == [True]
    assert [block.check for block in told(view, 20) if block.check] == []


def test_live_numbers_of_the_step(show, run):
    view = show(run, step=40)
    blocks = {block.title: block for block in told(view, 40)}
    loss = run.recording.column("first.loss")[40]
    assert f"LSTM, this batch: {loss:.3f}" in blocks["Loss"].numbers
    assert "clipped" in blocks["Gradient"].numbers
    assert told(view, 0)[1].numbers == ""
    assert not any(block.latex and "3" in block.latex for block in blocks.values())


TASKS = [RecallTask(delay=4), Echo(delay=2, length=10), Adding(length=10), Sine(length=20, period=8)]


@pytest.mark.parametrize(("task", "theme"), in_turn(TASKS))
def test_every_task_is_drawn_and_exported(show, task, theme):
    runner = trained(replaced(SHORT, task=task, steps=6))
    view = show(runner, theme=theme)
    shown = view.panels()
    assert view.sequence in shown
    assert view.written not in shown
    assert view.below["temperature"].isHidden()
    for panel in shown:
        painted(panel)
        assert all(len(column) for _, column in panel.table())
    for step in (0, 6):
        present_step(view, step)
    assert not picture(view.sequence, (400, 300)).isNull()


def test_numbers_under_the_curves_of_a_wave(show):
    runner = trained(replaced(SHORT, task=Sine(length=20, period=8), steps=6))
    view = show(runner)
    table = columns(view.sequence)
    assert len(table["heard"]) == 20
    assert len(table["LSTM"]) == len(table["RNN"]) == 20 + 24
    assert [span.x0 for span in view.sequence.spans] == [20]


def test_in_a_low_window_two_rows_are_left_and_all_come_back(show, run):
    view = show(run)
    everything = set(view.panels())
    assert {view.heat, view.norm} < everything
    view.resize(900, 380)
    assert set(view.panels()) == everything - {view.heat, view.norm}
    assert view.written.isVisible()
    view.resize(900, 700)
    assert set(view.panels()) == everything
    assert view.heat.isVisible()


def test_while_it_learns_the_engines_thread_looks_inside(show, run, engine, qtbot, monkeypatch):
    view = show(run, step=0, unit=1)
    view.questions.use(engine)
    threads = set()

    def noted(*arguments):
        threads.add(get_ident())
        return follow(*arguments)

    monkeypatch.setattr(train, "follow", noted)
    growing = Runner(EXPERIMENT, SHORT)
    present(view, SHORT, growing.recording, 0)
    for goal in (0, 1, 2):
        growing.drive(goal)
        present(view, SHORT, growing.recording, inf)
    assert "step 0" in view.written.title
    shot = growing.recording.snapshot(2)[1]
    state = follow(SHORT, SHORT.task.prepare(), shot, 0).run.gates.hidden_state[:, 0, 0]
    qtbot.waitUntil(lambda: "step 2" in view.written.title)  # two answers, which come one after the other
    qtbot.waitUntil(lambda: np.allclose(columns(view.coloured)["value"], state))
    assert get_ident() not in threads
    growing.drive(3)
    present_step(view, 3)
    view.catch_up()
    assert "step 3" in view.written.title


def test_the_old_text_stands_until_there_is_another(show, run, engine, qtbot):
    view = show(run)
    text = view.written.text
    view.questions.use(engine)
    again = trained(replaced(SHORT, seed=5, steps=3))
    QApplication.processEvents()  # the first picture of the window may take longer than the old text stands
    with engine.held():
        present(view, again.config, again.recording, 3)
        QApplication.processEvents()
        assert view.written.text == text
    qtbot.waitUntil(lambda: "step 3" in view.written.title)
    shot = again.recording.snapshot(3)[1]
    assert view.written.text == "".join(
        write(again.config, again.config.task.prepare(), shot, 0, view.options.temperature, WRITTEN)[:2]
    )


def test_a_diverged_run_is_still_drawn(show):
    rule = GradientDescent(learning_rate=1000.0)
    runner = trained(
        replaced(SHORT, task=Sine(noise=1.0), cell="rnn", clip=0.0, optimizer=rule, beside="none")
    )
    assert runner.finish is Finish.DIVERGED
    view = show(runner)
    for panel in view.panels():
        painted(panel)
    told(view, runner.recording.last)


def test_two_layers_can_be_looked_into(show):
    runner = trained(replaced(SHORT, layers=2, steps=3))
    view = show(runner, layer=2, unit=1)
    shot = runner.recording.snapshot(3)[1]
    upper = follow(runner.config, runner.config.task.prepare(), shot, 0, 2).run.gates.hidden_state
    assert columns(view.coloured)["value"] == pytest.approx(upper[:, 0, 0])
    assert not view.bar["layer"].isHidden()
    one = trained(replaced(SHORT, beside="none", steps=3))
    present(view, one.config, one.recording, 3)
    assert view.bar["layer"].isHidden()
    assert view.bar["model"].isHidden()
    present(view, runner.config, runner.recording, 3)
    assert view.bar["layer"].currentText() == "Layer 2"
    assert not view.bar["model"].isHidden()


def test_pinned_runs_stand_behind(show, run):
    pinned = trained(replaced(SHORT, steps=20, beside="none", cell="gru"))
    view = show(run, ghosts=[Ghost(pinned.config, pinned.recording, "GRU")])
    ghosts = [curve for curve in view.loss.curves if curve.ghost]
    assert [curve.name for curve in ghosts] == ["GRU"]


def test_the_examples_load_and_run():
    wanted = ("english-with-an-LSTM", "a-wave-that-goes-on")
    found = [path for path in example_files() if path.name.startswith(wanted)]
    assert len(found) == 2
    for path in found:
        config = load(path).experiments["lstm.train"]
        assert isinstance(config, TrainConfig)
        next(EXPERIMENT.run(config, config.task.prepare()))


def said(show, runner, step):
    view = show(runner, step)
    view.catch_up()
    return view.finding.text


def test_the_sentence_tells_among_how_many_characters_one_chooses(show, run):
    held = [run.recording.column(f"{slot}.held_out") for slot in ("first", "second")]
    for step, measured in ((40, 40), (35, 20), (0, 0)):
        one, other = (2.718281828459045 ** column[measured] for column in held)
        assert said(show, run, step).startswith(
            f"Perplexity (choices for the next character) after {step} steps: "
            f"LSTM {one:.1f}, RNN {other:.1f} (by frequencies "
        )
    assert f"uniform {len(run.recording.data.names)}.0)." in said(show, run, 40)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_the_sentence_of_a_task_without_text_has_its_measure(show, task):
    runner = trained(replaced(SHORT, task=task, steps=6))
    told = said(show, runner, 6)
    measured, start = (
        ("right", "Accuracy")
        if "first.right" in runner.recording.names
        else ("held_out", "Held-out squared error")
    )
    value = runner.recording.column(f"first.{measured}")
    newest = value[~np.isnan(value)][-1]
    number = f"{100 * newest:.0f} %" if measured == "right" else f"{newest:.4f}"[:5]
    assert told.startswith(f"{start} after 6 steps: LSTM {number}")


def test_the_page_rests_where_the_network_has_used_what_it_read(show, run):
    view = show(run)
    assert view.opens_on(view.at) is None
    runner = trained(
        replaced(SHORT, task=Sine(length=20, period=8), steps=60, optimizer=Adam(learning_rate=0.02))
    )
    held = runner.recording.column("first.held_out")
    low = [step for step, loss in enumerate(held) if loss <= 0.25]  # half of what the mean errs
    view = show(runner)
    assert view.opens_on(view.at) == (low[0] if low else None)
    assert low


def test_squared_errors_begin_on_a_log_axis_and_cross_entropies_do_not():
    text, wave, sums = TrainConfig(), TrainConfig(task=Sine()), TrainConfig(task=Adding())
    linear, log = TrainOptions(), TrainOptions(log_loss=True)
    for before, after, options, expected in (
        (text, wave, linear, log),
        (wave, text, log, linear),
        (wave, sums, linear, linear),  # the user's choice stays
        (text, replaced(text, steps=7), log, log),
    ):
        assert TrainView.followed(options, before, after) == (expected, after)
