"""A recording keeps the frames of a run: the screen plays it, goes to any step of it, and exports it.

Scalars are kept for *every* step, in one growing column each, so that a curve is a slice. Snapshots (weights,
gates, moments) are large: when they fill a budget of memory, every second one is dropped, and from then on
only every second one is kept. So the kept snapshots of a run of any length are evenly spaced, in bounded
memory.

If the settings of a run may change while it goes on, some checkpoints are kept as well
(`engine.checkpoints`), in a part of the budget.

One thread appends and others read, without a lock: an entry is written before `last` is increased, and
thinning replaces the list of snapshots instead of changing it.
"""

import copy
import dataclasses
import sys
from bisect import bisect_right
from typing import Any, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.checkpoints import Checkpoint, Checkpoints
from engine.experiment import Frame

BUDGET = 64 * 2**20  # bytes
OF_CHECKPOINTS = 1 / 4  # the part of the budget that checkpoints may take
SHORT = 1024  # steps for which a new column has room


class KeptSnapshot(NamedTuple):
    """A snapshot, its step, and its approximate number of bytes."""

    step: int
    snapshot: Any
    size: int


class Recording:
    """The scalars of every step of a run, and as many snapshots as the budget allows.

    `data` are the data of the run, made before its first step and the same for all steps: they are kept once,
    and do not count in the budget.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.last = -1
        self.data: Any = None
        self._budget = budget
        self._length = SHORT
        self._columns: dict[str, NDArray[np.float64]] = {}
        self._kept: list[KeptSnapshot] = []  # every `_every`-th frame's
        self._held = 0
        self._newest: tuple[int, Any] = (-1, None)
        self._frames = 0
        self._every = 1
        self.checkpoints = Checkpoints(int(OF_CHECKPOINTS * budget))

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order of their first appearance."""
        return list(self._columns)

    @property
    def budget(self) -> int:
        """How many bytes the snapshots may take."""
        return self._budget

    @property
    def size(self) -> int:
        """The approximate number of bytes of the recording: snapshots, columns and checkpoints."""
        return self._held + 8 * (self.last + 1) * len(self._columns) + self.checkpoints.size

    def column(self, name: str) -> NDArray[np.float64]:
        """The value at every step so far, shape (last + 1,), read-only; NaN where not measured."""
        steps = self.last + 1
        view = self._columns[name][:steps]
        view.flags.writeable = False
        return view

    def snapshot(self, step: int) -> tuple[int, Any]:
        """The last kept snapshot at or before `step`, as (its step, the snapshot).

        Raises:
            LookupError: nothing has been recorded yet.
        """
        newest, kept = self._newest, self._kept
        if 0 <= newest[0] <= step:
            return newest
        index = bisect_right(kept, step, key=lambda one: one.step)
        if index == 0:
            raise LookupError("no snapshot this early")
        return kept[index - 1][:2]

    def still(self) -> Self:
        """Return the part that is recorded now as a separate recording, which does not grow with the run.

        Columns and snapshots are shared: recorded entries are never changed.
        """
        taken = copy.copy(self)  # `last` is read before columns that may already be longer
        taken._columns, taken._kept = dict(self._columns), list(self._kept)
        if taken._newest[0] > taken.last:
            taken._newest = (-1, None)
        return taken

    def until(self, step: int) -> Self:
        """Return the steps 0 … `step` as a recording of its own, for a run that goes on differently.

        Snapshots, checkpoints and the data are shared. Call it in any thread, for a step that is recorded.
        """
        taken = type(self)(self._budget)
        taken.last, taken.data, taken._length = step, self.data, self._length
        taken.checkpoints = self.checkpoints.until(step)
        every, newest, kept = self._every, self._newest, self._kept
        for name, column in dict(self._columns).items():
            taken._columns[name] = _longer(column[: step + 1], max(self._length, step + 1))
        taken._kept = kept[: bisect_right(kept, step, key=lambda one: one.step)]
        taken._held = sum(one.size for one in taken._kept)
        last = taken._kept[-1]
        taken._newest = newest if 0 <= newest[0] <= step else last[:2]
        taken._every, taken._frames = every, (len(taken._kept) - 1) * every + 1
        taken._frames += min(step - last.step, every - 1)
        return taken

    def expect(self, last: int) -> None:
        """Set the last step before the first frame, so that new columns have their full length at once.

        Otherwise a column that grows is copied, takes its memory twice for a moment, and leaves unused gaps
        in the memory. The part of a column that is never filled takes no memory.
        """
        self._length = last + 1

    def limit(self, budget: int) -> None:
        """Set the budget of the snapshots, in bytes, from the next frame on."""
        self._budget = budget
        self.checkpoints.budget = int(OF_CHECKPOINTS * budget)

    @property
    def _room(self) -> int:
        """Bytes for snapshots: the budget, or less if the columns alone are larger than half the budget.

        The excess of the columns over that half is subtracted, but at least an eighth of the budget is left.
        """
        return min(self._budget, max(self._budget // 8, 3 * self._budget // 2 - (self.size - self._held)))

    def thin(self) -> None:
        """Drop every second snapshot until they are within the budget.

        Call it in the thread that appends, or in any other one after the last append.
        """
        while self._held > self._room and len(self._kept) > 2:
            self._kept = self._kept[::2]
            self._held = sum(one.size for one in self._kept)
            self._every *= 2

    def append(self, frame: Frame[Any]) -> None:
        """Add a frame: one step, or all steps since the frame before.

        Raises:
            ValueError: the frame's step is not after the last one, or a scalar has the wrong length.
        """
        first, end = self.last + 1, frame.step + 1
        if end <= first or (first == 0 and frame.step != 0):
            raise ValueError(f"a frame of step {frame.step} cannot follow step {self.last}")
        for name in [name for name in frame.scalars if name not in self._columns]:
            self._columns[name] = _longer(np.full(first, np.nan), max(self._length, end))
        for name, column in self._columns.items():
            if end > len(column):
                column = self._columns[name] = _longer(column, max(2 * len(column), end))
            value = frame.scalars.get(name, np.nan)
            if isinstance(value, np.ndarray) and value.shape != (end - first,):
                raise ValueError(f"{name!r} tells of {value.shape} steps, the frame of {end - first}")
            if not _is_zero(value):  # the column is zero there already
                column[first:end] = value
        self._keep(frame)
        self.last = frame.step

    def _keep(self, frame: Frame[Any]) -> None:
        """Keep the snapshot of a frame, if it is one of every `_every`."""
        if self._frames % self._every == 0:
            self._kept.append(KeptSnapshot(frame.step, frame.snapshot, footprint(frame.snapshot)))
            self._held += self._kept[-1].size
        self.thin()
        self._newest = (frame.step, frame.snapshot)
        self._frames += 1

    def renew(self, frame: Frame[Any]) -> None:
        """Restore the snapshot of the last step, which was dropped after it was recorded the first time."""
        self._newest = (frame.step, frame.snapshot)

    def keep(self, step: int, state: object) -> None:
        """Add a checkpoint, if its step is later than that of all others."""
        kept = self.checkpoints.kept
        if not kept or kept[-1].step < step:
            self.checkpoints.add(Checkpoint(step, state, footprint(state)))


def _longer(column: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """A longer copy, then zeros: they take no memory until something is written there."""
    longer = np.zeros(length)
    longer[: len(column)] = column
    return longer


def _is_zero(value: float | NDArray[np.floating[Any]]) -> bool:
    """Whether these are many numbers and all of them +0: a method that computes no Hessian counts none."""
    return isinstance(value, np.ndarray) and value.dtype == np.float64 and not value.view(np.uint64).any()


def has_diverged(column: NDArray[np.float64]) -> bool:
    """Whether a scalar became infinite, or was measured in every step and ended before the last one."""
    known = np.flatnonzero(~np.isnan(column))
    ended = len(known) > 1 and len(known) == known[-1] + 1 < len(column)
    return bool(ended or np.isinf(column).any())


class Shared:
    """Base of what all snapshots of a run have in common: a recording does not count it in each of them."""


def footprint(thing: object) -> int:
    """The approximate number of bytes of a snapshot: arrays exactly, everything else roughly."""
    if isinstance(thing, float | int | Shared):
        return sys.getsizeof(thing)
    if isinstance(thing, np.ndarray):
        return thing.nbytes + 100
    if isinstance(thing, tuple | list):
        return 60 + sum(map(footprint, thing))
    if isinstance(thing, dict):
        return 100 + sum(map(footprint, thing.values()))
    if isinstance(thing, msgspec.Struct):
        return 60 + sum(footprint(getattr(thing, name)) for name in thing.__struct_fields__)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return 60 + sum(footprint(getattr(thing, name)) for name in thing.__dataclass_fields__)
    return sys.getsizeof(thing)
