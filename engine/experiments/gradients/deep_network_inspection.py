"""What a snapshot of *Gradients ▸ Deep network* shows, in float64: there 1e−300 is still a number."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, Array
from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_config import DeepConfig, batch_of
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import norm
from engine.networks.deep_network import DeepLossAndGradient, DeepNetwork, LayerCache, LayerParameters
from engine.networks.normalization import NormalizationCache, Statistics
from engine.optimizers.trainer import SMALL_GRADIENT
from engine.pieces import WORKING, Pieces

Vector = NDArray[np.float64]
VANISHING, EXPLODING = 1e-3, 1e3  # ‖∂L/∂a₁‖ / ‖∂L/∂a_L‖ beyond which the gradient is said to be so
BINS = 40
LOOK_BUDGET = 1e9  # multiplications of one look, about 50 ms: of a larger batch the first rows are taken
CHECKED_ROWS, CHECK_BUDGET = 16, 4e8  # examples, and multiplications, for a gradient check


@dataclass(frozen=True, slots=True)
class NetworkState:
    """One network after a step."""

    theta: Array  # float32 [parameters]
    running: list[Statistics] | None  # for batch normalisation
    ended: int | None  # the step at which its numbers left the finite


@dataclass(frozen=True, slots=True)
class DeepSnapshot:
    """The networks after a step. Nobody writes to its arrays."""

    networks: dict[str, NetworkState]
    rows: NDArray[np.intp]  # the batch that comes next


class Verdict(NamedTuple):
    """Vanishing or exploding, from the first layer's share of the last layer's gradient."""

    kind: str  # "healthy", "vanishing", "exploding", "none" (0 everywhere) or "infinite"
    ratio: float  # ‖∂L/∂a₁‖ / ‖∂L/∂a_L‖


class ActivationSpread(NamedTuple):
    """How the activations of a layer are spread."""

    edges: Vector  # [BINS + 1]
    counts: NDArray[np.intp]  # [BINS]


class NetworkLook(NamedTuple):
    """A network and the batch that comes next."""

    loss: float
    d_activations: Vector  # [L], ‖∂L/∂aₖ‖ over the batch
    d_weights: Vector  # [L], ‖∂L/∂Wₖ‖
    slopes: Vector  # [L], the root mean square of φ′
    spreads: tuple[ActivationSpread, ...]  # [L]
    flushed: int  # in how many layers float32 training sets the whole gradient to 0
    verdict: Verdict


class FactorChain(NamedTuple):
    """The gradient of one example on its way back, factor by factor.

    Entry k is about hidden layer k + 1. `weights`, `slopes`, `stretches` and `factors` tell what layer k + 1
    does to the gradient that passes it downwards; `product` is what they would leave of the last layer's
    gradient at ∂L/∂aₖ₊₁, and `actual` what there is. So product[L−1] = actual[L−1].
    """

    weights: Vector  # [L], ‖W‖
    slopes: Vector  # [L], of φ
    stretches: Vector  # [L], γ/√(σ² + ε) of the normalisation; 1 without
    factors: Vector  # [L], their product; past a residual link 1 is added
    product: Vector  # [L]
    actual: Vector  # [L], ‖∂L/∂aₖ‖


def network_of(config: DeepConfig, which: str) -> DeepNetwork:
    """The shape of network "a" or "b"."""
    return config.networks[which].network(config.depth, config.width)


def _batch(data: TrainingData, snapshot: DeepSnapshot, at_most: int | None = None) -> tuple[Vector, Vector]:
    return _doubled(data, snapshot.rows[:at_most])


def _doubled(data: TrainingData, rows: NDArray[np.intp]) -> tuple[Vector, Vector]:
    x, target = batch_of(data, rows)
    return x.astype(np.float64), target.astype(np.float64)


def look(config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str) -> NetworkLook:
    """Send the next batch through a network and its gradient back, without learning from it."""
    theta = snapshot.networks[which].theta.astype(np.float64)
    network = network_of(config, which)
    at_most = max(16, int(LOOK_BUDGET / (3 * network.count)))
    with np.errstate(all="ignore"):
        said = network.loss_and_gradient(theta, *_batch(data, snapshot, at_most))
        felt = np.array([norm(d_a) for d_a in said.d_activations])
        d_weights = np.array([norm(d.weights) for d in network.layers(said.gradient)[:-1]])
        hidden = said.forward.hidden
        slopes = np.array([_rms(cache.slope) for cache in hidden])
        return NetworkLook(
            said.loss, felt, d_weights, slopes, _spreads(hidden), _flushed(said), verdict(felt)
        )


def verdict(felt: Vector) -> Verdict:
    """Judge gradient norms, from the first layer's to the last one's."""
    first, last = float(felt[0]), float(felt[-1])
    if not np.isfinite(felt).all():
        return Verdict("infinite", inf)
    if last == 0.0:
        return Verdict("none", 0.0)
    ratio = first / last
    return Verdict(
        "vanishing" if ratio < VANISHING else "exploding" if ratio > EXPLODING else "healthy", ratio
    )


def _flushed(said: DeepLossAndGradient) -> int:
    """Layers where no entry of ∂L/∂z reaches what float32 training takes for 0."""
    largest = [
        float(np.max(np.abs(d_a * cache.slope)))
        for d_a, cache in zip(said.d_activations, said.forward.hidden, strict=True)
    ]
    return sum(value < SMALL_GRADIENT for value in largest)


def _spreads(hidden: list[LayerCache]) -> tuple[ActivationSpread, ...]:
    """Histograms over one axis for all layers: it holds all but a few of the values."""
    values = [np.where(np.isfinite(cache.a), cache.a, 0.0).ravel() for cache in hidden]
    low = min(float(np.quantile(a, 0.005)) for a in values)
    high = max(float(np.quantile(a, 0.995)) for a in values)
    low, high = min(low, 0.0), max(high, 0.0)
    if not high - low > 1e-300:
        low, high = -1.0, 1.0
    edges = np.linspace(low, high, BINS + 1)
    return tuple(ActivationSpread(edges, np.histogram(np.clip(a, low, high), edges)[0]) for a in values)


# Everything that is looked at


class Inside(NamedTuple):
    """The networks after a step, looked into."""

    snapshot: DeepSnapshot
    looks: dict[str, NetworkLook]
    row: int  # the example that the chains are of
    bound: bool  # whether their factors are upper bounds
    chains: dict[str, FactorChain]
    pinned: tuple[dict[str, NetworkLook], ...]  # of each pinned run


def inspect(
    config: DeepConfig,
    data: TrainingData,
    snapshot: DeepSnapshot,
    row: int,
    bound: bool,
    *pinned: tuple[DeepConfig, TrainingData, DeepSnapshot],
) -> Pieces[Inside]:
    """`look` and `chain` with each network, and `look` with those of pinned runs."""
    looks, chains, behind = (yield from look_all(config, data, snapshot)), {}, []
    for which in config.networks:
        chains[which] = chain(config, data, snapshot, which, row, bound)
        yield WORKING
    for other in pinned:
        behind.append((yield from look_all(*other)))
    return Inside(snapshot, looks, row, bound, chains, tuple(behind))


def look_all(
    config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot
) -> Pieces[dict[str, NetworkLook]]:
    """`look` with each network, one after the other."""
    looks = {}
    for which in config.networks:
        looks[which] = look(config, data, snapshot, which)
        yield WORKING
    return looks


# One example


def chain(
    config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str, row: int, bound: bool
) -> FactorChain:
    """Follow the gradient of one example (a row of the data) back through a network.

    Typical: ‖W‖ is ‖W‖_F/√n_out and a slope the root mean square of φ′, by which a gradient that lies anyhow
    grows on average. With `bound`: ‖W‖ is the largest singular value and a slope the largest |φ′|, so that
    the product is never below the gradient there is. Batch normalisation is given the statistics of the
    batch, which then do not depend on the example.
    """
    theta = snapshot.networks[which].theta.astype(np.float64)
    network, layers = network_of(config, which), []
    with np.errstate(all="ignore"):
        layers = network.layers(theta)
        given = None
        if network.normalization == "batch":
            whole = network.forward(layers, _batch(data, snapshot)[0])
            given = [cache.statistics for cache in whole.hidden if cache.statistics is not None]
        said = network.loss_and_gradient(theta, *_doubled(data, np.array([row])), given)
        actual = np.array([norm(d_a) for d_a in said.d_activations])
        return _factored(layers, said.forward.hidden, actual, network.residual, bound)


def _factored(
    layers: list[LayerParameters], hidden: list[LayerCache], actual: Vector, residual: bool, bound: bool
) -> FactorChain:
    size = _largest if bound else _rms
    weights = np.array([_stretch_of(layer.weights, bound) for layer in layers[:-1]])
    slopes = np.array([size(cache.slope) for cache in hidden])
    stretches = np.array([_normalizing(cache.normalization, bound) for cache in hidden])
    factors = weights * slopes * stretches
    if residual:  # at worst both ways add up; lying anyhow, they are at right angles
        factors[1:] = 1.0 + factors[1:] if bound else np.hypot(1.0, factors[1:])
    product = actual[-1] * np.append(np.cumprod(factors[:0:-1])[::-1], 1.0)
    return FactorChain(weights, slopes, stretches, factors, product, actual)


def _stretch_of(weights: Array, bound: bool) -> float:
    """By how much a vector of the layer above grows on its way down through Wᵀ."""
    if not np.isfinite(weights).all():
        return inf
    if bound:
        small = weights.T @ weights if weights.shape[1] <= weights.shape[0] else weights @ weights.T
        return float(max(np.linalg.eigvalsh(small)[-1], 0.0) ** 0.5)  # quicker than all singular values
    return float(norm(weights) / weights.shape[1] ** 0.5)


def _normalizing(cache: NormalizationCache | None, bound: bool) -> float:
    if cache is None:
        return 1.0
    stretch = cache.scale * cache.stretch
    return _largest(stretch) if bound else _rms(stretch)


def _rms(values: Array) -> float:
    return float(norm(values) / values.size**0.5)


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values)))


def check(config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str) -> GradientCheck:
    """Compare a network's gradient with differences, in float64: 16 examples, and weights for 0.1 s."""
    network, (x, target) = network_of(config, which), _batch(data, snapshot, CHECKED_ROWS)
    theta = snapshot.networks[which].theta.astype(np.float64)

    def sides(vector: Vector) -> NDArray[np.bool_]:
        hidden = network.forward(network.layers(vector), x).hidden
        return np.concatenate([cache.z.ravel() > 0 for cache in hidden])

    kinked = ACTIVATIONS[config.networks[which].activation].kinked
    at_most = min(max(int(CHECK_BUDGET / (8 * len(x) * network.count)), 5), 100)
    with np.errstate(all="ignore"):
        gradient = network.loss_and_gradient(theta, x, target).gradient
        return check_gradient(
            lambda vector: network.loss(vector, x, target),
            gradient,
            theta,
            at_most=at_most,
            seed=config.seed,
            sides=sides if kinked else None,
        )
