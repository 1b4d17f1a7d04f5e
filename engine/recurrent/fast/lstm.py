"""The LSTM for speed: one call covers three sigmoids, one product of arrays covers i∘g and f∘c₋₁.

    forward    σ(z) = 1/(1 + e⁻ᶻ); the minus sign is multiplied into the weights
    backward   dc = dc₊ + dh∘q             q = o∘(1 − tanh²c)
               dz_i = dc∘p_i               p_i = i∘g∘(1 − i)
               dz_f = dc∘p_f               p_f = f∘c₋₁∘(1 − f)
               dz_g = dc∘p_g               p_g = i∘(1 − g²)
               dz_o = dh∘p_o               p_o = o∘tanh c∘(1 − o)

The letters are those of `engine.recurrent.cells`; dh is ∂L/∂h and so on, and dc₊ is f∘dc of the next step.
The slopes p and q do not depend on dh and dc, so they are computed before the loop, many steps at once. They
are made of the products m = (i∘g, f∘c₋₁, o∘tanh c): p_i, p_f and p_o are m∘(1 − (i, f, o)), and with the
first and the last product p_g = i − g∘(i∘g) and q = o − tanh c∘(o∘tanh c).

Reference: as in `engine.recurrent.cells`.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.pieces import WORKING, Pieces
from engine.recurrent.cells import LSTMState, State
from engine.recurrent.fast.workspace import Sequence, cut
from engine.recurrent.through_time import Cell

I, F, O, G, C, T = range(6)  # rows of `values`: i, f, o, g, then c₋₁, tanh c  # noqa: E741


class LSTMForwardStep(NamedTuple):
    """The arrays of one step forward, as views that are made only once."""

    stacked: Array  # [x, 1, h₋₁]
    gates: Array  # i, f, o, g as one
    sigmoids: Array  # i, f, o
    candidate: Array  # g
    input_forget: Array
    candidate_cell: Array  # g, c₋₁
    c: Array
    tanh_c: Array
    output: Array
    h: Array


class LSTMBackwardStep(NamedTuple):
    """The arrays of one step backward, as views that are made only once: slopes and results."""

    d_h: Array
    d_c: Array
    slopes_of_h: Array  # p_o, q
    slopes_of_c: Array  # f, p_g, p_i, p_f
    from_h: Array  # dz_o, dh·q
    from_c: Array  # dc·f, dz_g, dz_i, dz_f
    d_c_after: Array  # dc₊
    d_c_part: Array  # dh·q
    gates: Array  # dz_g, dz_i, dz_f, dz_o, gate by gate
    d_z_gates: Array  # where they are kept for all steps, gate by gate
    d_z: Array  # the same, example by example
    d_h_before: Array


class LSTMSequence(Sequence):
    """An LSTM's workspace: rows i, f, o, g forward; g, i, f, o backward, to keep dc's factors together."""

    rows = 4
    kept = 7  # i, f, o, g, c, tanh c and ∂L/∂c

    def __init__(self, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> None:
        super().__init__(cell, steps, batch, dtype)
        hidden = cell.hidden
        self.values = self.zeros(steps + 1, 6, batch, hidden)
        self.d_c = self.zeros(steps + 1, batch, hidden)  # ∂L/∂c after every step; entry 0 before the first
        self.slopes = self.zeros(self.block, 6, batch, hidden)  # f, p_g, p_i, p_f, p_o, q
        self.products = self.zeros(self.block, 3, batch, hidden)  # m
        self.flows = self.zeros(self.block, 6, batch, hidden)  # dc·f, dz_g, dz_i, dz_f, dz_o, dh·q
        self.terms = self.zeros(2, batch, hidden)  # i∘g, f∘c₋₁
        self.views = [self._step(t) for t in range(steps)]
        self.backward_views = [self._backward_step(t) for t in range(steps)]

    def _step(self, t: int) -> LSTMForwardStep:
        """The arrays of step t in the forward pass, as views."""
        now, c = self.values[t], self.values[t + 1, C]
        gates, sigmoids, i_f, g_c = now[I : G + 1], now[I : O + 1], now[I : F + 1], now[G : C + 1]
        return LSTMForwardStep(
            self.stack[t], gates, sigmoids, now[G], i_f, g_c, c, now[T], now[O], self.h[t + 1]
        )

    def _backward_step(self, t: int) -> LSTMBackwardStep:
        """The arrays of step t in the backward pass, as views."""
        slope, flow, d_z = self.slopes[t % self.block], self.flows[t % self.block], self.d_z[t]
        d_c_after = self.flows[(t + 1) % self.block, 0] if t + 1 < self.steps else self.d_c[-1]
        return LSTMBackwardStep(
            d_h=self.d_h[t + 1],
            d_c=self.d_c[t + 1],
            slopes_of_h=slope[4:],
            slopes_of_c=slope[:4],
            from_h=flow[4:],
            from_c=flow[:4],
            d_c_after=d_c_after,
            d_c_part=flow[5],
            gates=flow[1:5],
            d_z_gates=d_z.swapaxes(0, 1),
            d_z=d_z.reshape(self.batch, -1),
            d_h_before=self.d_h[t],
        )

    def _pack(self, matrix: Array) -> None:
        i_f, g, o = matrix[:2], matrix[2], matrix[3]
        np.negative(i_f.swapaxes(1, 2), out=self.packed[I : F + 1])
        np.negative(o.T, out=self.packed[O])
        self.packed[G] = g.T
        rows = np.concatenate((g, *i_f, o))
        self.of_input[...] = rows[:, : self.cell.inputs]
        self.of_state[...] = rows[:, self.cell.inputs + 1 :]

    def _unpack(self, gradient: Array) -> None:
        g, i, f, o = np.dot(self._d_z().T, self._stacked()).reshape(gradient.shape)
        gradient[...] = i, f, g, o

    def _begin(self, start: State) -> None:
        super()._begin(start)
        self.values[0, C] = start.cell_state

    def _forward(self) -> Pieces[None]:
        for part in self._parts():
            with np.errstate(over="ignore"):  # e⁻ᶻ = ∞: then σ(z) is 0
                self._forward_part(part)
            if self.large:
                yield WORKING

    def _forward_part(self, part: range) -> None:
        """The loop over time: the products, then eight calls on arrays that are contiguous in memory."""
        weights, one = self.packed, np.ones((), self.dtype)
        terms, added, kept = self.terms, *self.terms
        exp, tanh, multiply, add = np.exp, np.tanh, np.multiply, np.add
        for t in part:
            stacked, gates, sigmoids, g, i_f, g_c, c, tanh_c, o, h = self.views[t]
            np.matmul(stacked, weights, out=gates)
            exp(sigmoids, out=sigmoids)
            add(sigmoids, one, out=sigmoids)
            np.reciprocal(sigmoids, out=sigmoids)
            tanh(g, out=g)
            multiply(i_f, g_c, out=terms)
            add(added, kept, out=c)
            tanh(c, out=tanh_c)
            multiply(o, tanh_c, out=h)
            if self.gone is not None:
                np.copyto(h, self.h[t], where=self.gone[t])
                np.copyto(c, g_c[1], where=self.gone[t])

    def _end(self, d_last: State) -> None:
        super()._end(d_last)
        self.d_c[-1] = d_last.cell_state

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        """The loop backward in time: the slopes of a block of steps, then the gradients step by step."""
        recurrent, pause, last = self.of_state, self.pause, self.pause - 1
        for block in self._blocks():
            self._find_slopes(block)
            for t in reversed(block):
                d_h, d_c, slopes_of_h, slopes_of_c, from_h, from_c, *rest = self.backward_views[t]
                d_c_after, d_c_part, gates, d_z_gates, d_z, d_h_before = rest
                np.add(d_h, d_hidden[t], out=d_h)
                np.multiply(d_h, slopes_of_h, out=from_h)
                np.add(d_c_after, d_c_part, out=d_c)
                np.multiply(d_c, slopes_of_c, out=from_c)
                np.copyto(d_z_gates, gates)
                np.dot(d_z, recurrent, out=d_h_before)
                if self.gone is not None:
                    np.add(d_h_before, d_h, out=d_h_before, where=self.gone[t])
                if truncate and cut(t, truncate):
                    d_h_before[...] = from_c[0] = 0.0
                if t % pause == last:
                    yield WORKING
        self.d_c[0] = self.flows[0, 0]

    def _find_slopes(self, block: range) -> None:
        """f, p_g, p_i, p_f, p_o and q of the block's steps; 0 (f: 1) where an example is masked."""
        values = self.values[block[0] : block[-1] + 1]
        slopes, products = self.slopes[: len(block)], self.products[: len(block)]
        sigmoids, partners = values[:, :3], values[:, 3:]  # (i, f, o) and (g, c₋₁, tanh c)
        np.multiply(sigmoids, partners, out=products)
        p_ifo, p_gq = slopes[:, 2:5], slopes[:, 1::4]
        np.subtract(1.0, sigmoids, out=p_ifo)
        np.multiply(products, p_ifo, out=p_ifo)
        np.multiply(partners[:, ::2], products[:, ::2], out=p_gq)  # g∘m_i, tanh c∘m_o
        np.subtract(sigmoids[:, ::2], p_gq, out=p_gq)
        np.copyto(slopes[:, 0], values[:, F])
        if self.gone is not None:
            gone = self.gone[block[0] : block[-1] + 1, None]
            np.copyto(slopes[:, 1:], 0.0, where=gone)
            np.copyto(slopes[:, :1], 1.0, where=gone)

    def _gates(self) -> tuple[Array, ...]:
        now = self.values[:-1]
        return now[:, I], now[:, F], now[:, G], now[:, O], self.values[1:, C], self.outputs

    def start(self) -> LSTMState:
        """The first state of the last run, as views."""
        return LSTMState(self.h[0], self.values[0, C])

    def last(self) -> LSTMState:
        """The state after the last step: a copy."""
        return LSTMState(self.h[-1].copy(), self.values[-1, C].copy())

    def d_start(self) -> LSTMState:
        """∂L/∂(the first state), [batch, hidden] each, as views."""
        return LSTMState(self.d_h[0], self.d_c[0])

    def d_states(self) -> LSTMState:
        """∂L/∂h and ∂L/∂c after every step along all paths, [steps, batch, hidden] each, as views."""
        return LSTMState(self.d_h[1:], self.d_c[1:])
