"""The LSTM for speed: one tanh covers all four gates, one product of arrays covers i∘g and f∘c₋₁.

    forward    σ(z) = ½ + ½·tanh(z/2); the ½ of z/2 is multiplied into the weights
    backward   dc = dc₊ + dh·q                        q = o·(1 − tanh²c)        (dh is ∂L/∂h)
               dz_g, dz_i, dz_f, dz_o = dc·p_g, dc·p_i, dc·p_f, dh·p_o

The slopes p and q do not depend on dh and dc, so they are computed before the loop, many steps at once. With
m = (i∘g, f∘c₋₁, o∘tanh c) they are p_i, p_f, p_o = m − (i, f, o)∘m and p_g, q = (i, o) − (g, tanh c)∘m_i,o.
dc₊ is f∘dc of the next step. Reference: as in `engine.recurrent.cells`.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.pieces import WORKING, Pieces
from engine.recurrent.cells import LSTMState, State
from engine.recurrent.fast.workspace import Sequence, cut
from engine.recurrent.through_time import Cell

I, F, O, G, C, T = range(6)  # rows of `values`: i, f, o, g, then c₋₁, tanh c  # noqa: E741


class Step(NamedTuple):
    """The arrays of one step forward, as views that are made only once."""

    stacked: Array  # [x; 1; h₋₁]
    gates: Array  # i, f, o, g as one
    sigmoids: Array  # i, f, o
    input_forget: Array
    candidate_cell: Array  # g, c₋₁
    c: Array
    tanh_c: Array
    output: Array
    h: Array


class BackwardStep(NamedTuple):
    """The arrays of one step backward, as views that are made only once: slopes and results."""

    slopes_of_c: Array  # f, p_g, p_i, p_f
    slopes_of_h: Array  # p_o, q
    from_c: Array  # dc·f, dz_g, dz_i, dz_f
    from_h: Array  # dz_o, dh·q
    d_c_part: Array  # dh·q
    d_z: Array  # dz_g, dz_i, dz_f, dz_o as one
    d_c_before: Array  # dc·f


class LSTMSequence(Sequence):
    """An LSTM's workspace: rows i, f, o, g forward; g, i, f, o backward, to keep dc's factors together."""

    rows = 4
    kept = 7  # i, f, o, g, c, tanh c and ∂L/∂c

    def __init__(self, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> None:
        super().__init__(cell, steps, batch, dtype)
        hidden = cell.hidden
        self.values = self.zeros(steps + 1, 6, hidden, batch)
        self.d_c = self.zeros(steps + 1, hidden, batch)  # ∂L/∂c after every step; entry 0 before the first
        self.slopes = self.zeros(self.block, 6, hidden, batch)  # f, p_g, p_i, p_f, p_o, q
        self.products = self.zeros(self.block, 3, hidden, batch)  # m
        self.flows = self.zeros(self.block, 6, hidden, batch)  # dc·f, dz_g, dz_i, dz_f, dz_o, dh·q
        self.terms = self.zeros(2, hidden, batch)  # i∘g, f∘c₋₁
        self.views = [self._step(t) for t in range(steps)]
        self.backward_views = [self._backward_step(k) for k in range(self.block)]

    def _step(self, t: int) -> Step:
        now, then = self.values[t], self.values[t + 1]
        flat = now[I : G + 1].reshape(-1, self.batch)
        return Step(
            self.stack[t],
            flat,
            now[I : O + 1],
            now[I : F + 1],
            now[G : C + 1],
            then[C],
            now[T],
            now[O],
            self.h[t + 1],
        )

    def _backward_step(self, k: int) -> BackwardStep:
        slope, flow = self.slopes[k], self.flows[k]
        d_z = flow[1:5].reshape(-1, self.batch)
        return BackwardStep(slope[:4], slope[4:], flow[:4], flow[4:], flow[5], d_z, flow[0])

    def _pack(self, matrix: Array) -> None:
        i_f, g, o = matrix[:2], matrix[2], matrix[3]
        np.multiply(i_f, 0.5, out=self.packed[I : F + 1])
        np.multiply(o, 0.5, out=self.packed[O])
        self.packed[G] = g
        self.backward_weights[0], self.backward_weights[1:3], self.backward_weights[3] = g, i_f, o

    def _unpack(self, d_weights: Array, gradient: Array) -> None:
        gradient[:2], gradient[2], gradient[3] = d_weights[1:3], d_weights[0], d_weights[3]

    def _begin(self, start: State) -> None:
        super()._begin(start)
        self.values[0, C] = start.cell_state

    def _forward(self) -> Pieces[None]:
        """The loop over time: one product, then eight calls on arrays that are contiguous in memory."""
        weights = self.packed.reshape(4 * self.cell.hidden, -1)
        terms, added, kept = self.terms, *self.terms
        dot, tanh, multiply, add = np.dot, np.tanh, np.multiply, np.add
        pause, last = self.pause, self.pause - 1
        for t, (stacked, gates, sigmoids, i_f, g_c, c, tanh_c, o, h) in enumerate(self.views):
            dot(weights, stacked, out=gates)
            tanh(gates, out=gates)
            multiply(sigmoids, 0.5, out=sigmoids)
            add(sigmoids, 0.5, out=sigmoids)
            multiply(i_f, g_c, out=terms)
            add(added, kept, out=c)
            tanh(c, out=tanh_c)
            multiply(o, tanh_c, out=h)
            if self.gone is not None:
                np.copyto(h, self.h[t], where=self.gone[t])
                np.copyto(c, g_c[1], where=self.gone[t])
            if t % pause == last:
                yield WORKING

    def _end(self, d_last: State) -> None:
        super()._end(d_last)
        self.d_c[-1] = d_last.cell_state

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        """The loop backward in time: the slopes of a block of steps, then the gradients step by step."""
        recurrent, d_c_carried = self._transposed(), self.d_c[-1]
        all_d_z = self.d_z.reshape(4, self.cell.hidden, self.steps, self.batch)
        dot, multiply, add = np.dot, np.multiply, np.add
        pause, last = self.pause, self.pause - 1
        for block in self._blocks():
            self._find_slopes(block)
            for k in reversed(range(len(block))):
                slopes_of_c, slopes_of_h, from_c, from_h, d_c_part, d_z, d_c_before = self.backward_views[k]
                t = block[k]
                d_h, d_c, d_h_before = self.d_h[t + 1], self.d_c[t + 1], self.d_h[t]
                add(d_h, d_hidden[t], out=d_h)
                multiply(d_h, slopes_of_h, out=from_h)
                add(d_c_carried, d_c_part, out=d_c)
                multiply(d_c, slopes_of_c, out=from_c)
                dot(recurrent, d_z, out=d_h_before)
                d_c_carried = d_c_before
                if self.gone is not None:
                    add(d_h_before, d_h, out=d_h_before, where=self.gone[t])
                if cut(t, truncate):
                    d_h_before[...] = d_c_carried[...] = 0.0
                if t % pause == last:
                    yield WORKING
            np.copyto(
                all_d_z[:, :, block[0] : block[-1] + 1], self.flows[: len(block), 1:5].transpose(1, 2, 0, 3)
            )
        self.d_c[0] = d_c_carried

    def _find_slopes(self, block: range) -> None:
        """f, p_g, p_i, p_f, p_o and q of the block's steps; 0 (f: 1) where an example is masked."""
        values = self.values[block[0] : block[-1] + 1]
        slopes, products = self.slopes[: len(block)], self.products[: len(block)]
        sigmoids, partners = values[:, :3], values[:, 3:]  # (i, f, o) and (g, c₋₁, tanh c)
        np.multiply(sigmoids, partners, out=products)
        p_ifo, p_gq = slopes[:, 2:5], slopes[:, 1::4]
        np.multiply(sigmoids, products, out=p_ifo)
        np.subtract(products, p_ifo, out=p_ifo)
        np.multiply(partners[:, ::2], products[:, ::2], out=p_gq)  # g∘m_i, tanh c∘m_o
        np.subtract(sigmoids[:, ::2], p_gq, out=p_gq)
        np.copyto(slopes[:, 0], values[:, F])
        if self.gone is not None:
            gone = self.gone[block[0] : block[-1] + 1, None, None, :]
            np.copyto(slopes[:, 1:], 0.0, where=gone)
            np.copyto(slopes[:, :1], 1.0, where=gone)

    def _gates(self) -> tuple[Array, ...]:
        now = self.values[:-1]
        return (
            now[:, I],
            now[:, F],
            now[:, G],
            now[:, O],
            self.values[1:, C],
            self.stack[1:, -self.cell.hidden :],
        )

    def start(self) -> LSTMState:
        """The first state of the last run, as views."""
        return LSTMState(self.h[0], self.values[0, C])

    def last(self) -> LSTMState:
        """The state after the last step: a copy."""
        return LSTMState(self.h[-1].copy(), self.values[-1, C].copy())

    def d_start(self) -> LSTMState:
        """∂L/∂(the first state), [hidden, batch] each, as views."""
        return LSTMState(self.d_h[0], self.d_c[0])

    def d_states(self) -> LSTMState:
        """∂L/∂h and ∂L/∂c after every step along all paths, [steps, batch, hidden] each, as views."""
        return LSTMState(self.d_h[1:].transpose(0, 2, 1), self.d_c[1:].transpose(0, 2, 1))
