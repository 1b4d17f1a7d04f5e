"""Minima of a formula at kinks, where it has no gradient, as |x| + |y| at (0, 0): found by values of f only.

At a kink the gradient jumps: it is nowhere 0, so Newton's method, which solves ∇f = 0, finds nothing there.
Here f is compared on a circle around the best point so far (a form of compass search):

1.  The lowest point of the circle is searched, also between the directions: along a valley with a kink only
    one direction leads down.
2.  If it is lower than the centre, it becomes the new centre. If not, the circle is made half as wide.

The search begins at the lowest places of a grid, and ends when the circle is tiny. The result counts as a
minimum only if everything around it is higher: neither a whole valley, nor a place where f falls to −∞.

Reference: Kolda, Lewis and Torczon, "Optimization by direct search", SIAM Review 45, 2003.
"""

from math import cos, inf, isfinite, pi, sin
from typing import NamedTuple

import numpy as np

from engine.pieces import WORKING, Pieces
from engine.surfaces.surface import Surface

DIRECTIONS = 64
BETWEEN = 24  # steps of the golden section between two of them
GOLDEN = (5**0.5 - 1) / 2
GRID = 65  # points along each side
STARTS = 6  # the number of searches, from the lowest places
SMALLEST = 1e-13  # the radius of the last circle, in spacings of the grid
ROUNDING = 1e-14  # relative to f, or to 1: a smaller decrease is rounding
MOVES = 400  # the most moves of one search; a longer path leaves the picture
BESIDE = 1e-6  # a distance in spacings of the grid, at which f is hardly higher than at a minimum
STEEP = 1e-2  # relative to f, or to 1: if f is higher by more there, it goes to −∞ like the logarithm
LEVEL = 1e-7  # relative to f, or to 1: if f is higher by less, the minimum is not isolated
OUTSIDE = 1.5  # minima are searched up to this multiple of the reach
DIGITS = (3, 6, 9)  # decimals to which a place may be rounded if f is not higher there


class LowPoint(NamedTuple):
    """A point (x, y), and f there."""

    x: float
    y: float
    f: float


def searching_kinks(surface: Surface, reach: float) -> Pieces[tuple[LowPoint, ...]]:
    """The lowest points found from the grid −reach … reach; in pieces of some milliseconds."""
    found: list[LowPoint] = []
    spacing = 2 * reach / (GRID - 1)
    for x, y in _lowest_places(surface, reach):
        minimum = yield from _searched(surface, x, y, spacing, reach)
        if minimum is not None and all(
            abs(minimum.x - one.x) + abs(minimum.y - one.y) > spacing for one in found
        ):
            found.append(minimum)
    return tuple(found)


def _lowest_places(surface: Surface, reach: float) -> list[tuple[float, float]]:
    """The points of the grid that are not higher than their neighbours, the lowest first."""
    side = np.linspace(-reach, reach, GRID)
    with np.errstate(all="ignore"):
        heights = np.broadcast_to(surface.value(side[None, :], side[:, None]), (GRID, GRID))
    heights = np.where(np.isfinite(heights), heights, inf)
    around = np.pad(heights, 1, constant_values=inf)
    lowest = np.min(
        [around[i : i + GRID, j : j + GRID] for i in range(3) for j in range(3) if (i, j) != (1, 1)], axis=0
    )
    rows, columns = np.nonzero((heights <= lowest) & (heights < inf))
    order = np.argsort(heights[rows, columns], kind="stable")[:STARTS]
    return [(float(side[columns[k]]), float(side[rows[k]])) for k in order]


def _searched(surface: Surface, x: float, y: float, radius: float, reach: float) -> Pieces[LowPoint | None]:
    """The result of the search from a place; None if it is no minimum."""
    f, wide, moves = _value(surface, x, y), radius, 0
    while radius > SMALLEST * wide:
        to_x, to_y, lower = _lowest_around(surface, x, y, radius)
        if lower < f - ROUNDING * max(1.0, abs(f)):
            x, y, f, moves = to_x, to_y, lower, moves + 1
            if moves > MOVES or not isfinite(f) or max(abs(x), abs(y)) > OUTSIDE * reach:
                return None
        else:
            radius /= 2
        yield WORKING
    minimum = _rounded(surface, LowPoint(x, y, f))
    beside, around = (_lowest_around(surface, minimum.x, minimum.y, wide * part).f for part in (BESIDE, 0.5))
    size = max(1.0, abs(f))
    return minimum if beside < minimum.f + STEEP * size and around > minimum.f + LEVEL * size else None


def _lowest_around(surface: Surface, x: float, y: float, radius: float) -> LowPoint:
    """The lowest point of a circle."""
    angles = np.arange(DIRECTIONS) * (2 * pi / DIRECTIONS)
    with np.errstate(all="ignore"):
        values = surface.value(x + radius * np.cos(angles), y + radius * np.sin(angles))
    values = np.where(np.isfinite(values), values, inf)
    best = float(angles[int(np.argmin(values))])
    low, high = best - 2 * pi / DIRECTIONS, best + 2 * pi / DIRECTIONS

    def at(angle: float) -> LowPoint:
        to_x, to_y = x + radius * cos(angle), y + radius * sin(angle)
        return LowPoint(to_x, to_y, _value(surface, to_x, to_y))

    found = at(best)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    of_left, of_right = at(left), at(right)
    for _ in range(BETWEEN):
        if of_left.f < of_right.f:
            high, right, of_right = right, left, of_left
            left = high - GOLDEN * (high - low)
            of_left = at(left)
        else:
            low, left, of_left = left, right, of_right
            right = low + GOLDEN * (high - low)
            of_right = at(right)
    return min(found, of_left, of_right, key=lambda one: one.f)


def _rounded(surface: Surface, minimum: LowPoint) -> LowPoint:
    """The place rounded to few digits, if f is not higher there: 0 and not 3·10⁻¹⁴."""
    for digits in DIGITS:
        x, y = round(minimum.x, digits) + 0.0, round(minimum.y, digits) + 0.0
        if (f := _value(surface, x, y)) <= minimum.f:
            return LowPoint(x, y, f)
    return minimum


def _value(surface: Surface, x: float, y: float) -> float:
    """f at a point; ∞ where it has none."""
    try:
        f = float(surface.value(x, y))
    except ArithmeticError:  # where arrays give ∞ or NaN, Python floats raise
        return inf
    return f if isfinite(f) else inf
