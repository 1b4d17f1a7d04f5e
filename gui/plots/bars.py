"""Labelled bars, one or two to a group: probabilities, logits, counts. They can be dragged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, FloatArray, Range, draw_axes, lay_out
from gui.plots.labels import KeyRow, draw_key, key_rows
from gui.plots.panel import CENTRE, RIGHT, Columns, Panel, faded, put_text
from gui.plots.ticks import Ticks, texts
from gui.theme import Stroke, Theme


@dataclass(frozen=True, eq=False)
class Bars:
    """One series: a value for each label."""

    key: str
    name: str
    values: FloatArray
    stroke: Stroke
    locked: frozenset[int] = frozenset()  # a padlock stands at their foot
    padded: frozenset[int] = frozenset()  # not there of itself, but filled up with 0: hatched


NUDGE = 0.01  # of the range, by which an arrow key moves a bar; ten times as far with Shift


class BarsPanel(Panel):
    """Vertical bars over labels, up from 0 or down from it; ∞ leaves the plot, with its sign above.

    While `draggable`, bars follow the mouse, or the keys: left and right choose a bar, Tab the next
    series, up and down change it, Home and End take it to the ends. While `lockable`, a double click or
    the key L asks for a lock, or for its end.
    """

    dragged = Signal(str, int, float)  # series, index, value
    clicked = Signal(int)
    lock_toggled = Signal(str, int)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.labels: tuple[str, ...] = ()
        self.series: tuple[Bars, ...] = ()
        self.lockable = False
        self._draggable = False
        self._chosen = (0, 0)  # the series and the bar that the keys move
        self._frozen: Range | None = None  # the range while a bar is held
        self._x, self._y = Axis(), Axis()
        self._limits: Range | None = None
        self._highlight: int | None = None
        self._held: tuple[str, int] | None = None

    @property
    def draggable(self) -> bool:
        """Whether bars can be moved."""
        return self._draggable

    @draggable.setter
    def draggable(self, on: bool) -> None:
        self._draggable = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)

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
        if self._frozen is not None:
            return self._frozen
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
            [(bars.name, Stroke(bars.stroke.colour), 1.0) for bars in self.series if bars.name],
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
        self._draw_marks(painter, axes, live)
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

    def _draw_marks(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Hatching where a series is padded, padlocks, and a frame around the bar that the keys move."""
        px = self.theme.px
        for which, bars in enumerate(self.series):
            for k in bars.padded:
                spot = self._bar(axes, which, k)
                column = QRectF(spot.left(), axes.plane.rect.top(), spot.width(), axes.plane.rect.height())
                painter.fillRect(column, QBrush(faded(bars.stroke.colour, 0.35), Qt.BrushStyle.BDiagPattern))
            for k in bars.locked:
                foot = self._bar(axes, which, k)
                _padlock(
                    painter, QPointF(foot.center().x(), float(axes.plane.py(0.0)) - px(9)), px(4), self.theme
                )
        if any(bars.padded for bars in self.series):
            painter.setFont(self.theme.font(px(11)))
            painter.setPen(QColor(self.theme.quiet))
            rect = axes.plane.rect
            line = QRectF(rect.left(), rect.top(), rect.width() - 2, self.line_height)
            put_text(painter, line, RIGHT, tr("hatched: padded with 0"))
        if live and self.hasFocus() and self._draggable:
            which, k = self._kept(self._chosen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self._bar(axes, which, k).adjusted(-3, -3, 3, 3))

    def _kept(self, chosen: tuple[int, int]) -> tuple[int, int]:
        """The nearest series and bar that there are."""
        which = min(max(chosen[0], 0), max(len(self.series) - 1, 0))
        return which, min(max(chosen[1], 0), max(len(self.labels) - 1, 0))

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
        if self._draggable:
            axes = self._lay_out(self._content(QRectF(self.rect())))
            away = [
                abs(self._bar(axes, which, k).center().x() - event.position().x())
                for which in range(len(self.series))
            ]
            self._chosen = (int(np.argmin(away)), k)
            self._held = (self.series[self._chosen[0]].key, k)
            self._frozen = self._range()
            self._pull(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._pull(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = self._frozen = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.lockable and self._group_at(event.position()) is not None:
            self._toggle_lock()
        else:
            self.mousePressEvent(event)

    def _toggle_lock(self) -> None:
        which, k = self._kept(self._chosen)
        self.lock_toggled.emit(self.series[which].key, k)

    # The keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go through the series before the focus leaves."""
        wanted = self._chosen[0] + (1 if forward else -1)
        if self._draggable and 0 <= wanted < len(self.series):
            self._chosen = (wanted, self._chosen[1])
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, (which, k) = event.key(), self._kept(self._chosen)
        if not (self._draggable and self.series and self.labels):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._chosen = self._kept((which, k + (1 if key == Qt.Key.Key_Right else -1)))
            self.clicked.emit(self._chosen[1])
            self.update()
        elif key == Qt.Key.Key_L and self.lockable:
            self._toggle_lock()
        elif (value := self._moved(which, k, event)) is not None:
            self.dragged.emit(self.series[which].key, k, value)
        else:
            super().keyPressEvent(event)

    def _moved(self, which: int, k: int, event: QKeyEvent) -> float | None:
        """Where a key takes a bar; None for any other key."""
        low, high = self._range()
        step = NUDGE * (high - low) * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        now = float(self.series[which].values[k])
        places = {
            Qt.Key.Key_Up: now + step,
            Qt.Key.Key_Down: now - step,
            Qt.Key.Key_Home: low,
            Qt.Key.Key_End: high,
        }
        wanted = places.get(Qt.Key(event.key()))
        if wanted is None or self._limits is None:
            return wanted
        return min(max(wanted, low), high)

    def _pull(self, place: QPointF) -> None:
        assert self._held is not None
        plane = self._lay_out(self._content(QRectF(self.rect()))).plane
        self.dragged.emit(*self._held, min(max(plane.at(place)[1], plane.y[0]), plane.y[1]))


def _padlock(painter: QPainter, place: QPointF, size: float, theme: Theme) -> None:
    """A small padlock."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.drawArc(
        QRectF(place.x() - 0.7 * size, place.y() - 1.4 * size, 1.4 * size, 1.8 * size), 0, 180 * 16
    )
    painter.setBrush(QColor(theme.text))
    painter.setPen(QPen(QColor(theme.plot), 0.8))
    painter.drawRoundedRect(QRectF(place.x() - size, place.y() - 0.6 * size, 2 * size, 1.5 * size), 1.5, 1.5)
