"""The readout beside the mouse on a plot of curves: the value of each curve at one x."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.numbers import short_text
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.axes import Axes
from gui.plots.lines import dot, pen
from gui.plots.painting import LEFT, RIGHT, faded, hairline, put_text, upright
from gui.plots.room import Pixels, bands, free
from gui.plots.scale import FloatArray, Scale

NEAR = 6.0  # pixels within which the mouse means a computed point


@dataclass(frozen=True)
class Row:
    """One row of a readout."""

    name: str
    value: float
    stroke: Stroke
    alpha: float = 1.0
    text: str = ""  # how the value is written


def nearest_x(xs: Sequence[FloatArray], axes: Axes, at: float, reach: float) -> float:
    """Return the x (a value) that the mouse at `at` (axis coordinate) means: a computed one, if one is near.

    Between them it is a whole number if the axis and the ends of the curves are whole, as for steps.
    """
    value, place = axes.x.value(at), float(axes.plane.px(at))
    whole = axes.x.whole and all(float(end).is_integer() for x in xs for end in (*x[:1], *x[-1:]))
    found, least = (max(round(value), 1 if axes.x.log else round(value)) if whole else value), reach
    for x in xs:
        k = int(np.searchsorted(x, value))
        for near in x[max(k - 1, 0) : k + 1].tolist():
            away = abs(float(axes.plane.px(axes.x.coordinate_of(near))) - place)
            if away < least:
                found, least = near, away
    return float(found)


def value_at(x: FloatArray, y: FloatArray, value: float, scales: tuple[Scale, Scale]) -> float | None:
    """Return a curve's value at x: computed, or on the line between two points; None if there is no line."""
    k = int(np.searchsorted(x, value))
    if k < len(x) and x[k] == value:
        return None if np.isnan(y[k]) else float(y[k])
    if not 0 < k < len(x):
        return None
    (left, right), here = (scales[0].coordinate(x[k - 1 : k + 1]), scales[0].coordinate(value))
    low, high = scales[1].coordinate(y[k - 1 : k + 1])
    if not (isfinite(low) and isfinite(high)):
        return None
    if y[k - 1] == y[k]:  # also where a log axis has no place for where it begins
        return float(y[k])
    return scales[1].value(float(low + (high - low) * (here - left) / (right - left)))


def draw_readout(
    painter: QPainter,
    theme: Theme,
    axes: Axes,
    place: QPointF,
    value: float,
    lines: Sequence[Row],
    drawn: Sequence[Pixels] = (),
) -> None:
    """Draw a thin line at x, a dot on every curve, and a table of values that avoids the lines `drawn`."""
    plane = axes.plane
    x = float(plane.px(axes.x.coordinate_of(value)))
    painter.setPen(QPen(QColor(theme.quiet), 1, Qt.PenStyle.DotLine))
    upright(painter, plane.rect, x)
    heights = [float(plane.py(axes.y.coordinate_of(line.value))) for line in lines]
    for line, y in zip(lines, heights, strict=True):
        if plane.rect.top() <= y <= plane.rect.bottom():
            dot(painter, x, y, theme.px(3), line.stroke.colour, theme.plot)
    fit = max(1, int(plane.rect.height() / metrics_of(painter.font()).height()) - 1)
    if len(lines) > fit:  # only the nearest ones
        order = sorted(range(len(lines)), key=lambda k: abs(heights[k] - place.y()))[:fit]
        lines = [lines[k] for k in sorted(order)]
    head = f"{axes.x.label or 'x'} = {short_text(value, 4)}"
    box = QRectF(QPointF(), _table_size(painter, theme, head, lines))
    room = plane.rect if box.width() <= plane.rect.width() else axes.outer  # it may cover numbers of the axis
    box.setWidth(min(box.width(), room.width()))  # names are shortened, numbers never cut
    box.moveTopLeft(_free_place(room, QPointF(x, place.y()), box, theme.px(12), drawn))
    _draw_table(painter, theme, box, head, lines)


def _table_size(painter: QPainter, theme: Theme, head: str, lines: Sequence[Row]) -> QSizeF:
    metrics, gap = metrics_of(painter.font()), theme.px(6)
    names = max((metrics.horizontalAdvance(one.name) for one in lines), default=0.0)
    digits = max((metrics.horizontalAdvance(one.text) for one in lines), default=0.0)
    width = max(theme.px(18) + names + digits + 4 * gap, metrics.horizontalAdvance(head) + 2 * gap)
    return QSizeF(width, (len(lines) + 1) * metrics.height() + gap)


def _free_place(rect: QRectF, place: QPointF, box: QRectF, gap: float, drawn: Sequence[Pixels]) -> QPointF:
    """Return the place near `place`, left or right, that covers the fewest lines."""
    wide, high = box.width(), box.height()
    lowest = max(rect.bottom() - high, rect.top())
    beside = min(max(place.y() - high / 2, rect.top()), lowest)
    right, left = place.x() + gap, place.x() - gap - wide
    sides = [x for x in (right, left) if rect.left() <= x and x + wide <= rect.right()]
    best, fewest = None, len(drawn) + 1
    for x in sides:
        taken = bands(drawn, x, x + wide)
        for y in (beside, rect.top(), lowest):
            covered = sum(not free([band], y, y + high) for band in taken)
            if covered < fewest:
                best, fewest = QPointF(x, y), covered
    return best or QPointF(max(min(right, rect.right() - wide), rect.left()), beside)


def _draw_table(painter: QPainter, theme: Theme, box: QRectF, head: str, lines: Sequence[Row]) -> None:
    gap, swatch, line = theme.px(6), theme.px(18), metrics_of(painter.font()).height()
    painter.setPen(hairline(theme))
    painter.setBrush(faded(theme.plot, 0.93))
    painter.drawRoundedRect(box, 3, 3)
    row = QRectF(box.left() + gap, box.top() + gap / 2, box.width() - 2 * gap, line)
    put_text(painter, row, LEFT, head, theme.quiet)
    for one in lines:
        row.translate(0, line)
        painter.setPen(pen(one.stroke, 2.0, one.alpha))
        middle = QPointF(row.left(), row.center().y())
        painter.drawLine(middle, middle + QPointF(swatch, 0))
        painter.setPen(QColor(theme.text if one.alpha > 0.9 else theme.quiet))
        digits = metrics_of(painter.font()).horizontalAdvance(one.text)
        put_text(painter, row.adjusted(swatch + gap, 0, -digits - gap, 0), LEFT, one.name)
        painter.drawText(row, RIGHT | Qt.TextFlag.TextDontClip, one.text)
