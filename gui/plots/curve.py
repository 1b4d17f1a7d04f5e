"""The parts of a plot of curves: lines, and points with a text."""

from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from PySide6.QtCore import QRectF

from gui.look.theme import Stroke
from gui.plots.scale import FloatArray
from gui.plots.ticks import value_text

GHOST = 0.38  # opacity of a pinned run
PIECE = 512  # values that are searched at a time


@dataclass(frozen=True, eq=False)
class Curve:
    """One line. `x` never decreases. NaN is a gap, unless the values are `sparse`: measured at some steps.

    A ghost is a pinned run; an empty name keeps it out of the legend. `column` is the heading of the data,
    if it is not the name. An `aid` only guides the eye: it is no data, and not in the table.
    """

    key: str
    name: str
    x: FloatArray
    y: FloatArray
    stroke: Stroke
    ghost: bool = False
    width: float = 1.8
    sparse: bool = False
    fill: bool = False  # whether the area down to `base` is shaded
    base: float = 0.0
    column: str = ""
    aid: bool = False
    counts: bool = False  # whether its values are counts, which are whole numbers

    def text(self, value: float) -> str:
        """Return the text of a value of this curve."""
        return f"{value:.0f}" if self.counts and isfinite(value) else value_text(value)

    @property
    def alpha(self) -> float:
        """Its opacity."""
        return GHOST if self.ghost else 1.0

    def last_measured(self, x: float) -> float | None:
        """Return the last measured value up to x; None before the first."""
        for end in range(int(np.searchsorted(self.x, x, side="right")), 0, -PIECE):
            piece = self.y[max(0, end - PIECE) : end]
            known = np.flatnonzero(~np.isnan(piece))
            if len(known):
                return float(piece[known[-1]])
        return None

    def measured(self) -> tuple[FloatArray, FloatArray]:
        """Return the points to connect."""
        if not self.sparse:
            return self.x, self.y
        known = ~np.isnan(self.y)
        return self.x[known], self.y[known]


@dataclass(frozen=True)
class Mark:
    """A point with a short text beside it.

    If it has a `way`, shape (points, 2), it moves along this when a single step is shown as an animation;
    several marks move one after the other, in their order.
    """

    x: float
    y: float
    text: str
    stroke: Stroke
    way: FloatArray | None = field(default=None, compare=False)


def end_of(x: FloatArray, y: FloatArray, rect: QRectF) -> tuple[float, float] | None:
    """Return the last point of a line inside the plot, or the place where the line leaves it."""
    seen = np.flatnonzero(
        np.isfinite(y) & np.isfinite(x) & (x <= rect.right() + 0.5) & (x >= rect.left() - 0.5)
    )
    if not len(seen):
        return None
    return float(x[seen[-1]]), float(y[seen[-1]])
