"""A table as a plot, so that it is exported with the others: names with their strokes, and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.plots.lines import pen
from gui.plots.panel import LEFT, RIGHT, Columns, Panel, clipped, faded, hairline, put_text
from gui.theme import Stroke, Theme


@dataclass(frozen=True)
class Line:
    """One line of a table: a name, how it is drawn in the plots, and its cells as text."""

    name: str
    stroke: Stroke
    cells: tuple[str, ...]


class TablePanel(Panel):
    """Lines under a head. One can be chosen, with the mouse or the arrow keys."""

    selected = Signal(int)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.head: tuple[str, ...] = ()
        self.lines: tuple[Line, ...] = ()
        self.chosen = -1
        self._top = 0  # the first line on show, when there are too many
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_lines(self, head: Sequence[str], lines: Sequence[Line], chosen: int = -1) -> None:
        """Show a table: `head` names the cells."""
        self.head, self.lines, self.chosen = tuple(head), tuple(lines), chosen
        self.update()

    def table(self) -> Columns:
        """The table as it is read."""
        columns: Columns = [("", [line.name for line in self.lines])]
        for index, name in enumerate(self.head):
            columns.append((name, [line.cells[index].strip() for line in self.lines]))
        return columns

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), round((len(self.lines) + 3) * self._step()))

    def _step(self) -> float:
        return self.line_height + self.theme.px(4)

    def _fit(self, height: float) -> int:
        """How many lines there is room for."""
        return max(1, int(height / self._step()) - 1)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        step, metrics = self._step(), QFontMetricsF(painter.font())
        fit = self._fit(rect.height())
        first = min(self._top, max(0, len(self.lines) - fit)) if live else 0
        widths = [self._width(metrics, index) for index in range(len(self.head))]
        gap = self.theme.px(10)
        needed = sum(widths) + gap * len(widths)
        squeeze = min(1.0, (rect.width() - self.theme.px(84)) / max(needed, 1))
        lines = self.lines[first : first + fit] if live else self.lines
        with clipped(painter, rect):
            self._draw_cells(painter, rect.top(), rect, self.head, widths, squeeze, self.theme.quiet)
            painter.setPen(hairline(self.theme))
            under = rect.top() + step
            painter.drawLine(QPointF(rect.left(), under), QPointF(rect.right(), under))
            for row, line in enumerate(lines):
                y = rect.top() + (row + 1) * step
                if first + row == self.chosen:
                    whole = QRectF(rect.left(), y, rect.width(), step)
                    painter.fillRect(whole, faded(self.theme.accent, 0.12))
                self._draw_name(painter, QRectF(rect.left(), y, rect.width() - needed * squeeze, step), line)
                self._draw_cells(painter, y, rect, line.cells, widths, squeeze, self.theme.text)

    def _width(self, metrics: QFontMetricsF, index: int) -> float:
        texts = [self.head[index], *(line.cells[index] for line in self.lines)]
        return max(metrics.horizontalAdvance(text) for text in texts)

    def _draw_name(self, painter: QPainter, rect: QRectF, line: Line) -> None:
        middle, swatch = rect.center().y(), self.theme.px(26)
        painter.setPen(pen(line.stroke, 2.4 * self.theme.scale))
        left = rect.left() + self.theme.px(4)
        painter.drawLine(QPointF(left, middle), QPointF(left + swatch, middle))
        painter.setPen(QColor(self.theme.text))
        put_text(painter, rect.adjusted(swatch + self.theme.px(12), 0, -self.theme.px(4), 0), LEFT, line.name)

    def _draw_cells(
        self, painter: QPainter, y: float, rect: QRectF, cells: Sequence[str], widths: Sequence[float],
        squeeze: float, colour: str,
    ) -> None:  # fmt: skip
        painter.setPen(QColor(colour))
        right, gap = rect.right() - self.theme.px(4), self.theme.px(10)
        for cell, width in zip(reversed(cells), reversed(widths), strict=True):
            room = width * squeeze
            put_text(painter, QRectF(right - room, y, room, self._step()), RIGHT, cell)
            right -= room + gap * squeeze

    # Choosing

    def _row_at(self, y: float) -> int:
        content = self._content(QRectF(self.rect()))
        fit = self._fit(content.height())
        first = min(self._top, max(0, len(self.lines) - fit))
        row = int((y - content.top()) / self._step()) - 1
        return first + row if 0 <= row < fit and first + row < len(self.lines) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.selected.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None or not self.lines:
            super().keyPressEvent(event)
            return
        row = min(max(self.chosen + by, 0), len(self.lines) - 1)
        fit = self._fit(self._content(QRectF(self.rect())).height())
        self._top = min(max(self._top, row - fit + 1), row)
        self.selected.emit(row)
