"""Stationary points of a surface: minima, saddles and maxima, found from many starts at once.

At a stationary point ∇f = 0, and the eigenvalues of the Hessian say which kind it is: all positive, a
minimum; all negative, a maximum; of both signs, a saddle. Newton's method goes to a stationary point of any
kind. That is a weakness in a search for minima (`engine.optimizers.newton`), but useful here, where all kinds
are searched:

    (x, y) ← (x, y) − H⁻¹ ∇f

is repeated from a grid of starts, and points reached from several starts are counted once. Where the Hessian
is singular as well, each step leaves a constant fraction ρ of the distance. Two steps give ρ, and from it the
point that all further steps would reach (Aitken's extrapolation).

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, sections 2.1 and 3.3.
"""

from collections.abc import Callable
from itertools import takewhile
from math import hypot
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.pieces import WORKING, Pieces, result_of
from engine.surfaces.stationary_kinds import KINDS, Kind, isolated, kind_of
from engine.surfaces.surface import Bounds, Surface

Array = NDArray[np.floating[Any]]
Place = tuple[float, float]

STARTS = 96  # along each side: enough for Rastrigin's local minima, a third of a unit wide
ROUNDS = 40  # of Newton's method; where the Hessian is singular, each gives only about one more bit
MARGIN = 0.25  # of the width, searched beyond each edge: a run may end just outside the picture
SAME = 1e-5  # of the width: two points closer than this count as one
SLOW = (0.3, 0.95)  # extrapolate only if ρ is between these


class StationaryPoint(NamedTuple):
    """A point with ∇f = 0, the value f there, and its kind."""

    x: float
    y: float
    f: float
    kind: Kind


def newton_step(
    surface: Surface, x: Array, y: Array, damping: Array | float = 0.0, rounding: float = 0.0
) -> tuple[Array, Array]:
    """Solve (H + λI) d = ∇f at every point; return d = (dx, dy), each in the shape of x.

    Where ∇f is exactly 0, so is d. Otherwise, where H + λI is singular, d is infinite or NaN. It counts as
    singular where the determinant is below `rounding` times the sum of the two products in it.
    """
    gx, gy = surface.gradient(x, y)
    xx, xy, yy = surface.hessian(x, y)
    xx, yy = xx + damping, yy + damping
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(xx), np.abs(yy)), np.abs(xy))
        xx, xy, yy = xx / size, xy / size, yy / size  # without this, products of tiny curvatures underflow
        one, other = xx * yy, xy * xy
        determinant = size * np.where(abs(one - other) > rounding * (abs(one) + other), one - other, 0.0)
        dx, dy = (yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant
    level = (gx == 0) & (gy == 0)
    return np.where(level, 0.0, dx), np.where(level, 0.0, dy)


def stationary_points(surface: Surface) -> tuple[StationaryPoint, ...]:
    """Return the stationary points in and near the bounds of a surface: minima first, then by f.

    Known minima without a derivative (the tip of Ackley's cone) are included; those of a user's formula (the
    kink of |x|) are not. Stationary points that form a line or a plane are left out. Of points closer
    together than two grid steps, some may be missed.
    """
    return result_of(searching(surface))


def searching(surface: Surface) -> Pieces[tuple[StationaryPoint, ...]]:
    """`stationary_points`, with a pause after each round of Newton's method and each classified point."""
    found = yield from _polished(surface, (yield from _searched(surface)))
    width = max(high - low for low, high in surface.bounds)
    points = []
    for x, y in found.tolist():
        points.append(StationaryPoint(x, y, float(surface.value(x, y)), kind_of(surface, x, y, width)))
        yield WORKING
    for x, y, f in surface.minima:
        if all(np.hypot(point.x - x, point.y - y) > 1e-3 * width for point in points):
            points.append(StationaryPoint(x, y, f, "minimum"))
    return tuple(
        sorted(points, key=lambda point: (KINDS.index(point.kind), round(point.f, 9), point.x, point.y))
    )


def _searched(surface: Surface) -> Pieces[Array]:
    """The points where Newton's method converges, each once, shape (points, 2)."""
    (x0, x1), (y0, y1) = _widened(surface.bounds)
    x, y = (grid.ravel() for grid in np.meshgrid(_unsymmetric(x0, x1), _unsymmetric(y0, y1)))
    width = max(x1 - x0, y1 - y0)
    resting = []
    last = x, y
    for turn in range(ROUNDS):
        with np.errstate(all="ignore"):
            step = newton_step(surface, x, y)
            x, y = x - step[0], y - step[1]
            if turn % 4 == 2:
                x, y = (_foreseen(*each) for each in zip((x, y), step, last, strict=True))
            if turn % 4 == 3:  # most starts have converged or diverged after a few rounds
                moves = np.hypot(*step)
                rests = moves <= 1e-8 * width
                resting.append(np.stack([x, y], axis=1)[rests])
                x, y = (places[~rests & (moves < np.inf)] for places in (x, y))
        last = step
        yield WORKING
    with np.errstate(all="ignore"):
        found = np.concatenate(resting)
        found = _by_cell(found[_inside(found, (x0, x1), (y0, y1))], SAME * width)
        found = found[isolated(surface, found[:, 0], found[:, 1], width)]
    yield WORKING
    return (yield from _once(found, SAME * width))


def _foreseen(place: Array, step: Array, last: Array) -> Array:
    """The limit of a coordinate whose steps shrink by ρ: all further steps sum to ρ/(1−ρ) times this one."""
    rho = step / last
    rho = np.where((rho > SLOW[0]) & (rho < SLOW[1]), rho, 0.0)
    return np.asarray(place - step * rho / (1 - rho))


def _inside(places: Array, across: tuple[float, float], up: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether each of the points is in a part of the plane."""
    low, high = zip(across, up, strict=True)
    return np.asarray(((places >= low) & (places <= high)).all(axis=1))


def _unsymmetric(low: float, high: float) -> Array:
    """Evenly spaced starts, none on an axis of symmetry: from there, Newton may never leave the axis."""
    return low + (high - low) * (np.arange(STARTS) + 0.63) / STARTS


def _polished(surface: Surface, places: Array) -> Pieces[Array]:
    """The same points to the last bit; where the Hessian is singular, each round gives about one more bit."""
    for _ in range(ROUNDS):
        with np.errstate(all="ignore"):
            better = places - np.stack(newton_step(surface, places[:, 0], places[:, 1]), axis=1)
            places = np.where(np.isfinite(better), better, places)
        yield WORKING
    return places


def _widened(bounds: Bounds) -> Bounds:
    """The bounds with a margin on each side."""
    (x0, x1), (y0, y1) = bounds
    across, up = MARGIN * (x1 - x0), MARGIN * (y1 - y0)
    return (x0 - across, x1 + across), (y0 - up, y1 + up)


def _by_cell(places: Array, side: float) -> Array:
    """The first of the points in each cell of a square grid, in order of x."""
    _, first = np.unique(np.round(places / side), axis=0, return_index=True)
    return places[first]


def _once(places: Array, distance: float) -> Pieces[Array]:
    """One of each group of points within `distance` of each other, also across the border of two cells."""
    kept: list[Place] = []
    for count, (x, y) in enumerate(places.tolist()):
        near = takewhile(_within(x, 2 * distance), reversed(kept))
        if all(hypot(x - u, y - v) > distance for u, v in near):
            kept.append((x, y))
        if count % 64 == 63:
            yield WORKING
    return np.array(kept).reshape(-1, 2)


def _within(x: float, distance: float) -> Callable[[Place], bool]:
    """Whether another point is within `distance` along x."""
    return lambda other: x - other[0] <= distance


def nearest(points: tuple[StationaryPoint, ...], x: Array, y: Array, radius: float) -> NDArray[np.int16]:
    """Return the index of the nearest of `points` within `radius` of each (x, y), −1 where there is none.

    The points are sorted by x, so that each (x, y) is compared only with those within `radius` along x.
    """
    found = np.full(x.shape, -1, np.int16)
    if not points:
        return found
    order = np.argsort([point.x for point in points], kind="stable")
    px, py = np.array([points[k].x for k in order]), np.array([points[k].y for k in order])
    with np.errstate(all="ignore"):
        first, last = np.searchsorted(px, x - radius), np.searchsorted(px, x + radius, side="right")
        best = np.full(x.shape, radius * radius)
        for k in range(int((last - first).max(initial=0))):
            candidate = np.minimum(first + k, len(px) - 1)
            away = (px[candidate] - x) ** 2 + (py[candidate] - y) ** 2
            nearer = (first + k < last) & (away <= best)
            best = np.where(nearer, away, best)
            found = np.where(nearer, order[candidate].astype(np.int16), found)
    return found
