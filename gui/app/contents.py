"""The contents by question: what one asks, and the scene, example or stop of a lesson that answers it.

It is one readable file, `resources/questions.md`, whose head says how a question is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.config import Config
from engine.experiments import EXPERIMENTS
from engine.session import Look
from engine.setting_paths import plain_values, with_values
from gui.app.examples import example_files
from gui.app.kept import SUFFIX
from gui.app.lesson_files import lesson_files
from gui.look.language import LANGUAGES
from gui.screen.scenes import Try, read_try
from gui.screen.view import view_type

CHAPTERS = ("Entropy", "Losses", "Optimizers", "LSTM", "Gradients")  # as on the tabs
QUESTIONS = Path(__file__).resolve().parents[2] / "resources" / "questions.md"
OTHER = re.compile(r"- (?P<language>\w+): (?P<words>.+)")
LESSON = re.compile(r"- lesson (?P<name>[\w-]+): (?P<stop>\w+)")
EXAMPLE = re.compile(r"- example (?P<name>[\w-]+)")
SCENE = re.compile(r"- (?P<experiment>\w+\.\w+)(?: `(?P<what>[^`]+)`)?")


class ContentsError(ValueError):
    """A question is not written as it should be; the message has its line."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")


@dataclass(frozen=True)
class LearnersQuestion:
    """A question in every language, and what answers it: one of a scene, an example and a stop."""

    chapter: str
    words: Mapping[str, str]
    experiment: str = ""
    scene: Try | None = None
    example: Path | None = None
    lesson: Path | None = None
    stop: str = ""

    def config(self) -> Config:
        """The settings of its scene.

        Raises:
            Problem: there is no such setting, or it cannot have this value.
        """
        defaults: Config = EXPERIMENTS[self.experiment].config_type()
        return self.scene.config(defaults) if self.scene is not None else defaults

    def look(self) -> Look:
        """How its scene is looked at.

        Raises:
            Problem: there is no such option, or it cannot have this value.
        """
        options: Config = view_type(self.experiment).options_type()
        scene = self.scene or Try("")
        return Look(step=scene.step, options=plain_values(with_values(options, dict(scene.options))))


def read_questions(text: str) -> tuple[LearnersQuestion, ...]:
    """All questions of a text, in their order.

    Raises:
        ContentsError: something is not written as it should be.
    """
    found: list[LearnersQuestion] = []
    chapter, line = "", 0
    for place, part in enumerate(re.split(r"(?m)^(?=##? )", text)):
        head, *rest = part.splitlines() or [""]
        if head.startswith("## "):
            if chapter not in CHAPTERS:
                raise ContentsError(line + 1, f"{chapter!r} is no tab")
            found.append(_question(chapter, head.removeprefix("## "), rest, line + 1))
        elif place:
            chapter = head.removeprefix("# ")
        line += part.count("\n")
    return tuple(found)


def _question(chapter: str, asked: str, rest: list[str], line: int) -> LearnersQuestion:
    words, answers = {"en": asked}, list[LearnersQuestion]()
    for number, row in enumerate(rest, line + 1):
        if answer := _answer(chapter, words, row, number):
            answers.append(answer)
        elif (other := OTHER.fullmatch(row)) and other["language"] in LANGUAGES:
            words[other["language"]] = other["words"]
        elif row.strip():
            raise ContentsError(number, f"{row!r} is neither a language nor an answer")
    if set(words) != set(LANGUAGES):
        raise ContentsError(line, f"{asked!r} is not asked in every language")
    if len(answers) != 1:
        raise ContentsError(line, f"{asked!r} needs one answer")
    return answers[0]


def _answer(chapter: str, words: Mapping[str, str], row: str, line: int) -> LearnersQuestion | None:
    """What a line says of where the answer is; None where it says something else."""
    if lesson := LESSON.fullmatch(row):
        path = _of_name(lesson["name"], lesson_files(), line)
        return LearnersQuestion(chapter, words, lesson=path, stop=lesson["stop"])
    if example := EXAMPLE.fullmatch(row):
        return LearnersQuestion(chapter, words, example=_of_name(example["name"], example_files(), line))
    scene = SCENE.fullmatch(row)
    if scene is None:
        return None
    if scene["experiment"] not in EXPERIMENTS:
        raise ContentsError(line, f"there is no experiment {scene['experiment']!r}")
    try:
        made = read_try("", scene["what"]) if scene["what"] else None
    except ValueError as error:
        raise ContentsError(line, str(error)) from error
    return LearnersQuestion(chapter, words, scene["experiment"], made)


def _of_name(name: str, files: list[Path], line: int) -> Path:
    for path in files:
        if path.name.removesuffix(SUFFIX).partition(".")[0] == name:
            return path
    raise ContentsError(line, f"there is no file {name!r}")


@cache
def questions() -> tuple[LearnersQuestion, ...]:
    """The questions that ship."""
    return read_questions(QUESTIONS.read_text(encoding="utf-8"))
