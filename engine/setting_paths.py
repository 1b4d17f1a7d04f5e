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


def way_of(path: str) -> list[Any]:
    """The names and places along a path: "racers[0].beta" and "racers.0.beta" are "racers", 0, "beta"."""
    return [int(part) if part.isdecimal() else part for part in re.findall(r"\w+", path)]


def find(values: Any, path: str, missing: Any = None) -> Any:
    """The value at a path of records and lists, or `missing` if there is none."""
    for part in way_of(path) or [path]:
        known = part in values if isinstance(values, dict) else _has(values, part)
        if not known:
            return missing
        values = values[part]
    return values


def _has(values: Any, part: str | int) -> bool:
    return isinstance(values, list) and isinstance(part, int) and part < len(values)


def value_at(values: Any, path: str) -> Any:
    """The value at a path of records and lists.

    Raises:
        Problem: there is none; `where` is the path.
    """
    nothing = object()
    value = find(values, path, nothing)
    if value is nothing:
        raise Problem("There is no setting of this name", where=path)
    return value


def put(values: Any, path: str, value: Any) -> None:
    """Set the value at a path that is there."""
    *way, last = way_of(path)
    for part in way:
        values = values[part]
    values[last] = value


def with_values(config: ConfigT, settings: Mapping[str, Any]) -> ConfigT:
    """A config with other values at some paths.

    Raises:
        Problem: there is no such setting, or it cannot have this value; `where` is its path.
    """
    values = plain_values(config)
    for path, value in settings.items():
        value_at(values, path)
        put(values, path, value)
    try:
        return msgspec.convert(values, type(config))
    except msgspec.ValidationError as error:
        raise problem_from(error) from error


def first_difference(one: Any, other: Any, where: str = "") -> str:
    """The path of the first setting in which two differ; that of the record if its kind does."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        if one.get("kind") == other.get("kind"):
            name = next(name for name in one if one[name] != other[name])
            return first_difference(one[name], other[name], f"{where}.{name}" if where else name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        index = next(k for k, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        return first_difference(one[index], other[index], f"{where}[{index}]")
    return where
