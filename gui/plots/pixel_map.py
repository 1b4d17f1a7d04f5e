"""A map: a pixel for each run over two axes, linear or logarithmic, with paths and lines drawn over it."""

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.look.theme import Theme
from gui.plots.axes import Axes, Plane
from gui.plots.colours import FieldScale
from gui.plots.contours import FieldPanel
from gui.plots.described import Columns
from gui.plots.field import GridField, hatch
from gui.plots.marks import inside
from gui.plots.painting import clipped
from gui.plots.picture import Picture
from gui.plots.scale import Range, Scale
from gui.plots.snapping import NUDGE

Bounds = tuple[Range, Range]


class PixelMapPanel(FieldPanel):
    """Coloured pixels, one of which is chosen by a ring that can be dragged; level lines may lie over them.

    Everything is in axis coordinates, the decimal logarithm of the value where an axis is logarithmic.
    """

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.colour_bar = False
        self.image.smooth = False
        self._told: Callable[[float, float], str] = lambda x, y: ""
        self._columns: Callable[[], Columns] = list

    def set_map(self, x: Scale, y: Scale, bounds: Bounds) -> None:
        """Name the axes and what they reach over."""
        if (x, y, bounds) != (self.x_axis, self.y_axis, self.home):
            self.reset_zoom()  # first: who hears of the new home may zoom as was seen before
            self.x_axis, self.y_axis = x, y
            self.image.setBounds(bounds)
            self.home = bounds

    def set_words(self, told: Callable[[float, float], str], columns: Callable[[], Columns]) -> None:
        """`told` gives the lines for a place under the mouse, `columns` the numbers behind the pixels.

        Neither may hold the view: a panel that holds its view would let both live until the collector comes.
        """
        self._told, self._columns = told, columns

    def set_pixels(self, colours: NDArray[np.uint8], scale: FieldScale | None) -> None:
        """Show colours (rows from the bottom, columns, RGBA); what is transparent is hatched.

        `scale` explains the colours in a bar at the side, if there is one.
        """
        self.image.setColours(colours, self.home)
        self.colour_bar = scale is not None
        self._scale = scale or self._scale
        self._explain()
        self.redraw()

    def _explained(self) -> list[Picture]:
        return []  # the pixels have their colours

    def set_bar_colours(self, colours: NDArray[np.uint8]) -> None:
        """Explain these colours in the bar: rows of red, green and blue, from the lowest value up."""
        self.bar.setColorMap(pg.ColorMap(None, colours))

    def set_lines(self, field: GridField | None) -> None:
        """Lay the level lines of a field over the pixels, or none."""
        if field is not self.level_lines.field:
            self.set_part(None)
            self.level_lines.setField(field)
            self.redraw()

    def _colour_part(self, part: GridField | None) -> None:
        """The pixels are as fine as they are: only lines are seen closely."""

    def _meant(self, place: QPointF) -> tuple[float, float]:
        """Axis coordinates: the pixels are what is tidy here."""
        plane = self.axes().plane
        return plane.at(inside(place, plane.rect, 0))

    def _stepped(
        self, start: tuple[float, float], way: tuple[int, int], event: QKeyEvent
    ) -> tuple[float, float]:
        (x0, x1), (y0, y1) = self.ranges
        return start[0] + way[0] * NUDGE * (x1 - x0), start[1] + way[1] * NUDGE * (y1 - y0)

    def table(self) -> Columns:
        """Every pixel: where it is and what is known of it."""
        return self._columns()

    def _draw_ground(self, painter: QPainter, axes: Axes, live: bool) -> None:
        with clipped(painter, axes.plane.rect):
            hatch(painter, axes.plane.rect, self.theme)

    def _draw_missing(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """What is not known yet is hatched."""

    def _draw_readout(self, painter: QPainter, plane: Plane) -> None:
        if self._mouse is None or not plane.rect.contains(self._mouse):
            return
        lines = self._told(*plane.at(self._mouse)).split("\n")
        self._put_lines(painter, plane, [line for line in lines if line])
