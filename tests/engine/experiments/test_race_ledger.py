"""What each racer has spent: against a surface that counts what it is asked, and against the books."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from engine.experiments.optimizers import race
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_ledger import ledger
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.table import OPTIMIZERS
from engine.recording import Recording
from engine.surfaces.classic import Rosenbrock
from engine.surfaces.minima import minima_of


def recorded(config):
    recording = Recording()
    recording.data = minima_of(config)
    for frame in race.frames(config, recording.data):
        recording.append(frame)
    return recording


def spent(config, step):
    return ledger(config, recorded(config), step)


class Counting(Rosenbrock):
    """Rosenbrock's valley, which counts single evaluations (the race asks for whole paths to draw them)."""

    def __init__(self):
        self.asked = [0, 0, 0]

    def _count(self, kind, x):
        self.asked[kind] += isinstance(x, float)

    def _value(self, x, y):
        self._count(0, x)
        return super()._value(x, y)

    def _gradient(self, x, y):
        self._count(1, x)
        return super()._gradient(x, y)

    def _hessian(self, x, y):
        self._count(2, x)
        return super()._hessian(x, y)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_racer_is_charged_with_what_it_asks_for(name, monkeypatch):
    surface = Counting()
    monkeypatch.setattr(race, "surface_of", lambda config: surface)
    slow = name in ("gradient_descent", "sgd", "momentum", "nesterov", "asgd")
    rule = OPTIMIZERS[name](learning_rate=1e-4) if slow else OPTIMIZERS[name]()
    config = RaceConfig(racers=(rule,), steps=12)
    (found,) = spent(config, 12)
    assert list(found.calls) == surface.asked
    assert found.calls.gradients >= 6


def test_by_hand_on_a_bowl():
    racers = tuple(OPTIMIZERS[name]() for name in ("gradient_descent", "newton", "lbfgs"))
    config = RaceConfig(surface="bowl", condition=1.0, start=(3.0, 4.0), racers=racers, steps=9)
    recording = recorded(config)
    descent, newton, _ = ledger(config, recording, 9)
    lbfgs = ledger(config, recording, 2)[2]
    assert descent.calls == Evaluations(0, 9, 0)
    # The first step is at the minimum; the second finds no slope there, and no later one is taken.
    assert newton.calls == Evaluations(0, 2, 2)
    # f and ∇f at (3, 4). The first step moves by 1, a fifth of the way: the slope there, 4 ≤ 0.9·5, is flat
    # enough. The second tries a = 1 with the pair, exact on a circle, and is at the minimum (to rounding).
    assert lbfgs.calls == Evaluations(3, 3, 0)
    assert [one.calls for one in ledger(config, recording, 1)] == [(0, 1, 0), (0, 1, 1), (2, 2, 0)]
    assert [one.calls for one in ledger(config, recording, 0)] == [(0, 0, 0)] * 3
    assert newton.calls.price(2) == 2 + 2 * 2
    assert lbfgs.calls.price(2) == lbfgs.calls.total == 6


def test_who_has_ended_spends_nothing_more():
    racers = (OPTIMIZERS["gradient_descent"](learning_rate=1.0), OPTIMIZERS["adam"](learning_rate=0.1))
    config = RaceConfig(racers=racers, steps=60)
    recording = recorded(config)
    lost, fine = ledger(config, recording, 60)
    end = race.results(config, recording, 60)[0].end
    assert lost.calls.gradients == end.step - 1 < 20
    assert fine.calls.gradients == 60


@pytest.mark.parametrize(
    ("name", "settings", "numbers"),
    [
        ("gradient_descent", {}, 0),
        ("sgd", {"decay": 0.1}, 0),
        ("momentum", {}, 2),
        ("averaged_momentum", {"bias_correction": True}, 2),
        ("nesterov", {}, 2),
        ("asgd", {}, 2),  # the average, beside the point that moves
        ("rprop", {}, 4),
        ("radam", {}, 4),
        ("adagrad", {}, 2),
        ("rmsprop", {}, 2),
        ("rmsprop", {"centered": True, "momentum": 0.5}, 6),
        ("adadelta", {}, 4),
        ("adam", {}, 4),
        ("adamw", {}, 4),
        ("nadam", {}, 5),  # and one product of factors, the same for all coordinates
        ("amsgrad", {}, 6),
        ("lion", {}, 2),
        ("adamax", {}, 4),
        ("adabelief", {}, 4),
        ("yogi", {}, 4),
        ("newton", {}, 0),
        ("damped_newton", {}, 0),
        ("lbfgs", {"memory": 3}, 3 * 4 + 3),
        ("conjugate_gradient", {}, 8),
    ],
)
def test_the_numbers_that_a_rule_keeps(name, settings, numbers):
    """As the books say: none for descent, the velocity for momentum, two moments for Adam, 2mn for L-BFGS."""
    assert OPTIMIZERS[name](**settings).numbers_kept(2) == numbers


@pytest.mark.parametrize("name", ["momentum", "adam", "amsgrad", "adadelta", "lion"])
def test_what_is_kept_is_what_the_next_step_needs(name):
    """Counted in another way: how many numbers of the state change the next step, when they are lost."""
    rule, x = OPTIMIZERS[name](), np.array([1.0, 2.0])
    x, state = rule.update(x, np.array([0.3, -0.7]), rule.start(x))
    x, state = rule.update(x, np.array([-0.2, 0.4]), state)
    g = np.array([0.1, 0.2])
    needed = 0
    for field in state.__struct_fields__:
        if isinstance(getattr(state, field), np.ndarray):
            lost = msgspec.structs.replace(state, **{field: np.full(2, np.nan)})
            needed += 2 * (repr(rule.update(x, g, lost)) != repr(rule.update(x, g, state)))
    assert rule.numbers_kept(2) == needed


def test_seconds_are_measured_and_not_compared():
    config = RaceConfig(steps=40)
    first, second = recorded(config), recorded(config)
    assert replace(first.snapshot(40)[1].standings[0], seconds=7.0) == second.snapshot(40)[1].standings[0]
    assert all(name.rpartition(".")[2] != "seconds" for name in first.names)
    whole, half, none = (ledger(config, first, step) for step in (40, 20, 0))
    assert all(one.seconds > 0 for one in whole)
    assert [one.seconds for one in none] == [0.0] * len(config.racers)
    assert half[0].seconds == pytest.approx(whole[0].seconds / 2)
    slowest = max(range(len(whole)), key=lambda k: whole[k].seconds)
    assert config.racers[slowest].name == "lbfgs"  # dozens of NumPy calls a step against one line of floats
