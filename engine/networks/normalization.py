"""Normalisation: the sums of a layer get mean 0 and variance 1, then a scale γ and a shift β that are learnt.

    x̂ = (x − μ)/√(σ² + ε)        y = γ∘x̂ + β        μ, σ²: mean and variance along one axis

∘ multiplies entry by entry, and ε = 10⁻⁵ prevents a division by 0. Batch normalisation uses μ and σ² of each
*unit* over the examples of a batch (axis 0), layer normalisation those of each *example* over the units of a
layer (axis 1). μ and σ² depend on x, so the gradient has three parts:

    ∂L/∂x = (d̂ − mean d̂ − x̂·mean(d̂∘x̂)) / √(σ² + ε)        d̂ = γ∘∂L/∂y

Adding a constant to x does not change x̂, nor (but for ε) does multiplying x by a positive constant. So the
gradient has no component in these two directions.

After training, a network may get a single example, which has no batch. So during training batch normalisation
keeps a running mean of μ and of σ², and afterwards uses those (`normalize_with`): then it is only a scaling
and a shift, the same for every example. Layer normalisation does not need this.

References: Ioffe & Szegedy, "Batch Normalization" (2015); Ba, Kiros & Hinton, "Layer Normalization" (2016).
"""

from typing import NamedTuple

import numpy as np

from engine.activations import Array

EPSILON = 1e-5  # prevents a division by zero
MEMORY = 0.9  # weight of the past in the running statistics
AXES = {"batch": 0, "layer": 1}


class Statistics(NamedTuple):
    """Mean and variance along an axis, which is kept with length 1."""

    mean: Array
    variance: Array


class NormalizationCache(NamedTuple):
    """What the backward pass through a normalisation needs."""

    normalized: Array  # x̂[batch, units]
    stretch: Array  # 1/√(σ² + ε), of length 1 along the axis
    scale: Array  # γ[units]
    axis: int | None  # None: the statistics were given, and do not depend on x


def statistics(x: Array, axis: int) -> Statistics:
    """μ and σ² (divided by n, not n − 1) of x[batch, units]."""
    mean: Array = x.mean(axis=axis, keepdims=True)
    centred = x - mean
    return Statistics(mean, (centred * centred).mean(axis=axis, keepdims=True))


def normalize(
    x: Array, scale: Array, shift: Array, axis: int
) -> tuple[Array, NormalizationCache, Statistics]:
    """y[batch, units] of x[batch, units] with γ[units] and β[units]; also the cache and the statistics."""
    found = statistics(x, axis)
    y, cache = normalize_with(x, scale, shift, found)
    return y, cache._replace(axis=axis), found


def normalize_with(
    x: Array, scale: Array, shift: Array, given: Statistics
) -> tuple[Array, NormalizationCache]:
    """y with given statistics, such as the running ones after training."""
    stretch = 1.0 / np.sqrt(given.variance + EPSILON)
    normalized = (x - given.mean) * stretch
    return normalized * scale + shift, NormalizationCache(normalized, stretch, scale, None)


def d_normalize(d_y: Array, cache: NormalizationCache) -> tuple[Array, Array, Array]:
    """∂L/∂x[batch, units], ∂L/∂γ[units] and ∂L/∂β[units] from d_y[batch, units]."""
    d_scale = np.add.reduce(d_y * cache.normalized, axis=0)
    d_shift = np.add.reduce(d_y, axis=0)
    d_hat = d_y * cache.scale
    if cache.axis is not None:
        along = (d_hat * cache.normalized).mean(axis=cache.axis, keepdims=True)
        d_hat = d_hat - d_hat.mean(axis=cache.axis, keepdims=True) - cache.normalized * along
    return d_hat * cache.stretch, d_scale, d_shift


def remembered(running: Statistics, found: Statistics, rows: int) -> Statistics:
    """The running statistics after another batch: 0.9 of the old and 0.1 of the new.

    The variance of a batch of n = `rows` examples is a little too small on average; n/(n − 1) corrects this.
    """
    unbiased = found.variance * (rows / max(rows - 1, 1))
    return Statistics(
        MEMORY * running.mean + (1.0 - MEMORY) * found.mean,
        MEMORY * running.variance + (1.0 - MEMORY) * unbiased,
    )
