"""Formulas as graphs: variables and numbers, and operations on what other nodes compute.

    sin(x)*y   →   * (sin (x), y)

`operations` says what an operation computes, `derivatives` differentiates a graph,
`tape` evaluates it. A part that stands in two places of a graph is one node.

A quotient has no value where the divisor is 0: x/y tends to +∞ on one side of y = 0 and to −∞ on the other.
If the divisor is never negative, as in 1/x², or never positive, both limits are the same infinity, and
atan(1/x²) has the limit π/2 at 0. Such a quotient is a separate operation, "over".
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.surfaces.expression.operations import COMPUTE


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


def function_of(symbol: str) -> Callable[..., Node]:
    """Return what applies the operation `symbol` to nodes."""
    return lambda *arguments: combine(symbol, *arguments)


sin, cos, sinh, cosh = map(function_of, ("sin", "cos", "sinh", "cosh"))
tanh, sech, sigmoid = map(function_of, ("tanh", "sech", "sigmoid"))
exp, log, sqrt = map(function_of, ("exp", "log", "sqrt"))


def combine(symbol: str, *arguments: Node) -> Node:
    """Apply an operation; a part without x and y is computed now.

    If the result is not finite, the operation is kept: 1/0 stays an operation on two numbers. Adding 0 and
    multiplying by 1 are left out. An exponent that is a fraction with an odd denominator, such as 4/3 or
    0.2 = 1/5, gives the real root of negative numbers.
    """
    if symbol == "**" and arguments[1].is_number and arguments[1].number == 0.5:
        return combine("sqrt", arguments[0])
    if symbol == "**" and arguments[1].is_number:
        symbol = _power(arguments[1].number)
    if symbol == "/" and _on_one_side(arguments[1]):
        symbol = "over"
    if all(argument.is_number for argument in arguments):
        return _computed(symbol, arguments)
    shorter = _shortened(symbol, *arguments) if len(arguments) == 2 else None
    return shorter or Node(symbol, arguments)


def _power(exponent: float) -> str:
    """Return which power operation is used: a real root if the exponent is p/q with an odd q > 1."""
    fraction = Fraction(exponent).limit_denominator(LARGEST_ROOT)
    if fraction.denominator % 2 == 0 or fraction.denominator == 1 or float(fraction) != exponent:
        return "**"
    return "odd power" if fraction.numerator % 2 else "even power"


NEVER_NEGATIVE = {"exp", "cosh", "sech", "sigmoid", "softplus", "logcosh", "abs", "even power", "hypot"}


def _on_one_side(divisor: Node) -> bool:
    """Whether a divisor never changes its sign."""
    negated = divisor.symbol == "negative"
    return never_negative(divisor.arguments[0] if negated else divisor)


def never_negative(node: Node) -> bool:
    """Whether a node is known to be 0 or more for all x and y (a zero of it is +0)."""
    match node.symbol, node.arguments:
        case "", _:
            return node.number > 0.0
        case "**", (base, power):
            even = power.is_number and power.number % 2.0 == 0.0 and power.number > 0.0
            return even or never_negative(base)
        case "sqrt", (inside,):
            return never_negative(inside)
        case (("+" | "/" | "over"), (a, b)):
            return never_negative(a) and never_negative(b)
        case "*", (a, b):
            return a is b or (never_negative(a) and never_negative(b))
    return node.symbol in NEVER_NEGATIVE


def _computed(symbol: str, arguments: tuple[Node, ...]) -> Node:
    """Return the number that an operation on numbers gives; the operation itself if it is not finite."""
    try:
        value = COMPUTE[symbol].scalar(*(argument.number for argument in arguments))
    except (ValueError, ArithmeticError):
        value = math.nan
    return number(value) if math.isfinite(value) else Node(symbol, arguments)


def _shortened(symbol: str, u: Node, v: Node) -> Node | None:
    """Return the simpler form of an operation on u and v if one of them is 0 or 1, or None."""
    a = u.number if u.is_number else None
    b = v.number if v.is_number else None
    match symbol:
        case "+" if a == 0.0 or b == 0.0:
            return v if a == 0.0 else u
        case "-" if b == 0.0:
            return u
        case "-" if a == 0.0:
            return -v
        case "*" | "fade" if a == 0.0 or b == 0.0:
            return ZERO
        case "*" | "fade" if a == 1.0 or b == 1.0:
            return v if a == 1.0 else u
        case "/" | "over" if a == 0.0:
            return ZERO
        case "**" if b == 0.0:
            return ONE
        case "/" | "over" | "**" if b == 1.0:
            return u
    return None


def same(a: Node, b: Node) -> bool:
    """Whether two graphs compute the same in the same way."""
    return _same(a, b, set())


def _same(a: Node, b: Node, known: set[tuple[int, int]]) -> bool:
    """`known` holds the pairs found equal, so that a shared part is compared only once."""
    if a is b or (id(a), id(b)) in known:
        return True
    if (a.symbol, a.number, len(a.arguments)) != (b.symbol, b.number, len(b.arguments)):
        return False
    alike = a.is_number or bool(a.arguments)
    if not (alike and all(_same(u, v, known) for u, v in zip(a.arguments, b.arguments, strict=True))):
        return False
    known.add((id(a), id(b)))
    return True


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
