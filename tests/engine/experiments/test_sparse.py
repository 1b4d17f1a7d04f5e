"""Five optimizers on sparse features: the same examples for all, and who learns the rare ones."""

from math import exp, log

import numpy as np
import pytest

from engine.config import Problem, validated
from engine.experiments.optimizers.sparse import (
    DEFAULT_RACERS,
    EXPERIMENT,
    GROUPS,
    SparseConfig,
    check,
    first_rare,
    values_of,
)
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.optimizers.descent import SGD
from engine.runner import Finish
from tests.runs import runs_of

run = runs_of(EXPERIMENT)


@pytest.fixture(scope="module")
def default():
    return run()


def test_a_frame_for_each_mini_batch_and_the_start_knows_nothing(default):
    recording = default.recording
    assert default.finish is Finish.COMPLETED
    assert recording.last == 400
    for i in range(5):
        for group in GROUPS:
            column = recording.column(f"{i}.{group}")
            assert column[0] == pytest.approx(log(2))
            assert np.isfinite(column).all()
    for step in (0, 1, 133, 400):
        assert recording.snapshot(step)[0] == step


def test_groups_make_up_all(default):
    world, recording = default.recording.data, default.recording
    share = world.rare.mean()
    rare, common = recording.column("2.rare"), recording.column("2.common")
    assert recording.column("2.all") == pytest.approx(share * rare + (1 - share) * common)
    assert np.array_equal(world.rare, world.held_out[:, 20:].sum(axis=1) > 0)
    assert first_rare(40) == 21


def test_no_loss_is_below_that_of_the_true_weights(default):
    best = default.recording.data.best
    for i in range(5):
        for group in GROUPS:
            assert default.recording.column(f"{i}.{group}").min() > best[group]


def test_the_adaptive_ones_learn_the_rare_features_and_the_others_do_not(default):
    world, shot = default.recording.data, default.recording.snapshot(400)[1]
    along = (shot.weights * np.sign(world.truth))[:, 20:].mean(axis=1)
    excess = [default.recording.column(f"{i}.rare")[-1] - world.best["rare"] for i in range(5)]
    assert min(along[2:]) > 1.5 * max(along[:2])
    assert max(excess[2:]) < 0.5 * min(excess[:2])
    on_common = [default.recording.column(f"{i}.common")[-1] for i in range(5)]
    assert max(on_common) < 1.05 * min(on_common)


def test_the_effective_step_goes_with_one_over_the_root_of_the_frequency(default):
    world, shot = default.recording.data, default.recording.snapshot(400)[1]
    for racer in (2, 4):  # AdaGrad, Adam
        slope = np.polyfit(np.log(world.probability), np.log(shot.steps[racer]), 1)[0]
        assert slope == pytest.approx(-0.5, abs=0.1)


def test_sgd_is_what_it_says():
    recording = run(racers=(SGD(learning_rate=2.0),), features=5, batch=3, steps=4).recording
    w = [0.0] * 5
    for step in range(1, 5):
        shot = recording.snapshot(step)[1]
        g = [0.0] * 5
        for present, yes in zip(shot.x.tolist(), shot.y.tolist(), strict=True):
            z = sum(w[j] for j in range(5) if present[j])
            for j in range(5):
                g[j] += ((1 / (1 + exp(-z))) - yes) * present[j] / 3
        w = [w[j] - 2.0 * g[j] for j in range(5)]
        assert shot.weights[0] == pytest.approx(w)
    assert shot.seen.tolist() == sum(recording.snapshot(t)[1].x.sum(axis=0) for t in range(1, 5)).tolist()


def test_an_absent_feature_keeps_its_step_in_adagrad_and_gains_in_the_forgetful_ones(default):
    recording, rows = default.recording, {"adagrad": 2, "rmsprop": 3, "adam": 4}
    absent = 0
    for step in range(100, 140):
        before, shot = (recording.snapshot(t)[1] for t in (step - 1, step))
        away = ~shot.x[:, 29].any()
        if away:
            absent += 1
            assert shot.steps[rows["adagrad"], 29] == before.steps[rows["adagrad"], 29]
            assert shot.steps[rows["rmsprop"], 29] > before.steps[rows["rmsprop"], 29]
            assert shot.steps[rows["adam"], 29] > before.steps[rows["adam"], 29]
            assert shot.weights[rows["adagrad"], 29] == before.weights[rows["adagrad"], 29]
    assert absent > 30


def test_the_first_step_of_adagrad_is_its_learning_rate(default):
    seen = np.array([default.recording.snapshot(t)[1].seen[29] for t in range(401)])
    first = int((seen > 0).argmax())
    assert abs(default.recording.snapshot(first)[1].weights[2, 29]) == pytest.approx(2.0)


def test_the_numbers_of_a_rule_are_those_of_the_feature(default):
    before, shot = (default.recording.snapshot(t)[1] for t in (29, 30))
    adagrad, momentum = (values_of(DEFAULT_RACERS[racer], shot, racer, 0) for racer in (2, 1))
    g = adagrad["gradient"]
    assert g == shot.gradients[2, 0] != 0
    assert adagrad["sum_of_squares"] == pytest.approx(adagrad["old_sum_of_squares"] + g**2)
    assert adagrad["x"] - 2.0 / adagrad["sum_of_squares"] ** 0.5 * g == pytest.approx(adagrad["x_after"])
    assert (adagrad["t"], adagrad["old_t"], adagrad["learning_rate"]) == (30, 29, 2.0)
    assert (momentum["x"], momentum["x_after"]) == (before.weights[1, 0], shot.weights[1, 0])
    assert momentum["velocity"] == pytest.approx(0.9 * momentum["old_velocity"] + momentum["gradient"])


def test_gradients_are_checked(default):
    shot = default.recording.snapshot(50)[1]
    assert all(check(shot, racer).passed for racer in range(5))
    wrong = shot._replace(gradients=shot.gradients * 1.001)
    assert not check(wrong, 2).passed


def test_a_seed_is_a_world():
    first, same, other = (run(seed=seed, steps=5).recording.column("4.all") for seed in (3, 3, 4))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
    shorter = run(seed=3, steps=5, racers=(Adam(learning_rate=0.1),)).recording.column("0.all")
    assert np.array_equal(first, shorter)


def test_without_a_power_law_no_example_is_common():
    recording = run(exponent=0.0, steps=3, batch=1).recording
    assert np.isnan(recording.column("0.common")).all()
    assert recording.column("0.rare") == pytest.approx(recording.column("0.all"))


def test_a_run_that_leaves_the_numbers_ends_with_a_word():
    rule = RMSProp(learning_rate=1000.0, rho=0.0, centered=True, epsilon=1e-308)
    runner = run(racers=(AdaGrad(), rule), steps=10)
    assert runner.finish is Finish.DIVERGED
    assert np.isfinite(runner.recording.snapshot(runner.recording.last)[1].weights).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"features": 4, "steps": 3},
        {"features": 200, "exponent": 3.0, "steps": 3},
        {"batch": 256, "steps": 2},
        {"most": 0.95, "strength": 10.0, "steps": 3},
    ],
)
def test_extremes_run(changes):
    assert run(**changes).finish is Finish.COMPLETED


def test_a_negative_seed_is_refused():
    with pytest.raises(Problem) as caught:
        validated(SparseConfig(seed=-1))
    assert caught.value.where == "seed"
