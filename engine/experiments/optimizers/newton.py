"""Optimizers ▸ Newton's method: undamped, damped, and gradient descent from one start; the cost of a step.

Recorded for each method ("newton", "damped_newton", "gradient_descent") at every step: `method.x` and on a
surface `method.y`, `method.f`, `method.slope` (the norm of the gradient) and on a curve `method.error` (the
distance from the stationary point near its end). From the step at which a method cannot go on its values are
NaN; the others go on.

The scene "cost" has a step for each size: `n` and the seconds `gradient`, `forming`, `solving`. The matrices
depend only on the seed; the times are measured, so they alone differ from run to run.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.config import Problem
from engine.convergence.newton_cost import measure, problem, sizes
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.optimizers.line_search import Objective, Vector
from engine.optimizers.newton import CONVERGED, STOPS, DampedNewton, Newton
from engine.optimizers.walk import NO_VALUE, TOO_FAR, Tilted, WalkEnd
from engine.surfaces.functions_1d import Function1D
from engine.training import frames_at_once

METHODS = ("newton", "damped_newton", "gradient_descent")


class NewtonSnapshot(NamedTuple):
    """The step at which each method could not go on, and why; None for those that could."""

    ends: tuple[WalkEnd | None, ...] = (None,) * len(METHODS)


@dataclass(frozen=True)
class NewtonLine:
    """A curve as an objective of one unknown, x of shape (1,)."""

    function: Function1D

    def value(self, x: Vector) -> float:
        """Return f."""
        return float(self.function.value(x)[0])

    def gradient(self, x: Vector) -> Vector:
        """Return (f′,)."""
        return self.function.slope(x)

    def hessian(self, x: Vector) -> Vector:
        """Return ((f″,),)."""
        return self.function.curvature(x)[:, None]


def objective_of(config: NewtonConfig) -> Objective:
    """The function to minimise, a curve or a surface."""
    if config.scene == "curve":
        return NewtonLine(function_of(config))
    return Tilted(surface_of(config), np.zeros(2))


def start_of(config: NewtonConfig) -> Vector:
    """The common start, shape (1,) or (2,)."""
    return np.array([config.curve_start] if config.scene == "curve" else config.surface_start)


class NewtonWalk(NamedTuple):
    """Positions, shape (steps + 1, n), NaN after the end; f and the norm of the gradient there."""

    x: Vector
    f: Vector
    slope: Vector
    end: WalkEnd | None


def walk(config: NewtonConfig, method: str) -> NewtonWalk:
    """All steps of one method from the start."""
    objective, x = objective_of(config), start_of(config)
    rule = DampedNewton(damping=config.damping) if method == "damped_newton" else Newton()
    state, end, rates = rule.start(x), None, config.descent.rates(1)
    places = np.full((config.steps + 1, len(x)), np.nan)
    f, slope = np.full((2, config.steps + 1), np.nan)
    for step in range(config.steps + 1):
        value, gradient = objective.value(x), objective.gradient(x)
        if not (np.isfinite(value) and np.isfinite(gradient).all() and np.isfinite(x).all()):
            own = config.scene == "curve" and config.function == "expression"
            end = WalkEnd(step, Problem(NO_VALUE if own and np.isfinite(x).all() else TOO_FAR))
            break
        places[step], f[step], slope[step] = x, value, math.hypot(*gradient)
        if method == "gradient_descent":
            x = x - next(rates) * gradient
        else:
            x, state = rule.update(x, objective, state)
            if state.stopped not in ("", CONVERGED) and step < config.steps:
                end = WalkEnd(step + 1, Problem(STOPS[state.stopped]))
                break
    return NewtonWalk(places, f, slope, end)


def goal_of(config: NewtonConfig, x: Vector) -> float:
    """The stationary point nearest to the end of a method on a curve; NaN if none is known.

    If a method has left the picture, it is the point nearest to its start.
    """
    known, places = np.array(function_of(config).stationary), x[np.isfinite(x)]
    if not len(known) or not len(places):
        return float("nan")
    low, high = function_of(config).bounds
    last = places[-1] if len(places) == len(x) and low <= places[-1] <= high else places[0]
    return float(known[np.abs(known - last).argmin()])


def frames(config: NewtonConfig) -> Iterator[Frame[NewtonSnapshot]]:
    """Yield the start and then all steps; for the cost, one size at a time."""
    return _costs(config) if config.scene == "cost" else _walks(config)


def _walks(config: NewtonConfig) -> Iterator[Frame[NewtonSnapshot]]:
    """The start and then all steps of all methods."""
    scalars: dict[str, Vector] = {}
    with np.errstate(all="ignore"):
        walks = [walk(config, method) for method in METHODS]
        for method, (x, f, slope, _) in zip(METHODS, walks, strict=True):
            scalars |= {f"{method}.{name}": x[:, k] for k, name in zip(range(x.shape[1]), "xy", strict=False)}
            scalars |= {f"{method}.f": f, f"{method}.slope": slope}
            if config.scene == "curve":
                scalars[f"{method}.error"] = np.abs(x[:, 0] - goal_of(config, x[:, 0]))
    shot = NewtonSnapshot(tuple(found.end for found in walks))
    yield from frames_at_once(scalars, shot, config.steps)


def _costs(config: NewtonConfig) -> Iterator[Frame[NewtonSnapshot]]:
    """The measured times of one size after the other."""
    yield Frame(0, {}, NewtonSnapshot())
    measure(*problem(8, config.examples, config.seed), 1)  # the first call of the libraries is slow
    for step, n in enumerate(sizes(config.largest), start=1):
        times = measure(*problem(n, config.examples, config.seed), config.repeats)
        yield Frame(step, {"n": float(n), **times._asdict()}, NewtonSnapshot())


def last_step(config: NewtonConfig) -> int:
    """The number of steps, or of sizes that are measured."""
    return len(sizes(config.largest)) if config.scene == "cost" else config.steps


def cheap(config: NewtonConfig) -> bool:
    """Whether the run is fast: all scenes except the measured cost."""
    return config.scene != "cost"


EXPERIMENT = Experiment("optimizers.newton", "Newton's method", NewtonConfig, frames, last_step, cheap)
