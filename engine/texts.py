r"""A text is a sequence of characters, and the task is to say which comes next.

    x = "The cat sa"      target = "he cat sat"      symbols: every character that occurs, in order

A text is cut into as many streams as a batch has examples, and each is read in windows of some steps, one
after the other, so that a network can carry its state from window to window.

Reference: Graves, "Generating sequences with recurrent neural networks" (2013), section 3.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.sequences import SequenceBatch
from engine.user_files import bytes_of, decoded

FOLDER = Path(__file__).parent.parent / "resources" / "texts"
TEXTS = {"alice": FOLDER / "alice.txt", "daodejing": FOLDER / "daodejing.txt"}
FEWEST_CHARACTERS = 200
MOST_SYMBOLS = 10_000

Symbols = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """The characters that occur, in the order of their code points; a symbol is a place in it."""

    characters: str

    @cached_property
    def _place(self) -> dict[str, int]:
        return {character: place for place, character in enumerate(self.characters)}

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Symbols:
        """The symbols of a text; characters that the vocabulary does not have are left out."""
        return np.array([self._place[c] for c in text if c in self._place], np.intp)

    def decode(self, symbols: Iterable[int]) -> str:
        """The text of symbols."""
        return "".join(self.characters[symbol] for symbol in symbols)


def vocabulary_of(text: str) -> Vocabulary:
    """Every character of the text, once."""
    return Vocabulary("".join(sorted(set(text))))


def read_text(path: str | Path) -> str:
    r"""Return what is in a UTF-8 file; a byte order mark is dropped and every line ends with \n.

    Raises:
        Problem: it cannot be read, is no text, or is too large, too short or too varied to learn from.
    """
    text = _text(Path(path)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < FEWEST_CHARACTERS:
        raise Problem(
            "The text has {found} characters; at least {fewest} are needed",
            found=len(text),
            fewest=FEWEST_CHARACTERS,
        )
    different = len(set(text))
    if not 2 <= different <= MOST_SYMBOLS:
        raise Problem(
            "The text has {found} different characters; 2 to {most} can be learnt",
            found=different,
            most=MOST_SYMBOLS,
        )
    return text


def _text(path: Path) -> str:
    content = bytes_of(path)
    if b"\0" in content:
        raise Problem("The file is not a text")
    return decoded(content)


def windows(symbols: Symbols, steps: int, batch: int) -> Iterator[tuple[SequenceBatch, bool]]:
    """One reading of the text in `batch` streams: windows of `steps`, and whether one begins anew.

    What does not fill a last window is left out.

    Raises:
        Problem: the text is too short for a single window in every stream.
    """
    length = (len(symbols) - 1) // batch
    if length < steps:
        raise Problem(
            "The text has {found} characters; {batch} streams of {steps} steps need {needed}",
            found=len(symbols),
            batch=batch,
            steps=steps,
            needed=batch * steps + 1,
        )
    inputs = symbols[: batch * length].reshape(batch, length).T
    targets = symbols[1 : batch * length + 1].reshape(batch, length).T
    for begin in range(0, length - steps + 1, steps):
        part = slice(begin, begin + steps)
        yield SequenceBatch(inputs[part], targets[part]), begin == 0


def random_windows(symbols: Symbols, steps: int, batch: int, rng: np.random.Generator) -> SequenceBatch:
    """Windows from anywhere in the text, which has more than `steps` characters."""
    begin = rng.integers(0, len(symbols) - steps, batch)
    pieces = symbols[begin + np.arange(steps + 1)[:, None]]
    return SequenceBatch(pieces[:-1], pieces[1:])


def split_text(symbols: Symbols, held_out: float) -> tuple[Symbols, Symbols]:
    """The beginning of a text to learn from, and the share `held_out` at its end."""
    cut = len(symbols) - round(held_out * len(symbols))
    return symbols[:cut], symbols[cut:]
