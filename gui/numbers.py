"""How numbers are written for people, and how what people write is read.

Four significant digits, a real minus sign, powers of ten raised, ∞ for what is infinite and – for what
is not known. A figure space stands where a minus would, so a number keeps its width as its sign changes.
"""

import math
import re

from engine.config import Problem

DIGITS = 4
FIGURE_SPACE = "\u2007"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?"
PATTERN = re.compile(rf"({NUMBER})(?:([/^])({NUMBER}))?", re.ASCII)


def number_text(x: float) -> str:
    """Write a number with four significant digits, padded so that it does not jump as it changes."""
    if math.isnan(x):
        return FIGURE_SPACE + "–"
    sign = "−" if x < 0 else FIGURE_SPACE
    return sign + _magnitude(abs(x))


def _magnitude(x: float) -> str:
    if math.isinf(x):
        return "∞"
    if x == 0:
        return "0.000"
    mantissa, exponent = f"{x:.{DIGITS - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < DIGITS + 2:
        return f"{x:.{max(0, DIGITS - 1 - power)}f}"
    return f"{mantissa}×10{str(power).translate(SUPERSCRIPTS)}"


def short_text(x: float, digits: int = 12) -> str:
    """Write a number as shortly as it can be read back: 0.001, 10⁻⁶ as 1e-6, −2."""
    if math.isnan(x):
        return "–"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.{digits}g}"
    text = re.sub(r"e([+-])0*(\d+)", lambda found: "e" + found[1].strip("+") + found[2], text)
    return "−" + text[1:] if text.startswith("-") else text


def parse_number(text: str) -> float:
    """Read "0.001", "1e-3", "1/3", "10^-2", with a decimal comma or a typographic minus as well.

    Raises:
        Problem: for anything else, and for numbers that are not finite.
    """
    plain = re.sub(r"\s", "", text).replace("−", "-").replace(",", ".").replace("×10^", "e")
    found = PATTERN.fullmatch(plain)
    if found is None:
        raise Problem("This is not a number: {text}", text=text.strip()[:40])
    first, sign, second = found.groups()
    try:
        value = float(first)
        if sign == "/":
            value /= float(second)
        elif sign == "^":
            value = math.pow(value, float(second))
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        raise Problem("This is not a finite number: {text}", text=text.strip()[:40]) from error
    if not math.isfinite(value):
        raise Problem("This is not a finite number: {text}", text=text.strip()[:40])
    return value
