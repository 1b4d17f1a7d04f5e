"""The places where a surface is level: minima, saddles and maxima, found from many starts at once.

At a stationary point ∇f = 0, and the eigenvalues of the Hessian say which kind it is: all positive, a
minimum; all negative, a maximum; of both signs, a saddle. Newton's method goes to whatever stationary point
is near. That is a weakness in a search for minima (`engine.optimizers.newton`), and what is wanted in a
search for all of them:

    (x, y) ← (x, y) − H⁻¹ ∇f

is repeated from a grid of starts, and what the starts have come to is counted once. Where the Hessian is
singular, too, it gains only a fixed share ρ of the distance in each round. Two steps tell this share, and so
where all the steps to come would lead (Aitken's extrapolation).

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, sections 2.1 and 3.3.
"""

from collections.abc import Callable
from itertools import takewhile
from math import hypot
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.pieces import WORKING, Pieces, result_of
from engine.surfaces.stationary_kinds import KINDS, Kind, isolated, judged
from engine.surfaces.surface import Bounds, Surface

Array = NDArray[np.floating[Any]]
Place = tuple[float, float]

STARTS = 96  # along each side: Rastrigin's dents, a third of a unit wide, are not missed
ROUNDS = 40  # of Newton's method; a level place of higher order gains only a bit in each
MARGIN = 0.25  # of the width, searched beyond each edge: a run may end just outside the picture
SAME = 1e-5  # of the width: nearer than this, two places are one
SLOW = (0.3, 0.95)  # between these a share ρ of the distance is believed to be left over after each round


class StationaryPoint(NamedTuple):
    """A place where the surface is level, its height, and which kind it is."""

    x: float
    y: float
    f: float
    kind: Kind


def newton_step(
    surface: Surface, x: Array, y: Array, damping: Array | float = 0.0, rounding: float = 0.0
) -> tuple[Array, Array]:
    """Solve (H + λI) d = ∇f at every place; return d = (dx, dy), each in the shape of x.

    Where ∇f is exactly 0, so is d. Where H + λI is singular otherwise, d is infinite or NaN; it counts as
    singular where no more than the share `rounding` is left of the products in its determinant.
    """
    gx, gy = surface.gradient(x, y)
    xx, xy, yy = surface.hessian(x, y)
    xx, yy = xx + damping, yy + damping
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(xx), np.abs(yy)), np.abs(xy))
        xx, xy, yy = xx / size, xy / size, yy / size  # else the products of tiny curvatures would be 0
        one, other = xx * yy, xy * xy
        determinant = size * np.where(abs(one - other) > rounding * (abs(one) + other), one - other, 0.0)
        dx, dy = (yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant
    level = (gx == 0) & (gy == 0)
    return np.where(level, 0.0, dx), np.where(level, 0.0, dy)


def stationary_points(surface: Surface) -> tuple[StationaryPoint, ...]:
    """Return the stationary points in and near the bounds of a surface: minima first, then by height.

    Known minima without a derivative (the tip of Ackley's cone) are among them; those of a user's formula
    (the kink of |x|) are not. A place in a line or a plain of such places cannot be told apart from its
    neighbours and is left out. Points closer together than twice the starts may be missed.
    """
    return result_of(searching(surface))


def searching(surface: Surface) -> Pieces[tuple[StationaryPoint, ...]]:
    """`stationary_points`, with a pause after each round of Newton's method and each place that is judged."""
    found = yield from _polished(surface, (yield from _searched(surface)))
    width = max(high - low for low, high in surface.bounds)
    points = []
    for x, y in found.tolist():
        points.append(StationaryPoint(x, y, float(surface.value(x, y)), judged(surface, x, y, width)))
        yield WORKING
    for x, y, f in surface.minima:
        if all(np.hypot(point.x - x, point.y - y) > 1e-3 * width for point in points):
            points.append(StationaryPoint(x, y, f, "minimum"))
    return tuple(
        sorted(points, key=lambda point: (KINDS.index(point.kind), round(point.f, 9), point.x, point.y))
    )


def _searched(surface: Surface) -> Pieces[Array]:
    """Where Newton's method comes to rest, each place once, shape (places, 2)."""
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
            if turn % 4 == 3:  # most are soon there, and some soon gone
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
    """Where a coordinate will come to rest: a step that is ρ times the last one has ρ/(1−ρ) steps to come."""
    share = step / last
    share = np.where((share > SLOW[0]) & (share < SLOW[1]), share, 0.0)
    return np.asarray(place - step * share / (1 - share))


def _inside(places: Array, across: tuple[float, float], up: tuple[float, float]) -> NDArray[np.bool_]:
    low, high = zip(across, up, strict=True)
    return np.asarray(((places >= low) & (places <= high)).all(axis=1))


def _unsymmetric(low: float, high: float) -> Array:
    """An even row of starts, none on an axis of symmetry, where it may sit on a maximum for ever."""
    return low + (high - low) * (np.arange(STARTS) + 0.63) / STARTS


def _polished(surface: Surface, places: Array) -> Pieces[Array]:
    """The same places to the last bit; where the curvature vanishes, too, every round gains only one bit."""
    for _ in range(ROUNDS):
        with np.errstate(all="ignore"):
            better = places - np.stack(newton_step(surface, places[:, 0], places[:, 1]), axis=1)
            places = np.where(np.isfinite(better), better, places)
        yield WORKING
    return places


def _widened(bounds: Bounds) -> Bounds:
    (x0, x1), (y0, y1) = bounds
    across, up = MARGIN * (x1 - x0), MARGIN * (y1 - y0)
    return (x0 - across, x1 + across), (y0 - up, y1 + up)


def _by_cell(places: Array, side: float) -> Array:
    """The first of the places in each cell of a square grid, in order of x."""
    _, first = np.unique(np.round(places / side), axis=0, return_index=True)
    return places[first]


def _once(places: Array, distance: float) -> Pieces[Array]:
    """One of each group of places that lie within `distance`, though a cell's edge may run between them."""
    kept: list[Place] = []
    for count, (x, y) in enumerate(places.tolist()):
        near = takewhile(_within(x, 2 * distance), reversed(kept))
        if all(hypot(x - u, y - v) > distance for u, v in near):
            kept.append((x, y))
        if count % 64 == 63:
            yield WORKING
    return np.array(kept).reshape(-1, 2)


def _within(x: float, distance: float) -> Callable[[Place], bool]:
    """Whether another place is no farther than this along x."""
    return lambda other: x - other[0] <= distance


def nearest(points: tuple[StationaryPoint, ...], x: Array, y: Array, radius: float) -> NDArray[np.int16]:
    """Return the index of the nearest point within `radius` of each place (x, y), −1 where there is none.

    The points are sorted along x, so that each place is compared only with those in its own strip.
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
