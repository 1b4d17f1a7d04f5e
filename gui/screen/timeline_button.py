"""What can be pressed at the timeline: a button that is painted by hand, with a menu of what it can do."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractButton, QMenu


class TimelineButton(QAbstractButton):
    """Base of the marks of changes and the rows of branches."""

    def menu(self) -> QMenu:
        """What can be done with it."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Look otherwise under the mouse."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu: at the mouse, or below the button where a key asks for it."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu.popup(self.mapToGlobal(QPoint(0, self.height())) if keyboard else event.globalPos())
