"""A network that reads sequences: symbols or numbers in, one or more recurrent layers, a linear readout.

    xₜ = E[symbol t]  →  h¹ₜ = cell(xₜ, h¹ₜ₋₁)  →  h²ₜ = cell(h¹ₜ, h²ₜ₋₁) …  →  yₜ = hₜ·V + b  →  loss

h¹ and h² are the states of layer 1 and layer 2 (not powers), E is the embedding, with a row for each symbol,
and V and b are the readout. The loss is softmax cross-entropy if the targets are classes, and squared error
if they are numbers; it is the mean over the steps that count. The backward pass goes from the last layer to
the first, through time in each. All parameters are one flat vector θ = (E, cell 1, cell 2, …, V, b), as in
`network`.

References: Elman, "Finding structure in time" (1990); Graves, "Generating sequences with recurrent neural
networks" (2013).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.data.sequences import SequenceBatch
from engine.networks.initializers import INITIALIZERS
from engine.networks.layers import Parameters
from engine.networks.layout import ParameterLayout
from engine.optimizers.matrices import Matrices, places_of
from engine.pieces import WORKING, Pieces, Working, result_of
from engine.recurrent.cells import State, Weights
from engine.recurrent.fast.table import memory_of, sequence_of
from engine.recurrent.fast.workspace import Sequence
from engine.recurrent.sequence_loss import loss_of
from engine.recurrent.through_time import CELLS, RNN, Cell, Run

LETTERS = {"rnn": "h", "gru": "rzn", "lstm": "ifgo"}  # of the gates and candidates, in their order in θ
States = tuple[State, ...]  # one a layer, [batch, hidden] each


class NetworkParameters(NamedTuple):
    """The parameters of a network, as views into θ; or the gradient with respect to them."""

    embedding: Array | None  # E[symbols, embedding]
    cells: tuple[Weights, ...]  # one a layer, gate by gate
    readout: Parameters  # V[hidden, out], b[out]


class SequenceLoss(NamedTuple):
    """Loss, gradient and outputs of one batch."""

    loss: float
    gradient: Array  # [parameters]
    outputs: Array  # y[steps, batch, out]: logits, or the predicted numbers
    last: States  # the states with which the next piece of a long text begins


@dataclass
class Workspace:
    """The arrays of one shape (steps × batch), one `Sequence` per layer; every run overwrites the last."""

    layers: list[Sequence]

    def pause(self) -> Iterable[Working]:
        """A pause, if the shape is large."""
        return (WORKING,) if self.layers[-1].large else ()

    def runs(self) -> list[Run]:
        """The last run, layer by layer: gates and states by name, [steps, batch, hidden] each, as views."""
        return [layer.run() for layer in self.layers]

    def d_states(self) -> list[State]:
        """∂L/∂(the state after every step), layer by layer, [steps, batch, hidden] each, as views."""
        return [layer.d_states() for layer in self.layers]


@dataclass(frozen=True)
class RecurrentNetwork:
    """The shape of a network.

    `inputs` is the number of inputs per step, or the number of different symbols. Symbols are looked up in an
    embedding of the given size; if it is 0, they become one-hot vectors.
    """

    kind: str  # "rnn", "gru" or "lstm"
    inputs: int
    hidden: int
    outputs: int
    layers: int = 1
    embedding: int = 0
    activation: str = "tanh"  # of the plain RNN: or "relu"

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, from the first layer to the last."""
        sizes = [self.embedding or self.inputs] + [self.hidden] * (self.layers - 1)
        if self.kind == "rnn":
            return tuple(RNN(size, self.hidden, self.activation) for size in sizes)
        return tuple(CELLS[self.kind](size, self.hidden) for size in sizes)

    @cached_property
    def _layout(self) -> ParameterLayout:
        """E, each cell's own θ, V and b."""
        cells = {f"cell.{k}": (cell.count,) for k, cell in enumerate(self.cells)}
        readout = {"weights": (self.hidden, self.outputs), "bias": (self.outputs,)}
        return ParameterLayout({"embedding": (self.inputs, self.embedding), **cells, **readout})

    @property
    def count(self) -> int:
        """How many parameters."""
        return self._layout.count

    def parameters(self, theta: Array) -> NetworkParameters:
        """Everything by name, as views into θ (nothing is copied)."""
        embedding, *cells, weights, bias = self._layout.views(theta)
        return NetworkParameters(
            embedding if self.embedding else None,
            tuple(cell.parameters(part) for cell, part in zip(self.cells, cells, strict=True)),
            Parameters(weights, bias),
        )

    @cached_property
    def matrices(self) -> Matrices:
        """Where the weights of each gate and of the readout are in θ, as matrices [in, out]; without E."""
        _, cells, readout = self.parameters(np.arange(float(self.count)))
        found = {}
        for k, weights in enumerate(cells, start=1):
            layer = f"{k}," if len(cells) > 1 else ""
            for letter, gate in zip(LETTERS[self.kind], weights, strict=True):
                found[f"W_{{{layer}{letter}}}"] = gate.of_input
                found[f"U_{{{layer}{letter}}}"] = gate.of_state
        return places_of({**found, "V": readout.weights})

    def start(
        self,
        rng: np.random.Generator,
        of_input: str = "xavier_uniform",
        of_state: str = "orthogonal",
        forget_bias: float = 1.0,
        dtype: type[np.floating[Any]] = np.float32,
    ) -> Array:
        """Return a first θ: cells as `Cell.draw` draws them, E normal with variance 1/embedding, V Xavier."""
        theta = np.zeros(self.count, dtype)
        embedding, _, (weights, _) = self.parameters(theta)
        if embedding is not None:
            embedding[...] = rng.normal(0.0, self.embedding**-0.5, embedding.shape)
        for cell, part in zip(self.cells, self._layout.views(theta)[1:-2], strict=True):
            part[...] = cell.draw(rng, of_input, of_state, forget_bias, dtype)
        weights[...] = INITIALIZERS["xavier_uniform"].draw(rng, *weights.shape)
        return theta

    def workspace(self, steps: int, batch: int, dtype: Any = np.float32) -> Workspace:
        """Make the arrays for batches of this shape, to be used again and again."""
        return Workspace([sequence_of(cell, steps, batch, dtype) for cell in self.cells])

    def memory(self, steps: int, batch: int, dtype: Any = np.float32) -> int:
        """About how many bytes one step of training takes with batches of this shape.

        Besides the workspaces these are the batch, y and its two derivatives, ∂L/∂(the outputs of each
        layer), and θ with its gradient and the optimizer's state.
        """
        examples = steps * batch * np.dtype(dtype).itemsize
        layers = sum(memory_of(cell, steps, batch, dtype) for cell in self.cells)
        flows = examples * (2 * self.cells[0].inputs + 3 * self.outputs + 2 * self.hidden)
        return int(layers + flows + 6 * self.count * np.dtype(dtype).itemsize)

    # --- forward ---

    def forward(
        self, theta: Array, batch: SequenceBatch, workspace: Workspace, start: States | None = None
    ) -> Array:
        """y[out, steps, batch], from the states `start` (zeros, if None)."""
        return result_of(self.forward_pieces(theta, batch, workspace, start))

    def forward_pieces(
        self, theta: Array, batch: SequenceBatch, workspace: Workspace, start: States | None = None
    ) -> Pieces[Array]:
        """`forward`, with pauses."""
        embedding, *cells, _, _ = self._layout.views(theta)
        x = self._input(embedding, batch.x, theta.dtype)
        for k, layer in enumerate(workspace.layers):
            first = None if start is None else start[k]
            x = yield from layer.forward_pieces(cells[k], x, first, batch.mask)
            yield from workspace.pause()
        weights, bias = self.parameters(theta).readout
        y: Array = np.matmul(weights.T, workspace.layers[-1].output_rows.T)
        y += bias[:, None]
        return y.reshape(-1, *batch.target.shape[:2])

    def _input(self, embedding: Array, x: NDArray[Any], dtype: Any) -> Array:
        """The input of the first cell: x[steps, batch, in]."""
        if x.dtype.kind == "f":
            return np.asarray(x, dtype)
        if self.embedding:
            return embedding.take(x, axis=0)
        one_hot = np.zeros((*x.shape, self.inputs), dtype)
        np.put_along_axis(one_hot, x[:, :, None], 1.0, axis=2)
        return one_hot

    def loss(
        self, theta: Array, batch: SequenceBatch, workspace: Workspace, start: States | None = None
    ) -> float:
        """The mean loss of a batch over the steps that are read."""
        return loss_of(self.forward(theta, batch, workspace, start), batch)[0]

    def loss_and_gradient(
        self,
        theta: Array,
        batch: SequenceBatch,
        workspace: Workspace,
        start: States | None = None,
        truncate: int = 0,
    ) -> SequenceLoss:
        """The mean loss of a batch and its gradient, by back-propagation through time.

        The gradient does not go back beyond `start`. With `truncate` = k it also stops every k steps.
        """
        return result_of(self.learning(theta, batch, workspace, start, truncate))

    def learning(
        self,
        theta: Array,
        batch: SequenceBatch,
        workspace: Workspace,
        start: States | None = None,
        truncate: int = 0,
    ) -> Pieces[SequenceLoss]:
        """`loss_and_gradient`, with pauses."""
        y = yield from self.forward_pieces(theta, batch, workspace, start)
        yield from workspace.pause()
        loss, d_y = loss_of(y, batch)
        yield from workspace.pause()
        gradient = yield from self._backward(theta, batch, workspace, d_y, truncate)
        last = tuple(layer.last() for layer in workspace.layers)
        return SequenceLoss(loss, gradient, y.transpose(1, 2, 0), last)

    # --- backward ---

    def _backward(
        self, theta: Array, batch: SequenceBatch, workspace: Workspace, d_y: Array, truncate: int
    ) -> Pieces[Array]:
        """∂L/∂θ: from the readout through the layers, the last one first, down to the embedding."""
        gradient = np.empty_like(theta)
        d_embedding, *d_cells, _, _ = self._layout.views(gradient)
        d_weights, d_bias = self.parameters(gradient).readout
        d_y = d_y.reshape(len(d_y), -1)
        np.matmul(workspace.layers[-1].output_rows.T, d_y.T, out=d_weights)
        np.add.reduce(d_y, axis=1, out=d_bias)
        yield from workspace.pause()
        d_rows: Array = np.dot(d_y.T, self.parameters(theta).readout.weights.T)
        d_hidden = d_rows.reshape(*batch.target.shape[:2], self.hidden)
        yield from workspace.pause()
        for k, layer in reversed(list(enumerate(workspace.layers))):
            d_cells[k][...] = yield from layer.backward_pieces(d_hidden, truncate=truncate)
            yield from workspace.pause()
            if k:
                d_hidden = layer.d_inputs()
                yield from workspace.pause()
        if self.embedding:
            d_x = workspace.layers[0].d_inputs() if batch.x.dtype.kind != "f" else None
            d_embedding[...] = 0.0 if d_x is None else _summed(d_x, batch.x, self.inputs)
        return gradient


def _summed(d_x: Array, symbols: NDArray[Any], count: int) -> Array:
    """∂L/∂E[symbols, embedding]: for each symbol, the sum of d_x[steps, batch, embedding] where it occurs."""
    flat = symbols.ravel()
    order = np.argsort(flat, kind="stable")
    found, first = np.unique(flat[order], return_index=True)
    total = np.zeros((count, d_x.shape[2]), d_x.dtype)
    total[found] = np.add.reduceat(d_x.reshape(len(flat), -1)[order], first, axis=0)
    return total
