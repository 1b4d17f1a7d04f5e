"""The check of a lesson on the terminal: everything that is wrong, each in a line."""

import sys
from collections.abc import Iterator
from pathlib import Path

from engine.config import Config, Problem
from engine.experiments import EXPERIMENTS
from engine.lessons.check import at_stop, config_of, problems
from engine.lessons.lesson import Lesson, LessonError, LessonStop
from engine.lessons.lesson_file import load
from engine.session import SessionError
from engine.setting_paths import with_values
from gui.export.file_kinds import refuse_others
from gui.look.plain import plain_name
from gui.screen.view import view_type

LONGEST = 300  # characters of a line


def check_lesson(path: Path) -> int:
    """Say what is wrong with a lesson; returns the exit code, 0 if nothing is wrong, else 2."""
    try:
        refuse_others(path, "lesson")
        lesson = load(path)
        found = [*problems(lesson), *of_looks(lesson)]
    except (LessonError, SessionError) as error:
        found = [error]
    for problem in found:
        place = f"{path}: {problem.where}" if problem.where else str(path)
        print(plain_name(f"{place}: {problem}", LONGEST), file=sys.stderr)
    if found:
        return 2
    languages = ", ".join(lesson.languages)
    print(f"{path}: {len(lesson.stops)} stops, {lesson.minutes:g} minutes, {languages}")
    return 0


def check_scenes(lesson: Lesson) -> None:
    """See that every scene can be set up; no run is made.

    Raises:
        Problem: one cannot; `where` begins with its line.
    """
    for stop in lesson.stops:
        try:
            config_of(stop)
            options_of(stop)
        except Problem as problem:
            raise at_stop(stop, problem) from problem


def of_looks(lesson: Lesson) -> Iterator[Problem]:
    """What is wrong with how the stops look at their experiments."""
    for stop in lesson.stops:
        try:
            if stop.scene.experiment in EXPERIMENTS:
                options_of(stop)
        except Problem as problem:
            where = f"line {stop.line}, {stop.name}, options.{problem.where}"
            yield Problem(problem.sentence, where=where, **problem.values)


def options_of(stop: LessonStop) -> Config:
    """How a stop looks at its experiment.

    Raises:
        Problem: there is no such option, or it cannot have this value.
    """
    default: Config = view_type(stop.scene.experiment).options_type()
    return with_values(default, stop.scene.options)
