"""The base of buttons at the timeline: painted by hand, with a context menu."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractButton, QMenu


class TimelineButton(QAbstractButton):
    """Base of the marks of changes and the rows of branches."""

    def menu(self) -> QMenu:
        """Return its menu."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Paint again when the mouse enters or leaves."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu: at the mouse, or below the button if it was opened by key."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu.popup(self.mapToGlobal(QPoint(0, self.height())) if keyboard else event.globalPos())
