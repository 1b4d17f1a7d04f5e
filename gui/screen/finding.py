"""The sentence over the plots: what is found at this moment, in live numbers."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import Theme

Tell = Callable[..., str]  # a function of a module, of the moment (and of an answer): the sentence
MEASURED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
FLAGS = MEASURED | Qt.AlignmentFlag.AlignVCenter
SIZE = 15  # pixels of its letters at the ordinary size of text
ROOMY = 900  # width, in such pixels, above which one line is enough room to begin with


class Finding(QWidget):
    """One sentence in plain text. Its height only grows while it is as wide: nothing below it jumps."""

    def __init__(self, theme: Theme, tell: Tell) -> None:
        super().__init__()
        self.tell = tell
        self._theme, self._text, self._height = theme, "", 0
        self._wide = True  # as long as nobody knows how wide it is
        self.setFont(theme.font(theme.px(SIZE)))
        self.setSizePolicy(QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed))
        self._grow()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text

    def set_text(self, text: str) -> None:
        """Say something else."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._grow()
            self.update()

    def be_as_high_as(self, other: "Finding") -> None:
        """Have the room that the sentence of a like page has needed so far, so that the plots stand alike."""
        if other.width() == self.width() and other._height > self._height:
            self._height = other._height
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The height that the sentence has needed so far."""
        return QSize(0, self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _area(self) -> QRect:
        side, above = self._theme.px(12), self._theme.px(6)
        return self.rect().adjusted(side, above, -side, -above)

    def _grow(self) -> None:
        lines = 1 if self._wide or self.width() >= self._theme.px(ROOMY) else 2
        room = QRect(0, 0, max(self._area.width(), self._theme.px(200)), 10_000)
        words = self.fontMetrics().boundingRect(room, MEASURED, self._text)
        text = max(words.height(), lines * self.fontMetrics().lineSpacing())
        height = text + 2 * self._theme.px(6)
        if height > self._height:
            self._height = height
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again in the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._height, self._wide = 0, False
            self._grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sentence."""
        with QPainter(self) as painter:
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.text))
            painter.drawText(self._area, FLAGS, self._text)


def show_finding(line: Finding, at: Any, *answer: Any) -> None:
    """Say what is found at a moment: `View.fill` calls it."""
    line.set_text(line.tell(at, *answer))
