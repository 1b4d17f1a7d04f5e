"""The three scenes: the same line twice, the coin whose two extremes are one, the outlier."""

import math

import numpy as np
import pytest
from scipy import stats

from engine.config import Problem, replaced
from engine.experiments.losses.likelihood import EXPERIMENT, last_step, prepare
from engine.experiments.losses.likelihood_config import (
    MOST_POINTS,
    LikelihoodConfig,
    with_outlier,
    with_point,
    with_start,
    without_point,
)
from engine.experiments.losses.likelihood_inspection import (
    check,
    check_coin,
    check_line,
    coin,
    point,
    sweep,
    walked,
)
from engine.information import bernoulli
from engine.losses.robust_lines import LINE_LOSSES
from engine.optimizers.schedules import InverseTimeDecay
from tests.runs import driven

CONFIG = LikelihoodConfig()


def run(config):
    return driven(EXPERIMENT, config).recording


@pytest.mark.parametrize(
    "changes",
    [{}, {"degree": 5, "features": "orthogonal"}, {"degree": 2, "steps": 1000}, {"noise": "learned"}],
)
def test_descent_finds_the_closed_form(changes):
    config = replaced(CONFIG, **changes)
    recording = run(config)
    fit, end = recording.data, point(recording, recording.last)
    x = np.linspace(0, 10, 40)
    wanted = np.polynomial.Polynomial.fit(*np.array(config.points).T, config.degree)(x)
    np.testing.assert_allclose(fit.curve(fit.best.theta, x), wanted, atol=1e-9)
    np.testing.assert_allclose(fit.curve(end.theta, x), wanted, atol=1e-5)
    assert end.above < 1e-9
    assert end.loss == pytest.approx(fit.lowest, abs=1e-9)


def test_the_steps_follow_the_schedule():
    """By hand, each partial derivative for itself; then what the explanation says of 1/t with raw powers."""
    falling = replaced(CONFIG, features="raw", schedule=InverseTimeDecay(decay_rate=1.0))
    recording = run(falling)
    a, b = CONFIG.start
    for rate in (0.1, 0.05, 0.1 / 3):
        wrong = [(a + b * x - y, x) for x, y in CONFIG.points]
        scale = rate / (12 * 0.5**2)
        a, b = a - scale * sum(r for r, _ in wrong), b - scale * sum(r * x for r, x in wrong)
    np.testing.assert_allclose(point(recording, 3).theta, [a, b], rtol=1e-12)
    above = recording.column("above")
    assert above.argmax() == 6
    assert above[6] == pytest.approx(1.8e6, rel=0.01)
    assert above[200] == pytest.approx(3.6, abs=0.05)
    constant = run(replaced(CONFIG, features="raw", learning_rate=0.015))
    assert constant.column("above")[200] == pytest.approx(0.03, abs=0.005)


def test_the_lowest_loss_is_that_of_the_normal_distribution():
    x, y = np.array(CONFIG.points).T
    residuals = y - np.polyval(np.polyfit(x, y, 1), x)
    fit = run(CONFIG).data
    assert fit.lowest == pytest.approx(-stats.norm.logpdf(residuals, 0, 0.5).mean(), rel=1e-12)
    learned = run(replaced(CONFIG, noise="learned")).data
    scale = np.sqrt(np.mean(residuals**2))
    assert learned.lowest == pytest.approx(-stats.norm.logpdf(residuals, 0, scale).mean(), rel=1e-12)


def test_what_is_recorded_belongs_together():
    recording = run(CONFIG)
    fit = recording.data
    thetas = walked(recording, 7)
    assert thetas.shape == (8, 2)
    at = point(recording, 7)
    np.testing.assert_array_equal(thetas[7], at.theta)
    assert at.loss - fit.lowest == pytest.approx(at.above, rel=1e-9)
    start = fit.curve(thetas[0], np.array([0.0, 1.0]))
    np.testing.assert_allclose(start, [6.0, 5.6], rtol=1e-12)


@pytest.mark.parametrize("features", ["raw", "scaled", "orthogonal"])
@pytest.mark.parametrize("noise", ["fixed", "learned"])
def test_gradients(features, noise):
    config = replaced(CONFIG, degree=4, features=features, noise=noise, steps=3, learning_rate=1e-9)
    recording = run(config)
    for step in (0, 3):
        assert check(recording.data, point(recording, step)).passed


def test_raw_powers_need_a_far_smaller_step():
    recording = run(replaced(CONFIG, features="raw"))
    assert recording.last < CONFIG.steps
    assert point(recording, recording.last).lost
    fit = recording.data
    rate = 1.9 / float(fit.best.curvatures(fit.count, CONFIG.sigma)[0])
    slow = run(replaced(CONFIG, features="raw", learning_rate=rate))
    above = slow.column("above")
    assert slow.last == CONFIG.steps
    assert (np.diff(above) < 0).all()


def test_a_run_that_left_the_numbers_says_so():
    config = replaced(CONFIG, learning_rate=90.0)
    frames = list(EXPERIMENT.frames(config, prepare(config)))
    assert isinstance(frames[-1].diverged, Problem)


def test_a_curve_through_all_points_has_no_highest_likelihood():
    config = replaced(CONFIG, points=((0.0, 1.0), (1.0, 3.0)), noise="learned", steps=5)
    recording = run(config)
    fit = recording.data
    assert fit.sigma == 0
    assert fit.lowest == -math.inf
    assert (recording.column("above") == math.inf).all()


def test_all_tosses_are_steps_and_chance_comes_from_the_seed():
    config = replaced(CONFIG, scene="coin", tosses=300)
    heads = run(config).column("heads")
    assert heads[0] == 0
    assert set(np.diff(heads)) == {0, 1}
    np.testing.assert_array_equal(heads, run(config).column("heads"))
    assert not np.array_equal(heads, run(replaced(config, seed=5)).column("heads"))
    assert 180 < heads[-1] < 240


@pytest.mark.parametrize("p", [0.0, 0.35, 1.0])
def test_the_highest_likelihood_is_the_lowest_cross_entropy(p):
    recording = run(replaced(CONFIG, scene="coin", p=p, tosses=40))
    now = coin(recording, 40)
    best = now.q[now.likelihood.argmax()]
    assert best == now.q[now.cross_entropy.argmin()] == now.q[now.log_likelihood.argmax()] == now.frequency
    np.testing.assert_allclose(now.log_likelihood, -now.cross_entropy, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(
        now.cross_entropy, bernoulli.cross_entropy(now.frequency, now.q, math.e), rtol=1e-12
    )
    assert now.likelihood.max() == 1


def test_before_the_first_toss_all_are_alike():
    now = coin(run(replaced(CONFIG, scene="coin")), 0)
    assert math.isnan(now.frequency)
    assert (now.likelihood == 1).all()
    assert (now.log_likelihood == 0).all()
    assert check_coin(now, 0.5) is None


@pytest.mark.parametrize("q", [1e-9, 0.2, 0.5, 0.9, 1 - 1e-9])
def test_the_slope_of_the_coin_is_checked(q):
    now = coin(run(replaced(CONFIG, scene="coin")), 60)
    assert check_coin(now, q).passed
    assert check_coin(now, 0.0) is None


def test_the_outlier_moves_the_squares_most():
    recording = run(replaced(CONFIG, scene="outlier"))
    assert recording.last == 0
    found = recording.data
    away = {name: abs(line.slope - found.without.slope) for name, line in found.lines.items()}
    assert away["mse"] > 0.1 > away["mae"]
    assert away["huber"] < 0.05
    for name in LINE_LOSSES:
        assert check_line(replaced(CONFIG, scene="outlier"), found, name).passed


def test_the_sweep_is_each_line_for_itself():
    config = replaced(CONFIG, scene="outlier")
    found = run(config).data
    heights, slopes = sweep(config, found, (-5.0, 15.0))
    for k in (0, 13, len(heights) - 1):
        other = run(with_outlier(config, 8.2, float(heights[k]))).data
        for name in LINE_LOSSES:
            assert slopes[name][k] == pytest.approx(other.lines[name].slope, rel=1e-9)
    assert config.outlier[1] in heights


def test_points_come_and_go():
    config = with_point(CONFIG, 12, 3.3, 2.2)
    assert len(config.points) == 13
    assert config.points[-1] == (3.3, 2.2)
    assert without_point(config, 0).points == config.points[1:]
    assert with_point(CONFIG, 1, 9e9, -9e9).points[1] == (1e6, -1e6)
    assert with_start(CONFIG, 1 / 3, -2 / 3).start == (0.333, -0.667)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"degree": 5, "points": CONFIG.points[:5]}, "points"),
        ({"scene": "outlier", "points": ((1.0, 2.0), (1.0, 3.0))}, "points"),
        ({"points": ((2e6, 0.0), (0.0, 0.0))}, "points"),
        ({"outlier": (0.0, 1e7)}, "outlier"),
        ({"start": (math.nan, 0.0)}, "start[0]"),
        ({"points": ((0.0, 1.0),)}, "points"),
        ({"points": tuple((float(k), 0.0) for k in range(MOST_POINTS + 1))}, "points"),
    ],
)
def test_what_cannot_be_is_refused(changes, where):
    with pytest.raises(Problem) as problem:
        replaced(CONFIG, **changes)
    assert problem.value.where == where


def test_the_number_of_steps():
    assert last_step(CONFIG) == 200
    assert last_step(replaced(CONFIG, scene="coin")) == 100
    assert last_step(replaced(CONFIG, scene="outlier")) == 0
