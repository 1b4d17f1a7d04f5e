"""One number of a run: what a sweep compares.

    held_out.loss            the last value that was measured
    held_out.loss:best       its best value: the lowest loss, the highest accuracy
    loss:lowest  loss:highest
    loss:area                the mean over all steps where it was measured: how long it was high
    loss:below=0.1           the first step at which it is at most 0.1
    accuracy:above=0.9       the first step at which it is at least 0.9

A run that became non-finite has no number, except a first step that it reached before. A first step that was
never reached is infinite.
"""

import math
import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.recording import Recording, has_diverged

Values = NDArray[np.float64]  # the measured values of one scalar, in the order of the steps
RISING = ("accuracy", "right")  # scalars whose highest value is the best
SUMMARIES: Mapping[str, Callable[[Values], float]] = {
    "end": lambda values: float(values[-1]),
    "lowest": lambda values: float(values.min()),
    "highest": lambda values: float(values.max()),
    "area": lambda values: float(values.mean()),
}
HOW = re.compile(r"(?P<how>end|best|lowest|highest|area)|(?P<side>below|above)=(?P<limit>\S+)")


class SweepMeasure:
    """A scalar of a recording, and the number that is taken of it."""

    def __init__(self, text: str) -> None:
        """Read it from a text.

        Raises:
            Problem: it cannot be read.
        """
        self.text = text.strip()
        self.scalar, _, how = (part.strip() for part in self.text.partition(":"))
        found = HOW.fullmatch(how or "end")
        if not self.scalar or found is None:
            raise Problem(
                "Write a measure like loss, loss:best, loss:area, loss:below=0.1; not {text}", text=text
            )
        self.how, self.side = found["how"] or "", found["side"] or ""
        if self.how == "best":
            self.how = "highest" if rises(self.scalar) else "lowest"
        self.limit = _number(found["limit"]) if self.side else math.nan

    @property
    def more_is_better(self) -> bool:
        """Whether the larger of two numbers is better; never for a first step."""
        return not self.side and rises(self.scalar)

    @property
    def worst(self) -> float:
        """The number of a run without one, when runs are ordered."""
        return -math.inf if self.more_is_better else math.inf

    def of(self, recording: Recording, *, diverged: bool) -> float:
        """The number of a run; NaN if it diverged, or the scalar was never measured."""
        if self.scalar not in recording.names:
            return math.nan
        column = recording.column(self.scalar)
        if self.side:
            reached = column <= self.limit if self.side == "below" else column >= self.limit
            return float(np.argmax(reached)) if reached.any() else math.inf
        return math.nan if diverged else summaries(column).get(self.how, math.nan)


def summaries(column: Values) -> dict[str, float]:
    """Each of `SUMMARIES` of a scalar over the measured steps; none if it diverged."""
    measured = np.array([]) if has_diverged(column) else column[~np.isnan(column)]
    return {name: of(measured) for name, of in SUMMARIES.items()} if len(measured) else {}


def rises(scalar: str) -> bool:
    """Whether the highest value of a scalar is the best."""
    return scalar.rpartition(".")[2] in RISING


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Problem("{text} is no number", text=text)
    return number
