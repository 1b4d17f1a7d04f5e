"""Pooling keeps one number of every window, and its gradient goes back to where that came from."""

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.networks.pooling import POOLINGS
from tests.engine.networks.test_convolution import spread

X = spread(1, 2, 4, 5, step=7, mod=13, scale=10)
D_Y = spread(1, 2, 2, 2, step=3, mod=7, scale=4)
# torch.nn.functional.max_pool2d and avg_pool2d with a window of 2, PyTorch 2.13: y, and d_x of the second map
EXPECTED = {
    "max": (
        [[[0.3, 0.4], [0.6, 0.3]], [[0.4, 0.5], [0.5, 0.6]]],
        [[0.5, 0, -0.5, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0.25, 0, -0.75, 0, 0]],
    ),
    "mean": (
        [[[-0.125, -0.025], [0.05, -0.175]], [[-0.1, 0.0], [0.075, 0.175]]],
        [
            [0.125, 0.125, -0.125, -0.125, 0.0],
            [0.125, 0.125, -0.125, -0.125, 0.0],
            [0.0625, 0.0625, -0.1875, -0.1875, 0.0],
            [0.0625, 0.0625, -0.1875, -0.1875, 0.0],
        ],
    ),
}


@pytest.mark.parametrize("name", POOLINGS)
def test_forward_and_backward_are_those_of_pytorch(name):
    pooling = POOLINGS[name]
    y, cache = pooling.pool(X, 2)
    np.testing.assert_allclose(y[0], EXPECTED[name][0], atol=1e-12)
    np.testing.assert_allclose(pooling.d_pool(D_Y, cache)[0, 1], EXPECTED[name][1], atol=1e-12)


@pytest.mark.parametrize("name", POOLINGS)
@pytest.mark.parametrize("window", [1, 2, 3])
def test_the_gradient_agrees_with_differences(name, window):
    pooling, x = POOLINGS[name], np.random.default_rng(window).normal(size=(2, 2, 7, 6))
    y, cache = pooling.pool(x, window)
    assert y.shape == (2, 2, 7 // window, 6 // window)
    weights = np.random.default_rng(5).normal(size=y.shape)
    gradient = pooling.d_pool(weights, cache)
    assert check_gradient(lambda x: (pooling.pool(x, window)[0] * weights).sum(), gradient, x).passed


def test_of_equal_entries_the_first_is_taken_for_the_largest():
    pooling = POOLINGS["max"]
    _, cache = pooling.pool(np.ones((1, 1, 2, 2)), 2)
    assert pooling.d_pool(np.ones((1, 1, 1, 1)), cache).tolist() == [[[[1, 0], [0, 0]]]]


def test_the_input_is_not_changed_and_what_is_no_number_stays_so():
    x = np.array([[[[1.0, np.nan], [2.0, 3.0]]]])
    for pooling in POOLINGS.values():
        y, _ = pooling.pool(x, 2)
        assert np.isnan(y).all()
    assert x[0, 0, 1].tolist() == [2.0, 3.0]
    assert x[0, 0, 0, 0] == 1.0
