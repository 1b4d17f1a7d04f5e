"""The readable cells: equations by hand, all gradients against differences, counts, masks, truncation."""

import math

import numpy as np
import pytest

from engine.gradient_check import check_gradient
from engine.recurrent.through_time import CELLS, RNN, Cell

RNG = np.random.default_rng(11)
STEPS, BATCH, INPUTS, HIDDEN = 5, 3, 2, 4
ALL = [
    RNN(INPUTS, HIDDEN),
    RNN(INPUTS, HIDDEN, "relu"),
    CELLS["gru"](INPUTS, HIDDEN),
    CELLS["lstm"](INPUTS, HIDDEN),
]
X = RNG.normal(size=(STEPS, BATCH, INPUTS))
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 1, 1, 0]]).T


class Case:
    """One cell, all that goes into a run, and the weights that make one number of what comes out."""

    def __init__(self, cell: Cell, mask: np.ndarray | None = None, truncate: int = 0) -> None:
        rng = np.random.default_rng(5)
        self.cell, self.mask, self.truncate = cell, mask, truncate
        self.theta = cell.draw(rng, dtype=np.float64) + rng.normal(0, 0.3, cell.count)
        self.start = cell.state_type(*(rng.normal(size=(BATCH, HIDDEN)) for _ in cell.state_type._fields))
        self.d_hidden = rng.normal(size=(STEPS, BATCH, HIDDEN))
        self.d_last = cell.state_type(*(rng.normal(size=(BATCH, HIDDEN)) for _ in cell.state_type._fields))

    def loss(self, theta=None, x=X, start=None) -> float:
        theta = self.theta if theta is None else theta
        run = self.cell.forward(theta, x, start or self.start, self.mask)
        last = sum(np.vdot(a, b) for a, b in zip(run.last, self.d_last, strict=True))
        return float(np.vdot(run.outputs, self.d_hidden) + last)

    def back(self):
        run = self.cell.forward(self.theta, X, self.start, self.mask)
        return self.cell.backward(self.theta, run, self.d_hidden, self.d_last, self.truncate)


def identity(value) -> str:
    return f"{value.name}-{getattr(value, 'activation', '')}" if isinstance(value, Cell) else ""


@pytest.mark.parametrize("mask", [None, MASK])
@pytest.mark.parametrize("cell", ALL, ids=identity)
def test_gradients(cell, mask) -> None:
    case = Case(cell, mask)
    back = case.back()
    assert check_gradient(case.loss, back.gradient, case.theta).passed
    assert check_gradient(lambda x: case.loss(x=x), back.x, X).passed
    start, kind = np.array(case.start), cell.state_type
    assert check_gradient(lambda s: case.loss(start=kind(*s)), np.array(back.start), start).passed


def loss_from(case: Case, t: int, *state: np.ndarray) -> float:
    """The part of the loss from h after step t on, when that state is put in the place of the run's own."""
    own = np.vdot(case.d_hidden[t], state[0])
    if t == STEPS - 1:
        return float(own + sum(np.vdot(a, b) for a, b in zip(state, case.d_last, strict=True)))
    run = case.cell.forward(case.theta, X[t + 1 :], case.cell.state_type(*state))
    last = sum(np.vdot(a, b) for a, b in zip(run.last, case.d_last, strict=True))
    return float(own + np.vdot(run.outputs, case.d_hidden[t + 1 :]) + last)


@pytest.mark.parametrize("t", range(STEPS))
@pytest.mark.parametrize("cell", ALL, ids=identity)
def test_the_gradient_of_the_state_after_every_step(cell, t) -> None:
    """∂L/∂h with c held fixed; ∂L/∂c by both ways, c itself and the h = o∘tanh c that is read from it."""
    case = Case(cell)
    gates, states = cell.forward(case.theta, X, case.start).gates, case.back().states
    h, *c = (values[t] for values in gates.state)
    assert check_gradient(lambda h: loss_from(case, t, h, *c), states.hidden_state[t], h).passed
    if c:
        o = gates.output_gate[t]
        check = check_gradient(lambda c: loss_from(case, t, o * np.tanh(c), c), states.cell_state[t], c[0])
        assert check.passed


@pytest.mark.parametrize("cell", ALL, ids=identity)
def test_truncation_cuts_the_gradient_and_nothing_else(cell) -> None:
    """A run of 2 + 2 + 1 steps, each begun with the last state of the one before as if it were given."""
    case, pieces = Case(cell, truncate=2), []
    state = case.start
    for begin in (0, 2, 4):
        part = slice(begin, min(begin + 2, STEPS))
        run = cell.forward(case.theta, X[part], state)
        d_last = case.d_last if begin == 4 else None
        pieces.append(cell.backward(case.theta, run, case.d_hidden[part], d_last))
        state = run.last
    back = case.back()
    np.testing.assert_allclose(back.gradient, sum(piece.gradient for piece in pieces), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(back.x, np.concatenate([piece.x for piece in pieces]), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(back.start, pieces[0].start, rtol=1e-12, atol=1e-14)
    assert not np.allclose(back.gradient, Case(cell).back().gradient)


@pytest.mark.parametrize("cell", ALL, ids=identity)
def test_a_long_sequence_may_be_read_in_pieces(cell) -> None:
    case = Case(cell)
    whole = cell.forward(case.theta, X, case.start)
    first = cell.forward(case.theta, X[:2], case.start)
    second = cell.forward(case.theta, X[2:], first.last)
    for name, values in whole.gates._asdict().items():
        pieces = [getattr(part.gates, name) for part in (first, second)]
        np.testing.assert_array_equal(values, np.concatenate(pieces))
    np.testing.assert_array_equal(whole.last, second.last)


@pytest.mark.parametrize("cell", ALL, ids=identity)
def test_a_masked_step_is_as_if_it_were_not_there(cell) -> None:
    case = Case(cell, MASK)
    run = cell.forward(case.theta, X, case.start, MASK)
    for example in range(BATCH):
        there = MASK[:, example] == 1
        start = type(case.start)(*(s[[example]] for s in case.start))
        alone = cell.forward(case.theta, X[there][:, [example]], start)
        np.testing.assert_allclose(np.array(run.last)[:, example], np.array(alone.last)[:, 0], rtol=1e-13)
        np.testing.assert_allclose(run.outputs[there, example], alone.outputs[:, 0], rtol=1e-13)


def test_counts() -> None:
    assert CELLS["lstm"](25, 100).count == 50_400
    assert CELLS["lstm"](3, 2).count == 48
    assert CELLS["lstm"](3, 2).count_with_two_biases == 56
    assert CELLS["gru"](3, 2).count == 36
    assert CELLS["rnn"](3, 2).count == 12
    assert CELLS["gru"](25, 100).count_with_two_biases == 38_100  # as torch.nn.GRU(25, 100) has
    assert list(CELLS) == ["rnn", "gru", "lstm"]


def test_parameters_are_views_and_none_is_left_out() -> None:
    for cell in ALL:
        theta = np.zeros(cell.count)
        for gate in cell.parameters(theta):
            for part in gate:
                part += 1.0
        np.testing.assert_array_equal(theta, 1.0)


def test_the_first_weights() -> None:
    cell = CELLS["lstm"](30, 50)
    theta = cell.draw(np.random.default_rng(0), forget_bias=2.0)
    assert theta.dtype == np.float32
    weights = cell.parameters(theta)
    np.testing.assert_array_equal(weights.forget_gate.bias, 2.0)
    assert not np.any([weights.input_gate.bias, weights.candidate.bias, weights.output_gate.bias])
    for gate in weights:
        np.testing.assert_allclose(gate.of_state.T @ gate.of_state, np.eye(50), atol=1e-5)
        assert gate.of_input.var() == pytest.approx(2 / 80, rel=0.1)


def s(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_two_steps_of_an_lstm_by_hand() -> None:
    """One input, one unit; W = (.5, −1, 2, .25), b = (.1, .2, −.3, 0), U = (1, .5, −.5, 2) for i, f, g, o."""
    theta = np.array([[0.5, 0.1, 1.0], [-1.0, 0.2, 0.5], [2.0, -0.3, -0.5], [0.25, 0.0, 2.0]]).ravel()
    run = CELLS["lstm"](1, 1).forward(theta, np.array([[[1.0]], [[-2.0]]]))
    c1 = s(0.6) * math.tanh(1.7)
    h1 = s(0.25) * math.tanh(c1)
    i, f, g, o = s(-0.9 + h1), s(2.2 + 0.5 * h1), math.tanh(-4.3 - 0.5 * h1), s(-0.5 + 2 * h1)
    c2 = f * c1 + i * g
    expected = (i, f, g, o, c2, o * math.tanh(c2))
    np.testing.assert_allclose([values[1, 0, 0] for values in run.gates], expected, rtol=1e-14)


def test_two_steps_of_a_gru_by_hand() -> None:
    """W = (.5, −1, 2), b = (.1, .2, −.3), U = (1, .5, −.5) for r, u, n; the reset is after the product."""
    theta = np.array([[0.5, 0.1, 1.0], [-1.0, 0.2, 0.5], [2.0, -0.3, -0.5]]).ravel()
    run = CELLS["gru"](1, 1).forward(theta, np.array([[[1.0]], [[-2.0]]]))
    h1 = (1 - s(-0.8)) * math.tanh(1.7)
    r, u = s(-0.9 + h1), s(2.2 + 0.5 * h1)
    n = math.tanh(-4.3 + r * (-0.5 * h1))
    np.testing.assert_allclose([v[1, 0, 0] for v in run.gates], (r, u, n, u * h1 + (1 - u) * n), rtol=1e-14)


def test_the_direct_path_through_forget_gates() -> None:
    """With all other weights 0, f = σ(b): ∂c_T/∂c_0 = f²⁰, so 1e-6, 2e-3 and 8e-2 for b = 0, 1, 2."""
    cell = CELLS["lstm"](1, 1)
    for bias, expected in ((0.0, 1e-6), (1.0, 2e-3), (2.0, 8e-2)):
        theta = np.zeros(cell.count)
        cell.parameters(theta).forget_gate.bias[...] = bias
        run = cell.forward(theta, np.zeros((20, 1, 1)))
        d_last = cell.zero_state(1)._replace(cell_state=np.ones((1, 1)))
        back = cell.backward(theta, run, np.zeros((20, 1, 1)), d_last)
        assert back.start.cell_state[0, 0] == pytest.approx(expected, rel=0.1)
        assert back.start.cell_state[0, 0] == pytest.approx(s(bias) ** 20, rel=1e-12)
