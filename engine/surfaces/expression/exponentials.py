"""Formulas with exponentials that would overflow or lose all digits, rewritten in a safe form.

    ln(eᵃ + eᵇ) = logaddexp(a, b)     ln cosh a = logcosh(a)     eᵃ/(eᵃ + eᵇ) = σ(a − b)     √eᵃ = e^(a/2)
    1 − σ(a) = σ(−a)     u/eᵃ = u·e⁻ᵃ     u/cosh a = u·sech a     sinh a/cosh a = tanh a
    eᵃ − 1 = expm1(a)     ln(1 + a) = log1p(a)     1 − cos a = 2 sin²(a/2)     cosh a − 1 = 2 sinh²(a/2)

Left and right side are the same function. But the second derivative of the left form ln(1 + eˣ),
eˣ/(1 + eˣ) − (eˣ/(1 + eˣ))², is 1 − 1 = 0 in floating point from x = 37 on. The right form gives the correct
σ(x)·σ(−x), for example 1.4·10⁻¹⁶³ at x = 375; Newton's method divides by it. ln(1 − σ(37)) would be ln 0, and
the slope of 1/exp(x²) at 30 would be 0·∞. In the last row, the left forms lose all digits of a small a:
1 − cos(10⁻⁹) would be 0, but is 5·10⁻¹⁹.

Reference: Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
"""

import math

from engine.surfaces.expression.nodes import (
    ONE,
    TWO,
    ZERO,
    Node,
    combine,
    exp,
    number,
    same,
    sech,
    sigmoid,
    sin,
    sinh,
    tanh,
)

LN_OF_BASE = {"log": 1.0, "log2": math.log(2.0), "log10": math.log(10.0)}
ANGLES = {"/": "angle", "over": "angle over"}  # atan of a quotient
HALF = number(0.5)


def rewritten(symbol: str, *arguments: Node) -> Node | None:
    """Return an operation in its safe form, or None if it has none."""
    if all(argument.is_number for argument in arguments):
        return None
    if symbol == "/":
        return _sigmoid_form(*arguments) or _hyperbolic(*arguments) or _times_reciprocal(*arguments)
    if symbol == "atan" and arguments[0].symbol in ANGLES:
        return combine(ANGLES[arguments[0].symbol], *arguments[0].arguments)
    if symbol == "-" and same(arguments[1], ONE):
        return _less_one(arguments[0])
    if symbol == "-" and same(arguments[0], ONE):
        return _one_less(arguments[1])
    if symbol == "+" and any(same(part, -ONE) for part in arguments):
        return _less_one(arguments[1] if same(arguments[0], -ONE) else arguments[0])
    found = logarithm(arguments[0]) if symbol in LN_OF_BASE or symbol == "sqrt" else None
    if found is None:
        return _log1p(arguments[0]) if symbol == "log" else None
    return exp(HALF * found) if symbol == "sqrt" else found / number(LN_OF_BASE[symbol])


def logarithm(node: Node) -> Node | None:
    """Return ln of a node that is made of exponentials and is positive for that reason, or None."""
    if node.is_number:
        return number(math.log(node.number)) if node.number > 0.0 else None
    match node.symbol, node.arguments:
        case "exp", (a,):
            return a
        case "cosh", (a,):
            return combine("logcosh", a)
        case "sigmoid", (a,):
            return -combine("softplus", -a)
        case "**", (base, power) if base.is_number or power.is_number:
            inner = logarithm(base)
            return None if inner is None else power * inner
        case (("+" | "*" | "/" | "over"), (a, b)):
            one, other = logarithm(a), logarithm(b)
            if one is None or other is None:
                return None
            return (
                _sum(one, other) if node.symbol == "+" else one + other if node.symbol == "*" else one - other
            )
    return None


def _sum(a: Node, b: Node) -> Node:
    """Return ln(eᵃ + eᵇ)."""
    if same(a, ZERO) or same(b, ZERO):
        return combine("softplus", b if same(a, ZERO) else a)
    return combine("logaddexp", a, b)


def _sigmoid_form(part: Node, whole: Node) -> Node | None:
    """Return g·eᵃ/(eᵃ + eᵇ), or c/(eᵃ + eᵇ) where one of the two terms is a number, with σ(a − b)."""
    if whole.symbol != "+":
        return None
    one, other = (logarithm(term) for term in whole.arguments)
    if one is None or other is None:
        return None
    factorings = [(number(1.0), part)]
    if part.symbol == "*":
        first, second = part.arguments
        factorings += [(first, second), (second, first)]
    for term, difference in zip(whole.arguments, (one - other, other - one), strict=True):
        for factor, rest in factorings:
            if same(rest, term):
                return factor * sigmoid(difference)
        if part.is_number and term.is_number:
            return number(part.number / term.number) * sigmoid(difference)
    return None


def _hyperbolic(u: Node, v: Node) -> Node | None:
    """Return sinh a/cosh a, or the other way round, by tanh a, which does not overflow."""
    if {u.symbol, v.symbol} != {"sinh", "cosh"} or not same(u.arguments[0], v.arguments[0]):
        return None
    return tanh(*u.arguments) if u.symbol == "sinh" else ONE / tanh(*u.arguments)


def _less_one(u: Node) -> Node | None:
    """Return u − 1 where u may be near 1: eᵃ − 1, aᵇ − 1, cosh a − 1, cos a − 1."""
    if u.symbol == "exp" or (u.symbol == "**" and u.arguments[0].is_number):
        inside = logarithm(u)
        return None if inside is None else combine("expm1", inside)
    if u.symbol in ("cos", "cosh"):
        half = HALF * u.arguments[0]
        return TWO * sinh(half) ** TWO if u.symbol == "cosh" else -(TWO * sin(half) ** TWO)
    return None


def _one_less(u: Node) -> Node | None:
    """Return 1 − u where u may be near 1."""
    if u.symbol == "sigmoid":
        return sigmoid(-u.arguments[0])
    found = _less_one(u)
    return None if found is None else -found


def _log1p(whole: Node) -> Node | None:
    """Return ln(1 + u) as log1p(u), which keeps the digits of a small u."""
    match whole.symbol, whole.arguments:
        case "+", (one, u) if same(one, ONE):
            return combine("log1p", u)
        case "+", (u, one) if same(one, ONE):
            return combine("log1p", u)
        case "-", (one, u) if same(one, ONE):
            return combine("log1p", -u)
    return None


def _times_reciprocal(u: Node, whole: Node) -> Node | None:
    """Return u/v as u·(1/v), where v is eᵃ, cosh a or one of them to a power that is a number."""
    match whole.symbol, whole.arguments:
        case "exp", (a,):
            return u * exp(-a)
        case "cosh", (a,):
            return u * sech(a)
        case "**", (base, power) if power.is_number and power.number > 0.0:
            one = _times_reciprocal(ONE, base)
            return None if one is None else u * combine("**", one, power)
    return None
