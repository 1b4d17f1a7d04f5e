"""The GRU for speed: the candidate's part of x is computed for all steps at once, its part of h at each step.

    forward    r, u = σ(z_r), σ(z_u)      a = W·x + b      q = U·h₋₁      n = tanh(a + r∘q)
               h = n + u∘(h₋₁ − n)        the same as u∘h₋₁ + (1 − u)∘n
    backward   da = dh∘p_a          p_a = (1 − u)∘(1 − n²)
               dq = dh∘p_q          p_q = p_a∘r
               dz_r = dh∘p_r        p_r = p_q∘q∘(1 − r)
               dz_u = dh∘p_u        p_u = (h₋₁ − n)∘u∘(1 − u)

The letters are those of `engine.recurrent.cells`; dh is ∂L/∂h, and so on.

x and 1 have weights in a, z_r and z_u, and h₋₁ has weights in z_r, z_u and q: so each product uses three
neighbours of the four. σ is computed as in `lstm`. The slopes p do not depend on dh, so they are computed
before the loop, many steps at once.

Reference: as in `engine.recurrent.cells`.
"""

from typing import Any, NamedTuple

import numpy as np

from engine.activations import Array
from engine.pieces import WORKING, Pieces
from engine.recurrent.fast.workspace import Sequence, cut
from engine.recurrent.through_time import Cell


class GRUForwardStep(NamedTuple):
    """The arrays of one step forward, as views that are made only once."""

    stacked: Array  # [x, 1, h₋₁]
    before: Array  # h₋₁
    sigmoids: Array  # r, u
    r: Array
    u: Array
    q: Array
    n: Array
    a: Array
    h: Array


class GRUBackwardStep(NamedTuple):
    """The arrays of one step backward, as views that are made only once."""

    d_h: Array
    slopes: Array  # p_a, p_r, p_u, p_q
    flows: Array  # da, dz_r, dz_u, dq, gate by gate
    of_h: Array  # dz_r, dz_u, dq, example by example
    keep: Array  # u
    d_h_before: Array


class GRUSequence(Sequence):
    """A GRU's workspace: rows a, r, u, q backward."""

    rows = 4
    kept = 5  # r, u, q, n and a

    def __init__(self, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> None:
        super().__init__(cell, steps, batch, dtype)
        hidden = cell.hidden
        self.values = self.zeros(steps, 4, batch, hidden)  # r, u, q, n
        self.of_x = self.zeros(steps, batch, hidden)  # a
        self.slopes = self.zeros(self.block, 5, batch, hidden)  # u, p_a, p_r, p_u, p_q
        self.spare = self.zeros(self.block, batch, hidden)
        self.kept_part = self.zeros(batch, hidden)  # dh·u
        self.views = [self._step(t) for t in range(steps)]
        self.backward_views = [self._backward_step(t) for t in range(steps)]

    def _step(self, t: int) -> GRUForwardStep:
        """The arrays of step t in the forward pass, as views."""
        sigmoids, (r, u, q, n) = self.values[t, :2], self.values[t]
        return GRUForwardStep(self.stack[t], self.h[t], sigmoids, r, u, q, n, self.of_x[t], self.h[t + 1])

    def _backward_step(self, t: int) -> GRUBackwardStep:
        """The arrays of step t in the backward pass, as views."""
        slopes, d_z = self.slopes[t % self.block], self.d_z[t]
        of_h = d_z.reshape(self.batch, -1)[:, self.cell.hidden :]
        return GRUBackwardStep(self.d_h[t + 1], slopes[1:], d_z.swapaxes(0, 1), of_h, slopes[0], self.d_h[t])

    def _pack(self, matrix: Array) -> None:
        gates, candidate = matrix[:2], matrix[2]
        np.negative(gates.swapaxes(1, 2), out=self.packed[:2])
        self.packed[2] = candidate.T
        self.of_input[...] = np.concatenate((candidate, *gates))[:, : self.cell.inputs]
        self.of_state[...] = np.concatenate((*gates, candidate))[:, self.cell.inputs + 1 :]

    def _unpack(self, gradient: Array) -> None:
        split, three = self.cell.inputs + 1, 3 * self.cell.hidden
        d_z, stacked = self._d_z(), self._stacked()
        of_x = np.matmul(d_z[:, :three].T, stacked[:, :split]).reshape(3, self.cell.hidden, split)
        gradient[:2, :, :split], gradient[2, :, :split] = of_x[1:], of_x[0]
        of_h = gradient.reshape(three, -1)[:, split:]
        np.matmul(d_z[:, -three:].T, stacked[:, split:], out=of_h)

    def _forward(self) -> Pieces[None]:
        split = self.cell.inputs + 1
        of_x = self.of_x.reshape(-1, self.cell.hidden)
        np.matmul(self._stacked()[:, :split], self.packed[2, :split], out=of_x)
        for part in self._parts():
            with np.errstate(over="ignore"):  # e⁻ᶻ = ∞: then σ(z) is 0
                self._forward_part(part)
            if self.large:
                yield WORKING

    def _forward_part(self, part: range) -> None:
        """The loop over some steps of time."""
        gates, recurrent = self.packed[:2], self.packed[2, self.cell.inputs + 1 :]
        spare, one = self.spare[0], np.ones((), self.dtype)
        for t in part:
            stacked, before, sigmoids, r, u, q, n, a, h = self.views[t]
            np.matmul(stacked, gates, out=sigmoids)
            np.matmul(before, recurrent, out=q)
            np.exp(sigmoids, out=sigmoids)
            np.add(sigmoids, one, out=sigmoids)
            np.reciprocal(sigmoids, out=sigmoids)
            np.multiply(r, q, out=n)
            np.add(n, a, out=n)
            np.tanh(n, out=n)
            np.subtract(before, n, out=spare)
            np.multiply(spare, u, out=spare)
            np.add(n, spare, out=h)
            if self.gone is not None:
                np.copyto(h, before, where=self.gone[t])

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        recurrent, kept = self.of_state, self.kept_part
        for block in self._blocks():
            self._find_slopes(block)
            for t in reversed(block):
                d_h, slopes, flows, of_h, keep, d_h_before = self.backward_views[t]
                np.add(d_h, d_hidden[t], out=d_h)
                np.multiply(d_h, slopes, out=flows)
                np.multiply(d_h, keep, out=kept)
                np.matmul(of_h, recurrent, out=d_h_before)
                np.add(d_h_before, kept, out=d_h_before)
                if truncate and cut(t, truncate):
                    d_h_before[...] = 0.0
                if self._pauses(t):
                    yield WORKING

    def _find_slopes(self, block: range) -> None:
        """u, p_a, p_r, p_u and p_q of the block's steps; 0 (u: 1) where an example is masked."""
        steps = slice(block[0], block[-1] + 1)
        r, u, q, n = self.values[steps].swapaxes(0, 1)
        keep, p_a, p_r, p_u, p_q = self.slopes[: len(block)].swapaxes(0, 1)
        spare, before = self.spare[: len(block)], self.stack[steps, :, self.cell.inputs + 1 :]
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
            gone = self.gone[steps]
            for slope, value in ((keep, 1.0), (p_a, 0.0), (p_r, 0.0), (p_u, 0.0), (p_q, 0.0)):
                np.copyto(slope, value, where=gone)

    def _gates(self) -> tuple[Array, ...]:
        r, u, _, n = self.values.swapaxes(0, 1)
        return r, u, n, self.outputs
