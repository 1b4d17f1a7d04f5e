"""Differentiating a formula exactly: a table of partial derivatives, and the chain rule.

A node that combines other nodes, w = φ(u, v), has the derivative

    ∂w/∂x = ∂φ/∂u · ∂u/∂x + ∂φ/∂v · ∂v/∂x

so any formula is differentiated with a table of the partial derivatives ∂φ/∂u, ∂φ/∂v of every operation, from
the variables up to the result. A derivative uses the nodes of the formula again, so even second derivatives
stay small. Three rules keep them right for extreme numbers:

    quotients      w = u/v has w′ = (u′ − w·v′)/v, without v², which could overflow or underflow
    cancelling     x·(1/x) is 1, so that (x·ln x)″ = 1/x even at 10³⁰⁰, where the slope of 1/x underflows
    underflow      e^u·u′ is 0 where e^u is 0, even if u′ is infinite there: exp(−1/x²) has slope 0 at 0

Reference: Griewank and Walther, "Evaluating Derivatives", 2nd ed., 2008, chapters 2 and 6.
"""

import math
from collections.abc import Callable

from engine.surfaces.expression.nodes import (
    ONE,
    TWO,
    ZERO,
    Node,
    X,
    Y,
    combine,
    cos,
    cosh,
    exp,
    function_of,
    in_order,
    log,
    number,
    same,
    sech,
    sigmoid,
    sin,
    sinh,
    sqrt,
    tanh,
)

LOGARITHMS = {"log", "log2", "log10", "log1p", "power log"}
QUOTIENTS = {"/", "over"}

sign, step = function_of("sign"), function_of("step")
hypot, cosine, power_log = function_of("hypot"), function_of("cosine"), function_of("power log")
HALF, QUARTER = number(0.5), number(0.25)
PER_LOG_2, PER_LOG_10 = number(1.0 / math.log(2.0)), number(1.0 / math.log(10.0))

# ∂φ/∂u (and ∂φ/∂v) of the operations whose derivative is ∂φ/∂u·u′ + ∂φ/∂v·v′, computed in this way.
# At a kink (abs, relu, min, max) the derivative is one of the two slopes or, for abs, 0 between them.
PARTIALS: dict[str, Callable[..., tuple[Node, ...]]] = {
    "+": lambda u, v: (ONE, ONE),
    "-": lambda u, v: (ONE, -ONE),
    "*": lambda u, v: (v, u),
    "**": lambda u, v: (v * u ** (v - ONE), power_log(u, v)),
    "power log": lambda u, v: (
        u ** (v - ONE) + v * power_log(u, v - ONE),
        combine("power log squared", u, v),
    ),
    "odd power": lambda u, v: (v * combine("even power", u, v - ONE), ZERO),
    "even power": lambda u, v: (v * combine("odd power", u, v - ONE), ZERO),
    "negative": lambda u: (-ONE,),
    "sin": lambda u: (cos(u),),
    "cos": lambda u: (-sin(u),),
    "tan": lambda u: (ONE + combine("tan", u) ** TWO,),
    "asin": lambda u: (ONE / sqrt((ONE - u) * (ONE + u)),),
    "acos": lambda u: (-ONE / sqrt((ONE - u) * (ONE + u)),),
    "atan": lambda u: (ONE / (ONE + u**TWO),),
    "angle": lambda u, v: (cosine(v, u) / hypot(u, v), -cosine(u, v) / hypot(u, v)),
    "sinh": lambda u: (cosh(u),),
    "cosh": lambda u: (sinh(u),),
    "abs": lambda u: (sign(u),),
    "sign": lambda u: (ZERO,),
    "step": lambda u: (ZERO,),
    "relu": lambda u: (step(u),),
    "logcosh": lambda u: (tanh(u),),
    "hypot": lambda u, v: (cosine(u, v), cosine(v, u)),
    "cosine": lambda u, v: (cosine(v, u) ** TWO / hypot(u, v), -(cosine(u, v) * cosine(v, u)) / hypot(u, v)),
    "min": lambda u, v: (ONE - step(u - v), step(u - v)),
    "max": lambda u, v: (step(u - v), ONE - step(u - v)),
}
PARTIALS["angle over"] = PARTIALS["angle"]


def _quotient(w: Node, du: Node, dv: Node) -> Node:
    """Return w′ = (u′ − w·v′)/v of w = u/v."""
    return (du - times(w, dv)) / w.arguments[1]


# w′ of the others, from w itself and the derivatives u′, v′ of its arguments: here du and dv.
SLOPES: dict[str, Callable[..., Node]] = {
    "/": _quotient,
    "over": _quotient,
    "log": lambda w, du: du / w.arguments[0],
    "log1p": lambda w, du: du / (ONE + w.arguments[0]),
    "log2": lambda w, du: PER_LOG_2 * du / w.arguments[0],
    "log10": lambda w, du: PER_LOG_10 * du / w.arguments[0],
    "sqrt": lambda w, du: HALF * du / w,
    "exp": lambda w, du: fading(w, du, w.arguments[0]),
    "expm1": lambda w, du: fading(exp(w.arguments[0]), du, w.arguments[0]),
    "tanh": lambda w, du: fading(sech(w.arguments[0]) ** TWO, du, w.arguments[0]),
    "sech": lambda w, du: fading(w, -times(tanh(w.arguments[0]), du), w.arguments[0]),
    "sigmoid": lambda w, du: fading(sech(HALF * w.arguments[0]) ** TWO, times(QUARTER, du), w.arguments[0]),
    "softplus": lambda w, du: fading(sigmoid(w.arguments[0]), du, w.arguments[0]),
    "logaddexp": lambda w, du, dv: _weighted(w.arguments[0] - w.arguments[1], du, dv),
    "fade": lambda w, dp, du: times(w.arguments[1], dp) + combine("fade", w.arguments[0], du),
}


def _weighted(apart: Node, du: Node, dv: Node) -> Node:
    """Return σ(u − v)·u′ + σ(v − u)·v′."""
    return fading(sigmoid(apart), du, apart) + fading(sigmoid(-apart), dv, apart)


def fading(small: Node, slope: Node, inside: Node) -> Node:
    """Return small·slope, where `small` goes to 0 like exp(inside), and the product is 0 where `small` is 0.

    This is right unless `inside` contains a logarithm: exp(½ ln x) is √x, whose slope at 0 is infinite.
    """
    if slope.is_number or any(node.symbol in LOGARITHMS for node in in_order(inside)):
        return times(small, slope)
    return combine("fade", small, slope)


def times(u: Node, v: Node) -> Node:
    """Return u·v, where a factor that is also a divisor is cancelled; a `fade` stays the first factor."""
    for one, other in ((u, v), (v, u)):
        if other.symbol == "fade":
            small, rest = other.arguments
            return combine("fade", small, times(one, rest))
        if other.symbol == "negative":
            return -times(one, other.arguments[0])
        left = _without(one, other.arguments[1]) if other.symbol in QUOTIENTS else None
        if left is not None:
            return times(left, other.arguments[0])
    return u * v


def _without(product: Node, factor: Node) -> Node | None:
    """Return product/factor where that is a factor of it, or None."""
    if same(product, factor):
        return ONE
    match product.symbol, product.arguments:
        case "negative", (inside,):
            left = _without(inside, factor)
            return None if left is None else -left
        case "*", (a, b):
            left = _without(a, factor)
            if left is not None:
                return times(left, b)
            left = _without(b, factor)
            return None if left is None else times(a, left)
        case "**", (base, power) if power.is_number and power.number >= 1.0 and same(base, factor):
            return base ** number(power.number - 1.0)
    return None


def gradient(root: Node) -> tuple[Node, Node]:
    """Return ∂root/∂x and ∂root/∂y as graphs that share nodes with `root`."""
    slopes = {X: (ONE, ZERO), Y: (ZERO, ONE)}
    for node in in_order(root):
        if node not in slopes:
            slopes[node] = _chain_rule(node, [slopes[argument] for argument in node.arguments])
    return slopes[root]


def _chain_rule(node: Node, inner: list[tuple[Node, Node]]) -> tuple[Node, Node]:
    """Return the derivatives of a node with respect to x and y, from those of its arguments."""
    dx, dy = (_slope(node, list(slopes)) for slopes in zip(*inner, strict=True)) if inner else (ZERO, ZERO)
    return dx, dy


def _slope(node: Node, inner: list[Node]) -> Node:
    """Return the slope of a node along one variable, from the slopes of its arguments."""
    if all(slope is ZERO for slope in inner):
        return ZERO
    base = node.arguments[0]
    if node.symbol == "**" and base.is_number and base.number > 0.0:
        return fading(node, times(log(base), inner[1]), node.arguments[1])
    if node.symbol in SLOPES:
        return SLOPES[node.symbol](node, *inner)
    total = ZERO
    for partial, slope in zip(PARTIALS[node.symbol](*node.arguments), inner, strict=True):
        total = total + (ZERO if slope is ZERO else times(partial, slope))
    return total
