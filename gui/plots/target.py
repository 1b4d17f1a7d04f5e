"""Rings (or dots) over a plot that can be dragged: TargetItems, and their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.look.theme import Stroke, Theme
from gui.plots.axes import FAR, Axes, Plane
from gui.plots.labels import Tags
from gui.plots.lines import dot
from gui.plots.marks import beyond, draw_ring
from gui.plots.painting import outline
from gui.plots.part import InView
from gui.plots.scale import VAST

GRASP = 14.0  # pixels around a handle within which it can be grabbed


@dataclass(frozen=True)
class Handle:
    """A ring (or a `dot`, for data) that can be dragged along "x", along "y" or both ("xy")."""

    key: str
    name: str
    x: float
    y: float
    stroke: Stroke
    free: str = "xy"
    dot: bool = False


class Target(InView, pg.TargetItem):
    """The TargetItem of a `Handle`; `stand` sets its place in axis coordinates.

    Outside the plot it is drawn as an arrowhead at the edge, which can still be grabbed. It does not move
    itself: the panel drags it, with the mouse and with the keys, and emits its values.
    """

    still, inside = False, False  # a ring at the edge is drawn whole

    def __init__(self, theme: Theme, handle: Handle) -> None:
        self.theme, self.handle = theme, handle
        self.at = (0.0, 0.0)
        super().__init__(movable=False)
        self.setAcceptHoverEvents(False)

    def stand(self, x: float, y: float) -> None:
        """Move to axis coordinates, which may be infinite, or NaN if a log axis has no such place."""
        self.at = x, y
        if abs(x) < VAST and abs(y) < VAST:
            self.setPos(x, y)

    def shape(self) -> QPainterPath:
        """Return an empty path: the panel finds the handle that is grabbed, with a margin around the ring."""
        return QPainterPath()

    def hoverEvent(self, event: Any) -> None:
        """Do nothing: the panel sets the shape of the pointer."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        one, colour, panel = self.handle, self.handle.stroke.colour, self.getViewWidget()
        if not (panel.marked or one.dot):
            return
        place, away = spots_at(axes.plane, *self.at)[0], away_from(axes.plane, *self.at)
        if away is not None:
            beyond(painter, place + away, axes.plane.rect, self.theme.px(6), colour, self.theme.plot)
        elif one.dot:
            dot(painter, place.x(), place.y(), self.theme.px(5), colour, self.theme.plot)
        else:
            draw_ring(painter, place, self.theme.px(7), colour, self.theme.plot)
            if live:
                self._draw_ways(painter, place)
        if live and panel.grip == one.key:
            self._draw_choice(painter, place)

    def _draw_ways(self, painter: QPainter, place: QPointF) -> None:
        """Draw short lines in the directions in which the ring can be dragged."""
        painter.setPen(QPen(QColor(self.handle.stroke.colour), 1.4))
        for free, way in (("x", QPointF(1, 0)), ("y", QPointF(0, 1))):
            for side in (-1, 1) if free in self.handle.free else ():
                step = way * side
                painter.drawLine(place + step * self.theme.px(9), place + step * self.theme.px(13))

    def _draw_choice(self, painter: QPainter, place: QPointF) -> None:
        """Draw a second ring around the handle that the keys move."""
        outline(painter, self.theme.accent, 1.6)
        painter.drawEllipse(place, self.theme.px(11), self.theme.px(11))


def spots_at(plane: Plane, x: ArrayLike, y: ArrayLike) -> list[QPointF]:
    """Return where axis coordinates are drawn: inside the plot; if beyond it or infinite, at its edge."""
    rect = plane.rect
    left = plane.px(_within(x, *plane.x)).clip(rect.left(), rect.right())
    down = plane.py(_within(y, *plane.y)).clip(rect.top(), rect.bottom())
    return [QPointF(*place) for place in zip(left.tolist(), down.tolist(), strict=True)]


def _within(at: ArrayLike, low: float, high: float) -> np.ndarray:
    at = np.atleast_1d(np.asarray(at, float))
    return np.where(np.isnan(at), low, at).clip(low, high)


def away_from(plane: Plane, x: float, y: float) -> QPointF | None:
    """Return the vector (pixels) from the edge of the plot to a place outside; None for a place inside."""
    steps = []
    for at, (low, high) in ((x, plane.x), (y, plane.y)):
        hair = 1e-9 * (high - low)
        steps.append(-1.0 if not at >= low - hair else 1.0 if at > high + hair else 0.0)
    return QPointF(FAR * steps[0], -FAR * steps[1]) if any(steps) else None


def spots_of(axes: Axes, handles: Sequence[Handle]) -> list[QPointF]:
    """Return where handles are drawn; all in one call, because there may be many."""
    return spots_at(axes.plane, *axes.coordinates([one.x for one in handles], [one.y for one in handles]))


def spot_of(axes: Axes, one: Handle) -> QPointF:
    """Return where a handle is drawn."""
    return spots_of(axes, [one])[0]


def handle_at(axes: Axes, handles: Sequence[Handle], place: QPointF, scale: float) -> Handle | None:
    """Return the handle nearest to a place, if it is near enough to be grabbed."""
    spots = zip(handles, spots_of(axes, handles), strict=True)
    away = [(hypot(at.x() - place.x(), at.y() - place.y()), -k, one) for k, (one, at) in enumerate(spots)]
    near = [found for found in away if found[0] <= GRASP * scale]
    return min(near, key=lambda found: found[:2])[2] if near else None


def name_handles(axes: Axes, handles: Sequence[Handle], tags: Tags) -> None:
    """Write the names of handles beside them."""
    for one, place in zip(handles, spots_of(axes, handles), strict=True):
        if one.name:
            tags.put(place.x() + tags.theme.px(5), place.y(), one.name, one.stroke.colour)


def keep_off(axes: Axes, handles: Sequence[Handle], tags: Tags) -> None:
    """Let names not cover handles."""
    for one, place in zip(handles, spots_of(axes, handles), strict=True):
        tags.avoid(place.x(), place.y(), tags.theme.px(6 if one.dot else 13))
