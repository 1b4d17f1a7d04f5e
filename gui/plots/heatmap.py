"""A matrix as coloured cells with their values: confusion matrices, Jacobians, gates over time."""

from collections.abc import Sequence
from math import floor, isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes, Plane
from gui.plots.cells import Cell, Cells, RowAxis
from gui.plots.choosing import Choosing
from gui.plots.colour_bar import ColourBar
from gui.plots.colours import FieldScale, bar_width, colour_map, ink_on
from gui.plots.described import Columns
from gui.plots.name_axis import NameAxis
from gui.plots.painting import CENTRE, clipped, outline, put_note
from gui.plots.part import EDGE
from gui.plots.scale import FloatArray, Scale
from gui.plots.tick_axis import TickAxis
from gui.plots.ticks import Ticks, texts, value_text
from gui.plots.zoom import ZoomPanel

NAMES, BESIDE_ANY = 0.35, 0.5  # the most of the width for names of rows; the same beside cells of any shape


class HeatmapPanel(Choosing, ZoomPanel):
    """Cells that can be pointed at and chosen, with the mouse or the arrow keys.

    `hovered` and `selected` carry row and column. `image` is the ImageItem of the cells, `bar` the
    ColorBarItem; in `plot`, x counts the columns from the left and y the rows from the top, from 0.
    """

    selected = Signal(int, int)
    selection: Cell | None

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.square = True  # whether cells are square, if that is possible
        self.scale_bar = True  # whether the colours are explained beside the cells
        self.numbers = True  # whether the values are written into the cells that have room for them
        self._values: FloatArray = np.zeros((0, 0))
        self._names: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._captions = ("", "")
        self._scale = FieldScale(0.0, 1.0)
        self._colours = self._mapped = colour_map("viridis")
        self._whole = False
        self._printed = False  # whether the values are written in the cells
        self.home = ((-0.5, 0.5), (0.5, -0.5))

    def _sides(self) -> dict[str, TickAxis]:
        self._rows, self._below = RowAxis(self.theme, "left"), NameAxis(self.theme)
        self._below.lined = False
        return {"left": self._rows, "bottom": self._below}

    def _add_layers(self) -> None:
        self.plot.vb.invertY(True)
        self.image = Cells(self.theme, 0.0)
        self.plot.addItem(self.image)
        self.bar = ColourBar(self.theme)
        self.bar.setImageItem(self.image)
        self.bar.setParentItem(self.plot)
        super()._add_layers()

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw nothing: cells have no grid."""

    def set_captions(self, rows: str, columns: str) -> None:
        """Set the names of the two axes."""
        self._captions = (rows, columns)
        self.redraw()

    def set_matrix(
        self,
        values: FloatArray,
        rows: Sequence[str] = (),
        columns: Sequence[str] = (),
        *,
        signed: bool = False,
        limit: float | None = None,
    ) -> None:
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
        self._colours = colour_map("diverging", self.theme.panel) if signed else colour_map("viridis")
        self._show_cells()

    def _show_cells(self) -> None:
        """Fill the items with the values, and show all of them, unless the user has zoomed."""
        if self._colours is not self._mapped:
            self._mapped = self._colours
            self.bar.setColorMap(self._colours)
        self.image.setCells(self._values, self._scale)
        self.bar.setScale(self._scale)
        rows, columns = (max(size, 1) for size in self._values.shape)
        self.home = ((-0.5, columns - 0.5), (rows - 0.5, -0.5))
        self.redraw()

    def table(self) -> Columns:
        """Return the labels of the rows, then one column for each column of the matrix."""
        rows, columns = self._values.shape
        first = [self._label(0, i) for i in range(rows)]
        return [
            (self._captions[0] or tr("row"), first),
            *((self._label(1, j), self._values[:, j]) for j in range(columns)),
        ]

    def _label(self, which: int, k: int) -> str:
        names = self._names[which]
        return names[k] if k < len(names) else str(k + 1)

    def _axis_words(self, which: int) -> tuple[list[str], str]:
        """Return the names along an axis, and the name of the axis."""
        count = self._values.shape[which] if self._names[which] else 0
        caption = self._captions[which] if self._values.size else ""
        return [self._label(which, k) for k in range(count)], caption

    # Drawing

    def _grid(self, rect: QRectF) -> QRectF:
        """Return where the cells are; they are square if there is room."""
        line = self.line_height
        widest = max(map(self.metrics.horizontalAdvance, self._names[0]), default=0.0)
        left = min(widest, (NAMES if self.square else BESIDE_ANY) * rect.width()) + self.theme.px(8)
        left += line + 4 if self._captions[0] else 0
        bottom = (line + self.theme.px(4) if self._names[1] else 0) + (line + 2 if self._captions[1] else 0)
        right = bar_width(self.theme, self._scale, rect.height()) if self.scale_bar else 2.0
        space = rect.adjusted(left, 2, -right, -bottom - 2)
        rows, columns = self._values.shape
        side = min(space.width() / max(columns, 1), space.height() / max(rows, 1))
        if not self.square or max(rows, columns) > 4 * min(rows, columns):
            return space
        return QRectF(space.left(), space.top(), side * columns, side * rows)

    def _cell(self, grid: QRectF, row: int, column: int) -> QRectF:
        return self.image.cell(grid, row, column)

    def _lay_out(self, rect: QRectF, live: bool = True) -> Axes:
        self._rows.setNames(*self._axis_words(0))
        self._below.setNames(*self._axis_words(1), gap=self.theme.px(4) - self.theme.px(3))
        nothing, grid = Ticks((), ()), self._grid(rect) if self._values.size else QRectF(rect)
        grid.setSize(grid.size().expandedTo(QSizeF(4, 4)))
        return Axes(Plane(grid, *self.ranges), Scale(), Scale(), nothing, nothing, outer=rect)

    def _place(self, axes: Axes) -> None:
        super()._place(axes)
        self.bar.setVisible(self.scale_bar and self._values.size > 0)
        self.bar.place(axes)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self._values.size:
            self._say(painter, axes.outer, self.empty_words)
            return
        grid = self.image.grid(axes)
        with clipped(painter, axes.plane.rect.adjusted(*EDGE)):
            self._draw_values(painter, axes, grid, live)
            self._draw_marks(painter, grid)

    def _draw_values(self, painter: QPainter, axes: Axes, grid: QRectF, live: bool) -> None:
        printed = self.numbers and not self.image.fine(axes)
        if printed:
            way, font = self._fitting(self._cell(grid, 0, 0))
            printed = font.pixelSize() >= self.theme.small_px
        if live:
            self._printed = printed
        if not printed:
            return
        painter.setFont(font)
        for i, j in self.image.seen(axes):
            painter.setPen(ink_on(self.image.colour(i, j)))
            painter.drawText(self._cell(grid, i, j), CENTRE, way[i * self._values.shape[1] + j])
        painter.setFont(self.theme.font())

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw frames around the cell under the mouse and the chosen cell."""
        grid, (rows, columns) = self.image.grid(axes), self._values.shape
        chosen = self.selection if self.marked else None
        hovered = self._hovered if live else None
        for cell, colour, width in ((hovered, self.theme.text, 1), (chosen, self.theme.accent, 3)):
            if cell is None or not (cell[0] < rows and cell[1] < columns):
                continue
            with clipped(painter, axes.plane.rect.adjusted(*EDGE)):
                for ink, wide in ((self.theme.plot, width + 2), (colour, width)):  # visible on any colour
                    outline(painter, ink, wide)
                    painter.drawRect(self._cell(grid, *cell).adjusted(0.5, 0.5, -0.5, -0.5))
            if cell == self._hovered and live and not self._printed:
                self._draw_told(painter, grid, cell)

    def _draw_marks(self, painter: QPainter, grid: QRectF) -> None:
        """Draw marks on the cells; subclasses say which."""

    def _told(self, cell: Cell) -> str:
        """Return the text for the cell under the mouse."""
        row, column = cell
        return f"{self._label(0, row)} · {self._label(1, column)}: {self._written(float(self._values[cell]))}"

    def _written(self, value: float) -> str:
        """Return the text of a number of the matrix; counts have no decimals."""
        return str(round(value)).replace("-", "−") if self._whole and isfinite(value) else value_text(value)

    def _draw_told(self, painter: QPainter, grid: QRectF, cell: Cell) -> None:
        """Write the value of the cell under the mouse, unless it is written in the cell."""
        spot = self._cell(grid, *cell)
        above = spot.top() - self.line_height - self.theme.px(4)
        top = above if above > grid.top() - self.line_height else spot.bottom() + self.theme.px(4)
        at = QPointF(spot.center().x(), top)
        put_note(painter, self.theme, at, self._told(cell), share=0.5, within=self._notes_room)

    def _fitting(self, cell: QRectF) -> tuple[list[str], QFont]:
        """Return the values as texts, and the largest font in which each fits into its cell."""
        ways, font = self._ways(self._values.ravel().tolist()), self.theme.font()
        for way in ways:
            widest = self.metrics.horizontalAdvance(max(way, key=len))
            share = min(1.0, (cell.width() - 4) / max(widest, 1.0), 0.8 * cell.height() / self.theme.text_px)
            font.setPixelSize(max(1, int(self.theme.text_px * share)))
            if font.pixelSize() >= self.theme.small_px:
                break
        return way, font

    def _ways(self, values: list[float]) -> list[list[str]]:
        """Return the texts of all values, in several ways; the first has the most digits."""
        return [[*map(self._written, values)]] if self._whole else texts(values)

    # The mouse and the keys

    def _found_at(self, place: QPointF) -> Cell | None:
        plane = self.axes().plane
        if not self._values.size or not plane.rect.contains(place):
            return None
        column, row = (floor(at + 0.5) for at in plane.at(place))
        rows, columns = self._values.shape
        inside = 0 <= row <= rows and 0 <= column <= columns  # the outer edges belong to the last cells
        return (min(row, rows - 1), min(column, columns - 1)) if inside else None

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if self._values.size:
            (row, column), (rows, columns) = self.selection or (0, 0), self._values.shape
            self._choose((min(max(row - up, 0), rows - 1), min(max(column + right, 0), columns - 1)))
        return self._values.size > 0
