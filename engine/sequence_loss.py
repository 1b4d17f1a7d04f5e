"""How wrong a network is along a sequence: the mean, over the steps that are read, of the loss at each.

    classes [steps, batch]         softmax cross-entropy    ∂/∂y = (p − one-hot)/count
    numbers [steps, batch, out]    squared error            ∂/∂y = 2(y − t)/(out·count)

Outputs are y[steps, out, batch]: with the classes first, a softmax runs along whole rows of memory.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.sequences import SequenceBatch


def loss_of(y: Array, batch: SequenceBatch) -> tuple[float, Array]:
    """The mean loss where it is read, and ∂loss/∂y[steps, out, batch].

    A step is read where both `read` and `mask` have a 1. The targets say which loss it is.
    """
    read = np.ones((len(y), y.shape[2]), y.dtype) if batch.read is None else np.asarray(batch.read, y.dtype)
    if batch.mask is not None:
        read = read * np.asarray(batch.mask, y.dtype)
    share = (read / max(float(read.sum(dtype=np.float64)), 1.0))[:, None, :]
    if batch.target.dtype.kind == "f":
        return squared_error(y, np.asarray(batch.target, y.dtype).swapaxes(1, 2), share)
    return cross_entropy(y, batch.target[:, None, :], share)


def squared_error(y: Array, target: Array, share: Array) -> tuple[float, Array]:
    """Σ share·(y − t)²/out, and its gradient."""
    error = y - target
    pull = error * share
    pull *= 1.0 / y.shape[1]
    return float(np.vdot(pull, error)), 2.0 * pull


def cross_entropy(y: Array, target: NDArray[Any], share: Array) -> tuple[float, Array]:
    """−Σ share·log softmax(y)[target], and its gradient share·(p − one-hot), from one exp."""
    y = y - np.maximum.reduce(y, axis=1, keepdims=True)
    e = np.exp(y)
    total = np.add.reduce(e, axis=1, keepdims=True)
    losses = np.log(total) - np.take_along_axis(y, target, axis=1)
    e /= total
    hit = np.take_along_axis(e, target, axis=1)
    np.put_along_axis(e, target, hit - 1.0, axis=1)
    e *= share
    return float(np.sum(losses * share, dtype=np.float64)), e
