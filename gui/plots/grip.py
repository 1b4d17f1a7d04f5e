"""Shared parts of things that are dragged with the mouse or moved with the keys."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.painting import faded, saved
from gui.plots.scale import Range

STILL = 3.0  # pixels that the mouse may move before a drag begins: a click may only set the focus


def kept_within(value: float, limits: Range) -> float:
    """Return the value of a range that is nearest to `value`."""
    return min(max(value, limits[0]), limits[1])


def draw_lock(painter: QPainter, theme: Theme, spot: QRectF, closed: bool) -> None:
    """Draw a padlock: closed, or faint and open."""
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
    """Draw slanted lines that end at the edges of `spot`, without clipping: not every SVG program clips."""
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
