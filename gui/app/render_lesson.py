"""The handout of a lesson from the command line: `render LESSON`."""

import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from engine.config import Problem
from engine.lessons.lesson_file import load
from gui.app.app import application
from gui.app.handout_dialog import handout_name, write_handout
from gui.app.interrupt import held
from gui.export.handout import Handout, handout_of, language_for
from gui.look import language as languages
from gui.look.language import LANGUAGES
from gui.look.plain import plain_name
from gui.look.style import dress
from gui.look.theme import LIGHT

KINDS = ("html", "pdf")
LONG = 600  # characters of a message in the terminal


def render_lesson(path: Path, out: Path, kinds: str, language: str | None, teacher: bool) -> int:
    """Make the handout of a lesson; returns the exit code. What is wrong is said in one line."""
    try:
        wanted = _kinds(kinds)
        lesson = load(path)
        out.mkdir(parents=True, exist_ok=True)
        app = application()
        dress(app, LIGHT)
        spoken = language_for(lesson, language or "en")
        languages.install(app, spoken if spoken in LANGUAGES else "en")
        handout = _made(handout_of(lesson, spoken, teacher), path.name)
        for kind in wanted:
            file = out / f"{handout_name(path, spoken, teacher)}.{kind}"
            with held():
                write_handout(handout, file, kind)
            print(file, flush=True)
    except Problem as problem:
        place = f" ({plain_name(problem.where, LONG)})" if problem.where else ""
        print(f"{path}: {plain_name(str(problem), LONG)}{place}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _kinds(words: str) -> list[str]:
    kinds = words.lower().split(",")
    for kind in kinds:
        if kind not in KINDS:
            raise Problem(
                "There is no handout in the format {name}; there are html and pdf.",
                name=repr(plain_name(kind)),
            )
    return kinds


def _made(work: Generator[float, None, Handout], name: str) -> Handout:
    """The handout, with how far it is told on a terminal."""
    told = sys.stderr.isatty()
    with closing(work):
        while True:
            try:
                with held():
                    share = next(work)
            except StopIteration as end:
                if told:
                    print(file=sys.stderr)
                made: Handout = end.value
                return made
            if told:
                print(f"\r{plain_name(name)}: {100 * share:.0f} %", end="", file=sys.stderr, flush=True)
