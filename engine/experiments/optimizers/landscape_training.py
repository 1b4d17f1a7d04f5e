"""The training of *Network landscape*: several optimizers, one start, the same mini-batches.

Training runs in float32, as everywhere; the loss at a point is measured in float64.
"""

from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.training_data import streams
from engine.experiments.optimizers.landscape_config import LandscapeConfig, LandscapeTask
from engine.experiments.optimizers.landscape_timeline import LandscapeSnapshot, LandscapeTimeline
from engine.linear.mini_batches import Batches
from engine.networks.network_landscape import PathPoints
from engine.optimizers.trainer import Trainer
from engine.training import Scalars, Training

TOO_FAR = 1e6  # a racer with a larger |θ| counts as diverged
ANALYSED = 320  # points, of all paths together, from which the principal directions are computed


class LandscapeRacer:
    """A racer in training: its weights, and the step at which it diverged."""

    def __init__(self, rule: Any, theta: NDArray[np.float32]) -> None:
        self._trainer = Trainer(rule, theta)
        self.lost: int | None = None

    @property
    def theta(self) -> NDArray[np.float32]:
        """Its weights; for Nesterov the classical iterate, not the look-ahead point."""
        found: NDArray[np.float32] = getattr(self._trainer.state, "position", self._trainer.theta)
        return found

    def step(self, task: LandscapeTask, rows: NDArray[np.intp]) -> None:
        """Learn from one mini-batch."""
        if self.lost is None:
            x, target = task.data.inputs[rows], task.data.targets[rows]
            self._trainer.step(task.network.loss_and_gradient(self._trainer.theta, x, target).gradient)
            if not np.abs(self.theta).max() < TOO_FAR:
                self.lost = self._trainer.steps


class LandscapeTraining(Training[LandscapeSnapshot]):
    """All racers on the same mini-batches, and the points of their paths: a step leads to the next point."""

    def __init__(self, config: LandscapeConfig, task: LandscapeTask, time: LandscapeTimeline) -> None:
        self.task, self.time = task, time
        rng = streams(config.seed)[1]
        self.start = task.network.start(rng, "he_normal")
        self.racers = [LandscapeRacer(rule, self.start) for rule in config.racers]
        rows = task.data.training
        drawn = Batches(len(rows), min(config.batch_size, len(rows)), "shuffled", rng)
        self.batches = (rows[places] for places in islice(drawn, config.steps))
        self.paths = np.full((len(self.racers), time.last + 1, self.start.size), np.nan, np.float32)
        each = ANALYSED // len(self.racers) - 1
        self._every = -(-(time.last + 1) // each)
        self.points = PathPoints(self.start, ANALYSED) if config.directions == "principal" else None

    def begin(self) -> Scalars:
        """Store the starting points."""
        return self._recorded(0)

    def step(self, step: int, measure: bool) -> Scalars:
        """Train until the next point of the paths."""
        for rows in islice(self.batches, self.time.stride):
            for racer in self.racers:
                racer.step(self.task, rows)
        return self._recorded(step)

    def _recorded(self, point: int) -> Scalars:
        """Store the points, and measure on all training examples and on the held-out ones."""
        scalars: Scalars = {}
        for i, racer in enumerate(self.racers):
            if racer.lost is None:
                scalars |= self._measured(i, point, racer)
        return scalars

    def _measured(self, i: int, point: int, racer: LandscapeRacer) -> Scalars:
        """Store the point of racer i, and return its scalars; none if it has diverged."""
        network, data = self.task
        theta = racer.theta.astype(np.float64)
        loss = network.loss(theta, data.inputs[data.training], data.targets[data.training])
        if not np.isfinite(loss):
            racer.lost = int(self.time.at[point])
            return {}
        self.paths[i, point] = racer.theta
        if self.points is not None and (point % self._every == 0 or point == self.time.last):
            self.points.add(theta, i)
        logits = network.forward(racer.theta, data.inputs[data.held_out]).logits
        right = logits.argmax(axis=1) == data.labels[data.held_out]
        away = float(np.linalg.norm(theta - self.start))
        return {f"{i}.loss": loss, f"{i}.accuracy": float(right.mean()), f"{i}.distance": away}

    def snapshot(self) -> LandscapeSnapshot:
        """The steps at which racers diverged."""
        return LandscapeSnapshot(self.lost)

    def diverged(self, scalars: Scalars, step: int) -> None:
        """Never a problem here: the run goes on with the map even if racers have diverged."""

    @property
    def lost(self) -> tuple[int | None, ...]:
        """The step at which each racer diverged; None if it has not."""
        return tuple(racer.lost for racer in self.racers)
