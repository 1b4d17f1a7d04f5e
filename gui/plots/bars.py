"""Labelled bars, one or two to a group: probabilities, logits, counts. They can be dragged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, FloatArray, Range, draw_axes, lay_out
from gui.plots.labels import KeyRow, draw_key, key_rows
from gui.plots.panel import CENTRE, Columns, Panel, faded, put_text
from gui.plots.ticks import Ticks, texts
from gui.theme import Stroke, Theme


@dataclass(frozen=True, eq=False)
class Bars:
    """One series: a value for each label."""

    key: str
    name: str
    values: FloatArray
    stroke: Stroke


class BarsPanel(Panel):
    """Vertical bars over labels, up from 0 or down from it; ∞ leaves the plot, with its sign above."""

    dragged = Signal(str, int, float)  # series, index, value
    clicked = Signal(int)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.labels: tuple[str, ...] = ()
        self.series: tuple[Bars, ...] = ()
        self.draggable = False
        self._x, self._y = Axis(), Axis()
        self._limits: Range | None = None
        self._highlight: int | None = None
        self._held: tuple[str, int] | None = None

    def set_axes(self, x: tuple[str, str], y: tuple[str, str], y_limits: Range | None = None) -> None:
        """Name the axes, (label, unit) each; limits such as (0, 1) hold the height still."""
        self._x, self._y, self._limits = Axis(*x), Axis(*y), y_limits
        self.update()

    def set_bars(self, labels: Sequence[str], series: Sequence[Bars], highlight: int | None = None) -> None:
        """Show these; `highlight` marks one label, such as the true class."""
        self.labels, self.series, self._highlight = tuple(labels), tuple(series), highlight
        self.update()

    def table(self) -> Columns:
        """The labels, then each series."""
        unit = f" ({self._y.unit})" if self._y.unit else ""
        return [
            (self._x.name or tr("label"), self.labels),
            *((bars.name + unit, bars.values) for bars in self.series),
        ]

    # Drawing

    def _range(self) -> Range:
        if self._limits is not None:
            return self._limits
        known = np.concatenate([np.zeros(1), *(np.asarray(bars.values, float) for bars in self.series)])
        known = known[np.isfinite(known)]
        low, high = float(known.min()), float(known.max())
        room = 0.12 * (high - low) or 1.0
        return (low - room if low < 0 else 0.0), (high + room if high > 0 or low == 0 else 0.0)

    def _key(self, rect: QRectF) -> list[KeyRow]:
        if len(self.series) < 2:
            return []
        metrics = QFontMetricsF(self.theme.font())
        return key_rows(
            self.theme,
            [(bars.name, Stroke(bars.stroke.colour), 1.0) for bars in self.series],
            rect.width(),
            metrics,
        )

    def _lay_out(self, rect: QRectF) -> Axes:
        count = max(len(self.labels), 1)
        names = self.line_height + self.theme.px(2)
        top = len(self._key(rect)) * self.line_height + self.line_height
        space = rect.adjusted(0, top, 0, -names)
        return lay_out(space, self.theme, Axis(), self._y, ((-0.5, count - 0.5), self._range()))

    def _bar(self, axes: Axes, which: int, k: int) -> QRectF:
        """The rectangle of a bar; ∞ reaches to the edge."""
        value = float(self.series[which].values[k])
        low, high = axes.plane.y
        value = 0.0 if np.isnan(value) else min(max(value, low), high)
        group = axes.plane.rect.width() / max(len(self.labels), 1)
        wide = min(0.76 * group, self.theme.px(110)) / len(self.series)
        left = float(axes.plane.px(k)) - wide * len(self.series) / 2 + which * wide
        zero, top = float(axes.plane.py(min(max(0.0, low), high))), float(axes.plane.py(value))
        return QRectF(QPointF(left, min(zero, top)), QPointF(left + 0.94 * wide, max(zero, top)))

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.labels or not self.series:
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, rect, CENTRE, tr("No data yet"))
            return
        axes = self._lay_out(rect)
        draw_axes(painter, self.theme, replace(axes, x_ticks=Ticks((), ())))
        draw_key(painter, self.theme, rect, self._key(rect))
        self._draw_bars(painter, axes)
        zero = float(axes.plane.py(0.0))
        if axes.plane.y[0] < 0 < axes.plane.y[1]:
            painter.setPen(QPen(QColor(self.theme.quiet), 1))
            painter.drawLine(QPointF(axes.plane.rect.left(), zero), QPointF(axes.plane.rect.right(), zero))
        self._draw_labels(painter, axes)

    def _draw_bars(self, painter: QPainter, axes: Axes) -> None:
        metrics = QFontMetricsF(painter.font())
        room = (
            self._bar(axes, 0, 0).width() - 2
            if len(self.series) > 1
            else axes.plane.rect.width() / len(self.labels)
        )
        written, px = self._texts(metrics, room)
        painter.setFont(self.theme.font(px))
        metrics = QFontMetricsF(painter.font())
        for which, bars in enumerate(self.series):
            for k, value in enumerate(np.asarray(bars.values, float)[: len(self.labels)].tolist()):
                spot, text = self._bar(axes, which, k), written[which][k]
                told = self._highlight is None or k == self._highlight
                painter.setPen(QPen(QColor(bars.stroke.colour), 1.5))
                painter.setBrush(faded(bars.stroke.colour, 0.85 if told and which == 0 else 0.4))
                painter.drawRect(spot)
                if metrics.horizontalAdvance(text) <= room + 2:
                    y = spot.bottom() + 1 if value < 0 else spot.top() - metrics.height() - 1
                    painter.setPen(QColor(self.theme.text))
                    painter.drawText(
                        QRectF(spot.center().x() - room, y, 2 * room, metrics.height()), CENTRE, text
                    )

    def _texts(self, metrics: QFontMetricsF, room: float) -> tuple[list[list[str]], int]:
        """The values in the longest way of writing that fits them all, and the size of letters for it."""
        count = len(self.labels)
        ways = texts(float(value) for bars in self.series for value in bars.values[:count])
        widths = [max(map(metrics.horizontalAdvance, way)) for way in ways]
        best = next((k for k, width in enumerate(widths) if width <= room + 2), len(ways) - 1)
        share = min(1.0, max(0.65, room / widths[best]))
        rows = [ways[best][k * count : (k + 1) * count] for k in range(len(self.series))]
        return rows, int(self.theme.text_px * share)

    def _draw_labels(self, painter: QPainter, axes: Axes) -> None:
        rect, line, gap = axes.plane.rect, self.line_height, self.theme.px(3)
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
            spot = QRectF(
                rect.left() + (k + 0.5 - stride / 2) * group, rect.bottom() + gap, stride * group, line
            )
            put_text(painter, spot, CENTRE, label)
            if true:
                painter.setPen(QPen(QColor(self.theme.accent), 2))
                x, half = spot.center().x(), min(group / 3, self.theme.px(20))
                painter.drawLine(QPointF(x - half, spot.bottom() + 1), QPointF(x + half, spot.bottom() + 1))
        painter.setFont(self.theme.font())
        painter.setPen(QColor(self.theme.quiet))
        put_text(
            painter,
            QRectF(rect.left(), rect.bottom() + gap + line, rect.width(), line),
            CENTRE,
            self._x.caption,
        )

    # The mouse

    def _group_at(self, place: QPointF) -> int | None:
        axes = self._lay_out(self._content(QRectF(self.rect())))
        k = int(axes.plane.at(place)[0] + 0.5)
        inside = axes.plane.rect.left() <= place.x() <= axes.plane.rect.right()
        return k if self.labels and inside and 0 <= k < len(self.labels) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        k = self._group_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or k is None:
            return
        self.clicked.emit(k)
        if self.draggable:
            axes = self._lay_out(self._content(QRectF(self.rect())))
            away = [
                abs(self._bar(axes, which, k).center().x() - event.position().x())
                for which in range(len(self.series))
            ]
            self._held = (self.series[int(np.argmin(away))].key, k)
            self._pull(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._pull(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def _pull(self, place: QPointF) -> None:
        assert self._held is not None
        plane = self._lay_out(self._content(QRectF(self.rect()))).plane
        self.dragged.emit(*self._held, min(max(plane.at(place)[1], plane.y[0]), plane.y[1]))
