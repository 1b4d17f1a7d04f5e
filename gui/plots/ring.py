"""The ring that asks to be dragged, in axis coordinates: a TargetItem."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.plots.axes import Axes
from gui.plots.marks import handle
from gui.plots.part import InView
from gui.theme import Theme

FAR = 1e300  # beyond which the scene cannot reckon


class Ring(InView, pg.TargetItem):
    """TargetItem that its panel drags, with the mouse and with the keys: it does not move by itself."""

    still = False

    def __init__(self, theme: Theme, z: float) -> None:
        self.theme, self.held = theme, False  # held: by the keys, which a second ring shows
        super().__init__(movable=False)
        self.setAcceptHoverEvents(False)
        self.setZValue(z)
        self.hide()

    def stand(self, place: tuple[float, float] | None) -> None:
        """Stand at a place, or nowhere."""
        self.setVisible(place is not None)
        if place is not None and all(abs(part) < FAR for part in place):
            self.setPos(*place)

    def shape(self) -> QPainterPath:
        """Nothing: what is caught is found by the panel, with room around the ring."""
        return QPainterPath()

    def hoverEvent(self, event: Any) -> None:
        """The panel says by the pointer's shape that it can be dragged."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        panel = self.getViewWidget()
        if not panel.marked:
            return
        place, radius = axes.plane.point(*self.pos()), self.theme.px(7)
        handle(painter, place, radius, self.theme.text, self.theme.plot)
        if self.held and panel.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, radius + 4, radius + 4)
