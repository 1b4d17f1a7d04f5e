"""Work in pieces: a generator that yields in the middle of what takes long, and returns what it has found.

    def work() -> Generator[Preparing | Working, None, Table]:
        yield WORKING                               others may do something now
        yield Preparing(0.5)                        … and know that half of it is done
        return table

Whoever drives it may do something else between two pieces: draw the screen, or give the work up. The pieces
change nothing in what is found.
"""

from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np


@dataclass(frozen=True, slots=True)
class Working:
    """Nothing is found yet."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """Before its first frame a run may tell, as often as it likes, which share of its data is read."""

    share: float  # from 0 to 1


ResultT = TypeVar("ResultT")
Pieces = Generator[Working, None, ResultT]
WORKING = Working()


def result_of(work: Generator[Any, None, ResultT]) -> ResultT:
    """Do all pieces now, and return what they find."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def quietly(work: Callable[..., ResultT | Pieces[ResultT]], *args: object) -> Pieces[ResultT]:
    """What `work(*args)` comes to, at once or in pieces, without NumPy's warnings: infinity is a result."""
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
    """Keeps the last few results by what they were made of: `functools.lru_cache`, for work in pieces."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, ResultT] = OrderedDict()

    def get(self, key: Hashable) -> ResultT | None:
        """The result of a key, or None where it is not kept."""
        if key in self._results:
            self._results.move_to_end(key)
        return self._results.get(key)

    def keep(self, key: Hashable, result: ResultT) -> ResultT:
        """Keep a result, and return it."""
        self._results[key] = result
        while len(self._results) > self._most:
            self._results.popitem(last=False)
        return result
