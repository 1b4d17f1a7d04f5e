"""What every optimizer shares: its hyperparameters, and its rule as it is shown to a learner.

An optimizer is a frozen record of hyperparameters with a pure function

    (x, gradient, state)  →  (x, state)

in plain arithmetic, coordinate by coordinate. So the same line of code works for a Python float, for 65,536
starts at once, and for all the weights of a network (in their own dtype). The state has a name for every
quantity of the step. The rule's `equations` say how each is computed, once in LaTeX and once as arithmetic
with those names; a test compares the arithmetic with what `update` does.

Reference: Goodfellow, Bengio and Courville, "Deep Learning", 2016, chapter 8.
"""

import math
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from engine.config import Tagged, When, always, number, plain

FloatArray = NDArray[np.floating[Any]]
T = TypeVar("T", float, FloatArray)

LearningRate = Annotated[
    float,
    number(
        "Learning rate", "How far one step goes.", symbol="η", gt=0, le=1000, scale="log", soft=(1e-5, 10)
    ),
]
Beta = Annotated[
    float,
    number("Momentum factor", "How much of the last velocity is kept at each step.", symbol="β", ge=0, lt=1),
]
Beta1 = Annotated[
    float,
    number("Memory of the gradient", "Weight of the past in the running mean.", symbol="β₁", ge=0, lt=1),
]
Beta2 = Annotated[
    float,
    number(
        "Memory of its square",
        "Weight of the past in the running mean of the squared gradient.",
        symbol="β₂",
        ge=0,
        lt=1,
    ),
]
Epsilon = Annotated[
    float,
    number("Epsilon", "Prevents a division by zero.", symbol="ε", gt=0, le=1, scale="log", more=True),
]
BiasCorrection = Annotated[
    bool,
    plain("Bias correction", "Divide by the sum of the weights so far: the mean began at zero.", more=True),
]


class Equation(NamedTuple):
    """One line of a rule: `result` = `numbers`.

    `latex` is the line in LaTeX. `numbers` is the same line as arithmetic (with `max`, `sign`, and `@` for
    vectors). It uses the hyperparameters, `x` and `gradient` before the step, `t` from 1, and the fields of
    the state: after the step, or with the prefix `old_` before it. It is empty if the line stands for a
    whole procedure. `result` is the field that is computed, or "x". `when` says for which hyperparameters
    the line is part of the rule.
    """

    latex: str
    numbers: str
    result: str
    when: When = always


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


class GradientRule(UpdateRule, frozen=True):
    """Base of the optimizers that need only the gradient at x and treat each coordinate separately."""

    state_type: ClassVar[Any]

    def start(self, x: T) -> Any:
        """Return the state before the first step: zeros shaped like x, and t = 0."""
        fields = self.state_type._fields
        return self.state_type(*(0 if name == "t" else zeros(x) for name in fields))

    def update(self, x: T, gradient: T, state: Any) -> tuple[T, Any]:
        """Take one step from x, where the gradient is `gradient`; return the new x and the new state."""
        raise NotImplementedError


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


@overload
def sign(x: float) -> float: ...
@overload
def sign(x: FloatArray) -> FloatArray: ...
def sign(x: Any) -> Any:
    """Return −1, 0 or 1, coordinate by coordinate; NaN stays NaN."""
    if isinstance(x, float):
        return math.copysign(1.0, x) if x and x == x else x
    return np.sign(x)
