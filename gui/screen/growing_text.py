"""Plain text that is painted directly, because it may change sixty times a second."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.language import tr
from gui.look.theme import Theme

WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
LEAST = 60  # the least width of a line in pixels


class GrowingText(QWidget):
    """A few lines of text whose height never shrinks at the same width, so that nothing below them jumps."""

    def __init__(
        self, theme: Theme, px: int, upright: Qt.AlignmentFlag, margins: tuple[int, int] = (0, 0)
    ) -> None:
        """`px` is the size of the letters, `upright` their vertical alignment; `margins`: at the sides,
        above.
        """
        super().__init__()
        self._theme, self._text, self._height = theme, "", 0
        self._flags, self._margins = WRAPPED | upright, margins
        self._font = theme.font(px)  # kept here, because a style sheet overrides the font of a widget
        self.setSizePolicy(QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed))

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text

    @property
    def _bound(self) -> str:
        """Return the text, changed so that no line begins with a per cent sign."""
        return self._text.replace(" %", "\u00a0%")

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._grow()
            self.update()

    def forget_height(self) -> None:
        """Forget the height that earlier texts needed."""
        self._height = 0
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the greatest height that was needed so far."""
        return QSize(0, self._height)

    def _least(self) -> int:
        """Return the height without any text."""
        return 0

    def _rows(self, count: int) -> int:
        """Return the height of so many lines of the language in force; those of Chinese are higher."""
        return self._height_of("\n".join([tr("step")] * count))

    def _height_of(self, text: str) -> int:
        """Return the height of a text in the present width."""
        area = QRect(0, 0, max(self.width() - 2 * self._margins[0], LEAST), 10_000)
        return QFontMetrics(self._font).boundingRect(area, WRAPPED, text).height() if text else 0

    def _grow(self) -> None:
        least = 0 if self._height else self._least()  # a height that is kept already has the least
        height = max(self._height_of(self._bound), least) + 2 * self._margins[1]
        if height > self._height:
            self._height = height
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure again in the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._height = 0
            self._grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text."""
        side, above = self._margins
        with QPainter(self) as painter:
            painter.setFont(self._font)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(self.rect().adjusted(side, above, -side, -above), self._flags, self._bound)
