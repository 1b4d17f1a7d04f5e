"""Training a deep network: many equal layers, and a gradient that must pass backward through all of them.

    zₖ = aₖ₋₁·Wₖ + bₖ,   aₖ = φ(zₖ)            k = 1 … L, the hidden layers
    ∂L/∂zₖ = (∂L/∂zₖ₊₁·Wₖ₊₁ᵀ)∘φ′(zₖ)           ∘ multiplies entry by entry

In the backward pass each layer multiplies the gradient by its own slope φ′ and its own weights, so the
gradient of the first layer is a product of L factors. If each is a little below 1, it vanishes
(0.9⁵⁰ ≈ 0.005); if each is a little above 1, it explodes (1.1⁵⁰ ≈ 117). Normalisation and residual links
prevent this.

`Network` computes all this in a readable form. This file has the same for training in float32: with pauses
between the layers; tiny numbers are set to 0 before they become subnormal and slow; and a gradient that is
too small for float32 is scaled up in the backward pass.

References: Hochreiter (1991) and Bengio, Simard & Frasconi (1994), vanishing gradients.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.networks.hidden_layer import LayerParameters, d_normalized
from engine.networks.network import (
    Forward,
    LossAndGradient,
    Network,
    cross_entropy,
)
from engine.networks.normalization import Statistics, remembered
from engine.optimizers.trainer import LearnerState, Trainer, flush_to_zero, keep_freed_memory
from engine.pieces import WORKING, Pieces, result_of

FAINT_GRADIENT = 1e-8  # gradients with no larger entry are scaled up in the backward pass
PIECE = 5e7  # multiplications between two pauses: some milliseconds
UNITS = 120  # the activation function of one unit takes as long as this many multiplications
STRAIGHT = ("relu", "leaky_relu", "identity")  # activations that do not saturate smoothly


def deep_network(
    depth: int,
    width: int,
    activation: str = "relu",
    normalization: str = "none",
    residual: bool = False,
    inputs: int = 2,
    outputs: int = 1,
) -> Network:
    """A network with `depth` hidden layers of `width` units each."""
    return Network((inputs, *[width] * depth, outputs), activation, normalization, residual)


def pause_of(network: Network, rows: int) -> int:
    """How many layers are computed between two pauses."""
    width = network.sizes[1]
    return max(1, int(PIECE // (rows * width * (width + UNITS))))


def loss_pieces(
    network: Network, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None
) -> Pieces[float]:
    """The loss of a network, with pauses."""
    layers, pause = network.layers(theta), pause_of(network, len(x))
    forward = yield from network.forward_pieces(layers, x, given, pause=pause)
    return cross_entropy(forward.logits, target)[0]


def backward_pieces(
    network: Network,
    layers: list[LayerParameters],
    d_logits: Array,
    forward: Forward,
    into: list[LayerParameters],
    flush: bool,
    pause: int,
) -> Pieces[list[Array]]:
    """`Network.backward`, with pauses.

    With `flush`, a gradient too small for float32 is computed times 2^raised, and returned in float64. The
    gradient of the weights is float32, and 0 where it is nearly 0. A sum over the rows is a product with
    ones: that is quicker.
    """
    ones, hidden = np.ones(len(d_logits), d_logits.dtype), forward.hidden
    np.dot(forward.last.x.T, d_logits, out=into[-1].weights)
    np.dot(ones, d_logits, out=into[-1].bias)  # the sum over the rows
    d_a: Array = np.dot(d_logits, layers[-1].weights.T)
    d_activations, raised = [d_a], 0
    for k in range(network.depth - 1, -1, -1):
        cache = hidden[k]
        d_z: Array = d_a * cache.slope
        lift = scale_up(d_z) if flush else 0
        raised += lift
        if flush:
            flush_to_zero(d_z)
        if cache.normalization is None:
            np.dot(ones, d_z, out=into[k].bias)
        else:
            d_z = d_normalized(d_z, cache.normalization, into[k])
        np.dot(cache.linear.x.T, d_z, out=into[k].weights)
        if raised:
            _lower(into[k], raised)
        if k > 0:
            past, d_a = d_a, np.dot(d_z, layers[k].weights.T)
            if network.residual:
                d_a, raised = np.ldexp(d_a, -lift) + past, raised - lift
            d_activations.append(np.ldexp(d_a.astype(np.float64), -raised) if raised else d_a)
        if k % pause == pause - 1:
            yield WORKING
    return d_activations[::-1]


def fresh_statistics(network: Network, dtype: type[np.floating[Any]] = np.float32) -> list[Statistics] | None:
    """Running statistics before the first batch: mean 0, variance 1. None unless they are needed."""
    if network.normalization != "batch":
        return None
    shapes = [(1, width) for width in network.sizes[1:-1]]
    return [Statistics(np.zeros(shape, dtype), np.ones(shape, dtype)) for shape in shapes]


def statistics_after(running: list[Statistics] | None, forward: Forward) -> list[Statistics] | None:
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


class DeepTrainerState(NamedTuple):
    """Everything that the training of a network needs to go on; never changed again."""

    learner: LearnerState
    running: list[Statistics] | None
    flush: bool


class DeepTrainer:
    """Trains a network batch by batch. Views into θ and into the gradient are made once."""

    def __init__(
        self, network: Network, rule: Any, theta: Array, clip: Callable[[Array], Array] | None = None
    ) -> None:
        self.network = network
        self.trainer = Trainer(rule, theta, network.matrices)
        self.clip = clip  # applied to the gradient before the step
        self.running = fresh_statistics(network)
        self._gradient = np.empty_like(theta)
        self._layers, self._into = network.layers(self.trainer.theta), network.layers(self._gradient)
        keep_freed_memory()
        self._flush = True  # whether to look for numbers that are nearly 0, which takes time

    def learn(self, x: Array, target: Array) -> LossAndGradient:
        """One step; returns loss and gradient before it. The next step overwrites the gradient."""
        return result_of(self.learning(x, target))

    def learning(self, x: Array, target: Array) -> Pieces[LossAndGradient]:
        """`learn`, with pauses between the layers of a large network."""
        network, flush, pause = self.network, self._flush, pause_of(self.network, len(x))
        forward = yield from network.forward_pieces(self._layers, x, None, flush, pause)
        loss, d_logits = cross_entropy(forward.logits, target)
        d_activations = yield from backward_pieces(
            network, self._layers, d_logits, forward, self._into, flush, pause
        )
        if pause <= network.depth:
            yield WORKING
        self.trainer.step(self._gradient if self.clip is None else self.clip(self._gradient))
        if pause <= network.depth:
            yield WORKING
        self.running = statistics_after(self.running, forward)
        faint = self._faint(forward.hidden[-1].a, d_activations[0], d_logits)
        self._flush = network.activation not in STRAIGHT or faint
        return LossAndGradient(loss, self._gradient, forward, d_activations)

    def kept(self) -> DeepTrainerState:
        """Return everything that it needs to go on."""
        return DeepTrainerState(self.trainer.kept(), self.running, self._flush)

    def go_on(self, kept: DeepTrainerState) -> None:
        """Go on from a state."""
        self.trainer.go_on(kept.learner)
        self.running, self._flush = kept.running, kept.flush

    @staticmethod
    def _faint(*ends: Array) -> bool:
        """Whether the values after all layers are so small that the next ones may be subnormal."""
        return not all(np.vdot(values, values) > 1e-16 for values in ends)
