"""One large plot and small ones, and the sentence over them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.look.language import install
from gui.look.theme import LECTURE_SCALE, LIGHT
from gui.screen.finding import Finding, show_finding
from gui.screen.hero import WithHero
from gui.views.optimizers.race_spent import Uneven

LECTURE = replace(LIGHT, scale=LECTURE_SCALE)


@pytest.fixture
def make(qtbot):
    def make(theme=LIGHT, size=(1040, 560), shares=()):
        hero, others = QWidget(), [QWidget() for _ in range(3)]
        made = WithHero(theme, hero, others, shares)
        qtbot.addWidget(made)
        made.resize(*size)
        with qtbot.waitExposed(made):
            made.show()
        return made, hero, others

    return make


def area(widget):
    return widget.width() * widget.height()


def test_the_hero_has_three_fifths_of_the_room_and_the_small_ones_stand_beside_it(make):
    made, hero, others = make()
    assert area(hero) >= 0.6 * area(made)
    assert all(one.mapTo(made, one.rect().topLeft()).x() >= hero.width() for one in others)
    assert len({one.mapTo(made, one.rect().topLeft()).y() for one in others}) == 3


def test_where_the_room_is_high_they_stand_below_it_and_turn_back(make, qtbot):
    made, hero, others = make(size=(640, 620))
    assert made.orientation() is Qt.Orientation.Vertical
    assert area(hero) >= 0.6 * area(made)
    assert all(one.mapTo(made, one.rect().topLeft()).y() >= hero.height() for one in others)
    made.resize(1200, 500)
    qtbot.waitUntil(lambda: made.orientation() is Qt.Orientation.Horizontal)
    qtbot.waitUntil(lambda: area(hero) >= 0.6 * area(made))


def test_small_ones_share_their_room_as_they_are_told(make):
    made, _, others = make(shares=(3, 2, 1))
    heights = [one.height() for one in others]
    assert sum(heights) <= made.height()
    assert heights[0] == pytest.approx(3 * heights[2], rel=0.1)
    assert heights[1] == pytest.approx(2 * heights[2], rel=0.1)


def test_the_hero_has_it_all_while_no_small_one_is_seen(make, qtbot):
    made, hero, others = make()
    for one in others:
        one.hide()
    qtbot.waitUntil(lambda: hero.width() == made.width())
    others[1].show()
    qtbot.waitUntil(lambda: others[1].width() > 300)


def test_a_border_that_was_dragged_stays_when_a_small_one_goes_and_comes_back(make, qtbot):
    made, _, others = make(shares=(5, 4, 3))
    others[2].hide()
    qtbot.waitUntil(lambda: others[0].height() + others[1].height() > 550)
    handle = made.others.handle(1)
    drag = [QPoint(5, 0), QPoint(5, -60), QPoint(5, -120)]
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=drag[0])
    for place in drag[1:]:
        QTest.mouseMove(handle, place)
        QApplication.processEvents()
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 0))
    assert others[0].height() < others[1].height(), "the border went up"
    ratio = others[0].height() / others[1].height()
    others[2].show()
    qtbot.waitUntil(lambda: others[2].height() > 100)  # a quarter of 560
    assert others[0].height() / others[1].height() == pytest.approx(ratio, rel=0.05)


def test_a_lecture_shows_the_hero_and_the_first_small_one(make):
    made, hero, others = make(LECTURE)
    for one in others[1:]:
        one.show()  # as a page does that knows nothing of it
    assert [one.isVisible() for one in (made, hero, *others)] == [True, True, True, False, False]


def test_under_a_style_sheet_the_sentence_keeps_its_letters_and_its_room(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.setStyleSheet("* { font-size: 9px; }")  # as that of the window, which sets the size of every widget
    heights = []
    for parent in (None, page):
        line = Finding(LIGHT, lambda at: at)
        qtbot.addWidget(line)
        line.setParent(parent)
        line.resize(500, 40)
        with qtbot.waitExposed(parent or line):
            (parent or line).show()
        before = line.sizeHint().height()
        show_finding(line, "After 27 steps cross-entropy has recovered; squared error needs 278.")
        heights.append((before, line.sizeHint().height()))
    assert heights[0] == heights[1]
    assert heights[0][0] == heights[0][1], "it begins with two lines where it is narrow"


@pytest.mark.parametrize("theme", [LIGHT, LECTURE])
def test_two_lines_of_chinese_have_room_from_the_start(qtbot, qapp, theme):
    """So a window that is switched to Chinese is laid out as one that has shown longer sentences in it."""
    install(qapp, "zh_CN")
    try:
        line = Finding(theme, lambda at: at)
        uneven = Uneven(theme)
        uneven.reserve(True)
        for one, width in ((line, 500), (uneven, 400)):
            qtbot.addWidget(one)
            one.resize(theme.px(width), 40)
            with qtbot.waitExposed(one):
                one.show()
            before = one.sizeHint().height()
            one.set_text("第 27 步")
            assert one.sizeHint().height() == before
            one.set_text("第 27 步之后，交叉熵已经恢复；平方误差还要再等很久，到第 278 步才会恢复。")
            assert one.sizeHint().height() == before
    finally:
        install(qapp, "en")


def test_the_sentence_is_whole_and_nothing_below_it_jumps(qtbot):
    line = Finding(LIGHT, lambda at: at)
    qtbot.addWidget(line)
    line.resize(500, 40)
    show_finding(line, "Nothing has been learnt yet.")
    assert line.text == line.accessibleName() == "Nothing has been learnt yet."
    short = line.sizeHint().height()
    show_finding(line, "After 27 steps cross-entropy has recovered. " * 8)
    tall = line.sizeHint().height()
    assert tall > short
    show_finding(line, "Nothing has been learnt yet.")
    assert line.sizeHint().height() == tall
    line.resize(900, 40)
    line.show()
    assert line.sizeHint().height() < tall, "in another width it is measured again"


def test_no_line_of_the_sentence_begins_with_a_percent_sign(qtbot):
    """Where it would not fit behind its number, both go to the next line."""
    seen = []
    for words in ("wwwwwwwww 94 %", "wwwwwwwww 94\u00a0%"):
        line = Finding(LIGHT, lambda at: at)
        qtbot.addWidget(line)
        line.resize(QFontMetrics(line._font).horizontalAdvance("wwwwwwwww 94") + 2 * LIGHT.px(12) + 3, 40)
        show_finding(line, words)
        seen.append(line.grab().toImage())
    assert seen[0] == seen[1]
