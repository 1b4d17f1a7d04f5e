"""Typeset formulas: what is drawn, and that broken LaTeX harms nothing."""

import dataclasses
import random
import time
from contextlib import suppress
from threading import Event, current_thread
from typing import Any

import pytest
import ziamath
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from engine.config import Problem
from engine.experiments.gradients.mistakes_table import MISTAKES
from engine.surfaces.expression.reader import parse
from gui.look.formula import FormulaShelf, Order, shelf, typeset
from gui.look.formula_label import Formula
from gui.look.theme import DARK, LIGHT, Theme
from gui.look.typesetter import Svg, typeset_svg


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
    colours = {
        large.pixelColor(x, y).name()
        for x in range(large.width())
        for y in range(large.height())
        if large.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#ff0000"}


@pytest.mark.usefixtures("qapp")
def test_the_middle_of_an_inline_image_is_where_the_text_wants_it() -> None:
    found = typeset("x^2_{t+1}", 16, "#000000")
    image = found.image(1.0, middle=4.0)
    above, below = found.ascent - 4.0, found.height - found.ascent + 4.0
    assert image.height() == pytest.approx(2 * max(above, below), abs=1)


def test_typesetting_is_done_once() -> None:
    assert typeset("a+b", 16, "#000000") is typeset("a+b", 16, "#000000")


@pytest.mark.parametrize(
    "latex", [r"\frac{\mathbf{x}_{t+1}}{2}", r"\sum_{k=1}^n \textcolor{red}{p_k}\,\log q"]
)
def test_a_style_that_is_read_in_place_is_the_one_that_ziamath_copies(
    latex: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = typeset_svg(latex, 17, "#335577", (), 200.0)
    assert ziamath.styles.asdict is vars
    monkeypatch.setattr(ziamath.styles, "asdict", dataclasses.asdict)
    assert typeset_svg(latex, 17, "#335577", (), 200.0) == read


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
    formula = Formula(theme, r"x_{t+1} = x_t - \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \varepsilon}")
    qtbot.addWidget(formula)
    with qtbot.waitExposed(formula):
        formula.show()
    for width in (400, 120):
        formula.resize(width, formula.height())
        formula.finish()
        formula.resize(width, formula.sizeHint().height())
        assert formula.letters >= 13
        grabbed = formula.grab().toImage()
        edge = {grabbed.pixelColor(grabbed.width() - 1, y).name() for y in range(grabbed.height())}
        assert len(edge) == 1  # nothing is cut off on the right
    assert formula.height() > 2 * 17  # in lines


def test_the_widget_shows_broken_latex_as_it_is(qtbot: Any) -> None:
    formula = Formula(LIGHT, r"\frac{")
    qtbot.addWidget(formula)
    with qtbot.waitExposed(formula):
        formula.show()
    assert formula.grab().toImage().size() == QSize(formula.size())
    formula.set_latex("x")
    assert formula.latex == "x"


def nested(form: str, depth: int) -> str:
    """A formula inside itself, so many times."""
    text = "x"
    for _ in range(depth):
        text = form.format(text)
    return text


@pytest.mark.parametrize("form", ["sin({}+y)", "sqrt({})+1", "abs({}/2)", "max({},y)", "({}+1)^2"])
def test_the_time_of_typesetting_grows_with_the_length_and_not_with_the_depth(form: str) -> None:
    typeset_svg("x", 17, "#000000")
    begin = time.process_time()
    typeset_svg(parse(nested(form, 36)).latex, 17, "#000000")
    assert time.process_time() - begin < 3.0  # 0.1 to 0.3 s; doubled 36 times it would be years


def test_a_fence_is_as_high_as_what_it_holds() -> None:
    """Measured once or many times, what is set is the same: these sizes are those of ziamath itself."""
    sizes = {
        r"\left(\frac{1}{1 + \left(\frac{x}{y}\right)^{2}}\right)^{2}": (100.748, 78.354, 42.135),
        r"\sqrt{1 + \left|\frac{x}{\sqrt{y}}\right|}": (91.569, 43.99, 24.069),
    }
    for latex, (width, height, ascent) in sizes.items():
        _, *found, _, _ = typeset_svg(latex, 17, "#000000")
        assert found == pytest.approx([width, height, ascent], abs=0.01)


@pytest.mark.parametrize("sign", [r"\sum_i", r"\sum_{i}^{n}", r"\prod^n", r"\bigcup_i"])
def test_brackets_around_a_sum_with_indices_are_no_higher_than_the_sum(sign: str) -> None:
    """Its height was taken as nothing, 999 px from its indices: the brackets were 2,000 px high."""
    alone = typeset_svg(f"{sign} p_i", 17, "#000000")[2]
    assert typeset_svg(rf"\left({sign} p_i\right)", 17, "#000000")[2] < 1.5 * alone


def test_the_lines_of_the_mistakes_fit_in_the_notes() -> None:
    for kind in MISTAKES.values():
        for line in (kind.right, kind.wrong):
            assert typeset_svg(line.latex, 17, "#000000")[2] < 60


def test_the_shelf_keeps_as_much_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.look.formula.ROOM", 20_000)
    own = FormulaShelf()
    orders = [Order(f"x_{{{k}}}", 16, "#000000") for k in range(12)]
    found = [own.fill(order) for order in orders]
    assert own.get(orders[0]) is None
    assert own.get(orders[-1]) is found[-1]
    assert own.fill(orders[-1]) is found[-1]


LONG = "+".join(["sin(x*y)"] * 12)


@pytest.fixture
def label(qtbot: Any) -> Formula:
    """An empty label, a formula wide."""
    label = Formula(LIGHT)
    qtbot.addWidget(label)
    label.resize(1200, 40)
    with qtbot.waitExposed(label):
        label.show()
    return label


def test_what_the_user_types_is_typeset_in_another_thread(
    qtbot: Any, label: Formula, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, free = Event(), Event()
    threads = []

    def slowly(*order: Any) -> Svg:
        threads.append(current_thread())
        working.set()
        assert free.wait(10.0)
        return typeset_svg(*order)

    monkeypatch.setattr("gui.look.typesetter.typeset_svg", slowly)
    label.set_latex(parse(LONG).latex, LONG)
    assert working.wait(10.0)
    assert label.is_plain  # drawn as it was typed, and the window goes on
    assert ink(label.grab().toImage()) > 100
    second = LONG + "+y"
    label.set_latex(parse(second).latex, second)
    free.set()
    qtbot.waitUntil(lambda: not label.is_plain)
    assert label.accessibleName() == second
    assert current_thread() not in threads
    label.set_latex(parse(LONG).latex, LONG)
    assert not label.is_plain  # it is on the shelf, although nobody waited for it


def test_a_formula_that_is_no_longer_wanted_is_not_typeset(
    qtbot: Any, label: Formula, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, free = Event(), Event()

    def slowly(*order: Any) -> Svg:
        begun.set()
        assert free.wait(10.0)
        return typeset_svg(*order)

    monkeypatch.setattr("gui.look.typesetter.typeset_svg", slowly)
    texts = [f"x*y*{k} + 0.25*y" for k in range(5)]
    for text in texts:
        label.set_latex(parse(text).latex, text)
        assert begun.wait(10.0)  # the first is the one that is being typeset
    free.set()
    qtbot.waitUntil(lambda: not label.is_plain)
    on_shelf = [shelf().get(Order(parse(text).latex, 17, LIGHT.text)) is not None for text in texts]
    assert on_shelf[-1]
    assert not any(on_shelf[1:-1])


def test_a_label_that_is_gone_does_not_mind_what_arrives(qtbot: Any) -> None:
    gone = Formula(LIGHT)
    gone.set_latex(parse(LONG + "*2").latex, LONG + "*2")
    gone.deleteLater()
    del gone
    other = Formula(LIGHT)
    qtbot.addWidget(other)
    other.resize(1200, 40)
    other.set_latex(parse(LONG + "*3").latex, LONG + "*3")
    qtbot.waitUntil(lambda: not other.is_plain)


def test_a_formula_too_large_for_its_place_stands_there_as_it_was_typed(label: Formula) -> None:
    wide = nested("sqrt({}+1)", 12)
    label.set_latex(parse(wide).latex, wide)
    label.finish()
    assert not label.is_plain
    label.resize(120, 40)
    label.finish()
    assert label.is_plain
    one_line = label.fontMetrics().height()
    assert label.sizeHint().height() >= 2 * one_line
    tall = nested("abs({}/2)", 30)
    label.resize(1200, 40)
    label.set_latex(parse(tall).latex, tall)
    label.finish()
    assert label.is_plain
    assert label.sizeHint().height() < 4 * one_line


def test_a_picture_waits_for_the_formula(label: Formula) -> None:
    text = LONG + "-y"
    label.set_latex(parse(text).latex, text)
    label.finish()
    assert not label.is_plain


def test_in_an_open_window_the_formula_before_stands_until_the_next_is_typeset(qtbot: Any) -> None:
    shown = Formula(LIGHT, "x")
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    before = shown.sizeHint()
    shown.set_latex(r"\frac{a_{4711}}{b_{4712}}")
    assert shown.sizeHint() == before
    qtbot.waitUntil(lambda: shown.sizeHint().height() > before.height())


@pytest.mark.parametrize(
    ("latex", "share"),
    [
        (r"-p\log_2 p-(1-p)\log_2(1-p)", 0.75),  # before the minus outside, in the middle
        (r"f(a+b+c+d+e+g+h+k)", 0.99),  # where there is nothing else, inside
    ],
)
def test_a_line_is_broken_outside_of_brackets_where_it_can_be(latex: str, share: float) -> None:
    natural = typeset_svg(latex, 16, "#000000")[1]
    broken = typeset_svg(latex, 16, "#000000", room=natural - 4)
    assert broken[1] < share * natural
    assert broken[2] > 25
