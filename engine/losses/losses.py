"""A loss says in one number how wrong a prediction is; its gradient says how the prediction should change.

    softmax + cross-entropy, one row of logits z with label y:
        p = softmax(z)        L = −Σᵢ yᵢ·log pᵢ        ∂L/∂z = p·Σy − y, which is p − y if the yᵢ sum to 1

The reduction "mean" divides the sum by the number of losses: by the number of entries for elementwise losses,
by the number of rows for softmax cross-entropy. "sum" adds them, "none" keeps one loss per entry or row. The
gradient is that of the reduced loss; for "none", that of each loss. 0·log 0 is 0. Logarithms are natural.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2; Huber (1964); Lin et al.,
"Focal Loss" (2017), eq. 4; Szegedy et al. (2016), section 7, for label smoothing.
"""

import math
from typing import Annotated, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, floating, log_softmax, sigmoid, softmax
from engine.config import Problem, Tagged, number

Reduction = Literal["mean", "sum", "none"]


class Loss(Tagged, frozen=True, kw_only=True):
    """Base of all losses: it reduces the losses of the entries, which each kind of loss defines."""

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
        return prediction.size

    def _matched(self, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
        prediction = floating(prediction)
        target = np.asarray(target, prediction.dtype)
        # By broadcasting, (n, 1) and (n,) would give n·n losses.
        fits = target.shape == prediction.shape[prediction.ndim - target.ndim :]
        if target.ndim and (target.ndim > prediction.ndim or not fits):
            raise _unmatched(prediction, target)
        return prediction, target

    def _losses(self, prediction: Array, target: Array) -> Array:
        raise NotImplementedError

    def _slopes(self, prediction: Array, target: Array) -> Array:
        raise NotImplementedError


class MeanSquaredError(Loss, frozen=True, tag="mse"):
    """(p − y)². The larger the error, the larger its gradient."""

    title = "Squared error"
    latex = r"(p-y)^2"

    def _losses(self, prediction: Array, target: Array) -> Array:
        error = prediction - target
        return error * error

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return 2.0 * (prediction - target)


class MeanAbsoluteError(Loss, frozen=True, tag="mae"):
    """|p − y|. All errors have a slope of −1 or 1; at p = y it is taken as 0."""

    title = "Absolute error"
    latex = r"|p-y|"

    def _losses(self, prediction: Array, target: Array) -> Array:
        return np.abs(prediction - target)

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return np.sign(prediction - target)


class Huber(Loss, frozen=True, tag="huber"):
    """With e = p − y: ½e² up to |e| = δ, beyond it the straight line δ(|e| − ½δ)."""

    title = "Huber"
    latex = r"\tfrac12 e^2 \;(|e|\le\delta),\quad \delta\,(|e|-\tfrac12\delta) \;(|e|>\delta)"
    delta: Annotated[
        float,
        number(
            "Threshold", "Errors larger than this count linearly.", symbol="δ", gt=0, le=1e6, soft=(0.1, 5)
        ),
    ] = 1.0

    def _losses(self, prediction: Array, target: Array) -> Array:
        size = np.abs(prediction - target)
        near = np.minimum(size, self.delta)
        return near * (size - 0.5 * near)

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return np.clip(prediction - target, -self.delta, self.delta)


class LogCosh(Loss, frozen=True, tag="log_cosh"):
    """log cosh(p − y): ½e² near 0, |e| − log 2 far away, smooth in between."""

    title = "Log-cosh"
    latex = r"\log\cosh(p-y)"

    def _losses(self, prediction: Array, target: Array) -> Array:
        size = np.abs(prediction - target)
        half_sinh = np.sinh(0.5 * np.minimum(size, 1.0))
        near = np.log1p(2.0 * half_sinh * half_sinh)  # cosh e = 1 + 2·sinh²(e/2) keeps the digits of small e
        far = size + np.log1p(np.exp(-2.0 * size)) - math.log(2.0)
        return np.where(size < 1.0, near, far)

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return np.tanh(prediction - target)


class BinaryCrossEntropy(Loss, frozen=True, tag="bce"):
    """−y·log p − (1 − y)·log(1 − p) for a probability p and a label 0 ≤ y ≤ 1."""

    title = "Binary cross-entropy"
    latex = r"-y\log p-(1-y)\log(1-p)"

    def _losses(self, prediction: Array, target: Array) -> Array:
        _check_probabilities(prediction)
        with np.errstate(divide="ignore"):
            return -_times(target, np.log(prediction)) - _times(1.0 - target, np.log1p(-prediction))

    def _slopes(self, prediction: Array, target: Array) -> Array:
        _check_probabilities(prediction)
        with np.errstate(divide="ignore"):
            return _times(1.0 - target, 1.0 / (1.0 - prediction)) - _times(target, 1.0 / prediction)


class Hinge(Loss, frozen=True, tag="hinge"):
    """max(0, 1 − y·s) for a score s and a label y of −1 or +1; at the corner the slope is 0."""

    title = "Hinge"
    latex = r"\max(0,\,1-y\,s)"

    def _losses(self, prediction: Array, target: Array) -> Array:
        return np.maximum(1.0 - _signs(target) * prediction, 0.0)

    def _slopes(self, prediction: Array, target: Array) -> Array:
        return np.where(_signs(target) * prediction < 1.0, -target, 0.0)


class Focal(Loss, frozen=True, tag="focal"):
    """−(1 − q)^γ·log q, where q is the probability given to the true one of two classes.

    The prediction is p, the probability of class 1: q = p where y = 1 and 1 − p where y = 0; for a label in
    between, both losses are weighted with y and 1 − y. γ = 0 is binary cross-entropy; the larger γ, the
    smaller the weight of examples that are right already.
    """

    title = "Focal"
    latex = r"-(1-q)^\gamma\log q"
    gamma: Annotated[
        float,
        number("Focus", "How much less easy examples count; 0 is cross-entropy.", symbol="γ", ge=0, le=10),
    ] = 2.0

    def _losses(self, prediction: Array, target: Array) -> Array:
        one, zero = _beliefs(prediction)
        return _times(target, self._loss_of(one)) + _times(1.0 - target, self._loss_of(zero))

    def _slopes(self, prediction: Array, target: Array) -> Array:
        one, zero = _beliefs(prediction)
        return _times(target, self._slope_of(one)) - _times(1.0 - target, self._slope_of(zero))

    def _loss_of(self, true: "Belief") -> Array:
        """−(1 − q)^γ·log q."""
        return _times(true.rest**self.gamma, -true.log_q)

    def _slope_of(self, true: "Belief") -> Array:
        """(1 − q)^γ·(γ·log q/(1 − q) − 1/q); log q/(1 − q) tends to −1 as q tends to 1."""
        q, rest, log_q = true
        with np.errstate(divide="ignore"):
            ratio = np.where(rest > 0, log_q / np.where(rest > 0, rest, 1.0), -1.0)
            return rest**self.gamma * (_times(np.asarray(self.gamma, q.dtype), ratio) - 1.0 / q)


class Belief(NamedTuple):
    """The probability q given to the true class; 1 − q and log q are exact near q = 0 and q = 1."""

    q: Array
    rest: Array  # 1 − q
    log_q: Array


def _beliefs(p: Array) -> tuple[Belief, Belief]:
    """The probability given to the true class if that is class 1, and if it is class 0."""
    _check_probabilities(p)
    with np.errstate(divide="ignore"):
        return Belief(p, 1.0 - p, np.log(p)), Belief(1.0 - p, p, np.log1p(-p))


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
        losses: Array = -_times(target, log_softmax(prediction)).sum(axis=-1)
        return losses

    def _slopes(self, prediction: Array, target: Array) -> Array:
        mass: Array = target.sum(axis=-1, keepdims=True)
        return softmax(prediction) * mass - target

    def _count(self, prediction: Array) -> int:
        return math.prod(prediction.shape[:-1])

    def _matched(self, prediction: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
        prediction, target = floating(prediction), np.asarray(target)
        if prediction.ndim == 0:
            raise _unmatched(prediction, target)
        classes = prediction.shape[-1]
        if target.shape == prediction.shape:
            distribution = target.astype(prediction.dtype)
        elif target.shape == prediction.shape[:-1]:
            distribution = one_hot(target, classes).astype(prediction.dtype)
        else:
            raise _unmatched(prediction, target)
        return prediction, smoothed(distribution, self.label_smoothing)


def _mean(losses: Array) -> Array:
    """The mean; where only the sum overflows, each loss is divided before the sum."""
    with np.errstate(over="ignore"):
        mean: Array = losses.sum() / losses.size
        return mean if np.isfinite(mean) else (losses / losses.size).sum()


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


def _times(weight: Array, term: Array) -> Array:
    """weight·term, where 0·∞ is 0."""
    return weight * np.where(weight == 0, 0.0, term)


def _signs(target: Array) -> Array:
    if not np.all(np.abs(target) == 1):
        raise Problem("Labels of the hinge loss must be −1 or +1")
    return target


def _check_probabilities(prediction: Array) -> None:
    if not np.all((prediction >= 0) & (prediction <= 1)):
        raise Problem("Probabilities must lie between 0 and 1")


def _unmatched(prediction: Array, target: Array) -> Problem:
    return Problem(
        "A prediction of shape {prediction} does not go with a target of shape {target}",
        prediction=prediction.shape,
        target=target.shape,
    )


LOSSES: dict[str, type[Loss]] = {
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "huber": Huber,
    "log_cosh": LogCosh,
    "bce": BinaryCrossEntropy,
    "hinge": Hinge,
    "focal": Focal,
    "softmax_cross_entropy": SoftmaxCrossEntropy,
    "sigmoid_cross_entropy": SigmoidCrossEntropy,
}
