"""A row of large numbers, each with its name and its unit, readable from the last row of a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QSizePolicy

from gui.look.language import tr
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.described import Columns
from gui.plots.lines import pen
from gui.plots.painting import CENTRE, hairline, put_text
from gui.plots.panel import Panel
from gui.plots.things import Thing, area
from gui.plots.ticks import value_text

LARGE, SMALL = 24, 12  # the wanted and the least size of the numbers
USUAL = 6  # characters of most numbers, with the point
LOWER = 0.98  # with less than this fraction of the needed height, the numbers are smaller (on paper)
NARROW = 66  # if cells would be narrower than this, there are more rows


@dataclass(frozen=True)
class LargeNumber:
    """One number. `before` is its value in a pinned run, or ""."""

    name: str
    value: float
    unit: str
    stroke: Stroke
    before: str = ""


class LargeNumbersPanel(Panel):
    """Cells side by side in one row, or in more rows if they would be too narrow."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.numbers: tuple[LargeNumber, ...] = ()
        self._sizes: dict[tuple[int, int], int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(theme.px(160), theme.px(40))

    def title_lines(self, rect: QRectF, live: bool) -> list[str]:
        """Return no lines: each number has its name."""
        return [""]

    def description(self) -> str:
        return "; ".join(f"{one.name} {value_text(one.value)} {one.unit}" for one in self.numbers)

    def set_numbers(self, numbers: Sequence[LargeNumber]) -> None:
        """Show these numbers."""
        before = len(self.numbers), self._lines
        self.numbers = tuple(numbers)
        self.setAccessibleDescription(self.description())
        if (len(self.numbers), self._lines) != before:
            self._take_height()
        self.update()

    def table(self) -> Columns:
        """Return name, number and unit."""
        return [
            (tr("name"), [one.name for one in self.numbers]),
            (tr("value"), [one.value for one in self.numbers]),
            (tr("unit"), [one.unit for one in self.numbers]),
        ]

    # Where things are

    def _rows(self, width: float) -> int:
        fit = max(1, int(width / self.theme.px(NARROW)))
        return max(1, ceil(len(self.numbers) / fit))

    @property
    def _lines(self) -> int:
        """Return the number of lines of small text in a cell: name and unit, and the value before."""
        return 3 if any(one.before for one in self.numbers) else 2

    def _cell_height(self) -> float:
        return self._lines * self.line_height + 1.2 * self.theme.px(LARGE) + self.theme.px(4)

    def _take_height(self) -> None:
        """Take the height that the rows need; in a small window the user may make it lower."""
        wanted = round(self.height_on_paper(self.width()))
        if wanted != self.height():
            self.setFixedHeight(wanted)

    def height_on_paper(self, width: float) -> float:
        return self._rows(width) * self._cell_height() + self.theme.px(10)

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(480), self.height())

    def _resized(self) -> None:
        self._take_height()

    # Drawing

    def _content(self, rect: QRectF) -> QRectF:
        edge = self.theme.px(5)
        return rect.adjusted(edge, edge, -edge, -edge)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self.numbers:
            return
        small = rect.height() / (self._rows(rect.width()) * self._cell_height())
        if small < LOWER:
            painter.scale(small, small)
            rect = QRectF(rect.topLeft() / small, rect.size() / small)
        for one, cell in zip(self.numbers, self._cells(rect), strict=True):
            if cell.left() > rect.left():
                painter.setPen(hairline(self.theme))
                painter.drawLine(cell.topLeft() + QPointF(0, 4), cell.bottomLeft() - QPointF(0, 4))
            self._draw_cell(painter, cell.adjusted(self.theme.px(4), 0, -self.theme.px(4), 0), one)

    def _cells(self, rect: QRectF) -> list[QRectF]:
        """Return the rectangle of each number."""
        rows = self._rows(rect.width())
        columns = ceil(len(self.numbers) / rows)
        wide, high = rect.width() / columns, rect.height() / rows
        places = (divmod(k, columns) for k in range(len(self.numbers)))
        return [
            QRectF(rect.left() + column * wide, rect.top() + row * high, wide, high) for row, column in places
        ]

    def thing(self, key: str) -> Thing | None:
        """Return a number by its index."""
        if not key.isdecimal() or int(key) >= len(self.numbers):
            return super().thing(key)
        one, cell = self.numbers[int(key)], self._cells(self._content(self.paper()))[int(key)]
        return area(one.name, one.stroke.colour, cell.adjusted(2, 0, -2, 0), value=value_text(one.value))

    def _size(self, wide: float, text: str) -> int:
        """Return one size for all numbers of the usual length, so that it does not change often."""
        key = round(wide), max(USUAL, len(text))
        if key not in self._sizes:
            metrics = QFontMetricsF(self.theme.font(self.theme.px(LARGE), bold=True))
            share = min(1.0, wide / metrics.horizontalAdvance("0" * key[1]))
            self._sizes[key] = max(self.theme.px(SMALL), int(share * self.theme.px(LARGE)))
        return self._sizes[key]

    def _draw_cell(self, painter: QPainter, cell: QRectF, one: LargeNumber) -> None:
        line, middle = self.line_height, cell.center().y() - (self._lines - 2) * self.line_height / 2
        text, usual = value_text(one.value), self._size(cell.width(), "")
        over = QRectF(cell.left(), middle - 0.6 * usual - line - 2, cell.width(), line)
        self._draw_name(painter, over, one)
        painter.setFont(self.theme.font(self._size(cell.width(), text), bold=True))
        painter.setPen(QColor(self.theme.ink(one.stroke.colour)))
        number = QRectF(cell.left(), middle - 0.6 * usual, cell.width(), 1.2 * usual)
        painter.drawText(number, CENTRE | Qt.TextFlag.TextDontClip, text)
        painter.setFont(self.theme.font(self.theme.small_px))
        below = QRectF(cell.left(), middle + 0.6 * usual + 1, cell.width(), line)
        put_text(painter, below, CENTRE, one.unit, self.theme.quiet)
        put_text(painter, below.translated(0, line), CENTRE, one.before)

    def _draw_name(self, painter: QPainter, top: QRectF, one: LargeNumber) -> None:
        """Write the name after a piece of its stroke; without room for both, only the name."""
        gap = self.theme.px(4)
        share = min(1.0, max(0.7, top.width() / max(self.metrics.horizontalAdvance(one.name), 1.0)))
        painter.setFont(self.theme.font(int(share * self.theme.text_px)))
        wide = metrics_of(painter.font()).horizontalAdvance(one.name)
        swatch = min(float(self.theme.px(14)), top.width() - wide - gap)
        painter.setPen(pen(one.stroke, 2.4 * self.theme.scale))
        if swatch > self.theme.px(5):
            left, y = top.center().x() - (wide + swatch + gap) / 2, top.center().y()
            painter.drawLine(QPointF(left, y), QPointF(left + swatch, y))
            top = QRectF(left + swatch + gap, top.top(), wide + 2, top.height())
        put_text(painter, top, CENTRE, one.name, self.theme.text)
