"""A race of equal evaluations: every racer stands where its last complete step has led, at its own price."""

import numpy as np
import pytest

from engine.changes import Change
from engine.config import replaced
from engine.experiments.optimizers import race
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_ledger import KINDS, landed_at, ledger
from engine.optimizers.table import OPTIMIZERS
from engine.recording import Recording
from engine.surfaces.minima import minima_of

SECOND = ("newton", "damped_newton", "lbfgs", "conjugate_gradient")
RACERS = (
    OPTIMIZERS["gradient_descent"](learning_rate=1e-3),
    OPTIMIZERS["nesterov"](learning_rate=1e-3),
    *(OPTIMIZERS[name]() for name in SECOND),
)
PAID = RaceConfig(racers=RACERS, steps=150, budget="evaluations")


def recorded(config, chunk=None):
    recording = Recording()
    recording.data = minima_of(config)
    for frame in race.frames(config, recording.data, chunk):
        recording.append(frame)
    return recording


def columns(recording, index):
    return {name: recording.column(f"{index}.{name}") for name in "xyf"}


@pytest.mark.parametrize("index", range(len(RACERS)))
def test_it_is_the_race_of_equal_steps_on_another_clock(index):
    """After n evaluations a racer is where it was after the last of its steps that n evaluations pay for."""
    steps = recorded(replaced(PAID, budget="steps"))
    paid = recorded(PAID)
    prices = np.arange(151)
    if index >= 2:  # f and ∇f count 1, the Hessian of two coordinates 2
        values, gradients, hessians = (steps.column(f"{index}.{kind}") for kind in KINDS)
        prices = values + gradients + 2 * hessians
    taken = np.searchsorted(prices, np.arange(151), side="right") - 1
    taken = np.searchsorted(prices, prices[taken])  # who has stopped spends nothing more
    for name, column in columns(steps, index).items():
        np.testing.assert_array_equal(columns(paid, index)[name], column[taken])


def test_newton_by_hand():
    """On a circle the first step is the last: it is complete after one gradient and one Hessian, 1 + 2."""
    config = RaceConfig(
        surface="bowl",
        condition=1.0,
        start=(3.0, 4.0),
        racers=(OPTIMIZERS["newton"](),),
        steps=9,
        budget="evaluations",
    )
    recording = recorded(config)
    assert recording.column("0.x").tolist() == [3.0] * 3 + [0.0] * 7
    assert [ledger(config, recording, step)[0].calls.price() for step in (2, 3, 5, 6, 9)] == [0, 3, 3, 6, 6]
    (line,) = race.results(config, recording, 9)
    assert line.reached == 3


@pytest.mark.parametrize("sigma", [0.0, 0.5])
def test_the_size_of_the_chunks_does_not_matter(sigma):
    config = replaced(PAID, noise=sigma, seed=5, steps=80)
    whole = recorded(config)
    for chunk in (1, 7, 80):
        parts = recorded(config, chunk)
        assert parts.names == whole.names
        for name in whole.names:
            np.testing.assert_array_equal(parts.column(name), whole.column(name))


def test_nobody_spends_more_than_there_is():
    recording = recorded(PAID)
    for step in (0, 1, 40, 150):
        assert all(one.calls.price() <= step for one in ledger(PAID, recording, step))
    assert ledger(PAID, recording, 150)[0].calls.price() == 150


@pytest.mark.parametrize("sigma", [0.0, 0.5])
@pytest.mark.parametrize("index", [0, 2, 4, 5])
def test_the_step_that_led_here_is_computed_again(index, sigma):
    config = replaced(PAID, noise=sigma, steps=60)
    recording = recorded(config, 11)
    x = recording.column(f"{index}.x")
    for step in (9, 23, 24, 25, 60):
        landed = landed_at(config, recording, index, step)
        assert landed <= step
        assert x[landed] == x[step]
        kept, snapshot = recording.snapshot(landed - 1)
        found = race.inspect(config, kept, snapshot, landed, index)
        assert (found.before[0], found.after[0]) == (x[landed - 1], x[step])
        own = step if index < 2 else len(set(recording.column(f"{index}.gradients")[: step + 1])) - 1
        assert found.number == own  # of its own steps, each of which computes a gradient


def test_who_cannot_go_on_ends_when_the_step_would_begin():
    newton = OPTIMIZERS["newton"]()
    config = RaceConfig(
        surface="expression",
        expression="x + y*y",
        start=(1.0, 1.0),
        racers=(newton, OPTIMIZERS["gradient_descent"](learning_rate=0.1)),
        steps=12,
        budget="evaluations",
    )
    first, second = race.results(config, recorded(config), 12)
    assert (first.end.step, second.end) == (1, None)


def test_a_change_acts_on_the_steps_that_begin_after_it():
    """Damped Newton's steps cost 3: the one in progress after 4 evaluations keeps its damping of 1."""
    racer = OPTIMIZERS["damped_newton"](damping=1.0)
    bowl = RaceConfig(
        surface="bowl", condition=1.0, start=(4.0, 0.0), racers=(racer,), steps=9, budget="evaluations"
    )
    x = recorded(replaced(bowl, changes=(Change(4, "racers[0].damping", 3.0),))).column("0.x")
    # H = 1, so a step leaves λ/(1 + λ) of x: a half with 1, three quarters with 3.
    assert x.tolist() == [4.0] * 3 + [2.0] * 3 + [1.0] * 3 + [0.75]
