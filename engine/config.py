"""How an experiment's settings are declared: once, with range, unit and meaning.

A config is a frozen record. Each field says what it is:

    learning_rate: Annotated[float, number("Learning rate", "…", symbol="η", gt=0, le=10, scale="log")] = 0.01

From this one line come the slider and its tooltip, the check of a typed number, the check of a
session file, and the legend that says in what two runs differ.

Reference: msgspec, "Constraints" (jcristharif.com/msgspec/constraints.html).
"""

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar

import msgspec


class Problem(ValueError):
    """Something the user can put right: a sentence with slots, and the values for them.

    The sentence stays apart from its values so that it can be translated:
    ``Problem("Unknown name {name}", name="sinn")`` reads "Unknown name sinn".
    `where` is the place it speaks of, such as a field, a line, or a column of a formula.
    """

    def __init__(self, sentence: str, /, where: str = "", **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.where = where
        self.values = values


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """Base of every config. Rules between fields go in `__post_init__`, which raises `Problem`."""


ConfigT = TypeVar("ConfigT", bound=msgspec.Struct)
When = tuple[str, str] | None


def number(
    title: str,
    meaning: str,
    *,
    symbol: str = "",
    unit: str = "",
    scale: Literal["linear", "log"] = "linear",
    more: bool = False,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
    soft: tuple[float, float] | None = None,
    when: When = None,
) -> msgspec.Meta:
    """Describe a number field.

    `gt`, `ge`, `lt`, `le` are what is allowed; `soft` is the part of it the slider covers.
    `more` folds the field away under *More*; a log `scale` moves the slider by factors;
    `when=("surface", "bowl")` shows it only while the field `surface` holds "bowl".
    """
    extra = {"symbol": symbol, "unit": unit, "scale": scale, "more": more, "soft": soft, "when": when}
    limits: dict[str, Any] = {"gt": gt, "ge": ge, "lt": lt, "le": le}
    return msgspec.Meta(title=title, description=meaning, extra=extra, **limits)


def choice(
    title: str, meaning: str, names: Mapping[str, str], *, more: bool = False, when: When = None
) -> msgspec.Meta:
    """Describe a field that is one of `names` (stored name → title to show)."""
    pattern = "^(" + "|".join(names) + ")$"
    extra = {"choices": dict(names), "more": more, "when": when}
    return msgspec.Meta(title=title, description=meaning, pattern=pattern, extra=extra)


def plain(
    title: str,
    meaning: str,
    *,
    kind: str = "",
    more: bool = False,
    max_length: int | None = None,
    min_length: int | None = None,
    when: When = None,
) -> msgspec.Meta:
    """Describe any other field: a switch, a text, a list. `kind` picks an editor ("seed", "file", …)."""
    extra = {"kind": kind, "more": more, "when": when}
    limits: dict[str, Any] = {"max_length": max_length, "min_length": min_length}
    return msgspec.Meta(title=title, description=meaning, extra=extra, **limits)


def validated(config: ConfigT) -> ConfigT:
    """Return the config, checked against every range it declares.

    Raises:
        Problem: with `where` the path of the offending field, such as ``racers[1].beta``.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(config), type(config))
    except msgspec.ValidationError as error:
        raise problem_from(error) from error


def problem_from(error: msgspec.ValidationError) -> Problem:
    """Turn msgspec's "… - at `$.racers[1].beta`" into a `Problem` that knows the place."""
    text, _, place = str(error).partition(" - at `$")
    where = place.rstrip("`").lstrip(".")
    cause = error.__cause__
    if isinstance(cause, Problem):
        return Problem(cause.sentence, where=where or cause.where, **cause.values)
    return Problem("{reason}", where=where, reason=text)


def replaced(config: ConfigT, **changes: Any) -> ConfigT:
    """Return a copy with some fields changed, checked like `validated`."""
    return validated(msgspec.structs.replace(config, **changes))


class Tagged(Config, frozen=True, tag_field="kind"):
    """Base of configs of which a field may hold one of several kinds (an optimizer, a data set)."""

    def with_(self, **changes: Any) -> Self:
        """Return a checked copy with some fields changed."""
        return replaced(self, **changes)
