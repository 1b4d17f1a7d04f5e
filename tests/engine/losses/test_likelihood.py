"""Least squares, the likelihood of a line and of a coin, held against NumPy's and SciPy's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.gradient_check import check_gradient
from engine.losses.likelihood import (
    above_minimum,
    coin_log_likelihood,
    d_coin_log_likelihood,
    descend,
    gradient,
    least_squares,
    loss,
    negative_log_likelihood,
    normal_equations,
    relative_likelihood,
)

RNG = np.random.default_rng(3)
X = np.sort(RNG.uniform(-1, 1, 15))
Y = 0.4 + 1.7 * X + 0.3 * RNG.standard_normal(15)
LINE = np.column_stack([np.ones(15), X])


def test_the_likelihood_is_that_of_the_normal_distribution():
    theta, sigma = np.array([0.2, 1.1]), 0.7
    wanted = -stats.norm.logpdf(Y, LINE @ theta, sigma).mean()
    squares = np.mean((LINE @ theta - Y) ** 2)
    assert negative_log_likelihood(squares, sigma) == pytest.approx(wanted, rel=1e-14)


@pytest.mark.parametrize("degree", [1, 2, 3, 4, 5])
def test_least_squares_are_those_of_polyfit(degree):
    features = np.vander(X, degree + 1, increasing=True)
    found = least_squares(features, Y)
    np.testing.assert_allclose(found.theta, np.polyfit(X, Y, degree)[::-1], rtol=1e-9)
    assert found.condition == pytest.approx(np.linalg.cond(features), rel=1e-9)
    curvature = np.linalg.eigvalsh(features.T @ features / (15 * 0.49))[::-1]
    np.testing.assert_allclose(found.curvatures(15, 0.7), curvature, rtol=1e-9)
    for k, direction in enumerate(found.directions.T):
        np.testing.assert_allclose(
            features.T @ features @ direction, found.singular[k] ** 2 * direction, atol=1e-10
        )


def test_the_normal_equations_lose_twice_the_digits():
    x = np.linspace(0, 10, 12)
    features = np.vander(x, 6, increasing=True)
    wanted = np.array([3.0, -1.0, 0.5, 0.25, -0.125, 0.0625])
    y = features @ wanted
    by_qr = np.abs(least_squares(features, y).theta - wanted).max()
    by_normal = np.abs(normal_equations(features, y) - wanted).max()
    assert by_qr < 1e-9
    assert by_normal > 10 * by_qr


def test_normal_equations_that_became_singular_give_nothing():
    assert normal_equations(np.ones((3, 2)), np.arange(3.0)) is None


def test_what_is_only_rounding_counts_as_nothing_left():
    found = least_squares(LINE, LINE @ np.array([0.1, 1 / 3]))
    assert found.squares == 0
    assert found.sigma == 0


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-2, 2))
def test_gradients_are_those_of_the_likelihood(a, b, log_sigma):
    theta = np.array([a, b])
    by_theta, by_sigma = gradient(LINE, Y, theta, log_sigma)

    def loss(at):
        return negative_log_likelihood(np.mean((LINE @ at[:2] - Y) ** 2), math.exp(at[2]))

    assert check_gradient(loss, [*by_theta, by_sigma], [a, b, log_sigma]).passed


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0])
def test_descent_ends_in_the_same_line_whatever_sigma_is(sigma):
    walk = descend(LINE, Y, np.array([3.0, -3.0]), sigma, 0.9 * sigma**2, 400, learn_sigma=False)
    np.testing.assert_allclose(walk.theta[-1], np.polyfit(X, Y, 1)[::-1], rtol=1e-12)


def test_a_learned_sigma_becomes_the_root_of_the_mean_square():
    walk = descend(LINE, Y, np.array([3.0, -3.0]), 1.0, 0.05, 2000, learn_sigma=True)
    wanted = math.sqrt(np.polyfit(X, Y, 1, full=True)[1][0] / 15)
    assert math.exp(walk.log_sigma[-1]) == pytest.approx(wanted, rel=1e-12)


def test_descent_takes_the_steps_it_says():
    start = np.array([1.0, 0.5])
    walk = descend(LINE, Y, start, 0.5, 0.1, 2, learn_sigma=False)
    for before, after in zip(walk.theta[:-1], walk.theta[1:], strict=True):
        slope = LINE.T @ (LINE @ before - Y) / (15 * 0.25)
        np.testing.assert_allclose(after, before - 0.1 * slope, rtol=1e-14)


def test_the_largest_rate_is_two_over_the_largest_curvature():
    best = least_squares(LINE, Y)
    rate = 2 / best.curvatures(15, 0.5)[0]
    start = best.theta + 1e-3 * best.directions[:, 0]
    near, far = (
        descend(LINE, Y, start, 0.5, times * rate, 200, learn_sigma=False).theta[-1] - best.theta
        for times in (0.99, 1.01)
    )
    assert np.abs(near).max() < 1e-3 < np.abs(far).max()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_steps_for_each_digit_are_those_that_are_taken(share):
    best = least_squares(LINE, Y)
    rate = share * 2 / best.curvatures(15, 0.5)[0]
    walk = descend(LINE, Y, np.array([3.0, -3.0]), 0.5, rate, 300, learn_sigma=False)
    away = np.linalg.norm(walk.theta - best.theta, axis=1)
    late = np.flatnonzero(away > 1e-11)[-1]
    slope = np.log10(away[late // 2] / away[late]) / (late - late // 2)
    assert 1 / slope == pytest.approx(best.steps_per_digit(rate, 15, 0.5), rel=0.02)


def test_a_step_too_long_never_arrives():
    best = least_squares(LINE, Y)
    longest = 2 / best.curvatures(15, 0.5)[0]
    assert best.steps_per_digit(1.01 * longest, 15, 0.5) == math.inf


@pytest.mark.parametrize("learn_sigma", [False, True])
def test_steps_too_long_end_with_the_step_that_left_the_numbers(learn_sigma):
    walk = descend(LINE, Y, np.zeros(2), 0.01, 50.0, 1000, learn_sigma=learn_sigma)
    assert walk.last < 1000
    assert np.isnan([*walk.theta[-1], walk.log_sigma[-1]]).all()
    assert np.isfinite(walk.theta[:-1]).all()


def test_the_height_above_the_minimum_keeps_its_digits():
    best = least_squares(LINE, Y)
    theta = best.theta + np.array([0.3, -0.2])
    plain = negative_log_likelihood(np.mean((LINE @ theta - Y) ** 2), 0.9)
    lowest = negative_log_likelihood(best.squares, best.sigma)
    found = above_minimum(LINE, theta, math.log(0.9), best, best.sigma)
    assert found == pytest.approx(plain - lowest, rel=1e-12)
    tiny = above_minimum(LINE, best.theta + np.array([1e-10, 0]), math.log(0.5), best, 0.5)
    assert tiny == pytest.approx(0.5 * 1e-20 / 0.25, rel=1e-5)  # far below the rounding of L


@pytest.mark.parametrize(("heads", "tosses"), [(0, 5), (5, 5), (7, 10), (0, 0)])
def test_the_coin_is_bernoullis(heads, tosses):
    q = np.linspace(0, 1, 21)
    wanted = stats.binom.logpmf(heads, tosses, q) - math.log(math.comb(tosses, heads))
    np.testing.assert_allclose(coin_log_likelihood(heads, tosses, q), wanted, atol=1e-12)
    relative = relative_likelihood(heads, tosses, q)
    np.testing.assert_allclose(relative, np.exp(wanted - wanted.max()), rtol=1e-9)
    if tosses:
        assert q[relative.argmax()] == pytest.approx(heads / tosses)


def test_the_slope_of_the_coin():
    assert d_coin_log_likelihood(7, 10, 0.7) == pytest.approx(0, abs=1e-13)
    assert d_coin_log_likelihood(7, 10, 0.5) == 8  # 14 − 6
    assert d_coin_log_likelihood(7, 10, 0.0) == math.inf
    assert d_coin_log_likelihood(7, 10, 1.0) == -math.inf
    assert d_coin_log_likelihood(0, 4, 0.0) == -4
    assert d_coin_log_likelihood(4, 4, 1.0) == 4


def test_very_many_tosses_do_not_underflow():
    relative = relative_likelihood(7000, 10_000, [0.7, 0.71, 0.0])
    wanted = math.exp(7000 * math.log(0.71 / 0.7) + 3000 * math.log(0.29 / 0.3))
    np.testing.assert_allclose(relative, [1, wanted, 0], rtol=1e-9)


def test_equal_columns_get_the_theta_of_least_length():
    best = least_squares(np.ones((5, 2)), np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert best.theta == pytest.approx([1.5, 1.5], rel=1e-14)
    assert best.squares == pytest.approx(2.0, rel=1e-14)  # (4 + 1 + 0 + 1 + 4)/5


@pytest.mark.parametrize("log_sigma", [-300.0, 0.0, 400.0, 5.998e7])
def test_the_loss_knows_sigmas_whose_square_is_no_number(log_sigma):
    # residuals (−1, 1): L = ½e^(−2 ln σ) + ln σ + ½ ln 2π
    features, y = np.ones((2, 1)), np.array([-1.0, 1.0])
    wanted = 0.5 * math.exp(-2 * log_sigma) + log_sigma + 0.9189385332046727
    assert loss(features, y, np.zeros(1), np.array(log_sigma)) == pytest.approx(wanted, rel=1e-14)


def test_a_point_that_is_met_costs_nothing_at_any_sigma():
    assert loss(np.ones((1, 1)), np.array([2.0]), np.array([2.0]), np.array(-800.0)) == pytest.approx(
        -800.0 + 0.9189385332046727
    )


def test_a_descent_ends_before_sigma_is_no_number():
    walk = descend(np.ones((2, 1)), np.array([-1.0, 1.0]), np.zeros(1), 0.01, 0.1, 50, learn_sigma=True)
    # ∂L/∂ln σ = 1 − 1/0.0001 = −9999: the first step leads to ln σ = −4.6 + 999.9
    assert walk.last == 1
    assert np.isnan(walk.log_sigma[1])
