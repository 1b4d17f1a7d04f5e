"""Files that are exported: whole or not at all, and a sentence where it does not work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.config import Problem
from engine.files import reason, replacing


@contextmanager
def saving(path: Path | str) -> Iterator[Callable[[bytes], object]]:
    """Give what adds bytes to a file that appears at the end, whole; whatever goes wrong, it does not appear.

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
    """Put a file where it belongs in one stroke: a failure leaves what was there before.

    Raises:
        Problem: when it cannot be written.
    """
    with saving(path) as put:
        put(content)
