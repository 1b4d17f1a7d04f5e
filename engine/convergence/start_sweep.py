"""One rule from many starts, with the same settings: where does each run end, and when does it arrive?

The starts are spread evenly over a rectangle: they are the first n points of a sequence that fills it evenly
for every n. All runs of a rule with one gradient are computed together (`engine.convergence.many_runs`); a
method with a line search runs from one start after the other. The noise of a step is the same for all.

Reference: M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018: the fractional parts
of multiples of 1/g and 1/g², with g³ = g + 1.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.convergence.many_runs import ManyRuns
from engine.convergence.rate_sweep import PRICE_OF_NEWTON, RADIUS, SurfaceWithNoise
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.table import Optimizer
from engine.optimizers.walk import Floats, Standing, WalkPath, at_start, noise, walk
from engine.optimizers.walk_by_price import walk_by_price
from engine.pieces import WORKING, Pieces
from engine.surfaces.surface import Bounds, Surface

Array = NDArray[np.float64]
PLASTIC = 1.324717957244746  # the g with g³ = g + 1
PORTION = 50  # steps of many runs between two pauses
WALKED = 25  # steps of a single run between two pauses


class Outcome(NamedTuple):
    """f at the end of each run, NaN if it diverged; the first step with f within the goal, ∞ without one."""

    ends: Array  # [starts]
    arrived: Array  # [starts]


def even_starts(bounds: Bounds, count: int) -> Array:
    """`count` points evenly over a rectangle, shape (count, 2)."""
    k = np.arange(1, count + 1)[:, None]
    low, high = np.array(bounds).T
    return np.asarray(low + (high - low) * ((0.5 + k / PLASTIC ** np.array([1, 2])) % 1.0))


def running(
    rule: Optimizer,
    surface: Surface,
    starts: Array,
    steps: int,
    goal: float,
    sigma: float,
    seed: int,
    paid: bool = False,
) -> Pieces[Outcome]:
    """Run a rule from every start, shape (starts, 2), for so many steps; if `paid`, gradient evaluations."""
    tilts = noise(sigma, seed, 1, steps)
    if isinstance(rule, ObjectiveRule) and not hasattr(rule, "learning_rate"):
        return (yield from _one_by_one(rule, surface, starts, tilts, goal, paid))
    price = PRICE_OF_NEWTON if paid and isinstance(rule, ObjectiveRule) else 1
    tilts = tilts[::price][: steps // price]
    found = yield from _side_by_side(rule, surface, starts, tilts, goal, noisy=sigma > 0)
    return found._replace(arrived=price * found.arrived)


def _side_by_side(
    rule: Optimizer, surface: Surface, starts: Array, tilts: Floats, goal: float, noisy: bool
) -> Pieces[Outcome]:
    """Move the runs from all starts at once."""
    x, y = starts.T.copy()
    tilted = SurfaceWithNoise(surface)
    runs = ManyRuns(rule, tilted if noisy else surface, x, y, (x, y), RADIUS)
    heights = _heights(surface, x, y)
    arrived = np.where(heights <= goal, 0.0, np.inf)
    for step, tilt in enumerate(tilts.tolist(), start=1):
        tilted.tilt = tilt
        runs.advance(1)
        heights = _heights(surface, runs.x, runs.y)
        arrived[(heights <= goal) & np.isinf(arrived)] = step
        if step % PORTION == 0:
            yield WORKING
    return Outcome(np.where(np.isfinite(heights), heights, np.nan), arrived)


def _one_by_one(
    rule: Optimizer, surface: Surface, starts: Array, tilts: Floats, goal: float, paid: bool
) -> Pieces[Outcome]:
    """Run the rule from one start after the other."""
    ends, arrived = np.full(len(starts), np.nan), np.full(len(starts), np.inf)
    for k, (x, y) in enumerate(starts.tolist()):
        standing, first = at_start(rule, x, y), 1
        arrived[k] = 0.0 if surface.value(x, y) <= goal else np.inf
        while first <= len(tilts):
            standing, path = _walked(rule, surface, standing, tilts, first, paid)
            heights = _heights(surface, np.array(path.x), np.array(path.y))
            there = np.flatnonzero(heights <= goal)
            if len(there) and np.isinf(arrived[k]):
                arrived[k] = first + there[0]
            first += WALKED
            yield WORKING
            if path.why or not np.isfinite(heights).all():
                break
        else:
            ends[k] = heights[-1]
    return Outcome(ends, arrived)


def _heights(surface: Surface, x: Floats, y: Floats) -> Array:
    """f at many points; non-finite without a warning."""
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y))


def _walked(
    rule: Optimizer, surface: Surface, standing: Standing, tilts: Floats, first: int, paid: bool
) -> tuple[Standing, WalkPath]:
    """The next steps of a run, or evaluations, from `first` on."""
    portion = tilts[first - 1 : first - 1 + WALKED]
    if not paid:
        return walk(rule, surface, standing, portion)

    def in_force(begun: int) -> tuple[Any, Floats]:
        return rule, tilts[begun - 1]

    return walk_by_price(surface, standing, first, first + len(portion) - 1, in_force)
