"""Every call that a module makes to NumPy, with its processor time and the memory it reads and writes.

clock = NumPyClock()
with clock.inside(engine.recurrent.fast.lstm):
    step()
clock.passes            # {"exp (3, 32, 32)": Pass(…), …} in the order of the first calls
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import thread_time_ns
from types import ModuleType
from typing import Any

import numpy as np


@dataclass
class Pass:
    """One kind of call: a function and the shape of its result."""

    read: int  # bytes, in one call
    written: int
    samples: list[float]  # nanoseconds of each call

    @property
    def calls(self) -> int:
        """How many there were."""
        return len(self.samples)

    @property
    def nanoseconds(self) -> float:
        """Of all calls, as if each had taken the median: some are slowed down by other programs."""
        return self.calls * median(self.samples)


class NumPyClock:
    """Takes the place of `np` in a module: its ufuncs, products and copies are timed, all else is NumPy's."""

    def __init__(self) -> None:
        self.passes: dict[str, Pass] = {}
        self._empty = median(self._of_nothing() for _ in range(1000))

    def __getattr__(self, name: str) -> Any:
        value = getattr(np, name)
        if not isinstance(value, np.ufunc) and name not in ("dot", "copyto"):
            return value
        timed = self._timed(name, value)
        setattr(self, name, timed)  # found at once the next time
        return timed

    @contextmanager
    def inside(self, module: ModuleType) -> Iterator[None]:
        """While this lasts, the module computes with the clock."""
        numpy, module.np = module.np, self  # type: ignore[attr-defined]
        try:
            yield
        finally:
            module.np = numpy  # type: ignore[attr-defined]

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            begin = thread_time_ns()
            result = call(*args, **options)
            took = thread_time_ns() - begin - self._empty
            into, *sources = args if name == "copyto" else (options.get("out", result), *args)
            read = sum(source.nbytes for source in sources if isinstance(source, np.ndarray))
            self.passes.setdefault(f"{name} {into.shape}", Pass(read, into.nbytes, [])).samples.append(took)
            return result

        return timed

    @staticmethod
    def _of_nothing() -> int:
        begin = thread_time_ns()
        return thread_time_ns() - begin
