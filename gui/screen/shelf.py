"""Runs that were let go a moment ago: whoever takes a step back finds them as they were.

A run is its config, and could be computed again to the last bit; here lies what has been computed already.
"""

from typing import Any

from engine.config import Config
from engine.experiment import Experiment
from engine.recording import Recording, footprint
from engine.runner import Finish, Runner
from engine.session import MAX_PINS
from gui.screen.engine_thread import EngineThread

ROOM = 128 * 2**20  # bytes that all runs here may take together
PLACES = MAX_PINS  # as many as can be unpinned at once
WORTH = 0.1  # seconds of computing; a run that took less is there again before one sees that it was gone
AT_WORK = 8  # times what a snapshot holds: about what a run holds that may go on (gradients, moments, caches)


class Shelf:
    """The runs that were let go last, as many as there is room for; the oldest go first."""

    def __init__(self, engine: EngineThread) -> None:
        self._engine = engine
        self._runners: list[Runner] = []

    def __len__(self) -> int:
        return len(self._runners)

    def put(self, runner: Runner, worth: float = WORTH) -> None:
        """Keep a run that nobody looks at any more, if it took `worth` seconds at the least to compute.

        One that was stopped, or that failed, is no help to anybody.
        """
        if runner.took < worth or runner.finish in (Finish.STOPPED, Finish.FAILED):
            self._engine.drop(runner)
            return
        self._engine.aim(runner, -1)  # it stands where it is
        self._runners.append(runner)
        while len(self._runners) > PLACES or sum(map(_size, self._runners)) > ROOM:
            self._engine.drop(self._runners.pop(0))

    def take(self, experiment: Experiment[Any, Any], config: Config) -> Runner | None:
        """The run of a config, which is not here any more then; None where there is none."""
        key = experiment.run_key
        for runner in reversed(self._runners):
            if runner.experiment is experiment and key(runner.config) == key(config):
                self._runners.remove(runner)
                runner.config = config
                return runner
        return None


def _size(runner: Runner) -> int:
    """About how many bytes a run holds."""
    held = runner.recording.size
    return held if runner.finish is not None else held + AT_WORK * _newest(runner.recording)


def _newest(recording: Recording) -> int:
    return footprint(recording.snapshot(recording.last)[1]) if recording.last >= 0 else 0
