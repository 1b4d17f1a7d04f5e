"""Gradients ▸ Dying ReLU: which units of a network die in training, at which update, and which come back.

A step updates all weights on a mini-batch. Then every unit is computed for *all* training examples
(`engine.networks.dead_units`). Training runs in float32; the gradient check in float64.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.checkpoints import Checkpoint
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame
from engine.experiments.gradients.dying_relu_config import DyingReluConfig, network_of, prepare
from engine.experiments.gradients.dying_relu_inspection import DyingReluSnapshot, arrays
from engine.linear.mini_batches import Batches, BatchState
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.dead_units import ALIVE, Activity, Counts, activity, changes, dead_since
from engine.networks.network import Network, accuracy
from engine.optimizers.trainer import Learner, LearnerState
from engine.pieces import Working
from engine.training import LiveTraining, Scalars, live_frames

Rows = NDArray[np.intp]


class DyingReluState(NamedTuple):
    """All that the training needs to go on after an update."""

    learner: LearnerState
    batches: BatchState
    rows: Rows
    seen: Activity
    since: Counts


class DyingReluTraining(LiveTraining[DyingReluSnapshot]):
    """The training of the network, and which of its units are dead.

    Everything is measured after the update, on all training examples: `loss`, `accuracy`, the fraction of
    dead units in all layers (`dead`) and in each hidden layer (`1.dead`, …), and how many units died in the
    update (`deaths`) or became alive again (`revivals`). Units that are dead at frame 0 are not in `deaths`.
    """

    def __init__(self, config: DyingReluConfig, data: TrainingData) -> None:
        rng = streams(config.seed)[1]
        self.settings, self.data, self.network = config, data, network_of(config, data)
        self.learner = Learner(config.optimizer, first_parameters(config, self.network, rng))
        self.batches = Batches(config.points, config.batch_size, "shuffled", rng)
        self.rows = next(self.batches)

    def begin(self) -> Scalars:
        """Measure the untrained network."""
        scalars, self.seen = look(self.network, self.learner.theta, self.data)
        alive = np.full_like(self.seen.positive, ALIVE)
        self.since = dead_since(alive, np.zeros_like(self.seen.dead), self.seen.dead, 0)
        return scalars | {"deaths": 0.0, "revivals": 0.0}

    def step(self, step: int, measure: bool) -> Scalars:
        """One update, with the kick if it is for this step; then measure every unit."""
        kick, learner, before = self.settings.kick, self.learner, self.seen.dead
        self.rows = self.rows if step == 1 else next(self.batches)
        x, target = self.data.inputs[self.rows], self.data.targets[self.rows]
        learner.rule = kick.rule(self.settings.optimizer, step)
        learner.step(self.network.loss_and_gradient(learner.theta, x, target).gradient)
        learner.rule = self.settings.optimizer
        learner.theta = kick.push(self.network, learner.theta, step)
        scalars, self.seen = look(self.network, learner.theta, self.data)
        update = changes(before, self.seen.dead)
        self.since = dead_since(self.since, before, self.seen.dead, step)
        return scalars | {"deaths": float(update.died.sum()), "revivals": float(update.revived.sum())}

    def snapshot(self) -> DyingReluSnapshot:
        """The network now, with the batch of the last update."""
        return DyingReluSnapshot(self.learner.theta, self.seen, self.since, self.rows)

    def use(self, settings: DyingReluConfig) -> None:
        """Use these settings from the next update on."""
        self.learner.use(settings.optimizer)
        self.batches.resize(settings.batch_size)
        self.settings = settings

    def state(self) -> DyingReluState:
        """All that it needs to go on."""
        return DyingReluState(self.learner.kept(), self.batches.state(), self.rows, self.seen, self.since)

    def go_on(self, state: DyingReluState) -> None:
        """Go on from a state."""
        self.learner.go_on(state.learner)
        self.batches.go_on(state.batches)
        self.rows, self.seen, self.since = state.rows, state.seen, state.since


def frames(
    config: DyingReluConfig, data: TrainingData, after: Checkpoint | None = None
) -> Iterator[Frame[DyingReluSnapshot] | Working]:
    """Train: frame 0 is the untrained network, every further frame one update."""
    return live_frames(DyingReluTraining(config, data), config, config.steps, after=after)


def first_parameters(config: DyingReluConfig, network: Network, rng: np.random.Generator) -> Array:
    """The drawn weights, and the initial bias of the config for all hidden layers."""
    theta = network.start(rng, config.initializer)
    for _, bias, _ in network.layers(theta)[:-1]:
        bias[...] = config.initial_bias
    return theta


def look(network: Network, theta: Array, data: TrainingData) -> tuple[dict[str, float], Activity]:
    """The scalars and the activity of all units, on all training examples."""
    forward = network.forward(theta, data.inputs)
    loss, _ = softmax_cross_entropy(forward.logits, data.targets)
    seen = activity([cache.z for cache in forward.hidden], ACTIVATIONS[network.activation])
    right = accuracy(forward.logits, data.labels)
    scalars = {"loss": loss, "accuracy": right, "dead": float(seen.dead.mean())}
    for k, dead in enumerate(seen.dead, start=1):
        scalars[f"{k}.dead"] = float(dead.mean())
    return scalars, seen


EXPERIMENT = Experiment(
    name="gradients.dying_relu",
    title="Dying ReLU",
    config_type=DyingReluConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
    watched=lambda config: ("loss",),
    arrays=arrays,
)
