"""The places of the knots, the names and the scale of a code tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isfinite, nan

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from gui.look.theme import Theme

SMALLEST = 7  # the least size of letters in pixels
SHARE = 0.62  # the most of the width for the cells beside the tree


@dataclass(frozen=True)
class Knot:
    """A leaf, which has a name, or a group of leaves; the bits from the root to it are its word."""

    word: str
    weight: float  # its probability
    turn: int = 0  # the merge that made it; 0 for a leaf
    name: str = ""
    ideal: float = nan  # the ideal length of a leaf in bits; ∞ or NaN: none
    cells: tuple[str, ...] = ()  # the texts in the line of a leaf
    told: str = ""  # the text shown when it is pointed at


class TreeLayout:
    """The root is at the left, in the middle of its leaves; a bit is a step to the right, a leaf has a
    line.
    """

    def __init__(
        self,
        theme: Theme,
        rect: QRectF,
        knots: Mapping[str, Knot],
        leaves: Sequence[Knot],
        head: Sequence[str],
    ) -> None:
        self.rect, self.leaves, self.head = rect, leaves, head
        ordinary = QFontMetricsF(theme.font(theme.small_px)).height()
        self.line = min(ordinary, rect.height() / (len(leaves) + 2.0))
        self.top, self.foot = rect.top() + self.line, rect.bottom() - self.line
        self.row = (self.foot - self.top) / max(len(leaves), 1)
        scale = min(1.0, self.line / ordinary)
        self.small = max(SMALLEST, int(theme.small_px * scale))
        self.px = max(SMALLEST, min(theme.text_px, int(0.8 * self.row)))
        self._measure(theme)
        deepest = max((len(leaf.word) for leaf in leaves), default=0)
        ideals = [leaf.ideal for leaf in leaves if isfinite(leaf.ideal)]
        self.most = float(max(1, deepest, min(ceil(max(ideals, default=0.0)), deepest + 3)))
        self._root = rect.left() + theme.px(12)
        self.step = max(1.0, (self._cells_from - theme.px(22) - self._root) / self.most)
        self.bit_at = min(0.3 * self.step, theme.px(16))
        every = max(1, ceil(theme.px(26) / self.step))
        self.ticks = [*range(0, int(self.most) + 1, every)]
        self._y = {leaf.word: self.top + (k + 0.5) * self.row for k, leaf in enumerate(leaves)}
        for word in sorted(knots, key=len, reverse=True):
            if word not in self._y:
                self._y[word] = (self._y[word + "0"] + self._y[word + "1"]) / 2

    def _measure(self, theme: Theme) -> None:
        """Choose as many columns of cells as have room beside the tree; the last ones are left out first."""
        metrics, gap = QFontMetricsF(theme.font(self.px, bold=True)), theme.px(14)
        heads = QFontMetricsF(theme.font(self.small))
        wide = [
            max(
                heads.horizontalAdvance(name),
                *(metrics.horizontalAdvance(leaf.cells[k]) for leaf in self.leaves),
            )
            + gap
            for k, name in enumerate(self.head)
        ]
        while len(wide) > 1 and sum(wide) > SHARE * self.rect.width():
            wide.pop()
        self._widths = wide
        self._cells_from = self.rect.right() - sum(wide)

    def x(self, bits: float) -> float:
        """Return the horizontal place of a number of bits."""
        return self._root + bits * self.step

    def at(self, word: str) -> QPointF:
        """Return the place of a knot."""
        return QPointF(self.x(len(word)), self._y[word])

    def _across(self, top: float, high: float) -> list[QRectF]:
        lefts = [self._cells_from + sum(self._widths[:k]) for k in range(len(self._widths))]
        return [QRectF(left, top, wide, high) for left, wide in zip(lefts, self._widths, strict=True)]

    def heads(self) -> list[QRectF]:
        """Return the places of the names of the columns."""
        return self._across(self.rect.top(), self.line)

    def cells(self, leaf: Knot) -> list[QRectF]:
        """Return the places of the cells of a leaf."""
        return self._across(self._y[leaf.word] - self.row / 2, self.row)

    def line_of(self, leaf: Knot) -> QRectF:
        """Return the line of a leaf, from the leaf to the end of its cells."""
        at = self.at(leaf.word)
        return QRectF(
            QPointF(at.x(), at.y() - self.row / 2), QPointF(self.rect.right(), at.y() + self.row / 2)
        )
