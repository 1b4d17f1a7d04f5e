"""A fully connected network: layer after layer, each a weighted sum and a nonlinearity φ.

    a₀ = x      zₖ = aₖ₋₁·Wₖ + bₖ      aₖ = φ(zₖ)      logits = the last z, without φ

The backward pass (*back-propagation*) is the chain rule, from the last layer to the first: each layer gets
∂L/∂output from the layer after it, and gives ∂L/∂input to the layer before it.
All parameters are in one flat vector θ = (W₁, b₁, W₂, b₂, …), so an optimizer has a single x, and one array
is a whole snapshot; W and b are views into it. Everything is computed in the precision of θ.

Reference: Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors" (1986).
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.initializers import INITIALIZERS
from engine.networks.layers import (
    ActivationCache,
    LinearCache,
    Parameters,
    activate,
    d_activate,
    d_linear,
    d_linear_input,
    linear,
)


class Forward(NamedTuple):
    """The result of a forward pass: the logits, and the caches of all layers."""

    logits: Array  # [batch, out]
    linears: list[LinearCache]
    activations: list[ActivationCache]


class LossAndGradient(NamedTuple):
    """The mean cross-entropy of a batch, the gradient of cross-entropy + weight decay, and the logits."""

    loss: float
    gradient: Array  # [parameters]
    logits: Array  # [batch, out]


def accuracy(logits: Array, labels: NDArray[np.intp]) -> float:
    """The fraction of rows of logits[batch, classes] in which the true class has the largest logit.

    A row with NaN or ∞ counts as wrong; `argmax` alone would take NaN as the largest.
    """
    right = (logits.argmax(axis=1) == labels) & np.isfinite(logits).all(axis=1)
    return float(np.count_nonzero(right) / len(labels))


@dataclass(frozen=True)
class Network:
    """The shape of a network: `sizes` = (inputs, hidden …, outputs) and the nonlinearity of hidden layers."""

    sizes: tuple[int, ...]
    activation: str = "relu"

    @cached_property
    def _cuts(self) -> list[tuple[int, int, int, tuple[int, int]]]:
        """For each layer: where its weights begin and end in θ, where its bias ends, and the shape of W."""
        cuts, begin = [], 0
        for n_in, n_out in pairwise(self.sizes):
            middle = begin + n_in * n_out
            cuts.append((begin, middle, middle + n_out, (n_in, n_out)))
            begin = middle + n_out
        return cuts

    @property
    def count(self) -> int:
        """How many parameters: Σ (n_in + 1)·n_out."""
        return self._cuts[-1][2]

    def layers(self, theta: Array) -> list[Parameters]:
        """W and b of each layer, as views into θ (nothing is copied)."""
        return [
            Parameters(theta[begin:middle].reshape(shape), theta[middle:end])
            for begin, middle, end, shape in self._cuts
        ]

    def start(
        self, rng: np.random.Generator, initializer: str = "he_normal", dtype: type[np.floating] = np.float32
    ) -> Array:
        """Return a first θ: weights drawn by the initializer, biases 0."""
        theta = np.zeros(self.count, dtype)
        for weights, _ in self.layers(theta):
            weights[...] = INITIALIZERS[initializer].draw(rng, *weights.shape)
        return theta

    def forward(self, theta: Array, x: Array) -> Forward:
        """Logits[batch, out] of x[batch, in], and what the backward pass needs."""
        *hidden, last = self.layers(theta)
        linears, activations = [], []
        for parameters in hidden:
            z, linear_cache = linear(x, parameters)
            x, activation_cache = activate(z, ACTIVATIONS[self.activation])
            linears.append(linear_cache)
            activations.append(activation_cache)
        logits, linear_cache = linear(x, last)
        return Forward(logits, [*linears, linear_cache], activations)

    def backward(self, d_logits: Array, forward: Forward) -> Array:
        """∂loss/∂θ from ∂loss/∂logits: the chain rule, from the last layer to the first."""
        gradient = np.empty(self.count, d_logits.dtype)
        into = self.layers(gradient)
        d_z = d_logits
        d_linear(d_z, forward.linears[-1], out=into[-1])
        for k in reversed(range(len(forward.activations))):
            d_a = d_linear_input(d_z, forward.linears[k + 1])
            d_z = d_activate(d_a, forward.activations[k])
            d_linear(d_z, forward.linears[k], out=into[k])
        return gradient

    def loss(self, theta: Array, x: Array, target: Array) -> float:
        """Mean cross-entropy of x[batch, in] with the labels `target` [batch, out] as distributions."""
        return softmax_cross_entropy(self.forward(theta, x).logits, target)[0]

    def loss_and_gradient(
        self, theta: Array, x: Array, target: Array, weight_decay: float = 0.0
    ) -> LossAndGradient:
        """Mean cross-entropy of a batch, and the gradient of cross-entropy + ½λ·Σw².

        `target` is as in `loss`. Weight decay λ acts on W, not on b.
        """
        forward = self.forward(theta, x)
        loss, d_logits = softmax_cross_entropy(forward.logits, target)
        gradient = self.backward(d_logits, forward)
        if weight_decay:
            for d_layer, layer in zip(self.layers(gradient), self.layers(theta), strict=True):
                d_layer.weights[...] += weight_decay * layer.weights
        return LossAndGradient(loss, gradient, forward.logits)

    def penalty(self, theta: Array, weight_decay: float) -> float:
        """What weight decay adds to the loss: ½λ·Σw²."""
        return 0.5 * weight_decay * sum(float(np.vdot(w, w)) for w, _ in self.layers(theta))
