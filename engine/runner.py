"""A runner pulls frames out of an experiment, up to a goal, and records them.

How far to go is one number, the *goal*. Paused is a goal that has been reached; a single step is a
goal one further on; running is a goal that keeps ahead of the playhead; scrubbing into the future
is a far goal. The runner knows no threads and no screen: a window's thread, a test and a render
without a display all drive it the same way.

A run ends in exactly one way, its `finish`.
"""

import traceback
from collections.abc import Generator
from enum import Enum
from math import inf
from time import perf_counter
from typing import Any

import numpy as np

from engine.config import Config, Problem
from engine.experiment import Experiment, Frame
from engine.pieces import Preparing, Working
from engine.recording import BUDGET, Recording


class Finish(Enum):
    """How a run ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


class Runner:
    """One run of one config, and its recording."""

    def __init__(self, experiment: Experiment[Any, Any], config: Config, budget: int = BUDGET) -> None:
        self.experiment = experiment
        self.config = config
        self.cheap = experiment.is_cheap(config)
        self.recording = Recording(budget)
        self.last_step = 0  # known with the first frame: it may take the data to tell
        self.preparing: float | None = None  # which share of its data is read, while it reads
        self.goal: float = 0
        self.finish: Finish | None = None
        self.problem: Problem | None = None
        self.working_since: float | None = None  # when the piece in progress was begun, by `perf_counter`
        self.last_took = 0.0  # seconds of computing that the newest frame took, in one piece or several
        self.worked = 0.0  # … and that the one in progress has taken in the pieces before this one
        self.took = 0.0  # seconds of computing that all frames took
        self._frames = self._all()

    def _all(self) -> Generator[Frame[Any] | Preparing | Working, None, None]:
        """Everything that a run tells, from its data on."""
        data = self.recording.data = yield from self.experiment.preparing(self.config)
        yield from self.experiment.run(self.config, data)

    @property
    def hungry(self) -> bool:
        """Whether there is something to compute: the run goes on and the goal is not reached."""
        return self.finish is None and self.recording.last < self.goal

    def advance(self) -> None:
        """Compute and record one frame or a piece of it, read a little of the data, or find the run's end.

        Frames are computed without NumPy's warnings: infinity is a result here, and is shown as one.
        """
        if self.finish is not None:
            return
        begun = self.working_since = perf_counter()
        whole = self._compute()
        self.worked += perf_counter() - begun
        self.working_since = None
        if whole:
            self.last_took, self.worked = self.worked, 0.0
            self.took += self.last_took

    def _compute(self) -> bool:
        """Whether a step is done with this, or the run."""
        try:
            with np.errstate(all="ignore"):
                frame = next(self._frames, None)
                if isinstance(frame, Working):
                    return False
                if isinstance(frame, Preparing):
                    self.preparing = frame.share
                    return True
                if self.recording.last < 0:
                    self.last_step = self.experiment.end(self.config, self.recording.data)
            self.preparing = None
            if frame is not None:
                self.recording.append(frame)
        # Whatever goes wrong in an experiment ends this run and no other; the window stays usable.
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return True
        if frame is None:
            self._end(Finish.COMPLETED)
        elif frame.diverged is not None:
            self._end(Finish.DIVERGED, frame.diverged)
        elif frame.step >= self.last_step:
            self._end(Finish.COMPLETED)
        return True

    def drive(self, goal: float = inf) -> None:
        """Advance until the goal, or the end of the run."""
        self.goal = goal
        while self.hungry:
            self.advance()

    def stop(self) -> None:
        """End the run here; an ended run stays as it is. Call it in the thread that drives."""
        if self.finish is None:
            self._end(Finish.STOPPED)

    def _end(self, finish: Finish, problem: Problem | None = None) -> None:
        self.problem = problem
        self.preparing = None
        self.finish = finish
        self._frames.close()

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            traceback.print_exception(error)
            error = Problem("{kind}: {reason}", kind=type(error).__name__, reason=error)
        self.problem = error
        self.preparing = None
        self.finish = Finish.FAILED
