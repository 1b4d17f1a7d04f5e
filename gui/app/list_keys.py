"""Lets the keys that go up and down choose a row of a list while one types in a line."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget

MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ListKeys(QObject):
    """Belongs to a line, and gives the keys to a list. Above the first row comes the last."""

    def __init__(self, line: QLineEdit, rows: QListWidget) -> None:
        super().__init__(line)
        self._list = rows
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            not isinstance(event, QKeyEvent)
            or event.type() != QEvent.Type.KeyPress
            or event.key() not in MOVES
        ):
            return False
        last, row = self._list.count() - 1, self._list.currentRow()
        if event.key() == Qt.Key.Key_Up and row <= 0:
            self._list.setCurrentRow(last)
        elif event.key() == Qt.Key.Key_Down and row == last:
            self._list.setCurrentRow(0)
        else:
            self._list.keyPressEvent(event)
        return True
