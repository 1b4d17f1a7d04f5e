"""What a plot of bars looks like: where each bar, name, value and lock stands, and how it is painted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, isfinite, isinf

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, FloatArray, Range, draw_axes, lay_out
from gui.plots.grip import draw_lock, hatch
from gui.plots.labels import KeyRow, draw_key, key_rows
from gui.plots.panel import CENTRE, RIGHT, Columns, Panel, faded, put_note, put_text
from gui.plots.ticks import Ticks, texts, value_text
from gui.theme import Stroke, Theme

VAST = 1e300  # beyond which nothing is told apart
Bar = tuple[int, int]  # which series, which label


@dataclass(frozen=True, eq=False)
class Bars:
    """One series: a value for each label."""

    key: str
    name: str
    values: FloatArray
    stroke: Stroke
    locked: frozenset[int] = frozenset()  # a padlock stands under them
    padded: frozenset[int] = frozenset()  # not there of themselves, but filled up with 0: hatched


class BarsPicture(Panel):
    """Vertical bars over labels, up from 0 or down from it; ∞ leaves the plot, with its sign above."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.labels: tuple[str, ...] = ()
        self.series: tuple[Bars, ...] = ()
        self._x, self._y = Axis(), Axis()
        self._limits: Range | None = None
        self._least: Range | None = None
        self._kept: Range | None = None  # what is seen while a bar is dragged
        self._marked_label: int | None = None
        self._passing = False
        self._pointed: Bar | None = None  # the bar under the mouse
        self._chosen: Bar = (0, 0)  # the bar that the keys move
        self._locks = False

    @property
    def limits(self) -> Range | None:
        """The range that the height is held to, if it is."""
        return self._limits

    def set_axes(
        self, x: tuple[str, str], y: tuple[str, str], y_limits: Range | None = None, *,
        y_least: Range | None = None,
    ) -> None:  # fmt: skip
        """Name the axes, (label, unit) each.

        Limits such as (0, 1) hold the height still; `y_least` is what is seen at least, such as
        (−2, 2) for logits that begin at 0.
        """
        self._x, self._y, self._limits, self._least = Axis(*x), Axis(*y), y_limits, y_least
        self.update()

    def set_bars(
        self, labels: Sequence[str], series: Sequence[Bars], highlight: int | None = None,
        passing: bool = False,
    ) -> None:  # fmt: skip
        """Show these; `highlight` marks one label, such as the true class.

        It is `passing` when it tells where one looks, such as the step: that is not on paper.
        """
        self.labels, self.series, self._passing = tuple(labels), tuple(series), passing
        self._marked_label = highlight
        self.update()

    def table(self) -> Columns:
        """The labels, then each series."""
        unit = f" ({self._y.unit})" if self._y.unit else ""
        return [
            (self._x.name or tr("label"), self.labels),
            *((bars.name + unit, bars.values) for bars in self.series),
        ]

    def _value(self, bar: Bar) -> float:
        return float(self.series[bar[0]].values[bar[1]])

    # Where things are

    def _range(self) -> Range:
        if self._kept is not None or self._limits is not None:
            return self._kept or self._limits or (0.0, 1.0)
        known = np.concatenate([[0.0], *(np.asarray(bars.values, float) for bars in self.series)])
        known = np.append(known[np.isfinite(known)], self._least or ()).clip(-VAST, VAST)
        low, high = float(known.min()), float(known.max())
        room = 0.12 * (high - low) or 1.0
        return (low - room if low < 0 else 0.0), (high + room if high > 0 or low == 0 else 0.0)

    def _key(self, rect: QRectF) -> list[KeyRow]:
        if len(self.series) < 2:
            return []
        metrics = QFontMetricsF(self.theme.font())
        entries = [(bars.name, Stroke(bars.stroke.colour), 1.0) for bars in self.series if bars.name]
        return key_rows(self.theme, entries, rect.width(), metrics)

    @property
    def _lock_row(self) -> float:
        """Height of the row of locks under the bars."""
        any_locked = any(bars.locked for bars in self.series)
        return self.theme.px(15) if self._locks or any_locked else 0.0

    def _lay_out(self, rect: QRectF) -> Axes:
        count = max(len(self.labels), 1)
        names = self.line_height + self.theme.px(2) + self._lock_row
        top = len(self._key(rect)) * self.line_height + self.line_height
        space = rect.adjusted(0, top, 0, -names)
        return lay_out(space, self.theme, Axis(), self._y, ((-0.5, count - 0.5), self._range()))

    def _slot(self, axes: Axes, which: int, k: int) -> QRectF:
        """The column in which a bar stands, as high as the plot."""
        group = axes.plane.rect.width() / max(len(self.labels), 1)
        wide = min(0.76 * group, self.theme.px(110)) / len(self.series)
        left = float(axes.plane.px(k)) - wide * len(self.series) / 2 + which * wide
        return QRectF(left, axes.plane.rect.top(), 0.94 * wide, axes.plane.rect.height())

    def _bar(self, axes: Axes, which: int, k: int) -> QRectF:
        """The rectangle of a bar; ∞ reaches to the edge."""
        value = self._value((which, k))
        low, high = axes.plane.y
        value = 0.0 if np.isnan(value) else min(max(value, low), high)
        zero, top = float(axes.plane.py(min(max(0.0, low), high))), float(axes.plane.py(value))
        slot = self._slot(axes, which, k)
        return QRectF(QPointF(slot.left(), min(zero, top)), QPointF(slot.right(), max(zero, top)))

    def _lock_spot(self, axes: Axes, which: int, k: int) -> QRectF:
        slot = self._slot(axes, which, k)
        side = min(self.theme.px(10), max(4.0, 0.9 * slot.width()))
        return QRectF(slot.center().x() - side / 2, slot.bottom() + self.theme.px(3), side, 1.15 * side)

    # Drawing

    @property
    def _highlight(self) -> int | None:
        """The label that is marked now."""
        return self._marked_label if self.tells_step or not self._passing else None

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.labels or not self.series:
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, rect, CENTRE, tr("No data yet"))
            return
        axes = self._lay_out(rect)
        draw_axes(painter, self.theme, replace(axes, x_ticks=Ticks((), ())))
        draw_key(painter, self.theme, rect, self._key(rect))
        self._draw_padding(painter, rect, axes)
        self._draw_bars(painter, axes)
        zero = float(axes.plane.py(0.0))
        if axes.plane.y[0] < 0 < axes.plane.y[1]:
            painter.setPen(QPen(QColor(self.theme.quiet), 1))
            painter.drawLine(QPointF(axes.plane.rect.left(), zero), QPointF(axes.plane.rect.right(), zero))
        self._draw_locks(painter, axes, live)
        self._draw_labels(painter, axes)
        if live:
            self._draw_hands(painter, axes)

    def _draw_padding(self, painter: QPainter, rect: QRectF, axes: Axes) -> None:
        """Hatch the columns of outcomes that a series does not have, and say what that means."""
        for which, bars in enumerate(self.series):
            for k in bars.padded:
                if k < len(self.labels):
                    slot, colour = self._slot(axes, which, k), faded(bars.stroke.colour, 0.45)
                    hatch(painter, slot, colour, self.theme.px(7))
        if any(bars.padded for bars in self.series):
            painter.setPen(QColor(self.theme.quiet))
            line = QRectF(rect.left(), rect.top(), rect.width(), self.line_height)
            used = max((x + self.theme.px(70) for x, *_ in (self._key(rect) or [[]])[0]), default=0.0)
            put_text(painter, line.adjusted(used, 0, 0, 0), RIGHT, tr("hatched: padded with 0"))

    def _draw_bars(self, painter: QPainter, axes: Axes) -> None:
        metrics = QFontMetricsF(painter.font())
        alone = len(self.series) == 1
        room = axes.plane.rect.width() / len(self.labels) if alone else self._bar(axes, 0, 0).width() - 2
        written, px = self._texts(metrics, room)
        painter.setFont(self.theme.font(px))
        metrics = QFontMetricsF(painter.font())
        for which, bars in enumerate(self.series):
            colour = bars.stroke.colour
            for k, value in enumerate(np.asarray(bars.values, float)[: len(self.labels)].tolist()):
                spot, text = self._bar(axes, which, k), written[which][k]
                told = self._highlight is None or k == self._highlight
                painter.setPen(QPen(QColor(colour), 1.5))
                painter.setBrush(faded(colour, 0.85 if told and which == 0 else 0.4))
                painter.drawRect(spot)
                if k not in bars.padded and (isinf(value) or metrics.horizontalAdvance(text) <= room + 2):
                    painter.setFont(self.theme.font(self.theme.text_px if isinf(value) else px))
                    self._write_value(painter, axes, spot, value, text)
        painter.setFont(self.theme.font())

    def _write_value(self, painter: QPainter, axes: Axes, spot: QRectF, value: float, text: str) -> None:
        """A value above its bar or below it; at the lower edge of the plot, inside the bar."""
        metrics = QFontMetricsF(painter.font())
        height, room = metrics.height(), metrics.horizontalAdvance(text) / 2 + 2
        y = spot.bottom() + 1 if value < 0 else spot.top() - height - 1
        painter.setPen(QColor(self.theme.text))
        if y + height > axes.plane.rect.bottom() and value < 0:
            at = QPointF(spot.center().x() - room - self.theme.px(4), axes.plane.rect.bottom() - height - 4)
            put_note(painter, self.theme, at, text)
        else:
            painter.drawText(QRectF(spot.center().x() - room, y, 2 * room, height), CENTRE, text)

    def _texts(self, metrics: QFontMetricsF, room: float) -> tuple[list[list[str]], int]:
        """The values in the longest way of writing that fits them all, and the size of letters for it."""
        count = len(self.labels)
        ways = texts(float(value) for bars in self.series for value in bars.values[:count])
        widths = [max(map(metrics.horizontalAdvance, way)) for way in ways]
        best = next((k for k, width in enumerate(widths) if width <= room + 2), len(ways) - 1)
        share = min(1.0, max(0.65, room / widths[best]))
        rows = [ways[best][k * count : (k + 1) * count] for k in range(len(self.series))]
        return rows, int(self.theme.text_px * share)

    def _draw_locks(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Shut locks everywhere, open ones on the screen only."""
        for which, bars in enumerate(self.series):
            for k in range(len(self.labels)):
                if k not in bars.padded and (k in bars.locked or (live and self._locks)):
                    draw_lock(painter, self.theme, self._lock_spot(axes, which, k), k in bars.locked)

    def _draw_labels(self, painter: QPainter, axes: Axes) -> None:
        rect, line, gap = axes.plane.rect, self.line_height, self.theme.px(3)
        below = rect.bottom() + gap + self._lock_row
        group = rect.width() / len(self.labels)
        metrics = QFontMetricsF(self.theme.font(bold=True))
        widest = min(max(map(metrics.horizontalAdvance, self.labels)), 6.0 * line)
        stride = max(1, ceil((widest + gap) / group)) if widest > group else 1
        for k, label in enumerate(self.labels):
            true = k == self._highlight
            near = self._highlight is not None and abs(k - self._highlight) < stride
            if not true and (k % stride or (near and stride > 1)):
                continue
            painter.setPen(QColor(self.theme.accent if true else self.theme.quiet))
            painter.setFont(self.theme.font(bold=true))
            spot = QRectF(rect.left() + (k + 0.5 - stride / 2) * group, below, stride * group, line)
            put_text(painter, spot, CENTRE, label)
            if true:
                painter.setPen(QPen(QColor(self.theme.accent), 2))
                x, half = spot.center().x(), min(group / 3, self.theme.px(20))
                painter.drawLine(QPointF(x - half, spot.bottom() + 1), QPointF(x + half, spot.bottom() + 1))
        painter.setFont(self.theme.font())
        painter.setPen(QColor(self.theme.quiet))
        put_text(painter, QRectF(rect.left(), below + line, rect.width(), line), CENTRE, self._x.caption)

    def _draw_hands(self, painter: QPainter, axes: Axes) -> None:
        """A frame round the bar that the keys move, and what the bar under the mouse is."""
        if self.hasFocus() and self._exists(self._chosen):
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._bar(axes, *self._chosen).adjusted(-3, -3, 3, 3), 3, 3)
        if self._pointed is not None and self._kept is None and self._exists(self._pointed):
            spot, text = self._bar(axes, *self._pointed), self._told(self._pointed)
            width = QFontMetricsF(painter.font()).horizontalAdvance(text) + self.theme.px(8)
            left = min(max(spot.center().x() - width / 2, axes.outer.left()), axes.outer.right() - width)
            top = axes.plane.rect.top() - self.line_height
            painter.setPen(QColor(self.theme.text))
            put_note(painter, self.theme, QPointF(left, top), text)

    def _exists(self, bar: Bar) -> bool:
        return bar[0] < len(self.series) and bar[1] < len(self.labels)

    def _told(self, bar: Bar) -> str:
        """A bar in words: its series, its label, its value, and whether it can move."""
        bars, k = self.series[bar[0]], bar[1]
        state = tr("padded with 0") if k in bars.padded else tr("locked") if k in bars.locked else ""
        value = self._value(bar)
        number = value_text(value) if isfinite(value) else texts([value])[0][0]
        words = (bars.name, self.labels[k], number, state)
        return " · ".join(word for word in words if word)
