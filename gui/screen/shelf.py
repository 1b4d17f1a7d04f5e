"""Runs that were replaced a moment ago: after *Undo* they are used again.

A run could be computed again from its config, identical to the last bit; the shelf saves that time.
"""

from typing import Any

from engine.config import Config
from engine.experiment import Experiment
from engine.recording import Recording, footprint
from engine.runner import Finish, Runner
from engine.session import MAX_PINS
from gui.screen.engine_thread import EngineThread

ROOM = 128 * 2**20  # the most bytes of all runs here together
PLACES = MAX_PINS  # the most runs: as many as can be unpinned at once
WORTH = 0.1  # seconds of computing; a run that took less is quickly computed again
AT_WORK = 8  # estimated memory of an unfinished run (gradients, moments, caches), in sizes of a snapshot


class Shelf:
    """The runs that were replaced last, as many as there is room for; the oldest is dropped first."""

    def __init__(self, engine: EngineThread) -> None:
        self._engine = engine
        self._runners: list[Runner] = []

    def __len__(self) -> int:
        return len(self._runners)

    def put(self, runner: Runner, worth: float = WORTH) -> None:
        """Keep a run that is no longer shown, if it took at least `worth` seconds to compute.

        A run that has not begun, was stopped or has failed is not kept.
        """
        if not runner.took or runner.took < worth or runner.finish in (Finish.STOPPED, Finish.FAILED):
            self._engine.drop(runner)
            return
        self._engine.aim(runner, -1)  # it stops where it is
        self._runners.append(runner)
        while len(self._runners) > PLACES or sum(map(_size, self._runners)) > ROOM:
            self._engine.drop(self._runners.pop(0))

    def take(self, experiment: Experiment[Any, Any], config: Config) -> Runner | None:
        """Remove and return the run of a config; None if there is none."""
        key = experiment.run_key
        for runner in reversed(self._runners):
            if runner.experiment is experiment and key(runner.config) == key(config):
                self._runners.remove(runner)
                runner.config = config
                return runner
        return None


def _size(runner: Runner) -> int:
    """Return the approximate number of bytes of a run."""
    held = runner.recording.size
    return held if runner.finish is not None else held + AT_WORK * _newest(runner.recording)


def _newest(recording: Recording) -> int:
    return footprint(recording.snapshot(recording.last)[1]) if recording.last >= 0 else 0
