"""A window in which everything may be made anew: the old picture stands until the new one is drawn."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

COVERED = Qt.WidgetAttribute.WA_UpdatesDisabled


class CoveredWindow(QMainWindow):
    """A main window that gets another middle under cover."""

    def throw_away(self) -> None:
        """Delete what stands in the middle, at once."""
        old = self.centralWidget()
        if old is not None:
            old.deleteLater()
            QApplication.sendPostedEvents(old, QEvent.Type.DeferredDelete.value)

    def put(self, middle: QWidget, fill: Callable[[], None]) -> None:
        """Put a widget into the middle once it is filled; if `fill` raises, what is there stays."""
        self.setAttribute(COVERED, False)  # what is put into a covered window would be covered for good
        try:
            fill()
            self.setCentralWidget(middle)
        finally:
            if self.centralWidget() is not middle:
                middle.deleteLater()

    def cover(self) -> None:
        """Let the old picture stand until the new one is drawn; what is made from now on is free."""
        self.setAttribute(COVERED)
        middle = self.centralWidget()
        if middle is not None:
            middle.show()

    def uncover(self) -> None:
        """Paint what has been made anew: all of it, and once."""
        if self.testAttribute(COVERED):
            self.setUpdatesEnabled(True)  # of what was made under the cover too
            self.repaint()
