"""Columns of numbered cells from left to right: how one row of numbers becomes the next."""

from collections.abc import Collection, Sequence
from math import isfinite, isnan

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from gui.look.language import tr
from gui.look.theme import BLUE, VERMILION, Theme, metrics_of
from gui.plots.choosing import Choosing
from gui.plots.colours import ink_on
from gui.plots.described import Columns
from gui.plots.motion import LONGEST, part
from gui.plots.own.chain_layout import ChainColumn, Layout, least_px, written_with
from gui.plots.painting import CENTRE, PIECES, RIGHT, mixed, outline, put_text, saved, wrapped
from gui.plots.panel import Panel
from gui.plots.things import Thing, area

__all__ = ["ChainColumn", "ChainPanel", "written_with"]

Cell = tuple[int, int]  # column, row
CAPTION = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
DEEPEST = 0.62  # opacity of the colour of a column in the cell with the largest number
READ = 84.0  # pixels of a column, at the ordinary size of text, in which all numbers can be read
LARGEST, AIRY = 1.4, 3.6  # the factor of the size of letters in cells of at least this many lines
EASED = 0.84  # the factor of the size of letters before digits are left out


class ChainPanel(Choosing, Panel):
    """Cells with a number and a colour, and an arrow with a short text from column to column.

    Cells can be pointed at (`hovered` carries column and row) and, while `selectable`, chosen with the mouse
    or the arrow keys.
    """

    selected = Signal(int, int)
    selection: Cell | None

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.columns: tuple[ChainColumn, ...] = ()
        self.rows: tuple[str, ...] = ()
        self.arrows: tuple[str | None, ...] = ()
        self._highlight: int | None = None
        self._related: frozenset[Cell] = frozenset()
        self.selectable = True  # whether a cell can be chosen

    def set_columns(
        self,
        columns: Sequence[ChainColumn],
        rows: Sequence[str] = (),
        arrows: Sequence[str | None] = (),
        *,
        highlight: int | None = None,
    ) -> None:
        """Show columns, the names of the rows, and the texts over the arrows from each column to the next.

        Where `arrows` has None, or ends early, two columns stand side by side without an arrow. `highlight`
        is a row to emphasise, such as the true class.
        """
        self.columns, self.rows, self._highlight = tuple(columns), tuple(rows), highlight
        self.arrows = tuple(arrows[: len(columns) - 1]) + (None,) * (len(columns) - 1 - len(arrows))
        self.update()

    @property
    def narrowest(self) -> float:
        return READ * len(self.columns)

    def relate(self, cells: Collection[Cell]) -> None:
        """Underline cells, such as those from which the chosen one is computed."""
        if frozenset(cells) != self._related:
            self._related = frozenset(cells)
            self.update()

    def table(self) -> Columns:
        """Return the names of the rows, then each column, filled up with NaN."""
        count = max((len(column.values) for column in self.columns), default=0)
        names = [self._row_name(row) for row in range(count)]
        filled = [
            np.append(np.asarray(column.values, float), np.full(count - len(column.values), np.nan))
            for column in self.columns
        ]
        return [(tr("row"), names), *((c.title, v) for c, v in zip(self.columns, filled, strict=True))]

    def _row_name(self, row: int) -> str:
        return self.rows[row] if row < len(self.rows) else str(row + 1)

    def thing(self, key: str) -> Thing | None:
        """Return a column of cells by its number."""
        if not key.isdecimal() or int(key) >= len(self.columns) or not len(self.columns[int(key)].values):
            return super().thing(key)
        column, layout = self.columns[int(key)], self._lay_out(self._content(self.paper()))
        cells = (layout.cell(int(key), row) for row in range(len(column.values)))
        return area(column.title, column.stroke.colour, *cells)

    # Drawing

    def _motion_time(self) -> int:
        return LONGEST

    def _lay_out(self, rect: QRectF) -> Layout:
        return Layout(self.theme, rect, self.columns, self.rows, self.arrows)

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not any(len(column.values) for column in self.columns):
            self._say(painter, rect, self.empty_words)
            return
        layout = self._lay_out(rect)
        self._draw_row_names(painter, layout)
        written, px = self._texts(layout)
        for k, column in enumerate(self.columns):
            self._draw_head_and_foot(painter, layout, k)
            painter.setFont(self.theme.font(px))
            painter.setOpacity(part(self.share, k, len(self.columns)))  # in an animation, from left to right
            for row, text in enumerate(written[k]):
                self._draw_cell(painter, layout.cell(k, row), column, row, text)
            painter.setOpacity(1.0)
        for k, words in enumerate(self.arrows):
            if words is not None and part(self.share, k + 1, len(self.columns)):
                self._draw_arrow(painter, layout, k, words)
        self._draw_marks(painter, layout, live)

    def _draw_row_names(self, painter: QPainter, layout: Layout) -> None:
        for row, name in enumerate(self.rows[: layout.count]):
            strong = self.marked and row == self._highlight
            painter.setFont(self.theme.font(layout.name_px, bold=strong))
            colour = self.theme.accent if strong else self.theme.quiet
            put_text(painter, layout.row_name(row), RIGHT, name, colour)
        painter.setFont(self.theme.font(self.theme.small_px))
        put_text(painter, layout.name_of_feet(), RIGHT, layout.foot_name, self.theme.quiet)

    def _draw_head_and_foot(self, painter: QPainter, layout: Layout, k: int) -> None:
        column, theme = self.columns[k], self.theme
        self._draw_title(painter, layout, k)
        painter.setFont(theme.font(theme.small_px))
        painter.setPen(QColor(theme.quiet))
        caption, line = layout.caption(k), metrics_of(painter.font()).height()
        metrics = metrics_of(painter.font())
        longest = max(
            (metrics.horizontalAdvance(word.rstrip()) for word in PIECES.findall(column.caption)), default=0
        )
        if caption.height() >= 2 * line and longest <= caption.width():
            painter.drawText(caption, CAPTION, column.caption)
        elif caption.height() >= line:
            caption.setHeight(line)
            self._put_whole(painter, layout, k, caption, column.caption)
        painter.setPen(QColor(theme.text))
        if layout.feet[k]:
            self._put_whole(painter, layout, k, layout.foot(k), layout.feet[k])

    def _draw_title(self, painter: QPainter, layout: Layout, k: int) -> None:
        painter.setFont(self.theme.font(layout.titles_px, bold=True))
        column, metrics, strip = self.columns[k], metrics_of(painter.font()), layout.title(k)
        lines = wrapped(column.title, metrics, strip.width() + 1)
        high = metrics.height() if len(lines) > 1 else strip.height()
        if strip.height() < len(lines) * high - 1:
            lines = [column.title]  # cut
        for row, text in enumerate(lines):
            line = QRectF(strip.left(), strip.top() + row * high, strip.width(), high)
            spot = layout.centred(k, line, metrics.horizontalAdvance(text))
            put_text(painter, spot, CENTRE, text, self.theme.ink(column.stroke.colour))

    def _put_whole(self, painter: QPainter, layout: Layout, k: int, strip: QRectF, text: str) -> None:
        """Write small text at a column; without room in smaller letters, and only then cut."""
        small, wide = self.theme.small_px, metrics_of(painter.font()).horizontalAdvance(text)
        px = max(int(small * min(1.0, strip.width() / max(wide, 1.0))), layout.tiny_px)
        painter.setFont(self.theme.font(px))
        put_text(painter, layout.centred(k, strip, wide * px / small), CENTRE, text)
        painter.setFont(self.theme.font(small))

    def _draw_cell(self, painter: QPainter, spot: QRectF, column: ChainColumn, row: int, text: str) -> None:
        colour = self._colour(column, row)
        radius = min(float(self.theme.px(6)), spot.height() / 4)
        painter.setPen(QPen(QColor(self.theme.hairline), 1.0))
        painter.setBrush(colour)
        painter.drawRoundedRect(spot, radius, radius)
        wide = metrics_of(painter.font()).horizontalAdvance(text)
        if painter.font().pixelSize() >= least_px(self.theme) and wide <= spot.width():
            painter.setPen(ink_on(colour))
            painter.drawText(spot, CENTRE | Qt.TextFlag.TextDontClip, text)

    def _colour(self, column: ChainColumn, row: int) -> QColor:
        """Return the colour of a cell: the stronger, the larger its number."""
        value = float(column.values[row])
        if isnan(value):
            return QColor(self.theme.panel)
        known = np.abs(np.asarray(column.values, float))
        known = known[np.isfinite(known)]
        limit = column.limit or float(known.max(initial=0.0)) or 1.0
        share = DEEPEST * (min(abs(value) / limit, 1.0) if isfinite(value) else 1.0)
        hue = column.stroke.colour
        if column.signed:
            hue = (VERMILION if value > 0 else BLUE)[self.theme.dark]
        return mixed(hue, self.theme.plot, share)

    def _texts(self, layout: Layout) -> tuple[list[list[str]], int]:
        """Return the numbers of each column as they fit into their cells, and one size of letters for all.

        A number that would make the letters too small to read is left out.
        """
        metrics, room = self.metrics, layout.width - self.theme.px(8)
        least = self.theme.small_px
        read, tiny = least / self.theme.text_px, least_px(self.theme) / self.theme.text_px
        written, widest, share = [], 0.0, layout.height / metrics.height()
        share = min(max(share / AIRY, 1.0), LARGEST) if share > 1.0 else share
        for column in self.columns:
            ways = [
                [written_with(float(value), digits) for value in column.values] for digits in (4, 3, 2, 1)
            ]
            widths = [max(map(metrics.horizontalAdvance, way), default=0.0) for way in ways]
            fitting = (k for k, wide in enumerate(widths[:3]) if wide * max(EASED * share, read) <= room)
            best = next(fitting, 2)
            small, smallest = widths[3] * read <= layout.width, widths[2] * tiny > layout.width
            if widths[2] * read > layout.width and (small or smallest):
                best = 3  # a single digit, if two would not fit
            written.append(ways[best])
            share = min(share, room / max(widths[best], 1.0))
            widest = max(widest, widths[best])
        if widest * read > layout.width:
            least = least_px(self.theme)  # else some cells would have no number
        return written, max(int(self.theme.text_px * share), least if layout.height >= least else 1)

    def _draw_arrow(self, painter: QPainter, layout: Layout, k: int, words: str) -> None:
        space, head = layout.gap(k), self.theme.px(4)
        y = space.center().y()
        tip, tail = QPointF(space.right() - self.theme.px(3), y), QPointF(space.left() + self.theme.px(3), y)
        outline(painter, self.theme.quiet, 1.4)
        painter.drawLine(tail, tip)
        painter.drawPolyline([tip + QPointF(-head, -head), tip, tip + QPointF(-head, head)])
        painter.setFont(self.theme.font(self.theme.small_px))
        line = metrics_of(painter.font()).height()
        over = QRectF(space.left(), y - line - self.theme.px(3), space.width(), line)
        put_text(painter, over, CENTRE, words)

    def _draw_marks(self, painter: QPainter, layout: Layout, live: bool) -> None:
        """Draw the marks of cells that are wrong, related, pointed at or chosen."""
        for cell in filter(self._there, self._related if self.marked else ()):
            spot = layout.cell(*cell)
            painter.setPen(QPen(QColor(self.theme.accent), min(2.0, spot.height() / 9)))
            painter.drawLine(spot.bottomLeft() + QPointF(6, 0), spot.bottomRight() - QPointF(6, 0))
        for k, column in enumerate(self.columns):
            wrong = () if column.wrong is None else np.flatnonzero(column.wrong[: len(column.values)])
            for row in map(int, wrong):
                self._frame(painter, layout.cell(k, row), self.theme.error, min(2.0, layout.height / 7))
                self._cross(painter, layout.cell(k, row))
        start = (0, 0) if live and self.hasFocus() and self.selection is None else None
        for framed, colour, width in (
            (start, self.theme.accent, 1.2),
            (self._hovered if live else None, self.theme.text, 1.2),
            (self.selection if self.marked else None, self.theme.accent, 2.6),
        ):
            if framed is not None and self._there(framed):
                self._frame(painter, layout.cell(*framed), colour, width)

    def _frame(self, painter: QPainter, spot: QRectF, colour: str, width: float) -> None:
        radius = min(float(self.theme.px(6)), spot.height() / 4)
        outline(painter, colour, width)
        painter.drawRoundedRect(spot, radius, radius)

    def _cross(self, painter: QPainter, spot: QRectF) -> None:
        """Draw a ✗ in a red disc on the corner of a cell."""
        radius = min(float(self.theme.px(5.5)), spot.height() / 4)
        middle, arm = spot.topRight() + QPointF(-radius / 3, radius / 3), 0.45 * radius
        with saved(painter):
            painter.setPen(QPen(QColor(self.theme.plot), 1.0))
            painter.setBrush(QColor(self.theme.error))
            painter.drawEllipse(middle, radius, radius)
            painter.setPen(QPen(QColor(self.theme.plot), max(1.0, radius / 3.5)))
            painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
            painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))

    # The mouse and the keys

    def _there(self, cell: Cell) -> bool:
        column, row = cell
        return 0 <= column < len(self.columns) and 0 <= row < len(self.columns[column].values)

    def _found_at(self, place: QPointF) -> Cell | None:
        """Return the cell (column, row) at a place of the widget."""
        layout = self._lay_out(self.content)
        cells = ((k, row) for k, column in enumerate(self.columns) for row in range(len(column.values)))
        return next((cell for cell in cells if layout.cell(*cell).contains(place)), None)

    def _chosen_at(self, place: QPointF) -> Cell | None:
        return self._found_at(place) if self.selectable else None

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        column, row = self.selection or (0, 0)
        if self.selection is not None:
            column, row = column + right, row - up
        column = min(max(column, 0), len(self.columns) - 1)
        if self.selectable and self.columns:
            row = min(max(row, 0), len(self.columns[column].values) - 1)
            if self._there((column, row)):
                self._choose((column, row))
        return self.selectable and bool(self.columns)
