"""Curves over a common axis: as they stream in, with their names at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.annotations import Handle, Mark, Span, draw_handles, draw_marks, draw_spans, handle_at
from gui.plots.axes import Axes, Axis, FloatArray, Plane, Range, draw_axes, lay_out
from gui.plots.labels import KeyRow, Tags, draw_key, end_labels, key_rows
from gui.plots.lines import curve_pixels, dot, draw_line
from gui.plots.panel import CENTRE, Columns, clipped, faded, put_note, put_text
from gui.plots.ranges import extent, grown, limits_of
from gui.plots.ticks import value_text
from gui.plots.zoom import ZoomPanel
from gui.theme import Stroke, Theme

GHOST = 0.38  # opacity of a pinned run
SAMPLE = 400  # values of a curve that are looked at to tell what is ordinary
VAST = 1e300  # axis coordinates beyond which nothing is told apart
FEW = 60  # values up to which sparse measurements get a marker each
FILL = 0.16  # opacity of the area under a filled curve
MOVES = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Up: (0, 1),
}  # fmt: skip
NUDGE = 0.01  # of the range, by which an arrow key moves a handle; ten times as far with Shift


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
    fill: bool = False  # shade down to 0

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
    Handles can be dragged with the mouse or the arrow keys (Tab goes to the next). In a panel that is
    `drawable` the mouse draws: `drawn` tells each stroke, from (x, y) to (x, y). With `readout` the
    values of all curves stand beside the mouse.
    """

    clicked = Signal(float)
    hovered = Signal(object)  # x, or None
    handle_dragged = Signal(str, float, float)  # key, x, y
    drawn = Signal(float, float, float, float)

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
        self.drawable = False
        self.readout = False
        self.handles: tuple[Handle, ...] = ()
        self.marks: tuple[Mark, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self._held: Handle | None = None
        self._chosen = 0  # the handle that the keys move
        self._pen: QPointF | None = None  # where a drawing mouse was last
        self._mouse: float | None = None  # x under the mouse, in axis coordinates

    def set_axes(
        self, x: tuple[str, str], y: tuple[str, str], log_x: bool = False, log_y: bool = False, *,
        x_limits: Range | None = None, y_limits: Range | None = None,
    ) -> None:  # fmt: skip
        """Name the axes: (label, unit) each. Limits fix a range (in values), such as the steps of a run."""
        self.x_axis, self.y_axis = Axis(*x, log=log_x), Axis(*y, log=log_y)
        self._limits = (limits_of(self.x_axis, x_limits), limits_of(self.y_axis, y_limits))
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

    def set_handles(self, handles: Sequence[Handle]) -> None:
        """Show rings that can be dragged."""
        self.handles = tuple(handles)
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show points with words."""
        self.marks = tuple(marks)
        self.update()

    def set_spans(self, spans: Sequence[Span]) -> None:
        """Shade ranges of x."""
        if tuple(spans) != self.spans:
            self.spans = tuple(spans)
            self.redraw()

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

    def _follow(self) -> None:
        """Let the home view grow over what there is to see."""
        self._left_out = sum(self._out_of(curve) for curve in self.curves)
        old = self._seen or (None, None)
        across = extent(self.x_axis, [curve.x for curve in self.curves], whole=True)
        up = extent(self.y_axis, [curve.y for curve in self.curves], whole=False)
        new = (self._limits[0] or grown(old[0], across, 0.0), self._limits[1] or grown(old[1], up, 0.06))
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
        draw_spans(painter, self.theme, axes, self.x_axis, self.spans)
        lines = [(curve, *curve_pixels(*curve.measured(), axes.plane, (self.x_axis, self.y_axis)))
                 for curve in sorted(self.curves, key=lambda curve: not curve.ghost)]  # fmt: skip
        with clipped(painter, axes.plane.rect.adjusted(-1, -1, 4, 2)):
            for curve, x, y in lines:
                if curve.fill:
                    self._draw_area(painter, axes.plane, curve, x, y)
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

    def _draw_area(self, painter: QPainter, plane: Plane, curve: Curve, x: FloatArray, y: FloatArray) -> None:
        """Shade from a curve down (or up) to 0, or to the bottom of a log axis."""
        known = np.isfinite(x) & np.isfinite(y)
        if not known.any():
            return
        low, high = plane.y
        zero = float(plane.py(low if self.y_axis.log else min(max(0.0, low), high)))
        outline = [QPointF(a, b) for a, b in zip(x[known].tolist(), y[known].tolist(), strict=True)]
        outline = [QPointF(outline[0].x(), zero), *outline, QPointF(outline[-1].x(), zero)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faded(curve.stroke.colour, FILL * curve.alpha))
        painter.drawPolygon(QPolygonF(outline))

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
        self._draw_cursor(painter, axes)
        if self.marks or self.handles:
            scales, tags = (self.x_axis, self.y_axis), Tags(painter, self.theme, axes.plane.rect)
            draw_marks(painter, self.theme, axes, scales, self.marks, tags)
            chosen = self.handles[self._index].key if self.handles and self.hasFocus() and live else None
            draw_handles(painter, self.theme, axes, scales, self.handles, chosen, tags)
        if live and self.readout and self._mouse is not None and self._held is None:
            self._draw_readout(painter, axes, self._mouse)

    def _draw_readout(self, painter: QPainter, axes: Axes, at: float) -> None:
        """A hairline under the mouse, and what every curve is there."""
        plane, value = axes.plane, self.x_axis.value(at)
        x = float(plane.px(at))
        lines = [(f"{self.x_axis.label or 'x'} = {value_text(value)}", self.theme.quiet)]
        for curve in self._named():
            if curve.ghost or len(curve.x) == 0 or not curve.x[0] <= value <= curve.x[-1]:
                continue
            y = float(np.interp(value, *curve.measured()))
            lines.append((f"{curve.name}: {value_text(y)}", curve.stroke.colour))
            up = float(self.y_axis.coordinate(y))
            if plane.y[0] <= up <= plane.y[1]:
                dot(painter, x, float(plane.py(up)), self.theme.px(3), curve.stroke.colour, self.theme.plot)
        painter.setPen(QPen(QColor(self.theme.quiet), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, plane.rect.top()), QPointF(x, plane.rect.bottom()))
        late, height = x > plane.rect.center().x(), self.line_height + self.theme.px(2)
        for row, (text, colour) in enumerate(lines):
            painter.setPen(QColor(colour))
            corner = QPointF(x - 6 if late else x + 6, plane.rect.top() + 4 + row * height)
            put_note(painter, self.theme, corner, text, right=late)

    def _draw_cursor(self, painter: QPainter, axes: Axes) -> None:
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

    # The mouse and the keys

    def _values_at(self, place: QPointF) -> tuple[float, float]:
        x, y = self.axes().plane.at(place)
        return self.x_axis.value(x), self.y_axis.value(y)

    def _grab(self, place: QPointF) -> bool:
        scales = (self.x_axis, self.y_axis)
        self._held = handle_at(self.axes(), scales, self.handles, place, self.theme.scale)
        if self._held is not None:
            self._chosen = self.handles.index(self._held)
        elif self.drawable and self.axes().plane.rect.contains(place):
            self._pen = place
            self._drag(place)
        return self._held is not None or self._pen is not None

    def _drag(self, place: QPointF) -> None:
        if self._held is not None:
            x, y = self._values_at(place)
            held = self._held
            self.handle_dragged.emit(
                held.key, x if "x" in held.free else held.x, y if "y" in held.free else held.y
            )
        elif self._pen is not None:
            self.drawn.emit(*self._values_at(self._pen), *self._values_at(place))
            self._pen = place

    def _drop(self, place: QPointF) -> None:
        self._held = self._pen = None
        self.update()

    def _hover(self, place: QPointF | None) -> None:
        plane = self.axes().plane
        inside = place is not None and plane.rect.contains(place)
        self._mouse = plane.at(place)[0] if place is not None and inside else None
        self.hovered.emit(None if self._mouse is None else self.x_axis.value(self._mouse))
        if place is not None and self.handles:
            near = handle_at(self.axes(), (self.x_axis, self.y_axis), self.handles, place, self.theme.scale)
            self.setCursor(Qt.CursorShape.PointingHandCursor if near else Qt.CursorShape.ArrowCursor)
        if self.readout:
            self.update()

    @property
    def _index(self) -> int:
        """The handle that the keys move."""
        return min(self._chosen, len(self.handles) - 1)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the handles before the focus leaves."""
        wanted = self._index + (1 if forward else -1)
        if self.handles and 0 <= wanted < len(self.handles):
            self._chosen = wanted
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = MOVES.get(Qt.Key(event.key()))
        if move is None or not self.handles:
            super().keyPressEvent(event)
            return
        one = self.handles[self._index]
        far = NUDGE * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        moved = []
        for free, scale, value, way, (low, high) in zip(
            "xy", (self.x_axis, self.y_axis), (one.x, one.y), move, self.ranges, strict=True
        ):
            step = way * far * (high - low) if free in one.free else 0.0
            moved.append(scale.value(float(scale.coordinate(value)) + step) if step else value)
        if moved != [one.x, one.y]:
            self.handle_dragged.emit(one.key, *moved)


def _end(x: FloatArray, y: FloatArray, rect: QRectF) -> tuple[float, float] | None:
    """The last point of a line that is inside the plot, or where it leaves it."""
    seen = np.flatnonzero(
        np.isfinite(y) & np.isfinite(x) & (x <= rect.right() + 0.5) & (x >= rect.left() - 0.5)
    )
    if not len(seen):
        return None
    return float(x[seen[-1]]), float(y[seen[-1]])
