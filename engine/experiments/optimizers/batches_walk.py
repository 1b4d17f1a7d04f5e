"""One run of *Mini-batches*: a descent with batches of one size, that can go on from where it was."""

from math import nan
from typing import Any, NamedTuple, cast

import numpy as np

from engine.experiments.optimizers.batches_config import BatchesConfig, sizes
from engine.linear.linear_models import EVERY, Array, LinearModel
from engine.linear.mini_batches import Batches, BatchState

TOO_FAR = 1e9  # a run with a larger |θ| counts as diverged
Point = tuple[float, float]


class WalkState(NamedTuple):
    """All that a run needs to go on: θ, the state of the rule for each coordinate, the batches, the step."""

    theta: Point
    moments: tuple[Any, Any]
    batches: BatchState
    step: int


class BatchWalk:
    """One run: the descent with batches of one size."""

    def __init__(self, config: BatchesConfig, model: LinearModel, run: int, rng: np.random.Generator) -> None:
        self.model, self.run = model, run
        self.rule = cast(Any, config.optimizer)  # of several kinds, each with a state of its own
        self.theta: Point = (float(config.start[0]), float(config.start[1]))
        self.moments = self.rule.start(self.theta[0]), self.rule.start(self.theta[1])
        self.batches = Batches(model.count, sizes(config)[run], config.order, rng)
        self.step = 0

    def use(self, settings: BatchesConfig) -> None:
        """Use these settings from the next step on; the batch size is only that of the first run."""
        if settings.optimizer != self.rule:
            self.rule = cast(Any, settings.optimizer)
            (x, y), (of_x, of_y) = self.theta, self.moments
            self.moments = self.rule.taken_over(x, of_x), self.rule.taken_over(y, of_y)
        if self.run == 0:
            self.batches.resize(min(settings.batch_size, self.model.count))

    def state(self) -> WalkState:
        """All that it needs to go on."""
        return WalkState(self.theta, self.moments, self.batches.state(), self.step)

    def go_on(self, state: WalkState) -> None:
        """Go on from a state."""
        self.theta, self.moments, self.step = state.theta, state.moments, state.step
        self.batches.go_on(state.batches)

    def forward(self, count: int) -> Array:
        """Take so many steps; θ after each, [count, 2], NaN once it has diverged.

        The rule is called with two Python floats, which is several times faster than with an array of two.
        """
        (x, y), (of_x, of_y), path = self.theta, self.moments, list[Point]()
        rule, model, drawn, rates = self.rule, self.model, self.batches, self.rule.rates(self.step + 1)
        try:
            while len(path) < count and abs(x) < TOO_FAR and abs(y) < TOO_FAR:
                rows, rate = EVERY if drawn.all_next else next(drawn), next(rates)
                slope_x, slope_y = model.slopes((x, y), rows)
                x, of_x = rule.step(x, slope_x, of_x, rate)
                y, of_y = rule.step(y, slope_y, of_y, rate)
                path.append((x, y))
        except ArithmeticError:  # where arrays give ∞, Python floats raise
            x = y = nan
        self.theta, self.moments, self.step = (x, y), (of_x, of_y), self.step + count
        return np.array(path + [(nan, nan)] * (count - len(path)))
