"""The race from many starts: each run is a race of its own; ends against a closed form and SciPy."""

import numpy as np
import pytest
from scipy import optimize

from engine.config import replaced
from engine.convergence.start_sweep import even_starts
from engine.experiments.optimizers import race
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_starts import running_from_starts
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from engine.recording import Recording
from engine.surfaces.classic import SURFACES
from engine.surfaces.minima import minima_of

ALL = tuple(kind() for kind in OPTIMIZERS.values())


def spread(config, count=9):
    return result_of(running_from_starts(config, minima_of(config), count))


@pytest.mark.parametrize("budget", ["steps", "evaluations"])
@pytest.mark.parametrize("sigma", [0.0, 0.5])
def test_from_each_start_every_racer_does_what_it_does_in_the_race(budget, sigma):
    config = RaceConfig(
        surface="himmelblau", racers=ALL, steps=61, noise=sigma, seed=4, budget=budget, tolerance=0.5
    )
    found = spread(config)
    for k in (0, 5):
        one = replaced(config, start=tuple(found.starts[k].tolist()))
        recording = Recording()
        recording.data = minima_of(one)
        for frame in race.frames(one, recording.data):
            recording.append(frame)
        for index, line in enumerate(race.results(one, recording, recording.last)):
            ends, arrived = (column[k] for column in found.outcomes[index])
            title = type(ALL[index]).title
            expected = np.nan if line.value is None else line.value
            assert ends == pytest.approx(expected, rel=1e-6, abs=1e-12, nan_ok=True), title
            assert arrived == (np.inf if line.reached is None else line.reached), title


def test_gradient_descent_on_a_bowl_as_the_closed_form_says():
    rate, kappa, steps = 0.03, 25.0, 40
    rule = OPTIMIZERS["gradient_descent"](learning_rate=rate)
    config = RaceConfig(surface="bowl", condition=kappa, racers=(rule,), steps=steps, tolerance=0.1)
    found = spread(config, 50)
    x, y = found.starts.T
    times = np.arange(steps + 1)[:, None]
    f = 0.5 * ((x * (1 - rate) ** times) ** 2 + kappa * (y * (1 - kappa * rate) ** times) ** 2)
    ends, arrived = found.outcomes[0]
    np.testing.assert_allclose(ends, f[-1], rtol=1e-9)
    np.testing.assert_allclose(found.quantiles(0)[1], np.sort(f[-1]), rtol=1e-9)
    first = np.where((f <= 0.1).any(axis=0), (f <= 0.1).argmax(axis=0), np.inf)
    np.testing.assert_array_equal(arrived, first)
    assert 0 < np.isinf(first).sum() < 50
    (profile,) = found.profiles
    assert profile.first == profile.solved == np.isfinite(first).mean()  # alone one is always the best


def test_lbfgs_ends_in_the_valley_in_which_scipys_ends():
    """On a surface with four minima of the same height both arrive from every start."""
    config = RaceConfig(surface="himmelblau", racers=(OPTIMIZERS["lbfgs"](),), steps=60, tolerance=1e-8)
    found = spread(config, 12)
    surface = SURFACES["himmelblau"]
    theirs = [
        optimize.minimize(lambda x: surface.value(*x.tolist()), start, method="L-BFGS-B", tol=1e-14).fun
        for start in found.starts
    ]
    assert max(theirs) < 1e-8
    assert found.outcomes[0].ends.max() < 1e-8
    assert found.profiles[0].solved == 1.0


def test_who_diverges_is_lost_and_ends_highest():
    rules = (
        OPTIMIZERS["gradient_descent"](learning_rate=0.1),
        OPTIMIZERS["gradient_descent"](learning_rate=3.0),  # every step doubles the distance
    )
    found = spread(RaceConfig(surface="bowl", condition=1.0, racers=rules, steps=1200), 10)
    assert (found.lost(0), found.lost(1)) == (0.0, 1.0)
    assert found.median(0) < 1e-99
    assert found.median(1) == np.inf
    assert [profile.solved for profile in found.profiles] == [1.0, 0.0]


def test_without_a_known_minimum_nobody_arrives():
    config = RaceConfig(surface="expression", expression="x + y", racers=ALL[:2], steps=5)
    found = spread(config)
    assert not found.known
    assert [profile.solved for profile in found.profiles] == [0.0, 0.0]


def test_the_start_of_the_race_plays_no_part():
    config = RaceConfig(steps=20, racers=ALL[:3])
    one, other = spread(config), spread(replaced(config, start=(0.3, 0.7)))
    for ours, theirs in zip(one.outcomes, other.outcomes, strict=True):
        np.testing.assert_array_equal(ours.ends, theirs.ends)


def test_the_starts_are_even_over_the_picture():
    places = even_starts(((-2.0, 2.0), (-1.0, 3.0)), 400)
    assert ((places >= (-2.0, -1.0)) & (places < (2.0, 3.0))).all()
    counts, *_ = np.histogram2d(*places.T, bins=5, range=((-2, 2), (-1, 3)))
    assert counts.min() >= 13  # 16 in each of 25 fields; by chance it would be 16 ± 4
    assert counts.max() <= 19
    np.testing.assert_array_equal(even_starts(((-2.0, 2.0), (-1.0, 3.0)), 30), places[:30])
