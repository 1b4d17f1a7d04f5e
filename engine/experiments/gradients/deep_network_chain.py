"""The gradient of one example of *Gradients ▸ Deep network* in the backward pass, as a chain of factors."""

from math import inf
from typing import NamedTuple

import numpy as np

from engine.activations import Array
from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.deep_network_snapshot import (
    DeepSnapshot,
    Vector,
    in_float64,
    network_of,
    next_batch,
)
from engine.networks.clipping import norm
from engine.networks.hidden_layer import LayerCache, LayerParameters
from engine.networks.normalization import NormalizationCache


class FactorChain(NamedTuple):
    """The gradient of one example in the backward pass, factor by factor.

    Entry k is for hidden layer k + 1. `weights`, `slopes`, `stretches` and `factors` are the factors of this
    layer. `product` is the norm of the last layer's gradient times the factors of all layers above ∂L/∂aₖ₊₁,
    and `actual` the true norm. So product[L−1] = actual[L−1].
    """

    weights: Vector  # [L], ‖W‖
    slopes: Vector  # [L], of φ
    stretches: Vector  # [L], γ/√(σ² + ε) of the normalisation; 1 without
    factors: Vector  # [L], their product; with a residual link plus 1
    product: Vector  # [L]
    actual: Vector  # [L], ‖∂L/∂aₖ‖


def chain(
    config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str, row: int, bound: bool
) -> FactorChain:
    """The factors of the gradient of one example (a row of the data) in the backward pass.

    By default ‖W‖ is ‖W‖_F/√n_out, and a slope the root mean square of φ′: the average factors for a gradient
    of random direction. With `bound`, ‖W‖ is the largest singular value and a slope the largest |φ′|, so the
    product is an upper bound of the gradient. Batch normalisation uses the statistics of the batch, which
    then do not depend on the example.
    """
    theta = snapshot.networks[which].theta.astype(np.float64)
    network, layers = network_of(config, which), []
    with np.errstate(all="ignore"):
        layers = network.layers(theta)
        given = None
        if network.normalization == "batch":
            whole = network.forward(theta, next_batch(data, snapshot)[0])
            given = [cache.statistics for cache in whole.hidden if cache.statistics is not None]
        found = network.loss_and_gradient(theta, *in_float64(data, np.array([row])), given=given)
        actual = np.array([norm(d_a) for d_a in found.d_activations])
        return _factored(layers, found.forward.hidden, actual, network.residual, bound)


def _factored(
    layers: list[LayerParameters], hidden: list[LayerCache], actual: Vector, residual: bool, bound: bool
) -> FactorChain:
    """The factors of each layer, and their product from the last layer down."""
    size = largest if bound else rms
    weights = np.array([_stretch_of(layer.weights, bound) for layer in layers[:-1]])
    slopes = np.array([size(cache.slope) for cache in hidden])
    stretches = np.array([_normalizing(cache.normalization, bound) for cache in hidden])
    factors = weights * slopes * stretches
    if residual:  # the bound adds both paths; for random directions they are orthogonal
        factors[1:] = 1.0 + factors[1:] if bound else np.hypot(1.0, factors[1:])
    product = actual[-1] * np.append(np.cumprod(factors[:0:-1])[::-1], 1.0)
    return FactorChain(weights, slopes, stretches, factors, product, actual)


def _stretch_of(weights: Array, bound: bool) -> float:
    """The factor by which the norm of a gradient grows in the product with Wᵀ."""
    if not np.isfinite(weights).all():
        return inf
    if bound:
        small = weights.T @ weights if weights.shape[1] <= weights.shape[0] else weights @ weights.T
        return float(max(np.linalg.eigvalsh(small)[-1], 0.0) ** 0.5)  # faster than all singular values
    return float(norm(weights) / weights.shape[1] ** 0.5)


def _normalizing(cache: NormalizationCache | None, bound: bool) -> float:
    """The factor of the normalisation."""
    if cache is None:
        return 1.0
    stretch = cache.scale * cache.stretch
    return largest(stretch) if bound else rms(stretch)


def rms(values: Array) -> float:
    """The root mean square."""
    return float(norm(values) / values.size**0.5)


def largest(values: Array) -> float:
    """The largest absolute value."""
    return float(np.max(np.abs(values)))
