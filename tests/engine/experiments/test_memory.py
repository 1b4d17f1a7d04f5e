"""Runs of *Memory span*: who learns at which delay, what the start is like, and what diverges."""

from math import inf

import msgspec
import numpy as np
import pytest

from engine.config import Problem, problem_from, validated
from engine.experiments.lstm.memory import EXPERIMENT, MemoryConfig, check, examples_of
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from engine.runner import Finish
from tests.runs import driven

SMALL = {"hidden": 4, "batch_size": 4, "steps": 12}


def run(**settings):
    """Also with settings that no form would let through."""
    return driven(EXPERIMENT, MemoryConfig(**settings))


def shots(runner, step):
    return runner.recording.snapshot(step)[1].shots


@pytest.fixture(scope="module")
def default():
    return run()


def test_a_run_goes_to_its_end_and_again_to_the_same_bits():
    one, two = run(**SMALL, measured="many", longest=5), run(**SMALL, measured="many", longest=5)
    assert one.finish is Finish.COMPLETED
    assert one.recording.last == EXPERIMENT.last_step(one.config) == 3 * 13 - 1
    for name in one.recording.names:
        np.testing.assert_array_equal(one.recording.column(name), two.recording.column(name))


@pytest.mark.parametrize(
    ("longest", "delays"),
    [(2, (2,)), (3, (2, 3)), (64, (2, 4, 8, 16, 32, 64)), (100, (2, 4, 8, 16, 32, 64, 100))],
)
def test_the_delays_double(longest, delays):
    assert MemoryConfig(measured="many", longest=longest).delays == delays
    assert MemoryConfig(longest=longest, delay=7).delays == (7,)


def test_at_the_defaults_only_the_lstm_learns(default):
    point = default.recording.snapshot(300)[1].points[0]
    assert point.delay == 20
    rnn, gru, lstm = point.accuracies
    assert max(rnn, gru) < 0.4
    assert lstm > 0.9


def test_without_a_forget_bias_it_does_not():
    runner = run(forget_bias=0.0, steps=200)
    assert runner.recording.snapshot(200)[1].points[0].accuracies[2] < 0.4


def test_the_start_is_as_the_theory_says(default):
    start = shots(default, 0)
    kept = start["lstm"].reach.kept
    assert kept[20] == pytest.approx(0.07898, rel=0.2)  # σ(2)²⁰
    assert start["gru"].reach.kept[20] == pytest.approx(0.5**20, rel=0.3)
    rnn = start["rnn"].reach.hidden
    assert (
        rnn[1:] <= 0.5 * rnn[:-1] * (1 + 1e-12)
    ).all()  # orthogonal times a half, and a slope of at most 1
    assert rnn[20] / rnn[0] < 2.0**-20


def test_at_every_delay_the_cells_begin_alike():
    runner = run(**SMALL, measured="many", longest=4)
    first, second = shots(runner, 0), shots(runner, 13)
    for name in first:
        np.testing.assert_array_equal(first[name].theta, second[name].theta)
        assert not np.array_equal(first[name].theta, shots(runner, 12)[name].theta)


def test_points_come_one_after_the_other():
    runner = run(**SMALL, measured="many", longest=8)
    counts = [len(runner.recording.snapshot(step)[1].points) for step in (0, 11, 12, 24, 25, 38)]
    assert counts == [0, 0, 1, 1, 2, 3]
    points = runner.recording.snapshot(38)[1].points
    assert [point.delay for point in points] == [2, 4, 8]
    assert points[1].accuracies[2] == runner.recording.column("lstm.accuracy")[25]


def test_every_step_has_sequences_of_its_own():
    config = MemoryConfig()
    batches = [examples_of(config, 20, step).x for step in (-1, 0, 1)]
    assert batches[0].shape[2] == 200
    assert not np.array_equal(batches[1], batches[2])
    np.testing.assert_array_equal(examples_of(config, 20, 1).x, batches[2])


@pytest.mark.parametrize("step", [0, 300])
def test_the_gradients_through_time_are_right(default, step):
    snapshot = default.recording.snapshot(step)[1]
    for name in snapshot.shots:
        assert check(default.config, snapshot, name).passed


def test_weights_of_nothing_leave_nothing():
    runner = run(**SMALL, weight_scale=0.0)
    reach = shots(runner, 0)["rnn"].reach.hidden
    assert reach[0] > 0
    assert not reach[1:].any()
    assert runner.finish is Finish.COMPLETED


def test_large_weights_make_gradients_grow():
    runner = run(weight_scale=3.0, noise=0.1, steps=1)
    rnn = shots(runner, 0)["rnn"].reach.hidden
    assert rnn[20] > 20 * rnn[0]


def test_a_bias_for_the_gru():
    runner = run(**SMALL, update_bias=2.0)
    assert shots(runner, 0)["gru"].reach.kept[20] == pytest.approx(0.07898, rel=0.3)


def test_who_leaves_the_numbers_stops_and_says_so():
    runner = run(**SMALL, optimizer=GradientDescent(learning_rate=inf))
    assert runner.finish is Finish.DIVERGED
    assert runner.recording.last == 1
    ends = [shot.end for shot in shots(runner, 1).values()]
    assert all(end is not None and "diverged at step 1" in str(end.problem) for end in ends)


def test_the_other_delays_are_measured_all_the_same():
    runner = run(**SMALL, optimizer=GradientDescent(learning_rate=inf), measured="many", longest=8)
    assert runner.finish is Finish.DIVERGED
    assert runner.recording.last == 2 * 13 + 1  # in the first step at the last delay
    points = runner.recording.snapshot(runner.recording.last)[1].points
    assert [point.delay for point in points] == [2, 4]
    assert np.isnan([point.accuracies for point in points]).all()


def test_clipping_limits_a_step():
    free = run(**SMALL, optimizer=GradientDescent(learning_rate=1.0))
    held = run(**SMALL, optimizer=GradientDescent(learning_rate=1.0), clipping=0.01)
    first, second = (shots(held, step)["lstm"].theta for step in (0, 1))
    assert np.linalg.norm(second - first) == pytest.approx(0.01)
    assert np.linalg.norm(shots(free, 1)["lstm"].theta - first) > 0.02


def test_who_has_nothing_to_learn_with_stays():
    runner = run(**SMALL, optimizer=Adam(learning_rate=1e-12))
    np.testing.assert_allclose(shots(runner, 12)["gru"].theta, shots(runner, 0)["gru"].theta, atol=1e-9)


def test_a_wrong_setting_names_its_place():
    with pytest.raises(Problem) as found:
        validated(MemoryConfig(seed=-1))
    assert found.value.where == "seed"
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert({"delay": 1000}, MemoryConfig)
    assert problem_from(refused.value).where == "delay"
