"""Arithmetic as it is set in books: raised powers, roots, powers of ten."""

import re

from gui.look.numbers import SUPERSCRIPTS, short_text

ROOT = re.compile(r"\^0\.5(?![\d.])")
POWER = re.compile(r"\^([−-]?\d+)(?![\d.])")


def raised(power: int | str) -> str:
    """A power, raised: ² or ⁻³."""
    return str(power).replace("−", "-").translate(SUPERSCRIPTS)


def exact_text(x: float) -> str:
    """A number as a setting says it, in four digits: 0.001, 10⁻⁸, 2.5×10⁻⁴."""
    return short_text(x, 4)


def set_powers(text: str) -> str:
    """Arithmetic in one line with `^0.5` as a root sign and whole powers raised."""
    while found := ROOT.search(text):
        end = found.start()
        begin = _begin(text, end)
        text = f"{text[:begin]}√{text[begin:end]}{text[found.end() :]}"
    return POWER.sub(lambda found: raised(found[1]), text)


def _begin(text: str, end: int) -> int:
    """Where the number, the name or the bracket begins that ends at a place."""
    if text[end - 1 : end] == ")":
        open_ = 0
        for k in range(end - 1, -1, -1):
            open_ += (text[k] == ")") - (text[k] == "(")
            if not open_:
                return k
        return 0
    while end > 0 and (text[end - 1].isalnum() or text[end - 1] in ".×⁻_∞"):
        end -= 1
    return end
