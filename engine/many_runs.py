"""Thousands of runs at once: one update rule, one surface, a start (or a setting) for each run.

The runs are the coordinates of one long vector,

    θ = (x₁, …, xₙ, y₁, …, yₙ),

and the update rules work coordinate by coordinate, so that the very line that moves one racer moves them all.
A hyperparameter may be an array with an entry for each coordinate: then each run has its own learning rate.

A run has *arrived* at its goal in the step from which on it stays within a radius of it, for good: passing by
does not count. That can be told only at the end of the run, so the last step outside is what is kept.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.stationary_points import newton_step
from engine.surface import Surface
from engine.training import Trainer, without_dust
from engine.update_rule import GradientRule

Array = NDArray[np.floating[Any]]
SWEEP = 32  # steps after which numbers next to nothing are taken for 0: below 1e−308 processors are slow
NOTHING = 1e-200
LAST_BIT = 4 * float(np.finfo(np.float64).eps)


class ManyRuns:
    """Runs of one rule on one surface from the starts x and y, shape (n,) each; float64 or float32.

    `goals` are the places (x, y) that the runs are measured from, shape (n,) each, NaN for a run without one.
    After `step` steps run i is at (x[i], y[i]), and `last_outside[i]` is the last step at which it was
    farther than `radius` from its goal, −1 if it never was.
    """

    def __init__(
        self, rule: Any, surface: Surface, x: Array, y: Array, goals: tuple[Array, Array], radius: float
    ) -> None:
        self.rule, self.surface, self.goals, self.radius = rule, surface, goals, radius
        self.step = 0
        self._count = len(x)
        self._theta = np.concatenate((x, y))
        self._trainer = Trainer(rule, self._theta) if isinstance(rule, GradientRule) else None
        self._slope = np.empty_like(self._theta)
        self._at_rest = False
        self.last_outside = np.full(self._count, -1, np.int32)
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
        return getattr(self._trainer.state, "position", self._trainer.theta)

    def advance(self, steps: int) -> None:
        """Take so many steps with every run."""
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
        step = rate * np.concatenate(newton_step(self.surface, x, y, damping))
        self._at_rest = bool((np.abs(step) <= LAST_BIT * np.abs(self._theta)).all())
        self._theta = self._theta - step

    def _measure(self) -> None:
        """Note this step for the runs that are outside their goal's circle; NaN is outside."""
        across, up = self.x - self.goals[0], self.y - self.goals[1]
        across *= across
        up *= up
        across += up
        outside = np.logical_not(across <= self.radius * self.radius)
        np.copyto(self.last_outside, self.step, where=outside)
