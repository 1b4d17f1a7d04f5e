"""A neuron that is sure of the wrong answer: how fast does it change its mind?

    z = w·x + b      p = σ(z)      ∂L/∂z = ∂L/∂p · σ′(z)      ∂L/∂w = x·∂L/∂z      ∂L/∂b = ∂L/∂z

The chain rule brings in σ′(z) = p(1 − p), which is near 0 wherever p is near 0 or 1, rightly or wrongly: the
sigmoid is *saturated* there.

    squared error   ½(p − y)²                          ∂L/∂p = p − y                 ∂L/∂z = (p − y)·σ′(z)
    cross-entropy   −y·log p − (1 − y)·log(1 − p)      ∂L/∂p = (p − y)/(p(1 − p))    ∂L/∂z = p − y

The slope of cross-entropy is steep by just the factor by which the sigmoid is flat, and the two cancel. The
squared error has nothing to set against σ′: the surer a neuron is, the slower it learns, also when it is
wrong.

Everything is computed from z, so that 1 − p = σ(−z) keeps its digits when p rounds to 1, and likewise
p − y = (1 − y)·σ(z) − y·σ(−z).

Reference: M. A. Nielsen, "Neural Networks and Deep Learning" (2015), chapter 3, "The cross-entropy cost
function".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, d_sigmoid, sigmoid
from engine.losses.losses import SigmoidCrossEntropy


class Chain(NamedTuple):
    """The slope taken apart, each of the shape of z: by_p · sigma = by_z."""

    by_p: Array  # ∂L/∂p
    sigma: Array  # σ′(z)
    by_z: Array  # ∂L/∂z


class Path(NamedTuple):
    """The weight and the bias after every step, [steps + 1] each."""

    weight: Array
    bias: Array


def error(z: ArrayLike, y: float) -> Array:
    """The error p − y, to the last digit also where p rounds to 0 or 1."""
    z = np.asarray(z, np.float64)
    return np.asarray((1.0 - y) * sigmoid(z) - y * sigmoid(-z))


def squared_error(z: ArrayLike, y: float) -> Array:
    """½(p − y)²."""
    return 0.5 * error(z, y) ** 2


def d_squared_error(z: ArrayLike, y: float) -> Chain:
    """∂L/∂p = p − y; nothing stands against σ′."""
    by_p, sigma = error(z, y), d_sigmoid(np.asarray(z, np.float64))
    return Chain(by_p, sigma, by_p * sigma)


def pull_of_squared_error(z: float, y: float) -> float:
    """∂L/∂z of one neuron, in plain numbers: the loop of training is then quick."""
    p, rest = _chances(z)
    return ((1.0 - y) * p - y * rest) * p * rest


def cross_entropy(z: ArrayLike, y: float) -> Array:
    """−y·log p − (1 − y)·log(1 − p), from z, so that it is finite for every z."""
    return SigmoidCrossEntropy(reduction="none").value(np.asarray(z, np.float64), y)


def d_cross_entropy(z: ArrayLike, y: float) -> Chain:
    """∂L/∂p = (1 − y)/(1 − p) − y/p = (p − y)/σ′; what is left of the product is p − y.

    ∂L/∂p is ±∞ where 1 − p or p is too small for a number. The product is never made of it.
    """
    z = np.asarray(z, np.float64)
    by_z, sigma = error(z, y), d_sigmoid(z)
    with np.errstate(divide="ignore", over="ignore"):
        against = (1.0 - y) / sigmoid(-z) if y < 1 else np.zeros_like(z)
        towards = y / sigmoid(z) if y > 0 else np.zeros_like(z)
        by_p = against - towards  # at most one of them is infinite
    return Chain(np.asarray(by_p), sigma, by_z)


def pull_of_cross_entropy(z: float, y: float) -> float:
    """∂L/∂z = p − y of one neuron, in plain numbers."""
    p, rest = _chances(z)
    return (1.0 - y) * p - y * rest


def _chances(z: float) -> tuple[float, float]:
    """Return p = σ(z) and 1 − p = σ(−z)."""
    e = math.exp(-abs(z))
    near, far = 1.0 / (1.0 + e), e / (1.0 + e)
    return (near, far) if z >= 0 else (far, near)


def train(
    pull: Callable[[float, float], float], weight: float, bias: float, x: float, y: float, rate: float,
    steps: int,
) -> Path:  # fmt: skip
    """Gradient descent on one example (x, y): w ← w − η·x·∂L/∂z and b ← b − η·∂L/∂z."""
    weights, biases = [weight], [bias]
    for _ in range(steps):
        by_z = pull(weight * x + bias, y)
        weight -= rate * x * by_z
        bias -= rate * by_z
        weights.append(weight)
        biases.append(bias)
    return Path(np.array(weights), np.array(biases))


@dataclass(frozen=True)
class NeuronLoss:
    """A loss of one sigmoid neuron: its value and its slope from the logit z and the target y."""

    title: str
    latex: str
    slope_latex: str
    value: Callable[[ArrayLike, float], Array]
    chain: Callable[[ArrayLike, float], Chain]
    pull: Callable[[float, float], float]


NEURON_LOSSES: dict[str, NeuronLoss] = {
    "squared_error": NeuronLoss(
        "Squared error",
        r"L=\tfrac12(p-y)^2",
        r"\frac{\partial L}{\partial z}=(p-y)\,\sigma'(z)",
        squared_error,
        d_squared_error,
        pull_of_squared_error,
    ),
    "cross_entropy": NeuronLoss(
        "Cross-entropy",
        r"L=-y\,\ln p-(1-y)\,\ln(1-p)",
        r"\frac{\partial L}{\partial z}=\frac{p-y}{p(1-p)}\,\sigma'(z)=p-y",
        cross_entropy,
        d_cross_entropy,
        pull_of_cross_entropy,
    ),
}
