"""A lesson in a lecture: one line, the clicker, a blank screen, the pen, the clock, the teacher's window."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from engine.lessons.lesson import OfferedAnswer, StopText
from engine.session import Session
from gui.app import presentation as presentation_module
from gui.app.menus import shortcuts
from gui.app.teacher_window import TeacherWindow, question_words
from tests.gui.app.test_lesson_author import choose
from tests.gui.app.test_lessons import COVERED, press, two_stops, verdict
from tests.gui.test_lifetimes import survivors, watched

LEFT = Qt.MouseButton.LeftButton
WORDS = "### en: A\nwords\n? Yes?\n- [x] Yes\n- [ ] No\n! Right you are.\n\n#### Teacher\n\nAsk *them*."


@pytest.fixture
def lecture(window, qtbot, tmp_path):
    """A window in which a lesson is presented."""
    window.guide.open(two_stops(tmp_path, "minutes = 45\n", WORDS))
    window.appearance.set_lecture(True)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: not window.testAttribute(COVERED))
    yield window
    window.appearance.set_lecture(False)


def key(window, which):
    QTest.keyClick(window.focusWidget() or window, which)


def test_the_lesson_is_one_line_over_the_page_and_the_text_comes_when_it_is_wanted(lecture, qtbot, tmp_path):
    show, guide = lecture.presentation, lecture.guide
    assert show.line.isVisible()
    assert (show.line.where.text(), show.line.title.text(), show.line.asked._markdown) == ("1/2", "A", "Yes?")
    assert not guide.panel.isVisible()
    assert show.line.height() < lecture.height() / 8
    assert lecture.on_screen.view.isVisible()
    assert lecture.on_screen.transport.isVisible()
    low = show.line.height()
    show.line.show_stop("1/2", "A", "A question that is too long for the line " * 3, None)
    qtbot.waitUntil(lambda: show.line.height() > low)
    show.show()
    qtbot.waitUntil(lambda: show.line.height() == low)
    press(show.line.text)
    assert guide.panel.isVisible()
    QTest.mouseClick(guide.panel.choices[0], LEFT, pos=QPoint(8, guide.panel.choices[0].height() // 2))
    press(guide.panel.check)
    assert verdict(guide.panel).startswith("✓")
    assert show.line.asked._markdown == "✓ Yes?"
    press(show.line.text)
    assert not guide.panel.isVisible()
    figure = Session(open=lecture.playback.experiment.name)
    for leave in (
        lambda: lecture.openings.show_figure(figure, tmp_path / "a.png"),
        lambda: lecture.show_experiment("entropy.fit"),
    ):
        leave()
        assert show.line.return_button.isVisible()
        press(show.line.return_button)
        assert not show.line.return_button.isVisible()
    lecture.appearance.set_language("zh_CN")
    assert show.line.text.text() == "课文"
    lecture.appearance.set_language("en")
    lecture.appearance.set_lecture(False)
    assert show.line is None
    assert guide.panel.isVisible()


def test_a_clicker_goes_on_and_blanks_the_screen(lecture, qtbot):
    show, guide = lecture.presentation, lecture.guide
    step = lecture.playback.step
    for which in (Qt.Key.Key_B, Qt.Key.Key_Period):
        key(lecture, which)
        assert show.blank.isVisible()
        assert show.blank.geometry() == lecture.rect()
        assert lecture.grab().toImage().pixelColor(lecture.rect().center()).lightness() == 0
        key(lecture, which)
        assert show.blank is None
    assert lecture.playback.step == step, "a full stop is no step here"
    key(lecture, Qt.Key.Key_B)
    QTest.mouseClick(show.blank, LEFT)
    assert show.blank is None
    key(lecture, Qt.Key.Key_B)
    key(lecture, Qt.Key.Key_PageDown)
    assert guide.stop.name == "b"
    assert show.blank is None
    assert show.line.where.text() == "2/2"
    key(lecture, Qt.Key.Key_PageUp)
    assert guide.stop.name == "a"
    rows = dict(shortcuts(lecture.menuBar()))
    assert rows["B"] == "Blank the screen, and back"
    assert rows["P"] == "Pen: draw over the picture"
    assert "." not in rows


def test_the_pen_draws_over_the_picture_and_is_gone_with_the_next_stop(lecture, qtbot):
    show = lecture.presentation
    key(lecture, Qt.Key.Key_P)
    pen = show.pen
    assert pen.isVisible()
    assert pen.on
    before = lecture.session()
    place = pen.rect().center()
    clean = pen.grab().toImage()
    QTest.mousePress(pen, LEFT, pos=place)
    QTest.mouseMove(pen, place + QPoint(60, 20))
    QTest.mouseRelease(pen, LEFT, pos=place + QPoint(60, 20))
    assert len(pen.lines) == 1
    assert pen.grab().toImage() != clean
    ink = lecture.appearance.theme.stroke("adam").colour
    drawn = lecture.grab().toImage().pixelColor(pen.mapTo(lecture, place + QPoint(30, 10)))
    assert drawn.name().upper() == ink.upper()
    key(lecture, Qt.Key.Key_P)
    assert not pen.on
    assert pen.isVisible(), "what is drawn stays"
    assert lecture.childAt(pen.mapTo(lecture, place)) is not pen, "the mouse is for the plots again"
    key(lecture, Qt.Key.Key_E)
    assert not pen.isVisible()
    key(lecture, Qt.Key.Key_P)
    QTest.mouseClick(pen, LEFT, pos=place)
    assert len(pen.lines) == 1
    assert lecture.session() == before
    key(lecture, Qt.Key.Key_PageDown)
    assert pen.lines == []


def test_the_clock_tells_elapsed_and_planned_minutes(lecture, qtbot, monkeypatch):
    show, clock = lecture.presentation, [1000.0]
    lecture.clock.pause()
    monkeypatch.setattr(presentation_module, "perf_counter", lambda: clock[0])
    choose(lecture, "Restart the cloc&k")
    clock[0] += 61
    show.tick()
    assert show.line.clock.text() == "1:01 of 90 min"
    quiet = show.line.clock.styleSheet()
    clock[0] += 45 * 60
    show.tick()
    assert show.line.clock.text() == "46:01 of 90 min"
    assert show.line.clock.styleSheet() != quiet, "more than the 45 minutes of this stop"
    lecture.guide.move(+1)
    show.tick()
    assert show.line.clock.styleSheet() == quiet


def test_the_teacher_has_a_window_with_notes_answers_and_keys(lecture, qtbot):
    show, guide = lecture.presentation, lecture.guide
    choose(lecture, "Teacher's &window")
    teacher = show.teacher
    qtbot.waitUntil(teacher.isVisible)
    large = TeacherWindow(replace(teacher.theme, scale=4.0), lecture)
    assert large.height() < large.screen().availableSize().height(), "its buttons stay on the screen"
    large.deleteLater()
    assert teacher.title.text() == "A"
    assert "Ask *them*." in teacher.notes._markdown
    assert "☑ Yes" in teacher.asked._markdown
    assert "Right you are." in teacher.asked._markdown
    assert teacher.after.text() == "Next: A"
    assert teacher.where.text() == "Stop 1 of 2: about 45 min · to the end: 1.5 h"
    teacher.activateWindow()
    qtbot.waitUntil(teacher.isActiveWindow)
    QTest.keyClick(teacher, Qt.Key.Key_PageDown)
    assert guide.stop.name == "b"
    assert teacher.after.text() == "The last stop"
    QTest.keyClick(teacher, Qt.Key.Key_B)
    assert show.blank is not None
    press(teacher.back)
    assert guide.stop.name == "a"
    lecture.appearance.set_language("zh_CN")
    assert show.teacher.next.text() == "下一站"
    parts = watched(show.teacher)
    del teacher
    show.teacher.close()
    assert show.teacher is None
    assert survivors(parts) == set()
    lecture.appearance.set_language("en")


def test_on_the_full_screen_the_notes_come_to_the_second_screen(window, qtbot, tmp_path, monkeypatch):
    show = window.presentation
    window.guide.open(two_stops(tmp_path, words=WORDS))
    choose(window, "Teacher's &window")
    assert show.teacher is not None, "by a command on one screen too"
    choose(window, "Teacher's &window")
    assert show.teacher is None
    here = window.screen()

    class Other:
        def availableGeometry(self):
            return here.availableGeometry().adjusted(40, 40, -40, -40)

    monkeypatch.setattr(QGuiApplication, "screens", lambda: [here, Other()])
    window.set_full_screen(True)
    assert show.teacher is not None
    window.set_full_screen(False)
    assert show.teacher is None
    assert show.line is None


def test_what_the_teacher_reads_of_a_question():
    assert question_words(StopText("T", "w")) == ""
    asked = StopText("T", "w", "Q?", (OfferedAnswer("a", True), OfferedAnswer("b", False)), after="So.")
    assert question_words(asked) == "**Question:** Q?\n\n- ☑ a\n- ☐ b\n\n✓ So."
