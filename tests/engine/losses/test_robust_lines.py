"""Lines by three losses, held against linear programming and a minimiser that knows none of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from engine.gradient_check import check_gradient
from engine.losses.robust_lines import (
    LINE_LOSSES,
    StraightLine,
    absolute_line,
    absolute_lines,
    absolute_loss,
    huber_line,
    huber_loss,
    squared_line,
)


def data(seed, n=14):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 10, n)
    y = 1 + 0.6 * x + rng.standard_normal(n)
    y[-1] += rng.choice([-30, 30])
    return x, y


def least_absolute(x, y):
    """Minimise Σ(u + v) with y − a − b·x = u − v and u, v ≥ 0."""
    n = len(x)
    eye = np.eye(n)
    equal = np.column_stack([np.ones(n), x, eye, -eye])
    cost = np.r_[0, 0, np.ones(2 * n)]
    return linprog(cost, A_eq=equal, b_eq=y, bounds=[(None, None)] * 2 + [(0, None)] * (2 * n))


@pytest.mark.parametrize("seed", range(6))
def test_absolute_lines_are_those_of_linear_programming(seed):
    x, y = data(seed)
    line, wanted = absolute_line(x, y), least_absolute(x, y)
    assert absolute_loss(x, y, line) == pytest.approx(wanted.fun / len(x), rel=1e-9)
    if line.unique:
        assert line[:2] == pytest.approx(tuple(wanted.x[:2]), rel=1e-7)
        assert np.count_nonzero(np.abs(y - line.at(x)) < 1e-9) >= 2


def test_lines_for_several_heights_are_those_for_each():
    x, y = data(3)
    x[2] = x[-1]  # one right below the point that moves: there is no line through both
    for height, line in zip((-20.0, 0.0, 5.5), absolute_lines(x, y, (-20.0, 0.0, 5.5)), strict=True):
        moved = np.append(y[:-1], height)
        assert absolute_loss(x, moved, line) == pytest.approx(least_absolute(x, moved).fun / len(x), rel=1e-9)


def test_of_several_best_lines_the_middle_is_taken():
    x, y = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    assert absolute_line(x, y) == StraightLine(0.5, 0.0, False)
    assert absolute_line(np.arange(4.0), 2 + 3 * np.arange(4.0)) == pytest.approx((2, 3, True))


@pytest.mark.parametrize("delta", [1e-3, 0.1, 0.5, 2.0, 1e3])
@pytest.mark.parametrize("seed", range(4))
def test_huber_lines_are_where_a_minimiser_ends(seed, delta):
    x, y = data(seed)
    line = huber_line(x, y, delta)

    def loss(at):
        r = np.abs(y - at[0] - at[1] * x)
        return np.where(r <= delta, 0.5 * r * r, delta * (r - 0.5 * delta)).mean()

    begin = minimize(loss, squared_line(x, y)[:2], method="Nelder-Mead", options={"maxiter": 4000}).x
    ended = minimize(
        loss, begin, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-16, "maxiter": 4000}
    )
    assert huber_loss(x, y, line, delta) <= ended.fun * (1 + 1e-9)
    psi = np.clip(y - line.at(x), -delta, delta)
    assert abs(psi.sum()) < 1e-9 * delta * len(x)
    assert abs((x * psi).sum()) < 1e-8 * delta * len(x)


@pytest.mark.parametrize("delta", [1e-7, 0.01, 0.05])
def test_huber_arrives_where_hardly_a_point_is_near(delta):
    for seed in range(300):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-5, 5, 4 + seed % 20)
        if seed % 3 == 0:
            x = np.round(x)  # points above each other
        y = 2 * x - 1 + rng.standard_t(1.5, len(x))
        psi = np.clip(y - huber_line(x, y, delta).at(x), -delta, delta)
        most = 1e-9 * delta + 1e-13 * np.abs(y).max()
        assert abs(psi.mean()) < most, seed
        assert abs((psi * x).mean()) < 5 * most, seed


def test_a_large_threshold_is_least_squares_and_a_small_one_least_absolute():
    x, y = data(1)
    assert huber_line(x, y, 1e5)[:2] == pytest.approx(squared_line(x, y)[:2], rel=1e-12)
    assert huber_line(x, y, 1e-7)[:2] == pytest.approx(absolute_line(x, y)[:2], abs=1e-6)


def test_squares_are_those_of_polyfit():
    x, y = data(2)
    assert squared_line(x, y)[:2] == pytest.approx(tuple(np.polyfit(x, y, 1)[::-1]), rel=1e-11)
    weights = np.arange(1.0, 15.0)
    wanted = np.polyfit(x, y, 1, w=np.sqrt(weights))[::-1]
    assert squared_line(x, y, weights)[:2] == pytest.approx(tuple(wanted), rel=1e-11)


def test_only_the_squares_follow_the_outlier_for_ever():
    x, y = data(3)
    slopes = []
    for height in (1e2, 1e3, 1e4):
        y[-1] = height
        slopes.append([loss.line(x, y, 0.5).slope for loss in LINE_LOSSES.values()])
    squared, absolute, huber = np.array(slopes).T
    assert squared[2] - squared[1] == pytest.approx(10 * (squared[1] - squared[0]))
    np.testing.assert_allclose(absolute, absolute[0], rtol=1e-12)
    np.testing.assert_allclose(huber, huber[0], rtol=1e-10)


@pytest.mark.parametrize("name", LINE_LOSSES)
@settings(max_examples=25)
@given(a=st.floats(-5, 5), b=st.floats(-3, 3))
def test_gradients(name, a, b):
    x, y = data(4)
    loss = LINE_LOSSES[name]

    def sides(at):
        r = y - at[0] - at[1] * x
        return np.r_[r > 0, np.abs(r) > 0.5]

    found = check_gradient(
        lambda at: loss.value(x, y, StraightLine(*at), 0.5),
        loss.gradient(x, y, StraightLine(a, b), 0.5),
        [a, b],
        sides=sides if name == "mae" else None,
    )
    # Across the corner of its slope Huber's loss differs from its difference by the step of it.
    assert found.max_relative_error < (2e-5 if name == "huber" else 1e-6) or not found.count


def test_points_above_each_other():
    x, y = np.array([1.0, 1.0, 2.0]), np.array([0.0, 4.0, 3.0])
    for loss in LINE_LOSSES.values():
        line = loss.line(x, y, 0.5)
        assert np.isfinite(line[:2]).all()
    assert squared_line(x, y)[:2] == pytest.approx((1, 1))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=12).filter(
        lambda points: len({x for x, _ in points}) > 1
    ),
    st.sampled_from([0.01, 0.5, 3.0]),
)
def test_huber_always_arrives(points, delta):
    x, y = np.array(points, float).T
    line = huber_line(x, y, delta)
    psi = np.clip(y - line.at(x), -delta, delta)
    assert abs(psi.mean()) < 1e-7 * delta
    assert abs((psi * (x - x.mean())).mean()) < 1e-7 * delta * np.abs(x - x.mean()).max()
