"""The common base of the items of a plot: they paint in pixels of their panel.

pyqtgraph's items paint in data coordinates, in which the axes stretch pens and dashes. A part paints in the
pixels of its panel, so that the same lines are right on the screen and on paper of any size. A part that is
`still` does not change while only the playhead moves: it is painted once, into a picture that the panel
keeps.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.axes import Axes
from gui.plots.painting import clipped, reported, saved

EDGE = (-1.0, -1.0, 4.0, 2.0)  # pixels by which the contents may reach over the edges: half a line

_Change = QGraphicsItem.GraphicsItemChange
TOLD = {  # the changes that pyqtgraph's items need to know
    _Change.ItemParentHasChanged,
    _Change.ItemSceneHasChanged,
    _Change.ItemPositionHasChanged,
    _Change.ItemTransformHasChanged,
    _Change.ItemScenePositionHasChanged,
}

Draw = Callable[[QPainter, Axes, bool], None]  # painter, axes, live


class Part:
    """A mixin for an item of pyqtgraph: `draw` paints it, in pixels of the panel."""

    still = True  # whether it is part of the kept picture
    inside = False  # whether it is cut at the edges of the plot
    edge = EDGE  # pixels by which it may reach over them

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Paint it over `axes`; `live` on the screen."""
        raise NotImplementedError

    def paint(self: Any, painter: QPainter, *_: object) -> None:
        """Paint; called by Qt. An error is reported: raised out of this method, it would end the process."""
        panel = self.getViewWidget()
        if panel is not None and not (panel.live and self.still):
            with reported():
                panel.ready(painter)
                self.draw_within(painter, panel.axes(), panel.live)

    def draw_within(self: Any, painter: QPainter, axes: Axes, live: bool) -> None:
        """Paint it, cut at the edges of the plot if it is `inside`."""
        within = axes.plane.rect.adjusted(*self.edge) if self.inside else None
        with saved(painter) if within is None else clipped(painter, within):
            self.draw(painter, axes, live)


class Undisturbed:
    """A mixin for an item of pyqtgraph, which passes on only the changes that the item needs to know."""

    def itemChange(self: Any, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Handle a change. Qt calls this about ten times for each new item; pyqtgraph needs few of them."""
        return super().itemChange(change, value) if change in TOLD else value  # type: ignore[misc]


class InView(Undisturbed, Part):
    """A mixin for a part among the data, cut at the edges of the plot; it may be anywhere in the view."""

    inside, edge = True, (0.0, 0.0, 0.0, 0.0)

    def boundingRect(self: Any) -> QRectF:
        """Return the whole visible range."""
        rect = self.viewRect()
        return QRectF() if rect is None else rect

    def update(self: Any, *rest: Any) -> None:
        """Ask to be painted again, also in the picture that the panel keeps."""
        super().update(*rest)  # type: ignore[misc]
        panel = self.getViewWidget()
        if panel is not None and self.still:
            panel.redraw()

    def setVisible(self: Any, on: bool) -> None:
        """Show or hide it, also in the picture that the panel keeps."""
        super().setVisible(on)  # type: ignore[misc]
        self.update()

    def setLogMode(self, xState: bool, yState: bool) -> None:
        """Do nothing; called by PlotItem. The panel and its axes know whether they are logarithmic."""

    def viewTransformChanged(self: Any) -> None:
        """Handle another range of the view; called by the view."""
        self._cachedView = None
        self.prepareGeometryChange()


class _Layer(Part):
    """A layer that a method of a panel paints. The panel owns the layer, so the method is held weakly."""

    def __init__(self: Any, paint: Draw, z: float, still: bool = True) -> None:
        super().__init__()
        self._paint, self.still = WeakMethod(paint), still
        self.setZValue(z)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        paint = self._paint()
        if paint is not None:
            paint(painter, axes, live)


class Layer(_Layer, QGraphicsItem):
    """A layer over or under the data that is no item of pyqtgraph: a grid, names, notes, a readout.

    It is in no ViewBox and need not follow one. That makes it cheap, and a page has a hundred of them.
    """

    def getViewWidget(self) -> Any:
        """Return the panel that paints it."""
        paint: Any = self._paint()
        return None if paint is None else paint.__self__

    def boundingRect(self) -> QRectF:
        panel = self.getViewWidget()
        return QRectF() if panel is None else panel.paper()


class Inlay(InView, _Layer, pg.GraphicsObject):
    """A layer among the data: `plot.addItem(Inlay(paint, z), ignoreBounds=True)`."""
