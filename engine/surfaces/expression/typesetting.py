"""A formula that was typed in one line, as LaTeX.

    x**2/(1 + y)   →   \\frac{x^{2}}{1 + y}

A part is set in parentheses where its operator binds less strongly than the operator around it: a sum in a
product, a product under a power.
"""

import unicodedata
from typing import NamedTuple

SUM, SIGNED, PRODUCT, POWER, ATOM = range(5)  # how strongly the operator of a part binds

# Names in \operatorname are set upright, like \sin.
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


class TypesetPart(NamedTuple):
    """A part of a formula in LaTeX, and how strongly its operator binds."""

    latex: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """Return the LaTeX, in parentheses if the part binds less strongly than `strength`."""
        return self.latex if self.strength >= strength else rf"\left({self.latex}\right)"


def typeset_number(text: str) -> TypesetPart:
    """Set a number as it was typed; 1.5e-3 becomes a product with a power of ten."""
    digits, _, exponent = text.lower().partition("e")
    if exponent:
        return TypesetPart(rf"{digits} \cdot 10^{{{int(exponent)}}}", PRODUCT)
    return TypesetPart(digits)


def typeset_part(sign: str) -> TypesetPart:
    """Set ½ as a fraction."""
    over, under = unicodedata.normalize("NFKC", sign).split("\u2044")
    return TypesetPart(rf"\frac{{{over}}}{{{under}}}", PRODUCT)


def typeset(symbol: str, *parts: TypesetPart) -> TypesetPart:
    """Set an operation on parts."""
    match symbol:
        case "+" | "-":
            return TypesetPart(f"{parts[0].latex} {symbol} {parts[1].within(PRODUCT)}", SUM)
        case "negative":
            return TypesetPart(f"-{parts[0].within(PRODUCT)}", SIGNED)
        case "*":
            return _product(*parts)
        case "/":
            return TypesetPart(rf"\frac{{{parts[0].latex}}}{{{parts[1].latex}}}", PRODUCT)
        case "**":
            return TypesetPart(f"{parts[0].within(ATOM)}^{{{parts[1].latex}}}", POWER)
        case "exp":
            return TypesetPart(f"e^{{{parts[0].latex}}}", POWER)
        case "sqrt":
            return TypesetPart(rf"\sqrt{{{parts[0].latex}}}")
        case "abs":
            return TypesetPart(rf"\left|{parts[0].latex}\right|")
    return TypesetPart(rf"{FUNCTION_LATEX[symbol]}\left({', '.join(part.latex for part in parts)}\right)")


def _product(left: TypesetPart, right: TypesetPart) -> TypesetPart:
    """Set factors side by side, with a dot between two numbers."""
    first, second = left.within(SIGNED), right.within(PRODUCT)
    dot = r"\cdot " if second[0] in "0123456789." or second.startswith(r"\frac") else ""
    strength = SIGNED if left.strength == SIGNED else PRODUCT
    return TypesetPart(f"{first} {dot}{second}", strength)
