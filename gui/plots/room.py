"""Where a text has room without covering a line."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gui.plots.scale import FloatArray, Range

SQUARE = 6.0  # pixels: the side of the squares in which lines are marked
LOOKS = 16  # places across a text at which lines are checked
Pixels = tuple[FloatArray, FloatArray]  # x, y of a line


def bands(lines: Sequence[Pixels], left: float, right: float) -> list[Range]:
    """Return the lowest and highest place (pixels) of each line between `left` and `right`, without gaps."""
    across, found = np.linspace(left, right, LOOKS), []
    for x, y in lines:
        if len(x) and x[-1] >= left and x[0] <= right:
            between = slice(np.searchsorted(x, left), np.searchsorted(x, right, side="right"))
            heights = np.append(np.interp(across, x, y, left=np.nan, right=np.nan), y[between])
            heights = heights[np.isfinite(heights)]
            if len(heights):
                found.append((float(heights.min()), float(heights.max())))
    return found


def free(taken: Sequence[Range], top: float, bottom: float) -> bool:
    """Whether no line is between `top` and `bottom`."""
    return all(high < top or low > bottom for low, high in taken)


def free_row(taken: Sequence[Range], top: float, bottom: float, height: float) -> float | None:
    """Return the top of the first row of `height` without a line, from the top down; None without one."""
    tops = (top + k * height for k in range(int((bottom - top) / height)))
    return next((at for at in tops if free(taken, at, at + height)), None)


class Occupied:
    """Marks the squares of a plot (a few pixels each) that lines cross."""

    def __init__(self, bounds: QRectF, lines: Sequence[Pixels]) -> None:
        self._left, self._top = bounds.left(), bounds.top()
        shape = int(bounds.height() / SQUARE) + 1, int(bounds.width() / SQUARE) + 1
        self._taken = np.zeros(shape, bool)
        kept = [line for line in lines if len(line[0])]
        if kept:
            gap = np.array([np.nan])
            self._mark(*(np.concatenate([np.append(line[k], gap) for line in kept]) for k in (0, 1)))

    def _mark(self, x: FloatArray, y: FloatArray) -> None:
        """Mark the squares that a line, with gaps at NaN, crosses."""
        column, row = (x - self._left) / SQUARE, (y - self._top) / SQUARE
        across, down = column[1:] - column[:-1], row[1:] - row[:-1]
        apart = np.maximum(np.abs(across), np.abs(down))
        long = np.flatnonzero((apart > 1) & (apart < np.inf))
        if len(long):
            begin, share = self._between(column[long], row[long], across[long], down[long])
            begin = long[begin]
            column = np.append(column, column[begin] + share * across[begin])
            row = np.append(row, row[begin] + share * down[begin])
        high, wide = self._taken.shape
        seen = (column >= 0) & (column < wide) & (row >= 0) & (row < high)
        self._taken[row[seen].astype(int), column[seen].astype(int)] = True

    def _between(
        self, column: FloatArray, row: FloatArray, across: FloatArray, down: FloatArray
    ) -> tuple[NDArray[np.intp], FloatArray]:
        """Return points of long steps, one for each square inside the plot: which step, and how far along it.

        A step that swings far outside has few of them (Liang and Barsky, 1984).
        """
        size = np.array(self._taken.shape[::-1])[:, None]
        start, step = np.stack((column, row)), np.stack((across, down))
        step[step == 0] = 1e-300
        with np.errstate(over="ignore"):
            one, other = -start / step, (size - start) / step
        enter = np.minimum(one, other).max(axis=0).clip(min=0.0)
        part = np.maximum(one, other).min(axis=0).clip(max=1.0) - enter
        seen = np.flatnonzero(part > 0)
        counts = (np.maximum(np.abs(across), np.abs(down))[seen] * part[seen]).astype(int) + 1
        begin = np.repeat(seen, counts)
        k = np.arange(len(begin)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        return begin, enter[begin] + part[begin] * k / np.repeat(counts + 1, counts)

    def free(self, spot: QRectF) -> bool:
        """Whether no line crosses a rectangle."""
        left, top = int((spot.left() - self._left) / SQUARE), int((spot.top() - self._top) / SQUARE)
        right, bottom = (spot.right() - self._left) / SQUARE, (spot.bottom() - self._top) / SQUARE
        return not self._taken[max(top, 0) : int(bottom) + 1, max(left, 0) : int(right) + 1].any()
