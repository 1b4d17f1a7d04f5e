"""The GRU for speed: one product gives r, u, and both parts of the candidate, which meet only through r.

    forward    r, u = σ(z_r), σ(z_u)      a = W·x + b      q = U·h₋₁      n = tanh(a + r∘q)
               h = n + u∘(h₋₁ − n)        the same as u∘h₋₁ + (1 − u)∘n
    backward   dz_r, dz_u, da, dq = dh·p_r, dh·p_u, dh·p_a, dh·p_q                (dh is ∂L/∂h)
               p_a = (1 − u)(1 − n²)      p_q = p_a·r      p_r = p_q·q·(1 − r)      p_u = (h₋₁ − n)·u·(1 − u)

The slopes p do not depend on dh, so they are computed before the loop, many steps at once. Reference: as in
`engine.recurrent.cells`.
"""

from typing import Any

import numpy as np

from engine.activations import Array
from engine.pieces import WORKING, Pieces
from engine.recurrent.fast.workspace import Sequence, cut
from engine.recurrent.through_time import Cell

R, U, A, Q, N = range(5)  # rows of `values`


class GRUSequence(Sequence):
    """A GRU's workspace: rows r, u, a, q; a has no weights for h, and q none for x and 1."""

    rows = 4
    kept = 5

    def __init__(self, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> None:
        super().__init__(cell, steps, batch, dtype)
        hidden = cell.hidden
        self.values = self.zeros(steps, 5, hidden, batch)
        self.slopes = self.zeros(self.block, 5, hidden, batch)  # u, p_r, p_u, p_a, p_q
        self.flows = self.zeros(self.block, 5, hidden, batch)  # dh·u, dz_r, dz_u, da, dq
        self.spare = self.zeros(self.block, hidden, batch)

    def _pack(self, matrix: Array) -> None:
        split = self.cell.inputs + 1
        for weights in (self.packed, self.backward_weights):
            weights[:2] = matrix[:2]
            weights[A, :, :split] = matrix[2, :, :split]
            weights[Q, :, split:] = matrix[2, :, split:]
        self.packed[:2] *= 0.5

    def _unpack(self, d_weights: Array, gradient: Array) -> None:
        split = self.cell.inputs + 1
        gradient[:2] = d_weights[:2]
        gradient[2, :, :split] = d_weights[A, :, :split]
        gradient[2, :, split:] = d_weights[Q, :, split:]

    def _forward(self) -> Pieces[None]:
        weights, spare = self.packed.reshape(4 * self.cell.hidden, -1), self.spare[0]
        for t in range(self.steps):
            values, before, h = self.values[t], self.h[t], self.h[t + 1]
            np.dot(weights, self.stack[t], out=values[:N].reshape(-1, self.batch))
            sigmoids, n = values[: U + 1], values[N]
            np.tanh(sigmoids, out=sigmoids)
            np.multiply(sigmoids, 0.5, out=sigmoids)
            np.add(sigmoids, 0.5, out=sigmoids)
            np.multiply(values[R], values[Q], out=n)
            np.add(n, values[A], out=n)
            np.tanh(n, out=n)
            np.subtract(before, n, out=spare)
            np.multiply(spare, values[U], out=spare)
            np.add(n, spare, out=h)
            if self.gone is not None:
                np.copyto(h, before, where=self.gone[t])
            if self._pauses(t):
                yield WORKING

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        recurrent = self._transposed()
        d_z = self.d_z.reshape(4, self.cell.hidden, self.steps, self.batch)
        for block in self._blocks():
            self._find_slopes(block)
            for k in reversed(range(len(block))):
                t, flow = block[k], self.flows[k]
                d_h, d_h_before = self.d_h[t + 1], self.d_h[t]
                np.add(d_h, d_hidden[t], out=d_h)
                np.multiply(d_h, self.slopes[k], out=flow)
                np.dot(recurrent, flow[1:].reshape(-1, self.batch), out=d_h_before)
                np.add(d_h_before, flow[0], out=d_h_before)
                if cut(t, truncate):
                    d_h_before[...] = 0.0
                if self._pauses(t):
                    yield WORKING
            d_z[:, :, block[0] : block[-1] + 1] = self.flows[: len(block), 1:].transpose(1, 2, 0, 3)

    def _find_slopes(self, block: range) -> None:
        """u, p_r, p_u, p_a and p_q of the block's steps; 0 (u: 1) where an example is masked."""
        steps = slice(block[0], block[-1] + 1)
        r, u, _, q, n = self.values[steps].swapaxes(0, 1)
        keep, p_r, p_u, p_a, p_q = self.slopes[: len(block)].swapaxes(0, 1)
        spare, before = self.spare[: len(block)], self.stack[steps, self.cell.inputs + 1 :]
        np.copyto(keep, u)
        np.subtract(1.0, u, out=spare)
        np.subtract(before, n, out=p_u)
        p_u *= u
        p_u *= spare
        np.multiply(n, n, out=p_a)
        np.subtract(1.0, p_a, out=p_a)
        p_a *= spare
        np.multiply(p_a, r, out=p_q)
        np.subtract(1.0, r, out=p_r)
        p_r *= q
        p_r *= p_q
        if self.gone is not None:
            gone = self.gone[steps, None, :]
            for slope, value in ((keep, 1.0), (p_r, 0.0), (p_u, 0.0), (p_a, 0.0), (p_q, 0.0)):
                np.copyto(slope, value, where=gone)

    def _gates(self) -> tuple[Array, ...]:
        values = self.values
        return values[:, R], values[:, U], values[:, N], self.stack[1:, -self.cell.hidden :]
