"""Run ▸ Sweep… as a user works it: asked for, made, shown, and a run of it in its experiment."""

import csv
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from shiboken6 import isValid

from engine.config import replaced
from engine.optimizers.table import OPTIMIZERS
from engine.sweeps.processes import Workers
from gui.app import sweep_files, sweep_form
from gui.app.menu_items import bare
from gui.app.sweep_dialog import SweepDialog
from gui.look.messages import Button
from gui.look.numbers import short_text

RACE = "optimizers.race"
RATE = "racers[0].learning_rate"


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The folder of the results; runs are made in a thread, which a sweep with processes is tested beside."""
    monkeypatch.setattr(sweep_files, "data_folder", lambda: tmp_path)

    def here(count=0):
        executor = ThreadPoolExecutor(1)
        return Workers(executor, 1, lambda: executor.shutdown(wait=True, cancel_futures=True))

    monkeypatch.setattr(sweep_form, "processes", here)
    return tmp_path / "sweeps" / f"{RACE}.sweep"


@pytest.fixture
def dialog(window, qtbot, results):
    window.show_experiment(RACE)
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
        timers = (dialog._wait, dialog._redraw)
        return dialog._work is None and dialog._probe is None and not any(one.isActive() for one in timers)

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
    assert len(dialog.results) == dialog.plan.count


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
    assert dialog.finding.text().startswith("Best: Learning rate 0.00")
    holm = "(sign test with Holm’s correction, comparisons: 2, p ≤ 0.1)"
    assert dialog.finding.text().endswith(f"To tell it from others takes at least 6 seeds {holm}.")
    heights = {mark.y for mark in dialog.curve.marks if mark.x == 0.002}
    QTest.mouseClick(dialog.curve.viewport(), Qt.MouseButton.LeftButton, pos=place(dialog.curve, 0.0019))
    qtbot.waitUntil(lambda: window.playback.step == 40)
    assert window.playback.config.racers[0].learning_rate == 0.002
    shown = float(window.playback.runner.recording.column("0.f")[40])
    assert shown in heights, "to the last bit"
    seed = window.playback.config.seed
    words = f"On the screen: Learning rate 0.002, seed {seed}; {short_text(shown, 4)}."
    assert dialog.shown.text() == words
    window.undo()
    assert window.playback.config == before


def test_two_settings_are_a_map_with_a_star_at_the_best_and_a_frame_at_the_chosen_cell(window, dialog, qtbot):
    typed(dialog.form.first.line, "0.0005,0.001,5")
    chosen(dialog.form.second.choice, "steps")
    typed(dialog.form.second.line, "20,40")
    run(dialog, qtbot)
    panel = dialog.map
    assert dialog.pictures.currentWidget() is panel
    head, *columns = panel.table()
    assert head == ("Steps", ["20", "40"])
    assert [name for name, _ in columns] == ["0.0005", "0.001", "5"]
    assert np.isinf(columns[2][1]).all(), "this rate diverges"
    lost = "Diverged: Learning rate 5, Steps 20; Learning rate 5, Steps 40."
    assert lost in dialog.finding.text().splitlines()
    best = min((columns[c][1][r], (r, c)) for r in (0, 1) for c in (0, 1))[1]
    assert (panel.best, panel.selection) == (best, None)
    assert panel._told(best).endswith(" · best")
    spot = panel._cell(panel._grid(panel.axes().outer), 0, 1).center().toPoint()
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: window.playback.config.steps == 20)
    assert window.playback.config.racers[0].learning_rate == 0.001
    dialog._show_results()
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


def test_a_stop_keeps_what_was_made_and_the_next_start_goes_on(dialog, qtbot, results):
    typed(dialog.form.first.line, "0.0005..0.002:9")
    dialog.form.seeds.setValue(25)
    rested(dialog, qtbot)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    assert dialog.start.text() == "Stop"
    qtbot.waitUntil(lambda: len(dialog.results) > 3)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    rested(dialog, qtbot)
    assert dialog.start.text() == "Run the sweep"
    known = len(dialog.results)
    assert 3 < known < dialog.plan.count
    run(dialog, qtbot)
    assert results.exists()


def test_escape_ends_the_work_and_closes(window, dialog, qtbot):
    typed(dialog.form.first.line, "0.0005..0.002:9")
    dialog.form.seeds.setValue(25)
    rested(dialog, qtbot)
    QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.results) > 3)
    work, gone = dialog._work, []
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
    for button, name in ((dialog.table, "runs.csv"), (dialog.picture, "sweep.png")):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words, path=path: (str(path), ""))
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert path.stat().st_size > 100
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row[RATE] for row in rows] == ["0.0005", "0.001"]
    assert [float(row["0.f:area"]) for row in rows] == dialog.curve.table()[1][1].tolist()
    typed(dialog.form.first.line, "0.003,0.004,0.005")
    rested(dialog, qtbot)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *words: (str(results), ""))
    QTest.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    rested(dialog, qtbot)
    assert len(dialog.results) == 2, "those of the sweep for which the file was last used"
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
    assert not dialog.picture.isEnabled()
    assert not dialog.table.isEnabled()
    dialog.form.first.choice.setCurrentIndex(0)
    chosen(dialog.form.first.choice, "layers")
    assert dialog.form.first.line.text() == "0..4:5"
    assert dialog.form.first.meaning.text() == "5 values: 0, 1, 2, 3, 4"
    rested(dialog, qtbot)
    assert not dialog.picture.isEnabled()
    dialog.close()


def test_a_press_while_what_is_known_is_read_begins_the_sweep(dialog, qtbot, monkeypatch):
    begin = dialog._begin
    looks = []

    def begin_and_press(work):
        begin(work)
        if not work.makes:
            looks.append(work)
            QTest.mouseClick(dialog.start, Qt.MouseButton.LeftButton)

    monkeypatch.setattr(dialog, "_begin", begin_and_press)
    typed(dialog.form.first.line, "0.0005,0.001")
    qtbot.waitUntil(lambda: bool(looks))  # it looks at what is known, and the press comes meanwhile
    rested(dialog, qtbot)
    assert len(dialog.results) == dialog.plan.count == 2


def test_a_table_without_an_ending_replaces_nothing_unasked(dialog, qtbot, tmp_path, monkeypatch):
    typed(dialog.form.first.line, "0.0005,0.001")
    run(dialog, qtbot)
    (tmp_path / "runs.csv").write_text("mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(tmp_path / "runs"), ""))
    monkeypatch.setattr("gui.look.file_to_write.ask", lambda *words: Button.No)
    QTest.mouseClick(dialog.table, Qt.MouseButton.LeftButton)
    assert (tmp_path / "runs.csv").read_text() == "mine"
    monkeypatch.setattr("gui.look.file_to_write.ask", lambda *words: Button.Yes)
    QTest.mouseClick(dialog.table, Qt.MouseButton.LeftButton)
    assert RATE in (tmp_path / "runs.csv").read_text(encoding="utf-8-sig")


def test_an_experiment_without_steps_says_that_there_is_nothing_to_sweep(window, qtbot, results):
    window.show_experiment("losses.curves")
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    action(window, "Sweep…").trigger()
    assert window.findChild(SweepDialog) is None
    assert "nothing to sweep" in window.status_line.text()
