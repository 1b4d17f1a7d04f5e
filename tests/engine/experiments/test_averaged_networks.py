"""ASGD on the weights of a network: what is shown and measured is the average of the points."""

import numpy as np
import pytest

from engine.config import replaced
from engine.experiments import EXPERIMENTS
from engine.experiments.lstm.train_tasks import Echo
from engine.losses.from_logits import one_hot
from engine.losses.fused_losses import softmax_cross_entropy
from engine.networks.network import Network
from engine.optimizers.descent import GradientDescent
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.muon import Muon
from engine.optimizers.table import OPTIMIZERS
from engine.runner import Runner

STEPS, START = 8, 3
SETTINGS = {
    "losses.classifier": {"epochs": 1},
    "lstm.train": {"task": Echo(), "cell": "rnn", "hidden": 4, "steps": STEPS},
}


def recorded(name, rule):
    """The first steps of a run."""
    runner = Runner(
        EXPERIMENTS[name], replaced(EXPERIMENTS[name].config_type(), optimizer=rule, **SETTINGS[name])
    )
    runner.drive(STEPS)
    return runner.recording


def weights(recording, step):
    """The weights in a snapshot, of the first model."""
    return np.ravel(recording.snapshot(step)[1].parameters if step >= 0 else ())


@pytest.mark.parametrize("name", SETTINGS)
def test_the_weights_are_the_mean_of_those_of_gradient_descent(name):
    """Without decay both take the same points; the mean is of those after step t₀ + 1."""
    points = recorded(name, GradientDescent(learning_rate=0.05))
    average = recorded(name, ASGD(learning_rate=0.05, lambd=0.0, averaging_start=START))
    for step in range(STEPS + 1):
        first = min(START + 2, step)
        expected = np.mean([weights(points, t).astype(float) for t in range(first, step + 1)], axis=0)
        np.testing.assert_allclose(weights(average, step), expected, rtol=1e-5, atol=1e-7)
    assert not np.array_equal(weights(average, STEPS), weights(points, STEPS))


def test_the_held_out_loss_is_that_of_the_mean():
    recording = recorded("losses.classifier", ASGD(learning_rate=0.05, averaging_start=START))
    data, losses = recording.data, recording.column("held_out.loss")
    step = int(np.flatnonzero(np.isfinite(losses[: STEPS + 1]))[-1])
    assert step > START + 2
    rows, network = data.held_out, Network((data.inputs.shape[1], len(data.class_names)))
    logits = network.forward(weights(recording, step), data.inputs[rows]).logits
    loss, _ = softmax_cross_entropy(logits, one_hot(data.labels, len(data.class_names))[rows])
    assert losses[step] == pytest.approx(loss, rel=1e-5)


def test_a_race_has_no_matrices_and_no_muon():
    assert Muon not in OPTIMIZERS.values()
