"""The noise of mini-batches, against SciPy, all batches there are, and a long walk."""

from itertools import combinations, islice

import numpy as np
import pytest
from scipy.linalg import solve_continuous_lyapunov, solve_discrete_lyapunov

from engine.linear.mini_batches import (
    Batches,
    Noise,
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
ADDED = Noise(NOISE, np.zeros((4, 4)))  # every batch has the same Hessian


@pytest.mark.parametrize("size", [1, 4, 9, 10])
def test_no_example_twice_in_a_batch(size):
    rows = draws(10, size, 500, np.random.default_rng(0))
    assert rows.shape == (500, size)
    assert all(len(set(batch)) == size for batch in rows.tolist())
    assert np.bincount(rows.ravel(), minlength=10) == pytest.approx(50 * size, rel=0.35)


def test_an_epoch_holds_every_example_once():
    epoch = list(islice(Batches(10, 4, "shuffled", np.random.default_rng(1)), 6))
    assert [len(batch) for batch in epoch] == [4, 4, 2, 4, 4, 2]
    assert sorted(np.concatenate(epoch[:3])) == sorted(np.concatenate(epoch[3:])) == list(range(10))


@pytest.mark.parametrize("order", ["independent", "shuffled"])
@pytest.mark.parametrize(("count", "size"), [(10, 4), (10, 5), (10, 1), (10, 10), (10, 9)])
def test_the_examples_seen_are_those_that_were_drawn(order, count, size):
    drawn = [len(rows) for rows in islice(Batches(count, size, order, np.random.default_rng(2)), 40)]
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
    found = noise_ball(HESSIAN, ADDED, 0.3)
    assert found == pytest.approx(solve_discrete_lyapunov(np.eye(2) - 0.3 * HESSIAN, 0.09 * NOISE))


def test_a_ball_in_one_dimension_by_hand():
    # s = (1 − ηh)² s + η²c: with h = 2, η = 0.25, c = 3 it is 0.1875 / 0.75
    assert noise_ball(np.array([[2.0]]), alone(3.0), 0.25) == pytest.approx(np.array([[0.25]]))


def alone(gradient, hessian=0.0):
    return Noise(np.array([[gradient]]), np.array([[hessian]]))


def test_two_curvatures_in_one_dimension_by_hand():
    # two examples, h = 1 and 3, g = ±1, B = 1: s = ½(0.75² + 0.25²) s + 0.25² is s = 0.0625 / 0.6875
    assert noise_ball(np.array([[2.0]]), alone(1.0, 1.0), 0.25) == pytest.approx(np.array([[1 / 11]]))


def test_the_mean_shrinks_but_the_mean_square_does_not():
    # h = 0 or 4: |1 − 2η| < 1 up to η = 1, but ½(1 + (1 − 4η)²) < 1 only up to 0.5
    mean = np.array([[2.0]])
    assert noise_ball(mean, alone(1.0), 0.6) is not None
    assert noise_ball(mean, alone(1.0, 4.0), 0.51) is None
    assert noise_ball(mean, alone(1.0, 4.0), 0.49) is not None


def test_a_heavy_ball_in_one_dimension_by_hand():
    # ηc(1 + β) / ((1 − β) h (2(1 + β) − ηh)) with h = 2, c = 3, η = 0.25, β = 0.5 is 1.125 / 2.5
    assert noise_ball(np.array([[2.0]]), alone(3.0), 0.25, 0.5) == pytest.approx(np.array([[0.45]]))
    # stable up to ηh = 2 + 2β
    assert noise_ball(np.array([[2.0]]), alone(3.0), 1.49, 0.5) is not None
    assert noise_ball(np.array([[2.0]]), alone(3.0), 1.51, 0.5) is None


FEATURES = np.array([[1, -1.2], [1, 0.3], [1, 0.8], [1, -0.4], [1, 1.9], [1, -1.1]])
TARGETS = np.array([0.5, -0.2, 1.4, 0.1, 1.2, -0.9])


def fixed_point(size, rate, beta):
    """The covariance of (θ, v) over all batches of six examples there are, step after step until it stays."""
    best = np.linalg.lstsq(FEATURES, TARGETS)[0]
    steps, kicks, one = [], [], np.eye(2)
    for chosen in map(list, combinations(range(6), size)):
        x, y = FEATURES[chosen], TARGETS[chosen]
        h, g = x.T @ x / size, x.T @ (x @ best - y) / size
        steps.append(np.block([[one - rate * h, -rate * beta * one], [h, beta * one]]))
        kicks.append(np.outer(np.append(-rate * g, g), np.append(-rate * g, g)))
    spread, kick = np.zeros((4, 4)), np.mean(kicks, axis=0)
    for _ in range(2000):
        spread = np.mean([step @ spread @ step.T for step in steps], axis=0) + kick
    return spread[:2, :2]


@pytest.mark.parametrize("size", [1, 2, 5, 6])
@pytest.mark.parametrize(("rate", "beta"), [(0.3, None), (0.45, None), (0.04, 0.9), (0.3, 0.3)])
def test_the_ball_over_all_batches_there_are(size, rate, beta):
    found = ball_of_six(size, rate, beta)
    assert found == pytest.approx(fixed_point(size, rate, beta or 0.0), rel=1e-9, abs=1e-14)


def ball_of_six(size, rate, beta):
    errors = FEATURES @ np.linalg.lstsq(FEATURES, TARGETS)[0] - TARGETS
    curved = np.array([np.outer(x, x) for x in FEATURES])
    share = shrinkage(6, size)
    noise = Noise(share * covariance(errors[:, None] * FEATURES), share * covariance(curved.reshape(6, 4)))
    return noise_ball(curved.mean(axis=0), noise, rate, beta)


@pytest.mark.parametrize(("rate", "beta"), [(0.6, None), (0.3, 0.9)])
def test_a_ball_without_a_finite_size_grows_over_all_batches_there_are(rate, beta):
    assert np.trace(fixed_point(1, rate, beta or 0.0)) > 1e6
    assert ball_of_six(1, rate, beta) is None
    assert ball_of_six(5, rate, beta) is not None


def test_the_rule_for_small_steps():
    for beta in (None, 0.9):
        ball = noise_ball(HESSIAN, ADDED, 1e-4, beta)
        rule = small_step_radius(HESSIAN, NOISE, 1e-4, beta or 0.0)
        assert rule == pytest.approx(np.sqrt(np.trace(ball)), rel=1e-3)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.999])
def test_the_ball_of_the_smallest_rates_by_hand(beta):
    """The formula of the heavy ball in one dimension; a schedule makes η as small as this."""
    for rate in (1e-300, 1e-40, 1e-17, 1e-12, 4.9e-9 * (1 - beta), 5.1e-9 * (1 - beta), 1e-6 * (1 - beta)):
        by_hand = rate * 3 * (1 + beta) / ((1 - beta) * 2 * (2 * (1 + beta) - 2 * rate))
        for momentum in (beta, None) if beta == 0 else (beta,):
            found = noise_ball(np.array([[2.0]]), alone(3.0, 1.0), rate, momentum)
            assert found == pytest.approx(np.array([[by_hand]]), rel=1e-6, abs=0.0)


def test_the_ball_of_the_smallest_rates_is_scipys_continuous_lyapunov():
    ball = noise_ball(HESSIAN, ADDED, 1e-20)
    assert ball == pytest.approx(solve_continuous_lyapunov(HESSIAN, 1e-20 * NOISE), rel=1e-12, abs=0.0)


def test_where_nothing_moves_or_pulls_there_is_no_ball():
    assert noise_ball(HESSIAN, ADDED, 0.0) is None
    assert noise_ball(np.zeros((2, 2)), ADDED, 0.1) is None
    for rate in (1e-20, 0.1):
        assert noise_ball(np.diag([1.0, 0.0]), ADDED, rate) is None


def test_too_large_a_rate_has_no_ball():
    assert noise_ball(np.eye(2), ADDED, 2.1) is None
    assert noise_ball(np.eye(2), ADDED, 1.9) is not None


def test_a_walk_fills_the_ball():
    rng, theta = np.random.default_rng(5), np.zeros(2)
    kicks = rng.multivariate_normal(np.zeros(2), NOISE, 20_000)
    seen = []
    for kick in kicks:
        theta = theta - 0.3 * (HESSIAN @ theta + kick)
        seen.append(theta)
    assert covariance(np.array(seen)) == pytest.approx(noise_ball(HESSIAN, ADDED, 0.3), rel=0.15, abs=0.003)


def test_the_ellipse_is_as_far_as_its_spread():
    around = ellipse(np.array([1.0, 2.0]), NOISE, 2.0)
    off = around - (1.0, 2.0)
    assert np.einsum("ij,jk,ik->i", off, np.linalg.inv(NOISE), off) == pytest.approx(4.0)
    assert around[0] == pytest.approx(around[-1])
