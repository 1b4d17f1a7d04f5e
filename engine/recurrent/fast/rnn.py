"""The plain cell for speed: h = φ([x, 1, h₋₁]·[W; b; U]) is written directly into the input of the next step.

    backward    dz = dh·φ′        φ′ = 1 − h² for tanh, 1 where h > 0 for ReLU        (dh is ∂L/∂h)

Reference: as in `engine.recurrent.cells`.
"""

import numpy as np

from engine.activations import Array
from engine.pieces import WORKING, Pieces
from engine.recurrent.fast.workspace import Sequence, cut
from engine.recurrent.through_time import RNN


class RNNSequence(Sequence):
    """An RNN's workspace."""

    rows = 1
    kept = 0
    cell: RNN

    def _pack(self, matrix: Array) -> None:
        self.packed[0] = matrix[0].T
        self.of_input[...] = matrix[0, :, : self.cell.inputs]
        self.of_state[...] = matrix[0, :, self.cell.inputs + 1 :]

    def _unpack(self, gradient: Array) -> None:
        np.dot(self._d_z().T, self._stacked(), out=gradient[0])

    def _forward(self) -> Pieces[None]:
        weights, z, relu = self.packed[0], self.zeros(self.batch, self.cell.hidden), self._is_relu()
        nothing = np.zeros_like(z)
        for t in range(self.steps):
            np.dot(self.stack[t], weights, out=z)
            if relu:
                np.maximum(z, nothing, out=self.h[t + 1])
            else:
                np.tanh(z, out=self.h[t + 1])
            if self.gone is not None:
                np.copyto(self.h[t + 1], self.h[t], where=self.gone[t])
            if self._pauses(t):
                yield WORKING

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        self._find_slopes()
        recurrent, all_d_z = self.of_state, self.d_z[:, :, 0]
        for t in reversed(range(self.steps)):
            d_h, d_h_before, d_z = self.d_h[t + 1], self.d_h[t], all_d_z[t]
            np.add(d_h, d_hidden[t], out=d_h)
            np.multiply(d_h, d_z, out=d_z)
            np.dot(d_z, recurrent, out=d_h_before)
            if self.gone is not None:
                np.add(d_h_before, d_h, out=d_h_before, where=self.gone[t])
            if truncate and cut(t, truncate):
                d_h_before[...] = 0.0
            if self._pauses(t):
                yield WORKING

    def _find_slopes(self) -> None:
        """φ′ of all steps, written where dz will be; 0 where an example is masked."""
        slopes, h = self.d_z[:, :, 0], self.outputs
        if self._is_relu():
            np.greater(h, 0, out=slopes)
        else:
            np.multiply(h, h, out=slopes)
            np.subtract(1.0, slopes, out=slopes)
        if self.gone is not None:
            np.copyto(slopes, 0.0, where=self.gone)

    def _is_relu(self) -> bool:
        return self.cell.activation == "relu"

    def _gates(self) -> tuple[Array, ...]:
        return (self.outputs,)
