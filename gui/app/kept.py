"""What the program keeps of its own accord: the session of every window, as one works.

    window-3f9a02c1.nabla.json    the session of a window that runs, or did when the program was killed
    window-3f9a02c1.lock          held while that window is there: without a holder, it crashed
    last.nabla.json               the session of the window that was closed last, or was killed with all saved
    recovered-….nabla.json        a session that the user did not want back after a crash

A kept file holds the session, what stands in the file it belongs to, and which file that is.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from PySide6.QtCore import QLockFile

from engine import files
from engine.config import Problem
from engine.session import Session, SessionError, decode, encode, read, save, with_whole_paths
from gui.app.session_views import differs

SUFFIX = ".nabla.json"


@dataclass(frozen=True)
class Kept:
    """A session, with the file it belongs to and what stands there."""

    session: Session
    on_file: Session
    path: Path | None = None
    digest: str = ""  # of the bytes of the file, as they were last read or written

    @property
    def unsaved(self) -> bool:
        """Whether it holds work that is saved nowhere else."""
        return differs(self.session, self.on_file)


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    session: msgspec.Raw
    on_file: msgspec.Raw
    path: str
    digest: str


def digest_of(data: bytes) -> str:
    """A short text that changes with the bytes of a file."""
    return sha256(data).hexdigest()


def changed_since(path: Path, digest: str, largest: int) -> bool:
    """Whether another program has changed a file since its bytes had a digest, "" for never read or written.

    `largest` is the most bytes that such a file may have.
    """
    try:
        return bool(digest) and digest_of(files.read_bytes(path, largest)) != digest
    except Problem:
        return False  # it is gone, or whoever writes it says what it is


class Slot:
    """A place for the session of one window, held by a lock."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / (name + SUFFIX)
        self._lock = QLockFile(str(folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # only a process that is gone leaves its lock to others

    def hold(self) -> bool:
        """Take the place; false if a window holds it."""
        return self._lock.tryLock(0)

    def release(self) -> None:
        """Leave the place to others."""
        self._lock.unlock()

    def give_up(self) -> None:
        """Leave the place with nothing kept in it."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.release()

    def read(self) -> Kept:
        """What is kept here; raises `SessionError` where it is damaged."""
        return _kept_in(self.path)

    def write(self, kept: Kept) -> None:
        """Keep a session; raises `SessionError` where that is not possible."""
        path = "" if kept.path is None else str(kept.path)
        session, on_file = (encode(with_whole_paths(one)) for one in (kept.session, kept.on_file))
        record = _Record(msgspec.Raw(session), msgspec.Raw(on_file), path, kept.digest)
        try:
            files.write_bytes(self.path, msgspec.json.encode(record))
        except Problem as problem:
            raise SessionError(problem.sentence, where=problem.where, **problem.values) from problem


class Keeper:
    """The folder of kept sessions, and the place in it that belongs to this window."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.slot: Slot | None = None  # none before the start, and where nothing can be kept
        self.alone = True  # whether no other window was there at the start

    def begin(self) -> None:
        """Take a place; raises `OSError` where there can be none."""
        if self.folder is None:
            raise FileNotFoundError(errno.ENOENT, "")
        self.folder.mkdir(parents=True, exist_ok=True)
        slot = Slot(self.folder, f"window-{secrets.token_hex(4)}")
        if not slot.hold():
            raise PermissionError(errno.EACCES, "")
        self.slot = slot

    def abandoned(self) -> Iterator[Slot]:
        """The places of windows that crashed, the latest first; each is held by us when it is returned."""
        assert self.folder is not None  # asked only where something is kept
        own = self.slot.path.name if self.slot else ""
        names = {path.name.split(".")[0] for path in self.folder.glob("window-*.*")}
        slots = [Slot(self.folder, name) for name in names if name + SUFFIX != own]
        for slot in sorted(slots, key=lambda slot: _age(slot.path), reverse=True):
            if not slot.hold():
                self.alone = False
            elif slot.path.exists():
                yield slot
            else:
                slot.release()

    def move_to(self, slot: Slot) -> None:
        """Keep on in the place of a window that is gone: what was kept there goes on from there."""
        if self.slot is not None:
            self.slot.give_up()
        self.slot = slot

    def end_for(self, slot: Slot) -> None:
        """Close for a window that was killed with everything saved: the next start opens with its session.

        Another window that was closed later goes first. Raises `OSError`, and then it is found again.
        """
        try:
            if _age(slot.path) >= _age(self.last_path):
                os.replace(slot.path, self.last_path)
            slot.path.unlink(missing_ok=True)
        finally:
            slot.release()

    def last(self) -> Kept | None:
        """The session of the window that was closed last; raises `SessionError` where it is damaged."""
        return _kept_in(self.last_path) if self.last_path.exists() else None

    @property
    def last_path(self) -> Path:
        """The file of that session."""
        assert self.folder is not None  # asked only where something is kept
        return self.folder / f"last{SUFFIX}"

    def end(self, kept: Kept) -> None:
        """The window closes: the next one opens with this. Raises `SessionError`, and ends all the same."""
        if self.slot is None:
            return
        slot, self.slot = self.slot, None
        try:
            slot.write(kept)
            os.replace(slot.path, self.last_path)
        except OSError as error:
            raise SessionError("The file cannot be written: {reason}", reason=files.reason(error)) from error
        finally:
            slot.give_up()  # what was given up must not come back as recovered


def aside(slot: Slot) -> Path:
    """Where the session of a place would be put aside: a session file that can be opened like any other."""
    moment = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    name = f"recovered-{moment}-{slot.path.name.removeprefix('window-')}"
    return slot.path.with_name(name)


def put_aside(slot: Slot, kept: Kept, path: Path) -> None:
    """Make a session file of what is kept in a place, and give the place up. Raises `SessionError`."""
    save(kept.session, path)
    slot.give_up()


def put_damaged_aside(path: Path) -> Path:
    """Move a kept file that cannot be read out of the way, as it is; where to."""
    moved = path.with_name(f"damaged-{secrets.token_hex(4)}-{path.name}")
    os.replace(path, moved)
    return moved


def _kept_in(path: Path) -> Kept:
    data = read(path)
    try:
        record = msgspec.json.decode(data, type=_Record)
    except (msgspec.DecodeError, UnicodeDecodeError):
        session = decode(data)  # as it was kept at first: only the session
        return Kept(session, session)
    named = Path(record.path) if record.path else None
    return Kept(decode(bytes(record.session)), decode(bytes(record.on_file)), named, record.digest)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
