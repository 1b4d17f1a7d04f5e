"""The bounds: nothing is above them on random problems that keep to the assumptions; fits of exact powers."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy.optimize import check_grad, minimize

from engine.convergence.methods import (
    Logits,
    NoisyRuns,
    chain,
    fixed_nesterov,
    gradient_descent,
    heavy_ball,
    kink,
    nesterov,
    newton,
    noisy,
    points,
    spectrum,
    wells,
)
from engine.convergence.theorems import (
    best_descent,
    best_heavy_ball,
    best_nesterov,
    best_scale,
    constant_rate_bound,
    descent_bound,
    falling_rate_bound,
    fitted_factor,
    fitted_order,
    fitted_slope,
    heavy_ball_bound,
    nesterov_bound,
    newton_bound,
    newton_radius,
    noise_floor,
    stochastic_bound,
    strong_descent_bound,
    strong_nesterov_bound,
)

K = np.arange(201)


def random_quadratics(count, low=0.0):
    """Dense symmetric matrices with eigenvalues from `low` to 1, and starts."""
    rng = np.random.default_rng(5)
    for _ in range(count):
        n = int(rng.integers(2, 12))
        turn, _r = np.linalg.qr(rng.normal(size=(n, n)))
        eigenvalues = np.concatenate([[low, 1.0], rng.uniform(low, 1.0, n - 2) ** 3 * (1 - low) + low])[:n]
        yield turn @ np.diag(np.clip(eigenvalues, low, 1.0)) @ turn.T, rng.normal(size=n)


def gaps(matrix, path):
    return 0.5 * np.einsum("ki,ij,kj->k", path, matrix, path)


def test_no_smooth_convex_quadratic_is_above_the_bounds():
    for matrix, start in random_quadratics(40):
        d = np.linalg.norm(start)
        plain = gaps(matrix, points(gradient_descent(lambda x, a=matrix: a @ x, start, 1.0), 201))
        fast = gaps(matrix, points(nesterov(lambda x, a=matrix: a @ x, start, 1.0), 201))
        assert (plain[1:] <= descent_bound(K, 1.0, d)[1:] + 1e-14).all()
        assert (fast[1:] <= nesterov_bound(K, 1.0, d)[1:] + 1e-14).all()


def test_nor_a_huber_function_for_which_the_first_bound_is_nearly_sharp():
    # Drori and Teboulle 2014: with the edge at 1/(2N+1) f_N − f* = L d²/(4N+2).
    edge = 1 / (2 * 50 + 1)
    path = points(gradient_descent(lambda x: np.clip(x, -edge, edge), np.array([1.0]), 1.0), 51)[:, 0]
    value = edge * abs(path[50]) - edge**2 / 2
    assert value == pytest.approx(1 / (4 * 50 + 2))
    assert value < descent_bound(50, 1.0, 1.0) < 2.03 * value


def test_no_strongly_convex_quadratic_is_above_the_bounds():
    mu = 1 / 30
    for matrix, start in random_quadratics(40, mu):
        d, first, g = np.linalg.norm(start), 0.5 * start @ matrix @ start, lambda x, a=matrix: a @ x
        plain, ball, fast = (best(mu, 1.0) for best in (best_descent, best_heavy_ball, best_nesterov))
        measured = (
            (gradient_descent(g, start, plain.rate), strong_descent_bound(K, 30, first)),
            (heavy_ball(g, start, ball.rate, ball.beta), heavy_ball_bound(K, 30, first)),
            (fixed_nesterov(g, start, fast.rate, fast.beta), strong_nesterov_bound(K, 30, first, mu, d)),
        )
        for walk, bound in measured:
            assert (gaps(matrix, points(walk, 201)) <= bound * (1 + 1e-9) + 1e-28).all()


def test_the_best_settings_are_those_of_the_two_outer_eigenvalues():
    mu, most = 0.02, 2.0
    for tuning in (best_descent(mu, most), best_heavy_ball(mu, most)):
        for eigenvalue in (mu, most):
            turn = [[1 + tuning.beta - tuning.rate * eigenvalue, -tuning.beta], [1, 0]]
            largest = np.abs(np.linalg.eigvals(turn)).max()
            assert largest == pytest.approx(tuning.factor, rel=1e-6)
    assert best_nesterov(mu, most).beta == pytest.approx(9 / 11)


def test_rates_come_out_as_said():
    f, k = spectrum(60, 1e8), np.arange(1001)
    inner = slice(100, 1001)
    plain = f.value(points(gradient_descent(f.gradient, f.start, 1.0), 1001))
    fast = f.value(points(nesterov(f.gradient, f.start, 1.0), 1001))
    assert fitted_slope(k[inner], plain[inner]) == pytest.approx(-1, abs=0.02)
    assert fitted_slope(k[inner], fast[inner]) == pytest.approx(-2, abs=0.1)
    g, tuning = spectrum(2, 50), best_descent(1 / 50, 1.0)
    linear = g.value(points(gradient_descent(g.gradient, g.start, tuning.rate), 101))
    assert fitted_factor(np.arange(101), linear) == pytest.approx((49 / 51) ** 2)


def test_on_the_chain_no_method_can_be_lower_than_the_lower_bound():
    n = 41
    f, k = chain(n), 20
    least = 3 * np.sum(f.start**2) / (32 * (k + 1) ** 2)  # Nesterov 2004, theorem 2.1.7
    fast = f.value(points(nesterov(f.gradient, f.start, 1.0), k + 1))[k]
    assert least <= fast <= nesterov_bound(k, 1.0, np.linalg.norm(f.start))


@pytest.mark.parametrize("f", [spectrum(7, 50), chain(6), wells(5)])
def test_gradients_and_minima(f):
    points = np.random.default_rng(0).normal(size=(5, len(f.start)))
    assert max(check_grad(f.value, f.gradient, x) for x in points) < 1e-6
    assert f.value(np.zeros(len(f.start))) == 0
    assert np.allclose(f.gradient(np.zeros(len(f.start))), 0)


def test_the_chain_is_nesterovs_function():
    def whole(x):
        return 0.25 * (0.5 * (x[0] ** 2 + np.sum(np.diff(x) ** 2) + x[-1] ** 2) - x[0])

    found, f = minimize(whole, np.zeros(6), tol=1e-12), chain(6)
    assert found.x == pytest.approx(-f.start, abs=1e-4)
    assert f.value(f.start) == pytest.approx(0 - found.fun)
    hessian = np.array([f.gradient(row) for row in np.eye(6)])
    assert np.linalg.eigvalsh(hessian)[[0, -1]] == pytest.approx([f.strength, 1 - f.strength])


def test_what_is_broken_is_broken():
    assert kink(4).value(np.full(4, 1e-3)) > 1e-3  # steeper than any ½ L x² near 0
    f = wells(3)
    curvatures = np.diff([f.gradient(np.full(3, x))[0] for x in np.linspace(0, 6, 601)]) / 0.01
    assert curvatures.min() < -0.5
    assert curvatures.max() <= 1 + 1e-9
    trials = np.array([noisy(f, 0.3, np.random.default_rng(s)).gradient(np.zeros(3)) for s in range(3000)])
    assert np.mean(np.sum(trials**2, axis=1)) == pytest.approx(0.09, rel=0.05)


def test_newton_on_logits():
    f = Logits(np.array([0.2, 0.3, 0.6]))
    assert check_grad(f.value, f.gradient, np.array([0.3, -1.0, 2.0])) < 1e-6
    radius = newton_radius(f.strength, f.lipschitz)
    rng = np.random.default_rng(1)
    for _ in range(50):
        way = rng.normal(size=3)
        d = radius * rng.uniform(0.1, 0.99)
        path = points(newton(f.gradient, f.curvature, d * way / np.linalg.norm(way)), 8)
        assert (f.value(path) <= newton_bound(7, d, f.strength, f.lipschitz, f.smoothness) * 1.001).all()
    third = 3 * f.lipschitz
    assert radius == pytest.approx(2 * f.strength / third)
    assert np.isnan(newton_bound(3, radius, f.strength, f.lipschitz, 1.0)).all()


def test_logits_keep_their_digits_near_the_minimum():
    f = Logits(np.array([0.3]))
    with localcontext() as digits:
        digits.prec = 60
        p = Decimal(float(f.p[0]))
        z = (p / (1 - p)).ln()
        for x in (1e-8, 5e-4, 0.01):
            exact = (1 + (z + Decimal(x)).exp()).ln() - (1 + z.exp()).ln() - p * Decimal(x)
            assert f.value(np.array([x])) == pytest.approx(float(exact), rel=1e-7)


def test_the_stochastic_bound():
    k = np.arange(1, 1001)
    c = best_scale(2.0, 5.0)
    assert stochastic_bound(k, 2.0, 5.0, c) == pytest.approx(np.sqrt(2) * 2 * np.sqrt(5 / k))
    assert (stochastic_bound(100, 2.0, 5.0, c) < stochastic_bound(100, 2.0, 5.0, c * np.array(1.2))).all()
    slopes = []
    for seed in range(10):
        averaged, _ = noisy_runs(seed, c).gaps(1001)
        assert (averaged[1:] <= stochastic_bound(k, 2.0, 5.0, c)).all()
        slopes.append(fitted_slope(k[99:], averaged[100:]))
    assert np.mean(slopes) == pytest.approx(-0.5, abs=0.06)


def expected_gaps(curvatures, start, deviation, rates):
    """E f after each step of SGD, exactly: E x² ← (1 − ηλ)² E x² + η² σ²/n in each coordinate."""
    square, found = start**2, []
    for rate in rates:
        found.append(0.5 * curvatures @ square)
        square = (1 - rate * curvatures) ** 2 * square + rate**2 * deviation**2 / len(start)
    return np.array(found)


def test_noise_keeps_a_constant_rate_from_arriving_and_one_that_falls_as_1_over_t_lets_it():
    k = np.arange(3000)
    for matrix, start in random_quadratics(10, low=0.05):
        curvatures = np.linalg.eigvalsh(matrix)
        mu, f0 = curvatures[0], 0.5 * curvatures @ start**2
        for deviation, rate, part in ((0.1, 1.0, 0.5), (1.0, 0.3, 0.9), (0.0, 0.7, 0.1)):
            floor, decay = noise_floor(rate, 1.0, mu, deviation), part * rate * mu
            constant = expected_gaps(curvatures, start, deviation, np.full(3000, rate))
            falling = expected_gaps(curvatures, start, deviation, rate / (1 + decay * k))
            assert (constant <= constant_rate_bound(k, floor, rate * mu, f0) * (1 + 1e-12)).all()
            assert (falling <= falling_rate_bound(k, floor, rate * mu, decay, f0) * (1 + 1e-12)).all()
            if deviation:
                assert constant[-1] == pytest.approx(constant[1500], rel=1e-3)
                assert falling[-1] < 0.3 * constant[-1]


def test_the_bounds_of_both_rates_by_hand():
    assert noise_floor(0.5, 2.0, 0.5, 3.0) == 9.0
    assert constant_rate_bound([0, 1, 10**9], 0.05, 0.1, 0.25) == pytest.approx([0.25, 0.23, 0.05])
    assert falling_rate_bound([0, 20, 60], 0.05, 0.1, 0.05, 0.2) == pytest.approx([0.2, 0.1, 0.05])
    assert falling_rate_bound([0, 20], 0.05, 0.1, 0.05, 0.01) == pytest.approx([0.1, 0.05])


def noisy_runs(seed, c, runs=16):
    return NoisyRuns(lambda k: c / k**0.5, 10, runs, 2.0, 0.0, np.random.default_rng(seed))


def test_the_stochastic_walk_step_by_step():
    rng = np.random.default_rng(7)
    target = 0.8 / 10**0.5 * rng.choice([-1.0, 1.0], 10)
    noise = rng.normal(0.0, 2 / 10**0.5, (256, 1, 10))[:, 0]
    slopes = np.geomspace(1.0, 0.01, 10)
    slopes /= np.linalg.norm(slopes)
    x, path = np.zeros(10), [np.zeros(10)]
    for k in range(1, 60):
        x = x - 0.6 / k**0.5 * (slopes * np.sign(x - target) + noise[k - 1])
        x = x / max(1.0, float(np.linalg.norm(x)))
        path.append(x)
    averaged, last = noisy_runs(7, 0.6, runs=1).gaps(60)
    assert last == pytest.approx(np.abs(np.array(path) - target) @ slopes)
    means = [np.mean(path[:k], axis=0) for k in range(1, 60)]
    assert averaged[1:] == pytest.approx(np.abs(np.array(means) - target) @ slopes)
    assert np.isnan(averaged[0])


def test_walks_go_on_where_they_were_left():
    f = noisy(spectrum(5, 10), 0.1, np.random.default_rng(3))
    whole = points(nesterov(f.gradient, f.start, 1.0), 700)
    f = noisy(spectrum(5, 10), 0.1, np.random.default_rng(3))
    walk = nesterov(f.gradient, f.start, 1.0)
    assert np.array_equal(np.concatenate([points(walk, count) for count in (1, 250, 449)]), whole)
    one, other = noisy_runs(4, 0.6), noisy_runs(4, 0.6)
    parts = [other.gaps(count) for count in (1, 300, 99)]
    for k, gap in enumerate(one.gaps(400)):
        assert np.concatenate([part[k] for part in parts]) == pytest.approx(gap, nan_ok=True)


def test_fits_of_exact_powers():
    k = np.arange(50.0)
    assert fitted_slope(k[1:], 3 * k[1:] ** -1.7) == pytest.approx(-1.7)
    assert fitted_slope([1, 2, 4, 8], [1, np.nan, 0.25, 0]) == pytest.approx(-1)
    assert fitted_factor(k, 5 * 0.9**k) == pytest.approx(0.9)
    assert fitted_order(0.1 ** (2.0 ** np.arange(5))) == pytest.approx(2)
    assert np.isnan(fitted_slope([1], [1]))
    assert np.isnan(descent_bound(0, 1.0, 1.0))
