"""Heights, slopes and curvatures of the landscapes, against differences and the literature."""

import dataclasses
import math

import numpy as np
import pytest

from engine.surfaces.classic import SURFACES, Bowl
from engine.surfaces.expression.reader import parse
from engine.surfaces.expression.surface import from_expression
from tests.cases import every

NAMES = [
    "bowl",
    "rosenbrock",
    "beale",
    "himmelblau",
    "booth",
    "saddle",
    "monkey_saddle",
    "rastrigin",
    "ackley",
    "styblinski_tang",
    "plateau",
    "cliff",
]
POINTS = [(0.3, -0.7), (-1.2, 1.0), (1.01, 0.4), (2.5, -1.9), (-3.1, 2.2), (0.98, 3.0)]
# The same landscapes in the words of our own formula reader, which differentiates without these hands.
FORMULAS = {
    "bowl": "(x^2 + 10*y^2)/2",
    "rosenbrock": "(1 - x)^2 + 100*(y - x^2)^2",
    "beale": "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    "himmelblau": "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    "booth": "(x + 2*y - 7)^2 + (2*x + y - 5)^2",
    "saddle": "x^2 - y^2",
    "monkey_saddle": "x^3 - 3*x*y^2",
    "rastrigin": "20 + x^2 + y^2 - 10*(cos(tau*x) + cos(tau*y))",
    "ackley": "20 + e - 20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(tau*x) + cos(tau*y))/2)",
    "styblinski_tang": "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
    "plateau": "1 - exp(-(x^2 + y^2)/2)",
    "cliff": "((x + 2)^2 + y^2)/10 + 2*(1 + tanh(25*(x - 1)))",
}


def differences(function, x, y):
    """Central differences of a scalar function along x and along y."""
    hx, hy = 6e-6 * max(1.0, abs(x)), 6e-6 * max(1.0, abs(y))
    along_x = (function(x + hx, y) - function(x - hx, y)) / (2.0 * hx)
    along_y = (function(x, y + hy) - function(x, y - hy)) / (2.0 * hy)
    return along_x, along_y


def test_the_table_holds_exactly_the_surfaces_of_the_syllabus():
    assert list(SURFACES) == NAMES
    for name, surface in SURFACES.items():
        assert surface.name == name
        assert surface.title
        assert surface.latex.startswith("f = ")
        assert surface.meaning.endswith(".")


@pytest.mark.parametrize("name", NAMES)
@every("point", POINTS)
def test_gradient_is_the_slope_of_the_value(name, point):
    surface = SURFACES[name]
    expected = differences(surface.value, *point)
    scale = 1.0 + abs(surface.value(*point))
    np.testing.assert_allclose(surface.gradient(*point), expected, rtol=1e-6, atol=1e-8 * scale)


@pytest.mark.parametrize("name", NAMES)
@every("point", POINTS)
def test_hessian_is_the_slope_of_the_gradient(name, point):
    surface = SURFACES[name]
    hxx, hxy, hyy = surface.hessian(*point)
    x_row = differences(lambda x, y: surface.gradient(x, y)[0], *point)
    y_row = differences(lambda x, y: surface.gradient(x, y)[1], *point)
    scale = 1.0 + max(map(abs, (hxx, hxy, hyy)))
    np.testing.assert_allclose((hxx, hxy), x_row, rtol=1e-6, atol=1e-7 * scale)
    np.testing.assert_allclose((hxy, hyy), y_row, rtol=1e-6, atol=1e-7 * scale)


@pytest.mark.parametrize("name", NAMES)
@every("point", POINTS)
def test_hand_and_machine_differentiate_alike(name, point):
    surface, formula = SURFACES[name], parse(FORMULAS[name])
    assert surface.value(*point) == pytest.approx(formula.value(*point), rel=1e-12, abs=1e-12)
    assert surface.gradient(*point) == pytest.approx(formula.gradient(*point), rel=1e-10, abs=1e-10)
    assert surface.hessian(*point) == pytest.approx(formula.hessian(*point), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in NAMES if SURFACES[name].minima])
def test_minima_are_flat_and_curve_upwards(name):
    surface = SURFACES[name]
    for x, y, lowest in surface.minima:
        assert surface.value(x, y) == pytest.approx(lowest, abs=1e-12)
        assert surface.gradient(x, y) == pytest.approx((0.0, 0.0), abs=1e-12)
        hxx, hxy, hyy = surface.hessian(x, y)
        assert hxx > 0.0
        assert hxx * hyy - hxy * hxy > 0.0


@pytest.mark.parametrize("name", [name for name in NAMES if SURFACES[name].minima])
def test_nothing_in_view_lies_below_the_minima(name):
    surface = SURFACES[name]
    (x0, x1), (y0, y1) = surface.bounds
    x, y = np.meshgrid(np.linspace(x0, x1, 301), np.linspace(y0, y1, 301))
    assert surface.value(x, y).min() >= surface.minima[0][2] - 1e-12
    assert all(x0 < mx < x1 and y0 < my < y1 for mx, my, _ in surface.minima)


@pytest.mark.parametrize("name", NAMES)
def test_the_start_is_in_view_and_somewhere_to_go_from(name):
    surface = SURFACES[name]
    (x0, x1), (y0, y1) = surface.bounds
    x, y = surface.start
    assert x0 < x < x1
    assert y0 < y < y1
    assert math.hypot(*surface.gradient(x, y)) > 1e-3


@pytest.mark.parametrize(
    ("name", "point", "expected"),
    [
        ("bowl", (3.0, 2.0), 24.5),
        ("rosenbrock", (-1.2, 1.0), 24.2),  # Moré, Garbow and Hillstrom, 1981
        ("beale", (1.0, 1.0), 14.203125),  # the same; 1.5² + 2.25² + 2.625²
        ("himmelblau", (0.0, 0.0), 170.0),
        ("himmelblau", (-0.270845, -0.923039), 181.617),
        ("booth", (0.0, 0.0), 74.0),
        ("saddle", (3.0, 2.0), 5.0),
        ("monkey_saddle", (2.0, 1.0), 2.0),
        ("rastrigin", (4.52299366, 4.52299366), 80.70658039),  # its maximum over |x|, |y| ≤ 5.12
        ("ackley", (1.0, 1.0), 20.0 - 20.0 * math.exp(-0.2)),
        ("styblinski_tang", (0.0, 0.0), 0.0),
        ("plateau", (1.0, 1.0), 1.0 - math.exp(-1.0)),
        ("cliff", (1.0, 0.0), 2.9),
    ],
)
def test_known_values(name, point, expected):
    assert SURFACES[name].value(*point) == pytest.approx(expected, rel=1e-5, abs=1e-12)


def test_himmelblau_has_a_maximum_between_its_minima():
    himmelblau = SURFACES["himmelblau"]
    point = (-0.270845, -0.923039)
    assert himmelblau.gradient(*point) == pytest.approx((0.0, 0.0), abs=1e-4)
    hxx, hxy, hyy = himmelblau.hessian(*point)
    assert hxx < 0.0 < hxx * hyy - hxy * hxy


def test_styblinski_tang_reaches_the_right_depth():
    assert SURFACES["styblinski_tang"].minima[0][2] == pytest.approx(2 * -39.16616570377141, abs=1e-13)


def test_the_monkey_saddle_is_flat_to_second_order():
    monkey = SURFACES["monkey_saddle"]
    assert (*monkey.gradient(0.0, 0.0), *monkey.hessian(0.0, 0.0)) == (0.0,) * 5


def test_ackley_has_a_gradient_of_zero_at_its_tip_for_floats_and_arrays():
    ackley = SURFACES["ackley"]
    assert ackley.gradient(0.0, 0.0) == (0.0, 0.0)
    gx, gy = ackley.gradient(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert (gx[0], gy[0]) == (0.0, 0.0)
    assert np.isfinite(np.array(ackley.hessian(np.zeros(2), np.zeros(2)))).all()


def test_the_plateau_is_flat_and_the_cliff_is_steep():
    assert math.hypot(*SURFACES["plateau"].gradient(4.0, 4.0)) < 1e-5
    cliff = SURFACES["cliff"]
    assert math.hypot(*cliff.gradient(1.0, 0.0)) > 50.0 * math.hypot(*cliff.gradient(1.5, 0.0))


@pytest.mark.parametrize("condition", [1.0, 10.0, 1e6])
def test_the_bowl_has_the_condition_number_it_is_given(condition):
    bowl = SURFACES["bowl"]
    assert isinstance(bowl, Bowl)
    hxx, hxy, hyy = dataclasses.replace(bowl, condition=condition).hessian(0.3, 0.4)
    eigenvalues = np.linalg.eigvalsh([[hxx, hxy], [hxy, hyy]])
    assert eigenvalues.max() / eigenvalues.min() == pytest.approx(condition)
    assert bowl.condition == 10.0


@pytest.mark.parametrize("name", NAMES)
@every("shape", [(), (6,), (2, 3), (3, 1, 2)])
def test_arrays_of_any_shape_agree_with_floats(name, shape):
    surface = SURFACES[name]
    count = math.prod(shape)
    x, y = np.array(POINTS[:count]).T.reshape(2, *shape)
    table = np.array([surface.value(x, y), *surface.gradient(x, y), *surface.hessian(x, y)])
    assert table.shape == (6, *shape)
    for column, (px, py) in zip(table.reshape(6, -1).T, POINTS[:count], strict=True):
        one = [surface.value(px, py), *surface.gradient(px, py), *surface.hessian(px, py)]
        assert all(type(number) is float for number in one)
        np.testing.assert_allclose(column, one, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_and_a_column_make_a_grid(name):
    surface = SURFACES[name]
    x, y = np.linspace(-1.0, 1.0, 3)[None, :], np.linspace(-2.0, 2.0, 4)[:, None]
    for result in (surface.value(x, y), *surface.gradient(x, y), *surface.hessian(x, y)):
        assert result.shape == (4, 3)


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_stays_single(name):
    x = np.array([0.5, -1.5], np.float32)
    surface = SURFACES[name]
    for result in (surface.value(x, x), *surface.gradient(x, x), *surface.hessian(x, x)):
        assert result.dtype == np.float32


@pytest.mark.parametrize("name", NAMES)
def test_far_away_is_no_error(name):
    surface = SURFACES[name]
    for far in (1e80, 1e200, -1e308, math.inf, math.nan):
        points = (
            (far, 1.0),
            (1.0, far),
            (np.array([far]), np.array([far])),
            (np.float64(far), np.float64(1.0)),
        )
        for x, y in points:
            surface.value(x, y)
            surface.gradient(x, y)
            surface.hessian(x, y)
    if name not in {"plateau", "ackley", "saddle", "monkey_saddle", "styblinski_tang"}:  # bounded, or ∞ − ∞
        assert surface.value(np.array([1e200]), np.array([0.3])) == np.inf


def test_an_expression_is_a_surface_too():
    surface = from_expression(parse("x**2 + 3*x*y"), 4.0)
    assert surface.bounds == ((-4.0, 4.0), (-4.0, 4.0))
    assert surface.minima == ()
    assert surface.value(1.0, 2.0) == 7.0
    assert surface.gradient(1.0, 2.0) == (8.0, 3.0)
    assert surface.hessian(1.0, 2.0) == (2.0, 3.0, 0.0)
    assert surface.latex == "f = x^{2} + 3 x y"
    assert all(-4.0 < coordinate < 4.0 for coordinate in surface.start)
    assert surface.value(np.ones((2, 1)), np.ones(3)).shape == (2, 3)
    assert "expression" not in SURFACES
