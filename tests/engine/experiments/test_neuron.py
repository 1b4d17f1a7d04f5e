"""A run of *Sigmoid*: what Nielsen's book prints, what the notes promise, and nothing that is no number."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.losses.neuron import EXPERIMENT, NeuronConfig, NeuronRecovery, inspect, recovery
from engine.losses.neuron import NEURON_LOSSES
from engine.optimizers.schedules import CosineDecay, InverseTimeDecay
from engine.runner import Finish
from tests.runs import runs_of

run = runs_of(EXPERIMENT, Finish.COMPLETED)


def recoveries(**settings):
    return {name: found.step for name, found in run(**settings).recording.snapshot(0)[1].items()}


def test_the_squared_error_ends_where_the_book_says():
    """Chapter 3: from an output of 0.98, after 300 steps at η = 0.15, to 0.20."""
    p = run().recording.column("squared_error.p")
    assert len(p) == 301
    assert (round(p[0], 2), round(p[-1], 2)) == (0.98, 0.20)
    assert round(run(weight=0.6, bias=0.9).recording.column("squared_error.p")[-1], 2) == 0.09


def test_what_the_notes_count():
    assert recoveries() == {"squared_error": 278, "cross_entropy": 27}
    assert recoveries(factor=10.0)["squared_error"] == 29
    assert recoveries(factor=100.0)["squared_error"] == 4
    assert recoveries(factor=100.0, bias=8.0) == {"squared_error": None, "cross_entropy": 47}
    assert recoveries(factor=10.0, target=0.3)["squared_error"] == 35
    thrown = run(factor=1000.0, target=0.3).recording
    assert thrown.column("squared_error.z")[-1] == pytest.approx(-21, abs=0.1)
    pull = run().recording.column("squared_error.by_z")
    assert pull.argmax() > 200


def test_the_rate_falls_as_its_schedule_says():
    """By hand: with 1/t the third step has a third of the rate; b moves by −η_t p, w by x times that."""
    recording = run(schedule=InverseTimeDecay(decay_rate=1.0), steps=3, input=2.0, bias=0.0).recording
    w, b = 2.0, 0.0
    for rate in (0.15, 0.075, 0.05):
        p = 1.0 / (1.0 + np.exp(-(2.0 * w + b)))
        w, b = w - rate * 2.0 * p, b - rate * p
    assert recording.column("cross_entropy.weight")[3] == pytest.approx(w, rel=1e-14)
    assert recording.column("cross_entropy.bias")[3] == pytest.approx(b, rel=1e-14)
    late = {"squared_error": None, "cross_entropy": 27}
    falling = CosineDecay(total_steps=300)
    assert recoveries(schedule=falling) == late, "as the notes say"
    column = run(schedule=falling).recording.column
    assert column("squared_error.p")[300] == pytest.approx(0.93, abs=0.005)
    assert column("squared_error.by_z").argmax() == 300, "its gradient still grows: it is on the flat part"


def test_recovered_is_the_first_step_within():
    assert recovery(np.array([0.9, -0.2, 0.1]), 0.25) == NeuronRecovery(1, True)
    assert recovery(np.array([0.9, 0.2, -0.5, 0.0]), 0.25) == NeuronRecovery(1, False)
    assert recovery(np.array([0.9, 0.25]), 0.25) == NeuronRecovery(None, False)


@pytest.mark.parametrize("name", NEURON_LOSSES)
@pytest.mark.parametrize("step", [0, 40, 300])
def test_a_step_is_taken_apart_and_checked(name, step):
    runner = run(input=-1.5, target=0.2)
    found = inspect(runner.config, runner.recording, step, name)
    assert found.z == pytest.approx(found.weight * -1.5 + found.bias)
    assert found.by_p * found.sigma == pytest.approx(found.by_z)
    assert found.check.passed
    assert found.check.count == 2


@pytest.mark.parametrize("bias", [-100.0, 100.0])
@pytest.mark.parametrize("target", [0.0, 0.5, 1.0])
def test_no_setting_gives_what_is_no_number(bias, target):
    extreme = run(
        weight=100.0, bias=bias, input=10.0, target=target, learning_rate=1000.0, factor=1e6, steps=50
    )
    for name in extreme.recording.names:
        assert not np.isnan(extreme.recording.column(name)).any(), name
    for name in NEURON_LOSSES:
        assert np.isfinite(inspect(extreme.config, extreme.recording, 0, name).loss)


def test_bad_settings_are_refused():
    with pytest.raises(Problem):
        replaced(NeuronConfig(), target=1.5)
    with pytest.raises(Problem):
        replaced(NeuronConfig(), learning_rate=0.0)
