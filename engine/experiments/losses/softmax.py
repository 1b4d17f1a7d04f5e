"""Losses ▸ Softmax + cross-entropy: two linear classifiers, one with a wrong gradient.

    p = softmax(z)      L = −Σ y·log p      right: ∂L/∂z = p·Σy − y      the notes: y·(p − 1)

The wrong gradient is found in some lecture notes; here it is called that of "the notes". It uses only the
diagonal of the Jacobian of softmax, pᵢ(1 − pᵢ), so the logit of a wrong class never gets a gradient. Both
classifiers start at W = 0 and see the same batches. The chain of logits is in `softmax_inspection`; it
depends only on the config, and the training does not depend on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array, log_softmax, softmax
from engine.data.training_data import TrainingData
from engine.experiment import Experiment, Frame
from engine.experiments.losses.softmax_config import SoftmaxConfig, prepare
from engine.losses.from_logits import one_hot
from engine.pieces import WORKING, Pieces, Working
from engine.training import frames_at_once

WAYS = ("right", "notes")  # the order of the first axis of all weights
BLOCK = 64  # steps that are measured at once
MEASURED = 240  # at most so many examples are used to measure the loss after every step


@dataclass(frozen=True, slots=True)
class Trained:
    """Both classifiers after every step. The arrays are never changed."""

    weights: Array  # [steps + 1, 2 ways, 1 + features, classes]; feature 0 is the bias
    scalars: dict[str, Array]  # [steps + 1] each


def right_gradient(p: Array, y: Array) -> Array:
    """∂L/∂z = p·Σy − y, along the last axis; p − y where the label sums to 1."""
    mass: Array = y.sum(axis=-1, keepdims=True)
    return p * mass - y


def notes_gradient(p: Array, y: Array) -> Array:
    """y·(p − 1): the result for ∂L/∂z if only the diagonal of the Jacobian is used."""
    return y * (p - 1.0)


def training(config: SoftmaxConfig, data: TrainingData) -> Pieces[Trained]:
    """Train both classifiers, side by side in one array, and measure them after every step."""
    weights = yield from _walk(config, data)
    return Trained(weights, (yield from measuring(weights, data)))


def _walk(config: SoftmaxConfig, data: TrainingData) -> Pieces[Array]:
    """The weights after every step."""
    labels, rng = one_hot(data.labels, len(data.class_names)), np.random.default_rng((config.seed, 1))
    size = (config.steps, config.batch_size)
    batches = data.training[rng.integers(0, len(data.training), size)]
    weights = np.zeros((config.steps + 1, 2, data.inputs.shape[1], labels.shape[1]))
    rates = config.descent.rates(1)
    for step, (batch, rate) in enumerate(zip(batches, rates, strict=False)):
        x, y = data.inputs[batch], labels[batch]
        p = softmax(x @ weights[step])  # [2, batch, classes]
        p[0], p[1] = right_gradient(p[0], y), notes_gradient(p[1], y)  # from here on ∂L/∂z
        weights[step + 1] = weights[step] - rate / config.batch_size * (x.T @ p)
        if step % BLOCK == BLOCK - 1:
            yield WORKING
    weights.flags.writeable = False
    return weights


def measuring(weights: Array, data: TrainingData) -> Pieces[dict[str, Array]]:
    """For every step and way: loss (training), accuracy (held out), mean logit (training).

    Some steps at a time, so that all their numbers stay in the processor's cache.
    """
    parts = []
    for first in range(0, len(weights), BLOCK):
        parts.append(_measured(weights[first : first + BLOCK], data))
        yield WORKING
    return {
        f"{way}.{name}": np.concatenate(values)[:, k]
        for name, values in zip(("loss", "accuracy", "mean_logit"), zip(*parts, strict=True), strict=True)
        for k, way in enumerate(WAYS)
    }


def _measured(weights: Array, data: TrainingData) -> tuple[Array, Array, Array]:
    """The three numbers for some steps, [steps, 2] each.

    The classes are the first axis, so that a sum over them adds long rows, which is several times faster than
    a sum over a short last axis.
    """
    training, held_out = thinned(data.training), thinned(data.held_out)
    logits = data.inputs[training] @ weights  # [steps, 2, examples, classes]
    by_class = np.ascontiguousarray(np.moveaxis(logits, (3, 2), (0, 1)))  # [classes, examples, steps, 2]
    true = np.expand_dims(data.labels[training], (0, 2, 3))
    loss = -np.take_along_axis(log_softmax(by_class, axis=0), true, axis=0)[0].mean(axis=0)
    answers = (data.inputs[held_out] @ weights).argmax(axis=-1)  # [steps, 2, examples]
    return loss, np.mean(answers == data.labels[held_out], axis=-1), logits.mean(axis=(2, 3))


def thinned(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """All rows, or evenly spaced ones if there are more than `MEASURED`."""
    return rows[:: max(1, -(-len(rows) // MEASURED))]


def frames(config: SoftmaxConfig, data: TrainingData) -> Iterator[Frame[Trained] | Working]:
    """The start, and then everything at once. Every snapshot contains all steps."""
    run = yield from training(config, data)
    yield from frames_at_once(run.scalars, run, config.steps)


def what_is_trained(config: SoftmaxConfig) -> object:
    """The settings on which the frames depend; the logits of the chain and their label do not matter."""
    return config.data, config.descent, config.steps, config.batch_size, config.seed


EXPERIMENT = Experiment(
    name="losses.softmax",
    title="Softmax + cross-entropy",
    config_type=SoftmaxConfig,
    frames=frames,
    last_step=lambda config, data: config.steps,
    cheap=True,
    run_key=what_is_trained,
    prepare=prepare,
)
