"""Names that stand beside what they name and do not cover one another."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.look.theme import Stroke, Theme
from gui.plots.lines import pen
from gui.plots.painting import LEFT, faded, put_note, put_text, saved
from gui.plots.room import Pixels, bands, free

CROWD = 1 / 3  # of a plot: more of it must not be covered by names
KeyRow = list[tuple[float, str, Stroke, float]]  # of a legend: x, name, stroke, opacity


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


def end_labels(
    painter: QPainter, theme: Theme, rect: QRectF, ends: Sequence[tuple[float, float, str, Stroke]]
) -> None:
    """Write names at the right of `rect`, each with a leader from the end (x, y) of its line."""
    line = QFontMetricsF(painter.font()).height() - 1
    places = pushed_apart([y for _, y, _, _ in ends], line, rect.top() + line / 2, rect.bottom() - line / 2)
    left = rect.right() + theme.px(16)
    for place, (x, y, name, stroke) in zip(places, ends, strict=True):
        painter.setPen(pen(Stroke(stroke.colour), 1.0, 0.55))
        y = min(max(y, rect.top()), rect.bottom())
        painter.drawPolyline([QPointF(x + 3, y), QPointF(max(x + 3, rect.right() + theme.px(3)), y),
                              QPointF(left - theme.px(3), place)])  # fmt: skip
        painter.setPen(QColor(stroke.colour))
        painter.drawText(QRectF(left, place - line / 2 - 2, 1000, line + 4), LEFT, name)


def key_rows(
    theme: Theme, entries: Iterable[tuple[str, Stroke, float]], width: float, font_metrics: QFontMetricsF
) -> list[KeyRow]:
    """Break the entries (name, stroke, opacity) of a legend into rows of (x, name, stroke, opacity)."""
    rows: list[KeyRow] = []
    x = width
    for name, stroke, alpha in entries:
        room = theme.px(46) + min(font_metrics.horizontalAdvance(name), width - theme.px(46))
        if x + room > width + theme.px(14) or not rows:
            rows.append([])
            x = 0.0
        rows[-1].append((x, name, stroke, alpha))
        x += room
    return rows


def draw_key(painter: QPainter, theme: Theme, rect: QRectF, rows: list[KeyRow]) -> None:
    """Draw a legend: a stretch of each line and its name."""
    line = QFontMetricsF(painter.font()).height()
    for k, row in enumerate(rows):
        y = rect.top() + (k + 0.5) * line
        for x, name, stroke, alpha in row:
            left = rect.left() + x
            painter.setPen(pen(stroke, 2.0, alpha))
            painter.drawLine(QPointF(left, y), QPointF(left + theme.px(24), y))
            painter.setPen(QColor(theme.text if alpha > 0.9 else theme.quiet))
            text = QRectF(left + theme.px(29), y - line / 2, rect.right() - left - theme.px(29), line)
            put_text(painter, text, LEFT, name)


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
            self.painter.setPen(faded(colour, alpha))
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
