"""The cells of a matrix as an ImageItem, and the names of its rows as an axis."""

from collections.abc import Iterator
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.look.theme import Theme, metrics_of
from gui.plots.axes import Axes
from gui.plots.colours import FieldScale, crisp
from gui.plots.name_axis import NameAxis
from gui.plots.painting import RIGHT, put_text, put_upright
from gui.plots.picture import Picture
from gui.plots.scale import FloatArray

MANY = 4000  # more cells than this are drawn as one picture
TINY = 8.0  # a cell of at most this many pixels has neither a gap nor a value
Cell = tuple[int, int]


class Cells(Picture):
    """An ImageItem of a matrix, its first row on top; large cells have gaps between them."""

    smooth = False

    def __init__(self, theme: Theme, z: float) -> None:
        self.theme, self.count = theme, (0, 0)
        super().__init__(z)

    def setCells(self, values: FloatArray, scale: FieldScale) -> None:
        """Show values, shape (rows, columns); non-finite ones are transparent or have the paper's colour."""
        rows, columns = self.count = values.shape
        self.setVisible(values.size > 0)
        if values.size:
            self.values_scale = scale
            self.setImage(scale.unit(values), autoLevels=False, levels=(scale.low, scale.high))
            self.setBounds(((-0.5, columns - 0.5), (-0.5, rows - 0.5)))

    @property
    def shown(self) -> QImage:
        """Return the colours as they are painted, the first row on top."""
        if self._renderRequired:
            self.render()
        return QImage() if self.qimage is None else self.qimage

    def grid(self, axes: Axes) -> QRectF:
        """Return the rectangle of all cells, visible or not."""
        (x0, x1), (y0, y1) = self.bounds
        (left, right), (top, bottom) = axes.plane.px((x0, x1)), axes.plane.py((y0, y1))
        return QRectF(float(left), float(top), float(right - left), float(bottom - top))

    def cell(self, grid: QRectF, row: int, column: int) -> QRectF:
        """Return the rectangle of one cell."""
        width, height = grid.width() / self.count[1], grid.height() / self.count[0]
        return QRectF(grid.left() + column * width, grid.top() + row * height, width, height)

    def seen(self, axes: Axes) -> Iterator[Cell]:
        """Yield the visible cells, row by row."""
        rows, columns = _within(axes.plane.y, self.count[0]), _within(axes.plane.x, self.count[1])
        return ((i, j) for i in rows for j in columns)

    def fine(self, axes: Axes) -> bool:
        """Whether there are many cells, too small for gaps and values: then one picture looks the same."""
        cell = self.cell(self.grid(axes), 0, 0)
        number = len(_within(axes.plane.y, self.count[0])) * len(_within(axes.plane.x, self.count[1]))
        return number > MANY or (number > MANY / 4 and min(cell.width(), cell.height()) <= TINY)

    def colour(self, row: int, column: int) -> QColor:
        """Return the colour of a cell."""
        colour = self.shown.pixelColor(column, row)
        return colour if colour.alpha() else QColor(self.theme.panel)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not all(self.count):
            return
        grid = self.grid(axes)
        if self.fine(axes):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(grid, self.shown if live else crisp(self.shown))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        first = self.cell(grid, 0, 0)
        gap = 1.0 if min(first.width(), first.height()) > TINY else 0.0
        for cell in self.seen(axes):
            painter.fillRect(self.cell(grid, *cell).adjusted(0, 0, -gap, -gap), self.colour(*cell))


class RowAxis(NameAxis):
    """An AxisItem left of a matrix with the names of its rows: as many as have room, long ones shortened."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        plane, rect, line = axes.plane, axes.plane.rect, metrics_of(painter.font()).height()
        height = rect.height() / abs(plane.y[1] - plane.y[0])
        stride, right = max(1, ceil(line / height)), rect.left() - self.theme.px(4)
        beside = line + 4 if self.caption else 0
        room = right - beside - axes.outer.left()
        for row in _within(plane.y, len(self.names)):
            middle = float(plane.py(row))
            if row % stride == 0 and rect.top() <= middle <= rect.bottom():
                spot = QRectF(right - room, middle - line / 2, room, line)
                put_text(painter, spot, RIGHT, self.names[row], self.theme.quiet)
        if self.caption:
            widest = max(map(metrics_of(painter.font()).horizontalAdvance, self.names), default=0.0)
            at = QPointF(rect.left() - min(widest, room) - self.theme.px(8) - line / 2, rect.center().y())
            put_upright(painter, at, max(rect.height(), 60.0), self.caption)


def _within(ends: tuple[float, float], count: int) -> range:
    """Return the whole numbers from 0 whose cells overlap a range."""
    return range(max(0, floor(min(ends) + 0.5)), min(count, ceil(max(ends) + 0.5)))
