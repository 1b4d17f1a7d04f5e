"""Minimum, saddle or maximum? The eigenvalues of the Hessian decide, or if they cannot, values of f nearby.

    both > 0   minimum        both < 0   maximum        one of each sign   saddle        one is 0   not known

At 0, x⁴ + y⁴ has a minimum, x³ + y² and x³ − 3xy² have saddles, and all three have a singular Hessian.
In such a case, f on a small circle is compared with f at its centre: higher everywhere, a minimum; lower
everywhere, a maximum; both, a saddle. The floor of a valley can be narrow and curved: Peano's
f = (y − x²)(y − 2x²) rises along every straight line from its saddle, but not along y = 1.5x². So f on the
floor is compared, too.

A stationary point can also be one of a whole line of them, as on f = (xy − 1)², where H has an eigenvalue 0
along the line. Then a step in this direction, moved back to the valley's floor, finds another such point.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, theorems 2.2 to 2.4.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.surfaces.surface import Surface

Array = NDArray[np.floating[Any]]
Kind = Literal["minimum", "saddle", "maximum", "flat"]
KINDS: tuple[Kind, ...] = ("minimum", "saddle", "maximum", "flat")

LEVEL = 1e-7  # of the largest curvature (or of 1, if that is less): a curvature below it counts as 0
CIRCLES = (1e-3, 3e-3, 1e-2)  # radii in widths of the picture
ANGLES = np.arange(64) * (np.pi / 32)
ROUNDING = 64 * float(np.finfo(np.float64).eps)  # of f: smaller differences count as 0
ALONG = 0.01  # of the width: the step along a valley floor that may be a line of stationary points
ROUNDS = 12  # of Newton's method across the floor


def kind_of(surface: Surface, x: float, y: float, width: float) -> Kind:
    """The kind of a stationary point; "flat" where neither the Hessian nor values around it decide."""
    xx, xy, yy = surface.hessian(x, y)
    low, high = np.linalg.eigvalsh([[xx, xy], [xy, yy]])
    level = LEVEL * max(1.0, abs(low), abs(high))
    if low > level:
        return "minimum"
    if high < -level:
        return "maximum"
    if low < -level and high > level:
        return "saddle"
    return _kind_from_values_around(surface, x, y, width)


def _kind_from_values_around(surface: Surface, x: float, y: float, width: float) -> Kind:
    """Compare f at the point with f on the smallest circle that decides."""
    here = float(surface.value(x, y))
    for radius in CIRCLES:
        r = radius * width
        ring = x + r * np.cos(ANGLES), y + r * np.sin(ANGLES)
        around = np.concatenate((surface.value(*ring), _on_the_floor(surface, x, y, r))) - here
        least = ROUNDING * max(abs(here), float(np.abs(around).max()))
        if (around > least).all():
            return "minimum"
        if (around < -least).all():
            return "maximum"
        if (around > least).any() and (around < -least).any():
            return "saddle"
    return "flat"


def _on_the_floor(surface: Surface, x: float, y: float, r: float) -> Array:
    """f at the two points of the valley floor (or the ridge) at a distance of about r, if they exist."""
    _, _, (u, v) = _curvatures(surface, np.full(2, x), np.full(2, y))
    step = np.array([r, -r])
    px, py = _back_to_floor(surface, x - step * v, y + step * u)
    there = np.abs(np.hypot(px - x, py - y) / r - 1) < 0.5
    return surface.value(px[there], py[there])


def isolated(surface: Surface, x: Array, y: Array, width: float) -> NDArray[np.bool_]:
    """For stationary points (x, y), shape (n,) each: whether each is alone, not one of a line of them."""
    low, high, (u, v) = _curvatures(surface, x, y)
    doubtful = ~(np.minimum(np.abs(low), np.abs(high)) > LEVEL * np.maximum(1.0, np.abs(high)))
    alone = np.ones(x.shape, np.bool_)
    for turned in (True, False):
        for step in (ALONG * width, -ALONG * width):
            which = np.flatnonzero(doubtful & alone)
            if turned:  # at a right angle to the direction of the strongest curvature
                across, up = -v[which], u[which]
            else:  # if all curvatures are 0, the other direction is tried too
                which = which[np.abs(high[which]) <= LEVEL]
                across, up = u[which], v[which]
            alone[which] = ~_stationary_at(surface, x[which], y[which], step * across, step * up)
    return alone


def _stationary_at(surface: Surface, x: Array, y: Array, across: Array, up: Array) -> NDArray[np.bool_]:
    """Whether there is another stationary point one step away, on the valley floor (or ridge)."""
    px, py = _back_to_floor(surface, x + across, y + up)
    _, high, _ = _curvatures(surface, px, py)
    gx, gy = surface.gradient(px, py)
    step, away = np.hypot(across, up), np.hypot(px - x, py - y)
    return np.asarray(
        (np.hypot(gx, gy) <= 1e-12 * np.abs(high) * step) & (away > step / 4) & (away < 4 * step)
    )


def _back_to_floor(surface: Surface, x: Array, y: Array) -> tuple[Array, Array]:
    """Newton's method along the direction of the strongest curvature: back to the valley floor (or ridge)."""
    with np.errstate(all="ignore"):
        for _ in range(ROUNDS):
            _, high, (u, v) = _curvatures(surface, x, y)
            gx, gy = surface.gradient(x, y)
            slope = u * gx + v * gy
            length = np.where(slope == 0, 0.0, slope / high)
            x, y = x - length * u, y - length * v
    return x, y


def _curvatures(surface: Surface, x: Array, y: Array) -> tuple[Array, Array, tuple[Array, Array]]:
    """The weaker and the stronger eigenvalue of the Hessian, and the unit vector of the stronger one."""
    xx, xy, yy = surface.hessian(x, y)
    middle, half = (xx + yy) / 2, (xx - yy) / 2
    spread = np.hypot(half, xy)
    sign = np.where(middle < 0, -1.0, 1.0)
    angle = 0.5 * np.arctan2(sign * xy, sign * half)
    return middle - sign * spread, middle + sign * spread, (np.cos(angle), np.sin(angle))
