"""Boxes of numbers, typed and pasted into as a user does."""

import time
from typing import Annotated, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.config import Config, number, plain
from engine.experiments.optimizers.race_config import RaceConfig
from engine.surfaces.choice import surface_of
from gui.form.form import Form
from gui.form.number_reading import parse_number
from gui.look.theme import LIGHT


class Settings(Config, frozen=True):
    steps: Annotated[int, number("Steps", "How many", ge=1, le=1_000_000)] = 10
    rate: Annotated[float, number("Rate", "How fast", ge=-1e9, le=1e9)] = 1.0
    start: Annotated[tuple[float, float], plain("Start", "Where", kind="point")] = (0.0, 0.0)
    seed: Annotated[int, plain("Seed", "Chance", kind="seed")] = 1


@pytest.fixture
def form(qtbot: Any) -> Form:
    """A form with a box of each kind."""
    form = Form(Settings(), LIGHT)
    qtbot.addWidget(form)
    form.resize(300, 400)
    with qtbot.waitExposed(form):
        form.show()
    return form


def enter(qtbot: Any, box: QLineEdit, text: str, paste: bool = False) -> None:
    """Type, or paste, instead of what is there; then Return."""
    box.setFocus()
    box.selectAll()
    if paste:
        QApplication.clipboard().setText(text)
        box.paste()
    elif text.isascii():
        qtbot.keyClicks(box, text)
    else:  # as a Chinese keyboard does
        written = QInputMethodEvent()
        written.setCommitString(text)
        QApplication.sendEvent(box, written)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize("text", ["10,000", "10 000", "10'000", "1e4", "10⁴", "１００００", "１０，０００"])
def test_ten_thousand_steps_are_ten_thousand(form: Form, qtbot: Any, text: str) -> None:
    enter(qtbot, form.editor("steps").box, text)
    assert form.config.steps == 10_000
    assert form.editor("steps").box.text() == "10000"
    assert form.editor("steps").error == ""


def test_what_can_be_read_in_two_ways_stays_with_both(form: Form, qtbot: Any) -> None:
    editor = form.editor("rate")
    enter(qtbot, editor.box, "10,000")
    assert form.config.rate == 1.0
    assert "write 10000 or 10.0" in editor.error
    enter(qtbot, form.editor("steps").box, "10.000")
    assert form.config.steps == 10
    assert "write 10000 or 10." in form.editor("steps").error


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", 1.5),
        ("½", 0.5),
        ("1.234×10⁻³", 1.234e-3),
        ("０．００１", 0.001),
        ("50 %", 0.5),
        ("－２", -2.0),
    ],
)
def test_a_number_is_taken_as_it_was_meant(form: Form, qtbot: Any, text: str, value: float) -> None:
    enter(qtbot, form.editor("rate").box, text)
    assert form.config.rate == value


def test_a_seed_keeps_its_last_digit(form: Form, qtbot: Any) -> None:
    enter(qtbot, form.editor("seed").box, "9007199254740993")
    assert form.config.seed == 9007199254740993


@pytest.mark.parametrize(
    "text", ["(1, -2.5)", "1; -2,5", "（１，－２．５）", "[ 1.  -2.5]", "1\t-2.5", "array([ 1. , -2.5])"]
)
def test_a_point_is_pasted_into_either_of_its_boxes(form: Form, qtbot: Any, text: str) -> None:
    editor = form.editor("start")
    for box in editor.boxes:
        enter(qtbot, box, text, paste=True)
        assert form.config.start == (1.0, -2.5)
        assert [box.text() for box in editor.boxes] == ["1", "−2.5"]
        enter(qtbot, editor.boxes[0], "0")
        assert form.config.start == (0.0, -2.5)
    enter(qtbot, editor.boxes[0], "(1, 2, 3)")
    assert "not a number" in editor.error


@pytest.mark.parametrize("name", ["steps", "rate"])
def test_digits_without_end_are_refused_at_once(form: Form, qtbot: Any, name: str) -> None:
    begin = time.process_time()
    enter(qtbot, form.editor(name).box, "1" * 40_000, paste=True)
    assert time.process_time() - begin < 5.0  # a pattern that backtracks took 51 s
    assert "at most 100 characters, not 32767" in form.editor(name).error


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2x² + |y|", 4.0), ("２（x＋1）＋max（x，y）", 6.0), ("√(x^2+y^2+4)lg(100)", 6.0), ("xy - ½", 1.5)],
)
def test_a_formula_is_typed_as_people_write_it(qtbot: Any, typed: str, value: float) -> None:
    form = Form(RaceConfig(surface="expression"), LIGHT)
    qtbot.addWidget(form)
    line = form.editor("expression").line
    enter(qtbot, line, typed)
    assert form.editor("expression").error == ""
    assert surface_of(form.config).value(1.0, 2.0) == pytest.approx(value)


def test_a_formula_that_may_mean_two_things_is_refused_at_its_place(qtbot: Any) -> None:
    form = Form(RaceConfig(surface="expression"), LIGHT)
    qtbot.addWidget(form)
    editor = form.editor("expression")
    enter(qtbot, editor.line, "x + 1/2y")
    assert "write * to multiply" in editor.error
    assert editor.line.column == 8
    assert form.config.expression == "x + 1/2"  # the last that could be read


@pytest.mark.parametrize("value", [1 / 3, 0.001234, -1 / 3, 1.234567e-7, 123456.7])
def test_a_number_is_seen_whole(form: Form, value: float) -> None:
    box = form.editor("rate").box
    box.set_value(value)
    assert box.fontMetrics().horizontalAdvance(box.text()) <= box.width() - 10
    assert parse_number(box.text()) == pytest.approx(value, rel=0.01)
    assert not box.pending
