"""The tasks of *LSTM ▸ Train on sequences*: tasks that need a memory; texts are in `train_texts`.

Each task draws batches with a random generator, has held-out sequences, and gives reference losses: those of
simple predictions without learning.
"""

from dataclasses import dataclass, field
from functools import partial
from math import log, pi
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.config import Problem, Tagged, number
from engine.data import sequences
from engine.data.sequences import SequenceBatch
from engine.data.texts import Symbols

MEASURED = 32  # held-out sequences
CHANCE = 1865  # the seed of the held-out sequences, the same for all runs

Letters = Annotated[int, number("Letters", "How many different letters there are.", ge=2, le=20)]
Length = Annotated[
    int,
    number(
        "Sequence length",
        "Steps of a sequence: the gradient goes back no further.",
        ge=4,
        le=200,
        soft=(10, 100),
    ),
]


class Shape(NamedTuple):
    """The numbers of inputs and outputs of a network for a task."""

    inputs: int
    outputs: int
    embedding: int = 0


class ReferenceLoss(NamedTuple):
    """A loss to compare with."""

    key: str  # "uniform", "frequencies" or "mean"
    value: float


@dataclass(frozen=True, eq=False)
class TaskData:
    """The data of a task; read-only."""

    shape: Shape
    held_out: SequenceBatch
    passage: SequenceBatch  # one held-out sequence that is shown: [steps, 1]
    lines: tuple[ReferenceLoss, ...]
    names: tuple[str, ...] = ()  # of the symbols
    text: Symbols | None = None  # the training text
    recalls: bool = False  # whether the targets are symbols to recall, which can be right or wrong
    # The wave of the passage, without noise.
    clean: NDArray[np.float64] = field(default_factory=partial(np.zeros, 0))

    def said(self, codes: Symbols | list[int]) -> str:
        """Symbols as a text."""
        return "".join(self.names[int(code)] for code in codes)


class SequenceTask(Tagged, frozen=True):
    """Base of the tasks."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        raise NotImplementedError

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        raise NotImplementedError

    def batch(self, data: TaskData, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        raise NotImplementedError


class RecallTask(SequenceTask, frozen=True, tag="recall"):
    """A symbol is read once and must be recalled later."""

    title = "Recall after a delay"
    meaning = "A letter, then nothing for a while, then a question: which letter was it?"
    delay: Annotated[
        int, number("Delay", "Steps of nothing between the letter and the question.", ge=1, le=150)
    ] = 20
    symbols: Letters = 4

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.delay + 2

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        rng = np.random.default_rng(CHANCE)
        held_out = sequences.recall(rng, 4 * MEASURED, self.delay, self.symbols)
        return TaskData(
            Shape(self.symbols + 2, self.symbols),
            held_out,
            first_of(held_out),
            (ReferenceLoss("uniform", log(self.symbols)),),
            (*letters(self.symbols), "·", "?"),
            recalls=True,
        )

    def batch(self, data: TaskData, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return sequences.recall(rng, size, self.delay, self.symbols)


class Echo(SequenceTask, frozen=True, tag="echo"):
    """Every symbol again, some steps later."""

    title = "Echo"
    meaning = "A new letter at every step; say the one from some steps before."
    delay: Annotated[int, number("Delay", "How many steps before.", ge=1, le=50, soft=(1, 20))] = 5
    symbols: Letters = 4
    length: Length = 40

    def __post_init__(self) -> None:
        if self.delay >= self.length:
            raise Problem("Must be less than {bound}", where="delay", bound=self.length)

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.length

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        rng = np.random.default_rng(CHANCE)
        held_out = self.batch(None, MEASURED, rng)
        return TaskData(
            Shape(self.symbols, self.symbols),
            held_out,
            first_of(held_out),
            (ReferenceLoss("uniform", log(self.symbols)),),
            letters(self.symbols),
            recalls=True,
        )

    def batch(self, data: TaskData | None, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return sequences.echo(rng, size, self.length, self.delay, self.symbols)


class Adding(SequenceTask, frozen=True, tag="adding"):
    """The target is the sum of two marked numbers among many."""

    title = "Adding problem"
    meaning = "Numbers from 0 to 1, two of them marked: what is the sum of those two?"
    length: Length = 30

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.length

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        held_out = sequences.adding(np.random.default_rng(CHANCE), 4 * MEASURED, self.length)
        return TaskData(Shape(2, 1), held_out, first_of(held_out), (ReferenceLoss("mean", 1 / 6),))

    def batch(self, data: TaskData, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return sequences.adding(rng, size, self.length)


class Sine(SequenceTask, frozen=True, tag="sine"):
    """A wave with noise."""

    title = "Noisy sine"
    meaning = "Values of a wave under noise: what would come next without it? Then it goes on by itself."
    period: Annotated[float, number("Period", "Steps of one wave.", ge=4, le=60)] = 20.0
    noise: Annotated[float, number("Noise", "Its standard deviation.", symbol="σ", ge=0, le=1)] = 0.1
    length: Length = 50

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.length

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        rng = np.random.default_rng(CHANCE)
        held_out = self.batch(None, MEASURED, rng)
        phase, times = 1.0, np.arange(self.length)
        clean = np.sin(phase + 2 * pi * times / self.period)
        noisy = clean + rng.normal(0.0, self.noise, self.length)
        ahead = np.sin(phase + 2 * pi * (times + 1) / self.period)
        passage = SequenceBatch(noisy[:, None, None], ahead[:, None, None])
        return TaskData(Shape(1, 1), held_out, passage, (ReferenceLoss("mean", 0.5),), clean=clean)

    def batch(self, data: TaskData | None, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return sequences.sine(rng, size, self.length, self.noise, (self.period, self.period))

    def after(self, count: int) -> NDArray[np.float64]:
        """The continuation of the passage's wave, without noise."""
        ahead: NDArray[np.float64] = np.sin(1.0 + 2 * pi * (self.length + np.arange(count)) / self.period)
        return ahead


def letters(count: int) -> tuple[str, ...]:
    """A, B, C …"""
    return tuple(chr(ord("A") + k) for k in range(count))


def first_of(batch: SequenceBatch) -> SequenceBatch:
    """The first sequence of a batch."""
    read = None if batch.read is None else batch.read[:, :1]
    return SequenceBatch(batch.x[:, :1], batch.target[:, :1], read)


def right(y: Array, batch: SequenceBatch) -> float:
    """The fraction of right answers in y[classes, steps, batch], at the steps that are read."""
    hits = y.argmax(axis=0) == batch.target
    return float(hits[batch.read > 0].mean()) if batch.read is not None else float(hits.mean())
