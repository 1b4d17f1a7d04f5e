"""The editor of a user's file: its path is typed, chosen, or dropped. For a table, also how it is read."""

from pathlib import Path

import msgspec
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from engine.data.table_format import TableFormat
from gui.form.base import Kit
from gui.form.field import Field
from gui.form.table_dialog import TableDialog
from gui.form.words import TextEditor
from gui.look.folders import first_folder
from gui.look.language import tr
from gui.look.preferences import Preferences

TABLE = "table"  # the field that tells how the file is read, where the file is a table


class FileEditor(TextEditor):
    """A path. If the file is a table, a dialog first shows how it is read, and lets the user correct it."""

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.said: TableFormat | None = None  # how the table is read; None where it is no table
        self._asking = False  # whether a table is being shown to be understood
        self.line.editingFinished.connect(self._finish)
        self.columns = QPushButton(tr("Columns…"))
        self.columns.setToolTip(tr("See how the table is read, and choose label and features."))
        self.columns.clicked.connect(self._look)
        self.columns.hide()
        self.button = QPushButton(tr("Browse…"))
        self.button.clicked.connect(self._browse)
        self._place_buttons()

    def _place_buttons(self) -> None:
        """Put both buttons beside the title, or the second one below the path if they do not fit there."""
        gap = self.kit.theme.px(8)
        if self.has_room(self.button.sizeHint().width() + gap + self.columns.sizeHint().width()):
            self.beside(self.button, self.columns)
        else:
            self.beside(self.button)
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(self.columns)
            self.below(line)

    def show_value(self, value: str) -> None:
        """Show a path. The button that shows the table is there only if there is a path."""
        super().show_value(value)
        self.columns.setEnabled(bool(value))

    def see_record(self, record: msgspec.Struct) -> None:
        """Learn whether the file is a table, and how it is read."""
        said = getattr(record, TABLE, None)
        self.said = said if isinstance(said, TableFormat) else None
        self.columns.setVisible(self.said is not None)

    def take(self, path: str) -> None:
        """Use a file that was chosen or dropped; for a table, after the user has seen its columns."""
        if self.said is None:
            self.changed.emit(path)
        else:
            self._open_dialog(path, TableFormat())

    def _type(self, path: str) -> None:
        """Use a path while it is typed; for a table, only when it is entered."""
        if self.said is None:
            super()._type(path)

    def _finish(self) -> None:
        """Treat an entered path like a chosen one; if there is no such file, the run reports it."""
        path = self.line.text()
        if self.said is None or self._asking or path == self.value:
            return
        if Path(path).is_file():
            self.take(path)
        else:
            self.changed.emit(path)

    def _browse(self) -> None:
        title = tr("Choose a text") if self.said is None else tr("Choose a table")
        chosen = self.line.text()
        last = Preferences().data_folder
        start = (
            chosen if Path(chosen).is_file() else first_folder(Path(chosen).parent if chosen else "", last)
        )
        path, _ = QFileDialog.getOpenFileName(self, title, start)
        if path:
            Preferences().data_folder = str(Path(path).absolute().parent)
            self.take(path)

    def _look(self) -> None:
        if self.said is not None:
            self._open_dialog(self.line.text(), self.said)

    def _open_dialog(self, path: str, said: TableFormat) -> None:
        dialog = TableDialog(self, Path(path), said, self.kit.theme)
        dialog.accepted.connect(self._use_table)
        dialog.finished.connect(self._asked)
        self._asking = True
        dialog.open()

    def _asked(self) -> None:
        """Close the question; a path that was typed but not used becomes the one before again."""
        self._asking = False
        self.show_value(self.value)

    def _use_table(self) -> None:
        dialog = self.sender()
        assert isinstance(dialog, TableDialog)
        self.changed_together.emit({self.field.name: str(dialog.path), TABLE: dialog.said})
