"""The whole network: gradients by differences, symbols and numbers, masks, carried states, sampling."""

import math
from itertools import islice

import numpy as np
import pytest
from scipy import special

from engine.data import sequences
from engine.data.sequences import SequenceBatch
from engine.gradient_check import check_gradient
from engine.networks.clipping import clip_by_norm
from engine.optimizers.table import OPTIMIZERS
from engine.recurrent.network import RecurrentNetwork
from engine.recurrent.sampling import drawn, sample
from engine.recurrent.through_time import CELLS

STEPS, BATCH = 6, 3
RNG = np.random.default_rng(8)
MASK = np.arange(STEPS)[:, None] < np.array([6, 4, 2])
READ = RNG.random((STEPS, BATCH)) < 0.7


def batch_of(numbers: bool, classes: bool, **marks) -> SequenceBatch:
    x = RNG.normal(size=(STEPS, BATCH, 4)) if numbers else RNG.integers(0, 4, (STEPS, BATCH))
    target = RNG.integers(0, 3, (STEPS, BATCH)) if classes else RNG.normal(size=(STEPS, BATCH, 3))
    return SequenceBatch(x, target, **marks)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize(
    ("embedding", "batch"),
    [
        (0, batch_of(numbers=False, classes=True)),
        (2, batch_of(numbers=False, classes=True, mask=MASK, read=READ)),
        (0, batch_of(numbers=True, classes=False, read=READ)),
    ],
    ids=["one-hot", "embedding", "numbers"],
)
def test_gradient(kind, layers, embedding, batch) -> None:
    network = RecurrentNetwork(kind, 4, 5, 3, layers, embedding)
    theta = network.start(RNG, dtype=np.float64) + RNG.normal(0, 0.2, network.count)
    workspace = network.workspace(STEPS, BATCH, np.float64)
    gradient = network.loss_and_gradient(theta, batch, workspace).gradient
    check = check_gradient(lambda t: network.loss(t, batch, workspace), gradient, theta, at_most=60)
    assert check.passed, check


def test_the_losses_are_means_over_what_is_read() -> None:
    network = RecurrentNetwork("gru", 4, 5, 3)
    theta = network.start(RNG, dtype=np.float64)
    workspace = network.workspace(STEPS, BATCH, np.float64)
    there = READ & MASK
    batch = batch_of(numbers=False, classes=True, mask=MASK, read=READ)
    said = network.loss_and_gradient(theta, batch, workspace)
    log_p = special.log_softmax(said.outputs, axis=-1)
    expected = -np.mean([log_p[t, b, batch.target[t, b]] for t, b in zip(*np.nonzero(there), strict=True)])
    assert said.loss == pytest.approx(expected, rel=1e-12)
    batch = batch_of(numbers=False, classes=False, mask=MASK, read=READ)
    said = network.loss_and_gradient(theta, batch, workspace)
    assert said.loss == pytest.approx(np.mean((said.outputs - batch.target)[there] ** 2), rel=1e-12)


def test_parameters_are_views_and_none_is_left_out() -> None:
    network = RecurrentNetwork("lstm", 10, 8, 6, layers=2, embedding=3)
    assert network.count == 10 * 3 + 4 * (8 * (3 + 8) + 8) + 4 * (8 * (8 + 8) + 8) + 8 * 6 + 6
    theta = np.zeros(network.count)
    embedding, cells, readout = network.parameters(theta)
    for part in (embedding, *readout, *(p for cell in cells for gate in cell for p in gate)):
        part += 1.0
    np.testing.assert_array_equal(theta, 1.0)
    start = network.start(np.random.default_rng(0), forget_bias=2.0)
    assert start.dtype == np.float32
    assert all(np.all(cell.forget_gate.bias == 2.0) for cell in network.parameters(start).cells)
    np.testing.assert_array_equal(start, network.start(np.random.default_rng(0), forget_bias=2.0))


def test_states_are_carried_from_window_to_window() -> None:
    network = RecurrentNetwork("lstm", 4, 5, 3, layers=2)
    theta = network.start(RNG, dtype=np.float64)
    batch = batch_of(numbers=False, classes=True)
    whole = network.loss_and_gradient(theta, batch, network.workspace(STEPS, BATCH, np.float64))
    workspace = network.workspace(2, BATCH, np.float64)
    start, pieces = None, []
    for begin in range(0, STEPS, 2):
        window = SequenceBatch(batch.x[begin : begin + 2], batch.target[begin : begin + 2])
        pieces.append(network.loss_and_gradient(theta, window, workspace, start))
        start = pieces[-1].last
    assert whole.loss == pytest.approx(np.mean([piece.loss for piece in pieces]), rel=1e-12)
    full = network.workspace(STEPS, BATCH, np.float64)
    truncated = network.loss_and_gradient(theta, batch, full, truncate=2).gradient
    np.testing.assert_allclose(
        truncated, np.mean([p.gradient for p in pieces], axis=0), rtol=1e-9, atol=1e-14
    )
    assert not np.allclose(truncated, whole.gradient)


def test_the_gradient_of_every_state_can_be_seen() -> None:
    """∂L_T/∂h_t of a loss read at the last step only: as if h_t were given there, c_t held fixed."""
    network = RecurrentNetwork("lstm", 4, 5, 3)
    theta = network.start(RNG, dtype=np.float64)
    last = np.zeros((STEPS, BATCH))
    last[-1] = 1
    batch = batch_of(numbers=False, classes=True, read=last)
    workspace = network.workspace(STEPS, BATCH, np.float64)
    network.loss_and_gradient(theta, batch, workspace)
    d_states, run = workspace.d_states()[0], workspace.runs()[0]
    t = 2
    h, c = (values[t].copy() for values in run.gates.state)
    rest = SequenceBatch(batch.x[t + 1 :], batch.target[t + 1 :], batch.read[t + 1 :])
    short = network.workspace(STEPS - t - 1, BATCH, np.float64)
    state = type(run.start)
    check = check_gradient(lambda h: network.loss(theta, rest, short, (state(h, c),)), d_states[0][t], h)
    assert check.passed


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("embedding", [0, 3])
def test_sampling_follows_the_network(embedding, layers) -> None:
    network = RecurrentNetwork("lstm", 6, 8, 6, layers, embedding)
    theta = network.start(np.random.default_rng(2)) * 3
    prime = np.array([1, 4, 2])
    likeliest = list(islice(sample(network, theta, RNG, prime, temperature=0.0), 5))
    read = np.concatenate([prime, likeliest])[:-1, None]
    logits = network.forward(theta, SequenceBatch(read, read), network.workspace(len(read), 1))
    np.testing.assert_array_equal(likeliest, logits[:, 2:, 0].argmax(axis=0))
    first, second = (
        list(islice(sample(network, theta, np.random.default_rng(7), prime, 1.5), 30)) for _ in range(2)
    )
    assert first == second
    assert len(set(first)) > 1
    assert list(sample(network, theta * np.float32(np.nan), RNG, prime)) == []


def test_temperature() -> None:
    rng, logits = np.random.default_rng(0), np.log([0.5, 0.3, 0.2])
    for temperature in (0.5, 1.0, 2.0):
        counts = np.bincount([drawn(logits, temperature, rng) for _ in range(4000)], minlength=3)
        np.testing.assert_allclose(counts / 4000, special.softmax(logits / temperature), atol=0.03)
    assert drawn(logits, 0.0, rng) == 0
    assert drawn(np.array([0.0, 1e30, 0.0]), 0.01, rng) == 1


@pytest.mark.parametrize("kind", CELLS)
def test_it_learns_to_recall(kind) -> None:
    network = RecurrentNetwork(kind, 6, 24, 4)
    rng = np.random.default_rng(1)
    theta, rule = network.start(rng), OPTIMIZERS["adam"](learning_rate=0.02)
    state, workspace, first = rule.start(theta), network.workspace(7, 32), math.nan
    for step in range(120):
        said = network.loss_and_gradient(theta, sequences.recall(rng, 32, 5), workspace)
        first = said.loss if step == 0 else first
        theta, state = rule.update(theta, clip_by_norm(said.gradient, 1.0).gradient, state)
    assert theta.dtype == np.float32
    assert first > 1.0
    assert said.loss < 0.2
