"""What every operation of a formula computes, on a float and on an array, alike where it has no value.

    sign(NaN) = max(1, NaN) = NaN     σ(u) = 1/(1 + e⁻ᵘ)     sech u = 2/(eᵘ + e⁻ᵘ)     softplus u = ln(1 + eᵘ)

None of them overflows on the way to a result that does not. A power with an odd denominator, u^(p/q), is
the real root for u < 0: `odd power`, sign(u)·|u|^(p/q), where p is odd too, and else `even power`, |u|^(p/q).

Reference: Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
"""

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Operation(NamedTuple):
    """What an operation computes, on floats and on arrays."""

    scalar: Callable[..., float]
    array: Callable[..., Any]


def _sign(u: float) -> float:
    return 1.0 if u > 0.0 else -1.0 if u < 0.0 else 0.0 if u == 0.0 else u


def _step(u: float) -> float:
    """Return 1 where u > 0 and 0 elsewhere: the slope of relu, taken as 0 at the kink."""
    return 1.0 if u > 0.0 else 0.0 if u <= 0.0 else u


def _lesser(u: float, v: float) -> float:
    return u if u <= v or u != u else v


def _greater(u: float, v: float) -> float:
    return u if u >= v or u != u else v


def _sigmoid(u: float) -> float:
    e = math.exp(-abs(u))
    return 1.0 / (1.0 + e) if u >= 0.0 else e / (1.0 + e)


def _sigmoid_array(u: Any) -> Any:
    e = np.exp(-np.abs(u))
    return np.where(u >= 0.0, 1.0, e) / (1.0 + e)


def _sech(u: float) -> float:
    e = math.exp(-abs(u))
    return 2.0 * e / (1.0 + e * e)


def _sech_array(u: Any) -> Any:
    e = np.exp(-np.abs(u))
    return 2.0 * e / (1.0 + e * e)


def _softplus(u: float) -> float:
    return _greater(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _softplus_array(u: Any) -> Any:
    return np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u)))


def _logaddexp(u: float, v: float) -> float:
    """Return ln(eᵘ + eᵛ)."""
    return _greater(u, v) + (math.log1p(math.exp(-abs(u - v))) if u != v else math.log(2.0))


def _logcosh(u: float) -> float:
    """Return ln cosh u; near 0 by cosh u = 1 + 2 sinh²(u/2), which loses no digits."""
    a = abs(u)
    return (
        math.log1p(2.0 * math.sinh(0.5 * a) ** 2) if a < 1.0 else a + math.log1p(math.expm1(-2.0 * a) / 2.0)
    )


def _logcosh_array(u: Any) -> Any:
    a = np.abs(u)
    near, far = np.log1p(2.0 * np.sinh(0.5 * np.minimum(a, 1.0)) ** 2), a + np.log1p(0.5 * np.expm1(-2.0 * a))
    return np.where(a < 1.0, near, far)


COMPUTE: dict[str, Operation] = {
    "+": Operation(operator.add, operator.add),
    "-": Operation(operator.sub, operator.sub),
    "*": Operation(operator.mul, operator.mul),
    "/": Operation(operator.truediv, np.divide),
    "**": Operation(math.pow, operator.pow),
    "odd power": Operation(
        lambda u, v: math.copysign(math.pow(abs(u), v), u), lambda u, v: np.copysign(np.abs(u) ** v, u)
    ),
    "even power": Operation(lambda u, v: math.pow(abs(u), v), lambda u, v: np.abs(u) ** v),
    "negative": Operation(operator.neg, operator.neg),
    "sin": Operation(math.sin, np.sin),
    "cos": Operation(math.cos, np.cos),
    "tan": Operation(math.tan, np.tan),
    "asin": Operation(math.asin, np.arcsin),
    "acos": Operation(math.acos, np.arccos),
    "atan": Operation(math.atan, np.arctan),
    "sinh": Operation(math.sinh, np.sinh),
    "cosh": Operation(math.cosh, np.cosh),
    "tanh": Operation(math.tanh, np.tanh),
    "sech": Operation(_sech, _sech_array),
    "exp": Operation(math.exp, np.exp),
    "log": Operation(math.log, np.log),
    "log2": Operation(math.log2, np.log2),
    "log10": Operation(math.log10, np.log10),
    "sqrt": Operation(math.sqrt, np.sqrt),
    "abs": Operation(math.fabs, np.abs),
    "sign": Operation(_sign, np.sign),
    "step": Operation(_step, lambda u: np.heaviside(u, 0.0)),
    "relu": Operation(lambda u: _greater(u, 0.0), lambda u: np.maximum(u, 0.0)),
    "sigmoid": Operation(_sigmoid, _sigmoid_array),
    "softplus": Operation(_softplus, _softplus_array),
    "logaddexp": Operation(_logaddexp, np.logaddexp),
    "logcosh": Operation(_logcosh, _logcosh_array),
    "min": Operation(_lesser, np.minimum),
    "max": Operation(_greater, np.maximum),
}
