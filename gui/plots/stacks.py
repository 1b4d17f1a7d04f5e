"""Stacked columns on a common scale: sums whose parts one can see, and totals that meet."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, isfinite
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes, lay_out
from gui.plots.described import Columns
from gui.plots.labels import pushed_apart
from gui.plots.painting import CENTRE, LEFT, clipped, faded, put_note, put_text
from gui.plots.part import EDGE
from gui.plots.plot import HousePlot
from gui.plots.scale import VAST, Scale
from gui.plots.stack import WAYS, Stack, SumPart, Way, height_of, same, words
from gui.plots.stack_column import Column
from gui.plots.things import Thing, area
from gui.plots.ticks import Ticks, nice_step, value_text
from gui.plots.zoom import ZoomPanel

__all__ = ["Stack", "StacksPanel", "SumPart"]

WIDE = 0.42  # of the room of a column, that the column itself takes, with words beside it
WIDEST = 190.0  # pixels
BESIDE = 0.06  # of the room of a column, that is free at its left
Place = tuple[int, int]  # stack, part


class StacksPanel(ZoomPanel):
    """Columns side by side; a line joins totals that are equal. An infinite part reaches out of the plot.

    `columns` has a BarGraphItem for each. One can look closer along the axis of the sums. The part under
    the mouse is told (`hovered`: stack and part); the arrow keys go from part to part.
    """

    named_x = True

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.stacks: tuple[Stack, ...] = ()
        self.columns: list[Column] = []
        self._top = 1.0  # of the axis
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
        self._top = 0.0  # the next columns have a scale of their own

    def set_stacks(self, stacks: Sequence[Stack]) -> None:
        """Show these columns. The scale keeps still as long as they fit it well."""
        self.stacks = tuple(stacks)
        self._top = self._grown(self._top)
        self.plot.provide(self.columns, len(self.stacks), lambda: Column(self.theme))
        for k, (column, stack) in enumerate(zip(self.columns, self.stacks, strict=True)):
            column.setStack(stack, k + BESIDE)
        self._mark()
        self.home = (0.0, float(max(len(self.stacks), 1))), (0.0, self._top)
        self.redraw()

    def _mark(self) -> None:
        """Tell the columns which of their parts stand out."""
        for k, column in enumerate(self.columns):
            column.highlight = self._highlight
            column.pointed = self._hovered[1] if self._hovered and self._hovered[0] == k else None

    def set_highlight(self, name: str | None) -> None:
        """Make the parts of one name stand out."""
        self._highlight = name
        self._mark()
        self.redraw()

    @property
    def sight(self) -> object:
        """The columns: they grow, and a closer look stays."""
        return self.home[0]

    def table(self) -> Columns:
        """A line for each part."""
        lines = [(stack.name, part.name, part.value) for stack in self.stacks for part in stack.parts]
        return [
            (tr("sum"), [line[0] for line in lines]),
            (tr("part"), [line[1] for line in lines]),
            (self.y_axis.name, [line[2] for line in lines]),
        ]

    def thing(self, key: str) -> Thing | None:
        """A sum by its number, such as "0", or a part of it: "0.1"."""
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

    # Where things are

    def _grown(self, old: float) -> float:
        """A round number over all columns with some room; the old one while it is not much too large."""
        highest = max((sum(map(height_of, stack.parts)) for stack in self.stacks), default=0.0)
        top = 1.1 * min(highest, VAST) or 1.0
        step = nice_step(top, 8)
        return old if 0.5 * old <= top <= old else ceil(top / step - 1e-9) * step

    def _lay_out(self, rect: QRectF, live: bool = True) -> Axes:
        rows = self._foot_rows(rect)
        space = rect.adjusted(0, self.line_height, 0, (1 - rows) * self.line_height)
        axes = lay_out(space, self.theme, Scale(), self.y_axis, self.ranges)
        axes = replace(axes, x_ticks=Ticks((), ()))
        for column in self.columns:
            column.wide = self._wide(axes)
        return axes

    def _room(self, axes: Axes) -> float:
        return axes.plane.rect.width() / max(len(self.stacks), 1)

    def _inside(self, axes: Axes) -> bool:
        """Whether every part has room for its words inside it."""
        unit = axes.plane.rect.height() / (axes.plane.y[1] - axes.plane.y[0])
        parts = [part for stack in self.stacks for part in stack.parts]
        tall = all(isfinite(part.value) and abs(part.value) * unit >= self.line_height for part in parts)
        return tall and self._longest(words) <= min(0.86 * self._room(axes), self.theme.px(WIDEST))

    def _longest(self, way: Way, stacks: Sequence[Stack] | None = None) -> float:
        """The width of the longest words of these columns, or of all, with some room at their sides."""
        parts = [part for stack in (self.stacks if stacks is None else stacks) for part in stack.parts]
        widest = max((self.metrics.horizontalAdvance(way(part)) for part in parts), default=0.0)
        return widest + self.theme.px(12)

    def _wide(self, axes: Axes) -> float:
        """Width of the columns: room for the words inside them, or what words beside them leave."""
        room, usual = self._room(axes), min(WIDE * self._room(axes), self.theme.px(WIDEST))
        if self._inside(axes):
            return max(usual, self._longest(words))
        beside = self._longest(words) + self.theme.px(14)
        return min(usual, max(0.94 * room - beside, 0.2 * room))

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
        """Where words and lines may be: what lies out of a closer look is cut off, endless parts are not."""
        return axes.plane.rect.adjusted(*EDGE).adjusted(0, -self.line_height, self.theme.px(8), 0)

    def _draw_meeting(self, painter: QPainter, axes: Axes, places: list[list[QRectF]]) -> None:
        """A line from each column to the next where their totals are equal."""
        totals = [stack.total for stack in self.stacks]
        painter.setPen(QPen(QColor(self.theme.text), 1.3, Qt.PenStyle.DashLine))
        for k, (one, other) in enumerate(pairwise(totals)):
            if places[k] and places[k + 1] and same(one, other):
                y = float(axes.plane.py(one))
                painter.drawLine(QPointF(places[k][0].left(), y), QPointF(places[k + 1][0].right(), y))

    # Words

    def _draw_names(
        self, painter: QPainter, axes: Axes, which: int, stack: Stack, boxes: list[QRectF]
    ) -> None:
        """Name and value of each part: inside the boxes where all fit, else beside the column."""
        if self._inside(axes):
            for part, box in zip(stack.parts, boxes, strict=True):
                put_text(painter, box, CENTRE, words(part), self.theme.text)
        elif boxes:
            self._draw_beside(painter, axes, which, stack, boxes)

    def _draw_beside(
        self, painter: QPainter, axes: Axes, which: int, stack: Stack, boxes: list[QRectF]
    ) -> None:
        """Words to the right of the column, pushed apart where boxes are thin."""
        rect, line = axes.plane.rect, self.line_height
        left = boxes[0].right() + self.theme.px(14)
        wide = rect.left() + (which + 1) * self._room(axes) - left
        way = next((way for way in WAYS if self._longest(way, (stack,)) - self.theme.px(12) <= wide), None)
        if way is None:
            return
        shown, more = self._shown(stack, rect)
        shown.sort(key=lambda k: -boxes[k].center().y())
        wanted = [min(max(boxes[k].center().y(), rect.top()), rect.bottom()) for k in shown]
        places = pushed_apart(
            wanted, line, rect.top() + line / 2, rect.bottom() - line * (1.5 if more else 0.5)
        )
        for k, y, end in zip(shown, places, wanted, strict=True):
            painter.setPen(QPen(faded(stack.parts[k].stroke.colour, 0.8), 1))
            painter.drawLine(QPointF(boxes[k].right(), end), QPointF(left - self.theme.px(3), y))
            self._put(painter, QRectF(left, y - line / 2, wide, line), way(stack.parts[k]))
        if more:
            text = tr("+ {n} smaller", n=more)
            text = text if self.metrics.horizontalAdvance(text) <= wide else f"+ {more}"
            self._put(painter, QRectF(left, rect.bottom() - line, wide, line), text)

    def _shown(self, stack: Stack, rect: QRectF) -> tuple[list[int], int]:
        """The parts whose words find room one above the other: the largest; and how many are left out."""
        fit, count = max(1, int(rect.height() / self.line_height)), len(stack.parts)
        if count <= fit:
            return list(range(count)), 0
        kept = max(fit - 1, 1)
        return sorted(range(count), key=lambda k: -abs(stack.parts[k].value))[:kept], count - kept

    def _put(self, painter: QPainter, spot: QRectF, text: str) -> None:
        """A word on a patch of background, so that no line runs through it."""
        wide = min(self.metrics.horizontalAdvance(text), spot.width())
        painter.fillRect(spot.adjusted(-1, 1, wide - spot.width() + 1, -1), faded(self.theme.plot, 0.86))
        put_text(painter, spot, LEFT, text, self.theme.text)

    def _foot_rows(self, rect: QRectF) -> int:
        """Lines under the columns: one, or two where name and total do not fit into one beside the axis."""
        room = 0.94 * (rect.width() - self.theme.px(60)) / max(len(self.stacks), 1)
        feet = (" ".join(foot_of(stack)) for stack in self.stacks)
        return 1 + any(self.metrics.horizontalAdvance(foot) > room for foot in feet)

    def _draw_foot(self, painter: QPainter, axes: Axes, which: int, stack: Stack) -> None:
        """The name of the column under it, and its total."""
        plane, room, foot = axes.plane.rect, self._room(axes), foot_of(stack)
        left, top = plane.left() + (which + BESIDE) * room, plane.bottom() + self.theme.px(4)
        line = QRectF(left, top, 0.94 * room, self.line_height)
        for text in foot if self._foot_rows(axes.outer) == 2 else (" ".join(foot),):
            put_text(painter, line, LEFT, text, self.theme.text)
            line.translate(0, self.line_height)

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Tell the part under the mouse."""
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
        """The part there; a thin one is caught from beside it."""
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
        self._pointer = None  # until the mouse moves again, the keys say which part is told
        which, part = self._hovered if self._hovered and self._exists(self._hovered) else (0, -up)
        which = min(max(which + right, 0), len(self.stacks) - 1)
        last = len(self.stacks[which].parts) - 1
        self._point_to((which, min(max(part + up, 0), last)) if last >= 0 else None)
        return True


def foot_of(stack: Stack) -> tuple[str, str]:
    """What stands under a column: its name and its total."""
    return stack.name, f"= {value_text(stack.total)}"
