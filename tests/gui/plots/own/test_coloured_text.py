"""A text on colours: where its characters stand, what is told of them, what is exported."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gui.look.theme import DARK, LIGHT
from gui.plots.colours import reads_black, words_read_black
from gui.plots.own.coloured_text import ColouredTextPanel
from tests.gui.plots.conftest import mouse, painted


@pytest.fixture
def panel(qtbot):
    made = ColouredTextPanel("Text", LIGHT)
    qtbot.addWidget(made)
    made.resize(400, 200)
    with qtbot.waitExposed(made):
        made.show()
    return made


def places(panel):
    return panel._places(panel._content(QRectF(panel.rect())))


def test_every_character_has_a_place_in_reading_order(panel):
    text = "the quick brown fox jumps over the lazy dog " * 3
    panel.set_text(text, np.linspace(-1, 1, len(text)))
    found, whole = places(panel)
    assert whole
    assert [place.number for place in found] == list(range(len(text)))
    rects = [place.rect for place in found]
    for before, after in pairwise(rects):
        assert after.top() > before.top() or after.left() >= before.right() - 1e-6
    assert max(rect.right() for rect in rects) <= panel.width()


def test_lines_break_between_words_and_between_chinese_characters(panel):
    text = "wonderful " * 20
    panel.set_text(text)
    found, _ = places(panel)
    firsts = [b.number for a, b in pairwise(found) if b.rect.top() > a.rect.top()]
    assert firsts
    assert all(text[k - 1] == " " for k in firsts)
    panel.set_text("道可道非常道" * 30)
    found, _ = places(panel)
    widths = {round(place.rect.width(), 3) for place in found}
    assert len(widths) == 1
    latin = QFontMetricsF(panel._font()).horizontalAdvance("i")
    assert widths.pop() > 2 * latin, "a wide character has a wide place"
    assert len({place.rect.top() for place in found}) > 3


def test_a_line_end_begins_a_new_line(panel):
    panel.set_text("ab\ncd")
    found, _ = places(panel)
    assert found[3].rect.top() > found[1].rect.top()
    assert found[3].rect.left() == found[0].rect.left()


def test_what_is_coloured_has_letters_as_large_as_there_is_room_for(panel):
    sizes = []
    for count in (4, 40, 1000):
        panel.set_text("word " * count, np.zeros(5 * count))
        found, whole = places(panel)
        assert whole == (count < 1000)
        assert max(place.rect.bottom() for place in found) <= panel.height()
        sizes.append(found[0].rect.height())
    assert sizes[0] > sizes[1] >= sizes[2]
    panel.set_text("word " * 4)
    assert places(panel)[0][0].rect.height() == sizes[2]  # a text that changes at every step keeps its size


def test_what_does_not_fit_is_left_out_by_whole_lines(panel):
    panel.set_text("word " * 1000)
    found, whole = places(panel)
    assert not whole
    assert max(place.rect.bottom() for place in found) <= panel.height()


def test_hover_tells_the_character_and_the_keys_walk(panel, qtbot):
    panel.set_text("abc", np.array([0.5, -0.5, 0.0]))
    found, _ = places(panel)
    with qtbot.waitSignal(panel.hovered) as told:
        mouse(panel, "move", found[1].rect.center())
    assert told.args == [1]
    painted(panel)
    with qtbot.waitSignal(panel.hovered) as told:
        mouse(panel, "move", QPointF(399, 199))
    assert told.args == [None]
    panel.setFocus()
    for expected in (0, 1, 2, 2):
        with qtbot.waitSignal(panel.selected) as told:
            qtbot.keyClick(panel, Qt.Key.Key_Right)
        assert told.args == [expected]


@pytest.mark.parametrize("ratio", [1.0, 1.25])
def test_the_one_picture_of_all_colours_is_that_of_a_rectangle_for_each(panel, monkeypatch, ratio):
    monkeypatch.setattr(panel, "devicePixelRatioF", lambda: ratio)
    text = "the quick brown fox jumps over the lazy dog " * 4
    for values in (np.linspace(-1, 1, len(text)), np.full(len(text), np.nan)):
        panel.set_text(text, values)
        found, _ = places(panel)
        pictures = []
        for live in (True, False):
            picture = QImage(round(400 * ratio), round(200 * ratio), QImage.Format.Format_RGB32)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.green)
            with QPainter(picture) as painter:
                panel._draw_colours(painter, found, live)
            pictures.append(picture)
        assert pictures[0] == pictures[1]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_values_colour_the_paper_on_both_sides_of_zero(qtbot, theme):
    panel = ColouredTextPanel("", theme)
    qtbot.addWidget(panel)
    panel.resize(300, 100)
    panel.set_text("   ", np.array([-1.0, 0.0, 1.0]))
    pixels = painted(panel, 300, 100).astype(int)
    found = panel._places(panel._content(QRectF(0, 0, 300, 100)))[0]
    scale = pixels.shape[1] / 300
    low, middle, high = (
        pixels[round(place.rect.center().y() * scale), round(place.rect.center().x() * scale)]
        for place in found
    )
    assert low[2] > low[0] + 40
    assert high[0] > high[2] + 40
    assert abs(middle[0] - middle[2]) < 12


def test_unknown_values_have_no_colour_and_the_table_has_all(panel):
    panel.set_text("ab\n", np.array([np.nan, 2.0, 0.0]), limit=2.0)
    painted(panel)
    table = dict(panel.table())
    assert table["character"] == ["a", "b", "\n"]
    assert table["value"][1] == 2.0
    panel.set_text("ab")
    assert [name for name, _ in panel.table()] == ["number", "character"]
    panel.set_text("")
    painted(panel)


def test_a_word_is_written_in_one_ink_if_it_can_be_read():
    """Black and white are equally strong on a grey of 116.6: (L + 0.05)² = 0.05·1.05, L = 0.179."""
    grey = np.array([112, 121, 112, 121, 130, 0, 255])[:, None] * np.ones(3)
    assert reads_black(grey).tolist() == [False, True, False, True, True, False, True]
    by_word = words_read_black(grey, [0, 3, 5]).tolist()
    assert by_word[:3] == [False] * 3
    assert by_word[3:5] == [True] * 2
    assert by_word[5:] == [False, True], "no ink can be read on both"
    assert words_read_black(grey[:1], [0]).tolist() == [False]


def test_the_letters_of_a_word_on_like_colours_have_one_ink(panel):
    panel.set_text("hardly, not", np.array([0.62, 0.66] * 5 + [1.0]))
    written = []
    panel._draw_characters = lambda painter, lettering, inks, live: written.append(inks)
    painted(panel)
    assert any(set(range(6)) <= set(found) for found in written[-1].values())
