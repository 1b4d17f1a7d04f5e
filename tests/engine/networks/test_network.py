"""The whole network's gradient, its parameters' order, and the precision it works in."""

import numpy as np
import pytest
from scipy import special

from engine.activations import ACTIVATIONS
from engine.gradient_check import check_gradient
from engine.losses.from_logits import one_hot
from engine.networks.network import Network, accuracy

RNG = np.random.default_rng(4)
X = RNG.normal(size=(9, 5))
TARGET = one_hot(RNG.integers(0, 3, 9), 3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(), (7,), (6, 4, 5)])
def test_gradient(activation: str, hidden: tuple[int, ...]) -> None:
    network = Network((5, *hidden, 3), activation)
    theta = network.start(RNG, "xavier_normal", np.float64) + RNG.normal(0, 0.1, network.count)
    decay = 0.05

    def objective(vector: np.ndarray) -> float:
        return network.loss_and_gradient(vector, X, TARGET).loss + network.penalty(vector, decay)

    gradient = network.loss_and_gradient(theta, X, TARGET, decay).gradient
    assert check_gradient(objective, gradient, theta).passed


def test_forward_by_hand() -> None:
    network = Network((2, 2, 2), "relu")
    theta = np.array([1.0, -1.0, 2.0, 0.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 0.1, 0.2])
    # z₁ = (1 + 2·2, −1 + 0.5) = (5, −0.5), a₁ = (5, 0), logits = (5·1 + 0.1, 5·2 + 0.2)
    np.testing.assert_allclose(network.forward(theta, np.array([[1.0, 2.0]])).logits, [[5.1, 10.2]])


def test_loss_is_the_mean_cross_entropy() -> None:
    network = Network((5, 8, 3), "tanh")
    theta = network.start(RNG, dtype=np.float64)
    result = network.loss_and_gradient(theta, X, TARGET)
    expected = -(TARGET * special.log_softmax(result.logits, axis=1)).sum(1).mean()
    assert result.loss == pytest.approx(expected, rel=1e-13)


def test_counts_views_and_start() -> None:
    network = Network((64, 128, 128, 10))
    assert network.count == 64 * 128 + 128 + 128 * 128 + 128 + 128 * 10 + 10
    theta = network.start(np.random.default_rng(0))
    assert theta.dtype == np.float32
    layers = network.layers(theta)
    assert [layer.weights.shape for layer in layers] == [(64, 128), (128, 128), (128, 10)]
    assert all(np.shares_memory(theta, part) for layer in layers for part in layer[:2])
    assert all(not layer.bias.any() for layer in layers)
    assert layers[1].weights.var() == pytest.approx(2 / 128, rel=0.05)
    np.testing.assert_array_equal(theta, network.start(np.random.default_rng(0)))


def test_single_precision_stays_and_agrees_with_double() -> None:
    network = Network((5, 16, 3), "gelu")
    theta = network.start(RNG)
    single = network.loss_and_gradient(theta, X.astype(np.float32), TARGET.astype(np.float32), 0.01)
    double = network.loss_and_gradient(theta.astype(np.float64), X, TARGET, 0.01)
    assert single.gradient.dtype == single.logits.dtype == np.float32
    assert single.loss == pytest.approx(double.loss, rel=1e-5)
    np.testing.assert_allclose(single.gradient, double.gradient, atol=1e-5)


def test_a_row_whose_numbers_are_lost_is_right_about_nothing() -> None:
    logits = np.array([[2.0, 1.0], [0.0, 1.0], [np.nan, np.nan], [np.inf, 0.0]])
    assert accuracy(logits[:2], np.array([0, 0])) == 0.5
    assert accuracy(logits, np.array([0, 1, 0, 0])) == 0.5
