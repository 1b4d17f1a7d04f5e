"""A loss of one prediction, as a function of the prediction p or of the logit z with p = σ(z).

    over the prediction   L(p, y)           ∂L/∂p
    over the logit        L(σ(z), y)        ∂L/∂z = ∂L/∂p · σ′(z)

A network is trained by ∂L/∂z: where it is near 0, even a wrong prediction hardly changes. Some curves have
kinks, where the slope jumps. There every slope between the two sides is a *subgradient*; which one a program
takes (here 0) is a convention.

    focal, by its logit     q = σ(z) for y = 1:   ∂/∂z [−(1 − q)^γ·log q] = −(1 − q)^γ·(1 − q − γ·q·log q)
    weighted by class       α for y = 1, 1 − α for y = 0
    label smoothing         y′ = (1 − s)·y + s/2

q is the probability of the true class, γ the focus, s the smoothing. A label y between 0 and 1 gives y times
the loss of class 1 plus 1 − y times that of class 0.

References: as in `elementwise`; T.-Y. Lin et al., "Focal Loss for Dense Object Detection" (2017), eq. 5,
for α.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, d_sigmoid, sigmoid, softplus
from engine.gradient_check import GradientCheck, check_gradient
from engine.losses.elementwise import Focal, Hinge, Huber
from engine.losses.from_logits import SigmoidCrossEntropy
from engine.losses.loss import Loss
from engine.losses.table import LOSSES

OVER = {
    "number": ("mse", "mae", "huber", "log_cosh"),
    "probability": ("mse", "mae", "huber", "log_cosh", "bce", "focal"),
    "logit": ("mse", "mae", "huber", "log_cosh", "bce", "hinge", "focal"),
}  # what is on the axis → the losses that can be drawn over it
WRONG = 0.25  # a prediction counts as wrong where |p − y| is above it
FLAT = 0.2  # of the steepest slope nearer to the target: below it a slope counts as flat
BESIDE = 1e-7  # at this distance from a kink the slopes of its two sides are taken
DELTA, GAMMA = 1.0, 2.0

Function = Callable[[Array], Array]


class LossParameters(NamedTuple):
    """The parameters of the losses."""

    delta: float = DELTA  # Huber's threshold
    gamma: float = GAMMA  # focal: the larger, the smaller the weight of examples that are right already
    alpha: float | None = None  # focal: weight of class 1; class 0 has 1 − α; None: both have 1


@dataclass(frozen=True)
class LossCurve:
    """A loss as a function of one number, its slope, and the places where the slope jumps or has a corner."""

    value: Function
    slope: Function
    kinks: tuple[float, ...] = ()  # from left to right
    corners: tuple[float, ...] = ()  # of the slope: finite differences are inexact there

    def value_at(self, x: float) -> float:
        """The loss at x."""
        return float(self.value(np.asarray(x, np.float64)))

    def slope_at(self, x: float) -> float:
        """The slope at x; at a kink, the subgradient that programs take."""
        return float(self.slope(np.asarray(x, np.float64)))

    def sides(self, x: float) -> tuple[float, float] | None:
        """The slopes just left and right of a kink at x; None where there is none."""
        if not any(abs(x - kink) <= BESIDE / 10 for kink in self.kinks):
            return None
        return self.slope_at(x - BESIDE), self.slope_at(x + BESIDE)


def loss_curve(name: str, over: str, y: float, parameters: LossParameters) -> LossCurve:
    """The curve of a loss of `OVER[over]` for the target y."""
    if over != "logit":
        return _focal(y, parameters) if name == "focal" else _plain(name, y, parameters)
    if name == "bce":
        cross_entropy = SigmoidCrossEntropy(reduction="none")
        return LossCurve(lambda z: cross_entropy.value(z, y), lambda z: cross_entropy.gradient(z, y))
    if name == "hinge":
        return _hinge(y)
    if name == "focal":
        return _focal_by_logit(y, parameters)
    return _through_sigmoid(_plain(name, y, parameters))


def _plain(name: str, y: float, parameters: LossParameters) -> LossCurve:
    """A loss of `LOSSES` over its prediction."""
    loss: Loss = (
        Huber(reduction="none", delta=parameters.delta) if name == "huber" else LOSSES[name](reduction="none")
    )
    kinks = (y,) if name == "mae" else ()
    corners = (y - parameters.delta, y + parameters.delta) if name == "huber" else ()
    return LossCurve(lambda p: loss.value(p, y), lambda p: loss.gradient(p, y), kinks, corners)


def _through_sigmoid(curve: LossCurve) -> LossCurve:
    """The same loss over the logit; by the chain rule its slope has the factor σ′."""
    return LossCurve(
        lambda z: curve.value(sigmoid(z)),
        lambda z: curve.slope(sigmoid(z)) * d_sigmoid(z),
        _logits(curve.kinks),
        _logits(curve.corners),
    )


def _logits(probabilities: tuple[float, ...]) -> tuple[float, ...]:
    """The logits of the probabilities that are neither 0 nor 1."""
    return tuple(logit(p) for p in probabilities if 0 < p < 1)


def _hinge(y: float) -> LossCurve:
    """The hinge loss of a score, whose labels are −1 and +1 for the classes 0 and 1."""
    hinge = Hinge(reduction="none")
    kinks = (-1.0,) * (y < 1) + (1.0,) * (y > 0)
    return LossCurve(
        lambda s: y * hinge.value(s, 1.0) + (1.0 - y) * hinge.value(s, -1.0),
        lambda s: y * hinge.gradient(s, 1.0) + (1.0 - y) * hinge.gradient(s, -1.0),
        kinks,
    )


def _class_weights(y: float, alpha: float | None) -> tuple[float, float]:
    """The weights of class 1 and class 0: y and 1 − y, times α and 1 − α."""
    return (y, 1.0 - y) if alpha is None else (alpha * y, (1.0 - alpha) * (1.0 - y))


def _focal(y: float, parameters: LossParameters) -> LossCurve:
    """Focal loss over the probability of class 1."""
    focal = Focal(reduction="none", gamma=parameters.gamma)
    one, zero = _class_weights(y, parameters.alpha)

    def mixed(of: Callable[[Array, float], Array], p: Array) -> Array:
        parts = [weight * of(p, label) for weight, label in ((one, 1.0), (zero, 0.0)) if weight > 0]
        return sum(parts, np.zeros_like(p))  # a class of weight 0 adds 0, even where its loss is ∞

    return LossCurve(lambda p: mixed(focal.value, p), lambda p: mixed(focal.gradient, p))


def _focal_by_logit(y: float, parameters: LossParameters) -> LossCurve:
    """Focal loss over the logit; −log q = softplus(−z) keeps all digits."""
    one, zero = _class_weights(y, parameters.alpha)
    gamma = parameters.gamma

    def value(z: Array) -> Array:
        return sigmoid(-z) ** gamma * softplus(-z)

    def slope(z: Array) -> Array:
        rest = sigmoid(-z)
        return -(rest**gamma) * (rest + gamma * sigmoid(z) * softplus(-z))

    return LossCurve(lambda z: one * value(z) + zero * value(-z), lambda z: one * slope(z) - zero * slope(-z))


def logit(p: float) -> float:
    """log(p/(1 − p)), the z with σ(z) = p; −∞ at 0 and ∞ at 1."""
    if p <= 0 or p >= 1:
        return math.copysign(math.inf, p - 0.5)
    return math.log(p) - math.log1p(-p)


def sigmoid_of(z: float) -> float:
    """σ(z) as a plain number."""
    return float(sigmoid(np.asarray(z, np.float64)))


def smoothed_label(y: float, smoothing: float) -> float:
    """(1 − s)·y + s/2: the fraction s of the label is spread over the two classes."""
    return (1.0 - smoothing) * y + 0.5 * smoothing


def flat_ranges(
    curve: LossCurve, grid: Array, predictions: Array, y: float
) -> tuple[tuple[float, float], ...]:
    """The intervals of the grid where a loss saturates: the prediction is wrong, and yet the slope is small.

    Wrong means |p − y| > ¼. Small means below a fifth of the steepest slope between there and the target.
    """
    steep = np.abs(curve.slope(grid))
    steep[~np.isfinite(steep)] = np.finfo(np.float64).max
    nearest = int(np.argmin(np.abs(predictions - y)))
    steepest = np.concatenate(
        (np.maximum.accumulate(steep[nearest::-1])[::-1], np.maximum.accumulate(steep[nearest:])[1:])
    )
    flat = (np.abs(predictions - y) > WRONG) & (steep < FLAT * steepest)
    edges = np.flatnonzero(np.diff(flat, prepend=False, append=False))
    return tuple((float(grid[first]), float(grid[end - 1])) for first, end in edges.reshape(-1, 2).tolist())


def check_slope(curve: LossCurve, over: str, x: float) -> GradientCheck | None:
    """Compare the slope at x with finite differences; None at a kink, at a corner, and where the slope is ∞.

    A probability is changed through its logit, so that it stays between 0 and 1: d/dz = p(1 − p)·d/dp.
    """
    slope = curve.slope_at(x)
    if not math.isfinite(slope) or (over == "probability" and not 0 < x < 1):
        return None
    edges = (*curve.kinks, *curve.corners)
    if over != "probability":
        return _checked(lambda at: curve.value(at[0]), slope, x, edges)
    return _checked(lambda at: curve.value(sigmoid(at[0])), slope * x * (1.0 - x), logit(x), _logits(edges))


def _checked(
    value: Callable[[Array], ArrayLike], slope: float, x: float, edges: tuple[float, ...]
) -> GradientCheck | None:
    """Compare a slope with finite differences that do not cross an edge; None if all cross one."""
    found = check_gradient(value, [slope], [x], sides=lambda at: at[0] > np.array(edges))
    return found if found.count else None
