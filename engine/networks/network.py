"""A fully connected network: layer after layer, each a weighted sum and a nonlinearity φ.

    a₀ = x      zₖ = aₖ₋₁·Wₖ + bₖ      aₖ = φ(zₖ)      logits = the last z, without φ
    with normalisation                                zₖ = γₖ∘norm(aₖ₋₁·Wₖ) + βₖ        (∘ entry by entry)
    with residual links, from the second layer on     aₖ = φ(zₖ) + aₖ₋₁

The backward pass (*back-propagation*) is the chain rule, from the last layer to the first: each layer gets
∂L/∂output from the layer after it, and gives ∂L/∂input to the layer before it.

    ∂L/∂aₖ₋₁ = (∂L/∂aₖ ∘ φ′(zₖ))·Wₖᵀ          (+ ∂L/∂aₖ with residual links)

All parameters are in one flat vector θ = (W₁, b₁, W₂, b₂, …) (see `layout`); a normalised layer has
(Wₖ, βₖ, γₖ), where β replaces b. Everything is computed in the precision of θ.

References: Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors" (1986); He et
al., "Deep Residual Learning" (2015).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.losses.fused_losses import sigmoid_cross_entropy, softmax_cross_entropy
from engine.networks.hidden_layer import LayerCache, LayerParameters, d_hidden_layer, hidden_layer
from engine.networks.initializers import INITIALIZERS
from engine.networks.layers import LinearCache, d_linear, d_linear_input, linear
from engine.networks.layout import ParameterLayout
from engine.networks.normalization import Statistics
from engine.optimizers.matrices import Matrices, places_of
from engine.pieces import WORKING, Pieces, result_of

WIDE = 64  # units from which on there is a pause after drawing the weights of a layer
Draw = Callable[[np.random.Generator, int, int], Array]


class Forward(NamedTuple):
    """The result of a forward pass: the logits, and the caches of the hidden layers and of the last one."""

    logits: Array  # [batch, out]
    hidden: list[LayerCache]
    last: LinearCache


class LossAndGradient(NamedTuple):
    """The mean cross-entropy of a batch, the gradient of cross-entropy + weight decay, and both passes."""

    loss: float
    gradient: Array  # ∂L/∂θ
    forward: Forward
    d_activations: list[Array]  # ∂L/∂aₖ[batch, width] of each hidden layer, the first first

    @property
    def logits(self) -> Array:
        """[batch, out]."""
        return self.forward.logits


def accuracy(logits: Array, labels: NDArray[np.intp]) -> float:
    """The fraction of rows of logits[batch, classes] in which the true class has the largest logit.

    A row with NaN or ∞ counts as wrong; `argmax` alone would take NaN as the largest.
    """
    right = (logits.argmax(axis=1) == labels) & np.isfinite(logits).all(axis=1)
    return float(np.count_nonzero(right) / len(labels))


@dataclass(frozen=True)
class Network:
    """The shape of a network: `sizes` = (inputs, hidden …, outputs), and what its hidden layers do.

    Residual links need hidden layers of one width.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    normalization: str = "none"  # or "batch" or "layer"
    residual: bool = False

    @property
    def depth(self) -> int:
        """How many hidden layers there are."""
        return len(self.sizes) - 2

    @cached_property
    def _layout(self) -> ParameterLayout:
        """W, b (or β) and, in a normalised layer, γ of one layer after the other."""
        shapes: dict[str, tuple[int, ...]] = {}
        for k, (n_in, n_out) in enumerate(pairwise(self.sizes)):
            shapes |= {f"weights.{k}": (n_in, n_out), f"bias.{k}": (n_out,)}
            if self.normalization != "none" and k < self.depth:
                shapes[f"scale.{k}"] = (n_out,)
        return ParameterLayout(shapes)

    @property
    def count(self) -> int:
        """How many parameters there are: Σ (n_in + 1)·n_out, and γ."""
        return self._layout.count

    def layers(self, theta: Array) -> list[LayerParameters]:
        """The parameters of each layer, the output layer last, as views into θ."""
        views = self._layout.views(theta)
        each = 2 if self.normalization == "none" else 3
        hidden = [LayerParameters(*views[k : k + each]) for k in range(0, each * self.depth, each)]
        return [*hidden, LayerParameters(*views[-2:])]

    @cached_property
    def matrices(self) -> Matrices:
        """Where the weights of each layer are in θ, as matrices [in, out]."""
        layers = self.layers(np.arange(float(self.count)))
        return places_of({f"W_{{{k}}}": layer.weights for k, layer in enumerate(layers, start=1)})

    def start(
        self,
        rng: np.random.Generator,
        initializer: str | Draw = "he_normal",
        dtype: type[np.floating] = np.float32,
    ) -> Array:
        """Return a first θ: weights drawn by an initializer, or by `draw(rng, in, out)`; biases 0, γ 1."""
        return result_of(self.starting(rng, initializer, dtype))

    def starting(
        self,
        rng: np.random.Generator,
        initializer: str | Draw = "he_normal",
        dtype: type[np.floating] = np.float32,
    ) -> Pieces[Array]:
        """`start`, with a pause after each wide layer."""
        draw = INITIALIZERS[initializer].draw if isinstance(initializer, str) else initializer
        theta = np.zeros(self.count, dtype)
        for weights, _, scale in self.layers(theta):
            weights[...] = draw(rng, *weights.shape)
            if scale is not None:
                scale[...] = 1.0
            if max(self.sizes[1:-1], default=0) >= WIDE:
                yield WORKING
        return theta

    # Forward

    def forward(self, theta: Array, x: Array, given: list[Statistics] | None = None) -> Forward:
        """Logits[batch, out] of x[batch, in], and what the backward pass needs.

        Batch normalisation uses the statistics of this batch, or those that are `given`, one per layer.
        """
        return result_of(self.forward_pieces(self.layers(theta), x, given))

    def forward_pieces(
        self,
        layers: list[LayerParameters],
        x: Array,
        given: list[Statistics] | None = None,
        flush: bool = False,
        pause: int = 0,
    ) -> Pieces[Forward]:
        """`forward`, with a pause after every so many layers; with `flush` tiny activations become 0."""
        *hidden, last = layers
        caches: list[LayerCache] = []
        phi, residual = ACTIVATIONS[self.activation], self.residual
        for k, layer in enumerate(hidden):
            own = given[k] if given else None
            caches.append(hidden_layer(x, layer, phi, self.normalization, own, residual and k > 0, flush))
            x = caches[-1].a
            if pause and k % pause == pause - 1:
                yield WORKING
        logits, cache = linear(x, last.linear)
        return Forward(logits, caches, cache)

    # Backward

    def backward(self, d_logits: Array, forward: Forward, into: list[LayerParameters]) -> list[Array]:
        """∂L/∂a of every hidden layer from ∂L/∂logits; the gradient is written into `into`."""
        d_activations: list[Array] = []  # from the last hidden layer to the first
        d_y, above = d_logits, forward.last  # above: the layer whose input is the `a` of layer k
        d_linear(d_y, above, out=into[-1].linear)
        for k in range(self.depth - 1, -1, -1):
            cache, d_a_above = forward.hidden[k], d_activations[-1:]  # empty for the last hidden layer
            d_a = d_linear_input(d_y, above)
            if self.residual and d_a_above:
                d_a += d_a_above[0]
            d_activations.append(d_a)
            d_y, above = d_hidden_layer(d_a, cache, into[k]), cache.linear
        return d_activations[::-1]

    def loss(self, theta: Array, x: Array, target: Array, given: list[Statistics] | None = None) -> float:
        """Mean cross-entropy of x[batch, in]: see `cross_entropy`."""
        return cross_entropy(self.forward(theta, x, given).logits, target)[0]

    def loss_and_gradient(
        self,
        theta: Array,
        x: Array,
        target: Array,
        weight_decay: float = 0.0,
        given: list[Statistics] | None = None,
    ) -> LossAndGradient:
        """Mean cross-entropy of a batch, and the gradient of cross-entropy + ½λ·Σw².

        `target` is as in `cross_entropy`. Weight decay λ acts on W, not on b.
        """
        layers, gradient = self.layers(theta), np.empty(self.count, theta.dtype)
        into, forward = self.layers(gradient), result_of(self.forward_pieces(layers, x, given))
        loss, d_logits = cross_entropy(forward.logits, target)
        d_activations = self.backward(d_logits, forward, into)
        if weight_decay:
            for d_layer, layer in zip(into, layers, strict=True):
                d_layer.weights[...] += weight_decay * layer.weights
        return LossAndGradient(loss, gradient, forward, d_activations)

    def penalty(self, theta: Array, weight_decay: float) -> float:
        """What weight decay adds to the loss: ½λ·Σw²."""
        return 0.5 * weight_decay * sum(float(np.vdot(w, w)) for w, *_ in self.layers(theta))


def cross_entropy(logits: Array, target: Array) -> tuple[float, Array]:
    """The mean over a batch, and its gradient.

    `target` has the shape of the logits: distributions, or for a single output the probability of class 1.
    """
    one = logits.shape[-1] == 1
    return sigmoid_cross_entropy(logits, target) if one else softmax_cross_entropy(logits, target)
