"""Long lines with fewer points: the painter gets only what is visible.

A curve of 100,000 points is drawn as an envelope, the smallest and largest value in each pixel column
(for paths, see `trail`). Antialiased lines wider than a pixel are slow, so on the screen a line is drawn
as several thin lines side by side, and a very long one as a single thin line without dashes. Exported
pictures get real wide pens.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import ceil, isfinite

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from gui.look.theme import SOLID, Stroke, Theme
from gui.plots.axes import FAR, Plane
from gui.plots.painting import faded
from gui.plots.scale import FloatArray, Scale

DENSE = 4  # the envelope is drawn if there are at least this many points in a pixel column
GROUPS = 64  # pixel columns that are searched together
BUSY = 12_000.0  # a line longer than this (pixels) is drawn thin on the screen
PENS = 512  # the most pens that are kept: a page has some dozens
polygon = pg.functions.arrayToQPolygonF  # makes a polygon of points (x, y); needs at least one
Offsets = tuple[tuple[float, float], ...]
HALO = 1.2  # pixels from the middle of a normal line to its halo, along both axes


def pieces(x: FloatArray, y: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield the parts of a line between its gaps (NaN)."""
    known = np.isfinite(x)
    known &= np.isfinite(y)
    if known.all():
        if len(x):
            yield x, y
        return
    edges = [-1, *np.flatnonzero(~known).tolist(), len(x)]
    for before, after in pairwise(edges):
        if after - before > 1:
            yield x[before + 1 : after], y[before + 1 : after]


def cut(x: FloatArray, y: FloatArray, rect: QRectF) -> tuple[FloatArray, FloatArray]:
    """Cut a line off at the edges of `rect`, with gaps where it is outside (Liang and Barsky, 1984).

    Some programs that show SVG do not clip, and nothing may be drawn outside its plot there either.
    """
    if len(x) < 2:
        return x, y
    start, step = np.stack((x[:-1], y[:-1])), np.stack((np.diff(x), np.diff(y)))
    low, high = np.array([[rect.left()], [rect.top()]]), np.array([[rect.right()], [rect.bottom()]])
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - start) / step, (high - start) / step
        level = (step == 0) & (start >= low) & (start <= high)
        enter = np.where(level, 0.0, np.minimum(one, other)).max(axis=0).clip(min=0.0)
        leave = np.where(level, 1.0, np.maximum(one, other)).min(axis=0).clip(max=1.0)
    seen = np.flatnonzero(enter <= leave)  # False if anything is NaN
    first = start[:, seen] + enter[seen] * step[:, seen]
    last = start[:, seen] + leave[seen] * step[:, seen]
    gaps = np.full((2, len(seen)), np.nan)
    joined = np.append((np.diff(seen) == 1) & (leave[seen[:-1]] == 1) & (enter[seen[1:]] == 0), False)
    points = np.stack((first, last, gaps), axis=2)
    keep = np.ones((len(seen), 3), bool)
    keep[1:, 0] = ~joined[:-1]
    keep[:, 2] = ~joined
    points = points[:, keep]
    return points[0], points[1]


@lru_cache(PENS)
def pen(stroke: Stroke, width: float, alpha: float = 1.0, dashed: bool = True) -> QPen:
    """Return the pen of a stroke; its dashes have the same length for every width.

    Whoever asks for the same pen again gets the same object, and does not change it.
    """
    line = QPen(faded(stroke.colour, alpha), width)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    line.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke.dash and dashed:
        line.setDashPattern([part / width for part in stroke.dash])
    return line


def halo(colour: str, width: float) -> QPen:
    """Return the pen of a halo: a wider line under a line, which separates it from the background."""
    line = QPen(faded(colour, 0.75), width)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    line.setCapStyle(Qt.PenCapStyle.RoundCap)
    return line


def travel(x: FloatArray, y: FloatArray, within: QRectF | None = None) -> float:
    """Return the length of a line in pixels, as the sum of |Δx| + |Δy|, of the part `within` the plot.

    With a gap it is not finite.
    """
    if within is not None:
        x = np.minimum(np.maximum(x, within.left()), within.right())
        y = np.minimum(np.maximum(y, within.top()), within.bottom())
    return float(np.add.reduce(np.abs(x[1:] - x[:-1])) + np.add.reduce(np.abs(y[1:] - y[:-1])))


def draw_line(
    painter: QPainter,
    x: FloatArray,
    y: FloatArray,
    stroke: Stroke,
    width: float,
    *,
    alpha: float = 1.0,
    live: bool = False,
    under: str = "",
    within: QRectF | None = None,
) -> None:
    """Draw a line through pixels with gaps at NaN; in exports only its part `within` the plot.

    `under` is the colour of its halo; "" for none.
    """
    if within is not None and not live:
        x, y = cut(x, y, within)
    with np.errstate(invalid="ignore"):
        length = travel(x, y)
    whole = len(x) > 1 and isfinite(length)  # without a gap
    parts = [(x, y)] if whole else list(pieces(x, y))
    polygons = [polygon(*part) for part in parts]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if live:
        busy = not length <= BUSY and sum(travel(*part, within) for part in parts) > BUSY
        if under and not busy:
            _draw_bundle(painter, polygons, _fine_pen(Stroke(under), 0.6), _halo_ring(width))
        alpha = alpha if busy or alpha == 1 else 1 - (1 - alpha) ** 0.5  # because the thin lines overlap
        _draw_bundle(painter, polygons, _fine_pen(stroke, alpha, not busy), _ring(0.0 if busy else width))
        return
    if under:
        painter.setPen(halo(under, width + 2.4))
        for points in polygons:
            painter.drawPolyline(points)
    painter.setPen(pen(stroke, width, alpha))
    for points in polygons:
        painter.drawPolyline(points)


@lru_cache(PENS)
def _fine_pen(stroke: Stroke, alpha: float, dashed: bool = True) -> QPen:
    """Return a pen of one screen pixel, which Qt draws twenty times as fast as wider ones."""
    line = QPen(pen(stroke, 1.0, alpha, dashed))
    line.setCosmetic(True)
    return line


@lru_cache(PENS)
def _ring(width: float) -> Offsets:
    """Return the offsets of thin lines that together look as wide as `width`."""
    if width <= 1.2:
        return ((0.0, 0.0),)
    reach = (width - 0.9) / 2
    rings = max(1, ceil(reach - 0.2))  # so close that there are no gaps between them
    away = [reach * k / rings for k in range(rings, 0, -1)]
    around = tuple(spot for r in away for spot in ((r, 0.0), (-r, 0.0), (0.0, r), (0.0, -r)))
    return (*around, (0.0, 0.0)) if width > 2.5 else around


def _halo_ring(width: float) -> Offsets:
    """Return the offsets of the thin lines of a halo."""
    away = max(HALO, width / 2 + 0.3)
    return (away, away), (-away, -away), (away, -away), (-away, away)


def _draw_bundle(painter: QPainter, polygons: list[QPolygonF], line: QPen, offsets: Offsets) -> None:
    """Draw thin lines side by side, which look like one wide line."""
    painter.setPen(line)
    begun, here = painter.transform(), (0.0, 0.0)
    for there in offsets:
        painter.translate(there[0] - here[0], there[1] - here[1])
        here = there
        for points in polygons:
            painter.drawPolyline(points)
    painter.setTransform(begun)


def dot(painter: QPainter, x: float, y: float, radius: float, colour: str, edge: str) -> None:
    """Draw a filled point with an edge in another colour."""
    around, inside = _dot_colours(colour, edge)
    painter.setPen(around)
    painter.setBrush(inside)
    painter.drawEllipse(QPointF(x, y), radius, radius)


@lru_cache(PENS)
def _dot_colours(colour: str, edge: str) -> tuple[QPen, QBrush]:
    """Return the pen and the brush of a point with an edge."""
    return QPen(QColor(edge), 1.5), QBrush(QColor(colour))


def spot(painter: QPainter, theme: Theme, at: QPointF, stroke: Stroke, radius: float) -> None:
    """Draw a value as a point: filled if its line would be solid, else a ring."""
    full, colour = stroke.dash == SOLID, QColor(stroke.colour)
    painter.setPen(QPen(QColor(theme.plot) if full else colour, 1.0 if full else 1.4 * theme.scale))
    painter.setBrush(colour if full else QColor(theme.plot))
    painter.drawEllipse(at, radius, radius)


def curve_pixels(
    x: FloatArray, y: FloatArray, plane: Plane, axes: tuple[Scale, Scale]
) -> tuple[FloatArray, FloatArray]:
    """Return the pixels of a curve whose x never decreases: every point, or the envelope of many."""
    limits = [axes[0].value(edge) for edge in plane.x]
    first = max(0, int(np.searchsorted(x, limits[0], "left")) - 1)
    last = min(len(x), int(np.searchsorted(x, limits[1], "right")) + 1)
    x, y = x[first:last], y[first:last]
    columns = max(int(plane.rect.width()), 1)
    if len(x) > DENSE * columns:
        x, y = envelope(x, y, _column_edges(x, plane, axes[0], columns), positive=axes[1].log)
    with np.errstate(over="ignore", invalid="ignore"):
        across, down = plane.px(axes[0].coordinate(x)), plane.py(axes[1].coordinate(y))
    if axes[0].log and len(x) > 1 and x[0] <= 0 < x[1] and y[0] == y[1]:
        across[0] = plane.rect.left() - 1  # a level line that begins at 0 comes from beyond a log axis
    np.clip(across, plane.rect.left() - FAR, plane.rect.right() + FAR, out=across)
    np.clip(down, plane.rect.top() - FAR, plane.rect.bottom() + FAR, out=down)
    return across, down


def _column_edges(x: FloatArray, plane: Plane, axis: Scale, columns: int) -> np.ndarray:
    """Return the index of the first point of every pixel column that has one."""
    marks = np.linspace(*plane.x, columns + 1)
    values = 10.0**marks if axis.log else marks
    return np.unique(np.concatenate(([0], np.minimum(np.searchsorted(x, values), len(x) - 1))))


def envelope(
    x: FloatArray, y: FloatArray, starts: np.ndarray, positive: bool = False
) -> tuple[FloatArray, FloatArray]:
    """Replace each group of points (beginning at `starts`) by its lowest and highest, in their order.

    NaN is left out of a group unless there is nothing else; with `positive`, so are values ≤ 0.
    """
    positive = positive and not y.min() > 0
    low, high = _extremes(y, starts, positive)
    first, last = y[starts], y[np.append(starts[1:], len(y)) - 1]
    falling = (first > last) & (last > 0 if positive else True)
    both = np.empty(2 * len(starts))
    both[0::2], both[1::2] = np.where(falling, high, low), np.where(falling, low, high)
    return np.repeat(x[starts], 2), both


def _extremes(y: FloatArray, starts: np.ndarray, positive: bool) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest value of each group; very many points are copied in parts."""
    found = []
    for k in range(0, len(starts), GROUPS):
        part = y[starts[k] : starts[k + GROUPS] if k + GROUPS < len(starts) else len(y)]
        if positive:
            part = np.where(part > 0, part, np.nan)
        groups = starts[k : k + GROUPS] - starts[k]
        ends = np.minimum.reduceat(part, groups), np.maximum.reduceat(part, groups)
        if np.isnan(ends[0]).any():
            ends = np.fmin.reduceat(part, groups), np.fmax.reduceat(part, groups)
        found.append(ends)
    low, high = np.concatenate(found, axis=1)
    return low, high
