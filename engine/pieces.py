"""Work in pieces: a generator that yields in the middle of what takes long, and returns what it has found.

Whoever drives it may do something else between two pieces: draw the screen, or give the work up. The pieces
change nothing in what is found.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np


@dataclass(frozen=True, slots=True)
class Working:
    """Nothing is found yet."""


ResultT = TypeVar("ResultT")
Pieces = Generator[Working, None, ResultT]
WORKING = Working()


def result_of(work: Pieces[ResultT]) -> ResultT:
    """Do all pieces, and return what they find."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def quietly(work: Pieces[ResultT]) -> Pieces[ResultT]:
    """The same work, each piece without NumPy's warnings: where infinity is a result."""
    while True:
        try:
            with np.errstate(all="ignore"):
                next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        yield WORKING
