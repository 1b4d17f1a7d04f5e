"""The details of one step of one method: its quadratic model, the vertex of the model, and the checks."""

from typing import NamedTuple

import numpy as np

from engine.config import Problem
from engine.convergence.newton_cost import problem
from engine.experiments.optimizers.newton import METHODS, NewtonSnapshot, objective_of
from engine.experiments.optimizers.newton_config import NewtonConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.optimizers.line_search import Objective, Vector
from engine.recording import Recording
from engine.surfaces.quadratic_model import QuadraticModel, Shape, shape_of

MOST = 1e6  # beyond it, for coordinates and slopes, finite differences have no right digits
END_SLOPE = 1e-6  # a point with a smaller slope counts as stationary
NO_STEP = 1e-300  # a learning rate of 0, as a schedule can end with, counts as this in 1/η


class NewtonStep(NamedTuple):
    """The position of a method, f with derivatives there, and the quadratic model of its next step."""

    x: Vector
    value: float
    gradient: Vector
    hessian: Vector
    model: QuadraticModel
    vertex: Vector | None  # the end of the next step
    shape: Shape  # of the model

    @property
    def hessian_shape(self) -> Shape:
        """The shape of f here, by its Hessian."""
        return shape_of(self.hessian)

    @property
    def uphill(self) -> bool:
        """Whether the step starts uphill: towards a maximum or a saddle."""
        return self.vertex is not None and float(self.gradient @ (self.vertex - self.x)) > 0


def step_of(config: NewtonConfig, recording: Recording, step: int, method: str) -> NewtonStep | None:
    """The step after `step` of a method; None once it has ended."""
    names = ("x",) if config.scene == "curve" else ("x", "y")
    x = np.array([recording.column(f"{method}.{name}")[step] for name in names])
    if not np.isfinite(x).all():
        return None
    with np.errstate(all="ignore"):
        objective = objective_of(config)
        value, gradient, hessian = objective.value(x), objective.gradient(x), objective.hessian(x)
        model = QuadraticModel(x, value, gradient, curvature_of(config, step + 1, method, hessian))
        if not np.isfinite(model.curvature).all():
            return None
        vertex = x if stays(config, step + 1, method) else model.vertex()
        return NewtonStep(x, value, gradient, hessian, model, vertex, shape_of(model.curvature))


def stays(config: NewtonConfig, t: int, method: str) -> bool:
    """Whether a method does not move in step t because its learning rate is 0."""
    return method == "gradient_descent" and config.descent.rate(t) == 0


def curvature_of(config: NewtonConfig, t: int, method: str, hessian: Vector) -> Vector:
    """The curvature M in the quadratic model of step t of a method, shape (n, n)."""
    one = np.eye(len(hessian))
    if method == "gradient_descent":
        return one / max(config.descent.rate(t), NO_STEP)
    return hessian + config.damping * one if method == "damped_newton" else hessian


def rests_at(config: NewtonConfig, recording: Recording, step: int, method: str) -> Shape | None:
    """The shape of f where a method has stopped (a bowl is a minimum); None while it still moves."""
    found = step_of(config, recording, step, method)
    if found is None or not np.abs(found.gradient).max() <= END_SLOPE:
        return None
    return shape_of(found.hessian)


def ended(recording: Recording, step: int, method: str) -> tuple[int, Problem] | None:
    """When and why a method could not go on; None if it could up to `step`."""
    shot: NewtonSnapshot = recording.snapshot(step)[1]
    end = shot.ends[METHODS.index(method)]
    return end if end is not None and end.step <= step else None


class NewtonChecks(NamedTuple):
    """How gradient and Hessian agree with finite differences; None where they cannot be compared."""

    gradient: GradientCheck | None
    hessian: GradientCheck | None


def checks(objective: Objective, x: Vector) -> NewtonChecks:
    """Compare ∇f with finite differences of f, and H·u with differences of ∇f along one direction u.

    Far from 0, or where f is huge, finite differences have no right digits, and there is no check.
    """
    with np.errstate(all="ignore"):
        gradient, hessian = objective.gradient(x), objective.hessian(x)
        large = max(float(np.abs(part).max()) for part in (x, gradient, hessian))
        if not large <= MOST:
            return NewtonChecks(None, None)
        u = 1.0 / (1.0 + np.arange(len(x)))
        few = 4 if len(x) > 4 else None
        return NewtonChecks(
            check_gradient(objective.value, gradient, x, at_most=few),
            check_gradient(lambda at: u @ objective.gradient(at), hessian @ u, x, at_most=few),
        )


def cost_checks(config: NewtonConfig) -> NewtonChecks:
    """The same of the logistic regression that is timed, in a small size."""
    f, w = problem(8, config.examples, config.seed)
    return checks(f, w)
