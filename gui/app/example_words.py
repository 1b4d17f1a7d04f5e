"""What to look at in the examples that ship, and the stop of a lesson that speaks of each."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from engine.config import Config
from engine.lessons.lesson_file import SUFFIX as LESSON_SUFFIX
from engine.lessons.lesson_file import load
from gui.app.documents import EXAMPLES
from gui.app.examples import example_title
from gui.app.lesson_files import FOLDER, lesson_title
from gui.look.language import tr

TABLE = EXAMPLES / "look_at.toml"


class ExampleWords(Config, frozen=True):
    """What the table says of one example: a sentence by language, and perhaps a lesson and its stop."""

    look_at: dict[str, str]
    lesson: str = ""
    stop: str = ""


class LessonPlace(NamedTuple):
    """A stop of a lesson that ships; `number` counts from 1."""

    path: Path
    stop: str
    number: int


@cache
def example_words() -> dict[str, ExampleWords]:
    """The table, by the English title of the example.

    Raises:
        msgspec.ValidationError, tomllib.TOMLDecodeError: the table is damaged, which the tests rule out.
    """
    raw: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    table = msgspec.convert(raw, dict[str, ExampleWords])
    return {example_title(Path(name)): words for name, words in table.items()}


def sentence_of(title: str, language: str) -> str:
    """What to look at in an example, in a language; empty where the table has nothing."""
    words = example_words().get(title)
    return words.look_at.get(language, words.look_at["en"]) if words is not None else ""


@cache
def place_of(title: str) -> LessonPlace | None:
    """Where a lesson speaks of an example."""
    words = example_words().get(title)
    if words is None or not words.lesson:
        return None
    path = FOLDER / f"{words.lesson}{LESSON_SUFFIX}"
    names = [stop.name for stop in load(path).stops]
    return LessonPlace(path, words.stop, names.index(words.stop) + 1)


def place_words(place: LessonPlace, language: str) -> str:
    """The words of the link to a stop."""
    title = lesson_title(place.path, language)
    return tr("In the lesson “{title}”, stop {k}", title=title, k=place.number)
