"""What makes one form of a method the other, as it is written: in text and in LaTeX."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.experiments.optimizers.conventions import ConventionsConfig
from engine.experiments.optimizers.conventions_families import (
    AdamFamily,
    DecayFamily,
    MomentumFamily,
    NesterovFamily,
    RMSPropFamily,
    has_mean,
    is_corrected,
)
from engine.experiments.optimizers.conventions_translation import (
    INSIDE,
    SAME,
    Family,
    exactness,
    moves,
    rescales,
)
from gui.look.language import tr
from gui.look.numbers import short_text

LETTERS = {"η": r"\eta", "ε": r"\varepsilon", "λ": r"\lambda", "β₁": r"\beta_1"}
# How a factor of a setting is written, in text and in LaTeX.
FACTORS = {
    "η": ("η", r"\eta"),
    "ε": ("ε", r"\varepsilon"),
    "ε²": ("ε²", r"\varepsilon^2"),
    "√ε": ("√ε", r"\sqrt{\varepsilon}"),
    "λ": ("λ", r"\lambda"),
    "1−β": ("(1 − β)", r"(1-\beta)"),
    "1−d": ("(1 − d)", r"(1-d)"),
    "root": ("√(1 − β₂ᵗ)", r"\sqrt{1-\beta_2^t}"),
    "square": ("(1 − β₂ᵗ)", r"(1-\beta_2^t)"),
    "mean": ("(1 − β₁ᵗ)", r"(1-\beta_1^t)"),
}
VARIABLES = {  # of the second form: the point of the first, from its own point and velocity
    "framework": ("x = x′ + ηβv′", r"x_{t+1} = x'_{t+1} + \eta\beta\, v'_t"),
    "shifted": ("x = x′ − βv′", r"x_{t+1} = x'_{t+1} - \beta\, v'_t"),
    "look_ahead": ("x = x′ − ηβv′", r"x_{t+1} = x'_{t+1} - \eta\beta\, v'_t"),
    "sutskever": ("x = x′ + βv′", r"x_{t+1} = x'_{t+1} + \beta\, v'_t"),
}


class Setting(NamedTuple):
    """What is set in the second form: the letter of a setting, "" for its point; text, LaTeX."""

    letter: str
    text: str
    latex: str


def _product(letter: str, up: Sequence[str], down: Sequence[str]) -> Setting:
    """A setting as a product of factors over another."""
    text, latex = ("".join(FACTORS[one][k] for one in up) for k in (0, 1))
    if down:
        text += "/" + "".join(FACTORS[one][0] for one in down)
        below = "".join(FACTORS[one][1] for one in down)
        below = below[1:-1] if len(down) == 1 and below.startswith("(") else below
        latex = rf"\frac{{{latex}}}{{{below}}}"
    return Setting(letter, f"{letter}′ = {text}", rf"{LETTERS[letter]}' = {latex}")


def settings(family: Family) -> list[Setting]:
    """What is set in the second form to make it the first, or the nearest; empty where nothing helps."""
    first, second = family.first, family.second
    if exactness(family) == SAME:
        return []
    if isinstance(family, MomentumFamily):
        scales = {"averaged": "1−β", "dampened": "1−d"}
        up, down = ([scales[form]] if form in scales else [] for form in (first, second))
        return [_product("η", ["η", *up], down)] if up != down else []
    if isinstance(family, NesterovFamily):
        return [Setting("", *VARIABLES[second])]
    if isinstance(family, RMSPropFamily):
        return _rmsprop_settings(family)
    return _adam_settings(first, second) if isinstance(family, AdamFamily) else _decay_settings(family)


def _adam_settings(first: str, second: str) -> list[Setting]:
    plain = ("hat", "uncorrected")  # ε is added to the root of the plain mean square
    root = (second in plain) - (first in plain)
    mean = (second == "uncorrected") - (first == "uncorrected")
    found = []
    if mean:
        up, down = (["root"], ["mean"]) if mean > 0 else (["mean"], ["root"])
        found.append(_product("η", ["η", *up], down))
    if root or "inside" in (first, second):
        size = "√ε" if first == "inside" else "ε²" if second == "inside" else "ε"
        factor = ["square" if second == "inside" else "root"] if root else []
        found.append(_product("ε", [size, *(factor if root > 0 else [])], factor if root < 0 else []))
    return found


def _rmsprop_settings(family: RMSPropFamily) -> list[Setting]:
    """Between RMSProp and Adam: no m, and what one form corrects and the other does not."""
    first, second = family.first, family.second
    found = []
    if has_mean(second) and not has_mean(first) and family.beta1 > 0:
        found.append(Setting("β₁", "β₁′ = 0", r"\beta_1' = 0"))
    mean = ["mean"] if has_mean(first) and has_mean(second) and family.beta1 > 0 else []
    if is_corrected(first) and not is_corrected(second):
        found += [_product("η", ["η", "root"], mean), _product("ε", ["ε", "root"], [])]
    if is_corrected(second) and not is_corrected(first):
        found += [_product("η", ["η", *mean], ["root"]), _product("ε", ["ε"], ["root"])]
    return found


def _decay_settings(family: DecayFamily) -> list[Setting]:
    up, down = ["η"] if family.second == "constant" else [], ["η"] if family.first == "constant" else []
    if family.method == "momentum" and "coupled" in (family.first, family.second):
        (up if family.second == "coupled" else down).append("1−β")
    return [_product("λ", [*up, "λ"], down)] if up or down else []


def carried(config: ConventionsConfig) -> tuple[str, str]:
    """What is done to the state of the second form when η changes, in text and in LaTeX; "" for nothing."""
    if not (rescales(config) or moves(config)):
        return "", ""
    if moves(config):
        return tr("x′ and v′ carried over at step {step}", step=config.change_at), ""
    inside = config.family.second in INSIDE
    factor = config.factor if inside else 1 / config.factor
    text = tr("v′ times {factor} at step {step}", factor=short_text(factor, 4), step=config.change_at)
    return text, r"v'_t \leftarrow c\, v'_t" if inside else r"v'_t \leftarrow \frac{v'_t}{c}"
