"""A cell applied to a whole sequence, step by step, and its gradient: back-propagation through time.

    forward     sₜ = step(xₜ, sₜ₋₁; θ)
    backward    ∂L/∂sₜ₋₁ = dₜ₋₁ + (∂sₜ/∂sₜ₋₁)ᵀ·∂L/∂sₜ          ∂L/∂θ = Σₜ (∂sₜ/∂θ)ᵀ·∂L/∂sₜ

L is the loss, θ has all parameters, and sₜ is the state after step t. It has two effects on L: through the
output hₜ at its own step, with the gradient dₜ, and through all later steps, with what comes from ∂L/∂sₜ₊₁.

    cell = CELLS["lstm"](inputs=3, hidden=2)
    run = cell.forward(theta, x)                    # run.gates.forget_gate[step, example, unit], …
    back = cell.backward(theta, run, d_hidden)      # back.gradient, back.x, back.start, back.states

This file is written to be easy to read, in the order of the equations (the cells are in `cells`).
`engine.recurrent.fast` computes the same numbers many times faster; a test compares the two.

Sequences are x[steps, batch, in]. All parameters are in one flat vector θ: a matrix [gates·hidden,
in + 1 + hidden]. Its rows are the units of one gate after the other; its columns multiply x, then 1, then h.
W, b and U of a gate, [in, hidden], [hidden] and [hidden, hidden], are views into it.

References: Werbos, "Backpropagation through time" (1990); Williams & Peng (1990), for truncation.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.networks.initializers import INITIALIZERS
from engine.recurrent.cells import (
    Gates,
    GateWeights,
    GRUGates,
    GRUWeights,
    HiddenState,
    LSTMGates,
    LSTMState,
    LSTMWeights,
    RNNGates,
    RNNWeights,
    State,
    StepGradient,
    Weights,
    d_gru_step,
    d_lstm_step,
    d_rnn_step,
    gru_step,
    lstm_step,
    rnn_step,
)

Mask = NDArray[Any]  # 0 or False where a sequence has no step


class Run(NamedTuple):
    """The result of a forward pass: what every step computed, by name."""

    x: Array  # [steps, batch, in]
    start: State  # [batch, hidden] each
    gates: Gates  # [steps, batch, hidden] each; the last of them is `hidden_state`, the cell's output
    mask: Mask | None  # [steps, batch], as it was given

    @property
    def outputs(self) -> Array:
        """h of every step, [steps, batch, hidden]."""
        outputs: Array = self.gates.hidden_state
        return outputs

    @property
    def last(self) -> State:
        """The state after the last step; the next piece of a long sequence begins with it."""
        return _at(self.gates.state, -1)

    def before(self, t: int) -> State:
        """The state before step t (from 0)."""
        return _at(self.gates.state, t - 1) if t else self.start


class BackwardPass(NamedTuple):
    """The result of a backward pass: ∂L/∂(everything that went into the forward pass)."""

    gradient: Array  # ∂L/∂θ, flat
    x: Array  # ∂L/∂x[steps, batch, in]
    start: State  # ∂L/∂(the first state)
    states: State  # ∂L/∂hₜ (and ∂L/∂cₜ) after every step, along all paths: [steps, batch, hidden] each


@dataclass(frozen=True)
class Cell:
    """Base of all cells: size, parameters, and the forward and backward pass through a sequence."""

    inputs: int
    hidden: int

    name: ClassVar[str]
    title: ClassVar[str]
    gates_type: ClassVar[Any]
    state_type: ClassVar[Any]
    weights_type: ClassVar[Any]

    def step(self, x: Array, before: State, weights: Weights) -> Gates:
        """One step forward: x[batch, in] and the state before it → every gate and state by name."""
        raise NotImplementedError

    def d_step(self, d_after: State, gates: Gates, x: Array, before: State, weights: Weights) -> StepGradient:
        """The same step backward, from ∂L/∂(the state after it)."""
        raise NotImplementedError

    @property
    def gate_names(self) -> tuple[str, ...]:
        """The gates and candidates with weights, in their order in θ."""
        names: tuple[str, ...] = self.weights_type._fields
        return names

    @property
    def count(self) -> int:
        """How many parameters, with one bias: gates·(hidden·(in + hidden) + hidden)."""
        return len(self.gate_names) * (self.hidden * (self.inputs + self.hidden) + self.hidden)

    @property
    def count_with_two_biases(self) -> int:
        """The number of parameters in frameworks that add one bias to x·W and another to h·U."""
        return self.count + len(self.gate_names) * self.hidden

    def matrix(self, theta: Array) -> Array:
        """θ as [gates, hidden, in + 1 + hidden]: the factors of x, then of 1, then of h. A view."""
        return theta.reshape(len(self.gate_names), self.hidden, self.inputs + 1 + self.hidden)

    def parameters(self, theta: Array) -> Weights:
        """W, b and U of each gate by name, as views into θ (nothing is copied)."""
        n = self.inputs
        return self.weights_type(
            *(GateWeights(m[:, :n].T, m[:, n], m[:, n + 1 :].T) for m in self.matrix(theta))
        )

    def draw(
        self,
        rng: np.random.Generator,
        of_input: str = "xavier_uniform",
        of_state: str = "orthogonal",
        forget_bias: float = 1.0,
        dtype: type[np.floating[Any]] = np.float32,
    ) -> Array:
        """Return a first θ: W and U of every gate drawn by their initializers, and b = 0.

        The bias of an LSTM's forget gate is `forget_bias`: with 1 it forgets little from the start of
        training on (Jozefowicz et al., 2015).
        """
        theta = np.zeros(self.count, dtype)
        weights = self.parameters(theta)
        for gate in weights:
            gate.of_input[...] = INITIALIZERS[of_input].draw(rng, self.inputs, self.hidden)
            gate.of_state[...] = INITIALIZERS[of_state].draw(rng, self.hidden, self.hidden)
        if "forget_gate" in self.gate_names:
            weights.forget_gate.bias[...] = forget_bias
        return theta

    def zero_state(self, batch: int, dtype: Any = np.float64) -> State:
        """The state before the first step: all 0."""
        return self.state_type(*(np.zeros((batch, self.hidden), dtype) for _ in self.state_type._fields))

    def forward(self, theta: Array, x: Array, start: State = None, mask: Mask | None = None) -> Run:
        """Go through x[steps, batch, in] from the state `start` (zeros, if None).

        Where `mask`[steps, batch] is 0, the sequence of an example has no such step, and its state stays. The
        gates there are computed as if it had one.
        """
        weights = self.parameters(theta)
        start = self.zero_state(x.shape[1], theta.dtype) if start is None else start
        state, steps = start, []
        for t in range(len(x)):
            gates = self.step(x[t], state, weights)
            if mask is not None:
                gates = gates._replace(**_mixed(mask[t], gates.state, state)._asdict())
            state = gates.state
            steps.append(gates)
        return Run(x, start, self.gates_type(*map(np.array, zip(*steps, strict=True))), mask)

    def backward(
        self, theta: Array, run: Run, d_hidden: Array, d_last: State = None, truncate: int = 0
    ) -> BackwardPass:
        """Backward through time, from d_hidden[steps, batch, hidden]: dₜ, what hₜ adds to L at its own step.

        `d_last` is ∂L/∂(the last state), if the loss depends on later steps too. With `truncate` = k the
        gradient does not pass from step k + 1 to step k (steps counted from 1), from 2k + 1 to 2k, and so on:
        the state was passed on there, but its gradient is cut off. 0 means: no cut.
        """
        weights, gradient = self.parameters(theta), np.zeros_like(theta)
        into, d_x, d_states = self.parameters(gradient), np.empty_like(run.x), []
        d_state = self.zero_state(run.x.shape[1], theta.dtype) if d_last is None else d_last
        for t in reversed(range(len(run.x))):
            d_state = d_state._replace(hidden_state=d_state.hidden_state + d_hidden[t])
            # Where an example has no step t, its state has stayed: its gradient passes unchanged (`kept`).
            kept = None if run.mask is None else _mixed(run.mask[t], _zeros(d_state), d_state)
            d_step = d_state if run.mask is None else _mixed(run.mask[t], d_state, _zeros(d_state))
            back = self.d_step(d_step, _at(run.gates, t), run.x[t], run.before(t), weights)
            d_x[t] = back.x
            d_states.append(back.after if kept is None else _sum(back.after, kept))
            d_state = back.before if kept is None else _sum(back.before, kept)
            _accumulate(into, back.weights)
            if truncate and t and t % truncate == 0:
                d_state = _zeros(d_state)
        d_states = self.state_type(*map(np.array, zip(*reversed(d_states), strict=True)))
        return BackwardPass(gradient, d_x, d_state, d_states)


@dataclass(frozen=True)
class RNN(Cell):
    """The plain cell: the whole state is computed anew at every step."""

    activation: str = "tanh"  # or "relu"

    name, title = "rnn", "RNN"
    gates_type, state_type, weights_type = RNNGates, HiddenState, RNNWeights

    def step(self, x: Array, before: State, weights: Weights) -> Gates:
        """h = φ(W·x + U·h₋₁ + b)."""
        return rnn_step(x, before, weights, self.activation)

    def d_step(self, d_after: State, gates: Gates, x: Array, before: State, weights: Weights) -> StepGradient:
        """The same step backward."""
        return d_rnn_step(d_after, gates, x, before, weights, self.activation)


@dataclass(frozen=True)
class GRU(Cell):
    """Two gates: how much of the old state is kept, and how much of it makes the new candidate."""

    name, title = "gru", "GRU"
    gates_type, state_type, weights_type = GRUGates, HiddenState, GRUWeights
    step, d_step = staticmethod(gru_step), staticmethod(d_gru_step)


@dataclass(frozen=True)
class LSTM(Cell):
    """Three gates, and a cell state that is changed only by multiplication with f and by addition."""

    name, title = "lstm", "LSTM"
    gates_type, state_type, weights_type = LSTMGates, LSTMState, LSTMWeights
    step, d_step = staticmethod(lstm_step), staticmethod(d_lstm_step)


CELLS: dict[str, type[Cell]] = {cell.name: cell for cell in (RNN, GRU, LSTM)}


# --- states are tuples of arrays: the same for each of them ---


def _at(named: Any, t: int) -> Any:
    """What the arrays hold at one step."""
    return type(named)(*(values[t] for values in named))


def _zeros(state: State) -> State:
    """0 in the shape of each array of a state."""
    return type(state)(*map(np.zeros_like, state))


def _sum(a: State, b: State) -> State:
    """The sum of two states, array by array."""
    return type(a)(*(x + y for x, y in zip(a, b, strict=True)))


def _mixed(mask: Mask, new: State, old: State) -> State:
    """The new where the mask[batch] is 1, the old where it is 0."""
    return type(new)(*(np.where(mask[:, None] != 0, a, b) for a, b in zip(new, old, strict=True)))


def _accumulate(into: Weights, weights: Weights) -> None:
    """Add one step's ∂L/∂(W, b, U) of every gate to the sum."""
    for gate_into, gate in zip(into, weights, strict=True):
        for total, part in zip(gate_into, gate, strict=True):
            total += part
