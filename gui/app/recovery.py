"""The session that the program keeps as one works, and what it does with it at the next start.

Where it is kept is `gui.app.kept`. After a crash with unsaved work the user is asked; else, and after a No,
the session of last time is opened unasked.
"""

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QWidget

from engine import files
from engine.session import SessionError
from gui.app import document_questions as questions
from gui.app.kept import SUFFIX, Keeper, Kept, Slot, aside, put_aside, put_damaged_aside
from gui.app.session_views import check_looks
from gui.look.language import problem_text, tr
from gui.look.plain import plain_name

KEEP_AFTER = 1500  # ms after a change until the running session is kept


class Recovery(QObject):
    """Keeps the session of one window, and finds at the start what was kept before."""

    due = Signal()  # the running session is to be given to `keep` now
    said = Signal(str)  # what was done, or cannot be done, for the status line
    put_aside = Signal(str)  # the path of a session that was not wanted back

    def __init__(self, window: QWidget, folder: Path | None) -> None:
        """`folder` is where sessions are kept; by default the place that the system has for it."""
        super().__init__(window)
        self.keeper = Keeper(folder or data_folder())
        self._begun = False  # not before all is answered: the screen behind the question is nobody's work
        self._failed = False  # whether that nothing can be kept has been said
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER)
        self._timer.timeout.connect(self.due)

    @property
    def window(self) -> QWidget:
        """The window that asks."""
        return questions.window_of(self)

    # As one works

    @property
    def path(self) -> Path | None:
        """The file in which the running session is kept; none where it cannot be."""
        return self.keeper.slot.path if self.keeper.slot else None

    def later(self) -> None:
        """The session has changed: have it kept soon, while changes keep coming too."""
        if not self._timer.isActive():
            self._timer.start()

    def keep(self, kept: Kept) -> None:
        """Write the running session. That it cannot be written is said once, not after every change."""
        self._timer.stop()
        if self.keeper.slot is None or not self._begun:
            return
        try:
            self.keeper.slot.write(kept)
            self._failed = False
        except SessionError as error:
            if not self._failed:
                self._failed = True
                self._tell_unkept(problem_text(error))

    def end(self, kept: Kept) -> None:
        """The window closes: the next one opens with this session."""
        self._timer.stop()
        with suppress(SessionError):  # nothing is lost: all is saved, or not wanted
            self.keeper.end(kept)

    # At the start

    def begin(self) -> Kept | None:
        """Return what the window is to go on with, if anything; where nothing can be kept, say so."""
        try:
            self.keeper.begin()
        except OSError as error:
            self._tell_unkept(files.reason(error))
            return None
        kept = self._offer_abandoned()
        if kept is None and self.keeper.alone:
            kept = self._last()
        self._begun = True
        self.later()
        return kept

    def _last(self) -> Kept | None:
        try:
            kept = self.keeper.last()
            _check(kept)
        except SessionError as error:
            self._tell_damaged(self.keeper.last_path, error)
            return None
        return kept

    def _offer_abandoned(self) -> Kept | None:
        """Ask about unsaved work of windows that crashed, until one is wanted."""
        for slot in self.keeper.abandoned():
            try:
                kept = slot.read()
                _check(kept)
            except SessionError as error:
                self._tell_damaged(slot.path, error)
                slot.release()
                continue
            if not kept.unsaved:
                with suppress(OSError):
                    self.keeper.end_for(slot)
            elif self._ask_to_restore(slot, kept):
                self.keeper.move_to(slot)
                return kept
        return None

    # Questions and messages

    def _ask_to_restore(self, slot: Slot, kept: Kept) -> bool:
        """Whether the session of a window that crashed is wanted; if not, it is put aside and not lost."""
        name = kept.path.name.removesuffix(SUFFIX) if kept.path else tr("untitled")
        path = aside(slot)
        if questions.ask_to_restore(self.window, plain_name(name), path):
            return True
        try:
            put_aside(slot, kept, path)
        except SessionError as error:  # it stays where it is, and is offered again
            slot.release()
            what = tr("“{name}” was not saved.", name=plain_name(path.name))
            questions.show_error(self.window, what, error)
            return False
        self.put_aside.emit(str(path))
        self.said.emit(tr("Put aside, and listed in File ▸ Open recent: {path}", path=path))
        return False

    def _tell_damaged(self, path: Path, error: SessionError) -> None:
        """Tell the user that a kept session cannot be shown; its file is moved, not deleted."""
        what = tr("The session of last time was not opened.")
        with suppress(OSError):
            moved = put_damaged_aside(path)
            what += " " + tr("It is put aside as {path}", path=plain_name(str(moved), 120))
        questions.show_error(self.window, what, error)

    def _tell_unkept(self, reason: str) -> None:
        """Tell the user that nothing can be kept; the program works all the same."""
        folder = plain_name(str(self.keeper.folder or ""), 60)
        words = tr("Not kept for a restart or a crash: {reason} ({folder})", reason=tr(reason), folder=folder)
        self.said.emit(words)


def _check(kept: Kept | None) -> None:
    """Raise `SessionError` where a view refuses what is kept."""
    if kept is not None:
        check_looks(kept.session)
        check_looks(kept.on_file)


def data_folder() -> Path | None:
    """Where the program keeps what is its own; None where the system knows no such place."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(found) if found else None
