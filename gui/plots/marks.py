"""Small marks: arrows, stars, crosses, and the shapes of classes."""

from math import atan2, cos, hypot, pi, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.look.theme import Stroke
from gui.plots.lines import halo, pen

SHAPES = ("circle", "square", "triangle", "diamond", "down", "plus", "hexagon", "star", "pentagon", "wedge")


def inside(place: QPointF, rect: QRectF, margin: float) -> QPointF:
    """Return the nearest place in `rect` that is at least `margin` from its edge."""
    return QPointF(
        min(max(place.x(), rect.left() + margin), rect.right() - margin),
        min(max(place.y(), rect.top() + margin), rect.bottom() - margin),
    )


def spokes(middle: QPointF, radii: tuple[float, ...], count: int, turn: float = -pi / 2) -> QPolygonF:
    """Return a polygon of `count` corners around `middle`; the corners take the radii in turn."""
    angles = [turn + 2 * pi * k / count for k in range(count)]
    return QPolygonF(
        [
            QPointF(middle.x() + radii[k % len(radii)] * cos(a), middle.y() + radii[k % len(radii)] * sin(a))
            for k, a in enumerate(angles)
        ]
    )


def star(painter: QPainter, place: QPointF, radius: float) -> None:
    """Draw a star: a known minimum."""
    painter.setPen(QPen(QColor("#1F2328"), 1))
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawPolygon(spokes(place, (radius, 0.45 * radius), 10))


def cross(painter: QPainter, place: QPointF, radius: float, colour: str, under: str) -> None:
    """Draw a cross: a run diverged here."""
    across, up = QPointF(radius, radius), QPointF(radius, -radius)
    for line in (halo(under, 5.5), QPen(QColor(colour), 2.5)):
        painter.setPen(line)
        painter.drawLine(place - across, place + across)
        painter.drawLine(place - up, place + up)


def draw_ring(painter: QPainter, place: QPointF, radius: float, colour: str, under: str) -> None:
    """Draw a ring: the sign of something that can be dragged."""
    fill = QColor(under)
    fill.setAlphaF(0.35)
    painter.setBrush(fill)
    for ring, width in ((under, 4.5), (colour, 1.8)):
        painter.setPen(QPen(QColor(ring), width))
        painter.drawEllipse(place, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def beyond(painter: QPainter, place: QPointF, rect: QRectF, radius: float, colour: str, under: str) -> None:
    """Draw an arrowhead at the edge of `rect` that points to a place outside."""
    at = inside(place, rect, radius)
    turn = atan2(place.y() - at.y(), place.x() - at.x())
    painter.setPen(QPen(QColor(under), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawPolygon(spokes(at, (radius,), 3, turn))


def seen_part(line: QLineF, rect: QRectF) -> QLineF:
    """Return the part of a line that is inside `rect`; the line itself if no part is (Liang and Barsky)."""
    enter, leave = 0.0, 1.0
    for start, step, low, high in (
        (line.x1(), line.dx(), rect.left(), rect.right()),
        (line.y1(), line.dy(), rect.top(), rect.bottom()),
    ):
        if step:
            one, other = (low - start) / step, (high - start) / step
            enter, leave = max(enter, min(one, other)), min(leave, max(one, other))
    return QLineF(line.pointAt(enter), line.pointAt(leave)) if enter < leave else line


def draw_arrow(
    painter: QPainter,
    tail: QPointF,
    tip: QPointF,
    stroke: Stroke,
    under: str,
    scale: float = 1.0,
    within: QRectF | None = None,
) -> None:
    """Draw an arrow whose head has always the same shape; a very short arrow has a smaller head.

    If the painter shows only what is `within` a rectangle, only that part of the shaft is drawn: long wide
    lines take long, even where they are not seen.
    """
    dx, dy = tip.x() - tail.x(), tip.y() - tail.y()
    length = hypot(dx, dy)
    if length < 0.5:
        return
    size = min(10.0 * scale, 0.6 * length)
    turn = atan2(dy, dx)
    neck = QPointF(tip.x() - 0.8 * size * cos(turn), tip.y() - 0.8 * size * sin(turn))
    wings = [
        QPointF(tip.x() - size * cos(turn + side), tip.y() - size * sin(turn + side))
        for side in (0.42, -0.42)
    ]
    head, shaft = QPolygonF([tip, wings[0], wings[1]]), QLineF(tail, neck)
    if within is not None:
        away = 8.0 * scale
        shaft = seen_part(shaft, within.adjusted(-away, -away, away, away))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(Stroke(under), 4.6 * scale))  # opaque: Qt draws it eight times as fast
    painter.drawLine(shaft)
    painter.drawPolygon(head)
    painter.setPen(pen(stroke, 2.4 * scale))
    painter.drawLine(shaft)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(stroke.colour))
    painter.drawPolygon(head)


def shape(name: str, place: QPointF, radius: float) -> QPolygonF:
    """Return the outline of a marker of `SHAPES` other than the circle."""
    corners = {"square": 4, "diamond": 4, "triangle": 3, "down": 3, "hexagon": 6, "pentagon": 5, "wedge": 3}
    if name == "star":
        return spokes(place, (1.3 * radius, 0.55 * radius), 10)
    if name == "plus":
        return spokes(place, (1.25 * radius, 1.25 * radius, 0.45 * radius), 12, -pi / 2 - pi / 12)
    turn = {"square": pi / 4, "down": pi / 2, "wedge": 0.0}.get(name, -pi / 2)
    return spokes(place, (1.2 * radius,), corners[name], turn)
