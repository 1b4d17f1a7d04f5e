"""One hidden layer: a weighted sum, the nonlinearity φ, and perhaps a normalisation and a residual link.

    z = x·W + b                       with normalisation    z = γ∘norm(x·W) + β        (∘ entry by entry)
    a = φ(z)                          with a residual link  a = φ(z) + x

The backward pass goes through the same steps in the opposite order:

    ∂L/∂z = ∂L/∂a ∘ φ′(z)      then to γ and β      then to W and b      ∂L/∂x = ∂L/∂(x·W)·Wᵀ

With a residual link ∂L/∂x has the second term ∂L/∂a, because x reaches a also directly.

References: Ioffe & Szegedy, "Batch normalization" (2015), for γ and β; He et al., "Deep residual learning for
image recognition" (2016).
"""

from typing import NamedTuple

import numpy as np

from engine.activations import Activation, Array
from engine.networks.layers import (
    ActivationCache,
    LinearCache,
    Parameters,
    activate,
    d_activate,
    d_linear,
    linear,
)
from engine.networks.normalization import (
    AXES,
    NormalizationCache,
    Statistics,
    d_normalize,
    normalize,
    normalize_with,
)
from engine.optimizers.trainer import flush_to_zero

FAINT = 1e-30  # float32 activations below it are set to 0 where that is asked for


class LayerParameters(NamedTuple):
    """The parameters of one layer, or the gradient with respect to them. `scale` only with normalisation."""

    weights: Array  # W[in, out]
    bias: Array  # b[out], or β[out]
    scale: Array | None = None  # γ[out]

    @property
    def linear(self) -> Parameters:
        """W and b."""
        return Parameters(self.weights, self.bias)


class LayerCache(NamedTuple):
    """What one hidden layer computed in the forward pass."""

    linear: LinearCache
    activation: ActivationCache
    a: Array  # [batch, out], the output
    normalization: NormalizationCache | None
    statistics: Statistics | None  # of this batch, computed by the normalisation

    @property
    def z(self) -> Array:
        """[batch, out], the argument of φ."""
        return self.activation.z

    @property
    def slope(self) -> Array:
        """φ′(z), computed in each call."""
        return self.activation.activation.slope(self.z)


def hidden_layer(
    x: Array,
    layer: LayerParameters,
    activation: Activation,
    normalization: str = "none",
    given: Statistics | None = None,
    residual: bool = False,
    flush: bool = False,
) -> LayerCache:
    """The output a[batch, out] of x[batch, in], and what the backward pass needs.

    Batch normalisation uses the statistics of this batch, or those that are `given`. A `residual` link needs
    as many inputs as outputs. With `flush` tiny activations become 0.
    """
    cache, found = None, None
    if layer.scale is None:
        z, linear_cache = linear(x, layer.linear)
    else:
        z, linear_cache = np.dot(x, layer.weights), LinearCache(x, layer.weights)
        if given is not None:
            z, cache = normalize_with(z, layer.scale, layer.bias, given)
        else:
            z, cache, found = normalize(z, layer.scale, layer.bias, AXES[normalization])
    a, activation_cache = activate(z, activation)
    if flush:
        flush_to_zero(a, FAINT)
    if residual:
        a += x
    return LayerCache(linear_cache, activation_cache, a, cache, found)


def d_hidden_layer(d_a: Array, cache: LayerCache, into: LayerParameters) -> Array:
    """∂L/∂(x·W) from ∂L/∂a; the gradient of the parameters is written into `into`."""
    d_z = d_activate(d_a, cache.activation)
    if cache.normalization is None:
        d_linear(d_z, cache.linear, out=into.linear)
        return d_z
    d_sum = d_normalized(d_z, cache.normalization, into)
    np.dot(cache.linear.x.T, d_sum, out=into.weights)
    return d_sum


def d_normalized(d_z: Array, cache: NormalizationCache, into: LayerParameters) -> Array:
    """∂L/∂(x·W) from ∂L/∂z; the gradients of γ and β are written into `into`."""
    d_sum, d_scale, d_shift = d_normalize(d_z, cache)
    assert into.scale is not None
    into.scale[...], into.bias[...] = d_scale, d_shift
    return d_sum
