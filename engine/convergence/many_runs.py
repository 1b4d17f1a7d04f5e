"""Thousands of runs at once: one update rule, one surface, a start (or a setting) for each run.

The runs are the coordinates of one long vector,

    θ = (x₁, …, xₙ, y₁, …, yₙ),

and the update rules work coordinate by coordinate, so that the very line that moves one racer moves them
all. A hyperparameter may be an array with an entry for each coordinate: then each run has its own.

A run has *arrived* at its goal in the step from which on it stays within a radius of it, for good: passing
by does not count. So the step after the last one outside is what is kept.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.optimizers.trainer import Trainer, without_dust
from engine.optimizers.update_rule import GradientRule
from engine.surfaces.stationary_points import newton_step
from engine.surfaces.surface import Surface

Array = NDArray[np.floating[Any]]
BLOCK = 32_768  # runs that are well taken side by side
SWEEP = 32  # steps after which numbers next to nothing are taken for 0: below 1e−308 processors are slow
NOTHING = 1e-200
LAST_BIT = 4 * float(np.finfo(np.float64).eps)


class ManyRuns:
    """Runs of one rule on one surface from the starts x and y, shape (n,) each; float64 or float32.

    `goals` are the places (x, y) that the runs are measured from, shape (n,) each. After `step` steps run i
    is at (x[i], y[i]), and since step `arrived[i]` it has been within `radius` of its goal, if it now is.
    There are at most 32,766 steps.
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
        """Where the runs are drawn (for Nesterov the classical iterate θ)."""
        return self._places()[: self._count]

    @property
    def y(self) -> Array:
        """Where the runs are drawn."""
        return self._places()[self._count :]

    def _places(self) -> Array:
        if self._trainer is None:
            return self._theta
        return self._trainer.state.position if self._looks_ahead else self._trainer.theta

    def advance(self, steps: int) -> None:
        """Take so many steps with every run. Those that leave the finite numbers do so in silence."""
        with np.errstate(all="ignore"):
            for _ in range(steps):
                self.step += 1
                if not self._at_rest:
                    self._move()
                    self._measure()

    def _move(self) -> None:
        if self._trainer is None:
            self._newton()
            return
        theta, n = self._trainer.theta, self._count
        self._slope[:n], self._slope[n:] = self.surface.gradient(theta[:n], theta[n:])
        self._trainer.step(self._slope)
        if self.step % SWEEP == 0:
            without_dust(theta, NOTHING)

    def _newton(self) -> None:
        """x ← x − η (H + λI)⁻¹ ∇f; where no run moves any more, none will."""
        x, y = self._theta[: self._count], self._theta[self._count :]
        rate = getattr(self.rule, "learning_rate", 1.0)
        damping = np.broadcast_to(getattr(self.rule, "damping", 0.0), self._theta.shape)[: self._count]
        rounding = 4 * float(np.finfo(x.dtype).eps)
        step = rate * np.concatenate(newton_step(self.surface, x, y, damping, rounding))
        self._at_rest = bool((np.abs(step) <= LAST_BIT * np.abs(self._theta)).all())
        self._theta = self._theta - step

    def _measure(self) -> None:
        """Find the runs that are outside the circle around their goal: at best they arrive in the next step.

        It is later than any before, so the larger of two numbers is kept, which is quicker than a choice.
        """
        away = self._spare
        np.subtract(self._places(), self._goal, out=away)
        away *= away
        squares = away[: self._count]
        squares += away[self._count :]
        outside = squares > self.radius * self.radius
        np.maximum(self.arrived, outside * np.int16(self.step + 1), out=self.arrived)
