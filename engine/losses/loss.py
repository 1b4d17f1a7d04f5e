"""What all losses have in common: how the losses of many predictions become one number, and its gradient.

The reduction "mean" divides the sum by the number of losses: by the number of entries for elementwise losses,
by the number of rows for softmax cross-entropy. "sum" adds them, "none" keeps one loss per entry or row. The
gradient is that of the reduced loss; for "none", that of each loss. 0·log 0 is 0. Logarithms are natural.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2.
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, floating
from engine.config import Problem, Tagged

Reduction = Literal["mean", "sum", "none"]


class Loss(Tagged, frozen=True, kw_only=True):
    """Base of all losses: it reduces the losses of the entries to one number.

    Each kind of loss defines `_losses` and `_slopes`.
    """

    reduction: Reduction = "mean"
    title: ClassVar[str]
    latex: ClassVar[str]

    def __post_init__(self) -> None:
        if self.reduction not in ("mean", "sum", "none"):
            raise Problem("Must be one of {names}", where="reduction", names="mean, sum, none")

    def value(self, prediction: ArrayLike, target: ArrayLike) -> Array:
        """The loss: one number, or with "none" one for each entry (for softmax, for each row)."""
        losses = self._losses(*self._matched(prediction, target))
        if self.reduction == "none":
            return losses
        if self.reduction == "mean":
            return _mean(losses)
        total: Array = losses.sum()
        return total

    def gradient(self, prediction: ArrayLike, target: ArrayLike) -> Array:
        """∂loss/∂prediction, of the prediction's shape."""
        prediction, target = self._matched(prediction, target)
        gradient = self._slopes(prediction, target)
        return gradient / self._count(prediction) if self.reduction == "mean" else gradient

    def _count(self, prediction: Array) -> int:
        """By how many losses the sum is divided for the mean."""
        return prediction.size

    def _matched(self, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
        """Both as arrays of the same precision.

        Raises:
            Problem: their shapes do not go together.
        """
        prediction = floating(prediction)
        target = np.asarray(target, prediction.dtype)
        # By broadcasting, (n, 1) and (n,) would give n·n losses.
        fits = target.shape == prediction.shape[prediction.ndim - target.ndim :]
        if target.ndim and (target.ndim > prediction.ndim or not fits):
            raise unmatched(prediction, target)
        return prediction, target

    def _losses(self, prediction: Array, target: Array) -> Array:
        """The loss of each entry (for softmax, of each row), before they are reduced."""
        raise NotImplementedError

    def _slopes(self, prediction: Array, target: Array) -> Array:
        """The derivative of each of these losses with respect to its own prediction."""
        raise NotImplementedError


def _mean(losses: Array) -> Array:
    """The mean; where only the sum overflows, each loss is divided before the sum."""
    with np.errstate(over="ignore"):
        mean: Array = losses.sum() / losses.size
        return mean if np.isfinite(mean) else (losses / losses.size).sum()


def times(weight: Array, term: Array) -> Array:
    """weight·term, where 0·∞ is 0."""
    return weight * np.where(weight == 0, 0.0, term)


def unmatched(prediction: Array, target: Array) -> Problem:
    """The error for a prediction and a target whose shapes do not go together."""
    return Problem(
        "A prediction of shape {prediction} does not go with a target of shape {target}",
        prediction=prediction.shape,
        target=target.shape,
    )
