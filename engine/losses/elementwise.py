"""Losses entry by entry: of a number, of a probability, of a score.

p is a prediction, y its target, and e = p − y the error. Each loss has a value and a slope, by hand.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.2; Huber (1964); Lin et al.,
"Focal Loss" (2017), eq. 4.
"""

import math
from typing import Annotated, NamedTuple

import numpy as np

from engine.activations import Array
from engine.config import Problem, number
from engine.losses.loss import Loss, times


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
            return -times(target, np.log(prediction)) - times(1.0 - target, np.log1p(-prediction))

    def _slopes(self, prediction: Array, target: Array) -> Array:
        _check_probabilities(prediction)
        with np.errstate(divide="ignore"):
            return times(1.0 - target, 1.0 / (1.0 - prediction)) - times(target, 1.0 / prediction)


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
        one, zero = _of_either_class(prediction)
        return times(target, self._loss_of(one)) + times(1.0 - target, self._loss_of(zero))

    def _slopes(self, prediction: Array, target: Array) -> Array:
        one, zero = _of_either_class(prediction)
        return times(target, self._slope_of(one)) - times(1.0 - target, self._slope_of(zero))

    def _loss_of(self, true: "TrueClassProbability") -> Array:
        """−(1 − q)^γ·log q."""
        return times(true.rest**self.gamma, -true.log_q)

    def _slope_of(self, true: "TrueClassProbability") -> Array:
        """(1 − q)^γ·(γ·log q/(1 − q) − 1/q); log q/(1 − q) tends to −1 as q tends to 1."""
        q, rest, log_q = true
        with np.errstate(divide="ignore"):
            ratio = np.where(rest > 0, log_q / np.where(rest > 0, rest, 1.0), -1.0)
            return rest**self.gamma * (times(np.asarray(self.gamma, q.dtype), ratio) - 1.0 / q)


class TrueClassProbability(NamedTuple):
    """The probability q given to the true class; 1 − q and log q are exact near q = 0 and q = 1."""

    q: Array
    rest: Array  # 1 − q
    log_q: Array


def _of_either_class(p: Array) -> tuple[TrueClassProbability, TrueClassProbability]:
    """The probability given to the true class p, if that is class 1; and 1 − p, if it is class 0."""
    _check_probabilities(p)
    with np.errstate(divide="ignore"):
        return TrueClassProbability(p, 1.0 - p, np.log(p)), TrueClassProbability(1.0 - p, p, np.log1p(-p))


def _signs(target: Array) -> Array:
    """The labels, which must be −1 or +1."""
    if not np.all(np.abs(target) == 1):
        raise Problem("Labels of the hinge loss must be −1 or +1")
    return target


def _check_probabilities(prediction: Array) -> None:
    """Refuse numbers that are no probabilities."""
    if not np.all((prediction >= 0) & (prediction <= 1)):
        raise Problem("Probabilities must lie between 0 and 1")
