"""What a plot of curves is made of: lines, and points with words."""

from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from PySide6.QtCore import QRectF

from gui.look.theme import Stroke
from gui.plots.scale import FloatArray
from gui.plots.ticks import value_text

GHOST = 0.38  # opacity of a pinned run
PIECE = 512  # values that are looked through at once


@dataclass(frozen=True, eq=False)
class Curve:
    """One line. `x` never falls. NaN is a gap, unless the values are `sparse`: measured now and then.

    A ghost is a pinned run; give it an empty name to keep it out of the legend. `column` is what the data
    are headed by where that is not the name. An `aid` leads the eye: it is no data, and in no table.
    """

    key: str
    name: str
    x: FloatArray
    y: FloatArray
    stroke: Stroke
    ghost: bool = False
    width: float = 1.8
    sparse: bool = False
    fill: bool = False  # shade down to `base`
    base: float = 0.0
    column: str = ""
    aid: bool = False
    counts: bool = False  # its values are whole numbers of things

    def text(self, value: float) -> str:
        """How a value of it is written."""
        return f"{value:.0f}" if self.counts and isfinite(value) else value_text(value)

    @property
    def alpha(self) -> float:
        """Its opacity."""
        return GHOST if self.ghost else 1.0

    def last_measured(self, x: float) -> float | None:
        """What was measured last, up to x; None before the first."""
        for end in range(int(np.searchsorted(self.x, x, side="right")), 0, -PIECE):
            piece = self.y[max(0, end - PIECE) : end]
            known = np.flatnonzero(~np.isnan(piece))
            if len(known):
                return float(piece[known[-1]])
        return None

    def measured(self) -> tuple[FloatArray, FloatArray]:
        """The points to connect."""
        if not self.sparse:
            return self.x, self.y
        known = ~np.isnan(self.y)
        return self.x[known], self.y[known]


@dataclass(frozen=True)
class Mark:
    """A point with a few words beside it.

    One that has a `way` comes along that, (points, 2) from its beginning, when a single step is taken: one
    after the other, in the order in which they are set.
    """

    x: float
    y: float
    text: str
    stroke: Stroke
    way: FloatArray | None = field(default=None, compare=False)


def end_of(x: FloatArray, y: FloatArray, rect: QRectF) -> tuple[float, float] | None:
    """The last point of a line that is inside the plot, or where it leaves it."""
    seen = np.flatnonzero(
        np.isfinite(y) & np.isfinite(x) & (x <= rect.right() + 0.5) & (x >= rect.left() - 0.5)
    )
    if not len(seen):
        return None
    return float(x[seen[-1]]), float(y[seen[-1]])
