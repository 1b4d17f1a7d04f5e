"""Every initializer has the variance it promises, and one seed gives one draw."""

import numpy as np
import pytest

from engine.networks.initializers import INITIALIZERS

N_IN, N_OUT = 300, 200
VARIANCES = {
    "zeros": 0.0,
    "normal": 0.01,
    "xavier_uniform": 2 / 500,
    "xavier_normal": 2 / 500,
    "he_uniform": 2 / 300,
    "he_normal": 2 / 300,
    "orthogonal": 1 / 300,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name: str) -> None:
    weights = INITIALIZERS[name].draw(np.random.default_rng(1), N_IN, N_OUT)
    assert weights.shape == (N_IN, N_OUT)
    assert weights.dtype == np.float64
    assert weights.var() == pytest.approx(VARIANCES[name], rel=0.03)
    assert abs(weights.mean()) < 5 * (VARIANCES[name] / weights.size) ** 0.5 + 1e-300
    again = INITIALIZERS[name].draw(np.random.default_rng(1), N_IN, N_OUT)
    np.testing.assert_array_equal(weights, again)
    assert INITIALIZERS[name].title
    assert INITIALIZERS[name].latex


@pytest.mark.parametrize(
    ("name", "edge"), [("xavier_uniform", (6 / 500) ** 0.5), ("he_uniform", (6 / 300) ** 0.5)]
)
def test_uniform_draws_stay_within_their_edge(name: str, edge: float) -> None:
    weights = INITIALIZERS[name].draw(np.random.default_rng(0), N_IN, N_OUT)
    assert 0.99 * edge < np.abs(weights).max() <= edge


@pytest.mark.parametrize(("n_in", "n_out"), [(5, 5), (9, 4), (4, 9), (1, 3)])
def test_orthogonal_keeps_lengths(n_in: int, n_out: int) -> None:
    w = INITIALIZERS["orthogonal"].draw(np.random.default_rng(2), n_in, n_out, gain=2.0)
    product = w.T @ w if n_out <= n_in else w @ w.T
    np.testing.assert_allclose(product, 4 * np.eye(min(n_in, n_out)), atol=1e-13)


def test_a_given_standard_deviation() -> None:
    weights = INITIALIZERS["normal"].draw(np.random.default_rng(0), N_IN, N_OUT, std=3.0)
    assert weights.std() == pytest.approx(3.0, rel=0.02)
