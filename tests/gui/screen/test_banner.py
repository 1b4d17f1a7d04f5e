"""The line over the plots: how far a file is read, giving it up, and names that only look like HTML."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from engine.config import replaced
from engine.data import csv_data
from engine.data import settings as data_settings
from engine.data.settings import CsvFile
from engine.runner import Finish
from gui.app.window import Window

TABLE = "a,b,kind\n" + "1,2,x\n2,3,y\n" * 20


pytestmark = pytest.mark.opens_on("losses.classifier")


def learn(window: Window, path: Path) -> None:
    window.playback.edit(replaced(window.playback.config, data=CsvFile(path=str(path)), epochs=1))


def is_shown(window: Window) -> bool:
    """Whether the run of the present config is on the screen."""
    playback = window.playback
    return (
        playback.shown is playback.runner
        and playback.runner.config == playback.config
        and playback.recording.last >= 0
    )


def test_reading_tells_how_far_it_is_and_can_be_given_up(
    window: Window, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    path.write_text(TABLE)
    more = [True]

    def slow(*arguments: Any) -> Any:
        while more[0]:
            yield 0.25
        return (yield from csv_data.reading(*arguments))

    monkeypatch.setattr(data_settings, "reading", slow)
    banner = window.on_screen.banner
    learn(window, path)
    qtbot.waitUntil(lambda: banner.text() == "Reading the file: 25 %")
    assert banner.cancel.isVisible()
    runner = window.playback.runner
    qtbot.mouseClick(banner.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runner.finish is Finish.STOPPED)
    qtbot.waitUntil(lambda: banner.text() == "The file was not read to its end. Run reads it again.")
    assert not banner.cancel.isVisible()
    more[0] = False
    qtbot.mouseClick(window.on_screen.transport.run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_shown(window))
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_another_file_is_begun_while_one_is_read(
    window: Window, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "endless.csv"
    other = tmp_path / "other.csv"
    other.write_text(TABLE)

    def endless(path: str, said: Any) -> Any:
        while "endless" in path:
            yield 0.5
        return (yield from csv_data.reading(path, said))

    monkeypatch.setattr(data_settings, "reading", endless)
    learn(window, path)
    qtbot.waitUntil(lambda: window.on_screen.banner.text() == "Reading the file: 50 %")
    learn(window, other)
    qtbot.waitUntil(lambda: is_shown(window))
    qtbot.waitUntil(lambda: not window.on_screen.banner.isVisible())


def test_what_a_file_says_is_shown_and_not_done(window: Window, qtbot: Any, tmp_path: Path) -> None:
    cell = "<b>\u202e" + "x" * 5
    path = tmp_path / "<img src='a.png'>.csv"
    path.write_text(f"a,kind\n1,x\n2,y\n3,x\n{cell},y\n", encoding="utf-8")
    learn(window, path)
    banner = window.on_screen.banner
    qtbot.waitUntil(lambda: window.playback.runner.finish is Finish.FAILED)
    window.on_screen.tick(0.0)
    assert banner.text() == r"line 5: column 1 is not a number: “<b>\u202exxxxx”"
    assert banner.textFormat() == Qt.TextFormat.PlainText
    learn(window, tmp_path / ("<s>" + "y" * 240))
    qtbot.waitUntil(lambda: "<s>yyy" in banner.text())
    assert len(banner.text()) < 340


def test_names_out_of_a_table_are_short_wherever_they_are_drawn(
    window: Window, qtbot: Any, tmp_path: Path
) -> None:
    long = "z" * 20_000
    path = tmp_path / "long.csv"
    path.write_text(f"{long}a,{long}b,kind\n" + f"1,2,{long}\n2,3,\u202ey\n" * 5, encoding="utf-8")
    learn(window, path)
    qtbot.waitUntil(lambda: is_shown(window))
    data = window.playback.recording.data
    assert {len(name) for name in data.feature_names} == {40}
    assert data.class_names[0] == "z" * 19 + "…" + "z" * 20
    assert data.class_names[1] == r"\u202ey"


def test_a_run_that_cannot_be_made_leaves_no_pictures_of_the_one_before(
    window: Window, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "some.csv"
    path.write_text(TABLE)
    learn(window, path)
    qtbot.waitUntil(lambda: is_shown(window) and bool(window.on_screen.view.finding.text))
    view = window.on_screen.view
    assert view.loss.isVisibleTo(view)
    learn(window, tmp_path / "none.csv")
    qtbot.waitUntil(lambda: not view.loss.isVisibleTo(view))
    assert not view.finding.text
    assert window.on_screen.banner.text()
    with qtbot.waitSignal(window.exporter.said) as told:
        window.exporter.export()
    assert told.args == ["There is no picture: this run could not be made."]
    window.undo()
    qtbot.waitUntil(lambda: view.loss.isVisibleTo(view) and bool(view.finding.text))
    assert view.loss.curves
