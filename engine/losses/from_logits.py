"""Cross-entropy from logits: softmax or sigmoid and the logarithm in one formula, so that nothing overflows.

    softmax + cross-entropy   p = softmax(z)   L = −Σᵢ yᵢ·log pᵢ                   ∂L/∂z = p·Σy − y
    sigmoid + cross-entropy   p = σ(z)         L = −y·log p − (1 − y)·log(1 − p)   ∂L/∂z = p − y

z are the logits, p the probabilities, and σ is the sigmoid. If the yᵢ of a row sum to 1, the first gradient
is p − y too. A label y is a class, or a distribution: one-hot (1 at the class), or smoothed.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2; Szegedy et al. (2016), section 7, for
label smoothing.
"""

import math
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, floating, log_softmax, sigmoid, softmax
from engine.config import Problem, number
from engine.losses.loss import Loss, times, unmatched


class SigmoidCrossEntropy(Loss, frozen=True, tag="sigmoid_cross_entropy"):
    """Binary cross-entropy of p = σ(z), computed from the logit z, so it is exact; its gradient is p − y."""

    title = "Sigmoid + cross-entropy"
    latex = r"\max(z,0)-z\,y+\log\left(1+e^{-|z|}\right)"

    def _losses(self, prediction: Array, target: Array) -> Array:
        return np.maximum(prediction, 0.0) - prediction * target + np.log1p(np.exp(-np.abs(prediction)))

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return sigmoid(prediction) - target


class SoftmaxCrossEntropy(Loss, frozen=True, tag="softmax_cross_entropy"):
    """−Σ y·log softmax(z) for each row of logits z.

    Targets are class indices (one integer a row) or distributions (of the shape of the logits). With
    smoothing s a label y of C classes becomes (1 − s)·y + s/C. "mean" divides by the number of rows.
    """

    title = "Softmax + cross-entropy"
    latex = r"-\sum_i y_i\log\frac{e^{z_i}}{\sum_j e^{z_j}}"
    label_smoothing: Annotated[
        float,
        number(
            "Label smoothing",
            "Fraction of each label that is spread over all classes.",
            symbol="s",
            ge=0,
            lt=1,
        ),
    ] = 0.0

    def _losses(self, prediction: Array, target: Array) -> Array:
        losses: Array = -times(target, log_softmax(prediction)).sum(axis=-1)
        return losses

    def _slopes(self, prediction: Array, target: Array) -> Array:
        mass: Array = target.sum(axis=-1, keepdims=True)
        return softmax(prediction) * mass - target

    def _count(self, prediction: Array) -> int:
        return math.prod(prediction.shape[:-1])

    def _matched(self, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
        prediction, target = floating(prediction), np.asarray(target)
        if prediction.ndim == 0:
            raise unmatched(prediction, target)
        classes = prediction.shape[-1]
        if target.shape == prediction.shape:
            distribution = target.astype(prediction.dtype)
        elif target.shape == prediction.shape[:-1]:
            distribution = one_hot(target, classes).astype(prediction.dtype)
        else:
            raise unmatched(prediction, target)
        return prediction, smoothed(distribution, self.label_smoothing)


def one_hot(labels: ArrayLike, classes: int) -> Array:
    """Rows with a 1 at each label's class, shape labels.shape + (classes,), float64.

    Raises:
        Problem: a label is not a whole number from 0 to classes − 1.
    """
    indices = np.asarray(labels)
    if indices.dtype.kind not in "iu" or np.any((indices < 0) | (indices >= classes)):
        raise Problem("Class labels must be whole numbers from 0 to {last}", last=classes - 1)
    rows: Array = np.eye(classes)[indices]
    return rows


def smoothed(target: Array, smoothing: float) -> Array:
    """(1 − s)·y + s/C: the fraction s of each label is spread evenly over all C classes (the last axis)."""
    mixed: Array = (1.0 - smoothing) * target + smoothing / target.shape[-1]
    return mixed
