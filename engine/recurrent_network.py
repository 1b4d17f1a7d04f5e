"""Recurrent layers, one reading what the one below shows, and a linear readout of the topmost at every step.

    h¹ = cell(x)    h² = cell(h¹)    z = W·h + b          logits of the next symbol, or a predicted number

    symbols    L = mean over what counts of −ln softmax(z)[target]      ∂L/∂z = (p − y)/count
    numbers    L = mean over what counts of (z − target)²               ∂L/∂z = 2·(z − target)/count

All parameters live in one flat vector θ: those of each cell as `engine.recurrent` lays them out, then the
readout as a matrix [out, hidden + 1] whose last column is b. A `Workspace` goes through a batch for training
and back; `read` goes through with the cells that are written to be read, and keeps every gate.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 10.2; Pascanu, Mikolov & Bengio, "On the
difficulty of training recurrent neural networks" (2013), for clipping.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.recurrent import CELLS, Cell, Run
from engine.recurrent_cells import State
from engine.recurrent_fast import sequence_of


class Batch(NamedTuple):
    """Sequences to learn from: symbols as whole numbers, numbers as they are."""

    x: NDArray[Any]  # symbols [steps, batch], or numbers [steps, batch, in]
    target: NDArray[Any]  # symbols [steps, batch], or numbers [steps, batch, out]
    counts: NDArray[np.bool_]  # [steps], at which steps the prediction is judged


class Measured(NamedTuple):
    """What a batch says of the parameters."""

    loss: float
    gradient: Array  # ∂L/∂θ, flat; empty if it was not asked for
    right: float  # the share of symbols that were guessed right; NaN for numbers


class Reading(NamedTuple):
    """A batch gone through with every gate kept."""

    runs: tuple[Run, ...]  # one a layer, the lowest first
    outputs: Array  # z[steps, batch, out]


@dataclass(frozen=True)
class RecurrentNetwork:
    """The shape of a network: `kind` "rnn", "gru" or "lstm". With `symbols`, x and targets are symbols."""

    kind: str
    inputs: int
    hidden: int
    outputs: int
    layers: int = 1
    symbols: bool = True

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cell of each layer, the lowest first."""
        sizes = (self.inputs, *[self.hidden] * (self.layers - 1))
        return tuple(CELLS[self.kind](size, self.hidden) for size in sizes)

    @property
    def count(self) -> int:
        """How many parameters."""
        return sum(cell.count for cell in self.cells) + self.outputs * (self.hidden + 1)

    def parts(self, theta: Array) -> tuple[list[Array], Array]:
        """θ of each cell, and the readout [out, hidden + 1]: views (nothing is copied)."""
        ends = np.cumsum([cell.count for cell in self.cells]).tolist()
        cells = [theta[end - cell.count : end] for cell, end in zip(self.cells, ends, strict=True)]
        return cells, theta[ends[-1] :].reshape(self.outputs, self.hidden + 1)

    def draw(self, rng: np.random.Generator, forget_bias: float = 1.0) -> Array:
        """A first θ, float32; the readout is small, so that training begins with an even guess."""
        cells = [cell.draw(rng, forget_bias=forget_bias) for cell in self.cells]
        readout = np.zeros((self.outputs, self.hidden + 1), np.float32)
        readout[:, :-1] = 0.1 * rng.standard_normal((self.outputs, self.hidden)) / self.hidden**0.5
        return np.concatenate([*cells, readout.ravel()])

    def features(self, x: NDArray[Any], dtype: Any = np.float32) -> Array:
        """What the lowest cell is given, [steps, in, batch]: a 1 for each symbol, or the numbers."""
        if not self.symbols:
            return np.ascontiguousarray(x.swapaxes(1, 2), dtype)
        steps, batch = x.shape
        ones = np.zeros((steps, self.inputs, batch), dtype)
        ones[np.arange(steps)[:, None], x, np.arange(batch)] = 1.0
        return ones

    def read(self, theta: Array, x: NDArray[Any]) -> Reading:
        """Go through a batch from an empty state, with the cells that are written to be read."""
        cells, readout = self.parts(theta)
        shown, runs = self.features(x, theta.dtype).swapaxes(1, 2), []
        for cell, own in zip(self.cells, cells, strict=True):
            runs.append(cell.forward(own, shown))
            shown = runs[-1].outputs
        return Reading(tuple(runs), shown @ readout[:, :-1].T + readout[:, -1])

    def start(self, theta: Array) -> tuple[State, ...]:
        """The state of each layer before it has read anything, for one sequence."""
        return tuple(cell.zero_state(1, theta.dtype) for cell in self.cells)

    def step(self, theta: Array, x: Array, before: tuple[State, ...]) -> tuple[Array, tuple[State, ...]]:
        """One step of one sequence: x[in] → z[out] and the states after it."""
        cells, readout = self.parts(theta)
        shown, after = x[None], []
        for cell, own, state in zip(self.cells, cells, before, strict=True):
            gates = cell.step(shown, state, cell.parameters(own))
            after.append(gates.state)
            shown = gates.hidden_state
        return readout[:, :-1] @ shown[0] + readout[:, -1], tuple(after)


class Workspace:
    """Goes through batches of one shape, fast, and back; every array is written over by the next batch."""

    def __init__(self, network: RecurrentNetwork, steps: int, batch: int, dtype: Any = np.float32) -> None:
        self.network, self.steps, self.batch = network, steps, batch
        self.sequences = [sequence_of(cell, steps, batch, dtype) for cell in network.cells]
        self.shown = np.ones((network.hidden + 1, steps, batch), dtype)  # h of the top, and 1

    def measure(self, theta: Array, batch: Batch, gradient: bool = True) -> Measured:
        """The loss of a batch, and unless told otherwise its gradient.

        Raises nothing where θ is too large: the loss is then ∞ or not a number.
        """
        cells, readout = self.network.parts(theta)
        flow = self.network.features(batch.x, theta.dtype)
        for sequence, own in zip(self.sequences, cells, strict=True):
            flow = sequence.forward(own, flow)
        self.shown[:-1] = flow.transpose(1, 0, 2)
        first = 0 if batch.counts.all() else int(np.argmax(batch.counts))  # nothing is judged before it
        shown = self.shown[:, first:].reshape(len(self.shown), -1)
        judge = cross_entropy if self.network.symbols else squared_error
        weights = np.repeat(batch.counts[first:], self.batch)
        loss, d_z, right = judge(readout @ shown, batch.target[first:], weights)
        if not gradient:
            return Measured(loss, np.empty(0, theta.dtype), right)
        return Measured(loss, self._back(readout, d_z, shown, first), right)

    def _back(self, readout: Array, d_z: Array, shown: Array, first: int) -> Array:
        """From ∂L/∂z[out, …] back through the readout and every layer."""
        d_h = np.zeros((self.steps, self.network.hidden, self.batch), d_z.dtype)
        d_shown = (readout[:, :-1].T @ d_z).reshape(-1, self.steps - first, self.batch)
        d_h[first:] = d_shown.transpose(1, 0, 2)
        parts = [(d_z @ shown.T).ravel()]
        for k in reversed(range(len(self.sequences))):
            parts.append(self.sequences[k].backward(d_h))
            if k:
                d_h = self.sequences[k].d_inputs()
        return np.concatenate(parts[::-1])


def cross_entropy(z: Array, target: NDArray[Any], weights: NDArray[Any]) -> tuple[float, Array, float]:
    """Mean −ln softmax(z)[target] where weights[n] is 1, ∂it/∂z, the share right; z[classes, n]."""
    codes, places = target.ravel(), np.arange(z.shape[1])
    count = int(np.count_nonzero(weights))
    right = np.count_nonzero((z.argmax(axis=0) == codes) & weights) / count
    z = z - z.max(axis=0)
    p = np.exp(z)
    total = p.sum(axis=0)
    loss = float(((np.log(total) - z[codes, places]) * weights).sum() / count)
    p *= weights / (total * np.asarray(count, z.dtype))
    p[codes, places] -= weights / np.asarray(count, z.dtype)
    return loss, p, right


def squared_error(z: Array, target: NDArray[Any], weights: NDArray[Any]) -> tuple[float, Array, float]:
    """Mean (z − target)² where weights[n] is 1, ∂it/∂z, NaN; z[out, n], target[…, out]."""
    wrong = (z - target.reshape(-1, len(z)).T.astype(z.dtype)) * weights.astype(z.dtype)
    count = int(np.count_nonzero(weights)) * len(z)
    with np.errstate(over="ignore"):
        return float((wrong * wrong).sum() / count), 2.0 * wrong / float(count), float("nan")


def clipped(gradient: Array, norm: float, most: float) -> Array:
    """The gradient shortened to the length `most` where it is longer; 0 means never."""
    return gradient * (most / norm) if 0 < most < norm else gradient
