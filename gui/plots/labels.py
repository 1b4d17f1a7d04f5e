"""Names that stand beside what they name and do not cover one another."""

from collections.abc import Sequence
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.look.theme import Stroke, Theme
from gui.plots.lines import pen
from gui.plots.painting import LEFT, faded, put_note, saved
from gui.plots.room import Pixels, bands, free

CROWD = 1 / 3  # of a plot: more of it must not be covered by names
MARGIN = 10  # pixels between the plot and the names at the ends of its lines
LEADER, LONGEST = 6, 12  # pixels across that a leader takes, and its length at most


def pushed_apart(wanted: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Move places of things of one `size` as little as need be so that they do not overlap.

    Things that touch form a block that stands at the mean of what its members want (isotonic
    regression by pooling); everything stays between `low` and `high` as long as there is room.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    blocks: list[list[float]] = []  # (sum of wanted places less offsets, members)
    for rank, k in enumerate(order):
        blocks.append([min(max(wanted[k], low), high) - rank * size, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, members = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += members
    flat = [total / members for total, members in blocks for _ in range(int(members))]
    top = high - (len(order) - 1) * size
    places = [0.0] * len(order)
    for rank, k in enumerate(order):
        places[k] = max(low, min(flat[rank], top)) + rank * size
    return places


def end_places(heights: Sequence[float], line: float, rect: QRectF) -> list[float]:
    """Where names `line` high stand beside ends at these heights, so that none covers another."""
    return pushed_apart(heights, line, rect.top() + line / 2, rect.bottom() - line / 2)


def within_reach(theme: Theme, heights: Sequence[float], line: float, rect: QRectF) -> bool:
    """Whether every name stands so near its end that a short leader tells whose it is."""
    away = [abs(place - y) for place, y in zip(end_places(heights, line, rect), heights, strict=True)]
    return hypot(max(away, default=0.0), theme.px(LEADER)) <= theme.px(LONGEST)


def end_labels(
    painter: QPainter, theme: Theme, rect: QRectF, ends: Sequence[tuple[float, str, Stroke]]
) -> None:
    """Write names at the right of `rect`, each beside the height at which its line ends there.

    A leader in the margin, short and grey, so that it is no part of the line, tells of a name that had to
    give way to another.
    """
    line = QFontMetricsF(painter.font()).height() - 1
    heights = [min(max(y, rect.top()), rect.bottom()) for y, _, _ in ends]
    left = rect.right() + theme.px(MARGIN)
    for y, place, (_, name, stroke) in zip(heights, end_places(heights, line, rect), ends, strict=True):
        painter.setPen(QPen(QColor(theme.quiet), 1))
        tip = left - theme.px(2)
        painter.drawLine(QPointF(tip - theme.px(LEADER), y), QPointF(tip, place))
        painter.setPen(QColor(theme.ink(stroke.colour)))
        painter.drawText(QRectF(left, place - line / 2 - 2, 1000, line + 4), LEFT, name)


class Tags:
    """Names beside points in the middle of a plot, each where it covers no other, nor a line if it can."""

    def __init__(self, painter: QPainter, theme: Theme, bounds: QRectF, lines: Sequence[Pixels] = ()) -> None:
        self.lines = lines
        self.painter, self.theme, self.bounds = painter, theme, bounds
        self.taken: list[QRectF] = []
        self.metrics = QFontMetricsF(painter.font())

    def fitting(self, names: Sequence[str]) -> int:
        """How many of these names, counted from the last, may cover the plot before they hide it."""
        area, most = 0.0, CROWD * self.bounds.width() * self.bounds.height()
        for count, name in enumerate(reversed(names)):
            area += self._width(name) * self._height
            if area > most and count:
                return count
        return len(names)

    def _width(self, text: str) -> float:
        """The room that a name takes; one that is wider than the plot is shortened."""
        return min(float(self.metrics.horizontalAdvance(text) + self.theme.px(8)), self.bounds.width())

    @property
    def _height(self) -> float:
        return float(self.metrics.height() + self.theme.px(1))

    def avoid(self, x: float, y: float, radius: float) -> None:
        """Keep names off a marker."""
        self.taken.append(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))

    def put(self, x: float, y: float, text: str, colour: str, alpha: float = 1.0) -> None:
        """Write `text` near a point, on a patch of background."""
        width, height = self._width(text), self._height
        spot = self._free(x, y, width, height)
        self.taken.append(spot)
        with saved(self.painter):
            self.painter.setPen(pen(Stroke(colour), 1.0, 0.5))
            if abs(spot.center().y() - y) > height:
                side = spot.left() if spot.center().x() > x else spot.right()
                self.painter.drawLine(QPointF(x, y), QPointF(side, spot.center().y()))
            self.painter.setPen(faded(self.theme.ink(colour), alpha))
            put_note(self.painter, self.theme, spot.topLeft(), text, within=self.bounds)

    def _free(self, x: float, y: float, width: float, height: float) -> QRectF:
        """The first place, going outwards on both sides, that is inside and not taken."""
        gap = self.theme.px(9)
        best = clear = None
        for row in (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6, -7, 7, -8, 8):
            for left in (x + gap, x - gap - width):
                spot = QRectF(left, y - height / 2 + row * height, width, height)
                spot = self._inside(spot)
                best = best or spot
                if any(spot.intersects(other) for other in self.taken):
                    continue
                clear = clear or spot
                if free(bands(self.lines, spot.left(), spot.right()), spot.top(), spot.bottom()):
                    return spot
        return clear or best or QRectF()

    def _inside(self, spot: QRectF) -> QRectF:
        left = max(self.bounds.left(), min(spot.left(), self.bounds.right() - spot.width()))
        top = max(self.bounds.top(), min(spot.top(), self.bounds.bottom() - spot.height()))
        return QRectF(left, top, spot.width(), spot.height())
