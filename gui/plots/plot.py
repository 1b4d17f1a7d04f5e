"""One plot over two axes: a PlotItem with the house's view and axes, where its panel wants them."""

from typing import Any

from PySide6.QtCore import QRectF

from gui.language import tr
from gui.plots.axes import Axes
from gui.plots.light_plot import LightPlot
from gui.plots.part import Part
from gui.plots.tick_axis import TickAxis
from gui.plots.view import View
from gui.theme import Theme

BEHIND = -140.0  # the axes lie behind the view, so that curves and points at its edges are seen
ABOVE = 0.5  # where they are over it
REACH = 16  # pixels over the edges within which rings that lie on them are seen whole


class Plot(LightPlot):
    """PlotItem: `plot.addItem(pg.InfiniteLine(3))`, `plot.setXLink(other)`, `plot.vb` as ever.

    Its own menu is off: the panel has one, in the language of the window.
    """

    def __init__(self, theme: Theme) -> None:
        sides = {side: TickAxis(side, theme) for side in ("left", "bottom")}
        super().__init__(View(), sides)
        for side in sides.values():
            side.setZValue(BEHIND)
        self._reach = theme.px(REACH)
        self.vb.reach = self._reach
        self.setZValue(1)
        self.autoBtn.setToolTip(tr("Reset zoom"))

    def autoBtnClicked(self) -> None:
        """See everything again (the button A)."""
        self.vb.lookHome()
        self.autoBtn.hide()

    def addItem(self, item: Any, *args: Any, **options: Any) -> None:
        """Add an item of pyqtgraph; items of the house keep to the plot by themselves, others are cut."""
        if not isinstance(item, Part):
            self.vb.reach = 0.0
        super().addItem(item, *args, **options)

    def setAxesAbove(self) -> None:
        """Draw the axes over what is in the plot, as pyqtgraph does: a picture would cover half of them."""
        for side in ("left", "bottom"):
            self.getAxis(side).setZValue(ABOVE)

    def setLogMode(self, x: bool | None = None, y: bool | None = None) -> None:
        """Axes in decimal logarithms; unlike in pyqtgraph, what the user has zoomed stays zoomed."""
        before = self.vb.state["autoRange"][:]
        super().setLogMode(x, y)
        self.vb.state["autoRange"][:] = before

    def place(self, axes: Axes, content: QRectF, size: QRectF) -> None:
        """Put the view where `axes` has it in a panel of a size, and the axes around it into `content`."""
        rect = axes.plane.rect
        left, bottom = self.getAxis("left"), self.getAxis("bottom")
        margins = (content.left(), rect.top(), size.right() - rect.right(), size.bottom() - content.bottom())
        if self.layout.getContentsMargins() != margins:
            self.layout.setContentsMargins(*margins)
        if left.fixedWidth != rect.left() - content.left():
            left.setWidth(rect.left() - content.left())
        if bottom.fixedHeight != content.bottom() - rect.bottom():
            bottom.setHeight(content.bottom() - rect.bottom())
        self.layout.activate()
