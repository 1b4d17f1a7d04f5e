"""Settings by their paths, such as "optimizer.learning_rate" or "racers[0].beta", as in a session."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from engine.config import ConfigT, Problem, problem_from


def plain_values(config: msgspec.Struct) -> dict[str, Any]:
    """A config as records and lists."""
    values: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(config))
    return values


def way_of(path: str) -> list[str | int]:
    """The names and places along a path: "racers[0].beta" and "racers.0.beta" are "racers", 0, "beta"."""
    return [int(part) if part.isdecimal() else part for part in re.findall(r"\w+", path)]


def value_at(values: Any, path: str) -> Any:
    """The value at a path of records and lists.

    Raises:
        Problem: there is none; `where` is the path.
    """
    for part in way_of(path) or [path]:
        known = part in values if isinstance(values, dict) else _has(values, part)
        if not known:
            raise Problem("There is no setting of this name", where=path)
        values = values[part]
    return values


def _has(values: Any, part: str | int) -> bool:
    return isinstance(values, list) and isinstance(part, int) and part < len(values)


def with_values(config: ConfigT, settings: Mapping[str, Any]) -> ConfigT:
    """A config with other values at some paths.

    Raises:
        Problem: there is no such setting, or it cannot have this value; `where` is its path.
    """
    values = plain_values(config)
    for path, value in settings.items():
        value_at(values, path)
        *way, last = way_of(path)
        place: Any = values
        for part in way:
            place = place[part]
        place[last] = value
    try:
        return msgspec.convert(values, type(config))
    except msgspec.ValidationError as error:
        raise problem_from(error) from error
