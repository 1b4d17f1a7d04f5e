"""Exploding gradients: slopes against differences, and what clipping makes of one step."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.experiments.gradients.clipping import (
    EXPERIMENT,
    WAYS,
    ClippingConfig,
    check,
    clipped,
    same_step,
    scene_of,
)
from engine.experiments.gradients.clipping_scenes import CliffScene, Net, OneUnit
from engine.optimizers.schedules import CosineDecay, InverseTimeDecay, LinearDecay
from engine.runner import Finish
from tests.runs import runs_of

run = runs_of(EXPERIMENT)


@pytest.mark.parametrize(
    ("scene", "theta"),
    [
        (CliffScene((0.0, 0.0)), np.array([1.02, -0.7])),
        (OneUnit((0.0, 0.0)), np.array([4.9, -2.55])),
        (OneUnit((0.0, 0.0)), np.array([3.1, -1.2])),
        (Net(0, 12, 1.5), Net(0, 12, 1.5).start()),
    ],
)
def test_gradients_agree_with_differences(scene, theta):
    loss, gradient = scene.at(theta, 3)
    assert loss == pytest.approx(scene.loss(theta, 3), rel=1e-12)
    assert check(scene, theta, 3, gradient).passed
    assert not check(scene, theta, 3, gradient * 1.001).passed


def test_one_unit_by_hand():
    h, w, b = 0.5, 2.0, -1.0
    for _ in range(50):
        h = w / (1 + np.exp(-h)) + b
    assert OneUnit((0, 0)).value(w, b) == pytest.approx((1 / (1 + np.exp(-h)) - 0.7) ** 2, rel=1e-12)
    assert OneUnit((0, 0)).loss(np.array([-900.0, -900.0]), 1) == pytest.approx(0.49)


def test_clipping_by_hand():
    g = np.array([3.0, -4.0])
    assert clipped(g, "none", 1.0).tolist() == [3, -4]
    assert clipped(g, "norm", 1.0) == pytest.approx([0.6, -0.8])
    assert clipped(g, "norm", 10.0).tolist() == [3, -4]
    assert clipped(g, "value", 3.5).tolist() == [3, -3.5]


def test_the_default_shows_what_clipping_is_for():
    recording = run().recording
    place = {way: (recording.column(f"{way}.x")[-1], recording.column(f"{way}.y")[-1]) for way in WAYS}
    assert np.hypot(*place["none"]) > 30, "thrown out of the picture"
    assert np.hypot(*place["norm"]) < 6
    assert np.nanmax(recording.column("none.norm")) > 50
    assert recording.column("norm.loss")[-20:].mean() < 0.1 * recording.column("none.loss")[-20:].mean()


def test_each_step_has_the_rate_of_its_schedule():
    """By hand, on the slope before the wall: (x + 2, y) shrinks by 1 − 0.2 η_t, or by steps of η_t c."""
    settings = {"scene": "cliff", "schedule": InverseTimeDecay(decay_rate=1.0)}
    column = run(**settings).recording.column
    shrunk = (1 - 0.2 / 2) * (1 - 0.2 / 4) * (1 - 0.2 / 6)
    assert column("none.x")[3] + 2 == pytest.approx(4.12 * shrunk, rel=1e-9)
    assert column("none.y")[3] == pytest.approx(2.5 * shrunk, rel=1e-11)
    assert column("norm.moved")[1:4] == pytest.approx([0.25, 0.125, 0.25 / 3], rel=1e-12)
    config = ClippingConfig(**settings)
    same = same_step(config, np.array([2.12, 2.5]), 1)
    assert same.lengths["norm"] == pytest.approx(0.125, rel=1e-12)
    still = same_step(replaced(config, schedule=LinearDecay(total_steps=1)), np.array([2.12, 2.5]), 1)
    assert still.lengths == dict.fromkeys(WAYS, 0.0)
    assert still.turned == pytest.approx(same.turned)
    assert still.turned == pytest.approx(45 - np.degrees(np.arctan2(0.5, 0.824)), rel=1e-9)


def test_a_schedule_brings_the_clipped_runs_to_rest_and_saves_no_other():
    """As the explanation says."""
    constant, falling = run().recording.column, run(schedule=CosineDecay(total_steps=150)).recording.column
    assert np.ptp(constant("value.loss")[-20:]) > 0.2
    assert max(falling(f"{way}.loss")[-1] for way in ("norm", "value")) < 1e-20
    assert np.nanargmax(falling("none.moved")) == 11
    assert np.hypot(falling("none.x")[-1], falling("none.y")[-1]) > 30
    assert run(schedule=LinearDecay(total_steps=150)).recording.column("none.loss")[-1] < 1e-20


def test_a_step_is_the_learning_rate_times_the_clipped_gradient():
    runner = run(learning_rate=0.3, threshold=0.2)
    column = runner.recording.column
    for way in WAYS:
        x = np.diff(column(f"{way}.x"))[:20]
        y = np.diff(column(f"{way}.y"))[:20]
        assert np.hypot(x, y) == pytest.approx(column(f"{way}.moved")[1:21])
    assert (column("norm.moved")[1:] <= 0.3 * 0.2 * (1 + 1e-12)).all()
    expected = 0.3 * np.minimum(column("norm.norm")[:-1], 0.2)
    assert column("norm.moved")[1:] == pytest.approx(expected)


def test_the_same_step_three_times():
    config = ClippingConfig()
    theta = np.array([4.72, -2.45])
    same = same_step(config, theta, 0)
    scene = scene_of(config)
    assert same.lengths["none"] == pytest.approx(config.learning_rate * same.norm)
    assert same.lengths["norm"] == pytest.approx(config.learning_rate * min(same.norm, config.threshold))
    for way in WAYS:
        assert same.after[way] == pytest.approx(scene.loss(theta + same.moves[way], 1))
    at = np.interp(same.lengths["none"], same.distances, same.profile)
    assert at == pytest.approx(same.after["none"], rel=0.05)
    assert same.profile[0] == pytest.approx(same.loss)


def test_the_net_explodes_without_clipping_and_learns_with_it():
    runner = run(scene="net", learning_rate=0.2, threshold=1.0, steps=80)
    column = runner.recording.column
    assert runner.finish is Finish.COMPLETED
    assert np.isnan(column("none.loss")[-1])
    assert runner.recording.snapshot(80)[1].ended[0] is not None
    assert column("norm.loss")[-10:].mean() < 0.01 < 0.3 < column("norm.loss")[0]


def test_small_weights_never_explode_and_never_learn_and_those_between_explode_late():
    settings = {"scene": "net", "learning_rate": 0.2, "threshold": 1.0}
    small, between = run(**settings, gain=0.6).recording, run(**settings, gain=0.8).recording
    for way in WAYS:
        assert small.column(f"{way}.norm").max() < 1
        assert small.column(f"{way}.loss")[-20:].mean() > 0.4
    assert between.column("none.norm")[:10].max() < 1
    assert np.nanmax(between.column("none.norm")) > 1e6


def test_clipped_ways_stay_numbers_whatever_the_settings():
    runner = run(scene="net", learning_rate=100.0, threshold=1e6, gain=4.0, steps=60)
    assert runner.finish is Finish.COMPLETED
    column = runner.recording.column
    assert np.isnan(column("none.loss")[-1])
    assert np.isfinite(column("norm.loss")).all()
    assert np.isfinite(column("value.loss")).all()


def test_the_same_config_gives_the_same_run():
    first, second = (run(scene="net", steps=12).recording for _ in range(2))
    other = run(scene="net", steps=12, seed=1).recording
    assert np.array_equal(first.column("norm.loss"), second.column("norm.loss"))
    assert not np.array_equal(first.column("norm.loss"), other.column("norm.loss"))


def test_settings_out_of_range_are_refused():
    with pytest.raises(Problem) as caught:
        replaced(ClippingConfig(), threshold=0.0)
    assert caught.value.where == "threshold"
