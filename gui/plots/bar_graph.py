"""Bars as a BarGraphItem that is painted in pixels: with the same pens on paper, and ∞ ends at the edge."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen

from gui.plots.axes import Axes
from gui.plots.part import EDGE, InView
from gui.plots.scale import VAST


class HouseBars(InView, pg.BarGraphItem):
    """A BarGraphItem whose rectangles are painted in pixels of the panel; `setOpts(height=…)` still works."""

    edge = EDGE  # a bar at the edge of the plot shows half of its outline

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"x0": [], "width": [], "y0": [], "height": []} | options)

    def shape(self) -> QPainterPath:
        """Return an empty path: the panel handles the mouse, not this item."""
        return QPainterPath()

    @property
    def outline(self) -> QPen:
        """Return the pen, as wide on paper as on the screen."""
        pen = QPen(Qt.PenStyle.NoPen) if self._sharedPen is None else QPen(self._sharedPen)
        pen.setCosmetic(False)
        return pen

    def fill(self, k: int) -> QBrush:
        """Return the brush of a bar."""
        shared: QBrush = self._sharedBrush
        return shared if self._brushes is None else self._brushes[k]


class GroupedBars(HouseBars):
    """Bars of one series, one for each whole number from 0, beside those of other series.

    Where a group would be wider than `widest` pixels, its bars are narrower.
    """

    share = 0.76  # fraction of the distance between two numbers that a group takes

    def __init__(self, which: int, count: int, widest: float) -> None:
        self.which, self.count, self.widest = which, count, widest
        self.unmarked: QBrush | None = None  # the brush of all bars while no step is shown, if it is another
        self._before = np.zeros(0)  # the heights that were there before
        super().__init__()

    def setValues(self, values: ArrayLike, pen: QPen, brushes: list[QBrush]) -> None:
        """Show a bar from 0 up or down to each value; ±∞ reaches to the edge of the plot."""
        heights = np.nan_to_num(np.asarray(values, float), posinf=VAST, neginf=-VAST).clip(-VAST, VAST)
        if not np.array_equal(self.opts["height"], heights):
            self._before = np.asarray(self.opts["height"], float)
        wide, places = self.share / self.count, np.arange(len(heights))
        self.setOpts(
            x0=places - self.share / 2 + self.which * wide,
            width=np.full(len(heights), 0.94 * wide),
            y0=np.zeros(len(heights)),
            height=heights,
            pen=pen,
            brushes=brushes,
        )

    def slot(self, axes: Axes, k: int) -> QRectF:
        """Return the column of a bar, as high as the plot."""
        plane, rect = axes.plane, axes.plane.rect
        group = rect.width() / (plane.x[1] - plane.x[0])
        scale = min(group, self.widest / self.share)
        left = float(plane.px(k)) + (float(self.opts["x0"][k]) - k) * scale
        return QRectF(left, rect.top(), float(self.opts["width"][k]) * scale, rect.height())

    def _height(self, k: int) -> float:
        """Return the height of a bar; during an animation, its height at this time."""
        height, share = float(self.opts["height"][k]), self.getViewWidget().share
        if share == 1.0 or len(self._before) != len(self.opts["height"]):
            return height
        return float(self._before[k]) + share * (height - float(self._before[k]))

    def bar(self, axes: Axes, k: int) -> QRectF:
        """Return the rectangle of a bar, cut at the edges of the plot."""
        low, high = axes.plane.y
        ends = (min(max(end, low), high) for end in (0.0, self._height(k)))
        zero, top = (float(axes.plane.py(end)) for end in ends)
        slot = self.slot(axes, k)
        return QRectF(QPointF(slot.left(), min(zero, top)), QPointF(slot.right(), max(zero, top)))

    def within(self, axes: Axes, k: int) -> bool:
        """Whether a part of the bar is in the visible range."""
        (low, high), height = axes.plane.y, float(self.opts["height"][k])
        return min(0.0, height) <= high and max(0.0, height) >= low

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        plain = None if self.getViewWidget().tells_step else self.unmarked
        painter.setPen(self.outline)
        for k in range(len(self.opts["height"])):
            painter.setBrush(plain or self.fill(k))
            if self.within(axes, k):
                painter.drawRect(self.bar(axes, k))
