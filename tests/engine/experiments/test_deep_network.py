"""*Gradients ▸ Deep network*: what it records, what it shows of a snapshot, and how it judges."""

from math import inf

import numpy as np
import pytest
from scipy import special

from engine.config import replaced
from engine.experiments.gradients.deep_network import EXPERIMENT
from engine.experiments.gradients.deep_network_chain import chain
from engine.experiments.gradients.deep_network_config import (
    Alone,
    Beside,
    DeepConfig,
    batch_of,
    prepare,
    settings_of,
)
from engine.experiments.gradients.deep_network_inspection import check, look, verdict
from engine.gradient_check import check_gradient
from engine.runner import Finish
from tests.runs import driven, runs_of

SHORT = {"depth": 4, "width": 6, "steps": 12}


run = runs_of(EXPERIMENT, **SHORT)


def begun(**settings):
    runner = driven(EXPERIMENT, replaced(DeepConfig(), **(SHORT | settings)), 0)
    return runner.config, runner.recording.snapshot(0)[1]


def test_the_same_seed_gives_the_same_run():
    first, second = run(), run()
    for name in first.recording.names:
        np.testing.assert_array_equal(first.recording.column(name), second.recording.column(name))
    assert not np.array_equal(
        run(seed=1).recording.column("a.loss")[1:], first.recording.column("a.loss")[1:]
    )


def test_a_network_beside_it_changes_nothing_for_the_first():
    alone, two = run(beside=Alone()), run(beside=Beside())
    np.testing.assert_array_equal(alone.recording.column("a.loss"), two.recording.column("a.loss"))
    assert "b.loss" not in alone.recording.names


def test_what_is_recorded_is_what_is_looked_at():
    runner = run(beside=Alone(), normalization="batch", activation="tanh")
    config, recording = runner.config, runner.recording
    for step in (0, 7):
        seen = look(config, prepare(config), recording.snapshot(step)[1], "a")
        assert recording.column("a.loss")[step + 1] == pytest.approx(seen.loss, rel=1e-4)
        assert recording.column("a.first")[step + 1] == pytest.approx(seen.d_activations[0], rel=1e-3)
        assert recording.column("a.last")[step + 1] == pytest.approx(seen.d_activations[-1], rel=1e-3)


@pytest.mark.parametrize(
    ("felt", "kind", "ratio"),
    [
        ([1e-4, 0.1, 1.0], "vanishing", 1e-4),
        ([2e-3, 1.0], "uneven", 2e-3),
        ([0.1, 1.0], "healthy", 0.1),
        ([9.0, 0.2, 1.0], "healthy", 9.0),
        ([11.0, 1.0], "uneven", 11.0),
        ([2e3, 1.0], "exploding", 2e3),
        ([0.0, 1.0], "vanishing", 0.0),
        ([0.0, 0.0], "none", 0.0),
        ([np.inf, 1.0], "infinite", inf),
        ([np.nan, 1.0], "infinite", inf),
    ],
)
def test_verdict(felt, kind, ratio):
    assert verdict(np.array(felt)) == (kind, pytest.approx(ratio))


def test_sigmoids_vanish_and_relu_with_he_does_not():
    config, snapshot = begun(depth=20, width=24, spread=0.3)
    assert look(config, prepare(config), snapshot, "a").verdict.kind == "vanishing"
    assert look(config, prepare(config), snapshot, "b").verdict.kind == "healthy"


@pytest.mark.parametrize(
    ("cure", "kind"), [({"residual": True}, "healthy"), ({"normalization": "batch"}, "uneven")]
)
def test_the_cures_cure(cure, kind):
    config, snapshot = begun(depth=20, width=24, spread=0.1, **cure)
    assert look(config, prepare(config), snapshot, "a").verdict.kind == kind


def test_too_small_for_float32_is_said_and_still_shown():
    config, snapshot = begun(depth=40, width=8, spread=0.01)
    seen = look(config, prepare(config), snapshot, "a")
    assert 0 < seen.verdict.ratio < 1e-60
    assert 25 < seen.flushed < 40


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_the_gradient_is_never_above_the_bound(normalization, residual, activation):
    config, snapshot = begun(
        normalization=normalization, residual=residual, activation=activation, spread=0.5
    )
    for row in (0, 5):
        found = chain(config, prepare(config), snapshot, "a", row, bound=True)
        assert (found.actual <= found.product * (1 + 1e-12)).all()
        assert found.product[-1] == found.actual[-1] > 0


def test_typical_factors_come_near_where_weights_are_drawn_anyhow():
    config, snapshot = begun(depth=12, width=64, beside=Alone(), activation="relu", initializer="he")
    ratios = [
        found.product[0] / found.actual[0]
        for row in range(12)
        for found in [chain(config, prepare(config), snapshot, "a", row, bound=False)]
    ]
    assert 0.2 < np.median(ratios) < 5


def test_one_factor_by_hand():
    """One neuron a layer: the factor is |w|·σ′(z), and the product is the gradient itself."""
    config, snapshot = begun(depth=3, width=1, spread=1.0, beside=Alone())
    theta = snapshot.networks["a"].theta.astype(float)
    x = prepare(config).inputs[3].astype(float)
    z1 = x @ theta[:2] + theta[2]
    z2 = special.expit(z1) * theta[3] + theta[4]
    slope = special.expit(z2) * (1 - special.expit(z2))
    found = chain(config, prepare(config), snapshot, "a", 3, bound=False)
    assert found.factors[1] == pytest.approx(abs(theta[3]) * slope)
    np.testing.assert_allclose(found.product, found.actual)


def test_histograms_count_every_activation():
    config, snapshot = begun(beside=Alone())
    seen = look(config, prepare(config), snapshot, "a")
    assert [spread.counts.sum() for spread in seen.spreads] == [64 * 6] * 4
    assert seen.slopes.max() <= 0.25


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_gradient_check(activation, normalization):
    config, snapshot = begun(activation=activation, normalization=normalization, initializer="xavier")
    assert check(config, prepare(config), snapshot, "a").passed


@pytest.mark.parametrize("shape", ["normal", "uniform"])
@pytest.mark.parametrize(
    ("initializer", "variance"),
    [("given", 0.2**2), ("xavier", 1 / 100), ("he", 2 / 100), ("orthogonal", 1 / 100)],
)
def test_first_weights(initializer, variance, shape):
    settings = settings_of(DeepConfig(initializer=initializer, spread=0.2, shape=shape, gain=3.0))
    weights = settings.draw()(np.random.default_rng(0), 100, 100)
    assert weights.var() == pytest.approx(9 * variance, rel=0.05)


def test_one_that_explodes_ends_and_the_other_goes_on():
    runner = run(activation="relu", initializer="given", spread=100.0, depth=30, width=20)
    assert runner.finish is Finish.COMPLETED
    assert runner.recording.snapshot(12)[1].networks["a"].ended == 1
    assert np.isfinite(runner.recording.column("b.loss")[1:]).all()
    assert look(runner.config, runner.recording.data, runner.recording.snapshot(12)[1], "a").verdict.kind in (
        "infinite",
        "exploding",
    )


def test_when_all_have_exploded_the_run_ends_with_a_word():
    runner = run(activation="relu", initializer="given", spread=100.0, depth=30, width=20, beside=Alone())
    assert runner.finish is Finish.DIVERGED
    assert runner.problem.values == {"step": 1}


def test_clipping_bounds_the_step():
    settings = {
        "clipping": "norm",
        "clip_at": 1e-3,
        "optimizer": {"kind": "gradient_descent", "learning_rate": 1.0},
    }
    runner = run(beside=Alone(), **settings)
    first, second = (runner.recording.snapshot(step)[1].networks["a"].theta for step in (0, 1))
    assert np.linalg.norm(second - first) == pytest.approx(1e-3, rel=1e-3)


def test_the_gradient_of_the_example_is_the_derivative_of_its_loss():
    config, snapshot = begun(beside=Alone(), activation="tanh", initializer="xavier", residual=True)
    network, row = config.networks["a"].network(4, 6), 9
    theta = snapshot.networks["a"].theta.astype(float)
    x, target = (part.astype(float) for part in batch_of(prepare(config), np.array([row])))
    said = network.loss_and_gradient(theta, x, target)
    assert check_gradient(lambda v: network.loss(v, x, target), said.gradient, theta).passed
    expected = [np.linalg.norm(d_a) for d_a in said.d_activations]
    np.testing.assert_allclose(chain(config, prepare(config), snapshot, "a", row, False).actual, expected)


def test_data_are_scaled_and_split():
    data = prepare(replaced(DeepConfig(), data="moons", seed=3))
    np.testing.assert_allclose(data.inputs[data.training].std(axis=0), 1.0, rtol=1e-5)
    assert len(np.intersect1d(data.training, data.held_out)) == 0
    assert set(np.unique(batch_of(data, data.training)[1])) == {0.0, 1.0}


def test_what_batch_normalisation_learns_shows_on_batches_before_it_shows_on_single_examples():
    config = {"depth": 12, "width": 24, "steps": 270, "beside": Alone(), "normalization": "batch"}
    runner = run(**config)
    shot = runner.recording.snapshot(270)[1]
    network, state = runner.config.networks["a"].network(12, 24), shot.networks["a"]
    data = runner.recording.data
    x, target = batch_of(data, data.held_out)
    together = network.loss(state.theta, x, target)
    assert together < 0.3 < 0.693 < network.loss(state.theta, x, target, state.running)
