"""Filters, pooling and fully connected layers together: values of PyTorch, differences, the order of v."""

from itertools import pairwise
from math import prod

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.networks.feature_maps import FeatureNetwork, FilterBank
from engine.networks.network import Network
from tests.engine.networks.test_convolution import spread

X = (spread(3, 1, 4, 4, step=7, mod=11, scale=10) + 0.5).reshape(3, 16)
TARGET = np.array([[0.8, 0.1, 0.1], [0.0, 1.0, 0.0], [0.2, 0.2, 0.6]])
DECAY = 0.03


def network(pooling, hidden=0, edges=""):
    bank = FilterBank((4, 4), pooling, 2, 4 if edges else 2, 3, edges)
    return FeatureNetwork(bank, Network((prod(bank.maps_shape), *(3,) * hidden, 3), "tanh"))


def theta_of(hidden):
    """The parameters that PyTorch was given."""
    filters = spread(2, 9, step=5, mod=13, scale=8), np.array([0.1, -0.05])
    sizes = (8, *(3,) * hidden, 3)
    layers = [
        (spread(a, b, step=4 + k, mod=9, scale=6), spread(b, step=2, mod=5, scale=10))
        for k, (a, b) in enumerate(pairwise(sizes))
    ]
    return np.concatenate([part.ravel() for pair in (filters, *layers) for part in pair])


# Cross-entropy, then the gradient of cross-entropy + ½·0.03·Σw² by the first filter, c, the first row of W₁
# and the last biases: PyTorch 2.13 with conv2d, ReLU, max_pool2d or avg_pool2d, flatten, tanh, in float64.
EXPECTED = {
    ("max", 0): (
        1.5192474251,
        [
            -0.0189452871,
            0.1426571613,
            0.2186476347,
            -0.0185525141,
            0.2544370006,
            0.4073163559,
            0.0075715789,
            0.1776497356,
            0.0710274303,
        ],
        [0.4548696998, 0.3380691601],
        [-0.153612798, -0.1888034528, 0.3424162508],
        [-0.192005985, -0.2117473162, 0.4037533013],
    ),
    ("max", 1): (
        1.0123199757,
        [
            -0.0224000391,
            0.0272965132,
            -0.0656944446,
            -0.0038370247,
            -0.0677383948,
            -0.0077697999,
            -0.0171769482,
            0.0951433368,
            -0.0242803184,
        ],
        [0.0580677026, -0.0160729166],
        [-0.0479530704, 0.0226946821, 0.0296310672],
        [-0.0876179826, -0.0437246088, 0.1313425914],
    ),
    ("mean", 0): (
        1.2752494385,
        [
            -0.0252500259,
            0.0715559392,
            0.1238154372,
            0.0031335694,
            0.1150242189,
            0.1792915962,
            0.0183660457,
            0.1364653898,
            0.1001797883,
        ],
        [0.2173874329, 0.0616178091],
        [-0.061651063, -0.0773125682, 0.1389636312],
        [-0.1183318856, -0.1649368814, 0.283268767],
    ),
    ("mean", 1): (
        1.0720249043,
        [
            -0.0280991623,
            -0.0177022094,
            -0.0164291472,
            -0.0139536735,
            -0.038831186,
            -0.0096675103,
            -0.0354460316,
            -0.0174865948,
            -0.0367462531,
        ],
        [-0.018826863, -0.0212685435],
        [-0.0367408055, 0.0293330377, 0.01118884],
        [-0.0822306397, -0.0577455297, 0.1399761694],
    ),
}


@pytest.mark.parametrize(("pooling", "hidden"), EXPECTED)
def test_loss_and_gradient_are_those_of_pytorch(pooling, hidden):
    net = network(pooling, hidden)
    found = net.loss_and_gradient(theta_of(hidden), X, TARGET, DECAY)
    loss, first, c, row, biases = EXPECTED[pooling, hidden]
    assert found.loss == pytest.approx(loss, abs=1e-9)
    filters, head = net.parts(found.gradient)
    np.testing.assert_allclose(net.bank.filters(filters).weights[0], first, atol=1e-9)
    np.testing.assert_allclose(net.bank.filters(filters).bias, c, atol=1e-9)
    np.testing.assert_allclose(net.head.layers(head)[0].weights[0], row, atol=1e-9)
    np.testing.assert_allclose(net.head.layers(head)[-1].bias, biases, atol=1e-9)


@pytest.mark.parametrize("pooling", ["max", "mean"])
@pytest.mark.parametrize(("hidden", "edges"), [(0, ""), (2, ""), (1, "sobel"), (0, "prewitt")])
def test_the_gradient_agrees_with_differences(pooling, hidden, edges):
    net, rng = network(pooling, hidden, edges), np.random.default_rng(hidden)
    theta = net.start(rng, dtype=np.float64) + 0.1 * rng.normal(size=net.count)
    assert theta.size == net.head.count + (0 if edges else 20)

    def loss(vector):
        return net.loss(vector, X, TARGET) + net.penalty(vector, DECAY)

    gradient = net.loss_and_gradient(theta, X, TARGET, DECAY).gradient
    check = check_gradient(loss, gradient, theta, sides=lambda vector: net.sides(vector, X))
    assert check.passed, check
    assert check.count > 0.8 * net.count


def test_the_vector_is_one_map_after_the_other_row_after_row():
    bank = FilterBank((4, 6), "max", 2, 3, 3)
    rng = np.random.default_rng(0)
    maps = bank.maps(rng.normal(size=bank.parameters), rng.normal(size=(2, 24)))
    assert maps.z.shape == maps.a.shape == (2, 3, 4, 6)
    assert bank.maps_shape == maps.pooled.shape[1:] == (3, 2, 3)
    assert maps.flat[1, 2 * 6 + 1 * 3 + 2] == maps.pooled[1, 2, 1, 2]
    np.testing.assert_array_equal(maps.a, np.maximum(maps.z, 0))


def test_edges_count_in_both_directions_and_are_no_parameters():
    bank = FilterBank((3, 4), "max", 1, edges="sobel")
    step = np.array([[0.0, 0.0, 1.0, 1.0]] * 3).reshape(1, 12)
    for picture in (step, 1 - step):
        maps = bank.maps(np.zeros(0), picture)
        assert maps.a[0, 0, 1, 1] == maps.a[0, 0, 1, 2] == 1.0
    assert bank.parameters == 0
    assert bank.filters(np.zeros(0, np.float32)).weights.dtype == np.float32


def test_a_start_draws_filters_like_neurons_with_as_many_inputs():
    bank = FilterBank((8, 8), "max", 2, 400, 5)
    net = FeatureNetwork(bank, Network((prod(bank.maps_shape), 3)))
    theta = net.start(np.random.default_rng(0), "he_normal")
    filters = bank.filters(net.parts(theta)[0])
    assert theta.dtype == np.float32
    assert filters.weights.var() == pytest.approx(2 / 25, rel=0.05)
    assert not filters.bias.any()
    assert net.layers(theta)[0].weights.var() == pytest.approx(2 / 6400, rel=0.05)
