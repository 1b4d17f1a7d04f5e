"""Paper to draw on: strokes by the mouse and by the keys, and what is taken back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.export.export import picture
from gui.look.theme import DARK, LIGHT
from gui.plots.own.drawing_pad import MOST_STROKES, DrawingPad
from tests.gui.bench import drag


@pytest.fixture
def pad(qtbot):
    made = DrawingPad("Draw a digit", LIGHT)
    qtbot.addWidget(made)
    made.resize(300, 330)
    with qtbot.waitExposed(made):
        made.show()
    return made


def pixel(pad, x, y):
    return pad._pixel((x, y)).toPoint()


def draw(pad, *places):
    """Drag the pen through places of the paper."""
    drag(pad.viewport(), [pixel(pad, *place) for place in places])


def test_a_drag_is_a_stroke_and_each_move_is_told(pad):
    told = []
    pad.drawn.connect(told.append)
    draw(pad, (0.2, 0.3), (0.5, 0.3), (0.5, 0.8))
    QTest.mouseMove(pad.viewport(), pixel(pad, 0.9, 0.9))
    assert [[len(stroke) for stroke in strokes] for strokes in told] == [[1], [2], [3]]
    (stroke,) = pad.strokes
    assert [tuple(round(part, 1) for part in place) for place in stroke] == [
        (0.2, 0.3),
        (0.5, 0.3),
        (0.5, 0.8),
    ]
    assert dict(pad.table())["stroke"] == (1, 1, 1)


def test_a_stroke_stays_on_the_paper_and_none_begins_beside_it(pad):
    drag(pad.viewport(), [QPoint(2, 2), pixel(pad, 0.5, 0.5)])
    assert pad.strokes == ()
    drag(pad.viewport(), [pixel(pad, 0.5, 0.5), QPoint(299, 329)])
    assert pad.strokes[0][-1] == (1.0, 1.0)


def test_two_quick_strokes_are_two(pad, qtbot):
    for _ in range(2):
        qtbot.mouseDClick(pad.viewport(), Qt.MouseButton.LeftButton, pos=pixel(pad, 0.4, 0.4))
        qtbot.mouseRelease(pad.viewport(), Qt.MouseButton.LeftButton, pos=pixel(pad, 0.4, 0.4))
    assert len(pad.strokes) == 2


def test_strokes_are_taken_back_one_by_one_or_all(pad, qtbot):
    for x in (0.2, 0.5, 0.8):
        qtbot.mouseClick(pad.viewport(), Qt.MouseButton.LeftButton, pos=pixel(pad, x, 0.5))
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert [round(stroke[0][0], 1) for stroke in pad.strokes] == [0.2, 0.5]
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.strokes == ()
    with qtbot.assertNotEmitted(pad.drawn):
        qtbot.keyClick(pad, Qt.Key.Key_Backspace)
        qtbot.keyClick(pad, Qt.Key.Key_Delete)


def test_one_can_draw_without_a_mouse(pad, qtbot):
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Up)  # above the paper: nothing is drawn yet
    assert pad.strokes == ()
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    for _ in range(4):
        qtbot.keyClick(pad, Qt.Key.Key_Down)
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    qtbot.keyClick(pad, Qt.Key.Key_Right)
    (stroke,) = pad.strokes
    assert stroke == tuple((0.5, 0.5 + k / 32) for k in range(-1, 4))
    qtbot.keyClick(pad, Qt.Key.Key_Enter)
    assert pad.strokes[1] == ((0.5 + 1 / 32, 0.5 + 3 / 32),)


def test_there_is_an_end_to_strokes(pad, qtbot):
    pad.set_drawing([[(0.5, 0.5)]] * MOST_STROKES, 0.1)
    draw(pad, (0.2, 0.2), (0.4, 0.4))
    assert len(pad.strokes) == MOST_STROKES


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_is_painted_on_the_screen_and_on_paper(qtbot, theme):
    pad = DrawingPad("Draw a digit", theme)
    qtbot.addWidget(pad)
    pad.set_drawing([[(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.2)]], 0.12)
    found = picture(pad, (200, 230))
    middle = found.pixelColor(found.width() // 2, found.height() // 2)
    corner = found.pixelColor(found.width() - 20, found.height() - 20)
    assert abs(middle.lightness() - corner.lightness()) > 120
