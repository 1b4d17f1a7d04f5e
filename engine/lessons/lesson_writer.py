"""A lesson as the text of its file: what is written is read again as the same lesson.

Only what differs from the defaults is written. `lesson_source` keeps the text of stops that are not changed.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from engine.config import Config, Problem
from engine.lessons.lesson import Lesson, LessonHint, LessonScene, LessonStop, StopText
from engine.lessons.lesson_file import SCHEMA
from engine.lessons.lesson_text import TEACHER
from engine.lessons.question import LessonQuestion
from engine.setting_paths import plain_values, with_values

BARE = re.compile(r"[A-Za-z0-9_-]+")


def lesson_text(lesson: Lesson) -> str:
    """The whole file of a lesson."""
    return "\n".join([head_text(lesson), *(stop_text(stop) for stop in lesson.stops)])


def head_text(lesson: Lesson) -> str:
    """The heading and the block that come before the first stop."""
    titles = {language: title for language, title in lesson.titles.items() if language}
    values = {"lesson": SCHEMA, "title": titles, "about": dict(lesson.about)}
    return f"# {lesson.titles['']}\n\n{_block(values)}"


def stop_text(stop: LessonStop) -> str:
    """A stop with its scene and its texts."""
    parts = [f"## {stop.name}", _block(scene_values(stop.scene)).rstrip()]
    parts += [_in_language(language, text) for language, text in stop.texts.items()]
    return "\n\n".join(parts) + "\n"


def scene_values(scene: LessonScene) -> dict[str, Any]:
    """What of a scene is not as it comes, as records and lists for a block of TOML."""
    values = _changed(scene)
    if scene.question is not None:
        values["question"] = _question_values(scene.question)
    return values


def _question_values(question: LessonQuestion) -> dict[str, Any]:
    kind = plain_values(question)["kind"]
    return {"kind": kind, **_changed(question)}


def _changed(record: Config) -> dict[str, Any]:
    """The fields of a record that differ from their defaults; those without a default, all of them."""
    found = {}
    for info in msgspec.structs.fields(type(record)):
        value = getattr(record, info.name)
        default = info.default_factory() if callable(info.default_factory) else info.default
        if isinstance(value, msgspec.Struct) and not isinstance(value, LessonQuestion):
            found[info.name] = _changed(value)  # type: ignore[arg-type]
        elif value != default and not isinstance(value, LessonQuestion):
            found[info.name] = msgspec.to_builtins(value)
    return found


# A stop made of what is on the screen


def difference(default: Config, config: Config) -> dict[str, Any]:
    """The values by path that make `config` of `default`: what `with_values` takes, as short as it can be.

    Records are looked into where their kind is the same. A list is named whole, each of its records without
    what is as it comes.
    """
    found: dict[str, Any] = {}
    for path, value in _paths(plain_values(default), plain_values(config)):
        found[path] = value
    for path in found:

        def same(value: Any, at: str = path) -> bool:
            return with_values(default, {**found, at: value}) == config

        found[path] = _pruned(found[path], same)
    return found


def _paths(default: Any, value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    alike = isinstance(default, dict) and isinstance(value, dict) and default.keys() == value.keys()
    if default == value:
        return
    if alike and (not where or default.get("kind") == value.get("kind")):
        for name in value:
            yield from _paths(default[name], value[name], f"{where}.{name}" if where else name)
    else:
        yield where, value


def _pruned(value: Any, same: Callable[[Any], bool]) -> Any:
    """A value without the entries of its records that do not matter: `same` tells whether another will do."""
    if isinstance(value, list):
        for k in range(len(value)):

            def same_list(inner: Any, k: int = k) -> bool:
                return same([*value[:k], inner, *value[k + 1 :]])

            value[k] = _pruned(value[k], same_list)
    elif isinstance(value, dict):
        for name in [name for name in value if name != "kind"]:
            rest = {key: held for key, held in value.items() if key != name}
            if _holds(same, rest):
                value = rest
    return value


def _holds(same: Callable[[Any], bool], value: Any) -> bool:
    try:
        return bool(same(value))
    except Problem:
        return False


# TOML


def _block(values: Mapping[str, Any]) -> str:
    return "```toml\n" + "".join(f"{line}\n" for line in toml_lines(values)) + "```\n"


def toml_lines(values: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Records and lists as lines of TOML: `a.b = 1`; what is in a list stands in its line."""
    for name, value in values.items():
        key = f"{before}.{_key(name)}" if before else _key(name)
        if value is None:
            continue
        if isinstance(value, dict) and value:
            yield from toml_lines(value, key)
        else:
            yield f"{key} = {_value(value)}"


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _quoted(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        inner = ", ".join(
            f"{_key(name)} = {_value(held)}" for name, held in value.items() if held is not None
        )
        return f"{{ {inner} }}" if inner else "{}"
    return repr(value)  # of numbers; TOML too has inf and nan


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# Markdown


def _in_language(language: str, text: StopText) -> str:
    parts = [f"### {language}: {text.title}", text.words, "\n".join(_question(text))]
    if text.teacher:
        parts += [TEACHER, text.teacher]
    return "\n\n".join(part for part in parts if part)


def _question(text: StopText) -> Iterator[str]:
    if not text.asked:
        return
    yield f"? {text.asked}"
    for answer in text.answers:
        yield f"- [{'x' if answer.right else ' '}] {answer.words}"
        yield from (f"  {_hint(hint)}" for hint in answer.hints)
    yield from map(_hint, text.hints)
    if text.after:
        yield f"! {text.after}"


def _hint(hint: LessonHint) -> str:
    return f"> ({hint.when.text}) {hint.words}" if hint.when is not None else f"> {hint.words}"
