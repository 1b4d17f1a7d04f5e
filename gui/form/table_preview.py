"""The first rows of a table, the use of each column above them, and a summary in words."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from engine.data.csv_data import Sample
from engine.data.table_format import TableLayout, is_missing, number_in
from engine.data.table_rows import Row
from gui.look.language import series, tr
from gui.look.plain import plain_name
from gui.look.theme import Theme

ROWS = 12
LONGEST = 24  # characters of a cell
LISTED = 10  # names in a sentence
WHY = {
    "text": "words, not numbers",
    "empty": "empty",
    "counter": "only counts the rows",
    "chosen": "left out",
}

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
TOP = QModelIndex()  # what a table's cells are below, in the terms of a tree


class PreviewModel(QAbstractTableModel):
    """The use of each column, with a check box, and under it the cells of the first rows."""

    ticked = Signal(int, bool)  # a column is to be a feature, or not

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sample: Sample | None = None
        self._why: dict[int, str] = {}

    def show_sample(self, sample: Sample | None) -> None:
        """Show the table as it was read now; None shows no rows."""
        self.beginResetModel()
        self._sample = sample
        self._why = dict(sample.look.layout.left_out) if sample is not None else {}
        self.endResetModel()

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are shown."""
        return self._sample.look.rows[:ROWS] if self._sample is not None else []

    def rowCount(self, parent: Index = TOP) -> int:
        """Return the number of rows: one for the uses, and those of the table."""
        return 0 if parent.isValid() or self._sample is None else 1 + len(self.rows)

    def columnCount(self, parent: Index = TOP) -> int:
        """Return the number of columns of the table."""
        return 0 if parent.isValid() or self._sample is None else len(self._sample.look.layout.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the name of a column or the number of a line."""
        if role != Role.DisplayRole or self._sample is None:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return plain_name(self._sample.look.layout.names[section], LONGEST)
        return tr("use") if section == 0 else str(self.rows[section - 1][0])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every use be ticked, except that of the label."""
        if index.row() or self._is_label(index.column()):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return the text of a cell, its colour, or whether it is ticked."""
        column = index.column()
        if role == Role.DisplayRole:
            return self._use(column) if index.row() == 0 else self._cell(index)
        if role == Role.CheckStateRole and index.row() == 0 and not self._is_label(column):
            return Qt.CheckState.Unchecked if column in self._why else Qt.CheckState.Checked
        if role == Role.ForegroundRole:
            return QColor(self._colour(index))
        if role == Role.FontRole and self._is_label(column):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Report that a use was ticked; the table is then read again."""
        if role != Role.CheckStateRole or index.row() or self._is_label(index.column()):
            return False
        self.ticked.emit(index.column(), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def _is_label(self, column: int) -> bool:
        return self._sample is not None and self._sample.look.layout.label == column

    def _use(self, column: int) -> str:
        if self._is_label(column):
            return tr("label")
        return tr(WHY[self._why[column]]) if column in self._why else tr("feature")

    def _text(self, index: Index) -> str:
        cells = self.rows[index.row() - 1][1]
        return cells[index.column()] if index.column() < len(cells) else ""

    def _cell(self, index: Index) -> str:
        return plain_name(self._text(index), LONGEST)

    def _colour(self, index: Index) -> str:
        """Return the colour of a cell: quiet if left out or missing, red if it should be a number."""
        assert self._sample is not None
        theme, column = self._theme, index.column()
        if self._is_label(column):
            return theme.accent
        if column in self._why:
            return theme.quiet
        if index.row() == 0:
            return theme.text
        text = self._text(index)
        if is_missing(text):
            return theme.quiet
        return theme.error if number_in(text, self._sample.look.layout.decimal) is None else theme.text


def in_words(sample: Sample) -> str:
    """Describe the data that would be used: rows, features, classes, each in one line."""
    layout, whole = sample.look.layout, sample.look.whole
    features = [_named(layout, k) for k in layout.features]
    lines = [
        tr("{count} examples", count=sample.examples)
        if whole
        else tr("{count} examples at the beginning of the file", count=sample.examples),
        tr("{count} features: {names}", count=len(features), names=listed(features)),
        tr(
            "{count} classes in column {name}: {classes}",
            count=len(sample.classes),
            name=quoted(_named(layout, layout.label)),
            classes=listed(sample.classes),
        ),
    ]
    if layout.side:
        lines[1] = tr(
            "{count} features, shown as pictures of {side} × {side} pixels",
            count=len(features),
            side=layout.side,
        )
    if sample.missing:
        lines.append(tr("Lines with a missing value, left out: {count}", count=sample.missing))
    if layout.left_out:
        lines.append(tr("Left out: {names}", names=left_out_in_words(layout)))
    return "\n".join(lines)


def left_out_in_words(layout: TableLayout) -> str:
    """Name the columns that are not features, and say why."""
    named = [
        tr("{name} ({why})", name=quoted(_named(layout, column)), why=tr(WHY[why]))
        if why != "chosen"
        else quoted(_named(layout, column))
        for column, why in layout.left_out
    ]
    return series([*named[:LISTED], *(["…"] if len(named) > LISTED else [])])


def _named(layout: TableLayout, column: int) -> str:
    """Return the name of a column; without a name, its place."""
    return layout.names[column] or tr("column {number}", number=column + 1)


def listed(names: Sequence[str]) -> str:
    """Return the first few names, in one text."""
    shown = [plain_name(name, LONGEST) for name in names[:LISTED]]
    return series([*shown, *(["…"] if len(names) > LISTED else [])])


def quoted(name: str) -> str:
    """Return a name in quotes, shortened."""
    return f"“{plain_name(name, LONGEST)}”"
