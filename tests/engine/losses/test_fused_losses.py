"""The fused losses against hand numbers, SciPy, and the losses that are written to be read."""

import math

import numpy as np
import pytest
from scipy import special

from engine.losses.fused_losses import sigmoid_cross_entropy, softmax_cross_entropy
from engine.losses.table import LOSSES

RNG = np.random.default_rng(3)
LOGITS = RNG.normal(0, 2, (7, 4))


def test_softmax_by_hand() -> None:
    logits = np.array([[1000.0, -1000.0], [0.0, 0.0]])
    loss, gradient = softmax_cross_entropy(logits, np.array([[0.0, 1.0], [0.5, 0.5]]))
    assert loss == pytest.approx((2000 + np.log(2)) / 2)
    np.testing.assert_allclose(gradient, [[0.5, -0.5], [0, 0]])


def test_sigmoid_by_hand() -> None:
    logits = np.array([[-800.0], [2.0], [800.0]])
    loss, gradient = sigmoid_cross_entropy(logits, np.array([[0.0], [1.0], [0.0]]))
    assert loss == pytest.approx((np.log1p(np.exp(-2.0)) + 800.0) / 3)
    np.testing.assert_allclose(gradient[:, 0] * 3, [0.0, special.expit(2.0) - 1.0, 1.0])


@pytest.mark.parametrize(
    ("name", "fused", "target"),
    [
        ("softmax_cross_entropy", softmax_cross_entropy, special.softmax(RNG.normal(size=(7, 4)), axis=1)),
        ("sigmoid_cross_entropy", sigmoid_cross_entropy, RNG.random((7, 4))),
    ],
)
def test_they_are_the_losses_that_they_fuse(name: str, fused, target: np.ndarray) -> None:
    value, gradient = fused(LOGITS, target)
    assert value == pytest.approx(float(LOSSES[name]().value(LOGITS, target)), rel=1e-13)
    np.testing.assert_allclose(gradient, LOSSES[name]().gradient(LOGITS, target), rtol=1e-11)
    single = fused(LOGITS.astype(np.float32), target.astype(np.float32))[1]
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, gradient, atol=1e-6)


HUGE = 1e308


def test_softmax_does_not_make_a_number_of_0_times_infinity():
    with np.errstate(all="ignore"):
        loss, gradient = softmax_cross_entropy(np.array([[HUGE, -HUGE]]), np.array([[1.0, 0.0]]))
        assert (loss, gradient.tolist()) == (0.0, [[0.0, 0.0]])
        loss, gradient = softmax_cross_entropy(np.array([[HUGE, -HUGE]]), np.array([[0.0, 1.0]]))
    assert loss == math.inf  # 2e308
    assert gradient.tolist() == [[1.0, -1.0]]


def test_a_mean_that_is_a_number_is_that_number():
    with np.errstate(all="ignore"):
        loss, gradient = softmax_cross_entropy(np.array([[HUGE, 0.0]] * 3), np.array([[0.0, 1.0]] * 3))
        assert loss == pytest.approx(HUGE, rel=1e-15)
        np.testing.assert_allclose(gradient, [[1 / 3, -1 / 3]] * 3)
        loss, gradient = sigmoid_cross_entropy(np.array([HUGE, -HUGE, HUGE, 0.0]), np.array([0, 1, 1, 1.0]))
    assert loss == pytest.approx(0.5 * HUGE, rel=1e-15)  # (1e308 + 1e308 + 0 + ln 2)/4
    assert gradient.tolist() == [0.25, -0.25, 0.0, -0.125]


def test_float32_overflows_no_earlier_than_its_mean():
    z = np.full((8, 1), 3e38, np.float32)
    with np.errstate(all="ignore"):
        loss, gradient = sigmoid_cross_entropy(z, np.zeros_like(z))
    assert loss == pytest.approx(float(np.float32(3e38)))
    assert gradient.dtype == np.float32
