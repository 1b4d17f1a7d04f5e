"""A layer: forward, its output from its input; backward, ∂L/∂input and ∂L/∂parameters from ∂L/∂output.

    forward    y = x·W + b
    backward   ∂L/∂W = xᵀ·∂L/∂y      ∂L/∂b = Σ_rows ∂L/∂y      ∂L/∂x = ∂L/∂y·Wᵀ

Conventions, here and everywhere: a batch has one example per row, x[batch, in]; weights are W[in, out];
d_x is ∂loss/∂x and has the shape of x. The forward function returns the output and a cache, which has
everything that the backward function needs.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 6.5.
"""

import math
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation, Array

Real = TypeVar("Real", bound=np.floating[Any])


class Parameters(NamedTuple):
    """The parameters of a fully connected layer, or the gradient with respect to them."""

    weights: Array  # [in, out]
    bias: Array  # [out]


class LinearCache(NamedTuple):
    """What the backward pass through a fully connected layer needs."""

    x: Array  # [batch, in]
    weights: Array  # [in, out]


def linear(x: Array, parameters: Parameters) -> tuple[Array, LinearCache]:
    """y[batch, out] = x[batch, in]·W[in, out] + b[out]."""
    y = np.dot(x, parameters.weights)
    y += parameters.bias
    return y, LinearCache(x, parameters.weights)


def d_linear(d_y: Array, cache: LinearCache, out: Parameters | None = None) -> Parameters:
    """∂L/∂W[in, out] and ∂L/∂b[out] from d_y[batch, out]; written into `out` if it is given."""
    into = Parameters(np.empty_like(cache.weights), np.empty_like(cache.weights[0])) if out is None else out
    np.dot(cache.x.T, d_y, out=into.weights)
    np.add.reduce(d_y, axis=0, out=into.bias)
    return into


def d_linear_input(d_y: Array, cache: LinearCache) -> Array:
    """d_x[batch, in] from d_y[batch, out]; separate from `d_linear`: the first layer does not need it."""
    d_x: Array = np.dot(d_y, cache.weights.T)
    return d_x


class ActivationCache(NamedTuple):
    """What the backward pass through an activation needs."""

    z: Array  # any shape
    activation: Activation


def activate(z: Array, activation: Activation) -> tuple[Array, ActivationCache]:
    """a = φ(z), entry by entry."""
    return activation.value(z), ActivationCache(z, activation)


def d_activate(d_a: Array, cache: ActivationCache) -> Array:
    """d_z = d_a·φ′(z), entry by entry."""
    return d_a * cache.activation.derivative(cache.z)


def flatten(x: NDArray[Real]) -> NDArray[Real]:
    """Make every example one row: [batch, height, width, …] → [batch, height·width·…].

    It is the first layer of a network, so it needs no backward function.
    """
    return x.reshape(len(x), math.prod(x.shape[1:]))
