"""The lessons that ship with the program: where they are, and what they are called."""

from functools import cache
from pathlib import Path

from engine.lessons.lesson_file import SUFFIX, load

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "lessons"
START_HERE = FOLDER / f"start_here{SUFFIX}"


def lesson_files() -> list[Path]:
    """The lessons that ship, in their order: those for a learner, then the lectures for a class."""
    return sorted(FOLDER.glob(f"*{SUFFIX}"), key=lambda path: (path.name.startswith("lecture"), path.name))


@cache
def titles_of(path: Path) -> dict[str, str]:
    """The titles of a lesson that ships, by language; "" is the one in English."""
    return dict(load(path).titles)


def lesson_title(path: Path, language: str) -> str:
    """The title of a lesson that ships."""
    titles = titles_of(path)
    return titles.get(language, titles[""])
