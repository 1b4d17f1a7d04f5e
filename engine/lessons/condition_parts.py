"""The parts of a condition, and their values; `engine.lessons.condition` reads them from a text."""

import math
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.recording import has_diverged

Column = NDArray[np.float64]
Value = float | str | bool | None  # None: no value (yet)
COMPARISONS: dict[str, Callable[[Any, float], Any]] = {  # of numbers and of columns
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
RUN = ("step", "steps", "ended", "answer")


class Facts(Protocol):
    """The facts that a condition is about: a run at a step, its settings, and the answer."""

    @property
    def step(self) -> int:
        """The step on the screen."""

    def named(self, name: str) -> Value:
        """The value of `steps`, `ended`, `answer`, `settings.…` or `options.…`; None where there is none."""

    def column(self, name: str) -> Column:
        """A scalar at the steps 0 … `step`, [step + 1]; empty where it is not recorded."""


class ConditionNode:
    """A part of a condition."""

    def value(self, facts: Facts) -> Value:
        """Return its value; None where it has none."""
        raise NotImplementedError

    def names(self) -> Iterator[str]:
        """The names in it."""
        return iter(())


@dataclass(frozen=True)
class CompoundNode(ConditionNode):
    """A part that is made of parts."""

    parts: tuple[ConditionNode, ...]

    def names(self) -> Iterator[str]:
        """Those of all parts."""
        for part in self.parts:
            yield from part.names()


@dataclass(frozen=True)
class ConstantValue(ConditionNode):
    """A number, a text, true or false."""

    is_: Value

    def value(self, facts: Facts) -> Value:
        """Return it."""
        return self.is_


@dataclass(frozen=True)
class NamedValue(ConditionNode):
    """A named value of the moment."""

    name: str

    @property
    def is_scalar(self) -> bool:
        """Whether it is a scalar of the recording."""
        return self.name not in RUN and not self.name.startswith(("settings.", "options."))

    def value(self, facts: Facts) -> Value:
        """Return the value at the step on the screen."""
        if self.name == "step":
            return float(facts.step)
        if not self.is_scalar:
            return facts.named(self.name)
        return latest(facts.column(self.name))

    def names(self) -> Iterator[str]:
        """Itself."""
        yield self.name


@dataclass(frozen=True)
class ComparedValues(CompoundNode):
    """Two or more values, each compared with the next: a < b ≤ c."""

    signs: tuple[str, ...]

    def value(self, facts: Facts) -> Value:
        """Whether all hold; false where a value is missing, not a number, or of another kind."""
        values = [part.value(facts) for part in self.parts]
        return all(map(_compared, values, self.signs, values[1:]))


def _compared(left: Value, sign: str, right: Value) -> bool:
    if left is None or right is None or isinstance(left, str) != isinstance(right, str):
        return False
    if isinstance(left, str):
        return sign in ("=", "!=") and (left == right) == (sign == "=")
    unknown = math.isnan(left) or math.isnan(float(right))
    return bool(COMPARISONS[sign](float(left), float(right))) and not unknown


@dataclass(frozen=True)
class LogicalWord(CompoundNode):
    """and, or, not."""

    word: str

    def value(self, facts: Facts) -> Value:
        """Whether it is true; parts without a value count as false."""
        true = [part.value(facts) is True for part in self.parts]
        if self.word == "not":
            return not true[0]
        return all(true) if self.word == "and" else any(true)


@dataclass(frozen=True)
class Calculation(CompoundNode):
    """+, −, ·, /, ^ and the functions of numbers; ∞ and NaN are values like others."""

    function: Callable[..., float]

    def value(self, facts: Facts) -> Value:
        """Return the number; None where a part is missing or no number."""
        values = [part.value(facts) for part in self.parts]
        numbers = [float(value) for value in values if value is not None and not isinstance(value, str)]
        if len(numbers) < len(values):
            return None
        try:
            found = self.function(*numbers)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
        return float(found)


@dataclass(frozen=True)
class OverSteps(ConditionNode):
    """A function of a scalar over the steps from 0 to the one on the screen."""

    function: str
    of: NamedValue
    sign: str = "<"
    argument: ConditionNode = ConstantValue(0.0)

    def value(self, facts: Facts) -> Value:
        """Return it; None before the scalar is known."""
        column, argument = facts.column(self.of.name), self.argument.value(facts)
        if not len(column) or argument is None or isinstance(argument, str):
            return None
        if self.function == "diverged":
            return has_diverged(column)
        known = column[~np.isnan(column)]
        if self.function in ("min", "max"):
            return float(getattr(known, self.function)()) if len(known) else None
        if self.function == "first":
            found = np.flatnonzero(COMPARISONS[self.sign](column, float(argument)))
            return float(found[0]) if len(found) else None
        step = 0 if self.function == "start" else int(argument) if math.isfinite(argument) else -1
        return float(column[step]) if 0 <= step < len(column) else None

    def names(self) -> Iterator[str]:
        """The scalar, and the names in the argument."""
        yield self.of.name
        yield from self.argument.names()


def latest(column: Column) -> float | None:
    """The last value of a scalar; of one that is measured every few steps, the last that was measured."""
    known = column if has_diverged(column) else column[~np.isnan(column)]
    return float(known[-1]) if len(known) else None
