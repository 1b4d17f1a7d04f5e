"""Undo and Redo of a window: two actions that name what they take back and do again."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from gui.app.undo import History
from gui.form.line_undo import LineUndo
from gui.look.language import tr


class UndoActions(QObject):
    """The actions of a history, and what watches the keys on their way to them."""

    def __init__(self, history: History, application: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self.history = history
        self.undo, self.redo = QAction(self), QAction(self)
        self.undo.setShortcut(QKeySequence("Ctrl+Z"))
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._lines = LineUndo(self)
        application.focusChanged.connect(history.watch_focus)
        application.focusChanged.connect(self._lines.watch_focus)

    def name(self, here: str) -> None:
        """Name in the menu what can be taken back and done again; `here` is the experiment on the screen."""
        undone, redone = self.history.text(True, here), self.history.text(False, here)
        for action, step, words, named in (
            (self.undo, undone, tr("Undo"), tr("Undo: {step}", step=undone)),
            (self.redo, redone, tr("Redo"), tr("Redo: {step}", step=redone)),
        ):
            action.setText((named if step else words).replace("&", "&&"))
            action.setData(words)
            action.setEnabled(bool(step))
