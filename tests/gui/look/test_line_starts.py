"""Commas behind formulas: at any width no line of a text begins with one."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument

from gui.look.line_starts import BREAK, NOT_FIRST, NOT_LAST, OBJECT, hold_points
from gui.look.theme import LIGHT
from gui.screen.explanation import explanation, formulas_in

CHINESE = "起点是 $(-2,\\ 1.2)$，碗是 $f = \\frac{1}{2}(x^2 + 20y^2)$，所以梯度是（$-2$）。" * 6
ENGLISH = "It starts at $x = 1$, the bowl is ($f = x^2$), so the *gradient* is $2x$. And then, again, " * 6


def lines(document):
    """The lines of all paragraphs."""
    block = document.begin()
    while block.isValid():
        layout, text = block.layout(), block.text()
        for k in range(layout.lineCount()):
            line = layout.lineAt(k)
            yield text[line.textStart() : line.textStart() + line.textLength()]
        block = block.next()


@pytest.mark.parametrize("words", [CHINESE, ENGLISH])
def test_no_line_begins_with_a_point_behind_a_formula_or_ends_with_a_bracket_before_one(qapp, words):
    home, torn = QObject(), 0
    for width in range(200, 420, 7):
        document = explanation(f"{words}\n\n{words}", LIGHT, width, 1.0, home)
        document.setTextWidth(width)
        broken = list(lines(document))
        assert len(broken) > 4
        assert not [line for line in broken if line[0] in NOT_FIRST]
        assert not [line for line in broken if line.rstrip(BREAK)[-1] in NOT_LAST]
        assert formulas_in(document) == 2 * formulas_in(document)[: len(formulas_in(document)) // 2]
        torn += sum(BREAK in line for line in broken)
    assert torn > 0, "there was something to mend"


def test_a_formula_as_wide_as_the_line_keeps_its_line(qapp):
    document = QTextDocument()
    document.setPlainText(f"{OBJECT}，and then words that go on")
    hold_points(document, 10)
    assert BREAK not in document.toPlainText()
