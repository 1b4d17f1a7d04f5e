"""The series of *Moving averages*, and what is recorded of them."""

from math import inf

import numpy as np
import pytest

from engine.config import Problem, validated
from engine.experiments.losses import classifier
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.optimizers import race
from engine.experiments.optimizers.averages import (
    EXPERIMENT,
    SHAPES,
    AveragesConfig,
    Drawn,
    Generated,
    LossSeries,
)
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.descent import SGD
from engine.runner import Finish, Runner
from tests.engine.optimizers.test_averages import filtered
from tests.runs import runs_of

run = runs_of(EXPERIMENT, Finish.COMPLETED)


def test_nothing_has_come_at_step_0_and_a_value_a_step_from_then_on():
    runner = run()
    recording = runner.recording
    assert recording.last == runner.last_step == 200
    for name in ("series", "0.average", "2.average"):
        assert np.isnan(recording.column(name)[0])
        assert np.isfinite(recording.column(name)[1:]).all()


def test_each_beta_has_its_average():
    recording = run(betas=(0.3, 0.95)).recording
    x = recording.column("series")[1:]
    for i, beta in enumerate((0.3, 0.95)):
        assert recording.column(f"{i}.average")[1:] == pytest.approx(filtered(beta, (1 - beta) * x))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_noise_is_on_the_signal(shape):
    quiet = run(series=Generated(shape=shape, noise=0.0)).recording
    assert np.array_equal(quiet.column("series")[1:], quiet.column("signal")[1:])
    noisy = run(series=Generated(shape=shape, noise=0.5, steps=5000)).recording
    assert (noisy.column("series") - noisy.column("signal"))[1:].std() == pytest.approx(0.5, rel=0.05)


def test_a_seed_is_a_series():
    first, same, other = (run(seed=seed).recording.column("series")[1:] for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("source", "other", "settings", "name"),
    [
        ("classifier", classifier.EXPERIMENT, ClassifierConfig(layers=1, epochs=15, seed=5), "training.loss"),
        (
            "race",
            race.EXPERIMENT,
            RaceConfig(
                surface="bowl",
                racers=(SGD(learning_rate=0.02),),
                start=(2.0, 2.0),
                steps=300,
                noise=4.0,
                seed=5,
            ),
            "0.f",
        ),
    ],
)
def test_a_loss_curve_is_what_the_other_experiment_records(source, other, settings, name):
    runner = Runner(other, settings)
    runner.drive(inf)
    expected = runner.recording.column(name)
    found = run(series=LossSeries(source=source), seed=5).recording.column("series")[1:]
    assert np.array_equal(found, expected)


def test_drawn_values_are_taken_as_they_are():
    recording = run(series=Drawn(values=(1.0, -2.0, 3.5))).recording
    assert recording.column("series")[1:].tolist() == [1.0, -2.0, 3.5]


@pytest.mark.parametrize("source", ["classifier", "race"])
def test_the_loss_of_another_experiment_falls(source):
    values = run(series=LossSeries(source=source)).recording.column("series")[1:]
    assert len(values) > 200
    assert values[:10].mean() > 2 * values[-10:].mean() > 0


@pytest.mark.parametrize("betas", [(1.0,), (0.5, -0.1)])
def test_a_beta_outside_is_refused_with_its_place(betas):
    with pytest.raises(Problem) as caught:
        validated(AveragesConfig(betas=betas))
    assert caught.value.where == f"betas[{len(betas) - 1}]"
