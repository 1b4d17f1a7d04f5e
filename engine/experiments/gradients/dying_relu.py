"""Gradients ▸ Dying ReLU: which units of a network die as it trains, at which update, and which come back.

A step takes a mini-batch and lets the optimizer update all weights. Then every unit is looked at on *all*
training examples (`engine.networks.dead_units`). Training runs in float32; the gradient check in float64.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame, left_finite
from engine.experiments.gradients.dying_relu_config import (
    DyingReluConfig,
    network_of,
    prepare,
)
from engine.experiments.gradients.dying_relu_inspection import Snapshot
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.dead_units import ALIVE, Activity, activity, changes, dead_since
from engine.networks.network import Network, accuracy

Rows = NDArray[np.intp]


def frames(config: DyingReluConfig, data: TrainingData) -> Iterator[Frame[Snapshot]]:
    """Train: frame 0 is the network as it begins, every further frame one update.

    Everything is measured after the update, on all training examples: `loss`, `accuracy`, the fraction of
    dead units in all (`dead`) and in each hidden layer (`dead.1`, …), and how many units the update killed
    (`deaths`) and brought back (`revivals`). Units that are dead at frame 0 were never killed.
    """
    rng = streams(config.seed)[1]
    network, rule = network_of(config, data), config.optimizer
    theta = first_parameters(config, network, rng)
    state = rule.start(theta)
    scalars, seen = measure(network, theta, data)
    since = dead_since(np.full_like(seen.positive, ALIVE), np.zeros_like(seen.dead), seen.dead, 0)
    upcoming = batches(config, rng)
    rows = next(upcoming)
    yield Frame(0, scalars | {"deaths": 0.0, "revivals": 0.0}, Snapshot(theta, seen, since, rows))
    for step in range(1, config.steps + 1):
        rows = rows if step == 1 else next(upcoming)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # diverging is a lesson
            said = network.loss_and_gradient(theta, data.inputs[rows], data.targets[rows])
            theta, state = config.kick.rule(rule, step).update(theta, said.gradient, state)
            theta = config.kick.push(network, theta, step)
            before = seen.dead
            scalars, seen = measure(network, theta, data)
        update = changes(before, seen.dead)
        scalars["deaths"], scalars["revivals"] = float(update.died.sum()), float(update.revived.sum())
        since = dead_since(since, before, seen.dead, step)
        diverged = left_finite(scalars, step)
        yield Frame(step, scalars, Snapshot(theta, seen, since, rows), diverged)
        if diverged:
            return


def first_parameters(config: DyingReluConfig, network: Network, rng: np.random.Generator) -> Array:
    """The weights as drawn, and the biases of the hidden layers where the config has them begin."""
    theta = network.start(rng, config.initializer)
    for _, bias in network.layers(theta)[:-1]:
        bias[...] = config.initial_bias
    return theta


def batches(config: DyingReluConfig, rng: np.random.Generator) -> Iterator[Rows]:
    """Rows of one batch after another: every example once an epoch, in a new order each time."""
    while True:
        order = rng.permutation(config.points)
        for begin in range(0, config.points, config.batch_size):
            yield order[begin : begin + config.batch_size]


def measure(network: Network, theta: Array, data: TrainingData) -> tuple[dict[str, float], Activity]:
    """Show the network all training examples: the curves, and what every unit does."""
    with np.errstate(over="ignore", invalid="ignore"):
        way = network.forward(theta, data.inputs)
        loss, _ = softmax_cross_entropy(way.logits, data.targets)
        seen = activity([cache.z for cache in way.activations], ACTIVATIONS[network.activation])
    right = accuracy(way.logits, data.labels)
    scalars = {"loss": loss, "accuracy": right, "dead": float(seen.dead.mean())}
    for k, dead in enumerate(seen.dead, start=1):
        scalars[f"dead.{k}"] = float(dead.mean())
    return scalars, seen


EXPERIMENT = Experiment(
    name="gradients.dying_relu",
    title="Dying ReLU",
    config_type=DyingReluConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    prepare=prepare,
)
