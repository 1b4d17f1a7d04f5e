"""A ring (or a dot) over a plot that can be dragged: a TargetItem."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.plots.annotations import Handle, away_from, draw_ways, spot_of
from gui.plots.axes import Axes
from gui.plots.lines import dot
from gui.plots.marks import beyond
from gui.plots.marks import handle as draw_ring
from gui.plots.part import InView
from gui.plots.scale import Scale
from gui.theme import Theme


class Target(InView, pg.TargetItem):
    """TargetItem at a `Handle`, in axis coordinates: log axes too.

    One that lies outside the plot is an arrowhead at the edge, which can still be caught. The panel drags it,
    with the mouse and with the keys, and tells its values: so it does not move by itself.
    """

    still, inside = False, False  # a ring at the edge is seen whole

    def __init__(self, theme: Theme, handle: Handle) -> None:
        self.theme, self.handle = theme, handle
        super().__init__(movable=False)
        self.setAcceptHoverEvents(False)

    def setHandle(self, handle: Handle, scales: tuple[Scale, Scale]) -> None:
        """Stand at the place of a handle, named and coloured as it is."""
        self.handle = handle
        place = [float(scale.coordinate(at)) for scale, at in zip(scales, (handle.x, handle.y), strict=True)]
        if all(abs(at) < 1e300 for at in place):  # not where a log axis has no such place
            self.setPos(*place)

    def shape(self) -> QPainterPath:
        """Nothing: what is caught is found by the panel, with room around a ring."""
        return QPainterPath()

    def hoverEvent(self, event: Any) -> None:
        """The panel says by the pointer's shape what can be dragged."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        one, colour = self.handle, self.handle.stroke.colour
        place, away = spot_of(axes, one), away_from(axes, one)
        if away is not None:
            beyond(painter, place + away, axes.plane.rect, self.theme.px(6), colour, self.theme.plot)
        elif one.dot:
            dot(painter, place.x(), place.y(), self.theme.px(5), colour, self.theme.plot)
        else:
            draw_ring(painter, place, self.theme.px(7), colour, self.theme.plot)
            draw_ways(painter, self.theme, place, one)
        if live and self.getViewWidget().grip == one.key:
            self._draw_choice(painter, place)

    def _draw_choice(self, painter: QPainter, place: QPointF) -> None:
        """A second ring around the one that the keys move."""
        painter.setPen(QPen(QColor(self.theme.accent), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, self.theme.px(11), self.theme.px(11))
