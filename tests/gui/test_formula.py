"""Typeset formulas: what is drawn, and that broken LaTeX harms nothing."""

import random
from contextlib import suppress
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from engine.config import Problem
from gui.formula import Formula, typeset
from gui.theme import DARK, LIGHT, Theme


def ink(image: QImage) -> int:
    """How many pixels are not transparent."""
    wide, high = image.width(), image.height()
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(wide) for y in range(high))


@pytest.mark.usefixtures("qapp")
def test_a_formula_is_drawn_in_its_colour_and_crisply() -> None:
    found = typeset(r"\frac{1}{1-\beta}", 16, "#ff0000")
    small, large = found.image(1.0), found.image(2.0)
    assert 0 < found.ascent < found.height
    assert large.width() == pytest.approx(2 * small.width(), abs=1)
    assert ink(large) > 2.5 * ink(small)
    colours = {large.pixelColor(x, y).name() for x in range(large.width()) for y in range(large.height())
               if large.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert colours == {"#ff0000"}


@pytest.mark.usefixtures("qapp")
def test_the_middle_of_an_inline_image_is_where_the_text_wants_it() -> None:
    found = typeset("x^2_{t+1}", 16, "#000000")
    image = found.image(1.0, middle=4.0)
    above, below = found.ascent - 4.0, found.height - found.ascent + 4.0
    assert image.height() == pytest.approx(2 * max(above, below), abs=1)


def test_typesetting_is_done_once() -> None:
    assert typeset("a+b", 16, "#000000") is typeset("a+b", 16, "#000000")


@pytest.mark.parametrize("latex", ["", r"\frac{", "x^", "{", r"\left(", r"\begin{matrix}", r"a^b^c", "&<"])
def test_broken_latex_is_a_problem(latex: str) -> None:
    with pytest.raises(Problem):
        typeset(latex, 16, "#000000")


def test_any_broken_latex_is_a_problem_at_worst() -> None:
    chance = random.Random(1)
    words = r"\frac { } x ^ _ \sqrt [ ] \left \right ( & \\ % # $ \begin{matrix}"
    words += r" \end{matrix} \hat \foo \text{ 中 1"
    for _ in range(200):
        with suppress(Problem):
            typeset("".join(chance.choices(words.split(), k=chance.randint(1, 8))), 16, "#000000")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_widget_fits_its_place(qtbot: Any, theme: Theme) -> None:
    formula = Formula(theme, r"x_{t+1} = x_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}")
    qtbot.addWidget(formula)
    with qtbot.waitExposed(formula):
        formula.show()
    for width in (400, 60):
        formula.resize(width, formula.sizeHint().height())
        grabbed = formula.grab().toImage()
        edge = {grabbed.pixelColor(grabbed.width() - 1, y).name() for y in range(grabbed.height())}
        assert len(edge) == 1  # nothing is cut off on the right


def test_the_widget_shows_broken_latex_as_it_is(qtbot: Any) -> None:
    formula = Formula(LIGHT, r"\frac{")
    qtbot.addWidget(formula)
    with qtbot.waitExposed(formula):
        formula.show()
    assert formula.grab().toImage().size() == QSize(formula.size())
    formula.set_latex("x")
    assert formula.latex == "x"
