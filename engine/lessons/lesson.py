"""What a lesson is: stops in order, each with a scene, texts in some languages, and perhaps a question."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from engine.config import Config, Problem
from engine.lessons.condition import Condition
from engine.lessons.question import AnyQuestion


class LessonError(Problem):
    """The error of a lesson that cannot be read; `where` is its line."""


class LessonHint(NamedTuple):
    """A text shown after a wrong answer, if `when` holds (without `when`: always)."""

    words: str
    when: Condition | None = None


class OfferedAnswer(NamedTuple):
    """One of several answers to choose from, and the hint if it is wrong and was chosen."""

    words: str
    right: bool
    hints: tuple[LessonHint, ...] = ()


class StopText(NamedTuple):
    """The texts of a stop in one language. All except the title are Markdown."""

    title: str
    words: str
    asked: str = ""
    answers: tuple[OfferedAnswer, ...] = ()
    hints: tuple[LessonHint, ...] = ()
    after: str = ""  # shown after the right answer
    teacher: str = ""  # notes that only the teacher sees: what to say, and how to go on


class LessonScene(Config, frozen=True):
    """What a stop shows, and which settings can be changed there. Paths are those of a session.

    `locked` and `hidden` name settings; `shown`, if not empty, names the only ones that are shown.
    """

    experiment: str = ""  # empty: that of the stop before
    minutes: Annotated[float, msgspec.Meta(ge=0, le=600)] = 2.0
    settings: dict[str, Any] = {}
    options: dict[str, Any] = {}
    step: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None
    shown: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    question: AnyQuestion | None = None


class LessonStop(NamedTuple):
    """A stop of a lesson; `line` is where it begins in the file, `folder` where that file is."""

    name: str
    scene: LessonScene
    texts: Mapping[str, StopText]
    line: int
    folder: Path | None = None


class LessonHead(Config, frozen=True):
    """The head of a lesson: the version of its format, and its title in further languages."""

    lesson: int
    title: dict[str, str] = {}
    about: dict[str, str] = {}


class Lesson(NamedTuple):
    """A lesson; its title by language, "" for the heading of the file."""

    titles: Mapping[str, str]
    about: Mapping[str, str]
    stops: tuple[LessonStop, ...]

    @property
    def minutes(self) -> float:
        """The minutes of the whole lesson."""
        return sum(stop.scene.minutes for stop in self.stops)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which every stop has a text, in the order of the first stop."""
        return tuple(one for one in self.stops[0].texts if all(one in stop.texts for stop in self.stops))
