"""Paper to draw on with the mouse or the keys: strokes of a pen, which can be undone."""

from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.painting import CENTRE, clipped, hairline, put_text
from gui.plots.panel import Panel

Place = tuple[float, float]  # in sides of the paper, from its upper left corner
Strokes = tuple[tuple[Place, ...], ...]
NEAR = 0.012  # the least distance of two points of a stroke, in sides of the paper
KEY_STEP = 1 / 32  # the step of an arrow key, in sides of the paper
MOST_STROKES, MOST_POINTS = 60, 400  # the most strokes, and the most points of a stroke
MIDDLE = (0.5, 0.5)


class DrawingPad(Panel):
    """Strokes on a square; `drawn` carries all of them whenever one grows or one is removed.

    Keys: arrows move the pen, Enter puts it on the paper or lifts it, Backspace removes the last stroke,
    Delete all of them.
    """

    drawn = Signal(object)  # the strokes

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.strokes: Strokes = ()
        self.pen = 0.12  # width, in sides of the paper
        self._at = MIDDLE  # the place of the pen, for the keys
        self._down = False  # whether it is on the paper: by the mouse, or by Enter
        self._by_key = False  # whether it was last moved by a key, so that it is drawn

    def set_drawing(self, strokes: Sequence[Sequence[Place]], pen: float) -> None:
        """Show strokes, and set the width of the pen."""
        self.strokes, self.pen = tuple(tuple(stroke) for stroke in strokes), pen
        self._down = self._down and bool(self.strokes)
        self.update()

    def table(self) -> Columns:
        """Return a row for each point: the number of its stroke, x and y."""
        points = [(k + 1, *point) for k, stroke in enumerate(self.strokes) for point in stroke]
        columns = list(zip(*points, strict=True)) or [(), (), ()]
        return list(zip((tr("stroke"), "x", "y"), columns, strict=True))

    # What is drawn

    def take_back(self) -> None:
        """Remove the last stroke."""
        if self.strokes:
            self._tell(self.strokes[:-1])

    def wipe(self) -> None:
        """Remove all strokes."""
        if self.strokes:
            self._tell(())

    def _tell(self, strokes: Strokes) -> None:
        self.strokes = strokes
        if not strokes:
            self._down = False
        self.update()
        self.drawn.emit(strokes)

    def _begin(self, at: Place) -> None:
        if len(self.strokes) < MOST_STROKES:
            self._down, self._at = True, at
            self._tell((*self.strokes, (at,)))

    def _go_on(self, to: Place) -> None:
        """Move the pen, on the paper or above it."""
        self._at = to
        if not self._down:
            self.update()
            return
        *before, last = self.strokes
        if hypot(to[0] - last[-1][0], to[1] - last[-1][1]) >= NEAR and len(last) < MOST_POINTS:
            self._tell((*before, (*last, to)))

    # Where things are

    @property
    def square(self) -> QRectF:
        """Return the paper, a square in the middle of the panel."""
        room = self.content
        side = min(room.width(), room.height())
        return QRectF(room.center().x() - side / 2, room.center().y() - side / 2, side, side)

    def _on_paper(self, place: QPointF) -> Place:
        """Return a place of the panel in coordinates of the paper; outside, the nearest place of its edge."""
        square = self.square
        x, y = (place.x() - square.left()) / square.width(), (place.y() - square.top()) / square.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def _pixel(self, at: Place) -> QPointF:
        square = self.square
        return square.topLeft() + QPointF(at[0] * square.width(), at[1] * square.height())

    # Drawing

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        square = self.square
        painter.setPen(hairline(self.theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)
        with clipped(painter, square):
            self._draw_strokes(painter, square)
        if not self.strokes and live:
            put_text(painter, square, CENTRE, tr("Draw here"), self.theme.quiet)
        if live and self._by_key and self.hasFocus():
            self._draw_pen(painter, square)

    def _draw_strokes(self, painter: QPainter, square: QRectF) -> None:
        pen = QPen(QColor(self.theme.text), self.pen * square.width())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for stroke in self.strokes:
            corner, side = square.topLeft(), square.width()
            points = [corner + QPointF(side * x, side * y) for x, y in stroke]
            if len(points) == 1:
                painter.drawPoint(points[0])
            else:
                painter.drawPolyline(QPolygonF(points))

    def _draw_pen(self, painter: QPainter, square: QRectF) -> None:
        """Draw the pen that the keys move: filled while it is on the paper."""
        radius = self.pen * square.width() / 2
        painter.setPen(QPen(QColor(self.theme.accent), 2.0))
        painter.setBrush(QColor(self.theme.accent) if self._down else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self._pixel(self._at), radius, radius)

    # The mouse and the keys

    def _click(self, place: QPointF) -> None:
        if self.square.contains(place):
            self._by_key = False
            self._begin(self._on_paper(place))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._down and not self._by_key and event.buttons() & Qt.MouseButton.LeftButton:
            self._go_on(self._on_paper(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self._by_key:
            self._down = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Begin the second of two quick strokes; on the title, do what every panel does."""
        if self.square.contains(event.position()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        self._by_key = True
        x, y = self._at[0] + right * KEY_STEP, self._at[1] - up * KEY_STEP
        self._go_on((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._by_key = True
            if self._down:
                self._down = False
                self.update()
            else:
                self._begin(self._at)
        elif key == Qt.Key.Key_Backspace:
            self.take_back()
        elif key == Qt.Key.Key_Delete:
            self.wipe()
        else:
            super().keyPressEvent(event)
