"""Feature maps before the fully connected layers: what a convolutional network hands over.

    picture x → maps z = f∗x + c → a = φ(z) → pooled maps h → flattened into one vector v → fully connected
    v = (all of h₁, all of h₂, …): map after map, and in each map row after row

f are the filters, ∗ is the convolution, c a bias for each map, φ the activation function
(`engine.networks.convolution` and `pooling` have the two steps).

The fully connected layers know nothing of pictures: they are given the vector v, and multiply each entry by
a weight. But entry n of v is always the same place of the same map, so the weights of a neuron can be drawn
as one picture per map, and its sum can be split into what each map contributes:

    z_i = b_i + Σ_n W[n, i]·v[n] = b_i + Σ_maps (Σ_places W·h)

z_i is the sum of neuron i, b_i its bias, and W[n, i] its weight for entry n. The filters are learnt, with
φ = ReLU, or fixed edge filters, with φ(z) = |z|. All parameters are in one vector θ = (F, c, W₁, b₁, …): F
has the filters as rows, W₁ and b₁ are the weights and biases of the first fully connected layer. Fixed
filters are no parameters. L is the loss; the backward pass goes on where that of the fully connected layers
ends, with ∂L/∂v.

Reference: LeCun et al., "Gradient-based learning applied to document recognition" (1998).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array, d_relu, relu
from engine.networks.convolution import ConvolutionCache, Filters, convolve, d_convolve
from engine.networks.edge_filters import DIRECTIONS, edge_filters
from engine.networks.hidden_layer import LayerParameters
from engine.networks.initializers import INITIALIZERS
from engine.networks.layers import d_activate, d_linear_input
from engine.networks.layout import ParameterLayout
from engine.networks.network import Forward, Network, cross_entropy
from engine.networks.pooling import POOLINGS, PoolingCache
from engine.optimizers.matrices import Matrices, places_of


class MapsCache(NamedTuple):
    """The results for a batch, from pictures to vectors."""

    z: Array  # [batch, maps, rows, columns], the results of the filters
    a: Array  # the same, after φ
    pooled: Array  # h[batch, maps, rows/w, columns/w]
    convolution: ConvolutionCache
    pooling: PoolingCache

    @property
    def flat(self) -> Array:
        """v[batch, maps·rows/w·columns/w]."""
        return self.pooled.reshape(len(self.pooled), -1)


@dataclass(frozen=True)
class FilterBank:
    """Filters that are moved over pictures of one channel, and the pooling after them.

    With `edges`, a name of `edge_filters`, they are fixed; otherwise `count` filters of k × k are learnt.
    """

    shape: tuple[int, int]  # rows and columns of a picture
    pooling: str
    window: int  # w of the pooling
    count: int = DIRECTIONS  # maps
    side: int = 3  # k
    edges: str = ""

    @cached_property
    def layout(self) -> ParameterLayout:
        """F[maps, k·k] and c[maps], if they are learnt."""
        learnt = {"filters": (self.count, self.side**2), "c": (self.count,)}
        return ParameterLayout({} if self.edges else learnt)

    @property
    def parameters(self) -> int:
        """How many parameters there are: (k·k + 1)·maps, or none."""
        return 0 if self.edges else (self.side**2 + 1) * self.count

    @property
    def maps_shape(self) -> tuple[int, int, int]:
        """The numbers of maps, rows and columns after the pooling."""
        return self.count, self.shape[0] // self.window, self.shape[1] // self.window

    def filters(self, theta: Array) -> Filters:
        """The filters, as views into θ where they are learnt."""
        if self.edges:
            return Filters(edge_filters(self.edges).astype(theta.dtype), np.zeros(self.count, theta.dtype))
        return Filters(*self.layout.views(theta))

    def maps(self, theta: Array, x: Array) -> MapsCache:
        """The maps of pictures x[batch, rows·columns], up to the vectors for the fully connected layers."""
        z, convolution = convolve(x.reshape(-1, 1, *self.shape), self.filters(theta))
        a = np.abs(z) if self.edges else relu(z)
        pooled, pooling = POOLINGS[self.pooling].pool(a, self.window)
        return MapsCache(z, a, pooled, convolution, pooling)

    def backward(self, d_flat: Array, maps: MapsCache, into: Filters) -> None:
        """Write ∂L/∂F and ∂L/∂c into `into`, from ∂L/∂v[batch, entries]."""
        d_a = POOLINGS[self.pooling].d_pool(d_flat.reshape(maps.pooled.shape), maps.pooling)
        d_convolve(d_a * d_relu(maps.z), maps.convolution, out=into)


class FeatureForward(NamedTuple):
    """A forward pass: the maps, and the results of the fully connected layers."""

    maps: MapsCache
    head: Forward

    @property
    def logits(self) -> Array:
        """[batch, classes]."""
        return self.head.logits


class FeatureGradient(NamedTuple):
    """The mean cross-entropy of a batch, and the gradient of cross-entropy + weight decay."""

    loss: float
    gradient: Array  # ∂L/∂θ
    forward: FeatureForward

    @property
    def logits(self) -> Array:
        """[batch, classes]."""
        return self.forward.logits


@dataclass(frozen=True)
class FeatureNetwork:
    """A bank of filters, and fully connected layers (the *head*) after it."""

    bank: FilterBank
    head: Network  # without normalisation; its inputs are the entries of the flattened maps

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return self.bank.parameters + self.head.count

    @property
    def matrices(self) -> Matrices:
        """Where the filters are in θ, as one matrix [k·k, maps], and the weights of each layer, [in, out]."""
        filters, head = self.parts(np.arange(float(self.count)))
        learnt = {} if self.bank.edges else {"F": self.bank.filters(filters).weights.T}
        layers = enumerate(self.head.layers(head), start=1)
        return places_of({**learnt, **{f"W_{{{k}}}": layer.weights for k, layer in layers}})

    def parts(self, theta: Array) -> tuple[Array, Array]:
        """θ of the filters and θ of the head, as views."""
        return theta[: self.bank.parameters], theta[self.bank.parameters :]

    def layers(self, theta: Array) -> list[LayerParameters]:
        """The parameters of the fully connected layers, as views into θ."""
        return self.head.layers(self.parts(theta)[1])

    def start(
        self,
        rng: np.random.Generator,
        initializer: str = "he_normal",
        dtype: type[np.floating] = np.float32,
    ) -> Array:
        """A first θ; a filter is drawn like a neuron with k·k inputs, biases are 0."""
        theta = np.zeros(self.count, dtype)
        filters, head = self.parts(theta)
        if not self.bank.edges:
            drawn = INITIALIZERS[initializer].draw(rng, self.bank.side**2, self.bank.count)
            self.bank.filters(filters).weights[...] = drawn.T
        head[...] = self.head.start(rng, initializer, dtype)
        return theta

    def forward(self, theta: Array, x: Array) -> FeatureForward:
        """The maps and the logits of pictures x[batch, rows·columns]."""
        filters, head = self.parts(theta)
        maps = self.bank.maps(filters, x)
        return FeatureForward(maps, self.head.forward(head, maps.flat))

    def loss(self, theta: Array, x: Array, target: Array) -> float:
        """The mean cross-entropy of pictures."""
        return cross_entropy(self.forward(theta, x).logits, target)[0]

    def loss_and_gradient(
        self, theta: Array, x: Array, target: Array, weight_decay: float = 0.0
    ) -> FeatureGradient:
        """The mean cross-entropy of a batch, and the gradient of cross-entropy + ½λ·Σw².

        λ is the weight decay, and the sum is over all weights w, without the biases.
        """
        forward, gradient = self.forward(theta, x), np.empty(self.count, theta.dtype)
        loss, d_logits = cross_entropy(forward.logits, target)
        filters, head = self.parts(gradient)
        d_activations = self.head.backward(d_logits, forward.head, self.head.layers(head))
        if not self.bank.edges:
            into = self.bank.filters(filters)
            self.bank.backward(d_flat(d_logits, forward.head, d_activations), forward.maps, into)
        if weight_decay:
            for d_weights, weights in zip(self.weights(gradient), self.weights(theta), strict=True):
                d_weights += weight_decay * weights
        return FeatureGradient(loss, gradient, forward)

    def weights(self, theta: Array) -> list[Array]:
        """All weights on which weight decay acts: filters and fully connected layers, without biases."""
        filters, head = self.parts(theta)
        learnt = [] if self.bank.edges else [self.bank.filters(filters).weights]
        return [*learnt, *(layer.weights for layer in self.head.layers(head))]

    def penalty(self, theta: Array, weight_decay: float) -> float:
        """What weight decay adds to the loss: ½λ·Σw²."""
        return 0.5 * weight_decay * sum(float(np.vdot(w, w)) for w in self.weights(theta))

    def sides(self, theta: Array, x: Array) -> NDArray[np.intp]:
        """On which side of its kinks the filters are: where z > 0, and which entry of a window is largest."""
        maps = self.bank.maps(self.parts(theta)[0], x)
        largest = [] if maps.pooling.largest is None else [maps.pooling.largest.ravel()]
        return np.concatenate([(maps.z > 0).ravel().astype(np.intp), *largest])


def d_flat(d_logits: Array, forward: Forward, d_activations: list[Array]) -> Array:
    """∂L/∂v, the input of the fully connected layers; `d_activations` are from their backward pass."""
    if not forward.hidden:
        return d_linear_input(d_logits, forward.last)
    first = forward.hidden[0]
    return d_linear_input(d_activate(d_activations[0], first.activation), first.linear)
