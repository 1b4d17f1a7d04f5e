"""A recurrent cell reads a sequence one step at a time and keeps what it needs in a state.

    RNN     h = φ(W·x + U·h₋₁ + b)                      φ is tanh or ReLU
    GRU     r, u = σ(W·x + U·h₋₁ + b)                   reset and update gate
            n = tanh(W·x + b + r∘(U·h₋₁))               candidate
            h = u∘h₋₁ + (1 − u)∘n
    LSTM    i, f, o = σ(W·x + U·h₋₁ + b)                input, forget and output gate
            g = tanh(W·x + U·h₋₁ + b)                   candidate
            c = f∘c₋₁ + i∘g                             forget a part of the old state, add a new part
            h = o∘tanh c                                the output

h₋₁ and c₋₁ are the state that the step before has left; at the first step they are given, usually as 0. σ is
the sigmoid, and ∘ multiplies entry by entry. Each gate and each candidate has its own W, U and b. Each cell
has one step forward and the same step backward, every line an equation. In the backward steps d_x is ∂L/∂x,
and z the argument of σ or tanh, with σ′(z) = i(1 − i) for i = σ(z), and tanh′(z) = 1 − g² for g = tanh z.
Arrays have one example per row: x[batch, in], h[batch, hidden], W[in, hidden], U[hidden, hidden] (so the code
says x·W), b[hidden].

The GRU is that of cuDNN and PyTorch: the reset gate acts after the product with U, whereas Cho et al. (2014)
use U·(r∘h₋₁); and it has one bias, not two. u is the fraction of h₋₁ that is kept, as in Cho et al.; the
window calls it z, as most papers do, but here z is the argument of a nonlinearity.

References: Elman (1990); Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000);
Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder" (2014).
"""

from typing import Any, NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS, Array, sigmoid

Gates = Any  # RNNGates, GRUGates or LSTMGates
State = Any  # HiddenState or LSTMState
Weights = Any  # RNNWeights, GRUWeights or LSTMWeights


class GateWeights(NamedTuple):
    """The parameters of one gate, or the gradient with respect to them."""

    of_input: Array  # W[in, hidden]
    bias: Array  # b[hidden]
    of_state: Array  # U[hidden, hidden]


def weighted(x: Array, h: Array, gate: GateWeights) -> Array:
    """z = x·W + h·U + b: the argument of a gate's nonlinearity."""
    z: Array = x @ gate.of_input + h @ gate.of_state + gate.bias
    return z


def d_gate(d_z: Array, x: Array, h: Array) -> GateWeights:
    """∂L/∂W, ∂L/∂b and ∂L/∂U of one gate, summed over the batch."""
    return GateWeights(x.T @ d_z, d_z.sum(axis=0), h.T @ d_z)


class StepGradient(NamedTuple):
    """The gradients with respect to the input of a step, its weights, and the states before and after it."""

    x: Array  # ∂L/∂x[batch, in]
    before: State
    weights: Weights
    after: State  # along all paths, also those inside the step (from h to c)


class HiddenState(NamedTuple):
    """The state that an RNN or a GRU passes to the next step, or the gradient with respect to it."""

    hidden_state: Array  # h[batch, hidden]


# --- the plain recurrent cell ---


class RNNWeights(NamedTuple):
    """The parameters of an RNN: it has no gates, only the weights of the new state."""

    hidden_state: GateWeights


class RNNGates(NamedTuple):
    """What a step computed, by name: [batch, hidden], or [steps, batch, hidden] for a whole sequence."""

    hidden_state: Array

    @property
    def state(self) -> HiddenState:
        """What the next step begins with."""
        return HiddenState(self.hidden_state)


def rnn_step(x: Array, before: HiddenState, weights: RNNWeights, activation: str = "tanh") -> RNNGates:
    """h = φ(W·x + U·h₋₁ + b)."""
    z = weighted(x, before.hidden_state, weights.hidden_state)
    return RNNGates(ACTIVATIONS[activation].value(z))


def d_rnn_step(
    d_after: HiddenState,
    gates: RNNGates,
    x: Array,
    before: HiddenState,
    weights: RNNWeights,
    activation: str = "tanh",
) -> StepGradient:
    """The same step backward. φ′ in terms of h: 1 − h² for tanh, 1 where h > 0 for ReLU."""
    h, (d_h,) = gates.hidden_state, d_after
    slope = 1.0 - h * h if activation == "tanh" else (h > 0).astype(h.dtype)
    d_z = d_h * slope
    gate = weights.hidden_state
    return StepGradient(
        x=d_z @ gate.of_input.T,
        before=HiddenState(d_z @ gate.of_state.T),
        weights=RNNWeights(d_gate(d_z, x, before.hidden_state)),
        after=d_after,
    )


# --- the gated recurrent unit ---


class GRUWeights(NamedTuple):
    """The parameters of a GRU, gate by gate."""

    reset_gate: GateWeights
    update_gate: GateWeights
    candidate: GateWeights


class GRUGates(NamedTuple):
    """What a step computed, by name: [batch, hidden], or [steps, batch, hidden] for a whole sequence."""

    reset_gate: Array  # r
    update_gate: Array  # u: the fraction of the old state that is kept
    candidate: Array  # n
    hidden_state: Array  # h

    @property
    def state(self) -> HiddenState:
        """What the next step begins with."""
        return HiddenState(self.hidden_state)


def gru_step(x: Array, before: HiddenState, weights: GRUWeights) -> GRUGates:
    """Two gates, a candidate, and the new state: a weighted mean of the candidate and the old state."""
    h = before.hidden_state
    candidate = weights.candidate
    r = sigmoid(weighted(x, h, weights.reset_gate))
    u = sigmoid(weighted(x, h, weights.update_gate))
    n = np.tanh(x @ candidate.of_input + candidate.bias + r * (h @ candidate.of_state))
    return GRUGates(r, u, n, u * h + (1.0 - u) * n)


def d_gru_step(
    d_after: HiddenState, gates: GRUGates, x: Array, before: HiddenState, weights: GRUWeights
) -> StepGradient:
    """The same step backward. With h = u∘h₋₁ + (1 − u)∘n, ∂h/∂u = h₋₁ − n and ∂h/∂n = 1 − u."""
    (h,), (d_h,) = before, d_after
    r, u, n, _ = gates
    recalled = h @ weights.candidate.of_state  # U·h₋₁ of the candidate, before it is multiplied by r
    d_z_n = d_h * (1.0 - u) * (1.0 - n * n)
    d_z_u = d_h * (h - n) * u * (1.0 - u)
    d_z_r = d_z_n * recalled * r * (1.0 - r)
    d_recalled = d_z_n * r
    of_candidate = GateWeights(x.T @ d_z_n, d_z_n.sum(axis=0), h.T @ d_recalled)
    d_x = (
        d_z_r @ weights.reset_gate.of_input.T
        + d_z_u @ weights.update_gate.of_input.T
        + d_z_n @ weights.candidate.of_input.T
    )
    d_before = (
        d_h * u
        + d_z_r @ weights.reset_gate.of_state.T
        + d_z_u @ weights.update_gate.of_state.T
        + d_recalled @ weights.candidate.of_state.T
    )
    d_weights = GRUWeights(d_gate(d_z_r, x, h), d_gate(d_z_u, x, h), of_candidate)
    return StepGradient(d_x, HiddenState(d_before), d_weights, d_after)


# --- long short-term memory ---


class LSTMState(NamedTuple):
    """The state that an LSTM passes to the next step, or the gradient with respect to it."""

    hidden_state: Array  # h[batch, hidden]: the output
    cell_state: Array  # c[batch, hidden]: the memory


class LSTMWeights(NamedTuple):
    """The parameters of an LSTM, gate by gate."""

    input_gate: GateWeights
    forget_gate: GateWeights
    candidate: GateWeights
    output_gate: GateWeights


class LSTMGates(NamedTuple):
    """What a step computed, by name: [batch, hidden], or [steps, batch, hidden] for a whole sequence."""

    input_gate: Array  # i
    forget_gate: Array  # f
    candidate: Array  # g
    output_gate: Array  # o
    cell_state: Array  # c
    hidden_state: Array  # h

    @property
    def state(self) -> LSTMState:
        """What the next step begins with."""
        return LSTMState(self.hidden_state, self.cell_state)


def lstm_step(x: Array, before: LSTMState, weights: LSTMWeights) -> LSTMGates:
    """c = f∘c₋₁ + i∘g, h = o∘tanh c."""
    h, c = before
    i = sigmoid(weighted(x, h, weights.input_gate))
    f = sigmoid(weighted(x, h, weights.forget_gate))
    g = np.tanh(weighted(x, h, weights.candidate))
    o = sigmoid(weighted(x, h, weights.output_gate))
    c = f * c + i * g
    h = o * np.tanh(c)
    return LSTMGates(i, f, g, o, c, h)


def d_lstm_step(
    d_after: LSTMState, gates: LSTMGates, x: Array, before: LSTMState, weights: LSTMWeights
) -> StepGradient:
    """The same step backward. From c to c₋₁ the only factor is f: so the gradient need not vanish."""
    i, f, g, o, c, _ = gates
    tanh_c = np.tanh(c)
    d_h = d_after.hidden_state
    # c has two effects: on the next step, and on h = o∘tanh c.
    d_c = d_after.cell_state + d_h * o * (1.0 - tanh_c * tanh_c)
    d_z = (  # of i, f, g and o: the order of `LSTMWeights`
        d_c * g * i * (1.0 - i),
        d_c * before.cell_state * f * (1.0 - f),
        d_c * i * (1.0 - g * g),
        d_h * tanh_c * o * (1.0 - o),
    )
    pairs = list(zip(d_z, weights, strict=True))
    d_x = np.add.reduce([d @ gate.of_input.T for d, gate in pairs])
    d_h_before = np.add.reduce([d @ gate.of_state.T for d, gate in pairs])
    d_weights = LSTMWeights(*(d_gate(d, x, before.hidden_state) for d in d_z))
    return StepGradient(d_x, LSTMState(d_h_before, d_c * f), d_weights, LSTMState(d_h, d_c))
