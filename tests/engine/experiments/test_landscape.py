"""*Network landscape*: training, plane, map and walk; every number against another way to it."""

import numpy as np
import pytest

from engine.config import Problem, replaced
from engine.data.training_data import streams
from engine.experiments.optimizers.landscape import EXPERIMENT, loss_over
from engine.experiments.optimizers.landscape_config import LandscapeConfig, centre_of, prepare
from engine.experiments.optimizers.landscape_inspection import (
    in_plane,
    look,
    relative_error,
    results,
    slope,
)
from engine.experiments.optimizers.landscape_timeline import timeline
from engine.linear.mini_batches import Batches
from engine.networks.landscape_grid import order
from engine.optimizers.adam import Adam
from engine.optimizers.descent import SGD, Momentum, Nesterov
from engine.runner import Finish
from tests.runs import runs_of

SMALL = {"steps": 12, "grid": "17", "width": 4, "digits": (0, 1, 2)}
WILD = SGD(learning_rate=1000.0)
LARGER = {"width": 16, "digits": tuple(range(10))}  # on which it diverges instead of dying


run = runs_of(EXPERIMENT, **SMALL)


def last(runner):
    return runner.recording.snapshot(runner.recording.last)[1]


def trained_by_hand(config, rule):
    """The whole path of a plain update rule, by the functions of other experiments."""
    network, data = prepare(config)
    rng = streams(config.seed)[1]
    theta = network.start(rng, "he_normal")
    state, path = rule.start(theta), [theta]
    drawn = Batches(len(data.training), config.batch_size, "shuffled", rng)
    for _ in range(config.steps):
        rows = data.training[next(drawn)]
        gradient = network.loss_and_gradient(theta, data.inputs[rows], data.targets[rows]).gradient
        theta, state = rule.update(theta, gradient, state)
        path.append(getattr(state, "position", theta))
    return np.array(path, np.float64)


def test_the_frames_are_laid_out_without_a_gap():
    runner = run()
    time = timeline(runner.config)
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.last == runner.last_step == time.end
    assert [time.phase(frame) for frame in (0, 12, 13, time.walk - 1, time.walk, time.end)] == [
        "training",
        "training",
        "map",
        "map",
        "walk",
        "walk",
    ]
    assert [time.point(frame) for frame in (0, 5, 12, 13, time.walk - 1, time.walk, time.walk + 7)] == [
        0,
        5,
        12,
        12,
        12,
        0,
        7,
    ]
    assert time.frame(5, 3) == 5
    assert time.frame(5, 14) == time.frame(5, time.end) == time.walk + 5


def test_a_long_training_keeps_every_few_steps_and_ends_with_its_last():
    time = timeline(replaced(LandscapeConfig(), steps=1000))
    assert time.stride == 4
    assert time.at.tolist()[:3] == [0, 4, 8]
    assert time.at[-1] == 1000
    uneven = timeline(replaced(LandscapeConfig(), steps=301))
    assert uneven.at.tolist()[-2:] == [300, 301]
    assert uneven.nearest(300.9) == len(uneven.at) - 1


def test_all_racers_see_the_same_batches_from_the_same_start():
    sgd, momentum = SGD(learning_rate=0.1), Momentum(learning_rate=0.1, beta=0.0)
    runner = run(racers=(sgd, sgd, momentum))
    for name in ("loss", "accuracy", "distance"):
        first, twin, momentum = (runner.recording.column(f"{i}.{name}")[:13] for i in range(3))
        np.testing.assert_array_equal(first, twin)
        np.testing.assert_allclose(first, momentum, rtol=1e-5)


@pytest.mark.parametrize(
    "rule", [SGD(learning_rate=0.3), Nesterov(learning_rate=0.05)], ids=["sgd", "nesterov"]
)
def test_losses_distances_and_paths_are_those_of_a_training_by_hand(rule):
    runner = run(racers=(rule,), directions="random", plane_seed=3)
    config, chart = runner.config, last(runner).chart
    path = trained_by_hand(config, rule)
    network, data = prepare(config)
    losses = [network.loss(theta, data.inputs[data.training], data.targets[data.training]) for theta in path]
    np.testing.assert_allclose(runner.recording.column("0.loss")[:13], losses, rtol=1e-6)
    x, labels = data.inputs[data.held_out], data.labels[data.held_out]
    right = [np.mean(network.forward(theta, x).logits.argmax(axis=1) == labels) for theta in path]
    np.testing.assert_allclose(runner.recording.column("0.accuracy")[:13], right)
    away = np.linalg.norm(path - path[0], axis=1)
    np.testing.assert_allclose(runner.recording.column("0.distance")[:13], away, rtol=1e-5)
    np.testing.assert_allclose(chart.plane.centre, path[-1], rtol=1e-6)
    for k, theta in enumerate(path):
        solution, residual, *_ = np.linalg.lstsq(chart.plane.axes.T, theta - path[-1], rcond=None)
        np.testing.assert_allclose(chart.points[0, k], solution, atol=1e-6)
        assert chart.error[0, k] == pytest.approx(np.sqrt(residual[0]), abs=1e-5)
        at_projection = network.loss(
            path[-1] + solution @ chart.plane.axes, data.inputs[data.training], data.targets[data.training]
        )
        projected = runner.recording.column("0.projected")[timeline(config).walk + k]
        assert projected == pytest.approx(at_projection, rel=1e-5)


def test_in_the_centre_the_map_is_the_loss_of_the_trained_network():
    for directions in ("random", "principal"):
        racers = (SGD(learning_rate=0.3), Adam(learning_rate=0.01))
        runner = run(directions=directions, racers=racers, centre=2)
        time, recording = timeline(runner.config), runner.recording
        loss = recording.column("1.loss")[time.last]
        assert loss_over(runner.recording.data, last(runner).chart.plane).value(0.0, 0.0) == pytest.approx(
            loss, rel=1e-9
        )
        assert recording.column("1.projected")[time.end] == pytest.approx(loss, rel=1e-9)
        if directions == "random":  # its grid is around the centre
            assert last(runner).grid[8, 8] == pytest.approx(loss, rel=1e-6)


def test_the_grid_is_the_loss_at_its_places():
    runner = run()
    snapshot = last(runner)
    (left, right), (bottom, top) = snapshot.chart.bounds
    network, data = prepare(runner.config)
    rows = data.training
    for row, column in [(0, 0), (3, 11), (16, 5)]:
        alpha, beta = left + (right - left) * column / 16, bottom + (top - bottom) * row / 16
        expected = network.loss(snapshot.chart.plane.at(alpha, beta), data.inputs[rows], data.targets[rows])
        assert snapshot.grid[row, column] == pytest.approx(expected, rel=1e-5)


def test_refining_the_map_never_changes_what_is_known():
    runner = run(grid="33")
    time = timeline(runner.config)
    known, before, done = None, set(), 0
    for frame in range(time.last + 1, time.walk):
        snapshot = runner.recording.snapshot(frame)[1]
        now = {tuple(place) for place in np.argwhere(np.isfinite(snapshot.grid)).tolist()}
        assert before <= now
        assert len(now) == snapshot.done >= done
        if known is not None:
            old = np.isfinite(known)
            np.testing.assert_array_equal(snapshot.grid[old], known[old])
        known, before, done = snapshot.grid, now, snapshot.done
    assert done == 33 * 33
    assert runner.recording.snapshot(time.last + 1)[1].done == 0
    halfway = runner.recording.snapshot(time.last + 1 + 20)[1]
    assert {tuple(p) for p in np.argwhere(np.isfinite(halfway.grid)).tolist()} == set(
        list(order(33))[: halfway.done]
    )


def test_principal_directions_are_those_of_the_paths():
    runner = run(racers=(SGD(learning_rate=0.3), Adam(learning_rate=0.02)))
    paths = np.concatenate([trained_by_hand(runner.config, rule) for rule in runner.config.racers])
    _, singular, directions = np.linalg.svd(paths - paths.mean(axis=0), full_matrices=False)
    chart = last(runner).chart
    assert chart.analysed == 26
    assert chart.fractions == pytest.approx(singular[:2] ** 2 / (singular**2).sum(), rel=1e-4)
    for k in range(2):
        assert abs(chart.plane.axes[k] @ directions[k]) == pytest.approx(1.0, abs=1e-4)
    start = chart.points[0, 0]
    assert (start <= 0).all(), "the paths come from the lower left"


def test_the_map_holds_the_paths_and_reach_makes_it_larger():
    near, far = (last(run(reach=reach)).chart for reach in (1.0, 2.0))
    for k, (low, high) in enumerate(near.bounds):
        assert low < np.nanmin(near.points[..., k])
        assert high > np.nanmax(near.points[..., k])
    sides = [[high - low for low, high in chart.bounds] for chart in (near, far)]
    assert sides[0][0] == pytest.approx(sides[0][1]), "a square: lengths compare"
    assert sides[1][0] == pytest.approx(2 * sides[0][0])
    assert last(run(directions="random", reach=0.5)).chart.bounds == ((-0.5, 0.5), (-0.5, 0.5))


def test_a_random_plane_holds_next_to_nothing_of_a_path():
    """The share of a fixed vector in a random plane is about 2/parameters."""
    runner = run(directions="random", width=32, digits=tuple(range(10)), steps=30)
    chart = last(runner).chart
    assert prepare(runner.config).network.count == 64 * 32 + 32 + 32 * 10 + 10
    for i in range(3):
        assert in_plane(chart, i) < 0.02
        assert np.nanmin(relative_error(chart, i)) > 0.98
    principal = last(run(width=32, digits=tuple(range(10)), steps=30)).chart
    assert in_plane(principal, 2) > 0.8


def test_how_much_of_a_path_lies_in_the_plane_is_a_sum_of_squares():
    runner = run()
    chart = last(runner).chart
    for i in range(3):
        seen = chart.points[i] @ chart.plane.axes
        share = (seen**2).sum() / (chart.distance[i] ** 2).sum()
        assert in_plane(chart, i) == pytest.approx(share, rel=1e-8)
    assert np.isnan(relative_error(chart, 2)[-1]), "at the centre there is nothing to compare with"


def test_another_seed_of_the_directions_leaves_the_training_as_it_is():
    one, other = (run(directions="random", plane_seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(one.recording.column("2.loss")[:13], other.recording.column("2.loss")[:13])
    assert not np.allclose(last(one).grid, last(other).grid)


def test_the_same_settings_give_the_same_frames_to_the_last_bit():
    for directions in ("principal", "random"):
        one, other = run(directions=directions), run(directions=directions)
        assert one.recording.names == other.recording.names
        for name in one.recording.names:
            np.testing.assert_array_equal(one.recording.column(name), other.recording.column(name))
        np.testing.assert_array_equal(last(one).grid, last(other).grid)
        np.testing.assert_array_equal(last(one).chart.points, last(other).chart.points)


def test_who_diverges_is_named_with_its_step_and_the_others_go_on():
    runner = run(racers=(WILD, Adam(learning_rate=0.01)), centre=2, **LARGER)
    time, snapshot = timeline(runner.config), last(runner)
    assert runner.finish is Finish.COMPLETED
    lost = snapshot.lost[0]
    assert 1 <= lost <= 12
    assert snapshot.lost[1] is None
    assert np.isfinite(runner.recording.column("1.loss")[:13]).all()
    assert np.isnan(runner.recording.column("0.loss")[lost : time.last + 1]).all()
    assert np.isnan(snapshot.chart.points[0, lost:]).all()
    assert snapshot.chart.analysed == 13, "the lost path has no say in the directions"
    assert results(runner.config, runner.recording, time.end)[0].lost == lost
    assert results(runner.config, runner.recording, time.walk + lost - 1)[0].lost is None
    assert look(runner.config, runner.recording, time.end, 0) is None
    assert np.isfinite(snapshot.grid).all()
    (left, right), _ = snapshot.chart.bounds
    stayed = np.ptp(snapshot.chart.points[1], axis=0).max()
    assert right - left == pytest.approx(1.15 * stayed), "… nor in how far the map goes"


def test_when_all_diverge_there_still_is_a_plane_and_the_run_says_so_at_its_end():
    runner = run(racers=(WILD,), **LARGER)
    assert runner.finish is Finish.DIVERGED
    assert runner.recording.last == runner.last_step
    assert "learning rate" in runner.problem.sentence
    assert np.isfinite(last(runner).grid).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 1, "racers": (SGD(),)},
        {"layers": 0},
        {"layers": 2, "activation": "tanh"},
        {"width": 1},
        {"batch_size": 1},
        {"digits": (7, 1), "held_out": 0.9},
        {"reach": 0.001, "directions": "random"},
        {"reach": 100.0},
        {"steps": 700},
        {"centre": 4, "racers": (Adam(), SGD())},
    ],
)
def test_extreme_settings(changes):
    runner = run(**changes)
    snapshot = last(runner)
    assert runner.finish is Finish.COMPLETED
    assert np.isfinite(snapshot.grid).all()
    assert np.isfinite(snapshot.chart.points).all()
    assert len(results(runner.config, runner.recording, runner.recording.last)) == len(runner.config.racers)


def test_one_step_is_a_line_and_the_second_direction_holds_nothing():
    chart = last(run(steps=1, racers=(SGD(),))).chart
    assert chart.fractions == pytest.approx((1.0, 0.0))
    assert chart.plane.axes[0] @ chart.plane.axes[1] == pytest.approx(0.0, abs=1e-12)


def test_the_centre_past_the_end_of_the_list_is_the_last():
    assert centre_of(replaced(LandscapeConfig(), racers=(Adam(), SGD()), centre=4)) == 1
    assert centre_of(replaced(LandscapeConfig(), centre=2)) == 1


def test_the_slope_of_the_map_is_right():
    runner = run(activation="tanh")
    chart = last(runner).chart
    loss = loss_over(runner.recording.data, chart.plane)
    found = slope(runner.config, runner.recording.data, chart, (-0.4, 0.2))
    assert found.check.passed
    assert found.check.count == 2
    h = 1e-5
    numeric = (loss.value(-0.4 + h, 0.2) - loss.value(-0.4 - h, 0.2)) / (2 * h)
    assert found.gradient[0] == pytest.approx(numeric, rel=1e-5)


def test_a_look_says_both_losses():
    runner = run()
    time = timeline(runner.config)
    found = look(runner.config, runner.recording, time.walk + 4, 0)
    assert found.step == 4
    assert found.loss == runner.recording.column("0.loss")[4]
    assert found.projected == runner.recording.column("0.projected")[time.walk + 4]
    assert found.error < found.distance
    assert look(runner.config, runner.recording, 4, 0) is None, "while it trains there is no plane"


def test_what_a_config_refuses():
    for name, value in (("seed", -1), ("plane_seed", -1), ("digits", (1, 1))):
        with pytest.raises(Problem) as refused:
            replaced(LandscapeConfig(), **{name: value})
        assert refused.value.where == name
