"""The editor of a setting of one of several kinds, such as an optimizer; and the choice of the kind."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from gui.form.base import Editor, Kit, order_tabs
from gui.form.field import Field, structs_in, tag_of
from gui.form.rows import Rows
from gui.look.combo import Combo
from gui.look.language import tr
from gui.look.theme import Theme

Kind = type[msgspec.Struct]
INSET = 10  # pixels by which the fields of a kind stand further in
FAMILIES = {
    "plain": "Plain descent",
    "momentum": "Momentum",
    "per-coordinate": "A step for each coordinate",
    "adam": "Adam and its relatives",
    "second order": "Second order",
    "matrix": "Weight matrices",
}


def title_of(kind: Kind) -> str:
    """Return the translated title of a kind, or its tag."""
    return tr(getattr(kind, "title", tag_of(kind)))


def families(kinds: Sequence[Kind]) -> Iterator[tuple[str, list[Kind]]]:
    """Group kinds by their family, in the order of the table; the name of a family is translated."""
    for family, members in groupby(kinds, lambda kind: getattr(kind, "family", "")):
        yield tr(FAMILIES.get(family, family)), list(members)


class Kinds:
    """The kinds that there are to choose from, as the entries of combo boxes, with the families as headings.

    The boxes of one form share the entries and their measured width, because measuring a hundred entries
    for five racers would be slow. They live as long as the last box.
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds, self.widths = kinds, dict[str, int]()
        self.model = QStandardItemModel()
        for family, members in families(kinds):
            if family:
                heading = QStandardItem(family)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.model.appendRow(heading)
            for kind in members:
                entry = QStandardItem(title_of(kind))
                entry.setData(tag_of(kind), Qt.ItemDataRole.UserRole)
                entry.setData(tr(getattr(kind, "meaning", "")), Qt.ItemDataRole.ToolTipRole)
                self.model.appendRow(entry)


class KindBox(Combo):
    """A combo box of kinds. `chosen` carries the kind."""

    chosen = Signal(object)

    def __init__(self, entries: Kinds, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(narrow=True, parent=parent)
        self.setMinimumWidth(theme.px(90))  # its text is cut with an ellipsis where it must be
        self._entries, self._wide = entries, entries.widths
        self.setModel(entries.model)
        by_tag = {tag_of(kind): kind for kind in entries.kinds}
        self.activated.connect(lambda index: self.chosen.emit(by_tag[self.itemData(index)]))

    def show_kind(self, value: msgspec.Struct) -> None:
        """Show the kind of a value."""
        self.setCurrentIndex(self.findData(tag_of(value)))
        self.setToolTip(tr(getattr(type(value), "meaning", "")))


class KindEditor(Editor):
    """One value that is of one of several kinds: its kind, and under it its own fields."""

    keeps_refused = False

    def __init__(self, field: Field, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(field, kit, parent)
        self.kind = KindBox(Kinds(structs_in(field.type)), kit.theme, self)
        self.kind.chosen.connect(self._choose)
        self.place(self.kind)
        self.rows: Rows | None = None

    def _choose(self, kind: Kind) -> None:
        self.changed.emit(self.fresh(kind))

    def fresh(self, kind: Kind) -> msgspec.Struct:
        """Return the value for a kind that has just been chosen."""
        return kind()

    def show_value(self, value: msgspec.Struct) -> None:
        """Show a value; new rows are made only when the kind has changed."""
        self.kind.show_kind(value)
        if self.rows is not None and type(self.rows.config) is type(value):
            self.rows.set_config(value)
            return
        discard(self.rows)
        self.rows = Rows(value, self.kit.inset(INSET), parent=self)
        self.rows.setContentsMargins(self.kit.theme.px(INSET), self.kit.theme.px(8), 0, 0)
        self.rows.edited.connect(self.changed)
        self.below(self.rows)
        order_tabs(self)

    def inner(self, names: Sequence[str]) -> Editor | None:
        if not names:
            return self
        editor = self.rows.made.get(names[0]) if self.rows is not None else None
        return editor.inner(names[1:]) if editor is not None else None

    def revealed(self, names: Sequence[str]) -> Editor:
        return (self.rows.revealed(names) if self.rows is not None and names else None) or self

    def see_record(self, record: msgspec.Struct) -> None:
        """Pass the record that contains this value on to the fields that need it (`looks_around`)."""
        if self.rows is not None:
            self.rows.see_around(record)


def discard(widget: Any) -> None:
    """Hide a widget now, and delete it once its signals have been handled."""
    if widget is not None:
        widget.hide()
        widget.setParent(None)
        widget.deleteLater()
