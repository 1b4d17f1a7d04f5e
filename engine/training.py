"""The loop of every training: the start, then one frame per step, to the last step or until it diverges.

    begin ──▶ frame 0        step 1 ──▶ frame 1        step 2 ──▶ frame 2        …

Where a step takes only microseconds, a frame for each step would take longer than the step itself. Such a run
has one frame for many steps: see `portions`.

Scalars that take long to measure (the loss on held-out examples) are measured every few steps, and at the
last step. Everything is computed without NumPy's warnings: divergence is part of what is taught, and the
last frame reports it.

A training whose settings may change while it goes on (`engine.changes`) can take other settings before a
step, and returns the state that it needs to go on later. Its loop is the same.
"""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from engine.changes import config_at, spans
from engine.checkpoints import Checkpoint, GoOn
from engine.config import Config, Problem
from engine.experiment import Frame, infinite_loss
from engine.pieces import Pieces, Working, quietly

SnapshotT = TypeVar("SnapshotT")
Scalars = dict[str, float]


def portions(steps: int, most: int, done: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the first and the last step of every frame after `done` steps, with at most `most` steps a
    frame.
    """
    for first in range(done + 1, steps + 1, most):
        yield first, min(first + most - 1, steps)


class Training(Generic[SnapshotT]):
    """Base of all trainings, one step at a time. `begin` and `step` do their work at once, or in pieces."""

    def begin(self) -> Scalars | Pieces[Scalars]:
        """Measure everything before the first step."""
        raise NotImplementedError

    def step(self, step: int, measure: bool) -> Scalars | Pieces[Scalars]:
        """Take a step, counted from 1; return its scalars, with `measure` also those of every few steps."""
        raise NotImplementedError

    def snapshot(self) -> SnapshotT:
        """The current state to show; its arrays are never changed again."""
        raise NotImplementedError

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """The problem to report if the training has diverged, else None."""
        return infinite_loss(scalars, step)


def training_frames(
    training: Training[SnapshotT], steps: int, every: int = 1, first: int = 0
) -> Iterator[Frame[SnapshotT] | Working]:
    """The frames of a training of `steps` steps, measured every `every` steps; frame `first` is its start."""
    scalars = yield from quietly(training.begin)
    yield Frame(first, scalars, training.snapshot())
    for step in range(1, steps + 1):
        scalars = yield from quietly(training.step, step, step % every == 0 or step == steps)
        diverged = training.diverged(scalars, step)
        yield Frame(first + step, scalars, training.snapshot(), diverged)
        if diverged:
            return


class LiveTraining(Training[SnapshotT]):
    """Base of the trainings whose settings may change between two steps."""

    def use(self, settings: Any) -> None:
        """Use these settings from the next step on; parts whose settings are the same do not change."""
        raise NotImplementedError

    def state(self) -> object:
        """Return everything that it needs to go on after this step; never changed again."""
        raise NotImplementedError

    def go_on(self, state: Any) -> None:
        """Go on from a state, instead of `begin`; the present settings are those of the state.

        It may have taken other steps before, and be in the middle of one: nothing of them counts.
        """
        raise NotImplementedError


def live_frames(
    training: LiveTraining[SnapshotT],
    config: Config,
    steps: int,
    every: int = 1,
    after: Checkpoint | None = None,
) -> Iterator[Frame[SnapshotT] | Working]:
    """The frames of a training with the changes of a config: all of them, or those after a checkpoint.

    A fork may take them over (`GoOn`), at any of their pauses.
    """
    while True:
        try:
            yield from _live_frames(training, config, steps, every, after)
            return
        except GoOn as wanted:
            config, after, steps = wanted.config, wanted.after, wanted.last


def _live_frames(
    training: LiveTraining[SnapshotT], config: Config, steps: int, every: int, after: Checkpoint | None
) -> Iterator[Frame[SnapshotT] | Working]:
    done = 0
    if after is None:
        scalars = yield from quietly(training.begin)
        yield Frame(0, scalars, training.snapshot(), state=training.state)
    else:
        done = after.step
        training.use(config_at(config, done))
        training.go_on(after.state)
    for span in spans(config, done + 1, steps):
        training.use(span.settings)
        for step in range(span.first, span.last + 1):
            scalars = yield from quietly(training.step, step, step % every == 0 or step == steps)
            diverged = training.diverged(scalars, step)
            yield Frame(step, scalars, training.snapshot(), diverged, training.state)
            if diverged:
                return
