"""The questions of a lesson. They are checked against the numbers of the run, never against clicks.

    choose      one or several of the answers in the text
    number      type a number: what a formula over the run gives, within a tolerance
    reach       bring the run into a state: a condition that is false at first
    draw        sketch the curve that is expected; then the run shows it, and how far apart they are
    reveal      think first; the answer is shown when it is asked for, and nothing is checked

A number or a state is written in the language of `engine.lessons.condition`.
"""

import math
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Config, Problem
from engine.lessons.condition import Condition, parse
from engine.lessons.condition_parts import Facts

Floats = NDArray[np.float64]


class LessonQuestion(Config, frozen=True, tag_field="kind"):
    """Base of the questions."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything in it that is asked of the run."""
        return ()


class ChooseQuestion(LessonQuestion, frozen=True, tag="choose"):
    """Choose among the answers that stand in the text."""


class NumberQuestion(LessonQuestion, frozen=True, tag="number"):
    """Type a number. Right is what is within the larger of two tolerances of the value.

    `value` is a number, or one in the language of conditions, taken at the step on the screen.
    """

    value: str
    relative: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.01
    absolute: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    unit: str = ""

    def __post_init__(self) -> None:
        _parsed(self.value, "value")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its value."""
        return (parse(self.value),)

    def right(self, facts: Facts) -> float | None:
        """The number that is right now; None where the run does not tell it yet."""
        value = parse(self.value).value(facts)
        return float(value) if isinstance(value, float | int) else None

    def accepts(self, answer: float, facts: Facts) -> bool:
        """Whether a number is near enough: |answer − value| ≤ max(absolute, relative·|value|)."""
        value = self.right(facts)
        if value is None:
            return False
        if not math.isfinite(value):
            return answer == value or (math.isnan(answer) and math.isnan(value))
        rounding = 1e-12 * abs(value)  # what is typed and what is computed are rounded differently
        return abs(answer - value) <= max(self.absolute, self.relative * abs(value)) + rounding


class Solution(Config, frozen=True):
    """One way to reach a state: settings by their paths, and the step to look at (empty: the last)."""

    settings: dict[str, Any] = {}
    step: Annotated[int, msgspec.Meta(ge=0)] | None = None


class ReachQuestion(LessonQuestion, frozen=True, tag="reach"):
    """Bring the run into a state; it counts as soon as the condition holds.

    With a solution a handout can tell it, and a check holds that the state can be reached.
    """

    until: str
    solution: Solution | None = None

    def __post_init__(self) -> None:
        _parsed(self.until, "until")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The state."""
        return (parse(self.until),)

    def accepts(self, facts: Facts) -> bool:
        """Whether the state is reached."""
        return parse(self.until).holds(facts)


class DrawQuestion(LessonQuestion, frozen=True, tag="draw"):
    """Sketch a scalar over the steps; right is a sketch whose distance is at most `within`."""

    scalar: str
    steps: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 100
    low: float = 0.0
    high: float = 1.0
    within: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.15

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise Problem("Must be greater than {bound}", where="high", bound=self.low)

    def distance(self, sketch: Floats, curve: Floats) -> float:
        """The mean distance of a sketch from the curve, as a fraction of the height high − low.

        Both have a value at the steps 0 … n. Beyond low and high the curve counts as if it were there, where
        the sketch could not follow; steps at which either is unknown do not count. ∞ if none is known.
        """
        n = min(len(sketch), len(curve), self.steps + 1)
        apart = np.abs(np.clip(curve[:n], self.low, self.high) - sketch[:n])
        known = apart[np.isfinite(apart)]
        return float(known.mean()) / (self.high - self.low) if len(known) else math.inf

    def accepts(self, sketch: Floats, curve: Floats) -> bool:
        """Whether the sketch is near enough."""
        return self.distance(sketch, curve) <= self.within


class RevealQuestion(LessonQuestion, frozen=True, tag="reveal"):
    """Think first, then see what is said after the answer."""


AnyQuestion = ChooseQuestion | NumberQuestion | ReachQuestion | DrawQuestion | RevealQuestion


def _parsed(text: str, where: str) -> Condition:
    try:
        return parse(text)
    except Problem as problem:
        raise Problem(problem.sentence, where=f"{where}, {problem.where}", **problem.values) from problem
