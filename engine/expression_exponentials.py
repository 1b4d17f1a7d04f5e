"""Formulas of exponentials that would overflow, or cancel to nothing, in a form that does neither.

    ln(eᵃ + eᵇ) = logaddexp(a, b)     ln cosh a = logcosh(a)     eᵃ/(eᵃ + eᵇ) = σ(a − b)     √eᵃ = e^(a/2)
    1 − σ(a) = σ(−a)     u/eᵃ = u·e⁻ᵃ     u/cosh a = u·sech a

The left sides and the right are the same function. But the second derivative of ln(1 + eˣ) on the left,
eˣ/(1 + eˣ) − (eˣ/(1 + eˣ))², is 1 − 1 = 0 in floating point from x = 37 on; on the right it is
σ(x)·σ(−x) = 1.4·10⁻¹⁶³ at x = 375, as it should be. Newton's method divides by it. ln(1 − σ(37)) would be
ln 0, and the slope of 1/exp(x²) at 30 would be 0·∞.

Reference: Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
"""

import math

from engine.expression_nodes import ONE, ZERO, Node, combine, exp, number, sigmoid

PER = {"log": 1.0, "log2": math.log(2.0), "log10": math.log(10.0)}


def rewritten(symbol: str, *arguments: Node) -> Node | None:
    """Return an operation in its better form, or None where it has none."""
    if all(argument.is_number for argument in arguments):
        return None
    if symbol == "/":
        return _share(*arguments) or _times_reciprocal(*arguments)
    if symbol == "-" and arguments[1].symbol == "sigmoid" and _same(arguments[0], ONE):
        return sigmoid(-arguments[1].arguments[0])
    found = logarithm(arguments[0]) if symbol in PER or symbol == "sqrt" else None
    if found is None:
        return None
    return exp(number(0.5) * found) if symbol == "sqrt" else found / number(PER[symbol])


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
        case (("+" | "*" | "/"), (a, b)):
            one, other = logarithm(a), logarithm(b)
            if one is None or other is None:
                return None
            return (
                _sum(one, other) if node.symbol == "+" else one + other if node.symbol == "*" else one - other
            )
    return None


def _sum(a: Node, b: Node) -> Node:
    """Return ln(eᵃ + eᵇ)."""
    if _same(a, ZERO) or _same(b, ZERO):
        return combine("softplus", b if _same(a, ZERO) else a)
    return combine("logaddexp", a, b)


def _share(part: Node, whole: Node) -> Node | None:
    """Return g·eᵃ/(eᵃ + eᵇ), or c/(eᵃ + eᵇ) where one of the two terms is a number, with σ(a − b)."""
    if whole.symbol != "+":
        return None
    one, other = (logarithm(term) for term in whole.arguments)
    if one is None or other is None:
        return None
    halves = [(number(1.0), part)]
    if part.symbol == "*":
        first, second = part.arguments
        halves += [(first, second), (second, first)]
    for term, share in zip(whole.arguments, (one - other, other - one), strict=True):
        for factor, rest in halves:
            if _same(rest, term):
                return factor * sigmoid(share)
        if part.is_number and term.is_number:
            return number(part.number / term.number) * sigmoid(share)
    return None


def _times_reciprocal(u: Node, whole: Node) -> Node | None:
    """Return u/v as u·(1/v), where v is eᵃ, cosh a or one of them to a power that is a number."""
    match whole.symbol, whole.arguments:
        case "exp", (a,):
            return u * exp(-a)
        case "cosh", (a,):
            return u * combine("sech", a)
        case "**", (base, power) if power.is_number and power.number > 0.0:
            one = _times_reciprocal(ONE, base)
            return None if one is None else u * combine("**", one, power)
    return None


def _same(a: Node, b: Node) -> bool:
    """Whether two graphs compute the same in the same way."""
    if a is b:
        return True
    if a.symbol != b.symbol or a.number != b.number or a.is_number != b.is_number:
        return False
    return a.is_number or (bool(a.arguments) and all(map(_same, a.arguments, b.arguments)))
