"""A pen for a lecture: the mouse draws lines over the page, which itself does not change."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.look.theme import Theme

WIDTH = 3.0  # pixels at the ordinary size of text


class Pen(QWidget):
    """A transparent sheet over a widget. While it is `on` the mouse draws on it; else it ignores the
    mouse.
    """

    def __init__(self, theme: Theme, below: QWidget) -> None:
        super().__init__(below)
        self.theme = theme
        self.lines: list[list[QPointF]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setGeometry(below.rect())
        below.installEventFilter(self)
        self.use(False)

    @property
    def on(self) -> bool:
        """Whether the mouse draws."""
        return not self.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def use(self, on: bool) -> None:
        """Let the mouse draw, or pass it on to the page below. The drawing stays."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not on)
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self.setVisible(on or bool(self.lines))
        self.raise_()

    def clear(self) -> None:
        """Remove all lines."""
        self.lines = []
        self.setVisible(self.on)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        elif event.type() == QEvent.Type.ChildAdded:
            self.raise_()  # a page that is made anew would lie over it
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.lines.append([event.position()])
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.lines:
            self.lines[-1].append(event.position())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = (self.theme.plot, 2.0), (self.theme.stroke("adam").colour, 1.0)  # seen on any ground
            for colour, share in colours:
                pen = QPen(QColor(colour), share * WIDTH * self.theme.scale)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.setPen(pen)
                for line in self.lines:
                    painter.drawPath(_path(line))


def _path(line: list[QPointF]) -> QPainterPath:
    path = QPainterPath(line[0])
    for place in line[1:] or [line[0] + QPointF(0.1, 0)]:
        path.lineTo(place)
    return path
