"""The drawing of a plot of bars: where each bar, name, value and lock stands, and how it is painted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isinf

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.axes import Axes, lay_out
from gui.plots.bar_graph import GroupedBars
from gui.plots.described import Columns
from gui.plots.grip import draw_lock, hatch
from gui.plots.legend import KeyRow, draw_key, key_rows
from gui.plots.name_axis import NameAxis
from gui.plots.painting import CENTRE, RIGHT, clipped, faded, level, put_note, put_text
from gui.plots.room import Pixels
from gui.plots.scale import FloatArray, Range, Scale
from gui.plots.things import Thing, corners_of
from gui.plots.tick_axis import TickAxis
from gui.plots.ticks import Ticks, texts
from gui.plots.zoom import ZoomPanel

WIDEST = 110  # pixels of a group of bars
Bar = tuple[int, int]  # which series, which label


@dataclass(frozen=True, eq=False)
class Bars:
    """One series: a value for each label."""

    key: str
    name: str
    values: FloatArray
    stroke: Stroke
    locked: frozenset[int] = frozenset()  # indices of bars with a padlock under them
    padded: frozenset[int] = frozenset()  # indices that the data do not have, filled with 0 and hatched
    still: bool = False  # whether none of them can be moved now


class BarsPicture(ZoomPanel):
    """Vertical bars over labels, from 0 up or down; ∞ reaches to the edge, with the sign ∞ above.

    `graphs` has a BarGraphItem for each series.
    """

    named_x = True

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.labels: tuple[str, ...] = ()
        self.series: tuple[Bars, ...] = ()
        self.graphs: list[GroupedBars] = []
        self.limits: Range | None = None  # the fixed range of the vertical axis
        self._steady: Range | None = None  # the visible range while a bar is dragged
        self._marked_label: int | None = None
        self._passing = False
        self._pointed: Bar | None = None  # the bar under the mouse
        self._chosen: Bar = (0, 0)  # the bar that the keys move
        self.lockable = False  # whether bars can be locked
        self._refit()

    def _sides(self) -> dict[str, TickAxis]:
        self._names = NameAxis(self.theme)
        return {"bottom": self._names}

    def set_axes(self, x: tuple[str, str], y: tuple[str, str], y_limits: Range) -> None:
        """Name the axes, (label, unit) each; limits such as (0, 1) fix the vertical range."""
        self.x_axis, self.y_axis, self.limits = Scale(*x), Scale(*y), y_limits
        self._refit()

    def set_bars(
        self,
        labels: Sequence[str],
        series: Sequence[Bars],
        highlight: int | None = None,
        passing: bool = False,
    ) -> None:
        """Show these bars; `highlight` marks one label, such as the true class.

        A `passing` highlight marks what the user looks at, such as the step: it is not drawn on paper.
        """
        self.labels, self.series, self._passing = tuple(labels), tuple(series), passing
        self._marked_label = highlight
        self._fill_graphs()
        self._refit()

    def _fill_graphs(self) -> None:
        """Give each series an item of its own, with its values."""
        if len(self.graphs) != len(self.series):
            count, widest = len(self.series), self.theme.px(WIDEST)
            made = [GroupedBars(which, count, widest) for which in range(count)]
            self.graphs = self.plot.exchange(self.graphs, made)
        for graph, bars in zip(self.graphs, self.series, strict=True):
            strong, faint = (QBrush(faded(bars.stroke.colour, alpha)) for alpha in (0.85, 0.4))
            told = [self._marked_label in (None, k) for k in range(len(self.labels))]
            graph.setValues(
                np.asarray(bars.values, float)[: len(self.labels)],
                pg.mkPen(bars.stroke.colour, width=1.5),
                [strong if one else faint for one in told],
            )
            graph.unmarked = strong if self._passing else None

    def _refit(self) -> None:
        """Show all bars, unless the user has zoomed."""
        self.home = (-0.5, max(len(self.labels), 1) - 0.5), self._range()
        self.redraw()

    def _paint_motion(self) -> None:
        self.redraw()  # the bars are part of the kept picture

    @property
    def sight(self) -> object:
        """Return the labels: while they are the same, a zoom is kept, also when bars grow."""
        return self.home[0]

    def table(self) -> Columns:
        """Return the labels, then each series."""
        columns = ((self.y_axis.head(bars.name), bars.values) for bars in self.series)
        return [(self.x_axis.name or tr("label"), self.labels), *columns]

    def _value(self, bar: Bar) -> float:
        return float(self.series[bar[0]].values[bar[1]])

    # Places

    def _range(self) -> Range:
        return self._steady or self.limits or (0.0, 1.0)

    def _key(self, rect: QRectF) -> list[KeyRow]:
        if len(self.series) < 2:
            return []
        entries = [(bars.name, Stroke(bars.stroke.colour), 1.0) for bars in self.series if bars.name]
        return key_rows(self.theme, entries, rect.width(), self.metrics)

    @property
    def _lock_row(self) -> float:
        """Return the height of the row of locks under the bars."""
        any_locked = any(bars.locked for bars in self.series)
        return self.theme.px(15) if self.lockable or any_locked else 0.0

    def _lay_out(self, rect: QRectF, live: bool = True) -> Axes:
        names = self.line_height + self.theme.px(2) + self._lock_row
        space = rect.adjusted(0, self._head_height(rect), 0, -names)
        axes = lay_out(space, self.theme, Scale(), self.y_axis, self.ranges, numbers=self.room_kept(live))
        caption = "" if self._empty else self.x_axis.caption
        self._names.setNames(self.labels, caption, self._highlight, self._lock_row)
        return replace(axes, x_ticks=Ticks((), ()))

    def _head_height(self, rect: QRectF) -> float:
        return (len(self._key(rect)) + 1) * self.line_height

    def _head(self, axes: Axes) -> QRectF:
        """Return the room over the plot, for the legend and for values over the highest bars."""
        height = self._head_height(axes.outer)
        return QRectF(axes.outer.left(), axes.outer.top() - height, axes.outer.width(), height)

    def _slot(self, axes: Axes, which: int, k: int) -> QRectF:
        """Return the column of a bar, as high as the plot."""
        return self.graphs[which].slot(axes, k)

    def _bar(self, axes: Axes, which: int, k: int) -> QRectF:
        """Return the rectangle of a bar; ∞ reaches to the edge."""
        return self.graphs[which].bar(axes, k)

    def thing(self, key: str) -> Thing | None:
        """The bars of a series, by its key."""
        which = next((k for k, bars in enumerate(self.series) if bars.key == key), None)
        if which is None:
            return super().thing(key)
        bars = self.series[which]
        return Thing(bars.name, bars.stroke.colour, partial(self._outline_of, which), True)

    def _outline_of(self, which: int) -> Pixels:
        """Return the corners of the visible bars of a series."""
        axes = self.axes()
        spots = (self._bar(axes, which, k) for k in range(len(self.labels)))
        return corners_of(spot for spot in spots if self._seen(axes, spot))

    def _seen(self, axes: Axes, spot: QRectF) -> bool:
        """Whether a column is in the visible range."""
        return axes.plane.rect.left() <= spot.center().x() <= axes.plane.rect.right()

    def _lock_spot(self, axes: Axes, which: int, k: int) -> QRectF:
        slot = self._slot(axes, which, k)
        side = min(self.theme.px(10), max(4.0, 0.9 * slot.width()))
        return QRectF(slot.center().x() - side / 2, slot.bottom() + self.theme.px(3), side, 1.15 * side)

    # Drawing

    @property
    def _highlight(self) -> int | None:
        """Return the label that is marked now."""
        return self._marked_label if self.tells_step or not self._passing else None

    @property
    def _empty(self) -> bool:
        return not self.labels or not self.series

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self._empty:
            super()._draw_under(painter, axes, live)
            self._draw_padding(painter, axes)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        head = self._head(axes)
        if self._empty:
            self._say(painter, QRectF(head.topLeft(), axes.outer.bottomRight()), self.empty_words)
            return
        draw_key(painter, self.theme, head, self._key(head))
        self._draw_values(painter, axes)
        if axes.plane.y[0] < 0 < axes.plane.y[1]:
            painter.setPen(QPen(QColor(self.theme.quiet), 1))
            level(painter, axes.plane.rect, float(axes.plane.py(0.0)))
        self._draw_locks(painter, axes, shut=True)

    def _draw_padding(self, painter: QPainter, axes: Axes) -> None:
        """Hatch the columns of outcomes that a series does not have, and say what that means."""
        for which, bars in enumerate(self.series):
            for k in bars.padded:
                if k < len(self.labels):
                    slot, colour = self._slot(axes, which, k), faded(bars.stroke.colour, 0.45)
                    with clipped(painter, axes.plane.rect):
                        hatch(painter, slot, colour, self.theme.px(7))
        if any(bars.padded for bars in self.series):
            head, words = self._head(axes), tr("hatched: padded with 0")
            used = max((x + self.theme.px(70) for x, *_ in (self._key(head) or [[]])[0]), default=0.0)
            line = QRectF(head.left() + used, head.top(), head.width() - used, self.line_height)
            put_text(painter, line, RIGHT, words, self.theme.quiet)

    def _draw_values(self, painter: QPainter, axes: Axes) -> None:
        """Write the value of each bar, if they have room side by side; ∞ always.

        Without room, a value that all bars over a label share is written once.
        """
        group = axes.plane.rect.width() / (axes.plane.x[1] - axes.plane.x[0])
        room = group if len(self.series) == 1 else self._bar(axes, 0, 0).width() - 2
        written, px = self._texts(self.metrics, room)
        wide = QFontMetricsF(self.theme.font(px)).horizontalAdvance
        short = max((wide(text) for row in written for text in row), default=0.0) > room + 2
        for k, texts_over in enumerate(zip(*written, strict=True)):
            once = short and len(set(texts_over)) == 1 and wide(texts_over[0]) <= group
            for which, (bars, text) in enumerate(zip(self.series, texts_over, strict=True)):
                spot, value = self._bar(axes, which, k), float(bars.values[k])
                within = k not in bars.padded and self.graphs[which].within(axes, k)
                fits = isinf(value) or wide(text) <= room + 2
                if once and not isinf(value):
                    spot.setRight(self._bar(axes, len(self.series) - 1, k).right())
                    fits = not which
                if fits and within and self._seen(axes, spot):
                    painter.setFont(self.theme.font(self.theme.text_px if isinf(value) else px))
                    self._write_value(painter, axes, spot, value, text)
        painter.setFont(self.theme.font())

    def _write_value(self, painter: QPainter, axes: Axes, spot: QRectF, value: float, text: str) -> None:
        """Write a value above its bar or below it; at the lower edge of the plot, inside the bar."""
        metrics, x = metrics_of(painter.font()), spot.center().x()
        height, room = metrics.height(), metrics.horizontalAdvance(text) / 2 + 2
        y = spot.bottom() + 1 if value < 0 else spot.top() - height - 1
        if y + height > axes.plane.rect.bottom() and value < 0:
            at = QPointF(x - room - self.theme.px(4), axes.plane.rect.bottom() - height - 4)
            put_note(painter, self.theme, at, text)
        else:
            painter.setPen(QColor(self.theme.text))
            painter.drawText(QRectF(x - room, y, 2 * room, height), CENTRE, text)

    def _texts(self, metrics: QFontMetricsF, room: float) -> tuple[list[list[str]], int]:
        """Return the values in the longest form in which all fit, and the size of the letters.

        Smaller letters come before fewer decimals: 0.125 is not 0.13.
        """
        count = len(self.labels)
        ways = texts(float(value) for bars in self.series for value in bars.values[:count])
        widths = [max(map(metrics.horizontalAdvance, way)) for way in ways]
        least = self.theme.small_px / self.theme.text_px
        eased = (1.0, *(least for _ in ways[1:]))  # four digits only in letters of the usual size
        fitting = (k for k, width in enumerate(widths) if width * eased[k] <= room + 2)
        best = next(fitting, len(ways) - 1)
        share = min(1.0, max(0.65, room / widths[best]))
        rows = [ways[best][k * count : (k + 1) * count] for k in range(len(self.series))]
        return rows, max(self.theme.small_px, int(self.theme.text_px * share))

    def _draw_locks(self, painter: QPainter, axes: Axes, shut: bool) -> None:
        """Draw the locks that are closed, or those that are open."""
        for which, bars in enumerate(self.series):
            for k in range(len(self.labels)):
                seen = self._seen(axes, self._slot(axes, which, k))
                if seen and k not in bars.padded and (k in bars.locked) is shut:
                    draw_lock(painter, self.theme, self._lock_spot(axes, which, k), shut)
