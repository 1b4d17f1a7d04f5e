"""The user's formulas: read as mathematics reads them, differentiated as SymPy does, never run as code."""

import math
import time

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.config import Problem
from engine.surfaces.expression.names import ALIASES, FUNCTIONS, TWO_ARGUMENTS
from engine.surfaces.expression.reader import MAX_LENGTH, parse
from tests.cases import every

X, Y = sympy.symbols("x y", real=True)
SYMPY_NAMES = {
    "x": X, "y": Y, "pi": sympy.pi, "tau": 2 * sympy.pi, "e": sympy.E, "abs": sympy.Abs, "min": sympy.Min,
    "max": sympy.Max, "sign": sympy.sign, "log2": lambda u: sympy.log(u) / sympy.log(2),
    "log10": lambda u: sympy.log(u) / sympy.log(10), "relu": lambda u: sympy.Max(u, 0),
    "sigmoid": lambda u: 1 / (1 + sympy.exp(-u)), "softplus": lambda u: sympy.log(1 + sympy.exp(u)),
}  # fmt: skip
for alias, name in ALIASES.items():
    SYMPY_NAMES[alias] = SYMPY_NAMES.get(name, getattr(sympy, name, None))


def by_sympy(text, x, y):
    """Value, gradient and Hessian of a formula at a point, with twenty digits, as SymPy has them."""
    formula = sympy.sympify(text, locals=SYMPY_NAMES)
    slopes = [sympy.diff(formula, X), sympy.diff(formula, Y)]
    curvatures = [sympy.diff(slopes[0], X), sympy.diff(slopes[0], Y), sympy.diff(slopes[1], Y)]
    return [part.subs({X: x, Y: y}).evalf(20) for part in (formula, *slopes, *curvatures)]


def by_us(text, x, y):
    formula = parse(text)
    return [formula.value(x, y), *formula.gradient(x, y), *formula.hessian(x, y)]


FORMULAS = [
    "x", "3.5", "x + y", "x - y - 1", "x*y/2", "x/y/x", "2**-x", "-x**2", "(-x)**2", "x**y**2", "x^3*y^-2",
    "-x*-y", "+x - -y", "2 - 3 - x", "x**0.5*y", "(x*y)**1.5", "(x + 2*y)**x", "1e-3*x + .5*y + 2.*x*y",
    "(1 - x)**2 + 100*(y - x**2)**2", "sin(x)*exp(-y**2) + x**2/10", "exp(-(x**2 + y**2)/2)*cos(tau*x)",
    "log(1 + x**2)/sqrt(y)", "atan(y/x) + asin(x/(2 + y*y)) - acos(x*y/20)", "sinh(x)*tanh(x - y)/cosh(y)",
    "abs(x - y)*min(x, 2*y) + max(x*y, x + y)", "sigmoid(3*x - y)*softplus(y - x)*relu(x + y)", "e**(x*pi)",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
@every("point", [(0.7, 1.3), (1.9, 0.4)])
def test_value_gradient_and_hessian_are_sympys(text, point):
    expected = [float(part) for part in by_sympy(text, *point)]
    assert by_us(text, *point) == pytest.approx(expected, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@every("point", [(0.7, 0.4), (-0.6, -0.3)])
def test_every_function_is_differentiated_exactly(name, point):
    # Inside, x² + y is positive, below 1 and nonlinear; the second point tries the functions left of 0.
    inside = (
        "x**2*y + y/2" if point[0] < 0 and not FUNCTIONS[name].startswith(("log", "sqrt")) else "x**2 + y**2"
    )
    text = f"{name}({inside}, x*y + 0.1)" if name in TWO_ARGUMENTS else f"{name}({inside})"
    expected = [float(part) for part in by_sympy(text, *point)]
    assert by_us(text, *point) == pytest.approx(expected, rel=1e-11, abs=1e-12)


def trees(leaves):
    pair = st.tuples(leaves, leaves)
    return st.one_of(
        st.tuples(st.sampled_from("+-*/"), pair).map(lambda t: f"({t[1][0]} {t[0]} {t[1][1]})"),
        st.tuples(leaves, st.integers(-3, 3)).map(lambda t: f"({t[0]})**({t[1]})"),
        st.tuples(
            st.sampled_from(["sin", "cos", "atan", "tanh", "exp", "sqrt", "log", "sigmoid"]), leaves
        ).map(lambda t: f"{t[0]}({t[1]})"),
        leaves.map(lambda inside: f"-({inside})"),
    )


LEAVES = st.one_of(st.sampled_from(["x", "y"]), st.integers(1, 9).map(str))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.recursive(LEAVES, trees, max_leaves=7), st.sampled_from([(0.7, 1.3), (-1.1, 0.6)]))
def test_random_formulas_agree_with_sympy(text, point):
    try:
        ours = by_us(text, *point)
    except Problem:
        assume(False)  # such as 1/(2 − 2), which both refuse
    theirs = by_sympy(text, *point)
    assume(all(part.is_real and abs(part) < 1e9 for part in theirs) and np.isfinite(ours).all())
    # Differences of nearly equal terms lose digits in any float arithmetic: judge by the largest part.
    scale = max(1.0, *(abs(float(part)) for part in theirs))
    assert ours == pytest.approx([float(part) for part in theirs], rel=1e-8, abs=1e-9 * scale)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.recursive(LEAVES, trees, max_leaves=9))
def test_floats_and_arrays_agree(text):
    try:
        formula = parse(text)
    except Problem:
        assume(False)
    x, y = np.array([[0.7, -1.1, 0.0, 800.0]]), np.array([[1.3], [0.0], [-2.0]])
    grid = np.array([formula.value(x, y), *formula.gradient(x, y), *formula.hessian(x, y)])
    assert grid.shape == (6, 3, 4)
    for row in range(3):
        for column in range(4):
            a, b = float(x[0, column]), float(y[row, 0])
            one = [formula.value(a, b), *formula.gradient(a, b), *formula.hessian(a, b)]
            # Close to a pole the last bit of `math` and of NumPy decides, so only the finite are compared.
            both = np.isfinite(one) & np.isfinite(grid[:, row, column]) & (np.abs(one) < 1e12)
            np.testing.assert_allclose(grid[both, row, column], np.array(one)[both], rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x**2", -4.0), ("2**3**2", 512.0), ("2^3", 8.0), ("-2**2", -4.0), ("2**-1", 0.5),
        ("x**-y", 0.125),
        ("1 - 2 - 3", -4.0), ("8/4/2", 1.0), ("2*x + y*x", 10.0), ("−x × y · 2 ÷ 4 ⋅ 1", -3.0),
        ("2 * -x", -4.0), ("--x", 2.0), ("ln(e)", 1.0), ("2e1 + e", 20 + math.e), ("cos(π)", -1.0),
        ("  x\t+\n y ", 5.0),
        ("max(x, y) - min(x, y)", 1.0), ("log2(8) + log10(100)", 5.0), ("1.5e-3*x", 0.003),
        ("(((x)))", 2.0),
        ("sign(-y)*abs(-x)", -2.0), ("x**0", 1.0), ("0*x + .5", 0.5), ("tau - 2*pi", 0.0),
    ],
)  # fmt: skip
def test_it_is_read_as_mathematics_reads_it(text, value):
    assert parse(text).value(2.0, 3.0) == pytest.approx(value, rel=1e-15)
    assert parse(text).text == text


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("x²+y²", "x**2 + y**2"), ("√(x^2+y^2)", "sqrt(x**2 + y**2)"), ("|x|+|y|", "abs(x) + abs(y)"),
        ("2x", "2*x"),
        ("（x+1）^2", "(x + 1)**2"), ("max(x，y)", "max(x, y)"), ("lg(x)", "log10(x)"),
        ("2(x+1)", "2*(x + 1)"),
        ("(x+1)(y-1)", "(x + 1)*(y - 1)"), ("2sin(x)cos(y)", "2*sin(x)*cos(y)"), ("xy", "x*y"),
        ("xy²", "x*y**2"),
        ("x(y+1)", "x*(y + 1)"), ("x y", "x*y"), ("2πx", "2*pi*x"), ("x^2 y", "x**2*y"), ("2x^2", "2*x**2"),
        ("|x||y|", "abs(x)*abs(y)"), ("||x|-1|", "abs(abs(x) - 1)"), ("|x-|y||", "abs(x - abs(y))"),
        ("2|x|y", "2*abs(x)*y"), ("√x + √2 y", "sqrt(x) + sqrt(2)*y"), ("sin²(x)", "sin(x)**2"),
        ("½x²", "0.5*x**2"),
        ("x⁻²", "x**-2"), ("-x²", "-(x**2)"), ("2e3x", "2e3*x"), ("2e", "2*e"),
        ("ｓｉｎ（２ｘ）", "sin(2*x)"),
        ("x²y", "x**2*y"), ("x^(2)y", "x**2*y"), ("3√x", "3*sqrt(x)"),
        ("(|x|+1)|y|", "(abs(x) + 1)*abs(y)"),
        ("1½x", "1.5*x"), ("2 ½", "2.5"), ("x^1½", "x**1.5"), ("||x|y|", "abs(abs(x)*y)"),
        ("2x - 3y", "2*x - 3*y"), ("x × y ÷ 2", "x*y/2"), ("arctan(x)", "atan(x)"), ("1/2*x", "(1/2)*x"),
    ],
)  # fmt: skip
def test_it_is_read_as_people_write_it(typed, plain):
    assert by_us(typed, 0.7, 1.3) == by_us(plain, 0.7, 1.3)
    assert parse(typed).latex  # and typeset as read


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("½x²|y|", r"\frac{1}{2} x^{2} \left|y\right|"),
        ("2(x+1)", r"2 \left(x + 1\right)"),
        ("√(xy)", r"\sqrt{x y}"),
        ("x**2/(1 + y)", r"\frac{x^{2}}{1 + y}"),
        ("(x + y)*2", r"\left(x + y\right) \cdot 2"),
        ("-x*y", "-x y"),
        ("(x - y)**2", r"\left(x - y\right)^{2}"),
        ("x - (y - 1)", r"x - \left(y - 1\right)"),
        ("x - -y", r"x - \left(-y\right)"),
        ("(x**y)**2", r"\left(x^{y}\right)^{2}"),
        ("x**y**2", "x^{y^{2}}"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        ("sqrt(x)*abs(y)", r"\sqrt{x} \left|y\right|"),
        ("exp(-x)", "e^{-x}"),
        ("ln(x) + asin(y)", r"\ln\left(x\right) + \arcsin\left(y\right)"),
        ("min(x, 2e3)", r"\min\left(x, 2 \cdot 10^{3}\right)"),
        ("relu(pi)", r"\operatorname{relu}\left(\pi\right)"),
    ],
)
def test_it_is_typeset_as_it_was_read(text, latex):
    assert parse(text).latex == latex


HOSTILE = {
    "": 1,
    "   ": 1,
    "__import__('os').system('ls')": 12,
    "__import__": 1,
    "x.__class__": 2,
    "().__class__": 3,
    "lambda: x": 7,
    "[x for x in y]": 1,
    "x if y else 1": 3,
    "x; y": 2,
    "x = 2": 3,
    "x == y": 3,
    "x // y": 4,
    "x % y": 3,
    "x\x00": 2,
    "x + \u202ey": 5,
    "х + y": 1,  # a Cyrillic х
    "٣*x": 1,
    "'x'": 1,
    "f'{x}'": 2,
    "{x}": 1,
    "{}": 1,
    "exec(x)": 1,
    "x 2": 3,
    "(x + 1)2": 8,
    "1/2x": 4,
    "x/2(y)": 4,
    "1/(2)(x)": 6,
    "e^2x": 4,
    "x^2y": 4,
    "|x": 1,
    "x|": 2,
    "|(x|+1|)": 1,
    "√x²": 1,
    "√2x": 1,
    "√x(y+1)": 1,
    "|2|x|-1|": 3,
    "|x|y|x|": 3,
    "x½": 2,
    "1.5½": 4,
    "2*1e-400": 3,
    "sin⁻¹(x)": 4,
    "0,5*x": 2,
    "x²³⁴": 2,
    "xsin(y)": 1,
    "tanx": 1,
    "x**": 4,
    "*x": 1,
    "x + * y": 5,
    "x***y": 4,
    "()": 2,
    "(x": 1,
    "(x))": 4,
    "x, y": 2,
    "sin": 1,
    "sin x": 1,
    "sin()": 5,
    "sin(x, y)": 1,
    "min(x)": 1,
    "max(x, y, 1)": 1,
    "min(x,": 7,
    "sin(x": 4,
    "step(x)": 1,
    "negative(x)": 1,
    "1.2.3*x": 4,
    "0x10": 2,
    "1_000": 2,
    "1e999": 1,
    "9" * 200: 1,
    "1e101*x": 1,
    "10**10**10": 3,
    "9**9**9**9": 5,
    "x**101": 2,
    "x**-(50*3)": 2,
    "((x**99)**99)**1e9": 14,
    "x + 1/0": 6,
    "x*log(-1)": 3,
    "sqrt(-1)": 1,
    "(-8)**(1/4)": 5,
    "asin(2)*x": 1,
    "exp(exp(100))": 1,
    "0**-1": 2,
    "1e99**99": 5,
    "nan": 1,
    "inf*x": 1,
    "x" * MAX_LENGTH: 1,
    "x" * (MAX_LENGTH + 1): MAX_LENGTH + 1,
    "x+" * 100_000: MAX_LENGTH + 1,
    "(" * 300: 41,
    "-" * 299 + "x": 41,
    "√" * 299 + "x": 41,
    "sin(" * 50 + "x" + ")" * 50: 161,
    "x**" * 99 + "x": 121,
    "*".join(["x^y"] * 75): 1,
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:30]))
def test_what_is_no_formula_is_refused_with_its_place(text):
    with pytest.raises(Problem) as refusal:
        parse(text)
    assert refusal.value.where == str(HOSTILE[text])
    assert str(refusal.value) == refusal.value.sentence.format(**refusal.value.values)
    assert len(str(refusal.value)) < 150


TWICE_RAISED = {  # what is refused, its column, and the values of both readings at x = 2, y = 3
    "x²^3": (3, 64, 256),
    "x²**3": (3, 64, 256),
    "x²^-2": (3, 2.0**-4, 2.0**0.25),
    "(x+1)²^2": (7, 81, 81),
    "-x²^3": (4, 64, 256),
    "1 + y²^x": (7, 81, 81),
    "|x - 5|²^3": (9, 729, 6561),
    "exp²(x)^2": (8, math.exp(8), math.exp(8)),
    "exp²(x)³": (8, math.exp(12), math.exp(16)),
    "max²(x, y)^3": (11, 729, 6561),
    "(x + 2*y - 3*x + 0*y)²^2": (23, 16, 16),
}


@pytest.mark.parametrize("text", TWICE_RAISED)
def test_a_power_of_a_power_is_refused_with_both_ways_to_write_it(text):
    column, *expected = TWICE_RAISED[text]
    with pytest.raises(Problem, match="two ways") as refusal:
        parse(text)
    assert refusal.value.where == str(column)
    readings = [parse(refusal.value.values[way]).value(2.0, 3.0) for way in ("one", "other")]
    assert readings == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("text", [f"({'+'.join('x' * 30)})²^3", f"sin²({'+'.join('x' * 30)})^3"])
def test_what_is_too_long_to_be_offered_whole_is_not_offered(text):
    with pytest.raises(Problem, match="two ways; put one of them in parentheses") as refusal:
        parse(text)
    assert refusal.value.values == {}


@pytest.mark.parametrize("digits", [3, 30, 90])
def test_a_number_with_a_decimal_comma_is_offered_whole_or_not_at_all(digits):
    with pytest.raises(Problem, match="Write decimals with a point") as refusal:
        parse(f"x + 1,{'3' * digits}")
    assert refusal.value.values["number"] == (f"1.{'3' * digits}" if digits < 50 else "0.5")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=40) | st.text("xy12.+-*/^(), sincoexpe_\x00", max_size=60))
def test_any_text_is_understood_or_refused(text):
    column = 1
    try:
        by_us(text, 0.3, -0.4)
    except Problem as problem:
        column = int(problem.where)
    assert 1 <= column <= len(text) + 1


LONGEST = [
    "x+" * 149 + "x",
    "x*" * 149 + "x",
    "x/" * 149 + "y",
    "-x" * 150,
    "/".join(["x**y"] * 60),
    "/".join(["(x^y)^x"] * 37),
    "*".join(["tan(x*y)"] * 33),
    "tan(" * 38 + "x*y" + ")" * 38,
    "x^" * 38 + "y",
    "max(" * 38 + "x" + ",y)" * 38,
]


@pytest.mark.parametrize("text", LONGEST, ids=lambda text: text[:12])
def test_no_formula_takes_long(text):
    begin = time.process_time()
    try:
        formula = parse(text)
        formula.hessian(np.full(100, 0.9), np.full(100, 1.1))
    except Problem:
        pass
    assert time.process_time() - begin < 0.5  # about 0.04 s; a hundred times that would be a blow-up


def test_a_misspelt_name_gets_a_suggestion():
    for text, sentence in {
        "sinn(x)": "Unknown name sinn; did you mean sin?",
        "1 + SQRT(x)": "Unknown name SQRT; did you mean sqrt?",
        "X**2": "Unknown name X; did you mean x?",
        "foo": "Unknown name foo; use x, y, pi, e and functions such as sin or exp.",
        "isn(x)": "Unknown name isn; did you mean sin?",
        "lgg(x)": "Unknown name lgg; did you mean lg?",
        "cot(x)": "There is no cot here; write 1/tan(x).",
        "log1p(x)": "There is no log1p here; write log(1 + x).",
        "exp2(x)": "There is no exp2 here; write 2^x.",
        "erf(x)": "Unknown name erf; use x, y, pi, e and functions such as sin or exp.",
        "log3(x)": "Unknown name log3; use x, y, pi, e and functions such as sin or exp.",
        "atan2(x)": "Unknown name atan2; use x, y, pi, e and functions such as sin or exp.",
        "xsin(y)": "An operator is missing in xsin; write x*sin.",
        "sinx": "Put the argument of sin in parentheses, as in sin(x).",
        "0,5*x": "Write decimals with a point: 0.5.",
        "|2|x|-1|": "These bars can be read in two ways; write * where you multiply.",
        "1e-400*x": "This number is too close to 0: 1e-400",
        "Sin(x)": "Unknown name Sin; did you mean sin?",
        "nan*x": "Unknown name nan; use x, y, pi, e and functions such as sin or exp.",
        "1/2x": "An operator is missing before x; write * to multiply.",
    }.items():
        with pytest.raises(Problem) as refusal:
            parse(text)
        assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("log(x)", -1.0, 0.0), ("log(x)", 0.0, 0.0), ("sqrt(x)", -1.0, 0.0), ("1/x", 0.0, 1.0),
        ("x/0", 1.0, 1.0), ("x**0.5", -2.0, 0.0), ("x**-1", 0.0, 0.0), ("x**y", -2.0, 0.5),
        ("asin(x)", 1.5, 0.0), ("exp(x)", 1e4, 0.0), ("x - y", math.inf, math.inf),
        ("sin(x)", math.inf, 0.0),
        ("x*y", math.nan, 1.0), ("x*x", 1e200, 0.0), ("x**2", 1e200, 0.0), ("tan(x)/(y - y)", 1.0, 1.0),
    ],
)  # fmt: skip
def test_where_there_is_no_value_there_is_a_hole(text, x, y):
    formula = parse(text)
    for a, b in ((x, y), (np.array([x]), np.array([y])), (np.float64(x), np.float64(y))):
        assert np.isnan([formula.value(a, b), *formula.gradient(a, b), *formula.hessian(a, b)]).all()


def test_a_hole_ends_where_the_domain_begins():
    heights = parse("sqrt(x)*y").value(np.linspace(-2.0, 2.0, 5), np.full(5, 3.0))
    np.testing.assert_array_equal(np.isnan(heights), [True, True, False, False, False])
    np.testing.assert_allclose(heights[2:], [0.0, 3.0, 3.0 * math.sqrt(2.0)])


def test_an_overflow_on_the_way_is_no_hole():
    assert parse("1/(1 + exp(x))").value(1000.0, 0.0) == 0.0
    assert parse("sigmoid(x)").value(-1000.0, 0.0) == 0.0
    assert parse("softplus(x)").gradient(1000.0, 0.0) == (1.0, 0.0)
    assert parse("tanh(x)").hessian(-1000.0, 0.0) == (0.0, 0.0, 0.0)


def test_kinks_have_one_of_their_slopes():
    assert parse("abs(x)").gradient(0.0, 0.0) == (0.0, 0.0)
    assert parse("relu(x)").gradient(0.0, 0.0) == (0.0, 0.0)
    assert parse("max(x, y)").gradient(1.0, 1.0) == (0.0, 1.0)
    assert parse("min(x, y)").gradient(1.0, 1.0) == (1.0, 0.0)


def test_powers_are_exact_at_zero():
    formula = parse("x**2 + y**3")
    assert (formula.value(0.0, 0.0), formula.gradient(0.0, 0.0)) == (0.0, (0.0, 0.0))
    assert formula.hessian(0.0, 0.0) == (2.0, 0.0, 0.0)


def test_a_grid_of_many_blocks_is_whole():
    x, y = np.meshgrid(np.linspace(-2.0, 2.0, 200), np.linspace(-1.0, 3.0, 201))
    formula = parse("(1 - x)**2 + 100*(y - x**2)**2")
    np.testing.assert_allclose(formula.value(x, y), (1 - x) ** 2 + 100 * (y - x * x) ** 2, rtol=1e-12)
    gx, gy = formula.gradient(x, y)
    np.testing.assert_allclose(gx, 2 * (x - 1) - 400 * x * (y - x * x), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gy, 200 * (y - x * x), rtol=1e-9, atol=1e-9)
    assert formula.value(np.empty((0, 3)), np.empty((0, 3))).shape == (0, 3)


def test_the_kind_of_number_is_kept():
    formula = parse("sin(x)/3 + y**2")
    assert type(formula.value(1.0, 2.0)) is float
    assert formula.value(1, 2) == pytest.approx(math.sin(1.0) / 3.0 + 4.0)
    assert formula.value(np.ones(2, np.float32), np.ones(2, np.float32)).dtype == np.float32
    assert all(part.dtype == np.float64 for part in formula.hessian(np.ones(2), np.ones(2)))
