"""The results of a sweep: the numbers of each combination of values, the best one, and how sure that is.

All combinations run with the same seeds. So two of them are compared seed by seed: for how many seeds was the
one better? If both were equally good, each would win a seed with probability 1/2. The probability of a result
at least as uneven as this one, in either direction, is that of the sign test:

    p = 2 · Σ_{j ≥ k} C(n, j) / 2ⁿ          k: wins of the one that wins more often, n: seeds without a tie

The best combination is compared with each of the m others. Of many tests some give a small p by chance alone.
Holm's correction keeps the probability that even one combination is wrongly told apart at or below the level
of 1/10. It sorts the p, the smallest first, and multiplies the first by m, the second by m − 1, …, the last
by 1; none becomes smaller than the one before it:

    p̃₍ₖ₎ = max_{j ≤ k} min(1, (m − j + 1) · p₍ⱼ₎)

A combination is told apart from the best if its p̃ is at most 1/10. With n seeds p is at least 2/2ⁿ, so m
comparisons need n with 2m/2ⁿ ≤ 1/10: 5 seeds for one comparison, 8 for eight.

Not corrected for is that the best combination was chosen by the same numbers, which favours it. A run of
both with new seeds tells that.

References: Dixon and Mood, "The statistical sign test", JASA 41, 1946; Holm, "A simple sequentially rejective
multiple test procedure", Scandinavian Journal of Statistics 6, 1979; Demšar, "Statistical comparisons of
classifiers over multiple data sets", JMLR 7, 2006, section 3.2.2.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
from math import comb, isnan
from typing import Any, NamedTuple

import numpy as np

from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import FAILED, RunResult
from engine.sweeps.plan import SweepPlan, SweepRun

LEVEL = 0.1  # the significance level of all comparisons together


class SweepCell(NamedTuple):
    """The runs of one combination of values, by seed.

    `numbers` has NaN for a run without a number. `low`, `median` and `high` are the quartiles of the numbers;
    a missing number counts as the worst (±∞). `failed` counts the runs that could not be made; other runs
    without a number have diverged.
    """

    values: tuple[Any, ...]
    numbers: dict[int, float]
    low: float
    median: float
    high: float
    diverged: int
    failed: int


def cells(
    plan: SweepPlan, results: Iterable[tuple[SweepRun, RunResult]], measure: SweepMeasure
) -> list[SweepCell]:
    """The known runs, grouped by their values, in the order of the plan."""
    numbers: dict[tuple[Any, ...], dict[int, float]] = {}
    failed: Counter[tuple[Any, ...]] = Counter()
    for run, result in results:
        number = result.number(measure)
        if number is not None:
            numbers.setdefault(run.values, {})[run.seed] = number
            failed[run.values] += result.finish == FAILED
    made = []
    for values in product(*(axis.values for axis in plan.axes)):
        if known := numbers.get(values):
            diverged = sum(map(isnan, known.values())) - failed[values]
            made.append(
                SweepCell(values, known, *quartiles(known.values(), measure), diverged, failed[values])
            )
    return made


def quartiles(numbers: Iterable[float], measure: SweepMeasure) -> tuple[float, float, float]:
    """The three quartiles; a missing number (NaN) counts as the worst one.

    A quartile between two numbers is interpolated. If one of the two is infinite, it is the nearer of the
    two; exactly in the middle, the infinite one.
    """
    ordered = sorted(ranked(number, measure) for number in numbers)
    return (_quantile(ordered, 0.25), _quantile(ordered, 0.5), _quantile(ordered, 0.75))


def ranked(number: float, measure: SweepMeasure) -> float:
    """The number by which a run is ordered: the worst one if it has none."""
    return measure.worst if isnan(number) else number


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    before = int(place)
    low, high = ordered[before], ordered[min(before + 1, len(ordered) - 1)]
    if not (np.isfinite(low) and np.isfinite(high)):
        between = place - before
        first = between < 0.5 or (between == 0.5 and np.isinf(low))
        return low if first else high
    return low + (place - before) * (high - low)


def best(known: Sequence[SweepCell], measure: SweepMeasure) -> SweepCell | None:
    """The combination with the best median; None if no run has a number."""
    able = [cell for cell in known if np.isfinite(cell.median)]
    if not able:
        return None
    return (max if measure.more_is_better else min)(able, key=lambda cell: cell.median)


class PairedTest(NamedTuple):
    """Two combinations, seed by seed: how often the first was better, how often the second; and p."""

    wins: int
    losses: int
    p: float


def compared(one: SweepCell, other: SweepCell, measure: SweepMeasure) -> PairedTest:
    """Compare two combinations for the seeds that both have."""
    sign = 1.0 if measure.more_is_better else -1.0
    pairs = [
        (sign * ranked(one.numbers[seed], measure), sign * ranked(other.numbers[seed], measure))
        for seed in one.numbers.keys() & other.numbers.keys()
    ]
    wins, losses = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    return PairedTest(wins, losses, sign_test(wins, losses))


def sign_test(wins: int, losses: int) -> float:
    """The probability of a result at least as uneven, if both are equally likely to win."""
    seeds, most = wins + losses, max(wins, losses)
    tail = sum(comb(seeds, wins) for wins in range(most, seeds + 1))
    return min(1.0, 2.0 * tail / 2.0**seeds)


def holm(p: Sequence[float]) -> list[float]:
    """The p of several tests after Holm's correction, in the order of the tests."""
    corrected, least = [0.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        least = max(least, min(1.0, (len(p) - rank) * p[place]))
        corrected[place] = least
    return corrected


def fewest_seeds(comparisons: int) -> int:
    """The least number of seeds with which one of so many comparisons can be significant."""
    seeds = 1
    while comparisons * sign_test(seeds, 0) > LEVEL:
        seeds += 1
    return seeds


class SweepVerdict(NamedTuple):
    """The best combination (None if no run has a number), and the others that do not differ significantly.

    `compared` is how many others there are, `needed` the least number of seeds with which one of them could
    differ significantly.
    """

    best: SweepCell | None
    rivals: list[SweepCell]
    compared: int
    needed: int


def is_random(known: Sequence[SweepCell]) -> bool:
    """Whether the seed has any effect. If it has none, many seeds are one observation, and no test holds."""
    return any(len(set(map(repr, cell.numbers.values()))) > 1 for cell in known)


def verdict(known: Sequence[SweepCell], measure: SweepMeasure) -> SweepVerdict:
    """Compare the best combination with all others."""
    first = best(known, measure)
    if first is None:
        return SweepVerdict(None, [], 0, 0)
    others = [cell for cell in known if cell is not first]
    corrected = holm([compared(first, cell, measure).p for cell in others])
    rivals = [cell for cell, p in zip(others, corrected, strict=True) if p > LEVEL]
    return SweepVerdict(first, rivals, len(others), fewest_seeds(len(others)))
