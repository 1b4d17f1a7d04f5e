"""A code as a tree: each branch adds a bit, and the bits from the root to a leaf are its code word."""

from collections.abc import Sequence
from math import ceil, isfinite, sqrt

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPen

from gui.look.language import tr
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.described import Columns
from gui.plots.motion import LONGEST
from gui.plots.own.code_tree_layout import Knot, TreeLayout
from gui.plots.painting import CENTRE, LEFT, RIGHT, faded, hairline, put_note, put_text
from gui.plots.panel import Panel
from gui.plots.things import Thing, area, ring
from gui.plots.ticks import value_text

__all__ = ["CodeTreePanel", "Knot"]

LEAST, MORE = 3.0, 7.0  # pixels: the radius of a group of probability 0, and the addition for probability 1
NEAR = 26.0  # pixels from a group within which it is pointed at


class CodeTreePanel(Panel):
    """The groups of Huffman's algorithm after some merges; the two that are merged next are marked.

    The distance of a leaf from the root is the length of its word in bits; a mark shows the ideal length,
    which may have a fraction of a bit. `hovered` carries the word under the mouse, `selected` that of a leaf
    that is clicked or reached by the keys up and down. `merged` carries the wanted number of merges: a click
    on a group asks for the merges that made it, the keys left and right for one less or more.
    """

    selected = Signal(str)
    merged = Signal(int)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.knots: dict[str, Knot] = {}
        self.head: tuple[str, ...] = ()
        self.merges = 0
        self.strokes = Stroke(theme.accent), Stroke(theme.text)
        self.chosen: str | None = None

    def set_tree(
        self, knots: Sequence[Knot], head: Sequence[str], merges: int, own: Stroke, ideal: Stroke
    ) -> None:
        """Show a tree after some merges. `head` names the columns of the leaves' cells; a word identifies a
        knot.

        `own` is the stroke of the groups, `ideal` that of the marks of the ideal lengths.
        """
        self.knots = {knot.word: knot for knot in knots}
        self.head, self.merges, self.strokes = tuple(head), merges, (own, ideal)
        self.update()

    def choose(self, word: str | None) -> None:
        """Mark the path to a knot, or none."""
        if word != self.chosen:
            self.chosen = word
            self.update()

    @property
    def leaves(self) -> list[Knot]:
        """Return the leaves, from the top down."""
        return sorted((knot for knot in self.knots.values() if knot.name), key=lambda knot: knot.word)

    def table(self) -> Columns:
        """Return a row for each outcome, in the order of the words."""
        leaves = self.leaves
        return [
            (tr("outcome"), [leaf.name for leaf in leaves]),
            (tr("probability"), [leaf.weight for leaf in leaves]),
            (tr("code word"), [leaf.word for leaf in leaves]),
            (tr("bits"), [len(leaf.word) for leaf in leaves]),
            (tr("ideal bits"), [leaf.ideal for leaf in leaves]),
        ]

    def description(self) -> str:
        words = "; ".join(f"{leaf.name} {leaf.word}" for leaf in self.leaves)
        return ". ".join(filter(None, (super().description(), words)))

    def _layout(self, rect: QRectF) -> TreeLayout:
        return TreeLayout(self.theme, rect, self.knots, self.leaves, self.head)

    def thing(self, key: str) -> Thing | None:
        """Return a knot by "knot." and its word; or "leaves": all leaves."""
        kind, _, word = key.partition(".")
        if not self.knots or (kind != "leaves" and (kind != "knot" or word not in self.knots)):
            return super().thing(key)
        layout, colour = self._layout(self._content(self.paper())), self.strokes[0].colour
        if kind == "leaves":
            half = min(10.0 * self.theme.scale, 0.5 * layout.row)
            reach = QMarginsF(half, half, half, half)
            spots = (QRectF(layout.at(leaf.word), QSizeF()) + reach for leaf in self.leaves)
            return area(tr("code words"), colour, *spots)
        knot = self.knots[word]
        return ring(knot.name or word, colour, layout.at(word), 9.0, value_text(knot.weight))

    # Drawing

    def _motion_time(self) -> int:
        return LONGEST

    @property
    def _done(self) -> int:
        """Return how many merges are drawn now; in an animation they come one after the other."""
        return ceil(self.share * self.merges)

    def _formed(self, knot: Knot) -> bool:
        return knot.turn <= self._done

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.knots:
            self._say(painter, rect, tr("No data yet"))
            return
        layout = self._layout(rect)
        self._draw_scale(painter, layout)
        way = self._way()
        for leaf in self.leaves:
            self._draw_ideal(painter, layout, leaf)
        for knot in self.knots.values():
            parent = self.knots.get(knot.word[:-1]) if knot.word else None
            if parent is not None and self._formed(parent):
                self._draw_branch(painter, layout, knot, knot.word in way)
        for knot in self.knots.values():
            if self._formed(knot):
                self._draw_knot(painter, layout, knot, knot.word in way)
        self._draw_cells(painter, layout)
        self._draw_legend(painter, rect)
        if live and self._pointer is not None and self._hovered is not None:
            told = self.knots[self._hovered].told
            put_note(painter, self.theme, self._pointer + QPointF(12, 12), told, within=self._notes_room)

    def _way(self) -> set[str]:
        """Return the words on the path from the root to the knot that is pointed at, or else chosen."""
        end = self._hovered if self._hovered is not None else self.chosen if self.marked else None
        return set() if end is None else {end[:k] for k in range(len(end) + 1)}

    def _next(self) -> set[str]:
        """Return the words of the two groups that are merged next."""
        turn = self._done + 1
        return {k.word + bit for k in self.knots.values() if k.turn == turn for bit in "01"}

    def _draw_scale(self, painter: QPainter, layout: TreeLayout) -> None:
        """Draw the scale below the tree: the number of bits from the root."""
        painter.setFont(self.theme.font(layout.small))
        for bits in layout.ticks:
            x = layout.x(bits)
            painter.setPen(hairline(self.theme))
            painter.drawLine(QPointF(x, layout.top), QPointF(x, layout.foot))
            box = QRectF(x - 30, layout.foot, 60, layout.line)
            text = tr("{n} bits", n=bits) if bits == layout.ticks[-1] else str(bits)
            put_text(painter, box, CENTRE, text, self.theme.quiet)

    def _draw_branch(self, painter: QPainter, layout: TreeLayout, knot: Knot, strong: bool) -> None:
        start, end = layout.at(knot.word[:-1]), layout.at(knot.word)
        path = QPainterPath(start)
        path.lineTo(start.x(), end.y())
        path.lineTo(end)
        colour = self.strokes[0].colour if strong else self.theme.quiet
        painter.setPen(QPen(QColor(colour), (2.6 if strong else 1.3) * self.theme.scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setFont(self.theme.font(layout.small, bold=True))
        middle = QPointF(start.x() + layout.bit_at, end.y())
        wide = metrics_of(painter.font()).horizontalAdvance("0")
        patch = QRectF(middle.x() - wide, middle.y() - layout.line / 2, 2 * wide, layout.line)
        painter.fillRect(patch.adjusted(1, 2, -1, -2), QColor(self.theme.plot))
        put_text(painter, patch, CENTRE, knot.word[-1], self.theme.ink(colour) if strong else self.theme.text)

    def _draw_knot(self, painter: QPainter, layout: TreeLayout, knot: Knot, strong: bool) -> None:
        at, colour = layout.at(knot.word), QColor(self.strokes[0].colour)
        radius = min((LEAST + MORE * sqrt(knot.weight)) * self.theme.scale, 0.42 * layout.row)
        due = self.marked and knot.word in self._next()
        if due:
            painter.setPen(QPen(QColor(self.theme.accent), 2 * self.theme.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, radius + 4, radius + 4)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if knot.name or strong else QColor(self.theme.plot))
        painter.drawEllipse(at, radius, radius)
        if knot.name:
            return
        painter.setFont(self.theme.font(layout.small))
        text = weight_text(knot.weight)
        wide = metrics_of(painter.font()).horizontalAdvance(text)
        room = layout.step - layout.bit_at - 0.5 * layout.line - radius - 4  # between the bit and the group
        if knot.word and wide > room:
            return
        left = at.x() - radius - 2 - wide if knot.word else at.x() + radius + 3
        top = at.y() - layout.line - 1 if knot.word else at.y() - layout.line / 2
        ink = self.theme.ink(self.theme.accent) if due else self.theme.text
        put_text(painter, QRectF(left, top, wide, layout.line), LEFT, text, ink)

    def _draw_ideal(self, painter: QPainter, layout: TreeLayout, leaf: Knot) -> None:
        """Draw a mark at the ideal length of a leaf, joined to the leaf by a line."""
        if not isfinite(leaf.ideal):
            return
        at, half = layout.at(leaf.word), min(6.0 * self.theme.scale, 0.24 * layout.row)
        x, y = layout.x(min(leaf.ideal, layout.most)), at.y() + min(9.0 * self.theme.scale, 0.3 * layout.row)
        painter.setPen(QPen(faded(self.strokes[1].colour, 0.8), 1.6 * self.theme.scale, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(at.x(), y), QPointF(x, y))
        painter.setPen(QPen(QColor(self.strokes[1].colour), 2.4 * self.theme.scale))
        painter.drawLine(QPointF(x, y - half), QPointF(x, y + half))

    def _draw_legend(self, painter: QPainter, rect: QRectF) -> None:
        """Explain the marks, on the line of the title."""
        room, text = self.beside_title(rect), "−log₂ p"
        painter.setFont(self.theme.font(self.theme.small_px))
        wide, half = metrics_of(painter.font()).horizontalAdvance(text), 6.0 * self.theme.scale
        if room.width() < wide + 4 * half or not any(isfinite(leaf.ideal) for leaf in self.leaves):
            return
        put_text(painter, room, RIGHT, text, self.theme.quiet)
        x, y = room.right() - wide - 1.5 * half, room.center().y()
        painter.setPen(QPen(QColor(self.strokes[1].colour), 2.4 * self.theme.scale))
        painter.drawLine(QPointF(x, y - half), QPointF(x, y + half))

    def _draw_cells(self, painter: QPainter, layout: TreeLayout) -> None:
        """Write name, probability, word and other cells of each outcome, in its line."""
        painter.setFont(self.theme.font(layout.small))
        for k, rect in enumerate(layout.heads()):
            put_text(painter, rect, LEFT if k == 0 else RIGHT, self.head[k], self.theme.quiet)
        for leaf in self.leaves:
            strong = leaf.word in self._way()
            painter.setFont(self.theme.font(layout.px, bold=strong))
            for k, rect in enumerate(layout.cells(leaf)):
                put_text(painter, rect, LEFT if k == 0 else RIGHT, leaf.cells[k], self.theme.text)

    # The mouse and the keys

    def _found_at(self, place: QPointF) -> str | None:
        if not self.knots:
            return None
        layout, reach = self._layout(self.content), NEAR * self.theme.scale
        gaps = {
            word: (layout.at(word) - place).manhattanLength()
            for word, knot in self.knots.items()
            if self._formed(knot)
        }
        near = min(gaps, key=gaps.__getitem__)
        if gaps[near] <= reach:
            return near
        return next((leaf.word for leaf in self.leaves if layout.line_of(leaf).contains(place)), None)

    def _click(self, place: QPointF) -> None:
        found = self._found_at(place)
        if found is not None and self.knots[found].name:
            self.selected.emit(found)
        elif found is not None:
            self.merged.emit(self.knots[found].turn)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Right and left: one merge more or less. Up and down: the next leaf."""
        if right:
            self.merged.emit(min(max(self.merges + right, 0), max(len(self.leaves) - 1, 0)))
        elif self.leaves:
            words = [leaf.word for leaf in self.leaves]
            now = words.index(self.chosen) if self.chosen in words else -1 if up < 0 else len(words)
            self.selected.emit(words[min(max(now - up, 0), len(words) - 1)])
        return True


def weight_text(weight: float) -> str:
    """Return a probability without zeros at its end."""
    text = value_text(weight)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text
