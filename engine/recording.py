"""A recording keeps the frames of a run: the screen plays it, goes to any step of it, and exports it.

Scalars are kept for *every* step, in one growing column each, so that a curve is a slice. Snapshots (weights,
gates, moments) are large: when they fill a budget of memory, every second one is dropped, and from then on
only every second one is kept. So the kept snapshots of a run of any length are evenly spaced, in bounded
memory.

One thread appends and others read, without a lock: an entry is written before `last` is increased, and
thinning replaces the list of snapshots instead of changing it.
"""

import copy
import dataclasses
import sys
from bisect import bisect_right
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.experiment import Frame

BUDGET = 64 * 2**20  # bytes
SHORT = 1024  # steps for which a column has room from its first one on


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
        self._kept: list[tuple[int, Any]] = []  # every `_every`-th frame's snapshot, with its step
        self._sizes: list[int] = []
        self._held = 0
        self._newest: tuple[int, Any] = (-1, None)
        self._frames = 0
        self._every = 1

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order of their first appearance."""
        return list(self._columns)

    @property
    def size(self) -> int:
        """About how many bytes the recording takes: snapshots and columns."""
        return self._held + 8 * (self.last + 1) * len(self._columns)

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
        index = bisect_right(kept, step, key=lambda pair: pair[0])
        if index == 0:
            raise LookupError("no snapshot this early")
        return kept[index - 1]

    def still(self) -> Self:
        """Return the part that is recorded now as a separate recording, which does not grow with the run.

        Columns and snapshots are shared: recorded entries are never changed.
        """
        taken = copy.copy(self)  # `last` is read before columns that may already be longer
        taken._columns, taken._kept, taken._sizes = dict(self._columns), list(self._kept), list(self._sizes)
        if taken._newest[0] > taken.last:
            taken._newest = (-1, None)
        return taken

    def expect(self, last: int) -> None:
        """Tell, before the first frame, which step will be the last: columns then begin as long as they end.

        A column that grows is copied, stands there twice meanwhile, and leaves holes in the memory behind it.
        One that is never filled costs nothing.
        """
        self._length = last + 1

    def limit(self, budget: int) -> None:
        """Set the budget of the snapshots, in bytes, from the next frame on."""
        self._budget = budget

    @property
    def _room(self) -> int:
        """Bytes for snapshots: the budget, or less if the columns alone are larger than half the budget.

        What they are larger is subtracted, but at least half of the budget is left for snapshots.
        """
        return min(self._budget, max(self._budget // 2, 3 * self._budget // 2 - (self.size - self._held)))

    def thin(self) -> None:
        """Drop every second snapshot until they are within the budget.

        Call it in the thread that appends, or in any other one after the last append.
        """
        while self._held > self._room and len(self._kept) > 2:
            self._kept, self._sizes = self._kept[::2], self._sizes[::2]
            self._held = sum(self._sizes)
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
            column[first:end] = value
        self._keep(frame)
        self.last = frame.step

    def _keep(self, frame: Frame[Any]) -> None:
        if self._frames % self._every == 0:
            self._kept.append((frame.step, frame.snapshot))
            self._sizes.append(footprint(frame.snapshot))
            self._held += self._sizes[-1]
        self.thin()
        self._newest = (frame.step, frame.snapshot)
        self._frames += 1


def _longer(column: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """A longer copy; its unused part takes no memory until it is written to."""
    longer = np.empty(length)
    longer[: len(column)] = column
    return longer


def footprint(thing: object) -> int:
    """About how many bytes a snapshot takes: arrays exactly, everything else roughly."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes + 100
    if isinstance(thing, tuple | list):
        return 60 + sum(map(footprint, thing))
    if isinstance(thing, dict):
        return 100 + sum(map(footprint, thing.values()))
    if dataclasses.is_dataclass(thing):
        return 60 + sum(footprint(getattr(thing, field.name)) for field in dataclasses.fields(thing))
    return sys.getsizeof(thing)
