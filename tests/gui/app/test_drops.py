"""Files that are dropped: told apart by what is in them, used where they belong, and only ever copied."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from engine.config import Problem, replaced
from engine.data.settings import CsvFile
from engine.experiments.lstm.train_texts import TextFile
from engine.session import Session, save
from gui.app.drops import kind_of
from gui.app.window import Window
from gui.form.file_editor import FileEditor
from gui.form.table_dialog import TableDialog

TABLE = "a;b;kind\n" + "1,5;2;x\n2,5;3;y\n" * 5
PROSE = "It was the best of times, it was the worst of times,\nit was the age of wisdom.\n" * 20


def drop(widget: QWidget, *urls: QUrl, proposed: Qt.DropAction = Qt.DropAction.MoveAction) -> QDropEvent:
    """Drag over a widget and let go, as a file manager does that proposes to move."""
    data = QMimeData()
    data.setUrls(list(urls))
    data.setText("\n".join(url.toString() for url in urls))
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = widget.rect().center()
    for event in (
        QDragEnterEvent(middle, both, data, buttons, keys),
        QDragMoveEvent(middle, both, data, buttons, keys),
    ):
        event.setDropAction(proposed)
        QApplication.sendEvent(widget, event)
        assert event.isAccepted()
        assert event.dropAction() == Qt.DropAction.CopyAction
    event = QDropEvent(QPointF(middle), both, data, buttons, keys)
    event.setDropAction(proposed)
    QApplication.sendEvent(widget, event)
    return event


def laid_out(window: Window, qtbot: Any) -> FileEditor:
    """The editor of the file in the form, once it is where it is seen."""
    editor: FileEditor = window.on_screen.form.findChild(FileEditor)
    line = editor.line
    qtbot.waitUntil(lambda: window.childAt(line.mapTo(window, line.rect().center())) is line)
    return editor


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def url(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", TABLE, "table"),
        ("data", TABLE, "table"),
        ("data.txt", TABLE.encode("utf-16"), "table"),
        ("iris.data", "5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n", "table"),
        ("book.txt", PROSE, "text"),
        ("道.txt", "道可道，非常道。名可名，非常名。\n".encode("gb18030") * 20, "text"),
        ("verse", "one two three\nfour five six\nseven eight nine\n" * 5, "text"),
        ("work.nabla.json", '{"schema": 1}', "session"),
        ("work.txt", '\ufeff{\n  "schema": 1, "open": "losses.curves"}', "session"),
        ("broken.nabla.json", "oh", "session"),  # opening it will say what is wrong with it
        ("größe.csv", "Größe,Art\n1,süß\n".encode("cp1252"), "table"),  # its encoding can be chosen
    ],
)
def test_the_content_tells_what_a_file_is(tmp_path: Path, name: str, content: Any, kind: str) -> None:
    assert kind_of(written(tmp_path, name, content)) == kind


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "a.png is a picture"),
        ("photo.txt", b"\xff\xd8\xff\xe0\0\x10JFIF", "photo.txt is a picture"),
        ("a.xlsx", b"PK\x03\x04\x14\0", "a.xlsx is a workbook, a document or an archive. Save it as CSV"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "a.xls is a workbook or a document. Save it as CSV"),
        ("a.csv.gz", b"\x1f\x8b\x08\0", "a.csv.gz is compressed"),
        ("a.pdf", b"%PDF-1.7\n", "a.pdf is a PDF"),
        ("a.bin", b"\x7fELF\0\0", "a.bin is neither a session nor a table nor a text"),
        ("a.json", '{"a": 1}', "a.json is a JSON file, but not a session of Nabla"),
        ("a.txt", " \n", "The file a.txt is empty"),
        ("\u202egpj.txt", b"\0", r"\\u202egpj.txt is neither"),
    ],
)
def test_what_else_there_is_is_told(tmp_path: Path, name: str, content: Any, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence):
        kind_of(written(tmp_path, name, content))


def test_a_session_is_opened(window: Window, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.nabla.json"
    save(Session(open="losses.curves"), path)
    event = drop(window.on_screen.view, url(path))
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.CopyAction, "the source must not take it for moved"
    qtbot.waitUntil(lambda: window.documents.path == path)
    assert window.playback.experiment.name == "losses.curves"
    assert path.exists()


def test_a_table_is_shown_and_then_learnt(window: Window, qtbot: Any, tmp_path: Path) -> None:
    path = written(tmp_path, "my table.csv", TABLE)
    assert drop(window.on_screen.form.viewport(), url(path)).dropAction() == Qt.DropAction.CopyAction
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is not None)
    dialog = window.findChild(TableDialog)
    before = window.playback.experiment.name
    assert before != "losses.classifier", "nothing happens before it was seen"
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert window.playback.experiment.name == "losses.classifier"
    assert window.playback.config.data == CsvFile(path=str(path))
    qtbot.waitUntil(lambda: window.playback.recording.last > 0)


def test_a_table_that_is_not_taken_changes_nothing(window: Window, qtbot: Any, tmp_path: Path) -> None:
    before = window.session()
    drop(window, url(written(tmp_path, "a.csv", TABLE)))
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is not None)
    qtbot.keyClick(window.findChild(TableDialog), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(TableDialog) is None)
    assert window.session().experiments == before.experiments


def test_a_text_is_learnt(window: Window, qtbot: Any, tmp_path: Path) -> None:
    path = written(tmp_path, "book.txt", PROSE)
    drop(window.on_screen.notes.viewport(), url(path))
    qtbot.waitUntil(lambda: window.playback.experiment.name == "lstm.train")
    assert window.playback.config.task == TextFile(path=str(path))
    qtbot.waitUntil(lambda: window.playback.recording.last > 0)


def test_a_file_line_takes_what_is_dropped_on_it(window: Window, qtbot: Any, tmp_path: Path) -> None:
    window.show_experiment("lstm.train")
    window.playback.edit(replaced(window.playback.config, task=TextFile()))
    window.on_screen.tick(0.0)
    editor = laid_out(window, qtbot)
    path = written(tmp_path, "rows.csv", TABLE + "3,5;1;x\n" * 30)
    assert drop(editor.line, url(path)).dropAction() == Qt.DropAction.CopyAction
    qtbot.waitUntil(
        lambda: window.playback.config.task == TextFile(path=str(path))
    )  # as a text: it was asked for
    assert "file:" not in editor.line.text()
    window.show_experiment("losses.classifier")
    window.playback.edit(replaced(window.playback.config, data=CsvFile()))
    window.on_screen.tick(0.0)
    editor = laid_out(window, qtbot)
    drop(editor.line, url(path))
    qtbot.waitUntil(lambda: editor.findChild(TableDialog) is not None)
    qtbot.mouseClick(editor.findChild(TableDialog).use, Qt.MouseButton.LeftButton)
    assert window.playback.config.data == CsvFile(path=str(path))


def test_a_box_of_numbers_does_not_take_the_name_of_a_file(
    window: Window, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "mine.nabla.json"
    save(Session(open="losses.curves"), path)
    box = next(line for line in window.on_screen.form.findChildren(QLineEdit) if line.isVisible())
    before = box.text()
    drop(box, url(path))
    assert box.text() == before
    qtbot.waitUntil(lambda: window.documents.path == path)


@pytest.mark.parametrize(
    ("urls", "sentence"),
    [
        (lambda folder: [url(folder)], "is a folder. Drop one file"),
        (lambda folder: [url(folder / "a"), url(folder / "b")], "2 files were dropped. Drop one at a time"),
        (lambda folder: [QUrl("https://example.org/<b>a</b>.csv")], "is not a file on this computer"),
        (lambda folder: [url(folder / "gone.csv")], "There is no file"),
        (
            lambda folder: [url(written(folder, "<img src=x>.png", b"\x89PNG"))],
            "<img src=x>.png is a picture",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_plain_text(
    window: Window, qtbot: Any, tmp_path: Path, urls: Any, sentence: str
) -> None:
    before = window.session()
    drop(window, *urls(tmp_path))
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert sentence in box.text()
    assert box.textFormat() == Qt.TextFormat.PlainText
    box.close()
    assert window.session().experiments == before.experiments
