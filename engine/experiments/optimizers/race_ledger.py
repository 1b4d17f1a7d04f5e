"""What each racer has spent up to a step of a race: evaluations by kind, time, memory.

The racer with the fewest steps has not always done the least work; `engine.optimizers.evaluations` has the
prices. A rule of one gradient computes one in each step. A method that searches a line, or uses the Hessian,
counts what it computes; the run records it as `i.values`, `i.gradients` and `i.hessians`.

The time is measured, so it differs from run to run: it is no scalar of the recording, and not in the
session. A racer's time up to a step is a part of its time for the whole run: the fraction of its evaluations
that it has made by then.
"""

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_walk import is_paid
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.table import Optimizer
from engine.optimizers.walk import Standing
from engine.recording import Recording

KINDS = Evaluations._fields
FINE = time.get_clock_info("thread_time").resolution < 1e-6
now = time.thread_time if FINE else time.perf_counter  # of this thread alone, where that is finely measured


class Spent(NamedTuple):
    """What a racer has computed, the seconds that took, and the numbers that it keeps between two steps.

    The memory is that beside the point itself, in two dimensions; the most that the racer ever needs.
    `rests` says that it has stopped because it has arrived; `ended`, that it could not go on.
    """

    calls: Evaluations
    seconds: float
    numbers: int
    rests: bool = False
    ended: bool = False


def landed_at(config: RaceConfig, recording: Recording, racer: int, step: int) -> int:
    """The step at which a racer came to its point: before `step` if its own step takes several of these."""
    if step < 1 or not is_paid(config, racer):
        return step
    spent = np.add.reduce([recording.column(f"{racer}.{kind}")[: step + 1] for kind in KINDS])
    return int(np.searchsorted(spent, spent[-1]))


def calls_at(recording: Recording, racer: int, step: int) -> Evaluations:
    """What a racer has computed in the first `step` steps, all of which it has taken."""
    if f"{racer}.{KINDS[0]}" not in recording.names:
        return Evaluations(gradients=max(step, 0))
    if step < 0:
        return Evaluations()
    return Evaluations(*(int(recording.column(f"{racer}.{kind}")[step]) for kind in KINDS))


def ledger(config: RaceConfig, recording: Recording, step: int) -> list[Spent]:
    """What each racer has spent up to `step`."""
    standings: Sequence[Standing] = recording.snapshot(recording.last)[1].standings
    spent = []
    for index, (rule, standing) in enumerate(zip(config.racers, standings, strict=True)):
        known, shown = (
            calls_at(recording, index, last_taken(standing, end)) for end in (recording.last, step)
        )
        seconds = standing.seconds * shown.total / known.total if known.total else 0.0
        ended = standing.end is not None and standing.end.step <= step
        rests = bool(getattr(standing.states[0], "stopped", "")) and known == shown and not ended
        spent.append(Spent(shown, seconds, _numbers_kept(rule), rests, ended))
    return spent


@lru_cache(maxsize=64)  # it is asked at every step of a race that is played
def _numbers_kept(rule: Optimizer) -> int:
    """How many numbers a racer keeps between two steps, in two dimensions."""
    return rule.numbers_kept(2)


def last_taken(standing: Standing, step: int) -> int:
    """The last step up to `step` that a racer has taken: it may have come to an end before."""
    return step if standing.end is None else min(step, standing.end.step - 1)
