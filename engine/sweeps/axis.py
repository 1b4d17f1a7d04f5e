"""The settings that vary in a sweep, and their values.

A text names both:

    optimizer.learning_rate=1e-4..1:9:log      9 values from 10⁻⁴ to 1, equal factors apart
    width=8..64:8                              8 values, equally far apart; whole where the setting is whole
    width=8,16,32                              these values
    optimizer=adam,momentum                    kinds of a setting that has kinds, each with its defaults
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import Config, Problem, always
from engine.setting_paths import plain_values, value_at, with_values

MOST_VALUES = 1000  # of one setting
UNEVEN = 0.05  # of the way from the first to the last value: how far one may lie beside equal factors
RANGE = re.compile(r"(?P<low>[^:,]+?)\.\.(?P<high>[^:,]+):(?P<count>[0-9]+)(?P<log>:log)?")
FULL_WIDTH = str.maketrans("，、：．－", ",,:.-")  # as Chinese keyboards type them
WORDS = {"true": True, "false": False}


class SweepAxis(msgspec.Struct, frozen=True):
    """A setting, by its path, and its values in order: numbers, words, or kinds."""

    path: str
    values: tuple[bool | int | float | str, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers, so that they have places on an axis."""
        return all(_is_number(value) for value in self.values)

    @property
    def is_logarithmic(self) -> bool:
        """Whether the values are numbers with (nearly) equal factors between them, rather than equal steps.

        Numbers of a range are rounded to few digits: with many of them, the factors are less alike than that.
        """
        if not self.is_numeric or len(self.values) < 3:
            return False
        numbers = np.array(self.values, float)
        if numbers.min() <= 0:
            return False
        away = _unevenness(np.log(numbers))
        return away < UNEVEN and away < _unevenness(numbers)


def _unevenness(places: NDArray[np.floating[Any]]) -> float:
    """The farthest that a place lies from where equal steps would put it, as a fraction of all of the way."""
    if places[0] == places[-1]:
        return math.inf
    shares = (places - places[0]) / (places[-1] - places[0])
    return float(np.abs(shares - np.linspace(0, 1, len(places))).max())


class Varied(NamedTuple):
    """A setting that can vary: its path, its value, and how many kinds or choices it has (0: any number)."""

    path: str
    value: Any
    choices: tuple[str, ...]


def settings_to_vary(config: Config) -> list[Varied]:
    """Every setting of a config that a sweep can vary: numbers, choices, switches and kinds.

    Left out are settings without effect, the seed (a sweep has its own seeds), and lists such as points; the
    settings of the entries of a list are included.
    """
    return list(_settings(config, ""))


def _settings(config: Any, path: str) -> Iterator[Varied]:
    """The settings of a record, and of the records in it."""
    for field in msgspec.structs.fields(config):
        value, extra, kinds = getattr(config, field.name), *_described(field.type)
        where = f"{path}{field.name}"
        if not extra.get("when", always)(config) or extra.get("kind") == "seed":
            continue
        if isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, msgspec.Struct):
                    yield from _settings(entry, f"{where}[{index}].")
        elif isinstance(value, msgspec.Struct):
            if len(kinds) > 1:
                yield Varied(where, value.__struct_config__.tag, kinds)
            yield from _settings(value, f"{where}.")
        elif extra and isinstance(value, bool | int | float | str):
            choices = ("false", "true") if isinstance(value, bool) else tuple(extra.get("choices", ()))
            if choices or not isinstance(value, str):
                yield Varied(where, value, choices)


def _described(annotation: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the declaration of a type says, and the names of its kinds, if it has kinds."""
    described = msgspec.inspect.type_info(annotation)
    extra: dict[str, Any] = {}
    while isinstance(described, msgspec.inspect.Metadata):
        extra |= described.extra or {}
        described = described.type
    types = described.types if isinstance(described, msgspec.inspect.UnionType) else ()
    return extra, tuple(str(one.tag) for one in types if isinstance(one, msgspec.inspect.StructType))


def axis(text: str, config: Config) -> SweepAxis:
    """The setting and the values that a text names.

    Raises:
        Problem: it cannot be read, there is no such setting, or a value is not possible; `where` is the path.
    """
    path, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not values:
        raise Problem("Write a setting and its values, such as width=8,16,32; not {text}", text=text)
    return checked(SweepAxis(path, values_of(values, path, config)), config)


def checked(one: SweepAxis, config: Config) -> SweepAxis:
    """The axis itself, after a check that a run can have each of its values, if nothing else changes.

    Raises:
        Problem: one of them is not possible; `where` is the path.
    """
    if not 1 <= len(one.values) <= MOST_VALUES:
        raise Problem("From 1 to {most} values can be tried", where=one.path, most=MOST_VALUES)
    if len(set(one.values)) < len(one.values):
        raise Problem("A value is given twice", where=one.path)
    for value in one.values:
        varied(config, {one.path: value})
    return one


def varied(config: Config, values: dict[str, Any]) -> Config:
    """A config with other values; for a setting that has kinds, a word names the kind.

    If the kind stays the same, so do its settings; another kind has its defaults.

    Raises:
        Problem: there is no such setting, or it cannot have this value; `where` is its path.
    """
    plain = plain_values(config)
    kinds = [path for path in values if isinstance(value_at(plain, path), dict)]
    for path in kinds:
        if values[path] != value_at(plain, path).get("kind"):
            config = with_values(config, {path: {"kind": values[path]}})
    return with_values(config, {path: value for path, value in values.items() if path not in kinds})


def values_of(text: str, path: str, config: Config) -> tuple[Any, ...]:
    """The values in a text: a range, or a list.

    Raises:
        Problem: the text is neither; `where` is the path.
    """
    is_whole = isinstance(value_at(plain_values(config), path), int)
    text = text.translate(FULL_WIDTH)
    if not text.strip():
        raise Problem("Write values, such as 1, 2, 4, or a range: 0.1..1:7", where=path)
    found = RANGE.fullmatch(text)
    if found is None and re.fullmatch(r"[^:,]+\.\.[^:,]+", text):
        raise Problem("Write how many values the range has: {range}:7", where=path, range=text)
    if found is None:
        return tuple(_value(word.strip(), path) for word in text.split(","))
    low, high = (_value(found[name].strip(), path) for name in ("low", "high"))
    if not _is_number(low) or not _is_number(high):
        raise Problem("A range goes from a number to a number: 0.1..1:5", where=path)
    return span(low, high, int(found["count"]), logarithmic=bool(found["log"]), whole=is_whole, where=path)


def span(
    low: float, high: float, count: int, *, logarithmic: bool, whole: bool, where: str
) -> tuple[float, ...]:
    """`count` numbers from `low` to `high`, equal differences or equal factors apart.

    They are rounded to 3 digits, or to whole numbers if `whole`, without repetitions.

    Raises:
        Problem: there is no such range.
    """
    if not 2 <= count <= MOST_VALUES:
        raise Problem("A range has from 2 to {most} values", where=where, most=MOST_VALUES)
    if logarithmic and min(low, high) <= 0:
        raise Problem("A range of equal factors (log) must lie above 0", where=where)
    numbers: Sequence[float] = (np.geomspace if logarithmic else np.linspace)(low, high, count).tolist()
    if whole:
        return tuple(dict.fromkeys(round(number) for number in numbers))
    return tuple(dict.fromkeys(float(f"{number:.3g}") for number in numbers))


def _value(word: str, path: str) -> Any:
    """A number, true or false, or the word itself."""
    if word in WORDS:
        return WORDS[word]
    try:
        return int(word)
    except ValueError:
        pass
    try:
        number = float(word)
    except ValueError as error:
        if re.fullmatch(r"[A-Za-z_]\w*", word):
            return word
        raise Problem("This is no value: {word}", where=path, word=repr(word)) from error
    if not np.isfinite(number):
        raise Problem("Must be a finite number", where=path)
    return number


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
