"""Units die where theory says, stay dead where it says, and the cures cure."""

from itertools import islice, pairwise

import numpy as np
import pytest

from engine.config import Problem, replaced, validated
from engine.experiments.gradients.dying_relu import EXPERIMENT
from engine.experiments.gradients.dying_relu_config import (
    BiasKick,
    DyingReluConfig,
    RateKick,
    network_of,
    prepare,
)
from engine.experiments.gradients.dying_relu_inspection import balance, check, deadliest, unit_gradient
from engine.optimizers.adam import Adam
from engine.optimizers.descent import GradientDescent
from engine.recording import Recording

PLAIN = DyingReluConfig(optimizer=GradientDescent(learning_rate=0.7), steps=150)
GENTLE = DyingReluConfig(optimizer=Adam(learning_rate=0.01), steps=60, width=12)


def frames(config):
    return EXPERIMENT.run(config, prepare(config))


def run(config):
    return list(frames(validated(config)))


def recorded(config):
    recording = Recording()
    for frame in frames(config):
        recording.append(frame)
    return recording


def outputs(config, snapshot):
    """The outputs of every hidden layer on all training examples, by the textbook's formula."""
    a, found = prepare(config).inputs.astype(float), []
    *hidden, _ = network_of(config, prepare(config)).layers(snapshot.parameters.astype(float))
    for weights, bias, _ in hidden:
        a = np.maximum(a @ weights + bias, 0)
        found.append(a)
    return found


@pytest.fixture(scope="module")
def default():
    return run(DyingReluConfig())


def test_relu_units_die_within_the_first_steps_of_the_default(default):
    dead = [frame.scalars["dead"] for frame in default]
    assert dead[0] < 0.15
    assert max(dead[:80]) > 0.2
    assert dead[-1] > 0.2


@pytest.mark.parametrize("activation", ["leaky_relu", "elu", "gelu"])
def test_other_activations_cure_the_default(activation):
    run_frames = run(replaced(DyingReluConfig(), activation=activation))
    assert max(frame.scalars["dead"] for frame in run_frames) == 0
    assert run_frames[-1].scalars["accuracy"] > 0.95


def test_a_smaller_learning_rate_cures_the_default(default):
    calm = run(replaced(DyingReluConfig(), optimizer=Adam(learning_rate=0.01)))
    assert calm[-1].scalars["dead"] < 0.6 * default[-1].scalars["dead"]
    assert calm[-1].scalars["accuracy"] > 0.95


def test_better_first_weights_are_a_cure_in_a_deep_narrow_network():
    deep = DyingReluConfig(layers=6, width=8, optimizer=Adam(learning_rate=0.01), seed=1)
    small, he = (run(replaced(deep, initializer=name))[-1].scalars for name in ("normal", "he_normal"))
    assert small["dead"] > 1.5 * he["dead"]
    assert he["accuracy"] > small["accuracy"] + 0.2


def test_weights_of_zero_kill_every_unit_and_nothing_revives_one():
    for frame in run(replaced(GENTLE, initializer="zeros", steps=20)):
        assert frame.scalars["dead"] == 1
        assert frame.scalars["revivals"] == 0


def test_a_low_bias_kills_from_the_start_and_the_cure_is_another_bias():
    low = run(replaced(GENTLE, initial_bias=-2.0))
    assert low[0].scalars["dead"] > 0.7
    assert low[0].scalars["deaths"] == 0
    assert (low[0].snapshot.since[low[0].snapshot.seen.dead] == 0).all()
    assert low[-1].scalars["accuracy"] < run(GENTLE)[-1].scalars["accuracy"]


def test_dead_means_zero_on_every_training_example(default):
    config = DyingReluConfig()
    for frame in default[:: len(default) // 6]:
        z = np.stack(outputs(config, frame.snapshot))
        expected = (z == 0).all(axis=1)
        doubtful = np.abs(frame.snapshot.seen.highest) < 1e-5  # where float32 and float64 may differ
        np.testing.assert_array_equal(frame.snapshot.seen.dead | doubtful, expected | doubtful)
        for k in range(config.layers):
            assert frame.scalars[f"{k + 1}.dead"] == frame.snapshot.seen.dead[k].mean()


def test_the_dead_are_those_of_the_start_and_who_died_less_who_came_back(default):
    dead = default[0].snapshot.seen.dead
    units = dead.size
    for before, frame in pairwise(default):
        was, now = before.snapshot.seen.dead, frame.snapshot.seen.dead
        assert frame.scalars["deaths"] == (now & ~was).sum()
        assert frame.scalars["revivals"] == (was & ~now).sum()
        assert (frame.snapshot.since[now & ~was] == frame.step).all()
        assert (frame.snapshot.since[~now] == -1).all()
    recording = recorded(DyingReluConfig())
    for step in (0, 7, 100, recording.last):
        sums = balance(recording, step, units)
        assert sums.dead == sums.start + sums.died - sums.revived
        assert sums.dead == default[step].snapshot.seen.dead.sum()
    assert sums.revived > 0


def test_the_deadliest_update_is_the_one_that_killed_most(default):
    recording = recorded(DyingReluConfig())
    killed = [frame.scalars["deaths"] for frame in default]
    worst = deadliest(recording)
    assert worst == (killed.index(max(killed)), max(killed))
    assert deadliest(Recording()) is None
    assert deadliest(recorded(replaced(GENTLE, activation="leaky_relu", steps=5))) is None


def test_the_first_layer_never_comes_back_without_a_memory_but_others_do():
    """Its inputs are the data: weights with no gradient stay, and so does every sum."""
    run_frames = run(PLAIN)
    first = np.stack([frame.snapshot.seen.dead[0] for frame in run_frames])
    assert not (first[:-1] & ~first[1:]).any()
    others = np.stack([frame.snapshot.seen.dead[1:] for frame in run_frames])
    assert (others[:-1] & ~others[1:]).any()


def test_a_dead_unit_has_a_gradient_of_exactly_zero_and_does_not_move():
    config = replaced(PLAIN, steps=40)
    run_frames = run(config)
    layers = network_of(config, prepare(config)).layers
    seen = run_frames[20].snapshot.seen.dead
    layer, unit = np.argwhere(seen)[0].tolist()
    assert unit_gradient(config, prepare(config), run_frames[20].snapshot, layer, unit) == (0.0, 0.0)
    alive = np.argwhere(~seen)[0].tolist()
    assert unit_gradient(config, prepare(config), run_frames[20].snapshot, *alive).weights > 0
    before, after = (layers(frame.snapshot.parameters)[layer] for frame in run_frames[20:22])
    np.testing.assert_array_equal(before.weights[:, unit], after.weights[:, unit])
    assert before.bias[unit] == after.bias[unit]


def test_a_push_on_the_biases_kills_at_its_step_and_changes_nothing_before():
    pushed = run(replaced(GENTLE, kick=BiasKick(step=30, layer=2, size=50.0)))
    free = run(GENTLE)
    assert pushed[29].snapshot.parameters.tobytes() == free[29].snapshot.parameters.tobytes()
    layers = network_of(GENTLE, prepare(GENTLE)).layers
    for k in range(4):
        moved, still = (layers(frames_[30].snapshot.parameters)[k] for frames_ in (pushed, free))
        np.testing.assert_array_equal(moved.weights, still.weights)
        np.testing.assert_allclose(still.bias - moved.bias, 50.0 if k == 1 else 0.0, rtol=1e-5)
    assert pushed[30].scalars["2.dead"] == 1
    assert pushed[30].scalars["deaths"] >= 6
    assert pushed[-1].scalars["2.dead"] == 1  # nothing passes: it never comes back
    assert pushed[-1].scalars["accuracy"] < 0.7


def test_a_push_does_not_write_to_the_parameters_it_is_given():
    network = network_of(GENTLE, prepare(GENTLE))
    theta = network.start(np.random.default_rng(0))
    kept = theta.copy()
    pushed = BiasKick(step=3).push(network, theta, 3)
    np.testing.assert_array_equal(theta, kept)
    assert not np.array_equal(pushed, theta)
    assert BiasKick(step=3).push(network, theta, 4) is theta


def test_a_layer_beyond_the_last_means_the_last():
    deep, last = (
        run(replaced(GENTLE, steps=5, kick=BiasKick(step=3, layer=layer, size=9.0)))[-1] for layer in (6, 3)
    )
    assert deep.snapshot.parameters.tobytes() == last.snapshot.parameters.tobytes()


def test_one_larger_step_is_that_many_times_as_long():
    config = replaced(PLAIN, steps=12, width=6)
    free, leapt = run(config), run(replaced(config, kick=RateKick(step=10, factor=8.0)))
    assert leapt[9].snapshot.parameters.tobytes() == free[9].snapshot.parameters.tobytes()
    start = free[9].snapshot.parameters
    np.testing.assert_allclose(
        leapt[10].snapshot.parameters - start, 8 * (free[10].snapshot.parameters - start), atol=1e-5
    )


def test_the_same_config_gives_the_same_frames_to_the_last_bit():
    config = replaced(GENTLE, steps=20, kick=BiasKick(step=9))
    for one, other in zip(frames(config), frames(config), strict=True):
        assert one.scalars == other.scalars
        assert one.snapshot.parameters.tobytes() == other.snapshot.parameters.tobytes()
    assert run(replaced(config, seed=1))[-1].scalars != run(config)[-1].scalars


def test_frames_are_never_written_to_again():
    kept = [
        (array, array.copy())
        for frame in frames(replaced(GENTLE, kick=BiasKick(step=5), steps=12))
        for array in (frame.snapshot.parameters, *frame.snapshot.seen, frame.snapshot.since)
    ]
    assert all(np.array_equal(now, then) for now, then in kept)


def test_divergence_is_a_last_frame_that_says_so():
    config = replaced(
        GENTLE, activation="leaky_relu", layers=6, optimizer=GradientDescent(learning_rate=1000.0)
    )
    run_frames = run(config)
    last = run_frames[-1]
    assert last.step < EXPERIMENT.end(config) == 60
    assert str(last.step) in str(last.diverged)
    assert not any(frame.diverged for frame in run_frames[:-1])
    assert check(config, prepare(config), last.snapshot).count > 0


@pytest.mark.parametrize("activation", ["relu", "gelu", "leaky_relu"])
def test_the_gradient_check_passes(activation):
    config = replaced(GENTLE, activation=activation, width=6)
    for frame in islice(frames(config), 0, 40, 20):
        found = check(config, prepare(config), frame.snapshot)
        assert found.passed, found
        assert found.count > 40


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"layers": 0}, "layers"),
        ({"layers": 7}, "layers"),
        ({"width": 65}, "width"),
        ({"activation": "tanh"}, "activation"),
        ({"seed": -1}, "seed"),
        ({"kick": BiasKick(layer=0)}, "kick.layer"),
        ({"kick": RateKick(factor=0.0)}, "kick.factor"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(changes, where):
    with pytest.raises(Problem) as caught:
        replaced(DyingReluConfig(), **changes)
    assert caught.value.where == where


@pytest.mark.parametrize("data", ["moons", "circles", "blobs"])
def test_other_data_sets_train_as_well(data):
    last = run(replaced(GENTLE, data=data, width=24))[-1]
    assert last.scalars["accuracy"] > 0.9
