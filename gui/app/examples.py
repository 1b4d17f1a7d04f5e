"""The sessions that ship as examples: where they are, what they are called, and where they open."""

from functools import cache
from pathlib import Path

from msgspec import Struct, json

from gui.app.documents import EXAMPLES
from gui.app.kept import SUFFIX


class _Head(Struct):
    open: str


@cache
def opens_at(path: Path) -> str:
    """The experiment at which a session that ships opens."""
    return json.decode(path.read_bytes(), type=_Head).open


def example_files() -> list[Path]:
    """The sessions that ship."""
    return sorted(EXAMPLES.glob(f"*{SUFFIX}"))


def example_title(path: Path) -> str:
    """The title of a session that ships, in English: its file name in words."""
    words = path.name.removesuffix(SUFFIX).replace("-", " ")
    return words[0].upper() + words[1:]
