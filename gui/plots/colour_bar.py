"""The bar that explains the colours of a plot: pyqtgraph's ColorBarItem with our own ticks."""

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.colours import FieldScale, colour_map, draw_bar_ticks
from gui.plots.light_plot import LightPlot
from gui.plots.part import Part, Undisturbed
from gui.plots.picture import UPSIDE_DOWN
from gui.plots.tick_axis import HouseAxis

GAP, WIDTH = 10, 11  # pixels from the plot to the bar, and the width of the bar


class BarAxis(HouseAxis):
    """The numbers beside the bar. Its range is that of the colours, in decimal logarithms on a log scale."""

    def __init__(self, theme: Theme) -> None:
        self.scale_shown = FieldScale(0.0, 1.0)
        super().__init__("right", theme)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        low, high = self.range
        rect = axes.plane.rect
        left = rect.right() + self.theme.px(GAP + WIDTH)
        side = QRectF(left, rect.top(), axes.outer.right() - left, rect.height())
        draw_bar_ticks(painter, self.theme, side, replace(self.scale_shown, low=low, high=high))


class Ramp(Undisturbed, Part, pg.GraphicsObject):
    """The colours of the bar. They are part of the kept picture: scaling them for each frame is slow."""

    def __init__(self, theme: Theme) -> None:
        self.theme, self._pixmap = theme, QPixmap()
        super().__init__()

    def setPixmap(self, pixmap: QPixmap) -> None:
        """Called by ColorBarItem: one column of colours, the lowest value first."""
        self._pixmap = pixmap
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

    def boundingRect(self) -> QRectF:
        return QRectF(0.0, 0.0, 1.0, 256.0)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        rect, px = axes.plane.rect, self.theme.px
        colours = self._pixmap.toImage().transformed(UPSIDE_DOWN)
        painter.drawImage(QRectF(rect.right() + px(GAP), rect.top(), px(WIDTH), rect.height()), colours)


class ColourBar(pg.ColorBarItem, LightPlot):
    """A ColorBarItem that only explains; `bar.setColorMap("magma")` and `bar.setLevels` still work."""

    bar: Any  # the colours: in ColorBarItem a pixmap item, here a Ramp

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        options: Any = {
            "values": (0.0, 1.0),
            "width": theme.px(WIDTH),
            "interactive": False,
            "colorMap": colour_map("viridis"),
            "colorMapMenu": False,
        }
        super().__init__(**options)
        for side in ("left", "top", "bottom"):
            self.hideAxis(side)
        self.axis = BarAxis(theme)
        self.setAxisItems({"right": self.axis})
        self.showAxis("right")
        self.axis.unlinkFromView()
        self.axis.setRange(*self.values)
        self.layout.setContentsMargins(0, 0, 0, 0)
        self.vb.borderRect.hide()
        self.vb.border = None  # a vector picture would contain its path, even without a pen
        self.removeItem(self.bar)
        self.bar = Ramp(theme)
        self.addItem(self.bar)
        self.setColorMap(self.colorMap())

    def setScale(self, scale: FieldScale) -> None:
        """Explain the colours of this scale."""
        self.axis.scale_shown = scale
        self.setLevels((scale.low, scale.high), update_items=False)

    def place(self, axes: Axes) -> None:
        """Move to the right of the plot."""
        rect, gap = axes.plane.rect, self.theme.px(GAP)
        room = max(axes.outer.right() - rect.right() - gap, self.theme.px(WIDTH) + 1.0)
        self.axis.setWidth(room - self.theme.px(WIDTH))
        self.setGeometry(QRectF(rect.right() + gap, rect.top(), room, rect.height()))
        self.layout.activate()
