"""Work that is done a little at a time: a generator that tells how far it is and returns what it comes to.

    def work() -> Generator[float, None, Table]:
        yield 0.5                                   half of it is done
        return table

So whoever waits can show it, do something else in between, or give it up.
"""

from collections import OrderedDict
from collections.abc import Generator, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Preparing:
    """Before its first frame a run may tell, as often as it likes, which share of its data is read."""

    share: float  # from 0 to 1


def outcome(work: Generator[Any, None, Value]) -> Value:
    """Do all of the work now, and return what it comes to."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            value: Value = end.value
            return value


class Recent(Generic[Value]):
    """Keeps the last few values by what they were made of: `functools.lru_cache`, for work like this."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, or None where it is not kept."""
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def keep(self, key: Hashable, value: Value) -> Value:
        """Keep a value, and return it."""
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value
