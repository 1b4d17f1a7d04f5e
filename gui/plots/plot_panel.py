"""A panel over two axes: a PlotItem, what is painted around and over it, and the picture kept of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QGraphicsItem, QWidget

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.grid import draw_grid
from gui.plots.painting import picture_of, reported
from gui.plots.panel import Panel
from gui.plots.part import Layer, Part
from gui.plots.plot import HousePlot
from gui.plots.scale import Scale
from gui.plots.sheet import Drawing
from gui.plots.tick_axis import TickAxis
from gui.plots.view import Ranges

NO_CONTENTS = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
# where the kept picture lies among the items, and what moves over it
UNDER, OVER, FRONT = -1000.0, 50.0, 100.0


class Side:
    """The scale along a side of a plot, with the name that `plot.setLabel(side, …)` has given it, if any."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, panel: "PlotPanel", kind: type) -> Scale:
        scale: Scale = panel._scales[self.name]
        return panel.plot.getAxis(self.name).named(scale) if panel.made else scale

    def __set__(self, panel: "PlotPanel", scale: Scale) -> None:
        panel._scales[self.name] = scale


class PlotPanel(Panel):
    """Base of the plots over two axes: `plot` is pyqtgraph's PlotItem.

    What stands where is found by `_lay_out` before anything is painted. Items that stay while only the
    playhead moves (`Part.still`) are painted into one picture: `redraw` paints it anew, `update` what moves.
    """

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self._scales = {"bottom": Scale(), "left": Scale()}
        self._layer: QPixmap | None = None
        self._placed: Axes | None = None
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._drawing.setZValue(UNDER)

    @property
    def made(self) -> bool:
        """Whether the plot is there: many on a page are never seen, and it takes most of the time."""
        return "plot" in self.__dict__

    @cached_property
    def plot(self) -> HousePlot:
        """pyqtgraph's PlotItem, with all that is in it; made when it is first seen or asked for."""
        try:
            return self._make_plot()
        except AttributeError as error:  # Python would ask `__getattr__` then, and forget what was missing
            raise RuntimeError(f"The plot of {type(self).__name__} cannot be made: {error}") from error

    def _make_plot(self) -> HousePlot:
        """Make the plot and its items; while these are made, they already ask for the plot."""
        plot = self.__dict__["plot"] = HousePlot(self.theme, **self._sides())
        self.addItem(plot, 0, 0)
        self.ci.itemBorders[plot].hide()  # it has no pen, but a picture would hold its path
        self._kept = Drawing(self._paint_kept, self.paper)
        self._kept.setZValue(UNDER)
        self._kept.setParentItem(plot)
        self._add_layers()
        self._join(plot)
        return plot

    if not TYPE_CHECKING:  # with it mypy would believe that a panel has an attribute of every name

        def __getattr__(self, name: str) -> Any:
            """What Python asks for a name that the panel does not have (yet).

            `_add_layers` and `_join` give the panel its items, such as `playhead`. Whoever asks for one of
            them before the plot is there has it made by that. Until `__init__` is over nothing can be made.
            """
            if "_placed" in self.__dict__ and not self.made:
                _ = self.plot
                return getattr(self, name)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def _sides(self) -> dict[str, TickAxis]:
        """The axes that are not ordinary ones: "left", "bottom"."""
        return {}

    def _join(self, plot: HousePlot) -> None:
        """Hear what the plot tells, once it is there."""
        plot.vb.sigRangeChanged.connect(self.redraw)

    def _add_layers(self) -> None:
        """Add what the plot consists of."""
        self._add_layer(Layer(self._draw_under, UNDER + 1))
        self._add_layer(Layer(self._draw_over, 0.0))
        self._add_layer(Layer(self._draw_hands, OVER, still=False))

    def _add_layer(self, layer: Layer) -> None:
        layer.setParentItem(self.plot)

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what lies under the data."""
        draw_grid(painter, self.theme, axes, self.plot.gridded)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what lies over the data and beside them."""

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what follows the mouse and the keys."""

    def _parts(self) -> list[Any]:
        """The items that stay, from back to front."""
        return [item for item in seen_below(self.plot) if isinstance(item, Part) and item.still]

    x_axis, y_axis = Side("bottom"), Side("left")

    @property
    def ranges(self) -> Ranges:
        """What is seen, in axis coordinates."""
        return self.plot.vb.ranges

    # What stands where

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        """Decide what stands where in `rect`."""
        raise NotImplementedError

    def axes(self) -> Axes:
        """What stands where now: on the screen, or on the paper that is painted."""
        if self._placed is None:
            self._placed = self._lay_out(self.content, self.live)
            self._place(self._placed)
        return self._placed

    def _place(self, axes: Axes) -> None:
        """Put the items of pyqtgraph that have a place of their own where `axes` wants them."""
        self.plot.place(axes, self.content, self.paper())

    def things_room(self) -> QRectF:
        return self.axes().plane.rect

    def redraw(self) -> None:
        """Draw everything anew, what stays too."""
        self._layer = self._placed = None
        self.update()

    def _resized(self) -> None:
        self.redraw()

    def _settle(self) -> None:
        """Find what stands where on other paper; afterwards, on the screen: what is painted there again."""
        self._placed = None
        for part in self._parts():
            part.setFlag(NO_CONTENTS, False)
        super()._settle()
        if self.live:
            for part in self._parts():
                part.setFlag(NO_CONTENTS, True)
        self.axes()

    # Painting

    def _arrange(self) -> None:
        """Bring the items to their places. What moves while it is painted, Qt would paint once more."""
        self.axes()
        if self._layer is None:
            for part in self._parts():
                part.setFlag(NO_CONTENTS, True)  # Qt need not ask it at each picture: it is in the kept one

    def flush(self) -> None:
        if self.isVisible():
            self._arrange()
        super().flush()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._arrange()
        super().paintEvent(event)

    def _paint_kept(self, painter: QPainter) -> None:
        if self.live:
            self._layer = self._layer or picture_of(self, self._paint_still)
            painter.drawPixmap(0, 0, self._layer)

    def _paint_still(self, painter: QPainter) -> None:
        """Paint what stays into the picture that is kept of it."""
        self.ready(painter)
        for part in self._parts():
            with reported():  # the others are seen, and it is told once, not with every picture
                part.draw_within(painter, self.axes(), True)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        """Below the title it is the scene that paints."""


def seen_below(item: Any) -> Iterator[Any]:
    """All that is visible in an item of a scene, from back to front."""
    for child in item.childItems():  # in the order in which they are painted
        if child.isVisible() and child.opacity():
            yield child
            yield from seen_below(child)
