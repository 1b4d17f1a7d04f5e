"""The kinds of files that Nabla reads: one of another kind is called what it is, with what takes it."""

from pathlib import Path

from engine.config import Problem
from engine.data.user_files import head_of
from engine.session import SessionError
from engine.sweeps.store import is_sweep
from gui.look.plain import plain_name

OTHERS = {  # by what it is, and what is wanted
    ("lesson", "session"): "This is a lesson, not a session: “nabla {name}” opens it.",
    ("sweep", "session"): "These are the results of a sweep, not a session: “nabla {name}” opens them.",
    ("session", "lesson"): "This is a session, not a lesson: “nabla {name}” opens it.",
    ("sweep", "lesson"): "These are the results of a sweep, not a lesson: “nabla {name}” opens them.",
}


def refuse_others(path: Path, wanted: str) -> None:
    """Refuse a file that is of another kind than a "session", or a "lesson", as is wanted.

    Raises:
        SessionError: it is of another kind.
    """
    found = _kind(path), wanted
    if found in OTHERS:
        raise SessionError(OTHERS[found], name=plain_name(path.name))


def _kind(path: Path) -> str:
    """What a file is: by its name, or if it is a database by its content."""
    try:
        if is_sweep(head_of(path, 100)):
            return "sweep"
    except Problem:
        return ""  # who reads it says why it cannot be read
    return {".md": "lesson", ".json": "session"}.get(path.suffix.lower(), "")
