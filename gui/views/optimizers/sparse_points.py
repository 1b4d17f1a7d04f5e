"""A plot of features: what each has as a point of its own, for between two features there is nothing."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import SOLID
from gui.plots.axes import Axes
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.line import Line

LINES = ("truth", "chance")  # what is laid down for every rank by one formula


class Points(Line):
    """The values of a curve as points: full where its line would be solid, else rings."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        x, y = self.pixels(axes)
        full, colour = self.stroke.dash == SOLID, QColor(self.stroke.colour)
        rim = QPen(QColor(self.theme.plot) if full else colour, 1.0 if full else 1.4 * self.theme.scale)
        painter.setPen(rim)
        painter.setBrush(colour if full else QColor(self.theme.plot))
        radius = 2.2 * self.width * self.theme.scale
        painter.setOpacity(self.curve.alpha)
        for k in np.flatnonzero(np.isfinite(y)).tolist():
            if axes.plane.rect.contains(float(x[k]), float(y[k])):
                painter.drawEllipse(QPointF(x[k], y[k]), radius, radius)
        painter.setOpacity(1.0)


class FeaturesPanel(CurvesPanel):
    """Curves over the ranks of features."""

    def _kind_of(self, curve: Curve) -> type[Line]:
        return Line if curve.key in LINES else Points
