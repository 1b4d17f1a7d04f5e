"""Curves over a common axis: as they stream in, with their names at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, FloatArray, Plane, Range, draw_axes, lay_out, widened
from gui.plots.labels import KeyRow, draw_key, end_labels, key_rows
from gui.plots.lines import curve_pixels, dot, draw_line
from gui.plots.panel import CENTRE, Columns, clipped, put_note, put_text
from gui.plots.ticks import nice_step
from gui.plots.zoom import ZoomPanel
from gui.theme import Stroke, Theme

GHOST = 0.38  # opacity of a pinned run
SAMPLE = 400  # values of a curve that are looked at to tell what is ordinary
VAST = 1e300  # axis coordinates beyond which nothing is told apart
FEW = 60  # values up to which sparse measurements get a marker each


@dataclass(frozen=True, eq=False)
class Curve:
    """One line. `x` never falls. NaN is a gap, unless the values are `sparse`: measured now and then.

    A ghost is a pinned run; give it an empty name to keep it out of the legend.
    """

    key: str
    name: str
    x: FloatArray
    y: FloatArray
    stroke: Stroke
    ghost: bool = False
    width: float = 1.8
    sparse: bool = False

    @property
    def alpha(self) -> float:
        """Its opacity."""
        return GHOST if self.ghost else 1.0

    def measured(self) -> tuple[FloatArray, FloatArray]:
        """The points to connect."""
        if not self.sparse:
            return self.x, self.y
        known = ~np.isnan(self.y)
        return self.x[known], self.y[known]


class CurvesPanel(ZoomPanel):
    """Any number of curves, with a line at the playhead.

    `set_curves` may be called at every frame with longer arrays: the view only grows, in round steps,
    until `restart` begins a new run. `clicked` tells the x of a click, so that one can jump there.
    """

    clicked = Signal(float)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.curves: tuple[Curve, ...] = ()
        # "ends", "strip" (above the plot), "none", "auto" (whichever fits), or "paper": on the screen only
        # the ghosts are named, because something beside the plot names the others
        self.legend = "auto"
        self._live = True
        self._limits: tuple[Range | None, Range | None] = (None, None)
        self._seen: tuple[Range, Range] | None = None
        self._cursor: tuple[float, str] | None = None
        self._left_out = 0

    def set_axes(
        self, x: tuple[str, str], y: tuple[str, str], log_x: bool = False, log_y: bool = False, *,
        x_limits: Range | None = None, y_limits: Range | None = None,
    ) -> None:  # fmt: skip
        """Name the axes: (label, unit) each. Limits fix a range (in values), such as the steps of a run."""
        self.x_axis, self.y_axis = Axis(*x, log=log_x), Axis(*y, log=log_y)
        self._limits = (self._fixed(self.x_axis, x_limits), self._fixed(self.y_axis, y_limits))
        self.restart()

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Draw these from now on. Their arrays are not copied, and must not change."""
        self.curves = tuple(curves)
        self._follow()
        self.redraw()

    def restart(self) -> None:
        """Forget the ranges of the last run (but not the view a user has chosen)."""
        self._seen = None
        self._follow()
        self.redraw()

    def set_cursor(self, x: float | None, label: str = "") -> None:
        """Mark the playhead, or nothing."""
        self._cursor = None if x is None else (x, label)
        self.update()

    def table(self) -> Columns:
        """Each curve with its x; an x that several curves share stands once."""
        columns: Columns = []
        shown: FloatArray | None = None
        for curve in self.curves:
            if shown is None or (curve.x is not shown and not np.array_equal(curve.x, shown)):
                shown = curve.x
                columns.append((self.x_axis.name or "x", shown))
            unit = f" ({self.y_axis.unit})" if self.y_axis.unit else ""
            columns.append(((curve.name or curve.key) + unit, curve.y))
        return columns

    # Ranges

    @staticmethod
    def _fixed(axis: Axis, limits: Range | None) -> Range | None:
        if limits is None:
            return None
        low, high = (float(edge) for edge in axis.coordinate(limits))
        low = 0.0 if axis.log and not isfinite(low) else low
        return (low, high) if low < high else widened(low, high)

    def _follow(self) -> None:
        """Let the home view grow over what there is to see."""
        self._left_out = sum(self._out_of(curve) for curve in self.curves)
        old = self._seen or (None, None)
        across, up = self._extent(0), self._extent(1)
        new = (self._limits[0] or _grown(old[0], across, 0.0), self._limits[1] or _grown(old[1], up, 0.06))
        if across is not None and up is not None:
            self._seen = new
        self.home = new

    def _out_of(self, curve: Curve) -> int:
        """How many points the log axes cannot show."""
        out = 0
        for axis, values in ((self.x_axis, curve.x), (self.y_axis, curve.y)):
            if axis.log and len(values) and not values.min() > 0:
                out += int(np.count_nonzero(values <= 0))
        return out

    def _extent(self, which: int) -> Range | None:
        """From the smallest to the largest coordinate, leaving out what is absurd beside the rest."""
        axis = (self.x_axis, self.y_axis)[which]
        ends, samples, starts = [], [], []
        for curve in self.curves:
            values = (curve.x, curve.y)[which]
            known = _finite(values, axis.log)
            if known.size:
                ends += [known.min(), known.max()]
                starts.append(known[0])
                samples.append(known[:: max(1, len(known) // SAMPLE)])
        if not ends:
            return None
        low, high = (float(edge) for edge in np.clip(axis.coordinate((min(ends), max(ends))), -VAST, VAST))
        if which == 0:
            return low, high
        usual = np.clip(axis.coordinate(np.concatenate(samples)), -VAST, VAST)
        ordinary = np.quantile(usual, (0.2, 0.5, 0.8))
        sane = _sane((low, high), ordinary.tolist(), axis.log)
        begun = np.clip(axis.coordinate(starts), -VAST, VAST)
        return min(sane[0], float(begun.min())), max(sane[1], float(begun.max()))

    # Drawing

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        self._live = live
        metrics = QFontMetricsF(self.theme.font())
        rows = self._key(rect, metrics)
        strip = len(rows) * metrics.height() + (self.theme.px(6) if rows else 0)
        right = 0.0
        if self._mode(rect, metrics) == "ends":
            right = self._names_width(metrics) + self.theme.px(22)
        below = rect.adjusted(0, strip, 0, 0)
        return replace(lay_out(below, self.theme, self.x_axis, self.y_axis, self.ranges, right), outer=rect)

    def _named(self) -> list[Curve]:
        return [curve for curve in self.curves if curve.name]

    def _names_width(self, metrics: QFontMetricsF) -> float:
        return max(
            (metrics.horizontalAdvance(curve.name) for curve in self._named() if not curve.ghost), default=0.0
        )

    def _mode(self, rect: QRectF, metrics: QFontMetricsF) -> str:
        if self.legend == "paper" and self._live:
            return "ghosts"
        if self.legend not in ("auto", "paper"):
            return self.legend
        if len(self._named()) < 1 or (len(self._named()) == 1 and self._named()[0].name == self.y_axis.label):
            return "none"
        room = rect.height() - 4 * metrics.height()
        tall = len(self._named()) * metrics.height() <= room
        return "ends" if tall and self._names_width(metrics) <= 0.24 * rect.width() else "strip"

    def _key(self, rect: QRectF, metrics: QFontMetricsF) -> list[KeyRow]:
        """Rows of the legend above the plot: all, or the ghosts, which have no name at their end."""
        mode = self._mode(rect, metrics)
        if mode == "none":
            return []
        entries = [(c.name, c.stroke, c.alpha) for c in self._named() if mode == "strip" or c.ghost]
        entries = list(dict.fromkeys(entries))
        rows = key_rows(self.theme, entries, rect.width(), metrics) if entries else []
        return rows[: max(1, int(0.4 * rect.height() / metrics.height()))]

    def _draw_still(self, painter: QPainter, axes: Axes, live: bool) -> None:
        draw_axes(painter, self.theme, axes)
        metrics = QFontMetricsF(painter.font())
        lines = [(curve, *curve_pixels(*curve.measured(), axes.plane, (self.x_axis, self.y_axis)))
                 for curve in sorted(self.curves, key=lambda curve: not curve.ghost)]  # fmt: skip
        with clipped(painter, axes.plane.rect.adjusted(-1, -1, 4, 2)):
            for curve, x, y in lines:
                self._draw_curve(painter, axes.plane.rect, curve, x, y, live)
        rows = self._key(axes.outer, metrics)
        if rows:
            draw_key(painter, self.theme, axes.outer, rows)
        if self._mode(axes.outer, metrics) == "ends":
            ends = [(*end, curve.name, curve.stroke) for curve, x, y in lines
                    if curve.name and not curve.ghost and (end := _end(x, y, axes.plane.rect))]  # fmt: skip
            end_labels(painter, self.theme, axes.plane.rect, ends)
        self._draw_notes(painter, axes)

    def _draw_curve(
        self, painter: QPainter, rect: QRectF, curve: Curve, x: FloatArray, y: FloatArray, live: bool
    ) -> None:
        draw_line(
            painter,
            x,
            y,
            curve.stroke,
            curve.width * self.theme.scale,
            alpha=curve.alpha,
            live=live,
            within=rect,
        )
        known = np.isfinite(y)
        single = known.copy()
        if len(y) > 1:
            single[1:] &= ~known[:-1]
            single[:-1] &= ~known[1:]
        marked = known if curve.sparse and known.sum() <= FEW else single
        painter.setOpacity(curve.alpha)
        for px, py in zip(x[marked][:2000].tolist(), y[marked][:2000].tolist(), strict=True):
            if rect.contains(px, py):
                dot(
                    painter,
                    px,
                    py,
                    curve.width * self.theme.scale + 1.0,
                    curve.stroke.colour,
                    self.theme.plot,
                )
        painter.setOpacity(1.0)

    def _draw_notes(self, painter: QPainter, axes: Axes) -> None:
        rect = axes.plane.rect
        painter.setPen(QColor(self.theme.quiet))
        if not any(np.isfinite(curve.y).any() for curve in self.curves):
            put_text(painter, rect, CENTRE, tr("No data yet"))
        if self._left_out:
            text = tr("{n} values ≤ 0 not shown", n=self._left_out)
            height = QFontMetricsF(painter.font()).height() + self.theme.px(4)
            put_note(painter, self.theme, QPointF(rect.left() + 4, rect.bottom() - height), text)

    def _draw_moving(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self._cursor is None:
            return
        value, label = self._cursor
        plane = axes.plane
        at = float(self.x_axis.coordinate(value))
        if not plane.x[0] <= at <= plane.x[1]:
            return
        x = float(plane.px(at))
        painter.setPen(QPen(QColor(self.theme.accent), 1))
        painter.drawLine(QPointF(x, plane.rect.top()), QPointF(x, plane.rect.bottom()))
        for curve in self.curves:
            self._mark_at(painter, plane, curve, value)
        if label:
            painter.setPen(QColor(self.theme.text))
            late = x > plane.rect.center().x()
            put_note(
                painter, self.theme, QPointF(x - 3 if late else x + 3, plane.rect.top()), label, right=late
            )

    def _mark_at(self, painter: QPainter, plane: Plane, curve: Curve, value: float) -> None:
        """A dot where a curve meets the playhead."""
        k = int(np.searchsorted(curve.x, value))
        if curve.ghost or k >= len(curve.x) or curve.x[k] != value:
            return
        y = float(self.y_axis.coordinate(curve.y[k]))
        if plane.y[0] <= y <= plane.y[1]:
            place = plane.point(float(self.x_axis.coordinate(value)), y)
            dot(painter, place.x(), place.y(), self.theme.px(3.5), curve.stroke.colour, self.theme.plot)

    def _click(self, place: QPointF) -> None:
        self.clicked.emit(self.x_axis.value(self.axes().plane.at(place)[0]))


def _finite(values: FloatArray, positive: bool) -> FloatArray:
    """The values that a scale can show."""
    if values.size == 0:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        clean = isfinite(float(values.min())) and isfinite(float(values.max()))
    if clean and not (positive and values.min() <= 0):
        return values
    return values[np.isfinite(values) & (values > 0)] if positive else values[np.isfinite(values)]


def _sane(extent: Range, ordinary: Sequence[float], log: bool) -> Range:
    """Leave out what lies absurdly far from the ordinary (fifths), such as one curve that runs to 1e300."""
    (low, high), (fifth, middle, fourth) = extent, ordinary
    spread = max(fourth - fifth, 1.0 if log else 0.1 * abs(middle))
    if spread <= 0:
        return low, high
    # On a log scale what falls far (towards a minimum) is the subject, what rises far has run away.
    down, up = (4 * spread + 16, 2 * spread + 4) if log else (100 * spread, 100 * spread)
    return max(low, fifth - down), min(high, fourth + up)


def _grown(old: Range | None, extent: Range | None, margin: float) -> Range:
    """Extend a range over what is there: by round steps, and then with some room to go on."""
    if extent is None:
        return old or (0.0, 1.0)
    low, high = extent
    if old is not None and old[0] <= low and high <= old[1]:
        return old
    if not high - low > 1e-13 * max(abs(low), abs(high), 1e-280):
        low, high = widened(low, low)
    else:
        low, high = low - margin * (high - low), high + margin * (high - low)
    if old is None:
        return low, high
    low, high = min(low, old[0]), max(high, old[1])
    step = nice_step(high - low, 4)
    return (low if low == old[0] else floor(low / step) * step,
            high if high == old[1] else ceil(high / step) * step)  # fmt: skip


def _end(x: FloatArray, y: FloatArray, rect: QRectF) -> tuple[float, float] | None:
    """The last point of a line that is inside the plot, or where it leaves it."""
    seen = np.flatnonzero(
        np.isfinite(y) & np.isfinite(x) & (x <= rect.right() + 0.5) & (x >= rect.left() - 0.5)
    )
    if not len(seen):
        return None
    return float(x[seen[-1]]), float(y[seen[-1]])
