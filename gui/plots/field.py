"""A field over a rectangle: its values on a scale, its level lines, and its value at a place."""

from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from gui.look.theme import Theme
from gui.plots.axes import Plane
from gui.plots.colours import FieldScale
from gui.plots.described import Columns
from gui.plots.lines import polygon
from gui.plots.painting import faded, saved
from gui.plots.scale import FloatArray, Range

Bounds = tuple[Range, Range]


class GridField:
    """Values on a grid: rows along y, columns along x, the first row and column at the low bounds."""

    def __init__(self, values: FloatArray, bounds: Bounds, scale: FieldScale, levels: int) -> None:
        self.values, self.bounds, self.scale, self.levels = values, bounds, scale, levels
        self.lines_scale = scale  # the scale on which the level lines are evenly spaced
        self._unit = scale.unit(values)

    def part(self, values: FloatArray, bounds: Bounds) -> "GridField":
        """Return a field of finer values over other bounds: the same colours, its own level lines."""
        found = GridField(values, bounds, self.scale, self.levels)
        found.lines_scale = FieldScale.of(values, self.scale.log)
        return found

    def covers(self, ranges: Bounds) -> bool:
        """Whether a rectangle is completely within its bounds."""
        pairs = zip(self.bounds, ranges, strict=True)
        return all(low <= first and last <= high for (low, high), (first, last) in pairs)

    def suits(self, ranges: Bounds, times: float) -> bool:
        """Whether it covers a rectangle and is at most `times` as wide and as high."""
        pairs = zip(self.bounds, ranges, strict=True)
        return self.covers(ranges) and all(
            high - low <= times * (last - first) for (low, high), (first, last) in pairs
        )

    @property
    def empty(self) -> bool:
        """Whether there is no value anywhere."""
        return not np.isfinite(self._unit).any()

    @property
    def whole(self) -> bool:
        """Whether there is a value everywhere."""
        return bool(np.isfinite(self._unit).all())

    @property
    def shares(self) -> FloatArray:
        """Return the values on their scale: 0 to 1, or a little beyond; NaN where there is no value."""
        shares: FloatArray = np.clip(self._unit, -1.0, 2.0)
        return shares

    @property
    def reach(self) -> Bounds:
        """Return the bounds of a picture whose pixels have the grid points at their middles."""
        (x0, x1), (y0, y1) = self.bounds
        rows, columns = self.values.shape
        across, up = (x1 - x0) / (columns - 1) / 2, (y1 - y0) / (rows - 1) / 2
        return (x0 - across, x1 + across), (y0 - up, y1 + up)

    @cached_property
    def contours(self) -> list[QPainterPath]:
        """Return the level lines, one path for each level, in units of the grid: (column, row)."""
        import contourpy  # lazily: the first plot is on the screen before this is loaded

        shares = self._unit if self.lines_scale is self.scale else self.lines_scale.unit(self.values)
        lines = contourpy.contour_generator(z=np.ma.masked_invalid(np.clip(shares, -1.0, 2.0)))
        paths = []
        for level in np.linspace(0, 1, self.levels + 2)[1:-1]:
            path = QPainterPath()
            for line in lines.lines(level):
                path.addPolygon(polygon(line[:, 0], line[:, 1]))
            if not path.isEmpty():
                paths.append(path)
        return paths

    def draw_lines(self, painter: QPainter, plane: Plane) -> None:
        """Draw the level lines."""
        grid = self._grid(plane)
        with saved(painter):
            painter.setPen(QPen(faded("#ffffff", 0.4), 0.9))
            for path in self.contours:
                painter.drawPath(grid.map(path))

    def _grid(self, plane: Plane) -> QTransform:
        """Return the transform from (column, row) to the paper."""
        (x0, x1), (y0, y1) = self.bounds
        left, bottom = float(plane.px(x0)), float(plane.py(y0))
        across = (float(plane.px(x1)) - left) / (self.values.shape[1] - 1)
        up = (float(plane.py(y1)) - bottom) / (self.values.shape[0] - 1)
        return QTransform(across, 0, 0, up, left, bottom)

    def at(self, x: float, y: float) -> float:
        """Return the value at a place, interpolated between the four grid points around it; NaN outside."""
        return float(interpolated(self.values, self.bounds, np.array([x]), np.array([y]))[0])

    def table(self, x: str, y: str, value: str) -> Columns:
        """Return the grid, one row for each point."""
        (x0, x1), (y0, y1) = self.bounds
        rows, columns = self.values.shape
        across, up = np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y0, y1, rows))
        return [(x, across.ravel()), (y, up.ravel()), (value, self.values.ravel())]


def interpolated(values: FloatArray, bounds: Bounds, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the values at places (x, y), interpolated linearly along both axes of a grid; NaN outside."""
    rows, columns = values.shape
    (x0, x1), (y0, y1) = bounds
    with np.errstate(invalid="ignore", over="ignore"):
        u, v = (x - x0) / (x1 - x0) * (columns - 1), (y - y0) / (y1 - y0) * (rows - 1)
        known = (u >= 0) & (u <= columns - 1) & (v >= 0) & (v <= rows - 1)
        u, v = np.where(known, u, 0.0), np.where(known, v, 0.0)
        j, i = np.minimum(u.astype(int), columns - 2), np.minimum(v.astype(int), rows - 2)
        s, t = u - j, v - i
        below = values[i, j] * (1 - s) + values[i, j + 1] * s
        above = values[i + 1, j] * (1 - s) + values[i + 1, j + 1] * s
        return np.where(known, below * (1 - t) + above * t, np.nan)


def hatch(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw slanted lines where there is no value."""
    with saved(painter):
        painter.fillRect(rect, QColor(theme.panel))
        painter.setPen(QPen(QColor(theme.hairline), 1))
        for across in range(0, int(rect.width() + rect.height()), theme.px(8)):
            x = rect.left() + across
            painter.drawLine(QPointF(x, rect.top()), QPointF(x - rect.height(), rect.bottom()))
