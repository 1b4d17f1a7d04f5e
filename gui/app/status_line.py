"""A line that says what has just been done: saved, copied, exported to … It is empty again after a while.

It stands in the row of the tabs, where it takes no height from the plots. A lecture has no such row: there
it lies over the page for as long as it says something.
"""

from html import escape

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

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
        self._lift: int | None = None  # pixels under it, while it lies over a page
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self.clear)

    def join(self, row: QHBoxLayout) -> None:
        """Stand in a row of widgets."""
        self._lift = None
        self.setAutoFillBackground(False)
        row.addWidget(self, 1)
        self.show()
        self._fit()

    def lie_over(self, page: QWidget, lift: int) -> None:
        """Lie over a page, at its right, so many pixels above its lower edge."""
        self._lift = lift
        self.setAutoFillBackground(True)
        self.setParent(page)
        page.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the edge of the page."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

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
        self._fit()

    def _fit(self) -> None:
        """Shorten the text to the width of the line; over a page, the line is as wide as the text."""
        page = self.parentWidget()
        if self._lift is not None and page is not None:
            wide = self.fontMetrics().horizontalAdvance(self.words) + 2 * ASIDE
            high, width = 2 * self.fontMetrics().height(), min(wide, page.width())
            self.setGeometry(page.width() - width, page.height() - self._lift - high, width, high)
            self.setVisible(bool(self.words))
            self.raise_()
        room = self.width() - 2 * ASIDE
        self.setText(self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
