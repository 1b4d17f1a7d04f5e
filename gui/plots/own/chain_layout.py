"""The places of the cells, the texts and the arrows of a chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from gui.look.numbers import SUPERSCRIPTS
from gui.look.theme import Stroke, Theme
from gui.plots.painting import unbroken, wrapped
from gui.plots.scale import FloatArray

TALLEST, WIDEST = 84, 184  # the largest cell, in pixels at the ordinary size
SMALLEST = 0.7  # the least size of letters, relative to small text
READABLE, TINY = 12, 10  # pixels of letters: what can be read well, and the least of a number in a cell
NAMES = 0.2  # the most of the width for the names of the rows
GAPS = 0.42  # the most of the width for the arrows
APART = 3  # pixels between the texts over, or under, two columns
LOW, LOWER = 36, 26  # pixels of height for each row; below them captions have one line, or none


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


class Layout:
    """The rectangles of everything. A column that is shorter than the others stands in the middle.

    The arrows get the width that their texts need, up to a limit, and the columns share the rest equally.
    """

    def __init__(
        self,
        theme: Theme,
        rect: QRectF,
        columns: Sequence[ChainColumn],
        rows: Sequence[str],
        arrows: Sequence[str | None],
    ) -> None:
        bold, small, px = (
            QFontMetricsF(theme.font(bold=True)),
            QFontMetricsF(theme.font(theme.small_px)),
            theme.px,
        )
        self._ends, self.apart = (rect.left(), rect.right() + px(APART)), px(APART)
        self.counts = [len(column.values) for column in columns]
        self.count = max(self.counts, default=0)  # rows of the longest column
        names = min(max(map(bold.horizontalAdvance, rows), default=0.0), NAMES * rect.width())
        self.names_width, names = names - (0 if rows else px(8)), names + (px(8) if rows else 0)
        wanted = [_wanted(theme, small, words) for words in arrows]
        shrink = min(1.0, GAPS * (rect.width() - names) / max(sum(wanted), 1.0))
        self.gaps = [gap * shrink for gap in wanted]  # between the columns
        free = rect.width() - names - sum(self.gaps) - 2
        self.width = min(max(free / max(len(columns), 1), 8.0), float(px(WIDEST)))  # of a cell
        self.left = rect.center().x() - (names + sum(self.gaps) + len(columns) * self.width) / 2
        self.lefts = [self.left + names + k * self.width + sum(self.gaps[:k]) for k in range(len(columns))]
        # Heads, cells, feet from top to bottom
        self.tiny_px = min(int(SMALLEST * theme.small_px), READABLE)
        count, tiny = max(self.count, 1), theme.metrics(self.tiny_px)
        rooms = tuple(self._over(k, 0.0, 0.0).width() for k in range(len(columns)))
        lines = _caption_lines([column.caption for column in columns], rooms, small, tiny)
        self.foot_name, self.feet = _feet([column.foot for column in columns], rooms, tiny)
        if rect.height() < px(LOW) * count:  # the cells need the room more than the texts
            lines = 0 if rect.height() < px(LOWER) * count else min(lines, 1)
        self.titles_px, title_lines = _titles(theme, tuple(column.title for column in columns), rooms)
        high = max(bold.height(), title_lines * theme.metrics(self.titles_px, bold=True).height())
        self.heads = high + px(5), lines * small.height() + px(5)  # of a title, of a caption
        self.foot_height = small.height() + px(3) if any(column.foot for column in columns) else 0.0
        pitch = max((rect.height() - sum(self.heads) - self.foot_height) / count, 4.0)
        self.spacing = min(float(px(4)), 0.14 * pitch)  # between two cells of a column
        self.height = min(pitch - self.spacing, float(px(TALLEST)))
        self.pitch = self.height + self.spacing
        block = sum(self.heads) + count * self.pitch + self.foot_height
        self.head = rect.top() + max(0.0, (rect.height() - block) / 3)
        self.top = self.head + sum(self.heads)  # of the first cell of the longest column
        self.name_px = max(1, min(theme.text_px, int(0.86 * self.height)))

    def cell(self, column: int, row: int) -> QRectF:
        """Return the rectangle of a cell."""
        down = row + (self.count - self.counts[column]) / 2
        return QRectF(self.lefts[column], self.top + down * self.pitch, self.width, self.height)

    def name_of_feet(self) -> QRectF:
        """Return the place of what all feet begin with, if it is not written at each of them."""
        return QRectF(self.left, self.top + self.count * self.pitch, self.names_width, self.foot_height)

    def row_name(self, row: int) -> QRectF:
        """Return the place of the name of a row, left of the first column."""
        return QRectF(self.left, self.top + row * self.pitch, self.names_width, self.height)

    def _over(self, column: int, top: float, height: float) -> QRectF:
        """Return a strip over a column, as wide as its neighbours and the edges of the plot allow."""
        left, right = self.lefts[column], self.lefts[column] + self.width
        before = (self.gaps[column - 1] - self.apart) / 2 if column else left - self._ends[0]
        last = column == len(self.gaps)
        after = self._ends[1] - right if last else (self.gaps[column] - self.apart) / 2
        left, right = left - max(0.0, before), right + max(0.0, after)
        return QRectF(left, top, right - left, height)

    def centred(self, column: int, strip: QRectF, wide: float) -> QRectF:
        """Return the place of a text in the strip of a column: centred on its cells if there is room."""
        left = self.lefts[column] + (self.width - wide) / 2
        left = max(min(left, strip.right() - wide), strip.left())
        return QRectF(left, strip.top(), min(wide, strip.width()), strip.height())

    def title(self, column: int) -> QRectF:
        """Return the place of the title of a column."""
        return self._over(column, self.head, self.heads[0])

    def caption(self, column: int) -> QRectF:
        """Return the place of the text under the title."""
        return self._over(column, self.head + self.heads[0], self.heads[1])

    def foot(self, column: int) -> QRectF:
        """Return the place of the line below a column; it may reach under half of one that has none."""
        strip, half = self._over(column, self.top + self.count * self.pitch, self.foot_height), self.width / 2
        if column and not self.feet[column - 1]:
            strip.setLeft(self.lefts[column - 1] + half)
        if column + 1 < len(self.feet) and not self.feet[column + 1]:
            strip.setRight(self.lefts[column + 1] + half)
        if self.foot_name and not column:
            strip.setLeft(max(strip.left(), self.name_of_feet().right() + self.apart / 2))
        return strip

    def gap(self, index: int) -> QRectF:
        """Return the space between a column and the next, at the height of the cells."""
        left = self.lefts[index] + self.width
        return QRectF(left, self.top, self.gaps[index], self.count * self.pitch - self.spacing)


def _wanted(theme: Theme, metrics: QFontMetricsF, words: str | None) -> float:
    """Return the width that an arrow needs for its text."""
    if words is None:
        return theme.px(8)
    return max(metrics.horizontalAdvance(words) + theme.px(14), float(theme.px(26)))


def least_px(theme: Theme) -> int:
    """Return the least size of letters in pixels: a lecture, where all are larger, has more to give up."""
    return max(TINY, int(SMALLEST * theme.small_px))


@lru_cache(maxsize=64)
def _titles(theme: Theme, titles: tuple[str, ...], rooms: tuple[float, ...]) -> tuple[int, int]:
    """Return the size of letters of the titles in pixels, and in how many lines each of them fits."""
    sizes, least = range(theme.text_px, theme.small_px - 1, -1), least_px(theme)
    for lines, px in (*product((1, 2), sizes), *((2, px) for px in range(theme.small_px - 1, least - 1, -1))):
        metrics = theme.metrics(px, bold=True)
        if all(_fit(title, metrics, room, lines) for title, room in zip(titles, rooms, strict=True)):
            return px, lines
    return least, 1


def _fit(text: str, metrics: QFontMetricsF, room: float, lines: int) -> bool:
    whole = all(metrics.horizontalAdvance(part) <= room + 1 for part in unbroken(text))
    return (whole or lines == 1) and len(wrapped(text, metrics, room + 1)) <= lines


def _caption_lines(
    captions: Sequence[str], rooms: Sequence[float], small: QFontMetricsF, tiny: QFontMetricsF
) -> int:
    """Return the number of lines of the captions: none, if one of them would be cut."""
    found = 0
    for caption, room in zip(captions, rooms, strict=True):
        whole = all(small.horizontalAdvance(part) <= room for part in unbroken(caption))
        count = _lines(small, caption, room) if whole else 1 if caption else 0
        if (count > 2 or not whole) and tiny.horizontalAdvance(caption) > room + 1:
            return 0
        found = max(found, min(count, 2))
    return found


def _feet(feet: Sequence[str], rooms: Sequence[float], tiny: QFontMetricsF) -> tuple[str, list[str]]:
    """Return what all feet begin with, if for want of room it is written once beside them; and the feet."""
    begins = {foot.partition(" = ")[0] for foot in feet if foot}
    fit = all(tiny.horizontalAdvance(foot) <= room for foot, room in zip(feet, rooms, strict=True))
    if fit or len(begins) != 1:
        return "", list(feet)
    return begins.pop(), [foot.partition(" = ")[2] for foot in feet]


def _lines(metrics: QFontMetricsF, text: str, width: float) -> int:
    """Return the number of lines of a text in a width."""
    if not text:
        return 0
    area = QRectF(0, 0, max(width, 1.0), 1000)
    return round(metrics.boundingRect(area, int(Qt.TextFlag.TextWordWrap), text).height() / metrics.height())


def written_with(value: float, digits: int) -> str:
    """Return a number with this many significant digits: 0.2689, 1.3×10⁻⁸, −∞; zero is 0."""
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
