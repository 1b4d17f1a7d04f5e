"""A heat map of numbers of any size: written with a few digits, coloured by their logarithms where asked."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.axes import Axes
from gui.plots.cells import Cell
from gui.plots.described import Columns
from gui.plots.heatmap import HeatmapPanel
from gui.plots.marks import star
from gui.plots.painting import LEFT, outline, put_text, saved
from gui.plots.scale import FloatArray

DIGITS = 3
STAR = 6.0  # pixels: the radius of a star, in a cell with room for it


class NumberMap(HeatmapPanel):
    """Cells with numbers, which may be many decades apart. A cell without one is empty.

    The best cell has a star, the chosen one a frame; a legend above says so.
    """

    _logarithmic = False
    best: Cell | None = None

    def set_numbers(
        self, values: FloatArray, rows: Sequence[str], columns: Sequence[str], *, log: bool = False
    ) -> None:
        """Show values (rows, columns) with their labels; with `log` the colours follow log₁₀ of them."""
        self._logarithmic = log
        if log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        known = values[np.isfinite(values)]
        self.set_matrix(values, rows, columns, limit=float(known.max()) if known.size else None)

    def mark_best(self, cell: Cell | None) -> None:
        """Mark a cell as the best one, or none."""
        self.best = cell
        self.redraw()

    def table(self) -> Columns:
        """The labels of the rows, then the numbers, column by column."""
        head, *rest = super().table()
        return [head, *((name, self._number(np.asarray(column, float))) for name, column in rest)]

    def _number(self, values: FloatArray) -> FloatArray:
        return np.power(10.0, values) if self._logarithmic else values

    def _told(self, cell: Cell) -> str:
        words = super()._told(cell)
        return f"{words} · {tr('best')}" if cell == self.best else words

    # The marks, and what they mean

    def _grid(self, rect: QRectF) -> QRectF:
        return super()._grid(rect.adjusted(0, self._key_height(), 0, 0))

    def _key_height(self) -> float:
        return self.line_height + self.theme.px(4) if self.best is not None else 0.0

    def _draw_marks(self, painter: QPainter, grid: QRectF) -> None:
        rows, columns = self._values.shape
        if self.best is None or not (self.best[0] < rows and self.best[1] < columns):
            return
        cell = self._cell(grid, *self.best)
        radius = min(self.theme.px(STAR), 0.2 * min(cell.width(), cell.height()))
        place = QPointF(cell.right() - 1.3 * radius - 1, cell.top() + 1.3 * radius)
        with saved(painter):
            star(painter, place, radius)

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_hands(painter, axes, live)
        if self.best is None:
            return
        line, x = self.line_height, axes.outer.left()
        middle, radius = axes.outer.top() + line / 2, self.theme.px(STAR)
        with saved(painter):
            star(painter, QPointF(x + radius, middle), radius)
            x = self._say_beside(painter, x + 2 * radius, middle, tr("best"))
            if self.selection is not None and self.marked:
                outline(painter, self.theme.accent, 3)
                painter.drawRect(QRectF(x, middle - radius + 1, 2 * radius, 2 * radius - 2))
                self._say_beside(painter, x + 2 * radius, middle, tr("on the screen"))

    def _say_beside(self, painter: QPainter, x: float, middle: float, words: str) -> float:
        """Write what a sign means; returns where the next one can stand."""
        left, width = x + self.theme.px(5), self.metrics.horizontalAdvance(words)
        room = QRectF(left, middle - self.line_height / 2, width + 2, self.line_height)
        put_text(painter, room, LEFT, words, self.theme.text)
        return left + width + self.theme.px(16)

    def _ways(self, values: list[float]) -> list[list[str]]:
        return [[self._text(value, digits) for value in values] for digits in (DIGITS, DIGITS - 1)]

    def _written(self, value: float) -> str:
        return self._text(value, DIGITS)

    def _text(self, value: float, digits: int) -> str:
        """Return the number of a cell with a few digits; nothing where there is none."""
        number = float(self._number(np.array(value)))
        if np.isnan(number):
            return ""
        return tr("diverged") if np.isinf(number) else short_text(number, digits)
