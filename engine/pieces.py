"""Work in pieces: a generator that yields several times during long work, and returns the result.

    def work() -> Generator[Preparing | Working, None, Table]:
        yield WORKING                               a pause: the caller can do something else
        yield Preparing(0.5)                        a pause: half of the data is read
        return table

Between two pieces the caller can draw the screen, or cancel the work. The pauses do not change the result.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np


@dataclass(frozen=True, slots=True)
class Working:
    """A pause without a result."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """A pause before the first frame, with the fraction of the data that is read."""

    fraction: float  # from 0 to 1


ResultT = TypeVar("ResultT")
Pieces = Generator[Working, None, ResultT]
WORKING = Working()


def result_of(work: Generator[Any, None, ResultT]) -> ResultT:
    """Do all pieces now, and return the result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def quietly(work: Callable[..., ResultT | Pieces[ResultT]], *args: object) -> Pieces[ResultT]:
    """The result of `work(*args)`, at once or in pieces, without NumPy's warnings: infinity is a result."""
    with np.errstate(all="ignore"):
        pieces = work(*args)
    while isinstance(pieces, Generator):
        try:
            with np.errstate(all="ignore"):
                next(pieces)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        yield WORKING
    return pieces


class Recent(Generic[ResultT]):
    """Keeps the last few results by their arguments, like `functools.lru_cache`, for work in pieces."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, ResultT] = OrderedDict()

    def get(self, key: Hashable) -> ResultT | None:
        """The result of a key, or None if it is not kept."""
        if key in self._results:
            self._results.move_to_end(key)
        return self._results.get(key)

    def keep(self, key: Hashable, result: ResultT) -> ResultT:
        """Store a result, and return it."""
        self._results[key] = result
        while len(self._results) > self._most:
            self._results.popitem(last=False)
        return result
