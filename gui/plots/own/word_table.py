"""A table of words: cells that are broken into lines, with present numbers below the words."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QWheelEvent

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.notches import Notches
from gui.plots.painting import LEFT, clipped, faded, hairline, put_text, unbroken, wrapped
from gui.plots.panel import Panel
from gui.plots.things import Thing, area

SIZES = (1.0, 0.92, 0.85)  # possible sizes of the text; the largest with which all rows fit is taken
GAP = 12  # pixels between two columns
LEAST = 4  # columns, that of the names too, that are never left out for the sake of the rows
NARROW = 104  # the least width of a column, in pixels at the ordinary size; the last ones are left out


@dataclass(frozen=True)
class WordCell:
    """One cell: a fixed text, and a text with the present numbers."""

    words: str
    live: str = ""


@dataclass(frozen=True)
class WordRow:
    """One row of the table."""

    name: str
    cells: tuple[WordCell, ...]


class WordTablePanel(Panel):
    """Rows under a head. One is chosen, with the mouse or the keys up and down: `selected` tells which.

    The columns have shares of the width, the names one too; one whose words would be broken gets more from
    those that have more than their words need. What does not fit below is scrolled to; in a lecture, where
    nobody scrolls, the last columns are left out as long as that lets more rows be seen.
    """

    selected = Signal(int)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.head: tuple[str, ...] = ()
        self.rows: tuple[WordRow, ...] = ()
        self.shares: tuple[float, ...] = ()
        self.chosen = -1
        self._top = 0  # the first visible row, if there are too many
        self._wheel = Notches()
        self._broken: dict[tuple[str, int, int, bool], list[str]] = {}  # words as they are broken into lines

    def set_rows(
        self, head: Sequence[str], rows: Sequence[WordRow], shares: Sequence[float], chosen: int = -1
    ) -> None:
        """Show a table. `head` names all columns, including that of the names; `shares` are their
        relative widths.
        """
        moved = chosen != self.chosen
        self.head, self.rows, self.shares = tuple(head), tuple(rows), tuple(shares)
        self.chosen = chosen
        if moved:
            self._reveal(chosen)
        self.update()

    def table(self) -> Columns:
        """Return the words and the numbers of every column."""
        columns: Columns = [(self.head[0] if self.head else tr("name"), [row.name for row in self.rows])]
        for k, name in enumerate(self.head[1:]):
            columns.append((name, [row.cells[k].words for row in self.rows]))
            columns.append((tr("{column}, here", column=name), [row.cells[k].live for row in self.rows]))
        return columns

    def description(self) -> str:
        row = self.rows[self.chosen] if 0 <= self.chosen < len(self.rows) else None
        told = "" if row is None else ", ".join((row.name, *(cell.words for cell in row.cells)))
        return ". ".join(filter(None, (super().description(), told)))

    def thing(self, key: str) -> Thing | None:
        """Return a cell of the chosen row by its number: "cell.2"."""
        kind, _, number = key.partition(".")
        rows = self._rows(self._content(self.paper()))
        if kind != "cell" or self.chosen not in rows:
            return super().thing(key)
        row = rows[self.chosen]
        spots = self._across(row)
        if int(number) + 1 >= len(spots):
            return area(self.rows[self.chosen].name, "", row)
        return area(self.rows[self.chosen].name, "", spots[int(number) + 1])

    # Where things are

    def _columns(self, rect: QRectF) -> int:
        """How many columns there are: in a lecture as many as let all rows be seen, but some in any case."""
        count = len(self.shares)
        if not (self.theme.presenting and self.live):
            return count
        room, px = rect.height() + 1 - self._head_height, round(SIZES[-1] * self.theme.text_px)
        fitting = (n for n in range(count, LEAST - 1, -1) if sum(self._heights(rect.width(), px, n)) <= room)
        return next(fitting, count)

    def _widths(self, room: float, count: int, px: int) -> list[float]:
        """Of so many columns at most, as many as have room: by their shares, or by what some have left."""
        if 0 < count < len(self.shares):
            needed = [GAP + self._needed(k, px) for k in range(count)]
            left = (room - sum(needed)) / count
            if left >= 0:
                return [wide + left for wide in needed]
        shares = list(self.shares[:count])
        while len(shares) > 2 and room * shares[-1] / sum(shares) < self.theme.px(NARROW):
            shares.pop()
        if not shares:
            return []
        wanted = [room * share / sum(shares) for share in shares]
        least = [GAP + self._longest(k, px) for k in range(len(shares))]
        spare = [max(0.0, wide - need) for wide, need in zip(wanted, least, strict=True)]
        missing = sum(max(0.0, need - wide) for wide, need in zip(wanted, least, strict=True))
        if missing > sum(spare):  # some words are broken in any case: those of the names last
            names = max(wanted[0], min(least[0], room / 2))
            return [names, *((room - names) * share / sum(shares[1:]) for share in shares[1:])]
        given = missing / sum(spare) if missing else 0.0
        return [max(wide, need) - given * more for wide, need, more in zip(wanted, least, spare, strict=True)]

    def _needed(self, column: int, px: int) -> float:
        """The width in which nothing of a column is broken."""
        wide = QFontMetricsF(self.theme.font(px, bold=not column)).horizontalAdvance
        texts = [(row.name,) if not column else astuple(row.cells[column - 1]) for row in self.rows]
        return 1 + max((wide(text) for both in texts for text in both), default=0.0)

    def _longest(self, column: int, px: int) -> float:
        """The width of the longest word of a column, which is not broken if there is room."""
        texts = [(row.name,) if not column else astuple(row.cells[column - 1]) for row in self.rows]
        parts = {part for both in texts for text in both for part in unbroken(text)}
        return 1 + max(map(self.theme.metrics(px, bold=not column).horizontalAdvance, parts), default=0.0)

    def _across(self, row: QRectF) -> list[QRectF]:
        left, spots = row.left(), []
        for wide in self._widths(row.width(), self._columns(self.content), self._size(self.content)):
            spots.append(QRectF(left + 4, row.top(), wide - GAP, row.height()))
            left += wide
        return spots

    def _lines(self, words: str, wide: float, px: int, bold: bool = False) -> list[str]:
        key = words, int(wide), px, bold
        if key not in self._broken:
            if len(self._broken) > 2000:
                self._broken.clear()
            self._broken[key] = wrapped(words, QFontMetricsF(self.theme.font(px, bold)), wide)
        return self._broken[key]

    def _heights(self, wide: float, px: int, count: int) -> list[float]:
        """How high each row is, in letters of a size, with so many columns at most."""
        line, gap = QFontMetricsF(self.theme.font(px)).height(), self.theme.px(4)
        widths = [each - GAP for each in self._widths(wide, count, px)]
        found = []
        for row in self.rows:
            texts = [row.name, *(cell.words for cell in row.cells)]
            lives = ["", *(cell.live for cell in row.cells)]
            counts = [
                len(self._lines(text, each, px, not k)) + (len(self._lines(live, each, px)) if live else 0)
                for k, (text, live, each) in enumerate(zip(texts, lives, widths, strict=False))
            ]
            found.append(max(counts) * line + gap)
        return found

    def _size(self, rect: QRectF) -> int:
        """Return the size of the letters: the largest with which every row has room, or the smallest."""
        count = self._columns(rect)
        for share in SIZES:
            px = round(share * self.theme.text_px)
            if sum(self._heights(rect.width(), px, count)) + self._head_height <= rect.height():
                break
        return px

    @property
    def _head_height(self) -> float:
        return self.line_height + self.theme.px(6)

    def _rows(self, rect: QRectF) -> dict[int, QRectF]:
        """Return the rectangles of the visible rows."""
        if not self.rows:
            return {}
        heights = self._heights(rect.width(), self._size(rect), self._columns(rect))
        top, found = rect.top() + self._head_height, dict[int, QRectF]()
        fits = sum(heights) + self._head_height <= rect.height() + 1
        for k in range(0 if fits or not self.live else self._top, len(self.rows)):
            if top + heights[k] > rect.bottom() + 1 and found:
                break
            found[k] = QRectF(rect.left(), top, rect.width(), heights[k])
            top += heights[k]
        return found

    def height_on_paper(self, width: float) -> float:
        edge = 2 * self.theme.px(8)
        heights = self._heights(width - edge, self.theme.text_px, len(self.shares))
        return self.title_height + self._head_height + sum(heights) + edge

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(480), self.theme.px(200))

    def _reveal(self, row: int) -> None:
        """Scroll until a row is visible."""
        self._top = min(self._top, max(row, 0))
        while row not in self._rows(self.content) and self._top < row:
            self._top += 1

    # Drawing

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.rows:
            self._say(painter, rect, tr("No data yet"))
            return
        px, head = self._size(rect), QRectF(rect.left(), rect.top(), rect.width(), self._head_height)
        painter.setFont(self.theme.font(self.theme.small_px))
        for spot, name in zip(self._across(head), self.head, strict=False):
            put_text(painter, spot, LEFT, name, self.theme.quiet)
        painter.setPen(hairline(self.theme))
        painter.drawLine(head.bottomLeft(), head.bottomRight())
        shown = self._rows(rect)
        with clipped(painter, rect):
            for k, spot in shown.items():
                self._draw_row(painter, spot, k, px)
        if len(shown) < len(self.rows):
            self._draw_thumb(painter, rect.adjusted(0, head.height(), 0, 0), shown)

    def _draw_row(self, painter: QPainter, spot: QRectF, k: int, px: int) -> None:
        row, chosen = self.rows[k], k == self.chosen
        if chosen and self.marked:
            painter.fillRect(spot, faded(self.theme.accent, 0.12))
        painter.setPen(hairline(self.theme))
        painter.drawLine(spot.bottomLeft(), spot.bottomRight())
        entries = (WordCell(row.name), *row.cells)
        line = QFontMetricsF(self.theme.font(px)).height()
        for column, (place, entry) in enumerate(zip(self._across(spot), entries, strict=False)):
            at = QPointF(place.left(), place.top() + self.theme.px(2))
            painter.setFont(self.theme.font(px, bold=column == 0))
            ink = self.theme.ink(self.theme.accent)
            lines = self._lines(entry.words, place.width(), px, column == 0)
            told = [(text, self.theme.text) for text in lines]
            if entry.live:
                told += [(text, ink) for text in self._lines(entry.live, place.width(), px)]
            for text, colour in told:
                put_text(painter, QRectF(at.x(), at.y(), place.width(), line), LEFT, text, colour)
                at += QPointF(0, line)

    def _draw_thumb(self, painter: QPainter, rect: QRectF, shown: dict[int, QRectF]) -> None:
        """Draw at the right edge which of the rows are visible."""
        part = rect.height() / len(self.rows)
        thumb = QRectF(rect.right(), rect.top() + min(shown) * part, self.theme.px(3), len(shown) * part)
        painter.fillRect(thumb, faded(self.theme.quiet, 0.5))

    # Choosing

    def _click(self, place: QPointF) -> None:
        found = next((k for k, row in self._rows(self.content).items() if row.contains(place)), None)
        if found is not None:
            self.selected.emit(found)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if up and self.rows:
            self.selected.emit(min(max(self.chosen - up, 0), len(self.rows) - 1))
        return bool(up and self.rows)

    def wheelEvent(self, event: QWheelEvent) -> None:
        hidden = len(self.rows) - len(self._rows(self.content))
        self._top = min(
            max(0, self._top - self._wheel.turned(event)), max(hidden, self._top if hidden else 0)
        )
        self.update()
