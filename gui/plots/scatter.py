"""Points over a plane as ScatterPlotItems: stars at known minima, and data of several classes."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.marks import SHAPES, shape, star
from gui.plots.painting import outline
from gui.plots.part import InView
from gui.plots.scale import FloatArray

STAR = 9  # pixels: larger than the head of a path, which may cover it


class Points(InView, pg.ScatterPlotItem):
    """A ScatterPlotItem in axis coordinates; the panel handles clicks."""

    def __init__(self, theme: Theme, z: float) -> None:
        self.theme = theme
        super().__init__(size=theme.px(10))
        self.setZValue(z)

    def mouseClickEvent(self, ev: Any) -> None:
        """Ignore the click: the panel finds the nearest point."""
        ev.ignore()


class Stars(Points):
    """Known minima."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        for x, y in zip(*self.getData(), strict=True):
            star(painter, axes.plane.point(float(x), float(y)), self.theme.px(STAR))


class ClassPoints(Points):
    """Points with a shape and a colour for each class; training points are filled, wrong ones have a ring."""

    def __init__(self, theme: Theme, z: float) -> None:
        self._labels: NDArray[np.intp] = np.zeros(0, int)
        self._training: NDArray[np.bool_] = np.zeros(0, bool)
        self._wrong: NDArray[np.bool_] = np.zeros(0, bool)
        super().__init__(theme, z)

    def setPoints(
        self,
        points: FloatArray,
        labels: NDArray[np.intp],
        training: NDArray[np.bool_],
        wrong: NDArray[np.bool_],
    ) -> None:
        """Show points (n, 2), each with its class."""
        self._labels, self._training, self._wrong = labels, training, wrong
        self.setData(x=points[:, 0], y=points[:, 1])

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.getData()
        for k in np.argsort(self._wrong, kind="stable").tolist():  # wrong ones last, so on top
            place = axes.plane.point(float(x[k]), float(y[k]))
            if axes.plane.rect.contains(place):
                label, filled = int(self._labels[k]), bool(self._training[k])
                draw_class(painter, self.theme, place, label, filled, bool(self._wrong[k]))


def draw_class(
    painter: QPainter, theme: Theme, place: QPointF, label: int, filled: bool = True, wrong: bool = False
) -> None:
    """Draw the mark of a class."""
    radius = theme.px(4.2) + 0.2
    colour, paper = QColor(theme.class_colour(label)), QColor(theme.plot)
    painter.setPen(QPen(paper if filled else colour, 1.0 if filled else 1.7))
    painter.setBrush(colour if filled else paper)
    name = SHAPES[label % len(SHAPES)]
    if name == "circle":
        painter.drawEllipse(place, radius, radius)
    else:
        painter.drawPolygon(shape(name, place, radius))
    if wrong:
        for ring, width in ((theme.plot, 2.6), (theme.text, 1.2)):
            outline(painter, ring, width)
            painter.drawEllipse(place, radius + 3, radius + 3)
