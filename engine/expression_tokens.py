"""The words of a formula: numbers, names and marks, each with the column it starts at.

    "2.5*sin(x)"   →   2.5   *   sin   (   x   )

Letters and digits are those of ASCII, and π; whatever else Unicode offers that looks like them is refused.
"""

import re
from typing import NamedTuple, NoReturn

from engine.config import Problem

SPELLINGS = {"^": "**", "−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/"}
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_π][A-Za-z_0-9]*)"
    r"|(?P<mark>\*\*|[-+*/^(),−×·⋅÷]))"
)


class Token(NamedTuple):
    """A number, a name, a mark, or the end of the text."""

    kind: str
    text: str
    column: int


def tokens_of(text: str) -> list[Token]:
    """Cut the text into tokens; the last one is the end.

    Raises:
        Problem: for a character that no formula contains.
    """
    tokens, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None:
            _refuse_character(text, position)
        kind = str(match.lastgroup)
        word = match[kind]
        tokens.append(Token(kind, SPELLINGS.get(word, word), match.start(kind) + 1))
        position = match.end()
    return [*tokens, Token("end", "", end + 1)]


def _refuse_character(text: str, position: int) -> NoReturn:
    position += len(text[position:]) - len(text[position:].lstrip())
    character = text[position]
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    problem = (
        "The character {character} has no meaning here; use x, y, numbers, + − * / ** ( ) and functions."
    )
    raise Problem(problem, where=str(position + 1), character=shown)
