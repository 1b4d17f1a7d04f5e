"""A checkpoint is all that is needed to go on from a step: weights, moments, random streams, the batch.

From a checkpoint a run goes on exactly as it did the first time, to the last bit; or, with other settings, as
a run with those settings would go on. To go back to a step, the run goes on from the last checkpoint before
that step, and computes the few steps in between again.

Only some checkpoints are kept, always including the first and the last. When there are too many, one is
dropped: the one whose two neighbours are closest together. For recent checkpoints this distance is compared
with how long ago they were made, so they may be closer together: users mostly go back only a few steps.
"""

from bisect import bisect_right
from typing import Any, NamedTuple

from engine.config import Config

MOST = 32  # the most checkpoints of a run
RECENT = 12  # the last 1/12 of a run has its checkpoints closer together


class Checkpoint(NamedTuple):
    """The state after `step`; never changed again. `size` is its approximate number of bytes."""

    step: int
    state: Any
    size: int


class GoOn(Exception):
    """Thrown into the frames of a run: they go on from a checkpoint, with the settings of another config.

    So a fork has the arrays of the run that it leaves. To make them again takes longer than several steps.
    Frames that do not know this exception end with it.
    """

    def __init__(self, config: Config, after: Checkpoint, last: int) -> None:
        """`last` is the last step of the fork."""
        super().__init__()
        self.config, self.after, self.last = config, after, last


class Checkpoints:
    """The kept checkpoints of one run, in bounded number and memory.

    One thread adds and others read, without a lock: the kept ones are replaced, not changed.
    """

    def __init__(self, budget: int, kept: tuple[Checkpoint, ...] = ()) -> None:
        """Begin without any; `budget` is the most bytes of all together (the first and the last are
        always kept).
        """
        self.budget = budget
        self.kept = kept

    @property
    def size(self) -> int:
        """The approximate number of bytes of all."""
        return sum(checkpoint.size for checkpoint in self.kept)

    def add(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint, later than all others."""
        kept = [*self.kept, checkpoint]
        while len(kept) > 2 and (len(kept) > MOST or sum(one.size for one in kept) > self.budget):
            del kept[least_needed([one.step for one in kept])]
        self.kept = tuple(kept)

    def before(self, step: int) -> Checkpoint | None:
        """The last checkpoint at or before a step; None if there is none."""
        kept = self.kept
        index = bisect_right(kept, step, key=lambda checkpoint: checkpoint.step)
        return kept[index - 1] if index else None

    def until(self, step: int) -> "Checkpoints":
        """The checkpoints at or before a step, for a fork of the run at this step."""
        return Checkpoints(self.budget, tuple(one for one in self.kept if one.step <= step))


def least_needed(steps: list[int]) -> int:
    """The index of the least useful of at least three steps; never the first or the last."""
    newest = steps[-1]

    def gap_without(place: int) -> float:
        before, after = steps[place - 1], steps[place + 1]
        return (after - before) / min(newest - before, newest / RECENT)

    return min(range(1, len(steps) - 1), key=gap_without)
