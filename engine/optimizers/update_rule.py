"""What every optimizer shares: its hyperparameters, and its rule as it is shown to a learner.

An optimizer is a frozen record of hyperparameters with a pure function

    (x, gradient, state)  →  (x, state)

in plain arithmetic, coordinate by coordinate. So the same line of code works for a Python float, for 65,536
starts at once, and for all the weights of a network (in their own dtype). The state has a name for every
quantity of the step. The rule's `equations` say how each is computed, once in LaTeX and once as arithmetic
with those names; a test compares the arithmetic with what `update` does.

A rule of one gradient is written for a given learning rate, in `step`. `update` calls it with η_t, that of
step t, which follows the rule's schedule; so every rule can have every schedule.

A hyperparameter that is declared `live` may change between two steps: then another record of the same rule
takes the state over (`UpdateRule.taken_over`).

Reference: Goodfellow, Bengio and Courville, "Deep Learning", 2016, chapter 8.
"""

import math
import re
from collections.abc import Iterator
from itertools import count, repeat
from typing import Annotated, Any, ClassVar, TypeVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Tagged, number, plain
from engine.optimizers.equation import Equation
from engine.optimizers.schedules import ConstantRate, Schedule, schedule_field

FloatArray = NDArray[np.floating[Any]]
T = TypeVar("T", float, FloatArray)

LearningRate = Annotated[
    float,
    number(
        "Learning rate",
        "How far one step goes.",
        symbol="η",
        gt=0,
        le=1000,
        scale="log",
        soft=(1e-5, 10),
        live=True,
    ),
]
Beta = Annotated[
    float,
    number(
        "Momentum factor",
        "How much of the last velocity is kept at each step.",
        symbol="β",
        ge=0,
        lt=1,
        live=True,
    ),
]
Beta1 = Annotated[
    float,
    number(
        "First-moment decay", "Weight of the past in the running mean.", symbol="β₁", ge=0, lt=1, live=True
    ),
]
Beta2 = Annotated[
    float,
    number(
        "Second-moment decay",
        "Weight of the past in the running mean of the squared gradient.",
        symbol="β₂",
        ge=0,
        lt=1,
        live=True,
    ),
]
Epsilon = Annotated[
    float,
    number(
        "Epsilon", "Prevents a division by zero.", symbol="ε", gt=0, le=1, scale="log", more=True, live=True
    ),
]
BiasCorrection = Annotated[
    bool,
    plain(
        "Bias correction",
        "Divide by the sum of the weights so far: the mean began at zero.",
        more=True,
        live=True,
    ),
]


class OptimizerState(msgspec.Struct, frozen=True, gc=False):
    """Base of what an optimizer keeps from one step to the next: `t`, the number of steps, and other numbers.

    Each is a float, or an array shaped like x. Every step makes a new state: this is a kind of record that
    Python makes quickly, and one thing less for its garbage collector.
    """


class UpdateRule(Tagged, frozen=True):
    """Base of every optimizer: its name and the equations of one step, in order."""

    title: ClassVar[str]
    family: ClassVar[str]  # "plain", "momentum", "per-coordinate", "adam" or "second order"
    meaning: ClassVar[str]
    rule: ClassVar[tuple[Equation, ...]]

    @property
    def name(self) -> str:
        """Its key in the table of optimizers and in sessions."""
        return str(self.__struct_config__.tag)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of one step that apply for these hyperparameters, in order."""
        return tuple(line for line in self.rule if line.when(self))

    def equations_at(self, t: int) -> tuple[Equation, ...]:
        """The equations of step t; for some rules the first steps have other equations."""
        return tuple(line for line in self.equations if line.at(self, t))

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate."""
        return True

    @property
    def hyperparameters(self) -> tuple[str, ...]:
        """The names of its settings in the equations."""
        return self.__struct_fields__

    def settings(self, t: int) -> dict[str, Any]:
        """The numbers of step t that the rule knows without the gradient, by their names in the equations."""
        return msgspec.structs.asdict(self)

    def taken_over(self, x: Any, state: Any) -> Any:
        """The state with which this rule goes on at x, from a state of the same rule with other settings.

        All means and sums stay the same, and so does t, the number of steps: after a change of β, 1 − βᵗ is
        no longer exactly the sum of the weights; after a change of the schedule, its factor is that of step
        t.
        """
        return state


class GradientRule(UpdateRule, frozen=True, kw_only=True):
    """Base of the optimizers that need only the gradient at x and treat each coordinate separately."""

    learning_rate: LearningRate = 0.01
    schedule: Annotated[Schedule, schedule_field()] = ConstantRate()

    state_type: ClassVar[Any]

    def start(self, x: T) -> Any:
        """Return the state before the first step: zeros shaped like x, and t = 0."""
        fields = self.state_type.__struct_fields__
        return self.state_type(*(0 if name == "t" else zeros(x) for name in fields))

    def rate(self, t: int) -> float:
        """η_t, the learning rate of step t = 1, 2, …: η times the factor of the schedule."""
        if self.schedule.constant:
            return self.learning_rate
        return self.learning_rate * self.schedule.factor(t)

    def rates(self, first: int) -> Iterator[float]:
        """η_t for t = first, first + 1, …, without end."""
        return repeat(self.learning_rate) if self.schedule.constant else map(self.rate, count(first))

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate."""
        return self.schedule.constant

    def update(self, x: T, gradient: T, state: Any) -> tuple[T, Any]:
        """Take one step from x; return the new x and the new state.

        x, the gradient at x and every array of the state have the same shape.
        """
        return self.step(x, gradient, state, self.rate(state.t + 1))

    def step(self, x: T, gradient: T, state: Any, rate: float) -> tuple[T, Any]:
        """Take one step with the learning rate `rate`: the arithmetic of the rule."""
        raise NotImplementedError

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of one step; with a schedule, first how η_t follows from η."""
        lines = super().equations
        if self.schedule.constant:
            return lines
        return (
            *self.schedule.equations,
            *(
                line._replace(
                    latex=self.with_schedule(line.latex),
                    numbers=re.sub(r"\blearning_rate\b", "scheduled_rate", line.numbers),
                )
                for line in lines
            ),
        )

    def numbers_kept(self, coordinates: int) -> int:
        """How many numbers it keeps from one step to the next, besides x: those with `old_` in its
        equations.
        """
        x = np.ones(coordinates)
        _, state = self.update(x, x, self.start(x))
        old = {name for line in self.equations for name in re.findall(r"\bold_(\w+)", line.numbers)}
        return sum(int(np.size(getattr(state, name))) for name in old)

    def with_schedule(self, latex: str) -> str:
        """LaTeX with η_t instead of η, if there is a schedule; a learning rate that the rule computes is
        then η̃_t.
        """
        if self.schedule.constant:
            return latex
        own = r"\tilde{\eta}_t"
        return re.sub(r"\\eta(_t)?(?![a-z^])", lambda found: own if found[1] else r"\eta_t", latex)

    @property
    def hyperparameters(self) -> tuple[str, ...]:
        """The names of its settings in the equations, and of those of its schedule."""
        return self.__struct_fields__ + self.schedule.__struct_fields__

    def settings(self, t: int) -> dict[str, Any]:
        """The hyperparameters, and with a schedule its own, its factor and η_t at step t."""
        found = super().settings(t)
        return found | self.schedule.values(t) | {"scheduled_rate": self.rate(t)}


def zeros(x: T) -> T:
    """Return 0 in the shape and dtype of x."""
    return 0.0 if isinstance(x, float | int) else np.zeros_like(x)


@overload
def larger(a: float, b: float) -> float: ...
@overload
def larger(a: FloatArray, b: FloatArray) -> FloatArray: ...
def larger(a: Any, b: Any) -> Any:
    """Return the larger of two numbers, coordinate by coordinate (`np.maximum` is slow on a float)."""
    if isinstance(a, float):
        return b if b > a or b != b else a
    return np.maximum(a, b)


def clamped(x: T, low: float, high: float) -> T:
    """Return x, but at least `low` and at most `high`, coordinate by coordinate; NaN stays NaN."""
    return min(max(x, low), high) if isinstance(x, float) else np.clip(x, low, high)


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the condition holds and `no` elsewhere, coordinate by coordinate."""
    if isinstance(condition, np.ndarray):
        return np.where(condition, yes, no)
    return yes if condition else no


@overload
def sign(x: float) -> float: ...
@overload
def sign(x: FloatArray) -> FloatArray: ...
def sign(x: Any) -> Any:
    """Return −1, 0 or 1, coordinate by coordinate; NaN stays NaN."""
    if isinstance(x, float):
        return math.copysign(1.0, x) if x and x == x else x
    return np.sign(x)
