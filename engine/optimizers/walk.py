"""The run of one optimizer (a "racer") on a surface, from any step to any later one.

A race records the run. To explain one step, the run is computed again with the same code. If a setting of the
racer changes during the run, another record of the same rule takes over the state and goes on.
Rules that work coordinate by coordinate are called with two Python floats, which is many times faster than
arrays of two.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.newton import CONVERGED, NO_DESCENT, STOPS, ObjectiveRule
from engine.optimizers.table import Optimizer
from engine.optimizers.update_rule import GradientRule
from engine.surfaces.surface import Surface

Floats = NDArray[np.floating[Any]]
NOISE_BLOCK = 1024  # steps whose noise is drawn at once, so that a step can be repeated without all before it
TOO_FAR = "The steps diverged."
NO_VALUE = "The expression has no finite value or slope there."


class WalkEnd(NamedTuple):
    """The step at which a racer could not go on, and why."""

    step: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is needed to continue the run of a racer.

    At (x, y) the next gradient is taken; for Nesterov it is the look-ahead point. `states` has the state of
    each coordinate, or one state for a rule that takes the whole vector. `reached` is the first step at which
    f − f* was within the tolerance. `seconds` is the time that the run took so far; it differs from run to
    run.
    """

    x: float
    y: float
    states: tuple[Any, ...]
    reached: int | None = None
    end: WalkEnd | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def position(self) -> tuple[float, float]:
        """The position that is drawn: (x, y), but for Nesterov its iterate θ, for ASGD its average."""
        of_x, of_y = self.states[0], self.states[-1]
        return getattr(of_x, "position", self.x), getattr(of_y, "position", self.y)


class WalkPath(NamedTuple):
    """Position after each step, and what was computed so far if that is not one gradient a step.

    If it is shorter than asked for, `why` says why.
    """

    x: list[float]
    y: list[float]
    calls: list[Evaluations]
    why: str


def at_start(racer: Optimizer, x: float, y: float) -> Standing:
    """Return the standing of a racer before its first step."""
    if isinstance(racer, ObjectiveRule):
        return Standing(x, y, (racer.start(np.array([x, y])),))
    return Standing(x, y, (racer.start(x), racer.start(y)))


def taken_over(racer: Optimizer, standing: Standing) -> Standing:
    """The standing with which a racer goes on from that of the same rule with other settings."""
    if isinstance(racer, ObjectiveRule):
        return standing
    of_x, of_y = standing.states
    states = racer.taken_over(standing.x, of_x), racer.taken_over(standing.y, of_y)
    return replace(standing, states=states)


def noise(sigma: float, seed: int, first: int, last: int) -> Floats:
    """Return the gradient noise of the steps `first` … `last` (from 1), shape (steps, 2)."""
    if sigma == 0:
        return np.zeros((last - first + 1, 2))
    blocks = range((first - 1) // NOISE_BLOCK, (last - 1) // NOISE_BLOCK + 1)
    drawn = [np.random.default_rng([seed, block]).normal(0.0, sigma, (NOISE_BLOCK, 2)) for block in blocks]
    offset = first - 1 - blocks[0] * NOISE_BLOCK
    return np.concatenate(drawn)[offset : offset + last - first + 1]


def walk(racer: Optimizer, surface: Surface, standing: Standing, tilts: Floats) -> tuple[Standing, WalkPath]:
    """Take one step for each row of `tilts`; a tilt is the noise that is added to the gradient of that step.

    Returns the standing after the last step, and the path to it.
    """
    if isinstance(racer, GradientRule):
        return _walk_by_coordinate(racer, surface, standing, tilts)
    return _walk_by_vector(racer, surface, standing, tilts)


def _walk_by_coordinate(
    racer: GradientRule, surface: Surface, standing: Standing, tilts: Floats
) -> tuple[Standing, WalkPath]:
    """The walk of a rule of one gradient, with two Python floats."""
    step, slope = racer.step, surface.slope
    x, y, (of_x, of_y) = standing.x, standing.y, standing.states
    xs: list[float] = []
    ys: list[float] = []
    path = WalkPath(xs, ys, [], "")
    looks_ahead = hasattr(of_x, "position")
    try:
        for (tilt_x, tilt_y), rate in zip(tilts.tolist(), racer.rates(of_x.t + 1), strict=False):
            gradient_x, gradient_y = slope(x, y)
            x, of_x = step(x, gradient_x + tilt_x, of_x, rate)
            y, of_y = step(y, gradient_y + tilt_y, of_y, rate)
            xs.append(of_x.position if looks_ahead else x)
            ys.append(of_y.position if looks_ahead else y)
    except ArithmeticError:  # where arrays give ∞ or NaN, Python floats raise
        path = path._replace(why=TOO_FAR)
    return Standing(x, y, (of_x, of_y)), path


def _walk_by_vector(
    racer: ObjectiveRule, surface: Surface, standing: Standing, tilts: Floats
) -> tuple[Standing, WalkPath]:
    """The walk of a rule that takes the whole vector and evaluates f as it needs."""
    path = WalkPath([], [], [], "")
    noisy = bool(tilts.any())
    while len(path.x) < len(tilts):
        standing, why = vector_step(racer, surface, standing, tilts[len(path.x)], noisy)
        if why:
            return standing, path._replace(why=why)
        (state,) = standing.states
        # Without noise, a racer that has stopped does not move in any later step.
        times = len(tilts) - len(path.x) if state.stopped and not noisy else 1
        path.x.extend([standing.x] * times)
        path.y.extend([standing.y] * times)
        path.calls.extend([state.calls] * times)
    return standing, path


def vector_step(
    racer: ObjectiveRule, surface: Surface, standing: Standing, tilt: Floats, noisy: bool
) -> tuple[Standing, str]:
    """Take one step; return the standing after it, and why there is no such step (or "").

    With noise f is another function at every step: what was computed for the last step is of no use.
    """
    (state,) = standing.states
    if noisy:
        state = racer.elsewhere(state)
    try:
        point = np.array([standing.x, standing.y])
        point, state = racer.update(point, Tilted(surface, tilt), state)
    except ArithmeticError:
        return standing, TOO_FAR
    x, y = point.tolist()
    stopped = "" if state.stopped in (CONVERGED, NO_DESCENT) else state.stopped
    return Standing(x, y, (state,)), STOPS[stopped] if stopped else ""


class Tilted:
    """The surface as the objective of a vector method: f + tilt·x, whose gradient is ∇f + tilt.

    The tilt is the same for a whole step, so that a line search works on one consistent function. Where f has
    no value or overflows, everything is NaN.
    """

    def __init__(self, surface: Surface, tilt: Floats) -> None:
        self.surface = surface
        self.tilt: tuple[float, float] = tuple(tilt.tolist())

    def value(self, x: Floats) -> float:
        """Return f + tilt·x."""
        u, v = x.tolist()  # Python floats are faster: a search needs dozens of values per step
        try:
            return float(self.surface.value(u, v) + (self.tilt[0] * u + self.tilt[1] * v))
        except ArithmeticError:
            return math.nan

    def gradient(self, x: Floats) -> Floats:
        """Return ∇f + tilt, shape (2,)."""
        try:
            slope_x, slope_y = self.surface.gradient(*x.tolist())
        except ArithmeticError:
            return np.full(2, np.nan)
        return np.array((slope_x + self.tilt[0], slope_y + self.tilt[1]))

    def hessian(self, x: Floats) -> Floats:
        """Return the second derivatives of f, shape (2, 2)."""
        try:
            xx, xy, yy = self.surface.hessian(*x.tolist())
        except ArithmeticError:
            return np.full((2, 2), np.nan)
        return np.array([[xx, xy], [xy, yy]])
