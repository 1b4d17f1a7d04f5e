"""The whole check of a lesson: every scene can be shown, and every question can be asked of its run.

Reading a lesson finds what is wrong in its form. Here each stop is set up and its run is computed up to the
step of its scene, so that a name that is not recorded, a state that is reached before anybody did anything,
or a solution that does not solve is found before a class sees it.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from engine.config import Config, Problem
from engine.experiments import EXPERIMENTS, experiment_of
from engine.file_fields import absolute, file_paths, lies_outside, with_file_paths
from engine.lessons.condition import Condition
from engine.lessons.condition_parts import NamedValue
from engine.lessons.facts import RunFacts, knows
from engine.lessons.lesson import Lesson, LessonScene, LessonStop
from engine.lessons.question import DrawQuestion, NumberQuestion, ReachQuestion
from engine.runner import Finish, Runner
from engine.setting_paths import with_values

NONE: Mapping[str, Any] = MappingProxyType({})
LOOKED_AT = 50  # steps of a run in which every scalar has been measured once


def problems(lesson: Lesson) -> Iterator[Problem]:
    """What is wrong with each stop; `where` is its name and line."""
    for stop in lesson.stops:
        try:
            yield from _of_stop(stop)
        except Problem as problem:
            yield problem


def config_of(stop: LessonStop, settings: Mapping[str, Any] = NONE) -> Config:
    """The settings of a stop: the defaults of its experiment, those that it names, then `settings`.

    Raises:
        Problem: there is no such experiment or setting, it cannot have this value, or it names a file that is
            not in the folder of the lesson or below.
    """
    scene, folder = stop.scene, stop.folder
    default: Config = experiment_of(scene.experiment).config_type()
    config = with_values(with_values(default, scene.settings), settings)
    for where, path in file_paths(config):
        if folder is None or lies_outside(absolute(path, folder), folder):
            sentence = "A lesson reads only files in its own folder, not {path}"
            raise Problem(sentence, where=where, path=path)
    return config if folder is None else with_file_paths(config, partial(absolute, folder=folder))


def facts_of(scene: LessonScene, config: Config, step: int | None) -> RunFacts:
    """The run of some settings, computed up to a step (None: to its end).

    Raises:
        Problem: the run failed.
    """
    runner = Runner(EXPERIMENTS[scene.experiment], config)
    runner.drive(max(step, LOOKED_AT) if step is not None else float("inf"))
    if runner.finish is Finish.FAILED and runner.problem is not None:
        raise runner.problem
    last = runner.recording.last
    at = last if step is None else min(step, last)
    return RunFacts(config, runner.recording, at, runner.last_step, runner.finish is not None and at == last)


def _of_stop(stop: LessonStop) -> Iterator[Problem]:
    scene, question = stop.scene, stop.scene.question
    try:
        config = config_of(stop)
        for path in (*scene.shown, *scene.locked, *scene.hidden):
            if not knows(config, path):
                yield at_stop(stop, Problem("There is no setting {name}", name=path))
        conditions = [*(question.conditions if question else ()), *_of_hints(stop)]
        if not conditions and not isinstance(question, DrawQuestion):
            return
        facts = facts_of(scene, config, scene.step or 0)
        for condition in conditions:
            for name in condition.names:
                if not _known(name, facts):
                    yield at_stop(stop, Problem("There is nothing named {name} in this run", name=name))
        if isinstance(question, DrawQuestion) and question.scalar not in facts.recording.names:
            yield at_stop(stop, Problem("There is nothing named {name} in this run", name=question.scalar))
        yield from _of_question(stop, facts)
    except Problem as problem:
        yield at_stop(stop, problem)


def _of_question(stop: LessonStop, facts: RunFacts) -> Iterator[Problem]:
    question = stop.scene.question
    if isinstance(question, NumberQuestion) and question.right(facts) is None:
        yield at_stop(stop, Problem("The number that is asked for is not known at the step of the scene"))
    if not isinstance(question, ReachQuestion):
        return
    if question.accepts(facts):
        yield at_stop(stop, Problem("The state is reached before anything was done"))
    if question.solution is not None:
        try:
            solved = config_of(stop, question.solution.settings)
        except Problem as problem:
            yield at_stop(stop, problem)
            return
        if not question.accepts(facts_of(stop.scene, solved, question.solution.step)):
            yield at_stop(stop, Problem("The solution does not reach the state"))


def _of_hints(stop: LessonStop) -> Iterator[Condition]:
    for text in stop.texts.values():
        for hint in (*text.hints, *(hint for answer in text.answers for hint in answer.hints)):
            if hint.when is not None:
                yield hint.when


def _known(name: str, facts: RunFacts) -> bool:
    if NamedValue(name).is_scalar:
        return name in facts.recording.names
    of, _, path = name.partition(".")
    return knows(facts.config, path) if of == "settings" else True


def at_stop(stop: LessonStop, problem: Problem) -> Problem:
    """The same problem with its place: the line and the name of the stop."""
    where = f"line {stop.line}, {stop.name}" + (f", {problem.where}" if problem.where else "")
    return Problem(problem.sentence, where=where, **problem.values)
