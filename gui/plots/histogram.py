"""Histograms in rows over a common axis: the distribution of the values of each layer, or of each step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.axes import FAR, Axes, lay_out
from gui.plots.bar_graph import HouseBars
from gui.plots.described import Columns
from gui.plots.lines import polygon
from gui.plots.painting import RIGHT, clipped, faded, hairline, level, outline, put_note, put_text, upright
from gui.plots.part import EDGE
from gui.plots.plot import HousePlot
from gui.plots.scale import FloatArray, Range, Scale, around
from gui.plots.ticks import Ticks
from gui.plots.zoom import ZoomPanel

FULL = 0.88  # fraction of the height of its row that the highest bin takes


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts in the bins between `edges` (one more than bins)."""

    name: str
    edges: FloatArray
    counts: FloatArray
    stroke: Stroke


class _Bare(Scale):
    """An axis without ticks: the heights of different rows cannot be compared."""

    def ticks(self, low: float, high: float, count: int) -> Ticks:
        return Ticks((), ())


class HistogramBars(HouseBars):
    """A BarGraphItem of the bins of one histogram, painted as one outline."""

    def __init__(self) -> None:
        self.held = False  # whether the mouse is over it
        super().__init__()

    def setHistogram(self, one: Histogram, ground: float, limits: Range) -> None:
        """Show a histogram whose base is at `ground`; what is beyond the limits is drawn at their edge."""
        edges, colour = np.clip(one.edges, *limits), one.stroke.colour
        self.setOpts(
            x0=edges[:-1],
            x1=edges[1:],
            width=None,
            y0=np.full(len(edges) - 1, ground),
            height=FULL * _density(one),
            name=one.name,
            pen=pg.mkPen(colour, width=1.2),
            brush=faded(colour, 0.4),
        )

    def steps(self, axes: Axes) -> tuple[FloatArray, FloatArray]:
        """Return the outline (pixels): from the base up, along the bins, and down again."""
        plane, opts = axes.plane, self.opts
        edges = np.append(opts["x0"], opts["x1"][-1:])
        x = np.repeat(plane.px(edges), 2).clip(plane.rect.left() - FAR, plane.rect.right() + FAR)
        if not len(x):
            return x, x
        y = np.full(len(x), float(plane.py(opts["y0"][0])))
        y[1:-1] = np.repeat(plane.py(opts["y0"] + opts["height"]), 2)
        return x, y

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.steps(axes)
        if not len(x):
            return
        colour = self.fill(0).color()
        if live and self.held:
            colour.setAlphaF(0.6)
        painter.setPen(self.outline)
        painter.setBrush(colour)
        painter.drawPolygon(polygon(x, y))


class HistogramPanel(ZoomPanel):
    """One histogram in each row, the first on top. Each is as high as its row: only its shape is shown.

    The height of a bin is its density, so that its area is the count, also where bins have different widths.
    `rows` has a BarGraphItem for each. Only the x axis can be zoomed. `hovered` carries row and bin.
    """

    clicked = Signal(int)  # row

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.histograms: tuple[Histogram, ...] = ()
        self.rows: list[HistogramBars] = []

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        plot.vb.setMouseEnabled(x=True, y=False)

    def set_axes(self, x: tuple[str, str]) -> None:
        """Name the axis: label, unit."""
        self.x_axis = Scale(*x)
        self._refit()

    def set_histograms(self, histograms: Sequence[Histogram]) -> None:
        """Show these histograms. Their arrays are not copied, and must not change."""
        self.histograms = tuple(histograms)
        self.plot.provide(self.rows, len(self.histograms), HistogramBars)
        self._refit()

    def _refit(self) -> None:
        """Fill the items, and show all of them, unless the user has zoomed."""
        limits, count = self._range(), len(self.histograms)
        for k, (row, one) in enumerate(zip(self.rows, self.histograms, strict=True)):
            row.setHistogram(one, count - 1.0 - k, limits)
        self.home = limits, (0.0, float(max(count, 1)))
        self.redraw()

    @property
    def sight(self) -> object:
        """Return the rows: while they are the same, a zoom is kept, also when values spread."""
        return self.home[1]

    def table(self) -> Columns:
        """Return the bins of each row, and the count of each."""
        columns: Columns = []
        for one in self.histograms:
            columns += [
                (f"{one.name}: {tr('from')}", one.edges[:-1]),
                (f"{one.name}: {tr('to')}", one.edges[1:]),
                (f"{one.name}: {tr('count')}", one.counts),
            ]
        return columns

    # Places

    def _range(self) -> Range:
        low = min((float(one.edges[0]) for one in self.histograms), default=0.0)
        high = max((float(one.edges[-1]) for one in self.histograms), default=1.0)
        return (low, high) if high > low else around(low)

    def _lay_out(self, rect: QRectF, live: bool = True) -> Axes:
        widest = max((self.metrics.horizontalAdvance(one.name) for one in self.histograms), default=0.0)
        left = min(widest, 0.3 * rect.width())
        axes = lay_out(rect.adjusted(left, 0, 0, 0), self.theme, self.x_axis, _Bare(), self.ranges)
        return replace(axes, outer=rect)

    # Drawing

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_under(painter, axes, live)
        painter.setPen(hairline(self.theme))
        for ground in axes.plane.py(range(len(self.histograms))).tolist():
            level(painter, axes.plane.rect, ground)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self.histograms:
            self._say(painter, axes.outer, self.empty_words)
            return
        plane = axes.plane
        if plane.x[0] < 0 < plane.x[1]:
            painter.setPen(QPen(faded(self.theme.quiet, 0.7), 1, Qt.PenStyle.DashLine))
            upright(painter, plane.rect, float(plane.px(0.0)))
        self._draw_row_names(painter, axes)

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if live and self._hovered is not None and self._hovered[0] < len(self.histograms):
            self._draw_told(painter, axes, *self._hovered)

    def _draw_row_names(self, painter: QPainter, axes: Axes) -> None:
        rect, line = axes.plane.rect, self.line_height
        height = rect.height() / len(self.histograms)
        width = rect.left() - axes.outer.left() - self.theme.px(6)
        for row in range(0, len(self.histograms), max(1, ceil(line / height))):
            spot = QRectF(axes.outer.left(), rect.top() + (row + 0.5) * height - line / 2, width, line)
            put_text(painter, spot, RIGHT, self.histograms[row].name, self.theme.text)

    def _draw_told(self, painter: QPainter, axes: Axes, row: int, k: int) -> None:
        """Write name, bin and count, at the top of the row or under it."""
        one, rect = self.histograms[row], axes.plane.rect
        if k >= len(one.counts):
            return
        total = float(np.nansum(one.counts)) or 1.0
        text = tr(
            "{name}: {count} ({share} %) from {low} to {high}",
            name=one.name,
            count=f"{one.counts[k]:g}",
            share=f"{100 * one.counts[k] / total:.1f}",
            low=one.edges[k],
            high=one.edges[k + 1],
        )
        x, y = self.rows[row].steps(axes)
        outline(painter, self.theme.accent, 2)
        left, right = x[2 * k + 1 : 2 * k + 3].tolist()
        with clipped(painter, rect.adjusted(*EDGE)):
            painter.drawRect(QRectF(QPointF(left, y[2 * k + 1]), QPointF(right, y[0])))
        if self.metrics.horizontalAdvance(text) + self.theme.px(8) > axes.outer.width():
            text = f"{one.counts[k]:g}"
        top = y[0] - rect.height() / len(self.histograms) - self.line_height
        room = QRectF(QPointF(axes.outer.left(), 0.0), QPointF(rect.right(), axes.outer.bottom()))
        corner = QPointF(left, top if top > axes.outer.top() else y[0] + 2)
        put_note(painter, self.theme, corner, text, share=0.5, within=room)

    # The mouse

    def _found_at(self, place: QPointF) -> tuple[int, int] | None:
        axes = self.axes()
        rect = axes.plane.rect
        if not self.histograms or not rect.contains(place):
            return None
        row = min(
            int((place.y() - rect.top()) / rect.height() * len(self.histograms)), len(self.histograms) - 1
        )
        edges = self.histograms[row].edges
        k = int(np.searchsorted(edges, axes.plane.at(place)[0], "right")) - 1
        return (row, k) if 0 <= k < len(self.histograms[row].counts) else None

    def _point_to(self, found: Any) -> None:
        for k, row in enumerate(self.rows):
            row.held = found is not None and found[0] == k
        if found != self._hovered:
            self.redraw()
        super()._point_to(found)

    def _click(self, place: QPointF) -> None:
        if found := self._found_at(place):
            self.clicked.emit(found[0])

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Go to another bin or row."""
        if not self.histograms:
            return False
        self._pointer = None  # until the mouse moves again, the keys choose the bin that is described
        row, k = self._hovered or (0, -right)
        row = min(max(row - up, 0), len(self.histograms) - 1)
        last = len(self.histograms[row].counts) - 1
        self._point_to((row, min(max(k + right, 0), last)) if last >= 0 else None)
        return True


def _density(one: Histogram) -> FloatArray:
    """Return values per unit of the axis, relative to the densest bin."""
    counts = np.nan_to_num(np.asarray(one.counts, float), posinf=0.0).clip(min=0.0)
    density = counts / np.maximum(np.diff(one.edges), 1e-300)
    return density / density.max() if density.size and density.max() > 0 else np.zeros(len(counts))
