"""What a config declares about its fields, read once, so that a widget can be made for each.

The words (title, meaning, choices) are English; whoever shows them translates them.
"""

import math
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args, get_origin

import msgspec

from engine.config import NamesOf, When, always
from gui.look.numbers import short_text


@dataclass(frozen=True)
class Field:
    """One field of a config, with everything its declaration says."""

    name: str
    type: Any
    title: str
    meaning: str
    kind: str  # which editor: "real", "int", "bool", "choice", "text", "seed", "racers", …
    limits: dict[str, float] = field(default_factory=dict)  # gt, ge, lt, le
    soft: tuple[float, float] | None = None
    log: bool = False
    symbol: str = ""
    unit: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    more: bool = False
    when: When = always  # whether it has an effect in a config
    of: str | NamesOf | None = (
        None  # if the field is a place in a list: the field with the list, or what gives its entries' names
    )
    most: str | None = None  # a field with a list, whose length is the most that this number may be
    told: dict[Any, str] = field(default_factory=dict)  # words shown for values with a special meaning

    @property
    def range_text(self) -> str:
        """The allowed range as mathematics, such as 0 < η ≤ 1, or nothing when all is allowed."""
        low = f"{short_text(self.limits['gt'])} < " if "gt" in self.limits else ""
        low = f"{short_text(self.limits['ge'])} ≤ " if "ge" in self.limits else low
        high = f" < {short_text(self.limits['lt'])}" if "lt" in self.limits else ""
        high = f" ≤ {short_text(self.limits['le'])}" if "le" in self.limits else high
        return f"{low}{self.symbol or '…'}{high}" if low or high else ""

    @property
    def slider_range(self) -> tuple[float, float] | None:
        """The range of a slider: the soft range, else the limits; None when an end is open."""
        low = self.limits.get("ge", self.limits.get("gt"))
        high = self.limits.get("le", self.limits.get("lt"))
        return self.soft or (None if low is None or high is None else (low, high))

    def inside(self, value: float) -> float:
        """Return the nearest allowed number; for an end that is itself not allowed, a number just inside it,
        or the next whole number."""
        low, high = self.slider_range or (0.0, 1.0)
        hair = 1 if self.whole else abs(high - low) / 1000
        least = max(self.limits.get("ge", -math.inf), self.limits.get("gt", -math.inf) + hair)
        most = min(self.limits.get("le", math.inf), self.limits.get("lt", math.inf) - hair)
        return value if self.allows(value) else min(max(value, least), most)

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.type is int

    def allows(self, value: float) -> bool:
        """Whether a number is within the limits."""
        below = value <= self.limits.get("gt", -math.inf) or value < self.limits.get("ge", -math.inf)
        return not (
            below or value >= self.limits.get("lt", math.inf) or value > self.limits.get("le", math.inf)
        )


@cache
def fields_of(config_type: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a config in the order they are declared, without `changes`: that is no setting."""
    fields = [_field(info) for info in msgspec.structs.fields(config_type)]
    return tuple(field for field in fields if field.kind != "changes")


def _field(info: msgspec.structs.FieldInfo) -> Field:
    annotated = get_origin(info.type) is not None and hasattr(info.type, "__metadata__")
    meta = info.type.__metadata__[0] if annotated else msgspec.Meta()
    plain_type = get_args(info.type)[0] if annotated else info.type
    extra = dict(meta.extra or {})
    limits = {name: getattr(meta, name) for name in ("gt", "ge", "lt", "le")}
    return Field(
        name=info.name,
        type=plain_type,
        title=meta.title or info.name,
        meaning=meta.description or "",
        kind=extra.get("kind") or _kind(plain_type, extra),
        limits={name: limit for name, limit in limits.items() if limit is not None},
        soft=extra.get("soft"),
        log=extra.get("scale") == "log",
        symbol=extra.get("symbol", ""),
        unit=extra.get("unit", ""),
        choices=extra.get("choices", {}),
        more=extra.get("more", False),
        when=extra.get("when", always),
        of=extra.get("of"),
        most=extra.get("most"),
        told=extra.get("told", {}),
    )


def _kind(plain_type: Any, extra: dict[str, Any]) -> str:
    if "choices" in extra:
        return "choice"
    if structs_in(plain_type):
        return "optimizer"
    return {float: "real", int: "int", bool: "bool"}.get(plain_type, "text")


def structs_in(annotation: Any) -> tuple[type[msgspec.Struct], ...]:
    """Return the struct types that an annotation such as ``list[Adam | Momentum]`` allows."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return (annotation,)
    return tuple(found for part in get_args(annotation) for found in structs_in(part))


def tag_of(value: msgspec.Struct | type[msgspec.Struct]) -> str:
    """Return the tag of a struct or of its type, such as "adam"."""
    return str(value.__struct_config__.tag)
