"""A sum and its parts, and how they are put into words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from gui.look.theme import Stroke
from gui.plots.ticks import fixed_text, value_text

NEAR = 1e-9  # totals are equal that differ by no more than this share


@dataclass(frozen=True)
class SumPart:
    """A part of a sum, from 0 up to ∞."""

    name: str
    value: float
    stroke: Stroke


@dataclass(frozen=True)
class Stack:
    """A sum and its parts, from the bottom up; whatever is infinite comes last."""

    name: str
    parts: Sequence[SumPart]

    @property
    def total(self) -> float:
        """What the parts sum to."""
        return sum(part.value for part in self.parts)


Way = Callable[[SumPart], str]  # of telling a part


def same(one: float, other: float) -> bool:
    """Whether two totals are equal but for rounding."""
    return isfinite(one) and isfinite(other) and abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))


def height_of(part: SumPart) -> float:
    """How high a part is drawn: not at all, unless it is finite and above 0."""
    return part.value if isfinite(part.value) and part.value > 0 else 0.0


def words(part: SumPart) -> str:
    """Name and value."""
    return f"{part.name} {value_text(part.value)}"


def short_words(part: SumPart) -> str:
    """Name, and the value with two decimals."""
    return f"{part.name} {rounded(part)}"


def number(part: SumPart) -> str:
    """The value alone."""
    return value_text(part.value)


def rounded(part: SumPart) -> str:
    """The value with two decimals."""
    return fixed_text(part.value, 2)


WAYS: tuple[Way, ...] = (words, short_words, number, rounded)  # the longest first
