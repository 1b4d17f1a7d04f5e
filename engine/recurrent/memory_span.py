"""How far back in time does a gradient reach? At the end, a net must name the first symbol that it read.

    step 1        2 … D+1                      L = −ln p(class)      p = softmax(V·h_T + a)
    the class     only noise                   T = D + 1, and the state after step 1 is D steps away

In the backward pass, each step multiplies the gradient by the derivative of the cell:

    RNN     ∂L/∂hₜ₋₁ = Uᵀ·(φ′∘∂L/∂hₜ)           D of these factors: their product vanishes or explodes
    LSTM    ∂L/∂cₜ₋₁ = fₜ∘∂L/∂cₜ + …            along c the factor is only the forget gate; … is through h

φ′ is the slope of the cell's nonlinearity, and ∘ multiplies entry by entry. At the start of training
f ≈ σ(b), where b is the bias of the forget gate. So after n steps the gradient along c has the factor σ(b)ⁿ:
for b = 0 and n = 20, about one millionth.

Gradients are in float64, because gradients too small for float32 (below 10⁻⁴⁵) are shown as well.

References: Hochreiter (1991); Bengio, Simard & Frasconi, "Learning long-term dependencies with gradient
descent is difficult" (1994); Jozefowicz et al. (2015), for the bias of the forget gate.
"""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.networks.layout import ParameterLayout
from engine.pieces import Pieces, result_of
from engine.recurrent.fast.table import memory_of, sequence_of
from engine.recurrent.through_time import CELLS, Cell

Labels = NDArray[np.intp]
KEEPS = {"gru": "update_gate", "lstm": "forget_gate"}  # the gate that says how much of the state is kept


class Examples(NamedTuple):
    """Sequences; the label of each is its first symbol."""

    x: Array  # [steps, classes, batch]: 1 for the class at the first step, and noise at the others
    labels: Labels  # [batch]


class RecallLossAndGradient(NamedTuple):
    """Loss, accuracy and gradient of a batch."""

    loss: float  # mean of −ln p(class)
    accuracy: float  # fraction of examples whose most likely class is the right one
    gradient: Array  # ∂loss/∂θ, flat


class Reach(NamedTuple):
    """∂L/∂(earlier states) of the last loss; entry n is for the state n steps before the end, [D + 1]."""

    hidden: Array  # ‖∂L/∂h‖ of the loss of one example, mean over the batch
    cell: Array | None  # the same for c, if there is one
    kept: Array | None  # product of the gates `KEEPS` from there to the end, mean over units and batch


def draw_examples(
    rng: np.random.Generator, delay: int, classes: int, batch: int, noise: float = 0.0
) -> Examples:
    """Draw a batch: a class at the first step, then `delay` steps of noise with this standard deviation."""
    labels = rng.integers(classes, size=batch)
    x = noise * rng.standard_normal((delay + 1, classes, batch))
    x[0] = np.arange(classes)[:, None] == labels
    return Examples(x, labels)


def factor_of_forget_gates(forget_bias: float, steps: int | Array) -> Array:
    """σ(b)ⁿ: the factor of a cell state, or of a gradient, after n forget gates whose weights are 0."""
    left: Array = np.exp(-np.logaddexp(0.0, -forget_bias) * np.asarray(steps, np.float64))
    return left


def forget_bias_of_factor(fraction: float, steps: int) -> float:
    """The inverse: the bias b with σ(b)ⁿ = fraction, for a fraction between 0 and 1."""
    log_f = np.log(fraction) / steps
    return float(log_f - np.log(-np.expm1(log_f)))


class Recall:
    """A cell, and a softmax on its state after the last step; a workspace for one size of batch.

    θ holds the cell's parameters and then [V a], [classes, hidden + 1]. The last batch is kept for `reach`.
    """

    def __init__(self, cell: Cell, classes: int, delay: int, batch: int, dtype: Any = np.float64) -> None:
        self.cell, self.classes = cell, classes
        self.sequence = sequence_of(cell, delay + 1, batch, dtype)

    @cached_property
    def d_hidden(self) -> Array:
        """∂L/∂h[steps, batch, hidden] from the readout: only the last h is read, the others stay 0."""
        return np.zeros((self.sequence.steps, self.sequence.batch, self.cell.hidden))

    @cached_property
    def _layout(self) -> ParameterLayout:
        return ParameterLayout({"cell": (self.cell.count,), "readout": (self.classes, self.cell.hidden + 1)})

    @property
    def count(self) -> int:
        """How many parameters."""
        return self._layout.count

    def start(self, rng: np.random.Generator, weight_scale: float, forget_bias: float) -> Array:
        """Draw θ. Every U is an orthogonal matrix times `weight_scale`: it changes lengths by this factor."""
        theta = np.zeros(self.count)
        of_cell, readout = self._layout.views(theta)
        of_cell[...] = self.cell.draw(rng, forget_bias=forget_bias, dtype=np.float64)
        for gate in self.cell.parameters(of_cell):
            gate.of_state[...] *= weight_scale
        width = self.cell.hidden + 1
        readout[:, :-1] = rng.normal(0.0, width**-0.5, (self.classes, width - 1))
        return theta

    def log_probabilities(self, theta: Array, examples: Examples) -> Array:
        """ln p[classes, batch] after the last step."""
        return result_of(self._log_probabilities(theta, examples))

    def _log_probabilities(self, theta: Array, examples: Examples) -> Pieces[Array]:
        """ln softmax of the readout after the last step, [classes, batch]."""
        of_cell, readout = self._layout.views(theta)
        outputs = yield from self.sequence.forward_pieces(of_cell, examples.x.swapaxes(1, 2))
        h = outputs[-1]
        z = readout[:, :-1] @ h.T + readout[:, -1:]
        z = z - z.max(axis=0)
        logs: Array = z - np.log(np.exp(z).sum(axis=0))
        return logs

    def loss_and_accuracy(self, theta: Array, examples: Examples) -> tuple[float, float]:
        """Mean loss and accuracy."""
        logs = self.log_probabilities(theta, examples)
        return _loss_and_accuracy(logs, examples.labels)

    def accuracy(self, theta: Array, examples: Examples) -> Pieces[float]:
        """The fraction of right answers on examples that fill several batches of this net's size."""
        size = self.sequence.batch
        begins = range(0, len(examples.labels), size)
        pieces = [Examples(examples.x[:, :, b : b + size], examples.labels[b : b + size]) for b in begins]
        right = 0.0
        for piece in pieces:
            right += _loss_and_accuracy((yield from self._log_probabilities(theta, piece)), piece.labels)[1]
        return right / len(pieces)

    def learn(self, theta: Array, examples: Examples) -> RecallLossAndGradient:
        """Loss, accuracy and gradient: forward, and backward through all steps."""
        return result_of(self.learning(theta, examples))

    def learning(self, theta: Array, examples: Examples) -> Pieces[RecallLossAndGradient]:
        """`learn`, with pauses."""
        logs = yield from self._log_probabilities(theta, examples)
        loss, accuracy = _loss_and_accuracy(logs, examples.labels)
        columns = np.arange(len(examples.labels))
        d_z = np.exp(logs)
        d_z[examples.labels, columns] -= 1.0
        d_z /= len(columns)
        h = self.sequence.outputs[-1]
        gradient = np.empty(self.count)
        d_cell, d_readout = self._layout.views(gradient)
        d_readout[:, :-1], d_readout[:, -1] = d_z @ h, d_z.sum(axis=1)
        self.d_hidden[-1] = d_z.T @ self._layout.view(theta, "readout")[:, :-1]
        d_cell[...] = yield from self.sequence.backward_pieces(self.d_hidden)
        return RecallLossAndGradient(loss, accuracy, gradient)

    def reach(self) -> Reach:
        """The gradients with respect to the state after each step; to be called after `learn`."""
        states, gates = self.sequence.d_states(), self.sequence.run().gates
        batch = self.sequence.batch  # the loss is a mean: times `batch` for one example
        cell = getattr(states, "cell_state", None)
        keep = getattr(gates, KEEPS.get(self.cell.name, ""), None)
        return Reach(
            batch * lengths(states.hidden_state),
            None if cell is None else batch * lengths(cell),
            None if keep is None else products_to_the_end(keep),
        )


def recall_of(
    name: str, classes: int, hidden: int, delay: int, batch: int, dtype: Any = np.float64
) -> Recall:
    """A net with the cell of that name and one input per class; float32 is enough for loss and accuracy."""
    return Recall(CELLS[name](classes, hidden), classes, delay, batch, dtype)


def memory_to_learn(hidden: int, classes: int, delay: int, batch: int) -> int:
    """About how many bytes the three cells take to learn the same batch, in float64.

    Each has its workspace and a `d_hidden`. `reach` needs four times the size of `d_hidden`, for one cell at
    a time.
    """
    states = (delay + 1) * hidden * batch * np.dtype(np.float64).itemsize
    cells = [cell(classes, hidden) for cell in CELLS.values()]
    return sum(memory_of(cell, delay + 1, batch, np.float64) + states for cell in cells) + 4 * states


def lengths(vectors: Array) -> Array:
    """Mean Euclidean length of vectors[steps, batch, units], newest step first; no square overflows."""
    largest = np.abs(vectors).max(axis=(1, 2), keepdims=True)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    means: Array = (scale[:, :, 0] * np.sqrt(np.square(vectors / scale).sum(axis=2))).mean(axis=1)
    return means[::-1].copy()


def products_to_the_end(gates: Array) -> Array:
    """Products of gates[steps, batch, units] from the step after each to the last: 1, g_T, g_T·g_T₋₁, …"""
    products = np.ones(len(gates))
    products[1:] = np.cumprod(gates[:0:-1], axis=0).mean(axis=(1, 2))
    return products


def _loss_and_accuracy(logs: Array, labels: Labels) -> tuple[float, float]:
    own = logs[labels, np.arange(len(labels))]
    return -float(own.mean()), float(np.mean(logs.argmax(axis=0) == labels))
