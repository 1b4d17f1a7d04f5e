"""Writes a script, and beside it the files with the data that it reads."""

from pathlib import Path

from engine.config import Problem
from engine.scripts.writer import Framework, Script
from gui.export.files import write
from gui.look.plain import plain_name

FRAMEWORKS: dict[Framework, str] = {"numpy": "NumPy", "torch": "PyTorch"}


def script_name(experiment: str, framework: Framework) -> str:
    """The name that is offered for a script: `race_numpy.py`."""
    return f"{experiment.partition('.')[2]}_{framework}.py"


def write_script(script: Script, path: Path) -> None:
    """Write a script, and its data into the same folder; a file with the same data stays as it is.

    Raises:
        Problem: a file cannot be written, or another one has its name; the script is not written then.
    """
    for name, content in script.files.items():
        beside = path.parent / name
        try:
            there = beside.read_bytes() if beside.exists() else None
        except OSError as error:
            raise Problem(
                "{name} cannot be read: {reason}", name=plain_name(name), reason=error.strerror
            ) from error
        if there is None:
            write(beside, content)
        elif there != content:
            raise Problem(
                "The script needs a file {name} beside it, and another one of this name is there",
                name=plain_name(name),
            )
    write(path, script.text.encode("utf-8"))
