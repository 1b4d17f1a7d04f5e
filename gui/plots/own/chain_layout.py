"""Where the cells, the words and the arrows of a chain are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from gui.look.numbers import SUPERSCRIPTS
from gui.look.theme import Stroke, Theme
from gui.plots.scale import FloatArray

TALLEST, WIDEST = 34, 132  # of a cell, in pixels at the ordinary size
NAMES = 0.2  # of the width at most, for the names of the rows
GAPS = 0.42  # of the width at most, for the arrows
LOW, LOWER = 36, 26  # pixels of height for each row, below which captions get one line, and none


@dataclass(frozen=True, eq=False)
class ChainColumn:
    """One row of numbers, drawn as a column.

    Amounts are tinted with the colour of `stroke`; `signed` numbers blue below 0 and vermilion above.
    `limit` is the size that has the deepest colour; without it the largest there is. Where `wrong` is
    true, a cell has a red frame and a ✗. `foot` is written below, such as "Σ = 1.000". A column shorter
    than the others stands in the middle; NaN is written – .
    """

    title: str
    caption: str
    values: FloatArray
    stroke: Stroke
    signed: bool = False
    wrong: NDArray[np.bool_] | None = None
    foot: str = ""
    limit: float | None = None


@dataclass(frozen=True)
class Layout:
    """Rectangles of everything. Cells of a column that is shorter than the others stand in the middle."""

    lefts: tuple[float, ...]  # of the columns
    gaps: tuple[float, ...]  # between them
    counts: tuple[int, ...]  # cells of each column
    width: float  # of a cell
    height: float
    spacing: float  # between two cells of a column
    top: float  # of the first cell of the longest column
    heads: tuple[float, float, float]  # top of the titles, height of a title, height of a caption
    names_left: float
    names_width: float
    name_px: int
    small_px: int
    arrow_px: int
    foot_height: float

    @property
    def count(self) -> int:
        """Rows of the longest column."""
        return max(self.counts, default=0)

    @property
    def pitch(self) -> float:
        """From row to row."""
        return self.height + self.spacing

    def cell(self, column: int, row: int) -> QRectF:
        """A cell."""
        down = row + (self.count - self.counts[column]) / 2
        return QRectF(self.lefts[column], self.top + down * self.pitch, self.width, self.height)

    def row_name(self, row: int) -> QRectF:
        """Where the name of a row is, left of the first column."""
        return QRectF(self.names_left, self.top + row * self.pitch, self.names_width, self.height)

    def _over(self, column: int, top: float, height: float) -> QRectF:
        """A strip centred on a column, as wide as the neighbours leave it."""
        edges = (0.0, *self.gaps, 0.0)
        room = self.width + 0.9 * min(edges[column] or edges[column + 1], edges[column + 1] or edges[column])
        middle = self.lefts[column] + self.width / 2
        return QRectF(middle - room / 2, top, room, height)

    def title(self, column: int) -> QRectF:
        """Where the title of a column is."""
        return self._over(column, self.heads[0], self.heads[1])

    def caption(self, column: int) -> QRectF:
        """Where the words under the title are."""
        return self._over(column, self.heads[0] + self.heads[1], self.heads[2])

    def foot(self, column: int) -> QRectF:
        """Where the line below a column is."""
        return self._over(column, self.top + self.count * self.pitch, self.foot_height)

    def gap(self, index: int) -> QRectF:
        """The space between a column and the next, at the height of the cells."""
        left = self.lefts[index] + self.width
        return QRectF(left, self.top, self.gaps[index], self.count * self.pitch - self.spacing)


def lay_out(
    theme: Theme,
    rect: QRectF,
    columns: Sequence[ChainColumn],
    rows: Sequence[str],
    arrows: Sequence[str | None],
) -> Layout:
    """Give the arrows what their words need (up to a share of the width), the columns the rest, evenly."""
    small = theme.small_px
    metrics, small_metrics = QFontMetricsF(theme.font(bold=True)), QFontMetricsF(theme.font(small))
    names = max(map(metrics.horizontalAdvance, rows), default=0.0)
    names = min(names, NAMES * rect.width()) + (theme.px(8) if rows else 0)
    wanted = [_wanted(theme, small_metrics, words) for words in arrows]
    shrink = min(1.0, GAPS * (rect.width() - names) / max(sum(wanted), 1.0))
    gaps = tuple(gap * shrink for gap in wanted)
    free = rect.width() - names - sum(gaps) - 2
    width = min(max(free / max(len(columns), 1), 8.0), float(theme.px(WIDEST)))
    # Heads, cells, feet from top to bottom
    narrowest = width + 0.9 * min(gaps, default=0.0)
    lines = min(2, max((_lines(small_metrics, c.caption, narrowest) for c in columns), default=0))
    line = small_metrics.height()
    longest = max((len(column.values) for column in columns), default=1)
    if rect.height() < theme.px(LOW) * longest:  # the cells need the room more than the words
        lines = 0 if rect.height() < theme.px(LOWER) * longest else min(lines, 1)
    title, caption = metrics.height(), lines * line + theme.px(5)
    foot = line + theme.px(3) if any(column.foot for column in columns) else 0.0
    counts = tuple(len(column.values) for column in columns)
    count = max(*counts, 1) if counts else 1
    pitch = max((rect.height() - title - caption - foot) / count, 4.0)
    spacing = min(float(theme.px(4)), 0.14 * pitch)
    height = min(pitch - spacing, float(theme.px(TALLEST)))
    block = title + caption + count * (height + spacing) + foot
    top = rect.top() + max(0.0, (rect.height() - block) / 3)
    used = names + sum(gaps) + len(columns) * width
    left = rect.left() + (rect.width() - used) / 2
    lefts = tuple(left + names + k * width + sum(gaps[:k]) for k in range(len(columns)))
    return Layout(
        lefts, gaps, counts, width, height, spacing, top + title + caption, (top, title, caption),
        left, names - theme.px(8), max(1, min(theme.text_px, int(0.86 * height))), small,
        small, foot,
    )  # fmt: skip


def _wanted(theme: Theme, metrics: QFontMetricsF, words: str | None) -> float:
    """The room that an arrow would like."""
    if words is None:
        return theme.px(8)
    return max(metrics.horizontalAdvance(words) + theme.px(14), float(theme.px(26)))


def _lines(metrics: QFontMetricsF, text: str, width: float) -> int:
    """How many lines a text takes in a width."""
    if not text:
        return 0
    area = QRectF(0, 0, max(width, 1.0), 1000)
    return round(metrics.boundingRect(area, int(Qt.TextFlag.TextWordWrap), text).height() / metrics.height())


def written_with(value: float, digits: int) -> str:
    """A number with so many significant digits: 0.2689, 1.3×10⁻⁸, −∞; zero is 0."""
    if isnan(value):
        return "–"
    sign = "−" if value < 0 else ""
    size = abs(value)
    if not isfinite(size):
        return sign + "∞"
    if size == 0:
        return "0"
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < 6:
        return sign + f"{size:.{max(0, digits - 1 - power)}f}"
    return f"{sign}{mantissa}×10{str(power).translate(SUPERSCRIPTS)}"
