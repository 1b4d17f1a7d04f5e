"""The lessons that ship with the program: where they are, and what they are called."""

import re
from functools import cache
from pathlib import Path

from engine.lessons.lesson_file import SUFFIX, read_titles

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "lessons"
HEADING = re.compile(r"(?m)^(?:## \w+|### (?P<language>\w+): (?P<title>.+))$")
START_HERE = FOLDER / f"start_here{SUFFIX}"


def lesson_files() -> list[Path]:
    """The lessons that ship, in their order: those for a learner, then the lectures for a class."""
    return sorted(FOLDER.glob(f"*{SUFFIX}"), key=lambda path: (path.name.startswith("lecture"), path.name))


@cache
def titles_of(path: Path) -> dict[str, str]:
    """The titles of a lesson that ships, by language; "" is the one in English. Only its head is read."""
    return read_titles(path.read_text(encoding="utf-8"))


def lesson_title(path: Path, language: str) -> str:
    """The title of a lesson that ships."""
    titles = titles_of(path)
    return titles.get(language, titles[""])


@cache
def stop_titles(path: Path) -> tuple[dict[str, str], ...]:
    """The titles of the stops of a lesson that ships, each by language; only its headings are read."""
    stops: list[dict[str, str]] = []
    for found in HEADING.finditer(path.read_text(encoding="utf-8")):
        if found["language"]:
            stops[-1][found["language"]] = found["title"].strip()
        else:
            stops.append({})
    return tuple(stops)
