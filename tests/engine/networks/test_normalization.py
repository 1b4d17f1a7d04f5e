"""Both normalisations: what comes out, and the backward pass against differences."""

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.networks.normalization import (
    AXES,
    EPSILON,
    Statistics,
    d_normalize,
    normalize,
    normalize_with,
    remembered,
)

RNG = np.random.default_rng(5)
X, SCALE, SHIFT = RNG.normal(2.0, 3.0, (6, 4)), RNG.normal(1.0, 0.3, 4), RNG.normal(size=4)
D_Y = RNG.normal(size=(6, 4))


@pytest.mark.parametrize("axis", AXES.values())
def test_mean_zero_and_variance_one(axis: int) -> None:
    y, _, found = normalize(X, np.ones(4), np.zeros(4), axis)
    np.testing.assert_allclose(y.mean(axis=axis), 0.0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=axis), X.var(axis=axis) / (X.var(axis=axis) + EPSILON))
    np.testing.assert_allclose(found.variance.ravel(), X.var(axis=axis))


def test_by_hand() -> None:
    y, _, _ = normalize(np.array([[1.0, 3.0]]), np.array([2.0, 10.0]), np.array([0.5, 0.0]), axis=1)
    np.testing.assert_allclose(y, [[-1.5, 10.0]], rtol=1e-5)  # x̂ = (−1, 1)


@pytest.mark.parametrize("axis", AXES.values())
@pytest.mark.parametrize("wrt", ["x", "scale", "shift"])
def test_gradients(axis: int, wrt: str) -> None:
    arguments = {"x": X, "scale": SCALE, "shift": SHIFT}

    def felt(value: np.ndarray) -> float:
        return float((normalize(**(arguments | {wrt: value}), axis=axis)[0] * D_Y).sum())

    d = dict(zip(arguments, d_normalize(D_Y, normalize(X, SCALE, SHIFT, axis)[1]), strict=True))
    assert check_gradient(felt, d[wrt], arguments[wrt]).passed


def test_with_given_statistics_each_example_stands_alone() -> None:
    given = Statistics(RNG.normal(size=(1, 4)), RNG.random((1, 4)))
    y, cache = normalize_with(X, SCALE, SHIFT, given)
    np.testing.assert_allclose(y[2:3], normalize_with(X[2:3], SCALE, SHIFT, given)[0])
    felt = lambda x: float((normalize_with(x, SCALE, SHIFT, given)[0] * D_Y).sum())  # noqa: E731
    assert check_gradient(felt, d_normalize(D_Y, cache)[0], X).passed


def test_running_statistics_forget_their_start() -> None:
    running = Statistics(np.zeros((1, 4)), np.ones((1, 4)))
    found = normalize(X, SCALE, SHIFT, axis=0)[2]
    once = remembered(running, found, len(X))
    np.testing.assert_allclose(once.mean, 0.1 * X.mean(axis=0, keepdims=True))
    np.testing.assert_allclose(once.variance, 0.9 + 0.1 * X.var(axis=0, ddof=1, keepdims=True))
    for _ in range(300):
        running = remembered(running, found, len(X))
    np.testing.assert_allclose(running.mean, X.mean(axis=0, keepdims=True))
