"""The arrays of a run as a file, from the menu and from the command line."""

import json
import zipfile

import numpy as np
from PySide6.QtWidgets import QFileDialog

from gui.look.messages import Button
from main import main


def test_the_menu_writes_the_arrays_of_the_step_on_the_screen(window, qtbot, tmp_path, monkeypatch):
    window.show_experiment("lstm.cell")
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    window.playback.seek(2)
    path = tmp_path / "cell"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(path), ""))
    actions = [action for menu in window.menuBar().actions() for action in menu.menu().actions()]
    next(action for action in actions if action.text() == "Save a&rrays…").trigger()
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as file:
        assert file["scalars.lstm.cell_state"].shape == (3,)
        assert np.array_equal(file["scalars.lstm.cell_state"][1:], file["lstm.cell_state"][:2])
        count = len(file.files)
    assert window.status_line.text().startswith(f"{count} arrays saved to ")
    tables = tmp_path / "cell.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(tables), ""))
    window.exporter.save_arrays()
    with zipfile.ZipFile(tables) as file:
        assert "lstm.cell_state.csv" in file.namelist()


def test_a_file_is_not_replaced_unasked(window, qtbot, tmp_path, monkeypatch, answer):
    """The dialog for files has asked about the name without its ending."""
    qtbot.waitUntil(lambda: window.playback.recording.last >= 0)
    path = tmp_path / "mine.npz"
    path.write_bytes(b"mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(path.with_suffix("")), ""))
    for button, replaced in ((Button.No, False), (Button.Yes, True)):
        shown = answer(button)
        window.exporter.save_arrays()
        assert shown == ["“mine.npz” is there already. Replace it?"]
        assert (path.read_bytes() != b"mine") == replaced


def test_render_writes_them_too(tmp_path, capsys):
    session = tmp_path / "cell.json"
    session.write_text(json.dumps({"schema": 1, "open": "lstm.cell"}))
    assert main(["render", str(session), "--out", str(tmp_path / "out"), "--format", "npz,zip"]) == 0
    written = [str(tmp_path / "out" / f"cell.{kind}") for kind in ("npz", "zip")]
    assert capsys.readouterr().out.split() == written
    with np.load(tmp_path / "out" / "cell.npz", allow_pickle=False) as file:
        assert file["gru.update_gate"].shape == (12,)
