"""The sentence over the plots: the main result at this moment, with its present numbers."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from gui.look.theme import Theme
from gui.screen.growing_text import GrowingText

Tell = Callable[..., str]  # a function of a module: makes the sentence of a moment (and an answer)
SIZE = 15  # the size of its letters in pixels, at the ordinary size of text
ROOMY = 900  # width, in such pixels, above which one line is enough at first


class Finding(GrowingText):
    """One sentence in plain text."""

    def __init__(self, theme: Theme, tell: Tell) -> None:
        margins = theme.px(12), theme.px(2 if theme.presenting else 6)
        super().__init__(theme, theme.px(SIZE), Qt.AlignmentFlag.AlignVCenter, margins)
        self.tell = tell
        self._measured = False  # whether its width is known
        self._grow()

    def be_as_high_as(self, other: "Finding") -> None:
        """Take the height of the sentence of another view of the same page, so that the plots have equal
        places.
        """
        if other.width() == self.width() and other._height > self._height:
            self._height = other._height
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _least(self) -> int:
        narrow = self._measured and self.width() < self._theme.px(ROOMY)
        return self._rows(2 if narrow else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measured = True
        super().resizeEvent(event)


def show_finding(line: Finding, at: Any, *answer: Any) -> None:
    """Show the sentence for a moment; called by `View.fill`."""
    line.set_text(line.tell(at, *answer))
