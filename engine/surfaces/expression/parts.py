"""The parts of a formula while it is read: each is a node of the graph, with the LaTeX that shows it.

    2.5 → number_piece     1½ → mixed_piece     x, π → named_piece     x² → joined("**", …, raised_piece)

`parser` finds the parts in the text; here each becomes a node. An error is a `Problem` with its column.
"""

import re
import unicodedata
from typing import NamedTuple

from engine.config import Problem
from engine.surfaces.expression.exponentials import rewritten
from engine.surfaces.expression.names import NAMES, refuse_name
from engine.surfaces.expression.nodes import Node, combine, number
from engine.surfaces.expression.tokens import Token
from engine.surfaces.expression.typesetting import PRODUCT, TypesetPart, typeset, typeset_number, typeset_part

MAX_EXPONENT = 100.0
MAX_NUMBER = 1e100


class Piece(NamedTuple):
    """A part of the formula: its node and its LaTeX."""

    node: Node
    shown: TypesetPart


def number_piece(token: Token) -> Piece:
    """Read a number."""
    value = float(token.text)
    if value > MAX_NUMBER:
        raise Problem("Numbers may not be larger than 1e100.", where=str(token.column))
    if value == 0.0 and re.search("[1-9]", re.split("[eE]", token.text)[0]):
        raise Problem("This number is too close to 0: {text}", where=str(token.column), text=token.text[:20])
    return Piece(number(value), typeset_number(token.text))


def fraction_piece(token: Token) -> Piece:
    """Read ½."""
    return Piece(number(unicodedata.numeric(token.text)), typeset_part(token.text))


def mixed_piece(whole: Token, part: Token) -> Piece:
    """Read 1½ as 1 + ½."""
    value = number_piece(whole).node.number + unicodedata.numeric(part.text)
    return Piece(
        number(value),
        TypesetPart(typeset_number(whole.text).latex + typeset_part(part.text).latex, PRODUCT),
    )


def raised_piece(token: Token) -> Piece:
    """Read superscript digits, an exponent."""
    return Piece(number(float(token.text)), TypesetPart(token.text.removeprefix("+")))


def named_piece(token: Token) -> Piece:
    """Read x, y or a constant."""
    if token.text not in NAMES:
        refuse_name(token.text, token.column)
    node, latex = NAMES[token.text]
    return Piece(node, TypesetPart(latex))


def joined(symbol: str, column: int, *pieces: Piece) -> Piece:
    """Apply an operation, in its safe form if it has one."""
    nodes = [piece.node for piece in pieces]
    if symbol == "**" and nodes[1].is_number and abs(nodes[1].number) > MAX_EXPONENT:
        raise Problem("Exponents may not be larger than {limit}.", where=str(column), limit=100)
    node = rewritten(symbol, *nodes) or combine(symbol, *nodes)
    if all(part.is_number for part in nodes) and not node.is_number:
        problem = "These numbers give no finite value; change them."
        raise Problem(problem, where=str(column))
    return Piece(node, typeset(symbol, *(piece.shown for piece in pieces)))
