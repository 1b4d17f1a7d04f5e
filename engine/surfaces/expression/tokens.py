"""The tokens of a formula: numbers, names and marks, each with the column where it starts.

    "2.5*sin(x)"   →   2.5   *   sin   (   x   )

Letters, digits and signs are those of ASCII, in half width or in the full width of Chinese keyboards, and π,
√, ½ …, and superscript digits: x² is x**2. Other Unicode characters that look similar are refused. A name
that has only the letters x and y is a product: xy is x*y.
"""

import re
from typing import NamedTuple, NoReturn

from engine.config import Problem

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
SPELLINGS = {"^": "**", "−": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/"}
RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
LONGEST_PRODUCT = 4  # at most so many letters in a product such as xy
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>π|[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<part>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
    r"|(?P<mark>\*\*|[-+*/^(),|√−×·⋅∗÷∕⁄]))"
)


class Token(NamedTuple):
    """A number, a name, a superscript number, a fraction such as ½, a mark, or the end of the text.

    `end` is the column after it.
    """

    kind: str
    text: str
    column: int
    end: int


def tokens_of(text: str) -> list[Token]:
    """Split the text into tokens; the last one is the end of the text.

    Raises:
        Problem: for a character that no formula contains.
    """
    tokens: list[Token] = []
    plain = text.translate(WIDE)
    position, end = 0, len(plain.rstrip())
    while position < end:
        match = TOKEN.match(plain, position)
        if match is None:
            _refuse_character(text, position)
        kind = str(match.lastgroup)
        word, column = match[kind], match.start(kind) + 1
        if kind == "name" and set(word) <= {"x", "y"} and len(word) <= LONGEST_PRODUCT:
            tokens += [Token(kind, word[k], column + k, column + k + 1) for k in range(len(word))]
        else:
            word = word.translate(RAISED) if kind == "raised" else SPELLINGS.get(word, word)
            tokens.append(Token(kind, word, column, match.end() + 1))
        position = match.end()
    return [*tokens, Token("end", "", end + 1, end + 1)]


def _refuse_character(text: str, position: int) -> NoReturn:
    """Say that the character at or after a position has no meaning here."""
    position += len(text[position:]) - len(text[position:].lstrip())
    character = text[position]
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    problem = (
        "The character {character} has no meaning here; use x, y, numbers, + − * / ** ( ) and functions."
    )
    raise Problem(problem, where=str(position + 1), character=shown)
