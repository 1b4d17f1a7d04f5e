"""Session files: new, open, save, recent ones, the question about unsaved changes, and recovery.

While one works, the session is also kept in a file of the program's own. It is what the program opens
with; after a crash (the lock of a window that is gone) the user is asked first.
"""

from collections.abc import Callable
from pathlib import Path
from weakref import WeakMethod

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.config import Config
from engine.session import Session, SessionError, load, save
from gui.language import problem_text, tr

SUFFIX = ".nabla.json"
EXAMPLES = Path(__file__).resolve().parent.parent / "resources" / "sessions"
KEEP_AFTER = 1500  # ms of quiet before the running session is kept


class Documents(QObject):
    """Which file is open, whether it is saved, and every way to another one."""

    opened = Signal(object)  # a Session to show
    title_changed = Signal()
    saved_as = Signal(str)  # a path that was opened or saved
    said = Signal(str)  # what was done, for the status line
    example_opened = Signal(object, object)  # a Session that ships, and its path

    def __init__(self, window: QWidget, present: Callable[[], Session], folder: Path | None = None) -> None:
        """`present`, a method, tells the session as it is now: its step moves without a `changed`."""
        super().__init__(window)
        self._present = WeakMethod(present)  # the window's own, which would hold it for ever
        self.folder = folder or Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
        )
        self.path: Path | None = None
        self.current = Session()  # as the window has it now
        self.on_file = Session()  # as it was last opened or saved
        self.examples: dict[str, Config] = {}  # as experiments were set by the examples opened last
        self._lock = QLockFile(str(self.folder / "running.lock"))
        self._lock.setStaleLockTime(0)
        self._owner = False
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_AFTER)
        self._keeping.timeout.connect(self.keep)

    @property
    def window(self) -> QWidget:
        """The window that asks. Qt's parent, not a reference: the two would hold each other for ever."""
        parent = self.parent()
        assert isinstance(parent, QWidget)
        return parent

    # What is open

    @property
    def kept(self) -> Path:
        """The program's own copy of the running session."""
        return self.folder / "last.nabla.json"

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        names = {*self.current.experiments, *self.on_file.experiments}
        return any(self._changed(name) for name in names)

    def _changed(self, name: str) -> bool:
        """Whether an experiment is not as on file. An example that was only looked at is no work to save."""
        config = self.current.config(name)
        looked_at = self.path is None and config == self.examples.get(name)
        return config != self.on_file.config(name) and not looked_at

    @property
    def name(self) -> str:
        """The name of the session for a title."""
        return self.path.name.removesuffix(SUFFIX) if self.path else tr("untitled")

    def changed(self, session: Session) -> None:
        """The window is now otherwise."""
        before = self.modified
        self.current = session
        if self.modified != before:
            self.title_changed.emit()
        self._keeping.start()

    # Start and end

    def restore_last(self) -> None:
        """Open the session of last time; after a crash, ask."""
        self.folder.mkdir(parents=True, exist_ok=True)
        crashed = Path(self._lock.fileName()).exists()
        self._owner = self._lock.tryLock(0)
        if not self._owner or not self.kept.exists():
            return
        if crashed and not self._ask_to_restore():
            return
        session = self._load(self.kept)
        if session is not None:
            self.on_file = session
            self.opened.emit(session)

    def keep(self) -> None:
        """Write the program's own copy; only the first of several windows does."""
        self._keeping.stop()
        if self._owner:
            self._save(self.kept)

    def close(self) -> bool:
        """End: offer to save, keep the session, and leave the lock; false when the user stays."""
        if not self.may_leave():
            return False
        self.keep()
        self._lock.unlock()
        return True

    # What the user does

    def new(self) -> None:
        """Begin with nothing changed."""
        if self.may_leave():
            self._adopt(Session(open=self.current.open), None)

    def open(self) -> None:
        """Ask for a file and open it."""
        words = tr("Nabla sessions") + f" (*{SUFFIX} *.json)"
        path, _ = QFileDialog.getOpenFileName(self.window, tr("Open session"), self._folder(), words)
        if path:
            self.open_path(Path(path))

    def open_path(self, path: Path, example: bool = False) -> bool:
        """Open a file; an error leaves everything as it is. An example changes its own experiment only."""
        session = self._load(path)
        if session is not None and example:
            self.example_opened.emit(session, path)
            return True
        if session is None or not self.may_leave():
            return False
        self._adopt(session, path)
        return True

    def save(self) -> bool:
        """Save to the file that is open, or ask for one."""
        return self._store(self.path) if self.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it."""
        start = str(Path(self._folder()) / (self.name + SUFFIX))
        words = tr("Nabla sessions") + f" (*{SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(self.window, tr("Save session"), start, words)
        if not name:
            return False
        return self._store(Path(name if name.endswith(".json") else name + SUFFIX))

    def may_leave(self) -> bool:
        """Whether the open session may go: it is saved, or the user says so."""
        if not self.modified:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.window,
            "Nabla",
            tr("Save the changes to “{name}” first?", name=self.name),
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        return self.save() if answer == buttons.Save else answer == buttons.Discard

    def _store(self, path: Path) -> bool:
        if not self._save(path):
            return False
        self.path, self.on_file = path, self.current
        self.saved_as.emit(str(path))
        self.title_changed.emit()
        self.said.emit(tr("Saved to {path}", path=path))
        return True

    def _adopt(self, session: Session, path: Path | None) -> None:
        self.path, self.on_file = path, session
        self.opened.emit(session)
        if path is not None:
            self.saved_as.emit(str(path))
        self.title_changed.emit()

    def _load(self, path: Path) -> Session | None:
        try:
            return load(path)
        except SessionError as error:
            self.show_error(tr("“{name}” was not opened.", name=path.name), error)
            return None

    def _save(self, path: Path) -> bool:
        present = self._present()
        assert present is not None  # the window is there while it saves
        self.current = present()
        try:
            save(self.current, path)
        except SessionError as error:
            self.show_error(tr("“{name}” was not saved.", name=path.name), error)
            return False
        return True

    def _folder(self) -> str:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return str(self.path.parent) if self.path else documents

    def _ask_to_restore(self) -> bool:
        answer = QMessageBox.question(
            self.window,
            "Nabla",
            tr("Nabla did not close properly last time. Open the session as it was then?"),
        )
        return answer == QMessageBox.StandardButton.Yes

    def show_error(self, what: str, error: SessionError) -> None:
        """Say in one message what went wrong, why, and where."""
        place = "\n" + tr("Place in the file: {place}", place=error.where) if error.where else ""
        QMessageBox.warning(self.window, "Nabla", f"{what}\n\n{problem_text(error)}{place}")
