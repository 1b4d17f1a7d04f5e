"""Writing exported files: completely or not at all, with a message if it fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.config import Problem
from engine.files import reason, replacing


@contextmanager
def saving(path: Path | str) -> Iterator[Callable[[bytes], object]]:
    """Give a function that adds bytes to a file. The file appears only at the end, if nothing failed.

    Raises:
        Problem: when it cannot be written.
    """
    try:
        with replacing(path) as put:
            yield put
    except OSError as error:
        name, why = Path(path).name, reason(error)
        raise Problem(
            "{file} could not be written: {reason}", where=str(path), file=name, reason=why
        ) from error


def write(path: Path | str, content: bytes) -> None:
    """Write a file in one step: if it fails, the file that was there before is unchanged.

    Raises:
        Problem: when it cannot be written.
    """
    with saving(path) as put:
        put(content)
