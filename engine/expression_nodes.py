"""Formulas as graphs: what each operation computes, how it is differentiated, and how it is run.

The chain rule is all there is to it. A node that combines other nodes, w = φ(u, v), has the derivative

    ∂w/∂x = ∂φ/∂u · ∂u/∂x + ∂φ/∂v · ∂v/∂x

so a table of the partial derivatives ∂φ/∂u, ∂φ/∂v of every operation, and one walk from the variables
up to the result, differentiate any formula exactly. A derivative shares its parts with the formula it
comes from, which is why even second derivatives stay small. `expression_operations` is the table,
`expression_tape` evaluates the graphs.

A quotient w = u/v is differentiated as (u′ − w·v′)/v, a logarithm as u′/u, a root as ½u′/w: the same by
algebra, but no square of v is ever formed, which overflows for v = 10²⁰⁰ and vanishes for v = 10⁻²⁰⁰.

Reference: Griewank and Walther, "Evaluating Derivatives", 2nd ed., 2008, chapters 2 and 6.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.expression_operations import COMPUTE


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A variable ("x", "y"), a number ("", with its `number`) or an operation on other nodes."""

    symbol: str
    arguments: tuple["Node", ...] = ()
    number: float = 0.0

    @property
    def is_number(self) -> bool:
        """Whether the node is a number, known without x and y."""
        return not self.symbol

    def __add__(self, other: "Node") -> "Node":
        return combine("+", self, other)

    def __sub__(self, other: "Node") -> "Node":
        return combine("-", self, other)

    def __mul__(self, other: "Node") -> "Node":
        return combine("*", self, other)

    def __truediv__(self, other: "Node") -> "Node":
        return combine("/", self, other)

    def __pow__(self, other: "Node") -> "Node":
        return combine("**", self, other)

    def __neg__(self) -> "Node":
        return combine("negative", self)


def number(value: float) -> Node:
    """Make a node that is a number."""
    return Node("", (), value)


X, Y = Node("x"), Node("y")
ZERO, ONE, TWO = number(0.0), number(1.0), number(2.0)
LARGEST_ROOT = 999  # the largest q of an exponent p/q that is recognised


def _call(symbol: str) -> Callable[[Node], Node]:
    return lambda u: combine(symbol, u)


sin, cos, sinh, cosh, tanh, sech = map(_call, ("sin", "cos", "sinh", "cosh", "tanh", "sech"))
exp, log, sqrt, sigmoid = map(_call, ("exp", "log", "sqrt", "sigmoid"))
sign, step = _call("sign"), _call("step")
HALF, PER_LOG_2, PER_LOG_10 = number(0.5), number(1.0 / math.log(2.0)), number(1.0 / math.log(10.0))

# ∂φ/∂u (and ∂φ/∂v) of every operation but the quotients, whose slopes are below.
# At a kink (abs, relu, min, max) the derivative is one of the two slopes or, for abs, 0 between them.
PARTIALS: dict[str, Callable[..., tuple[Node, ...]]] = {
    "+": lambda u, v: (ONE, ONE),
    "-": lambda u, v: (ONE, -ONE),
    "*": lambda u, v: (v, u),
    "**": lambda u, v: (v * u ** (v - ONE), log(u) * u**v),
    "odd power": lambda u, v: (v * combine("even power", u, v - ONE), ZERO),
    "even power": lambda u, v: (v * combine("odd power", u, v - ONE), ZERO),
    "negative": lambda u: (-ONE,),
    "sin": lambda u: (cos(u),),
    "cos": lambda u: (-sin(u),),
    "tan": lambda u: (ONE + combine("tan", u) ** TWO,),
    "asin": lambda u: (ONE / sqrt(ONE - u**TWO),),
    "acos": lambda u: (-ONE / sqrt(ONE - u**TWO),),
    "atan": lambda u: (ONE / (ONE + u**TWO),),
    "sinh": lambda u: (cosh(u),),
    "cosh": lambda u: (sinh(u),),
    "tanh": lambda u: (sech(u) ** TWO,),
    "sech": lambda u: (-(sech(u) * tanh(u)),),
    "exp": lambda u: (exp(u),),
    "abs": lambda u: (sign(u),),
    "sign": lambda u: (ZERO,),
    "step": lambda u: (ZERO,),
    "relu": lambda u: (step(u),),
    "sigmoid": lambda u: ((HALF * sech(HALF * u)) ** TWO,),
    "softplus": lambda u: (sigmoid(u),),
    "logaddexp": lambda u, v: (sigmoid(u - v), sigmoid(v - u)),
    "logcosh": lambda u: (tanh(u),),
    "min": lambda u, v: (ONE - step(u - v), step(u - v)),
    "max": lambda u, v: (step(u - v), ONE - step(u - v)),
}

# w′ of the quotients, from w itself and the slopes of its arguments.
SLOPES: dict[str, Callable[..., Node]] = {
    "/": lambda w, du, dv: (du - w * dv) / w.arguments[1],
    "log": lambda w, du: du / w.arguments[0],
    "log2": lambda w, du: PER_LOG_2 * du / w.arguments[0],
    "log10": lambda w, du: PER_LOG_10 * du / w.arguments[0],
    "sqrt": lambda w, du: HALF * du / w,
}


def combine(symbol: str, *arguments: Node) -> Node:
    """Apply an operation, computing at once what does not depend on x and y.

    Numbers that leave the finite range or the domain are not computed but left to stand: `1 / 0` stays
    an operation on two numbers. Terms and factors that change nothing are dropped. An exponent that is a
    fraction with an odd denominator, such as 4/3 or 0.2 = 1/5, gives the real root of negative numbers.
    """
    if symbol == "**" and arguments[1].is_number and arguments[1].number == 0.5:
        return combine("sqrt", arguments[0])
    if symbol == "**" and arguments[1].is_number:
        symbol = _power(arguments[1].number)
    if all(argument.is_number for argument in arguments):
        return _computed(symbol, arguments)
    shorter = _shortened(symbol, *arguments) if len(arguments) == 2 else None
    return shorter or Node(symbol, arguments)


def _power(exponent: float) -> str:
    """Return which power it is: the real root where the exponent is p/q with an odd q > 1."""
    fraction = Fraction(exponent).limit_denominator(LARGEST_ROOT)
    if fraction.denominator % 2 == 0 or fraction.denominator == 1 or float(fraction) != exponent:
        return "**"
    return "odd power" if fraction.numerator % 2 else "even power"


def _computed(symbol: str, arguments: tuple[Node, ...]) -> Node:
    try:
        value = COMPUTE[symbol].scalar(*(argument.number for argument in arguments))
    except (ValueError, ArithmeticError):
        value = math.nan
    return number(value) if math.isfinite(value) else Node(symbol, arguments)


def _shortened(symbol: str, u: Node, v: Node) -> Node | None:
    """Return what u ∘ v comes to when one of them is 0 or 1, or None."""
    a = u.number if u.is_number else None
    b = v.number if v.is_number else None
    match symbol:
        case "+" if a == 0.0 or b == 0.0:
            return v if a == 0.0 else u
        case "-" if b == 0.0:
            return u
        case "-" if a == 0.0:
            return -v
        case "*" if a == 0.0 or b == 0.0:
            return ZERO
        case "*" if a == 1.0 or b == 1.0:
            return v if a == 1.0 else u
        case "/" if a == 0.0:
            return ZERO
        case "**" if b == 0.0:
            return ONE
        case "/" | "**" if b == 1.0:
            return u
    return None


def in_order(root: Node) -> Iterable[Node]:
    """Return every node below `root` and itself, each once, arguments before what uses them."""
    found: dict[Node, None] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [argument for argument in node.arguments if argument not in found]
        if missing:
            waiting += reversed(missing)
        else:
            found.setdefault(waiting.pop())
    return found


def gradient(root: Node) -> tuple[Node, Node]:
    """Return ∂root/∂x and ∂root/∂y as graphs that share nodes with `root`."""
    slopes = {X: (ONE, ZERO), Y: (ZERO, ONE)}
    for node in in_order(root):
        if node not in slopes:
            slopes[node] = _chain_rule(node, [slopes[argument] for argument in node.arguments])
    return slopes[root]


def _chain_rule(node: Node, inner: list[tuple[Node, Node]]) -> tuple[Node, Node]:
    dx, dy = (_slope(node, list(slopes)) for slopes in zip(*inner, strict=True)) if inner else (ZERO, ZERO)
    return dx, dy


def _slope(node: Node, inner: list[Node]) -> Node:
    """Return the slope of a node along one variable, from the slopes of its arguments."""
    total = ZERO
    if all(slope is ZERO for slope in inner):
        return total
    if node.symbol in SLOPES:
        return SLOPES[node.symbol](node, *inner)
    for partial, slope in zip(PARTIALS[node.symbol](*node.arguments), inner, strict=True):
        total = total + partial * slope
    return total
