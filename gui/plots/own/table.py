"""A table as a plot, so that it can be exported like other plots: names with their strokes, and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QLinearGradient, QPainter, QWheelEvent

from gui.look.language import tr
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.described import Columns
from gui.plots.lines import pen
from gui.plots.notches import Notches
from gui.plots.painting import LEFT, RIGHT, clipped, faded, hairline, put_text
from gui.plots.panel import Panel
from gui.plots.things import Thing, area

SIZES = (1.0, 0.92, 0.85)  # possible sizes of the text; the largest with which everything fits is taken


@dataclass(frozen=True)
class TableRow:
    """One line of a table: a name, how it is drawn in the plots, and its cells as text.

    `values` are exported instead of the cells: numbers with all digits, words, None for nothing.
    """

    name: str
    stroke: Stroke | None  # None if it is not drawn in any plot
    cells: tuple[str, ...]
    values: tuple[object, ...] = ()
    area: tuple[str, str] | None = None  # the first and last colour, if it is an area in the plots
    short: str = ""  # a shorter name, if the name has no room


class TablePanel(Panel):
    """Lines under a head. One can be chosen, with the mouse or the arrow keys.

    A `note` explains short heads: below the lines if there is room, and as a tooltip. In a `wordy` table,
    cells are shortened before columns are left out.
    """

    selected = Signal(int)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.head: tuple[str, ...] = ()
        self.lines: tuple[TableRow, ...] = ()
        self.chosen = -1
        self.note = ""
        self.wordy = False
        self._top = 0  # the first visible line, if there are too many
        self._wheel = Notches()
        self._scrolled = False  # whether the user has turned the wheel since a line was chosen

    def set_lines(self, head: Sequence[str], lines: Sequence[TableRow], chosen: int = -1) -> None:
        """Show a table: `head` names the cells."""
        moved = chosen != self.chosen
        self.head, self.lines, self.chosen = tuple(head), tuple(lines), chosen
        if moved:
            self._scrolled = False
            self._reveal(chosen)
        self.update()

    def explain(self, note: str) -> None:
        """Set the note that explains short heads."""
        self.note = note
        self.setToolTip(note)
        self.update()

    def description(self) -> str:
        return ". ".join(filter(None, (super().description(), self.note)))

    def table(self) -> Columns:
        """Return the numbers of the table, or its words if it has no numbers."""
        columns: Columns = [(tr("name"), [line.name for line in self.lines])]
        for index, name in enumerate(self.head):
            cells = [(line.values or line.cells)[index] for line in self.lines]
            columns.append((name, [cell.strip() if isinstance(cell, str) else cell for cell in cells]))
        return columns

    def thing(self, key: str) -> Thing | None:
        """Return a column of cells by its number, such as "column.0", or a line: "line.2"."""
        kind, _, number = key.partition(".")
        spots = {"column": self._columns, "line": self._rows}
        spot = spots[kind]().get(int(number)) if kind in spots else None
        if spot is None:
            return super().thing(key)
        if kind == "column":
            return area(self.head[int(number)], "", spot)
        line = self.lines[int(number)]
        return area(line.name, line.stroke.colour if line.stroke is not None else "", spot)

    def _columns(self) -> dict[int, QRectF]:
        """Return the rectangle of the cells of each visible column."""
        room, step = self._content(self.paper()), self._step()
        _, names, widths = self._fitted(room.width(), 1.0)
        high = step * (1 + min(self._fit(room.height()), len(self.lines)))
        lefts = (room.left() + names + sum(widths[:k]) for k in range(len(widths)))
        places = zip(lefts, widths, strict=True)
        return {k: QRectF(left, room.top(), wide, high) for k, (left, wide) in enumerate(places) if self.head}

    def _rows(self) -> dict[int, QRectF]:
        """Return the rectangles of the visible lines."""
        room, step = self._content(self.paper()), self._step()
        fit = self._fit(room.height())
        first = self._first(fit)
        shown = range(first, min(first + fit, len(self.lines)))
        top = room.top() + step
        return {k: QRectF(room.left(), top + (k - first) * step, room.width(), step) for k in shown}

    def height_on_paper(self, width: float) -> float:
        rows = len(self.lines) + 1 + bool(self.note)
        return self.title_height + rows * self._step() + 2 * self.theme.px(8)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), round((len(self.lines) + 3) * self._step()))

    def _step(self) -> float:
        return self.line_height + self.theme.px(4)

    def _fit(self, height: float) -> int:
        """Return how many lines have room."""
        return max(1, int(height / self._step()) - 1)

    def _first(self, fit: int) -> int:
        """Return the first visible line, if `fit` lines have room."""
        return min(self._top, max(0, len(self.lines) - fit))

    def _reveal(self, row: int) -> None:
        """Scroll until a line is visible."""
        fit = self._fit(self.content.height())
        self._top = max(0, min(max(self._first(fit), row - fit + 1), row))

    def _resized(self) -> None:
        """Keep the chosen line visible in another height, unless the user has scrolled away from it."""
        if self.chosen >= 0 and not self._scrolled:
            self._reveal(self.chosen)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        fit, step = self._fit(rect.height()), self._step()
        if not live:  # nobody can scroll in a picture
            fit, step = len(self.lines), min(step, rect.height() / (len(self.lines) + 1 + bool(self.note)))
        first = self._first(fit)
        lines = self.lines[first : first + fit]
        font, names, widths = self._fitted(rect.width(), step / self._step())
        painter.setFont(font)
        if len(widths) == len(self.head):
            self._draw_note(painter, rect.adjusted(0, (len(lines) + 1) * step, 0, 0), step)
        rect = QRectF(rect.left(), rect.top(), names + sum(widths), rect.height())
        with clipped(painter, rect):
            top = QRectF(rect.left(), rect.top(), rect.width(), step)
            self._draw_cells(painter, top, self.head, widths, self.theme.quiet)
            painter.setPen(hairline(self.theme))
            painter.drawLine(top.bottomLeft(), top.bottomRight())
            for row, line in enumerate(lines):
                whole = top.translated(0, (row + 1) * step)
                if self.marked and first + row == self.chosen:
                    painter.fillRect(whole, faded(self.theme.accent, 0.12))
                self._draw_name(painter, QRectF(whole.topLeft(), QSizeF(names, step)), line)
                self._draw_cells(painter, whole, line.cells, widths, self.theme.text)
        if len(lines) < len(self.lines):
            self._draw_thumb(painter, rect.adjusted(0, step, 0, 0), first, fit)

    def _draw_note(self, painter: QPainter, below: QRectF, step: float) -> None:
        """Write the note, if there is room below the lines."""
        left = below.left() + self.theme.px(4)
        line = QRectF(left, below.top(), below.right() - left, step)
        wide = metrics_of(painter.font()).horizontalAdvance(self.note)
        if self.note and below.height() + 1 >= step and wide <= line.width():
            put_text(painter, line, LEFT, self.note, self.theme.quiet)

    def _fitted(self, room: float, size: float) -> tuple[QFont, float, list[float]]:
        """Set the text to `size` (relative to ordinary text) or less; return its font, the widths of names
        and columns.

        A number is never cut, because its power of ten is at its end; the last columns are left out instead.
        The columns of a wordy table share the room.
        """
        font, names, widths = self.theme.font(), 0.0, [0.0]
        ordinary = size * self.theme.text_px
        least = max(1, min(self.theme.small_px, int(ordinary)))  # in low lines too
        for share, short in (*((share, False) for share in SIZES), *((share, True) for share in SIZES)):
            font = self.theme.font(max(least, round(share * ordinary)))
            metrics = QFontMetricsF(font)
            widths = [self._width(metrics, index) for index in range(len(self.head))]
            names = self._names(metrics, short)
            if names + sum(widths) <= room:
                more = min((room - names - sum(widths)) / (len(widths) + 1), self.theme.px(48))
                return font, names + more, [width + more for width in widths]
        if self.wordy:
            share = (room - names) / sum(widths)
            return font, names, [width * share for width in widths]
        while len(widths) > 1 and sum(widths) + self.theme.px(100) > room:
            widths.pop()
        return font, room - sum(widths), widths

    def _names(self, metrics: QFontMetricsF, short: bool = False) -> float:
        names = (line.short or line.name if short else line.name for line in self.lines)
        longest = max(map(metrics.horizontalAdvance, names), default=0.0)
        return longest + self.theme.px(14) + self._swatch

    @property
    def narrowest(self) -> float:
        """The width at which no column is left out, in pixels at the ordinary size of text."""
        metrics = QFontMetricsF(self.theme.font(self.theme.small_px))
        cells = sum(self._width(metrics, index) for index in range(len(self.head)))
        return (self._names(metrics) + cells) / self.theme.scale + 20

    def _width(self, metrics: QFontMetricsF, index: int) -> float:
        texts = [self.head[index], *(line.cells[index] for line in self.lines)]
        return max(metrics.horizontalAdvance(text) for text in texts) + self.theme.px(8)

    def _draw_thumb(self, painter: QPainter, rect: QRectF, first: int, fit: int) -> None:
        """Draw at the right edge which part of the lines is visible."""
        part = rect.height() / len(self.lines)
        thumb = QRectF(rect.right(), rect.top() + first * part, self.theme.px(3), fit * part)
        painter.fillRect(thumb, faded(self.theme.quiet, 0.5))

    @property
    def _swatch(self) -> int:
        """Return the length of the strokes before the names; 0 if there are none."""
        return self.theme.px(22) if any(line.stroke or line.area for line in self.lines) else 0

    def _draw_name(self, painter: QPainter, rect: QRectF, line: TableRow) -> None:
        middle, swatch = rect.center().y(), self._swatch
        if line.area is not None:
            self._draw_area(painter, QPointF(rect.left() + self.theme.px(4), middle), *line.area)
        elif line.stroke is not None:
            painter.setPen(pen(line.stroke, 2.4 * self.theme.scale))
            left = rect.left() + self.theme.px(4)
            painter.drawLine(QPointF(left, middle), QPointF(left + swatch, middle))
        name = rect.adjusted(swatch + self.theme.px(10), 0, -self.theme.px(2), 0)
        fits = metrics_of(painter.font()).horizontalAdvance(line.name) <= name.width()
        put_text(painter, name, LEFT, line.name if fits else line.short or line.name, self.theme.text)

    def _draw_area(self, painter: QPainter, left: QPointF, first: str, last: str) -> None:
        """Draw a piece of an area, with all its colours."""
        high = self.theme.px(10)
        shades = QLinearGradient(left, left + QPointF(self._swatch, 0))
        shades.setColorAt(0.0, QColor(first))
        shades.setColorAt(1.0, QColor(last))
        painter.fillRect(QRectF(left.x(), left.y() - high / 2, self._swatch, high), shades)

    def _draw_cells(
        self, painter: QPainter, line: QRectF, cells: Sequence[str], widths: Sequence[float], colour: str
    ) -> None:
        left, metrics = line.right() - self.theme.px(4) - sum(widths), metrics_of(painter.font())
        for cell, width in zip(cells, widths, strict=False):
            if self.wordy:
                cell = metrics.elidedText(cell, Qt.TextElideMode.ElideRight, width - self.theme.px(7))
            put_text(painter, QRectF(left, line.top(), width, line.height()), RIGHT, cell, colour)
            left += width

    # Choosing

    def _row_at(self, y: float) -> int:
        content = self.content
        fit = self._fit(content.height())
        first = self._first(fit)
        row = int((y - content.top()) / self._step()) - 1
        return first + row if 0 <= row < fit and first + row < len(self.lines) else -1

    def _click(self, place: QPointF) -> None:
        if (row := self._row_at(place.y())) >= 0:
            self.selected.emit(row)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if up and self.lines:
            row = min(max(self.chosen - up, 0), len(self.lines) - 1)
            self._reveal(row)
            self.selected.emit(row)
        return bool(up and self.lines)

    def wheelEvent(self, event: QWheelEvent) -> None:
        fit = self._fit(self.content.height())
        self._top = max(0, self._first(fit) - self._wheel.turned(event))
        self._scrolled = True
        self.update()
