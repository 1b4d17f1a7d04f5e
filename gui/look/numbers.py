"""How numbers are written for people; `number_reading` reads them back.

Four significant digits, a real minus sign, powers of ten raised, ∞ for what is infinite and – for what
is not known. A figure space stands where a minus would, so a number keeps its width as its sign changes.
"""

import math
import re

DIGITS = 4
FIGURE_SPACE = "\u2007"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number_text(x: float, digits: int = DIGITS) -> str:
    """Write a number with four significant digits, padded so that it does not jump as it changes."""
    if math.isnan(x):
        return FIGURE_SPACE + "–"
    sign = "−" if x < 0 else FIGURE_SPACE
    return sign + _magnitude(abs(x), digits)


def _magnitude(x: float, digits: int) -> str:
    if math.isinf(x):
        return "∞"
    if x == 0:
        return f"{x:.{digits - 1}f}"
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < DIGITS + 2:
        return f"{x:.{max(0, digits - 1 - power)}f}"
    return f"{mantissa}×10{str(power).translate(SUPERSCRIPTS)}"


def entry_text(x: float, digits: int = 12) -> str:
    """Write a number as shortly as it can be typed: 0.001, 1e-6, −2."""
    if math.isnan(x):
        return "–"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    return _tidied(f"{x:.{digits}g}")


def power_text(x: float, digits: int = 12) -> str:
    """Write a finite number so that it can be typed, always with a power of ten: 9.5e-4."""
    mantissa, power = f"{x:.{digits - 1}e}".split("e")
    return _tidied(f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{power}")


def _tidied(text: str) -> str:
    """A number as Python writes it, with a true minus and a short power."""
    text = re.sub(r"e([+-])0*(\d+)", lambda found: "e" + found[1].strip("+") + found[2], text)
    return "−" + text[1:] if text.startswith("-") else text


def short_text(x: float, digits: int = 12) -> str:
    """Write a number as shortly as it can be read: 0.001, 10⁻⁶, 2.5×10⁻⁴, −2."""
    mantissa, ten, power = entry_text(x, digits).partition("e")
    if not ten:
        return mantissa
    sign, size = ("−", mantissa[1:]) if mantissa.startswith("−") else ("", mantissa)
    return f"{sign}{'' if size == '1' else size + '×'}10{power.translate(SUPERSCRIPTS)}"


def counted(count: int) -> list[str]:
    """1, 2, 3 … so many: names of what has no other."""
    return [str(k + 1) for k in range(count)]
