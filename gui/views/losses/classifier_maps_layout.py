"""Where the parts of a picture of feature maps are: a column for each map, a row for each neuron."""

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

LEFT, RIGHT = 74, 62  # pixels of the names and of the sums, at the ordinary size of text
BESIDE = 18  # pixels from the picture to the maps, for an arrow
SMALL = 0.62  # sides of a filter and of a pooled map, in sides of a map
TOP = 0.5  # of the height that filters, maps and vector take at most
LEAST = 16  # pixels of a neuron's row
GAP = 6  # pixels between rows


@dataclass(frozen=True)
class MapsSheet:
    """The places on a rectangle. Rows count from the first neuron of the page."""

    rect: QRectF
    scale: float  # of the text
    line: float  # pixels of a line of small text
    maps: int
    neurons: int
    proportion: float  # columns over rows of a picture
    entries: int  # of the vector

    def _px(self, pixels: float) -> float:
        return pixels * self.scale

    @cached_property
    def side(self) -> float:
        """The height of a map, and of the picture left of the maps."""
        rests = self._px(4 * GAP + 14) + 2 * self.line
        high = (TOP * self.rect.height() - rests) / (1 + 2 * SMALL)
        room = self.rect.width() - self._px(RIGHT + 4 * self.maps)
        wide = min((room - self._px(LEFT)) / self.maps, (room - self._px(BESIDE)) / (self.maps + 1))
        return max(6.0, min(high, wide / self.proportion))

    @cached_property
    def left(self) -> float:
        """The width of the names, and of the picture among them."""
        return max(self._px(LEFT), self.side * self.proportion + self._px(BESIDE))

    @cached_property
    def column(self) -> float:
        """The width of a map's column."""
        return max(1.0, (self.rect.width() - self.left - self._px(RIGHT)) / self.maps)

    def _middle(self, m: int) -> float:
        return self.rect.left() + self.left + (m + 0.5) * self.column

    def _picture(self, m: int, top: float, side: float) -> QRectF:
        """A picture of a height, in the middle of the column of a map."""
        width = side * self.proportion
        return QRectF(self._middle(m) - width / 2, top, width, side)

    # From the picture to the vector

    def number(self, m: int) -> QRectF:
        """Where the number of a map stands."""
        return QRectF(self._middle(m) - self.column / 2, self.rect.top(), self.column, self.line)

    def filter(self, m: int) -> QRectF:
        """The filter of a map, a square."""
        side = SMALL * self.side
        return QRectF(self._middle(m) - side / 2, self.rect.top() + self.line + self._px(2), side, side)

    def map(self, m: int) -> QRectF:
        """The map, as large as the picture."""
        return self._picture(m, self.filter(0).bottom() + self._px(GAP), self.side)

    @cached_property
    def image(self) -> QRectF:
        """The picture that the filters are moved over, left of the maps."""
        return QRectF(self.rect.left(), self.map(0).top(), self.side * self.proportion, self.side)

    def pooled(self, m: int) -> QRectF:
        """The pooled map."""
        return self._picture(m, self.map(0).bottom() + self._px(GAP), SMALL * self.side)

    @cached_property
    def vector(self) -> QRectF:
        """The whole vector, a strip under all maps."""
        left = self.rect.left() + self.left
        top = self.pooled(0).bottom() + self._px(1.5 * GAP)
        return QRectF(left, top, self.column * self.maps, self._px(11))

    def segment(self, m: int) -> QRectF:
        """What a map has of the vector."""
        strip = self.vector
        return QRectF(strip.left() + m * self.column, strip.top(), self.column, strip.height())

    def entry(self, m: int, place: int) -> QRectF:
        """One entry of the vector: the `place`-th of a map."""
        segment, wide = self.segment(m), self.column * self.maps / max(self.entries, 1)
        return QRectF(segment.left() + place * wide, segment.top(), wide, segment.height())

    @cached_property
    def indices(self) -> QRectF:
        """The line under the vector: where the part of each map begins."""
        strip = self.vector
        return QRectF(strip.left(), strip.bottom() + self._px(3), strip.width(), self.line)

    # The neurons

    @cached_property
    def _below(self) -> QRectF:
        """The room of the neurons, under the indices of the vector."""
        top = self.indices.bottom() + self._px(2)
        return QRectF(self.rect.left(), top, self.rect.width(), max(1.0, self.rect.bottom() - top))

    @cached_property
    def on_page(self) -> int:
        """How many neurons there are on a page."""
        room = self._below.height()
        if self.neurons * self._px(LEAST) <= room:
            return self.neurons
        return max(1, int((room - self.line) / self._px(LEAST)))

    @cached_property
    def _row(self) -> float:
        footer = self.line if self.on_page < self.neurons else 0.0
        return (self._below.height() - footer) / max(self.on_page, 1)

    @cached_property
    def written(self) -> bool:
        """Whether there is room under the weights for what a map adds."""
        return self._row >= self.line + self._px(20) and self.column >= self._px(36)

    def row(self, k: int) -> QRectF:
        """The row of the k-th neuron of the page."""
        return QRectF(self.rect.left(), self._below.top() + k * self._row, self.rect.width(), self._row)

    def weights(self, k: int, m: int) -> QRectF:
        """The weights of a neuron for a map."""
        row = self.row(k)
        room = self._row - self._px(4) - (self.line if self.written else 0.0)
        side = max(4.0, min(room, (self.column - self._px(4)) / max(self.proportion, 1.0), 1.4 * self.side))
        return self._picture(m, row.top(), side)

    def added(self, k: int, m: int) -> QRectF:
        """Where it is written what a map adds to the sum of a neuron."""
        below = self.weights(k, m).bottom()
        return QRectF(self._middle(m) - self.column / 2, below, self.column, self.line)

    def name(self, k: int) -> QRectF:
        """Where the name of a neuron stands."""
        spot = self.weights(k, 0)
        return QRectF(self.rect.left(), spot.top(), self._px(LEFT - 8), spot.height())

    def sum(self, k: int) -> QRectF:
        """Where its sum stands."""
        spot = self.weights(k, 0)
        return QRectF(self.vector.right() + self._px(6), spot.top(), self._px(RIGHT - 6), spot.height())

    @cached_property
    def footer(self) -> QRectF:
        """Where it is told which neurons are on the page."""
        return QRectF(self.rect.left(), self.rect.bottom() - self.line, self.rect.width(), self.line)

    def at(self, area: QRectF, place: QPointF, rows: int, columns: int) -> tuple[int, int] | None:
        """The row and the column of a picture that are at a place."""
        if not area.contains(place):
            return None
        row = int((place.y() - area.top()) / area.height() * rows)
        column = int((place.x() - area.left()) / area.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def cell(self, area: QRectF, at: tuple[int, int], size: tuple[int, int]) -> QRectF:
        """Where a row and a column are in a picture of a size."""
        high, wide = area.height() / size[0], area.width() / size[1]
        return QRectF(area.left() + at[1] * wide, area.top() + at[0] * high, wide, high)

    def beside(self, row: QRectF, left: bool) -> QRectF:
        """The line of words left or right of a row."""
        top = row.center().y() - self.line / 2
        begin = self.rect.left() if left else self.vector.right() + self._px(6)
        end = self.vector.left() - self._px(4) if left else self.rect.right()
        return QRectF(begin, top, end - begin, self.line)
