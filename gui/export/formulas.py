"""Formulas under the plots of a figure: each with its title and its numbers, in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.look.formula import Order, Typeset, typeset_or_none
from gui.look.formula_label import ORDINARY, SMALLEST
from gui.look.theme import Theme
from gui.plots.painting import LEFT, put_text, saved, wrapped
from gui.screen.notes import Live
from gui.screen.terms import meanings, standing_in
from gui.screen.view import View

COLUMN, GAP = 290.0, 20.0  # pixels at the ordinary size of text: the narrowest column, and between two
APART = 14.0  # pixels between two formulas


@dataclass(frozen=True)
class Written:
    """A formula that is written under the plots; `colours` are those of its terms."""

    live: Live
    colours: tuple[tuple[str, str], ...] = ()


def formulas_of(view: View) -> tuple[Written, ...]:
    """Return the formulas of a view, with the colours of their terms."""
    at = view.at
    lives = view.formulas(at) if at is not None and at.last >= 0 else None
    if not lives:
        return ()
    known = meanings(view.terms(at), at.config, at.options, view.theme, [live.latex for live in lives])
    found = ((live, standing_in(live.latex, known)) for live in lives)
    return tuple(
        Written(live, tuple((one.shown.latex, one.shown.colour) for one in these)) for live, these in found
    )


@dataclass(frozen=True)
class FormulaSheet:
    """Formulas laid out in columns for a width."""

    formulas: Sequence[Written]
    theme: Theme
    width: float

    @property
    def height(self) -> float:
        """The height of all of them together; 0 if there are none."""
        return max((place.bottom() for _, place in self._placed()), default=0.0)

    def paint(self, painter: QPainter, corner: QPointF) -> None:
        """Paint them, with the upper left corner at `corner`."""
        for one, place in self._placed():
            self._paint(painter, one, place.translated(corner))

    @property
    def _column(self) -> tuple[int, float]:
        """Return how many columns there are, and how wide each is."""
        least, gap = self.theme.px(COLUMN), self.theme.px(GAP)
        count = max(1, min(int((self.width + gap) / (least + gap)), len(self.formulas)))
        return count, (self.width - gap * (count - 1)) / count

    def _placed(self) -> list[tuple[Written, QRectF]]:
        """Return each formula with its place: column after column, all of about the same height."""
        count, wide = self._column
        heights = [self._height(one, wide) + self.theme.px(APART) for one in self.formulas]
        share, column, top, done = sum(heights) / count, 0, 0.0, 0.0
        found = []
        for one, high in zip(self.formulas, heights, strict=True):
            if top and done + high / 2 > (column + 1) * share:
                column, top = column + 1, 0.0
            left = column * (wide + self.theme.px(GAP))
            found.append((one, QRectF(left, top, wide, high - self.theme.px(APART))))
            top, done = top + high, done + high
        return found

    def _typeset(self, one: Written, width: float) -> Typeset | None:
        order = Order(one.live.latex, self.theme.px(ORDINARY), self.theme.text, one.colours, width // 8 * 8)
        return typeset_or_none(order)

    def _scale(self, found: Typeset, width: float) -> float:
        return max(min(1.0, width / found.width), SMALLEST / ORDINARY)

    def _numbers(self, one: Written, width: float) -> list[str]:
        metrics = QFontMetricsF(self.theme.font())
        return [
            part for line in one.live.numbers.split("\n") if line for part in wrapped(line, metrics, width)
        ]

    @property
    def _line(self) -> float:
        return 1.4 * self.theme.text_px

    def _height(self, one: Written, width: float) -> float:
        found = self._typeset(one, width)
        formula = found.height * self._scale(found, width) + self.theme.px(4) if found is not None else 0.0
        return self._line * (bool(one.live.title) + len(self._numbers(one, width))) + formula

    def _paint(self, painter: QPainter, one: Written, place: QRectF) -> None:
        top, found = place.top(), self._typeset(one, place.width())
        with saved(painter):
            painter.setFont(self.theme.font())
            if one.live.title:
                painter.setPen(QColor(self.theme.quiet))
                put_text(painter, QRectF(place.left(), top, place.width(), self._line), LEFT, one.live.title)
                top += self._line
            if found is not None:
                scale = self._scale(found, place.width())
                found.paint(painter, QPointF(place.left(), top), scale)
                top += found.height * scale + self.theme.px(4)
            painter.setPen(QColor(self.theme.text))
            for line in self._numbers(one, place.width()):
                put_text(painter, QRectF(place.left(), top, place.width(), self._line), LEFT, line)
                top += self._line
