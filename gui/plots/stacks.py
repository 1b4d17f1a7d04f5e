"""Stacked columns on a common scale: they show the parts of sums, and which totals are equal."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.described import Columns
from gui.plots.painting import clipped, put_note
from gui.plots.part import EDGE
from gui.plots.plot import HousePlot
from gui.plots.scale import VAST, Scale
from gui.plots.stack import Stack, SumPart, height_of, same, words
from gui.plots.stack_column import Column
from gui.plots.stack_words import BESIDE, StackWords
from gui.plots.things import Thing, area
from gui.plots.ticks import nice_step, value_text

__all__ = ["Stack", "StacksPanel", "SumPart"]

Place = tuple[int, int]  # stack, part


class StacksPanel(StackWords):
    """Columns side by side; a line joins equal totals. An infinite part reaches beyond the plot.

    `columns` has a BarGraphItem for each. Only the y axis can be zoomed. The part under the mouse is
    described (`hovered` carries stack and part); the arrow keys go from part to part.
    """

    named_x = True

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._top = 1.0  # the upper end of the axis
        self._highlight: str | None = None

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        plot.vb.setMouseEnabled(x=False, y=True)

    def set_axes(self, y: tuple[str, str]) -> None:
        """Name the axis: label, unit."""
        self.y_axis = Scale(*y)
        self.restart()
        self.set_stacks(self.stacks)

    def restart(self) -> None:
        self._top = 0.0  # the next columns get a new scale

    def set_stacks(self, stacks: Sequence[Stack]) -> None:
        """Show these columns. The scale does not change as long as they fit it well."""
        self.stacks = tuple(stacks)
        self._top = self._grown(self._top)
        self.plot.provide(self.columns, len(self.stacks), lambda: Column(self.theme))
        for k, (column, stack) in enumerate(zip(self.columns, self.stacks, strict=True)):
            column.setStack(stack, k + BESIDE)
        self._mark()
        self.home = (0.0, float(max(len(self.stacks), 1))), (0.0, self._top)
        self.redraw()

    def _mark(self) -> None:
        """Set which parts of the columns are highlighted."""
        for k, column in enumerate(self.columns):
            column.highlight = self._highlight
            column.pointed = self._hovered[1] if self._hovered and self._hovered[0] == k else None

    def set_highlight(self, name: str | None) -> None:
        """Highlight the parts of one name; None highlights none."""
        self._highlight = name
        self._mark()
        self.redraw()

    @property
    def sight(self) -> object:
        """Return the range of the columns: while it is the same, a zoom is kept, also when the sums grow."""
        return self.home[0]

    def table(self) -> Columns:
        """Return a row for each part."""
        lines = [(stack.name, part.name, part.value) for stack in self.stacks for part in stack.parts]
        return [
            (tr("sum"), [line[0] for line in lines]),
            (tr("part"), [line[1] for line in lines]),
            (self.y_axis.name, [line[2] for line in lines]),
        ]

    def thing(self, key: str) -> Thing | None:
        """Return a sum by its number, such as "0", or a part of it: "0.1"."""
        which, _, part = key.partition(".")
        if not which.isdecimal() or int(which) >= len(self.stacks):
            return super().thing(key)
        stack, boxes = self.stacks[int(which)], self.columns[int(which)].boxes(self.axes())
        if not part:
            colours = {one.stroke.colour for one in stack.parts}
            colour = colours.pop() if len(colours) == 1 else ""
            return area(stack.name, colour, *boxes, value=value_text(stack.total))
        if int(part) >= len(stack.parts):
            return None
        one = stack.parts[int(part)]
        return area(one.name, one.stroke.colour, boxes[int(part)], value=value_text(one.value))

    # Places

    def _grown(self, old: float) -> float:
        """Return a round upper end of the axis; the old one, unless it is too small or much too large."""
        highest = max((sum(map(height_of, stack.parts)) for stack in self.stacks), default=0.0)
        top = 1.1 * min(highest, VAST) or 1.0
        step = nice_step(top, 8)
        return old if 0.5 * old <= top <= old else ceil(top / step - 1e-9) * step

    # Drawing

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self.stacks:
            super()._draw_under(painter, axes, live)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self.stacks:
            self._say(painter, axes.outer, self.empty_words)
            return
        places = [column.boxes(axes) for column in self.columns]
        with clipped(painter, self._reach_of_words(axes)):
            self._draw_meeting(painter, axes, places)
            for which, (stack, boxes) in enumerate(zip(self.stacks, places, strict=True)):
                self._draw_names(painter, axes, which, stack, boxes)
        for which, stack in enumerate(self.stacks):
            self._draw_foot(painter, axes, which, stack)

    def _reach_of_words(self, axes: Axes) -> QRectF:
        """Return where texts and lines may be drawn: inside the zoomed range, and over infinite parts."""
        return axes.plane.rect.adjusted(*EDGE).adjusted(0, -self.line_height, self.theme.px(8), 0)

    def _draw_meeting(self, painter: QPainter, axes: Axes, places: list[list[QRectF]]) -> None:
        """Draw a line from each column to the next if their totals are equal."""
        totals = [stack.total for stack in self.stacks]
        painter.setPen(QPen(QColor(self.theme.text), 1.3, Qt.PenStyle.DashLine))
        for k, (one, other) in enumerate(pairwise(totals)):
            if places[k] and places[k + 1] and same(one, other):
                y = float(axes.plane.py(one))
                painter.drawLine(QPointF(places[k][0].left(), y), QPointF(places[k + 1][0].right(), y))

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Describe the part under the mouse."""
        if not live or self._hovered is None or not self._exists(self._hovered):
            return
        (which, k), rect = self._hovered, axes.plane.rect
        stack, box = self.stacks[which], self.columns[which].boxes(axes)[k]
        text = f"{stack.name}: {words(stack.parts[k])}"
        room = QRectF(QPointF(axes.outer.left(), 0.0), QPointF(rect.right(), rect.bottom()))
        corner = QPointF(box.left(), axes.outer.top() - 0.9 * self.line_height)
        put_note(painter, self.theme, corner, text, within=room)

    # The mouse and the keys

    def _exists(self, place: Place) -> bool:
        return place[0] < len(self.stacks) and place[1] < len(self.stacks[place[0]].parts)

    def _point_to(self, found: Any) -> None:
        if found != self._hovered:
            super()._point_to(found)
            self._mark()
            self.redraw()

    def _found_at(self, place: QPointF) -> Place | None:
        """Return the part at a place; a thin one also if the place is just beside it."""
        if not self.stacks:
            return None
        axes = self.axes()
        if not self._reach_of_words(axes).contains(place):
            return None
        for margin in (0.0, 3.0):
            for which, column in enumerate(self.columns):
                for k, box in enumerate(column.boxes(axes)):
                    if box.adjusted(0, -margin, 0, margin).contains(place):
                        return which, k
        return None

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if not any(stack.parts for stack in self.stacks):
            return False
        self._pointer = None  # until the mouse moves again, the keys choose the part that is described
        which, part = self._hovered if self._hovered and self._exists(self._hovered) else (0, -up)
        which = min(max(which + right, 0), len(self.stacks) - 1)
        last = len(self.stacks[which].parts) - 1
        self._point_to((which, min(max(part + up, 0), last)) if last >= 0 else None)
        return True
