"""The loop of every training: the start, then the steps, to the last step or until the training diverges.

    begin ──▶ frame 0        step 1 ──▶ frame 1        step 2 ──▶ frame 2        …

There is one loop for each length of a step:

    training_frames     one frame for each step
    live_frames         the same, for settings that may change while the run goes on (`engine.changes`)
    chunk_frames        one frame for many steps, where a step takes only microseconds: making a frame for
                        each step would take longer than the step
    frames_at_once      two frames, the start and all the rest, where a whole run takes less than a
                        millisecond or is computed as one array

Scalars that take long to measure (the loss on held-out examples) are measured every few steps, and at the
last step. Everything is computed without NumPy's warnings: divergence is part of what is taught, and the
last frame reports it.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.changes import config_at, spans
from engine.checkpoints import Checkpoint, GoOn
from engine.config import Config, Problem
from engine.experiment import Frame, infinite_loss
from engine.pieces import Pieces, Working, quietly
from engine.stop_rules import first_over

SnapshotT = TypeVar("SnapshotT")
Scalars = dict[str, float]


# One frame for each step


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
    yield from _stepped(training, range(1, steps + 1), steps, every, first)


def _stepped(
    training: Training[SnapshotT],
    taken: range,
    steps: int,
    every: int,
    first: int = 0,
    state: Callable[[], object] | None = None,
) -> Generator[Frame[SnapshotT] | Working, None, bool]:
    """Take some of the `steps` steps, with a frame for each; return whether the training has diverged."""
    for step in taken:
        scalars = yield from quietly(training.step, step, step % every == 0 or step == steps)
        diverged = training.diverged(scalars, step)
        yield Frame(first + step, scalars, training.snapshot(), diverged, state)
        if diverged:
            return True
    return False


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

    A fork, a run that goes on from a checkpoint of this one with other settings, may take them over at any of
    their pauses (`GoOn`).
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
    """`live_frames`, as long as no fork takes them over."""
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
        taken = range(span.first, span.last + 1)
        if (yield from _stepped(training, taken, steps, every, state=training.state)):
            return


# One frame for many steps


class ChunkTraining(Generic[SnapshotT]):
    """Base of the trainings whose steps are taken and recorded in chunks: often several runs side by side."""

    def start(self) -> Frame[SnapshotT] | Pieces[Frame[SnapshotT]]:
        """Measure everything before the first step."""
        raise NotImplementedError

    def chunk(self, first: int, last: int) -> Frame[SnapshotT] | Pieces[Frame[SnapshotT]]:
        """Take the steps `first` … `last`, or fewer if all runs end before `last`; return their frame."""
        raise NotImplementedError

    def ended(self) -> bool:
        """Whether no run can go on."""
        return False

    def go_on(self, state: Any, settings: Any) -> None:
        """Go on from a state, instead of `start`; these settings led to it."""
        raise NotImplementedError

    def until(self, frame: Frame[SnapshotT], first: int, stop: int) -> Frame[SnapshotT]:
        """The frame of the newest chunk, which begins with step `first`, cut after step `stop`."""
        shown = {name: np.asarray(column)[: stop - first + 1] for name, column in frame.scalars.items()}
        return replace(frame, step=stop, scalars=shown, diverged=None, state=None)


def chunk_frames(
    training: ChunkTraining[SnapshotT],
    config: Config,
    steps: int,
    most: int,
    watched: Sequence[str] = (),
    after: Checkpoint | None = None,
) -> Iterator[Frame[SnapshotT] | Working]:
    """The frames of a training with at most `most` steps a frame: all of them, or those after a checkpoint.

    The run ends early if no run of the training can go on, or if the stop rule of the config says so about
    the scalars named `watched` (`engine.stop_rules`).
    """
    done = 0
    if after is None:
        yield (yield from quietly(training.start))
    else:
        done = after.step
        training.go_on(after.state, config_at(config, done))
    for first in range(done + 1, steps + 1, most):
        if training.ended():
            return
        last = min(first + most - 1, steps)
        frame = yield from quietly(training.chunk, first, last)
        stop = first_over(config, first, [frame.scalars[name] for name in watched])
        if stop is not None:
            yield frame if stop == frame.step else training.until(frame, first, stop)
            return
        yield frame


# The whole run at once


def frames_at_once(
    columns: Mapping[str, NDArray[np.floating[Any]]],
    snapshot: SnapshotT,
    last: int,
    diverged: Problem | None = None,
) -> Iterator[Frame[SnapshotT]]:
    """The start and all the rest of a run whose scalars are known: of step 0, 1, … `last`, each a column."""
    yield Frame(0, {name: float(values[0]) for name, values in columns.items()}, snapshot)
    yield Frame(last, {name: values[1:] for name, values in columns.items()}, snapshot, diverged)
