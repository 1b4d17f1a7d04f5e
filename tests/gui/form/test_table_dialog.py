"""The import of a table, as a user does it: look, choose, see what changes, take it or leave it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFileDialog, QStyle, QStyleOptionViewItem

from engine.data.settings import CsvFile
from engine.data.table_format import TableFormat
from engine.experiments.losses.classifier_config import ClassifierConfig
from engine.session import Session, decode, encode
from gui.form.file_editor import FileEditor
from gui.form.form import Form
from gui.form.kinds import KindEditor
from gui.form.settings_text import settings_text
from gui.form.table_dialog import TableDialog
from gui.look.theme import LIGHT

GERMAN = "Nr;Länge;Breite;Notiz;Art\n" + "".join(
    f"{k};{k % 5},5;{k % 3},25;{'gut' if k % 2 else ''};{'ab'[k % 2]}\n" for k in range(1, 9)
)


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "maße.csv"
    path.write_text(GERMAN + "9;?;1,25;;a\n", encoding="utf-8")
    return path


@pytest.fixture
def opened(qtbot: Any, german: Path) -> TableDialog:
    return show(qtbot, german)


def show(qtbot: Any, path: Path, said: TableFormat = TableFormat()) -> TableDialog:  # noqa: B008
    dialog = TableDialog(None, path, said, LIGHT)  # type: ignore[arg-type]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def headings(dialog: TableDialog) -> list[str]:
    model = dialog.model
    return [model.headerData(k, Qt.Orientation.Horizontal) for k in range(model.columnCount())]


def row(dialog: TableDialog, place: int) -> list[str]:
    model = dialog.model
    return [model.data(model.index(place, k)) for k in range(model.columnCount())]


def choose(qtbot: Any, dialog: TableDialog, name: str, value: Any) -> None:
    """Choose an entry of a combo box with the keys."""
    combo = dialog.combos[name]
    combo.setFocus()
    steps = combo.findData(value) - combo.currentIndex()
    for _ in range(abs(steps)):
        qtbot.keyClick(combo, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert combo.currentData() == value


def tick(qtbot: Any, dialog: TableDialog, column: int) -> None:
    """Click the box of a column's use."""
    index = dialog.model.index(0, column)
    option = QStyleOptionViewItem()
    option.rect = dialog.table.visualRect(index)
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box: QRect = dialog.table.style().subElementRect(
        QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, dialog.table
    )
    qtbot.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def test_everything_is_guessed_and_told(opened: TableDialog) -> None:
    assert headings(opened) == ["Nr", "Länge", "Breite", "Notiz", "Art"]
    assert row(opened, 0) == [
        "only counts the rows",
        "feature",
        "feature",
        "words, not numbers",
        "label",
    ]
    assert row(opened, 1) == ["1", "1,5", "1,25", "gut", "b"]
    assert [opened.combos[name].currentText() for name in ("separator", "decimal", "header", "label")] == [
        "Automatic: Semicolon",
        "Automatic: Comma: 1,5",
        "Automatic: Column names",
        "Automatic: Art",
    ]
    assert opened.words.text().splitlines() == [
        "8 examples",
        "2 features: Länge, Breite",
        "2 classes in column “Art”: a, b",
        "Lines with a missing value, left out: 1",
        "Left out: “Nr” (only counts the rows), “Notiz” (words, not numbers)",
    ]
    assert opened.said == TableFormat()
    assert opened.use.isEnabled()


def test_every_choice_is_seen_at_once(qtbot: Any, opened: TableDialog) -> None:
    choose(qtbot, opened, "header", "no")
    assert headings(opened)[0] == "1"
    assert row(opened, 1)[1] == "Länge"
    choose(qtbot, opened, "separator", "comma")
    assert row(opened, 2) == ["1;1", "5;1", "25;gut;b"], "it is cut at the commas, as asked"
    assert opened.error.text() == "No column is left to learn from: besides the label, one must hold numbers"
    assert not opened.use.isEnabled()
    choose(qtbot, opened, "separator", "auto")
    assert opened.error.text() == "line 1: column 1 is not a number: “Nr”"
    choose(qtbot, opened, "header", "auto")
    assert not opened.error.isVisible()
    choose(qtbot, opened, "decimal", "point")
    assert row(opened, 0)[1:3] == ["words, not numbers"] * 2
    choose(qtbot, opened, "decimal", "auto")
    choose(qtbot, opened, "label", 3)
    assert row(opened, 0)[2] == "label"
    assert row(opened, 0)[4] == "words, not numbers"
    assert opened.said == TableFormat(label=3)
    qtbot.mouseClick(opened.guess, Qt.MouseButton.LeftButton)
    assert opened.said == TableFormat()
    assert row(opened, 0)[4] == "label"


def test_features_are_ticked(qtbot: Any, opened: TableDialog) -> None:
    tick(qtbot, opened, 2)
    assert row(opened, 0)[2] == "left out"
    assert opened.said.left_out == (1, 3, 4)
    assert "1 features: Länge" in opened.words.text()
    tick(qtbot, opened, 0)
    assert opened.said.left_out == (3, 4)
    assert "2 features: Nr, Länge" in opened.words.text()
    tick(qtbot, opened, 4)  # the label has no box
    assert opened.said.left_out == (3, 4)


def test_what_cannot_be_learnt_from_is_said_and_not_taken(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("size,price\n" + "".join(f"{k / 2},{1000 * k + 0.5}\n" for k in range(40)))
    dialog = show(qtbot, path)
    assert dialog.error.text() == (
        "Column “price”, the label, has 40 different values: to tell classes apart, 2 to 20 are needed."
        " Choose another label"
    )
    assert not dialog.use.isEnabled()
    assert not dialog.words.isVisible()
    gone = show(qtbot, tmp_path / "gone.csv")
    assert "There is no file" in gone.error.text()
    assert not gone.use.isEnabled()


def test_an_encoding_that_is_not_known_can_be_chosen(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "western.csv"
    path.write_bytes("Größe,Art\n1,süß\n2,süß\n3,herb\n4,herb\n".encode("cp1252"))
    dialog = show(qtbot, path)
    assert dialog.error.text() == ("line 1: the encoding of the text is not known; save the file as UTF-8")
    choose(qtbot, dialog, "encoding", "cp1252")
    assert headings(dialog) == ["Größe", "Art"]
    assert dialog.use.isEnabled()
    assert dialog.said == TableFormat(encoding="cp1252")


def file_editor(form: Form) -> FileEditor:
    kind = form.editor("data")
    assert isinstance(kind, KindEditor)
    assert kind.rows is not None
    editor = kind.rows.editors["path"]
    assert isinstance(editor, FileEditor)
    return editor


def test_a_file_that_is_chosen_is_shown_first_and_its_choices_are_in_the_config(
    qtbot: Any, german: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form(ClassifierConfig(data=CsvFile()), LIGHT)
    qtbot.addWidget(form)
    form.show()
    editor = file_editor(form)
    assert not editor.columns.isEnabled(), "there is no file to look at"
    asked: list[tuple[str, str]] = []

    def ask(_: Any, title: str, start: str) -> tuple[str, str]:
        asked.append((title, start))
        return str(german), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)
    assert asked[0][0] == "Choose a table"
    assert asked[0][1], "some folder, not that of the program"
    assert Path(asked[0][1]).is_dir()
    dialog = editor.findChild(TableDialog)
    assert dialog is not None
    assert form.config.data == CsvFile(), "nothing is taken before it was seen"
    choose(qtbot, dialog, "label", 5)
    with qtbot.waitSignal(form.edited) as edited:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    data = CsvFile(path=str(german), table=TableFormat(label=5))
    assert edited.args == [ClassifierConfig(data=data)]
    qtbot.waitUntil(lambda: not editor.findChildren(TableDialog))
    qtbot.mouseClick(editor.columns, Qt.MouseButton.LeftButton)
    again = editor.findChild(TableDialog)
    assert again is not None
    assert again.said == TableFormat(label=5)
    assert again.combos["label"].currentText() == "Art"
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    assert form.config.data == data
    assert "Label 5" in settings_text(form.config)


def test_a_path_that_is_typed_is_asked_about_once_and_left_as_it_was_when_refused(
    qtbot: Any, german: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form(ClassifierConfig(data=CsvFile()), LIGHT)
    qtbot.addWidget(form)
    with qtbot.waitExposed(form):
        form.show()
    editor = file_editor(form)
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, str(german))
    assert form.config.data == CsvFile(), "it is not whole before Return"
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    (dialog,) = editor.findChildren(TableDialog)
    editor.line.clearFocus()
    assert editor.findChildren(TableDialog) == [dialog], "asked once, though the focus goes to the question"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert editor.line.text() == ""
    qtbot.waitUntil(lambda: not editor.findChildren(TableDialog))
    editor.line.setFocus()
    qtbot.keyClicks(editor.line, str(german))
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    (dialog,) = editor.findChildren(TableDialog)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert form.config.data == CsvFile(path=str(german))
    assert editor.line.text() == str(german)
    qtbot.waitUntil(lambda: not editor.findChildren(TableDialog))
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert not editor.findChildren(TableDialog), "it is read already"
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, "nowhere.csv")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert not editor.findChildren(TableDialog)
    assert form.config.data == CsvFile(path="nowhere.csv"), "its run says that it is not there"


def test_the_folder_of_the_last_table_is_remembered(
    qtbot: Any, german: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[str] = []

    def ask(_: Any, title: str, start: str) -> tuple[str, str]:
        starts.append(start)
        return str(german), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    for _ in range(2):  # of two forms: it is another use of the program
        form = Form(ClassifierConfig(data=CsvFile()), LIGHT)
        qtbot.addWidget(form)
        form.show()
        editor = file_editor(form)
        qtbot.mouseClick(editor.button, Qt.MouseButton.LeftButton)
        (dialog,) = editor.findChildren(TableDialog)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert starts[1] == str(german.parent)
    assert starts[0] != starts[1]
    assert form.config.data == CsvFile(), "nothing was taken"


def test_a_session_keeps_the_choices_and_an_old_one_has_none() -> None:
    said = TableFormat(separator="semicolon", decimal="comma", header="yes", label=2, left_out=(1, 3))
    config = ClassifierConfig(data=CsvFile(path="measured/flowers.csv", table=said))
    session = Session(experiments={"losses.classifier": config}, open="losses.classifier")
    assert decode(encode(session)).config("losses.classifier") == config
    old = (
        b'{"schema": 1, "open": "losses.classifier", "experiments":'
        b' {"losses.classifier": {"data": {"kind": "csv", "path": "measured/flowers.csv"}}}}'
    )
    assert decode(old).config("losses.classifier").data == CsvFile(path="measured/flowers.csv")


def test_a_column_without_a_name_is_told_by_its_place(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "index.csv"
    path.write_text(",a,kind\n" + "".join(f"{k},{k * k % 7},{'xy'[k % 2]}\n" for k in range(12)))
    dialog = show(qtbot, path)
    assert dialog.words.text().splitlines()[-1] == "Left out: “column 1” (only counts the rows)"
