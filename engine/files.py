"""Files on disk: read without waiting, written completely or not at all.

Only ordinary files are read. Reading a pipe would wait for its writer, a device has no end, and the files of
the kernel under /proc and /sys are not documents. A new file is first written beside the old one under
another name and then replaces it in one step; a link stays a link, and permissions stay as they were.

Reference: rename(2), open(2) and flock(2) in the Linux manual.
"""

import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.config import Problem

if sys.platform != "win32":
    import fcntl

REASONS: dict[int | str, str] = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOSPC: "there is no space left on the disk",
    errno.EDQUOT: "the space that you may use is used up",
    errno.EFBIG: "the file would be too large for the disk",
    errno.EACCES: "you have no permission",
    errno.EPERM: "you have no permission",
    errno.EROFS: "the disk can only be read",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.EIO: "the disk reports an error",
    "special": "it is not an ordinary file, but a pipe, a device, or a file of the system",
    "read-only": "it is read-only; save under another name",
    "name": "its name holds a character that no name can hold",
}
KERNEL = ("/proc/", "/sys/")
HALF_WRITTEN = r"(\.nabla-|{name})[a-z0-9_]{{8}}\.part"  # of any save of Nabla, or of an older one of `name`
NETWORK = re.compile(r"[\\/]{2}|[A-Za-z][A-Za-z0-9+.-]+:[\\/]{2}")  # \\host\share, //host/share, smb://host


def reason(error: OSError) -> str:
    """The reason for an error of the system, as a sentence that can be translated."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


def on_network(path: str | os.PathLike[str]) -> bool:
    """Whether a path names another machine: then even a test of its existence would connect to it."""
    return NETWORK.match(os.fspath(path)) is not None


def read_bytes(path: str | os.PathLike[str], most: int) -> bytes:
    """The bytes of an ordinary file: at most `most`, and one more if it is longer.

    Raises:
        Problem: there is no such file, it is of another kind, or it cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        _check_name(path)
        _check_ordinary(path, os.stat(path))
        with open(os.open(path, flags), "rb") as file:
            _check_ordinary(path, os.fstat(file.fileno()))  # it may have been replaced by now
            return file.read(most + 1)
    except OSError as error:
        raise Problem("The file cannot be read: {reason}", reason=reason(error)) from error


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to a file, completely or not at all: after a crash the old file is unchanged.

    Raises:
        Problem: the file is read-only or not an ordinary one, or it cannot be written.
    """
    try:
        with replacing(path) as put:
            put(data)
    except OSError as error:
        raise Problem("The file cannot be written: {reason}", reason=reason(error)) from error


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Callable[[bytes], object]]:
    """Yield a function that writes bytes to a new file; it replaces the old one only if nothing is raised.

    Raises:
        OSError: the file is read-only or not an ordinary one, or it cannot be written.
    """
    _check_name(path)
    target = Path(os.path.realpath(path))
    mode = _mode_of(target)
    part = target.with_name(f".nabla-{secrets.token_hex(4)}.part")
    try:
        with _new(part, mode) as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    _sweep(target)


def _check_name(path: str | os.PathLike[str]) -> None:
    try:
        sound = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        sound = False
    if not sound:
        raise OSError(REASONS["name"])


def _check_ordinary(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise OSError(REASONS[errno.EISDIR])
    if not stat.S_ISREG(status.st_mode) or os.path.realpath(path).startswith(KERNEL):
        raise OSError(REASONS["special"])


def _mode_of(target: Path) -> int | None:
    """The permissions of the file that is replaced; None if there is none yet."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    _check_ordinary(target, status)
    if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise OSError(REASONS["read-only"])
    return stat.S_IMODE(status.st_mode)


@contextmanager
def _new(part: Path, mode: int | None) -> Iterator[BinaryIO]:
    """Open a new file with the permissions `mode`, or with the usual ones of a new file.

    Its lock tells other saves that it is still being written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(part, flags, 0o666), "wb") as file:
        if sys.platform != "win32":
            with suppress(OSError):  # some disks do not support locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if mode is not None:
            os.chmod(part, mode)
        yield file


def _sweep(target: Path) -> None:
    """Remove incomplete files beside `target`, left by saves that were killed."""
    ours = re.compile(HALF_WRITTEN.format(name=re.escape(target.name)))
    with suppress(OSError):  # a folder may be writable but not readable
        for path in target.parent.iterdir():
            if ours.fullmatch(path.name):
                with suppress(OSError):
                    _remove_unless_locked(path)


def _remove_unless_locked(part: Path) -> None:
    """Remove an incomplete file; raises `OSError` while it is being written (Windows does so itself)."""
    if sys.platform != "win32":
        with open(os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    part.unlink()
