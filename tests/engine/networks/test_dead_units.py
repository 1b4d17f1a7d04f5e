"""A unit is dead when it passes no slope on any example: for ReLU, when it is 0 on every one."""

import numpy as np
import pytest
from scipy import stats

from engine.activations import ACTIVATIONS
from engine.networks.dead_units import ALIVE, FAINT, activity, changes, dead_since


def of(z, activation="relu"):
    return activity([np.array(z, float)], ACTIVATIONS[activation])


def test_a_relu_is_dead_when_it_is_zero_on_every_example():
    z = [[-1.0, 0.0, -2.0, 3.0], [-0.1, 0.0, 1e-30, 4.0], [-5.0, -1.0, -2.0, 5.0]]
    seen = of(z)
    output_is_zero = (np.maximum(np.array(z), 0) == 0).all(axis=0)
    np.testing.assert_array_equal(seen.dead[0], output_is_zero)
    np.testing.assert_array_equal(seen.dead[0], [True, True, False, False])
    np.testing.assert_array_equal(seen.positive[0], [0, 0, 1, 3])
    np.testing.assert_array_equal(seen.highest[0], [-0.1, 0.0, 1e-30, 5.0])


def test_one_example_is_enough_to_live():
    z = np.full((300, 5), -1.0)
    z[217, 3] = 1e-6
    assert of(z).dead[0].tolist() == [True, True, True, False, True]


def test_a_leaky_relu_never_dies():
    assert not of(np.full((4, 3), -1e9), "leaky_relu").dead.any()


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ("elu", lambda z: np.exp(z)),
        ("gelu", lambda z: stats.norm.cdf(z) + z * stats.norm.pdf(z)),
        ("softplus", lambda z: 1 / (1 + np.exp(-z))),
    ],
)
def test_a_smooth_activation_is_dead_where_its_slope_is_below_a_thousandth(activation, slope):
    z = np.linspace(-12, -0.1, 240)
    expected = np.abs(slope(z)) < FAINT
    np.testing.assert_array_equal(of(z[None], activation).dead[0], expected)
    assert 0 < expected.sum() < 240


def test_gelu_is_alive_when_only_its_largest_sum_has_no_slope():
    flat = -0.751791524693564457  # where GELU turns, so that its slope is 0
    assert of([[flat], [-1.5]], "gelu").dead.tolist() == [[False]]
    assert of([[flat], [-9.0]], "gelu").dead.tolist() == [[True]]


def test_a_sum_that_is_no_number_is_not_called_dead():
    assert of([[np.nan, -1.0], [-1.0, -1.0]]).dead.tolist() == [[False, True]]


def test_deaths_and_revivals_are_both_counted():
    before, after = np.array([[True, True, False, False]]), np.array([[True, False, True, False]])
    update = changes(before, after)
    assert update.died.tolist() == [[False, False, True, False]]
    assert update.revived.tolist() == [[False, True, False, False]]
    since = np.array([[3, 5, ALIVE, ALIVE]], np.int32)
    assert dead_since(since, before, after, 9).tolist() == [[3, ALIVE, 9, ALIVE]]
