"""The bar that explains the colours of a plot: pyqtgraph's ColorBarItem with the ticks of the house."""

from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.plots.axes import Axes
from gui.plots.colours import FieldScale, draw_bar_ticks, table
from gui.plots.part import Part
from gui.plots.picture import colour_map
from gui.theme import Theme

GAP, WIDTH = 10, 11  # pixels from the plot to the bar, and its own


class BarAxis(Part, pg.AxisItem):
    """The numbers beside the bar. Its range is that of the colours, in decimal logarithms on a log scale."""

    def __init__(self, theme: Theme) -> None:
        self.theme, self.scale_shown = theme, FieldScale(0.0, 1.0)
        super().__init__("right", showValues=False)
        self.autoSIPrefix = False
        self.label.hide()

    def updateAutoSIPrefix(self) -> None:
        """No prefixes."""

    def _updateMaxTextSize(self, x: int) -> None:
        """The room is known before anything is painted."""

    def boundingRect(self) -> QRectF:
        """With the room for numbers that reach over its ends."""
        reach = self.theme.px(20)
        return self.mapRectFromParent(self.geometry()).adjusted(0, -reach, reach, reach)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        low, high = self.range
        rect = axes.plane.rect
        left = rect.right() + self.theme.px(GAP + WIDTH)
        side = QRectF(left, rect.top(), axes.outer.right() - left, rect.height())
        draw_bar_ticks(painter, self.theme, side, replace(self.scale_shown, low=low, high=high))


class ColourBar(pg.ColorBarItem):
    """ColorBarItem that only explains: `bar.setColorMap("magma")` and `bar.setLevels` as ever."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        super().__init__(values=(0.0, 1.0), width=theme.px(WIDTH), colorMap=colour_map(table("viridis")),
                         interactive=False, colorMapMenu=False)  # fmt: skip
        for side in ("left", "top", "bottom"):
            self.hideAxis(side)
        self.axis = BarAxis(theme)
        self.setAxisItems({"right": self.axis})
        self.showAxis("right")
        self.axis.unlinkFromView()
        self.axis.setRange(*self.values)
        self.layout.setContentsMargins(0, 0, 0, 0)
        self.vb.borderRect.hide()
        self.vb.border = None  # a picture would hold the path of one without a pen
        self.bar.setTransformationMode(Qt.TransformationMode.SmoothTransformation)

    def setScale(self, scale: FieldScale) -> None:
        """Explain these values."""
        self.axis.scale_shown = scale
        self.setLevels((scale.low, scale.high), update_items=False)

    def place(self, axes: Axes) -> None:
        """Stand at the right of the plot."""
        rect, gap = axes.plane.rect, self.theme.px(GAP)
        room = max(axes.outer.right() - rect.right() - gap, self.theme.px(WIDTH) + 1.0)
        self.axis.setWidth(room - self.theme.px(WIDTH))
        self.setGeometry(QRectF(rect.right() + gap, rect.top(), room, rect.height()))
        self.layout.activate()
