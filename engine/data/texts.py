r"""A text is a sequence of characters, and the task is to say which comes next.

    x = "The cat sa"      target = "he cat sat"      symbols: every character that occurs, in order

A batch is made of windows of some steps, each from anywhere in the text: the gradient goes back no further
than the beginning of a window.

Reference: Graves, "Generating sequences with recurrent neural networks" (2013), section 3.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.data.sequences import SequenceBatch
from engine.data.user_files import bytes_of, decoded

FOLDER = Path(__file__).parents[2] / "resources" / "texts"
TEXTS = {"alice": FOLDER / "alice.txt", "daodejing": FOLDER / "daodejing.txt"}
FEWEST_CHARACTERS = 200
MOST_SYMBOLS = 10_000
PIECE = 2**20  # characters that are converted to numbers at once

Symbols = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """The characters of a text, sorted by code point; a symbol is an index into them."""

    characters: str

    @cached_property
    def _place(self) -> NDArray[np.int32]:
        """The symbol of every code point up to the largest one plus 1; −1 where there is none."""
        codes = [ord(character) for character in self.characters]
        table = np.full(max(codes, default=0) + 2, -1, np.int32)
        table[codes] = np.arange(len(codes))
        return table

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Symbols:
        """The symbols of a text; characters that are not in the vocabulary are left out."""
        pieces = [self._place[np.minimum(codes, len(self._place) - 1)] for codes in code_points(text)]
        places = np.concatenate([np.zeros(0, np.int32), *pieces])
        return places[places >= 0]

    def decode(self, symbols: Iterable[int]) -> str:
        """The text of symbols."""
        return "".join(self.characters[symbol] for symbol in symbols)


def vocabulary_of(text: str) -> Vocabulary:
    """Every character of the text, once."""
    seen = np.zeros(sys.maxunicode + 1, bool)
    for codes in code_points(text):
        seen[codes] = True
    return Vocabulary("".join(map(chr, np.flatnonzero(seen).tolist())))


def code_points(text: str) -> Iterator[NDArray[np.uint32]]:
    """The code points of a text, in pieces, so that other threads can run in between."""
    for begin in range(0, len(text), PIECE):
        yield np.frombuffer(text[begin : begin + PIECE].encode("utf-32-le", "surrogatepass"), np.uint32)


def read_text(path: str | Path) -> str:
    r"""Return the text of a file (`user_files` finds its encoding); every line ends with \n.

    Raises:
        Problem: it cannot be read, is not a text, is too large or too short, or has too many characters.
    """
    text = _text(Path(path)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) < FEWEST_CHARACTERS:
        raise Problem(
            "The text has {found} characters; at least {fewest} are needed",
            found=len(text),
            fewest=FEWEST_CHARACTERS,
        )
    different = len(vocabulary_of(text))
    if not 2 <= different <= MOST_SYMBOLS:
        raise Problem(
            "The text has {found} different characters; 2 to {most} can be learnt",
            found=different,
            most=MOST_SYMBOLS,
        )
    return text


def _text(path: Path) -> str:
    """The characters of a file of the user."""
    text = decoded(bytes_of(path))
    if "\0" in text:
        raise Problem("The file is not a text")
    return text


def random_windows(symbols: Symbols, steps: int, batch: int, rng: np.random.Generator) -> SequenceBatch:
    """Windows from random positions in the text, which has more than `steps` characters."""
    begin = rng.integers(0, len(symbols) - steps, batch)
    pieces = symbols[begin + np.arange(steps + 1)[:, None]]
    return SequenceBatch(pieces[:-1], pieces[1:])


def split_text(symbols: Symbols, held_out: float) -> tuple[Symbols, Symbols]:
    """The beginning of a text, for training, and the fraction `held_out` at its end."""
    cut = len(symbols) - round(held_out * len(symbols))
    return symbols[:cut], symbols[cut:]
