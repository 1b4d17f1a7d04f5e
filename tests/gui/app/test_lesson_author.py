"""A lesson is written in the window: its stops, its text, what is wrong with it, and its file."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from engine.lessons.lesson_file import load
from engine.setting_paths import with_values
from gui.app.lesson_files import START_HERE
from gui.look.messages import Button
from tests.gui.app.test_lessons import press, two_stops
from tests.gui.test_lifetimes import survivors, watched


def choose(window, words):
    """Choose an entry of the menu of lessons."""
    menu = next(one.menu() for one in window.menuBar().actions() if one.text() == "&Lessons")
    action = next(one for one in menu.actions() if one.text() == words)
    assert action.isEnabled(), words
    action.trigger()


def replace_text(editor, old, new):
    """Type something in the place of something else."""
    text = editor.text.toPlainText()
    cursor = editor.text.textCursor()
    cursor.setPosition(text.index(old))
    cursor.setPosition(text.index(old) + len(old), QTextCursor.MoveMode.KeepAnchor)
    editor.text.setTextCursor(cursor)
    QTest.keyClick(editor.text, Qt.Key.Key_Delete)
    for k, line in enumerate(new.split("\n")):
        if k:
            QTest.keyClick(editor.text, Qt.Key.Key_Return)
        QTest.keyClicks(editor.text, line)


def select(editor, row):
    item = editor.parts.item(row)
    QTest.mouseClick(
        editor.parts.viewport(), Qt.MouseButton.LeftButton, pos=editor.parts.visualItemRect(item).center()
    )


@pytest.fixture
def window(window):
    """A window of which nobody asks at its end whether the lesson is to be saved."""
    yield window
    window.author.writing = None


@pytest.fixture
def at(tmp_path, monkeypatch):
    """Where the next lesson is saved."""
    path = tmp_path / "mine.nabla-lesson.md"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


def test_a_lesson_is_written_from_what_is_on_the_screen(window, qtbot, at):
    window.show_experiment("entropy.binary")
    window.playback.edit(with_values(window.playback.config, {"p": 0.25}))
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    choose(window, "&Add what is on the screen as a stop")
    editor, author = window.author.editor, window.author
    assert editor.isVisible()
    assert not window.on_screen.notes.isVisible()
    assert author.name == "untitled.nabla-lesson.md*"
    assert [editor.parts.item(k).text() for k in range(2)] == ["Title and head", "1  binary"]
    text = editor.text.toPlainText()
    assert 'experiment = "entropy.binary"\nsettings.p = 0.25\n' in text
    assert "options." not in text, "what is as it comes is not named"
    assert editor.problem.text() == "No mistake found."

    window.show_experiment("optimizers.race")
    editor = author.editor
    qtbot.waitUntil(lambda: window.playback.runner.finish is not None)
    window.playback.edit(with_values(window.playback.config, {"steps": 40}))
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    window.playback.seek(7)
    window.on_screen.view.set_option(vectors=False)
    press(editor.add)
    assert editor.parts.currentRow() == 2
    text = editor.text.toPlainText()
    for line in (
        'experiment = "optimizers.race"',
        "settings.steps = 40",
        "options.vectors = false",
        "step = 7",
    ):
        assert line in text.split("\n")

    replace_text(editor, "What is to be seen here, and what to do.", "Look.")
    assert window.author.modified
    press(editor.save)
    stops = load(at).stops
    assert [stop.name for stop in stops] == ["binary", "race"]
    assert stops[1].texts["en"].words == "Look."
    assert author.name == "mine.nabla-lesson.md"
    assert "mine.nabla-lesson.md" in window.status_line.text()
    press(editor.close_button)
    assert author.editor is None
    assert window.on_screen.lesson is None


def test_what_is_wrong_is_said_with_its_line_while_one_types(window, qtbot):
    window.show_experiment("entropy.binary")
    choose(window, "New lesson…")
    editor = window.author.editor
    replace_text(editor, "What is to be seen here, and what to do.", "? Really")
    qtbot.waitUntil(lambda: editor.problem.text().startswith("Line 7:"))
    assert "needs its question" in editor.problem.text()
    press(editor.go)
    assert editor.text.textCursor().blockNumber() == 6
    replace_text(editor, "? Really", "Yes")
    qtbot.waitUntil(lambda: editor.problem.text() == "No mistake found.")
    replace_text(editor, '"entropy.binary"\n', '"entropy.binary"\nsettings.q = 7\n')
    qtbot.waitUntil(lambda: editor.problem.text() == "Line 5: Must be at most 1")
    assert not editor.go.isHidden()
    replace_text(editor, "settings.q = 7", "steps = 7")
    qtbot.waitUntil(lambda: editor.problem.text() == "Line 5: Unknown field steps")
    select(editor, 0)
    qtbot.waitUntil(lambda: editor.problem.text().startswith("binary, line"))
    assert "# A new lesson" in editor.text.toPlainText()


def test_stops_are_moved_removed_and_taken_back_and_untouched_ones_keep_their_bytes(window, tmp_path, answer):
    path = two_stops(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n## b", b"\n   \n## b").replace(b"! Right", b"!  Right"))
    before = path.read_bytes()
    window.guide.open(path)
    choose(window, "&Edit this lesson")
    assert window.guide.lesson is None
    editor, author = window.author.editor, window.author
    assert not author.modified
    select(editor, 1)
    press(editor.down)
    assert author.source.names == ("b", "a")
    assert editor.parts.currentRow() == 2
    press(editor.remove)
    assert author.source.names == ("b",)
    assert not editor.remove.isEnabled()
    press(editor.undo)
    press(editor.undo)
    assert author.source.text.encode() == before
    assert not author.modified
    select(editor, 2)
    replace_text(editor, "### en: A", "### en: Better")
    press(editor.save)
    after = path.read_bytes()
    cut = before.index(b"## b")
    assert after[:cut] == before[:cut]
    assert b"### en: Better" in after[cut:]
    assert answer() == []


def test_it_is_tried_from_a_stop_on_and_one_comes_back(window, qtbot, tmp_path):
    path = two_stops(tmp_path)
    window.guide.open(path)
    choose(window, "&Edit this lesson")
    author = window.author
    select(author.editor, 2)
    replace_text(author.editor, "? Yes?", "? Sure?")
    press(author.editor.try_button)
    guide = window.guide
    assert guide.stop.name == "b"
    assert guide.text().asked == "Sure?"
    assert guide.panel.close_button.text() == "Back to writing"
    press(guide.panel.choices[0])
    press(guide.panel.close_button)
    assert guide.lesson is None
    assert author.editor.parts.currentRow() == 2
    assert "? Sure?" in author.editor.text.toPlainText()
    assert window.preferences.lesson_progress(str(path)) == ("a", ()), "trying is no progress"
    window.appearance.set_language("zh_CN")
    assert "? Sure?" in author.editor.text.toPlainText()
    assert author.editor.save.text() == "保存"
    window.appearance.set_language("en")


def test_the_scene_of_a_stop_is_taken_from_the_screen_and_the_rest_stays(window, qtbot, tmp_path):
    path = two_stops(tmp_path, "minutes = 5\n")
    window.guide.open(path)
    choose(window, "&Edit this lesson")
    window.playback.edit(with_values(window.playback.config, {"q": 0.125}))
    qtbot.waitUntil(lambda: window.playback.shown is window.playback.runner)
    editor = window.author.editor
    select(editor, 2)
    press(editor.scene)
    lines = editor.text.toPlainText().split("\n")
    assert lines[2:6] == [
        'experiment = "entropy.binary"',
        "settings.q = 0.125",
        "minutes = 5",
        'question.kind = "choose"',
    ]
    press(editor.check)
    assert editor.problem.text() == "No mistake found."
    replace_text(editor, 'question.kind = "choose"', 'question.kind = "reach"\nquestion.until = "q < 1"')
    replace_text(editor, "- [x] Yes\n- [ ] No\n", "")
    qtbot.waitUntil(lambda: editor.problem.text() == "No mistake found.")
    press(editor.check)
    assert "There is nothing named q in this run" in editor.problem.text()


def test_a_file_that_others_have_changed_is_not_written_over_unasked(window, tmp_path, answer, at):
    path = two_stops(tmp_path)
    window.guide.open(path)
    choose(window, "&Edit this lesson")
    editor = window.author.editor
    replace_text(editor, "### en: A", "### en: Mine")
    path.write_text("somebody else's", encoding="utf-8")
    shown = answer(Button.Cancel)
    press(editor.save)
    assert "has been changed by another program" in shown[0]
    assert path.read_text(encoding="utf-8") == "somebody else's"
    answer(Button.No)
    press(editor.save)
    assert "### en: Mine" in at.read_text(encoding="utf-8")
    assert window.author.path == at
    replace_text(editor, "### en: Mine", "### en: Yours")
    away = tmp_path.with_name("away")
    tmp_path.rename(away)
    shown = answer()
    press(editor.save)
    assert "“mine.nabla-lesson.md” was not saved." in shown[0]
    away.rename(tmp_path)
    press(editor.save)
    assert "### en: Yours" in at.read_text(encoding="utf-8")


def test_what_is_not_saved_is_asked_about(window, answer, at):
    window.show_experiment("entropy.binary")
    choose(window, "New lesson…")
    shown = answer(Button.Cancel)
    press(window.author.editor.close_button)
    assert shown == ["Save the changes to “untitled.nabla-lesson.md” first?"]
    assert window.author.editor is not None
    answer(Button.Cancel)
    assert not window.close()
    answer(Button.Save)
    press(window.author.editor.close_button)
    assert window.author.editor is None
    assert load(at).stops[0].name == "binary"


def test_of_a_lesson_that_ships_a_copy_is_written(window, at):
    window.guide.open(START_HERE)
    window.guide.go(4)
    choose(window, "&Edit this lesson")
    author = window.author
    assert author.path is None
    assert author.writing.part == 4
    assert author.source.text == START_HERE.read_text(encoding="utf-8")
    choose(window, "&Save lesson")
    assert at.read_bytes() == START_HERE.read_bytes()
    assert author.path == at


def test_an_editor_is_gone_once_it_is_closed(window, answer):
    window.show_experiment("entropy.binary")
    choose(window, "New lesson…")
    parts = watched(window.author.editor)
    answer(Button.Discard)
    window.author.close()
    assert survivors(parts) == set()
