"""How an edit becomes a change of a run that goes on, and which branches of a run leave which.

The settings of a live run may change while it runs (`engine.changes`): each change stands in its config, so
that a run with changes is a run like any other. Two runs of the same settings are the same up to the first
change that only one of them has. All steps are counted from 0.
"""

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import msgspec

from engine.changes import (
    MOST_CHANGES,
    Change,
    changed,
    changes_of,
    config_at,
    from_the_start,
    is_live,
    shared_steps,
)
from engine.config import Config, Problem, problem_from, replaced
from engine.setting_paths import plain_values


def in_force(config: Config, step: int) -> Config:
    """The settings with which a run goes on after `step`; the config itself where it has no changes."""
    return config_at(config, step + 1) if changes_of(config) else config


class InForce:
    """The settings in force, made anew only where another change has come into force since."""

    def __init__(self) -> None:
        self._made: tuple[Config, int, Config] | None = None

    def at(self, config: Config, step: int) -> Config:
        """The settings with which a run goes on after `step`."""
        made, count = self._made, sum(change.step <= step for change in changes_of(config))
        if made is None or made[0] is not config or made[1] != count:
            made = self._made = config, count, in_force(config, step)
        return made[2]


def edited(config: Config, wanted: Config, of: int, here: int | None) -> Config:
    """What the config of a run becomes where its settings after `of` steps are edited to be `wanted`.

    The edit holds after the step `here`, if all that it touches may change while the run goes on; without
    such a step, and else, it holds from the start.

    Raises:
        Problem: it does not fit together with what the run has at another step.
    """
    if not is_live(config):
        return wanted
    if here is not None and (found := _from(config, wanted, of, here)) is not None:
        return found
    if not changes_of(config):
        return wanted
    try:
        return from_the_start(config, wanted, of)
    except msgspec.ValidationError as error:
        raise problem_from(error) from error


def edited_alike(branches: Sequence[Config], config: Config, wanted: Config, of: int) -> list[Config]:
    """What the branches of a run become where its settings after `of` steps are edited from the start.

    All keep their own changes of everything else. Those that do not fit together with the edit are left out.
    """
    found = []
    for branch in branches:
        try:
            new = merged(in_force(branch, of), in_force(config, of), wanted)
            found.append(edited(branch, new, of, None))
        except Problem:
            continue
    return found


def _from(config: Config, wanted: Config, of: int, here: int) -> Config | None:
    """The edit as a change after a step; None where it touches what cannot change then."""
    try:
        found = changed(config, here, merged(in_force(config, here), in_force(config, of), wanted))
    except Problem:
        return None
    if len(changes_of(found)) > MOST_CHANGES:
        raise Problem("A run can have {most} changes at most: take some back", most=MOST_CHANGES)
    return found


def merged(base: Config, shown: Config, wanted: Config) -> Config:
    """`base`, with what differs between `shown` and `wanted` as it is wanted.

    Raises:
        Problem: the settings do not fit together.
    """
    if base == shown:
        return wanted
    values = _merged(*map(plain_values, (base, shown, wanted)))
    try:
        return msgspec.convert(values, type(base))
    except msgspec.ValidationError as error:
        raise problem_from(error) from error


def _merged(base: Any, shown: Any, wanted: Any) -> Any:
    if shown == wanted:
        return base
    three = (base, shown, wanted)
    if all(isinstance(one, dict) for one in three) and base.keys() == shown.keys() == wanted.keys():
        return {name: _merged(base[name], shown[name], wanted[name]) for name in base}
    if all(isinstance(one, list) for one in three) and len(base) == len(shown) == len(wanted):
        return [_merged(*entries) for entries in zip(*three, strict=True)]
    return wanted


def without(config: Config, gone: Sequence[Change]) -> Config:
    """The config without some of its changes.

    Raises:
        Problem: a later change does not fit without them.
    """
    return replaced(config, changes=tuple(one for one in changes_of(config) if one not in gone))


class Leaving(NamedTuple):
    """Where a branch leaves another one: its place among all branches, and the last step they share."""

    parent: int | None
    step: int


def tree(branches: Sequence[Config]) -> list[Leaving]:
    """Where each branch leaves one that is older: the one with which it has the most steps in common."""
    found = []
    for k, config in enumerate(branches):
        shared = [shared_steps(older, config) for older in branches[:k]]
        most = max(shared, default=-1.0)
        found.append(Leaving(shared.index(most), int(most)) if 0 < most < inf else Leaving(None, 0))
    return found
