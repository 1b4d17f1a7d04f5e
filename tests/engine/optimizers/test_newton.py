"""Newton, L-BFGS and conjugate gradients: known paths, theory, SciPy, and everything that can go wrong."""

from itertools import pairwise

import numpy as np
import pytest
from msgspec.structs import asdict, astuple
from scipy import optimize

from engine.optimizers.line_search import SUFFICIENT_DECREASE, LineSearch
from engine.optimizers.line_search_methods import inverse_hessian_times, polak_ribiere
from engine.optimizers.newton import CONVERGED, NO_DESCENT, NOT_FINITE, SINGULAR, STOPS
from engine.optimizers.table import OPTIMIZERS
from engine.surfaces.classic import SURFACES, Bowl
from tests.cases import every
from tests.engine.optimizers.test_optimizers import evaluate

NAMES = ["newton", "damped_newton", "lbfgs", "conjugate_gradient"]


class Of:
    """A surface as an objective that counts what it is asked."""

    def __init__(self, surface):
        self.surface = surface
        self.asked = [0, 0, 0]  # values, gradients, Hessians

    def value(self, x):
        self.asked[0] += 1
        return self.surface.value(*x.tolist())

    def gradient(self, x):
        self.asked[1] += 1
        return np.array(self.surface.gradient(*x.tolist()))

    def hessian(self, x):
        self.asked[2] += 1
        xx, xy, yy = self.surface.hessian(*x.tolist())
        return np.array([[xx, xy], [xy, yy]])


class Quadratic:
    """½ x·Ax − b·x in n dimensions."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def value(self, x):
        return float(0.5 * x @ self.a @ x - self.b @ x)

    def gradient(self, x):
        return self.a @ x - self.b

    def hessian(self, x):
        return self.a


class Line:
    """Any function of one variable with its derivative, as an objective of a vector of one."""

    def __init__(self, f, slope, bend=lambda x: 1.0):
        self.f, self.slope, self.bend = f, slope, bend

    def value(self, x):
        return float(self.f(x[0]))

    def gradient(self, x):
        return np.array([float(self.slope(x[0]))])

    def hessian(self, x):
        return np.array([[float(self.bend(x[0]))]])


def run(rule, objective, start, steps):
    x = np.array(start, dtype=float)
    state, path = rule.start(x), []
    for _ in range(steps):
        x, state = rule.update(x, objective, state)
        path.append(x)
        if state.stopped:
            break
    return path, state


def test_newton_on_rosenbrock_from_the_traditional_start():
    path, _ = run(OPTIMIZERS["newton"](), Of(SURFACES["rosenbrock"]), (-1.2, 1.0), 5)
    known = [(-1.1753, 1.3807), (0.7631, -3.1750), (0.7634, 0.5828), (1.0, 0.9440), (1.0, 1.0)]
    assert np.array(path) == pytest.approx(np.array(known), abs=5e-5)


def test_newton_takes_one_step_on_any_quadratic():
    rng = np.random.default_rng(3)
    root = rng.normal(size=(5, 5))
    a, b = root @ root.T + np.eye(5), rng.normal(size=5)
    path, state = run(OPTIMIZERS["newton"](), Quadratic(a, b), rng.normal(size=5), 1)
    assert path[0] == pytest.approx(np.linalg.inv(a) @ b)
    assert state.calls.total == 2


def test_newton_goes_to_the_saddle_and_to_the_maximum():
    path, _ = run(OPTIMIZERS["newton"](), Of(SURFACES["saddle"]), (-1.5, 0.7), 1)
    assert path[0].tolist() == [0.0, 0.0]
    path, state = run(OPTIMIZERS["newton"](), Of(SURFACES["himmelblau"]), (0.0, 0.0), 50)
    assert path[-1] == pytest.approx([-0.270845, -0.923039], abs=1e-6)
    assert state.stopped == CONVERGED


def test_enough_damping_makes_newton_leave_the_saddle():
    path, _ = run(OPTIMIZERS["damped_newton"](damping=3.0), Of(SURFACES["saddle"]), (-1.5, 0.01), 20)
    assert abs(path[-1][1]) > 1.0


def test_damping_and_step_length_by_hand():
    # g = (−3.5, 15), H = diag(1, 10); (H + I)d = g gives d = (−1.75, 15/11)
    path, _ = run(OPTIMIZERS["damped_newton"](damping=1.0, learning_rate=0.5), Of(Bowl(10.0)), (-3.5, 1.5), 1)
    assert path[0] == pytest.approx([-3.5 + 0.875, 1.5 - 0.5 * 15 / 11])
    undamped = OPTIMIZERS["damped_newton"](damping=0.0)
    newton = OPTIMIZERS["newton"]()
    start, objective = (-1.2, 1.0), Of(SURFACES["rosenbrock"])
    np.testing.assert_array_equal(run(undamped, objective, start, 4)[0], run(newton, objective, start, 4)[0])


def test_a_singular_hessian_is_a_named_stop():
    flat = Line(lambda x: x, lambda x: 1.0, lambda x: 0.0)
    path, state = run(OPTIMIZERS["newton"](), flat, [2.0], 10)
    assert state.stopped == SINGULAR
    assert path[-1].tolist() == [2.0]
    again, _ = OPTIMIZERS["newton"]().update(path[-1], flat, state)
    assert again.tolist() == [2.0]
    assert set(STOPS) == {CONVERGED, SINGULAR, NO_DESCENT, NOT_FINITE}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_finite_is_a_named_stop(name):
    hole = Line(lambda x: np.nan, lambda x: np.nan, lambda x: np.nan)
    path, state = run(OPTIMIZERS[name](), hole, [1.0], 10)
    assert state.stopped == NOT_FINITE
    assert path[-1].tolist() == [1.0]


@pytest.mark.parametrize("name", NAMES)
def test_at_the_bottom_nothing_is_left_to_do(name):
    path, state = run(OPTIMIZERS[name](), Of(Bowl()), (0.0, 0.0), 10)
    assert (len(path), state.stopped) == (1, CONVERGED)


@pytest.mark.parametrize("name", ["lbfgs", "conjugate_gradient"])
@pytest.mark.parametrize(
    "surface", ["bowl", "rosenbrock", "beale", "himmelblau", "booth", "plateau", "cliff"]
)
def test_line_searchers_find_a_minimum_from_the_usual_start(name, surface):
    objective = Of(SURFACES[surface])
    path, state = run(OPTIMIZERS[name](), objective, SURFACES[surface].start, 200)
    nearest = min(np.hypot(*(path[-1] - minimum[:2])) for minimum in SURFACES[surface].minima)
    assert nearest < 1e-6
    assert list(state.calls) == objective.asked


@pytest.mark.parametrize("name", ["lbfgs", "conjugate_gradient"])
def test_f_never_rises_and_rest_is_recognised(name):
    surface = SURFACES["rastrigin"]
    path, state = run(OPTIMIZERS[name](), Of(surface), surface.start, 200)
    heights = [surface.value(*x.tolist()) for x in path]
    assert all(after <= before for before, after in pairwise(heights))
    assert state.stopped
    assert np.abs(surface.gradient(*path[-1].tolist())).max() < 1e-4


def test_lbfgs_needs_about_as_much_as_scipys():
    surface = SURFACES["rosenbrock"]
    objective = Of(surface)
    rule = OPTIMIZERS["lbfgs"]()
    x, state = np.array([-1.2, 1.0]), rule.start(np.array([-1.2, 1.0]))
    while np.abs(objective.gradient(x)).max() > 1e-6:
        x, state = rule.update(x, objective, state)
    theirs = optimize.minimize(
        lambda x: surface.value(*x.tolist()),
        [-1.2, 1.0],
        method="L-BFGS-B",
        jac=lambda x: np.array(surface.gradient(*x.tolist())),
        options={"gtol": 1e-6, "ftol": 0.0},
    )
    assert state.t <= 1.5 * theirs.nit
    assert state.calls.total <= 1.5 * (theirs.nfev + theirs.njev)


def test_the_two_loops_multiply_by_the_bfgs_matrix():
    rng = np.random.default_rng(1)
    n, pairs = 4, 3
    changes = rng.normal(size=(pairs, n))
    bends = changes @ np.diag([1.0, 2.0, 5.0, 9.0])
    s, y = changes[-1], bends[-1]
    inverse = (s @ y) / (y @ y) * np.eye(n)
    for s, y in zip(changes, bends, strict=True):  # Nocedal and Wright, equation 7.16
        rho = 1 / (y @ s)
        v = np.eye(n) - rho * np.outer(y, s)
        inverse = v.T @ inverse @ v + rho * np.outer(s, s)
    g = rng.normal(size=n)
    assert inverse_hessian_times(g, changes, bends) == pytest.approx(inverse @ g)
    assert inverse_hessian_times(g, [], []) == pytest.approx(g)


def test_lbfgs_forgets_the_oldest():
    _, state = run(OPTIMIZERS["lbfgs"](memory=3), Of(SURFACES["rosenbrock"]), (-1.2, 1.0), 10)
    assert len(state.changes) == len(state.gradient_changes) == 3


def test_conjugate_directions_by_hand():
    # β = max(g·(g − g₋)/g₋·g₋, 0), and none on every n-th step (n = 2 here)
    rule, objective = OPTIMIZERS["conjugate_gradient"](), Of(SURFACES["rosenbrock"])
    x = np.array([-1.2, 1.0])
    old = rule.start(x)
    for step in range(8):
        g = objective.gradient(x)
        x, state = rule.update(x, objective, old)
        assert state.gradient == pytest.approx(g, rel=1e-12)
        beta = 0.0 if step % 2 == 0 else max(g @ (g - old.gradient) / (old.gradient @ old.gradient), 0.0)
        if g @ (beta * old.direction - g) >= 0:  # uphill: restart
            beta = 0.0
        assert state.beta == pytest.approx(beta)
        assert state.direction == pytest.approx(-g + beta * old.direction)
        old = state


@pytest.mark.parametrize("curvature", [0.9, 0.1, 0.001])
@pytest.mark.parametrize("first", [1e-6, 0.01, 1.0, 50.0])
def test_an_accepted_length_meets_the_strong_wolfe_conditions(curvature, first):
    surface = SURFACES["rosenbrock"]
    objective = Of(surface)
    x = np.array([-1.2, 1.0])
    g, f = objective.gradient(x), objective.value(x)
    objective.asked = [0, 0, 0]
    search = LineSearch(objective, x, f, g, curvature)
    found = search.run(-g, first)
    slope = -g @ g
    assert found.value == surface.value(*(x - found.length * g).tolist())
    assert found.value <= f + SUFFICIENT_DECREASE * found.length * slope
    assert abs(found.gradient @ -g) <= curvature * abs(slope)
    assert list(search.calls) == objective.asked


def test_a_search_that_must_fail_says_so_and_ends():
    uphill = Line(lambda x: x * x, lambda x: -1.0)  # a derivative that lies
    path, state = run(OPTIMIZERS["lbfgs"](), uphill, [0.0], 5)
    assert state.stopped == NO_DESCENT
    assert path[-1].tolist() == [0.0]
    search = LineSearch(uphill, np.array([1.0]), 1.0, np.array([2.0]), 0.9)
    assert search.run(np.array([1.0]), 1.0) is None  # not downhill


def test_a_search_steps_back_from_where_f_has_no_value():
    logarithm = Line(lambda x: x - np.log(x) if x > 0 else np.nan, lambda x: 1 - 1 / x if x > 0 else np.nan)
    path, _ = run(OPTIMIZERS["lbfgs"](), logarithm, [30.0], 60)
    assert path[-1] == pytest.approx([1.0], abs=1e-6)


def test_a_search_without_bottom_ends():
    slope = Line(lambda x: -x, lambda x: -1.0)
    path, _ = run(OPTIMIZERS["lbfgs"](), slope, [0.0], 3)
    assert np.isfinite(path[0]).all()


@pytest.mark.parametrize("name", NAMES)
def test_another_objective_is_measured_anew(name):
    rule = OPTIMIZERS[name]()
    path, state = run(rule, Of(Bowl(1.0)), (1.0, 1.0), 300)
    moved = Of(SURFACES["booth"])
    x, state = rule.update(path[-1], moved, rule.elsewhere(state))
    assert sum(moved.asked) >= 2
    assert np.hypot(*(x - path[-1])) > 0.1


@pytest.mark.parametrize("name", NAMES)
def test_the_equations_shown_are_what_was_computed(name):
    rule, objective = OPTIMIZERS[name](), Of(SURFACES["beale"])
    x = np.array([2.5, 0.2])
    state = rule.start(x)
    for _ in range(6):
        after, new = rule.update(x, objective, state)
        names = asdict(rule) | {f"old_{k}": v for k, v in asdict(state).items()}
        names |= asdict(new) | {"x": x}
        for line in rule.equations:
            if line.numbers:
                result = after if line.result == "x" else getattr(new, line.result)
                assert evaluate(line.numbers, names) == pytest.approx(result, rel=1e-9, abs=1e-12), line
        x, state = after, new


@pytest.mark.parametrize("name", NAMES)
def test_the_arrays_handed_over_stay_as_they_were(name):
    rule, objective = OPTIMIZERS[name](), Of(SURFACES["rosenbrock"])
    x = np.array([-1.2, 1.0])
    state = rule.start(x)
    kept = [(array, array.copy()) for array in (x, *astuple(state)) if isinstance(array, np.ndarray)]
    for _ in range(5):
        x, state = rule.update(x, objective, state)
        kept += [(array, array.copy()) for array in (x, *astuple(state)) if isinstance(array, np.ndarray)]
    for array, copy in kept:
        np.testing.assert_array_equal(array, copy)


def test_a_hessian_that_only_rounding_makes_regular_is_singular():
    # (0.1x + 0.3y)²: its determinant comes out as 1e-18 or so, not as 0
    a = np.array([[0.02, 0.06], [0.06, 0.18]])
    path, state = run(OPTIMIZERS["newton"](), Quadratic(a, np.zeros(2)), [1.0, 1.0], 3)
    assert (len(path), state.stopped) == (1, SINGULAR)


class Scaled(Of):
    """S times a surface."""

    def __init__(self, surface, scale):
        super().__init__(surface)
        self.scale = scale

    def value(self, x):
        return self.scale * super().value(x)

    def gradient(self, x):
        return self.scale * super().gradient(x)


@pytest.mark.parametrize("name", ["lbfgs", "conjugate_gradient"])
@pytest.mark.parametrize("surface", ["rosenbrock", "beale", "himmelblau", "bowl", "rastrigin", "plateau"])
@every("exponent", [-400, -27, -1, 1, 27, 400])
def test_a_multiple_of_f_is_walked_down_by_the_same_steps(name, surface, exponent):
    rule, there = OPTIMIZERS[name](), SURFACES[surface]
    path, state = run(rule, Of(there), there.start, 25)
    scaled, scaled_state = run(rule, Scaled(there, 2.0**exponent), there.start, 25)
    np.testing.assert_array_equal(scaled, path)  # to the last bit: a power of two rounds nothing
    assert scaled_state.calls.total == state.calls.total


@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e8])
def test_lbfgs_needs_scipys_forty_iterations_at_any_scale(scale):
    objective, rule = Scaled(SURFACES["rosenbrock"], scale), OPTIMIZERS["lbfgs"]()
    x, state = np.array([-1.2, 1.0]), rule.start(np.array([-1.2, 1.0]))
    while np.abs(objective.gradient(x)).max() > 1e-6 * scale:
        x, state = rule.update(x, objective, state)
    theirs = optimize.minimize(
        objective.value,
        [-1.2, 1.0],
        method="L-BFGS-B",
        jac=objective.gradient,
        options={"gtol": 1e-6 * scale, "ftol": 0.0},
    )
    assert state.t == pytest.approx(theirs.nit, rel=0.25)
    assert len(state.changes) == rule.memory


@pytest.mark.parametrize("name", ["lbfgs", "conjugate_gradient"])
def test_nothing_breaks_where_squares_of_the_slope_are_too_small_for_a_number(name):
    quartic = Line(lambda x: x**4, lambda x: 4 * x**3)
    path, state = run(OPTIMIZERS[name](), quartic, [1.0], 2000)
    assert state.stopped in (CONVERGED, NO_DESCENT)
    assert abs(path[-1][0]) < 1e-60  # 4x³ is then below 1e-179, and its square 0


def test_nothing_to_be_bent_by_is_no_division():
    assert polak_ribiere(np.array([1.0, 2.0]), np.zeros(2)) == 0.0


@pytest.mark.parametrize("name", ["lbfgs", "conjugate_gradient"])
def test_a_direction_that_leads_nowhere_is_not_the_end(name):
    """1e80·x² + 1e−80·y²: what was learnt along x makes the first step along y vanish in rounding."""

    class Uneven:
        def value(self, x):
            return float(1e80 * x[0] ** 2 + 1e-80 * x[1] ** 2)

        def gradient(self, x):
            return np.array([2e80 * x[0], 2e-80 * x[1]])

    rule, x = OPTIMIZERS[name](), np.array([1.0, 1.0])
    state = rule.start(x)
    with np.errstate(all="ignore"):  # as in a race: the first length tried may be too large for a number
        for _ in range(10):
            x, state = rule.update(x, Uneven(), state)
    assert x.tolist() == [0.0, 0.0]
    assert state.stopped == CONVERGED
