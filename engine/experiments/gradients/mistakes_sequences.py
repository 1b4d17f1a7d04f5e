"""Famous mistakes with recurrent networks: gates in another order, and a state that is not reset.

    [i, f, g, o]   PyTorch, cuDNN, Keras and this program        [i, o, f, g]   ONNX

Truncated back-propagation through time passes the state of a piece on to the next piece of the same sequence.
At the first piece of another sequence it begins with zeros; if it does not, the network reads a sequence with
the memory of one that has nothing to do with it.

References: the ONNX operator LSTM, "iofc"; PyTorch's documentation of LSTM, "weight_ih_l[k] (W_ii|W_if|W_ig|
W_io)"; Keras's documentation of RNN layers, on statefulness; Williams & Peng (1990), for truncation.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.activations import Array
from engine.data.sequences import SequenceBatch, recall
from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_recipe import STEPS, Recipe, Scalars, Update
from engine.optimizers.adam import Adam
from engine.optimizers.trainer import Learner
from engine.recurrent.network import RecurrentNetwork, States, Workspace
from engine.recurrent.sequence_loss import loss_of

BATCH = 24
HIDDEN = 8
SYMBOLS = 4
BEFORE = 100  # steps for which the LSTM was trained
Carried = Callable[[States], States]


def zeros_like(states: States) -> States:
    """States of 0."""
    return tuple(type(state)(*map(np.zeros_like, state)) for state in states)


@dataclass(frozen=True)
class SequenceRecipe(Recipe):
    """The recipe of a recurrent network; what it hands on is the state after the last batch."""

    network: RecurrentNetwork
    batches: tuple[SequenceBatch, ...]
    measured_on: SequenceBatch  # on which the loss is measured
    carried: Carried = zeros_like

    compared = 12

    @cached_property
    def _workspaces(self) -> dict[Any, Workspace]:
        """The arrays for a batch, in each precision."""
        shape, kinds = self.measured_on.target.shape, (np.float32, np.float64)
        return {np.dtype(kind): self.network.workspace(shape[0], shape[1], kind) for kind in kinds}

    def update(self, theta: Array, step: int, memory: Any) -> Update:
        """Through the sequences of a batch and back, from the state that is carried over."""
        batch = self.batches[(step - 1) % len(self.batches)]
        found = self.network.loss_and_gradient(
            theta, batch, self._workspaces[theta.dtype], self._first(theta, memory)
        )
        return Update(found.gradient, found.last)

    def _first(self, theta: Array, memory: Any) -> States | None:
        """The states to begin with, in the precision of θ."""
        if memory is None:
            return None
        return tuple(
            type(state)(*(part.astype(theta.dtype) for part in state)) for state in self.carried(memory)
        )

    def loss(self, theta: Array, step: int, memory: Any) -> float:
        """The loss on the batch of a step."""
        batch = self.batches[(step - 1) % len(self.batches)]
        return self.network.loss(theta, batch, self._workspaces[theta.dtype], self._first(theta, memory))

    def measure(self, theta: Array, memory: Any) -> Scalars:
        """Loss and accuracy on other sequences, begun as the next batch would be; the mean forget gate."""
        workspace = self._workspaces[theta.dtype]
        y = self.network.forward(theta, self.measured_on, workspace, self._first(theta, memory))
        read = (
            np.ones(self.measured_on.target.shape) if self.measured_on.read is None else self.measured_on.read
        )
        right = (y.argmax(axis=0) == self.measured_on.target)[read > 0].mean()
        scalars = {"loss": loss_of(y, self.measured_on)[0], "accuracy": float(right)}
        if self.network.kind == "lstm":
            scalars["forget_gate"] = float(workspace.runs()[0].gates.forget_gate.mean())
        return scalars


def our_order(gates: Array) -> Array:
    """The rows of the gates, as they were written."""
    i, f, g, o = gates
    return np.stack([i, f, g, o])


def order_of_onnx(gates: Array) -> Array:
    """The same rows, taken for those of another order."""
    i, o, f, g = gates
    return np.stack([i, f, g, o])


class GatesSwapped(Mistake, frozen=True, tag="gates_swapped"):
    """The gates of an LSTM are read in the order of another framework."""

    title = "Gates of an LSTM swapped"
    meaning = "Trained weights whose gates stand in the order i, f, g, o are read as i, o, f, g."
    look = "start"
    looks = "The first loss is worse than a guess, though the weights are trained; then all is learned anew."
    found = (
        "Run one input through both programs and compare the states step by step. Compare weights by name, "
        "never by place."
    )
    passes = "the gradient is right, of a network whose gates have exchanged their weights."
    source = "ONNX operator LSTM (iofc); PyTorch documentation, LSTM (ifgo)"
    result = "gates"
    right = Line(r"(i, f, g, o) = \theta", "i, f, g, o = gates", our_order)
    wrong = Line(r"(i, o, f, g) = \theta", "i, o, f, g = gates", order_of_onnx)
    guess, symptom = math.log(SYMBOLS), "forget_gate"

    def recipe(self, seed: int, line: Callable[[Array], Array]) -> SequenceRecipe:
        """Recall of a symbol, by an LSTM that has learned it already."""
        return _read(_trained(seed), line)

    def recipes(self, seed: int) -> tuple[SequenceRecipe, SequenceRecipe]:
        """Both from the same trained weights."""
        trained = _trained(seed)
        return _read(trained, self.right.function), _read(trained, self.wrong.function)


def _trained(seed: int) -> SequenceRecipe:
    """An LSTM after a training, and the recipe to go on with."""
    rng, delay = np.random.default_rng(seed), 5
    network = RecurrentNetwork("lstm", SYMBOLS + 2, HIDDEN, SYMBOLS)
    batches = tuple(recall(rng, BATCH, delay, SYMBOLS) for _ in range(STEPS))
    measured_on = recall(rng, BATCH, delay, SYMBOLS)
    recipe = SequenceRecipe(network.start(rng), Adam(learning_rate=0.03), network, batches, measured_on)
    learner = Learner(recipe.rule, recipe.start)
    for step in range(1, BEFORE + 1):
        learner.step(recipe.update(learner.theta, step, None).gradient)
    return replace(recipe, start=learner.theta, rule=Adam(learning_rate=0.01))


def _read(trained: SequenceRecipe, line: Callable[[Array], Array]) -> SequenceRecipe:
    """The same weights, with the gates read in an order."""
    start = trained.start.copy()
    (cell,) = trained.network.cells
    gates = cell.matrix(start[: cell.count])
    gates[...] = line(gates.copy())
    return replace(trained, start=start)


def from_zero(last: States) -> States:
    """Another sequence begins: nothing is remembered."""
    return zeros_like(last)


def from_the_last(last: States) -> States:
    """The state after the sequence before."""
    return last


def seen_before(rng: np.random.Generator, batch: int, steps: int, often: float = 0.1) -> SequenceBatch:
    """Symbols 0 and 1; the target is 1 from the first 1 of a sequence on."""
    x = (rng.random((steps, batch)) < often).astype(np.intp)
    return SequenceBatch(x, np.maximum.accumulate(x, axis=0))


class StateLeaks(Mistake, frozen=True, tag="state_leaks"):
    """The state of one sequence is the start of another."""

    title = "Hidden state not reset"
    meaning = "Truncated BPTT hands the last state on, also where the next sequence is another one."
    look = "floor"
    looks = (
        "The loss stops at a floor: what was read before tells nothing, and cannot be told from what counts."
    )
    found = "Put the same sequence in twice: the outputs must be the same, whatever came before."
    passes = "the gradient is right, for a sequence that begins with another one's state."
    source = "Keras documentation, RNN layers, on statefulness; Williams & Peng (1990)"
    guess = math.log(2.0)
    result = "state"
    right = Line(r"h_0 = 0", "zeros_like(last)", from_zero)
    wrong = Line(r"h_0 = h_T^{\mathrm{before}}", "last", from_the_last)

    def recipe(self, seed: int, line: Carried) -> SequenceRecipe:
        """Has there been a 1 in this sequence?"""
        rng, steps = np.random.default_rng(seed), 10
        network = RecurrentNetwork("rnn", 2, HIDDEN, 2)
        start = network.start(rng)
        batches = tuple(seen_before(rng, BATCH, steps) for _ in range(STEPS))
        recipe = SequenceRecipe(
            start, Adam(learning_rate=0.02), network, batches, seen_before(rng, BATCH, steps)
        )
        return replace(recipe, carried=line)
