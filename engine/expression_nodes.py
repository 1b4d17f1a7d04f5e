"""Formulas as graphs: what each operation computes, how it is differentiated, and how it is run.

The chain rule is all there is to it. A node that combines other nodes, w = φ(u, v), has the derivative

    ∂w/∂x = ∂φ/∂u · ∂u/∂x + ∂φ/∂v · ∂v/∂x

so a table of the partial derivatives ∂φ/∂u, ∂φ/∂v of every operation, and one walk from the variables
up to the result, differentiate any formula exactly. A derivative shares its parts with the formula it
comes from, which is why even second derivatives stay small. `expression_tape` evaluates the graphs.

Reference: Griewank and Walther, "Evaluating Derivatives", 2nd ed., 2008, chapters 2 and 6.
"""

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


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


class Operation(NamedTuple):
    """What an operation computes, on floats and on arrays, and its derivative by each argument."""

    scalar: Callable[..., float]
    array: Callable[..., Any]
    partials: Callable[..., tuple[Node, ...]]


def _step(u: Any) -> Any:
    """Return 1 where u > 0 and 0 elsewhere: the slope of relu, taken as 0 at the kink."""
    return np.heaviside(u, 0.0)


def _sigmoid(u: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-u))


def _call(symbol: str) -> Callable[[Node], Node]:
    return lambda u: combine(symbol, u)


sin, cos, tan = _call("sin"), _call("cos"), _call("tan")
sinh, cosh, tanh = _call("sinh"), _call("cosh"), _call("tanh")
exp, log, sqrt, sigmoid = _call("exp"), _call("log"), _call("sqrt"), _call("sigmoid")
sign, step = _call("sign"), _call("step")

# At a kink (abs, relu, min, max) the derivative is one of the two slopes or, for abs, 0 between them.
OPERATIONS: dict[str, Operation] = {
    "+": Operation(operator.add, operator.add, lambda u, v: (ONE, ONE)),
    "-": Operation(operator.sub, operator.sub, lambda u, v: (ONE, -ONE)),
    "*": Operation(operator.mul, operator.mul, lambda u, v: (v, u)),
    "/": Operation(operator.truediv, np.divide, lambda u, v: (ONE / v, -(u / v) / v)),
    "**": Operation(math.pow, operator.pow, lambda u, v: (v * u ** (v - ONE), log(u) * u**v)),
    "negative": Operation(operator.neg, operator.neg, lambda u: (-ONE,)),
    "sin": Operation(math.sin, np.sin, lambda u: (cos(u),)),
    "cos": Operation(math.cos, np.cos, lambda u: (-sin(u),)),
    "tan": Operation(math.tan, np.tan, lambda u: (ONE + tan(u) ** TWO,)),
    "asin": Operation(math.asin, np.arcsin, lambda u: (ONE / sqrt(ONE - u**TWO),)),
    "acos": Operation(math.acos, np.arccos, lambda u: (-ONE / sqrt(ONE - u**TWO),)),
    "atan": Operation(math.atan, np.arctan, lambda u: (ONE / (ONE + u**TWO),)),
    "sinh": Operation(math.sinh, np.sinh, lambda u: (cosh(u),)),
    "cosh": Operation(math.cosh, np.cosh, lambda u: (sinh(u),)),
    "tanh": Operation(math.tanh, np.tanh, lambda u: (ONE - tanh(u) ** TWO,)),
    "exp": Operation(math.exp, np.exp, lambda u: (exp(u),)),
    "log": Operation(math.log, np.log, lambda u: (ONE / u,)),
    "log2": Operation(math.log2, np.log2, lambda u: (number(1.0 / math.log(2.0)) / u,)),
    "log10": Operation(math.log10, np.log10, lambda u: (number(1.0 / math.log(10.0)) / u,)),
    "sqrt": Operation(math.sqrt, np.sqrt, lambda u: (number(0.5) / sqrt(u),)),
    "abs": Operation(math.fabs, np.abs, lambda u: (sign(u),)),
    "sign": Operation(lambda u: math.copysign(1.0, u) if u else 0.0, np.sign, lambda u: (ZERO,)),
    "step": Operation(lambda u: 1.0 if u > 0.0 else 0.0, _step, lambda u: (ZERO,)),
    "relu": Operation(lambda u: max(u, 0.0), lambda u: np.maximum(u, 0.0), lambda u: (step(u),)),
    "sigmoid": Operation(
        lambda u: 1.0 / (1.0 + math.exp(-u)), _sigmoid, lambda u: (sigmoid(u) * sigmoid(-u),)
    ),
    "softplus": Operation(
        lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
        lambda u: np.logaddexp(u, 0.0),
        lambda u: (sigmoid(u),),
    ),
    "min": Operation(min, np.minimum, lambda u, v: (ONE - step(u - v), step(u - v))),
    "max": Operation(max, np.maximum, lambda u, v: (step(u - v), ONE - step(u - v))),
}


def combine(symbol: str, *arguments: Node) -> Node:
    """Apply an operation, computing at once what does not depend on x and y.

    Numbers that leave the finite range or the domain are not computed but left to stand: `1 / 0` stays
    an operation on two numbers. Terms and factors that change nothing are dropped.
    """
    if all(argument.is_number for argument in arguments):
        return _computed(symbol, arguments)
    shorter = _shortened(symbol, *arguments) if len(arguments) == 2 else None
    return shorter or Node(symbol, arguments)


def _computed(symbol: str, arguments: tuple[Node, ...]) -> Node:
    try:
        value = OPERATIONS[symbol].scalar(*(argument.number for argument in arguments))
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
    dx = dy = ZERO
    if any(slope is not ZERO for slopes in inner for slope in slopes):
        for partial, (ux, uy) in zip(OPERATIONS[node.symbol].partials(*node.arguments), inner, strict=True):
            dx, dy = dx + partial * ux, dy + partial * uy
    return dx, dy
