"""Curves, quadratic models and the cost of a step: slopes against differences, roots against SciPy."""

import numpy as np
import pytest
from scipy.optimize import brentq

from engine.config import Problem
from engine.convergence.newton_cost import measure, power, problem, sizes
from engine.gradient_check import check_gradient
from engine.surfaces.functions_1d import FUNCTIONS, from_text, stationary_points
from engine.surfaces.quadratic_model import QuadraticModel, level_lines, right_digits, shape_of


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slope_and_curvature_agree_with_differences(name):
    f = FUNCTIONS[name]
    for x in np.linspace(*f.bounds, 7) + 0.013:
        at = np.array([x])
        assert check_gradient(lambda z: f.value(z)[0], f.slope(at), at).passed
        assert check_gradient(lambda z: f.slope(z)[0], f.curvature(at), at).passed
        assert not check_gradient(lambda z: f.slope(z)[0], 1.01 * f.curvature(at) + 1e-3, at).passed
    assert f.bounds[0] < f.start < f.bounds[1]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_listed_points_are_stationary(name):
    f = FUNCTIONS[name]
    assert f.slope(np.array(f.stationary)) == pytest.approx(0.0, abs=1e-14)
    if name != "double_root":  # which f′ touches without crossing 0
        assert stationary_points(f) == pytest.approx(f.stationary, abs=1e-15)


def test_the_stationary_points_of_a_formula_are_those_scipy_finds():
    f = from_text("sin(3*x) + 0.3*x**2", 3.0)
    slope = lambda x: 3 * np.cos(3 * x) + 0.6 * x  # noqa: E731
    brackets = [(-3, -2), (-2, -1), (-1, 0), (0, 1), (1, 2), (2, 3)]
    assert f.stationary == pytest.approx([brentq(slope, *pair, xtol=1e-15) for pair in brackets], abs=1e-14)
    assert from_text("1/x + x", 2.0).stationary == pytest.approx((-1.0, 1.0)), "the pole is none"
    assert from_text("abs(x)", 2.0).stationary in ((), (0.0,))


def test_a_formula_in_y_is_refused_at_its_column():
    with pytest.raises(Problem) as caught:
        from_text("x + y", 1.0)
    assert caught.value.where == "5"


def test_the_vertex_is_the_stationary_point_of_the_model():
    rng = np.random.default_rng(0)
    m = rng.normal(size=(3, 3))
    model = QuadraticModel(rng.normal(size=3), 2.0, rng.normal(size=3), m + m.T)
    d = model.vertex() - model.x
    assert check_gradient(model.at, np.zeros(3), d).passed
    assert model.at(np.zeros(3)) == 2.0
    assert QuadraticModel(np.zeros(2), 0.0, np.ones(2), np.zeros((2, 2))).vertex() is None


@pytest.mark.parametrize("diagonal", [(2.0, 5.0), (-2.0, -0.5), (2.0, -1.0), (-1.0, 3.0)])
def test_level_lines_have_one_value_each(diagonal):
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    model = QuadraticModel(
        np.array([1.0, -0.5]), 3.0, np.array([0.7, 1.1]), turn @ np.diag(diagonal) @ turn.T
    )
    vertex = model.vertex()
    lowest = model.at(vertex - model.x)
    lines = {share: level_lines(model, share) for share in (1.0, 2.0)}
    assert len(lines[1.0]) == (1 if diagonal[0] * diagonal[1] > 0 else 2)
    for share, found in lines.items():
        for line in found:
            expected = lowest + share**2 * (3.0 - lowest)
            assert model.at(line - model.x) == pytest.approx(np.full(len(line), expected), abs=1e-9)
    assert level_lines(model._replace(gradient=np.zeros(2))) == [], "already on the vertex"


def test_shapes_and_digits():
    shapes = [shape_of(np.diag(values)) for values in ((1.0, 2.0), (-1.0, 2.0), (-1.0, -2.0), (0.0, 1.0))]
    assert shapes == ["bowl", "saddle", "hill", "flat"]
    digits = right_digits(np.array([1.001, 1.0, 20.0]), 1.0)
    assert digits[0] == pytest.approx(3.0)
    assert np.isinf(digits[1])
    assert digits[2] == 0.0


def test_the_timed_step_is_a_newton_step():
    f, w = problem(8, 30, 3)
    assert check_gradient(f.value, f.gradient(w), w).passed
    for k in range(8):
        assert check_gradient(lambda x, k=k: f.gradient(x)[k], f.hessian(w)[k], w).passed
    for _ in range(8):  # convex: Newton's method ends at the minimum
        w = w - np.linalg.solve(f.hessian(w), f.gradient(w))
    assert np.abs(f.gradient(w)).max() < 1e-12
    times = measure(*problem(16, 30, 0), 2)
    assert min(times[:3]) > 0
    assert times.residual < 1e-12


def test_the_slope_of_a_power_is_its_exponent():
    n = np.array(sizes(128), float)
    assert sizes(128) == [8, 11, 16, 23, 32, 45, 64, 91, 128]
    assert sizes(100)[-1] == 100
    assert power(n, 3e-9 * n**3) == pytest.approx(3.0)
    assert np.isnan(power(n[:1], n[:1]))
