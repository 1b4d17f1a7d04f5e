"""LSTM ▸ Memory span: how far back in time the gradient of each cell reaches, and how far it can remember.

An RNN, a GRU and an LSTM learn the same task from the same sequences. In a run with several delays, one after
the other, every cell begins each delay with the same first weights.

Recorded for each cell, such as "lstm": `lstm.loss` of every batch, before its step, and `lstm.accuracy`,
every few steps, on held-out sequences. A frame is the state after its training step; the `reach` of a cell is
that of the frame's batch.
"""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.lstm.memory_config import PIECE, MemoryConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import clip_by_norm
from engine.optimizers.trainer import Learner
from engine.pieces import WORKING, Pieces, Working
from engine.recurrent.memory_span import Examples, Reach, Recall, draw_examples, recall_of
from engine.recurrent.through_time import CELLS
from engine.training import Scalars, Training, training_frames

__all__ = [
    "EXPERIMENT",
    "CellEnd",
    "DelayPoint",
    "MemoryCellSnapshot",
    "MemoryConfig",
    "MemorySnapshot",
    "check",
    "check_all",
    "frames",
]

BETWEEN = 10  # training steps from one measurement of accuracy to the next
TEST = 4 * PIECE  # sequences of a measurement
CHECKED = 1500  # coordinates times steps of a gradient check: about 0.1 s per cell


class CellEnd(NamedTuple):
    """The training step at which a cell diverged, and the message."""

    step: int
    problem: Problem


class MemoryCellSnapshot(NamedTuple):
    """One cell at one step."""

    theta: Array
    reach: Reach
    end: CellEnd | None  # not None if it has diverged


class DelayPoint(NamedTuple):
    """The accuracies of the cells at one delay, in the order of the cells; NaN for a cell that diverged."""

    delay: int
    accuracies: tuple[float, ...]


class MemorySnapshot(NamedTuple):
    """The three nets at one step."""

    delay: int
    step: int  # training steps at this delay
    shots: dict[str, MemoryCellSnapshot]
    points: tuple[DelayPoint, ...]  # of the delays that are done


class CellLearner:
    """One cell in training at one delay."""

    def __init__(self, config: MemoryConfig, name: str, delay: int) -> None:
        self.name, self.config = name, config
        self.net = _net(config, name, delay)
        self.test_net = recall_of(name, config.classes, config.hidden, delay, PIECE, np.float32)
        theta = self.net.start(np.random.default_rng(config.seed), config.weight_scale, config.forget_bias)
        if name == "gru":
            cell = self.net.cell
            cell.parameters(theta[: cell.count]).update_gate.bias[...] = config.update_bias
        self.learner = Learner(config.optimizer, theta)
        self.gradient = np.zeros_like(theta)
        self.shot: MemoryCellSnapshot | None = None

    @property
    def ended(self) -> bool:
        """Whether it has diverged."""
        return self.shot is not None and self.shot.end is not None

    def look(self, examples: Examples, test: Examples | None, step: int) -> Pieces[Scalars]:
        """Loss and gradients on a batch, and the accuracy on the test if given; the gradients are kept."""
        theta = self.learner.theta
        found = yield from self.net.learning(theta, examples)
        self.gradient = found.gradient
        finite = isfinite(found.loss) and bool(np.isfinite(theta).all())
        problem = Problem("The {cell} diverged at step {step}", cell=self.net.cell.title, step=step)
        yield WORKING
        self.shot = MemoryCellSnapshot(theta, self.net.reach(), None if finite else CellEnd(step, problem))
        if not finite:
            return {}
        scalars = {f"{self.name}.loss": found.loss}
        if test is not None:
            scalars[f"{self.name}.accuracy"] = yield from self.test_net.accuracy(theta, test)
        return scalars

    def learn(self) -> None:
        """Take the optimizer's step for the last batch."""
        most = self.config.clipping
        self.learner.step(clip_by_norm(self.gradient, most).gradient if most else self.gradient)


class MemoryTraining(Training[MemorySnapshot]):
    """The three cells at one delay; `points` has the results of earlier delays."""

    def __init__(self, config: MemoryConfig, delay: int, points: tuple[DelayPoint, ...]) -> None:
        self.config, self.delay, self.points = config, delay, points
        self.cells: list[CellLearner] = []

    def begin(self) -> Pieces[Scalars]:
        """Draw the first weights, and compute the first batch."""
        for name in CELLS:
            self.cells.append(CellLearner(self.config, name, self.delay))
            yield WORKING
        self.test = examples_of(self.config, self.delay, -1)
        return (yield from self._look(0, True))

    def step(self, step: int, measure: bool) -> Pieces[Scalars]:
        """Take a step with the last batch, and compute the next."""
        for cell in self.cells:
            if not cell.ended:
                cell.learn()
        scalars = yield from self._look(step, measure)
        if step == self.config.steps:
            reached = tuple(scalars.get(f"{cell.name}.accuracy", np.nan) for cell in self.cells)
            self.points = (*self.points, DelayPoint(self.delay, reached))
        return scalars

    def _look(self, step: int, measure: bool) -> Pieces[Scalars]:
        """Compute losses and gradients on the batch of a step, with `measure` also the accuracies."""
        self.at = step
        examples, test = examples_of(self.config, self.delay, step), self.test if measure else None
        scalars: Scalars = {}
        for cell in self.cells:
            if not cell.ended:
                scalars |= yield from cell.look(examples, test, step)
        return scalars

    def snapshot(self) -> MemorySnapshot:
        """The cells now."""
        shots = {cell.name: cell.shot for cell in self.cells if cell.shot is not None}
        return MemorySnapshot(self.delay, self.at, shots, self.points)

    def diverged(self, scalars: Scalars, step: int) -> Problem | None:
        """A problem only if all have diverged, and there is no later delay."""
        lost = all(cell.ended for cell in self.cells) and self.delay == self.config.delays[-1]
        return Problem("All three cells diverged") if lost else None


def frames(config: MemoryConfig) -> Iterator[Frame[MemorySnapshot] | Working]:
    """Train at one delay after the other: a frame for each start, and one for each training step."""
    points: tuple[DelayPoint, ...] = ()
    for stage, delay in enumerate(config.delays):
        training = MemoryTraining(config, delay, points)
        yield from training_frames(training, config.steps, BETWEEN, stage * config.stage_length)
        points = training.points


def examples_of(config: MemoryConfig, delay: int, step: int) -> Examples:
    """The batch of a training step, the same in every call; step −1 is the test."""
    rng = np.random.default_rng((config.seed, delay, step + 1))
    batch = TEST if step < 0 else config.batch_size
    return draw_examples(rng, delay, config.classes, batch, config.noise)


def last_step(config: MemoryConfig) -> int:
    """The number of the last frame: every delay has a start and its training steps."""
    return len(config.delays) * config.stage_length - 1


def _net(config: MemoryConfig, name: str, delay: int) -> Recall:
    """The network of a cell at a delay."""
    return recall_of(name, config.classes, config.hidden, delay, config.batch_size)


def check(config: MemoryConfig, snapshot: MemorySnapshot, name: str) -> GradientCheck:
    """Compare the gradient through all steps of time, on the snapshot's batch, with finite differences."""
    net = _net(config, name, snapshot.delay)
    theta, examples = snapshot.shots[name].theta, examples_of(config, snapshot.delay, snapshot.step)
    at_most = min(max(CHECKED // (snapshot.delay + 1), 6), 100)
    with np.errstate(all="ignore"):
        gradient = net.learn(theta, examples).gradient
        return check_gradient(
            lambda at: net.loss_and_accuracy(at, examples)[0],
            gradient,
            theta,
            at_most=at_most,
            seed=config.seed,
        )


def check_all(config: MemoryConfig, snapshot: MemorySnapshot) -> Pieces[list[GradientCheck]]:
    """`check` for each net, in the order of the cells."""
    checks = []
    for name in CELLS:
        checks.append(check(config, snapshot, name))
        yield WORKING
    return checks


EXPERIMENT = Experiment(
    name="lstm.memory",
    title="Memory span",
    config_type=MemoryConfig,
    frames=frames,
    last_step=last_step,
)
