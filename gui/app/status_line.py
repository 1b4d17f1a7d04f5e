"""A line that says what has just been done: saved, copied, exported to … It is empty again after a while.

It stands in the row of the tabs, where it takes no height from the plots.
"""

from html import escape

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.look.plain import plain_name

STAYS = 6000  # ms: long enough to read a path
MOST = 1000  # characters
ASIDE = 12  # pixels to the edge of the window, and to what stands before the line


class StatusLine(QLabel):
    """One line of plain text at the right; a long path loses its middle, and is whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setIndent(ASIDE)  # the margins of the contents are lost when the style is set anew
        self.words = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self.clear)

    def say(self, words: str) -> None:
        """Show some words for a while, in place of those before, and tell them to a screen reader."""
        self.words = plain_name(words, MOST)
        self.setToolTip(escape(self.words))
        self._fit()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.words))

    def clear(self) -> None:
        """Empty the line."""
        self.words = ""
        self.setToolTip("")
        super().clear()

    def _fit(self) -> None:
        """Shorten the text to the width of the line."""
        room = self.width() - 2 * ASIDE
        self.setText(self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
