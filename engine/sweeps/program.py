"""Which program makes the runs: stored results are those of this program and of no other.

The version is not enough: after a change in the engine the same config gives other results.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from engine.version import VERSION

ENGINE = Path(__file__).parents[1]


@cache
def program() -> str:
    """The version, a hash of the engine's files (if they are there as text), and the version of NumPy.

    Another version of NumPy may give other last bits.
    """
    return f"{VERSION}+{digest_of(ENGINE)[:16]}, NumPy {np.__version__}"


def digest_of(folder: Path) -> str:
    """A hash of the Python files of a folder, with their names; the ends of lines do not count."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return whole.hexdigest()
