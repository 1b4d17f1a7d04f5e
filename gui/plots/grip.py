"""What things that are dragged with the mouse or moved with the keys have in common."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.painting import faded, saved
from gui.plots.scale import Range

STILL = 3.0  # pixels the mouse may move before what was pressed follows it: a click may mean the focus


def kept_within(value: float, limits: Range) -> float:
    """The nearest value of a range."""
    return min(max(value, limits[0]), limits[1])


def draw_lock(painter: QPainter, theme: Theme, spot: QRectF, closed: bool) -> None:
    """A padlock: shut, or faint and open."""
    colour = QColor(theme.text) if closed else faded(theme.quiet, 0.45)
    body = QRectF(spot.left(), spot.top() + 0.45 * spot.height(), spot.width(), 0.55 * spot.height())
    ring = body.width() * 0.6
    shift = 0.0 if closed else 0.32 * body.width()
    arch = QRectF(body.center().x() - ring / 2 + shift, spot.top(), ring, 0.9 * spot.height())
    with saved(painter):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, max(1.0, 0.13 * spot.width())))
        painter.drawArc(arch, 0, 180 * 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(body, 1.5, 1.5)


def hatch(painter: QPainter, spot: QRectF, colour: QColor, gap: float) -> None:
    """Slanted lines that end at the edges of `spot` by themselves: not every reader of SVG clips."""
    with saved(painter):
        painter.setPen(QPen(colour, 1))
        across, height = gap, spot.height()
        while across < spot.width() + height:
            start = QPointF(
                spot.left() + min(across, spot.width()), spot.top() + max(0.0, across - spot.width())
            )
            end = QPointF(spot.left() + max(0.0, across - height), spot.top() + min(across, height))
            painter.drawLine(start, end)
            across += gap
