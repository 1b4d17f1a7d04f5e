"""A table of words: lines that are broken, columns that are left out, rows that are scrolled to, and keys."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.look.theme import LIGHT
from gui.plots.own.word_table import WordCell, WordRow, WordTablePanel
from tests.gui.plots.conftest import painted

LONG = "a label with many words that need more than one line"


@pytest.fixture
def table(qtbot):
    made = WordTablePanel("Words", LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 300)
    rows = [WordRow(f"row {k}", (WordCell(LONG, f"= {k}"), WordCell("short"))) for k in range(5)]
    made.set_rows(("name", "first", "second"), rows, (1.0, 2.0, 2.0), 1)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_words_are_broken_and_none_is_lost(table):
    px = table._size(table.content)
    wide = table._across(table._rows(table.content)[0])[1].width()
    lines = table._lines(LONG, wide, px)
    assert len(lines) > 1
    assert " ".join(lines) == LONG
    metrics = QFontMetricsF(LIGHT.font(px))
    assert all(metrics.horizontalAdvance(line) <= wide for line in lines)


def test_rows_lie_under_each_other_and_hold_their_lines(table):
    spots = list(table._rows(table.content).values())
    assert len(spots) == 5
    for above, below in pairwise(spots):
        assert below.top() == pytest.approx(above.bottom())
    assert spots[-1].bottom() <= table.content.bottom() + 1


def test_in_little_width_the_last_column_is_left_out(table):
    table.resize(260, 300)
    assert len(table._across(table.content)) == 2
    assert painted(table, 260, 300).size


def test_in_little_height_the_chosen_row_is_scrolled_to_and_the_wheel_turns(table, qtbot):
    table.resize(600, 130)
    seen = table._rows(table.content)
    assert 0 < len(seen) < 5
    table.set_rows(table.head, table.rows, table.shares, 4)
    assert 4 in table._rows(table.content)
    place = QPointF(table.rect().center())
    for notches, first in ((5, 0), (-1, 1)):
        event = QWheelEvent(
            place,
            table.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(table.viewport(), event)
        assert min(table._rows(table.content)) == first


def test_on_paper_every_row_is_there(table):
    table.resize(600, 130)
    high = round(table.height_on_paper(600))
    assert high > 130
    assert painted(table, 600, high).size


def test_a_click_and_the_keys_choose(table, qtbot):
    chosen = []
    table.selected.connect(chosen.append)
    spot = table._rows(table.content)[3].center().toPoint()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 4))  # the title
    assert chosen == [3, 2, 0]


def test_what_a_reader_is_told_and_what_is_exported(table):
    assert table.description().endswith(f"row 1, {LONG}, short")
    columns = dict(table.table())
    assert columns["first"] == [LONG] * 5
    assert columns["first, here"] == [f"= {k}" for k in range(5)]
    assert {len(values) for values in columns.values()} == {5}
    assert table.thing("cell.0") is not None
