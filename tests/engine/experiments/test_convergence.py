"""*Convergence rates*: every bound holds as long as its assumptions do, and fails when one is broken."""

import numpy as np
import pytest

from engine.config import Problem, replaced, validated
from engine.experiments.optimizers.convergence import EXPERIMENT, ConvergenceConfig, comparison, fitted
from engine.experiments.optimizers.convergence_schedules import Scheduled
from engine.experiments.optimizers.convergence_theorems import NewtonNear, Smooth, Stochastic, Strong
from engine.runner import Finish
from tests.runs import driven

HOLDING = [
    Smooth(),
    Smooth(function="chain"),
    Smooth(dimension=2),
    Strong(),
    Strong(kappa=1.1),
    Strong(kappa=1e6),
    NewtonNear(),
    NewtonNear(distance=0.1),
    Stochastic(),
    Stochastic(scale=10.0),
    Stochastic(noise=0.0),
    Scheduled(),
    Scheduled(kappa=4.0, fall=0.95),
    Scheduled(kappa=1000.0, fall=0.01),
    Scheduled(noise=0.0),
    Scheduled(noise=10.0, dimension=2),
]
BROKEN = [
    *(Smooth(broken=how) for how in ("step", "kink", "convex", "noise")),
    *(Strong(broken=how) for how in ("step", "flat", "noise")),
    NewtonNear(broken="far"),
    *(Stochastic(broken=how) for how in ("constant", "biased")),
    *(Scheduled(broken=how) for how in ("early", "biased")),
]


def run(theorem, seed=0):
    config = validated(ConvergenceConfig(theorem=theorem, seed=seed))
    return config, driven(EXPERIMENT, config, ends=[Finish.COMPLETED]).recording


@pytest.mark.parametrize("theorem", HOLDING, ids=str)
def test_bounds_hold_under_their_assumptions(theorem):
    for measured in comparison(run(theorem)[1]).methods.values():
        assert measured.first_failure() is None
        assert np.isfinite(measured.gap[1:]).all()


@pytest.mark.parametrize("theorem", BROKEN, ids=lambda theorem: f"{type(theorem).__name__}-{theorem.broken}")
def test_a_broken_assumption_breaks_a_bound(theorem):
    """As it comes, by so much that one sees it: half as much again, for a third of a log axis or more."""
    measured = comparison(run(theorem)[1]).methods.values()
    failed = [one for one in measured if one.first_failure() is not None]
    assert failed
    assert max(np.nanmax(one.gap / one.bound) for one in failed) > 1.5
    assert min(one.first_failure() for one in failed) < 0.35 * theorem.steps


def test_columns_are_the_comparison():
    _, recording = run(Strong())
    for name, measured in comparison(recording).methods.items():
        assert np.array_equal(recording.column(f"{name}.gap"), measured.gap)
        assert np.array_equal(recording.column(f"{name}.bound"), measured.bound)
    assert recording.last == 300


@pytest.mark.parametrize(
    ("theorem", "method", "expected", "within"),
    [
        (Smooth(), "gradient_descent", -1, 0.02),
        (Smooth(), "nesterov", -2, 0.1),
        (Strong(), "gradient_descent", (99 / 101) ** 2, 2e-3),
        (Strong(), "momentum", (9 / 11) ** 2, 0.015),
        (NewtonNear(), "newton", 2, 0.15),
        (NewtonNear(), "gradient_descent", 1, 0.15),
        (Stochastic(), "averaged_iterate", -0.5, 0.1),
        (Scheduled(), "constant_rate", 0, 0.05),
        (Scheduled(), "falling_rate", -1, 0.1),
    ],
)
def test_measured_rates(theorem, method, expected, within):
    config, recording = run(theorem)
    first = 0 if theorem.fits == "order" else theorem.steps / 10
    measured = comparison(recording).methods[method]
    assert fitted(config, measured, (first, theorem.steps)) == pytest.approx(expected, abs=within)


def test_what_explodes_ends_in_gaps_not_in_infinity():
    _, recording = run(Smooth(broken="step", steps=5000))
    gap = recording.column("gradient_descent.gap")
    assert np.isnan(gap[-1])
    assert not np.isinf(gap).any()


def test_the_start_of_a_long_run_is_there_early():
    long = EXPERIMENT.frames(ConvergenceConfig(theorem=Stochastic(steps=5000)))
    frames = [next(long), next(long)]
    assert [frame.step for frame in frames] == [0, 250]
    _, short = run(Stochastic(steps=250))
    assert np.array_equal(frames[1].scalars["averaged_iterate.gap"], short.column("averaged_iterate.gap")[1:])


def test_a_seed_is_a_run():
    first, same, other = (run(Stochastic(), seed)[1].column("averaged_iterate.gap") for seed in (1, 1, 2))
    assert np.array_equal(first, same, equal_nan=True)
    assert not np.array_equal(first, other, equal_nan=True)


def test_a_negative_seed_is_refused():
    with pytest.raises(Problem):
        replaced(ConvergenceConfig(), seed=-1)
