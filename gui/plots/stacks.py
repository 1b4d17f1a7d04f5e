"""Stacked columns on a common scale: sums whose parts one can see, and totals that meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axes, Axis, draw_axes, lay_out
from gui.plots.labels import pushed_apart
from gui.plots.panel import CENTRE, LEFT, Columns, Panel, faded, put_text
from gui.plots.ticks import Ticks, value_text
from gui.theme import Stroke, Theme

WIDE = 0.42  # of the room of a column, that the column itself takes
NEAR = 1e-9  # totals are equal that differ by no more than this share


@dataclass(frozen=True)
class Part:
    """A part of a sum. `value` may be ∞; a negative one is told, but has no height."""

    name: str
    value: float
    stroke: Stroke


@dataclass(frozen=True)
class Stack:
    """A sum and its parts, from the bottom up."""

    name: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """What the parts sum to."""
        return sum(part.value for part in self.parts)


class StacksPanel(Panel):
    """Columns side by side; a line joins totals that are equal. An infinite part reaches out of the plot."""

    hovered = Signal(object)  # (stack, part), or None

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.stacks: tuple[Stack, ...] = ()
        self._y = Axis()
        self._least = 0.0
        self._hovered: tuple[int, int] | None = None
        self.setMouseTracking(True)

    def set_axes(self, y: tuple[str, str], least: float = 0.0) -> None:
        """Name the axis (label, unit); it reaches at least up to `least`."""
        self._y, self._least = Axis(*y), least
        self.update()

    def set_stacks(self, stacks: Sequence[Stack]) -> None:
        """Show these columns; what is infinite stands on top."""
        self.stacks = tuple(
            replace(stack, parts=tuple(sorted(stack.parts, key=lambda part: part.value == inf)))
            for stack in stacks
        )
        self.update()

    def table(self) -> Columns:
        """A line for each part."""
        lines = [(stack.name, part.name, part.value) for stack in self.stacks for part in stack.parts]
        unit = f" ({self._y.unit})" if self._y.unit else ""
        return [
            (tr("sum"), [line[0] for line in lines]),
            (tr("part"), [line[1] for line in lines]),
            (self._y.label + unit, [line[2] for line in lines]),
        ]

    # Drawing

    def _top(self) -> float:
        """The upper end of the axis."""
        heights = [sum(max(p.value, 0.0) for p in stack.parts if isfinite(p.value)) for stack in self.stacks]
        return 1.12 * max([*heights, self._least]) or 1.0

    def _lay_out(self, rect: QRectF) -> Axes:
        space = rect.adjusted(0, self.line_height, 0, -self.line_height - self.theme.px(2))
        return lay_out(
            space, self.theme, Axis(), self._y, ((0.0, float(max(len(self.stacks), 1))), (0.0, self._top()))
        )

    def _boxes(self, axes: Axes, which: int) -> list[QRectF]:
        """Where the parts of a column are; what is not above 0 is flat."""
        rect, room = axes.plane.rect, axes.plane.rect.width() / len(self.stacks)
        left = rect.left() + which * room + 0.06 * room
        height, boxes = 0.0, []
        for part in self.stacks[which].parts:
            bottom = float(axes.plane.py(height)) if isfinite(height) else rect.top()
            height += max(part.value, 0.0)
            top = float(axes.plane.py(height)) if isfinite(height) else rect.top() - self.line_height
            boxes.append(QRectF(QPointF(left, min(top, bottom)), QPointF(left + WIDE * room, bottom)))
        return boxes

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.stacks:
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, rect, CENTRE, tr("No data yet"))
            return
        axes = self._lay_out(rect)
        draw_axes(painter, self.theme, replace(axes, x_ticks=Ticks((), ())))
        for which, stack in enumerate(self.stacks):
            boxes = self._boxes(axes, which)
            self._draw_column(painter, stack, boxes, which if live else -1)
            self._draw_names(painter, axes, which, stack, boxes)
            self._draw_foot(painter, axes, which, stack)
        self._draw_meeting(painter, axes)

    def _draw_column(self, painter: QPainter, stack: Stack, boxes: list[QRectF], live: int) -> None:
        for k, (part, box) in enumerate(zip(stack.parts, boxes, strict=True)):
            held = (live, k) == self._hovered
            painter.setPen(QPen(QColor(part.stroke.colour), 2.4 if held else 1.2))
            painter.setBrush(faded(part.stroke.colour, 0.75 if held else 0.5))
            if part.value == inf:
                painter.setBrush(faded(part.stroke.colour, 0.25))
            if part.value > 0:
                painter.drawRect(box)
            if part.value == inf:
                painter.setPen(QColor(self.theme.text))
                painter.setFont(self.theme.font(self.theme.px(22), bold=True))
                put_text(
                    painter, QRectF(box.left(), box.top(), box.width(), 2 * self.line_height), CENTRE, "∞"
                )
                painter.setFont(self.theme.font())
            if self._inside(part, box):
                painter.setPen(QColor(self.theme.text))
                put_text(painter, box, CENTRE, part.name)

    def _draw_names(
        self, painter: QPainter, axes: Axes, which: int, stack: Stack, boxes: list[QRectF]
    ) -> None:
        """Name and value of each part to the right of its box, pushed apart where boxes are thin."""
        rect, room = axes.plane.rect, axes.plane.rect.width() / len(self.stacks)
        shown = [k for k, part in enumerate(stack.parts) if part.value != 0]
        fit = max(1, int(rect.height() / self.line_height))
        shown = sorted(sorted(shown, key=lambda k: -abs(stack.parts[k].value))[:fit])
        wanted = [boxes[k].center().y() for k in shown]
        line = self.line_height
        low, high = rect.top() + line / 2, rect.bottom() - line / 2
        places = pushed_apart(wanted, line, low, high)
        left = rect.left() + (which + 0.06 + WIDE) * room + self.theme.px(14)
        for k, y in zip(shown, places, strict=True):
            part, box = stack.parts[k], boxes[k]
            painter.setPen(QPen(faded(part.stroke.colour, 0.6), 1))
            painter.drawLine(QPointF(box.right(), min(max(box.center().y(), rect.top()), rect.bottom())),
                             QPointF(left - self.theme.px(3), y))  # fmt: skip
            painter.setPen(QColor(self.theme.text))
            wide = rect.left() + (which + 1) * room - left
            text = self._told(painter, part, box, wide)
            put_text(painter, QRectF(left, y - line / 2, wide, line), LEFT, text)

    def _inside(self, part: Part, box: QRectF) -> bool:
        """Whether the name of a part fits into its box."""
        metrics = QFontMetricsF(self.theme.font())
        tall = isfinite(part.value) and box.height() >= metrics.height()
        return tall and metrics.horizontalAdvance(part.name) <= box.width() - 4

    def _told(self, painter: QPainter, part: Part, box: QRectF, wide: float) -> str:
        """What stands beside a part: its value, with its name where that is not inside and there is room."""
        both, value = f"{part.name} {value_text(part.value)}", value_text(part.value)
        if self._inside(part, box):
            return value
        return both if QFontMetricsF(painter.font()).horizontalAdvance(both) <= wide else value

    def _draw_foot(self, painter: QPainter, axes: Axes, which: int, stack: Stack) -> None:
        """The name of the column under it, with its total where there is room."""
        room = axes.plane.rect.width() / len(self.stacks)
        rect = axes.plane.rect
        foot = QRectF(rect.left() + which * room, rect.bottom() + self.theme.px(3), room, self.line_height)
        painter.setPen(QColor(self.theme.quiet))
        whole = f"{stack.name} = {value_text(stack.total)}"
        fits = QFontMetricsF(painter.font()).horizontalAdvance(whole) <= room
        put_text(painter, foot, LEFT, whole if fits else stack.name)

    def _draw_meeting(self, painter: QPainter, axes: Axes) -> None:
        """A line across all columns whose totals are equal."""
        totals = [stack.total for stack in self.stacks]
        same = max(totals) - min(totals) <= NEAR * max(1.0, max(totals)) if isfinite(max(totals)) else False
        if same and len(totals) > 1:
            y = float(axes.plane.py(totals[0]))
            painter.setPen(QPen(QColor(self.theme.text), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(axes.plane.rect.left(), y), QPointF(axes.plane.rect.right(), y))

    # The mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._part_at(event.position())
        if found != self._hovered:
            self._hovered = found
            self.hovered.emit(found)
            self.update()

    def leaveEvent(self, event: object) -> None:
        if self._hovered is not None:
            self._hovered = None
            self.hovered.emit(None)
            self.update()

    def _part_at(self, place: QPointF) -> tuple[int, int] | None:
        if not self.stacks:
            return None
        axes = self._lay_out(self._content(QRectF(self.rect())))
        for which in range(len(self.stacks)):
            for k, box in enumerate(self._boxes(axes, which)):
                if box.contains(place):
                    return which, k
        return None
