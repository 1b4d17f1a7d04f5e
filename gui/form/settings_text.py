"""A config in one line, for the title of a figure; two compared, for the legend of a pinned run."""

import re
from typing import Any

import msgspec

from engine.changes import changes_of, config_at
from engine.config import Config, Tagged
from gui.form.field import Field, fields_of
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.plain import plain_name

TOLD = 4  # the most changes of a run that are listed; of more, only the number is given


def settings_text(config: Config) -> str:
    """What it takes to make a run again, in the window's language: "Surface Beale · Start (1, 2) · …".

    Of the settings under *More*, it has only the seed and those that differ from their default.
    """
    fresh = type(config)()
    fields = [
        field
        for field in fields_of(type(config))
        if field.when(config)
        and (
            not field.more
            or field.kind == "seed"
            or getattr(config, field.name) != getattr(fresh, field.name)
        )
    ]
    told = [
        f"{tr(field.title)} {value_text(getattr(config, field.name), field, whole=True)}" for field in fields
    ]
    return " · ".join([*told, *_changes(config)])


def _changes(config: Config) -> list[str]:
    """Return what was changed while the run went on; if there are many changes, only their number."""
    steps = sorted({change.step for change in changes_of(config)})
    if len(steps) > TOLD:
        return [tr("{n} changes from step {step} on", n=len(steps), step=steps[0])]
    return [
        tr(
            "{what} from step {step} on",
            what=differences_text(config_at(config, step), config_at(config, step + 1)),
            step=step,
        )
        for step in steps
    ]


def differences_text(config: msgspec.Struct, pinned: msgspec.Struct) -> str:
    """Say in which settings a pinned run differs from the present one, with the pinned values."""
    return tr(", ").join(_differences(config, pinned)) or tr("same settings")


def inside_text(kind: Tagged, what: str) -> str:
    """Say something of the settings inside an optimizer or a data set: "Adam: η 0.01"."""
    return tr("{name}: {what}", name=value_text(kind), what=what)


def name_in(kind: msgspec.Struct, field: Field) -> str:
    """Return the name of a field: its symbol if it is a setting of an optimizer or of another kind."""
    return (isinstance(kind, Tagged) and field.symbol) or tr(field.title)


def _differences(config: msgspec.Struct, pinned: msgspec.Struct) -> list[str]:
    found = []
    for field in fields_of(type(pinned)):
        here, there = getattr(config, field.name), getattr(pinned, field.name)
        if here == there or not (field.when(config) or field.when(pinned)):
            continue
        pairs = list(zip(here, there, strict=False)) if isinstance(here, tuple) else [(here, there)]
        alike = all(isinstance(a, Tagged) and type(a) is type(b) for a, b in pairs)
        if alike and (not isinstance(here, tuple) or len(here) == len(there)):
            found += [inside_text(b, part) for a, b in pairs for part in _differences(a, b)]
        else:
            found.append(f"{name_in(pinned, field)} {value_text(there, field)}")
    return found


def value_text(value: Any, field: Field | None = None, whole: bool = False) -> str:
    """Return a short text of one value; with `whole` also the settings of an optimizer or a data set."""
    if field and field.kind == "table":
        return ", ".join(_otherwise(value)) or tr("Automatic")
    if field and (found := _in_words(value, field)) is not None:
        return found
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, float):
        return short_text(value, 4)
    if isinstance(value, Tagged):
        title = tr(getattr(value, "title", type(value).__name__))
        return f"{title}{_inner(value)}" if whole else title
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):  # points: how many
        return f"({len(value)})"
    if isinstance(value, tuple):
        parts = ", ".join(value_text(part, whole=whole) for part in value)
        return parts if any(isinstance(item, Tagged) for item in value) else f"({parts})"
    if isinstance(value, msgspec.Struct):  # a record, such as a distribution: what its first field holds
        return value_text(getattr(value, value.__struct_fields__[0]))
    return str(value)


def _in_words(value: Any, field: Field) -> str | None:
    """Return the field's own word for a value, if it has one."""
    if value in (words := field.choices | field.told):
        return tr(words[value])
    if field.kind == "span":
        return "–".join(map(value_text, value))
    return plain_name(name_of(str(value))) if field.kind == "file" else None


def name_of(path: str) -> str:
    """Return the name of a file without its folders, which may contain the name of a person."""
    return re.split(r"[/\\]", path)[-1] or path


def _otherwise(record: msgspec.Struct) -> list[str]:
    """Return the fields of a record that differ from their defaults."""
    fresh = type(record)()
    return [
        f"{tr(field.title)} {value_text(getattr(record, field.name), field)}"
        for field in fields_of(type(record))
        if getattr(record, field.name) != getattr(fresh, field.name)
    ]


def _inner(value: Tagged) -> str:
    """Return the settings of one kind in brackets: the main ones, and those that are not the default."""
    fresh = type(value)()
    told = [
        f"{field.symbol or tr(field.title)} {value_text(getattr(value, field.name), field, whole=True)}"
        for field in fields_of(type(value))
        if field.when(value)
        and (
            not (field.more or field.kind == "table")
            or getattr(value, field.name) != getattr(fresh, field.name)
        )
    ]
    return f" ({', '.join(told)})" if told else ""
