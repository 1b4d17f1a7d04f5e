"""The slopes of a sigmoid neuron, against numbers worked out with more digits and against differences."""

import math

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.losses.neuron import NEURON_LOSSES, d_cross_entropy, d_squared_error, error, train

PLACES = (-700.0, -30.0, -4.0, 0.0, 1.5, 4.0, 30.0, 700.0)


def test_nielsens_saturated_neuron():
    """z = 4 and y = 0: p = 1/(1 + e⁻⁴), worked out by hand to ten digits."""
    p, flat = 0.9820137900, 0.0176627062
    squared, cross = d_squared_error(4.0, 0.0), d_cross_entropy(4.0, 0.0)
    assert squared == pytest.approx((p, flat, 0.0173450210), rel=1e-8)
    assert cross == pytest.approx((55.5981500331, flat, p), rel=1e-8)  # 1/(1 − p) = 1 + e⁴


@pytest.mark.parametrize("name", NEURON_LOSSES)
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("z", [-6.0, -0.5, 0.0, 3.0])
def test_the_slope_agrees_with_differences(name, y, z):
    loss = NEURON_LOSSES[name]
    assert check_gradient(lambda at: loss.value(at[0], y), [loss.chain(z, y).by_z], [z]).passed


@pytest.mark.parametrize("name", NEURON_LOSSES)
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_the_product_is_that_of_its_factors_and_the_loop_uses_the_same(name, y):
    loss, z = NEURON_LOSSES[name], np.array(PLACES)
    chain = loss.chain(z, y)
    assert chain.by_p * chain.sigma == pytest.approx(chain.by_z, rel=1e-9)
    assert [loss.d_z(at, y) for at in PLACES] == pytest.approx(chain.by_z, rel=1e-12, abs=1e-300)


def test_an_error_far_out_keeps_its_digits():
    assert float(error(50.0, 1.0)) == pytest.approx(-math.exp(-50), rel=1e-12)
    assert float(error(-50.0, 0.0)) == pytest.approx(math.exp(-50), rel=1e-12)


def test_beyond_all_numbers_the_gradient_of_cross_entropy_is_still_the_error():
    chain = d_cross_entropy(np.array([800.0, -800.0]), 0.5)
    assert chain.by_p.tolist() == [math.inf, -math.inf]
    assert chain.by_z.tolist() == [0.5, -0.5]
    assert not np.isnan(chain.sigma).any()


def test_one_step_by_hand():
    """At w = b = 0 and x = 2: p = ½, so with y = 1 ∂L/∂z = −½ for cross-entropy; η = 0.1."""
    path = train(NEURON_LOSSES["cross_entropy"].d_z, 0.0, 0.0, 2.0, 1.0, 0.1, 1)
    assert path.weight.tolist() == [0.0, pytest.approx(0.1)]
    assert path.bias.tolist() == [0.0, pytest.approx(0.05)]
