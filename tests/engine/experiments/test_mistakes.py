"""The famous mistakes do what is said of them, and the lines that are shown are the lines that run."""

import inspect
import math

import numpy as np
import pytest

from engine.activations import softmax_jacobian
from engine.config import replaced
from engine.experiments.gradients import mistakes_data
from engine.experiments.gradients.mistakes import EXPERIMENT
from engine.experiments.gradients.mistakes_check import both_checks
from engine.experiments.gradients.mistakes_config import QUESTIONS, MistakesConfig, quiz_of
from engine.experiments.gradients.mistakes_gradients import (
    diagonal_jacobian,
    error_mean,
    label_times_error,
    whole_jacobian,
)
from engine.experiments.gradients.mistakes_numbers import of_probabilities, shifted, unshifted
from engine.experiments.gradients.mistakes_optimizers import (
    AdamWith,
    as_it_is,
    by_the_power,
    without_the_power,
)
from engine.experiments.gradients.mistakes_recipe import EXAMPLES
from engine.experiments.gradients.mistakes_sequences import order_of_onnx, our_order, seen_before
from engine.experiments.gradients.mistakes_table import MISTAKES
from engine.optimizers.adam import Adam
from engine.optimizers.schedules import ConstantRate
from engine.recording import Recording
from engine.runner import Runner
from tests.runs import driven

# Of which mistakes the check fails, and from which step on; it passes in all others, until a weight is NaN.
FAILS = {
    "label_times_error": 0,
    "diagonal_jacobian": 0,
    "sum_for_mean": 0,
    "gradients_not_reset": 1,
    "derivative_of_output": 0,
}
P, Y = np.array([[0.2, 0.3, 0.5]]), np.array([[1.0, 0.0, 0.0]])


def run(name, goal=math.inf, **settings) -> Recording:
    runner = driven(EXPERIMENT, MistakesConfig(mistake=MISTAKES[name](), **settings), goal)
    assert runner.problem is None
    return runner.recording


def last(recording, column):
    return float(recording.column(column)[-1])


@pytest.mark.parametrize("name", MISTAKES)
def test_the_line_that_is_shown_is_the_line_that_runs(name):
    for line in (MISTAKES[name].right, MISTAKES[name].wrong):
        source = [one.strip() for one in inspect.getsource(line.function).splitlines()]
        computed = {one.removeprefix("return ").split(" = ", maxsplit=1)[-1] for one in source}
        assert line.code in computed | {*source}
    assert MISTAKES[name].right.code != MISTAKES[name].wrong.code


@pytest.mark.parametrize("name", MISTAKES)
def test_the_gradient_check_fails_where_it_is_said_to(name):
    recording = run(name, goal=2)
    for step in (0, 1, 2):
        found = both_checks(recording.data, recording.snapshot(step)[1])
        assert found.right.check.passed, step
        assert found.wrong.check.passed == (step < FAILS.get(name, math.inf)), step
    assert bool(MISTAKES[name].passes) == (FAILS.get(name) != 0)


@pytest.mark.parametrize("name", MISTAKES)
def test_both_start_alike_and_only_the_symptom_is_recorded_beside_the_loss(name):
    mistake, recording = MISTAKES[name], run(name, goal=1)
    assert set(recording.names) == {
        f"{side}.{what}" for side in ("right", "wrong") for what in (mistake.curve, mistake.symptom)
    }
    start = recording.snapshot(0)[1]
    assert start.right.theta.shape == start.wrong.theta.shape


def test_one_wrong_term_and_the_whole_gradient_by_hand():
    assert error_mean(P, Y) == pytest.approx(np.array([[-0.8, 0.3, 0.5]]))
    assert label_times_error(P, Y) == pytest.approx(np.array([[-0.8, 0.0, 0.0]]))


def test_the_diagonal_of_the_jacobian_is_the_same_mistake_with_cross_entropy():
    d_p = -Y / P
    assert diagonal_jacobian(P, d_p) == pytest.approx(label_times_error(P, Y))
    assert whole_jacobian(P, d_p) == pytest.approx(error_mean(P, Y))
    any_d_p = np.array([0.7, -0.2, 1.1])
    assert whole_jacobian(P[0], any_d_p) == pytest.approx(softmax_jacobian(P[0]) @ any_d_p)


def test_a_sum_for_a_mean_is_a_learning_rate_32_times_as_large():
    right, wrong = run("sum_for_mean", 60), run("sum_for_mean", 60, rate=1 / 32)
    assert np.array_equal(right.column("right.loss"), wrong.column("wrong.loss"))
    found = both_checks(right.data, right.snapshot(0)[1]).wrong
    assert found.check.max_relative_error == pytest.approx(31 / 32, abs=1e-5)
    large = np.abs(found.numeric) > 1e-4
    assert found.analytic[large] / found.numeric[large] == pytest.approx(np.full(large.sum(), 32.0), rel=1e-4)


def test_gradients_that_are_not_reset_are_added():
    honest, adding = MISTAKES["gradients_not_reset"]().recipes(0)
    first = adding.update(adding.start, 1, None)
    second = adding.update(adding.start, 2, first.memory)
    alone = honest.update(honest.start, 2, None)
    assert np.allclose(second.gradient, first.gradient + alone.gradient)


def constant_steps(corrected, count):
    """The steps of Adam over η where the gradient is always 1."""
    rule = AdamWith(corrected=corrected, learning_rate=1.0, epsilon=1e-12)
    x, state, steps = 0.0, rule.start(0.0), []
    for _ in range(count):
        before = x
        x, state = rule.update(x, 1.0, state)
        steps.append(before - x)
    return steps


def test_the_corrections_of_adam_by_hand():
    assert constant_steps(by_the_power, 50) == pytest.approx([1.0] * 50)
    bare = constant_steps(as_it_is, 12_000)
    assert bare[0] == pytest.approx(0.1 / math.sqrt(0.001))  # 3.162
    assert (np.argmax(bare) + 1, max(bare)) == (12, pytest.approx(6.569, abs=5e-4))
    assert bare[-1] == pytest.approx(1.0, rel=1e-4)
    assert bare[20] == pytest.approx(6.2, abs=0.05), "with the correction it is 1"
    late = constant_steps(without_the_power, 12_000)
    assert late[:2] == pytest.approx([1.0, 1.9 / math.sqrt(1.999)])
    assert (np.argmax(late) + 1, max(late)) == (12, pytest.approx(2.077, abs=5e-4))
    assert late[-1] == pytest.approx(math.sqrt(0.001) / 0.1, rel=1e-4)  # 0.3162
    assert late[103] > 1.0 > late[105]


def test_adam_with_its_correction_is_adam():
    rng = np.random.default_rng(0)
    ours, theirs = AdamWith(corrected=by_the_power, learning_rate=0.01), Adam(learning_rate=0.01)
    x = y = np.ones(5)
    states = ours.start(x), theirs.start(y)
    for _ in range(20):
        g = rng.normal(size=5)
        (x, a), (y, b) = ours.update(x, g, states[0]), theirs.update(y, g, states[1])
        states = a, b
    assert np.allclose(x, y, rtol=1e-12)


def test_the_first_step_without_correction_is_3_16_times_as_long():
    moved = {
        side: run("adam_without_correction", 1).column(f"{side}.moved")[1] for side in ("right", "wrong")
    }
    assert moved["wrong"] / moved["right"] == pytest.approx(3.162, rel=1e-3)


@pytest.mark.parametrize("name", ["zero_start", "negative_bias"])
def test_nothing_is_learned_from_a_start_that_is_dead(name):
    recording = run(name, 60)
    assert recording.column("wrong.loss") == pytest.approx(np.full(61, math.log(10)), abs=0.02)
    assert last(recording, "right.loss") < 1.0
    network, theta = recording.data.pairs[0][1].network, recording.snapshot(60)[1].wrong.theta
    start = recording.snapshot(0)[1].wrong.theta
    hidden, output = network.layers(theta)
    assert np.array_equal(hidden.weights, network.layers(start)[0].weights)
    assert np.array_equal(output.weights, network.layers(start)[1].weights)
    assert output.bias.any()
    if name == "negative_bias":
        assert (recording.column("wrong.dead") == 1.0).all()


def test_softmax_twice_has_a_floor():
    sure = np.array([[1000.0] + [0.0] * 9])
    loss, _ = of_probabilities(sure, np.eye(10)[:1])
    assert loss == pytest.approx(math.log(1 + 9 / math.e))
    assert loss == pytest.approx(1.46115, abs=1e-5)
    recording = run("softmax_twice")
    assert recording.column("wrong.loss").min() >= loss
    assert last(recording, "right.loss") < 0.1
    assert last(recording, "wrong.accuracy") > 0.9


def test_exp_overflows_from_88_7_on_and_the_shift_helps():
    z = np.array([88.7, 88.8], np.float32)
    with np.errstate(over="ignore"):
        assert np.isfinite(unshifted(z)).tolist() == [True, False]
    assert shifted(z)[1] == 1.0
    assert np.isfinite(unshifted(np.array([709.7])))


def test_without_the_shift_all_is_nan_from_some_step_on():
    recording = run("softmax_without_shift")
    y = recording.column("wrong.loss")
    first = int(np.flatnonzero(np.isnan(y))[0])
    assert first > 1
    assert np.isnan(y[first:]).all()
    before = slice(first - 1)
    assert y[before] == pytest.approx(recording.column("right.loss")[before], rel=1e-3)
    assert np.isfinite(recording.column("right.loss")).all()
    assert recording.column("right.logit")[: first + 1].max() > 88.0
    assert not both_checks(recording.data, recording.snapshot(200)[1]).wrong.check.passed


def test_the_log_of_zero_spoils_the_number_and_not_the_training():
    recording = run("log_of_zero", 60)
    y = recording.column("wrong.loss")
    assert np.isnan(y).any()
    assert np.isfinite(y[-1])
    after = recording.snapshot(60)[1]
    assert np.array_equal(after.right.theta, after.wrong.theta)


def test_a_batch_in_order_of_class_has_one_class():
    right, wrong = MISTAKES["in_order_of_class"]().recipes(3)
    classes = [{*recipe.targets[rows].argmax(axis=1)} for recipe in (wrong,) for rows in recipe.batches[:10]]
    assert [len(found) for found in classes] == [1] * 10
    assert {*range(10)} == set().union(*classes)
    assert sorted(right.batches[:10].ravel()) == [*range(EXAMPLES)]


def test_labels_that_stay_behind_belong_to_others():
    right, wrong = MISTAKES["labels_left_behind"]().recipes(0)
    assert np.array_equal(right.inputs, wrong.inputs)
    same = (right.targets.argmax(axis=1) == wrong.targets.argmax(axis=1)).mean()
    assert same < 0.25
    assert np.array_equal(right.targets.sum(axis=0), wrong.targets.sum(axis=0))


def test_only_with_the_leak_a_held_out_value_moves_the_training_inputs(monkeypatch):
    pairs = []
    for value in (300.0, 3000.0):
        monkeypatch.setattr(mistakes_data, "STRAY", value)
        pairs.append([pair.inputs[pair.training] for pair in MISTAKES["test_in_scaling"]().recipes(0)])
    (right, wrong), (right_again, wrong_again) = pairs
    assert np.array_equal(right, right_again)
    assert np.abs(wrong - wrong_again).max() > 0.01
    assert right.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-6)
    assert right.std(axis=0) == pytest.approx([1.0, 1.0], abs=1e-6)


def test_features_chosen_with_the_test_labels_seem_to_tell_of_coin_tosses():
    found = {"right": [], "wrong": []}
    for seed in range(3):
        recording = run("features_chosen_on_all", 50, seed=seed)
        for side, values in found.items():
            values.append(last(recording, f"{side}.right"))
    assert 0.35 < np.mean(found["right"]) < 0.62
    assert np.mean(found["wrong"]) > 0.68


def test_gates_are_read_by_their_places():
    gates = np.arange(4.0)[:, None]  # i, f, g, o
    assert our_order(gates).ravel().tolist() == [0, 1, 2, 3]
    assert order_of_onnx(gates).ravel().tolist() == [0, 2, 3, 1]


def test_weights_in_another_order_are_worse_than_a_guess_at_first():
    recording = run("gates_swapped", 1)
    assert recording.column("right.loss")[0] < 0.1
    assert recording.column("wrong.loss")[0] > math.log(4)


def test_a_state_that_leaks_changes_what_the_same_sequence_gives():
    right, wrong = MISTAKES["state_leaks"]().recipes(0)
    memory = right.update(right.start, 1, None).memory
    for recipe, same in ((right, True), (wrong, False)):
        fresh, later = (recipe.measure(recipe.start, what)["loss"] for what in (None, memory))
        assert (fresh == later) == same


def test_the_target_is_whether_there_was_a_one():
    batch = seen_before(np.random.default_rng(1), 50, 12, often=0.2)
    for k in range(50):
        assert batch.target[:, k].tolist() == [int(1 in batch.x[: t + 1, k]) for t in range(12)]


@pytest.mark.parametrize("seed", range(12))
def test_a_quiz_has_six_curves_that_look_different(seed):
    quiz = quiz_of(seed)
    assert len(quiz) == QUESTIONS
    assert len({mistake.look for mistake in quiz}) == QUESTIONS
    assert quiz == quiz_of(seed)


def test_every_mistake_comes_in_some_quiz():
    assert {mistake.name for seed in range(60) for mistake in quiz_of(seed)} == set(MISTAKES)


def test_the_curves_of_a_quiz_are_those_of_its_mistakes():
    config = MistakesConfig(show="quiz", seed=2)
    runner = Runner(EXPERIMENT, config)
    runner.drive(3)
    for k, mistake in enumerate(quiz_of(2), start=1):
        alone = run(mistake.name, 3, seed=2)
        for side in ("right", "wrong"):
            expected = alone.column(f"{side}.{mistake.curve}")
            assert np.array_equal(runner.recording.column(f"{k}.{side}.loss"), expected, equal_nan=True)


def test_the_same_settings_give_the_same_numbers():
    config = MistakesConfig(seed=7)
    runs = [Runner(EXPERIMENT, config), Runner(EXPERIMENT, replaced(config))]
    for runner in runs:
        runner.drive(5)
    one, other = (runner.recording for runner in runs)
    assert all(np.array_equal(one.column(name), other.column(name)) for name in one.names)


def test_a_warm_up_hides_that_the_bias_is_not_corrected():
    """As the explanation says; the first step is a 21st of what it was, and told as a multiple of η."""
    leap = run("adam_without_correction", 25).column
    hidden = run("adam_without_correction", 25, schedule=ConstantRate(warmup_steps=20)).column
    assert leap("wrong.loss")[:2] == pytest.approx([2.50, 2.84], abs=0.005)
    assert (np.diff(hidden("wrong.loss")[:6]) < 0).all()
    for side in ("right", "wrong"):
        first = leap(f"{side}.moved")[1] / 21
        assert hidden(f"{side}.moved")[1] == pytest.approx(first, rel=1e-3)


def test_a_rate_multiplies_the_learning_rate_of_both():
    usual, faster = run("label_times_error", 1), run("label_times_error", 1, rate=2.0)
    for side in ("right", "wrong"):
        before, after, twice = (
            getattr(recording.snapshot(step)[1], side).theta
            for recording, step in ((usual, 0), (usual, 1), (faster, 1))
        )
        assert twice - before == pytest.approx(2.0 * (after - before), abs=1e-6)
