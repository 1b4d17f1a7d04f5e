"""How a formula that was typed in one line is written in mathematics, as LaTeX.

    x**2/(1 + y)   →   \\frac{x^{2}}{1 + y}

A part is set in parentheses when it holds together less tightly than the place it is put in demands:
a sum inside a product, a product under a power.
"""

import unicodedata
from typing import NamedTuple

SUM, SIGNED, PRODUCT, POWER, ATOM = range(5)  # how tightly a part holds together

# ziamath sets \operatorname upright, like \sin.
FUNCTION_LATEX = {
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "exp": r"\exp",
    "log": r"\ln",
    "log2": r"\log_{2}",
    "log10": r"\log_{10}",
    "sqrt": r"\sqrt",
    "abs": r"\operatorname{abs}",
    "sign": r"\operatorname{sign}",
    "sigmoid": r"\operatorname{sigmoid}",
    "softplus": r"\operatorname{softplus}",
    "relu": r"\operatorname{relu}",
    "min": r"\min",
    "max": r"\max",
}


class Typeset(NamedTuple):
    """A part of a formula in LaTeX, and how tightly it holds together."""

    latex: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """Return the LaTeX, in parentheses if the part holds together less than `strength`."""
        return self.latex if self.strength >= strength else rf"\left({self.latex}\right)"


def typeset_number(text: str) -> Typeset:
    """Typeset a number as it was typed; 1.5e-3 becomes a product with a power of ten."""
    digits, _, exponent = text.lower().partition("e")
    if exponent:
        return Typeset(rf"{digits} \cdot 10^{{{int(exponent)}}}", PRODUCT)
    return Typeset(digits)


def typeset_part(sign: str) -> Typeset:
    """Typeset ½ as a fraction."""
    over, under = unicodedata.normalize("NFKC", sign).split("\u2044")
    return Typeset(rf"\frac{{{over}}}{{{under}}}", PRODUCT)


def typeset(symbol: str, *parts: Typeset) -> Typeset:
    """Typeset an operation on parts."""
    match symbol:
        case "+" | "-":
            return Typeset(f"{parts[0].latex} {symbol} {parts[1].within(PRODUCT)}", SUM)
        case "negative":
            return Typeset(f"-{parts[0].within(PRODUCT)}", SIGNED)
        case "*":
            return _product(*parts)
        case "/":
            return Typeset(rf"\frac{{{parts[0].latex}}}{{{parts[1].latex}}}", PRODUCT)
        case "**":
            return Typeset(f"{parts[0].within(ATOM)}^{{{parts[1].latex}}}", POWER)
        case "exp":
            return Typeset(f"e^{{{parts[0].latex}}}", POWER)
        case "sqrt":
            return Typeset(rf"\sqrt{{{parts[0].latex}}}")
        case "abs":
            return Typeset(rf"\left|{parts[0].latex}\right|")
    return Typeset(rf"{FUNCTION_LATEX[symbol]}\left({', '.join(part.latex for part in parts)}\right)")


def _product(left: Typeset, right: Typeset) -> Typeset:
    """Set factors side by side, with a dot where two numbers would run together."""
    first, second = left.within(SIGNED), right.within(PRODUCT)
    dot = r"\cdot " if second[0] in "0123456789." or second.startswith(r"\frac") else ""
    strength = SIGNED if left.strength == SIGNED else PRODUCT
    return Typeset(f"{first} {dot}{second}", strength)
