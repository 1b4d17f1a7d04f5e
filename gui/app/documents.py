"""Session files: new, open, save, recent ones, and the question about unsaved changes.

While one works, the session is also kept in a file of the program's own (`gui.app.recovery`). It is what the
program opens with.
"""

from collections.abc import Callable
from pathlib import Path
from weakref import WeakMethod

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.config import Config, Problem
from engine.session import (
    LARGEST,
    Session,
    SessionError,
    decode,
    home_of,
    placed,
    save,
)
from gui.app import document_questions as questions
from gui.app import sweep_files
from gui.app.kept import SUFFIX, Kept, changed_since, digest_of
from gui.app.recovery import Recovery
from gui.app.session_views import check_looks, differs
from gui.export.carried import is_picture, session_bytes
from gui.look.file_to_write import ask_for_file_to_write
from gui.look.folders import first_folder
from gui.look.language import tr
from gui.look.messages import Button
from gui.look.plain import plain_name
from gui.screen.playback_state import Example

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "sessions"


class Documents(QObject):
    """Which file is open, whether it is saved, and every way to another one."""

    opened = Signal(bool)  # another session is on the screen; whether it is that of last time
    title_changed = Signal()
    saved_as = Signal(str)  # a path that was opened or saved
    said = Signal(str)  # what was done, for the status line
    example_opened = Signal(object, object)  # a Session that ships, and its path
    sweep_opened = Signal(object, object)  # a SweepPlan, and the path of its results
    figure_opened = Signal(object, object)  # the Session that a picture carries, and its path

    def __init__(
        self,
        window: QWidget,
        present: Callable[[], Session],
        show: Callable[[Session], None],
        folder: Path | None = None,
    ) -> None:
        """`present`, a method, tells the session as it is now: its step moves without a `changed`.

        `show`, a method, brings a session to the screen; where that raises, nothing has changed.
        """
        super().__init__(window)
        # The window's own methods, which would hold it for ever.
        self._present, self._show = WeakMethod(present), WeakMethod(show)
        self.path: Path | None = None
        self.current = Session()  # as the window has it now
        self.on_file = Session()  # as it was last opened or saved
        self.examples: dict[str, Session] = {}  # by experiment: the example that was opened last
        self._digests: dict[Path, str] = {}  # of what stands in files, as far as we have read or written it
        self.recovery = Recovery(window, folder)
        self.recovery.due.connect(self.keep)
        self.recovery.said.connect(self.said)
        self.recovery.put_aside.connect(self.saved_as)

    @property
    def window(self) -> QWidget:
        """The window that asks."""
        return questions.window_of(self)

    # What is open

    @property
    def kept(self) -> Path | None:
        """The program's own copy of the running session; none where it cannot be kept."""
        return self.recovery.path

    @property
    def modified(self) -> bool:
        """Whether there is something to save. An example that was only looked at is nothing to save."""
        looked_at = {} if self.path else self.examples
        return differs(self.current, self.on_file, looked_at)

    @property
    def name(self) -> str:
        """The name of the session for a title."""
        return plain_name(self.path.name.removesuffix(SUFFIX)) if self.path else tr("untitled")

    def title(self, example: Example | None, config: Config) -> str:
        """What is open: the session, with a star when it is not as on file; and the example, or the figure.

        It belongs to the experiment on the screen, whose settings are `config`.
        """
        modified = self.modified
        parts = [f"{self.name}{'*' if modified else ''}"]
        if example is not None and config != type(config)():
            same = config == example.config
            parts = parts if modified or self.path else []
            if example.is_figure:
                words = "Figure: {name}" if same else "Figure: {name} (changed)"
                parts.append(tr(words, name=example.title))
            else:
                words = "Example: {title}" if same else "Example: {title} (changed)"
                parts.append(tr(words, title=tr(example.title)))
        return " – ".join([*parts, "Nabla"])

    def changed(self, session: Session) -> None:
        """Something in the window has changed."""
        before = self.modified
        self.current = session
        if self.modified != before:
            self.title_changed.emit()
        self.recovery.later()

    # Start and end

    def restore_last(self) -> None:
        """Open the session of last time; after a crash, ask. Where nothing can be kept, say so."""
        kept = self.recovery.begin()
        if kept is not None:
            self._recover(kept)

    def _recover(self, kept: Kept) -> None:
        """Go on with a kept session. It belongs to the same file as before, saved or not."""
        if kept.path is not None:
            self._digests[kept.path] = kept.digest
        self._adopt(kept.session, kept.path, kept.on_file)

    def keep(self) -> None:
        """Write the program's own copy."""
        self.recovery.keep(self._to_keep(self._now()))

    def _to_keep(self, session: Session) -> Kept:
        digest = self._digests.get(self.path, "") if self.path else ""
        # An example that was only looked at is no work to ask about after a crash.
        return Kept(session, self.on_file if self.modified else session, self.path, digest)

    def close(self) -> bool:
        """End: offer to save, keep the session, and leave the lock; false when the user stays."""
        if not self.may_leave():
            return False
        # What is still not saved was discarded, and stays so.
        final = replace(self.on_file, open=self.current.open) if self.modified else self._now()
        self.on_file = final
        self.recovery.end(self._to_keep(final))
        return True

    # What the user does

    def new(self) -> None:
        """Begin with nothing changed."""
        if self.may_leave():
            self._adopt(Session(open=self.current.open), None)

    def open(self) -> None:
        """Ask for a file and open it."""
        kinds = (
            tr("Nabla sessions") + f" (*{SUFFIX} *.json)",
            tr("Pictures by Nabla") + " (*.png *.svg *.pdf)",
            tr("Results of a sweep") + f" (*{sweep_files.SUFFIX})",
        )
        path, _ = QFileDialog.getOpenFileName(
            self.window, tr("Open session"), self._folder(), ";;".join(kinds)
        )
        if path:
            self.open_path(Path(path))

    def open_path(self, path: Path, example: bool = False) -> bool:
        """Open a file; an error leaves everything as it is.

        An example, and a picture that carries its session, change their own experiment only; the results of
        a sweep change nothing.
        """
        if sweep_files.is_results(path):
            return self._open_sweep(path)
        try:
            data = session_bytes(path)
            session = placed(decode(data), home_of(path))
            check_looks(session)
        except SessionError as error:
            self.show_error(tr("“{name}” was not opened.", name=plain_name(path.name)), error)
            return False
        if example:
            self.example_opened.emit(session, path)
            return True
        allowed = questions.allowed(self.window, session, path)
        if allowed is not None and is_picture(path):
            self.figure_opened.emit(allowed, path)
            self.said.emit(tr("Opened {path}", path=path))
            return True
        if allowed is None or not self.may_leave():
            return False
        self._digests[path] = digest_of(data)
        self._adopt(allowed, path)
        self.said.emit(tr("Opened {path}", path=path))
        return True

    def _open_sweep(self, path: Path) -> bool:
        try:
            plan = sweep_files.plan_in(path)
            allowed = sweep_files.asked(self.window, plan, path, self._now())
            if allowed is None:
                return False
            self.sweep_opened.emit(allowed, path)
        except Problem as problem:
            self.show_error(tr("“{name}” was not opened.", name=plain_name(path.name)), problem)
            return False
        self.said.emit(tr("Opened {path}", path=path))
        return True

    def save(self) -> bool:
        """Save to the file that is open, or ask for one."""
        if self.path is None:
            return self.save_as()
        if not changed_since(self.path, self._digests.get(self.path, ""), LARGEST):
            return self._store(self.path)
        answer = questions.ask_to_overwrite(self.window, self.path)
        return self._store(self.path) if answer == Button.Yes else answer == Button.No and self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        start = str(Path(self._folder()) / (self.path.name if self.path else tr("untitled") + SUFFIX))
        words = tr("Nabla sessions") + f" (*{SUFFIX})"
        path = ask_for_file_to_write(self.window, tr("Save session"), start, words, SUFFIX, ".json")
        return path is not None and self._store(path)

    def may_leave(self) -> bool:
        """Whether the open session may go: it is saved, or the user says so."""
        self._now()
        if not self.modified:
            return True
        answer = questions.ask_to_save(self.window, self.name)
        return self.save() if answer == Button.Save else answer == Button.Discard

    def _store(self, path: Path) -> bool:
        session = self._now()
        try:
            data = save(session, path)
        except SessionError as error:
            self.show_error(tr("“{name}” was not saved.", name=plain_name(path.name)), error)
            return False
        self._digests[path] = digest_of(data)
        self.path, self.on_file = path, session
        self.saved_as.emit(str(path))
        self.title_changed.emit()
        self.said.emit(tr("Saved to {path}", path=path))
        self.keep()
        return True

    def _adopt(self, session: Session, path: Path | None, on_file: Session | None = None) -> None:
        """Show a session, all of it or nothing; `on_file` is what its file holds, if that differs."""
        show = self._show()
        assert show is not None  # the window is there while it opens
        show(session)
        unchanged = on_file is None or not differs(session, on_file)
        self.path = path
        self.on_file = self._now() if unchanged or on_file is None else on_file
        if path is not None:
            self.saved_as.emit(str(path))
        self.opened.emit(on_file is not None)
        self.title_changed.emit()
        self.keep()

    def _now(self) -> Session:
        present = self._present()
        assert present is not None  # the window is there while it saves
        self.current = present()
        return self.current

    def _folder(self) -> str:
        return first_folder(*((self.path.parent,) if self.path else ()))

    def show_error(self, what: str, error: Problem) -> None:
        """Say in one message what went wrong, why, and where."""
        questions.show_error(self.window, what, error)
