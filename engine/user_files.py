"""A text of the user's own: read whole, but never too much of it, and as UTF-8; whatever is wrong is said.

Reference: RFC 3629, "UTF-8, a transformation format of ISO 10646".
"""

from pathlib import Path

from engine.config import Problem

MOST_BYTES = 20 * 2**20


def bytes_of(path: Path) -> bytes:
    """What is in a file.

    Raises:
        Problem: there is none, it cannot be read, or it is larger than 20 MB.
    """
    try:
        if not path.exists():
            raise Problem("There is no file {path}", path=path)
        if not path.is_file():
            raise Problem("{path} is not a file", path=path)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Problem("The file cannot be read: {reason}", reason=error.strerror) from error
    if len(content) > MOST_BYTES:
        raise Problem("The file is larger than {most} MB", most=MOST_BYTES // 2**20)
    return content


def decoded(content: bytes) -> str:
    """The text that UTF-8 bytes stand for, without a byte order mark.

    Raises:
        Problem: they are not UTF-8; `where` is the line.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Problem("line {line}: the text is not UTF-8", where=f"line {line}", line=line) from error
