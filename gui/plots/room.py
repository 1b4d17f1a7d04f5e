"""Where words can stand without covering a line."""

from collections.abc import Sequence

import numpy as np

from gui.plots.scale import FloatArray, Range

LOOKS = 16  # places across a word at which lines are looked at
Pixels = tuple[FloatArray, FloatArray]  # x, y of a line


def bands(lines: Sequence[Pixels], left: float, right: float) -> list[Range]:
    """Between `left` and `right`, how far up and down each line goes (pixels); gaps are nowhere."""
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
    """Whether no line comes between `top` and `bottom`."""
    return all(high < top or low > bottom for low, high in taken)


def free_row(taken: Sequence[Range], top: float, bottom: float, height: float) -> float | None:
    """The top of the first row of `height` without a line, from the top down."""
    tops = (top + k * height for k in range(int((bottom - top) / height)))
    return next((at for at in tops if free(taken, at, at + height)), None)


def last_free_row(taken: Sequence[Range], top: float, bottom: float, height: float) -> float | None:
    """The top of the first row of `height` without a line, from the bottom up."""
    tops = (bottom - k * height for k in range(1, int((bottom - top) / height) + 1))
    return next((at for at in tops if free(taken, at, at + height)), None)
