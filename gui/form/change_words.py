"""How settings change, in words: "Learning rate 0.01 → 0.1", in the titles of their fields."""

from collections.abc import Sequence
from math import inf
from typing import Any

import msgspec

from engine.changes import changes_of, config_at, shared_steps
from engine.config import Config, Tagged
from gui.form.field import Field, fields_of
from gui.form.settings_text import differences_text, inside_text, name_in, value_text
from gui.look.language import tr

LONGEST = 48  # characters of a change with its values; what is longer is told by its title only
MANY = 3  # from how many changes on they are counted instead of told


def several(changes: Sequence[str]) -> str:
    """Return the changes in one line; if there are many, only their number."""
    if len(changes) >= MANY:
        return tr("{n} settings", n=len(changes))
    return tr(", ").join(changes)


def differing(before: msgspec.Struct, after: msgspec.Struct) -> list[Field]:
    """Return the fields in which two records of one type differ."""
    fields = fields_of(type(after))
    return [field for field in fields if getattr(before, field.name) != getattr(after, field.name)]


def changes_text(
    before: msgspec.Struct,
    after: msgspec.Struct,
    lists: tuple[Config, Config] | None = None,
    symbols: bool = False,
) -> list[str]:
    """Return a text for each field that differs.

    `lists` are the configs before and after, if a field is the place of an entry in one of their lists. With
    `symbols` a setting of an optimizer is told by its symbol: "Adam: η 0.01 → 0.1".
    """
    return [
        _change(
            name_in(after, field) if symbols else tr(field.title),
            field,
            getattr(before, field.name),
            getattr(after, field.name),
            symbols,
        )
        if field.of is None
        else _choice(field, [getattr(chooser, field.name) for chooser in (before, after)], lists or ())
        for field in differing(before, after)
    ]


def _choice(field: Field, places: Sequence[int], lists: Sequence[Config]) -> str:
    """Say which entry of a list is chosen now, by its title: the reader does not know its index."""
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


def _change(name: str, field: Field, before: Any, after: Any, symbols: bool) -> str:
    if isinstance(before, Tagged) and type(before) is type(after):
        return _inside(before, after, symbols)
    items = (*before, *after) if isinstance(before, tuple) else ()
    if items and all(isinstance(item, Tagged) for item in items):
        return _list_change(field, before, after, symbols)
    if field.kind == "camera" or any(isinstance(item, str) for item in items):
        return tr(field.title)  # angles, or names of the program's own
    old, new = (value_text(value, field) or tr("empty") for value in (before, after))
    told = f"{name} {old} → {new}"
    return tr(field.title) if old == new or len(told) > LONGEST else told


def _inside(before: Tagged, after: Tagged, symbols: bool) -> str:
    """Return the name of an optimizer or data set and what changed in its settings."""
    return inside_text(after, several(changes_text(before, after, symbols=symbols)))


def _list_change(field: Field, before: tuple[Tagged, ...], after: tuple[Tagged, ...], symbols: bool) -> str:
    """Say what changed in a list: an entry added, removed or changed."""
    for place in range(max(len(before), len(after))):
        if before == after[:place] + after[place + 1 :]:
            return tr("Add {name}", name=value_text(after[place]))
        if after == before[:place] + before[place + 1 :]:
            return tr("Remove {name}", name=value_text(before[place]))
    if len(before) == len(after):
        pairs = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        if len(pairs) == 1:
            ((a, b),) = pairs
            return _inside(a, b, symbols) if type(a) is type(b) else f"{value_text(a)} → {value_text(b)}"
    return tr(field.title)


# Changes of a run at some step


def after_text(config: Config, step: int) -> str:
    """Say what was changed after a step: "After step 126: Learning rate 0.01 → 0.1"."""
    return tr("After step {step}: {what}", step=step, what=_at(config, step))


def since_text(config: Config, step: int) -> str:
    """Say what was changed after a step, as the name of a step of *Undo*:
    "Learning rate 0.01 → 0.1 from step 126 on".
    """
    return tr("{what} from step {step} on", what=_at(config, step), step=step)


def branch_text(older: Config | None, branch: Config, step: int) -> str:
    """Say how a branch differs from the older one that it leaves after a step; "" if it does not."""
    name = branch_name(older, branch, step, symbols=False)
    return name if older is None else tr("{what} from step {step} on", what=name, step=step)


def branch_name(older: Config | None, branch: Config, step: int, symbols: bool = True) -> str:
    """Say the same as `branch_text`, without the step, and shorter: there is little room in the tree."""
    if older is None:
        return tr("The first run")
    now = config_at(older, step + 1), config_at(branch, step + 1)
    return several(changes_text(*now, symbols=symbols))


def other_text(present: Config, other: Config, step: int) -> str:
    """Say in what another branch differs from the present one after a step, with the other's values."""
    words = differences_text(config_at(present, step + 1), config_at(other, step + 1))
    return tr("{what} from step {step} on", what=words, step=step)


def way_text(before: Config, after: Config) -> str | None:
    """Say which changes of a run are new: "Learning rate 0.01 → 0.1 from step 126 on".

    None if the two configs differ in more than their changes."""
    shared = shared_steps(before, after)
    if not 0 < shared < inf:
        return None
    new = [change.step for change in changes_of(after) if change.step > shared]
    end = max(new, default=int(shared)) + 1
    changes = changes_text(config_at(before, end), config_at(after, end))
    return tr("{what} from step {step} on", what=several(changes), step=int(shared)) if changes else None


def _at(config: Config, step: int) -> str:
    return several(changes_text(config_at(config, step), config_at(config, step + 1)))
