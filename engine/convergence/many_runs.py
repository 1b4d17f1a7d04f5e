"""Thousands of runs at once: one update rule on one surface; each run has its own start (or settings).

The runs are the coordinates of one long vector,

    θ = (x₁, …, xₙ, y₁, …, yₙ),

and the update rules work coordinate by coordinate, so the code that moves one racer moves all of them. A
hyperparameter may be an array with an entry for each coordinate: then each run has its own.

A run *arrives* at its goal in the first step after which it always stays within a radius of it; only passing
through does not count. So what is stored is the step after the last one outside.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.optimizers.trainer import Trainer, flush_to_zero
from engine.optimizers.update_rule import GradientRule
from engine.surfaces.stationary_points import newton_step
from engine.surfaces.surface import Surface

Array = NDArray[np.floating[Any]]
BLOCK = 32_768  # runs computed together
FLUSH_EVERY = 32  # after so many steps numbers below `NOTHING` are set to 0, before they become subnormal
NOTHING = 1e-200
LAST_BIT = 4 * float(np.finfo(np.float64).eps)


class ManyRuns:
    """Runs of one rule on one surface from the starts x and y, shape (n,) each; float64 or float32.

    `goals` are the points (x, y) that the runs should reach, shape (n,) each. After `step` steps run i is at
    (x[i], y[i]). If it is within `radius` of its goal now, it has been so since step `arrived[i]`. There are
    at most 32,766 steps.
    """

    def __init__(
        self, rule: Any, surface: Surface, x: Array, y: Array, goals: tuple[Array, Array], radius: float
    ) -> None:
        self.rule, self.surface, self.radius = rule, surface, radius
        self.step = 0
        self.arrived = np.zeros(len(x), np.int16)
        self._count = len(x)
        self._goal = np.concatenate(goals).astype(x.dtype)
        self._theta = np.concatenate((x, y))
        self._trainer = Trainer(rule, self._theta) if isinstance(rule, GradientRule) else None
        self._slope = np.empty_like(self._theta)
        self._spare = np.empty_like(self._theta)
        self._looks_ahead = self._trainer is not None and hasattr(self._trainer.state, "position")
        self._at_rest = False
        self._measure()

    @property
    def x(self) -> Array:
        """The x of the positions that are drawn (for Nesterov the classical iterate θ)."""
        return self._places()[: self._count]

    @property
    def y(self) -> Array:
        """The y of the positions that are drawn."""
        return self._places()[self._count :]

    def _places(self) -> Array:
        """The positions that are drawn, as one vector."""
        if self._trainer is None:
            return self._theta
        return self._trainer.state.position if self._looks_ahead else self._trainer.theta

    def advance(self, steps: int) -> None:
        """Take so many steps with every run. Runs that diverge become ∞ or NaN without a warning."""
        with np.errstate(all="ignore"):
            for _ in range(steps):
                self.step += 1
                if not self._at_rest:
                    self._move()
                    self._measure()

    def _move(self) -> None:
        """Take one step with every run."""
        if self._trainer is None:
            self._newton()
            return
        theta, n = self._trainer.theta, self._count
        self._slope[:n], self._slope[n:] = self.surface.gradient(theta[:n], theta[n:])
        self._trainer.step(self._slope)
        if self.step % FLUSH_EVERY == 0:
            flush_to_zero(theta, NOTHING)

    def _newton(self) -> None:
        """x ← x − η (H + λI)⁻¹ ∇f; once no run moves any more, no later step is computed."""
        x, y = self._theta[: self._count], self._theta[self._count :]
        rate = getattr(self.rule, "learning_rate", 1.0)
        damping = np.broadcast_to(getattr(self.rule, "damping", 0.0), self._theta.shape)[: self._count]
        rounding = 4 * float(np.finfo(x.dtype).eps)
        step = rate * np.concatenate(newton_step(self.surface, x, y, damping, rounding))
        self._at_rest = bool((np.abs(step) <= LAST_BIT * np.abs(self._theta)).all())
        self._theta = self._theta - step

    def _measure(self) -> None:
        """Find the runs that are outside the circle around their goal: they arrive in the next step or later.

        The next step is larger than any stored one, so a maximum is enough, which is faster than `np.where`.
        """
        away = self._spare
        np.subtract(self._places(), self._goal, out=away)
        away *= away
        squares = away[: self._count]
        squares += away[self._count :]
        outside = squares > self.radius * self.radius
        np.maximum(self.arrived, outside * np.int16(self.step + 1), out=self.arrived)
