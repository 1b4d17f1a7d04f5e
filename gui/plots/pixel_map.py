"""A map: a pixel for each run over two axes, linear or logarithmic, with paths and lines drawn over it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from gui.plots.axes import Axes, Axis, Plane, Range, draw_axes
from gui.plots.colours import FieldScale, crisp, draw_bar, image
from gui.plots.contours import FieldPanel
from gui.plots.field import Field, hatch
from gui.plots.panel import Columns, clipped, put_note
from gui.theme import Theme

Bounds = tuple[Range, Range]


class PixelMapPanel(FieldPanel):
    """Coloured pixels, one of which is chosen by a ring that can be dragged; level lines may lie over them.

    Everything is in axis coordinates, the decimal logarithm of the value where an axis is logarithmic.
    """

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.colour_bar = False
        self._pixels = image(np.zeros((1, 1, 4), np.uint8))
        self._scale = FieldScale(0.0, 1.0)
        self._lines: Field | None = None
        self._told: Callable[[float, float], str] = lambda x, y: ""
        self._columns: Callable[[], Columns] = list

    def set_map(self, x: Axis, y: Axis, bounds: Bounds) -> None:
        """Name the axes and what they reach over."""
        if (x, y, bounds) != (self.x_axis, self.y_axis, self.home):
            self.x_axis, self.y_axis, self.home = x, y, bounds
            self.reset_zoom()

    def set_words(self, told: Callable[[float, float], str], columns: Callable[[], Columns]) -> None:
        """`told` gives the lines for a place under the mouse, `columns` the numbers behind the pixels.

        Neither may hold the view: a panel that holds its view would let both live until the collector comes.
        """
        self._told, self._columns = told, columns

    def set_pixels(self, colours: NDArray[np.uint8], scale: FieldScale | None) -> None:
        """Show colours (rows from the bottom, columns, RGBA); what is transparent is hatched.

        `scale` explains the colours in a bar at the side, if there is one.
        """
        self._pixels = image(colours[::-1])
        self.colour_bar = scale is not None
        self._scale = scale or self._scale
        self.redraw()

    def set_lines(self, field: Field | None) -> None:
        """Lay the level lines of a field over the pixels, or none."""
        if field is not self._lines:
            self._lines = field
            self.redraw()

    def table(self) -> Columns:
        """Every pixel: where it is and what is known of it."""
        return self._columns()

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        self._field.scale = self._scale
        return super()._lay_out(rect, live)

    def _draw_still(self, painter: QPainter, axes: Axes, live: bool) -> None:
        rect, plane = axes.plane.rect, axes.plane
        with clipped(painter, rect):
            hatch(painter, rect, self.theme)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(_over(plane, self.home), self._pixels if live else crisp(self._pixels))
            if self._lines is not None:
                self._lines.draw_lines(painter, plane)
        draw_axes(painter, self.theme, axes, grid=False)
        if self.colour_bar:
            side = QRectF(rect.right(), rect.top(), axes.outer.right() - rect.right(), rect.height())
            draw_bar(painter, self.theme, side, self._scale, self.bar_colours)

    def _draw_readout(self, painter: QPainter, plane: Plane) -> None:
        if self._mouse is None or not plane.rect.contains(self._mouse):
            return
        painter.setPen(QColor(self.theme.text))
        corner = plane.rect.topLeft() + QPointF(4, 4)
        for line in filter(None, self._told(*plane.at(self._mouse)).split("\n")):
            corner = put_note(painter, self.theme, corner, line).bottomLeft()


def _over(plane: Plane, bounds: Bounds) -> QRectF:
    """The paper that bounds cover."""
    (x0, x1), (y0, y1) = bounds
    return QRectF(QPointF(float(plane.px(x0)), float(plane.py(y1))),
                  QPointF(float(plane.px(x1)), float(plane.py(y0))))  # fmt: skip
