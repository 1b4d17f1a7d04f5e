"""How the settings of an experiment are declared: once, with range, unit and meaning.

A config is a frozen record. Each field is described in its type:

    learning_rate: Annotated[float, number("Learning rate", "…", symbol="η", gt=0, le=10, scale="log")] = 0.01

This one line is used for the slider and its tooltip, for the check of a typed number, for the check of a
session file, and for the legend that says in which settings two runs differ.

Reference: msgspec, "Constraints" (jcristharif.com/msgspec/constraints.html).
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Self, TypeVar

import msgspec


class Problem(ValueError):
    """An error that the user can correct: a sentence with slots, and the values for them.

    The sentence is separate from its values so that it can be translated:
    ``Problem("Unknown name {name}", name="sinn")`` reads "Unknown name sinn".
    `where` is the place of the error, such as a field, a line, or a column of a formula.
    """

    def __init__(self, sentence: str, /, where: str = "", **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.where = where
        self.values = values


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=False):
    """Base of every config. Rules between fields go in `__post_init__`, which raises `Problem`."""


ConfigT = TypeVar("ConfigT", bound=msgspec.Struct)
When = Callable[[Any], bool]  # of a config: whether a field has an effect
NamesOf = Callable[[Any], Sequence[object]]  # of a config: the names of the entries of a list


def always(config: object) -> bool:
    """True for every config: the default of `when`."""
    return True


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
    when: When = always,
    of: str | NamesOf | None = None,
    most: str | None = None,
    told: Mapping[Any, str] | None = None,
    live: bool = False,
) -> msgspec.Meta:
    """Describe a number field.

    `gt`, `ge`, `lt`, `le` are the allowed range; `soft` is the part of it that the slider has.
    `more` hides the field below *More*; with a log `scale` equal steps of the slider are equal factors;
    `when=lambda c: c.noise > 0` shows the field only while this is true of the config, so that a field
    without effect is hidden.
    For a number that is an index into a list, counted from 0, `of` is the name of the field with the list,
    or a function that returns the names of the entries for a config.
    `told` are the words for values with a special meaning.
    `most` names a list, of this config or of the config around it: its length is the largest value.
    A `live` field may change while a run goes on (`engine.changes`).
    """
    extra = {"symbol": symbol, "unit": unit, "scale": scale, "more": more, "soft": soft, "when": when}
    extra |= {"of": of, "most": most, "told": dict(told or {}), "live": live}
    limits: dict[str, Any] = {"gt": gt, "ge": ge, "lt": lt, "le": le}
    return msgspec.Meta(title=title, description=meaning, extra=extra, **limits)


def choice(
    title: str,
    meaning: str,
    names: Mapping[str, str],
    *,
    more: bool = False,
    when: When = always,
    live: bool = False,
) -> msgspec.Meta:
    """Describe a field whose value is one of `names`: stored name → title to show. `live` as for a number."""
    pattern = "^(" + "|".join(names) + ")$"
    extra = {"choices": dict(names), "more": more, "when": when, "live": live}
    return msgspec.Meta(title=title, description=meaning, pattern=pattern, extra=extra)


def plain(
    title: str,
    meaning: str,
    *,
    kind: str = "",
    more: bool = False,
    max_length: int | None = None,
    min_length: int | None = None,
    when: When = always,
    told: Mapping[Any, str] | None = None,
    live: bool = False,
) -> msgspec.Meta:
    """Describe any other field: a switch, a text, a list. `kind` picks an editor ("seed", "file", …).

    A seed is a whole number from 0: `numpy.random.default_rng` takes no other. `told` are the words for
    values that stand for something else. `live` as for a number.
    """
    extra = {"kind": kind, "more": more, "when": when, "told": dict(told or {}), "live": live}
    limits: dict[str, Any] = {"max_length": max_length, "min_length": min_length}
    if kind == "seed":
        limits["ge"] = 0
    return msgspec.Meta(title=title, description=meaning, extra=extra, **limits)


def validated(config: ConfigT) -> ConfigT:
    """Return the config after a check of all declared ranges; all numbers must be finite.

    Raises:
        Problem: `where` is the path of the wrong field, such as ``racers[1].beta``.
    """
    return _checked(msgspec.to_builtins(config), type(config))


def _checked(plain_values: Any, kind: type[ConfigT]) -> ConfigT:
    """Return the config of some plain values: first each for itself, then what they are together."""
    if not _is_sound(plain_values):
        where, value = next(number for number in _numbers(plain_values) if not _is_sound(number[1]))
        whole = isinstance(value, int)
        raise Problem("The number is too large" if whole else "Must be a finite number", where=where)
    try:
        return msgspec.convert(plain_values, kind)
    except msgspec.ValidationError as error:
        raise problem_from(error) from error


LARGEST_INTEGER = 2**63 - 1  # the largest int64


def _is_sound(value: Any) -> bool:
    """Whether every number in lists and records is finite, and no integer is too large."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_is_sound, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_sound, value))
    return not isinstance(value, int) or abs(value) <= LARGEST_INTEGER


def _numbers(value: Any, where: str = "") -> Iterator[tuple[str, float | int]]:
    """Yield every number in lists and records, with its path."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _numbers(entry, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from _numbers(entry, f"{where}[{index}]")
    elif isinstance(value, float | int):
        yield where, value


# Messages of msgspec → our sentences. The named groups are the values of the sentence.
REASONS = {
    r"Expected `\w+` > (?P<bound>\S+)": "Must be greater than {bound}",
    r"Expected `\w+` >= (?P<bound>\S+)": "Must be at least {bound}",
    r"Expected `\w+` < (?P<bound>\S+)": "Must be less than {bound}",
    r"Expected `\w+` <= (?P<bound>\S+)": "Must be at most {bound}",
    r"Expected `\w+` that's a multiple of (?P<bound>\S+)": "Must be a multiple of {bound}",
    r"Expected `str` of length >= (?P<bound>\d+)": "Must have at least {bound} characters",
    r"Expected `str` of length <= (?P<bound>\d+)": "Must have at most {bound} characters",
    r"Expected `array` of length >= (?P<bound>\d+)": "The number of entries must be at least {bound}",
    r"Expected `array` of length <= (?P<bound>\d+)": "The number of entries must be at most {bound}",
    r"Expected `array` of length (?P<bound>\d+), got (?P<got>\d+)": "Must have {bound} entries, not {got}",
    r"Expected `str` matching regex '\^\((?P<names>.*)\)\$'": "Must be one of {names}",
    r"Expected `int(?: \| null)?`, got `float`": "Must be a whole number",
    r"Expected `(?P<expected>[^`]*?)(?: \| null)?`, got `(?P<got>[^`]*)`": "Must be {expected}, not {got}",
    r"Object contains unknown field `(?P<name>.*)`": "Unknown field {name}",
    r"Object missing required field `(?P<name>.*)`": "The field {name} is missing",
    r"Invalid (?:enum )?value '?(?P<name>.*?)'?": "Unknown name {name}",
    r"Number out of range": "The number is too large",
}
KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a record",
    "null": "empty",
}


def problem_from(error: msgspec.ValidationError) -> Problem:
    """Turn msgspec's "… - at `$.racers[1].beta`" into a plain sentence and its place."""
    text, place = re.findall(r"(?s)^(.*?)(?: - at `\$\.?([^`]*)`)?$", str(error))[0]
    cause = error.__cause__
    if isinstance(cause, Problem):
        return Problem(cause.sentence, where=".".join(filter(None, (place, cause.where))), **cause.values)
    for pattern, sentence in REASONS.items():
        if found := re.fullmatch(pattern, text, re.DOTALL):
            values = {slot: _plainly(slot, value) for slot, value in found.groupdict().items()}
            return Problem(sentence, where=place, **values)
    return Problem("{reason}", where=place, reason=text)


def _plainly(slot: str, value: str) -> str:
    """Write a bound without unnecessary digits, a list of names with commas, a type in words."""
    if slot == "bound":
        return f"{float(value):.12g}".replace("-", "−")  # as the window writes numbers
    return value.replace("|", ", ") if slot == "names" else KINDS.get(value, value)


def replaced(config: ConfigT, **changes: Any) -> ConfigT:
    """Return a copy with some fields changed, checked like `validated`.

    The new values are checked each for itself before the config is made: its own check of them together
    relies on that.

    Raises:
        Problem: a value is not allowed.
        TypeError: the config has no such field. That is a mistake in the program, not of the user.
    """
    if unknown := changes.keys() - set(config.__struct_fields__):
        raise TypeError(f"{type(config).__name__} has no field {', '.join(sorted(unknown))}")
    return _checked({**msgspec.to_builtins(config), **msgspec.to_builtins(changes)}, type(config))


class Tagged(Config, frozen=True, tag_field="kind"):
    """Base of configs that are one of several kinds in a field (optimizers, data sets)."""

    def with_(self, **changes: Any) -> Self:
        """Return a checked copy with some fields changed."""
        return replaced(self, **changes)
