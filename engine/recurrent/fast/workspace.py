"""A whole sequence as fast as NumPy can: the numbers of the readable cells, in a faster layout.

    z = [x, 1, h₋₁]·[W; b; U]        one product per step and gate, with input, bias and recurrence
    ∂L/∂[W; b; U] = Σₜ [xₜ, 1, hₜ₋₁]ᵀ·∂L/∂zₜ        one product for all steps

Forward, each gate of the whole batch is contiguous in memory, so that one call of NumPy computes several of
them, and h is written directly into the input of the next product. Backward, the gates of one example are
beside each other, so that one product adds what flows back through all of them. All arrays are made once, for
one shape, and every run overwrites the results of the last one.

    sequence = sequence_of(cell, steps, batch)            # in engine.recurrent.fast; float32 unless said
    outputs = sequence.forward(theta, x)                  # x[steps, batch, in] → h[steps, batch, hidden]
    gradient = sequence.backward(d_hidden)                # ∂L/∂θ; then d_inputs(), d_start(), d_states()

`run()` returns everything in the form of `engine.recurrent.through_time`, as views; a test compares both
forms.

Reference: Appleyard, Kociský & Blunsom, "Optimizing performance of recurrent neural networks on GPUs" (2016).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.optimizers.trainer import keep_freed_memory
from engine.pieces import WORKING, Pieces, result_of
from engine.recurrent.cells import State
from engine.recurrent.through_time import Cell, Run

PIECE = 1.5e8  # multiplications in float32 between two pauses: some milliseconds
UNITS = 120  # the nonlinearities of one unit take as long as this many multiplications
CALLS = 1e6  # … and the NumPy calls of one step as long as this many
CACHED = 60_000  # entries of an array of slopes that fit in the processor's cache together with its sources


class Sequence:
    """Base of the fast cells: the stack of [x, 1, h], the packed weights, and the products over all steps.

    A cell adds `_pack` (θ → weights in the order of its products), `_unpack` (the gradient back into the
    order of θ), and the loops over time, `_forward` and `_backward`. `rows` is the number of gates and
    candidates in the order of d_z, `kept` how many more numbers it stores for every unit at every step.
    """

    rows: int
    kept: int

    def __init__(self, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> None:
        self.cell, self.steps, self.batch, self.dtype = cell, steps, batch, np.dtype(dtype)
        self.gone: NDArray[np.bool_] | None = None  # [steps, batch, 1]: True where a mask leaves a step out
        inputs, hidden, rows = cell.inputs, cell.hidden, self.rows
        width = inputs + 1 + hidden
        self.stack = self.zeros(steps + 1, batch, width)  # x, 1 and h₋₁ of every step
        self.stack[:, :, inputs] = 1.0
        gates = len(cell.gate_names)
        self.packed = self.zeros(gates, width, hidden)  # [W; b; U] of each gate, for the forward pass
        self.of_input = self.zeros(gates * hidden, inputs)  # Wᵀ for the backward pass: from d_z to d_x
        self.of_state = self.zeros(gates * hidden, hidden)  # Uᵀ: from d_z to d_h₋₁
        self.d_z = self.zeros(steps, batch, rows, hidden)
        self.d_h = self.zeros(steps + 1, batch, hidden)  # ∂L/∂h before every step, and after the last
        self.block = min(steps, max(1, CACHED // (rows * hidden * batch)))  # steps whose slopes come together
        slower = (self.dtype.itemsize // 4) ** 2  # in float64 the nonlinearities take several times as long
        work = CALLS + rows * hidden * batch * (width + UNITS) * slower
        self.pause = max(1, int(PIECE // work))  # steps between two pauses
        self.large = self.pause < steps
        keep_freed_memory()
        self.h = [self.stack[t, :, inputs + 1 :] for t in range(steps + 1)]  # before step t

    @classmethod
    def memory(cls, cell: Cell, steps: int, batch: int, dtype: Any = np.float32) -> int:
        """About how many bytes the arrays of this shape take, without making them."""
        width = cell.inputs + 1 + cell.hidden
        at_a_step = width + (cls.rows + 1 + cls.kept) * cell.hidden  # stack; d_z, d_h, the rest
        weights = 2 * cell.count
        return int(np.dtype(dtype).itemsize * (batch * (steps + 1) * at_a_step + weights))

    def zeros(self, *shape: int) -> Array:
        """An array of this sequence's precision."""
        return np.zeros(shape, self.dtype)

    # --- forward ---

    def forward(self, theta: Array, x: Array, start: State | None = None, mask: Array | None = None) -> Array:
        """h[steps, batch, hidden] of x[steps, batch, in], from `start` ([batch, hidden] each; None is zeros).

        Where `mask`[steps, batch] is False, the sequence of an example has no such step, and its state stays.
        The result is overwritten by the next call.
        """
        return result_of(self.forward_pieces(theta, x, start, mask))

    def forward_pieces(
        self, theta: Array, x: Array, start: State | None = None, mask: Array | None = None
    ) -> Pieces[Array]:
        """`forward`, with pauses between the steps of a large one."""
        self._pack(self.cell.matrix(theta))
        self.gone = None if mask is None else np.asarray(mask)[:, :, None] == 0
        self.stack[:-1, :, : self.cell.inputs] = x
        self._begin(self.zero_start() if start is None else start)
        yield from self._forward()
        return self.outputs

    @property
    def outputs(self) -> Array:
        """h[steps, batch, hidden] of the last run."""
        return self.stack[1:, :, self.cell.inputs + 1 :]

    @property
    def output_rows(self) -> Array:
        """The same as [steps·batch, hidden], for one product with the readout's weights."""
        return self.stack[1:].reshape(self.steps * self.batch, -1)[:, self.cell.inputs + 1 :]

    def zero_start(self) -> State:
        """The state before the first step, all 0, [batch, hidden] each."""
        return self.cell.zero_state(self.batch, self.dtype)

    def last(self) -> State:
        """The state after the last step, [batch, hidden] each: a copy; the next piece can begin with it."""
        return self.cell.state_type(self.h[-1].copy())

    def start(self) -> State:
        """The first state of the last run, as views."""
        return self.cell.state_type(self.h[0])

    # --- backward ---

    def backward(self, d_hidden: Array, d_last: State | None = None, truncate: int = 0) -> Array:
        """∂L/∂θ from d_hidden[steps, batch, hidden], after `forward`.

        `d_last` ([batch, hidden] each) and `truncate` are as in `engine.recurrent.through_time`.
        """
        return result_of(self.backward_pieces(d_hidden, d_last, truncate))

    def backward_pieces(
        self, d_hidden: Array, d_last: State | None = None, truncate: int = 0
    ) -> Pieces[Array]:
        """`backward`, with pauses between the steps of a large one."""
        self._end(self.zero_start() if d_last is None else d_last)
        yield from self._backward(d_hidden, truncate)
        if self.large:
            yield WORKING
        gradient = np.empty(self.cell.count, self.dtype)
        self._unpack(self.cell.matrix(gradient))
        return gradient

    def d_inputs(self) -> Array:
        """∂L/∂x[steps, batch, in], after `backward`."""
        d_x: Array = np.matmul(self._d_z()[:, : len(self.of_input)], self.of_input)
        return d_x.reshape(self.steps, self.batch, -1)

    def d_start(self) -> State:
        """∂L/∂(the first state), [batch, hidden] each, as views."""
        return self.cell.state_type(self.d_h[0])

    def d_states(self) -> State:
        """∂L/∂(the state after every step) along all paths, [steps, batch, hidden] each, as views."""
        return self.cell.state_type(self.d_h[1:])

    def run(self) -> Run:
        """The last run in the form of `engine.recurrent.through_time` ([steps, batch, …]), as views."""
        mask = None if self.gone is None else ~self.gone[:, :, 0]
        gates = self.cell.gates_type(*self._gates())
        return Run(self.stack[:-1, :, : self.cell.inputs], self.start(), gates, mask)

    # --- what each cell defines, and what all use ---

    def _pack(self, matrix: Array) -> None:
        """Copy θ's matrix[gates, hidden, in + 1 + hidden] into the weights of forward and backward pass."""
        raise NotImplementedError

    def _unpack(self, gradient: Array) -> None:
        """Compute the gradient [gates, hidden, in + 1 + hidden] in the order of θ's matrix."""
        raise NotImplementedError

    def _forward(self) -> Pieces[None]:
        """Compute all steps, from the first to the last, with pauses if the arrays are large."""
        raise NotImplementedError

    def _backward(self, d_hidden: Array, truncate: int) -> Pieces[None]:
        """Compute the gradients of all steps, the last first, from d_hidden[steps, batch, hidden]."""
        raise NotImplementedError

    def _gates(self) -> tuple[Array, ...]:
        """Every gate and state, [steps, batch, hidden], in the order of the cell's names."""
        raise NotImplementedError

    def _begin(self, start: State) -> None:
        """Set the state before the first step."""
        self.h[0][...] = start.hidden_state

    def _end(self, d_last: State) -> None:
        """Set the gradient with respect to the state after the last step."""
        self.d_h[-1] = d_last.hidden_state

    def _pauses(self, t: int) -> bool:
        """Whether there is a pause after step t."""
        return t % self.pause == self.pause - 1

    def _parts(self) -> Iterator[range]:
        """The steps between two pauses, first ones first."""
        return (range(t, min(t + self.pause, self.steps)) for t in range(0, self.steps, self.pause))

    def _blocks(self) -> list[range]:
        """The steps in blocks, last first: a block's slopes are still in the cache when they are used."""
        return [range(t, min(t + self.block, self.steps)) for t in range(0, self.steps, self.block)][::-1]

    def _d_z(self) -> Array:
        """∂L/∂z of all steps, [steps·batch, rows·hidden]."""
        return self.d_z.reshape(self.steps * self.batch, -1)

    def _stacked(self) -> Array:
        """[x, 1, h₋₁] of all steps, [steps·batch, in + 1 + hidden]."""
        return self.stack[:-1].reshape(self.steps * self.batch, -1)


def cut(t: int, truncate: int) -> bool:
    """Whether the gradient is cut off before step t."""
    return bool(truncate) and t > 0 and t % truncate == 0
