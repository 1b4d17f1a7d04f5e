"""The training of *Network landscape*: several optimizers, one start, the same mini-batches.

Training runs in float32, as everywhere; what is measured of a point is measured in float64.
"""

from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import streams
from engine.experiments.optimizers.landscape_config import LandscapeConfig, Task
from engine.experiments.optimizers.landscape_timeline import Timeline
from engine.linear.mini_batches import batches
from engine.networks.network_landscape import Points
from engine.optimizers.trainer import Trainer

TOO_FAR = 1e6  # |θ| from which a racer counts as lost
ANALYSED = 320  # points, of all paths together, from which the principal directions are found


class Walker:
    """A racer on its way: its weights, and the step at which it was lost."""

    def __init__(self, rule: Any, theta: NDArray[np.float32]) -> None:
        self._trainer = Trainer(rule, theta)
        self.lost: int | None = None

    @property
    def theta(self) -> NDArray[np.float32]:
        """Where it is; for Nesterov the classical iterate, not the look-ahead point."""
        found: NDArray[np.float32] = getattr(self._trainer.state, "position", self._trainer.theta)
        return found

    def step(self, task: Task, rows: NDArray[np.intp]) -> None:
        """Learn from one mini-batch."""
        if self.lost is None:
            x, target = task.data.inputs[rows], task.targets[rows]
            said = task.network.loss_and_gradient(self._trainer.theta, x, target)
            self._trainer.step(said.gradient)
            if not np.abs(self.theta).max() < TOO_FAR:
                self.lost = self._trainer.steps


class Training:
    """All racers on the same mini-batches, and the points of their paths."""

    def __init__(self, config: LandscapeConfig, task: Task, time: Timeline) -> None:
        self.task, self.time = task, time
        rng = streams(config.seed)[1]
        self.start = task.network.start(rng, "he_normal")
        self.walkers = [Walker(rule, self.start) for rule in config.racers]
        rows = task.data.training
        drawn = batches(len(rows), min(config.batch_size, len(rows)), "shuffled", rng)
        self.batches = (rows[places] for places in islice(drawn, config.steps))
        self.paths = np.full((len(self.walkers), time.last + 1, self.start.size), np.nan, np.float32)
        each = ANALYSED // len(self.walkers) - 1
        self._every = -(-(time.last + 1) // each)
        self.points = Points(self.start, ANALYSED) if config.directions == "principal" else None

    def advance(self, point: int) -> None:
        """Train until the next point of the paths."""
        for rows in islice(self.batches, self.time.stride if point else 0):
            for walker in self.walkers:
                walker.step(self.task, rows)

    def measured(self, point: int) -> dict[str, float]:
        """Take the point down, and measure: over all training examples, and what is held out."""
        scalars: dict[str, float] = {}
        for i, walker in enumerate(self.walkers):
            if walker.lost is None:
                scalars |= self._measured(i, point, walker)
        return scalars

    def _measured(self, i: int, point: int, walker: Walker) -> dict[str, float]:
        network, data, targets = self.task
        theta = walker.theta.astype(np.float64)
        loss = network.loss(theta, data.inputs[data.training], targets[data.training])
        if not np.isfinite(loss):
            walker.lost = int(self.time.at[point])
            return {}
        self.paths[i, point] = walker.theta
        if self.points is not None and (point % self._every == 0 or point == self.time.last):
            self.points.add(theta, i)
        logits = network.forward(walker.theta, data.inputs[data.held_out]).logits
        right = logits.argmax(axis=1) == data.labels[data.held_out]
        away = float(np.linalg.norm(theta - self.start))
        return {f"{i}.loss": loss, f"{i}.accuracy": float(right.mean()), f"{i}.distance": away}

    @property
    def lost(self) -> tuple[int | None, ...]:
        """The step at which each racer was lost."""
        return tuple(walker.lost for walker in self.walkers)
