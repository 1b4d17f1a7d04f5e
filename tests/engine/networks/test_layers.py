"""Each layer's backward pass against differences, and by hand."""

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.gradient_check import check_gradient
from engine.networks.layers import (
    Parameters,
    activate,
    d_activate,
    d_linear,
    d_linear_input,
    flatten,
    linear,
)

RNG = np.random.default_rng(8)
X, W, B = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
D_Y = RNG.normal(size=(5, 4))


def felt(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> float:
    """A loss with ∂loss/∂y = D_Y."""
    return float((linear(x, Parameters(w, b))[0] * D_Y).sum())


def test_linear_by_hand() -> None:
    y, cache = linear(
        np.array([[1.0, 2.0]]), Parameters(np.array([[1.0, 0.0], [3.0, -1.0]]), np.array([0.5, 0.0]))
    )
    assert y.tolist() == [[7.5, -2.0]]
    gradient = d_linear(np.array([[1.0, 10.0]]), cache)
    assert gradient.weights.tolist() == [[1, 10], [2, 20]]
    assert gradient.bias.tolist() == [1, 10]
    assert d_linear_input(np.array([[1.0, 10.0]]), cache).tolist() == [[1, -7]]


def test_linear_gradients() -> None:
    _, cache = linear(X, Parameters(W, B))
    gradient = d_linear(D_Y, cache)
    assert check_gradient(lambda w: felt(X, w, B), gradient.weights, W).passed
    assert check_gradient(lambda b: felt(X, W, b), gradient.bias, B).passed
    assert check_gradient(lambda x: felt(x, W, B), d_linear_input(D_Y, cache), X).passed


def test_linear_writes_into_the_arrays_it_is_given() -> None:
    _, cache = linear(X, Parameters(W, B))
    flat = np.zeros(16)
    into = Parameters(flat[:12].reshape(3, 4), flat[12:])
    assert d_linear(D_Y, cache, out=into) is into
    np.testing.assert_allclose(flat[:12].reshape(3, 4), X.T @ D_Y)
    np.testing.assert_allclose(flat[12:], D_Y.sum(0))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_gradients(name: str) -> None:
    z = RNG.normal(size=(5, 4))
    _, cache = activate(z, ACTIVATIONS[name])
    d_z = d_activate(D_Y, cache)
    assert check_gradient(lambda z: (activate(z, ACTIVATIONS[name])[0] * D_Y).sum(), d_z, z).passed


def test_flattened_images_are_rows() -> None:
    rows = flatten(np.arange(24.0).reshape(2, 3, 4))
    assert rows.shape == (2, 12)
    np.testing.assert_array_equal(rows[1], np.arange(12.0, 24.0))
    assert flatten(np.zeros((0, 8, 8))).shape == (0, 64)
