"""A map: one pixel for each run, over two linear or logarithmic axes, with paths and lines over it."""

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeyEvent, QPainter

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
    """Coloured pixels; a ring that can be dragged chooses one. Level lines may be drawn over them.

    Everything is in axis coordinates: on a logarithmic axis the log₁₀ of the value.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.colour_bar = False
        self.image.smooth = False
        self._told: Callable[[float, float], str] = lambda x, y: ""
        self._columns: Callable[[], Columns] = list

    def set_map(self, x: Scale, y: Scale, bounds: Bounds) -> None:
        """Set the axes and their ranges."""
        if (x, y, bounds) != (self.x_axis, self.y_axis, self.home):
            self.reset_zoom()  # first, because a receiver of the new home may restore an older zoom
            self.x_axis, self.y_axis = x, y
            self.image.setBounds(bounds)
            self.home = bounds

    def set_words(self, told: Callable[[float, float], str], columns: Callable[[], Columns]) -> None:
        """Set `told`, which gives the lines for a place under the mouse, and `columns`, the numbers.

        Neither may refer to the view: then both would live until Python's garbage collector runs.
        """
        self._told, self._columns = told, columns

    def set_pixels(self, colours: NDArray[np.uint8], scale: FieldScale | None) -> None:
        """Show colours, shape (rows from the bottom, columns, RGBA); transparent pixels are hatched.

        `scale` explains the colours in a bar at the side, if there is one.
        """
        self.image.setColours(colours, self.home)
        self.colour_bar = scale is not None
        self._scale = scale or self._scale
        self._explain()
        self.redraw()

    def _explained(self) -> list[Picture]:
        return []  # the pixels already have their colours

    def set_bar_colours(self, colours: NDArray[np.uint8]) -> None:
        """Set the colours of the bar: rows of red, green and blue, from the lowest value up."""
        self.bar.setColorMap(pg.ColorMap(None, colours))

    def set_lines(self, field: GridField | None) -> None:
        """Draw the level lines of a field over the pixels; None removes them."""
        if field is not self.level_lines.field:
            self.set_part(None)
            self.level_lines.setField(field)
            self.redraw()

    def _colour_part(self, part: GridField | None) -> None:
        """Do nothing: only level lines can be computed more finely, not the pixels."""

    def _meant(self, place: QPointF) -> tuple[float, float]:
        """Return axis coordinates, without rounding: the pixels already give tidy values."""
        plane = self.axes().plane
        return plane.at(inside(place, plane.rect, 0))

    def _stepped(
        self, start: tuple[float, float], way: tuple[int, int], event: QKeyEvent
    ) -> tuple[float, float]:
        (x0, x1), (y0, y1) = self.ranges
        return start[0] + way[0] * NUDGE * (x1 - x0), start[1] + way[1] * NUDGE * (y1 - y0)

    def table(self) -> Columns:
        """Return every pixel: its place and its values."""
        return self._columns()

    def _draw_ground(self, painter: QPainter, axes: Axes, live: bool) -> None:
        with clipped(painter, axes.plane.rect):
            hatch(painter, axes.plane.rect, self.theme)

    def _draw_missing(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Hatch the pixels that are not computed yet."""

    def _draw_readout(self, painter: QPainter, plane: Plane) -> None:
        if self._mouse is None or not plane.rect.contains(self._mouse):
            return
        lines = self._told(*plane.at(self._mouse)).split("\n")
        self._put_lines(painter, plane, [line for line in lines if line])
