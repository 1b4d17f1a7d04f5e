"""What the items of a plot have in common: they paint in pixels of their panel.

pyqtgraph's items paint in data coordinates, where a pen is as wide as the axes make it and a dash
stretches. A part paints in the pixels of its panel, so that the same lines are right on the screen, and on
paper of any size. What is `still` while only the playhead moves is painted once, into a picture that the
panel keeps.
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

EDGE = (-1.0, -1.0, 4.0, 2.0)  # by which the contents of a plot may reach over its edges: half a line

_Change = QGraphicsItem.GraphicsItemChange
TOLD = {  # the changes that pyqtgraph's items act on
    _Change.ItemParentHasChanged,
    _Change.ItemSceneHasChanged,
    _Change.ItemPositionHasChanged,
    _Change.ItemTransformHasChanged,
    _Change.ItemScenePositionHasChanged,
}

Draw = Callable[[QPainter, Axes, bool], None]  # painter, axes, live


class Part:
    """Mixin for an item of pyqtgraph: `draw` paints it, in pixels of the panel."""

    still = True  # kept as a picture while only other things move
    inside = False  # cut at the edges of the plot
    edge = EDGE  # by which it may reach over them

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Paint it over `axes`; `live` on the screen."""
        raise NotImplementedError

    def paint(self: Any, painter: QPainter, *_: object) -> None:
        """Called by Qt; an error is reported, for one that left this method would kill the process."""
        panel = self.getViewWidget()
        if panel is not None and not (panel.live and self.still):
            with reported():
                panel.ready(painter)
                self.draw_within(painter, panel.axes(), panel.live)

    def draw_within(self: Any, painter: QPainter, axes: Axes, live: bool) -> None:
        """Paint it, cut at the edges of the plot where it has to be."""
        with saved(painter):
            if not self.inside:
                self.draw(painter, axes, live)
                return
            with clipped(painter, axes.plane.rect.adjusted(*self.edge)):
                self.draw(painter, axes, live)


class Undisturbed:
    """Mixin for an item of pyqtgraph, which is told of its changes only what it acts on."""

    def itemChange(self: Any, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        """Called by Qt, some ten times for each item that is made; pyqtgraph uses a few of these calls."""
        return super().itemChange(change, value) if change in TOLD else value  # type: ignore[misc]


class InView(Undisturbed, Part):
    """Mixin for a part among the data, cut at the edges of the plot; it may be anywhere in what is seen."""

    inside, edge = True, (0.0, 0.0, 0.0, 0.0)

    def boundingRect(self: Any) -> QRectF:
        """All that is seen."""
        rect = self.viewRect()
        return QRectF() if rect is None else rect

    def update(self: Any, *rest: Any) -> None:
        """Paint again, soon: the panel keeps a picture of what stays."""
        super().update(*rest)  # type: ignore[misc]
        panel = self.getViewWidget()
        if panel is not None and self.still:
            panel.redraw()

    def setVisible(self: Any, on: bool) -> None:
        """Be seen or not, in that picture too."""
        super().setVisible(on)  # type: ignore[misc]
        self.update()

    def setLogMode(self, xState: bool, yState: bool) -> None:
        """Called by PlotItem: the panel and its axes know whether they are logarithmic."""

    def viewTransformChanged(self: Any) -> None:
        """Called by the view that it is in."""
        self._cachedView = None
        self.prepareGeometryChange()


class _Layer(Part):
    """What a method of a panel paints. Whoever paints it owns it, so it is held weakly."""

    def __init__(self: Any, paint: Draw, z: float, still: bool = True) -> None:
        super().__init__()
        self._paint, self.still = WeakMethod(paint), still
        self.setZValue(z)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        paint = self._paint()
        if paint is not None:
            paint(painter, axes, live)


class Layer(_Layer, QGraphicsItem):
    """What lies over or under the data and is no item of pyqtgraph: a grid, names, notes, a readout.

    It is in no ViewBox, so it need not follow one: that makes it cheap, and a page has a hundred.
    """

    def getViewWidget(self) -> Any:
        """The panel that paints it."""
        paint: Any = self._paint()
        return None if paint is None else paint.__self__

    def boundingRect(self) -> QRectF:
        panel = self.getViewWidget()
        return QRectF() if panel is None else panel.paper()


class Inlay(InView, _Layer, pg.GraphicsObject):
    """A layer among the data: `plot.addItem(Inlay(paint, z), ignoreBounds=True)`."""
