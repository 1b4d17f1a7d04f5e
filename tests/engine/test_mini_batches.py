"""The noise of mini-batches, against SciPy, all batches there are, and a long walk."""

from itertools import combinations, islice

import numpy as np
import pytest
from scipy.linalg import solve_discrete_lyapunov

from engine.mini_batches import (
    batches,
    covariance,
    draws,
    ellipse,
    examples_seen,
    noise_ball,
    shrinkage,
    small_step_radius,
)

HESSIAN = np.array([[2.0, 0.5], [0.5, 1.0]])
NOISE = np.array([[0.3, -0.1], [-0.1, 0.2]])


@pytest.mark.parametrize("size", [1, 4, 9, 10])
def test_no_example_twice_in_a_batch(size):
    rows = draws(10, size, 500, np.random.default_rng(0))
    assert rows.shape == (500, size)
    assert all(len(set(batch)) == size for batch in rows.tolist())
    assert np.bincount(rows.ravel(), minlength=10) == pytest.approx(50 * size, rel=0.35)


def test_an_epoch_holds_every_example_once():
    epoch = list(islice(batches(10, 4, "shuffled", np.random.default_rng(1)), 6))
    assert [len(batch) for batch in epoch] == [4, 4, 2, 4, 4, 2]
    assert sorted(np.concatenate(epoch[:3])) == sorted(np.concatenate(epoch[3:])) == list(range(10))


@pytest.mark.parametrize("order", ["independent", "shuffled"])
@pytest.mark.parametrize(("count", "size"), [(10, 4), (10, 5), (10, 1), (10, 10), (10, 9)])
def test_the_examples_seen_are_those_that_were_drawn(order, count, size):
    drawn = [len(rows) for rows in islice(batches(count, size, order, np.random.default_rng(2)), 40)]
    expected = np.concatenate(([0], np.cumsum(drawn)))
    assert examples_seen(count, size, order, np.arange(41)).tolist() == expected.tolist()


def test_the_examples_seen_by_hand():
    # 357 in batches of 16 are 22 whole ones and one of 5: 150 steps are 6 epochs and 12 batches
    assert examples_seen(357, 16, "shuffled", 150) == 6 * 357 + 12 * 16 == 2334
    assert examples_seen(357, 16, "independent", 150) == 2400


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7])
def test_the_variance_over_all_batches_there_are(size):
    rows = np.random.default_rng(3).normal(size=(7, 2))
    means = np.array([rows[list(chosen)].mean(axis=0) for chosen in combinations(range(7), size)])
    assert covariance(means) == pytest.approx(covariance(rows) * shrinkage(7, size), abs=1e-14)


def test_the_noise_ball_is_scipys_lyapunov():
    found = noise_ball(HESSIAN, NOISE, 0.3)
    assert found == pytest.approx(solve_discrete_lyapunov(np.eye(2) - 0.3 * HESSIAN, 0.09 * NOISE))


def test_a_ball_in_one_dimension_by_hand():
    # s = (1 − ηh)² s + η²c: with h = 2, η = 0.25, c = 3 it is 0.1875 / 0.75
    assert noise_ball(np.array([[2.0]]), np.array([[3.0]]), 0.25) == pytest.approx(np.array([[0.25]]))


def test_the_rule_for_small_steps():
    ball = noise_ball(HESSIAN, NOISE, 1e-4)
    assert small_step_radius(HESSIAN, NOISE, 1e-4) == pytest.approx(np.sqrt(np.trace(ball)), rel=1e-3)


def test_too_large_a_rate_has_no_ball():
    assert noise_ball(np.eye(2), NOISE, 2.1) is None
    assert noise_ball(np.eye(2), NOISE, 1.9) is not None


def test_a_walk_fills_the_ball():
    rng, theta = np.random.default_rng(5), np.zeros(2)
    kicks = rng.multivariate_normal(np.zeros(2), NOISE, 20_000)
    seen = []
    for kick in kicks:
        theta = theta - 0.3 * (HESSIAN @ theta + kick)
        seen.append(theta)
    assert covariance(np.array(seen)) == pytest.approx(noise_ball(HESSIAN, NOISE, 0.3), rel=0.15, abs=0.003)


def test_the_ellipse_is_as_far_as_its_spread():
    around = ellipse(np.array([1.0, 2.0]), NOISE, 2.0)
    off = around - (1.0, 2.0)
    assert np.einsum("ij,jk,ik->i", off, np.linalg.inv(NOISE), off) == pytest.approx(4.0)
    assert around[0] == pytest.approx(around[-1])
