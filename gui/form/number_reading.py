"""How a number that a user wrote is read: 0.001, 1e-3, 1/3, 10⁻³, 2.5×10⁵, ½, 50 %, 10 000, ０．５.

A point is a decimal sign, and so is a comma. Digits may be grouped by threes, with spaces, apostrophes or
the other of the two signs. What can be read in two ways, such as 10,000, is refused, and the message shows
how to write each of the two. Refused too is what is infinite, too close to 0, or no number. No text is
read as a number that it only resembles.
"""

import math
import re
from fractions import Fraction

from engine.config import Problem

LONGEST = 100  # characters of one number
EXACT = 600  # the largest power of ten that is computed: doubles end at 10³⁰⁸, numbers have LONGEST digits
TOO_LARGE = Fraction(2) ** 1024  # the first power of two above all doubles
ALIKE = (("−–‐‑﹣", "-"), ("﹢", "+"), ("×·⋅∙∗✕", "*"), ("⁄∕÷", "/"), ("。", "."), ("﹪٪", "%"))
ASCII = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # ！ … ～ on a Chinese keyboard
ASCII |= {ord(mark): plain for marks, plain in ALIKE for mark in marks}
UNSEEN = "\u200b\u200e\u2060\ufeff"  # invisible characters that may be copied along with a number
SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
RAISED = re.compile(r"([⁻⁺]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
VULGAR = {
    "½": "1/2",
    "⅓": "1/3",
    "⅔": "2/3",
    "¼": "1/4",
    "¾": "3/4",
    "⅕": "1/5",
    "⅖": "2/5",
    "⅗": "3/5",
    "⅘": "4/5",
    "⅙": "1/6",
    "⅚": "5/6",
    "⅐": "1/7",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
    "⅞": "7/8",
    "⅑": "1/9",
    "⅒": "1/10",
}
BRACKETED_POWER = re.compile(r"(\^|\*\*)\(([-+]?[0-9]+)\)")  # 10^(-3)
MIXED = re.compile(rf"([0-9]*) ?([{''.join(VULGAR)}])")
INFINITE = re.compile(r"[-+]?(?:∞|inf(?:inity)?)", re.IGNORECASE)

SIGN = r"[-+]?"
TERM = re.compile(
    rf"(?P<mantissa>[0-9.,'’_ ]+)(?:[eE](?P<e>{SIGN}[0-9]{{1,4}})"
    rf"|(?:\*|[xX]) ?10(?:\^|\*\*)(?P<ten>{SIGN}[0-9]{{1,4}})"
    rf"|(?:\^|\*\*)(?P<power>{SIGN}[0-9]+(?:[.,][0-9]+)?))?"
)
GROUPED = re.compile(r"[0-9]{1,3}(?:([ '’_.,])[0-9]{3})(?:\1[0-9]{3})*")
FINE = re.compile(r"(?:[0-9]{3} )*[0-9]{1,3}")  # digits after the decimal sign, grouped


def parse_number(text: str, decimal_comma: bool = False) -> float:
    """Read one number. With `decimal_comma` a comma alone is known to be a decimal sign.

    Raises:
        Problem: for what is no number, or none that is finite, or can be read in two ways.
    """
    exact = _read(text, decimal_comma)
    try:
        value = float(exact)
    except OverflowError as error:
        raise _not_finite(text) from error
    if not math.isfinite(value):
        raise _not_finite(text)
    if value == 0.0 and exact != 0:
        raise Problem("This number is too close to 0: {text}", text=_short(text))
    return value


def parse_whole(text: str) -> int:
    """Read one whole number, to the last digit. 10,000 is ten thousand here; 10.000 may be two things.

    Raises:
        Problem: for everything else.
    """
    found = _read(text, whole=True)
    if isinstance(found, float) and not math.isfinite(found):
        raise _not_finite(text)
    exact = Fraction(found)
    if abs(exact) >= TOO_LARGE:
        raise _not_finite(text)
    if exact != int(exact):
        raise Problem("Must be a whole number")
    return int(exact)


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


def _no_number(text: str) -> Problem:
    return Problem("This is not a number: {text}", text=_short(text))


def _not_finite(text: str) -> Problem:
    return Problem("This is not a finite number: {text}", text=_short(text))


def plainly(text: str) -> str:
    """Replace digits and signs by those of ASCII, each by one character, so that columns stay the same."""
    return re.sub(r"[^\S\t\n]", " ", text.translate(ASCII))


def _read(text: str, decimal_comma: bool = False, whole: bool = False) -> Fraction | float:
    if len(text) > LONGEST:
        raise Problem(
            "A number has at most {limit} characters, not {length}.", limit=LONGEST, length=len(text)
        )
    words = " ".join(plainly(text.strip(UNSEEN)).split())
    if not words:
        raise Problem("Write a number here.")
    if INFINITE.fullmatch(words):
        raise Problem("Infinity is not a number to work with; write a large one, such as 1e9.")
    words = RAISED.sub(lambda found: "^" + found[0].translate(SUPERSCRIPTS), words)
    words = BRACKETED_POWER.sub(r"\1\2", words)
    percent = words.endswith("%")
    words = words.removesuffix("%").rstrip()
    negative, words = words.startswith("-"), re.sub(r"^[-+] ?", "", words)
    try:
        value = _fraction(words, decimal_comma, whole)
    except (ZeroDivisionError, OverflowError) as error:
        raise _not_finite(text) from error
    except ValueError as error:
        raise error if isinstance(error, Problem) else _no_number(text) from error
    value = value / 100 if percent else value
    return -value if negative else value


def _fraction(words: str, decimal_comma: bool, whole: bool) -> Fraction | float:
    """Read a number without its sign: one term, a mixed number, or one term over another."""
    mixed = MIXED.fullmatch(words)
    if mixed:
        return int(mixed[1] or 0) + Fraction(VULGAR[mixed[2]])
    over, slash, under = words.partition("/")
    value = _term(over.strip(), decimal_comma, whole)
    return value / _term(under.strip(), decimal_comma, whole) if slash else value


def _term(words: str, decimal_comma: bool, whole: bool) -> Fraction | float:
    """Read digits with a power: 2.5, 2.5e-3, 2.5*10^-3, 10^-3."""
    found = TERM.fullmatch(words)
    if found is None:
        raise ValueError(words)
    digits = _decimal(found["mantissa"].strip(), decimal_comma, whole and found.lastgroup == "mantissa")
    if found["power"] is not None:
        return _power(digits, Fraction(found["power"].replace(",", ".")))
    exponent = int(found["e"] or found["ten"] or 0)
    if abs(exponent) > EXACT:
        return math.inf if exponent > 0 and digits else digits * Fraction(10) ** -EXACT
    return digits * Fraction(10) ** exponent


def _power(base: Fraction, exponent: Fraction) -> Fraction | float:
    whole = base.denominator == exponent.denominator == 1
    if whole and len(str(base.numerator)) * abs(exponent) <= 2 * EXACT:
        return base**exponent.numerator
    return math.pow(base, exponent) or base * Fraction(10) ** -EXACT


def _decimal(digits: str, decimal_comma: bool, whole: bool) -> Fraction:
    """Read digits with decimal sign and groups: 1234.5, 1,234.5, 1.234,5, 1 234,5, 1'234.5."""
    marks = [mark for mark in digits if mark in ".,"]
    if decimal_comma and marks == [","]:
        return _joined(digits, ",")
    if len(set(marks)) == 2:  # the last of the two is the decimal sign
        return _joined(digits, marks[-1])
    if len(marks) > 1:
        return _joined(digits, "")
    if GROUPED.fullmatch(digits) and marks and not digits.startswith("0"):
        return _in_two_ways(digits, marks[0], whole)
    return _joined(digits, marks[0] if marks else "")


def _joined(digits: str, mark: str) -> Fraction:
    """Join the groups of digits of a number whose decimal sign is known."""
    front, _, back = digits.partition(mark) if mark else (digits, "", "")
    grouped = GROUPED.fullmatch(front)
    if (not grouped and not re.fullmatch(r"[0-9]*", front)) or not re.search(r"[0-9]", digits):
        raise ValueError(digits)
    if back and not re.fullmatch(r"[0-9]*", back) and not FINE.fullmatch(back):
        raise ValueError(digits)
    front, back = re.sub(r"[^0-9]", "", front), back.replace(" ", "")
    return Fraction(f"{front or 0}.{back or 0}")


def _in_two_ways(digits: str, mark: str, whole: bool) -> Fraction:
    """Whether a number can be read in two ways: 10,000 is ten thousand, or ten.

    Where a whole number is asked for, 10,000 has one meaning only; elsewhere 10.000 has.
    """
    large, small = re.sub(r"[^0-9]", "", digits), _joined(digits, mark)
    if mark == "," and whole:
        return Fraction(large)
    if mark == "." and (not whole or small.denominator > 1):
        return small
    other = str(small) if whole else f"{float(small)}"
    raise Problem(
        "{text} can be read in two ways; write {large} or {small}.", text=digits, large=large, small=other
    )
