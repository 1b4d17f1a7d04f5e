"""A shrinking interval: each column is an enlarged part of the one before, divided in the same way."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from gui.look.language import tr
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.described import Columns
from gui.plots.motion import LONGEST, part
from gui.plots.painting import CENTRE, RIGHT, faded, hairline, put_text
from gui.plots.panel import Panel
from gui.plots.things import Thing, area

FAN = 0.45  # the fraction of a column and its gap that the gap takes
NARROW = 46  # if a column with its gap had fewer pixels, the first columns are left out


@dataclass(frozen=True)
class Shrunk:
    """One interval: the texts of its ends, and which of its parts is the next interval."""

    low: str
    high: str
    chosen: int | None = None  # the part; None in the last column
    span: tuple[float, float] = (0.0, 1.0)  # the ends as numbers


class ShrinkingPanel(Panel):
    """Columns divided into the same parts. `moved` carries by how many columns a click or a key goes on.

    The last column has a bracket beside it: the numbers of a code word, as fractions of the interval.
    """

    moved = Signal(int)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.names: tuple[str, ...] = ()
        self.shares: tuple[float, ...] = ()
        self.stages: tuple[Shrunk, ...] = ()
        self.bracket: tuple[float, float, str] | None = None
        self.strokes: tuple[Stroke, Stroke] = (Stroke(theme.accent), Stroke(theme.text))
        self.note = ""

    def set_stages(
        self,
        names: Sequence[str],
        shares: Sequence[float],
        stages: Sequence[Shrunk],
        strokes: tuple[Stroke, Stroke],
        bracket: tuple[float, float, str] | None = None,
    ) -> None:
        """Show intervals, each divided in these shares, from the bottom up.

        `strokes` are those of the parts and of the bracket. The bracket has two ends, fractions of the last
        interval, and a word.
        """
        self.names, self.shares, self.stages = tuple(names), tuple(shares), tuple(stages)
        self.strokes, self.bracket = strokes, bracket
        self.update()

    def table(self) -> Columns:
        """Return a row for each interval."""
        last = len(self.stages) - 1
        return [
            (tr("from"), [stage.span[0] for stage in self.stages]),
            (tr("to"), [stage.span[1] for stage in self.stages]),
            (tr("next outcome"), ["" if k == last else self._name(k) for k in range(len(self.stages))]),
        ]

    def _name(self, k: int) -> str:
        chosen = self.stages[k].chosen
        return "" if chosen is None else self.names[chosen]

    def thing(self, key: str) -> Thing | None:
        """ "word": the bracket; "interval": the last column."""
        if not self.stages or key not in ("word", "interval"):
            return super().thing(key)
        rect = self._content(self.paper())
        column = self._columns(rect)[-1]
        if key == "interval":
            return area(tr("the interval"), self.strokes[0].colour, column)
        if self.bracket is None:
            return None
        low, high, _ = self.bracket
        top, foot = self._y(column, high), self._y(column, low)
        spot = QRectF(column.right() + 2, top, 10, max(foot - top, 2.0))
        return area(tr("the word"), self.strokes[1].colour, spot)

    # Where things are

    def _shown(self, rect: QRectF) -> int:
        """Return how many of the last columns have room."""
        return max(1, min(len(self.stages), int(rect.width() / self.theme.px(NARROW)) - 1))

    def _columns(self, rect: QRectF) -> list[QRectF]:
        count, line = self._shown(rect), self.line_height
        word = self.theme.px(64)  # for the bracket
        each = (rect.width() - word) / count
        top, high = rect.top() + 1.2 * line, rect.height() - 2.4 * line
        wide = (1 - FAN) * each
        return [QRectF(rect.left() + k * each, top, wide, high) for k in range(count)]

    @staticmethod
    def _y(column: QRectF, fraction: float) -> float:
        return column.bottom() - fraction * column.height()

    def _part(self, column: QRectF, k: int) -> QRectF:
        below = sum(self.shares[:k])
        top = self._y(column, below + self.shares[k])
        return QRectF(column.left(), top, column.width(), self._y(column, below) - top)

    # Drawing

    def _motion_time(self) -> int:
        return LONGEST

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.stages:
            self._say(painter, rect, tr("No data yet"))
            return
        columns = self._columns(rect)
        stages = self.stages[-len(columns) :]
        for k, (column, stage) in enumerate(zip(columns, stages, strict=True)):
            if part(self.share, k, len(columns)) or not k:
                after = columns[k + 1] if k + 1 < len(columns) else None
                self._draw_stage(painter, column, stage, after)
        if self.bracket is not None and self.share == 1.0:
            self._draw_bracket(painter, columns[-1], *self.bracket)

    def _draw_stage(self, painter: QPainter, column: QRectF, stage: Shrunk, after: QRectF | None) -> None:
        colour, theme = self.strokes[0].colour, self.theme
        if stage.chosen is not None and after is not None:
            piece = self._part(column, stage.chosen)
            fan = [piece.topRight(), after.topLeft(), after.bottomLeft(), piece.bottomRight()]
            painter.setPen(QPen(faded(colour, 0.5), 1))
            painter.setBrush(faded(colour, 0.1))
            painter.drawPolygon(QPolygonF(fan))
        painter.setFont(theme.font(theme.small_px))
        line = metrics_of(painter.font()).height()
        for k, name in enumerate(self.names):
            piece = self._part(column, k)
            chosen = k == stage.chosen
            painter.setPen(QPen(QColor(colour if chosen else theme.hairline), 1))
            painter.setBrush(faded(colour, 0.45) if chosen else QColor(theme.plot))
            painter.drawRect(piece)
            if piece.height() >= 0.8 * line:
                put_text(painter, piece, CENTRE, name, theme.text if chosen else theme.quiet)
        self._draw_ends(painter, column, stage, line)

    def _draw_ends(self, painter: QPainter, column: QRectF, stage: Shrunk, line: float) -> None:
        """Write the ends of an interval above and below its column."""
        wide = column.width() / (1 - FAN)
        for text, top in ((stage.high, column.top() - line - 1), (stage.low, column.bottom() + 1)):
            room = QRectF(column.center().x() - wide / 2 + 1, top, wide - 2, line)
            room.moveLeft(max(room.left(), self._content(self.paper()).left()))
            put_text(painter, room, CENTRE, text, self.theme.quiet)

    def _draw_bracket(self, painter: QPainter, column: QRectF, low: float, high: float, word: str) -> None:
        """Draw the bracket beside the last column: where the numbers are that begin with the word."""
        ink, px = self.theme.ink(self.strokes[1].colour), self.theme.px
        top, foot, x = self._y(column, high), self._y(column, low), column.right() + px(5)
        painter.setPen(QPen(QColor(ink), 2 * self.theme.scale))
        ends = [QPointF(x - px(3), top), QPointF(x, top), QPointF(x, foot), QPointF(x - px(3), foot)]
        painter.drawPolyline(ends)
        painter.setFont(self.theme.font(self.theme.small_px, bold=True))
        line = metrics_of(painter.font()).height()
        right = self._content(self.paper()).right()
        room = QRectF(x + px(4), (top + foot - line) / 2, right - x - px(4), line)
        put_text(painter, room, RIGHT if room.width() < px(30) else CENTRE, word, ink)
        painter.setPen(hairline(self.theme))

    # The mouse and the keys

    def _click(self, place: QPointF) -> None:
        """Go back to the column that is clicked."""
        columns = self._columns(self.content) if self.stages else []
        found = next((k for k, column in enumerate(columns) if column.contains(place)), None)
        if found is not None and found + 1 < len(columns):
            self.moved.emit(found + 1 - len(columns))

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Right and left: one outcome more or less."""
        if right:
            self.moved.emit(right)
        return bool(right)
