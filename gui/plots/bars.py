"""Labelled bars, one or two to a group: probabilities, logits, counts. They can be dragged and locked."""

from math import floor, isfinite

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.bars_picture import Bar, Bars, BarsPicture
from gui.plots.grip import STILL, kept_within
from gui.plots.painting import outline, put_note
from gui.plots.snapping import stepped, tidy_at
from gui.plots.ticks import texts, value_text

__all__ = ["Bars", "BarsPanel"]


class BarsPanel(BarsPicture):
    """Bars that can be moved with the mouse and the keys, except those that are locked or padded.

    Keys: ← → choose a bar, Tab the next series, ↑ ↓ move the bar (finer with Shift, farther with Ctrl), Home
    and End move it to the ends of the axis, L locks or unlocks it. A lock can also be clicked.
    A pressed bar follows the mouse only when the mouse moves: a click only chooses it, so that a click that
    gives the plot the focus changes no value. While a bar is dragged the axis does not change. `hovered`
    carries the key of a series and the index in it.
    """

    dragged = Signal(str, int, float)  # series, index, value
    clicked = Signal(int)
    lock_toggled = Signal(str, int)  # series, index

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.draggable = False  # whether bars can be moved
        self._held: tuple[str, int] | None = None
        self._touched = False  # whether the mouse has pressed a bar but not moved since

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw a frame around the bar that the keys move, and describe the bar under the mouse."""
        if not live or self._empty:
            return
        for bar in self._free_bars():
            self._draw_grip(painter, axes, bar)
        if self.lockable and (self._pointer is not None or self.hasFocus()):
            self._draw_locks(painter, axes, shut=False)
        if self.hasFocus() and self._exists(self._chosen):
            self._frame(painter, axes, self._bar(axes, *self._chosen))
        if self._pointed is not None and self._steady is None and self._exists(self._pointed):
            middle = self._bar(axes, *self._pointed).center().x()
            top = QPointF(middle, axes.plane.rect.top() - self.line_height)
            room = QRectF(axes.outer.left(), 0.0, axes.outer.width(), axes.outer.bottom())
            put_note(painter, self.theme, top, self._told(self._pointed), share=0.5, within=room)

    def hands(self) -> list[tuple[QPointF, str]]:
        axes = self.axes()
        return [(self._grip(axes, bar).center(), "y") for bar in self._free_bars()]

    def _free_bars(self) -> list[Bar]:
        """Return the bars that are visible and can be moved."""
        axes, count = self.axes(), len(self.labels)
        every = [(which, k) for which in range(len(self.series)) for k in range(count)]
        return [bar for bar in every if self._free(bar) and self._seen(axes, self._bar(axes, *bar))]

    def _draw_grip(self, painter: QPainter, axes: Axes, bar: Bar) -> None:
        """Draw the grip at the end of a bar, on the side of 0: on the other side stands its value."""
        spot = self._grip(axes, bar)
        painter.setPen(QPen(QColor(self.series[bar[0]].stroke.colour), 1))
        painter.setBrush(QColor(self.theme.plot))
        painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)

    def _grip(self, axes: Axes, bar: Bar) -> QRectF:
        spot, high = self._bar(axes, *bar), self.theme.px(4)
        wide = min(0.5 * spot.width(), self.theme.px(18))
        top = spot.bottom() - 1.5 * high if self._value(bar) < 0 else spot.top() + 0.5 * high
        return QRectF(spot.center().x() - wide / 2, top, wide, high)

    def _frame(self, painter: QPainter, axes: Axes, spot: QRectF) -> None:
        if self._seen(axes, spot):
            outline(painter, self.theme.accent, 2)
            painter.drawRoundedRect(spot.adjusted(-3, -1, 3, 1), 3, 3)  # a value stands over it

    def _exists(self, bar: Bar) -> bool:
        return bar[0] < len(self.series) and bar[1] < len(self.labels)

    def _told(self, bar: Bar) -> str:
        """Return a bar in words: its series, its label, its value, and whether it can be moved."""
        bars, k = self.series[bar[0]], bar[1]
        state = tr("padded with 0") if k in bars.padded else tr("locked") if k in bars.locked else ""
        value = self._value(bar)
        number = value_text(value) if isfinite(value) else texts([value])[0][0]
        words = (bars.name, self.labels[k], number, state)
        return " · ".join(word for word in words if word)

    # Places

    def _at(self, place: QPointF) -> Bar | None:
        """Return the bar with the nearest column, inside the plot or the row of locks under it."""
        if not self.labels or not self.series:
            return None
        axes = self.axes()
        k = floor(axes.plane.at(place)[0] + 0.5)
        inside = axes.plane.rect.left() <= place.x() <= axes.plane.rect.right()
        if not inside or not 0 <= k < len(self.labels):
            return None
        away = [abs(self._slot(axes, n, k).center().x() - place.x()) for n in range(len(self.series))]
        return away.index(min(away)), k

    def _within(self, place: QPointF) -> bool:
        """Whether a press at a place may mean a bar: in the plot or on a grip at its edge."""
        reach = self.theme.px(6)
        return self.axes().plane.rect.adjusted(0, -reach, 0, reach).contains(place)

    def _on_lock(self, bar: Bar, place: QPointF) -> bool:
        spot = self._lock_spot(self.axes(), *bar).adjusted(-3, -2, 3, 2)
        return self.lockable and spot.contains(place)

    def _free(self, bar: Bar) -> bool:
        """Whether a bar can be moved."""
        bars, k = self.series[bar[0]], bar[1]
        return self.draggable and not bars.still and k not in bars.locked and k not in bars.padded

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, bar = event.position(), self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and bar is not None:
            self._choose(bar)
            if self._on_lock(bar, place):
                self._toggle(bar)
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self._touched = False

    def _click(self, place: QPointF) -> None:
        bar = self._at(place)
        if bar is not None:
            self.clicked.emit(bar[1])

    def _grab(self, place: QPointF) -> bool:
        bar = self._at(place)
        if self.frame_action.isChecked() or not self._within(place):
            return False
        if bar is None or self._on_lock(bar, place) or not (self._exists(bar) and self._free(bar)):
            return False
        self._held, self._steady = (self.series[bar[0]].key, bar[1]), self._range()
        self._touched = True
        return True

    def _drag(self, place: QPointF) -> None:
        """Move the held bar to the mouse."""
        if self._touched and (place - self._pressed).manhattanLength() <= STILL:
            return
        assert self._held is not None
        self._touched = False
        self.dragged.emit(*self._held, tidy_at(self.axes(), place, self._fine)[1])

    def _drop(self, place: QPointF) -> None:
        touched, self._touched = self._touched, False
        self._held = self._steady = None
        self._refit()
        if touched:
            self._clicked_at()

    def _hover(self, place: QPointF | None) -> None:
        if self._held is None:
            self._point(None if place is None else self._at(place), place or QPointF())

    def _point(self, bar: Bar | None, place: QPointF) -> None:
        over = bar is not None and self._on_lock(bar, place)
        inside = bar is not None and (over or self.axes().plane.rect.contains(place))
        bar = bar if inside else None
        if over:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif bar is not None and self._free(bar):
            self.setCursor(Qt.CursorShape.SizeVerCursor)
        else:
            self.unsetCursor()
        if bar != self._pointed:
            self._pointed = bar
            self.hovered.emit(None if bar is None else (self.series[bar[0]].key, bar[1]))
            self.update()

    def _toggle(self, bar: Bar) -> None:
        if self._exists(bar) and bar[1] not in self.series[bar[0]].padded:
            self.lock_toggled.emit(self.series[bar[0]].key, bar[1])

    # The keys

    def _choose(self, bar: Bar) -> None:
        self._chosen = bar
        self.setAccessibleDescription(self._told(bar))
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next series; after the last, let the focus go to the next widget."""
        wanted = (self._chosen[0] + (1 if forward else -1), self._chosen[1])
        if self.draggable and wanted[0] >= 0 and self._exists(wanted):
            self._choose(wanted)
            return True
        return super().focusNextPrevChild(forward)

    def _now(self) -> Bar:
        """Return the bar that the keys move."""
        return min(self._chosen[0], len(self.series) - 1), min(self._chosen[1], len(self.labels) - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        end = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: 1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_L and self.lockable and not self._empty:
            self._choose(self._now())
            self._toggle(self._now())
        elif end is None or not self._move_to(self._range()[end]):
            super().keyPressEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if self._empty:
            return False
        (which, k), seen = self._now(), self._range()
        if up:
            value = self._value((which, k))
            wanted = stepped(self.y_axis, value if value == value else 0.0, up, seen, event)
            return self._move_to(kept_within(wanted, seen))
        self._choose((which, min(max(k + right, 0), len(self.labels) - 1)))
        self.clicked.emit(self._chosen[1])
        return True

    def _move_to(self, value: float) -> bool:
        """Move the bar, if it can be moved; return whether bars of this plot can be moved at all."""
        if not self.draggable or self._empty:
            return False
        which, k = self._now()
        self._choose((which, k))
        if self._free((which, k)):
            self.dragged.emit(self.series[which].key, k, value)
        return True
