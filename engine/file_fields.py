"""The settings of an experiment that name a file of the user, and the change of their paths.

In memory such a path is absolute. In a session file it is relative if the named file is in the folder of the
session or below, so that a lesson can be copied together with its table.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.config import Config
from engine.files import on_network

Move = Callable[[str], str]
FOREIGN = re.compile(r"[A-Za-z]:[\\/]")  # C:\… on a system without drives: it is kept as it is


def file_paths(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, path) of every file that a config names; fields without a file are left out."""
    if isinstance(value, msgspec.Struct):
        for info in msgspec.structs.fields(value):
            held, place = getattr(value, info.name), f"{where}.{info.name}" if where else info.name
            if not _names_file(info.type):
                yield from file_paths(held, place)
            elif held:
                yield place, held
    elif isinstance(value, list | tuple):
        for index, entry in enumerate(value):
            yield from file_paths(entry, f"{where}[{index}]")


def with_file_paths(config: Config, move: Move) -> Config:
    """The same config with `move` applied to every path of a file."""
    moved = _moved(config, move)
    assert isinstance(moved, Config)
    return moved


def _moved(value: Any, move: Move) -> Any:
    if isinstance(value, msgspec.Struct):
        changes = {}
        for info in msgspec.structs.fields(value):
            held = getattr(value, info.name)
            new = (move(held) if held else held) if _names_file(info.type) else _moved(held, move)
            if new is not held:
                changes[info.name] = new
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, list | tuple):
        entries = [_moved(entry, move) for entry in value]
        same = all(new is old for new, old in zip(entries, value, strict=True))
        return value if same else type(value)(entries)
    return value


def _names_file(annotation: Any) -> bool:
    metas = getattr(annotation, "__metadata__", ())
    return any((meta.extra or {}).get("kind") == "file" for meta in metas)


def absolute(path: str, folder: Path) -> str:
    """The absolute path for a path in a session file in `folder`. One of another machine stays as it is."""
    if "\0" in path or _elsewhere(path, folder):
        return path
    return os.path.normpath(folder / path)


def whole(path: str) -> str:
    """A path as the user typed it, made absolute from where the program was started."""
    return path if "\0" in path or _elsewhere(path, Path()) else os.path.abspath(path)


def portable(path: str, folder: Path) -> str:
    """The path to store in a session file in `folder`: relative, with /, if the file is in the folder."""
    if "\0" in path or _elsewhere(path, folder):
        return path
    whole = os.path.abspath(path)
    inner = _below(whole, os.path.abspath(folder))
    if inner is None and not on_network(path):
        inner = _below(os.path.realpath(whole), os.path.realpath(folder))
    return whole if inner is None else inner.replace(os.sep, "/")


def lies_outside(path: str, folder: Path) -> bool:
    """Whether a file is not in `folder`: it is elsewhere, or its path has a link, which can lead anywhere.

    Nothing outside the folder is accessed for this.
    """
    if "\0" in path:
        return False  # such a path cannot be opened
    inner = None if _elsewhere(path, folder) else _below(path, os.path.abspath(folder))
    if inner is None:
        return True
    steps = Path(inner).parts
    return any(os.path.islink(folder.joinpath(*steps[:count])) for count in range(1, len(steps) + 1))


def _elsewhere(path: str, folder: Path) -> bool:
    """Whether a path names another machine or another system, by its form alone."""
    return (on_network(path) and not on_network(folder)) or (os.name != "nt" and bool(FOREIGN.match(path)))


def _below(path: str, folder: str) -> str | None:
    """The part of `path` after `folder`; None if it is elsewhere."""
    if on_network(path) != on_network(folder):
        return None
    try:
        inner = os.path.relpath(path, folder)
    except ValueError:  # on another drive
        return None
    return None if inner == os.pardir or inner.startswith(os.pardir + os.sep) else inner
