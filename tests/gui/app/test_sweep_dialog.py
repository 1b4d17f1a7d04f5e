"""Run ▸ Sweep… as a user works it: asked for, made, shown, and a run of it in its experiment."""

import csv
import itertools
import sqlite3
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from shiboken6 import isValid

from engine.config import Problem, replaced
from engine.optimizers.table import OPTIMIZERS
from engine.sweeps.axis import SweepAxis
from engine.sweeps.plan import SweepPlan
from engine.sweeps.probe import probe
from engine.sweeps.processes import Workers
from engine.sweeps.store import SweepStore
from gui.app import sweep_files, sweep_form, sweep_threads
from gui.app.menu_items import bare
from gui.app.sweep_dialog import SweepDialog
from gui.app.threads import threads
from gui.look.messages import Button
from gui.look.numbers import short_text
from tests.gui.app.test_drops import drop

RACE = "optimizers.race"
RATE = "racers[0].learning_rate"

pytestmark = pytest.mark.opens_on(RACE)


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The folder of the results; runs are made in a thread, which a sweep with processes is tested beside."""
    monkeypatch.setattr(sweep_files, "data_folder", lambda: tmp_path)

    def here(count=0):
        executor = ThreadPoolExecutor(1)
        return Workers(executor, 1, lambda: executor.shutdown(wait=True, cancel_futures=True))

    monkeypatch.setattr(sweep_form, "processes", here)
    return tmp_path / "sweeps" / f"{RACE}.sweep"


def five(count=0):
    """Workers that make five runs, and no more until they are ended."""
    executor, asked = ThreadPoolExecutor(1), itertools.count()

    class Five(Executor):
        def submit(self, *words):
            return executor.submit(*words) if next(asked) < 5 else Future()

    return Workers(Five(), 1, executor.shutdown)


@pytest.fixture
def dialog(window, qtbot, results):
    racers = (OPTIMIZERS["sgd"](learning_rate=0.001),)
    window.playback.edit(replaced(window.playback.config, racers=racers, noise=0.1, steps=40))
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    action(window, "Sweep…").trigger()
    made = window.findChild(SweepDialog)
    rested(made, qtbot)
    yield made
    if isValid(made):
        made.close()


def action(window, text):
    for menu in window.menuBar().findChildren(QMenu):
        for one in menu.actions():
            if isinstance(one, QAction) and bare(one.text()) == text:
                return one
    raise AssertionError(text)


def rested(dialog, qtbot):
    """Wait until nothing is asked, begun or drawn any more."""

    def rests():
        timers = (dialog._wait, dialog.seen.redraw)
        return (
            dialog.jobs.work is None
            and dialog.jobs.probe is None
            and not any(one.isActive() for one in timers)
        )

    qtbot.waitUntil(rests, timeout=20_000)


def typed(line, text):
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def chosen(combo, data):
    combo.setFocus()
    while combo.currentData() != data:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() != before, data


def run(dialog, qtbot):
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    rested(dialog, qtbot)
    assert len(dialog.seen.results) == dialog.seen.plan.count


def place(panel, x):
    axes = panel.axes()
    return QPoint(round(float(axes.plane.px(axes.x.coordinate(x)))), round(axes.plane.rect.center().y()))


def test_a_sweep_is_made_and_a_click_has_the_run_with_the_same_numbers(window, dialog, qtbot):
    before = window.playback.config
    assert dialog.form.first.path == RATE
    assert dialog.estimate.text().startswith("7 runs, about ")
    shown = [dialog.form.scalar.itemText(k) for k in range(dialog.form.scalar.count())]
    assert shown == ["x · SGD", "y · SGD", "f · SGD"], "in words, where the terminal has 0.x, 0.y, 0.f"
    typed(dialog.form.first.line, "0.0005,0.001,0.002")
    QTest.keyClick(dialog.form.seeds, Qt.Key.Key_Up)
    assert dialog.form.first.meaning.text() == "3 values: 0.0005, 0.001, 0.002"
    assert dialog.estimate.text().startswith("6 runs")
    run(dialog, qtbot)
    assert dialog.seen.finding.text().startswith("Best: Learning rate 0.00")
    holm = "(sign test with Holm’s correction, comparisons: 2, p ≤ 0.1)"
    assert dialog.seen.finding.text().endswith(f"To tell it from others takes at least 6 seeds {holm}.")
    heights = {mark.y for mark in dialog.seen.curve.marks if mark.x == 0.002}
    QTest.mouseClick(
        dialog.seen.curve.viewport(), Qt.MouseButton.LeftButton, pos=place(dialog.seen.curve, 0.0019)
    )
    qtbot.waitUntil(lambda: window.playback.step == 40)
    assert window.playback.config.racers[0].learning_rate == 0.002
    shown = float(window.playback.runner.recording.column("0.f")[40])
    assert shown in heights, "to the last bit"
    seed = window.playback.config.seed
    words = f"On the screen: Learning rate 0.002, seed {seed}; {short_text(shown, 4)}."
    assert dialog.seen.shown.text() == words
    window.undo()
    assert window.playback.config == before


def test_two_settings_are_a_map_with_a_star_at_the_best_and_a_frame_at_the_chosen_cell(window, dialog, qtbot):
    typed(dialog.form.first.line, "0.0005,0.001,5")
    chosen(dialog.form.second.choice, "steps")
    typed(dialog.form.second.line, "20,40")
    run(dialog, qtbot)
    panel = dialog.seen.map
    assert dialog.seen.pictures.currentWidget() is panel
    head, *columns = panel.table()
    assert head == ("Steps", ["20", "40"])
    assert [name for name, _ in columns] == ["0.0005", "0.001", "5"]
    assert np.isinf(columns[2][1]).all(), "this rate diverges"
    lost = "Diverged: Learning rate 5, Steps 20; Learning rate 5, Steps 40."
    assert lost in dialog.seen.finding.text().splitlines()
    best = min((columns[c][1][r], (r, c)) for r in (0, 1) for c in (0, 1))[1]
    assert (panel.best, panel.selection) == (best, None)
    assert panel._told(best).endswith(" · best")
    spot = panel._cell(panel._grid(panel.axes().outer), 0, 1).center().toPoint()
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: window.playback.config.steps == 20)
    assert window.playback.config.racers[0].learning_rate == 0.001
    dialog.seen.show_now()
    assert (panel.best, panel.selection) == (best, (0, 1)), "the frame stays where the click was"


def test_what_cannot_be_is_said_beside_the_form_and_cannot_be_started(dialog, qtbot):
    typed(dialog.form.first.line, "0.001..")
    assert "Learning rate: " in dialog.form.problem.text()
    assert dialog.form.first.meaning.text() == "", "not what was typed before"
    assert not dialog.start.isEnabled()
    dialog.form.first.line.clear()
    typed(dialog.form.first.line, " ")
    assert "Write values, such as" in dialog.form.problem.text()
    typed(dialog.form.first.line, "0.001")
    assert dialog.form.first.meaning.text() == "One value: 0.001"
    typed(dialog.form.first.line, "0.001,0.002")
    assert dialog.form.problem.text() == ""
    assert dialog.start.isEnabled()
    chosen(dialog.form.how, "below")
    typed(dialog.form.limit, "x")
    assert "x is no number" in dialog.form.problem.text()


def test_a_stop_keeps_what_was_made_and_the_next_start_goes_on(dialog, qtbot, results, monkeypatch):
    typed(dialog.form.first.line, "0.0005..0.002:9")
    rested(dialog, qtbot)
    with monkeypatch.context() as slow:
        slow.setattr(sweep_form, "processes", five)
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        assert dialog.start.text() == "Stop"
        qtbot.waitUntil(lambda: len(dialog.seen.results) == 5)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert not dialog.start.isEnabled(), "nobody waits until the runs have ended"
    rested(dialog, qtbot)
    assert (dialog.start.text(), dialog.start.isEnabled()) == ("Go on", True)
    assert len(dialog.seen.results) == 5 < dialog.seen.plan.count
    QTest.keyClick(dialog.form.seeds, Qt.Key.Key_Up)
    rested(dialog, qtbot)
    assert dialog.seen.plan.seeds == 2
    assert "same numbers" not in dialog.seen.finding.text(), "one seed of each tells nothing of chance"
    QTest.keyClick(dialog.form.seeds, Qt.Key.Key_Down)
    typed(dialog.form.first.line, "0.0005..0.002:8")
    assert dialog.start.text() == "Run the sweep"
    typed(dialog.form.first.line, "0.0005..0.002:9")
    rested(dialog, qtbot)
    assert dialog.start.text() == "Go on", "as the look at what is known tells"
    run(dialog, qtbot)
    assert dialog.start.text() == "Run the sweep"
    assert results.exists()


@pytest.fixture
def slow_probe(monkeypatch):
    """The probe of a sweep begins, and goes on once it is let."""
    let = threading.Event()

    def slow(plan, **named):
        let.wait()
        return probe(plan, 0.01, **named)

    monkeypatch.setattr(sweep_threads, "probe", slow)
    yield let
    let.set()


def opened_at_once(window, qtbot):
    window.show_experiment(RACE)
    action(window, "Sweep…").trigger()
    dialog = window.findChild(SweepDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_a_press_before_it_is_known_what_can_be_measured_waits_for_nothing_in_the_window(
    window, qtbot, results, slow_probe
):
    dialog = opened_at_once(window, qtbot)
    typed(dialog.form.first.line, "0.0005,0.001")
    for text in ("Stop", "Run the sweep", "Stop"):
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        assert dialog.start.text() == text
    assert dialog.jobs.work is None
    assert dialog.estimate.text().startswith("It begins as soon as")
    slow_probe.set()
    qtbot.waitUntil(lambda: len(dialog.seen.results) == 2)
    assert dialog.seen.plan.measure == "0.f:end", "no measure that this experiment does not have"
    rested(dialog, qtbot)
    assert dialog.start.text() == "Run the sweep"
    dialog.close()


def test_what_a_probe_finds_wrong_stays_and_nothing_is_said_to_begin(window, qtbot, results, monkeypatch):
    def failing(plan, **_named):
        raise Problem("Too little memory")

    monkeypatch.setattr(sweep_threads, "probe", failing)
    dialog = opened_at_once(window, qtbot)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.start.text() == "Run the sweep" and dialog.jobs.probe is None)
    assert dialog.form.problem.text() == "Too little memory"
    assert dialog.estimate.text() == ""
    dialog.close()


def test_a_press_outlasts_what_is_wrong_with_values_that_are_not_wanted_any_more(
    window, qtbot, results, monkeypatch, request
):
    let = threading.Event()
    request.addfinalizer(let.set)

    def picky(plan, **named):
        let.wait()
        if plan.count != 2:
            raise Problem("Too little memory")
        return probe(plan, 0.01, **named)

    monkeypatch.setattr(sweep_threads, "probe", picky)
    dialog = opened_at_once(window, qtbot)
    qtbot.waitUntil(lambda: dialog.jobs.probe is not None)
    typed(dialog.form.first.line, "0.0005,0.001")
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    let.set()
    qtbot.waitUntil(lambda: len(dialog.seen.results) == 2)
    assert dialog.form.problem.text() == ""
    rested(dialog, qtbot)
    dialog.close()


def test_a_dialog_that_closes_waits_for_nothing_and_the_next_one_takes_its_file_over(
    window, qtbot, results, slow_probe, monkeypatch, request
):
    dialog = opened_at_once(window, qtbot)
    qtbot.waitUntil(lambda: dialog.jobs.probe is not None)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    assert len(threads().running) == 1
    slow_probe.set()
    qtbot.waitUntil(lambda: not threads().running)
    dialog = opened_at_once(window, qtbot)
    typed(dialog.form.first.line, "0.0005..0.002:9")
    rested(dialog, qtbot)
    ended = threading.Event()
    request.addfinalizer(ended.set)  # else a failure here would wait for ever

    def ending_late(count=0):
        workers = five()
        return Workers(workers.executor, 1, lambda: (ended.wait(), workers.end()))

    with monkeypatch.context() as slow:
        slow.setattr(sweep_form, "processes", ending_late)
        QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: len(dialog.seen.results) == 5)
    with qtbot.waitSignal(dialog.destroyed):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog = opened_at_once(window, qtbot)
    typed(dialog.form.first.line, "0.0005..0.002:9")
    rested(dialog, qtbot)
    assert len(dialog.seen.results) == 5
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    ended.set()
    rested(dialog, qtbot)
    assert dialog.form.problem.text() == ""
    assert len(dialog.seen.results) == dialog.seen.plan.count == 9
    dialog.close()


def test_escape_ends_the_work_and_closes(window, dialog, qtbot, monkeypatch):
    monkeypatch.setattr(sweep_form, "processes", five)
    typed(dialog.form.first.line, "0.0005..0.002:9")
    rested(dialog, qtbot)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.seen.results) == 5)
    work, gone = dialog.jobs.work, []
    work.finished.connect(lambda: gone.append("work"))
    dialog.destroyed.connect(lambda: gone.append("dialog"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: sorted(gone) == ["dialog", "work"])
    assert window.findChild(SweepDialog) is None


def test_results_are_saved_as_a_table_and_a_picture_and_opened_again(
    dialog, qtbot, tmp_path, monkeypatch, results
):
    typed(dialog.form.first.line, "0.0005,0.001")
    chosen(dialog.form.how, "area")
    run(dialog, qtbot)
    for button, name in ((dialog.seen.table, "runs.csv"), (dialog.seen.picture, "sweep.png")):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words, path=path: (str(path), ""))
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert path.stat().st_size > 100
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row[RATE] for row in rows] == ["0.0005", "0.001"]
    assert [float(row["0.f:area"]) for row in rows] == dialog.seen.curve.table()[1][1].tolist()
    typed(dialog.form.first.line, "0.003,0.004,0.005")
    rested(dialog, qtbot)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(results), ""))
    QTest.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    rested(dialog, qtbot)
    assert len(dialog.seen.results) == 2, "those of the sweep for which the file was last used"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(tmp_path / "runs.csv"), ""))
    QTest.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    assert "is no file of sweeps" in dialog.form.problem.text()


def test_what_is_proposed_has_as_many_values_as_it_says_and_nothing_is_saved_before_a_run(
    window, qtbot, results
):
    window.show_experiment("losses.classifier")
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    action(window, "Sweep…").trigger()
    dialog = window.findChild(SweepDialog)
    assert not dialog.seen.picture.isEnabled()
    assert not dialog.seen.table.isEnabled()
    dialog.form.first.choice.setCurrentIndex(0)
    chosen(dialog.form.first.choice, "layers")
    assert dialog.form.first.line.text() == "0..4:5"
    assert dialog.form.first.meaning.text() == "5 values: 0, 1, 2, 3, 4"
    rested(dialog, qtbot)
    assert not dialog.seen.picture.isEnabled()
    dialog.close()


def test_results_are_opened_by_a_drop_and_by_open(window, dialog, qtbot, results, tmp_path, monkeypatch):
    """Each time in a dialog of their own, beside their experiment, whose settings stay as they are."""
    typed(dialog.form.first.line, "0.0005,0.001")
    run(dialog, qtbot)
    numbers = dialog.seen.curve.table()[1][1].tolist()
    dialog.close()
    with sqlite3.connect(results) as made:
        made.execute("INSERT INTO runs SELECT key || '-', experiment, config, 'older', result FROM runs")
    made.close()
    config = replaced(window.playback.config, noise=0.2)
    window.playback.edit(config)
    file = results.rename(tmp_path / "mine.sweep")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(file), ""))
    for way in (lambda: drop(window, QUrl.fromLocalFile(str(file))), window.documents.open):
        window.show_experiment("losses.neuron")
        way()
        qtbot.waitUntil(lambda: any(not one.isHidden() for one in window.findChildren(SweepDialog)))
        (opened,) = (one for one in window.findChildren(SweepDialog) if not one.isHidden())
        rested(opened, qtbot)
        assert window.playback.experiment.name == RACE
        assert window.playback.config == config
        assert opened.windowTitle() == "Sweep: Race – mine.sweep"
        assert (opened.form.first.path, opened.form.first.line.text()) == (RATE, "0.0005, 0.001")
        assert opened.seen.curve.table()[1][1].tolist() == numbers
        assert "version" not in opened.seen.finding.text()
        typed(opened.form.first.line, "0.003,0.004")
        rested(opened, qtbot)
        other = "2 runs in this file are of another version of Nabla, and do not count."
        assert opened.seen.finding.text() == f"No run has a number yet.\n{other}"
        opened.close()


SWAPPED = "UPDATE plan SET plan = replace(plan, '{}', '{}')"
HOSTILE = {
    "PRAGMA application_id = 1": "is a database, but not one with results of a sweep",
    "CREATE TRIGGER more AFTER INSERT ON lease BEGIN DELETE FROM runs; END": "is no file of sweeps",
    "UPDATE plan SET plan = printf('%.*c', 100000, '[')": "is no file of sweeps",
    "UPDATE plan SET plan = 5": "is no file of sweeps",
    "DELETE FROM plan": "is no file of sweeps",
    SWAPPED.format(RACE, "nobody"): "no experiment 'nobody'",
    SWAPPED.format("[0.0005", "[-7"): "Must be greater than 0",
    SWAPPED.format(
        '"racers[0].learning_rate","values":[0.0005,0.001', '"seed","values":[1,2'
    ): "cannot be varied",
}


def test_a_hostile_or_foreign_file_is_refused_in_words_and_does_nothing(window, qtbot, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr("gui.app.document_questions.tell", lambda _window, words: told.append(words))
    plan = SweepPlan(RACE, {"racers": [{"kind": "sgd"}]}, (SweepAxis(RATE, (0.0005, 0.001)),), 1, "0.f")
    for number, (change, said) in enumerate(HOSTILE.items()):
        file = tmp_path / f"{number}.sweep"
        with SweepStore(file) as store:
            store.keep_plan(plan)
            store._file.execute(change)
        before = file.read_bytes()
        assert not window.documents.open_path(file)
        assert said in told.pop(), change
        assert file.read_bytes() == before, "nothing is written to it"
    for name, content in (
        ("empty.sweep", b""),
        ("text.sweep", b"text"),
        ("db.sweep", b"SQLite format 3\0" * 9),
    ):
        (tmp_path / name).write_bytes(content)
        assert not window.documents.open_path(tmp_path / name)
        assert name in told.pop()
        assert (tmp_path / name).read_bytes() == content
    assert not window.documents.open_path(tmp_path / "nowhere.sweep")
    assert "There is no file" in told.pop()
    assert window.findChild(SweepDialog) is None


@pytest.mark.parametrize("answer", [Button.Yes, Button.No, Button.Cancel])
def test_results_that_would_read_a_file_elsewhere_are_asked_about(
    window, qtbot, tmp_path, monkeypatch, answer
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    secret = elsewhere / "secret.csv"
    secret.write_text("a,b,kind\n" + "1,2,x\n2,3,y\n" * 20)
    (tmp_path / "here").mkdir()
    file = tmp_path / "here" / "some.sweep"
    config = {"data": {"kind": "csv", "path": str(secret)}, "epochs": 1}
    axes = (SweepAxis("batch_size", (8, 16)),)
    with SweepStore(file) as store:
        store.keep_plan(SweepPlan("losses.classifier", config, axes, 1, "held_out.loss"))
    asked = []

    def ask(_window, words, *_more):
        asked.append(words)
        return answer

    monkeypatch.setattr("gui.app.document_questions.ask", ask)
    assert window.documents.open_path(file) == (answer != Button.Cancel)
    assert len(asked) == 1
    assert "secret.csv" in asked[0]
    dialog = window.findChild(SweepDialog)
    assert (dialog is None) == (answer == Button.Cancel)
    if dialog is not None:
        assert dialog.form.config.data.path == (str(secret) if answer == Button.Yes else "")
        dialog.close()


def test_a_press_while_what_is_known_is_read_begins_the_sweep(dialog, qtbot, monkeypatch):
    begin = dialog.jobs.begin
    looks = []

    def begin_and_press(work):
        begin(work)
        if not work.makes:
            looks.append(work)
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)

    monkeypatch.setattr(dialog.jobs, "begin", begin_and_press)
    typed(dialog.form.first.line, "0.0005,0.001")
    qtbot.waitUntil(lambda: bool(looks))  # it looks at what is known, and the press comes meanwhile
    rested(dialog, qtbot)
    assert len(dialog.seen.results) == dialog.seen.plan.count == 2


def test_a_table_without_an_ending_replaces_nothing_unasked(dialog, qtbot, tmp_path, monkeypatch):
    typed(dialog.form.first.line, "0.0005,0.001")
    run(dialog, qtbot)
    (tmp_path / "runs.csv").write_text("mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(tmp_path / "runs"), ""))
    monkeypatch.setattr("gui.look.file_to_write.ask", lambda *words: Button.No)
    QTest.mouseClick(dialog.seen.table, Qt.MouseButton.LeftButton)
    assert (tmp_path / "runs.csv").read_text() == "mine"
    monkeypatch.setattr("gui.look.file_to_write.ask", lambda *words: Button.Yes)
    QTest.mouseClick(dialog.seen.table, Qt.MouseButton.LeftButton)
    assert RATE in (tmp_path / "runs.csv").read_text(encoding="utf-8-sig")


def test_an_experiment_without_steps_says_that_there_is_nothing_to_sweep(window, qtbot, results):
    window.show_experiment("losses.curves")
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    action(window, "Sweep…").trigger()
    assert window.findChild(SweepDialog) is None
    assert "nothing to sweep" in window.status_line.text()
