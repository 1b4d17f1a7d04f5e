"""Losses ▸ Image classifier: the tail of an image network, trained on real digits.

    image → flatten → fully connected layers → one logit a class → softmax → cross-entropy

A step takes a mini-batch, asks the network for the gradient of its mean cross-entropy, and gives it to
the optimizer. Training runs in float32; the gradient check of a snapshot in float64.
"""

from collections.abc import Iterator
from itertools import chain
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.data.training_data import TrainingData, streams
from engine.experiment import Experiment, Frame, left_finite
from engine.experiments.losses.classifier_config import (
    ClassifierConfig,
    batch_size,
    network_of,
    prepare,
    steps_per_epoch,
)
from engine.experiments.losses.classifier_inspection import Snapshot, targets_of
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.clipping import norm
from engine.networks.network import LossAndGradient, Network, accuracy

Rows = NDArray[np.intp]
MOST_MEASURED = 2000  # examples a measurement takes, so that it fits between two frames of the screen
SHARE = 0.3  # of the time, spent on measuring what is held out


class Learner(NamedTuple):
    """What changes as the network learns."""

    theta: Array  # [parameters]
    state: Any  # the optimizer's


def learn(
    network: Network, rule: Any, learner: Learner, x: Array, target: Array, weight_decay: float = 0.0
) -> tuple[Learner, LossAndGradient]:
    """One step on one batch: what the batch says at θ, and the learner with the next θ."""
    said = network.loss_and_gradient(learner.theta, x, target, weight_decay)
    return Learner(*rule.update(learner.theta, said.gradient, learner.state)), said


def frames(config: ClassifierConfig, data: TrainingData) -> Iterator[Frame[Snapshot]]:
    """Train: frame 0 is the untrained network, every further frame one mini-batch.

    `training_loss` and `training_accuracy` are those of the batch, before the step that it causes (at frame
    0, of all training examples). `held_out_loss` and `held_out_accuracy` are measured every few steps, after
    the step. Losses are with label smoothing and without weight decay.
    """
    rng = streams(config.seed)[1]
    network, targets = network_of(config, data), targets_of(config, data).astype(np.float32)
    theta = network.start(rng, config.initializer)
    learner = Learner(theta, config.optimizer.start(theta))
    upcoming = batches(config, data, rng)
    first = next(upcoming)
    held_out = thinned(data.held_out)
    scalars = named("training", measure(network, theta, data, targets, thinned(data.training)))
    scalars |= named("held_out", measure(network, theta, data, targets, held_out))
    yield Frame(0, scalars, Snapshot(theta, 0, first[1]))
    pause, last = between_measurements(config, data, len(held_out)), last_step(config, data)
    for step, (epoch, rows) in enumerate(chain([first], upcoming), start=1):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # diverging is a lesson
            x, target = data.inputs.take(rows, axis=0), targets.take(rows, axis=0)
            learner, said = learn(network, config.optimizer, learner, x, target, config.weight_decay)
            size = norm(said.gradient)
        scalars = named("training", (said.loss, accuracy(said.logits, data.labels[rows])))
        scalars["gradient_norm"] = size
        if step % pause == 0 or step == last:
            scalars |= named("held_out", measure(network, learner.theta, data, targets, held_out))
        diverged = left_finite(scalars, step)
        yield Frame(step, scalars, Snapshot(learner.theta, epoch, rows), diverged)
        if diverged:
            return


def batches(
    config: ClassifierConfig, data: TrainingData, rng: np.random.Generator
) -> Iterator[tuple[int, Rows]]:
    """(epoch, rows of the batch): every training example once an epoch, in a new order each time."""
    size = batch_size(config, data)
    for epoch in range(1, config.epochs + 1):
        order = rng.permutation(data.training)
        for begin in range(0, len(order), size):
            yield epoch, order[begin : begin + size]


def last_step(config: ClassifierConfig, data: TrainingData) -> int:
    """Epochs times batches in an epoch."""
    return config.epochs * steps_per_epoch(config, data)


def measure(
    network: Network, theta: Array, data: TrainingData, targets: Array, rows: Rows
) -> tuple[float, float]:
    """Mean cross-entropy and accuracy over the given examples."""
    with np.errstate(over="ignore", invalid="ignore"):
        logits = network.forward(theta, data.inputs[rows]).logits
        loss, _ = softmax_cross_entropy(logits, targets[rows])
    return loss, accuracy(logits, data.labels[rows])


def named(part: str, loss_and_accuracy: tuple[float, float]) -> dict[str, float]:
    """The two numbers under the names of their curves."""
    loss, share = loss_and_accuracy
    return {f"{part}_loss": loss, f"{part}_accuracy": share}


def thinned(rows: Rows) -> Rows:
    """All rows, or every k-th when there are too many to measure often."""
    return rows[:: ceil(len(rows) / MOST_MEASURED)]


def between_measurements(config: ClassifierConfig, data: TrainingData, measured: int) -> int:
    """Steps from one measurement to the next. A step costs about three forward passes over its batch."""
    return max(1, ceil(measured / (3 * batch_size(config, data) * SHARE)))


EXPERIMENT = Experiment(
    name="losses.classifier",
    title="Image classifier",
    config_type=ClassifierConfig,
    frames=frames,
    last_step=last_step,
    prepare=prepare,
)
