"""A damaged or hostile lesson is opened, or refused with its line; nothing else happens."""

import sys
from collections import Counter

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser

from engine.config import Problem
from engine.lessons.lesson_file import load
from gui.app.lesson_check import check_scenes
from gui.app.lesson_files import START_HERE
from gui.look.theme import LIGHT
from gui.screen.reading import Explanation
from tests.gui.app.mutated_lessons import SNIPPETS, mutated, outcome

OPENED, WATCHED = list[str](), list[int]()


def heard(event, arguments):
    if WATCHED and event == "open":
        OPENED.append(str(arguments[0]))


@pytest.mark.usefixtures("qapp")
def test_two_hundred_damaged_lessons_are_opened_or_refused_with_a_line(tmp_path):
    path, original, known = tmp_path / "a.nabla-lesson.md", START_HERE.read_bytes(), set()
    path.write_bytes(original)
    assert outcome(path, known) == "opened"
    found = Counter()
    sys.addaudithook(heard)  # only now: it stays, and is asked a hundred thousand times a minute
    WATCHED.append(1)
    for seed in range(200):
        WATCHED.clear()
        path.write_bytes(mutated(original, seed))
        WATCHED.append(1)
        found[outcome(path, known)] += 1
    WATCHED.clear()
    assert found["opened"] > 20
    assert found["refused"] > 100
    ours = [name for name in OPENED if not (name.endswith((".py", ".pyc")) or name.isdecimal())]
    assert set(ours) <= {str(path)}, "no other file is opened"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_no_text_has_a_file_read_or_is_more_than_text(qtbot, monkeypatch, snippet):
    asked = []
    monkeypatch.setattr(QTextBrowser, "loadResource", lambda *said: asked.append(said[2].toString()))
    shown = Explanation(LIGHT)
    qtbot.addWidget(shown)
    shown.resize(300, 200)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.set_markdown(f"before\n\n{snippet}\n\nafter")
    assert isinstance(shown.document(), QTextDocument)
    shown.grab()
    assert [name for name in asked if not name.endswith(".formula")] == []
    if snippet.startswith(("<", "![x](/")):
        words = shown.document().toPlainText()
        assert (snippet if snippet.startswith("<") else "x") in words


def test_a_scene_that_cannot_be_is_refused_with_its_line(tmp_path):
    path = tmp_path / "a.nabla-lesson.md"
    text = START_HERE.read_text(encoding="utf-8")
    for old, new in (('"entropy.binary"', '"no.such"'), ("settings.q = 0.3", "settings.q = 3")):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(Problem) as caught:
            check_scenes(load(path))
        line = text[: text.index("## surprise")].count("\n") + 1
        assert caught.value.where.startswith(f"line {line}, surprise")
