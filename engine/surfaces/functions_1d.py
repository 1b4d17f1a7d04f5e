"""Functions on which Newton's method works well, and functions on which it fails, with both derivatives.

    f(x),   f′(x) the slope,   f″(x) how the slope changes

Each curve shows one thing: a parabola is solved in one step; near an ordinary minimum the number of right
digits doubles in each step; at a flat bottom it grows slowly; near a maximum the method goes uphill. At a
stationary point f′ = 0: a minimum, a maximum, or neither. Every derivative is by hand, below its function.

Reference: Nocedal and Wright, "Numerical Optimization", 2nd ed. 2006, chapter 3.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.surfaces.expression.reader import parse
from engine.surfaces.expression.tokens import tokens_of

Array = NDArray[np.floating[Any]]
Formula = Callable[[Array], Array]
SCAN = 2001  # points at which a change of sign of the slope is searched
HALVINGS = 80


@dataclass(frozen=True)
class Function1D:
    """One curve: `value` f, `slope` f′ and `curvature` f″ take arrays of any shape.

    `stationary` are the known points where f′ = 0, `bounds` is the part of x that is drawn, and `start` is a
    good starting point for learning. `plain` is a formula as the user typed it.
    """

    title: str
    latex: str
    value: Formula
    slope: Formula
    curvature: Formula
    stationary: tuple[float, ...]
    bounds: tuple[float, float]
    start: float
    plain: str = ""


FUNCTIONS: dict[str, Function1D] = {
    # Convex everywhere, and f‴ ≠ 0 at its minimum: the error is squared, so the digits double.
    "exponential": Function1D(
        "Digits double",
        r"f=e^x-2x",
        lambda x: np.exp(x) - 2.0 * x,
        lambda x: np.exp(x) - 2.0,
        lambda x: 1.0 * np.exp(x),
        (math.log(2.0),),
        (-1.5, 2.8),
        2.0,
    ),
    # f is its own quadratic model, so the first step reaches the minimum.
    "parabola": Function1D(
        "Parabola",
        r"f=(x-1)^2",
        lambda x: (x - 1.0) ** 2,
        lambda x: 2.0 * (x - 1.0),
        lambda x: np.full_like(x, 2.0),
        (1.0,),
        (-3.0, 5.0),
        -2.0,
    ),
    # Between ±1/√3 the curvature is negative: the parabola opens downward, and Newton goes uphill.
    "double_well": Function1D(
        "Two valleys",
        r"f=\frac{x^4}{4}-\frac{x^2}{2}",
        lambda x: x * x * (0.25 * x * x - 0.5),
        lambda x: x * (x * x - 1.0),
        lambda x: 3.0 * x * x - 1.0,
        (-1.0, 0.0, 1.0),
        (-2.0, 2.0),
        0.35,
    ),
    # Newton goes from 0 to 1 and from 1 to 0, without end; starts near 0 are drawn into this cycle.
    "cycle": Function1D(
        "Cycle",
        r"f=\frac{x^4}{4}-x^2+2x",
        lambda x: x * (0.25 * x * x * x - x + 2.0),
        lambda x: x * x * x - 2.0 * x + 2.0,
        lambda x: 3.0 * x * x - 2.0,
        (-1.7692923542386314,),
        (-2.6, 2.2),
        0.05,
    ),
    # f″ = 0 at the minimum too: after each step 2/3 of the error are left.
    "flat_bottom": Function1D(
        "Flat bottom",
        r"f=x^4",
        lambda x: x * x * x * x,
        lambda x: 4.0 * x * x * x,
        lambda x: 12.0 * x * x,
        (0.0,),
        (-1.6, 1.6),
        1.3,
    ),
    # f′ has a double root at 0. It is neither a minimum nor a maximum, but Newton goes there.
    "double_root": Function1D(
        "Double root of f′",
        r"f=\frac{x^3}{3}",
        lambda x: x * x * x / 3.0,
        lambda x: x * x,
        lambda x: 2.0 * x,
        (0.0,),
        (-1.6, 1.6),
        1.3,
    ),
    # Beyond ±1.0887 each step goes to the other side and farther out. 4e/(1+e)² is 1/cosh².
    "log_cosh": Function1D(
        "Straight sides",
        r"f=\ln\cosh x",
        lambda x: np.abs(x) + np.log1p(np.exp(-2.0 * np.abs(x))) - math.log(2.0),
        lambda x: np.tanh(x),
        lambda x: 4.0 * np.exp(-2.0 * np.abs(x)) / (1.0 + np.exp(-2.0 * np.abs(x))) ** 2,
        (0.0,),
        (-4.0, 4.0),
        1.12,
    ),
    # Beyond ±1 the parabola opens downward: Newton goes away from the minimum and does not come back.
    "well": Function1D(
        "Hole in a plain",
        r"f=-e^{-x^2/2}",
        lambda x: -np.exp(-0.5 * x * x),
        lambda x: x * np.exp(-0.5 * x * x),
        lambda x: (1.0 - x * x) * np.exp(-0.5 * x * x),
        (0.0,),
        (-5.0, 5.0),
        1.5,
    ),
}


def from_text(text: str, reach: float) -> Function1D:
    """Make a curve of a formula in x, shown over −reach … reach, with its stationary points there.

    Where the formula has no value there is NaN.

    Raises:
        Problem: with `where` the column of what is wrong.
    """
    for token in tokens_of(text):
        if token.text == "y":
            raise Problem("Only x may occur in this formula, not y.", where=str(token.column))
    read = parse(text)
    curve = Function1D(
        "Your own expression",
        f"f={read.latex}",
        lambda x: read.value(x, np.zeros_like(x)),
        lambda x: read.gradient(x, np.zeros_like(x))[0],
        lambda x: read.hessian(x, np.zeros_like(x))[0],
        (),
        (-reach, reach),
        0.6 * reach,
        plain=f"f = {text}",
    )
    return replace(curve, stationary=stationary_points(curve))


def stationary_points(curve: Function1D) -> tuple[float, ...]:
    """Where f′ changes its sign within the bounds, by bisection to the last bit.

    A zero of f′ without a change of sign is not found, nor two zeros that are very close together.
    """
    x = np.linspace(*curve.bounds, SCAN)
    slope = curve.slope(x)
    found = x[slope == 0].tolist()
    known, signs = np.isfinite(slope), np.sign(slope)  # the product of two slopes could overflow
    turns = np.flatnonzero(known[:-1] & known[1:] & (signs[:-1] * signs[1:] < 0))
    low, high, sign = x[turns], x[turns + 1], np.sign(slope[turns])
    for _ in range(HALVINGS if len(turns) else 0):
        middle = 0.5 * (low + high)
        before = curve.slope(middle) * sign > 0
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    jump = np.abs(curve.slope(low)) > 1e-3 * (1.0 + np.abs(slope[turns]))  # f′ jumps over 0: a kink or a pole
    return tuple(sorted(found + high[~jump].tolist()))
