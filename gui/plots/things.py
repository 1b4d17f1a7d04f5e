"""The things of a plot that a formula can refer to: each has a key, a name and a value, and can be lit.

Lines and areas are in pixels of the panel, as arrays in which NaN separates the pieces.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from math import inf
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.look.theme import Stroke
from gui.plots.lines import BUSY, draw_line, pieces, polygon, travel
from gui.plots.painting import clipped, faded
from gui.plots.room import Pixels
from gui.plots.scale import FloatArray

REACH = 7.0  # pixels around a thing within which it is pointed at
HALO, CORE = 9.0, 3.2  # widths in pixels of the two lines that light a thing: the soft and the strong one
ALL = ""  # the key of the plot itself


@dataclass(eq=False)
class Thing:
    """One thing of a plot, as it is drawn now. If `closed` it is an area, not a line. The value is a text.

    The colour is "" if it has none of its own. Its place, x and y, is computed when it is used.
    """

    name: str
    colour: str
    outline: Callable[[], Pixels]
    closed: bool = False
    value: str = ""

    @cached_property
    def _pixels(self) -> Pixels:
        return self.outline()

    @property
    def x(self) -> FloatArray:
        """The horizontal pixels."""
        return self._pixels[0]

    @property
    def y(self) -> FloatArray:
        """The vertical pixels."""
        return self._pixels[1]

    def away(self, place: QPointF) -> float:
        """Return the distance of a place from it, in pixels; inside an area, 0."""
        found = inf
        for x, y in pieces(self.x, self.y):
            if self.closed and polygon(x, y).containsPoint(place, Qt.FillRule.OddEvenFill):
                return 0.0
            found = min(found, _from_line(x, y, place))
        return found

    def draw(self, painter: QPainter, accent: str) -> None:
        """Draw its light: a wide soft line, a narrow strong line on it, and in an area a tint."""
        colour = self.colour or accent
        if sum(travel(x, y) for x, y in pieces(self.x, self.y)) > BUSY:  # a wide pen would take seconds
            draw_line(painter, self.x, self.y, Stroke(colour), CORE, live=True)
            return
        painter.setBrush(faded(colour, 0.2) if self.closed else Qt.BrushStyle.NoBrush)
        share = 0.5 if self.closed else 1.0
        for width, alpha in ((HALO, 0.3), (CORE, 1.0)):
            painter.setPen(QPen(faded(colour, alpha), share * width, j=Qt.PenJoinStyle.RoundJoin))
            for x, y in pieces(self.x, self.y):
                (painter.drawPolygon if self.closed else painter.drawPolyline)(polygon(x, y))
            painter.setBrush(Qt.BrushStyle.NoBrush)


def area(name: str, colour: str, *rects: QRectF, value: str = "") -> Thing:
    """Return a thing that consists of rectangles."""
    return Thing(name, colour, partial(corners_of, rects), True, value)


def corners_of(rects: Iterable[QRectF]) -> Pixels:
    """Return the corners of rectangles, one after the other."""
    corners = [(rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()) for rect in rects]
    x = [part for four in corners for part in (*(corner.x() for corner in four), np.nan)]
    y = [part for four in corners for part in (*(corner.y() for corner in four), np.nan)]
    return np.array(x), np.array(y)


def through(points: Iterable[QPointF]) -> Pixels:
    """Return a line through points."""
    places = np.array([[at.x(), at.y()] for at in points])
    return places[:, 0], places[:, 1]


def ring(name: str, colour: str, at: QPointF, radius: float, value: str = "") -> Thing:
    """Return a thing that is a round mark."""
    return Thing(name, colour, partial(_circle, at, radius), True, value)


def _circle(at: QPointF, radius: float) -> Pixels:
    turn = np.linspace(0.0, 2 * np.pi, 24)
    return at.x() + radius * np.cos(turn), at.y() + radius * np.sin(turn)


def _from_line(x: FloatArray, y: FloatArray, place: QPointF) -> float:
    """Return the distance of a place from a line through points."""
    if len(x) < 2:
        return float(np.hypot(x[0] - place.x(), y[0] - place.y())) if len(x) else inf
    along, up = np.diff(x), np.diff(y)
    across, down = place.x() - x[:-1], place.y() - y[:-1]
    length = np.maximum(along**2 + up**2, 1e-12)
    share = np.clip((across * along + down * up) / length, 0.0, 1.0)
    return float(np.hypot(across - share * along, down - share * up).min())


class Spoken:
    """A mixin of a panel: its things, by key, can be lit, and a signal tells which one is pointed at.

    Only things with a key in `spoken` are considered: those that stand in a formula.
    """

    spoken: frozenset[str] = frozenset()
    lit: frozenset[str] = frozenset()  # the keys of what is lit
    _under: str | None = None

    def thing(self: Any, key: str) -> Thing | None:
        """Return the thing with this key, if it exists and is visible; `ALL` is the plot itself."""
        room = self.things_room()
        return area(self.title, "", room) if key == ALL and not room.isEmpty() else None

    def things_room(self: Any) -> QRectF:
        """Return where things are visible."""
        room: QRectF = self._content(self.paper())
        return room

    def light(self: Any, keys: Collection[str]) -> None:
        """Light these things, and no others."""
        if frozenset(keys) != self.lit:
            self.lit = frozenset(keys)
            self.update()

    def point(self: Any, place: QPointF | None) -> None:
        """Emit which thing is at a place of the panel, if it is another one than before."""
        key = self._nearest(place) if place is not None and self.spoken else None
        if key != self._under:
            self._under = key
            self.pointed.emit(key)

    def _nearest(self, place: QPointF) -> str | None:
        """Return the key of the thing nearest to a place; lines come before the areas around them."""
        found: list[tuple[int, float, str]] = []
        for key in self.spoken:
            thing = self.thing(key)
            away = inf if thing is None else thing.away(place)
            if away <= REACH and thing is not None:
                found.append((2 if key == ALL else int(thing.closed), away, key))
        return min(found)[2] if found else None

    def paint_lit(self: Any, painter: QPainter) -> None:
        """Paint the light of the lit things, over everything else."""
        things = [thing for key in sorted(self.lit) if (thing := self.thing(key)) is not None]
        if things:
            with clipped(painter, self.things_room().adjusted(-6, -6, 6, 6)):
                for thing in things:
                    thing.draw(painter, self.theme.accent)
