"""What a step of the history is called: what differs between two states, in the titles of its fields."""

import msgspec

from engine.changes import changes_of
from engine.config import Config
from gui.form.change_words import changes_text, differing, several, way_text
from gui.look.language import tr
from gui.screen.playback_state import Example, PlaybackState


def step_text(before: PlaybackState, after: PlaybackState, options: type[Config]) -> str:
    """Name the change from one state to another, such as "Learning rate 0.01 → 0.1".

    `options` is the type of the options of the view, whose titles are used.
    """
    if after.example is not None and _opened(before, after, after.example):
        title, is_figure = after.example.title, after.example.is_figure
        return tr("Figure “{name}”", name=title) if is_figure else tr("Example “{title}”", title=tr(title))
    if before.config != after.config and after.config in before.branches and before.config in after.branches:
        return tr("Another branch")
    if len(after.branches) < len(before.branches) and after.config in before.branches:
        return tr("Close a branch")
    if before.config != after.config:
        return way_text(before.config, after.config) or _config_text(before.config, after.config)
    if len(after.pins) > len(before.pins):
        return tr("Pin a run")
    if before.pins != after.pins:
        return tr("Remove pinned runs")
    one, other = (msgspec.convert(state.options, options) for state in (before, after))
    return several(changes_text(one, other, (before.config, after.config)))


def _opened(before: PlaybackState, after: PlaybackState, example: Example) -> bool:
    """Whether it is an example that has changed a state."""
    again = after.config == example.config and before.config != after.config
    return again or example != before.example


def changed_fields(before: PlaybackState, after: PlaybackState) -> frozenset[str]:
    """Return which fields, options or lists differ, so that later changes of the same can be merged."""
    found = {f"config.{field.name}" for field in differing(before.config, after.config)}
    names = {*before.options, *after.options}
    found |= {f"options.{name}" for name in names if before.options.get(name) != after.options.get(name)}
    lists = (
        ("changes", changes_of(before.config), changes_of(after.config)),
        ("pins", before.pins, after.pins),
        ("branches", before.branches, after.branches),
    )
    found |= {name for name, one, other in lists if one != other}
    return frozenset(found)


def _config_text(before: Config, after: Config) -> str:
    changes = changes_text(before, after)
    if len(changes) > 1 and after == type(after)():
        return tr("Default settings")
    return several(changes)
