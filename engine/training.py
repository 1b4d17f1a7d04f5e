"""The loop of everything that learns: the start, then a frame a step, to the last step or until it diverges.

    begin ──▶ frame 0        step 1 ──▶ frame 1        step 2 ──▶ frame 2        …

What is dear to measure (the loss of what is held out) is measured every few steps, and at the last. All is
computed without NumPy's warnings: that training leaves the finite numbers is a lesson, and the last frame
says so.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from engine.config import Problem
from engine.experiment import Frame, left_finite
from engine.pieces import Pieces, Working, quietly

SnapshotT = TypeVar("SnapshotT")
Scalars = dict[str, float]


class Training(Generic[SnapshotT]):
    """Base of what learns, a step at a time. `begin` and `step` do their work at once, or in pieces."""

    def begin(self) -> Scalars | Pieces[Scalars]:
        """Measure everything before the first step."""
        raise NotImplementedError

    def step(self, step: int, measure: bool) -> Scalars | Pieces[Scalars]:
        """Take a step, counted from 1, and tell of it; with `measure`, also what is measured now and then."""
        raise NotImplementedError

    def snapshot(self) -> SnapshotT:
        """What there is to see now; nobody writes to its arrays again."""
        raise NotImplementedError

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """Whether it cannot go on from here, in words."""
        return left_finite(scalars, step)


def training_frames(
    training: Training[SnapshotT], steps: int, every: int = 1, first: int = 0
) -> Iterator[Frame[SnapshotT] | Working]:
    """The frames of a training of so many steps, which measures every few; frame `first` is its start."""
    scalars = yield from quietly(training.begin)
    yield Frame(first, scalars, training.snapshot())
    for step in range(1, steps + 1):
        scalars = yield from quietly(training.step, step, step % every == 0 or step == steps)
        diverged = training.diverged(scalars, step)
        yield Frame(first + step, scalars, training.snapshot(), diverged)
        if diverged:
            return
