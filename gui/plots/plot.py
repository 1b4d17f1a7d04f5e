"""One plot over two axes: a PlotItem with our own view and axes, laid out by its panel."""

from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
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

BEHIND = -140.0  # the layer of the axes: behind the view, so that they do not cover curves at its edges
ABOVE = 0.5  # the layer of axes that are over the view
BESIDE = 48  # pixels: the width of an axis at the right, twice the height of one at the top
REACH = 16  # pixels over the edges, so that rings on them are drawn whole


class HousePlot(LightPlot):
    """A PlotItem: `plot.addItem(pg.InfiniteLine(3))`, `plot.setXLink(other)`, `plot.vb` work as in pyqtgraph.

    pyqtgraph's menu is off: the panel has one, in the language of the window.
    """

    def __init__(self, theme: Theme, left: TickAxis | None = None, bottom: TickAxis | None = None) -> None:
        self.theme = theme
        self.gridded = (True, True)  # whether there are grid lines at the ticks of x, of y
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
        """Show everything again (the button A)."""
        self.vb.lookHome()
        self.autoBtn.hide()

    def addItem(self, item: Any, *args: Any, **options: Any) -> None:
        """Add an item; our own items stay inside the plot by themselves, those of pyqtgraph are clipped."""
        if not isinstance(item, Part):
            self.vb.reach = 0.0
        super().addItem(item, *args, **options)
        self._follow_logs(item)

    def provide(self, items: list[Any], count: int, make: Callable[[], Any]) -> None:
        """Bring a list of items to the length `count`: new ones are made, or the last ones removed."""
        while len(items) > count:
            self.removeItem(items.pop())
        while len(items) < count:
            items.append(make())
            self.addItem(items[-1], ignoreBounds=True)

    def exchange(self, items: list[Any], others: list[Any]) -> list[Any]:
        """Remove items, add others, and return these."""
        for item in items:
            self.removeItem(item)
        for item in others:
            self.addItem(item, ignoreBounds=True)
        return others

    def setAxesAbove(self) -> None:
        """Draw the axes over the contents, as pyqtgraph does: a picture would cover half of their width."""
        for side in ("left", "bottom"):
            self.getAxis(side).setZValue(ABOVE)

    # Methods that users of PlotItem call; the panel lays out and paints

    def setTitle(self, title: str | None = None, **style: Any) -> None:
        """Write a title over the plot, or none; the panel makes room for it."""
        panel = self.getViewWidget()
        if panel is not None:
            panel.title = plain(title or "")

    def showGrid(self, x: bool | None = None, y: bool | None = None, alpha: float | None = None) -> None:
        """Show or hide the grid lines of an axis; `alpha` is ignored: all plots have the same grid."""
        before = self.gridded
        self.gridded = before[0] if x is None else bool(x), before[1] if y is None else bool(y)
        self._redraw()

    def addLegend(self, *arguments: Any, **options: Any) -> Any:
        """Add a legend that can be moved, with the items that already have a name."""
        fresh = self.legend is None
        legend = super().addLegend(*arguments, **{"labelTextColor": self.theme.text} | options)
        for item in self.items if fresh else ():
            if hasattr(item, "opts") and item.opts.get("name"):
                legend.addItem(item, item.opts["name"])
        return legend

    def setLogMode(self, x: bool | None = None, y: bool | None = None) -> None:
        """Make axes logarithmic (base 10), on plots that allow it; a zoom of the user is kept."""
        panel = self.getViewWidget()
        if panel is not None:
            panel.switch_logs(x, y)

    def setLogs(self, logs: tuple[bool, bool]) -> None:
        """Pass on to items of `plot.plot(x, y)` whether the axes are logarithmic; called by the panel."""
        if logs != self.logs:
            self.logs = logs
            for item in self.items:
                self._follow_logs(item)

    def _follow_logs(self, item: Any) -> None:
        if not isinstance(item, Part) and hasattr(item, "setLogMode"):
            item.setLogMode(*self.logs)

    def updateDownsampling(self) -> None:
        """Pass `setDownsampling` and `setClipToView` on; our own curves are thinned by themselves."""
        self._pass_on(super().updateDownsampling)

    def updateSpectrumMode(self, b: bool | None = None) -> None:
        """Show what was added as its spectrum, or not; called when a state is restored."""
        self._pass_on(super().updateSpectrumMode, b)

    def updateAlpha(self, *_: object) -> None:
        """Make what was added transparent; called when a state is restored."""
        self._pass_on(super().updateAlpha)

    def _pass_on(self, method: Callable[..., None], *values: object) -> None:
        """Call a method of PlotItem that expects every curve to be a PlotDataItem."""
        every, self.curves = (
            self.curves,
            [curve for curve in self.curves if isinstance(curve, pg.PlotDataItem)],
        )
        try:
            method(*values)
        finally:
            self.curves = every

    def clear(self) -> None:
        """Remove the items that were added from outside; those of the page stay."""
        for item in self.items[:]:
            if not isinstance(item, Part):
                self.removeItem(item)

    def _redraw(self) -> None:
        panel = self.getViewWidget()
        if panel is not None:
            panel.redraw()

    def showAxis(self, axis: str, show: bool = True) -> None:
        """Show an axis ("left", "bottom", "right", "top"), or hide it."""
        super().showAxis(axis, show)
        item = self.getAxis(axis)
        if axis == "right" and item.fixedWidth is None:  # known before it is painted, as that of the others
            item.setWidth(self.theme.px(BESIDE))
        elif axis == "top" and item.fixedHeight is None:
            item.setHeight(self.theme.px(BESIDE) / 2)
        self._redraw()

    def room_of(self, side: str) -> float:
        """Return how many pixels the axis at the right or at the top takes; 0 if it is not shown."""
        axis = self.axes[side]["item"] if side in self.axes else None
        if axis is None or not axis.isVisible():
            return 0.0
        return float(axis.minimumWidth() if side == "right" else axis.minimumHeight())

    def place(self, axes: Axes, content: QRectF, size: QRectF) -> None:
        """Put the view where `axes` says in a panel of `size`, and the axes around it into `content`.

        An axis that is hidden takes no room in the layout.
        """
        rect = axes.plane.rect
        left, bottom = self.getAxis("left"), self.getAxis("bottom")
        margins = (
            content.left() if left.isVisible() else rect.left(),
            rect.top() - self.room_of("top"),
            size.right() - rect.right() - self.room_of("right"),
            size.bottom() - (content.bottom() if bottom.isVisible() else rect.bottom()),
        )
        if self.layout.getContentsMargins() != margins:
            self.layout.setContentsMargins(*margins)
        if left.fixedWidth != rect.left() - content.left():
            left.setWidth(rect.left() - content.left())
        if bottom.fixedHeight != content.bottom() - rect.bottom():
            bottom.setHeight(content.bottom() - rect.bottom())
        self.layout.activate()
