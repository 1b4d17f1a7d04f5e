"""The scenes of an explanation: for some settings, about sixty words and buttons with things to try.

An explanation begins with its scenes; the rest begins at the first heading that is not "Scene":

    # Scene: data.kind = "moons"; layers = 0

    Some sixty words about two moons and one line.

    - A hidden layer `layers = 1`
    - The first mistake `step = 12`

    # Scene

    What is said where no other scene fits.

    ## What you see

A condition is the path of a setting and its value in JSON. The first scene whose conditions all hold is
shown. Things to try are written the same way: `step` is the step to go to, a name that begins with `options.`
is an option of the view, and `defaults` resets all settings before the others are set.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.changes import config_at
from engine.config import Config, Problem
from engine.setting_paths import find, plain_values, with_values

HEAD = re.compile(r"(?m)^# Scene(?:: (?P<when>.+))?$")
REST = re.compile(r"(?m)^#{1,3} (?!Scene)")
TRY = re.compile(r"(?m)^- (?P<label>[^`\n]+?) `(?P<what>[^`\n]+)`$")
DEFAULTS, STEP, OPTIONS = "defaults", "step", "options"
_MISSING = object()  # no setting has this value

Settings = tuple[tuple[str, Any], ...]  # paths such as "racers.0.beta", and their values


@dataclass(frozen=True)
class Try:
    """What a button does: it sets settings and options of the view, and goes to a step."""

    label: str
    settings: Settings = ()
    options: Settings = ()
    step: int | None = None
    defaults: bool = False

    def config(self, now: Config) -> Config:
        """Return the settings after it: those of a whole run, without changes during the run.

        Raises:
            Problem: there is no such setting, or it cannot have this value.
        """
        if not (self.settings or self.defaults):
            return now
        return with_values(type(now)() if self.defaults else config_at(now, 0), dict(self.settings))

    def does(self, now: Config, look: Config) -> bool:
        """Whether it is possible with the present settings and options, and changes something."""
        try:
            others = self.config(now) != now, with_values(look, dict(self.options)) != look
        except Problem:
            return False
        return self.step is not None or any(others)


@dataclass(frozen=True)
class Scene:
    """The text shown if all conditions `when` hold, in Markdown, and things to try."""

    when: Settings
    words: str
    tries: tuple[Try, ...]

    def fits(self, values: Any) -> bool:
        """Whether all conditions hold for a config, given as plain values."""
        return all(find(values, path, _MISSING) == value for path, value in self.when)


def scenes_in(markdown: str) -> tuple[tuple[Scene, ...], str]:
    """Return the scenes of an explanation, and the rest of the text.

    Raises:
        ValueError: a condition or a setting cannot be read; the message contains it.
    """
    heads = list(HEAD.finditer(markdown))
    if not heads:
        return (), markdown
    rest = REST.search(markdown, heads[-1].end())
    end = rest.start() if rest else len(markdown)
    borders = [*(head.start() for head in heads[1:]), end]
    found = [_scene(head, markdown[head.end() : border]) for head, border in zip(heads, borders, strict=True)]
    return tuple(found), markdown[end:]


def scene_of(scenes: Sequence[Scene], config: Config) -> Scene | None:
    """Return the first scene that fits a config."""
    values = plain_values(config)
    return next((scene for scene in scenes if scene.fits(values)), None)


def _scene(head: re.Match[str], text: str) -> Scene:
    when = tuple(_assignments(head["when"])) if head["when"] else ()
    tries = tuple(read_try(found["label"], found["what"]) for found in TRY.finditer(text))
    return Scene(when, TRY.sub("", text).strip(), tries)


def read_try(label: str, what: str) -> Try:
    """Read what a button does, as it is written between backticks.

    Raises:
        ValueError: it is not written as it should be.
    """
    settings, options, step, defaults = [], [], None, False
    for path, value in _assignments(what):
        if path == DEFAULTS:
            defaults = True
        elif path == STEP:
            step = int(value)
        elif path.startswith(f"{OPTIONS}."):
            options.append((path.removeprefix(f"{OPTIONS}."), value))
        else:
            settings.append((path, value))
    return Try(label, tuple(settings), tuple(options), step, defaults)


def _assignments(text: str) -> Iterator[tuple[str, Any]]:
    for part in text.split("; "):
        path, equals, value = part.partition(" = ")
        if part == DEFAULTS:
            yield DEFAULTS, True
        elif not equals:
            raise ValueError(f"{part!r} is no setting: write a path, ' = ' and a value")
        else:
            try:
                yield path, json.loads(value)
            except json.JSONDecodeError as error:
                raise ValueError(f"{value!r} in {part!r} is not JSON: {error}") from error
