"""Derivatives of formulas where squares overflow or vanish, and real roots: held against mpmath."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Problem
from engine.surfaces.expression.reader import parse
from engine.surfaces.functions_1d import from_text
from tests.cases import every

TINIEST = 1e-307  # below it floats have fewer digits

log, exp, sqrt, cosh = mpmath.log, mpmath.exp, mpmath.sqrt, mpmath.cosh
IN_X = {  # a formula, and the same for mpmath
    "log(1+exp(x))": lambda x: log(1 + exp(x)),
    "log(exp(x)+1)": lambda x: log(1 + exp(x)),
    "log(1 + e^x)": lambda x: log(1 + mpmath.e**x),
    "log(2 + 3*exp(-x))": lambda x: log(2 + 3 * exp(-x)),
    "log(1 + 2**x)": lambda x: log(1 + mpmath.mpf(2) ** x),
    "log2(1+exp(x))": lambda x: log(1 + exp(x)) / log(2),
    "log10(1+exp(2*x))": lambda x: log(1 + exp(2 * x)) / log(10),
    "log(cosh(x))": lambda x: log(cosh(x)),
    "log((1+exp(x))^2*cosh(x))": lambda x: 2 * log(1 + exp(x)) + log(cosh(x)),
    "sqrt(1+exp(2*x))": lambda x: sqrt(1 + exp(2 * x)),
    "1/(1+exp(-x))": lambda x: 1 / (1 + exp(-x)),
    "1/(1+exp(x))": lambda x: 1 / (1 + exp(x)),
    "5*exp(x)/(2+exp(x))": lambda x: 5 * exp(x) / (2 + exp(x)),
    "log(sigmoid(x))": lambda x: -log(1 + exp(-x)),
    "softplus(x)": lambda x: log(1 + exp(x)),
    "sigmoid(x)": lambda x: 1 / (1 + exp(-x)),
    "tanh(x)": mpmath.tanh,
    "log(1/(1+exp(-x)))": lambda x: -log(1 + exp(-x)),
    "-log(1-sigmoid(x))": lambda x: log(1 + exp(x)),
    "-log(1 - 1/(1+exp(-x)))": lambda x: log(1 + exp(x)),
    "x/exp(x)": lambda x: x * exp(-x),
    "1/cosh(x)": lambda x: 1 / cosh(x),
    "1/cosh(x)^2": lambda x: 1 / cosh(x) ** 2,
}
PLACES = [1e-9, -2.0, 20.0, 375.0, -375.0, 700.0]


def close(ours, theirs):
    """Whether a float is what many digits say."""
    return ours == pytest.approx(float(theirs), rel=1e-12, abs=TINIEST)


@pytest.mark.parametrize("text", IN_X)
@every("x", PLACES)
def test_value_slope_and_curvature_are_those_of_many_digits(text, x):
    formula, exact = parse(text), IN_X[text]
    with mpmath.workdps(60 + int(abs(x))):  # the curvature of ln(1 + exp(2x)) begins after 0.87x zeros
        true = [mpmath.diff(exact, mpmath.mpf(x), n) for n in (0, 1, 2)]
    ours = formula.value(x, 0.0), formula.gradient(x, 0.0)[0], formula.hessian(x, 0.0)[0]
    for ours_n, true_n in zip(ours, true, strict=True):
        assert close(ours_n, true_n), (ours, [mpmath.nstr(part, 17) for part in true])
    at = np.array([x])
    grid = formula.value(at, 0 * at)[0], formula.gradient(at, 0 * at)[0][0], formula.hessian(at, 0 * at)[0][0]
    np.testing.assert_allclose(grid, ours, rtol=1e-13, atol=TINIEST)


@pytest.mark.parametrize(
    ("text", "x"), [("1/exp(x^2)", 40.0), ("x/exp(x)", 800.0), ("1/cosh(x)", -900.0), ("2/cosh(x)^2", 400.0)]
)
def test_a_quotient_that_has_vanished_is_level(text, x):
    formula = parse(text)  # 40² = 1600, and e⁻⁷⁴⁵ is the last that is not 0
    assert [formula.value(x, 0.0), *formula.gradient(x, 0.0), *formula.hessian(x, 0.0)] == [0.0] * 6


IN_XY = {
    "log(exp(x)+exp(y))": lambda x, y: log(exp(x) + exp(y)),
    "log(1+exp(x)+exp(2*y))": lambda x, y: log(1 + exp(x) + exp(2 * y)),
    "exp(x)/(exp(x)+exp(y))": lambda x, y: exp(x) / (exp(x) + exp(y)),
    "log(exp(x)*(1+exp(y)))": lambda x, y: x + log(1 + exp(y)),
    "x*exp(y)/(1 + exp(y))": lambda x, y: x * exp(y) / (1 + exp(y)),
}


@pytest.mark.parametrize("text", IN_XY)
@pytest.mark.parametrize("place", [(0.4, -0.3), (375.0, 0.0), (-375.0, 300.0), (0.0, 375.0)])
def test_in_two_unknowns_too(text, place):
    formula, exact = parse(text), IN_XY[text]
    orders = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    with mpmath.workdps(60 + int(2 * max(map(abs, place)))):
        true = [mpmath.diff(exact, tuple(map(mpmath.mpf, place)), order) for order in orders]
    ours = [formula.value(*place), *formula.gradient(*place), *formula.hessian(*place)]
    for order, ours_n, true_n in zip(orders, ours, true, strict=True):
        assert close(ours_n, mpmath.chop(true_n, 1e-70) if max(place) < 1 else true_n), (
            order,
            ours,
            [mpmath.nstr(part, 17) for part in true],
        )


HUGE = {
    "log(x^2 + 1)": lambda x: log(x**2 + 1),
    "sqrt(x^2 + 1)": lambda x: sqrt(x**2 + 1),
    "(x^2 + 1)^0.5": lambda x: sqrt(x**2 + 1),
    "1/(x^2 + 1)": lambda x: 1 / (x**2 + 1),
    "x/(1 + x^2)": lambda x: x / (1 + x**2),
    "1/x": lambda x: 1 / x,
    "log(x)": log,
    "log10(x)/x": lambda x: log(x) / log(10) / x,
    "x^2/(x + 1)": lambda x: x**2 / (x + 1),
    "atan(x)": mpmath.atan,
}


@pytest.mark.parametrize("text", HUGE)
@every("x", [1e150, 1e-150, 1e100, 1e-100, 3.0])
def test_squares_that_overflow_or_vanish_do_no_harm(text, x):
    formula, exact = parse(text), HUGE[text]
    step = mpmath.mpf(10) ** -150 * mpmath.mpf(x)
    with mpmath.workdps(500):
        true = [mpmath.diff(exact, mpmath.mpf(x), n, h=step) for n in (1, 2)]
    ours = [formula.gradient(x, 0.0)[0], formula.hessian(x, 0.0)[0]]
    for n, ours_n, true_n in zip((1, 2), ours, true, strict=True):
        scale = float(abs(exact(mpmath.mpf(x))) / mpmath.mpf(x) ** n)  # of the terms, which may cancel
        if scale < 1e308:
            assert ours_n == pytest.approx(float(true_n), rel=1e-9, abs=1e-12 * scale + TINIEST), (ours, true)


def test_newton_leaps_where_the_exact_method_does():
    """On ln(1 + exp(x)) - x/2 from 3: to -7, to 551, and out of sight, as by mpmath."""
    curve = from_text("log(1+exp(x)) - 0.5*x", 10.0)
    x, exact = 3.0, mpmath.mpf(3)
    with mpmath.workdps(600):
        for _ in range(3):
            x -= float(curve.slope(np.array([x]))[0] / curve.curvature(np.array([x]))[0])
            share = 1 / (1 + mpmath.exp(-exact))
            exact -= (share - mpmath.mpf(1) / 2) / (share * (1 - share))
            assert x == pytest.approx(float(exact), rel=1e-6)
    assert x < -1e200


@pytest.mark.parametrize(
    ("text", "x", "value", "slope", "curvature"),
    [  # by hand: (-8)^(1/3) = -2
        ("x^(4/3)", -8.0, 16.0, -8 / 3, 1 / 9),
        ("x^(1/3)", -8.0, -2.0, 1 / 12, 1 / 144),
        ("x^(2/3)", -8.0, 4.0, -1 / 3, -1 / 72),
        ("x**(5/3)", -8.0, -32.0, 20 / 3, -5 / 9),
        ("x^-(1/3)", -8.0, -0.5, -1 / 48, -1 / 288),
        ("x^0.2", -32.0, -2.0, 1 / 80, 1 / 3200),
        ("x^(2/6)", -8.0, -2.0, 1 / 12, 1 / 144),
        ("(-8)^(1/3) + 0*x", 1.0, -2.0, 0.0, 0.0),
        ("x^(4/3)", 8.0, 16.0, 8 / 3, 1 / 9),
    ],
)
def test_an_odd_root_of_a_negative_number_is_real(text, x, value, slope, curvature):
    formula = parse(text)
    assert formula.value(x, 0.0) == pytest.approx(value, rel=1e-14)
    assert formula.gradient(x, 0.0)[0] == pytest.approx(slope, rel=1e-14)
    assert formula.hessian(x, 0.0)[0] == pytest.approx(curvature, rel=1e-14)
    assert formula.hessian(np.array([x]), np.zeros(1))[0] == pytest.approx(curvature, rel=1e-14)


def test_an_odd_root_is_exact_at_zero_where_it_has_a_slope():
    formula = parse("x^(4/3) + y^(5/3)")
    assert (formula.value(0.0, 0.0), formula.gradient(0.0, 0.0)) == (0.0, (0.0, 0.0))
    assert math.isnan(formula.hessian(0.0, 0.0)[0])


@pytest.mark.parametrize("text", ["x^1.5", "x^0.5", "x^(1/4)", "x^0.3", "x^pi", "x^(y/3)", "x^1.333"])
def test_other_roots_of_a_negative_number_are_holes(text):
    assert math.isnan(parse(text).value(-8.0, 4.0))


LEAVES = st.sampled_from(["x", "y", "2", "0", "0.5", "(x - x)", "(x*y)"])


def trees(leaves):
    two, one = (
        ["min", "max"],
        ["sign", "abs", "relu", "exp", "log", "sqrt", "tanh", "sigmoid", "softplus", "cosh"],
    )
    return st.one_of(
        st.tuples(st.sampled_from("+-*/"), leaves, leaves).map(lambda t: f"({t[1]} {t[0]} {t[2]})"),
        st.tuples(st.sampled_from(two), leaves, leaves).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(one), leaves).map(lambda t: f"{t[0]}({t[1]})"),
        leaves.map(lambda inside: f"({inside})^(1/3)"),
    )


PLACES_OF_NO_RETURN = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    1e308,
    -1e308,
    5e-324,
    math.inf,
    -math.inf,
    math.nan,
    800.0,
    -800.0,
]


@given(
    st.recursive(LEAVES, trees, max_leaves=7),
    st.sampled_from(PLACES_OF_NO_RETURN),
    st.sampled_from(PLACES_OF_NO_RETURN),
)
def test_a_point_and_an_array_agree_on_where_there_is_no_value(text, x, y):
    try:
        formula = parse(text)
    except Problem:
        return
    point = [formula.value(x, y), *formula.gradient(x, y), *formula.hessian(x, y)]
    a, b = np.array([x]), np.array([y])
    grid = np.array([formula.value(a, b), *formula.gradient(a, b), *formula.hessian(a, b)])[:, 0]
    np.testing.assert_array_equal(np.isnan(point), np.isnan(grid))
    np.testing.assert_allclose(point, grid, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize(
    "text", ["sign(x - y)", "max(1, x - y)", "max(x - y, 1)", "min(x - y, 1)", "relu(x - y)", "abs(x - y)"]
)
def test_infinity_minus_infinity_is_a_hole_at_a_point_and_in_an_array(text):
    formula = parse(text)
    assert math.isnan(formula.value(math.inf, math.inf))
    assert np.isnan(formula.value(np.array([math.inf]), np.array([math.inf]))).all()


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [  # by hand: the value, the two slopes, and the second derivatives by xx, xy and yy
        ("exp(-1/x^2)", (0.0, 0.0), (0, 0, 0, 0, 0, 0)),
        ("exp(-1/x^2)", (1e-120, 0.0), (0, 0, 0, 0, 0, 0)),
        ("exp(-x^2)", (1e200, 0.0), (0, 0, 0, 0, 0, 0)),
        ("atan(x/y^2)", (1.0, 0.0), (math.pi / 2, 0, 0, 0, 0, -2)),  # π/2 − y²/x + …
        ("x^y", (0.0, 2.0), (0, 0, 0, 2, 0, 0)),
        ("x*log(x)", (1e300, 0.0), (1e300 * math.log(1e300), math.log(1e300) + 1, 0, 1e-300, 0, 0)),
        (
            "x^2*log(x)",
            (1e-200, 0.0),
            (0, 1e-200 * (2 * math.log(1e-200) + 1), 0, 2 * math.log(1e-200) + 3, 0, 0),
        ),
        ("sinh(x)/cosh(x)", (800.0, 0.0), (1, 0, 0, 0, 0, 0)),
        ("cosh(x)/sinh(x)", (-800.0, 0.0), (-1, 0, 0, 0, 0, 0)),
    ],
)
def test_a_limit_is_reached_with_its_slopes(text, place, expected):
    formula = parse(text)
    point = [formula.value(*place), *formula.gradient(*place), *formula.hessian(*place)]
    assert point == pytest.approx(expected, rel=1e-14, abs=0.0)
    a, b = (np.array([part]) for part in place)
    grid = np.array([formula.value(a, b), *formula.gradient(a, b), *formula.hessian(a, b)])[:, 0]
    np.testing.assert_allclose(grid, expected, rtol=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "atan(1/x)",
        "atan(5/(0*y + x))",
        "exp(-1/x)",
        "tanh(1/x)",
        "atan(x^-1)",
        "atan(x^-(1/3))",
        "sigmoid(2/x)",
        "1/x^2",
    ],
)
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_where_both_sides_differ_there_is_a_hole(text, zero):
    formula = parse(text)
    assert math.isnan(formula.value(zero, 0.0))
    assert np.isnan(formula.value(np.array([zero]), np.zeros(1))).all()


def test_a_logarithm_inside_an_exponential_does_not_fade():
    """exp(½ ln(x²)) is |x|, whose slope at 0 is not 0."""
    assert math.isnan(parse("exp(0.5*log(x^2))").gradient(0.0, 0.0)[0])


CANCELLING = {  # by hand, from the first terms of the series; at 10⁻⁵ the next are 17 digits away
    "exp(x) - 1": lambda x: (x + x**2 / 2 + x**3 / 6, 1 + x + x**2 / 2, 1 + x + x**2 / 2),
    "-1 + e^x": lambda x: (x + x**2 / 2 + x**3 / 6, 1 + x + x**2 / 2, 1 + x + x**2 / 2),
    "1 - exp(-x)": lambda x: (x - x**2 / 2 + x**3 / 6, 1 - x + x**2 / 2, -1 + x - x**2 / 2),
    "1 - cos(x)": lambda x: (x**2 / 2 - x**4 / 24, x - x**3 / 6, 1 - x**2 / 2),
    "cos(x) - 1": lambda x: (-(x**2) / 2 + x**4 / 24, -x + x**3 / 6, -1 + x**2 / 2),
    "cosh(x) - 1": lambda x: (x**2 / 2 + x**4 / 24, x + x**3 / 6, 1 + x**2 / 2),
    "log(1 + x)": lambda x: (x - x**2 / 2 + x**3 / 3, 1 - x + x**2, -1 + 2 * x - 3 * x**2),
    "ln(x + 1)": lambda x: (x - x**2 / 2 + x**3 / 3, 1 - x + x**2, -1 + 2 * x - 3 * x**2),
    "log(1 - x)": lambda x: (-x - x**2 / 2 - x**3 / 3, -1 - x - x**2, -1 - 2 * x - 3 * x**2),
}


@pytest.mark.parametrize("text", CANCELLING)
@pytest.mark.parametrize("x", [1e-5, -1e-5, 1e-12, -1e-100])
def test_what_subtracts_one_keeps_the_digits_of_what_is_small(text, x):
    formula, expected = parse(text), CANCELLING[text](x)
    ours = [formula.value(x, 0.0), formula.gradient(x, 0.0)[0], formula.hessian(x, 0.0)[0]]
    assert ours == pytest.approx(expected, rel=2e-14, abs=0.0)
    at = np.array([x])
    grid = [formula.value(at, 0 * at), formula.gradient(at, 0 * at)[0], formula.hessian(at, 0 * at)[0]]
    np.testing.assert_allclose(np.ravel(grid), expected, rtol=2e-14)


@pytest.mark.parametrize("text", ["log(1 + x)", "1 - sqrt(x)", "2^x - 1", "1 - 2^x"])
def test_the_same_function_far_from_where_it_cancels(text):
    """At 3, by hand: ln 4, 1 - √3, 7 and -7; and ln(1 + x) has no value from -1 on."""
    expected = {
        "log(1 + x)": math.log(4.0),
        "1 - sqrt(x)": 1.0 - math.sqrt(3.0),
        "2^x - 1": 7.0,
        "1 - 2^x": -7.0,
    }
    assert parse(text).value(3.0, 0.0) == pytest.approx(expected[text], rel=1e-15)
    assert math.isnan(parse("log(1 + x)").value(-1.0, 0.0))


@pytest.mark.parametrize(("x", "y"), [(3.0, 4.0), (3e200, 4e200), (3e-200, -4e-200), (-3.0, 4.0)])
def test_the_slopes_of_an_angle(x, y):
    """By hand: atan(x/y) has the slopes y/(x² + y²) and -x/(x² + y²), and fxy = (x² - y²)/(x² + y²)²."""
    formula, r = parse("atan(x/y)"), math.hypot(x, y)
    assert formula.value(x, y) == pytest.approx(math.atan(x / y), rel=1e-15)
    assert formula.gradient(x, y) == pytest.approx((y / r / r, -x / r / r), rel=1e-14, abs=0.0)
    if 1e-3 < r < 1e3:
        assert formula.hessian(x, y) == pytest.approx(
            (-2 * x * y / r**4, (x * x - y * y) / r**4, 2 * x * y / r**4)
        )


def test_an_angle_without_a_divisor_is_a_hole():
    """At y = 0 x/y tends to another infinity on either side."""
    formula = parse("atan(x/y)")
    assert all(map(math.isnan, (formula.value(1.0, 0.0), *formula.gradient(1.0, 0.0))))
    assert np.isnan(formula.value(np.ones(2), np.array([0.0, -0.0]))).all()
