"""The zoomed ranges of the plots of a view.

They are kept when the widgets are made again, after *Undo* or with another theme.
"""

from typing import Any

from PySide6.QtWidgets import QWidget

from gui.plots.zoom import ZoomPanel
from gui.screen.playback import Playback
from gui.screen.spots import spot_of

Sights = dict[Any, Any]  # ranges, by plot and by its content


def sights_of(view: QWidget, before: Sights) -> Sights:
    """Return the zoom of a view now, together with that `before` of other contents of its plots."""
    found = dict(before)
    for plot in view.findChildren(ZoomPanel):
        if plot.zoomed:
            found[_key(plot, view)] = plot.ranges
        elif found:
            found.pop(_key(plot, view), None)
    return found


def see_again(view: QWidget, sights: Sights) -> Sights:
    """Restore the zoom of the plots of a view; return the rest, which belongs to other contents."""
    left = dict(sights)
    for plot in view.findChildren(ZoomPanel):
        ranges = left.pop(_key(plot, view), None) if left else None
        if ranges is not None:
            plot.look_at(ranges)
    return left


def _key(plot: ZoomPanel, view: QWidget) -> object:
    """Return the key of a plot and its content."""
    return spot_of(plot, view), plot.sight


class KeptSights:
    """The zoom that is restored once the plots have the content that they had with it."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self.expect()

    def expect(self) -> None:
        """Restore the zoom that the plots had when they last showed the coming content."""
        self._config, self._left = self._playback.config, self._playback.sights

    def see(self, view: QWidget) -> None:
        """Restore it where the plots have the same content by now; not after an edit."""
        if self._left:
            same = self._config == self._playback.config
            self._left = see_again(view, self._left) if same else {}
