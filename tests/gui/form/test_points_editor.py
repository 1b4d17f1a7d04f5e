"""A list of points, typed as a user types it."""

from typing import Annotated

import pytest

from engine.config import Config, Problem, plain
from gui.form.form import Form
from gui.form.list_reading import parse_points
from gui.form.points import points_text
from gui.form.settings_text import value_text
from gui.look.theme import LIGHT


class Settings(Config, frozen=True):
    points: Annotated[
        tuple[tuple[float, float], ...], plain("Points", "x and y", kind="points", max_length=3)
    ] = ((0.0, 1.0), (2.0, 3.5))


@pytest.mark.parametrize(
    "text",
    [
        "0, 1; 2, 3.5",
        "(0, 1) (2, 7/2)",
        "0 1 2 3.5",
        "0 1\n2 3.5",
        "[[0.  1. ]\n [2.  3.5]]",
        "0,1\n2,3.5",
        "[(0,1),(2,3.5)]",
        "（０，１）；（２，３．５）",
        "0\t1\n2\t3,5",
        "(0; 1) (2; 3,5)",
        "array([[0. , 1. ],\n       [2. , 3.5]])",
    ],
)
def test_points_are_read(text):
    assert parse_points(text) == ((0.0, 1.0), (2.0, 3.5))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,2; 3,4", "one number or more"),
        ("1,2 3,4", "one number or more"),
        ("0,1 2,3.5", "one number"),
        ("(1, 2, 3) (4, 5)", "not 3"),
        ("1,2", "one number"),
    ],
)
def test_what_may_be_other_points_is_refused_with_a_hint(text, hint):
    with pytest.raises(Problem, match=hint):
        parse_points(text)


def test_an_x_without_a_y_is_refused():
    with pytest.raises(Problem, match="no y"):
        parse_points("1, 2; 3")


@pytest.mark.parametrize("points", [(), ((0.1, 1 / 3),), ((-1.0, 1e-300), (0.1 + 0.2, 5.0))])
def test_points_are_written_so_that_they_are_read_back(points):
    assert parse_points(points_text(points)) == points


def test_points_are_typed(qtbot):
    form = Form(Settings(), LIGHT)
    qtbot.addWidget(form)
    line = form.editor("points").line
    assert line.text() == "0, 1; 2, 3.5"
    seen = []
    form.edited.connect(seen.append)
    line.setText("")
    qtbot.keyClicks(line, "4 5;6 7")
    assert seen[-1].points == ((4.0, 5.0), (6.0, 7.0))
    form.set_config(seen[-1])
    assert line.text() == "4 5;6 7"  # what was typed stays
    qtbot.keyClicks(line, ";8")
    assert "no y" in form.editor("points").error
    form.set_config(Settings())
    assert line.text() == "0, 1; 2, 3.5"
    line.end(False)
    qtbot.keyClicks(line, "; 1 1; 2 2")
    assert "at most 3" in form.editor("points").error


def test_in_a_legend_their_number_is_enough():
    assert value_text(((0.0, 1.0), (2.0, 3.5))) == "(2)"
    assert value_text((0.0, 1.0)) == "(0, 1)"
