"""A short animation after one step by hand, on the screen only: it shows how the new picture was made.

Nothing waits for it: a panel reads `share` when it paints. It is 1 while nothing moves, and on paper.
"""

import numpy as np
from PySide6.QtCore import QObject, QPointF, QVariantAnimation

from gui.plots.scale import FloatArray

STROKE = 200  # ms for each of several movements that follow each other
LONGEST = 600  # the most ms for all of them
USUAL = 250  # ms for a single movement


class Motion(QVariantAnimation):
    """Goes from 0 to 1 in its time; `valueChanged` is emitted when the picture must be painted again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setStartValue(0.0)
        self.setEndValue(1.0)

    def begin(self, milliseconds: int) -> None:
        """Start at 0, and be at 1 after this time."""
        self.stop()
        self.setDuration(milliseconds)
        self.start()

    @property
    def share(self) -> float:
        """How far it has come, from 0 to 1; 1 if nothing moves."""
        return float(self.currentValue()) if self.state() != self.State.Stopped else 1.0


def part(share: float, k: int, count: int) -> float:
    """Return how far movement `k` of `count` has come, if they follow each other."""
    return min(max(share * count - k, 0.0), 1.0)


def along(way: FloatArray, share: float) -> tuple[float, float]:
    """Return the place at `share` on a path of points, shape (count, 2); it slows down at the end."""
    at = share * (2.0 - share) * (len(way) - 1)
    count = np.arange(len(way))
    return float(np.interp(at, count, way[:, 0])), float(np.interp(at, count, way[:, 1]))


def between(one: QPointF, other: QPointF, share: float) -> QPointF:
    """Return the place at `share` on the line from one point to another."""
    return one + (other - one) * share
