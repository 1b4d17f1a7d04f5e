"""The user's own formula in x and y: read by hand, never run as code, differentiated exactly.

Reading is "precedence climbing": each operator binds its neighbours with a strength, and a formula is a
first operand followed by every operator that binds more strongly than the place it stands in.

    −x**2 + 3*y   reads as   (−(x**2)) + (3*y)

`^` is another `**`; − × · ⋅ ÷ π are understood. Every error is a `Problem` whose `where` is the column,
from 1. The text is read once; `Expression` then evaluates steps of plain arithmetic.

Reference: Pratt, "Top down operator precedence", POPL 1973.
"""

import difflib
import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.config import Problem
from engine.expression_exponentials import rewritten
from engine.expression_nodes import Node, X, Y, combine, gradient, number
from engine.expression_tape import Tape
from engine.expression_tokens import Token, tokens_of
from engine.expression_typesetting import FUNCTION_LATEX, Typeset, typeset, typeset_number

FloatArray = NDArray[np.floating[Any]]
Real = TypeVar("Real", float, FloatArray)

MAX_LENGTH = 300
MAX_DEPTH = 40
MAX_STEPS = 2000
MAX_EXPONENT = 100.0
MAX_NUMBER = 1e100

NAMES = {
    "x": (X, "x"),
    "y": (Y, "y"),
    "pi": (number(math.pi), r"\pi"),
    "π": (number(math.pi), r"\pi"),
    "tau": (number(math.tau), r"\tau"),
    "e": (number(math.e), "e"),
}
FUNCTIONS = {name: name for name in FUNCTION_LATEX} | {"ln": "log"}  # as typed → operation
TWO_ARGUMENTS = {"min", "max"}
BINDING = {"+": (10, 10), "-": (10, 10), "*": (20, 20), "/": (20, 20), "**": (40, 39)}  # to the left, right
SIGN_BINDING = 30


@dataclass(frozen=True)
class Expression:
    """A formula that was understood: `text` as typed, `latex` as read.

    It takes two floats or arrays of any shapes that broadcast. Where it has no finite value it gives
    NaN: a hole in the surface, never an exception and never a warning.
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
        at_point = type(x) is type(y) is float
        return self._tape.at_point(stage, x, y) if at_point else self._tape.over_arrays(stage, x, y)


def parse(text: str) -> Expression:
    """Read a formula and differentiate it twice.

    Raises:
        Problem: with `where` the column of what is wrong, for every text that is not such a formula.
    """
    if len(text) > MAX_LENGTH:
        problem = "The expression has {length} characters; at most {limit} are allowed."
        raise Problem(problem, where=str(MAX_LENGTH + 1), length=len(text), limit=MAX_LENGTH)
    root, shown = _Parser(tokens_of(text)).read()
    dx, dy = gradient(root)
    (dxx, dxy), (_, dyy) = gradient(dx), gradient(dy)
    tape = Tape([(root,), (dx, dy), (dxx, dxy, dyy)])
    if len(tape) > MAX_STEPS:
        raise Problem("The second derivatives of this expression are too long; simplify it.", where="1")
    return Expression(text, shown.latex, tape)


class Piece(NamedTuple):
    """A part of the formula: what it computes and how it is typeset."""

    node: Node
    shown: Typeset


class _Parser:
    """Reads tokens from left to right; each method reads one part and returns it."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def read(self) -> Piece:
        """Read the whole text."""
        if self._token.kind == "end":
            raise Problem("Write an expression in x and y, such as x**2 + y**2.", where="1")
        piece = self._formula()
        if self._token.kind != "end":
            self._refuse_rest(self._token)
        return piece

    def _formula(self, binding: int = 0) -> Piece:
        """Read an operand and all operators after it that bind more strongly than `binding`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Problem("Too many parts inside one another; simplify the expression.", self._where())
        left = self._operand()
        while self._token.text in BINDING and BINDING[self._token.text][0] > binding:
            operator = self._take()
            right = self._formula(BINDING[operator.text][1])
            left = _joined(operator.text, operator.column, left, right)
        self._depth -= 1
        return left

    def _operand(self) -> Piece:
        token = self._take()
        match token.kind, token.text:
            case "number", _:
                return _number(token)
            case "name", _:
                return self._function(token) if token.text in FUNCTIONS else _named(token)
            case _, "(":
                inside = self._formula()
                self._close(token)
                return inside
            case _, "+":
                return self._formula(SIGN_BINDING)
            case _, "-":
                return _joined("negative", token.column, self._formula(SIGN_BINDING))
            case "end", _:
                problem = "The expression ends too early; a number, x, y or a function is missing here."
                raise Problem(problem, where=str(token.column))
        problem = "A number, x, y or a function is missing before {found}."
        raise Problem(problem, where=str(token.column), found=token.text)

    def _function(self, name: Token) -> Piece:
        opening = self._token
        if opening.text != "(":
            problem = "Put the argument of {name} in parentheses, as in {name}(x)."
            raise Problem(problem, where=str(name.column), name=name.text)
        self._take()
        arguments = [self._formula()]
        while self._token.text == ",":
            self._take()
            arguments.append(self._formula())
        self._close(opening)
        if name.text in TWO_ARGUMENTS and len(arguments) != 2:
            problem = "{name} takes two arguments, as in {name}(x, y)."
            raise Problem(problem, where=str(name.column), name=name.text)
        if name.text not in TWO_ARGUMENTS and len(arguments) != 1:
            raise Problem(
                "{name} takes one argument, as in {name}(x).", where=str(name.column), name=name.text
            )
        return _joined(FUNCTIONS[name.text], name.column, *arguments)

    def _close(self, opening: Token) -> None:
        if self._token.kind == "end":
            raise Problem("This parenthesis is never closed; add a ).", where=str(opening.column))
        if self._token.text != ")":
            self._refuse_rest(self._token)
        self._take()

    def _refuse_rest(self, token: Token) -> NoReturn:
        if token.text == ")":
            raise Problem("This ) closes nothing; remove it or add a ( before.", where=str(token.column))
        if token.text == ",":
            raise Problem("A comma only separates the arguments of min and max.", where=str(token.column))
        problem = "An operator is missing before {found}; write * to multiply."
        raise Problem(problem, where=str(token.column), found=token.text[:20])

    def _where(self) -> str:
        return str(self._token.column)


def _number(token: Token) -> Piece:
    value = float(token.text)
    if value > MAX_NUMBER:
        raise Problem("Numbers may not be larger than 1e100.", where=str(token.column))
    return Piece(number(value), typeset_number(token.text))


def _named(token: Token) -> Piece:
    if token.text in NAMES:
        node, latex = NAMES[token.text]
        return Piece(node, Typeset(latex))
    known = [*NAMES, *FUNCTIONS]
    similar = difflib.get_close_matches(token.text.lower(), known, n=1)
    where, name = str(token.column), token.text[:20]
    if similar:
        raise Problem("Unknown name {name}; did you mean {known}?", where=where, name=name, known=similar[0])
    raise Problem(
        "Unknown name {name}; use x, y, pi, e and functions such as sin or exp.", where=where, name=name
    )


def _joined(symbol: str, column: int, *pieces: Piece) -> Piece:
    nodes = [piece.node for piece in pieces]
    if symbol == "**" and nodes[1].is_number and abs(nodes[1].number) > MAX_EXPONENT:
        raise Problem("Exponents may not be larger than {limit}.", where=str(column), limit=100)
    node = rewritten(symbol, *nodes) or combine(symbol, *nodes)
    if all(part.is_number for part in nodes) and not node.is_number:
        problem = "These numbers give no finite value; change them."
        raise Problem(problem, where=str(column))
    return Piece(node, typeset(symbol, *(piece.shown for piece in pieces)))
