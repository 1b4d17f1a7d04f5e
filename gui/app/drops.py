"""Files dropped on the window: what each is, told by its content, and where it belongs.

A dropped file is only ever read: the drop is a copy, whatever the source proposes. Otherwise a file manager
that offers to move a file would take it for moved, and delete it.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.config import Config, Problem, replaced
from engine.data.csv_data import GUESSED
from engine.data.settings import CsvFile
from engine.data.table_guess import HEAD, look
from engine.data.user_files import decoded, head_of, no_text
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.experiments.lstm.train_config import TrainConfig
from engine.experiments.lstm.train_texts import TextFile
from engine.lessons.lesson_file import SUFFIX as LESSON
from engine.session import Session
from gui.app.appearance import Appearance
from gui.app.documents import Documents
from gui.app.lesson_guide import LessonGuide
from gui.app.sweep_files import is_results
from gui.export.carried import carries, is_picture
from gui.form.file_editor import FileEditor
from gui.form.table_dialog import TableDialog
from gui.look.language import problem_text
from gui.look.plain import plain_name

CLASSIFIER, TEXTS = "losses.classifier", "lstm.train"
LESSON_HEAD = re.compile(r"\ufeff?\s*# [^\n]*\n\s*```toml\s+lesson\s*=")
SESSION_KEY = re.compile(r'"schema"\s*:')
TABLES = (".csv", ".tsv", ".tab")
NO_TEXTS = {  # by what the first bytes tell
    "png": "{name} is a picture. Nabla reads sessions, tables (CSV) and texts",
    "jpeg": "{name} is a picture. Nabla reads sessions, tables (CSV) and texts",
    "gif": "{name} is a picture. Nabla reads sessions, tables (CSV) and texts",
    "zip": "{name} is a workbook, a document or an archive. Save it as CSV or as plain text first",
    "office": "{name} is a workbook or a document. Save it as CSV or as plain text first",
    "pdf": "{name} is a PDF. Save its text as plain text first",
    "gzip": "{name} is compressed (gzip). Unpack it first",
}
FEWEST_ROWS = 3  # of a table that is not called one
REGULAR = 0.95  # share of its lines that have as many cells as the others


class Receiver(Protocol):
    """What is asked of a window to which something is dropped."""

    @property
    def documents(self) -> Documents: ...
    @property
    def appearance(self) -> Appearance: ...
    @property
    def guide(self) -> LessonGuide: ...
    def session(self) -> Session: ...
    def show_with(self, name: str, config: Config) -> None: ...


class DropTarget:
    """A mixin of a window that takes what is dropped on it."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        welcome(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        welcome(event)

    def dropEvent(self: Any, event: QDropEvent) -> None:
        """Use what is dropped, once the program that it comes from need not wait any more."""
        welcome(event)
        urls, place = event.mimeData().urls(), event.position().toPoint()
        if urls:
            QTimer.singleShot(0, self, lambda: use(self, urls, place))


def welcome(event: QDropEvent) -> None:
    """Accept files, as a copy; leave anything else to others. For drags, moves and drops alike."""
    if event.mimeData().hasUrls():
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    else:
        event.ignore()


def use(receiver: Receiver, urls: Sequence[QUrl], place: QPoint) -> None:
    """Use what was dropped at a place of a window where it belongs, or say what it is and why not."""
    window = receiver.documents.window
    try:
        path = only_file(urls)
        kind = "session" if is_results(path) else kind_of(path)  # the results of a sweep are opened as one is
    except Problem as problem:
        box = QMessageBox(QMessageBox.Icon.Information, "Nabla", problem_text(problem), parent=window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return
    editor = editor_at(window, place)
    if kind == "session":
        receiver.documents.open_path(path)
    elif kind == "lesson":
        receiver.guide.open(path)
    elif editor is not None:
        editor.take(str(path))
    elif kind == "table":
        _open_table(receiver, path)
    else:
        _open_text(receiver, path)


def only_file(urls: Sequence[QUrl]) -> Path:
    """The one file of this computer among what was dropped.

    Raises:
        Problem: there are several, or it is somewhere else, or a folder.
    """
    if len(urls) != 1:
        raise Problem("{count} files were dropped. Drop one at a time", count=len(urls))
    if not urls[0].isLocalFile():
        raise Problem(
            "{name} is not a file on this computer. Save it here first, and drop the file",
            name=plain_name(urls[0].toDisplayString()),
        )
    path = Path(urls[0].toLocalFile())
    if path.is_dir():
        raise Problem("{name} is a folder. Drop one file", name=plain_name(path.name or str(path)))
    return path


def kind_of(path: Path) -> str:
    """What a file is, by its content: "session", also one in a picture, "lesson", "table" or "text".

    Raises:
        Problem: it is something else, or cannot be read.
    """
    name = plain_name(path.name)
    head = head_of(path, HEAD + 1)
    if is_picture(path) and carries(path):
        return "session"
    whole = len(head) <= HEAD
    kind = no_text(head)
    if kind is not None:
        raise Problem(NO_TEXTS[kind], name=name)
    if not head.strip():
        raise Problem("The file {name} is empty", name=name)
    try:
        text = decoded(head, whole=whole)
    except Problem as problem:
        if path.suffix.lower() in TABLES:
            return "table"  # the encoding can be chosen there
        raise problem
    if "\0" in text:
        raise Problem("{name} is neither a session nor a table nor a text", name=name)
    if path.name.endswith(LESSON) or (path.suffix.lower() == ".md" and LESSON_HEAD.match(text)):
        return "lesson"
    if path.name.endswith(".nabla.json") or (text.lstrip()[:1] == "{" and SESSION_KEY.search(text)):
        return "session"
    if path.suffix.lower() == ".json":
        raise Problem("{name} is a JSON file, but not a session of Nabla", name=name)
    return "table" if path.suffix.lower() in TABLES or _is_table(head, whole) else "text"


def _is_table(head: bytes, whole: bool) -> bool:
    """Whether lines are cut into equally many cells, and some of these are columns of numbers."""
    try:
        found = look(head, GUESSED, whole)
    except Problem:
        return False
    width = len(found.layout.names)
    regular = sum(len(cells) == width for _, cells in found.rows)
    enough = len(found.rows) >= FEWEST_ROWS and regular >= REGULAR * len(found.rows)
    return enough and any(column.kind == "number" for column in found.columns)


def editor_at(window: QWidget, place: QPoint) -> FileEditor | None:
    """The editor of a file at a place of the window."""
    widget = window.childAt(place)
    while widget is not None and not isinstance(widget, FileEditor):
        widget = widget.parentWidget()
    return widget


def _open_table(receiver: Receiver, path: Path) -> None:
    """Show the table; when it is taken, the classifier learns from it."""
    dialog = TableDialog(receiver.documents.window, path, GUESSED, receiver.appearance.theme)
    dialog.accepted.connect(lambda: _learn_table(receiver, dialog))
    dialog.open()


def _learn_table(receiver: Receiver, dialog: TableDialog) -> None:
    config = receiver.session().config(CLASSIFIER)
    assert isinstance(config, ClassifierConfig)
    data = CsvFile(path=str(dialog.path), table=dialog.said)
    receiver.show_with(CLASSIFIER, replaced(config, data=data))


def _open_text(receiver: Receiver, path: Path) -> None:
    """Let a recurrent network learn the text."""
    config = receiver.session().config(TEXTS)
    assert isinstance(config, TrainConfig)
    length = getattr(config.task, "length", TextFile().length)
    receiver.show_with(TEXTS, replaced(config, task=TextFile(path=str(path), length=length)))
