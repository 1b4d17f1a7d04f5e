"""A legend above a plot: a piece of each line, its name and, if asked for, its present value."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.look.numbers import number_text
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.lines import pen, spot
from gui.plots.painting import LEFT, RIGHT, put_text
from gui.plots.readout import Row

KeyRow = list[tuple[float, str, Stroke, float]]  # x, name, stroke, opacity
SWATCH, BESIDE, APART = 24, 29, 46  # pixels: the piece of line, up to the name, an entry without its name
WIDEST = "−0.0×10⁻⁰⁰"  # the widest number; one with more digits is shortened


@dataclass(frozen=True)
class Key:
    """A legend broken into rows, with room of the width `values` after each name.

    `missing` are the names without room; how many is written after the last row, in `counted` pixels that
    are kept free at the right.
    """

    rows: list[KeyRow] = field(default_factory=list)
    values: float = 0.0
    missing: tuple[str, ...] = ()
    counted: float = 0.0

    @classmethod
    def fitting(
        cls,
        theme: Theme,
        entries: Sequence[tuple[str, Stroke, float]],
        size: tuple[float, int],
        values: float = 0.0,
    ) -> "Key":
        """Break a legend into rows: as many entries as there are places in `size`, pixels across and rows."""
        (width, most), metrics = size, theme.metrics()
        rows = key_rows(theme, entries, width, metrics, values)
        if len(rows) <= most:
            return cls(rows, values)
        counted = metrics.horizontalAdvance(more(len(entries))) + theme.px(6)
        rows = key_rows(theme, entries, width - counted, metrics, values)[:most]
        missing = entries[sum(map(len, rows)) :]
        return cls(rows, values, tuple(name for name, *_ in missing), counted)

    @property
    def names(self) -> list[str]:
        """All names, also those that have no room."""
        return [*(name for row in self.rows for _, name, *_ in row), *self.missing]

    def within(self, rect: QRectF) -> QRectF:
        """Return the room of the entries in that of the legend."""
        return rect.adjusted(0, 0, -self.counted, 0)

    def draw_count(self, painter: QPainter, theme: Theme, rect: QRectF) -> None:
        """Write how many names have no room, at the end of the last row."""
        if self.missing:
            line = metrics_of(painter.font()).height()
            room = QRectF(rect.left(), rect.top() + (len(self.rows) - 1) * line, rect.width(), line)
            put_text(painter, room, RIGHT, more(len(self.missing)), theme.quiet)


def more(count: int) -> str:
    """Say how many names have no room: +3."""
    return f"+{count}"


def value_room(theme: Theme, font_metrics: QFontMetricsF) -> float:
    """Return the width of a value beside a name."""
    return font_metrics.horizontalAdvance(WIDEST) + theme.px(5)


def key_rows(
    theme: Theme,
    entries: Iterable[tuple[str, Stroke, float]],
    width: float,
    font_metrics: QFontMetricsF,
    values: float = 0.0,
) -> list[KeyRow]:
    """Break the entries (name, stroke, opacity) of a legend into rows; `values` is the room after names."""
    rows: list[KeyRow] = []
    x, beside = width, theme.px(APART) + values
    for name, stroke, alpha in entries:
        room = beside + min(font_metrics.horizontalAdvance(name), width - beside)
        if x + room > width + theme.px(14) or not rows:
            rows.append([])
            x = 0.0
        rows[-1].append((x, name, stroke, alpha))
        x += room
    return rows


def draw_key(
    painter: QPainter,
    theme: Theme,
    rect: QRectF,
    rows: list[KeyRow],
    values: float = 0.0,
    spots: Collection[tuple[str, Stroke]] = (),
) -> None:
    """Draw a legend: a piece of each line, its name, and room of the width `values`.

    An entry in `spots` has a point instead of a line, as in the plot.
    """
    line = metrics_of(painter.font()).height()
    for k, row in enumerate(rows):
        y = rect.top() + (k + 0.5) * line
        for x, name, stroke, alpha in row:
            left = rect.left() + x
            if (name, stroke) in spots:
                painter.setOpacity(alpha)
                spot(painter, theme, QPointF(left + theme.px(SWATCH) / 2, y), stroke, theme.px(3))
                painter.setOpacity(1.0)
            else:
                painter.setPen(pen(stroke, 2.0, alpha))
                painter.drawLine(QPointF(left, y), QPointF(left + theme.px(SWATCH), y))
            painter.setPen(QColor(theme.text if alpha > 0.9 else theme.quiet))
            beside = theme.px(BESIDE)
            put_text(
                painter,
                QRectF(left + beside, y - line / 2, rect.right() - left - beside - values, line),
                LEFT,
                name,
            )


def draw_values(
    painter: QPainter,
    theme: Theme,
    rect: QRectF,
    rows: list[KeyRow],
    values: Mapping[tuple[str, Stroke], Row],
) -> None:
    """Write the present value of each line of a legend, if it is known."""
    metrics = metrics_of(painter.font())
    line, room = metrics.height(), value_room(theme, metrics)
    for k, row in enumerate(rows):
        for x, name, stroke, alpha in row:
            if (name, stroke) not in values:
                continue
            told = values[name, stroke]
            if told.text in name:
                continue
            fits = metrics.horizontalAdvance(told.text) <= room  # a power of ten may be too wide
            text = told.text if fits else number_text(told.value, 2).strip()
            left = rect.left() + x + theme.px(BESIDE)
            left = min(left + metrics.horizontalAdvance(name), rect.right() - room) + theme.px(5)
            painter.setPen(QColor(theme.ink(stroke.colour) if alpha > 0.9 else theme.quiet))
            put_text(painter, QRectF(left, rect.top() + k * line, room, line), LEFT, text)
