"""What a user has chosen to see of the plots of a view: the parts that are zoomed in.

It outlives the widgets, which are made anew when something is taken back, or with another theme.
"""

from typing import Any

from PySide6.QtWidgets import QWidget

from gui.plots.zoom import ZoomPanel
from gui.screen.spots import spot_of

Sights = dict[Any, Any]  # ranges, by plot and by what there is to see in it


def sights_of(view: QWidget, before: Sights) -> Sights:
    """What is seen in a view now; what was seen `before` of other things in its plots is still known."""
    found = dict(before)
    for plot in view.findChildren(ZoomPanel):
        if plot.zoomed:
            found[_key(plot, view)] = plot.ranges
        elif found:
            found.pop(_key(plot, view), None)
    return found


def see_again(view: QWidget, sights: Sights) -> Sights:
    """Zoom the plots of a view as they were; returns what belongs to nothing that they show."""
    left = dict(sights)
    for plot in view.findChildren(ZoomPanel):
        ranges = left.pop(_key(plot, view), None) if left else None
        if ranges is not None:
            plot.look_at(ranges)
    return left


def _key(plot: ZoomPanel, view: QWidget) -> object:
    """A plot and what one can see in it."""
    return spot_of(plot, view), plot.sight
