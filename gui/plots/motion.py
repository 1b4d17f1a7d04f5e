"""How what is drawn came about, as a movement: on the screen only, for a moment, after one step by hand.

Nothing waits for a movement: a panel asks `share` as it paints, which is 1 while nothing moves, and on paper.
"""

import numpy as np
from PySide6.QtCore import QObject, QPointF, QVariantAnimation

from gui.plots.scale import FloatArray

STROKE = 200  # ms for one of several strokes after each other
LONGEST = 600  # ms for all of them
USUAL = 250  # ms for a movement that is one


class Motion(QVariantAnimation):
    """Goes from 0 to 1 in its time; `valueChanged` tells each time that there is something else to see."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setStartValue(0.0)
        self.setEndValue(1.0)

    def begin(self, milliseconds: int) -> None:
        """Go from the beginning."""
        self.stop()
        self.setDuration(milliseconds)
        self.start()

    @property
    def share(self) -> float:
        """How far it has come; 1 at rest."""
        return float(self.currentValue()) if self.state() != self.State.Stopped else 1.0


def part(share: float, k: int, count: int) -> float:
    """How far stroke `k` of `count` has come, where they follow each other."""
    return min(max(share * count - k, 0.0), 1.0)


def along(way: FloatArray, share: float) -> tuple[float, float]:
    """A place on a way of points (count, 2): as many points in the same time, slower at the end."""
    at = share * (2.0 - share) * (len(way) - 1)
    count = np.arange(len(way))
    return float(np.interp(at, count, way[:, 0])), float(np.interp(at, count, way[:, 1]))


def between(one: QPointF, other: QPointF, share: float) -> QPointF:
    """A place on the way from one to another."""
    return one + (other - one) * share
