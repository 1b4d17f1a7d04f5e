"""A checkpoint is all that is needed to go on from a step: weights, moments, random streams, the batch.

From a checkpoint a run goes on to the last bit as it did the first time, or, with other settings, as a run
with those settings would have. To go back to a step is to go on from the last checkpoint before it, and to
compute the few steps in between once more.

Only some checkpoints are kept, the first and the last always. When there are too many, one goes: the one
whose neighbours are closest together. In the last twelfth of the run the distance counts by how long ago it
was, so the newest may stand closest: one mostly goes back a little.
"""

from bisect import bisect_right
from typing import Any, NamedTuple

MOST = 32  # checkpoints of a run
RECENT = 12  # the last 1/12 of a run has its checkpoints closer together


class Checkpoint(NamedTuple):
    """The state after `step`; never changed again. `size` is about how many bytes it takes."""

    step: int
    state: Any
    size: int


class Checkpoints:
    """The kept checkpoints of one run, in bounded number and memory.

    One thread adds and others read, without a lock: the kept ones are replaced, not changed.
    """

    def __init__(self, budget: int, kept: tuple[Checkpoint, ...] = ()) -> None:
        """`budget` is how many bytes they may take together; the first and the last are kept in any case."""
        self.budget = budget
        self.kept = kept

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        return sum(checkpoint.size for checkpoint in self.kept)

    def add(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint of a later step than all before."""
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
        """The checkpoints at or before a step, for another run that has its steps up to there."""
        return Checkpoints(self.budget, tuple(one for one in self.kept if one.step <= step))


def least_needed(steps: list[int]) -> int:
    """The place of the step that is missed least among at least three: neither the first nor the last."""
    newest = steps[-1]

    def gap_without(place: int) -> float:
        before, after = steps[place - 1], steps[place + 1]
        return (after - before) / min(newest - before, newest / RECENT)

    return min(range(1, len(steps) - 1), key=gap_without)
