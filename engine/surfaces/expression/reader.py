"""The user's own formula in x and y: from the text to value, gradient and Hessian; it is never run as code.

`parser` reads it, `derivatives` differentiates it, `tape` evaluates it, step by step. Every error is a
`Problem` whose `where` is the column, from 1.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.surfaces.expression.derivatives import gradient
from engine.surfaces.expression.parser import Parser
from engine.surfaces.expression.tape import Tape
from engine.surfaces.expression.tokens import tokens_of

FloatArray = NDArray[np.floating[Any]]
Real = TypeVar("Real", float, FloatArray)

MAX_LENGTH = 300
MAX_STEPS = 2000


@dataclass(frozen=True)
class Expression:
    """A formula: `text` as the user typed it, `latex` as it was read.

    It takes two floats, or arrays that broadcast. Where it has no finite value it gives NaN (a hole in the
    surface), without an exception or a warning.
    """

    text: str
    latex: str
    _tape: Tape = field(repr=False, compare=False)

    def value(self, x: Real, y: Real) -> Real:
        """Return f(x, y)."""
        value: Real
        (value,) = self._run(0, x, y)
        return value

    def gradient(self, x: Real, y: Real) -> tuple[Real, Real]:
        """Return (∂f/∂x, ∂f/∂y), exact up to rounding."""
        _, gx, gy = self._run(1, x, y)
        return gx, gy

    def hessian(self, x: Real, y: Real) -> tuple[Real, Real, Real]:
        """Return (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²), exact up to rounding."""
        _, _, _, hxx, hxy, hyy = self._run(2, x, y)
        return hxx, hxy, hyy

    def _run(self, stage: int, x: Any, y: Any) -> Any:
        """Return f (stage 0), with its first derivatives (1), and with the second ones (2)."""
        at_point = type(x) is type(y) is float
        return self._tape.at_point(stage, x, y) if at_point else self._tape.over_arrays(stage, x, y)


def of_field(problem: Problem, field: str) -> Problem:
    """The problem of a formula as one of a config's `field`; its value `column` says where in the formula."""
    return Problem(problem.sentence, where=field, **{"column": problem.where, **problem.values})


def parse(text: str) -> Expression:
    """Read a formula and differentiate it twice.

    Raises:
        Problem: with `where` the column of what is wrong, for every text that is not such a formula.
    """
    if len(text) > MAX_LENGTH:
        problem = "The expression has {length} characters; at most {limit} are allowed."
        raise Problem(problem, where=str(MAX_LENGTH + 1), length=len(text), limit=MAX_LENGTH)
    root, shown = Parser(tokens_of(text)).read()
    dx, dy = gradient(root)
    (dxx, dxy), (_, dyy) = gradient(dx), gradient(dy)
    tape = Tape([(root,), (dx, dy), (dxx, dxy, dyy)])
    if len(tape) > MAX_STEPS:
        raise Problem("The second derivatives of this expression are too long; simplify it.", where="1")
    return Expression(text, shown.latex, tape)
