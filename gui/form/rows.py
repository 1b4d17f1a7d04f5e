"""The fields of one config, row by row; those that matter less are folded away under *More*."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.config import Problem, always, replaced
from engine.optimizers.schedules import ConstantRate
from gui.form.base import Editor, Kit, order_tabs
from gui.form.field import Field, fields_of
from gui.form.settings_text import value_text
from gui.look.fold import Fold
from gui.look.language import tr
from gui.look.seen import see

WITH_ANOTHER = {"table"}  # kinds of field that are edited beside another field: how a file is read


class Rows(QWidget):
    """The editors of one config. An edit replaces a field; if the new config is valid, `edited` carries it.

    A value that is refused stays in its editor with the reason under it, and the config does not change. It
    is tried again with the next edit, because that edit may make it valid.
    """

    edited = Signal(object)

    def __init__(
        self,
        config: msgspec.Struct,
        kit: Kit,
        names: Collection[str] | None = None,
        fold: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """Make rows for the fields `names`, or all; `fold` puts those that matter less under *More*.

        Every widget is made with its final parent: Qt computes the style again of a widget that gets another
        parent, and of everything in it, which is slow.
        """
        super().__init__(parent)
        self.config, self._kit = config, kit
        self._refused: dict[str, Any] = {}
        self._only: frozenset[str] = frozenset()  # the fields that are shown; all, if it is empty
        self._hidden: frozenset[str] = frozenset()
        self._restricted = False  # whether `restrict` was ever called
        self._around: msgspec.Struct | None = None  # the record that contains this one
        self.made: dict[str, Editor] = {}  # without those under *More*, until it is opened
        self.more: Fold | None = None
        fields = [
            field
            for field in fields_of(type(config))
            if (names is None or field.name in names) and field.kind not in WITH_ANOTHER
        ]
        self._folded = {field.name: field for field in fields if fold and field.more}
        self._under: QWidget | None = None  # holds the rows under *More*
        self._column = _column(self, kit)
        for field in fields:
            if field.name not in self._folded:
                self._column.addWidget(self._editor(field, self))
        if self._folded:
            self._add_fold()
        self._show(config, self.made)

    @property
    def editors(self) -> Mapping[str, Editor]:
        """All editors, by the names of their fields."""
        self._make_folded()
        return self.made

    def _add_fold(self) -> None:
        self.more = Fold(tr("More"), "more", self._kit.theme, self)
        self.more.setToolTip(tr("Show or hide the settings that matter less"))
        self.more.toggled.connect(self._unfold)
        self._column.addWidget(self.more)

    def _unfold(self, on: bool) -> None:
        self._make_folded()
        if self._under is not None:
            self._under.setVisible(on)

    def _make_folded(self) -> None:
        """Make the rows under *More*, when it is opened for the first time."""
        if not self._folded or self._under is not None:
            return
        self._under = QWidget(self)
        rows = _column(self._under, self._kit)
        for field in self._folded.values():
            rows.addWidget(self._editor(field, self._under))
        self._under.hide()
        self._column.addWidget(self._under)
        self._show(self.config, self._folded)
        self.see_around(self._around)
        order_tabs(self)

    def see_around(self, record: msgspec.Struct | None) -> None:
        """Pass the record that contains this one on to the fields that need it (`looks_around`)."""
        self._around = record
        for editor in self.made.values():
            if editor.looks_around and record is not None:
                editor.see_record(record)

    def _editor(self, field: Field, parent: QWidget) -> Editor:
        editor = self._kit.editors[field.kind](field, self._kit, parent)
        editor.changed.connect(lambda value, name=field.name: self._edit(name, value))
        editor.changed_together.connect(lambda changes, name=field.name: self._take(name, changes))
        self.made[field.name] = editor
        return editor

    def set_config(self, config: msgspec.Struct) -> None:
        """Show a config of the same type without a signal. Only what differs is touched."""
        changed = {name for name in self.made if getattr(config, name) != getattr(self.config, name)}
        self.config = config
        self._show(config, changed)

    def _show(self, config: msgspec.Struct, names: Collection[str]) -> None:
        for name in names:
            self._refused.pop(name, None)
            if name in self.made:
                self.made[name].set_value(getattr(config, name))
        for editor in self.made.values():
            editor.see_record(config)
            if editor.field.when is not always or self._restricted:
                see(editor, self._is_there(editor.field, config))
        if self.more is not None:  # without rows under it, *More* would have no effect
            see(self.more, any(self._is_there(field, config) for field in self._folded.values()))
            self.more.setText(": ".join([tr("More"), *self._told_of_folded(config)]))

    def _is_there(self, field: Field, config: msgspec.Struct) -> bool:
        shown = not self._only or field.name in self._only
        return shown and field.name not in self._hidden and field.when(config)

    def restrict(self, only: Collection[str], locked: Collection[str], hidden: Collection[str]) -> None:
        """Show only some fields (all, if none are named), lock some, and hide some."""
        self._only, self._hidden, self._restricted = frozenset(only), frozenset(hidden), True
        self._show(self.config, ())
        for name, editor in self.editors.items():
            editor.setEnabled(name not in locked)

    def revealed(self, names: Sequence[str]) -> Editor | None:
        """The editor at the end of a way, once all it is folded into is open; None where it is not shown."""
        editor = self.editors.get(names[0])
        if editor is None or not self._is_there(editor.field, self.config):
            return None
        if names[0] in self._folded and self.more is not None:
            self.more.setChecked(True)
        return editor.revealed(names[1:])

    def _told_of_folded(self, config: msgspec.Struct) -> Iterator[str]:
        """Yield names of settings under *More* that change the run much: a schedule that is in use."""
        for field in self._folded.values():
            value = getattr(config, field.name)
            if field.kind == "schedule" and not value.constant:
                yield tr("Warm-up steps") if isinstance(value, ConstantRate) else value_text(value)

    def _edit(self, name: str, value: Any) -> None:
        """Take a new value, if the config allows it, together with values that were refused before."""
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
            if self.made[name].keeps_refused:
                self._refused |= wanted
                self.made[name].invalid = True
            self.show_problem(problem, name)
        else:
            self._accept(config, changes)

    def _accept(self, config: msgspec.Struct, names: Collection[str]) -> None:
        before, self.config = self.config, config
        self._show(config, names)
        for editor in self.made.values():
            if not editor.invalid:
                editor.show_problem(None)
        if config != before:
            self.edited.emit(config)

    def show_problem(self, problem: Problem, name: str = "") -> None:
        """Show what is wrong under the field that the problem names, else under the one that was edited."""
        place = problem.where.split(".")[0].split("[")[0]
        editors = self.editors
        editors[place if place in editors else name or next(iter(editors))].show_problem(problem)


def _column(parent: QWidget, kit: Kit) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(kit.theme.px(10))
    return column
