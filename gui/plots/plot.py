"""One plot over two axes: a PlotItem with the house's view and axes, where its panel wants them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from gui.look.theme import Theme
from gui.plots.auto_button import AutoButton
from gui.plots.axes import Axes
from gui.plots.light_plot import LightPlot
from gui.plots.painting import plain
from gui.plots.part import Part
from gui.plots.tick_axis import TickAxis
from gui.plots.view import PlotView

BEHIND = -140.0  # the axes lie behind the view, so that curves and points at its edges are seen
ABOVE = 0.5  # where they are over it
REACH = 16  # pixels over the edges within which rings that lie on them are seen whole


class HousePlot(LightPlot):
    """PlotItem: `plot.addItem(pg.InfiniteLine(3))`, `plot.setXLink(other)`, `plot.vb` as ever.

    Its own menu is off: the panel has one, in the language of the window.
    """

    def __init__(self, theme: Theme, left: TickAxis | None = None, bottom: TickAxis | None = None) -> None:
        self.theme = theme
        self.gridded = (True, True)  # lines at the ticks of x, of y
        self.logs = (False, False)
        sides = {"left": left or TickAxis("left", theme), "bottom": bottom or TickAxis("bottom", theme)}
        super().__init__(PlotView(), sides)
        for side in sides.values():
            side.setZValue(BEHIND)
        self._reach = theme.px(REACH)
        self.vb.reach, self.vb.accent = self._reach, QColor(theme.accent)
        self.setZValue(1)

    def make_button(self) -> AutoButton:
        return AutoButton(self.theme, self)

    def resizeEvent(self, ev: Any) -> None:
        """Keep the button in its corner."""
        self.autoBtn.place(self.size().height())

    def autoBtnClicked(self) -> None:
        """See everything again (the button A)."""
        self.vb.lookHome()
        self.autoBtn.hide()

    def addItem(self, item: Any, *args: Any, **options: Any) -> None:
        """Add an item of pyqtgraph; items of the house keep to the plot by themselves, others are cut."""
        if not isinstance(item, Part):
            self.vb.reach = 0.0
        super().addItem(item, *args, **options)
        self._follow_logs(item)

    def provide(self, items: list[Any], count: int, make: Callable[[], Any]) -> None:
        """Let a list have as many items as there is to show: they are made, or taken away at its end."""
        while len(items) > count:
            self.removeItem(items.pop())
        while len(items) < count:
            items.append(make())
            self.addItem(items[-1], ignoreBounds=True)

    def exchange(self, items: list[Any], others: list[Any]) -> list[Any]:
        """Take items away, and add others; returns these."""
        for item in items:
            self.removeItem(item)
        for item in others:
            self.addItem(item, ignoreBounds=True)
        return others

    def setAxesAbove(self) -> None:
        """Draw the axes over what is in the plot, as pyqtgraph does: a picture would cover half of them."""
        for side in ("left", "bottom"):
            self.getAxis(side).setZValue(ABOVE)

    # What PlotItem's users call; the panel lays out and paints what it is about

    def setTitle(self, title: str | None = None, **style: Any) -> None:
        """Write a title over the plot, or none: the panel has the room for it."""
        panel = self.getViewWidget()
        if panel is not None:
            panel.title = plain(title or "")

    def showGrid(self, x: bool | None = None, y: bool | None = None, alpha: float | None = None) -> None:
        """Show the lines of the grid along an axis, or not; they are as strong as on all plots."""
        before = self.gridded
        self.gridded = before[0] if x is None else bool(x), before[1] if y is None else bool(y)
        self._redraw()

    def addLegend(self, *arguments: Any, **options: Any) -> Any:
        """A legend that can be moved, with what has a name in the plot already."""
        fresh = self.legend is None
        legend = super().addLegend(*arguments, **{"labelTextColor": self.theme.text} | options)
        for item in self.items if fresh else ():
            if hasattr(item, "opts") and item.opts.get("name"):
                legend.addItem(item, item.opts["name"])
        return legend

    def setLogMode(self, x: bool | None = None, y: bool | None = None) -> None:
        """Axes in decimal logarithms, on plots that can have them; what the user has zoomed stays zoomed."""
        panel = self.getViewWidget()
        if panel is not None:
            panel.switch_logs(x, y)

    def setLogs(self, logs: tuple[bool, bool]) -> None:
        """Called by the panel as its axes change: what is added by `plot.plot(x, y)` follows them."""
        if logs != self.logs:
            self.logs = logs
            for item in self.items:
                self._follow_logs(item)

    def _follow_logs(self, item: Any) -> None:
        if not isinstance(item, Part) and hasattr(item, "setLogMode"):
            item.setLogMode(*self.logs)

    def clear(self) -> None:
        """Take away what has been added; what the page shows stays."""
        for item in self.items[:]:
            if not isinstance(item, Part):
                self.removeItem(item)

    def _redraw(self) -> None:
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

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
