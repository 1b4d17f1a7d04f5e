"""Conditions of lessons: what they say of a run, and how they are refused."""

import math

import numpy as np
import pytest

from engine.config import Problem
from engine.lessons.condition import DEEPEST, parse


class Known:
    """Facts by name; every scalar up to the step on the screen."""

    def __init__(self, step=3, columns=None, **named):
        self.step, self.columns = step, columns or {}
        self._named = {name.replace("__", "."): value for name, value in named.items()}

    def named(self, name):
        return self._named.get(name)

    def column(self, name):
        return np.array(self.columns.get(name, []), float)[: self.step + 1]


RUN = Known(
    step=3,
    columns={
        "0.f": [8, 4, 2, 1, 0.5],
        "1.f": [8, 16, np.nan, np.nan, np.nan],
        "held_out.loss": [5, np.nan, 3, np.nan, 1],
        "big": [1, np.inf, np.inf, np.inf, np.inf],
    },
    steps=4.0,
    ended=False,
    answer=2.0,
    settings__racers__0__beta=0.9,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2*3", 7),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("(1 + 2)·3 − 4/2", 7),
        ("1/0", math.nan),
        ("sqrt(16) + abs(-3) + exp(0) + log(1)", 8),
        ("log(-1)", math.nan),
        ("exp(1000)", math.inf),
        ("step", 3),
        ("steps", 4),
        ("0.f", 1),
        ("min(0.f) + max(0.f)", 9),
        ("start(0.f) - at(0.f, 1)", 4),
        ("at(0.f, 4)", None),  # beyond the step on the screen
        ("first(0.f < 3)", 2),
        ("first(0.f < 0.7)", None),
        ("held_out.loss", 3),  # the last that was measured
        ("1.f", math.nan),  # it came to an end
        ("nothing.here", None),
        ("nothing.here + 1", None),
    ],
)
def test_numbers(text, value):
    found = parse(text).value(RUN)
    assert found == value or (math.isnan(found) and math.isnan(value))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("0.f < 2 and step <= 3", True),
        ("0.f<2 and step<3", False),
        ("0.f > 5 or step = 3", True),
        ("not 0.f > 5", True),
        ("not (0.f > 5 or true)", False),
        ("0 < 0.f <= 1 < 2", True),
        ("0 < 0.f < 1", False),
        ("diverged(1.f) and diverged(big) and not diverged(0.f)", True),
        ("diverged(held_out.loss)", False),
        ("1.f < 100", False),
        ("1.f >= 100", False),
        ("1.f != 100", False),  # what has no value is not another value
        ("100 != 1.f", False),
        ("nothing.here < 1 or nothing.here >= 1", False),
        ("not nothing.here < 1", True),
        ("ended = false", True),
        ("ended", False),
        ('"a" = "a" and "a" != "b"', True),
        ('"a" = 1', False),
        ('"a" < "b"', False),
        ("answer = 2", True),
        ("first(0.f < 3) < first(0.f < 2)", True),
        ("first(0.f < 3) < first(0.f < 0.1)", False),
        ("3", False),  # a number is no state
    ],
)
def test_states(text, holds):
    assert parse(text).holds(RUN) is holds


def test_settings_and_options_have_their_paths():
    facts = Known(**{"settings.racers[0].beta": 0.9, "options.layout": "contour"})
    facts._named = {"settings.racers[0].beta": 0.9, "options.layout": "contour"}
    assert parse('settings.racers[0].beta >= 0.9 and options.layout == "contour"').holds(facts)


def test_the_names_of_a_condition_are_told_once_each():
    names = parse("min(0.f) < 1 and 0.f < at(training.loss, step) and not settings.racers[0].beta > 1").names
    assert names == ("0.f", "training.loss", "step", "settings.racers[0].beta")


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("", "column 1", "A value is missing here"),
        ("0.f <", "column 6", "A value is missing here"),
        ("0.f < 1 1", "column 9", "should end here"),
        ("(0.f < 1", "column 9", ") is missing here"),
        ("0.f < $", "column 7", "The character $ has no meaning here"),
        ("sin(1)", "column 1", "There is no function sin"),
        ("min(step)", "column 5", "min needs the name of a scalar"),
        ("min(1)", "column 5", "min needs the name of a scalar"),
        ("at(0.f)", "column 7", ", is missing here"),
        ("first(0.f)", "column 10", "first needs a comparison"),
        ("and", "column 1", "A value is missing here"),
        ('"open', "column 1", "no meaning here"),
        ("__import__('os')", "column 12", "The character ' has no meaning here"),
        ("__import__(1)", "column 1", "There is no function __import__"),
        ("(" * (DEEPEST + 1) + "1", f"column {DEEPEST + 2}", "nested too deeply"),
        ("-" * 3000, "", "at most 2000 characters"),
        ("not " * 60 + "true", "column 165", "nested too deeply"),
        ("2^" * 50 + "1", "column 83", "nested too deeply"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(text, where, words):
    with pytest.raises(Problem) as refused:
        parse(text)
    assert words in str(refused.value)
    assert refused.value.where == where
