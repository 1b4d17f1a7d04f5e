"""A sum and its parts, and the texts for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from gui.look.theme import Stroke
from gui.plots.ticks import fixed_text, value_text

NEAR = 1e-9  # totals with at most this relative difference are equal


@dataclass(frozen=True)
class SumPart:
    """A part of a sum, from 0 to ∞; a `gap` is what the parts below it lack of the sum."""

    name: str
    value: float
    stroke: Stroke
    gap: bool = False


@dataclass(frozen=True)
class Stack:
    """A sum and its parts, from the bottom up; infinite parts come last."""

    name: str
    parts: Sequence[SumPart]

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return sum(part.value for part in self.parts)


Way = Callable[[SumPart], str]  # makes the text of a part


def same(one: float, other: float) -> bool:
    """Whether two totals are equal up to rounding."""
    return isfinite(one) and isfinite(other) and abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))


def height_of(part: SumPart) -> float:
    """Return the height of a part: 0 unless it is finite and positive."""
    return part.value if isfinite(part.value) and part.value > 0 else 0.0


def words(part: SumPart) -> str:
    """Return name and value."""
    return f"{part.name} {value_text(part.value)}"


def short_words(part: SumPart) -> str:
    """Return the name, and the value with two decimals."""
    return f"{part.name} {rounded(part)}"


def number(part: SumPart) -> str:
    """Return only the value."""
    return value_text(part.value)


def rounded(part: SumPart) -> str:
    """Return only the value, with two decimals."""
    return fixed_text(part.value, 2)


WAYS: tuple[Way, ...] = (words, short_words, number, rounded)  # the longest first
