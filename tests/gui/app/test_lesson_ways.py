"""The ways to a lesson: dropped, opened, chosen among the recent ones, named on the command line."""

import pytest
from PySide6.QtWidgets import QFileDialog

from gui.app import app
from gui.app import window as window_module
from gui.app.drops import kind_of
from gui.app.lesson_files import START_HERE
from tests.gui.app.test_drops import drop, url
from tests.gui.app.test_lesson_author import choose
from tests.gui.app.test_lessons import two_stops
from tests.gui.conftest import QUICK


def recent(window):
    menu = next(one.menu() for one in window.menuBar().actions() if one.text() == "&Lessons")
    return next(one.menu() for one in menu.actions() if one.text() == "Open &recent lesson")


def test_a_lesson_is_dropped_opened_and_found_again_among_the_recent(window, qtbot, tmp_path, monkeypatch):
    path, guide = two_stops(tmp_path), window.guide
    assert not recent(window).isEnabled()
    drop(window, url(path))
    qtbot.waitUntil(lambda: guide.lesson is not None)
    assert guide.path == path
    assert path.exists(), "it is read, not moved"
    guide.close()
    plain = path.rename(tmp_path / "A & B.md")
    assert kind_of(plain) == "lesson"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(plain), ""))
    choose(window, "&Open lesson…")
    assert guide.path == plain
    assert [one.text() for one in recent(window).actions()] == ["A && B.md"], "the other one is gone"
    guide.close()
    recent(window).actions()[0].trigger()
    assert guide.path == plain
    guide.open(START_HERE)
    assert window.preferences.recent_lessons == [str(plain), str(path)], (
        "those that ship are in the menu anyway"
    )


def test_the_command_line_opens_a_lesson_at_its_stop(qtbot, qapp, preferences, tmp_path, monkeypatch):
    path = two_stops(tmp_path)
    preferences.set_lesson_progress(str(path), "b", ("a",))
    monkeypatch.setattr(window_module, "FIRST", QUICK)
    monkeypatch.setattr(app, "Preferences", lambda: preferences)
    monkeypatch.setattr(app, "Collector", lambda _: None)
    monkeypatch.setattr(app, "Window", lambda _: window_module.Window(preferences, tmp_path / "kept"))
    window = app.open_window(path)
    try:
        assert window.guide.stop.name == "b"
        assert window.guide.path == path
        assert window.playback.experiment.name == "entropy.binary"
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize(
    ("name", "head"), [("a.nabla-lesson.md", "broken"), ("b.md", "# T\n```toml\nlesson = 1\n```\n## a")]
)
def test_a_lesson_is_known_by_its_name_or_its_head_and_what_is_wrong_is_said(
    window, qtbot, tmp_path, monkeypatch, name, head
):
    said = []
    monkeypatch.setattr("gui.app.document_questions.tell", lambda _window, words: said.append(words))
    path = tmp_path / name
    path.write_text(head, encoding="utf-8")
    drop(window, url(path))
    qtbot.waitUntil(lambda: len(said) == 1)
    assert "line " in said[0]
    assert window.guide.lesson is None
    assert window.preferences.recent_lessons == []
