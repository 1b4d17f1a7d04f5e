"""Runs for tests: computed to their end, or to a step."""

from functools import lru_cache
from math import inf

from engine.config import replaced
from engine.runner import Finish, Runner

ENDS = (None, Finish.COMPLETED, Finish.DIVERGED)


def driven(experiment, config, goal=inf, ends=ENDS):
    """A run to its end, or to a step; what it breaks off with, unless it is among the `ends`, is told."""
    runner = Runner(experiment, config)
    runner.drive(goal)
    assert runner.finish in ends, runner.problem
    return runner


def runs_of(experiment, *ends, **usual):
    """A function that computes a run with other settings than an experiment begins with, or than `usual`."""

    def run(**changes):
        config = replaced(experiment.config_type(), **(usual | changes))
        return driven(experiment, config, ends=ends or ENDS)

    return run


@lru_cache(maxsize=16)
def ran(experiment, config, goal=inf):
    """A run to whatever end, or to a step: computed once for many tests, which only look at it."""
    return driven(experiment, config, goal, ends=(None, *Finish))
