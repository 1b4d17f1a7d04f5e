"""Lists of numbers and distributions, typed as a user types them."""

import time
from contextlib import suppress
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.config import Config, Problem, plain
from engine.information.shaped_distribution import Distribution
from gui.form.form import Form
from gui.form.list_reading import parse_list, parse_points
from gui.form.lists import brief_text, list_text
from gui.look.theme import LIGHT


class Settings(Config, frozen=True):
    logits: Annotated[
        tuple[float, ...], plain("Logits", "Numbers", kind="vector", min_length=2, max_length=4)
    ] = (2.0, 1.0)
    p: Annotated[Distribution, plain("P", "The truth", kind="distribution")] = Distribution((0.5, 0.25, 0.25))


@pytest.fixture
def form(qtbot):
    form = Form(Settings(), LIGHT)
    form.seen = []
    form.edited.connect(form.seen.append)
    qtbot.addWidget(form)
    form.resize(300, 400)
    with qtbot.waitExposed(form):
        form.show()
    return form


def type_into(qtbot, editor, text):
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1/2, 0.25 1e-3", (0.5, 0.25, 0.001)),
        ("−1;2", (-1.0, 2.0)),
        ("", ()),
        (" 3，4、5 ", (3.0, 4.0, 5.0)),
        ("1 / 4, 3/ 4", (0.25, 0.75)),
        ("1,2,3", (1.0, 2.0, 3.0)),
        ("1, 2,", (1.0, 2.0)),
        ("½ ½", (0.5, 0.5)),
        ("50 % 50 %", (0.5, 0.5)),
        ("1.5×10⁻³, 2 × 10^2", (0.0015, 200.0)),
        ("1,-2,3", (1.0, -2.0, 3.0)),
        ("10 200 300", (10.0, 200.0, 300.0)),
        ("\u200e0.5 0.5", (0.5, 0.5)),
        ("0.5,0.25,0.25", (0.5, 0.25, 0.25)),
        ("1/2,1/2", (0.5, 0.5)),
        ("1e-3,2e-3", (1e-3, 2e-3)),
        ("０．５；０．５", (0.5, 0.5)),
        ("1\t2\t3", (1.0, 2.0, 3.0)),
        ("0.1,\n0.2,\n0.7\n", (0.1, 0.2, 0.7)),
    ],
)
def test_lists_are_read(text, values):
    assert parse_list(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3,0; 1,0; 0,2", (3.0, 1.0, 0.2)),
        ("0,5; 0,25; 0,25", (0.5, 0.25, 0.25)),
        ("0,5\n0,25\n0,25", (0.5, 0.25, 0.25)),
        ("0,1\t0,9", (0.1, 0.9)),
        ("0,5 0,25 0,25", (0.5, 0.25, 0.25)),
        ("10,000; 2,5", (10.0, 2.5)),
        ("1,333 0,667", (1.333, 0.667)),
        ("1,5e-3; 2", (0.0015, 2.0)),
        ("0,5;1/2", (0.5, 0.5)),
        ("[0,5; 0,5]", (0.5, 0.5)),
        ("−1,5×10⁻³ 2", (-0.0015, 2.0)),
    ],
)
def test_where_something_else_separates_a_comma_is_a_decimal_sign(text, values):
    assert parse_list(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[3.0, 1.0, 0.2]", (3.0, 1.0, 0.2)),
        ("[ 3.   1.   0.2]", (3.0, 1.0, 0.2)),
        ("(1, 2)", (1.0, 2.0)),
        ("array([0.1, 0.2, 0.7])", (0.1, 0.2, 0.7)),
        ("np.array([1,2,3], dtype=np.float32)", (1.0, 2.0, 3.0)),
        ("tensor([0.1, 0.9], device='cuda:0', dtype=torch.float64)", (0.1, 0.9)),
        ("[1,2]", (1.0, 2.0)),
        ("tensor([1., 2.], grad_fn=<AddBackward0>)", (1.0, 2.0)),
        ("p = [0.1, 0.9]", (0.1, 0.9)),
        ("[[0.1],[0.2],[0.7]]", (0.1, 0.2, 0.7)),
        ("array([[0.1, 0.2]])", (0.1, 0.2)),
        ("{0.1, 0.9}", (0.1, 0.9)),
        ("[0.1 0.2\n 0.3 0.4]", (0.1, 0.2, 0.3, 0.4)),
        ("［１．０， ２．０］", (1.0, 2.0)),
        ("[3.0, 1", (3.0, 1.0)),
        ("[1 2 3;]", (1.0, 2.0, 3.0)),
        ("[1;2;3]", (1.0, 2.0, 3.0)),
        ("c(1,2)", (1.0, 2.0)),
        ("[0,5]", (0.0, 5.0)),
        ("1½; 2", (1.5, 2.0)),
        ("array([1.00000000e-03, 2.50000000e+02])", (0.001, 250.0)),
        ("[]", ()),
    ],
)
def test_lists_are_read_as_programs_print_them(text, values):
    assert parse_list(text) == values


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0,5, 0,25", "Is 0,5 one number or more? Write 0.5, or 0, 5 with a space."),
        ("1,2", "Is 1,2 one number"),
        ("1,2, 3", "Write 1.2, or 1, 2"),
        ("0,5,0,25", "Is 0,5 one number"),
        ("1,000,000", "Write 1000000, or 1, 000, 000"),
        ("0,5 0.25", "Is 0,5 one"),
        ("10,000; 20,000", "write 10000 or 10.0"),
        ("1,234.5 2", "Is 1,234 one"),
        ("[[1,2],[3,4]]", "a table of 2 rows; one list"),
        ("1, 2; 3, 4", "some by semicolons"),
        ("1,,2", "missing between"),
        ("1 2 ... 9", "cut short"),
        ("1" * 10_001, "at most 10000"),
        ("1,2,3\n4,5,6", "Is 1,2 one"),
        ("1 000; 2 000", "Is 1 000 one number or more? Write 1000 without a space, or 1; 000."),
        ("1 000 2 000", "Write 1000 without"),
        ("1 200; 3 400", "Write 1200 without"),
        ("5, 12 000, 7", "Write 12000 without"),
        ("1.234,5 2.345,6", "Write 1234.5 or 1.234; 5."),
        ("０，５；０，５", "some by semicolons"),
        ("linspace(0,1,3)", "not a number: linspace"),
        ("range(3)", "not a number: range"),
        ("[1.0 2.0; 3.0 4.0]", "a table of 2 rows; one list is wanted here: put commas"),
        ("1 2; 3 4; 5 6", "a table of 3 rows"),
        ("1\t2\n3\t4\n", "a table of 2 rows"),
        ("1.5, 2\n3, 4", "a table of 2 rows"),
        ("0,1 0,2\n0,3 0,4", "a table of 2 rows"),
        ("0.1 0.2; 0.7", "parted by spaces, some by semicolons"),
        ("1 1/2; 2", "Is 1 1/2 one number or more? Write 3/2 or 1; 1/2."),
        ("2 1/3", "Write 7/3 or 2, 1/3."),
        ("5, -1 3/4", "Write -7/4 or -1, 3/4."),
        ("1 ½; 2", "Is 1 ½ one number or more? Write 1½ or 1; ½."),
        ("1 1 / 2", "Is 1 1 / 2 one number"),
        ("（0,5）", "Is 0,5 one number or more? Write 0.5, or 0, 5"),
        ("(0,5)", "Is 0,5 one number or more? Write 0.5, or 0, 5"),
        ("(1,2)", "Write 1.2, or 1, 2"),
        ("(0,5) (0,25)", "Is 0,5 one number"),
    ],
)
def test_what_may_be_one_list_or_another_is_refused_with_a_hint(text, hint):
    with pytest.raises(Problem) as caught:
        parse_list(text)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0 1/2 1/2", (0.0, 0.5, 0.5)),
        ("1/2 1/3", (0.5, 1 / 3)),
        ("1 3/2", (1.0, 1.5)),
        ("1, 1/2", (1.0, 0.5)),
        ("0.5 1/2", (0.5, 0.5)),
        ("1\t1/2", (1.0, 0.5)),
        ("1; 1/2", (1.0, 0.5)),
        ("1 / 2 1/3", (0.5, 1 / 3)),
    ],
)
def test_a_fraction_after_what_cannot_belong_to_it_is_a_number_for_itself(text, values):
    assert parse_list(text) == pytest.approx(values, rel=1e-15)


@given(st.integers(1, 20), st.integers(1, 9), st.integers(2, 10), st.sampled_from(["; ", ", ", " ", "\n"]))
def test_what_is_offered_for_one_and_a_half_is_read_as_both(whole, over, under, separator):
    if over >= under:
        return
    with pytest.raises(Problem) as caught:
        parse_list(separator.join(["3", f"{whole} {over}/{under}", "5"]))
    offered = caught.value.values
    assert parse_list(offered["one"]) == pytest.approx((whole + over / under,), rel=1e-15)
    assert parse_list(offered["more"]) == pytest.approx((whole, over / under), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("[1.0 2.0; 3.0 4.0]", ((1.0, 2.0), (3.0, 4.0))),
        ("1 1/2", ((1.0, 0.5),)),
        ("1 1/2; 2 1/4", ((1.0, 0.5), (2.0, 0.25))),
        ("(0,5)", ((0.0, 5.0),)),
        ("(1, 1/2)", ((1.0, 0.5),)),
        ("1\t2\n3\t4", ((1.0, 2.0), (3.0, 4.0))),
    ],
)
def test_where_two_numbers_are_known_to_be_wanted_they_are_read(text, points):
    assert parse_points(text) == points


LENGTHS = st.lists(st.decimals(-1000, 1000, places=3), min_size=2, max_size=8)


def with_comma(number, sign=","):
    return str(number).replace(".", sign)


@given(LENGTHS, st.sampled_from([", ", " ", "; ", "\n", "\t", ";", " ,", "，", "、", ",\n", " , "]))
def test_with_decimal_points_every_separator_gives_the_same_list(numbers, separator):
    expected = tuple(map(float, numbers))
    text = separator.join(map(str, numbers))
    assert parse_list(text) == expected
    for form in ("[{}]", "({})", "array([{}])", "tensor([{}], dtype=torch.float64)", " {} ", "[[{}]]"):
        assert parse_list(form.format(text.replace("\n", " "))) == expected


@given(LENGTHS, st.sampled_from(["; ", ";", "\n", "\t", " "]))
def test_with_decimal_commas_as_many_numbers_come_back_or_none(numbers, separator):
    text = separator.join(map(with_comma, numbers))
    try:
        found = parse_list(text)
    except Problem as problem:
        assert "two ways" in str(problem)  # 1,234; 5,678
        assert all(abs(number) >= 1 for number in numbers)
    else:
        assert found == tuple(map(float, numbers))


@given(st.lists(st.decimals(0, 100, places=2), min_size=2, max_size=6), st.sampled_from([", ", ","]))
def test_decimal_commas_between_commas_are_never_another_number_of_entries(numbers, separator):
    text = separator.join(map(with_comma, numbers))
    if separator == ",":
        text = separator.join(f"0,{number.as_tuple().digits[-1]}" for number in numbers)
    with pytest.raises(Problem, match="one number or more"):
        parse_list(text)


@given(st.text("0123456789.,; \t\n[]()e-+/×⁻²½=ax", max_size=40))
def test_any_text_is_a_list_or_a_problem_with_its_place(text):
    for read in (parse_list, parse_points):
        try:
            read(text)
        except Problem as problem:
            assert 1 <= problem.values.get("column", 1) <= len(text) + 1


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "1" * 10_000, " " * 10_000, "1,1;" * 2500, "(" * 10_000, ", a=" * 2500, "1 / " * 2500],
)
def test_what_is_pasted_is_judged_at_once(text):
    begin = time.process_time()
    with suppress(Problem):
        parse_list(text)
    with suppress(Problem):
        parse_points(text)
    assert time.process_time() - begin < 5.0  # some tenths; a pattern that backtracks took a minute


def test_what_is_no_number_is_named_with_its_place():
    with pytest.raises(Problem) as caught:
        parse_list("1, two, 3")
    assert caught.value.values["column"] == 4
    assert "two" in str(caught.value)


@pytest.mark.parametrize("values", [(1 / 3, 2 / 3), (0.1, 1e-300), (1.0, 2.0), (-1.5,), (0.1 + 0.2,)])
def test_lists_are_written_so_that_they_are_read_back(values):
    assert parse_list(list_text(values)) == values


def test_a_vector_is_typed(form, qtbot):
    editor = form.editor("logits")
    assert editor.line.text() == "2, 1"
    type_into(qtbot, editor, "1/3, 5")
    assert form.seen[-1].logits == (1 / 3, 5.0)
    assert editor.line.text() == "1/3, 5", "what was typed stays"


def test_a_wrong_vector_says_what_is_wrong_and_escape_brings_back_the_last(form, qtbot):
    editor = form.editor("logits")
    type_into(qtbot, editor, "1, 2, x")
    assert "x" in editor.error
    assert editor.line.column == 7
    type_into(qtbot, editor, "1")
    assert "at least 2" in editor.error
    qtbot.keyClick(editor.line, Qt.Key.Key_Escape)
    assert editor.error == ""
    assert len(parse_list(editor.line.text())) >= 2


def test_a_distribution_is_typed_with_fractions(form, qtbot):
    editor = form.editor("p")
    type_into(qtbot, editor, "1/3, 1/3, 1/3")
    assert form.seen[-1].p.values == (1 / 3, 1 / 3, 1 / 3)
    assert editor.line.text() == "1/3, 1/3, 1/3"
    assert editor.scale.isHidden()


def test_what_does_not_sum_to_one_can_be_scaled(form, qtbot):
    editor = form.editor("p")
    before = form.config.p
    type_into(qtbot, editor, "2, 1, 1")
    assert "sums to 4" in editor.error
    assert form.config.p == before
    qtbot.mouseClick(editor.scale, Qt.MouseButton.LeftButton)
    assert form.config.p.values == (0.5, 0.25, 0.25)
    assert editor.error == ""
    assert editor.line.text() == "0.5, 0.25, 0.25"
    type_into(qtbot, editor, "1, -1, 1")
    assert "negative" in editor.error
    assert editor.scale.isHidden()


def test_outcomes_come_and_go_and_are_locked(form, qtbot):
    editor = form.editor("p")
    qtbot.mouseClick(editor.more, Qt.MouseButton.LeftButton)
    assert form.config.p.values == (0.5, 0.25, 0.25, 0.0)
    qtbot.mouseClick(editor.locks[1], Qt.MouseButton.LeftButton)
    assert form.config.p.locked == (1,)
    qtbot.mouseClick(editor.fewer, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(editor.fewer, Qt.MouseButton.LeftButton)
    assert form.config.p.values == (0.75, 0.25), "what is locked keeps its probability"
    assert form.config.p.locked == (1,)
    assert not editor.fewer.isEnabled()
    assert len(editor.locks) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0.25"),
        (1 / 3, "1/3"),
        (5 / 24, "5/24"),
        (0.123456789, "0.1235"),
        (0.0, "0"),
        (1e-300, "1e-300"),
    ],
)
def test_probabilities_are_written_for_reading(value, text):
    assert brief_text(value) == text


def test_what_is_written_short_keeps_its_digits(form, qtbot):
    editor = form.editor("p")
    dragged = Distribution((0.123456789, 0.376543211, 0.5))
    form.set_config(Settings(p=dragged))
    assert editor.line.text() == "0.1235, 0.3765, 0.5"
    type_into(qtbot, editor, "0.1235, 0.3765, 0.25 0.25")
    assert form.config.p.values == (0.123456789, 0.376543211, 0.25, 0.25)
    assert editor.line.text() == "0.1235, 0.3765, 0.25 0.25"


def test_what_cannot_be_scaled_is_not_offered_to_be(form, qtbot):
    editor = form.editor("p")
    for text in ("0, 0", "1e308, 1e308", "", "a"):
        type_into(qtbot, editor, text) if text else editor.line.clear()
        assert editor.scale.isHidden(), text


def paste_into(qtbot, line, text):
    QApplication.clipboard().setText(text)
    line.selectAll()
    line.paste()


@pytest.mark.parametrize(
    "text",
    ["1,0; 0,5; 0,25", "1,0\n0,5\n0,25\n", "1,0\t0,5\t0,25", "array([1.  , 0.5 , 0.25])", "1\r\n0.5\r\n0.25"],
)
def test_a_list_is_pasted(form, qtbot, text):
    editor = form.editor("logits")
    paste_into(qtbot, editor.line, text)
    assert form.config.logits == (1.0, 0.5, 0.25)
    assert editor.error == ""


def test_a_distribution_is_pasted_with_decimal_commas(form, qtbot):
    editor = form.editor("p")
    paste_into(qtbot, editor.line, "0,7\n0,2\n0,1")
    assert form.config.p.values == (0.7, 0.2, 0.1)
    before = form.config.p
    paste_into(qtbot, editor.line, "0,5, 0,25, 0,25")
    assert "one number or more" in editor.error
    assert form.config.p == before
    assert editor.line.column == 2


def test_too_many_entries_are_refused_with_how_many_may_be(form, qtbot):
    editor = form.editor("logits")
    paste_into(qtbot, editor.line, "1 2 3 4 5")
    assert "at most 4" in editor.error
