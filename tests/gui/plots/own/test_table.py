"""The table of a plot: every number whole, every line within reach, and one line chosen."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from gui.look.theme import DARK, LIGHT
from gui.plots.own.table import TablePanel, TableRow
from tests.gui.plots.conftest import click, has_colour, painted, wheel

HEAD = ("f", "distance", "steps", "calls")


def lines(count, cells=("1.019×10⁻¹²³", "8.906×10⁻¹²³", "123456", "1234567")):
    return [TableRow(f"Averaged momentum {k}", LIGHT.stroke("adam"), cells) for k in range(count)]


@pytest.fixture
def table(shown):
    panel = shown(TablePanel("Results", LIGHT), 400, 160)
    panel.set_lines(HEAD, lines(17), 0)
    panel.repaint()
    return panel


def written(panel, width, height=400):
    """Every text that is put into a picture of the panel, and whether it was shortened."""
    texts = []

    class Pen(QPainter):
        def drawText(self, *arguments):
            texts.append(arguments[-1])

    pixmap = QPixmap(width, height)
    with Pen(pixmap) as painter:
        panel.paint(painter, QRectF(0, 0, width, height))
    return texts


def row_place(panel, row):
    content = panel._content(QRectF(panel.rect()))
    return QPointF(content.left() + 60, content.top() + (row + 1.5) * panel._step())


@pytest.mark.parametrize("theme", [LIGHT, replace(LIGHT, scale=1.6)])
def test_paper_that_is_wide_enough_has_every_column(shown, theme):
    panel = shown(TablePanel("Results", theme), 400, 160)
    panel.set_lines(HEAD, lines(3))
    texts = written(panel, round(theme.px(panel.narrowest)) + 1)
    assert all(any(head in text for text in texts) for head in HEAD)


@pytest.mark.parametrize("width", [160, 240, 320, 400, 640, 1200])
def test_a_number_is_whole_or_left_out(table, width):
    texts = written(table, width)
    cells = set(lines(1)[0].cells) | set(HEAD)
    numbers = [text for text in texts if text[0].isdigit()]
    assert numbers, "the first column is always there"
    assert set(numbers) <= cells
    assert not [text for text in texts if text.endswith("…") and text[0].isdigit()]


def test_in_a_table_of_words_no_column_is_left_out(shown):
    """Each is shortened by the same share; with room for them the words are whole."""
    panel = shown(TablePanel("", LIGHT), 400, 160)
    panel.wordy = True
    call = "adam(learning_rate=0.1, beta_1=0.852, weight_decay=0.5)"
    panel.set_lines(("One form", "Another form"), [TableRow("Keras", None, (call, call))])
    narrow = [text for text in written(panel, 400) if text.startswith("adam(")]
    assert len(narrow) == 2
    assert all(text.endswith("…") and len(text) > 12 for text in narrow)
    assert "Keras" in written(panel, 400)
    assert written(panel, 1400).count(call) == 2


def test_with_room_everything_is_written(table):
    texts = written(table, 1200)
    assert set(HEAD) <= set(texts)
    assert {line.name for line in table.lines} <= set(texts)


def test_a_picture_has_every_line_even_a_low_one(table):
    assert {line.name for line in table.lines} <= set(written(table, 1200, 120))


def test_letters_of_low_lines_are_no_higher_than_the_lines(table):
    high = table.line_height * (len(table.lines) + 1) / 2
    font, _, _ = table._fitted(2000.0, high / ((len(table.lines) + 1) * table._step()))
    assert QFontMetricsF(font).height() <= high / (len(table.lines) + 1) + 1


def test_the_table_is_handed_out_as_it_is_read(table):
    columns = table.table()
    assert [name for name, _ in columns] == ["name", *HEAD]
    assert columns[1][1] == ["1.019×10⁻¹²³"] * 17


def test_a_note_is_written_below_the_lines_where_there_is_room_and_said_in_any_case(shown):
    panel = shown(TablePanel("Results", LIGHT), 400, 160)
    panel.set_lines(("calls",), [TableRow("adam", None, ("500",))])
    panel.explain("calls: gradients computed")
    assert "calls: gradients computed" in written(panel, 400)
    assert "calls: gradients computed" not in written(panel, 130)
    assert panel.toolTip() == "calls: gradients computed"
    assert panel.description().endswith("calls: gradients computed")


def test_a_click_chooses_a_line(table, qtbot):
    with qtbot.waitSignal(table.selected) as chosen:
        click(table, row_place(table, 2))
    assert chosen.args == [2]
    with qtbot.assertNotEmitted(table.selected):
        click(table, QPointF(20, 2))


def test_the_wheel_brings_lines_that_had_no_room(table, qtbot):
    place = row_place(table, 0)
    wheel(table, place, -360)
    with qtbot.waitSignal(table.selected) as chosen:
        click(table, place)
    assert chosen.args == [3]
    wheel(table, place, -100_000)
    with qtbot.waitSignal(table.selected) as chosen:
        click(table, row_place(table, table._fit(table._content(QRectF(table.rect())).height()) - 1))
    assert chosen.args == [16]
    wheel(table, place, 100_000)
    with qtbot.waitSignal(table.selected) as chosen:
        click(table, place)
    assert chosen.args == [0]


def test_the_chosen_line_stays_visible_in_another_height_unless_the_user_has_scrolled(table):
    table.resize(400, 400)
    table.set_lines(table.head, table.lines, chosen=10)
    table.resize(400, 150)
    assert 10 in table._rows()
    wheel(table, QPointF(20, 60), 100_000)
    table.resize(400, 160)
    assert 10 not in table._rows()


def test_small_turns_of_a_touchpad_add_up(table, qtbot):
    for _ in range(12):
        wheel(table, row_place(table, 0), -20)
    with qtbot.waitSignal(table.selected) as chosen:
        click(table, row_place(table, 0))
    assert chosen.args == [2]


def test_arrow_keys_go_from_line_to_line_and_keep_it_in_sight(table, qtbot):
    table.selected.connect(lambda row: table.set_lines(HEAD, lines(17), row))
    for _ in range(20):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.chosen == 16
    assert table._row_at(row_place(table, 0).y()) > 0
    for _ in range(20):
        qtbot.keyClick(table, Qt.Key.Key_Up)
    assert table.chosen == 0
    assert table._row_at(row_place(table, 0).y()) == 0


def test_drawing_again_does_not_scroll_back(table):
    wheel(table, row_place(table, 0), -600)
    before = table._row_at(row_place(table, 0).y())
    table.set_lines(HEAD, lines(17), 0)
    assert table._row_at(row_place(table, 0).y()) == before > 0


def test_an_empty_table_paints_and_takes_keys(shown, qtbot):
    panel = shown(TablePanel("", DARK))
    panel.set_lines(HEAD, [])
    qtbot.keyClick(panel, Qt.Key.Key_Down)
    wheel(panel, QPointF(50, 50), -240)
    assert painted(panel).size


def test_each_line_shows_its_stroke(table):
    assert has_colour(painted(table), LIGHT.stroke("adam").colour)


def test_a_long_name_gives_way_to_a_short_one_before_it_is_cut(shown):
    panel = shown(TablePanel("Losses", LIGHT), 400, 160)
    cells = ("3.354×10⁻⁴", "3.354×10⁻⁴")
    panel.set_lines(("L", "slope"), [TableRow("Binary cross-entropy", None, cells, short="BCE")])
    assert "Binary cross-entropy" in written(panel, 420)
    narrow = written(panel, 240)
    assert "BCE" in narrow
    assert [text for text in narrow if text in cells] == [*cells]
