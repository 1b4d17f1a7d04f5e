"""The texts of stacked columns: of the parts, inside them or beside, and under each column."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes, lay_out
from gui.plots.labels import pushed_apart
from gui.plots.painting import CENTRE, LEFT, faded, put_text, unbroken, wrapped
from gui.plots.scale import Scale
from gui.plots.stack import WAYS, Stack, Way, words
from gui.plots.stack_column import Column
from gui.plots.ticks import Ticks, value_text
from gui.plots.zoom import ZoomPanel

WIDE = 0.42  # the fraction of its room that a column takes if its texts stand beside it
WIDEST = 190.0  # the greatest width of a column in pixels
READABLE = 12  # pixels: the smallest letters
BESIDE = 0.06  # the fraction of its room that is free at the left of a column


class StackWords(ZoomPanel):
    """A panel of columns that are wide enough for the texts inside them, or leave room for texts beside."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.stacks: tuple[Stack, ...] = ()
        self.columns: list[Column] = []
        self._feet: tuple[int, list[list[str]]] = theme.text_px, []  # pixels of letters, lines of each column

    def _lay_out(self, rect: QRectF, live: bool = True) -> Axes:
        self._feet = self._broken_feet(rect)
        rows = max((len(lines) for lines in self._feet[1]), default=1)
        space = rect.adjusted(0, self.line_height, 0, (1 - rows) * self.line_height)
        axes = lay_out(space, self.theme, Scale(), self.y_axis, self.ranges, numbers=self.room_kept(live))
        axes = replace(axes, x_ticks=Ticks((), ()))
        for column in self.columns:
            column.wide = self._wide(axes)
        return axes

    def _room(self, axes: Axes) -> float:
        return axes.plane.rect.width() / max(len(self.stacks), 1)

    def _inside(self, axes: Axes) -> bool:
        """Whether every part has room for its text inside it; a gap has an arrow there."""
        unit = axes.plane.rect.height() / (axes.plane.y[1] - axes.plane.y[0])
        parts = [part for stack in self.stacks for part in stack.parts]
        if any(part.gap for part in parts):
            return False
        tall = all(isfinite(part.value) and abs(part.value) * unit >= self.line_height for part in parts)
        return tall and self._longest(words) <= min(0.86 * self._room(axes), self.theme.px(WIDEST))

    def _longest(self, way: Way, stacks: Sequence[Stack] | None = None) -> float:
        """Return the width of the longest text of these columns, or of all, with margins."""
        parts = [part for stack in (self.stacks if stacks is None else stacks) for part in stack.parts]
        widest = max((self.metrics.horizontalAdvance(way(part)) for part in parts), default=0.0)
        return widest + self.theme.px(12)

    def _wide(self, axes: Axes) -> float:
        """Return the width of the columns: enough for the texts inside, or what texts beside them leave."""
        room, usual = self._room(axes), min(WIDE * self._room(axes), self.theme.px(WIDEST))
        if self._inside(axes):
            return max(usual, self._longest(words))
        beside = self._longest(words) + self.theme.px(14)
        return min(usual, max(0.94 * room - beside, 0.2 * room))

    # Drawing

    def _draw_names(
        self, painter: QPainter, axes: Axes, which: int, stack: Stack, boxes: list[QRectF]
    ) -> None:
        """Write name and value of each part: inside the boxes if all fit, else beside the column."""
        if self._inside(axes):
            for part, box in zip(stack.parts, boxes, strict=True):
                put_text(painter, box, CENTRE, words(part), self.theme.text)
        elif boxes:
            self._draw_beside(painter, axes, which, stack, boxes)

    def _draw_beside(
        self, painter: QPainter, axes: Axes, which: int, stack: Stack, boxes: list[QRectF]
    ) -> None:
        """Write texts to the right of the column, moved apart if boxes are thin."""
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
        """Return the largest parts, as many as have room for their texts; and how many are left out."""
        fit, count = max(1, int(rect.height() / self.line_height)), len(stack.parts)
        if count <= fit:
            return list(range(count)), 0
        kept = max(fit - 1, 1)
        return sorted(range(count), key=lambda k: -abs(stack.parts[k].value))[:kept], count - kept

    def _put(self, painter: QPainter, spot: QRectF, text: str) -> None:
        """Write a text on a patch of background, so that no line crosses it."""
        wide = min(self.metrics.horizontalAdvance(text), spot.width())
        painter.fillRect(spot.adjusted(-1, 1, wide - spot.width() + 1, -1), faded(self.theme.plot, 0.86))
        put_text(painter, spot, LEFT, text, self.theme.text)

    def _broken_feet(self, rect: QRectF) -> tuple[int, list[list[str]]]:
        """Return the lines under each column: name and total in one, or in two, or the name in two itself.

        They have the largest letters, the same for all, in which nothing is cut.
        """
        room = 0.94 * (rect.width() - self.theme.px(60)) / max(len(self.stacks), 1)
        feet = [foot_of(stack) for stack in self.stacks]
        if all(self.metrics.horizontalAdvance(" ".join(foot)) <= room for foot in feet):
            return self.theme.text_px, [[" ".join(foot)] for foot in feet]
        for px in range(self.theme.text_px, READABLE - 1, -1):
            metrics = self.theme.metrics(px)
            lines = [[*wrapped(name, metrics, room), total] for name, total in feet]
            parts = [part for name, total in feet for part in (*unbroken(name), total)]
            if all(len(one) <= 3 for one in lines) and max(map(metrics.horizontalAdvance, parts)) <= room:
                return px, lines
        return self.theme.text_px, [list(foot) for foot in feet]

    def _draw_foot(self, painter: QPainter, axes: Axes, which: int, stack: Stack) -> None:
        """Write the name of a column under it, and its total."""
        plane, room, (px, feet) = axes.plane.rect, self._room(axes), self._feet
        left, top = plane.left() + (which + BESIDE) * room, plane.bottom() + self.theme.px(4)
        line = QRectF(left, top, 0.94 * room, self.line_height)
        painter.setFont(self.theme.font(px))
        for text in feet[which]:
            put_text(painter, line, LEFT, text, self.theme.text)
            line.translate(0, self.line_height)
        painter.setFont(self.theme.font())


def foot_of(stack: Stack) -> tuple[str, str]:
    """Return the texts under a column: its name and its total."""
    return stack.name, f"= {value_text(stack.total)}"
