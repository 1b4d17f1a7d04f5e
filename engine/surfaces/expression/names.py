"""The names that a formula may use, and the messages for other names.

    lg = log₁₀     ln = log     arctan = atan     cot x → "write 1/tan(x)"     sinn → "did you mean sin?"

A known name is suggested only for a typing error: one letter more, less, wrong or swapped.
"""

import math
from itertools import product
from typing import NoReturn

from engine.config import Problem
from engine.surfaces.expression.nodes import X, Y, number
from engine.surfaces.expression.typesetting import FUNCTION_LATEX

NAMES = {
    "x": (X, "x"),
    "y": (Y, "y"),
    "pi": (number(math.pi), r"\pi"),
    "π": (number(math.pi), r"\pi"),
    "tau": (number(math.tau), r"\tau"),
    "e": (number(math.e), "e"),
}
ALIASES = {
    "ln": "log",
    "lg": "log10",
    "lb": "log2",
    "ld": "log2",
    "tg": "tan",
    "sgn": "sign",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctg": "atan",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
}
FUNCTIONS = {name: name for name in FUNCTION_LATEX} | ALIASES  # as typed → operation
TWO_ARGUMENTS = {"min", "max"}
INSTEAD = {
    "cot": "1/tan(x)",
    "ctg": "1/tan(x)",
    "sec": "1/cos(x)",
    "csc": "1/sin(x)",
    "log1p": "log(1 + x)",
    "expm1": "exp(x) - 1",
    "cbrt": "x^(1/3)",
    "exp2": "2^x",
    "exp10": "10^x",
    "sinc": "sin(x)/x",
    "pow": "x^y",
    "square": "x^2",
    "hypot": "sqrt(x^2 + y^2)",
    "logistic": "sigmoid(x)",
    "sech": "1/cosh(x)",
    "coth": "1/tanh(x)",
    "asinh": "log(x + sqrt(x^2 + 1))",
    "arcsinh": "log(x + sqrt(x^2 + 1))",
    "acosh": "log(x + sqrt(x^2 - 1))",
    "atanh": "log((1 + x)/(1 - x))/2",
    "arctanh": "log((1 + x)/(1 - x))/2",
    "csch": "1/sinh(x)",
    "gelu": "x*sigmoid(1.702*x)",
    "silu": "x*sigmoid(x)",
    "swish": "x*sigmoid(x)",
    "heaviside": "(1 + sign(x))/2",
}
NOT_HERE = {  # functions of other programs: for these no similar name is suggested
    "floor",
    "ceil",
    "round",
    "mod",
    "erf",
    "erfc",
    "gamma",
    "lgamma",
    "atan2",
    "arctan2",
    "sum",
    "mean",
    "nan",
}


def refuse_name(name: str, column: int) -> NoReturn:
    """Raise the Problem for an unknown name; it says what is wrong and what to write."""
    where, shown = str(column), name[:20]
    known = [*NAMES, *FUNCTIONS]
    if name.lower() in INSTEAD:
        way = INSTEAD[name.lower()]
        raise Problem("There is no {name} here; write {way}.", where=where, name=shown, way=way)
    for start, rest in product(known, repeat=2):
        if start + rest == name and (start in NAMES):
            way = f"{start}*{rest}"
            raise Problem("An operator is missing in {name}; write {way}.", where=where, name=shown, way=way)
    for word in FUNCTIONS:
        if name.startswith(word) and name.removeprefix(word) in NAMES:
            raise Problem(
                "Put the argument of {name} in parentheses, as in {name}(x).", where=where, name=word
            )
    meant = [word for word in known if name.lower() not in NOT_HERE and _slipped(name, word)]
    meant = [word for word in meant if name.lower() == word or _without_double(name.lower(), word)] or meant
    if len({FUNCTIONS.get(word, word) for word in meant}) == 1:
        raise Problem("Unknown name {name}; did you mean {known}?", where=where, name=shown, known=meant[0])
    problem = "Unknown name {name}; use x, y, pi, e and functions such as sin or exp."
    raise Problem(problem, where=where, name=shown)


def _slipped(name: str, word: str) -> bool:
    """Whether a name is a word in capitals, or a word with one letter more, less, wrong or swapped."""
    typed = name.lower()
    if typed == word or _without_double(typed, word):
        return True
    if len(word) < 3 or len(typed) < 3 or abs(len(typed) - len(word)) > 1:
        return False
    start = next(
        (k for k, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word))
    )
    if any(letter.isdigit() for letter in typed[start : start + 1] + word[start : start + 1]):
        return False
    a, b = typed[start:], word[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _without_double(typed: str, word: str) -> bool:
    """Whether a letter was typed twice."""
    return any(typed[k] == typed[k - 1] and typed[:k] + typed[k + 1 :] == word for k in range(1, len(typed)))
