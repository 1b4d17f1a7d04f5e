"""A picture over a plane, and level lines: an ImageItem, and a faster item than pyqtgraph's for the lines."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform

from gui.plots.axes import Axes, Plane
from gui.plots.colours import FieldScale, colour_map, crisp
from gui.plots.field import Bounds, GridField
from gui.plots.painting import saved
from gui.plots.part import InView

UPSIDE_DOWN = QTransform.fromScale(1, -1)


class Picture(InView, pg.ImageItem):
    """An ImageItem whose first row is the lowest: numbers with a colour map, or colours; NaN is transparent.

    If it is smooth, colours are interpolated between pixels; else its pixels have sharp edges, also in files.
    """

    smooth = True

    def __init__(self, z: float) -> None:
        self.bounds: Bounds = ((0.0, 1.0), (0.0, 1.0))
        self.values_scale = FieldScale(0.0, 1.0)
        super().__init__(axisOrder="row-major", colorMap=colour_map("viridis"))
        self.setZValue(z)

    def setField(self, field: GridField) -> None:
        """Show the values of a field; the grid points are the middles of the pixels."""
        scale = self.values_scale = field.scale
        self.setImage(field.shares, autoLevels=False, levels=(scale.low, scale.high))
        self.setBounds(field.reach)

    def setColours(self, colours: NDArray[np.uint8], bounds: Bounds) -> None:
        """Show colours, shape (rows from the bottom, columns, RGBA), over `bounds`."""
        self.setImage(colours, autoLevels=False, levels=None)
        self.setBounds(bounds)

    def setLevels(self, levels: tuple[float, float] | None, update: bool = True) -> None:
        """Set the values (on a log scale their log₁₀) of the first and the last colour.

        pyqtgraph computes colours in single precision, so it gets values between 0 and 1.
        """
        scale = self.values_scale
        if self.image is None:
            return  # the colours come with the picture
        span = scale.high - scale.low
        shares = None if levels is None else tuple((level - scale.low) / span for level in levels)
        super().setLevels(shares, update)

    def setBounds(self, bounds: Bounds) -> None:
        """Cover `bounds`, from edge to edge."""
        self.bounds = bounds
        (x0, x1), (y0, y1) = bounds
        self.setRect(QRectF(x0, y0, x1 - x0, y1 - y0))

    def boundingRect(self) -> QRectF:
        rect: QRectF = pg.ImageItem.boundingRect(self)
        return rect

    @property
    def shown(self) -> QImage:
        """Return the colours as they are painted, the highest row on top."""
        if self._renderRequired:
            self.render()
        return QImage() if self.qimage is None else self.qimage.transformed(UPSIDE_DOWN)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        picture = self.shown if live or self.smooth else crisp(self.shown)
        painter.drawImage(over(axes.plane, self.bounds), picture)


class LevelLines(InView, pg.GraphicsObject):
    """Level lines of a field, computed by contourpy: IsocurveItem takes eighty times as long."""

    def __init__(self, z: float) -> None:
        self.field: GridField | None = None
        self.part: GridField | None = None  # a part with finer values: there its lines are drawn instead
        super().__init__()
        self.setZValue(z)

    def setField(self, field: GridField | None) -> None:
        """Show the lines of a field, or none."""
        self.field = field
        self.update()

    def setPart(self, part: GridField | None) -> None:
        """Show the lines of a part with finer values, or none."""
        self.part = part
        self.update()

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self.field is None or self.field.empty:
            return
        plane, part = axes.plane, self.part
        with saved(painter):
            if part is not None:
                rest = QPainterPath()
                rest.addRect(plane.rect)
                rest.addRect(over(plane, part.bounds) & plane.rect)  # a hole, by the odd-even rule
                painter.setClipPath(rest, Qt.ClipOperation.IntersectClip)
            if part is None or not part.covers((plane.x, plane.y)):
                self.field.draw_lines(painter, plane)
        if part is not None:
            part.draw_lines(painter, plane)


def over(plane: Plane, bounds: Bounds) -> QRectF:
    """Return the rectangle on the paper that bounds cover."""
    (x0, x1), (y0, y1) = bounds
    return QRectF(
        QPointF(float(plane.px(x0)), float(plane.py(y1))), QPointF(float(plane.px(x1)), float(plane.py(y0)))
    )
