"""A deep network: many equal layers, and a gradient that must pass backward through all of them.

    zₖ = aₖ₋₁·Wₖ + bₖ        aₖ = φ(zₖ)        logit = a_L·w + b            plain
    zₖ = γₖ∘norm(aₖ₋₁·Wₖ) + βₖ                                             with normalisation
    aₖ = φ(zₖ) + aₖ₋₁        for k ≥ 2                                      with residual links

In the backward pass each layer multiplies the gradient by its own slope and its own weights:

    ∂L/∂aₖ₋₁ = (∂L/∂aₖ ∘ φ′(zₖ))·Wₖᵀ          (+ ∂L/∂aₖ with residual links)

(∘ multiplies entry by entry), so the gradient of the first layer is a product of L factors. If each is a
little below 1, it vanishes; if each is a little above 1, it explodes. Normalisation and residual links
prevent this.

All parameters are in one flat vector θ = (W₁, b₁, …, w, b). A normalised layer has (Wₖ, γₖ, βₖ), where β
replaces b. x[batch, in], W[in, out], in the precision of θ.

References: Hochreiter (1991) and Bengio, Simard & Frasconi (1994), vanishing gradients; He et al., "Deep
Residual Learning" (2015).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS, Array
from engine.losses.fused_losses import sigmoid_cross_entropy
from engine.networks.normalization import (
    AXES,
    NormalizationCache,
    Statistics,
    d_normalize,
    normalize,
    normalize_with,
    remembered,
)
from engine.optimizers.trainer import Trainer, flush_to_zero, keep_freed_memory
from engine.pieces import WORKING, Pieces, result_of

WIDE = 64  # units from which on there is a pause after drawing the weights of a layer
FAINT = 1e-30  # float32 activations below it are set to 0, like gradients below 1e−16
FAINT_GRADIENT = 1e-8  # gradients with no larger entry are scaled up in the backward pass
PIECE = 5e7  # multiplications between two pauses: some milliseconds
UNITS = 120  # the activation functions of one unit take as long as so many multiplications
Draw = Callable[[np.random.Generator, int, int], Array]
STRAIGHT = ("relu", "leaky_relu", "identity")  # activations that do not saturate smoothly


class LayerParameters(NamedTuple):
    """The parameters of one layer, or the gradient with respect to them. `scale` only with normalisation."""

    weights: Array  # W[in, out]
    shift: Array  # b[out], or β[out]
    scale: Array | None  # γ[out]


class LayerCache(NamedTuple):
    """What one hidden layer computed in the forward pass."""

    x: Array  # [batch, in], the input
    z: Array  # [batch, out], the argument of φ
    slope: Array  # φ′(z)
    a: Array  # [batch, out], the output
    normalization: NormalizationCache | None
    statistics: Statistics | None  # of this batch, computed by the normalisation


class DeepForward(NamedTuple):
    """The result of a forward pass: logits[batch, 1] and the caches of all hidden layers."""

    logits: Array
    hidden: list[LayerCache]


class DeepLossAndGradient(NamedTuple):
    """The mean loss of a batch, its forward pass and its backward pass."""

    loss: float
    forward: DeepForward
    gradient: Array  # ∂L/∂θ
    d_activations: list[Array]  # ∂L/∂aₖ[batch, width] of each hidden layer, the first first


@dataclass(frozen=True)
class DeepNetwork:
    """The shape of a network with `depth` hidden layers of `width` units each."""

    depth: int
    width: int
    activation: str = "relu"
    normalization: str = "none"  # or "batch" or "layer"
    residual: bool = False
    inputs: int = 2
    outputs: int = 1

    @cached_property
    def _cuts(self) -> list[tuple[tuple[int, int], tuple[int, ...]]]:
        """For each layer W's shape, and where in θ W, shift and scale end, after where W begins."""
        sizes = [self.inputs, *[self.width] * self.depth, self.outputs]
        cuts, begin = [], 0
        for k in range(self.depth + 1):
            n_in, n_out = sizes[k], sizes[k + 1]
            ends = [begin, begin + n_in * n_out, begin + n_in * n_out + n_out]
            if self.normalization != "none" and k < self.depth:
                ends.append(ends[-1] + n_out)
            cuts.append(((n_in, n_out), tuple(ends)))
            begin = ends[-1]
        return cuts

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return self._cuts[-1][1][-1]

    def layers(self, theta: Array) -> list[LayerParameters]:
        """The parameters of each layer, the output layer last, as views into θ."""
        return [
            LayerParameters(
                theta[ends[0] : ends[1]].reshape(shape),
                theta[ends[1] : ends[2]],
                theta[ends[2] : ends[3]] if len(ends) > 3 else None,
            )
            for shape, ends in self._cuts
        ]

    def start(self, rng: np.random.Generator, draw: Draw, dtype: type[np.floating] = np.float32) -> Array:
        """Return a first θ: weights by `draw(rng, in, out)`, biases 0, scales 1."""
        return result_of(self.starting(rng, draw, dtype))

    def starting(
        self, rng: np.random.Generator, draw: Draw, dtype: type[np.floating] = np.float32
    ) -> Pieces[Array]:
        """`start`, with a pause after each wide layer."""
        theta = np.zeros(self.count, dtype)
        for weights, _, scale in self.layers(theta):
            weights[...] = draw(rng, *weights.shape)
            if scale is not None:
                scale[...] = 1.0
            if self.width >= WIDE:
                yield WORKING
        return theta

    # Forward

    def forward(
        self,
        layers: list[LayerParameters],
        x: Array,
        given: list[Statistics] | None = None,
        flush: bool = True,
    ) -> DeepForward:
        """Logits[batch, out] of x[batch, in].

        Batch normalisation uses the statistics of this batch, or those that are `given`, one per layer.
        """
        return result_of(self.forward_pieces(layers, x, given, flush, self.depth + 1))

    def pause(self, rows: int) -> int:
        """How many layers are computed between two pauses."""
        return max(1, int(PIECE // (rows * self.width * (self.width + UNITS))))

    def forward_pieces(
        self,
        layers: list[LayerParameters],
        x: Array,
        given: list[Statistics] | None,
        flush: bool,
        pause: int,
    ) -> Pieces[DeepForward]:
        """`forward`, with a pause after every so many layers."""
        *hidden, last = layers
        caches: list[LayerCache] = []
        for k, layer in enumerate(hidden):
            caches.append(self._layer(x, layer, given[k] if given else None, k > 0, flush))
            x = caches[-1].a
            if k % pause == pause - 1:
                yield WORKING
        logits: Array = np.dot(x, last.weights)
        logits += last.shift
        return DeepForward(logits, caches)

    def _layer(
        self, x: Array, layer: LayerParameters, given: Statistics | None, follows: bool, flush: bool
    ) -> LayerCache:
        """One hidden layer; with a residual link if it follows a layer of the same width."""
        z: Array = np.dot(x, layer.weights)
        cache, found, activation = None, None, ACTIVATIONS[self.activation]
        if layer.scale is None:
            z += layer.shift
        elif given is not None:
            z, cache = normalize_with(z, layer.scale, layer.shift, given)
        else:
            z, cache, found = normalize(z, layer.scale, layer.shift, AXES[self.normalization])
        a, slope = activation.function(z), activation.slope(z)
        if flush:
            flush_to_zero(a, FAINT)
        if self.residual and follows:
            a += x
        return LayerCache(x, z, slope, a, cache, found)

    # Backward

    def backward(
        self,
        layers: list[LayerParameters],
        d_logits: Array,
        forward: DeepForward,
        into: list[LayerParameters],
        flush: bool,
        pause: int,
    ) -> Pieces[list[Array]]:
        """∂L/∂a of every hidden layer from ∂L/∂logits; the gradient is written into `into`.

        It is the chain rule, from the last layer to the first. A gradient too small for float32 is computed
        times 2^raised, and returned in float64. The gradient of the weights is float32, and 0 where it is
        nearly 0.
        """
        ones, hidden = np.ones(len(d_logits), d_logits.dtype), forward.hidden
        np.dot(hidden[-1].a.T, d_logits, out=into[-1].weights)
        np.dot(ones, d_logits, out=into[-1].shift)  # the sum over the rows
        d_a: Array = np.dot(d_logits, layers[-1].weights.T)
        d_activations, raised = [d_a], 0
        for k in range(self.depth - 1, -1, -1):
            cache = hidden[k]
            d_z: Array = d_a * cache.slope
            lift = scale_up(d_z) if flush else 0
            raised += lift
            if flush:
                flush_to_zero(d_z)
            if cache.normalization is None:
                np.dot(ones, d_z, out=into[k].shift)
            else:
                d_z = self._d_normalize(d_z, cache.normalization, into[k])
            np.dot(cache.x.T, d_z, out=into[k].weights)
            if raised:
                _lower(into[k], raised)
            if k > 0:
                past, d_a = d_a, np.dot(d_z, layers[k].weights.T)
                if self.residual:
                    d_a, raised = np.ldexp(d_a, -lift) + past, raised - lift
                d_activations.append(np.ldexp(d_a.astype(np.float64), -raised) if raised else d_a)
            if k % pause == pause - 1:
                yield WORKING
        return d_activations[::-1]

    def _d_normalize(self, d_z: Array, cache: NormalizationCache, into: LayerParameters) -> Array:
        d_sum, d_scale, d_shift = d_normalize(d_z, cache)
        assert into.scale is not None
        into.scale[...], into.shift[...] = d_scale, d_shift
        return d_sum

    def loss_and_gradient(
        self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None
    ) -> DeepLossAndGradient:
        """Mean binary cross-entropy of x[batch, in] with target[batch, 1] of 0s and 1s, and its gradient.

        In float64 small numbers are not set to 0: this form is for inspection. `DeepTrainer` trains.
        """
        layers, gradient, flush = self.layers(theta), np.empty_like(theta), theta.dtype == np.float32
        forward = self.forward(layers, x, given, flush)
        loss, d_logits = sigmoid_cross_entropy(forward.logits, target)
        d_activations = result_of(
            self.backward(layers, d_logits, forward, self.layers(gradient), flush, self.depth + 1)
        )
        return DeepLossAndGradient(loss, forward, gradient, d_activations)

    def loss(self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None) -> float:
        """The loss alone."""
        return result_of(self.loss_pieces(theta, x, target, given))

    def loss_pieces(
        self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None
    ) -> Pieces[float]:
        """`loss`, with pauses."""
        forward = yield from self.forward_pieces(self.layers(theta), x, given, False, self.pause(len(x)))
        return sigmoid_cross_entropy(forward.logits, target)[0]

    # Batch normalisation after training

    def fresh_statistics(self, dtype: type[np.floating] = np.float32) -> list[Statistics] | None:
        """Running statistics before the first batch: mean 0, variance 1. None unless they are needed."""
        if self.normalization != "batch":
            return None
        shape = (1, self.width)
        return [Statistics(np.zeros(shape, dtype), np.ones(shape, dtype)) for _ in range(self.depth)]

    def remember(self, running: list[Statistics] | None, forward: DeepForward) -> list[Statistics] | None:
        """The running statistics after the batch of `forward`."""
        if running is None:
            return None
        rows = len(forward.logits)
        return [
            remembered(old, cache.statistics, rows)
            for old, cache in zip(running, forward.hidden, strict=True)
            if cache.statistics is not None
        ]


def scale_up(values: Array) -> int:
    """If all entries are tiny, multiply them in place by the 2ᵉ that makes the largest about 1; return e."""
    largest = float(np.max(np.abs(values)))
    if not 0.0 < largest < FAINT_GRADIENT:
        return 0
    exponent = -math.frexp(largest)[1]
    np.ldexp(values, exponent, out=values)
    return exponent


def _lower(gradient: LayerParameters, raised: int) -> None:
    """Divide by 2^raised, in place."""
    for part in gradient:
        if part is not None:
            flush_to_zero(np.ldexp(part, -raised, out=part))


class DeepTrainer:
    """Trains a network batch by batch. Views into θ and into the gradient are made once."""

    def __init__(
        self, network: DeepNetwork, rule: Any, theta: Array, clip: Callable[[Array], Array] | None = None
    ) -> None:
        self.network = network
        self.trainer = Trainer(rule, theta)
        self.clip = clip  # applied to the gradient before the step
        self.running = network.fresh_statistics()
        self._gradient = np.empty_like(theta)
        self._layers, self._into = network.layers(self.trainer.theta), network.layers(self._gradient)
        keep_freed_memory()
        self._flush = True  # whether to look for numbers that are nearly 0, which takes time

    def learn(self, x: Array, target: Array) -> DeepLossAndGradient:
        """One step; returns loss and gradient before it. The next step overwrites the gradient."""
        return result_of(self.learning(x, target))

    def learning(self, x: Array, target: Array) -> Pieces[DeepLossAndGradient]:
        """`learn`, with pauses between the layers of a large network."""
        network, flush, pause = self.network, self._flush, self.network.pause(len(x))
        forward = yield from network.forward_pieces(self._layers, x, None, flush, pause)
        loss, d_logits = sigmoid_cross_entropy(forward.logits, target)
        d_activations = yield from network.backward(self._layers, d_logits, forward, self._into, flush, pause)
        if pause <= network.depth:
            yield WORKING
        self.trainer.step(self._gradient if self.clip is None else self.clip(self._gradient))
        if pause <= network.depth:
            yield WORKING
        self.running = network.remember(self.running, forward)
        faint = self._faint(forward.hidden[-1].a, d_activations[0], d_logits)
        self._flush = network.activation not in STRAIGHT or faint
        return DeepLossAndGradient(loss, forward, self._gradient, d_activations)

    @staticmethod
    def _faint(*ends: Array) -> bool:
        """Whether the values after all layers are so small that the next ones may be subnormal."""
        return not all(np.vdot(values, values) > 1e-16 for values in ends)
