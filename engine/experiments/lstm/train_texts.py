"""Learning a text, one of the program or of the user: which character comes next?"""

from functools import lru_cache
from math import log
from typing import Annotated

import numpy as np

from engine.config import Problem, choice, plain
from engine.data import texts
from engine.data.sequences import SequenceBatch
from engine.data.texts import Symbols, Vocabulary
from engine.data.user_files import stamp_of
from engine.experiments.lstm.train_tasks import MEASURED, Length, ReferenceLoss, SequenceTask, Shape, TaskData
from engine.information.information import entropy

HELD_OUT = 0.1  # of a text
PASSAGE = 640  # characters of the held-out text that are shown
DIRECT = 128  # up to so many symbols are one-hot inputs; more symbols are embedded
EMBEDDING = 32


class Text(SequenceTask, frozen=True, tag="text"):
    """A text of the program."""

    title = "A text"
    meaning = "Say which character comes next, at every step."
    name: Annotated[
        str,
        choice(
            "Text",
            "Two short texts in the public domain.",
            {"alice": "Alice in Wonderland", "daodejing": "Dao De Jing, in Chinese"},
        ),
    ] = "alice"
    length: Length = 50

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.length

    def prepare(self) -> TaskData:
        """What is read, what is held out, and what to compare with."""
        return _characters(str(texts.TEXTS[self.name]), self.length, ())

    def batch(self, data: TaskData, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return _windows(data, self.length, size, rng)


class TextFile(SequenceTask, frozen=True, tag="file"):
    """A text of the user."""

    title = "Your own text"
    meaning = "Say which character comes next, in a text of your own."
    path: Annotated[
        str,
        plain(
            "File",
            "A text of some thousand characters up to 20 MB, in UTF-8, UTF-16 or GB18030.",
            kind="file",
            max_length=4096,
        ),
    ] = ""
    length: Length = 50

    @property
    def steps(self) -> int:
        """How long a sequence is."""
        return self.length

    def prepare(self) -> TaskData:
        """Read the text.

        Raises:
            Problem: no file is chosen, or it cannot be learnt from; `where` is a field of this task.
        """
        if not self.path:
            raise Problem("Choose a file: Browse…, or drop one on the window", where="task.path")
        return _characters(self.path, self.length, stamp_of(self.path))

    def batch(self, data: TaskData, size: int, rng: np.random.Generator) -> SequenceBatch:
        """Sequences to train on."""
        return _windows(data, self.length, size, rng)


def _windows(data: TaskData, length: int, size: int, rng: np.random.Generator) -> SequenceBatch:
    """Random pieces of the training text."""
    assert data.text is not None
    return texts.random_windows(data.text, length, size, rng)


@lru_cache(maxsize=4)  # not read again for a run with other settings, unless its stamp has changed
def _characters(path: str, length: int, stamp: tuple[int, ...]) -> TaskData:
    """The data of a text: its last part is held out."""
    try:
        text = texts.read_text(path)
    except Problem as problem:
        raise Problem(problem.sentence, where="task.path", **problem.values) from problem
    vocabulary = texts.vocabulary_of(text)
    symbols = vocabulary.encode(text)
    learnt, kept = texts.split_text(symbols, HELD_OUT)
    if min(len(learnt), len(kept)) < length + 2:
        raise Problem(
            "The text has {count} characters: too few for sequences of {length}",
            where="task.length",
            count=len(text),
            length=length,
        )
    begins = np.linspace(0, len(kept) - length - 1, MEASURED).astype(np.intp)
    pieces = kept[begins + np.arange(length + 1)[:, None]]
    passage = kept[: PASSAGE + 1, None]
    return TaskData(
        _shape(len(vocabulary)),
        SequenceBatch(pieces[:-1], pieces[1:]),
        SequenceBatch(passage[:-1], passage[1:]),
        (
            ReferenceLoss("uniform", log(len(vocabulary))),
            ReferenceLoss("frequencies", _of_frequencies(symbols, vocabulary)),
        ),
        tuple(vocabulary.characters),
        learnt,
    )


def _shape(symbols: int) -> Shape:
    """The shape of a network for a text of so many different characters."""
    return Shape(symbols, symbols, EMBEDDING if symbols > DIRECT else 0)


def _of_frequencies(symbols: Symbols, vocabulary: Vocabulary) -> float:
    """The loss in nats of a prediction by the frequencies of the characters only."""
    counts = np.zeros(len(vocabulary), np.intp)
    for begin in range(0, len(symbols), texts.PIECE):
        counts += np.bincount(symbols[begin : begin + texts.PIECE], minlength=len(vocabulary))
    return float(entropy(counts / len(symbols))) * log(2)
