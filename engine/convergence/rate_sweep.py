"""A learning rate sweep: one rule, the same start, many learning rates. What is f at the end of each run?

Two optimizers can be compared only if each has a learning rate that suits it: the best rate of gradient
descent on a steep surface is a thousand times smaller than Adam's. A rate that was found for one method says
nothing about another. So each is tried at every rate of a grid that is even on a log axis, six to a decade:

    η = 1, 1.5, 2.2, 3.2, 4.6, 6.8, 10, …        10^(k/6) to two digits

All rates of a rule are run at once (`engine.convergence.many_runs`), from one start or from several. Only η
differs: a schedule multiplies it as before, and the noise of each step is the same for all.

Reference: D. Choi et al., "On empirical comparisons of optimizers for deep learning", arXiv:1910.05446, 2019:
the ranking of optimizers depends on how each was tuned.
"""

from math import ceil, floor, log10
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.convergence.many_runs import ManyRuns
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.table import Optimizer
from engine.optimizers.walk import Floats, at_start, noise, walk
from engine.optimizers.walk_by_price import walk_by_price
from engine.pieces import WORKING, Pieces
from engine.surfaces.surface import Real, Surface

Array = NDArray[np.float64]
HEADS = (1.0, 1.5, 2.2, 3.2, 4.6, 6.8)
LEAST, MOST = -5, 1  # powers of ten that are always in the grid
LARGEST = 3  # no learning rate may be more than 1000
SMALLEST = -12  # with smaller rates hardly a digit of x changes
PORTION = 50  # steps of many runs between two pauses
WALKED = 10  # steps of a single run between two pauses
PRICE_OF_NEWTON = Evaluations(gradients=1, hessians=1).price()  # of one step of it
RADIUS = 1.0  # `ManyRuns` needs a radius around a goal; its results for it are not used here


def rate_grid(*present: float) -> Array:
    """The rates that are tried: 10⁻⁵ … 10, and at least a decade to both sides of the present ones.

    None is below 10⁻¹² or above 1000.
    """
    low = max(SMALLEST, min([LEAST, *(floor(log10(rate)) - 1 for rate in present)]))
    high = min(LARGEST, max([MOST, *(ceil(log10(rate)) + 1 for rate in present)]))
    grid = [float(f"{head}e{power}") for power in range(low, high) for head in HEADS]
    return np.array([*grid, 10.0**high])


def sunflower(center: tuple[float, float], radius: float, count: int) -> Array:
    """`count` points evenly over a disc, the first of them its middle; shape (count, 2).

    Reference: H. Vogel, "A better way to construct the sunflower head", Math. Biosciences 44, 1979.
    """
    k = np.arange(count)
    away, angle = radius * np.sqrt(k / max(count - 1, 1)), k * np.pi * (3 - 5**0.5)
    return np.column_stack((center[0] + away * np.cos(angle), center[1] + away * np.sin(angle)))


class SurfaceWithNoise(Surface):
    """A surface whose gradient has `tilt` added at every place: the noise of one step."""

    def __init__(self, surface: Surface) -> None:
        self.surface, self.tilt = surface, (0.0, 0.0)

    def _value(self, x: Real, y: Real) -> Real:
        return self.surface.value(x, y)

    def _gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        along_x, along_y = self.surface.gradient(x, y)
        return along_x + self.tilt[0], along_y + self.tilt[1]

    def _hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        return self.surface.hessian(x, y)


def sweeping(
    rule: Optimizer,
    surface: Surface,
    starts: Array,
    rates: Array,
    steps: int,
    sigma: float,
    seed: int,
    paid: bool = False,
) -> Pieces[Array]:
    """f after `steps` steps, for every learning rate and start; shape (rates, starts), NaN if it diverged.

    `starts` has shape (starts, 2). The gradient noise has the standard deviation `sigma`. A rule without a
    learning rate has one row. If the runs are `paid`, they have `steps` gradient evaluations instead.
    """
    tilts = noise(sigma, seed, 1, steps)
    if hasattr(rule, "learning_rate"):
        if paid and isinstance(rule, ObjectiveRule):
            tilts = tilts[::PRICE_OF_NEWTON][: steps // PRICE_OF_NEWTON]
        return (yield from _side_by_side(rule, surface, starts, rates, tilts, noisy=sigma > 0))
    ends = yield from _one_by_one(rule, surface, starts, tilts, paid)
    return ends[None, :]


def _side_by_side(
    rule: Optimizer, surface: Surface, starts: Array, rates: Array, tilts: Floats, noisy: bool
) -> Pieces[Array]:
    """Run every rate from every start, all at once."""
    count, steps = len(starts), len(tilts)
    x, y = (np.tile(starts[:, axis], len(rates)) for axis in (0, 1))
    each = np.repeat(rates, count)
    ruled = msgspec.structs.replace(rule, learning_rate=np.concatenate((each, each)))
    tilted = SurfaceWithNoise(surface)
    runs = ManyRuns(ruled, tilted if noisy else surface, x, y, (x, y), RADIUS)
    for done in range(0, steps, PORTION):
        portion = tilts[done : done + PORTION]
        if noisy:
            for tilt in portion.tolist():
                tilted.tilt = tilt
                runs.advance(1)
        else:
            runs.advance(len(portion))
        yield WORKING
    return _finite(surface.value(runs.x, runs.y)).reshape(len(rates), count)


def _one_by_one(rule: Optimizer, surface: Surface, starts: Array, tilts: Floats, paid: bool) -> Pieces[Array]:
    """Run a rule without a learning rate from every start."""

    def in_force(begun: int) -> tuple[Any, Floats]:
        return rule, tilts[begun - 1]

    ends = np.full(len(starts), np.nan)
    for k, (x, y) in enumerate(starts.tolist()):
        standing = at_start(rule, x, y)
        for done in range(0, len(tilts), WALKED):
            portion = tilts[done : done + WALKED]
            if paid:
                standing, path = walk_by_price(surface, standing, done + 1, done + len(portion), in_force)
            else:
                standing, path = walk(rule, surface, standing, portion)
            yield WORKING
            if path.why or len(path.x) < len(portion):
                break
        else:
            ends[k] = float(surface.value(*standing.position))
    return _finite(ends)


def _finite(values: Floats) -> Array:
    return np.where(np.isfinite(values), values, np.nan).astype(np.float64)
