"""Each racer at its own best rate: against closed forms on a bowl, and against the race itself."""

from math import prod

import numpy as np
import pytest

from engine.config import replaced
from engine.convergence.rate_sweep import rate_grid, sunflower, sweeping
from engine.experiments.optimizers import race
from engine.experiments.optimizers.race_config import DEFAULT_RACERS, RaceConfig
from engine.experiments.optimizers.race_rates import (
    MOST_STEPS,
    RacerSweep,
    RateSweep,
    each_at_its_best,
    second_of,
    sweeping_rates,
    swept_steps,
)
from engine.optimizers.schedules import InverseTimeDecay
from engine.optimizers.table import OPTIMIZERS
from engine.pieces import result_of
from engine.surfaces.minima import minima_of

KAPPA, STEPS = 25.0, 40
BOWL = RaceConfig(surface="bowl", condition=KAPPA, start=(3.0, 1.0), steps=STEPS)
NAN = float("nan")


def swept(config, starts=1):
    return result_of(sweeping_rates(config, starts))


def with_rules(config, *rules):
    return replaced(config, racers=rules)


def bowl_after(x, y, factors, rate):
    """Gradient descent on f = ½(x² + κy²): each coordinate shrinks by 1 − ηψ times its curvature."""
    along, across = (prod(1 - rate * factor * bend for factor in factors) for bend in (1, KAPPA))
    return 0.5 * ((x * along) ** 2 + KAPPA * (y * across) ** 2)


def test_the_grid_has_six_rates_a_decade_and_reaches_beyond_the_present_ones():
    usual = rate_grid(0.02, 1e-3)
    assert len(usual) == 37
    np.testing.assert_array_equal(usual[:7], [1e-5, 1.5e-5, 2.2e-5, 3.2e-5, 4.6e-5, 6.8e-5, 1e-4])
    assert usual[-1] == 10.0
    np.testing.assert_allclose(np.diff(np.log10(usual)), 1 / 6, atol=0.015)
    wider = rate_grid(2e-7, 500.0)
    assert (wider[0], wider[-1]) == (1e-8, 1000.0)
    assert set(usual) <= set(wider)
    for tiny in (1e-300, 5e-324):  # η > 0 is all that is asked; 10 to a power below −324 would be 0
        assert (rate_grid(tiny)[0], len(rate_grid(tiny))) == (1e-12, 13 * 6 + 1)
    assert rate_grid(10.0)[-1] == 100.0  # a best rate at the edge is not the end of the search


def test_gradient_descent_on_a_bowl_ends_where_the_closed_form_says():
    found = swept(with_rules(BOWL, OPTIMIZERS["gradient_descent"](learning_rate=0.03)))
    expected = np.array([bowl_after(3.0, 1.0, [1.0] * STEPS, rate) for rate in found.rates])
    ends = found.racers[0].ends[:, 0]
    np.testing.assert_allclose(ends, expected, rtol=1e-9)
    assert found.racers[0].now == pytest.approx(bowl_after(3.0, 1.0, [1.0] * STEPS, 0.03), rel=1e-9)
    assert found.best_rate(0) == 0.068  # of the grid the last below 2/(1 + κ) = 0.0769
    assert found.racers[0].lowest == pytest.approx(expected.min(), rel=1e-9)


def test_with_a_second_setting_each_rate_has_its_best_value_of_it():
    """The heavy ball in two steps, by hand: x₁ = x₀(1 − ηψ), x₂ = x₁ − ηψx₁ + β(x₁ − x₀) at curvature ψ."""
    config = replaced(BOWL, racers=(OPTIMIZERS["momentum"](learning_rate=0.03, beta=0.7),), steps=2)
    found = result_of(sweeping_rates(config, 1, True))
    betas = [0.7, 0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99]

    def after_two(rate, beta):
        ends = []
        for start, bend in ((3.0, 1.0), (1.0, KAPPA)):
            first = start * (1 - rate * bend)
            ends.append(first - rate * bend * first + beta * (first - start))
        return 0.5 * (ends[0] ** 2 + KAPPA * ends[1] ** 2)

    for k in (0, 18, 22, 24):
        rate = found.rates[k]
        heights = [after_two(rate, beta) for beta in betas]
        assert found.racers[0].ends[k, 0] == pytest.approx(min(heights), rel=1e-9)
        assert found.racers[0].chosen[k] == betas[int(np.argmin(heights))]
    assert found.racers[0].now == pytest.approx(after_two(0.03, 0.7), rel=1e-9)
    tuned = each_at_its_best(config, found).racers[0]
    assert (tuned.learning_rate, tuned.beta) == (found.best_rate(0), found.best_second(0))
    assert after_two(tuned.learning_rate, tuned.beta) == pytest.approx(found.racers[0].lowest, rel=1e-9)


def test_a_racer_without_a_second_setting_is_swept_as_before():
    config = with_rules(BOWL, OPTIMIZERS["gradient_descent"](learning_rate=0.03), OPTIMIZERS["lbfgs"]())
    one, other = swept(config), result_of(sweeping_rates(config, 1, True))
    for k in range(2):
        np.testing.assert_array_equal(one.racers[k].ends, other.racers[k].ends)
        assert other.best_second(k) is None
    assert {kind().name: second_of(kind()) for kind in (OPTIMIZERS["adam"], OPTIMIZERS["rmsprop"])} == {
        "adam": "beta1",
        "rmsprop": "rho",
    }


def test_a_schedule_is_kept():
    rule = OPTIMIZERS["gradient_descent"](learning_rate=0.03, schedule=InverseTimeDecay(decay_rate=0.5))
    found = swept(with_rules(BOWL, rule))
    factors = [1 / (1 + 0.5 * k) for k in range(STEPS)]
    for k in (0, 20, found.racers[0].best):
        assert found.racers[0].ends[k, 0] == pytest.approx(
            bowl_after(3.0, 1.0, factors, found.rates[k]), rel=1e-9
        )
    tuned = each_at_its_best(with_rules(BOWL, rule), found).racers[0]
    assert tuned.schedule == rule.schedule
    assert tuned.learning_rate == found.best_rate(0) > 0.068  # falling rates may begin higher


@pytest.mark.parametrize("budget", ["steps", "evaluations"])
@pytest.mark.parametrize("sigma", [0.0, 0.5])
@pytest.mark.parametrize("surface", ["himmelblau", "expression"])
def test_at_its_own_rate_every_racer_ends_as_in_the_race(surface, sigma, budget):
    config = RaceConfig(surface=surface, start=(0.5, 1.0), steps=61, noise=sigma, seed=3, budget=budget)
    config = with_rules(config, *(kind() for kind in OPTIMIZERS.values()))
    *_, last = race.frames(config, minima_of(config))
    for index, found in enumerate(swept(config).racers):
        ended = float(last.scalars[f"{index}.f"][-1])
        assert found.now == pytest.approx(ended, rel=1e-6, nan_ok=True), type(config.racers[index]).title


def test_a_run_that_flies_off_has_no_end():
    found = swept(replaced(with_rules(BOWL, OPTIMIZERS["gradient_descent"]()), steps=2000))
    ends = found.racers[0].ends[:, 0]
    np.testing.assert_array_equal(np.isnan(ends[-10:]), True)
    assert np.isfinite(ends[found.rates < 2 / KAPPA]).all()


def test_a_method_without_a_learning_rate_has_one_row():
    config = RaceConfig(steps=30, racers=(OPTIMIZERS["newton"](), OPTIMIZERS["lbfgs"]()))
    found = swept(config, 9)
    assert [racer.ends.shape for racer in found.racers] == [(1, 9), (1, 9)]
    assert (found.best_rate(0), found.racers[0].tunable) == (None, False)
    assert found.racers[0].now == found.racers[0].lowest == 0.0
    assert each_at_its_best(config, found) == config


def test_the_best_settings_change_nothing_but_learning_rates():
    config = RaceConfig(steps=100)
    found = swept(config)
    tuned = each_at_its_best(config, found)
    assert replaced(tuned, racers=DEFAULT_RACERS) == config
    for index, (before, after) in enumerate(zip(config.racers, tuned.racers, strict=True)):
        if found.racers[index].tunable:
            assert after == type(after)(**{**_fields(before), "learning_rate": found.best_rate(index)})
            assert swept(tuned).racers[index].now == pytest.approx(found.racers[index].lowest, rel=1e-6)
    assert each_at_its_best(tuned, swept(tuned)) == tuned  # nothing is left to choose


def _fields(rule):
    return {name: getattr(rule, name) for name in rule.__struct_fields__}


def test_a_long_race_is_swept_over_its_first_steps():
    assert swept_steps(replaced(BOWL, steps=MOST_STEPS + 1)) == MOST_STEPS == 10_000
    assert swept(replaced(BOWL, steps=7)).steps == 7


def test_starts_lie_evenly_in_a_disc_around_the_start():
    places = sunflower((2.0, -1.0), 0.5, 25)
    away = np.hypot(*(places - (2.0, -1.0)).T)
    assert away[0] == 0.0
    assert away[-1] == pytest.approx(0.5)
    np.testing.assert_allclose(away**2, 0.25 * np.arange(25) / 24, atol=1e-15)  # equal areas
    np.testing.assert_array_equal(sunflower((2.0, -1.0), 0.5, 1), [[2.0, -1.0]])


def test_each_start_is_a_run_of_its_own():
    rule, rates = OPTIMIZERS["adam"](), np.array([0.01, 0.3])
    surface = race.surface_of(BOWL)
    places = sunflower((3.0, 1.0), 0.4, 9)
    together = result_of(sweeping(rule, surface, places, rates, STEPS, 0.0, 0))
    assert together.shape == (2, 9)
    alone = result_of(sweeping(rule, surface, places[4:5], rates, STEPS, 0.0, 0))
    np.testing.assert_allclose(together[:, 4], alone[:, 0], rtol=1e-9)


def test_medians_and_quartiles_count_a_lost_run_as_the_highest():
    ends = np.array([[5.0, 1.0, NAN, 3.0, 2.0], [NAN, NAN, NAN, 0.1, 0.2], [4.0, 4.0, 4.0, 4.0, 4.0]])
    racer = RacerSweep(ends, ends[2])
    np.testing.assert_array_equal(racer.median, [3.0, NAN, 4.0])
    np.testing.assert_array_equal(racer.quartile(0.25), [2.0, 0.2, 4.0])
    np.testing.assert_array_equal(racer.quartile(0.75), [5.0, NAN, 4.0])
    assert (racer.best, racer.lowest, racer.now) == (0, 3.0, 4.0)
    lost = RacerSweep(ends[1:2] * NAN, ends[1] * NAN)
    assert lost.best is None
    assert np.isnan(lost.lowest)


def test_ranks_have_ties_and_gaps():
    def racer(now, lowest):
        return RacerSweep(np.array([[9.0], [lowest]]), np.array([now]))

    racers = racer(1.0, 0.5), racer(3.0, 0.1), racer(1.0, 0.5), racer(NAN, 0.2)
    found = RateSweep(np.array([0.1, 1.0]), np.zeros((1, 2)), 5, racers)
    assert found.ranks(tuned=False) == [1, 3, 1, None]
    assert found.ranks(tuned=True) == [3, 1, 3, 2]
