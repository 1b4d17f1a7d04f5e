"""The fields of one config, row by row; those that matter less are folded away under *More*."""

from collections.abc import Collection
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config import Problem, always, replaced
from gui.form.base import Editor, Kit
from gui.form.field import Field, fields_of
from gui.look.fold import Fold
from gui.look.language import tr

WITH_ANOTHER = {"table"}  # kinds of field that are edited beside another field: how a file is read


class Rows(QWidget):
    """Edits one config: an edit replaces a field, is checked, and is then `edited`.

    A value that is refused stays in its editor with the reason under it, and the config stays. It is
    tried again with the next edit, which may be what it was waiting for.
    """

    edited = Signal(object)

    def __init__(
        self, config: msgspec.Struct, kit: Kit, names: Collection[str] | None = None, fold: bool = True,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """Make rows for the fields `names`, or all; `fold` puts those that matter less under *More*.

        Everything is made in its place: Qt tells a widget that is moved, and all in it, of its style anew.
        """
        super().__init__(parent)
        self.config = config
        self._refused: dict[str, Any] = {}
        self.editors: dict[str, Editor] = {}
        self.more: Fold | None = None
        self._folded: list[str] = []
        fields = [
            field
            for field in fields_of(type(config))
            if (names is None or field.name in names) and field.kind not in WITH_ANOTHER
        ]
        column = _column(self, kit)
        for field in fields:
            if not (fold and field.more):
                column.addWidget(self._editor(field, kit, self))
        folded = [field for field in fields if fold and field.more]
        if folded:
            self._fold(column, folded, kit)
        self._show(config, self.editors)

    def _fold(self, column: QVBoxLayout, fields: list[Field], kit: Kit) -> None:
        self.more = Fold(tr("More"), "more", kit.theme)
        self.more.setToolTip(tr("Show or hide the settings that matter less"))
        folded = QWidget(self)
        rows = _column(folded, kit)
        for field in fields:
            rows.addWidget(self._editor(field, kit, folded))
        folded.hide()
        self._folded = [field.name for field in fields]
        self.more.toggled.connect(folded.setVisible)
        column.addWidget(self.more)
        column.addWidget(folded)

    def _editor(self, field: Field, kit: Kit, parent: QWidget) -> Editor:
        editor = kit.editors[field.kind](field, kit, parent)
        editor.changed.connect(lambda value, name=field.name: self._edit(name, value))
        editor.changed_together.connect(lambda changes, name=field.name: self._take(name, changes))
        self.editors[field.name] = editor
        return editor

    def set_config(self, config: msgspec.Struct) -> None:
        """Show a config of the same type without a signal. Only what differs is touched."""
        changed = {name for name in self.editors if getattr(config, name) != getattr(self.config, name)}
        self.config = config
        self._show(config, changed)

    def _show(self, config: msgspec.Struct, names: Collection[str]) -> None:
        for name in names:
            self._refused.pop(name, None)
            if name in self.editors:
                self.editors[name].set_value(getattr(config, name))
        for editor in self.editors.values():
            editor.see_record(config)
            if editor.field.when is not always:
                editor.setVisible(editor.field.when(config))
        if self.more is not None:  # a fold of nothing would be a control without effect
            self.more.setVisible(any(self.editors[name].field.when(config) for name in self._folded))

    def _edit(self, name: str, value: Any) -> None:
        """Take a new value, if the config allows it, along with those that were refused before."""
        self._take(name, {name: value})

    def _take(self, name: str, wanted: dict[str, Any]) -> None:
        """Take new values from the editor of a field."""
        try:
            changes = {**self._refused, **wanted}
            try:
                config = replaced(self.config, **changes)
            except Problem:
                changes = wanted
                config = replaced(self.config, **changes)
        except Problem as problem:
            if self.editors[name].keeps_refused:
                self._refused |= wanted
                self.editors[name].invalid = True
            self.show_problem(problem, name)
        else:
            self._accept(config, changes)

    def _accept(self, config: msgspec.Struct, names: Collection[str]) -> None:
        before, self.config = self.config, config
        self._show(config, names)
        for editor in self.editors.values():
            if not editor.invalid:
                editor.show_problem(None)
        if config != before:
            self.edited.emit(config)

    def show_problem(self, problem: Problem, name: str = "") -> None:
        """Show what is wrong beside the field that the problem names, or the one that was edited."""
        place = problem.where.split(".")[0].split("[")[0]
        first = next(iter(self.editors))
        self.editors[place if place in self.editors else name or first].show_problem(problem)


def _column(parent: QWidget, kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(kit.theme.px(10))
    return column
