"""A panel over two axes: a PlotItem, what is painted around and over it, and its kept picture."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QGraphicsItem

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.drawing import Drawing
from gui.plots.grid import draw_grid
from gui.plots.painting import picture_of, reported
from gui.plots.panel import Panel
from gui.plots.part import Layer, Part
from gui.plots.plot import HousePlot
from gui.plots.scale import Scale
from gui.plots.tick_axis import TickAxis
from gui.plots.view import Ranges

NO_CONTENTS = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents
# the layers of the kept picture, and of what moves over it
UNDER, OVER, FRONT = -1000.0, 50.0, 100.0


class Side:
    """The scale along a side of a plot, with the name from `plot.setLabel(side, …)`, if there is one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, panel: "PlotPanel", kind: type) -> Scale:
        scale: Scale = panel._scales[self.name]
        return panel.plot.getAxis(self.name).named(scale) if panel.made else scale

    def __set__(self, panel: "PlotPanel", scale: Scale) -> None:
        panel._scales[self.name] = scale


class PlotPanel(Panel):
    """Base of the plots over two axes: `plot` is pyqtgraph's PlotItem.

    `_lay_out` computes all places before anything is painted. Items that do not change while only the
    playhead moves (`Part.still`) are painted into one kept picture: `redraw` paints it again, `update` only
    the moving parts.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._scales = {"bottom": Scale(), "left": Scale()}
        self._layer: QPixmap | None = None
        self._placed: Axes | None = None
        self._arranged = (
            False  # whether all items are in their places already, so that painting need not move them
        )
        self._found: list[Any] = []  # the still items, from their arrangement to their painting
        self.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._drawing.setZValue(UNDER)

    @property
    def made(self) -> bool:
        """Whether the PlotItem has been made: it takes most of the time, and many plots are never visible."""
        return "plot" in self.__dict__

    @cached_property
    def plot(self) -> HousePlot:
        """pyqtgraph's PlotItem with its contents; made when it is first used."""
        try:
            return self._make_plot()
        except AttributeError as error:  # Python would then call `__getattr__`, and hide this error
            raise RuntimeError(f"The plot of {type(self).__name__} cannot be made: {error}") from error

    def _make_plot(self) -> HousePlot:
        """Make the plot and its items, which already use the plot while they are made."""
        plot = self.__dict__["plot"] = HousePlot(self.theme, **self._sides())
        self.addItem(plot, 0, 0)
        self.ci.itemBorders[plot].hide()  # it has no pen, but a vector picture would contain its path
        self._kept = Drawing(self._paint_kept, self.paper)
        self._kept.setZValue(UNDER)
        self._kept.setParentItem(plot)
        self._add_layers()
        self._join(plot)
        return plot

    if not TYPE_CHECKING:  # else mypy would accept every attribute name of a panel

        def __getattr__(self, name: str) -> Any:
            """Return an attribute that does not exist yet: make the plot first. Called by Python.

            `_add_layers` and `_join` set the items of the panel, such as `playhead`. The first use of one
            of them makes the plot. Until `__init__` has ended, nothing can be made.
            """
            if "_placed" in self.__dict__ and not self.made:
                _ = self.plot
                return getattr(self, name)
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def _sides(self) -> dict[str, TickAxis]:
        """Return the axes of a special kind, by "left" or "bottom"."""
        return {}

    def _join(self, plot: HousePlot) -> None:
        """Connect to the signals of the plot, once it is made."""
        plot.vb.sigRangeChanged.connect(self.redraw)

    def _add_layers(self) -> None:
        """Add the items of the plot."""
        self._add_layer(Layer(self._draw_under, UNDER + 1))
        self._add_layer(Layer(self._draw_over, 0.0))
        self._add_layer(Layer(self._draw_hands, OVER, still=False))

    def _add_layer(self, layer: Layer) -> None:
        layer.setParentItem(self.plot)

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what is under the data."""
        draw_grid(painter, self.theme, axes, self.plot.gridded)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what is over and beside the data."""

    def _draw_hands(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what follows the mouse and the keys."""

    def _parts(self) -> list[Any]:
        """Return the still items, from back to front."""
        return [item for item in seen_below(self.plot) if isinstance(item, Part) and item.still]

    x_axis, y_axis = Side("bottom"), Side("left")

    @property
    def ranges(self) -> Ranges:
        """The visible ranges, in axis coordinates."""
        return self.plot.vb.ranges

    # Layout

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        """Return the layout of the axes in `rect`."""
        raise NotImplementedError

    def axes(self) -> Axes:
        """The present layout: of the screen, or of the paper that is being painted."""
        if self._placed is None:
            self._placed = self._lay_out(self.content, self.live)
            self._place(self._placed)
        return self._placed

    def _place(self, axes: Axes) -> None:
        """Move those items of pyqtgraph that have their own place, such as the view, to the layout `axes`."""
        self.plot.place(axes, self.content, self.paper())

    def things_room(self) -> QRectF:
        return self.axes().plane.rect

    def redraw(self) -> None:
        """Paint everything again, including the kept picture."""
        self._layer = self._placed = None
        self.update()

    def _resized(self) -> None:
        self.redraw()

    def _settle(self) -> None:
        """Compute the layout for another paper; afterwards, again for the screen."""
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
        """Move the items to their places before painting; if they moved during it, Qt would paint twice."""
        self.axes()
        if self._layer is None:
            self._found = self._parts()
            for part in self._found:
                part.setFlag(NO_CONTENTS, True)  # Qt need not paint it: it is in the kept picture

    def flush(self) -> None:
        if self.isVisible():
            self._arrange()
            self._arranged = True
        try:
            super().flush()
        finally:
            self._arranged = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._arranged:
            self._arrange()
        super().paintEvent(event)

    def _paint_kept(self, painter: QPainter) -> None:
        if self.live:
            self._layer = self._layer or picture_of(self, self._paint_still)
            painter.drawPixmap(0, 0, self._layer)

    def _paint_still(self, painter: QPainter) -> None:
        """Paint the still items into the kept picture."""
        self.ready(painter)
        axes = self.axes()
        for part in self._found:
            with reported():  # the other items are painted, and the error is reported only once
                part.draw_within(painter, axes, True)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        """Draw nothing below the title: the scene paints that."""


def seen_below(item: Any) -> Iterator[Any]:
    """Yield all visible items in an item of a scene, from back to front."""
    for child in item.childItems():  # in the order of painting
        if child.isVisible() and child.opacity():
            yield child
            yield from seen_below(child)
