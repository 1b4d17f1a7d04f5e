"""What a step of the history is called: what differs between two states, in the titles of its fields."""

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.config import Config, Tagged
from gui.form.field import Field, fields_of
from gui.form.settings_text import value_text
from gui.look.language import tr
from gui.screen.playback_state import Example, PlaybackState

LONGEST = 48  # characters of a change with its values; what is longer is told by its title only
MANY = 3  # from how many changes on they are counted instead of told


def step_text(before: PlaybackState, after: PlaybackState, options: type[Config]) -> str:
    """Name the change from one state to another, such as "Learning rate 0.01 → 0.1".

    `options` is the type of the options of the view, whose titles are used.
    """
    if after.example is not None and _opened(before, after, after.example):
        return tr("Example “{title}”", title=tr(after.example.title))
    if before.config != after.config:
        return _config_text(before.config, after.config)
    if len(after.pins) > len(before.pins):
        return tr("Pin a run")
    if before.pins != after.pins:
        return tr("Remove pinned runs")
    one, other = (msgspec.convert(state.options, options) for state in (before, after))
    return _several(_changes(one, other, (before.config, after.config)))


def _opened(before: PlaybackState, after: PlaybackState, example: Example) -> bool:
    """Whether it is an example that has changed a state."""
    again = after.config == example.config and before.config != after.config
    return again or example != before.example


def changed_fields(before: PlaybackState, after: PlaybackState) -> frozenset[str]:
    """Return which fields, options or lists differ, so that later changes of the same can be merged."""
    found = {f"config.{field.name}" for field in _differing(before.config, after.config)}
    names = {*before.options, *after.options}
    found |= {f"options.{name}" for name in names if before.options.get(name) != after.options.get(name)}
    return frozenset(found | ({"pins"} if before.pins != after.pins else set()))


def _config_text(before: Config, after: Config) -> str:
    changes = _changes(before, after)
    if len(changes) > 1 and after == type(after)():
        return tr("Default settings")
    return _several(changes)


def _several(changes: Sequence[str]) -> str:
    if len(changes) >= MANY:
        return tr("{n} settings", n=len(changes))
    return ", ".join(changes)


def _differing(before: msgspec.Struct, after: msgspec.Struct) -> list[Field]:
    fields = fields_of(type(after))
    return [field for field in fields if getattr(before, field.name) != getattr(after, field.name)]


def _changes(
    before: msgspec.Struct, after: msgspec.Struct, lists: tuple[Config, Config] | None = None
) -> list[str]:
    """What differs; `lists` are the settings in whose lists options choose."""
    return [
        _change(field, getattr(before, field.name), getattr(after, field.name))
        if field.of is None
        else _choice(field, [getattr(chooser, field.name) for chooser in (before, after)], lists or ())
        for field in _differing(before, after)
    ]


def _choice(field: Field, places: Sequence[int], lists: Sequence[Config]) -> str:
    """Name the choice of another entry of a list by its title, because its index tells nothing."""
    found = [
        field.of(config) if callable(field.of) else getattr(config, field.of or "", ()) for config in lists
    ]
    names = [
        value_text(entries[min(place, len(entries) - 1)])
        for entries, place in zip(found, places, strict=False)
        if entries
    ]
    title = tr(field.title)
    return f"{title} {' → '.join(names)}" if len(set(names)) == len(places) else title


def _change(field: Field, before: Any, after: Any) -> str:
    if isinstance(before, Tagged) and type(before) is type(after):
        return _inside(before, after)
    items = (*before, *after) if isinstance(before, tuple) else ()
    if items and all(isinstance(item, Tagged) for item in items):
        return _list_change(field, before, after)
    if field.kind == "camera" or (isinstance(before, tuple) and any(isinstance(name, str) for name in items)):
        return tr(field.title)  # angles, or names of the program's own
    old, new = (value_text(value, field) or tr("empty") for value in (before, after))
    told = f"{tr(field.title)} {old} → {new}"
    return tr(field.title) if old == new or len(told) > LONGEST else told


def _inside(before: msgspec.Struct, after: msgspec.Struct) -> str:
    """The change of the settings of one optimizer or data set, after its name."""
    return f"{value_text(after)}: {_several(_changes(before, after))}"


def _list_change(field: Field, before: tuple[Tagged, ...], after: tuple[Tagged, ...]) -> str:
    """Name a change of a list: an entry added, removed or changed."""
    for place in range(max(len(before), len(after))):
        if before == after[:place] + after[place + 1 :]:
            return tr("Add {name}", name=value_text(after[place]))
        if after == before[:place] + before[place + 1 :]:
            return tr("Remove {name}", name=value_text(before[place]))
    if len(before) == len(after):
        pairs = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        if len(pairs) == 1:
            ((a, b),) = pairs
            return _inside(a, b) if type(a) is type(b) else f"{value_text(a)} → {value_text(b)}"
    return tr(field.title)
