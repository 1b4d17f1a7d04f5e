"""The sentence over a race, in every case: worked out by hand for given results, and heard on the page."""

from itertools import product

import pytest

from engine.experiments.optimizers.race import RaceConfig, RaceResult, WalkEnd
from gui.look.language import install
from gui.views.optimizers.race_words import standing

CONFIG = RaceConfig(tolerance=0.01)


def at(value, reached=None):
    return RaceResult(value, None, reached, 7, None)


def lost(reached=None):
    return RaceResult(None, None, reached, 7, WalkEnd(3, "why"))


def heard(step, *results, f="f − f*", offset=0.0, names=("A", "B", "C")):
    return standing(CONFIG, [*zip(names, results, strict=False)], step, f, offset)


@pytest.mark.parametrize(
    ("step", "results", "sentence"),
    [
        (0, [at(24.2), at(24.2)], "2 methods start where f − f* = 24.20. Who is first at the minimum?"),
        (0, [at(24.2)], "A starts where f − f* = 24.20."),
        (0, [lost(), at(2.0)], "2 methods start where f − f* = 2.000. Who is first at the minimum?"),
        (0, [lost()], "No method can take a step from this start."),
        (9, [lost(), lost()], "At step 9 no method can go on."),
        (9, [lost(4), lost()], "At step 9 no method can go on."),
        (9, [at(2.0)], "At step 9 A is at f − f* = 2.000."),
        (9, [lost(), at(2.0)], "At step 9 B is at f − f* = 2.000."),
        (9, [at(2.0), at(2.0)], "At step 9 2 methods are at f − f* = 2.000."),
        (
            9,
            [at(3.0), at(0.5), at(1.0)],
            "At step 9 B is lowest, with f − f* = 0.5000; A is highest, at 3.000.",
        ),
        (9, [at(1.0), at(1e12)], "At step 9 A is lowest, with f − f* = 1.000; B is highest, at 1.000×10¹²."),
        (9, [at(0.001, 4)], "A reached f − f* ≤ 0.01 after 4 steps."),
        (9, [at(0.001, 4), lost()], "A reached f − f* ≤ 0.01 after 4 steps."),
        (
            9,
            [at(0.001, 4), at(5.0)],
            "A reached f − f* ≤ 0.01 after 4 steps; B now has f − f* = 5.000.",
        ),
        (9, [at(0.0, 4), at(0.001, 8)], "All reached f − f* ≤ 0.01: A after 4 steps, B after 8."),
        (9, [at(0.0, 4), at(0.001, 4)], "All reached f − f* ≤ 0.01 after 4 steps."),
        # one that was there and has left again is not there now; others may never have been
        (
            9,
            [at(6.0, 4), at(0.5)],
            "A reached f − f* ≤ 0.01 after 4 steps; B now has f − f* = 0.5000.",
        ),
        (9, [lost(4), at(0.5)], "A reached f − f* ≤ 0.01 after 4 steps; B now has f − f* = 0.5000."),
        (
            9,
            [at(0.0, 4), at(0.001, 8), lost()],
            "A reached f − f* ≤ 0.01 after 4 steps; B now has f − f* = 0.001000.",
        ),
    ],
)
def test_each_case_says_what_is_so(step, results, sentence):
    assert heard(step, *results) == sentence


def test_f_is_measured_from_where_it_is_said_to_be():
    assert heard(5, at(3.0), at(7.0), f="f", offset=0.0) == (
        "At step 5 A is lowest, with f = 3.000; B is highest, at 7.000."
    )
    assert heard(5, at(3.0), at(7.0), offset=-2.0) == (
        "At step 5 A is lowest, with f − f* = 5.000; B is highest, at 9.000."
    )


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_race_is_without_a_sentence(qapp, language):
    kinds = [at(2.0), at(0.0, 3), at(5.0, 3), at(float("inf")), lost(), lost(3)]
    install(qapp, language)
    try:
        for count in (1, 2, 3):
            for results in product(kinds, repeat=count):
                for step in (0, 1, 9):
                    said = heard(step, *results)
                    assert said[-1] in ".。？?"
                    assert "{" not in said
                    assert "nan" not in said
    finally:
        install(qapp, "en")
