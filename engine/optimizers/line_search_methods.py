"""Methods that estimate the curvature from gradients: L-BFGS and conjugate gradients.

Both choose a direction d from the last few steps, and a line search then finds the length a:

    x ← x + a d

Conjugate gradients, with the gradient g at x and the gradient g₋ before it:

    d ← −g + β d            β = max(g·(g − g₋)/(g₋·g₋), 0)

L-BFGS, d = −q, where q begins as g and is changed in two loops over pairs (s, y):

    newest pair first       α ← s·q/(s·y)            q ← q − α y        each pair keeps its α
    once                    q ← q (s·y)/(y·y)        of the newest pair
    oldest pair first       q ← q + (α − y·q/(s·y)) s

L-BFGS keeps the last m changes of x and of the gradient, s and y. From them it computes the product of an
approximate inverse Hessian and −g without forming a matrix. Conjugate gradients keep only the last direction.
Both take the same steps on S·f as on f, for every S > 0.

References: Liu and Nocedal, Math. Programming 45, 1989 (L-BFGS); Polak and Ribière 1969; Nocedal and
Wright, "Numerical Optimization", 2nd ed. 2006, algorithms 7.4 and 5.4, equation 5.45 (PR+).
"""

import math
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import numpy as np
from msgspec.structs import replace

from engine.config import number
from engine.optimizers.equation import Equation
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.line_search import (
    LineSearch,
    Objective,
    TriedStep,
    Vector,
    binary_size,
    product,
    times_power,
)
from engine.optimizers.newton import CONVERGED, LAST_BIT, NO_DESCENT, NOT_FINITE, ObjectiveRule, StateT
from engine.optimizers.update_rule import OptimizerState

LARGEST = float(np.finfo(np.float64).max)
STEP = Equation(r"x_{t+1} = x_t + a_t\, d_t", "x + step_length*direction", "x")
Memory = Annotated[
    int, number("Memory", "How many past steps are remembered.", symbol="m", ge=1, le=100, live=True)
]


class LBFGSState(OptimizerState, frozen=True):
    """The last step, the kept changes of x and of the gradient, and value and gradient at the new x.

    The pairs are scaled by `remembered`.
    """

    gradient: Vector
    direction: Vector
    step_length: float
    changes: tuple[Vector, ...]
    gradient_changes: tuple[Vector, ...]
    next_value: float
    next_gradient: Vector
    calls: Evaluations
    t: int
    stopped: str = ""


class ConjugateGradientState(OptimizerState, frozen=True):
    """The last step, β, and value and gradient at the new x."""

    gradient: Vector
    beta: float
    direction: Vector
    step_length: float
    next_value: float
    next_gradient: Vector
    calls: Evaluations
    t: int
    stopped: str = ""


SearchStateT = TypeVar("SearchStateT", LBFGSState, ConjugateGradientState)


class _Searcher(ObjectiveRule, frozen=True):
    """Base of both: f and gradient at the new x are kept for the next step, not computed again."""

    def elsewhere(self, state: StateT) -> StateT:
        """Return the state for a step on another objective: f and gradient at x must be computed again."""
        return replace(state, stopped="", next_value=np.nan)


class LBFGS(_Searcher, frozen=True, tag="lbfgs"):
    """d = −Ĥg by the two-loop recursion over the last m pairs (s, y), then a strong-Wolfe search (c₂ = 0.9).

    Ĥ starts from γI, γ = s·y/y·y of the newest pair; without a pair, the first length tried moves x by 1. A
    pair with s·y ≤ 0 (no positive curvature) is not kept.
    """

    memory: Memory = 10

    title = "L-BFGS"
    family = "second order"
    meaning = "Guess the curvature from the last few gradients, then search along the line for a good length."
    rule = (Equation(r"d_t = -\hat{H}_t\, g_t", "", "direction"), STEP)

    def numbers_kept(self, coordinates: int) -> int:
        """The m pairs (s, y), and f and its gradient at the new x."""
        return (2 * self.memory + 1) * coordinates + 1

    def start(self, x: Vector) -> LBFGSState:
        """Return the state before the first step: nothing computed, no pairs."""
        zero = np.zeros_like(x)
        return LBFGSState(zero, zero, 0.0, (), (), np.nan, zero, calls=Evaluations(), t=0)

    def update(self, x: Vector, objective: Objective, state: LBFGSState) -> tuple[Vector, LBFGSState]:
        """Multiply −g by the approximate inverse Hessian, then search along it."""
        if state.stopped:
            return x, state
        value, gradient, spent = _at(x, objective, state)
        state = replace(state, gradient=gradient, calls=state.calls.plus(spent), t=state.t + 1)
        if stopped := _nothing_to_do(value, gradient):
            return x, replace(state, stopped=stopped)
        changes, gradient_changes = state.changes, state.gradient_changes
        direction = -inverse_hessian_times(gradient, changes, gradient_changes)
        search = LineSearch(objective, x, value, gradient, curvature=0.9)
        found = search.run(direction, 1.0 if changes else _to_move_by_1(gradient))
        if changes and _not_better(search, found):  # the kept pairs gave a bad direction
            changes, gradient_changes = (), ()
            found = search.run(-gradient, _to_move_by_1(gradient))
        state = _after(search, found, state)
        if found is None:
            return x, state
        if pair := remembered(found.x - x, found.gradient - gradient):
            changes = (*changes, pair[0])[-self.memory :]
            gradient_changes = (*gradient_changes, pair[1])[-self.memory :]
        return found.x, replace(state, changes=changes, gradient_changes=gradient_changes)


class ConjugateGradient(_Searcher, frozen=True, tag="conjugate_gradient"):
    """d ← −g + βd with β = max(g·(g − g₋)/g₋·g₋, 0) (Polak–Ribière+), strong-Wolfe search with c₂ = 0.1.

    It restarts with d = −g every n steps (a quadratic in n dimensions is then solved) and when d goes uphill.
    """

    title = "Conjugate gradients"
    family = "second order"
    meaning = (
        "Each direction is combined with the last one to keep its progress; a line search finds the length."
    )
    rule = (
        Equation(
            r"\beta_t = \max\left(\frac{g_t\cdot(g_t - g_{t-1})}{g_{t-1}\cdot g_{t-1}},\, 0\right)",
            "",
            "beta",
        ),
        Equation(r"d_t = -g_t + \beta_t\, d_{t-1}", "beta*old_direction - gradient", "direction"),
        STEP,
    )

    def numbers_kept(self, coordinates: int) -> int:
        """The last direction, its length and its gradient; f and its gradient at the new x."""
        return 3 * coordinates + 2

    def start(self, x: Vector) -> ConjugateGradientState:
        """Return the state before the first step: nothing measured."""
        zero = np.zeros_like(x)
        return ConjugateGradientState(zero, 0.0, zero, 0.0, np.nan, zero, calls=Evaluations(), t=0)

    def update(
        self, x: Vector, objective: Objective, state: ConjugateGradientState
    ) -> tuple[Vector, ConjugateGradientState]:
        """d = −g + βd, then search along d."""
        if state.stopped:
            return x, state
        value, gradient, spent = _at(x, objective, state)
        old, calls = state, state.calls.plus(spent)
        state = replace(state, gradient=gradient, calls=calls, t=state.t + 1)
        if stopped := _nothing_to_do(value, gradient):
            return x, replace(state, stopped=stopped)
        beta = 0.0
        if old.t % len(x):
            beta = polak_ribiere(gradient, old.gradient)
        direction = beta * old.direction - gradient
        search = LineSearch(objective, x, value, gradient, curvature=0.1)
        found = search.run(direction, self._first_length(gradient, direction, old))
        if _not_better(search, found):
            beta, found = 0.0, search.run(-gradient, _to_move_by_1(gradient))
        state = _after(search, found, replace(state, beta=beta))
        return (x if found is None else found.x), state

    def _first_length(self, gradient: Vector, direction: Vector, old: ConjugateGradientState) -> float:
        """First length to try: to first order, f falls as much as in the last step (equation 3.60)."""
        (last, e), (now, f) = product(old.gradient, old.direction), product(gradient, direction)
        if last < 0 and now < 0:
            return times_power(old.step_length * (last / now), e - f)
        return _to_move_by_1(gradient)


def remembered(s: Vector, y: Vector) -> tuple[Vector, Vector] | None:
    """Return the pair s, y, both times the power of two that makes |s||y| about 1; None unless s·y > 0.

    A common factor of s and y does not change Ĥ, but without it y·y could underflow near a flat minimum. The
    test s·y > 0 uses the angle between s and y, so it does not depend on the scales of x and f.
    """
    s_length, y_length = _length(s), _length(y)
    if s_length == 0.0 or y_length == 0.0 or not float((s / s_length).dot(y / y_length)) > LAST_BIT:
        return None
    half = -((math.frexp(s_length)[1] + math.frexp(y_length)[1]) // 2)
    return np.ldexp(s, half), np.ldexp(y, half)


def polak_ribiere(gradient: Vector, old: Vector) -> float:
    """Return β = max(g·(g − g₋)/g₋·g₋, 0); both are divided by a power of two so that no square underflows.

    Where g₋ = 0, β = 0.
    """
    if not old.any():
        return 0.0
    size = binary_size(old)
    g, before = np.ldexp(gradient, -size), np.ldexp(old, -size)
    return max(float(g.dot(g - before)) / float(before.dot(before)), 0.0)


def inverse_hessian_times(
    gradient: Vector, changes: Sequence[Vector], gradient_changes: Sequence[Vector]
) -> Vector:
    """Return Ĥ g, with Ĥ from the pairs s = changes, y = gradient_changes, oldest first (algorithm 7.4).

    For short vectors, most of the time is the overhead of NumPy calls: Python floats and `dot` halve it.
    """
    curvatures = [float(y.dot(s)) for s, y in zip(changes, gradient_changes, strict=True)]
    pairs = list(zip(changes, gradient_changes, curvatures, strict=True))
    weights = []  # α of each pair
    q = gradient
    for s, y, curvature in reversed(pairs):
        weights.append(float(s.dot(q)) / curvature)
        q = q - weights[-1] * y
    if pairs:
        q = curvatures[-1] / float(gradient_changes[-1].dot(gradient_changes[-1])) * q
    for s, y, curvature in pairs:
        q = q + (weights.pop() - float(y.dot(q)) / curvature) * s
    return q


def _at(x: Vector, objective: Objective, state: Any) -> tuple[float, Vector, Evaluations]:
    """Return f and the gradient at x, and what was computed: nothing if the last search ended here."""
    if not math.isnan(state.next_value):  # already computed
        return state.next_value, state.next_gradient, Evaluations()
    return objective.value(x), objective.gradient(x), Evaluations(values=1, gradients=1)


def _nothing_to_do(value: float, gradient: Vector) -> str:
    """Why a method stops before its step, a key of `STOPS`; empty if it goes on."""
    if not (np.isfinite(value) and np.isfinite(gradient).all()):
        return NOT_FINITE
    return "" if gradient.any() else CONVERGED


def _length(vector: Vector) -> float:
    """Return |v|, without overflow of a square."""
    return math.hypot(*vector.tolist())


def _to_move_by_1(gradient: Vector) -> float:
    """Return a first length along −g that moves x by 1, for any scale of f."""
    return min(1.0 / _length(gradient), LARGEST)


def _not_better(search: LineSearch, found: TriedStep | None) -> bool:
    """Whether a search has found no point with a lower f or a smaller slope."""
    if found is None:
        return True
    start = search.start
    return found.value >= start.value and _length(found.gradient) >= _length(start.gradient)


def _after(search: LineSearch, found: TriedStep | None, state: SearchStateT) -> SearchStateT:
    """Return the state with what the search found, or with the reason why it found nothing."""
    state = replace(state, direction=search.direction, step_length=0.0, calls=state.calls.plus(search.calls))
    if found is None:
        return replace(state, stopped=NO_DESCENT)
    return replace(
        state,
        step_length=found.length,
        next_value=found.value,
        next_gradient=found.gradient,
        stopped=NO_DESCENT if _not_better(search, found) else "",
    )
