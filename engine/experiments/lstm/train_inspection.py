"""What a snapshot of *LSTM ▸ Train on sequences* shows when one looks into a model."""

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array, softmax
from engine.data.sequences import SequenceBatch
from engine.data.texts import Vocabulary
from engine.experiments.lstm.train_config import TrainConfig, networks
from engine.experiments.lstm.train_tasks import Sine, TaskData
from engine.gradient_check import GradientCheck, check_gradient
from engine.pieces import WORKING, Pieces, result_of
from engine.recurrent.network import RecurrentNetwork
from engine.recurrent.through_time import Run

PRIME = 20  # characters that the model is given to begin with
CHECKED = (8, 4)  # steps and sequences that a gradient check takes at most
CHECK_BUDGET = 4e8  # multiplications
PIECE = 20  # characters written, or numbers of a wave, between two pauses


@dataclass(frozen=True, slots=True)
class TrainSnapshot:
    """The models after a step. Nobody writes to its arrays."""

    parameters: tuple[Array, ...]  # float32, one a model, see `engine.recurrent.network`
    batch: SequenceBatch  # what the step was made with (at step 0, what the first will be)


class Followed(NamedTuple):
    """One held-out sequence on its way through a model."""

    run: Run  # of the layer asked for: gates and states, [steps, 1, hidden]
    outputs: Array  # [steps, out]: logits, or predicted numbers
    target: NDArray[np.generic]  # [steps], symbols, or [steps, out]


class Continuation(NamedTuple):
    """A wave that was heard, and what the model makes of it."""

    heard: Array  # [heard], noisy
    foretold: Array  # [heard], each value foretold from those before it (the first from nothing)
    made: Array  # [made], the model listening to itself
    true: Array  # [heard + made], the wave without noise


def follow(
    config: TrainConfig, data: TaskData, snapshot: TrainSnapshot, model: int, layer: int = 1
) -> Followed:
    """Go through the held-out sequence that is looked at, keeping every gate of a layer (from 1)."""
    network, passage = networks(config, data)[model], data.passage
    workspace = network.workspace(*passage.x.shape[:2])
    with np.errstate(all="ignore"):  # the last snapshot of a diverged run
        y = network.forward(snapshot.parameters[model], passage, workspace)
    runs = workspace.runs()
    return Followed(runs[min(layer, len(runs)) - 1], y[:, :, 0].T, passage.target[:, 0])


def follow_all(config: TrainConfig, data: TaskData, snapshot: TrainSnapshot) -> Pieces[list[Followed]]:
    """`follow` with every model, one after the other."""
    found = []
    for model in range(len(snapshot.parameters)):
        found.append(follow(config, data, snapshot, model))
        yield WORKING
    return found


class WrittenText(NamedTuple):
    """What a model writes."""

    given: str  # to begin with
    made: str  # what it writes on from there
    unknown: str  # characters that were to begin it, but do not occur in the text


def write(
    config: TrainConfig,
    data: TaskData,
    snapshot: TrainSnapshot,
    model: int,
    temperature: float,
    count: int,
    words: str = "",
) -> WrittenText:
    """Let a model write on from `words`, or from the beginning of what is held out.

    Characters that the text does not have are left out; where none is left, it begins as without words. The
    chance is the same every time.
    """
    return result_of(writing(config, data, snapshot, model, temperature, count, words))


def writing(
    config: TrainConfig,
    data: TaskData,
    snapshot: TrainSnapshot,
    model: int,
    temperature: float,
    count: int,
    words: str = "",
) -> Pieces[WrittenText]:
    """`write`, with a pause every few characters."""
    network = networks(config, data)[model]
    assert data.text is not None
    known = Vocabulary("".join(data.names))
    unknown = "".join(dict.fromkeys(character for character in words if character not in known.characters))
    prime = known.encode(words)
    if not len(prime):
        prime = data.passage.x[:PRIME, 0]
    rng = np.random.default_rng(config.seed)
    letters = islice(network.sample(snapshot.parameters[model], rng, prime, temperature), count)
    made: list[int] = []
    while len(made) < count:
        with np.errstate(all="ignore"):
            more = list(islice(letters, PIECE))
        if not more:
            break
        made += more
        yield WORKING
    return WrittenText(data.said(prime), data.said(made), unknown)


def answers(followed: Followed) -> Array:
    """The probability of the right symbol at every step of a followed sequence."""
    with np.errstate(all="ignore"):
        p = softmax(followed.outputs.astype(np.float64))
    chosen: Array = np.take_along_axis(p, followed.target[:, None].astype(np.intp), axis=1)[:, 0]
    return chosen


def continue_waves(
    config: TrainConfig, data: TaskData, snapshot: TrainSnapshot
) -> Pieces[list[Continuation]]:
    """Let every model hear a noisy wave, and then go on from its own values; a pause every few values."""
    made = []
    for model in range(len(snapshot.parameters)):
        made.append((yield from _continuing(config, data, snapshot, model)))
    return made


def _continuing(
    config: TrainConfig, data: TaskData, snapshot: TrainSnapshot, model: int
) -> Pieces[Continuation]:
    task = config.task
    assert isinstance(task, Sine)
    network, theta = networks(config, data)[model], snapshot.parameters[model]
    heard = data.passage.x[:, 0, 0]
    count = round(3 * task.period)
    values = yield from _gone_on(network, theta, heard, count)
    true = np.concatenate((data.clean, task.after(count)))
    foretold = np.concatenate(([np.nan], values[: len(heard) - 1]))
    return Continuation(heard, foretold, values[len(heard) - 1 : -1], true)


def _gone_on(network: RecurrentNetwork, theta: Array, heard: Array, count: int) -> Pieces[Array]:
    """What is foretold after each value heard, and after each value foretold: [heard + count]."""
    _, cells, (weights, bias) = network.parameters(theta)
    states = [cell.zero_state(1, theta.dtype) for cell in network.cells]
    told = np.zeros(len(heard) + count, theta.dtype)
    for t in range(len(told)):
        x = np.reshape(heard[t] if t < len(heard) else told[t - 1], (1, 1)).astype(theta.dtype)
        with np.errstate(all="ignore"):
            for k, (cell, own) in enumerate(zip(network.cells, cells, strict=True)):
                states[k] = cell.step(x, states[k], own).state
                x = states[k].hidden_state
            told[t] = (x @ weights + bias)[0, 0]
        if t % PIECE == PIECE - 1:
            yield WORKING
    return told


def check(config: TrainConfig, data: TaskData, snapshot: TrainSnapshot, model: int) -> GradientCheck:
    """Compare a model's gradient with differences, in float64, on the end of the snapshot's first sequences.

    It takes 8 steps of 4 sequences at most, and as many parameters as fit in about 0.2 s.
    """
    network = networks(config, data)[model]
    part = _end_of(snapshot.batch, *CHECKED)
    theta = snapshot.parameters[model].astype(np.float64)
    steps, batch = part.x.shape[:2]
    workspace = network.workspace(steps, batch, np.float64)
    at_most = int(np.clip(CHECK_BUDGET / (4 * network.count * part.x.shape[0] * part.x.shape[1]), 5, 60))
    with np.errstate(all="ignore"):
        gradient = network.loss_and_gradient(theta, part, workspace).gradient
        return check_gradient(
            lambda vector: network.loss(vector, part, workspace),
            gradient,
            theta,
            at_most=at_most,
            seed=config.seed,
        )


def _end_of(full: SequenceBatch, steps: int, batch: int) -> SequenceBatch:
    """The last steps of the first sequences, numbers in float64."""
    x, target = full.x[-steps:, :batch], full.target[-steps:, :batch]
    if x.dtype.kind == "f":
        x, target = x.astype(np.float64), target.astype(np.float64)
    return SequenceBatch(x, target, None if full.read is None else full.read[-steps:, :batch])
