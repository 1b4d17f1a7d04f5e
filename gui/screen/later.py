"""The part of a recording after some step, as a recording of its own that grows with the whole one."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.recording import Recording


class LaterPart(Recording):
    """A recording whose scalars before the step `since` are NaN, as if not measured; the rest is the same.

    It stores only the masked columns, so it does not call `Recording.__init__`.
    """

    def __init__(self, whole: Recording, since: int) -> None:
        self._whole, self._since = whole, since
        self._masked: dict[str, tuple[int, NDArray[np.float64]]] = {}  # how many are known; the values

    @property
    def last(self) -> int:  # type: ignore[override]
        """The last step of the whole recording."""
        return self._whole.last

    @property
    def data(self) -> Any:
        """The data of the run."""
        return self._whole.data

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return self._whole.names

    @property
    def size(self) -> int:
        """The approximate number of bytes of the whole recording."""
        return self._whole.size

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the values so far; NaN before the step. Arrays that were returned earlier do not change."""
        column = self._whole.column(name)
        known, values = self._masked.get(name, (0, column[:0]))
        if len(column) > len(values):
            known, values = 0, np.full(2 * len(column), np.nan)
        first = max(known, min(self._since, len(column)))
        values[first : len(column)] = column[first:]
        self._masked[name] = len(column), values
        view = values[: len(column)]
        view.flags.writeable = False
        return view

    def snapshot(self, step: int) -> tuple[int, Any]:
        """Return the snapshot of the whole recording: before the step `since` the runs are the same."""
        return self._whole.snapshot(step)

    def still(self) -> Self:
        """Return the part that is recorded now, which does not grow with the run."""
        return type(self)(self._whole.still(), self._since)
