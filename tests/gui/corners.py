"""Configs at the corners of what they declare: every number at its ends, every choice, every kind, and pairs.

Only what a config takes comes back: a corner that is refused with a sentence is no corner.
"""

import math
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from engine.config import Problem, replaced
from gui.form.field import Field, fields_of, structs_in

FORMULAS = ("x^4 + y^4", "abs(x) + abs(y)", "log(x)", "1/(x*y)", "0*x", "1e300*(x^2 + y^2)", "exp(x*y)", "x")


def corners(config: Any) -> Iterator[Any]:
    """Every field at every one of its corners, the others as they are."""
    for field in fields_of(type(config)):
        for value in corners_of(field, getattr(config, field.name)):
            yield from _with(config, {field.name: value})


def sampled(config: Any, chance: Random) -> Any:
    """One config, most often with two or three fields at a corner or anywhere in their ranges."""
    for _ in range(20):
        found = config
        for field in chance.sample(
            fields_of(type(config)), k=min(chance.randint(1, 4), len(config.__struct_fields__))
        ):
            values = [*corners_of(field, getattr(found, field.name)), *_anywhere(field, chance)]
            if values:
                found = next(_with(found, {field.name: chance.choice(values)}), found)
        if found != config:
            return found
    return config


def corners_of(field: Field, now: Any) -> Iterator[Any]:
    """The outermost values of a field, allowed ones as far as its declaration tells."""
    if field.kind in ("real", "int", "seed"):
        yield from _ends(field)
    elif field.choices:
        yield from field.choices
    elif field.kind == "bool":
        yield from (False, True)
    elif field.kind == "optimizer":
        for kind in structs_in(field.type):
            try:
                made = kind()
            except (TypeError, Problem):
                continue
            yield made
            yield from corners(made)
    elif field.kind == "racers":
        kinds = [kind() for kind in structs_in(field.type)]
        racers = kinds + [corner for kind in kinds for corner in corners(kind)]
        yield from (tuple(racers[at : at + 6]) for at in range(0, len(racers), 6))
    elif field.kind == "expression":
        yield from FORMULAS
    else:
        yield from _lists(now)


def _ends(field: Field) -> Iterator[float]:
    whole = field.kind != "real"
    limits, soft = field.limits, field.soft or ()
    low = [limits["ge"]] if "ge" in limits else []
    low += [limits["gt"] + 1 if whole else math.nextafter(limits["gt"], math.inf)] if "gt" in limits else []
    high = [limits["le"]] if "le" in limits else []
    high += [limits["lt"] - 1 if whole else math.nextafter(limits["lt"], -math.inf)] if "lt" in limits else []
    for value in {*low, *high, *soft}:
        yield int(value) if whole else float(value)


def _anywhere(field: Field, chance: Random) -> Iterator[Any]:
    if field.kind in ("real", "int") and field.slider_range:
        low, high = field.slider_range
        for _ in range(2):
            t = chance.random()
            value = low * (high / low) ** t if field.log and low > 0 else low + t * (high - low)
            yield round(value) if field.kind == "int" else value


def _lists(now: Any) -> Iterator[Any]:
    """Lists and points of the same length: all 0, all alike, one alone, far away, next to nothing."""
    if not isinstance(now, tuple) or not now or not all(isinstance(value, float) for value in now):
        if isinstance(now, tuple) and now and all(isinstance(value, tuple) for value in now):
            yield tuple((float(k), 0.0) for k in range(len(now)))
            yield tuple((1e6 * x, 1e-6 * y) for x, y in now)
            yield now[:2]
        return
    count = len(now)
    yield from (tuple([value] * count) for value in (0.0, 1.0 / count, 1e-9, 1000.0, -1000.0, 1e6))
    yield (1.0, *[0.0] * (count - 1))
    yield tuple(900.0 * (-1) ** k for k in range(count))


def _with(config: Any, changes: dict[str, Any]) -> Iterator[Any]:
    try:
        yield replaced(config, **changes)
    except (Problem, msgspec.ValidationError):
        return
