"""A picture over a plane, and level lines over it: an ImageItem, and what pyqtgraph has no quick item for."""

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
    """ImageItem whose first row is the lowest: numbers with a colour map, or colours; NaN is transparent.

    A smooth one runs over from pixel to pixel; one that is not stays crisp, also in files.
    """

    smooth = True

    def __init__(self, z: float) -> None:
        self.bounds: Bounds = ((0.0, 1.0), (0.0, 1.0))
        self.values_scale = FieldScale(0.0, 1.0)
        super().__init__(axisOrder="row-major", colorMap=colour_map("viridis"))
        self.setZValue(z)

    def setField(self, field: GridField) -> None:
        """Show the values of a field; their middles are the points of its grid."""
        scale = self.values_scale = field.scale
        self.setImage(field.shares, autoLevels=False, levels=(scale.low, scale.high))
        self.setBounds(field.reach)

    def setColours(self, colours: NDArray[np.uint8], bounds: Bounds) -> None:
        """Show colours (rows from the bottom, columns, RGBA) that reach over `bounds`."""
        self.setImage(colours, autoLevels=False, levels=None)
        self.setBounds(bounds)

    def setLevels(self, levels: tuple[float, float] | None, update: bool = True) -> None:
        """The values (their decimal logarithms on a log scale) that have the first and the last colour.

        pyqtgraph works them out in single precision: so it gets shares of the scale.
        """
        scale = self.values_scale
        if self.image is None:
            return  # they come with it
        span = scale.high - scale.low
        shares = None if levels is None else tuple((level - scale.low) / span for level in levels)
        super().setLevels(shares, update)

    def setBounds(self, bounds: Bounds) -> None:
        """Reach over `bounds`, from edge to edge."""
        self.bounds = bounds
        (x0, x1), (y0, y1) = bounds
        self.setRect(QRectF(x0, y0, x1 - x0, y1 - y0))

    def boundingRect(self) -> QRectF:
        rect: QRectF = pg.ImageItem.boundingRect(self)
        return rect

    @property
    def shown(self) -> QImage:
        """The colours as they are painted, the highest row on top."""
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
    """Level lines of a field, from contourpy: IsocurveItem would take eighty times as long."""

    def __init__(self, z: float) -> None:
        self.field: GridField | None = None
        self.part: GridField | None = (
            None  # what is known more finely: its lines take the place of the others
        )
        super().__init__()
        self.setZValue(z)

    def setField(self, field: GridField | None) -> None:
        """Show the lines of a field, or none."""
        self.field = field
        self.update()

    def setPart(self, part: GridField | None) -> None:
        """Show the lines of a part that is known more finely, or none."""
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
                rest.addRect(over(plane, part.bounds) & plane.rect)  # a hole: odd and even
                painter.setClipPath(rest, Qt.ClipOperation.IntersectClip)
            if part is None or not part.covers((plane.x, plane.y)):
                self.field.draw_lines(painter, plane)
        if part is not None:
            part.draw_lines(painter, plane)


def over(plane: Plane, bounds: Bounds) -> QRectF:
    """The paper that bounds cover."""
    (x0, x1), (y0, y1) = bounds
    return QRectF(
        QPointF(float(plane.px(x0)), float(plane.py(y1))), QPointF(float(plane.px(x1)), float(plane.py(y0)))
    )
