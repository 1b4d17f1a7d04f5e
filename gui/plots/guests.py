"""What a user has added to a plot (`plot.addItem(…)`), in pictures.

A picture in another theme, a large one and those of an animation are painted by a second plot of the same
data: what was added visits it for as long as this takes. And pyqtgraph's pens are as wide as so many pixels
of the device, which is less on finer paper: there they are made wider.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtGui import QPainter, QPen

from gui.plots.part import Part
from gui.plots.plot import HousePlot
from gui.plots.tick_axis import TickAxis


def guests_of(plot: HousePlot) -> list[Any]:
    """Return what a user has added to a plot, in the order of adding."""
    return [item for item in plot.items if not isinstance(item, Part)]


@contextmanager
def visited(plot: HousePlot, home: HousePlot) -> Iterator[None]:
    """Let what was added to the plot `home` be in `plot` meanwhile, with the axes and the grid of that."""
    guests = guests_of(home)
    bounding = [item in home.vb.addedItems for item in guests]
    _show_as(plot, home)
    if home.legend is not None and plot.legend is None:
        plot.addLegend(offset=home.legend.opts["offset"])
        for item in guests:
            if hasattr(item, "name") and item.name():
                plot.legend.addItem(item, item.name())
    if guests:
        plot.vb.reach = home.vb.reach
    try:
        for item in guests:
            home.vb.removeItem(item)
            plot.vb.addItem(item, ignoreBounds=True)
        yield
    finally:
        for item, bounds in zip(guests, bounding, strict=True):
            plot.vb.removeItem(item)
            home.vb.addItem(item, ignoreBounds=not bounds)


def _show_as(plot: HousePlot, home: HousePlot) -> None:
    """Give a plot the grid of another, and the axes with their labels and ticks."""
    plot.gridded = home.gridded
    for side in ("left", "bottom"):
        axis, told = plot.getAxis(side), home.getAxis(side)
        if (axis.labelText, axis.labelUnits) != (told.labelText, told.labelUnits):
            axis.setLabel(told.labelText, told.labelUnits)
        if isinstance(axis, TickAxis) and isinstance(told, TickAxis):
            axis.told = told.told
        if axis.isVisible() != told.isVisible():
            plot.showAxis(side, told.isVisible())


@contextmanager
def at_full_width(plot: HousePlot, painter: QPainter) -> Iterator[None]:
    """Give the pens of what was added, meanwhile, as many pixels of the painter as they have on a screen."""
    scale = abs(painter.deviceTransform().m11())
    items = guests_of(plot) if plot.legend is None else plot.items  # a legend has the pens of its curves
    kept = [] if scale == 1.0 else [found for item in items for found in _pens_of(item)]
    for holder, pens in kept:
        holder.update({key: _widened(pen, scale) for key, pen in pens.items()})
    try:
        yield
    finally:
        for holder, pens in kept:
            holder.update(pens)


def _pens_of(item: Any) -> Iterator[tuple[dict[str, Any], dict[str, QPen]]]:
    """Yield the attributes, and the options, of an item and of the items in it, each with the pens in it."""
    for holder in (getattr(item, "__dict__", None), getattr(item, "opts", None)):
        if isinstance(holder, dict):
            yield holder, {key: pen for key, pen in holder.items() if isinstance(pen, QPen)}
    for child in item.childItems():
        yield from _pens_of(child)


def _widened(pen: QPen, scale: float) -> QPen:
    wide = QPen(pen)
    if pen.isCosmetic():
        wide.setWidthF(max(pen.widthF(), 1.0) * scale)
    return wide
