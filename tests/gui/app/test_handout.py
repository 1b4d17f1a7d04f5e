"""Handouts from the command line and from the menu."""

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

import main
from gui.app.handout_dialog import HandoutDialog
from gui.look.language import install
from tests.gui.app.test_lessons import press, two_stops


@pytest.fixture
def lesson(tmp_path):
    notes = "\n\n#### Teacher\n\nAsk."
    return two_stops(
        tmp_path, words=f"### en: A\nFirst.\n? Yes?\n- [x] Yes\n- [ ] No\n! Right you are.{notes}"
    )


def test_render_makes_both_kinds_of_handout(lesson, tmp_path, capsys, qapp):
    out = tmp_path / "out"
    try:
        words = ["render", str(lesson), "--out", str(out), "--format", "html,pdf", "--teacher"]
        assert main.main([*words, "--language", "zh_CN"]) == 0, "the lesson has English only"
    finally:
        install(qapp, "en")
    said = capsys.readouterr()
    names = ["two-teacher.html", "two-teacher.pdf"]
    assert said.out.split() == [str(out / name) for name in names]
    assert said.err == ""
    assert sorted(path.name for path in out.iterdir()) == names
    assert "Ask." in (out / names[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["two.nabla-lesson.md", "--format", "png"], "There is no handout in the format 'png'"),
        (["no.md"], "cannot be read"),
        (["s.nabla.json", "--teacher"], "--teacher is for lessons (.md)"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(lesson, tmp_path, capsys, qapp, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert main.main(["render", *words, "--out", "out"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.glob("out/*"))


def test_the_menu_makes_one_of_the_lesson_that_is_open(window, qtbot, lesson, tmp_path, monkeypatch):
    def entry():
        menu = next(one.menu() for one in window.menuBar().actions() if one.text() == "&Lessons")
        return next(one for one in menu.actions() if one.text() == "&Handout…")

    assert not entry().isEnabled()
    window.guide.open(lesson)
    entry().trigger()
    dialog = window.findChild(HandoutDialog)
    qtbot.waitUntil(dialog.isVisible)
    press(dialog.teacher)
    assert dialog.teacher.isChecked()
    asked = []

    def choose(parent, title, start, kinds):
        asked.append(start)
        return str(tmp_path / "mine"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    before = window.session()
    with qtbot.waitSignal(dialog.accepted, timeout=60_000):
        press(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save))
    assert asked[0].endswith("two-teacher.html")
    assert "Ask." in (tmp_path / "mine.html").read_text(encoding="utf-8")
    assert window.session() == before, "the window is as it was"
    assert "mine.html" in window.status_line.text()
