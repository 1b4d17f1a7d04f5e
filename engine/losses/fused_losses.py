"""A loss and its gradient at once: both need the same exponentials, and exp takes most of the time.

    softmax + cross-entropy    e = exp(z − max z)    S = Σ e    L = log S − y·(z − max z)     ∂L/∂z = e/S − y
    sigmoid + cross-entropy    e = exp(−|z|)         L = max(z, 0) − z·y + log(1 + e)         ∂L/∂z = σ(z) − y

z are the logits, y is the label, and σ the sigmoid. The losses are `SoftmaxCrossEntropy` and
`SigmoidCrossEntropy` of `from_logits`, fused for the inner loop of training: the mean over a batch, in the
precision of the logits. The arguments are not checked. Even if a difference of logits or a sum of losses
overflows, 0·log 0 is 0, and a finite mean is returned as such.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2.2.
"""

import math

import numpy as np

from engine.activations import Array


def softmax_cross_entropy(logits: Array, target: Array) -> tuple[float, Array]:
    """Mean of −Σ y·log softmax(z) over the rows, and its gradient (p − y)/batch.

    Logits z and target y have shape (batch, classes); each row of y sums to 1.
    """
    shifted = logits - np.maximum.reduce(logits, axis=-1, keepdims=True)
    e = np.exp(shifted)
    total = np.add.reduce(e, axis=-1, keepdims=True)
    rows = len(logits)
    log_total = np.log(total)
    loss = (float(log_total.sum()) - float(np.vdot(target, shifted))) / rows
    if not math.isfinite(loss):
        wrong = np.where(target == 0.0, 0.0, target * (log_total - shifted))
        loss = _mean(np.add.reduce(wrong, axis=-1, dtype=np.float64))
    e /= total
    e -= target
    e /= rows
    return loss, e


def sigmoid_cross_entropy(logits: Array, target: Array) -> tuple[float, Array]:
    """Mean of max(z, 0) − z·y + log(1 + e^−|z|) over all n entries, and its gradient (σ(z) − y)/n.

    Logits z and target y have the same shape, any shape.
    """
    e = np.exp(-np.abs(logits))
    losses = np.maximum(logits, 0.0) - logits * target + np.log1p(e)
    probability = np.where(logits >= 0, 1.0, e) / (1.0 + e)
    loss = float(np.add.reduce(losses, axis=None)) / losses.size
    if not math.isfinite(loss):
        loss = _mean(losses)
    return loss, ((probability - target) / losses.size).astype(logits.dtype, copy=False)


def _mean(losses: Array) -> float:
    """The mean in float64; each loss is divided before they are added, so that the sum cannot overflow."""
    return float(np.add.reduce(losses / np.float64(losses.size), axis=None, dtype=np.float64))
