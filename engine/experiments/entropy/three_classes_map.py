"""The landscape of a loss over the triangle of *Entropy ▸ Three classes*: its values, and where it is flat.

A prediction Q = softmax(z) is changed by −∂L/∂z. Where that is short, descent is slow, however wrong Q is:

    flat although wrong     |∂L/∂z| < ⅕ of the largest in the triangle, and P's likeliest class is not Q's

Cross-entropy has no such place where P is nearly certain: its ∂L/∂z is q − p, long where Q is far from P. The
other losses have one in every corner that is wrong: in their ∂L/∂zᵢ there is a factor qᵢ, and another that
is 0 where Q is certain.
"""

from functools import cached_property
from math import inf, nan
from typing import NamedTuple

import numpy as np

from engine.experiments.entropy.three_classes import margin
from engine.experiments.entropy.three_classes_config import Shares
from engine.information.divergence_gradients import DIVERGENCES, Array, Model, Truth
from engine.information.information import cross_entropy, js_divergence, kl_divergence
from engine.information.streamlines import USUAL, Spacing, slopes, streamlines
from engine.information.triangle import EDGE, lattice, nearest, weights_of
from engine.pieces import WORKING, Pieces

Bounds = tuple[tuple[float, float], tuple[float, float]]
FLAT = 0.2  # of the largest slope; with a twentieth of it, the flat places would be too small to be seen
ROWS = 60  # of the lattice on which the largest slope is looked for
SEEN = 0.98  # of a loss that is ∞ at the sides: the fraction of the values that the colours reach
BAND = 8192  # values that are computed between two pauses
INFINITE = ("cross_entropy", "kl")  # at a side that P is not on


class LossMap:
    """One loss over the triangle, for one P. Two of them with the same settings are equal."""

    def __init__(self, loss: str, p: Shares, b: float) -> None:
        self.loss, self.p, self.b = loss, p, b
        self.truth, self.unit = Truth.of(p), DIVERGENCES[loss].unit(b)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LossMap) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[object, ...]:
        return self.loss, self.p, self.b

    @property
    def infinite_everywhere(self) -> bool:
        """Whether the loss is ∞ everywhere: Q is never 0 where P is."""
        return self.loss == "reverse_kl" and not self.truth.p.all()

    @property
    def infinite_at_sides(self) -> bool:
        """Whether the loss is ∞ on a side: P has a class there that Q then holds for impossible."""
        return self.loss in INFINITE

    def values(self, q: Array) -> Array:
        """The loss at predictions q[..., 3] above 0."""
        value: Array = DIVERGENCES[self.loss].value(self.truth, Model(q, np.log(q))) / self.unit
        return value

    @cached_property
    def highest(self) -> float:
        """The value at which the colours end; of a loss that is ∞ at the sides, few values are above it."""
        if not self.infinite_at_sides:
            return inf
        return float(np.quantile(self.values(lattice(ROWS, inside=True)), SEEN))

    @cached_property
    def steepest(self) -> float:
        """The largest |∂L/∂z| in the triangle."""
        inner = np.maximum(lattice(ROWS), EDGE)
        return float(np.linalg.norm(self.slope(inner), axis=-1).max())

    def slope(self, q: Array) -> Array:
        """∂L/∂z at predictions q[..., 3] above 0, in the unit of the base."""
        found: Array = slopes(self.loss, self.truth, q) / self.unit
        return found

    def value_at(self, x: float, y: float) -> float:
        """The exact value at a point of the plane, ∞ at the sides too; NaN outside the triangle."""
        q = weights_of((x, y))
        if q.min() < -1e-9:
            return nan
        q = nearest((x, y))
        if self.loss == "squared_error":
            return float(((q - self.truth.p) ** 2).sum())
        if self.loss == "reverse_kl":
            return float(kl_divergence(q, self.p, self.b))
        measure = {"cross_entropy": cross_entropy, "kl": kl_divergence, "js": js_divergence}[self.loss]
        return float(measure(self.p, q, self.b))


class Region(NamedTuple):
    """A number at each point of a grid: negative where the loss is flat although Q is wrong."""

    bounds: Bounds
    depth: Array
    hatching: tuple[Array, ...] = ()  # slanted lines [2, 2] from border to border of where it is negative


class Landscape(NamedTuple):
    """A loss over the plane, where it is flat although Q is wrong, and streamlines."""

    values: Array
    flat: Region
    lines: list[Array]


def map_values(over: LossMap, bounds: Bounds, points: int) -> Pieces[Array]:
    """A loss on a grid, rows along y, [points, points]; outside the triangle, the value at the nearest Q.

    Values that are too large for the colours are `over.highest`; NaN where the loss is ∞ everywhere.
    """
    if over.infinite_everywhere:
        return np.full((points, points), nan)
    rows = []
    for grid in np.array_split(_grid(bounds, points), -(-points * points // BAND)):
        rows.append(np.minimum(over.values(nearest(grid, EDGE)), over.highest))
        yield WORKING
    return np.concatenate(rows)


def flat_region(over: LossMap, bounds: Bounds, points: int, apart: int = 3) -> Region:
    """Where the loss is flat although Q is wrong, on a grid; outside the triangle, as at the nearest Q.

    Its hatching has a line on every diagonal of the grid that is `apart` from the one before.
    """
    grid = _grid(bounds, points)
    if over.infinite_everywhere:
        return Region(bounds, np.ones(grid.shape[:-1]))
    q = nearest(grid, EDGE)
    steep = np.linalg.norm(over.slope(q), axis=-1) / (FLAT * over.steepest) - 1.0
    depth = np.maximum(steep, np.minimum(margin(over.p, q), 1.0))
    return Region(bounds, depth, hatching(grid[0, :, 0], grid[:, 0, 1], depth, apart))


def hatching(x: Array, y: Array, depth: Array, apart: int) -> tuple[Array, ...]:
    """Lines along the diagonals of a grid, every so many, as far as a number on it is negative."""
    rows, columns = depth.shape
    found = []
    for k in range(-rows + 1, columns, apart):
        along = np.diagonal(depth, k)
        if not (along < 0).any():
            continue
        i = np.arange(len(along)) + max(-k, 0)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], along < 0, [False]))))
        for first, last in edges.reshape(-1, 2):
            places = [_crossing(along, first - 1, first), _crossing(along, last, last - 1)]
            step = np.array(places) + i[0]
            across = x[0] + (step + k) * (x[1] - x[0])
            found.append(np.stack((across, y[0] + step * (y[1] - y[0])), axis=1))
    return tuple(found)


def _crossing(along: Array, outside: int, inside: int) -> float:
    """Where between two neighbours a number is 0; the inner one at the end of a line."""
    if not 0 <= outside < len(along):
        return float(inside)
    share = along[inside] / (along[inside] - along[outside])
    return float(inside + share * (outside - inside))


def lines_of(over: LossMap, spacing: Spacing = USUAL) -> Pieces[list[Array]]:
    """The lines along which Q moves if its logits move by −∂L/∂z in very small steps."""
    return streamlines(over.loss, over.p, spacing)


def shapes_of(
    over: LossMap, bounds: Bounds, points: int, spacing: Spacing | None, apart: int = 3
) -> Pieces[tuple[Region, list[Array]]]:
    """Where the loss is flat although Q is wrong, on a grid, and streamlines; without a spacing none."""
    flat = flat_region(over, bounds, points, apart)
    yield WORKING
    return flat, [] if spacing is None else (yield from lines_of(over, spacing))


def landscape_of(over: LossMap, bounds: Bounds, points: int, spacing: Spacing | None) -> Pieces[Landscape]:
    """The values, the flat places and the streamlines of a loss, on a grid."""
    values = yield from map_values(over, bounds, points)
    return Landscape(values, *(yield from shapes_of(over, bounds, points, spacing)))


def _grid(bounds: Bounds, points: int) -> Array:
    """Points of the plane, [rows, columns, 2]."""
    axes = (np.linspace(*edges, points) for edges in bounds)
    return np.stack(np.meshgrid(*axes), axis=-1)
