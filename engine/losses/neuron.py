"""A neuron with a confident wrong answer: how fast does it learn the right one?

    z = w·x + b      p = σ(z)      ∂L/∂z = ∂L/∂p · σ′(z)      ∂L/∂w = x·∂L/∂z      ∂L/∂b = ∂L/∂z

By the chain rule ∂L/∂z has the factor σ′(z) = p(1 − p). It is near 0 wherever p is near 0 or 1, even if that
answer is wrong: the sigmoid is *saturated* there.

    squared error   ½(p − y)²                          ∂L/∂p = p − y                 ∂L/∂z = (p − y)·σ′(z)
    cross-entropy   −y·log p − (1 − y)·log(1 − p)      ∂L/∂p = (p − y)/(p(1 − p))    ∂L/∂z = p − y

In cross-entropy, ∂L/∂p has the factor 1/(p(1 − p)), which cancels σ′. In squared error nothing cancels it:
the closer p is to 0 or 1, the slower the neuron learns, also when it is wrong.

Everything is computed from z, so that 1 − p = σ(−z) is exact even when p rounds to 1, and so is
p − y = (1 − y)·σ(z) − y·σ(−z).

Reference: M. A. Nielsen, "Neural Networks and Deep Learning" (2015), chapter 3, "The cross-entropy cost
function".
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array, d_sigmoid, sigmoid
from engine.losses.from_logits import SigmoidCrossEntropy


class NeuronChain(NamedTuple):
    """The factors of ∂L/∂z by the chain rule, each in the shape of z: by_p · sigma = by_z."""

    by_p: Array  # ∂L/∂p
    sigma: Array  # σ′(z)
    by_z: Array  # ∂L/∂z


class NeuronPath(NamedTuple):
    """The weight and the bias after every step, [steps + 1] each."""

    weight: Array
    bias: Array


def error(z: ArrayLike, y: float) -> Array:
    """The error p − y, exact even where p rounds to 0 or 1."""
    z = np.asarray(z, np.float64)
    return np.asarray((1.0 - y) * sigmoid(z) - y * sigmoid(-z))


def squared_error(z: ArrayLike, y: float) -> Array:
    """½(p − y)²."""
    return 0.5 * error(z, y) ** 2


def d_squared_error(z: ArrayLike, y: float) -> NeuronChain:
    """∂L/∂p = p − y; the factor σ′ stays."""
    by_p, sigma = error(z, y), d_sigmoid(np.asarray(z, np.float64))
    return NeuronChain(by_p, sigma, by_p * sigma)


def d_z_squared_error(z: float, y: float) -> float:
    """∂L/∂z = (p − y)·σ′(z) of one neuron, in Python floats, which are faster than arrays."""
    p, rest = _probabilities(z)
    return ((1.0 - y) * p - y * rest) * p * rest


def cross_entropy(z: ArrayLike, y: float) -> Array:
    """−y·log p − (1 − y)·log(1 − p), from z, so that it is finite for every z."""
    return SigmoidCrossEntropy(reduction="none").value(np.asarray(z, np.float64), y)


def d_cross_entropy(z: ArrayLike, y: float) -> NeuronChain:
    """∂L/∂p = (1 − y)/(1 − p) − y/p = (p − y)/σ′, so that ∂L/∂z = p − y.

    ∂L/∂p is ±∞ where 1 − p or p underflows; ∂L/∂z is therefore not computed as the product.
    """
    z = np.asarray(z, np.float64)
    by_z, sigma = error(z, y), d_sigmoid(z)
    with np.errstate(divide="ignore", over="ignore"):
        of_zero = (1.0 - y) / sigmoid(-z) if y < 1 else np.zeros_like(z)  # (1 − y)/(1 − p)
        of_one = y / sigmoid(z) if y > 0 else np.zeros_like(z)  # y/p
        by_p = of_zero - of_one  # at most one of them is infinite
    return NeuronChain(np.asarray(by_p), sigma, by_z)


def d_z_cross_entropy(z: float, y: float) -> float:
    """∂L/∂z = p − y of one neuron, in Python floats."""
    p, rest = _probabilities(z)
    return (1.0 - y) * p - y * rest


def _probabilities(z: float) -> tuple[float, float]:
    """Return p = σ(z) and 1 − p = σ(−z)."""
    e = math.exp(-abs(z))
    near, far = 1.0 / (1.0 + e), e / (1.0 + e)
    return (near, far) if z >= 0 else (far, near)


def train(
    d_loss: Callable[[float, float], float],
    weight: float,
    bias: float,
    x: float,
    y: float,
    rate: float | Iterable[float],
    steps: int,
) -> NeuronPath:
    """Gradient descent on one example (x, y): w ← w − η·x·∂L/∂z and b ← b − η·∂L/∂z.

    `rate` is η, or the η_t of the steps t = 1, 2, …
    """
    weights, biases = [weight], [bias]
    rates = repeat(rate) if isinstance(rate, int | float) else rate
    for now in islice(rates, steps):
        by_z = d_loss(weight * x + bias, y)
        weight -= now * x * by_z
        bias -= now * by_z
        weights.append(weight)
        biases.append(bias)
    return NeuronPath(np.array(weights), np.array(biases))


@dataclass(frozen=True)
class NeuronLoss:
    """A loss of one sigmoid neuron: its value and its derivatives, from the logit z and the target y."""

    title: str
    latex: str
    slope_latex: str
    value: Callable[[ArrayLike, float], Array]
    chain: Callable[[ArrayLike, float], NeuronChain]
    d_z: Callable[[float, float], float]


NEURON_LOSSES: dict[str, NeuronLoss] = {
    "squared_error": NeuronLoss(
        "Squared error",
        r"L=\tfrac12(p-y)^2",
        r"\frac{\partial L}{\partial z}=(p-y)\,\sigma'(z)",
        squared_error,
        d_squared_error,
        d_z_squared_error,
    ),
    "cross_entropy": NeuronLoss(
        "Cross-entropy",
        r"L=-y\,\ln p-(1-y)\,\ln(1-p)",
        r"\frac{\partial L}{\partial z}=\frac{p-y}{p(1-p)}\,\sigma'(z)=p-y",
        cross_entropy,
        d_cross_entropy,
        d_z_cross_entropy,
    ),
}
