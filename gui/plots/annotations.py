"""What is set on a plot of curves to be read or dragged: handles, labelled points, shaded ranges."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.plots.axes import FAR, Axes
from gui.plots.labels import Tags
from gui.plots.lines import dot
from gui.plots.painting import CENTRE, faded, put_text, saved
from gui.plots.room import Pixels, bands, free
from gui.plots.scale import FloatArray
from gui.theme import Stroke, Theme

GRASP = 14.0  # pixels around a handle within which it is caught
SHADE = 0.10  # opacity of a shaded range


@dataclass(frozen=True)
class Handle:
    """A ring (or a `dot`: data) that can be dragged: across ("x"), up and down ("y") or both ("xy")."""

    key: str
    name: str
    x: float
    y: float
    stroke: Stroke
    free: str = "xy"
    dot: bool = False


@dataclass(frozen=True)
class Mark:
    """A point with a few words beside it."""

    x: float
    y: float
    text: str
    stroke: Stroke


@dataclass(frozen=True)
class Span:
    """A range of x that is shaded, with a few words at its top."""

    x0: float
    x1: float
    text: str = ""
    stroke: Stroke | None = None


def place_of(axes: Axes, x: float, y: float) -> QPointF | None:
    """Where a point is on the paper; None where a log axis does not have it or it is not finite."""
    across, up = (
        float(scale.coordinate(value)) for scale, value in zip((axes.x, axes.y), (x, y), strict=True)
    )
    if not (abs(across) < 1e300 and abs(up) < 1e300):
        return None
    return axes.plane.point(across, up)


def draw_span(painter: QPainter, theme: Theme, axes: Axes, span: Span, lines: Sequence[Pixels] = ()) -> None:
    """Shade a range of x; its words stand above, or below where `lines` are above."""
    rect, line = axes.plane.rect, QFontMetricsF(painter.font()).height()
    left, right = (
        min(max(float(axes.plane.px(axes.x.coordinate(x))), rect.left()), rect.right())
        for x in (span.x0, span.x1)
    )
    colour = span.stroke.colour if span.stroke else theme.quiet
    if right > left:
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), faded(colour, SHADE))
        painter.setPen(QColor(theme.quiet))
        words = QRectF(left, rect.top() + 2, right - left, line)
        below = words.translated(0, rect.height() - line - 4)
        put_text(painter, below if _better(below, words, lines) else words, CENTRE, span.text)


def _better(place: QRectF, other: QRectF, lines: Sequence[Pixels]) -> bool:
    """Whether lines leave a place free, but not the other one beside which they go."""
    taken = bands(lines, place.left(), place.right())
    return free(taken, place.top(), place.bottom()) and not free(taken, other.top(), other.bottom())


def draw_marks(
    painter: QPainter,
    theme: Theme,
    axes: Axes,
    marks: Sequence[Mark],
    tags: Tags,
) -> None:
    """Draw points, and their words where they cover no other."""
    for mark in marks:
        place = place_of(axes, mark.x, mark.y)
        if place is not None and axes.plane.rect.adjusted(-1, -1, 1, 1).contains(place):
            dot(painter, place.x(), place.y(), theme.px(4), mark.stroke.colour, theme.plot)
            if mark.text:
                tags.put(place.x(), place.y(), mark.text, mark.stroke.colour)


def name_handles(axes: Axes, handles: Sequence[Handle], tags: Tags) -> None:
    """Write the names of handles beside them."""
    theme = tags.theme
    for one, place in zip(handles, spots_of(axes, handles), strict=True):
        tags.avoid(place.x(), place.y(), theme.px(6 if one.dot else 13))
        if one.name:
            tags.put(place.x() + theme.px(5), place.y(), one.name, one.stroke.colour)


def away_from(axes: Axes, one: Handle) -> QPointF | None:
    """Which way a handle lies outside the plot, as pixels from its edge; None for one that lies inside."""
    steps = []
    for place, (low, high) in zip(axes.coordinates(one.x, one.y), (axes.plane.x, axes.plane.y), strict=True):
        at, hair = float(place), 1e-9 * (high - low)
        steps.append(-1.0 if not at >= low - hair else 1.0 if at > high + hair else 0.0)
    return QPointF(FAR * steps[0], -FAR * steps[1]) if any(steps) else None


def draw_ways(painter: QPainter, theme: Theme, place: QPointF, one: Handle) -> None:
    """Short lines to where a ring can be dragged."""
    far, near = theme.px(13), theme.px(9)
    with saved(painter):
        painter.setPen(QPen(QColor(one.stroke.colour), 1.4))
        for across, up in _ways(one.free):
            painter.drawLine(
                place + QPointF(across * near, up * near), place + QPointF(across * far, up * far)
            )


def _ways(free: str) -> list[tuple[int, int]]:
    return [(1, 0), (-1, 0)] * ("x" in free) + [(0, 1), (0, -1)] * ("y" in free)


def spot_of(axes: Axes, one: Handle) -> QPointF:
    """Where a handle is drawn: inside the plot, at its edge where its values are beyond or infinite."""
    return spots_of(axes, [one])[0]


def spots_of(axes: Axes, handles: Sequence[Handle]) -> list[QPointF]:
    """Where handles are drawn; all at once, for there may be many."""
    plane, rect = axes.plane, axes.plane.rect
    places = axes.coordinates([one.x for one in handles], [one.y for one in handles])
    across, up = _within(places[0], *plane.x), _within(places[1], *plane.y)
    left = np.clip(plane.px(across), rect.left(), rect.right()).tolist()
    down = np.clip(plane.py(up), rect.top(), rect.bottom()).tolist()
    return [QPointF(*place) for place in zip(left, down, strict=True)]


def _within(at: FloatArray, low: float, high: float) -> FloatArray:
    """What is beyond the plot, infinite or unknown is at an edge."""
    return np.clip(np.where(np.isnan(at), low, at), low, high)


def handle_at(axes: Axes, handles: Sequence[Handle], place: QPointF, scale: float) -> Handle | None:
    """The handle nearest to a place, if one is near enough to be caught."""
    best, least = None, GRASP * scale
    for one, at in zip(handles, spots_of(axes, handles), strict=True):
        away = hypot(at.x() - place.x(), at.y() - place.y())
        if away <= least:
            best, least = one, away
    return best
