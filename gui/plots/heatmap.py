"""A matrix as coloured cells with their values: confusion matrices, Jacobians, gates over time."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import FloatArray
from gui.plots.colours import FieldScale, bar_width, crisp, draw_bar, image, ink_on, shades, table
from gui.plots.panel import CENTRE, RIGHT, Columns, Panel, put_note, put_text, saved
from gui.plots.ticks import texts, value_text
from gui.theme import Theme

Cell = tuple[int, int]
MANY = 4000  # cells beyond which they are drawn as one picture
TINY = 8.0  # pixels of a cell up to which it has neither a gap nor a value


class HeatmapPanel(Panel):
    """Cells that can be pointed at and chosen, with the mouse or the arrow keys."""

    hovered = Signal(object)  # (row, column), or None
    selected = Signal(int, int)

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.square = True  # cells as high as wide, where that is possible
        self.scale_bar = True  # whether the colours are explained beside the cells
        self.numbers = True  # whether the values are written into the cells that have room for them
        self._values: FloatArray = np.zeros((0, 0))
        self._names: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._captions = ("", "")
        self._scale = FieldScale(0.0, 1.0)
        self._colours = table("viridis")
        self._whole = False
        self._printed = False  # whether the values stand in the cells
        self._hovered: Cell | None = None
        self._selected: Cell | None = None
        self.setMouseTracking(True)

    def set_captions(self, rows: str, columns: str) -> None:
        """Name what the rows and the columns are."""
        self._captions = (rows, columns)
        self.update()

    def set_matrix(
        self, values: FloatArray, rows: Sequence[str] = (), columns: Sequence[str] = (), *,
        signed: bool = False, limit: float | None = None,
    ) -> None:  # fmt: skip
        """Show `values` (rows, columns) with their labels.

        Amounts run from 0 in viridis; `signed` values in a diverging map centred on 0. `limit` fixes
        the largest absolute value of the colours. Whole numbers are printed as such.
        """
        self._values = np.asarray(values, float)
        self._names = (tuple(rows), tuple(columns))
        known = self._values[np.isfinite(self._values)]
        largest = limit or float(np.abs(known).max(initial=0.0)) or 1.0
        self._whole = bool(
            (known == np.rint(known)).all() and np.issubdtype(np.asarray(values).dtype, np.integer)
        )
        self._scale = FieldScale(-largest if signed else min(0.0, float(known.min(initial=0.0))), largest)
        self._colours = table("diverging", self.theme.panel) if signed else table("viridis")
        self.update()

    def select(self, cell: Cell | None) -> None:
        """Frame a cell, or none."""
        self._selected = cell
        self.update()

    @property
    def selection(self) -> Cell | None:
        """The cell that is framed."""
        return self._selected

    def table(self) -> Columns:
        """One column for each column of the matrix, after the labels of the rows."""
        rows, columns = self._values.shape
        first = [self._label(0, i) for i in range(rows)]
        return [(self._captions[0] or tr("row"), first),
                *((self._label(1, j), self._values[:, j]) for j in range(columns))]  # fmt: skip

    def _label(self, which: int, k: int) -> str:
        names = self._names[which]
        return names[k] if k < len(names) else str(k + 1)

    # Drawing

    def _grid(self, rect: QRectF) -> QRectF:
        """Where the cells are: square ones when there is room to be."""
        metrics = QFontMetricsF(self.theme.font())
        line = metrics.height()
        widest = max((metrics.horizontalAdvance(name) for name in self._names[0]), default=0.0)
        left = min(widest, 0.35 * rect.width()) + self.theme.px(8) + (line + 4 if self._captions[0] else 0)
        bottom = (line + self.theme.px(4) if self._names[1] else 0) + (line + 2 if self._captions[1] else 0)
        right = bar_width(self.theme, self._scale, rect.height()) if self.scale_bar else 2.0
        space = rect.adjusted(left, 2, -right, -bottom - 2)
        rows, columns = self._values.shape
        side = min(space.width() / max(columns, 1), space.height() / max(rows, 1))
        if not self.square or max(rows, columns) > 4 * min(rows, columns):
            return space
        return QRectF(space.left(), space.top(), side * columns, side * rows)

    def _cell(self, grid: QRectF, row: int, column: int) -> QRectF:
        rows, columns = self._values.shape
        width, height = grid.width() / columns, grid.height() / rows
        return QRectF(grid.left() + column * width, grid.top() + row * height, width, height)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not self._values.size:
            painter.setPen(QColor(self.theme.quiet))
            put_text(painter, rect, CENTRE, tr("No data yet"))
            return
        grid = self._grid(rect)
        colours = shades(self._scale.unit(self._values), self._colours)
        if self._values.size > MANY or self._tiny(grid):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            self._printed = False
            painter.drawImage(grid, image(colours) if live else crisp(image(colours)))
        else:
            self._draw_cells(painter, grid, colours)
        self._draw_marks(painter, grid)
        self._draw_labels(painter, grid)
        side = QRectF(grid.right(), grid.top(), rect.right() - grid.right(), grid.height())
        if self.scale_bar:
            draw_bar(painter, self.theme, side, self._scale, self._colours)
        chosen = self._selected if self.marked else None
        for cell, pen in ((self._hovered if live else None, QPen(QColor(self.theme.text), 1)),
                          (chosen, QPen(QColor(self.theme.accent), 3))):  # fmt: skip
            if cell is not None and cell[0] < self._values.shape[0] and cell[1] < self._values.shape[1]:
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._cell(grid, *cell).adjusted(0.5, 0.5, -0.5, -0.5))
                if cell == self._hovered and live and not self._printed:
                    self._draw_told(painter, grid, cell)

    def _tiny(self, grid: QRectF) -> bool:
        """Whether many cells are so small that neither a gap nor a value fits: a picture looks the same."""
        cell = self._cell(grid, 0, 0)
        return self._values.size > MANY / 4 and min(cell.width(), cell.height()) <= TINY

    def _draw_cells(self, painter: QPainter, grid: QRectF, colours: np.ndarray) -> None:
        cell = self._cell(grid, 0, 0)
        painter.save()
        way, font = self._fitting(cell)
        painter.setFont(font)
        printed = self._printed = self.numbers and font.pixelSize() >= self.theme.px(8)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        gap = 1.0 if min(cell.width(), cell.height()) > TINY else 0.0
        for i in range(self._values.shape[0]):
            for j in range(self._values.shape[1]):
                spot = self._cell(grid, i, j)
                red, green, blue, known = map(int, colours[i, j])
                colour = QColor(red, green, blue) if known else QColor(self.theme.panel)
                painter.fillRect(spot.adjusted(0, 0, -gap, -gap), colour)
                if printed:
                    painter.setPen(ink_on(colour))
                    painter.drawText(spot, CENTRE, way[i * self._values.shape[1] + j])
        painter.restore()

    def _draw_marks(self, painter: QPainter, grid: QRectF) -> None:
        """Draw on the cells what some kinds of panels mark there."""

    def _told(self, cell: Cell) -> str:
        """What is said of a cell under the mouse."""
        row, column = cell
        return f"{self._label(0, row)} · {self._label(1, column)}: {value_text(float(self._values[cell]))}"

    def _draw_told(self, painter: QPainter, grid: QRectF, cell: Cell) -> None:
        """The value of the cell under the mouse, where it is not written into it."""
        row, column = cell
        text = self._told(cell)
        spot = self._cell(grid, row, column)
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + self.theme.px(8)
        above = spot.top() - self.line_height - self.theme.px(4)
        top = above if above > grid.top() - self.line_height else spot.bottom() + self.theme.px(4)
        left = max(self.theme.px(4), min(spot.center().x() - width / 2, self.width() - width - 4))
        painter.setPen(QColor(self.theme.text))
        put_note(painter, self.theme, QPointF(left, top), text)

    def _fitting(self, cell: QRectF) -> tuple[list[str], QFont]:
        """The values as they are written, and the largest font in which each fits into its cell."""
        values = self._values.ravel().tolist()
        ways = texts(values)
        if self._whole:
            ways = [[str(round(v)).replace("-", "−") if np.isfinite(v) else value_text(v) for v in values]]
        font = self.theme.font()
        metrics = QFontMetricsF(font)
        for way in ways:
            widest = metrics.horizontalAdvance(max(way, key=len))
            share = min(1.0, (cell.width() - 4) / max(widest, 1.0), 0.8 * cell.height() / self.theme.text_px)
            font.setPixelSize(max(1, int(self.theme.text_px * share)))
            if share > 0.75:
                break
        return way, font

    def _draw_labels(self, painter: QPainter, grid: QRectF) -> None:
        rows, columns = self._values.shape
        line, gap = QFontMetricsF(painter.font()).height(), self.theme.px(4)
        room = grid.left() - (line + 4 if self._captions[0] else 0)
        painter.setPen(QColor(self.theme.quiet))
        for i in range(0, rows, max(1, int(np.ceil(line * rows / grid.height())))) if self._names[0] else ():
            cell = self._cell(grid, i, 0)
            put_text(
                painter,
                QRectF(grid.left() - gap - 300, cell.center().y() - line / 2, 300, line),
                RIGHT,
                self._label(0, i),
            )
        metrics = QFontMetricsF(painter.font())
        widest = max((metrics.horizontalAdvance(name) for name in self._names[1]), default=0.0) + gap
        stride = max(1, int(np.ceil(min(widest, 80.0) * columns / grid.width())))
        for j in range(0, columns, stride) if self._names[1] else ():
            cell = self._cell(grid, 0, j)
            spot = QRectF(
                cell.center().x() - stride * cell.width() / 2,
                grid.bottom() + gap,
                stride * cell.width(),
                line,
            )
            put_text(painter, spot, CENTRE, self._label(1, j))
        self._draw_captions(painter, grid, line, room)

    def _draw_captions(self, painter: QPainter, grid: QRectF, line: float, room: float) -> None:
        rows, columns = self._captions
        below = grid.bottom() + (line + self.theme.px(4) if self._names[1] else 0)
        put_text(painter, QRectF(grid.left(), below, max(grid.width(), 60), line), CENTRE, columns)
        if rows:
            metrics = QFontMetricsF(painter.font())
            widest = max((metrics.horizontalAdvance(name) for name in self._names[0]), default=0.0)
            with saved(painter):
                painter.translate(grid.left() - widest - self.theme.px(8) - line / 2, grid.center().y())
                painter.rotate(-90)
                length = max(grid.height(), 60.0)
                put_text(painter, QRectF(-length / 2, -line / 2, length, line), CENTRE, rows)

    # The mouse and the keys

    def _cell_at(self, place: QPointF) -> Cell | None:
        grid = self._grid(self._content(QRectF(self.rect())))
        if not self._values.size or not grid.contains(place):
            return None
        rows, columns = self._values.shape
        row = int((place.y() - grid.top()) / grid.height() * rows)
        column = int((place.x() - grid.left()) / grid.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_under(event.position())

    def _look_under(self, mouse: QPointF) -> None:
        self._hover(self._cell_at(mouse))

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.hovered.emit(cell)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self.select(cell)
            self.selected.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None or not self._values.size:
            event.ignore()
            return
        row, column = self._selected or (0, 0)
        rows, columns = self._values.shape
        cell = (min(max(row + move[0], 0), rows - 1), min(max(column + move[1], 0), columns - 1))
        self.select(cell)
        self.selected.emit(*cell)
