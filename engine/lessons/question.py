"""The questions of a lesson. They are checked against the numbers of the run, never against clicks.

    choose      one or several of the answers in the text
    number      type a number: the value of a formula over the run, within a tolerance
    reach       bring the run into a state: a condition that is false at first
    draw        sketch the expected curve; then the real curve is shown, and the distance between them
    reveal      think first; the answer is shown on request, and nothing is checked

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
        """All conditions in it."""
        return ()


class ChooseQuestion(LessonQuestion, frozen=True, tag="choose"):
    """Choose among the answers in the text."""


class NumberQuestion(LessonQuestion, frozen=True, tag="number"):
    """Type a number. It is right if it differs from the value by at most the larger of two tolerances.

    `value` is a number, or one in the language of conditions, taken at the step on the screen. `unit` is one
    text for all languages, or has one for each of them, as in: question.unit.zh_CN = "比特".
    """

    value: str
    relative: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.01
    absolute: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    unit: str | dict[str, str] = ""

    def __post_init__(self) -> None:
        _parsed(self.value, "value")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its value."""
        return (parse(self.value),)

    def unit_in(self, language: str) -> str:
        """The unit in a language; where it is not there, in the first that is."""
        if isinstance(self.unit, str):
            return self.unit
        return self.unit.get(language) or next(iter(self.unit.values()), "")

    def right(self, facts: Facts) -> float | None:
        """The right number; None if the run does not know it yet."""
        value = parse(self.value).value(facts)
        return float(value) if isinstance(value, float | int) else None

    def accepts(self, answer: float, facts: Facts) -> bool:
        """Whether a number is near enough: |answer − value| ≤ max(absolute, relative·|value|)."""
        value = self.right(facts)
        if value is None:
            return False
        if not math.isfinite(value):
            return answer == value or (math.isnan(answer) and math.isnan(value))
        rounding = 1e-12 * abs(value)  # typed and computed numbers are rounded differently
        return abs(answer - value) <= max(self.absolute, self.relative * abs(value)) + rounding


class Solution(Config, frozen=True):
    """One way to reach a state: settings by their paths, and the step to look at (empty: the last)."""

    settings: dict[str, Any] = {}
    step: Annotated[int, msgspec.Meta(ge=0)] | None = None


class ReachQuestion(LessonQuestion, frozen=True, tag="reach"):
    """Bring the run into a state; the answer is right as soon as the condition holds.

    A solution can be printed in a handout, and a check tests that it reaches the state.
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
    """Sketch a scalar over the steps; the sketch is right if its distance is at most `within`."""

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

        Both have a value at the steps 0 … n. The curve is limited to the range from low to high, because the
        sketch cannot leave it. Steps at which either is unknown are left out; ∞ if none is left.
        """
        n = min(len(sketch), len(curve), self.steps + 1)
        apart = np.abs(np.clip(curve[:n], self.low, self.high) - sketch[:n])
        known = apart[np.isfinite(apart)]
        return float(known.mean()) / (self.high - self.low) if len(known) else math.inf

    def accepts(self, sketch: Floats, curve: Floats) -> bool:
        """Whether the sketch is near enough."""
        return self.distance(sketch, curve) <= self.within


class RevealQuestion(LessonQuestion, frozen=True, tag="reveal"):
    """Think first, then see the text after the answer."""


AnyQuestion = ChooseQuestion | NumberQuestion | ReachQuestion | DrawQuestion | RevealQuestion


def _parsed(text: str, where: str) -> Condition:
    try:
        return parse(text)
    except Problem as problem:
        raise Problem(problem.sentence, where=f"{where}, {problem.where}", **problem.values) from problem
