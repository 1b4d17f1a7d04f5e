"""A setting may change while a run goes on: the learning rate is lowered, the batch is made larger.

    changes = (Change(step=126, where="optimizer.learning_rate", value=0.1),)

    step   1 … 126    127 …
    η      0.01       0.1

The changes are part of the config. So a run with changes repeats to the last bit like any other; it is saved,
pinned and undone like any other. Until step 126 the run is the same as without the change. So another
value can be tried from there on without computing the first 126 steps again (`Runner.forked`): a *fork* of
the run.

A config whose settings may change is *live*: it has a field `changes`, calls `check_changes` in its
`__post_init__`, and its experiment takes the settings of each step from `spans` or `config_at`. The fields
that may change are declared `live`. Settings that decide the data, the shape of the weights or the seed are
not.
Nor is the kind of an optimizer, whose state is another, nor whether RMSProp is centred: the mean of the
gradients that this needs was not kept. Other switches may change: they only decide what is made of the state.
The weight decay of *Mini-batches* is a part of its loss, and decides where the minimum is.

The state of the run stays as it is. An optimizer keeps its means, its sums and its t; a new β is used for the
coming gradients. A new schedule has the factor of the present step, as if it had been there from step 1. The
coming batches are those that would have come, cut to the new size: a fork and the run it left use the same
random numbers. What is computed from β and t alone, such as Adam's correction 1 − βᵗ, uses the new β for all
t steps, as in common programs; for a while it is not exactly the sum of the weights.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import inf
from typing import Annotated, Any, Generic, NamedTuple

import msgspec

from engine.config import Config, ConfigT, Problem, plain, problem_from
from engine.setting_paths import find, first_difference, plain_values, put

MOST_CHANGES = 64
SettingValue = (
    bool | int | float | str | dict[str, bool | int | float | str]
)  # a dict is a record, as in a session


class Change(Config, frozen=True):
    """After `step` steps the setting at `where` becomes `value`: it acts from step `step` + 1 on.

    `where` is a path such as "batch_size", "optimizer.schedule" or "racers[0].beta".
    """

    step: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    where: Annotated[str, msgspec.Meta(max_length=100)]
    value: SettingValue

    def __hash__(self) -> int:
        return hash((self.step, self.where))  # the value may be a dict


Changes = Annotated[
    tuple[Change, ...],
    plain(
        "Changes",
        "Settings that change while the run goes on.",
        kind="changes",
        more=True,
        max_length=MOST_CHANGES,
    ),
]


class SettingsSpan(NamedTuple, Generic[ConfigT]):
    """The steps `first` … `last` of a run, all with the same settings."""

    first: int
    last: int
    settings: ConfigT


# What may change


def is_live(config: msgspec.Struct | type[msgspec.Struct]) -> bool:
    """Whether the settings of a config, or of a type of configs, may change while it runs."""
    return "changes" in config.__struct_fields__


def live_fields(config: msgspec.Struct) -> tuple[str, ...]:
    """The paths of the settings that may change while this config runs."""
    return tuple(_live_in(config)) if is_live(config) else ()


def _live_in(record: msgspec.Struct, before: str = "") -> Iterator[str]:
    for name, live in _declared(type(record)):
        held, where = getattr(record, name), before + name
        if live:
            yield where
        elif isinstance(held, msgspec.Struct):
            yield from _live_in(held, f"{where}.")
        elif isinstance(held, tuple):
            for index, entry in enumerate(held):
                if isinstance(entry, msgspec.Struct):
                    yield from _live_in(entry, f"{where}[{index}].")


@cache
def _declared(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """The fields of a record, and whether each is declared live."""
    found = []
    for info in msgspec.structs.fields(kind):
        metas = getattr(info.type, "__metadata__", ())
        found.append((info.name, any((meta.extra or {}).get("live", False) for meta in metas)))
    return tuple(found)


def changes_of(config: msgspec.Struct) -> tuple[Change, ...]:
    """The changes of a config; none if it is not live."""
    return config.changes if is_live(config) else ()  # type: ignore[attr-defined]


# The settings of a step


def config_at(config: ConfigT, step: int) -> ConfigT:
    """The settings of a step, from 1, as a config without changes; at 0 they are those of step 1."""
    acting = [change for change in changes_of(config) if change.step < step]
    if not acting:
        return _with_changes(config, ())
    values = _values(config)
    for change in acting:
        put(values, change.where, change.value)
    return msgspec.convert(values, type(config))


def spans(config: ConfigT, first: int, last: int) -> Iterator[SettingsSpan[ConfigT]]:
    """The steps `first` … `last` in parts: in each, all settings stay as they are."""
    turns = {change.step + 1 for change in changes_of(config) if first <= change.step < last}
    for begin, end in pairwise([first, *sorted(turns), last + 1] if first <= last else []):
        yield SettingsSpan(begin, end - 1, config_at(config, begin))


def shared_steps(one: Config, other: Config) -> float:
    """How many steps the runs of two configs have in common; −1 if not even the start, ∞ if all."""
    if one == other:
        return inf
    if type(one) is not type(other) or _with_changes(one, ()) != _with_changes(other, ()):
        return -1
    ours, theirs = changes_of(one), changes_of(other)
    same = next((k for k, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    same = min(len(ours), len(theirs)) if same is None else same
    return min(change.step for change in (*ours[same : same + 1], *theirs[same : same + 1]))


# Changing a config


def changed(config: ConfigT, at: int, new: ConfigT) -> ConfigT:
    """The config whose settings become those of `new` after `at` steps; its own later changes are dropped.

    It is the config itself where nothing differs, and `new` from the start where `at` is 0.

    Raises:
        Problem: a setting differs that cannot change while the run goes on; `where` is its path.
    """
    wanted = _with_changes(new, ())
    if wanted == config_at(config, at + 1):
        return config
    if at < 1:
        return wanted
    kept = tuple(change for change in changes_of(config) if change.step < at)
    now, values = _values(config_at(config, at)), _values(wanted)
    made = []
    for where in live_fields(config):
        value = find(values, where)
        if value is not None and value != find(now, where):
            made.append(Change(at, where, value))
            put(now, where, value)
    if now != values:
        sentence = "This cannot change while the run goes on: it starts over"
        raise Problem(sentence, where=first_difference(now, values))
    return _with_changes(config, (*kept, *made))


def from_the_start(config: ConfigT, new: ConfigT, at: int = 0) -> ConfigT:
    """The config with `new` from the start, where `new` was made from its settings after `at` steps.

    Settings that are the same in both keep their changes, and their values before them; of the others all
    changes are dropped. Changes of something that no longer exists, such as a racer, are dropped too.
    """
    now, wanted, base = _values(config_at(config, at + 1)), _values(new), _values(config)
    live, values = live_fields(new), _values(new)
    kept = [one for one in changes_of(config) if one.where in live and _alike(now, wanted, one.where)]
    for change in kept:
        put(values, change.where, find(base, change.where))
    return _with_changes(msgspec.convert(values, type(config)), tuple(kept))


def _alike(now: Any, new: Any, where: str) -> bool:
    """Whether a setting is the same in both, and belongs to a record of the same kind."""
    record = where.rpartition(".")[0]
    kinds = [find(values, f"{record}.kind") if record else None for values in (now, new)]
    return find(now, where) == find(new, where) and kinds[0] == kinds[1]


def check_changes(config: Config) -> None:
    """Refuse changes of a config that cannot be made; call it in the `__post_init__` of a live config.

    Raises:
        Problem: `where` is the place, such as ``changes[2].value``.
    """
    changes = changes_of(config)
    if not changes:
        return
    live, values, seen = live_fields(config), _values(config), set()
    for index, change in enumerate(changes):
        place = f"changes[{index}]"
        if change.where not in live:
            known = find(values, change.where) is not None
            sentence = "{name} cannot change while the run goes on" if known else "Unknown name {name}"
            raise Problem(sentence, where=f"{place}.where", name=change.where)
        if index and change.step < changes[index - 1].step:
            raise Problem("The changes must stand in the order of their steps", where=f"{place}.step")
        if (change.step, change.where) in seen:
            raise Problem("A setting can change only once after a step", where=f"{place}.where")
        seen.add((change.step, change.where))
        put(values, change.where, change.value)
        _check(values, type(config), change.where, f"{place}.value")


def _check(values: dict[str, Any], kind: type[Config], where: str, place: str) -> None:
    """Refuse settings that the config does not allow; `where` is the last setting that changed."""
    try:
        msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        problem = problem_from(error)
        inner = problem.where.removeprefix(where) if problem.where.startswith(where) else ""
        raise Problem(problem.sentence, where=place + inner, **problem.values) from error


def _values(config: msgspec.Struct) -> dict[str, Any]:
    """A config as plain records and lists, without its changes."""
    return plain_values(_with_changes(config, ()))


def _with_changes(config: ConfigT, changes: tuple[Change, ...]) -> ConfigT:
    """The config with other changes; itself if it has these, or is not live."""
    if not is_live(config) or changes_of(config) == changes:
        return config
    return msgspec.structs.replace(config, changes=changes)
