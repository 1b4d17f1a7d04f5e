"""Before a sweep: the scalars of its runs, and approximately how long all of them take.

Three runs are begun, the first, the last and the middle of the list, which usually include the cheapest and
the most expensive. The time of a whole run is extrapolated from the part that was computed.
"""

from collections.abc import Callable
from math import ceil
from statistics import mean
from time import perf_counter
from typing import NamedTuple

from engine.config import Problem
from engine.experiments import experiment_of
from engine.runner import Runner
from engine.sweeps.measure import SweepMeasure
from engine.sweeps.one_run import SNAPSHOTS
from engine.sweeps.plan import SweepPlan

PATIENCE = 0.5  # seconds for each run that is begun
PROBES = 3


class Probe(NamedTuple):
    """The names of the scalars, and the seconds that one run takes, on average over those that were begun."""

    names: tuple[str, ...]
    seconds: float

    def of(self, count: int, workers: int) -> float:
        """The seconds for `count` runs by `workers` workers."""
        return self.seconds * ceil(count / workers)


def probe(plan: SweepPlan, patience: float = PATIENCE, unwanted: Callable[[], bool] = lambda: False) -> Probe:
    """Begin some runs of a sweep, each for at most about `patience` seconds.

    As soon as the result is `unwanted` it ends, with what was found so far.

    Raises:
        Problem: the sweep cannot be made, no run begins, or there is no such scalar.
    """
    plan.check()
    runs = [run for run in plan.runs() if run.config is not None]
    places = sorted({round(k * (len(runs) - 1) / (PROBES - 1)) for k in range(PROBES)}) if runs else []
    names: dict[str, None] = {}
    seconds = []
    for place in places:
        config = runs[place].config
        assert config is not None
        runner = Runner(experiment_of(plan.experiment), config, SNAPSHOTS)
        seconds.append(_seconds(runner, patience, unwanted))
        names |= dict.fromkeys(runner.recording.names)
    if not names:
        raise Problem("No run of this sweep can begin")
    measure = SweepMeasure(plan.measure)
    if measure.scalar not in names:
        raise Problem("There is no {name}; there are {names}", name=measure.scalar, names=", ".join(names))
    return Probe(tuple(names), mean(seconds))


def _seconds(runner: Runner, patience: float, unwanted: Callable[[], bool]) -> float:
    """The seconds of a whole run, from its first ones."""
    begun, goal = perf_counter(), 1
    while runner.finish is None and perf_counter() - begun < patience and not unwanted():
        runner.goal = goal
        runner.advance()
        goal = max(goal, runner.recording.last + 1)
    took, steps = perf_counter() - begun, runner.recording.last
    if runner.finish is not None or steps < 1:
        return took
    return took * runner.last_step / steps
