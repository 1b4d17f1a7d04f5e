"""A deep network: many layers alike, and a gradient that has to come back through all of them.

    zₖ = aₖ₋₁·Wₖ + bₖ        aₖ = φ(zₖ)        logit = a_L·w + b            plain
    zₖ = γₖ∘norm(aₖ₋₁·Wₖ) + βₖ                                             with normalisation
    aₖ = φ(zₖ) + aₖ₋₁        for k ≥ 2                                      with residual links

Backwards each layer multiplies the gradient by its own slope and its own weights:

    ∂L/∂aₖ₋₁ = (∂L/∂aₖ ∘ φ′(zₖ))·Wₖᵀ          (+ ∂L/∂aₖ, past the layer, with residual links)

(∘ multiplies entry by entry), so what reaches the first layer is a product of L factors. Each a little below
1, it vanishes; each a little above, it explodes. The normalisation's factor and the residual link's sum are
the cures.

All parameters live in one flat vector θ = (W₁, b₁, …, w, b), with (Wₖ, γₖ, βₖ) where a layer is normalised:
β does then what b would do. x[batch, in], W[in, out], in the precision of θ.

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

WIDE = 64  # from so many units on it takes its time to draw the weights of a layer
FAINT = 1e-30  # float32 activations nearer to 0 are taken for 0, as gradients below 1e−16 are
FAINT_GRADIENT = 1e-8  # gradients of which no entry is larger are raised on their way back
PIECE = 5e7  # multiplications between two pauses: some milliseconds
UNITS = 120  # multiplications that the functions of a unit cost as much as
Draw = Callable[[np.random.Generator, int, int], Array]
STRAIGHT = ("relu", "leaky_relu", "identity")  # activations without tails that fade


class LayerParameters(NamedTuple):
    """What one layer learns, or the gradient with respect to it. Without normalisation `scale` is None."""

    weights: Array  # W[in, out]
    shift: Array  # b[out], or β[out]
    scale: Array | None  # γ[out]


class LayerCache(NamedTuple):
    """What one hidden layer computed on the way through."""

    x: Array  # [batch, in], what came in
    z: Array  # [batch, out], what φ is taken of
    slope: Array  # φ′(z)
    a: Array  # [batch, out], what goes out
    normalization: NormalizationCache | None
    statistics: Statistics | None  # that the normalisation took of this batch


class DeepForward(NamedTuple):
    """The way through: logits[batch, 1] and what every hidden layer did."""

    logits: Array
    hidden: list[LayerCache]


class DeepLossAndGradient(NamedTuple):
    """What a batch says: its mean loss, the way through, and the way back."""

    loss: float
    forward: DeepForward
    gradient: Array  # ∂L/∂θ
    d_activations: list[Array]  # ∂L/∂aₖ[batch, width] of each hidden layer, the first first


@dataclass(frozen=True)
class DeepNetwork:
    """The shape of a network of `depth` hidden layers that are all `width` wide."""

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

    # The way through

    def forward(
        self,
        layers: list[LayerParameters],
        x: Array,
        given: list[Statistics] | None = None,
        dust: bool = True,
    ) -> DeepForward:
        """Logits[batch, out] of x[batch, in].

        Batch normalisation takes the statistics of this batch, or those that are `given`, one a layer.
        """
        return result_of(self.forward_pieces(layers, x, given, dust, self.depth + 1))

    def pause(self, rows: int) -> int:
        """How many layers are passed between two pauses."""
        return max(1, int(PIECE // (rows * self.width * (self.width + UNITS))))

    def forward_pieces(
        self,
        layers: list[LayerParameters],
        x: Array,
        given: list[Statistics] | None,
        dust: bool,
        pause: int,
    ) -> Pieces[DeepForward]:
        """`forward`, with a pause after so many layers."""
        *hidden, last = layers
        caches: list[LayerCache] = []
        for k, layer in enumerate(hidden):
            caches.append(self._layer(x, layer, given[k] if given else None, k > 0, dust))
            x = caches[-1].a
            if k % pause == pause - 1:
                yield WORKING
        logits: Array = np.dot(x, last.weights)
        logits += last.shift
        return DeepForward(logits, caches)

    def _layer(
        self, x: Array, layer: LayerParameters, given: Statistics | None, follows: bool, dust: bool
    ) -> LayerCache:
        """One hidden layer; one that follows another of its width may have a link past it."""
        z: Array = np.dot(x, layer.weights)
        cache, found, activation = None, None, ACTIVATIONS[self.activation]
        if layer.scale is None:
            z += layer.shift
        elif given is not None:
            z, cache = normalize_with(z, layer.scale, layer.shift, given)
        else:
            z, cache, found = normalize(z, layer.scale, layer.shift, AXES[self.normalization])
        a, slope = activation.function(z), activation.slope(z)
        if dust:
            flush_to_zero(a, FAINT)
        if self.residual and follows:
            a += x
        return LayerCache(x, z, slope, a, cache, found)

    # The way back

    def backward(
        self,
        layers: list[LayerParameters],
        d_logits: Array,
        forward: DeepForward,
        into: list[LayerParameters],
        dust: bool,
        pause: int,
    ) -> Pieces[list[Array]]:
        """∂L/∂a of every hidden layer from ∂L/∂logits; the gradient is written into `into`.

        It is the chain rule, from the last layer to the first. What comes back may be less than any float32:
        then it travels times 2^raised, and is handed out in float64. The gradient of the weights is a plain
        float32 again, 0 where it is dust.
        """
        ones, hidden = np.ones(len(d_logits), d_logits.dtype), forward.hidden
        np.dot(hidden[-1].a.T, d_logits, out=into[-1].weights)
        np.dot(ones, d_logits, out=into[-1].shift)  # the sum over the rows
        d_a: Array = np.dot(d_logits, layers[-1].weights.T)
        felt, raised = [d_a], 0
        for k in range(self.depth - 1, -1, -1):
            cache = hidden[k]
            d_z: Array = d_a * cache.slope
            lift = raise_faint(d_z) if dust else 0
            raised += lift
            if dust:
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
                felt.append(np.ldexp(d_a.astype(np.float64), -raised) if raised else d_a)
            if k % pause == pause - 1:
                yield WORKING
        return felt[::-1]

    def _d_normalize(self, d_z: Array, cache: NormalizationCache, into: LayerParameters) -> Array:
        d_sum, d_scale, d_shift = d_normalize(d_z, cache)
        assert into.scale is not None
        into.scale[...], into.shift[...] = d_scale, d_shift
        return d_sum

    def loss_and_gradient(
        self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None
    ) -> DeepLossAndGradient:
        """Mean binary cross-entropy of x[batch, in] with target[batch, 1] of 0s and 1s, and its gradient.

        In float64 nothing is taken for 0: this is what is looked at. `DeepTrainer` is what trains.
        """
        layers, gradient, dust = self.layers(theta), np.empty_like(theta), theta.dtype == np.float32
        forward = self.forward(layers, x, given, dust)
        loss, d_logits = sigmoid_cross_entropy(forward.logits, target)
        felt = result_of(
            self.backward(layers, d_logits, forward, self.layers(gradient), dust, self.depth + 1)
        )
        return DeepLossAndGradient(loss, forward, gradient, felt)

    def loss(self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None) -> float:
        """The loss alone."""
        return result_of(self.loss_pieces(theta, x, target, given))

    def loss_pieces(
        self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None
    ) -> Pieces[float]:
        """`loss`, with pauses."""
        forward = yield from self.forward_pieces(self.layers(theta), x, given, False, self.pause(len(x)))
        return sigmoid_cross_entropy(forward.logits, target)[0]

    # Batch normalisation in use

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


def raise_faint(values: Array) -> int:
    """If all entries are faint, multiply them in place by the 2ᵉ that makes the largest about 1; return e."""
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
    """A network that learns, batch by batch. Views into θ and into the gradient are made once."""

    def __init__(
        self, network: DeepNetwork, rule: Any, theta: Array, clip: Callable[[Array], Array] | None = None
    ) -> None:
        self.network = network
        self.trainer = Trainer(rule, theta)
        self.clip = clip  # what is done to a gradient before the step
        self.running = network.fresh_statistics()
        self._gradient = np.empty_like(theta)
        self._layers, self._into = network.layers(self.trainer.theta), network.layers(self._gradient)
        keep_freed_memory()
        self._dust = True  # whether to look for numbers that are nearly 0, which takes time

    def learn(self, x: Array, target: Array) -> DeepLossAndGradient:
        """One step; what the batch said before it. The next step writes over the gradient."""
        return result_of(self.learning(x, target))

    def learning(self, x: Array, target: Array) -> Pieces[DeepLossAndGradient]:
        """`learn`, with pauses between the layers of a large network."""
        network, dust, pause = self.network, self._dust, self.network.pause(len(x))
        forward = yield from network.forward_pieces(self._layers, x, None, dust, pause)
        loss, d_logits = sigmoid_cross_entropy(forward.logits, target)
        felt = yield from network.backward(self._layers, d_logits, forward, self._into, dust, pause)
        if pause <= network.depth:
            yield WORKING
        self.trainer.step(self._gradient if self.clip is None else self.clip(self._gradient))
        if pause <= network.depth:
            yield WORKING
        self.running = network.remember(self.running, forward)
        faint = self._faint(forward.hidden[-1].a, felt[0], d_logits)
        self._dust = network.activation not in STRAIGHT or faint
        return DeepLossAndGradient(loss, forward, self._gradient, felt)

    @staticmethod
    def _faint(*ends: Array) -> bool:
        """Whether what has gone through all layers has become so small that the next may be nearly 0."""
        return not all(np.vdot(values, values) > 1e-16 for values in ends)
