"""How much memory a run may take, and the largest value of a setting that still fits.

A setting such as the batch size may be large if the others are small: only the memory of all together counts.
If it is too much, the run does not start; the message says the largest value that is possible.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate
from math import ceil
from typing import Any

from engine.config import Config, Problem
from engine.experiment import Experiment
from engine.recording import BUDGET

MOST_MEMORY = 2**30  # bytes
SNAPSHOTS = MOST_MEMORY // 2  # bytes that the snapshots of a run and its pinned ones may take together


def check_memory(needed: Callable[[int], int], value: int, title: str, where: str) -> None:
    """Refuse a `value` of a setting with which a run would need more than 1 GB.

    `needed` returns the bytes for any value of the setting, and grows with it; `title` is its name.

    Raises:
        Problem: with the largest value that fits; `where` is the field.
    """
    bytes_needed = needed(value)
    if bytes_needed <= MOST_MEMORY:
        return
    raise Problem(
        "This needs {needed} GB of memory; a run may take 1 GB. {title}: at most {most} here",
        where=where,
        needed=f"{ceil(10 * bytes_needed / MOST_MEMORY) / 10:.1f}",
        title=title,
        most=largest_that_fits(needed, value),
    )


def largest_that_fits(needed: Callable[[int], int], too_large: int) -> int:
    """The largest whole number below `too_large` that needs no more than 1 GB (0 if there is none)."""
    fits = 0
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        if needed(middle) <= MOST_MEMORY:
            fits = middle
        else:
            too_large = middle
    return fits


def snapshot_budget(runs: int) -> int:
    """The bytes of snapshots that each of so many recordings may keep: together, as many as a single one."""
    return min(BUDGET, SNAPSHOTS // max(runs, 1))


def runs_that_fit(experiment: Experiment[Any, Any], configs: Iterable[Config]) -> int:
    """How many of the runs, from the first on, fit in 1 GB together with their snapshots."""
    needed = accumulate(experiment.recorded(config) for config in configs)
    return sum(total <= MOST_MEMORY - SNAPSHOTS for total in needed)
