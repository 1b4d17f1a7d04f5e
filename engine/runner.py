"""A runner takes frames from an experiment, up to a goal, and records them.

How far to compute is one number, the *goal*, a step. Paused: the goal is reached. A single step: the goal is
one step later. Running: the goal moves on before the playhead. A jump to a later step: the goal is that step.
The runner does not depend on threads or a screen: a window's thread, a test and a render without a display
use it in the same way.

A run can be a fork of another: it takes over the steps of the other up to some step, and goes on from there
with changed settings. It gives the same numbers, to the last bit, as a run of its config from the start.

A run ends in exactly one way, its `finish`. `problem` says why it ended early, also if a stop rule of its
config has ended it (`engine.stop_rules`).
"""

import traceback
from collections.abc import Generator
from enum import Enum
from math import inf
from time import perf_counter
from typing import Any, NamedTuple, Self
from weakref import ref

import numpy as np

from engine.changes import shared_steps
from engine.checkpoints import Checkpoint, GoOn
from engine.config import Config, Problem
from engine.experiment import Experiment, Frame
from engine.pieces import Preparing, Working
from engine.recording import BUDGET, Recording
from engine.stop_rules import StopWatch

CHECKPOINT_EVERY = 0.002  # seconds of computing between two checkpoints
COST_OF_CHECKPOINT = 0.02  # the largest fraction of the computing time for making checkpoints


class Finish(Enum):
    """How a run ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


class ForkPoint(NamedTuple):
    """Which run a fork leaves, if that is still there, and the checkpoint from which it goes on."""

    run: "ref[Runner]"
    after: Checkpoint


class Runner:
    """One run of one config, and its recording."""

    def __init__(self, experiment: Experiment[Any, Any], config: Config, budget: int = BUDGET) -> None:
        self.experiment = experiment
        self.config = config
        self.cheap = experiment.is_cheap(config)
        self.recording = Recording(budget)
        self.last_step = 0  # known with the first frame, because it can depend on the data
        self.preparing: float | None = None  # the fraction of the data that is read, while it is read
        self.goal: float = 0
        self.finish: Finish | None = None
        self.problem: Problem | None = None
        self.working_since: float | None = None  # when the current piece began, by `perf_counter`
        self.last_took = 0.0  # seconds of computing for the last frame, in one piece or several
        self.worked = 0.0  # … for the frame in progress, in the pieces before the current one
        self.took = 0.0  # … for all frames
        self._checkpoint_at = 0.0  # by `took`, when the next checkpoint is made
        self._checkpoint_takes = inf  # the approximate seconds of making one
        self._computed = -1  # the last step that was computed here; a fork has recorded later ones already
        self._stale = False  # whether the snapshot of the last recorded step is still missing
        self._watch = StopWatch(config, experiment.watched(config))
        self._frames = self._all()
        self._forks_at: ForkPoint | None = None  # of a fork, until it begins

    @classmethod
    def forked(cls, old: "Runner", config: Config, at: int) -> Self:
        """A run of `config` with the first steps of another run: up to `at`, as far as both are the same.

        It goes on from the last checkpoint before. The steps between are computed again, but not recorded
        again. If the two have no steps in common, it begins at the start. It can be called in any thread.
        """
        new = cls(old.experiment, config, old.recording.budget)
        at = int(min(at, old.recording.last, shared_steps(old.config, config)))
        if at < 0 or not old.recording.checkpoints.kept:
            return new
        new.recording = old.recording.until(at)
        new._stale = new.recording.snapshot(at)[0] < at
        checkpoint = new.recording.checkpoints.before(at - new._stale)
        assert checkpoint is not None  # that of the start is always kept
        new.last_step = new.experiment.end(config, new.recording.data)
        new.recording.expect(new.last_step)
        new.took = new._checkpoint_at = old.took * (at + 1) / (old.recording.last + 1)
        new._frames, new._computed = new._after(checkpoint), checkpoint.step
        new._forks_at = ForkPoint(ref(old), checkpoint)
        if why := new._watch.over(new.recording, new.took):
            new._end(Finish.COMPLETED, why)
        return new

    def _all(self) -> Generator[Frame[Any] | Preparing | Working, None, None]:
        """Everything that a run yields, from its data on."""
        data = self.recording.data = yield from self.experiment.preparing(self.config)
        frames = self.experiment.run(self.config, data)
        del self  # a fork that takes the frames over must not hold this run
        yield from frames

    def _after(self, checkpoint: Checkpoint) -> Generator[Frame[Any] | Working, None, None]:
        """Everything that a run yields after a checkpoint."""
        frames = self.experiment.run(self.config, self.recording.data, checkpoint)
        del self
        yield from frames

    def _next(self) -> Frame[Any] | Preparing | Working | None:
        """What the frames yield next; None after the last one.

        A fork takes over the frames of the run that it leaves, if these can go on from elsewhere.
        """
        point, self._forks_at = self._forks_at, None
        old = None if point is None else point.run()
        if point is None or old is None or old.finish is not None:
            return next(self._frames, None)
        taken = old._given_away()
        try:
            item = taken.throw(GoOn(self.config, point.after, self.last_step))
        except GoOn:
            return next(self._frames, None)
        except StopIteration:
            return None
        self._frames = taken
        return item

    def _given_away(self) -> Generator[Frame[Any] | Preparing | Working, None, None]:
        """Give the frames away. If this run goes on, it does so from its last checkpoint."""
        given, checkpoint = self._frames, self.recording.checkpoints.before(self.recording.last - self._stale)
        assert checkpoint is not None
        self._frames, self._computed = self._after(checkpoint), checkpoint.step
        return given

    @property
    def has_work(self) -> bool:
        """Whether there is something to compute: the run has not ended and the goal is not reached."""
        return self.finish is None and (self._stale or self.recording.last < self.goal)

    def advance(self) -> None:
        """Compute and record one frame or a piece of it, read a part of the data, or end the run.

        Frames are computed without NumPy's warnings: infinity is a result here, and is shown as ∞.
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
        """Compute one piece; return whether this completes a step, or the run."""
        try:
            with np.errstate(all="ignore"):
                frame = self._next()
                if isinstance(frame, Working):
                    return False
                if isinstance(frame, Preparing):
                    self.preparing = frame.fraction
                    return True
                if self.recording.last < 0:
                    self.last_step = self.experiment.end(self.config, self.recording.data)
                    self.recording.expect(self.last_step)
            self.preparing = None
            if frame is not None:
                self._record(frame)
        # An error in an experiment ends only this run; the window stays usable.
        except Exception as error:  # noqa: BLE001
            self._fail(error)
            return True
        if frame is None:
            self._end(Finish.COMPLETED)
        elif frame.diverged is not None:
            self._end(Finish.DIVERGED, frame.diverged)
        elif frame.step >= self.last_step:
            self._end(Finish.COMPLETED)
        elif frame.step >= self.recording.last and (why := self._watch.over(self.recording, self.took)):
            self._end(Finish.COMPLETED, why)
        return True

    def _record(self, frame: Frame[Any]) -> None:
        """Record a frame, and from time to time its state.

        For steps that are already recorded, only the snapshot of the last one is taken."""
        last = self.recording.last
        if frame.step > last:
            self.recording.append(frame.after(last) if self._computed < last else frame)
        elif frame.step == last:
            self.recording.renew(frame)
        self._computed = frame.step
        self._stale = self._stale and frame.step < last
        if frame.state is not None and self.took + self.worked >= self._checkpoint_at:
            begun = perf_counter()
            self.recording.keep(frame.step, frame.state())
            # The computer may have been busy with something else: a long time changes the estimate little.
            self._checkpoint_takes = min(perf_counter() - begun, 2 * self._checkpoint_takes)
            pause = max(CHECKPOINT_EVERY, self._checkpoint_takes / COST_OF_CHECKPOINT)
            self._checkpoint_at = self.took + self.worked + pause

    def drive(self, goal: float = inf) -> None:
        """Advance until the goal, or the end of the run."""
        self.goal = goal
        while self.has_work:
            self.advance()

    def stop(self) -> None:
        """End the run here; a run that has ended stays as it is. Call it in the thread of `advance`."""
        if self.finish is None:
            self._end(Finish.STOPPED)

    def _end(self, finish: Finish, problem: Problem | None = None) -> None:
        """End the run."""
        self.problem = problem
        self.preparing = None
        self.finish = finish
        self._frames.close()

    def _fail(self, error: Exception) -> None:
        """End the run with an error, which is shown to the user."""
        if not isinstance(error, Problem):
            traceback.print_exception(error)
            error = Problem("{kind}: {reason}", kind=type(error).__name__, reason=error)
        self.problem = error
        self.preparing = None
        self.finish = Finish.FAILED
