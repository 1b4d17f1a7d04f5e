"""The loss of a network on sequences: the mean of the loss at each step, over the steps that count.

    classes [steps, batch]         softmax cross-entropy    ∂/∂y = (p − one-hot)/count
    numbers [steps, batch, out]    squared error            ∂/∂y = 2(y − t)/(out·count)

Here p = softmax(y), t is a target, and count is the number of steps that count. In many tasks only some
outputs are *read*; the others have no influence on the loss. Outputs are y[out, steps, batch]: with the
classes first, a softmax adds whole rows of memory, which is faster.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 10.2.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.data.sequences import SequenceBatch


def loss_of(y: Array, batch: SequenceBatch) -> tuple[float, Array]:
    """The mean loss where it is read, and ∂loss/∂y[out, steps, batch].

    A step is read where `read` and `mask` are both 1. The type of the targets decides which loss is used.
    """
    weights = step_weights(y, batch)
    if batch.target.dtype.kind == "f":
        return squared_error(y, np.asarray(batch.target, y.dtype).transpose(2, 0, 1), weights)
    loss, d_y = cross_entropy(y.reshape(len(y), -1), batch.target.ravel(), weights.ravel())
    return loss, d_y.reshape(y.shape)


def step_weights(y: Array, batch: SequenceBatch) -> Array:
    """The weight of each step in the mean, [steps, batch]: they sum to 1, or are all 0."""
    read = np.ones(y.shape[1:], y.dtype)
    for marks in (batch.read, batch.mask):
        if marks is not None:
            read *= np.asarray(marks, y.dtype)
    read /= max(float(read.sum(dtype=np.float64)), 1.0)
    return read


def squared_error(y: Array, target: Array, weights: Array) -> tuple[float, Array]:
    """Σ weights·(y − t)²/out, and its gradient."""
    error = y - target
    weighted = error * weights
    weighted *= 1.0 / len(y)
    return float(np.vdot(weighted, error)), 2.0 * weighted


def cross_entropy(y: Array, target: NDArray[Any], weights: Array) -> tuple[float, Array]:
    """−Σ weights·log softmax(y)[target] of logits y[classes, n], and weights·(p − one-hot), from one exp."""
    columns = np.arange(len(target))
    shifted = y - np.maximum.reduce(y, axis=0)
    hit = shifted[target, columns]
    e = np.exp(shifted, out=shifted)
    total = np.add.reduce(e, axis=0)
    loss = float(np.sum(weights * (np.log(total) - hit), dtype=np.float64))
    e *= weights / total
    e[target, columns] -= weights
    return loss, e
