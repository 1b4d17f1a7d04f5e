"""Newton's method: a parabola with the value, slope and curvature of f at x; the step goes to its vertex.

    H d = g,      x ← x − d

g[n] is the gradient and H[n, n] the Hessian at x; d is minus the step. No learning rate is needed, because
the curvature says how far away the vertex is. The vertex can be a minimum, but also a saddle or a maximum of
the parabola. Damping makes the step shorter and more like gradient descent:

    (H + λI) d = g,      x ← x − η d      λ ≥ 0 is the damping, η a learning rate.

These rules combine the coordinates, so they take the whole vector x, shape (n,), and an objective instead of
one gradient. The state counts how often they evaluate it.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, chapter 3.
"""

from typing import Annotated, Any, TypeVar

import numpy as np
from msgspec.structs import replace

from engine.config import number
from engine.linear_systems import solve
from engine.optimizers.equation import Equation
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.line_search import Objective, Vector
from engine.optimizers.update_rule import LearningRate, OptimizerState, UpdateRule

StateT = TypeVar("StateT", bound=OptimizerState)

# Why a method no longer moves: the state's `stopped` → what it means.
CONVERGED = "converged"
SINGULAR = "singular"
NO_DESCENT = "no descent"
NOT_FINITE = "not finite"
STOPS = {
    CONVERGED: "The step is zero to the last bit: there is nothing left to do.",
    SINGULAR: "The Hessian is singular here, so its parabola has no single vertex and Newton has no step.",
    NO_DESCENT: "No step along the line makes f smaller: rounding has been reached, or f is not smooth here.",
    NOT_FINITE: "The surface has no finite value, slope or curvature here.",
}
LAST_BIT = 4 * float(np.finfo(np.float64).eps)

Damping = Annotated[
    float,
    number(
        "Damping",
        "Added to every curvature: more of it means shorter steps, closer to plain descent.",
        symbol="λ",
        ge=0,
        le=1e6,
        soft=(0, 100),
        live=True,
    ),
]


class ObjectiveRule(UpdateRule, frozen=True):
    """Base of the optimizers that evaluate f, its gradient or its Hessian at points they choose."""

    def start(self, x: Vector) -> Any:
        """Return the state before the first step from x, shape (n,)."""
        raise NotImplementedError

    def update(self, x: Vector, objective: Objective, state: Any) -> tuple[Vector, Any]:
        """Take one step from x; return the new x and state. A method that has stopped stays where it is."""
        raise NotImplementedError

    def numbers_kept(self, coordinates: int) -> int:
        """The most numbers that it keeps from one step to the next, besides x."""
        return 0

    def elsewhere(self, state: StateT) -> StateT:
        """Return the state for a step on *another* objective, without the values of the last one."""
        return replace(state, stopped="")


class NewtonState(OptimizerState, frozen=True):
    """Gradient and Hessian at the last x, and the step; `stopped` is "" or a key of `STOPS`."""

    gradient: Vector
    hessian: Vector
    direction: Vector
    calls: Evaluations
    t: int
    stopped: str = ""


class Newton(ObjectiveRule, frozen=True, tag="newton"):
    """x ← x − H⁻¹g, by solving H d = g. It stops where H is singular; saddles attract it like minima."""

    title = "Newton"
    family = "second order"
    meaning = "Step to the vertex of the local parabola: a minimum, a saddle or a maximum."
    rule = (
        Equation(r"H_t\, d_t = g_t", "hessian @ direction", "gradient"),
        Equation(r"x_{t+1} = x_t - d_t", "x - direction", "x"),
    )

    def start(self, x: Vector) -> NewtonState:
        """Return the state before the first step: nothing computed."""
        return _newton_start(x)

    def update(self, x: Vector, objective: Objective, state: NewtonState) -> tuple[Vector, NewtonState]:
        """Solve H d = g, then x ← x − d."""
        return _newton_step(x, objective, state, damping=0.0, length=1.0)


class DampedNewton(ObjectiveRule, frozen=True, tag="damped_newton"):
    """(H + λI) d = g, x ← x − ηd (Levenberg 1944, Marquardt 1963).

    If λ is larger than the absolute value of the most negative eigenvalue of H, H + λI is positive definite.
    Then every step starts downhill, and saddles repel.
    """

    damping: Damping = 1.0
    learning_rate: LearningRate = 1.0

    title = "Damped Newton"
    family = "second order"
    meaning = "Newton with shorter, safer steps: λ is added to every curvature, η scales the jump."
    rule = (
        Equation(
            r"\left(H_t + \lambda I\right) d_t = g_t", "hessian @ direction + damping*direction", "gradient"
        ),
        Equation(r"x_{t+1} = x_t - \eta\, d_t", "x - learning_rate*direction", "x"),
    )

    def start(self, x: Vector) -> NewtonState:
        """Return the state before the first step: nothing computed."""
        return _newton_start(x)

    def update(self, x: Vector, objective: Objective, state: NewtonState) -> tuple[Vector, NewtonState]:
        """Solve (H + λI) d = g, then x ← x − ηd."""
        return _newton_step(x, objective, state, self.damping, self.learning_rate)


def _newton_start(x: Vector) -> NewtonState:
    """The state before the first step: nothing is computed yet."""
    return NewtonState(
        np.zeros_like(x), np.zeros((len(x), len(x))), np.zeros_like(x), calls=Evaluations(), t=0
    )


def _newton_step(
    x: Vector, objective: Objective, state: NewtonState, damping: float, length: float
) -> tuple[Vector, NewtonState]:
    """Take one step of (H + λI) d = g, x ← x − ηd, or say in `stopped` why there is none."""
    if state.stopped:
        return x, state
    gradient, hessian = objective.gradient(x), objective.hessian(x)
    calls = state.calls.plus(Evaluations(gradients=1, hessians=1))
    state = NewtonState(gradient, hessian, np.zeros_like(x), calls, state.t + 1)
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return x, replace(state, stopped=NOT_FINITE)
    if not gradient.any():
        return x, replace(state, stopped=CONVERGED)
    direction = solve(hessian + damping * np.eye(len(x)) if damping else hessian, gradient)
    if direction is None:
        return x, replace(state, stopped=SINGULAR)
    settled = (abs(length * direction) <= LAST_BIT * abs(x)).all()
    return x - length * direction, replace(state, direction=direction, stopped=CONVERGED if settled else "")
