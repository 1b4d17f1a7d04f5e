"""Line search: how far to go along a direction, so that f falls enough.

A step length a along d is accepted when it meets the strong Wolfe conditions,

    f(x + a d) ≤ f(x) + c₁ a g·d            f has fallen in proportion to the step (Armijo), and
    |g(x + a d)·d| ≤ c₂ |g·d|               the slope along d is near 0 (curvature).

g(x) is the gradient at x, and g that at the start; c₁ = 10⁻⁴, and c₂ is chosen by the method (0.9 or 0.1).

The search makes the step longer until such a length lies between two tried ones, then it makes this interval
smaller. Every test compares quantities of the same unit, so the search takes the same steps on S·f as on f.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, algorithms 3.5 and 3.6.
"""

import math
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.optimizers.evaluations import Evaluations

Vector = NDArray[np.floating[Any]]

SUFFICIENT_DECREASE = 1e-4  # c₁
WIDENINGS, CLOSINGS = 30, 30  # at most so many steps with a longer length, and so many smaller intervals


class Objective(Protocol):
    """A function of a vector x, shape (n,). Where it has no value it gives NaN or ∞, without an exception."""

    def value(self, x: Vector) -> float:
        """Return f(x)."""
        ...

    def gradient(self, x: Vector) -> Vector:
        """Return ∇f(x), shape (n,)."""
        ...

    def hessian(self, x: Vector) -> Vector:
        """Return the second derivatives at x, shape (n, n)."""
        ...


def binary_size(vector: Vector) -> int:
    """Return the e with 2ᵉ⁻¹ ≤ largest |entry| < 2ᵉ. After a division by 2ᵉ (exact) no square overflows."""
    return math.frexp(max(map(abs, vector.tolist())))[1]


def times_power(value: float, exponent: int) -> float:
    """Return value·2ᵉ, ±∞ where it is too large."""
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


def product(a: Vector, b: Vector) -> tuple[float, int]:
    """Return m and e with a·b = m·2ᵉ; m does not underflow even where a·b would."""
    plain = float(a.dot(b))
    if 1e-200 < abs(plain) < 1e200:
        return plain, 0
    e, f = binary_size(a), binary_size(b)
    return float(np.ldexp(a, -e).dot(np.ldexp(b, -f))), e + f


class TriedStep(NamedTuple):
    """A step length that was tried: f and, if f has fallen, the gradient and the slope along d.

    During the search length and slope are those along d/2ᵉ, where e is the binary size of d.
    """

    length: float
    x: Vector
    value: float
    gradient: Vector
    slope: float


class LineSearch:
    """Searches from x, where f is `value` with `gradient`, until |slope| is `curvature` (c₂) times that at x.

    `calls` counts every value and every gradient that was computed.
    """

    def __init__(
        self, objective: Objective, x: Vector, value: float, gradient: Vector, curvature: float
    ) -> None:
        self.objective = objective
        self.start = TriedStep(0.0, x, value, gradient, np.nan)
        self.direction = self._along = -gradient
        self.curvature = curvature
        self.calls = Evaluations()

    def run(self, direction: Vector, length: float) -> TriedStep | None:
        """Return an accepted step, trying `length` first; None if f does not fall (algorithm 3.5)."""
        exponent = binary_size(direction)
        self.direction, self._along = direction, np.ldexp(direction, -exponent)
        found = self._widen(times_power(length, exponent))
        return found and found._replace(length=times_power(found.length, -exponent))

    def _widen(self, length: float) -> TriedStep | None:
        """`run` along the scaled direction: longer and longer steps, until an interval has a good one."""
        slope = float(self.start.gradient.dot(self._along))
        before = self.start = self.start._replace(slope=slope)
        if not slope < 0:
            return None
        for _ in range(WIDENINGS):
            trial = self._try(length)
            if not self._falls(trial) or (before.length and trial.value >= before.value):
                return self._close_in(before, trial)
            trial = self._measured(trial)
            if self._flat(trial):
                return trial
            if not trial.slope < 0:
                return self._close_in(trial, before)
            before, length = trial, 2 * length
        return before

    def _close_in(self, low: TriedStep, high: TriedStep) -> TriedStep | None:
        """Shrink the interval between the best length so far, `low`, and `high` (algorithm 3.6, "zoom")."""
        for _ in range(CLOSINGS):
            trial = self._try(_between(low, high))
            if not self._falls(trial) or trial.value >= low.value:
                high = trial
                continue
            trial = self._measured(trial)
            if self._flat(trial):
                return trial
            if not trial.slope * (high.length - low.length) < 0:
                high = low
            low = trial
        return low if low.length else None

    def _try(self, length: float) -> TriedStep:
        """The point at this distance, with f there."""
        x = self.start.x + length * self._along
        self.calls = self.calls.plus(Evaluations(values=1))
        return TriedStep(length, x, self.objective.value(x), self.start.gradient, np.nan)

    def _measured(self, trial: TriedStep) -> TriedStep:
        """The same point, with ∇f and the slope along the direction."""
        gradient = self.objective.gradient(trial.x)
        self.calls = self.calls.plus(Evaluations(gradients=1))
        return trial._replace(gradient=gradient, slope=float(gradient.dot(self._along)))

    def _falls(self, trial: TriedStep) -> bool:
        """Whether the first condition holds; false where f has no value."""
        return trial.value <= self.start.value + SUFFICIENT_DECREASE * trial.length * self.start.slope

    def _flat(self, trial: TriedStep) -> bool:
        return abs(trial.slope) <= -self.curvature * self.start.slope


def _between(low: TriedStep, high: TriedStep) -> float:
    """The vertex of the parabola through f and slope at `low` and f at `high`, kept between the two."""
    width = high.length - low.length
    rise = high.value - low.value - low.slope * width  # ½·curvature·width²
    part = -0.5 * low.slope * width / rise if 0 < rise < np.inf else 0.5
    return low.length + width * min(max(part, 0.1), 0.9)
