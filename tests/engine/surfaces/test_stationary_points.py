"""Stationary points: how many there are is known from paper, and where is checked with SciPy."""

from collections import Counter

import numpy as np
import pytest
from scipy.optimize import root

from engine.surfaces.classic import SURFACES
from engine.surfaces.expression import reader as expressions
from engine.surfaces.expression.surface import from_expression
from engine.surfaces.stationary_points import StationaryPoint, nearest, newton_step, stationary_points


def kinds(points, surface):
    (x0, x1), (y0, y1) = surface.bounds
    return Counter(p.kind for p in points if x0 <= p.x <= x1 and y0 <= p.y <= y1)


def test_himmelblau_has_nine():
    points = stationary_points(SURFACES["himmelblau"])
    assert kinds(points, SURFACES["himmelblau"]) == {"minimum": 4, "saddle": 4, "maximum": 1}
    minima = sorted((p.x, p.y) for p in points if p.kind == "minimum")
    known = [(-3.779310, -3.283186), (-2.805118, 3.131312), (3.0, 2.0), (3.584428, -1.848126)]
    assert np.array(minima) == pytest.approx(np.array(known), abs=1e-6)
    (top,) = [p for p in points if p.kind == "maximum"]
    assert (top.x, top.y) == pytest.approx((-0.270845, -0.923039), abs=1e-6)


def test_none_of_rastrigin_s_dents_is_missed():
    """Along each axis 11 minima with 10 maxima between them, and saddles where one meets the other."""
    points = stationary_points(SURFACES["rastrigin"])
    assert kinds(points, SURFACES["rastrigin"]) == {"minimum": 121, "saddle": 220, "maximum": 100}
    assert (points[0].x, points[0].y, points[0].f) == pytest.approx((0, 0, 0), abs=1e-12)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("bowl", {"minimum": 1}),
        ("rosenbrock", {"minimum": 1}),
        ("booth", {"minimum": 1}),
        ("saddle", {"saddle": 1}),
        ("monkey_saddle", {"saddle": 1}),
        ("styblinski_tang", {"minimum": 4, "saddle": 4, "maximum": 1}),
        ("plateau", {"minimum": 1}),
        ("cliff", {"minimum": 1}),
        ("beale", {"minimum": 1, "saddle": 2}),
    ],
)
def test_the_others(name, count):
    assert kinds(stationary_points(SURFACES[name]), SURFACES[name]) == count


def test_the_tip_of_ackley_s_cone_is_a_minimum_without_a_derivative():
    points = stationary_points(SURFACES["ackley"])
    assert points[0] == StationaryPoint(0.0, 0.0, 0.0, "minimum")
    assert kinds(points, SURFACES["ackley"])["minimum"] == 121


@pytest.mark.parametrize("text", ["sin(3*x)*cos(2*y) + 0.3*(x**2 + y**2)", "x**4 - x**2 + y**2 + 0.1*x"])
def test_scipy_finds_the_gradient_zero_there(text):
    surface = from_expression(expressions.parse(text), 2.0)
    points = stationary_points(surface)
    assert len(points) >= 3
    for point in points:
        found = root(lambda p: surface.gradient(*p.tolist()), (point.x, point.y), tol=1e-13)
        assert found.x == pytest.approx((point.x, point.y), abs=1e-7)


def test_a_double_well_by_hand():
    """f = (x² − 1)² + y²: minima at ±1, a saddle at 0 between them."""
    points = stationary_points(from_expression(expressions.parse("(x**2 - 1)**2 + y**2"), 2.0))
    assert [(round(p.x, 9) + 0.0, round(p.y, 9) + 0.0, p.kind) for p in points] == [
        (-1, 0, "minimum"),
        (1, 0, "minimum"),
        (0, 0, "saddle"),
    ]


def test_a_valley_without_a_lowest_point_and_a_plane_have_none():
    for text in ("x**2", "x + y", "1 + 0*x"):
        assert stationary_points(from_expression(expressions.parse(text), 3.0)) == ()


def found(text, reach=3.0):
    """The points of a formula, as (x, y, kind)."""
    points = stationary_points(from_expression(expressions.parse(text), reach))
    return [(round(p.x, 7) + 0.0, round(p.y, 7) + 0.0, p.kind) for p in points]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x**4 + y**4", "minimum"),
        ("-x**4 - y**4", "maximum"),
        ("x**6 + y**6", "minimum"),
        ("x**8 + y**8", "minimum"),
        ("x**4 + y**2", "minimum"),
        ("x**4 - y**4", "saddle"),
        ("x**3 + y**2", "saddle"),
        ("x**3 - 3*x*y**2", "saddle"),
        ("1e-8*(x**2 + y**2)", "minimum"),
        ("1e-8*(x**2 - y**2)", "saddle"),
        ("x**2 + 1e9*y**2", "minimum"),
        ("exp(-100*(x**2 + y**2))", "maximum"),
        ("(y - x**2)*(y - 2*x**2)", "saddle"),
    ],
)
def test_where_the_hessian_does_not_tell_the_surface_around_does(text, kind):
    """All have one level place, the origin, as one sees from the formula; the last is Peano's."""
    assert found(text) == [(0.0, 0.0, kind)]


def test_a_floor_that_is_level_along_a_line_has_no_points_of_its_own():
    """∇(xy − 1)² = 2(xy − 1)(y, x), and ∇(x² + y² − 1)² = 4(x² + y² − 1)(x, y): at 0, or on the curve."""
    assert found("(x*y - 1)**2") == [(0.0, 0.0, "saddle")]
    assert found("(x**2 + y**2 - 1)**2") == [(0.0, 0.0, "maximum")]
    for text in ("sin(x + y)**2", "(x + 2*y)**2", "max(x, 0)**2 + y**2"):
        assert found(text) == [], text


def test_newton_s_step_is_none_where_there_is_no_slope_and_does_not_underflow():
    """f = 1e−180·(x² + 2y²) has the Newton step (x, y), though the product of its curvatures is 0 in
    floats."""
    level = from_expression(expressions.parse("0*x"), 3.0)
    assert [float(part[0]) for part in newton_step(level, np.ones(1), np.ones(1))] == [0.0, 0.0]
    faint = from_expression(expressions.parse("1e-90*1e-90*(x**2 + 2*y**2)"), 3.0)
    step = newton_step(faint, np.array([0.5]), np.array([-2.0]))
    assert np.array(step).ravel() == pytest.approx([0.5, -2.0], rel=1e-12)


def test_newton_s_step_solves_the_system():
    surface, x, y = SURFACES["himmelblau"], np.array([0.5, -2.0, 4.0]), np.array([1.0, 3.0, -3.5])
    for damping in (0.0, 25.0):
        dx, dy = newton_step(surface, x, y, damping)
        for k in range(3):
            xx, xy, yy = surface.hessian(float(x[k]), float(y[k]))
            wanted = np.linalg.solve(
                [[xx + damping, xy], [xy, yy + damping]], surface.gradient(float(x[k]), float(y[k]))
            )
            assert (dx[k], dy[k]) == pytest.approx(wanted, rel=1e-10)


def test_nearest_is_what_a_search_through_all_finds():
    points = stationary_points(SURFACES["rastrigin"])
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-7, 7, (2, 500))
    for radius in (0.05, 0.4, 3.0):
        away = np.hypot(
            np.subtract.outer(x, [p.x for p in points]), np.subtract.outer(y, [p.y for p in points])
        )
        wanted = np.where(away.min(axis=1) <= radius, away.argmin(axis=1), -1)
        assert (nearest(points, x, y, radius) == wanted).all()


def test_nearest_to_nowhere():
    points = stationary_points(SURFACES["bowl"])
    assert nearest(points, np.array([np.nan, np.inf, 0.0]), np.zeros(3), 0.1).tolist() == [-1, -1, 0]
    assert nearest((), np.zeros(2), np.zeros(2), 0.1).tolist() == [-1, -1]


def test_the_radius_itself_is_within():
    (bottom,) = stationary_points(SURFACES["bowl"])
    assert (bottom.x, bottom.y) == (0.0, 0.0)
    x = np.array([-0.5, 0.5, 0.0, 0.5])
    assert nearest((bottom,), x, np.array([0.0, 0.0, 0.5, 0.5]), 0.5).tolist() == [0, 0, 0, -1]
