"""What is drawn over a field: paths, arrows, known minima, a start point, and their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes, Plane
from gui.plots.described import Columns
from gui.plots.field_ground import FieldGround
from gui.plots.labels import Tags
from gui.plots.marks import draw_arrow, inside
from gui.plots.motion import LONGEST, STROKE, USUAL, between, part
from gui.plots.part import Inlay
from gui.plots.path import PathLine, Track, path_columns
from gui.plots.room import Pixels
from gui.plots.scatter import Stars
from gui.plots.target import Handle, Target, spots_at
from gui.plots.things import Thing, area, ring, through

STARS, HEADS, ARROWS, START, NAMES = 8e3, 9e3, 1e4, 2e4, 3e4  # layers in the view, above the paths
SEEN = 6  # pixels; a shorter arrow is not visible, and gets no name


@dataclass(frozen=True)
class Arrow:
    """A vector (dx, dy) that begins at (x, y)."""

    x: float
    y: float
    dx: float
    dy: float
    name: str
    stroke: Stroke
    key: str = ""

    def ends(self, plane: Plane) -> tuple[QPointF, QPointF] | None:
        """Return where it begins and where its tip is, in pixels; None if it is not finite."""
        if not all(isfinite(part) for part in (self.x, self.y, self.dx, self.dy)):
            return None
        return plane.point(self.x, self.y), plane.point(self.x + self.dx, self.y + self.dy)


class FieldPicture(FieldGround):
    """A field with paths, arrows, known minima and a start."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.patient = True  # because a click moves the start: see `ZoomPanel`
        self.last_named = False  # whether the last path always has its name, even without room for it
        self.paths: tuple[Track, ...] = ()
        self.arrows: tuple[Arrow, ...] = ()
        self.minima: tuple[tuple[float, float], ...] = ()
        self.start: tuple[float, float] | None = None
        self.lines: dict[str, PathLine] = {}  # the items of the paths, from back to front
        self._nudging = False

    def _add_layers(self) -> None:
        super()._add_layers()
        self.stars = Stars(self.theme, STARS)
        self.stars.still = False
        self.ring = Target(self.theme, Handle("start", "", 0.0, 0.0, Stroke(self.theme.text)))
        self.ring.setZValue(START)
        self.ring.hide()
        heads = Inlay(self._draw_heads, HEADS, still=False)
        arrows = Inlay(self._draw_arrows, ARROWS, still=False)
        names = Inlay(self._draw_names, NAMES, still=False)
        for item in (self.stars, heads, arrows, self.ring, names):
            self.plot.addItem(item, ignoreBounds=True)

    def set_paths(self, paths: Sequence[Track]) -> None:
        """Draw these paths over the field from now on."""
        self.paths = tuple(paths)
        self._show_paths()
        self.update()

    def _show_paths(self) -> None:
        """Give each path an item, ghosts below the others; existing items are used again."""
        before, self.lines = self.lines, {}
        for rank, path in enumerate(sorted(self.paths, key=lambda path: not path.ghost)):
            key = path.key
            while key in self.lines:  # the lines of one outline have the same key
                key += "'"
            line = before.pop(key, None)
            if line is None:
                line = PathLine(self.theme, path)
                self.plot.addItem(line, ignoreBounds=True)
            else:
                line.setPath(path)
            if line.zValue() != rank:
                line.setZValue(rank)
            self.lines[key] = line
        for line in before.values():
            self.plot.removeItem(line)

    def set_arrows(self, arrows: Sequence[Arrow]) -> None:
        """Draw these vectors from now on."""
        self.arrows = tuple(arrows)
        self.update()

    def set_minima(self, points: Sequence[tuple[float, float]]) -> None:
        """Mark known minima with stars."""
        self.minima = tuple((float(x), float(y)) for x, y, *_ in points)
        self.stars.setData(pos=np.array(self.minima).reshape(-1, 2))
        self.update()

    def set_start(self, x: float | None, y: float = 0.0) -> None:
        """Show the handle of the start point; None removes it."""
        self.start = None if x is None else (float(x), float(y))
        self.ring.setVisible(self.start is not None)
        if self.start is not None:
            self.ring.stand(*self.start)
        self.update()

    def hands(self) -> list[tuple[QPointF, str]]:
        return [] if self.start is None else [(spots_at(self.axes().plane, *self.start)[0], "xy")]

    def _motion_time(self) -> int:
        return max(USUAL, min(STROKE * len(self.arrows), LONGEST))

    @property
    def head_share(self) -> float:
        """Return how far the heads of paths have moved: they move with the last arrow, which is the step."""
        count = max(len(self.arrows), 1)
        return part(self.share, count - 1, count)

    @property
    def grip(self) -> str | None:
        """Return the key of the handle that the keys move, while this plot has the focus."""
        return self.ring.handle.key if self._nudging and self.hasFocus() else None

    def table(self) -> Columns:
        """Return the paths point by point, or the field if there are no paths."""
        if not self.paths:
            return self._field.table(self.x_axis.name, self.y_axis.name, self._value_name)
        return path_columns(self.paths, self.x_axis, self.y_axis)

    def thing(self, key: str) -> Thing | None:
        """Return a path or an arrow by its key; or "start", "minima"."""
        axes, radius = self.axes(), self.theme.px(8)
        line = self.lines.get(key)
        if line is not None and line.isVisible() and not line.shown.ghost:
            return Thing(line.shown.name, line.stroke.colour, partial(line.pixels, axes))
        arrow = next((one for one in self.arrows if one.key and one.key == key), None)
        if arrow is not None and (ends := arrow.ends(axes.plane)):
            return Thing(arrow.name, arrow.stroke.colour, partial(through, ends))
        if key == "start" and self.start is not None:
            return ring(tr("start"), self.theme.text, spots_at(axes.plane, *self.start)[0], radius)
        if key == "minima" and self.minima:
            spots = [axes.plane.point(x, y) for x, y in self.minima]
            side = QPointF(radius, radius)
            return area(tr("minimum"), self.theme.text, *(QRectF(at - side, at + side) for at in spots))
        return super().thing(key)

    # Drawing

    def _draw_heads(self, painter: QPainter, axes: Axes, live: bool) -> None:
        for line in self.lines.values():
            if line.isVisible():
                line.draw_head(painter, axes)

    def _draw_arrows(self, painter: QPainter, axes: Axes, live: bool) -> None:
        shafts = [(k, QLineF(*ends)) for k, one in enumerate(self.arrows) if (ends := one.ends(axes.plane))]
        shafts = [(k, line) for k, line in shafts if line.length() >= SEEN / 2]  # others only cover the head
        hidden = {k for k, line in shafts if any(j > k and _covers(other, line) for j, other in shafts)}
        for k, line in sorted(shafts, key=lambda one: (one[0] in hidden, one[0])):  # those come last, on top
            tip = between(line.p1(), line.p2(), part(self.share, k, len(self.arrows)))
            stroke, rect = self.arrows[k].stroke, axes.plane.rect
            draw_arrow(painter, line.p1(), tip, stroke, self.theme.plot, self.theme.scale, rect)

    def _draw_names(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the names of arrows, and of paths that have room beside their ends."""
        plane = axes.plane
        heads = [
            (line.told, line.head(axes))
            for line in self.lines.values()
            if line.shown.name and line.isVisible()
        ]
        shown = [(path, head) for path, head in heads if head is not None]
        pairs = [(arrow, ends) for arrow in self.arrows if arrow.name and (ends := arrow.ends(plane))]
        least = self.theme.px(SEEN)
        arrows = [(arrow, *ends) for arrow, ends in pairs if QLineF(*ends).length() >= least]
        tags = Tags(painter, self.theme, plane.rect, self._trails(axes, [ends for _, *ends in arrows]))
        self._keep_off(tags, axes, [head for _, head in shown])
        named = [one for one in shown if not one[0].ghost or plane.rect.contains(one[1])]
        named = named[len(named) - tags.fitting([path.name for path, _ in named]) :]
        if self.last_named and named:
            path, head = named.pop()
            place = inside(head, plane.rect, 8)
            tags.put(place.x(), place.y(), path.name, path.stroke.colour)
        for arrow, tail, tip in arrows if self.share == 1.0 else ():
            tags.beside_shaft(tail, tip, arrow.name, arrow.stroke.colour)
        for path, head in reversed(named):
            place = inside(head, plane.rect, 8)
            tags.offer(place.x(), place.y(), path.name, path.stroke.colour, 0.7 if path.ghost else 1.0)

    def _trails(self, axes: Axes, arrows: Sequence[Sequence[QPointF]]) -> list[Pixels]:
        """Return the lines that names must not cover: paths, and the shafts of arrows."""
        shafts = [(np.array([one.x(), other.x()]), np.array([one.y(), other.y()])) for one, other in arrows]
        return [*(line.pixels(axes) for line in self.lines.values() if line.isVisible()), *shafts]

    def _keep_off(self, tags: Tags, axes: Axes, heads: Sequence[QPointF]) -> None:
        """Let names not cover the start, the minima and the heads of paths."""
        plane, px = axes.plane, self.theme.px
        if self.start is not None and self.marked:
            spot = spots_at(plane, *self.start)[0]
            tags.avoid(spot.x(), spot.y(), px(9))
        for x, y in self.minima:
            spot = plane.point(x, y)
            tags.avoid(spot.x(), spot.y(), px(8))
        for head in heads:
            mark = inside(head, plane.rect, px(6))
            tags.avoid(mark.x(), mark.y(), px(6))


def _covers(longer: QLineF, line: QLineF) -> bool:
    """Whether a longer arrow has the beginning and the direction of another: drawn over it, it hides it."""
    apart = QLineF(longer.p1(), line.p1()).length()
    turn = min(longer.angleTo(line), line.angleTo(longer))  # degrees
    return longer.length() >= line.length() and apart < 2.0 and turn < 4.0
