"""A line edit for texts and for numbers."""

from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit


class WritingLine(QLineEdit):
    """Accepts dropped text, but leaves dropped files to the window, which opens them."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not _left_to_window(event):
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not _left_to_window(event):
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not _left_to_window(event):
            super().dropEvent(event)


def _left_to_window(event: QDropEvent) -> bool:
    """Whether files are dragged: not `file:///…` as a text is meant by that."""
    if event.mimeData().hasUrls():
        event.ignore()
        return True
    return False
