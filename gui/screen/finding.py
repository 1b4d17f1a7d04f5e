"""The sentence over the plots: what is found at this moment, in live numbers."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from gui.look.theme import Theme
from gui.screen.growing_text import GrowingText

Tell = Callable[..., str]  # a function of a module, of the moment (and of an answer): the sentence
SIZE = 15  # pixels of its letters at the ordinary size of text
ROOMY = 900  # width, in such pixels, above which one line is enough room to begin with


class Finding(GrowingText):
    """One sentence in plain text."""

    def __init__(self, theme: Theme, tell: Tell) -> None:
        margins = theme.px(12), theme.px(2 if theme.presenting else 6)
        super().__init__(theme, theme.px(SIZE), Qt.AlignmentFlag.AlignVCenter, margins)
        self.tell = tell
        self._measured = False  # whether it is known how wide it is
        self._grow()

    def be_as_high_as(self, other: "Finding") -> None:
        """Have the room that the sentence of a like page has needed so far, so that the plots stand alike."""
        if other.width() == self.width() and other._height > self._height:
            self._height = other._height
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _least(self) -> int:
        narrow = self._measured and self.width() < self._theme.px(ROOMY)
        return self._height_of("X\nX" if narrow else "X")

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measured = True
        super().resizeEvent(event)


def show_finding(line: Finding, at: Any, *answer: Any) -> None:
    """Say what is found at a moment: `View.fill` calls it."""
    line.set_text(line.tell(at, *answer))
