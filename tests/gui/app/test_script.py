"""A run as a script, from the menu and from the terminal."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

import main
from engine.config import replaced
from engine.scripts.writer import Script
from gui.app import script_dialog
from gui.app.menu_items import bare
from gui.app.script_dialog import ScriptDialog
from gui.app.script_files import write_script
from gui.look.language import install

SESSIONS = Path(__file__).parents[3] / "resources" / "sessions"
NEURON = SESSIONS / "a-larger-learning-rate-instead.nabla.json"


def open_dialog(window, qtbot, name):
    window.show_experiment(name)
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    menu = next(one.menu() for one in window.menuBar().actions() if one.text() == "&File")
    next(one for one in menu.actions() if bare(one.text()) == "Save as script…").trigger()
    dialog = window.findChild(ScriptDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and not dialog.busy)
    return dialog


def printed(path):
    """The last number of every curve that a script prints."""
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, encoding="utf-8", check=True
    )
    found = {}
    for line in done.stdout.splitlines():
        if not line.startswith(" "):
            name = line
        else:
            found[name] = float(line.split()[1])
    return found


def test_the_run_on_the_screen_is_saved_as_a_program_that_gives_its_numbers(
    window, qtbot, tmp_path, monkeypatch
):
    window.show_experiment("losses.neuron")
    window.playback.edit(replaced(window.playback.config, steps=40, weight=3.0))
    dialog = open_dialog(window, qtbot, "losses.neuron")
    assert "weight_start = 3.0" in dialog.text.toPlainText()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(tmp_path / "mine"), ""))
    with qtbot.waitSignal(dialog.said):
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    recording = window.playback.runner.recording
    numbers = printed(tmp_path / "mine.py")
    assert numbers["cross_entropy.p"] == recording.column("cross_entropy.p")[40]
    assert numbers["squared_error.loss"] == pytest.approx(
        recording.column("squared_error.loss")[40], rel=1e-12
    )
    assert "mine.py" in window.status_line.text()


def test_the_framework_is_chosen_with_the_keys_kept_and_copied(window, qtbot):
    dialog = open_dialog(window, qtbot, "losses.neuron")
    assert "import torch" not in dialog.text.toPlainText()
    QTest.keyClick(dialog.framework, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert "import torch" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    assert dialog.told.text().startswith("Script copied")
    dialog.script = Script("print(1)\n", {"digits.npz": b"data"})
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "It reads digits.npz" in dialog.told.text()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    dialog = open_dialog(window, qtbot, "losses.neuron")
    assert dialog.chosen == "torch"


def test_a_dialog_that_is_closed_saves_nothing_more_and_a_fault_leaves_it_usable(
    window, qtbot, tmp_path, monkeypatch
):
    dialog = open_dialog(window, qtbot, "losses.neuron")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(tmp_path / "mine"), ""))
    with qtbot.captureExceptions() as faults, monkeypatch.context() as broken:
        broken.setattr(script_dialog, "script_of", lambda *words: 1 / 0)
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not dialog.busy)
    assert [kind for kind, *_ in faults] == [ZeroDivisionError]
    assert dialog.save.isEnabled()
    assert dialog.framework.isEnabled()
    with qtbot.waitSignal(dialog.destroyed):
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not list(tmp_path.glob("mine*"))


def test_a_page_without_a_run_says_why_there_is_no_script(window, qtbot):
    dialog = open_dialog(window, qtbot, "losses.curves")
    assert "no run that trains" in dialog.told.text()
    assert not dialog.save.isEnabled()
    assert not dialog.copy.isEnabled()


def test_another_file_of_the_name_of_its_data_is_not_replaced(tmp_path):
    script = Script("print(1)\n", {"digits.npz": b"data"})
    write_script(script, tmp_path / "a.py")
    write_script(script, tmp_path / "b.py")
    (tmp_path / "digits.npz").write_bytes(b"mine")
    with pytest.raises(ValueError, match=r"digits\.npz"):
        write_script(script, tmp_path / "c.py")
    assert (tmp_path / "digits.npz").read_bytes() == b"mine"
    assert not (tmp_path / "c.py").exists()


def test_the_terminal_prints_or_writes_it_in_either_language(tmp_path, capsys, qapp):
    try:
        assert main.main(["script", str(NEURON), "--language", "zh_CN"]) == 0
    finally:
        install(qapp, "en")
    text = capsys.readouterr().out
    assert "# 交叉熵" in text
    compile(text, "script", "exec")
    assert main.main(["script", str(NEURON), "--framework", "torch", "--out", str(tmp_path / "a.py")]) == 0
    assert "torch.optim.SGD" in (tmp_path / "a.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([str(NEURON), "--experiment", "losses.curves"], "has no run"),
        (["no.json"], "no.json: The file cannot be read"),
        ([str(NEURON), "--experiment", "losses.none"], "losses.none"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_line(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(["script", *words, "--out", "out.py"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
