"""A lesson while it is written: what is wrong with it, and the scene on the screen as one of its stops."""

import re
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from engine.config import Config, Problem
from engine.experiments import EXPERIMENTS
from engine.file_fields import portable, with_file_paths
from engine.lessons.check import config_of
from engine.lessons.facts import knows
from engine.lessons.lesson import Lesson, LessonError, LessonScene, LessonStop, StopText
from engine.lessons.lesson_file import read
from engine.lessons.lesson_source import LessonSource, block_of, with_block
from engine.lessons.lesson_writer import difference, stop_text, toml_lines
from gui.app.lesson_check import options_of
from gui.look.language import LANGUAGES, sentences, tr
from gui.screen.playback import Playback
from gui.screen.view import view_type

LANGUAGE = re.compile(r"(?m)^### ([a-z]{2,3}(?:_[A-Z][A-Za-z]{1,3})?):")
SCENE = ("experiment", "settings", "options", "step")


class Fault(NamedTuple):
    """What is wrong, and where: the line of the file."""

    problem: Problem
    where: str


def lesson_of(source: LessonSource, path: Path | None) -> Lesson:
    """The lesson of a text; raises `LessonError` where it is none yet."""
    lesson = read(source.text.removeprefix("\ufeff"))
    if len(lesson.stops) != len(source.stops):
        line = f"line {source.begins(len(lesson.stops)) + 1}"
        raise LessonError("A block before this stop does not end with ```", where=line)
    folder = path.resolve().parent if path is not None else None
    return lesson._replace(stops=tuple(stop._replace(folder=folder) for stop in lesson.stops))


def fault_of(source: LessonSource, path: Path | None) -> Fault | None:
    """The first thing that is wrong with a text, as far as it can be told without a run."""
    try:
        lesson = lesson_of(source, path)
    except LessonError as error:
        return Fault(error, _refined(source, error))
    for stop in lesson.stops:
        try:
            config = config_of(stop)
            options_of(stop)
            for name in (*stop.scene.shown, *stop.scene.locked, *stop.scene.hidden):
                if not knows(config, name):
                    raise Problem("There is no setting {name}", name=name)
        except Problem as problem:
            return Fault(problem, f"line {_line_of(source, stop, problem)}")
    return None


def _refined(source: LessonSource, error: Problem) -> str:
    """The place of an error, at the line that names what is wrong where only the stop is told."""
    part, line = source.place(error.where)
    if line > 1:
        return error.where
    return f"line {_line_naming(source, part, error, error.where.partition(':')[2])}"


def _line_of(source: LessonSource, stop: LessonStop, problem: Problem) -> int:
    return _line_naming(source, source.at(stop.line), problem, problem.where)


def _line_naming(source: LessonSource, part: int, problem: Problem, path: str) -> int:
    """The line of a part that names what is wrong, or else its first."""
    whole = path.partition(",")[0].strip()
    values = [value for value in problem.values.values() if isinstance(value, str)]
    names = [whole, whole.rpartition(".")[2], *values]
    lines = source.part(part).splitlines()
    for name in filter(None, names):
        for k, line in enumerate(lines):
            if k and name in line:
                return source.begins(part) + k + 1
    return source.begins(part) + 1


def new_source(language: str) -> LessonSource:
    """A lesson without stops, with a title."""
    title = tr("A new lesson")
    other = "" if language == "en" else f'title.{language} = "{title}"\n'
    return LessonSource(f"# {title}\n\n```toml\nlesson = 1\n{other}```\n\n")


def scene_of(
    playback: Playback, options: Config, folder: Path | None, config: Config | None = None
) -> dict[str, Any]:
    """What is on the screen as a scene: what differs from the defaults, and the step where there are any.

    Files in the folder of the lesson are named from there. `config` stands for the settings on the screen.
    """
    experiment = playback.experiment
    config = config or playback.config
    if folder is not None:
        config = with_file_paths(config, partial(portable, folder=folder.resolve()))
    scene: dict[str, Any] = {
        "experiment": experiment.name,
        "settings": difference(EXPERIMENTS[experiment.name].config_type(), config),
        "options": difference(view_type(experiment.name).options_type(), options),
    }
    if playback.runner.last_step > 0:
        scene["step"] = playback.step
    return {name: value for name, value in scene.items() if value != {}}


def stop_from(source: LessonSource, scene: dict[str, Any], language: str) -> str:
    """A new stop that shows a scene, with a title in each language of the lesson, for words to be written."""
    experiment = str(scene["experiment"])
    languages = dict.fromkeys(LANGUAGE.findall(source.text)) or {language: None}
    title = EXPERIMENTS[experiment].title
    words = {language: tr("What is to be seen here, and what to do.")}
    texts = {one: StopText(_in(one, title), words.get(one, "…")) for one in languages}
    stop = LessonStop(_free_name(experiment, source), LessonScene(experiment=experiment), texts, 0)
    stop = stop._replace(scene=replace(stop.scene, **{name: scene[name] for name in SCENE if name in scene}))
    return stop_text(stop)


def with_scene(stop: str, scene: dict[str, Any]) -> str:
    """A stop that shows another scene; what may be used there, and its question, stay."""
    others = {name: value for name, value in block_of(stop).items() if name not in SCENE}
    first = {name: scene[name] for name in SCENE if name in scene}
    return with_block(stop, list(toml_lines({**first, **others})))


def _in(language: str, sentence: str) -> str:
    return sentences(language).get(sentence, sentence) if language in LANGUAGES else sentence


def _free_name(experiment: str, source: LessonSource) -> str:
    """The name of an experiment, with a number where another stop has it."""
    name, count = experiment.rpartition(".")[2], 1
    while (name if count == 1 else f"{name}_{count}") in source.names:
        count += 1
    return name if count == 1 else f"{name}_{count}"
