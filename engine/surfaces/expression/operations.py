"""What every operation of a formula computes, on floats and on arrays, with NaN where it has no value.

    sign(NaN) = max(1, NaN) = NaN     σ(u) = 1/(1 + e⁻ᵘ)     sech u = 2/(eᵘ + e⁻ᵘ)     softplus u = ln(1 + eᵘ)
    angle(u, v) = arctan(u/v)     cosine(u, v) = u/√(u² + v²)     fade(p, u) = p·u, or 0 where p is 0

No intermediate value overflows if the result is finite. A power u^(p/q) with an odd q is the real root for
u < 0: "odd power", sign(u)·|u|^(p/q), if p is odd too; otherwise "even power", |u|^(p/q).

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
    """Return 1, −1 or 0; NaN for NaN."""
    return 1.0 if u > 0.0 else -1.0 if u < 0.0 else 0.0 if u == 0.0 else u


def _step(u: float) -> float:
    """Return 1 where u > 0 and 0 elsewhere: the slope of relu, taken as 0 at the kink."""
    return 1.0 if u > 0.0 else 0.0 if u <= 0.0 else u


def _lesser(u: float, v: float) -> float:
    """Return the smaller one; NaN if either is NaN."""
    return u if u <= v or math.isnan(u) else v


def _greater(u: float, v: float) -> float:
    """Return the larger one; NaN if either is NaN."""
    return u if u >= v or math.isnan(u) else v


def _sigmoid(u: float) -> float:
    """Return σ(u), by an exponential that is at most 1."""
    e = math.exp(-abs(u))
    return 1.0 / (1.0 + e) if u >= 0.0 else e / (1.0 + e)


def _sigmoid_array(u: Any) -> Any:
    e = np.exp(-np.abs(u))
    return np.where(u >= 0.0, 1.0, e) / (1.0 + e)


def _sech(u: float) -> float:
    """Return 1/cosh u, by an exponential that is at most 1."""
    e = math.exp(-abs(u))
    return 2.0 * e / (1.0 + e * e)


def _sech_array(u: Any) -> Any:
    e = np.exp(-np.abs(u))
    return 2.0 * e / (1.0 + e * e)


def _softplus(u: float) -> float:
    """Return ln(1 + eᵘ), by an exponential that is at most 1."""
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


def _has_zeros(u: Any) -> bool:
    """Whether an entry of `u` is 0; counting is faster than `np.where`, which is then often not needed."""
    return bool(np.count_nonzero(u) < np.size(u))


def _quotient(u: Any, v: Any) -> Any:
    """Return u/v; NaN where v is 0."""
    quotient = np.divide(u, v)
    return np.where(np.equal(v, 0.0), np.nan, quotient) if _has_zeros(v) else quotient


def _power(u: Any, v: Any) -> Any:
    """Return u**v; 0⁻¹ is NaN, like 1/0, and 0⁻² is infinite."""
    power = u**v
    if (isinstance(v, float) and v >= 0.0) or not _has_zeros(u):
        return power
    return np.where(np.equal(u, 0.0) & np.less(v, 0.0) & np.not_equal(np.mod(v, 2.0), 0.0), np.nan, power)


def _odd_power(u: Any, v: float) -> Any:
    """Return sign(u)·|u|ᵛ; NaN at u = 0 for v < 0, where the two sides have different signs."""
    power = np.copysign(np.abs(u) ** v, u)
    return np.where(np.equal(u, 0.0), np.nan, power) if v < 0.0 and _has_zeros(u) else power


def _fade(small: float, u: float) -> float:
    """Return small·u, and 0 where `small` is 0, even if u is infinite or NaN."""
    return small * u if small != 0.0 else 0.0


def _fade_array(small: Any, u: Any) -> Any:
    product = small * u
    return np.where(np.equal(small, 0.0), 0.0, product) if _has_zeros(small) else product


def _power_log(u: float, v: float) -> float:
    """Return ln(u)·uᵛ, with its limit 0 at u = 0 for v > 0."""
    return 0.0 if u == 0.0 and v > 0.0 else math.log(u) * math.pow(u, v)


def _power_log_squared(u: float, v: float) -> float:
    """Return (ln u)²·uᵛ, with its limit 0 at u = 0 for v > 0."""
    return 0.0 if u == 0.0 and v > 0.0 else math.log(u) ** 2 * math.pow(u, v)


def _zero_at_zero(product: Any, u: Any, v: Any) -> Any:
    """Return a product of uᵛ and powers of ln u, with its limit 0 at u = 0 for v > 0."""
    return np.where(np.equal(u, 0.0) & np.greater(v, 0.0), 0.0, product) if _has_zeros(u) else product


COMPUTE: dict[str, Operation] = {
    "+": Operation(operator.add, operator.add),
    "-": Operation(operator.sub, operator.sub),
    "*": Operation(operator.mul, operator.mul),
    "/": Operation(operator.truediv, _quotient),
    "over": Operation(operator.truediv, np.divide),
    "fade": Operation(_fade, _fade_array),
    "**": Operation(math.pow, _power),
    "power log": Operation(_power_log, lambda u, v: _zero_at_zero(np.log(u) * np.power(u, v), u, v)),
    "power log squared": Operation(
        _power_log_squared, lambda u, v: _zero_at_zero(np.log(u) ** 2 * np.power(u, v), u, v)
    ),
    "odd power": Operation(lambda u, v: math.copysign(math.pow(abs(u), v), u), _odd_power),
    "even power": Operation(lambda u, v: math.pow(abs(u), v), lambda u, v: np.abs(u) ** v),
    "negative": Operation(operator.neg, operator.neg),
    "sin": Operation(math.sin, np.sin),
    "cos": Operation(math.cos, np.cos),
    "tan": Operation(math.tan, np.tan),
    "asin": Operation(math.asin, np.arcsin),
    "acos": Operation(math.acos, np.arccos),
    "atan": Operation(math.atan, np.arctan),
    "angle": Operation(lambda u, v: math.atan(u / v), lambda u, v: np.arctan(_quotient(u, v))),
    "angle over": Operation(lambda u, v: math.atan(u / v), lambda u, v: np.arctan(np.divide(u, v))),
    "hypot": Operation(math.hypot, np.hypot),
    "cosine": Operation(lambda u, v: u / math.hypot(u, v), lambda u, v: np.divide(u, np.hypot(u, v))),
    "sinh": Operation(math.sinh, np.sinh),
    "cosh": Operation(math.cosh, np.cosh),
    "tanh": Operation(math.tanh, np.tanh),
    "sech": Operation(_sech, _sech_array),
    "exp": Operation(math.exp, np.exp),
    "expm1": Operation(math.expm1, np.expm1),
    "log1p": Operation(math.log1p, np.log1p),
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
