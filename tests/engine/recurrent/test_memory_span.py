"""How far back a loss reaches: against differences, the readable cells, and numbers made by hand."""

import math

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.recurrent.memory_span import (
    draw_examples,
    factor_of_forget_gates,
    forget_bias_of_factor,
    lengths,
    products_to_the_end,
    recall_of,
)
from engine.recurrent.through_time import CELLS, LSTM

DELAY, CLASSES, HIDDEN, BATCH = 5, 3, 4, 6


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def net_and_theta(name, rng, scale=0.9):
    net = recall_of(name, CLASSES, HIDDEN, DELAY, BATCH)
    return net, net.start(rng, scale, 1.0)


@pytest.mark.parametrize(
    ("bias", "left"), [(0.0, 2.0**-20), (1.0, (1 / (1 + math.exp(-1))) ** 20), (2.0, 0.07898)]
)
def test_what_twenty_steps_leave_of_the_direct_way(bias, left):
    assert float(factor_of_forget_gates(bias, 20)) == pytest.approx(left, rel=1e-4)
    assert forget_bias_of_factor(left, 20) == pytest.approx(bias, abs=1e-3)


def test_the_ends_of_the_bias():
    assert float(factor_of_forget_gates(-800.0, 1)) == 0.0
    assert float(factor_of_forget_gates(800.0, 1000)) == 1.0
    assert forget_bias_of_factor(1e-300, 1) == pytest.approx(-690.8, abs=0.1)
    assert forget_bias_of_factor(1 - 1e-12, 1) == pytest.approx(27.6, abs=0.1)


def test_the_symbol_comes_first_and_then_only_noise(rng):
    x, labels = draw_examples(rng, 400, 4, 50, noise=0.5)
    assert x.shape == (401, 4, 50)
    np.testing.assert_array_equal(x[0].argmax(axis=0), labels)
    assert x[0].sum() == 50
    assert set(labels.tolist()) == {0, 1, 2, 3}
    assert x[1:].std() == pytest.approx(0.5, rel=0.01)
    assert not draw_examples(rng, 3, 4, 5).x[1:].any()


@pytest.mark.parametrize("name", CELLS)
def test_the_gradient_goes_back_through_time(name, rng):
    net, theta = net_and_theta(name, rng)
    examples = draw_examples(rng, DELAY, CLASSES, BATCH, 0.5)
    said = net.learn(theta, examples)
    assert (said.loss, said.accuracy) == net.loss_and_accuracy(theta, examples)
    assert check_gradient(lambda at: net.loss_and_accuracy(at, examples)[0], said.gradient, theta).passed


@pytest.mark.parametrize("name", CELLS)
def test_reach_is_how_the_loss_moves_with_a_state(name, rng):
    """Begin in the state n steps before the end, move it a little, and see how an example's loss moves."""
    net, theta = net_and_theta(name, rng)
    examples = draw_examples(rng, DELAY, CLASSES, BATCH, 0.5)
    net.learn(theta, examples)
    reach, cell, count = net.reach(), net.cell, net.cell.count
    run = cell.forward(theta[:count], examples.x.transpose(0, 2, 1))
    readout = theta[count:].reshape(CLASSES, HIDDEN + 1)

    def losses(t, state):
        """The loss of each example, going on from the state after step t."""
        h = cell.forward(theta[:count], examples.x[t:].transpose(0, 2, 1), state).outputs[-1]
        z = h @ readout[:, :-1].T + readout[:, -1]
        return np.log(np.exp(z).sum(axis=1)) - z[np.arange(BATCH), examples.labels]

    def moved(t, field, by):
        """Another h; or another c, and with it the h that shows it."""
        state = run.before(t)
        if field == "hidden_state":
            return state._replace(hidden_state=state.hidden_state + by)
        c = state.cell_state + by
        return state._replace(cell_state=c, hidden_state=run.gates.output_gate[t - 1] * np.tanh(c))

    for distance in (1, DELAY):
        t = DELAY + 1 - distance
        for field, found in (("hidden_state", reach.hidden), ("cell_state", reach.cell)):
            if found is None:
                continue
            slopes = np.empty((BATCH, HIDDEN))
            for unit in range(HIDDEN):
                by = np.zeros((BATCH, HIDDEN))
                by[:, unit] = 1e-5
                slopes[:, unit] = (losses(t, moved(t, field, by)) - losses(t, moved(t, field, -by))) / 2e-5
            expected = np.sqrt((slopes**2).sum(axis=1)).mean()
            assert found[distance] == pytest.approx(expected, rel=1e-6), field


def test_c_is_felt_directly_and_through_h(rng):
    """∂L/∂c of the last step: ∂L/∂h·o·(1 − tanh²c), so it is shorter than ∂L/∂h there."""
    net, theta = net_and_theta("lstm", rng)
    net.learn(theta, draw_examples(rng, DELAY, CLASSES, BATCH, 0.5))
    reach = net.reach()
    assert 0 < reach.cell[0] < reach.hidden[0]


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_what_is_kept_is_the_product_of_the_gates(name, rng):
    net, theta = net_and_theta(name, rng)
    examples = draw_examples(rng, DELAY, CLASSES, BATCH, 0.5)
    net.learn(theta, examples)
    gates = net.cell.forward(theta[: net.cell.count], examples.x.transpose(0, 2, 1)).gates
    keep = gates.forget_gate if name == "lstm" else gates.update_gate
    kept = net.reach().kept
    assert kept[0] == 1.0
    assert kept[1] == pytest.approx(keep[-1].mean())
    assert kept[DELAY] == pytest.approx(np.prod(keep[1:], axis=0).mean())


def test_an_rnn_keeps_nothing_by_a_gate(rng):
    net, theta = net_and_theta("rnn", rng)
    net.learn(theta, draw_examples(rng, DELAY, CLASSES, BATCH))
    assert net.reach().kept is None
    assert net.reach().cell is None


def test_every_first_u_stretches_by_the_weight_scale(rng):
    net = recall_of("lstm", CLASSES, HIDDEN, DELAY, BATCH)
    theta = net.start(rng, 1.7, 2.0)
    weights = LSTM(CLASSES, HIDDEN).parameters(theta[: net.cell.count])
    for gate in weights:
        np.testing.assert_allclose(np.linalg.svd(gate.of_state)[1], 1.7)
    assert (weights.forget_gate.bias == 2.0).all()
    assert not weights.input_gate.bias.any()


def test_lengths_of_the_very_small_and_the_very_large():
    vectors = np.array([[[3e-250, 4e-250]], [[0.0, 0.0]], [[3e200, 4e200]]])
    np.testing.assert_allclose(lengths(vectors), [5e200, 0.0, 5e-250])


def test_products_by_hand():
    gates = np.array([0.9, 0.5, 0.25])[:, None, None] * np.ones((1, 2, 3))
    np.testing.assert_allclose(products_to_the_end(gates), [1.0, 0.25, 0.125])
