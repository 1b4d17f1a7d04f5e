"""The deep network's gradient in every shape, by differences; its parts, by hand; and that it learns."""

from decimal import Decimal
from functools import partial

import numpy as np
import pytest
from msgspec.structs import astuple
from scipy import special

from engine.activations import ACTIVATIONS
from engine.gradient_check import check_gradient
from engine.networks.deep_network import DeepTrainer, deep_network
from engine.networks.initializers import he_normal, normal, xavier_normal
from engine.networks.network import Network
from engine.networks.normalization import Statistics
from engine.optimizers.adam import Adam

RNG = np.random.default_rng(7)
X = RNG.normal(size=(7, 2))
Y = (RNG.random((7, 1)) < 0.5).astype(float)


def started(network: Network) -> np.ndarray:
    """Weights, biases and scales that are all different."""
    return network.start(RNG, xavier_normal, np.float64) + RNG.normal(0, 0.1, network.count)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("normalization", "residual"), [("none", False), ("batch", True), ("layer", True)])
def test_gradient(activation: str, normalization: str, residual: bool) -> None:
    network = deep_network(3, 4, activation, normalization, residual)
    theta = started(network)
    said = network.loss_and_gradient(theta, X, Y)

    def sides(vector: np.ndarray) -> np.ndarray:
        return np.array([c.z > 0 for c in network.forward(vector, X).hidden])

    kinked = sides if ACTIVATIONS[activation].kinked else None
    loss = lambda vector: network.loss(vector, X, Y)  # noqa: E731
    assert check_gradient(loss, said.gradient, theta, sides=kinked).passed


def test_gradient_with_given_statistics() -> None:
    network = deep_network(2, 4, "tanh", "batch")
    theta = started(network)
    given = [Statistics(RNG.normal(size=(1, 4)), RNG.random((1, 4))) for _ in range(2)]
    gradient = network.loss_and_gradient(theta, X, Y, given=given).gradient
    assert check_gradient(lambda v: network.loss(v, X, Y, given), gradient, theta).passed


@pytest.mark.parametrize("residual", [False, True])
def test_what_each_layer_feels(residual: bool) -> None:
    """∂L/∂a₁, by moving a₁: what is left above it is a network of its own, without the first link."""
    network = deep_network(3, 4, "sigmoid", residual=residual)
    theta = started(network)
    said = network.loss_and_gradient(theta, X, Y)
    _, second, third, last = network.layers(theta)

    def above(a: np.ndarray) -> float:
        for layer in (second, third):
            a = special.expit(a @ layer.weights + layer.bias) + (a if residual else 0.0)
        z = a @ last.weights + last.bias
        return float(np.mean(np.logaddexp(0.0, z) - z * Y))

    assert check_gradient(above, said.d_activations[0], said.forward.hidden[0].a).passed


def test_forward_by_hand() -> None:
    network = deep_network(2, 2, "relu", residual=True)
    theta = np.array([1.0, -1, 2, 0, 0, 0.5, 1, 2, 3, 4, 0, -20, 1, 1, 0.5])
    # a₁ = relu(5, −0.5) = (5, 0); a₂ = relu(5, 10 − 20) + a₁ = (10, 0); the logit 10 + 0.5
    assert network.forward(theta, np.array([[1.0, 2.0]])).logits.tolist() == [[10.5]]


@pytest.mark.parametrize(("normalization", "extra"), [("none", 0), ("batch", 3 * 5), ("layer", 3 * 5)])
def test_count_and_views(normalization: str, extra: int) -> None:
    network = deep_network(3, 5, normalization=normalization)
    assert network.count == (2 * 5 + 5) + 2 * (5 * 5 + 5) + (5 + 1) + extra
    theta = network.start(RNG, he_normal)
    assert theta.dtype == np.float32
    assert all(np.shares_memory(part, theta) for layer in network.layers(theta) for part in layer[:2])


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_it_learns_and_remembers(normalization: str) -> None:
    network = deep_network(4, 16, "tanh", normalization)
    x = RNG.normal(size=(200, 2)).astype(np.float32)
    y = (x[:, :1] > x[:, 1:]).astype(np.float32)
    learner = DeepTrainer(network, Adam(0.01), network.start(np.random.default_rng(0), xavier_normal))
    losses = [learner.learn(x, y).loss for _ in range(150)]
    assert losses[-1] < 0.1 < losses[0]
    in_use = network.loss(learner.trainer.theta, x, y, learner.running)
    assert in_use == pytest.approx(losses[-1], abs=0.05)


def test_a_vanished_gradient_leaves_no_subnormal_numbers() -> None:
    network = deep_network(40, 8, "sigmoid")
    learner = DeepTrainer(network, Adam(0.001), network.start(RNG, partial(normal, std=0.01)))
    x, y = X.astype(np.float32), Y.astype(np.float32)
    for _ in range(3):
        said = learner.learn(x, y)
    first = network.layers(said.gradient)[0].weights
    assert not first.any()
    assert network.layers(said.gradient)[-1].weights.any()
    tiny = np.finfo(np.float32).tiny
    for part in (said.gradient, *astuple(learner.trainer.state)):
        assert not np.any((part != 0) & (np.abs(part) < tiny))
    exact = network.loss_and_gradient(learner.trainer.theta.astype(float), X, Y)
    assert 0 < np.linalg.norm(exact.d_activations[0]) < 1e-60  # float64 still tells how small it is


@pytest.mark.parametrize("depth", [16, 40, 64])
def test_what_comes_back_through_sigmoids_is_told_however_small_it_is(depth: int) -> None:
    # One unit a layer, all weights ¾, all biases 0: a product, taken with 28 digits.
    w, a, slopes = Decimal("0.75"), Decimal(2), []
    for _ in range(depth):
        a = 1 / (1 + (-w * a).exp())
        slopes.append(a * (1 - a))
    felt = (1 / (1 + (-w * a).exp()) - 1) * w  # ∂L/∂a_L of the label 1
    for slope in slopes[:0:-1]:
        felt = felt * slope * w
    wanted = float(felt)
    network = deep_network(depth, 1, "sigmoid", inputs=1)
    theta = np.zeros(network.count, np.float32)
    for layer in network.layers(theta):
        layer.weights[...] = 0.75
    x, y = np.array([[2.0]], np.float32), np.array([[1.0]], np.float32)
    said = DeepTrainer(network, Adam(0.001), theta).learn(x, y)
    assert float(said.d_activations[0][0, 0]) == pytest.approx(wanted, rel=1e-4)
    exact = network.loss_and_gradient(theta.astype(float), x.astype(float), y.astype(float))
    assert float(exact.d_activations[0][0, 0]) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("residual", [False, True])
def test_a_faint_gradient_comes_back_as_in_float64(normalization: str, residual: bool) -> None:
    network = deep_network(6, 5, "tanh", normalization, residual)
    theta = network.start(np.random.default_rng(4), xavier_normal)
    network.layers(theta)[-1].weights[...] *= 1e-12  # what comes back is faint from the top on
    x, y = X.astype(np.float32), Y.astype(np.float32)
    said = DeepTrainer(network, Adam(0.001), theta).learn(x, y)
    exact = network.loss_and_gradient(theta.astype(float), X, Y)
    for fast, slow in zip(said.d_activations, exact.d_activations, strict=True):
        np.testing.assert_allclose(fast, slow, atol=1e-4 * np.abs(slow).max())


def test_pauses_change_nothing_to_the_last_bit(monkeypatch) -> None:
    network = deep_network(5, 4, normalization="batch", residual=True)
    theta, x, y = network.start(RNG, xavier_normal), X.astype(np.float32), Y.astype(np.float32)
    found = []
    for piece, pauses in ((1e9, 0), (0.0, 12)):
        monkeypatch.setattr("engine.networks.deep_network.PIECE", piece)
        learner = DeepTrainer(network, Adam(0.1), theta.copy())
        counts = [len(list(learner.learning(x, y))) for _ in range(3)]
        assert counts == [pauses] * 3, "one a layer, forward and back, and before and after the step"
        found.append(learner.trainer.theta.tobytes())
    assert found[0] == found[1]
