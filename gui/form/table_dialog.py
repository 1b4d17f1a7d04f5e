"""The dialog in which a user's table is read: everything is guessed and shown, and can be changed."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.config import Problem, replaced
from engine.data.csv_data import Sample, head_of_table, sample
from engine.data.table_format import SEPARATORS, TableFormat
from engine.data.user_files import ENCODINGS
from gui.form.field import Field, fields_of
from gui.form.table_preview import PreviewModel, in_words
from gui.look.combo import Combo
from gui.look.language import problem_text, tr
from gui.look.plain import plain_name
from gui.look.theme import Theme

FITTED = 40  # columns up to which each is as wide as its cells
ACROSS = 3  # combo boxes in a row


class TableDialog(QDialog):
    """Shows the first rows of a table as it is read now; `said` holds what the user has chosen."""

    def __init__(self, parent: QWidget, path: Path, said: TableFormat, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.path, self.said, self.theme = path, said, theme
        self.setWindowTitle(tr("Read the table {name}", name=plain_name(path.name, 40)))
        self.sample: Sample | None = None
        self._head: tuple[bytes, bool] | None = None
        self.combos = {field.name: Combo() for field in fields_of(TableFormat) if field.name != "left_out"}
        self.model = PreviewModel(theme)
        self.table = QTableView()
        self.words, self.error = QLabel(), QLabel()
        self._lay_out()
        self._connect()
        self._open()

    def _lay_out(self) -> None:
        px = self.theme.px
        column = QVBoxLayout(self)
        column.setSpacing(px(8))
        column.addLayout(self._choices())
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("First rows"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(px(24))
        self.table.horizontalHeader().setDefaultSectionSize(px(96))
        line = self.theme.hairline
        self.table.setStyleSheet(f"QTableView {{ gridline-color: {line}; border: 1px solid {line}; }}")
        column.addWidget(self.table, 1)
        for label in (self.words, self.error):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        self.error.setStyleSheet(f"color: {self.theme.error};")
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.use = self.buttons.button(standard.Ok)
        self.use.setText(tr("Use this table"))
        self.guess = self.buttons.addButton(tr("Guess again"), QDialogButtonBox.ButtonRole.ResetRole)
        self.guess.setToolTip(tr("Forget every choice, and read the table as it looks."))
        column.addWidget(self.buttons)
        room = self.screen().availableGeometry()
        self.resize(min(px(760), room.width() - px(40)), min(px(560), room.height() - px(60)))

    def _choices(self) -> QGridLayout:
        """Return the combo boxes, each under its title."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.theme.px(16))
        fields = {field.name: field for field in fields_of(TableFormat)}
        for place, (name, combo) in enumerate(self.combos.items()):
            row, across = divmod(place, ACROSS)
            title = QLabel(tr(fields[name].title))
            title.setBuddy(combo)
            combo.setAccessibleName(tr(fields[name].title))
            combo.setToolTip(tr(fields[name].meaning))
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(18)
            self._fill(combo, fields[name])
            grid.addWidget(title, 2 * row, across)
            grid.addWidget(combo, 2 * row + 1, across)
            grid.setColumnStretch(across, 1)
        return grid

    def _fill(self, combo: QComboBox, field: Field) -> None:
        for value, title in field.choices.items():
            combo.addItem(tr(title), value)

    def _connect(self) -> None:
        for name, combo in self.combos.items():
            combo.setProperty("field", name)
            combo.activated.connect(self._choose)
        self.model.ticked.connect(self._tick)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.guess.clicked.connect(self._guess)

    # What the user chooses

    def _choose(self) -> None:
        """Read the table again after a choice; with another label, other columns are features."""
        combo = self.sender()
        assert isinstance(combo, QComboBox)
        changes: dict[str, Any] = {combo.property("field"): combo.currentData()}
        if combo.property("field") != "pictures":
            changes["left_out"] = None
        if combo.property("field") in ("encoding", "separator"):
            changes["label"] = 0  # the table has other columns now
        self._say(replaced(self.said, **changes))

    def _tick(self, column: int, feature: bool) -> None:
        """Make a column a feature, or leave it out."""
        assert self.sample is not None
        left_out = {place + 1 for place, _ in self.sample.look.layout.left_out}
        changed = left_out - {column + 1} if feature else left_out | {column + 1}
        self._say(replaced(self.said, left_out=tuple(sorted(changed))))

    def _guess(self) -> None:
        self._say(TableFormat())

    def _say(self, said: TableFormat) -> None:
        self.said = said
        self._read()

    # What is shown

    def _open(self) -> None:
        """Read the first part of the file, once."""
        try:
            self._head = head_of_table(self.path)
        except Problem as problem:
            self._show(None, problem)
        else:
            self._read()

    def _read(self) -> None:
        """Read rows and columns from the first part of the file, as the user has chosen."""
        if self._head is None:
            return
        try:
            found = sample(self._head[0], self.said, self._head[1])
        except Problem as problem:
            self._show(self.sample, problem)
        else:
            self._show(found, found.problem)

    def _show(self, found: Sample | None, problem: Problem | None) -> None:
        """Show the table as it was read; if it cannot be read, keep the last rows and say why."""
        columns = self.model.columnCount()
        self.sample = found
        self.model.show_sample(found)
        if found is not None and self.model.columnCount() != columns:
            self._fit()
        self.words.setText(in_words(found) if found is not None and problem is None else "")
        self.words.setVisible(bool(self.words.text()))
        self.error.setText(problem_text(problem) if problem is not None else "")
        self.error.setVisible(problem is not None)
        self.use.setEnabled(problem is None)
        self._show_choices()

    def _fit(self) -> None:
        """Make each column as wide as its cells; if there are many columns, give all the same width."""
        if self.model.columnCount() <= FITTED:
            self.table.resizeColumnsToContents()
        else:
            self.table.horizontalHeader().resetDefaultSectionSize()
            self.table.horizontalHeader().setDefaultSectionSize(self.theme.px(96))

    def _show_choices(self) -> None:
        """Set the combo boxes to what is chosen; *Automatic* also says what was guessed."""
        self._offer_labels()
        for name, combo in self.combos.items():
            combo.setCurrentIndex(max(0, combo.findData(getattr(self.said, name))))
            guessed = self._guessed(name)
            words = tr("Automatic: {what}", what=guessed) if guessed else tr("Automatic")
            if combo.count():
                combo.setItemText(0, words)

    def _offer_labels(self) -> None:
        """Offer every column as the label."""
        combo = self.combos["label"]
        names = self.sample.look.layout.names if self.sample is not None else ()
        wanted = [plain_name(name, 30) or tr("column {number}", number=k) for k, name in enumerate(names, 1)]
        if [combo.itemText(k) for k in range(1, combo.count())] != wanted:
            combo.clear()
            combo.addItem(tr("Automatic"), 0)
            for number, name in enumerate(wanted, start=1):
                combo.addItem(name, number)

    def _guessed(self, name: str) -> str:
        """Return what was guessed for a choice that is *Automatic*."""
        if self.sample is None:
            return ""
        layout = self.sample.look.layout
        if name == "label":
            return plain_name(layout.names[layout.label], 20)
        encoding = layout.encoding.removesuffix("-sig")
        return {
            "encoding": tr(ENCODINGS.get(encoding, encoding.upper())),
            "separator": tr(SEPARATORS.get(layout.separator, layout.separator)),
            "decimal": tr("Point: 1.5") if layout.decimal == "." else tr("Comma: 1,5"),
            "header": tr("Column names") if layout.header else tr("Already an example"),
            "pictures": tr("Square pictures") if layout.side else tr("Numbers"),
        }[name]
