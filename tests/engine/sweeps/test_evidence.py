"""Quartiles and the sign test, by hand and beside SciPy."""

from math import inf, nan

import numpy as np
import pytest
from scipy.stats import binomtest

from engine.sweeps.axis import SweepAxis
from engine.sweeps.evidence import (
    LEVEL,
    best,
    cells,
    compared,
    fewest_seeds,
    holm,
    is_random,
    quartiles,
    sign_test,
    verdict,
)
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import RunResult
from engine.sweeps.plan import SweepPlan, SweepRun

LOSS, ACCURACY = SweepMeasure("loss"), SweepMeasure("accuracy")


@pytest.mark.parametrize(("wins", "losses"), [(5, 0), (0, 5), (4, 1), (3, 3), (9, 2), (1, 0), (0, 0)])
def test_the_sign_test_is_that_of_scipy(wins, losses):
    expected = binomtest(wins, wins + losses).pvalue if wins + losses else 1.0
    assert sign_test(wins, losses) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("comparisons", "seeds"),
    [(1, 5), (2, 6), (3, 6), (4, 7), (6, 7), (7, 8), (8, 8), (99, 11)],  # 2m/2ⁿ ≤ 1/10: 2ⁿ ≥ 20 m
)
def test_the_more_comparisons_the_more_seeds_are_needed(comparisons, seeds):
    assert fewest_seeds(comparisons) == seeds
    assert 2 * comparisons / 2**seeds <= LEVEL < 2 * comparisons / 2 ** (seeds - 1)


def test_holms_correction_by_hand():
    # sorted: 0.005 · 4 = 0.02, 0.01 · 3 = 0.03, 0.03 · 2 = 0.06, 0.04 · 1 = 0.04 < 0.06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02], rel=1e-15)
    assert holm([0.5, 0.5, 0.0625]) == pytest.approx([1.0, 1.0, 0.1875], rel=1e-15)
    assert holm([0.02]) == [0.02]
    assert holm([]) == []


def test_quartiles_are_those_of_numpy_and_a_missing_number_is_the_worst():
    numbers = [3.0, 1.0, 4.0, 1.5, 9.0]
    assert quartiles(numbers, LOSS) == pytest.approx(np.quantile(numbers, (0.25, 0.5, 0.75)))
    assert quartiles([2.0, nan, 1.0], LOSS) == (1.5, 2.0, inf)
    assert quartiles([2.0, nan, nan], LOSS)[1:] == (inf, inf)
    assert quartiles([0.2, nan, nan], ACCURACY)[1] == -inf


def known(numbers, measure):
    """The cells of runs with these numbers: values → a number for each seed; None where a run diverged."""
    plan = SweepPlan("optimizers.race", {}, (SweepAxis("steps", tuple(numbers)),), 9)
    results = [
        (
            SweepRun((value,), seed, None),
            RunResult("diverged", 5, 0.1)
            if number is None
            else RunResult("completed", 9, 0.1, {measure.scalar: {"end": number}}),
        )
        for value, row in reversed(numbers.items())
        for seed, number in enumerate(row)
    ]
    return cells(plan, results, measure)


def test_the_best_is_the_best_median_and_rivals_are_those_that_the_seeds_do_not_tell_from_it():
    found = known(
        {
            1: [5.0, 5.0, 5.0, 5.0, 5.0],
            2: [1.0, 1.1, 1.2, 1.3, 1.4],
            4: [1.1, 1.0, 1.3, 1.4, 1.5],  # better under one seed of five
            8: [None, None, None, 0.5, 0.5],  # diverges under three of five
        },
        LOSS,
    )
    assert [cell.values for cell in found] == [(1,), (2,), (4,), (8,)]
    assert [cell.diverged for cell in found] == [0, 0, 0, 3]
    first = best(found, LOSS)
    assert (first.values, first.median) == ((2,), 1.2)
    assert compared(first, found[2], LOSS)[:2] == (4, 1)
    assert [cell.values for cell in verdict(found, LOSS).rivals] == [(1,), (4,), (8,)], "0.0625 · 3 > 0.1"
    assert verdict(found, LOSS)[2:] == (3, 6)
    assert verdict(found[:2], LOSS).rivals == [], "0.0625 · 1 ≤ 0.1"
    assert verdict([], LOSS) == (None, [], 0, 0)


def test_of_seven_seeds_what_is_told_apart_with_and_without_the_correction():
    """Against the best: p is 2/128 twice, and 16/128 with one seed lost; 2 · 2/128 and 3 · 2/128 ≤ 0.1."""
    low = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    found = known(
        {
            1: low,
            2: [number + 1 for number in low],
            4: [number + 2 for number in low],
            8: [0.5, *(number + 0.5 for number in low[1:])],
        },
        LOSS,
    )
    assert [compared(found[0], cell, LOSS).p for cell in found[1:]] == [2 / 128, 2 / 128, 16 / 128]
    assert holm([2 / 128, 2 / 128, 16 / 128]) == [6 / 128, 6 / 128, 16 / 128]
    assert [cell.values for cell in verdict(found, LOSS).rivals] == [(8,)]


def test_seeds_without_an_effect_are_known():
    assert not is_random(known({1: [1.0] * 7, 2: [2.0] * 7, 4: [None] * 7}, LOSS))
    assert is_random(known({1: [1.0] * 7, 2: [2.0] * 6 + [2.5]}, LOSS))


def test_of_accuracies_the_highest_is_the_best():
    found = known({1: [0.5, 0.6], 2: [0.9, None]}, ACCURACY)
    assert best(found, ACCURACY).values == (1,), "a run that diverged counts as the worst"
    assert best(known({1: [None], 2: [None]}, ACCURACY), ACCURACY) is None
