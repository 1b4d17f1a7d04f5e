"""Names beside the things that they name, which do not cover each other."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.painting import LEFT, faded, put_note
from gui.plots.room import Occupied, Pixels

CROWD = 1 / 3  # the most of a plot that names may cover
MARGIN = 10  # pixels between the plot and the names at the ends of its lines
NEAR_ROWS = (0, -1, 1)  # rows up and down in which a name is still beside its point
FAR_ROWS = (0, -1, 1, -2, 2, -3, 3)  # farther away it would look like the name of something else
BESIDE = 9  # pixels from a point to its name
AWAY = (5, 14, 24)  # pixels from the shaft of an arrow to its name
LEADER, LONGEST = 6, 12  # pixels: the width of a leader line, and its greatest length


def pushed_apart(wanted: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Move places of things of one `size` as little as possible so that they do not overlap.

    Things that touch form a block, which is put at the mean of the places its members want (isotonic
    regression by pooling); everything stays between `low` and `high` as long as there is room.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    blocks: list[list[float]] = []  # (sum of wanted places minus offsets, number of members)
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
    """Return where names of height `line` stand beside ends at these heights, without overlap."""
    return pushed_apart(heights, line, rect.top() + line / 2, rect.bottom() - line / 2)


def within_reach(theme: Theme, heights: Sequence[float], line: float, rect: QRectF) -> bool:
    """Whether every name is so near its line's end that a short leader line can join them."""
    away = [abs(place - y) for place, y in zip(end_places(heights, line, rect), heights, strict=True)]
    return hypot(max(away, default=0.0), theme.px(LEADER)) <= theme.px(LONGEST)


def end_labels(
    painter: QPainter, theme: Theme, rect: QRectF, ends: Sequence[tuple[float, str, Stroke]]
) -> None:
    """Write names at the right of `rect`, each beside the height at which its line ends there.

    If a name had to be moved, a short grey leader line in the margin joins it to its line.
    """
    line = metrics_of(painter.font()).height() - 1
    heights = [min(max(y, rect.top()), rect.bottom()) for y, _, _ in ends]
    left = rect.right() + theme.px(MARGIN)
    for y, place, (_, name, stroke) in zip(heights, end_places(heights, line, rect), ends, strict=True):
        painter.setPen(QPen(QColor(theme.quiet), 1))
        tip = left - theme.px(2)
        painter.drawLine(QPointF(tip - theme.px(LEADER), y), QPointF(tip, place))
        painter.setPen(QColor(theme.ink(stroke.colour)))
        painter.drawText(QRectF(left, place - line / 2 - 2, 1000, line + 4), LEFT, name)


class Tags:
    """Names beside points in the middle of a plot, where they cover neither each other nor a line."""

    def __init__(
        self,
        painter: QPainter,
        theme: Theme,
        bounds: QRectF,
        lines: Sequence[Pixels] = (),
        guides: Sequence[Pixels] = (),
    ) -> None:
        """Begin without names; they must not cover `lines`, and avoid `guides` if possible."""
        self.lines, self.guides = lines, guides
        self.painter, self.theme, self.bounds = painter, theme, bounds
        self.taken: list[QRectF] = []
        self.metrics = theme.metrics()

    @cached_property
    def occupied(self) -> Occupied:
        """The cells that the lines cross; computed when the first name is placed."""
        return Occupied(self.bounds, self.lines)

    @cached_property
    def crossed(self) -> Occupied:
        """The cells that the lines and the guides cross."""
        return Occupied(self.bounds, [*self.lines, *self.guides]) if self.guides else self.occupied

    def fitting(self, names: Sequence[str]) -> int:
        """Return how many of these names, counted from the last, can be written without covering too much."""
        area, most = 0.0, CROWD * self.bounds.width() * self.bounds.height()
        for count, name in enumerate(reversed(names)):
            area += self._width(name) * self._height
            if area > most and count:
                return count
        return len(names)

    def _width(self, text: str) -> float:
        """Return the width of a name; one that is wider than the plot is shortened."""
        return min(float(self.metrics.horizontalAdvance(text) + self.theme.px(8)), self.bounds.width())

    @property
    def _height(self) -> float:
        return float(self.metrics.height() + self.theme.px(1))

    def avoid(self, x: float, y: float, radius: float) -> None:
        """Let names not cover a marker."""
        self.taken.append(QRectF(x - radius, y - radius, 2 * radius, 2 * radius))

    def put(self, x: float, y: float, text: str, colour: str) -> None:
        """Write `text` near a point in any case; if there is no room, over a line rather than over a name."""
        spots = [self._inside(spot) for spot in self._around(x, y, text, FAR_ROWS)]
        clear = [spot for spot in spots if not self._covers(spot)]
        best = (spot for taken in (self.crossed, self.occupied) for spot in clear if taken.free(spot))
        self._write(next(best, clear[0] if clear else min(spots, key=self._covered)), text, colour)

    def offer(self, x: float, y: float, text: str, colour: str, alpha: float = 1.0) -> None:
        """Write `text` beside a point, as near as possible, if there is free room."""
        ways = (NEAR_ROWS, BESIDE), (FAR_ROWS, BESIDE), (FAR_ROWS, 2 * BESIDE)
        spots = chain.from_iterable(self._around(x, y, text, *way) for way in ways)
        self._write_first(spots, text, colour, alpha)

    def beside_shaft(self, tail: QPointF, tip: QPointF, text: str, colour: str) -> None:
        """Write `text` beside the shaft of an arrow, or before its tip, if there is room."""
        along = tip - tail
        length = max(hypot(along.x(), along.y()), 1e-9)
        way, side = along / length, QPointF(-along.y(), along.x()) / length
        width, height = self._width(text), self._height
        ways = (0.5, side), (0.5, -side), (0.8, side), (0.8, -side), (1.0, way)

        def place(gap: float, middle: float, out: QPointF) -> QRectF:
            reach = abs(out.x()) * width / 2 + abs(out.y()) * height / 2 + gap
            at = tail + along * middle + out * reach
            return QRectF(at.x() - width / 2, at.y() - height / 2, width, height)

        gaps = map(self.theme.px, AWAY)
        self._write_first((place(gap, *one) for gap in gaps for one in ways), text, colour)

    def _write_first(self, spots: Iterable[QRectF], text: str, colour: str, alpha: float = 1.0) -> None:
        """Write `text` at the first place that is inside and free."""
        for spot in spots:
            if self.bounds.contains(spot) and not self._covers(spot) and self.occupied.free(spot):
                self._write(spot, text, colour, alpha)
                return

    def _write(self, spot: QRectF, text: str, colour: str, alpha: float = 1.0) -> None:
        """Write `text` on a patch of background."""
        self.taken.append(spot)
        ink = faded(self.theme.ink(colour), alpha)
        corner, bounds = spot.topLeft(), self.bounds
        put_note(self.painter, self.theme, corner, text, within=bounds, ink=ink, metrics=self.metrics)

    def _around(
        self, x: float, y: float, text: str, rows: Sequence[int], beside: int = BESIDE
    ) -> Iterator[QRectF]:
        """Yield places around a point, from near to far: on both sides, above and below."""
        width, height, gap = self._width(text), self._height, self.theme.px(beside)
        for row in rows:
            for left in (x + gap, x - gap - width):
                yield QRectF(left, y - height / 2 + row * height, width, height)
            if row >= 0:
                away = self.theme.px(14) + row * height
                for top in (y - away - height, y + away):
                    yield QRectF(x - width / 2, top, width, height)

    def _covers(self, spot: QRectF) -> bool:
        """Whether a name or a marker overlaps this place."""
        return any(map(spot.intersects, self.taken))

    def _covered(self, spot: QRectF) -> float:
        """Return how much of names and markers this place covers, in square pixels."""
        shared = (spot & taken for taken in self.taken)
        return sum(max(one.width(), 0.0) * max(one.height(), 0.0) for one in shared)

    def _inside(self, spot: QRectF) -> QRectF:
        left = max(self.bounds.left(), min(spot.left(), self.bounds.right() - spot.width()))
        top = max(self.bounds.top(), min(spot.top(), self.bounds.bottom() - spot.height()))
        return QRectF(left, top, spot.width(), spot.height())
