"""Ctrl+Z in a line edit: it first undoes what was typed and not entered, then the steps of the window.

Qt's line edit would take these keys for itself, even if it has nothing to undo.
"""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from gui.form.base import Editor
from gui.form.numeric import NumberBox

KEYS = tuple(QKeySequence(keys) for keys in ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y"))

LINES = (QLineEdit, QAbstractSpinBox)


class LineUndo(QObject):
    """Decides who handles Ctrl+Z and Ctrl+Shift+Z while a line edit has the focus."""

    def watch_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Filter the keys of the line edit that has the focus now."""
        if isinstance(new, LINES):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the keys to the line, to its editor or to the window."""
        if not (isinstance(watched, LINES) and isinstance(event, QKeyEvent) and _steps(event)):
            return False
        if isinstance(watched, NumberBox) and watched.pending:
            return False
        asked, editor = event.type() == QEvent.Type.ShortcutOverride, _editor_of(watched)
        if editor is None or not editor.invalid:
            event.setAccepted(not asked)  # left to the window's shortcut; the key itself does nothing here
        elif asked:
            event.accept()
        else:
            editor.restore()
        return True


def _steps(event: QKeyEvent) -> bool:
    """Whether these are the keys of *Undo* or *Redo*."""
    if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        return False
    return QKeySequence(event.keyCombination()) in KEYS


def _editor_of(line: QWidget) -> Editor | None:
    above: QWidget | None = line
    while above is not None and not isinstance(above, Editor):
        above = above.parentWidget()
    return above
