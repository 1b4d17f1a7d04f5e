"""Many runs at once are the runs one by one."""

import msgspec
import numpy as np
import pytest

from engine.convergence.many_runs import ManyRuns
from engine.optimizers.line_search import Objective
from engine.optimizers.table import OPTIMIZERS
from engine.optimizers.update_rule import GradientRule
from engine.surfaces.classic import SURFACES

SURFACE = SURFACES["himmelblau"]
RATES = {"lion": 0.02, "adadelta": 1.0}
FIRST_ORDER = [name for name, kind in OPTIMIZERS.items() if issubclass(kind, GradientRule)]
X, Y = np.random.default_rng(3).uniform(-4, 4, (2, 7))


class Plane(Objective):
    """The surface for the methods that take a vector."""

    def value(self, x):
        return SURFACE.value(*x.tolist())

    def gradient(self, x):
        return np.array(SURFACE.gradient(*x.tolist()))

    def hessian(self, x):
        xx, xy, yy = SURFACE.hessian(*x.tolist())
        return np.array([[xx, xy], [xy, yy]])


def alone(rule, x, y, steps):
    """Where one run is after each step, by the rule with plain floats, shape (steps + 1, 2)."""
    places = [(x, y)]
    if isinstance(rule, GradientRule):
        of_x, of_y = rule.start(x), rule.start(y)
        for _ in range(steps):
            gx, gy = SURFACE.gradient(x, y)
            x, of_x = rule.update(x, gx, of_x)
            y, of_y = rule.update(y, gy, of_y)
            places.append((getattr(of_x, "position", x), getattr(of_y, "position", y)))
        return np.array(places)
    point = np.array([x, y])
    state = rule.start(point)
    for _ in range(steps):
        point, state = rule.update(point, Plane(), state)
        places.append(tuple(point.tolist()))
    return np.array(places)


def made(name):
    rule = OPTIMIZERS[name]()
    return msgspec.structs.replace(rule, learning_rate=RATES.get(name, 0.01)) if name in FIRST_ORDER else rule


@pytest.mark.parametrize("name", [*FIRST_ORDER, "newton", "damped_newton"])
def test_they_are_the_runs_one_by_one(name):
    rule, radius = made(name), 0.5
    goals = np.full(7, 3.0), np.full(7, 2.0)
    runs = ManyRuns(rule, SURFACE, X, Y, goals, radius)
    runs.advance(25)
    runs.advance(15)
    for k in range(7):
        path = alone(rule, float(X[k]), float(Y[k]), 40)
        assert (runs.x[k], runs.y[k]) == pytest.approx(path[-1], rel=1e-8, abs=1e-10)
        outside = np.hypot(path[:, 0] - 3, path[:, 1] - 2) > radius
        if not outside[-1]:
            assert runs.arrived[k] == (np.flatnonzero(outside)[-1] + 1 if outside.any() else 0)


def test_each_run_may_have_its_own_settings():
    for name, second in (
        ("momentum", "beta"),
        ("adam", "beta1"),
        ("nesterov", "beta"),
        ("rmsprop", "rho"),
        ("averaged_momentum", "beta"),
        ("nadam", "beta1"),
        ("sgd", "decay"),
    ):
        rates, memories = np.geomspace(1e-4, 5e-3, 7), np.linspace(0.1, 0.9, 7)
        fields = {"learning_rate": rates, second: memories}
        rule = msgspec.structs.replace(
            OPTIMIZERS[name](), **{key: np.concatenate((part, part)) for key, part in fields.items()}
        )
        runs = ManyRuns(rule, SURFACE, X / 2, Y / 2, (X, Y), 1.0)
        runs.advance(30)
        for k in range(7):
            single = OPTIMIZERS[name](**{key: float(part[k]) for key, part in fields.items()})
            assert (runs.x[k], runs.y[k]) == pytest.approx(
                alone(single, X[k].item() / 2, Y[k].item() / 2, 30)[-1], rel=1e-9
            )


def test_arriving_is_for_good():
    """On f = x² + … a ball that rolls through the minimum has not arrived."""
    rule = OPTIMIZERS["momentum"](learning_rate=0.05, beta=0.95)
    bowl = SURFACES["bowl"]
    runs = ManyRuns(rule, bowl, np.array([1.0]), np.array([0.0]), (np.zeros(1), np.zeros(1)), 0.1)
    inside = []
    for _ in range(300):
        runs.advance(1)
        inside.append(abs(runs.x[0]) <= 0.1)
    first, last = inside.index(True) + 1, 300 - inside[::-1].index(False)
    assert first < last == runs.arrived[0] - 1


def test_a_run_that_starts_at_its_goal_was_never_outside():
    runs = ManyRuns(
        made("gradient_descent"),
        SURFACE,
        np.array([3.0]),
        np.array([2.0]),
        (np.array([3.0]), np.array([2.0])),
        0.1,
    )
    runs.advance(5)
    assert runs.arrived.tolist() == [0]


def test_without_a_goal_and_beyond_all_numbers_they_go_on_in_silence():
    nowhere = np.full(2, np.nan)
    rule = OPTIMIZERS["gradient_descent"](learning_rate=10.0)
    runs = ManyRuns(rule, SURFACE, np.array([3.0, 4.0]), np.array([2.0, 4.0]), (nowhere, nowhere), 1.0)
    runs.advance(20)
    assert runs.step == 20
    assert np.isfinite(runs.x).tolist() == [True, False]


def test_single_precision_stays_single():
    x, y = X.astype(np.float32), Y.astype(np.float32)
    for name in FIRST_ORDER:
        runs = ManyRuns(made(name), SURFACE, x, y, (x, y), 0.1)
        runs.advance(3)
        assert runs.x.dtype == np.float32, name


def test_numbers_next_to_nothing_become_zero():
    """Below 1e−308 processors are slow: x = 1e−190 halved 40 times stays, 1e−199 halved 32 times is 0."""
    x, nowhere = np.array([1e-190, 1e-199, 1.0]), np.full(3, np.nan)
    rule = OPTIMIZERS["gradient_descent"](learning_rate=0.5)
    runs = ManyRuns(rule, SURFACES["bowl"], x, np.zeros(3), (nowhere, nowhere), 1.0)
    runs.advance(31)
    assert runs.x[1] > 0
    runs.advance(1)
    assert runs.x.tolist() == [pytest.approx(1e-190 / 2**32, rel=1e-9), 0.0, 2.0**-32]
