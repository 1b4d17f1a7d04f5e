"""The feature maps of *Losses ▸ Image classifier*: of one picture, and what a neuron makes of each map."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_config import ClassifierConfig, network_of
from engine.gradient_check import GradientCheck, check_gradient
from engine.networks.feature_maps import FeatureForward, FeatureNetwork
from engine.networks.network import Network
from engine.pieces import WORKING, Pieces

PIECE = 2e6  # multiplications of a piece, some milliseconds
FILTER_ROWS = 16  # examples that a check of the filters takes
FILTER_BUDGET = 6e7  # multiplications of such a check


class MapsTrace(NamedTuple):
    """One picture on its way to the vector that is handed over."""

    filters: Array  # [maps, k, k]
    bias: Array  # [maps]
    z: Array  # [maps, rows, columns], what the filters answer
    a: Array  # the same, after φ
    pooled: Array  # [maps, rows/w, columns/w]; flattened, map after map, it is the vector


def products(network: Network | FeatureNetwork) -> int:
    """About how many multiplications the forward pass of one example takes."""
    if isinstance(network, Network):
        return network.count
    bank = network.bank
    return bank.count * bank.side**2 * bank.shape[0] * bank.shape[1] + network.head.count


def logits_in_pieces(network: Network | FeatureNetwork, theta: Array, x: Array) -> Pieces[Array]:
    """The logits of x[rows, inputs], with a pause after some rows where there are filters."""
    if isinstance(network, Network):
        return network.forward(theta, x).logits
    at_once, found = max(1, int(PIECE / products(network))), []
    for begin in range(0, max(len(x), 1), at_once):
        found.append(network.forward(theta, x[begin : begin + at_once]).logits)
        yield WORKING
    return np.concatenate(found)


def maps_of(network: FeatureNetwork, theta: Array, forward: FeatureForward) -> MapsTrace:
    """The maps of the first picture of a batch."""
    bank, maps = network.bank, forward.maps
    filters = bank.filters(network.parts(theta)[0])
    shaped = filters.weights.reshape(bank.count, bank.side, bank.side)
    return MapsTrace(shaped, filters.bias, maps.z[0], maps.a[0], maps.pooled[0])


def weight_maps(config: ClassifierConfig, data: TrainingData, theta: Array) -> Array | None:
    """W of the first fully connected layer as one picture per neuron and map: [neurons, maps, rows, columns].

    None where the layer is given the pixels.
    """
    network = network_of(config, data)
    if isinstance(network, Network):
        return None
    weights = network.layers(theta)[0].weights
    return weights.T.reshape(-1, *network.bank.maps_shape)


def contributions(weights: Array, pooled: Array) -> NDArray[np.float64]:
    """What each map adds to the sum of each neuron, Σ_places W·h: [neurons, maps].

    `weights` are [neurons, maps, rows, columns], `pooled` are [maps, rows, columns].
    """
    parts: NDArray[np.float64] = (weights.astype(np.float64) * pooled).sum(axis=(2, 3))
    return parts


def check_filters(
    network: FeatureNetwork, theta: NDArray[np.float64], x: Array, target: Array, decay: float, seed: int
) -> GradientCheck:
    """Compare ∂L/∂F and ∂L/∂c with differences, on a few examples; kinks are left out."""
    x, target, count = x[:FILTER_ROWS], target[:FILTER_ROWS], network.bank.parameters

    def whole(filters: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([filters, theta[count:]])

    def loss(filters: NDArray[np.float64]) -> float:
        return network.loss(whole(filters), x, target) + network.penalty(whole(filters), decay)

    def sides(filters: NDArray[np.float64]) -> NDArray[np.intp]:
        return network.sides(whole(filters), x)

    gradient = network.loss_and_gradient(theta, x, target, decay).gradient[:count]
    at_most = min(max(int(FILTER_BUDGET / (6 * len(x) * products(network))), 8), 60)
    return check_gradient(loss, gradient, theta[:count], at_most=at_most, seed=seed, sides=sides)
