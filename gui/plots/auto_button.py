"""The button A in the lower left corner of a plot that is zoomed: it shows everything again."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.painting import reported, saved
from gui.plots.part import Undisturbed

SIZE = 17  # pixels
EDGE = 3  # pixels to the edges of the panel


class AutoButton(Undisturbed, pg.ButtonItem):
    """A ButtonItem in the colours of the theme; that of pyqtgraph is a picture of fixed colours."""

    def __init__(self, theme: Theme, plot: pg.PlotItem) -> None:
        pg.GraphicsObject.__init__(self)
        self.enabled, self.theme, self._width = True, theme, theme.px(SIZE)
        self.setToolTip(tr("Reset zoom"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._hovered = False
        self.setParentItem(plot)
        self.hide()

    def hoverEvent(self, ev: Any) -> None:
        """Highlight the button while the mouse is over it."""
        self._hovered = not ev.isExit()
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        theme, spot = self.theme, self.boundingRect().adjusted(0.5, 0.5, -0.5, -0.5)
        with reported(), saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent if self._hovered else theme.hairline), 1))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(spot, 3, 3)
            painter.setFont(theme.font(theme.px(11)))
            painter.setPen(QColor(theme.accent if self._hovered else theme.text))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, "A")

    def boundingRect(self) -> QRectF:
        return QRectF(0.0, 0.0, self._width, self._width)

    def place(self, height: float) -> None:
        """Move to the corner of a plot of this height."""
        self.setPos(EDGE, height - self._width - EDGE)
