"""LSTM ▸ Memory span: how far back each cell feels its loss, and how far back it learns to remember.

An RNN, a GRU and an LSTM learn the same task from the same sequences. In the run of several delays, one
after the other, every cell begins at every delay with the same first weights.

Recorded for each cell, such as "lstm": `lstm.loss` of every batch, before it is learned from, and
`lstm.accuracy`, every few steps, on sequences nobody learns from. A frame tells of the nets as they are
after its training step; `Snapshot.reach` is that of the frame's batch.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.lstm.memory_config import PIECE, MemoryConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import clip_by_norm
from engine.pieces import WORKING, Pieces, Working
from engine.recurrent.memory_span import Examples, Reach, Recall, draw_examples, recall_of
from engine.recurrent.through_time import CELLS

__all__ = ["EXPERIMENT", "End", "MemoryConfig", "Point", "Shot", "Snapshot", "check", "check_all", "frames"]

BETWEEN = 10  # training steps from one measurement of accuracy to the next
TEST = 4 * PIECE  # sequences of a measurement
CHECKED = 1500  # coordinates times steps of a gradient check: about 0.1 s a cell


class End(NamedTuple):
    """The training step at which a cell left the finite numbers, and that in words."""

    step: int
    problem: Problem


class Shot(NamedTuple):
    """One cell at one step."""

    theta: Array
    reach: Reach
    end: End | None  # it cannot go on from here


class Point(NamedTuple):
    """What the cells reached at one delay, in the order of the cells; NaN where one did not come through."""

    delay: int
    accuracies: tuple[float, ...]


class Snapshot(NamedTuple):
    """The three nets at one step."""

    delay: int
    step: int  # training steps at this delay
    shots: dict[str, Shot]
    points: tuple[Point, ...]  # of the delays that are done


class Learner:
    """One cell that learns at one delay."""

    def __init__(self, config: MemoryConfig, name: str, delay: int) -> None:
        self.name, self.config = name, config
        self.net = _net(config, name, delay)
        self.test_net = recall_of(name, config.classes, config.hidden, delay, PIECE, np.float32)
        self.theta = self.net.start(
            np.random.default_rng(config.seed), config.weight_scale, config.forget_bias
        )
        if name == "gru":
            cell = self.net.cell
            cell.parameters(self.theta[: cell.count]).update_gate.bias[...] = config.update_bias
        self.state: Any = config.optimizer.start(self.theta)
        self.gradient = np.zeros_like(self.theta)
        self.shot: Shot | None = None

    @property
    def ended(self) -> bool:
        """Whether it can go on."""
        return self.shot is not None and self.shot.end is not None

    def look(self, examples: Examples, test: Examples | None, step: int) -> Pieces[dict[str, float]]:
        """See what the net says of a batch (and of the test, if given), and keep how the loss was felt."""
        said = yield from self.net.learning(self.theta, examples)
        self.gradient = said.gradient
        finite = isfinite(said.loss) and bool(np.isfinite(self.theta).all())
        problem = Problem(
            "The {cell} left the finite numbers at step {step}", cell=self.net.cell.title, step=step
        )
        yield WORKING
        self.shot = Shot(self.theta, self.net.reach(), None if finite else End(step, problem))
        if not finite:
            return {}
        scalars = {f"{self.name}.loss": said.loss}
        if test is not None:
            scalars[f"{self.name}.accuracy"] = yield from self.test_net.accuracy(self.theta, test)
        return scalars

    def learn(self) -> None:
        """Take the step that the batch asks for."""
        most = self.config.clipping
        gradient = clip_by_norm(self.gradient, most).gradient if most else self.gradient
        self.theta, self.state = self.config.optimizer.update(self.theta, gradient, self.state)


def frames(config: MemoryConfig) -> Iterator[Frame[Snapshot] | Working]:
    """Train at one delay after the other, a frame a training step; and one before the first of them."""
    points: tuple[Point, ...] = ()
    for stage, delay in enumerate(config.delays):
        learners = []
        for name in CELLS:
            learners.append(Learner(config, name, delay))
            yield WORKING
        test = examples_of(config, delay, -1)
        for step in range(config.stage_length):
            if step:
                _learn(learners)
            last = step == config.steps
            examples = examples_of(config, delay, step)
            scalars: dict[str, float] = {}
            for learner in learners:
                if not learner.ended:
                    tested = test if step % BETWEEN == 0 or last else None
                    scalars |= yield from learner.look(examples, tested, step)
            if last:
                reached = tuple(scalars.get(f"{learner.name}.accuracy", np.nan) for learner in learners)
                points = (*points, Point(delay, reached))
            shots = {learner.name: learner.shot for learner in learners if learner.shot is not None}
            lost = all(learner.ended for learner in learners) and delay == config.delays[-1]
            problem = Problem("All three cells left the finite numbers") if lost else None
            yield Frame(
                stage * config.stage_length + step, scalars, Snapshot(delay, step, shots, points), problem
            )
            if lost:
                return


def _learn(learners: list[Learner]) -> None:
    with np.errstate(all="ignore"):  # an optimizer that leaves the numbers is a lesson
        for learner in learners:
            if not learner.ended:
                learner.learn()


def examples_of(config: MemoryConfig, delay: int, step: int) -> Examples:
    """The batch of a training step, the same whenever it is asked for; step −1 is the test."""
    rng = np.random.default_rng((config.seed, delay, step + 1))
    batch = TEST if step < 0 else config.batch_size
    return draw_examples(rng, delay, config.classes, batch, config.noise)


def last_step(config: MemoryConfig) -> int:
    """Every delay has its start and its training steps."""
    return len(config.delays) * config.stage_length - 1


def _net(config: MemoryConfig, name: str, delay: int) -> Recall:
    return recall_of(name, config.classes, config.hidden, delay, config.batch_size)


def check(config: MemoryConfig, snapshot: Snapshot, name: str) -> GradientCheck:
    """Compare the gradient through all steps of time, on the snapshot's batch, with differences."""
    net = _net(config, name, snapshot.delay)
    theta, examples = snapshot.shots[name].theta, examples_of(config, snapshot.delay, snapshot.step)
    at_most = min(max(CHECKED // (snapshot.delay + 1), 6), 100)
    with np.errstate(all="ignore"):
        gradient = net.learn(theta, examples).gradient
        return check_gradient(
            lambda at: net.judge(at, examples)[0], gradient, theta, at_most=at_most, seed=config.seed
        )


def check_all(config: MemoryConfig, snapshot: Snapshot) -> Pieces[list[GradientCheck]]:
    """`check` with each net, in the order of the cells."""
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
