"""The bar made from options: every kind of field, driven as a user does; what a run offers."""

from typing import Annotated

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from engine.config import Config, choice, number, plain
from gui.look.theme import LIGHT
from gui.screen.options_bar import OptionsBar, Switches

WAYS = {"a": "Contours", "b": "Landscape"}


class Look(Config, frozen=True):
    log: Annotated[bool, plain("Log axis", "Show f on a logarithmic axis.")] = False
    way: Annotated[str, choice("Show", "Which plots stand side by side.", WAYS)] = "a"
    pane: Annotated[str, choice("Below", "What stands under the densities.", WAYS)] = "b"
    racer: Annotated[int, number("Explain", "Whose steps are explained.", ge=1, le=9)] = 2
    unit: Annotated[int, number("Unit", "The one that colours the text.", ge=1, le=512)] = 7
    heat: Annotated[float, number("Temperature", "How daringly characters are drawn.", ge=0, le=2)] = 0.5
    words: Annotated[str, plain("Opening words", "What the model is given.")] = "once"


@pytest.fixture
def bar(qtbot):
    made = OptionsBar(
        LIGHT,
        Look(),
        (
            "log",
            "way:",
            Switches("pane", {"a": "One", "b": "Two"}),
            "",
            "racer:",
            "unit",
            "heat",
            "words",
            QPushButton("Go"),
        ),
        ["racer"],
    )
    holder = QWidget()
    made.setParent(holder)
    made.holder = holder
    qtbot.addWidget(holder)
    made.resize(1200, 40)
    with qtbot.waitExposed(holder):
        holder.show()
    made.heard = []
    made.changed.connect(made.heard.append)
    made.show_options(Look(), {"racer": ["Adam", "Lion", "Newton"]})
    return made


def test_every_kind_of_option_is_changed_by_its_widget(bar, qtbot):
    assert bar.heard == [], "to show is not to change"
    qtbot.mouseClick(bar["log"], Qt.MouseButton.LeftButton, pos=bar["log"].rect().center() * 0.2)
    qtbot.keyClick(bar["way"], Qt.Key.Key_Down)
    qtbot.mouseClick(bar["pane"]["a"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(bar["racer"], Qt.Key.Key_Down)
    qtbot.keyClick(bar["unit"], Qt.Key.Key_Up)
    qtbot.keyClick(bar["heat"].slider, Qt.Key.Key_End)
    qtbot.keyClicks(bar["words"], "!")
    assert bar.heard == [
        {"log": True},
        {"way": "b"},
        {"pane": "a"},
        {"racer": 3},
        {"unit": 8},
        {"heat": 2.0},
        {"words": "once!"},
    ]


def test_what_is_chosen_is_shown(bar):
    bar.show_options(Look(True, "b", "a", 3, 500, 1.5, "then"))
    assert bar["log"].isChecked()
    assert bar["way"].currentText() == "Landscape"
    assert [bar["pane"][key].isChecked() for key in "ab"] == [True, False]
    assert bar["racer"].currentText() == "Newton", "the third: it counts from 1"
    assert (bar["unit"].value(), bar["heat"].value.text(), bar["words"].text()) == (500, "1.50", "then")
    assert bar.heard == []


def test_what_is_refused_is_shown_as_it_was(bar, qtbot):
    shown = Look(), {"racer": ["Adam", "Lion", "Newton"]}
    bar.show_options(*shown)
    qtbot.keyClick(bar["racer"], Qt.Key.Key_Down)
    assert bar["racer"].currentText() == "Newton"
    bar.show_options(*shown)
    assert bar["racer"].currentText() == "Lion"


def test_what_a_run_offers_can_be_chosen_by_what_it_is(bar, qtbot):
    offer = {"way": {"b": "Second", "c": "Third"}, "unit": range(1, 4), "heat": False}
    bar.show_options(Look(unit=3), offer)
    assert bar["way"].currentText() == "Second", "what was chosen is not offered: the first"
    qtbot.keyClick(bar["way"], Qt.Key.Key_Down)
    assert bar.heard == [{"way": "c"}]
    assert bar["unit"].maximum() == 3
    assert bar["heat"].isHidden()
    bar.show_options(Look(racer=9), {"racer": ["Adam", "Lion"], "heat": True})
    assert bar["racer"].currentText() == "Lion", "there is no ninth: the last"
    assert not bar["heat"].isHidden()


def test_every_widget_has_the_words_of_its_option(bar):
    assert bar["racer"].toolTip() == "Whose steps are explained."
    assert bar["racer"].accessibleName() == "Explain"
    assert bar["heat"].slider.accessibleName() == "Temperature"
    assert bar["pane"]["a"].toolTip() == "One"


def test_titles_give_way_where_it_is_narrow(bar, qtbot):
    titles = [label for label in bar.findChildren(QLabel) if label.text() in ("Show", "Explain")]
    assert [title.isHidden() for title in titles] == [False, False]
    bar.resize(bar.minimumSizeHint().width(), 40)
    qtbot.waitUntil(lambda: all(title.isHidden() for title in titles))
    bar.resize(1200, 40)
    qtbot.waitUntil(lambda: not any(title.isHidden() for title in titles))


@pytest.mark.parametrize(("typed", "taken"), [("12", 9), ("0", 1), ("7", 7)])
def test_a_number_beyond_what_is_offered_can_be_typed_and_becomes_the_nearest(typed, taken, bar, qtbot):
    bar.show_options(Look(unit=3), {"unit": range(1, 10)})
    line = bar["unit"].lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, typed)
    assert line.text() == typed
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (line.text(), bar["unit"].value()) == (str(taken), taken)
    assert bar.heard[-1] == {"unit": taken}


def test_a_bar_too_narrow_for_one_row_has_two_and_cuts_nothing(bar, qtbot):
    boxes = [*bar._boxes.values(), bar.findChildren(QPushButton)[-1]]
    one, whole = bar.sizeHint().height(), bar.minimumSizeHint().width()

    def rows():
        """Where the boxes of each row begin; None while one is cut."""
        if any(
            box.width() < box.minimumSizeHint().width() or box.geometry().right() > bar.width()
            for box in boxes
        ):
            return None
        places = [(box.geometry().center().y() // 20, box.x()) for box in boxes]
        assert places == sorted(places), "in their order"
        return [sum(row == k for row, _ in places) for k in sorted({row for row, _ in places})]

    qtbot.waitUntil(lambda: rows() == [8])
    for width, expected in ((whole - 1, [7, 1]), (whole - 120, [6, 2]), (1200, [8]), (whole, [8])):
        bar.resize(width, 2 * one if len(expected) > 1 else one)
        qtbot.waitUntil(lambda expected=expected: rows() == expected)
        assert (bar.sizeHint().height() > 1.5 * one) is (len(expected) > 1)
