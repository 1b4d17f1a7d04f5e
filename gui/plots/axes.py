"""Axes laid out: a rectangle of paper over a range of values, with the ticks and names around it."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.look.theme import Theme, metrics_of
from gui.plots.painting import CENTRE, RIGHT, mixed, put_text, put_upright, saved
from gui.plots.scale import VAST, FloatArray, Range, Scale
from gui.plots.ticks import Ticks

FAR = 8000.0  # pixels outside the plot; points farther away are drawn at this distance


@dataclass(frozen=True)
class Plane:
    """A rectangle of paper over a rectangle of axis coordinates."""

    rect: QRectF
    x: Range
    y: Range

    @cached_property
    def edges(self) -> tuple[float, float, float, float]:
        """The pixels of its left, right, upper and lower edge."""
        return self.rect.left(), self.rect.right(), self.rect.top(), self.rect.bottom()

    @cached_property
    def across(self) -> tuple[float, float, float]:
        """What horizontal pixels are computed from: the left edge, its x, and the pixels of a unit."""
        return self.edges[0], float(self.x[0]), float(self.rect.width() / (self.x[1] - self.x[0]))

    @cached_property
    def up(self) -> tuple[float, float, float]:
        """What vertical pixels are computed from: the lower edge, its y, and the pixels of a unit."""
        return self.edges[3], float(self.y[0]), float(self.rect.height() / (self.y[1] - self.y[0]))

    def px(self, x: ArrayLike) -> FloatArray:
        """Return horizontal pixels for axis coordinates."""
        edge, begin, unit = self.across
        return edge + (np.asarray(x, float) - begin) * unit

    def py(self, y: ArrayLike) -> FloatArray:
        """Return vertical pixels for axis coordinates."""
        edge, begin, unit = self.up
        return edge - (np.asarray(y, float) - begin) * unit

    def point(self, x: float, y: float) -> QPointF:
        """Return the place of one point, at most `FAR` outside: Qt cannot draw to arbitrary distances."""
        (left, right, top, bottom), (edge, begin, unit), (foot, low, high) = self.edges, self.across, self.up
        px, py = edge + (float(x) - begin) * unit, foot - (float(y) - low) * high
        return QPointF(min(max(px, left - FAR), right + FAR), min(max(py, top - FAR), bottom + FAR))

    def at(self, place: QPointF) -> tuple[float, float]:
        """Return the axis coordinates of a place on the paper."""
        across = (place.x() - self.rect.left()) / self.rect.width()
        up = (self.rect.bottom() - place.y()) / self.rect.height()
        return self.x[0] + across * (self.x[1] - self.x[0]), self.y[0] + up * (self.y[1] - self.y[0])


@dataclass(frozen=True)
class Axes:
    """Both axes laid out: where the plot is, and the ticks that fit around it."""

    plane: Plane
    x: Scale
    y: Scale
    x_ticks: Ticks
    y_ticks: Ticks
    captions: bool = True
    outer: QRectF = field(default_factory=QRectF)  # everything, with the room for ticks, names and legend
    numbers: float = 0.0  # the width of the room for the numbers of y

    def coordinates(self, x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the axis coordinates of values."""
        return self.x.coordinate(x), self.y.coordinate(y)

    def values_at(self, place: QPointF) -> tuple[float, float]:
        """Return the values at a place on the paper."""
        x, y = self.plane.at(place)
        return self.x.value(x), self.y.value(y)

    def place(self, x: float, y: float) -> QPointF | None:
        """Return where values are on the paper; None if not finite, or if a log axis cannot show them."""
        across, up = self.x.coordinate_of(x), self.y.coordinate_of(y)
        return self.plane.point(across, up) if abs(across) < VAST and abs(up) < VAST else None


def lay_out(
    rect: QRectF,
    theme: Theme,
    x: Scale,
    y: Scale,
    ranges: tuple[Range, Range],
    right: float = 0.0,
    numbers: float = 0.0,
) -> Axes:
    """Place axes into `rect`: `right` pixels free beside the plot, at least `numbers` for those of y."""
    metrics = theme.metrics()
    line, gap = metrics.height(), theme.px(4)
    captions = rect.height() > 7 * line and rect.width() > 9 * line
    bottom = line + gap + (line if captions and x.caption else 0)
    height = max(rect.height() - bottom - line / 2, 4.0)
    y_ticks = _fitting_up(y, ranges[1], height, line)
    widest = max((metrics.horizontalAdvance(text) for text in y_ticks.labels), default=0.0)
    widest = 8 * ceil(widest / 8)  # in steps of 8, so that the plot keeps its size as labels change
    numbers = max(widest, numbers)
    left = numbers + gap * 2 + (line + gap if captions and y.caption else 0)
    width = max(rect.width() - left - max(right, line), 4.0)
    x_ticks = _fitting(x, ranges[0], width, metrics)
    plane = Plane(QRectF(rect.left() + left, rect.top() + line / 2, width, height), *ranges)
    return Axes(plane, x, y, x_ticks, y_ticks, captions, rect, numbers)


def _fitting_up(axis: Scale, limits: Range, height: float, line: float) -> Ticks:
    """Return as many ticks as have room above each other, from the top: at least one, if there is any."""
    least = line / height * (limits[1] - limits[0])
    for count in range(max(2, int(height / (2.6 * line))), 0, -1):
        ticks = axis.ticks(*limits, count=count)
        if axis.told is not None or all(high - low >= least for low, high in pairwise(ticks.places)):
            return ticks
    kept: list[tuple[float, str]] = []
    for place, label in reversed([*zip(ticks.places, ticks.labels, strict=True)]):
        if not kept or kept[-1][0] - place >= least:
            kept.append((place, label))
    places, labels = tuple(place for place, _ in kept[::-1]), tuple(label for _, label in kept[::-1])
    return replace(ticks, places=places, labels=labels)


def _fitting(axis: Scale, limits: Range, width: float, metrics: QFontMetricsF) -> Ticks:
    """Return as many ticks as have room side by side."""
    count = max(2, int(width / (3.5 * metrics.height())))
    while True:
        ticks = axis.ticks(*limits, count=count)
        widest = max((metrics.horizontalAdvance(text) for text in ticks.labels), default=0.0)
        if count <= 1 or len(ticks.labels) * (widest + metrics.height()) <= width + metrics.height():
            return ticks
        count -= 1


def draw_axis(painter: QPainter, theme: Theme, axes: Axes, side: str) -> None:
    """Draw one axis ("left" or "bottom"): its line, ticks, numbers and name.

    Its lines are opaque, as those of the grid (`gui.plots.grid`).
    """
    plane, rect, tick = axes.plane, axes.plane.rect, theme.px(3)
    with saved(painter):
        painter.setPen(QPen(mixed(theme.quiet, theme.plot, 0.7), 1))
        if side == "bottom":
            at = [float(p) for p in plane.px(axes.x_ticks.places)]
            painter.drawLines([QLineF(p, rect.bottom(), p, rect.bottom() + tick) for p in at])
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        else:
            at = [float(p) for p in plane.py(axes.y_ticks.places)]
            painter.drawLines([QLineF(rect.left() - tick, p, rect.left(), p) for p in at])
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        painter.setPen(QColor(theme.quiet))
        (_draw_below if side == "bottom" else _draw_beside)(painter, theme, axes, at)


def _draw_below(painter: QPainter, theme: Theme, axes: Axes, across: list[float]) -> None:
    """Draw the numbers and the name of the x axis."""
    rect, line, gap = axes.plane.rect, metrics_of(painter.font()).height(), theme.px(4)
    for place, label in zip(across, axes.x_ticks.labels, strict=True):
        painter.drawText(QRectF(place - 100, rect.bottom() + gap, 200, line), CENTRE, label)
    if axes.captions:
        below = QRectF(rect.left(), rect.bottom() + line + gap, rect.width(), line)
        put_text(painter, below, CENTRE, axes.x.caption)
    else:
        _name_between(painter, axes, across, rect.bottom() + gap)


def _name_between(painter: QPainter, axes: Axes, across: list[float], top: float) -> None:
    """Draw the name of the x axis between two of its numbers, if there is room: for a low plot."""
    metrics = metrics_of(painter.font())
    halves = [metrics.horizontalAdvance(label) / 2 for label in axes.x_ticks.labels]
    numbers = sorted(zip(across, halves, strict=True))
    gaps = [(b - y - a - x, a + x, b - y) for (a, x), (b, y) in pairwise(numbers)]
    line, ways = metrics.height(), (axes.x.caption, axes.x.name, axes.x.label)
    for room, left, right in sorted(gaps, reverse=True)[:1]:
        fits = (way for way in ways if metrics.horizontalAdvance(way) + line <= room)
        put_text(painter, QRectF(left, top, right - left, line), CENTRE, next(fits, ""))


def _draw_beside(painter: QPainter, theme: Theme, axes: Axes, down: list[float]) -> None:
    """Draw the numbers and the name of the y axis."""
    metrics, rect, gap = theme.metrics(), axes.plane.rect, theme.px(4)
    line = metrics.height()
    for place, label in zip(down, axes.y_ticks.labels, strict=True):
        painter.drawText(QRectF(rect.left() - 206, place - line / 2, 200, line), RIGHT, label)
    if axes.captions and axes.y.caption:
        text, middle, length = _upright(axes, metrics)
        put_upright(painter, QPointF(rect.left() - axes.numbers - gap * 3 - line / 2, middle), length, text)


def _upright(axes: Axes, metrics: QFontMetricsF) -> tuple[str, float, float]:
    """Return the name beside the y axis, its middle and its length; it may reach below the plot."""
    rect = axes.plane.rect
    top, bottom = rect.top() - metrics.height() / 2, max(axes.outer.bottom(), rect.bottom())
    ways = (axes.y.caption, axes.y.name, axes.y.label)
    text = next((way for way in ways if metrics.horizontalAdvance(way) <= bottom - top), ways[-1])
    length = min(metrics.horizontalAdvance(text) + 1, bottom - top)
    middle = min(max(rect.center().y(), top + length / 2), bottom - length / 2)
    return text, middle, length


def locked(axes: Axes, theme: Theme) -> Axes:
    """Return axes with the same length of a unit along x and y, in a smaller part of the paper."""
    plane = axes.plane
    spans = plane.x[1] - plane.x[0], plane.y[1] - plane.y[0]
    scale = min(plane.rect.width() / spans[0], plane.rect.height() / spans[1])
    width, height = spans[0] * scale, spans[1] * scale
    left = plane.rect.left() + (plane.rect.width() - width) / 2
    rect = QRectF(left, plane.rect.top() + (plane.rect.height() - height) / 2, width, height)
    ticks = _fitting(axes.x, plane.x, width, theme.metrics())
    return replace(axes, plane=replace(plane, rect=rect), x_ticks=ticks)
