"""The interval that shrinks: parts in proportion, the last ones where room is short, the bracket."""

import pytest
from PySide6.QtCore import Qt

from gui.look.theme import LIGHT, Stroke
from gui.plots.own.shrinking import ShrinkingPanel, Shrunk
from tests.gui.plots.conftest import painted

STAGES = [
    Shrunk("0", "1", 1, (0.0, 1.0)),
    Shrunk("0.5", "0.75", 0, (0.5, 0.75)),
    Shrunk("0.5", "0.625", None, (0.5, 0.625)),
]


@pytest.fixture
def panel(qtbot):
    made = ShrinkingPanel("Interval", LIGHT)
    qtbot.addWidget(made)
    made.resize(360, 300)
    strokes = Stroke("#0072B2"), Stroke("#009E73")
    made.set_stages(("1", "2", "3"), (0.5, 0.25, 0.25), STAGES, strokes, (0.25, 0.75, "…0101"))
    return made


def test_the_parts_have_their_shares_from_the_bottom_up(panel):
    column = panel._columns(panel.content)[0]
    parts = [panel._part(column, k) for k in range(3)]
    assert [part.height() / column.height() for part in parts] == pytest.approx([0.5, 0.25, 0.25])
    assert parts[0].bottom() == pytest.approx(column.bottom())
    assert parts[1].bottom() == pytest.approx(parts[0].top())
    assert parts[2].top() == pytest.approx(column.top())


def test_the_bracket_is_where_its_numbers_are(panel):
    column = panel._columns(panel.content)[-1]
    word, interval = panel.thing("word"), panel.thing("interval")
    assert min(word.y[:4]) == pytest.approx(column.bottom() - 0.75 * column.height())
    assert max(word.y[:4]) == pytest.approx(column.bottom() - 0.25 * column.height())
    assert max(interval.x[:4]) <= min(word.x[:4])


def test_in_little_room_the_last_ones_stay(panel):
    panel.resize(150, 300)
    assert len(panel._columns(panel.content)) < 3
    assert painted(panel, 150, 300).size


def test_its_numbers(panel):
    assert [values for _, values in panel.table()] == [
        [0.0, 0.5, 0.5],
        [1.0, 0.75, 0.625],
        ["2", "1", ""],
    ]


def test_a_click_goes_back_and_the_keys_go_on_in_the_message(panel, qtbot):
    moves = []
    panel.moved.connect(moves.append)
    first, _, last = panel._columns(panel.content)
    for column in (last, first):
        qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=column.center().toPoint())
    assert moves == [-2]
    moves.clear()
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    qtbot.keyClick(panel, Qt.Key.Key_Left)
    assert moves == [1, -1]


def test_before_there_is_anything_it_says_so(qtbot):
    empty = ShrinkingPanel("Interval", LIGHT)
    qtbot.addWidget(empty)
    assert painted(empty, 200, 160).size
    assert empty.thing("word") is None
