"""Lists of numbers and distributions, typed as a user types them."""

from typing import Annotated

import pytest
from PySide6.QtCore import Qt

from engine.config import Config, Problem, plain
from engine.experiments.entropy.distribution import Distribution
from gui.editors.lists import brief_text, list_text, parse_list
from gui.form import Form
from gui.theme import LIGHT


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
    ],
)
def test_lists_are_read(text, values):
    assert parse_list(text) == values


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
