"""The fused losses against hand numbers, SciPy, and the losses that are written to be read."""

import numpy as np
import pytest
from scipy import special

from engine.fused_losses import sigmoid_cross_entropy, softmax_cross_entropy
from engine.losses import LOSSES

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
