"""The details of a snapshot of *Gradients ▸ Deep network*, in float64, which can hold numbers like 1e−300.

When is a gradient called vanishing? What counts is the ratio r of the first hidden layer's gradient to the
last one's, ‖∂L/∂a₁‖ / ‖∂L/∂a_L‖:

    healthy      0.1 ≤ r ≤ 10
    uneven       up to a hundred times further
    vanishing    r < 0.001        exploding    r > 1000

The limits are a convention; two experiments tell where those for small r may lie. Glorot and Bengio trained
five layers of tanh with weights of variance 1/(3n), n units in a layer. These multiply the gradient by about
1/√3 from layer to layer, so r ≈ 1/9. On pictures of shapes 27.15 % of the answers were wrong, and 15.60 %
with r near 1; on MNIST, CIFAR-10 and small ImageNet the difference was at most 3 percentage points (table
1). He and others trained ReLU layers with Xavier's weights, a factor of 1/√2 each. A network of 22 layers,
21 of them hidden (r ≈ 2⁻¹⁰), began to learn later, but converged; one of 30 (2⁻¹⁴) did not learn. Neither
paper gives r: it follows from the weights. The limits for large r are the inverse ones.

The networks of this page say the same. With ReLU, seed 0 and 600 steps of gradient descent, η = 0.03, the
loss falls to 0.002 where r is 1.3 at the start (He, 12 layers), to 0.5 where it is 0.03 (Xavier, 12 layers),
and stays at ln 2 where it is 0.0005 (Xavier, 22 layers).

References: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks",
AISTATS 2010; He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2.
"""

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.data.training_data import TrainingData
from engine.experiments.gradients.deep_network_chain import FactorChain, chain, rms
from engine.experiments.gradients.deep_network_config import DeepConfig
from engine.experiments.gradients.deep_network_snapshot import DeepSnapshot, Vector, network_of, next_batch
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.clipping import norm
from engine.networks.hidden_layer import LayerCache
from engine.networks.network import LossAndGradient
from engine.optimizers.trainer import SMALL_GRADIENT
from engine.pieces import WORKING, Pieces

VANISHING, SMALL, LARGE, EXPLODING = 1e-3, 0.1, 10.0, 1e3  # limits of r; it is healthy from SMALL to LARGE
BINS = 40
LOOK_BUDGET = 1e9  # multiplications of one look, about 50 ms: of a larger batch only the first rows are used
CHECKED_ROWS, CHECK_BUDGET = 16, 4e8  # examples, and multiplications, for a gradient check


class Verdict(NamedTuple):
    """Vanishing or exploding, from the ratio of the first layer's gradient to the last layer's."""

    kind: str  # "healthy", "uneven", "vanishing", "exploding", "none" (0 everywhere) or "infinite"
    ratio: float  # ‖∂L/∂a₁‖ / ‖∂L/∂a_L‖


class ActivationSpread(NamedTuple):
    """The histogram of a layer's activations."""

    edges: Vector  # [BINS + 1]
    counts: NDArray[np.intp]  # [BINS]


class NetworkLook(NamedTuple):
    """A network on the next batch."""

    loss: float
    d_activations: Vector  # [L], ‖∂L/∂aₖ‖ over the batch
    d_weights: Vector  # [L], ‖∂L/∂Wₖ‖
    slopes: Vector  # [L], the root mean square of φ′
    spreads: tuple[ActivationSpread, ...]  # [L]
    flushed: int  # in how many layers float32 training sets the whole gradient to 0
    verdict: Verdict


def look(config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str) -> NetworkLook:
    """Forward and backward pass of the next batch through a network, without a step."""
    theta = snapshot.networks[which].theta.astype(np.float64)
    network = network_of(config, which)
    at_most = max(16, int(LOOK_BUDGET / (3 * network.count)))
    with np.errstate(all="ignore"):
        found = network.loss_and_gradient(theta, *next_batch(data, snapshot, at_most))
        norms = np.array([norm(d_a) for d_a in found.d_activations])
        d_weights = np.array([norm(d.weights) for d in network.layers(found.gradient)[:-1]])
        hidden = found.forward.hidden
        slopes = np.array([rms(cache.slope) for cache in hidden])
        return NetworkLook(
            found.loss, norms, d_weights, slopes, _spreads(hidden), _flushed(found), verdict(norms)
        )


def verdict(norms: Vector) -> Verdict:
    """The verdict on gradient norms, ordered from the first layer to the last."""
    first, last = float(norms[0]), float(norms[-1])
    if not np.isfinite(norms).all():
        return Verdict("infinite", inf)
    if last == 0.0:
        return Verdict("none", 0.0)
    ratio = first / last
    if ratio < VANISHING or ratio > EXPLODING:
        return Verdict("vanishing" if ratio < 1.0 else "exploding", ratio)
    return Verdict("healthy" if SMALL <= ratio <= LARGE else "uneven", ratio)


def _flushed(found: LossAndGradient) -> int:
    """The number of layers in which float32 training sets all entries of ∂L/∂z to 0."""
    largest = [
        float(np.max(np.abs(d_a * cache.slope)))
        for d_a, cache in zip(found.d_activations, found.forward.hidden, strict=True)
    ]
    return sum(value < SMALL_GRADIENT for value in largest)


def _spreads(hidden: list[LayerCache]) -> tuple[ActivationSpread, ...]:
    """Histograms with the same axis for all layers; it contains all but a few values."""
    values = np.array([np.where(np.isfinite(cache.a), cache.a, 0.0).ravel() for cache in hidden])
    lowest, highest = np.quantile(values, (0.005, 0.995), axis=1)
    low, high = min(float(lowest.min()), 0.0), max(float(highest.max()), 0.0)
    if not high - low > 1e-300:
        low, high = -1.0, 1.0
    edges = np.linspace(low, high, BINS + 1)
    return tuple(ActivationSpread(edges, np.histogram(np.clip(a, low, high), edges)[0]) for a in values)


class DeepInspection(NamedTuple):
    """All details of the networks after a step."""

    snapshot: DeepSnapshot
    looks: dict[str, NetworkLook]
    row: int  # the example of the chains
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
) -> Pieces[DeepInspection]:
    """`look` and `chain` for each network, and `look` for those of pinned runs."""
    looks, chains, of_pinned = (yield from look_all(config, data, snapshot)), {}, []
    for which in config.networks:
        chains[which] = chain(config, data, snapshot, which, row, bound)
        yield WORKING
    for other in pinned:
        of_pinned.append((yield from look_all(*other)))
    return DeepInspection(snapshot, looks, row, bound, chains, tuple(of_pinned))


def look_all(
    config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot
) -> Pieces[dict[str, NetworkLook]]:
    """`look` for each network, one after the other."""
    looks = {}
    for which in config.networks:
        looks[which] = look(config, data, snapshot, which)
        yield WORKING
    return looks


def arrays(config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot) -> dict[str, Any]:
    """By name, of each network: its layers, their gradient on the next batch, ∂L/∂a of every layer."""
    found: dict[str, Any] = {}
    for which, state in snapshot.networks.items():
        network, theta = network_of(config, which), state.theta.astype(np.float64)
        with np.errstate(all="ignore"):  # the last snapshot of a diverged run
            result = network.loss_and_gradient(theta, *next_batch(data, snapshot))
        found[which] = {
            "layer": network.layers(state.theta),
            "gradient": {"layer": network.layers(result.gradient)},
            "d_activations": result.d_activations,
        }
    return found


def check(config: DeepConfig, data: TrainingData, snapshot: DeepSnapshot, which: str) -> GradientCheck:
    """Compare a network's gradient with finite differences, in float64, on 16 examples, in about 0.1 s."""
    network, (x, target) = network_of(config, which), next_batch(data, snapshot, CHECKED_ROWS)
    theta = snapshot.networks[which].theta.astype(np.float64)

    def sides(vector: Vector) -> NDArray[np.bool_]:
        hidden = network.forward(vector, x).hidden
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
