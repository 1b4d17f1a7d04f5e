"""A sum and its parts, and how they are put into words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from gui.look.theme import Stroke
from gui.plots.scale import Range
from gui.plots.ticks import value_text

NEAR = 1e-9  # totals are equal that differ by no more than this share


@dataclass(frozen=True)
class Part:
    """A part of a sum. `value` may be ∞; a negative one hangs down from 0. In little room it is `short`."""

    name: str
    value: float
    stroke: Stroke
    short: str = ""


@dataclass(frozen=True)
class Stack:
    """A sum and its parts, from the bottom up; whatever is infinite comes last."""

    name: str
    parts: Sequence[Part]

    @property
    def total(self) -> float:
        """What the parts sum to."""
        return sum(part.value for part in self.parts)


Way = Callable[[Part], str]  # of telling a part


def same(one: float, other: float) -> bool:
    """Whether two totals are equal but for rounding."""
    return isfinite(one) and isfinite(other) and abs(one - other) <= NEAR * max(1.0, abs(one), abs(other))


def height_of(part: Part) -> float:
    """How high a part is drawn: not at all, unless it is finite and above 0."""
    return part.value if isfinite(part.value) and part.value > 0 else 0.0


def reach_of(stack: Stack) -> Range:
    """How far the finite parts of a stack pile up, below 0 and above it."""
    known = [part.value for part in stack.parts if isfinite(part.value)]
    return sum(value for value in known if value < 0), sum(value for value in known if value > 0)


def words(part: Part) -> str:
    """Name and value."""
    return f"{part.name} {value_text(part.value)}"


def short_words(part: Part) -> str:
    """Short name and value."""
    return f"{part.short or part.name} {value_text(part.value)}"


def brief(part: Part) -> str:
    """Short name and value with two decimals."""
    return f"{part.short or part.name} {rounded(part)}"


def number(part: Part) -> str:
    """The value alone."""
    return value_text(part.value)


def rounded(part: Part) -> str:
    """The value with two decimals."""
    if not isfinite(part.value) or abs(part.value) >= 1e4:
        return value_text(part.value)
    return f"{part.value:.2f}".replace("-", "−")


WAYS: tuple[Way, ...] = (words, short_words, brief, number, rounded)  # the longest first


def foot_of(stack: Stack) -> tuple[str, str]:
    """What stands under a column: its name and its total."""
    return stack.name, value_text(stack.total)
