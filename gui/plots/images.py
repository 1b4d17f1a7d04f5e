"""Many small pictures in a grid: handwritten digits, the weights of a layer."""

from collections.abc import Sequence
from math import ceil, prod
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QWheelEvent

from gui.look.language import tr
from gui.look.theme import VERMILION, Theme
from gui.plots.choosing import Choosing
from gui.plots.colours import crisp, shades, table
from gui.plots.described import Columns
from gui.plots.drawing import Drawing
from gui.plots.notches import Notches
from gui.plots.painting import CENTRE, RIGHT, outline, put_text, reported, saved
from gui.plots.panel import Panel
from gui.plots.scale import FloatArray

OVER = 50.0  # the layer of frames and captions
SMALLEST, LARGEST = 28, 280  # the least and the most pixels of a picture; below the least there are pages


class Grid(NamedTuple):
    """Pictures in columns and rows: their side, the gaps, and the room of captions beside and below each."""

    columns: int
    rows: int
    side: float
    gap: float
    left: float
    below: float


class Tile(pg.ImageItem):
    """An ImageItem whose pixels have sharp edges, also in files."""

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")

    def paint(self, painter: QPainter, *_: object) -> None:
        with reported():
            if self._renderRequired:
                self.render()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            rows, columns = self.image.shape[:2]
            live = self._exportOpts is False
            painter.drawImage(QRectF(0, 0, columns, rows), self.qimage if live else crisp(self.qimage))


class ImagesPanel(Choosing, Panel):
    """A grid of pictures with captions, page by page; one of them can be chosen.

    It has no axes: `tiles` are the ImageItems of the page, in pixels of the panel.
    """

    selected = Signal(int)
    selection: int | None  # the index of a picture

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._images: FloatArray = np.zeros((0, 1, 1))
        self._colours: NDArray[np.uint8] = np.zeros((0, 1, 1, 4), np.uint8)
        self.tiles: list[Tile] = []
        self._captions: tuple[str, ...] = ()
        self._wrong: frozenset[int] = frozenset()
        self._first = 0
        self._wheel = Notches()
        self._total = 0  # the number of all pictures, if only some of them were given
        self._grids: dict[object, Grid] = {}  # the arrangements that were computed last
        self._frames = Drawing(self._paint_frames, self.paper)
        self._frames.setZValue(OVER)
        self.scene().addItem(self._frames)

    def set_images(
        self,
        images: FloatArray,
        captions: Sequence[str] = (),
        *,
        wrong: Sequence[int] = (),
        signed: bool = False,
        total: int = 0,
    ) -> None:
        """Show `images` (n, rows, columns): dark ink on paper, or `signed` in a map centred on 0.

        The `wrong` ones have a frame and a cross. If these are only some of a `total`, a line says so.
        """
        self._images = np.asarray(images, float)
        largest = float(np.abs(self._images[np.isfinite(self._images)]).max(initial=0.0)) or 1.0
        ink = self._images / largest
        if signed:
            self._colours = shades((ink + 1) / 2, table("diverging", self.theme.plot))
        else:
            self._colours = shades(ink if self.theme.dark else 1 - ink, table("gray"))
        self._total = total
        self._captions, self._wrong = tuple(captions), frozenset(int(k) for k in wrong)
        self._first = min(self._first, max(0, len(self._images) - 1))
        self._show_page()

    def select(self, index: int | None) -> None:
        """Frame a picture and turn to its page, or frame none."""
        self.selection = index
        if index is not None:
            self._turn_to(index)
        self._show_page()

    def table(self) -> Columns:
        """Return one row for each picture: its caption, whether it is wrong, and its pixels."""
        count = len(self._images)
        columns: Columns = [(tr("caption"), [self._caption(k) for k in range(count)])]
        if self._wrong:
            columns.append((tr("wrong"), [int(k in self._wrong) for k in range(count)]))
        pixels = self._images.reshape(count, prod(self._images.shape[1:]))
        columns += [(tr("pixel {n}", n=k), pixels[:, k]) for k in range(pixels.shape[1])]
        return columns

    def _caption(self, index: int) -> str:
        return self._captions[index] if index < len(self._captions) else ""

    # Places

    def _cells(self, rect: QRectF) -> Grid:
        """Return the arrangement with the largest pictures with which all fit; else pages of small ones."""
        key = (rect.width(), rect.height(), len(self._images), self._captions)
        if key not in self._grids:
            if len(self._grids) > 8:  # enough for screen and paper, with and without the line of the page
                self._grids.clear()
            self._grids[key] = self._arranged(rect)
        return self._grids[key]

    def _arranged(self, rect: QRectF) -> Grid:
        """Return an arrangement: captions below the pictures, or at their left if they are larger then."""
        names = max(map(self.metrics.horizontalAdvance, self._captions), default=0.0) + self.theme.px(6)
        below = self._grid(rect, 0.0, self.line_height if self._captions else 0.0)
        beside = self._grid(rect, names, 0.0) if self._captions else below
        return max(below, beside if beside.side > 4 * names else below, key=lambda grid: grid.side)

    def _grid(self, rect: QRectF, left: float, below: float) -> Grid:
        gap, best, count = self.theme.px(8), float(self.theme.px(SMALLEST)), max(len(self._images), 1)
        for columns in range(1, count + 1):
            rows = ceil(count / columns)
            side = min(rect.width() / columns - gap - left, rect.height() / rows - gap - below)
            best = max(best, side)
        side = min(best, self.theme.px(LARGEST))
        columns = max(1, int((rect.width() + 0.01) / (side + gap + left)))
        rows = max(1, int((rect.height() + 0.01) / (side + gap + below)))
        if columns * rows >= count:  # all fit: make the rows equally long
            columns = ceil(count / ceil(count / columns))
        return Grid(columns, rows, side, gap, left, below)

    def _page(self, rect: QRectF) -> tuple[QRectF, int]:
        """Return the room of the pictures and how many are on a page; a line below shows the page."""
        grid = self._cells(rect)
        if grid.columns * grid.rows >= len(self._images) and self._total <= len(self._images):
            return rect, grid.columns * grid.rows
        rect = rect.adjusted(0, 0, 0, -self.line_height)
        grid = self._cells(rect)
        return rect, grid.columns * grid.rows

    def _spot(self, rect: QRectF, k: int) -> QRectF:
        """Return where the k-th picture of the page is; together they are centred."""
        grid = self._cells(rect)
        row, column = divmod(k, grid.columns)
        wide, high = grid.side + grid.gap + grid.left, grid.side + grid.gap + grid.below
        free = max(0.0, rect.width() - min(grid.columns, len(self._images)) * wide)
        left = rect.left() + (free + grid.gap) / 2 + grid.left + column * wide
        return QRectF(left, rect.top() + grid.gap / 2 + row * high, grid.side, grid.side)

    # Drawing

    def _rooms(self) -> tuple[QRectF, QRectF, int]:
        """Return the room below the title, the room of the pictures, and how many are on a page."""
        return self.content, *self._page(self.content)

    def _on_page(self) -> range:
        size = self._rooms()[2]
        first = self._first // size * size
        return range(first, min(first + size, len(self._images)))

    def _show_page(self) -> None:
        """Put the pictures of the page into their places, on the screen or on paper."""
        room, page = self._rooms()[1], self._on_page()
        while len(self.tiles) > len(page):
            self.scene().removeItem(self.tiles.pop())
        while len(self.tiles) < len(page):
            self.tiles.append(Tile())
            self.scene().addItem(self.tiles[-1])
        for tile, k in zip(self.tiles, page, strict=True):
            tile.setImage(self._colours[k], autoLevels=False, levels=None)
            tile.setRect(self._spot(room, k - page.start))
        self.update()

    def _settle(self) -> None:
        super()._settle()
        self._show_page()

    def _resized(self) -> None:
        self._show_page()

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if not len(self._images):
            self._say(painter, rect, self.empty_words)

    def _paint_frames(self, painter: QPainter) -> None:
        """Draw the frames and captions of the pictures."""
        if not len(self._images):
            return
        with saved(painter):
            self.ready(painter)
            (rect, room, size), page = self._rooms(), self._on_page()
            for k in page:
                self._draw_frame(painter, self._spot(room, k - page.start), k)
            text = self._footer(page.start, size)
            if text:
                line = QRectF(rect.left(), room.bottom(), rect.width(), self.line_height)
                put_text(painter, line, RIGHT, text, self.theme.quiet)

    def _footer(self, first: int, size: int) -> str:
        """Say which pictures are on the page, and whether there are more than were given."""
        count, words = len(self._images), []
        if size < count:
            words.append(
                tr("{first}–{last} of {count}", first=first + 1, last=min(first + size, count), count=count)
            )
        if self._total > count:
            words.append(tr("{count} of {total} shown", count=count, total=self._total))
        return " · ".join(words)

    def _draw_frame(self, painter: QPainter, spot: QRectF, k: int) -> None:
        wrong = k in self._wrong
        alarm = VERMILION[self.theme.dark]
        outline(painter, *((alarm, 2.5) if wrong else (self.theme.hairline, 1)))
        painter.drawRect(spot)
        chosen = self.marked and k == self.selection
        if chosen:
            outline(painter, self.theme.accent, 2.5)
            painter.drawRect(spot.adjusted(-3, -3, 3, 3))
        if wrong:
            self._draw_cross(painter, spot, alarm)
        ink = self.theme.ink(alarm) if wrong else self.theme.text if chosen else self.theme.quiet
        left = self._cells(self._rooms()[1]).left
        line = QRectF(spot.left() - 4, spot.bottom() + 3, spot.width() + 8, self.line_height)
        if left:
            line = QRectF(spot.left() - left, spot.center().y() - line.height() / 2, left, line.height())
        put_text(painter, line, CENTRE, self._caption(k), ink)

    def _draw_cross(self, painter: QPainter, spot: QRectF, colour: str) -> None:
        """Draw a small ✗ in the upper right corner."""
        side = min(self.theme.px(14), spot.width() / 2.5)
        corner = QRectF(spot.right() - side, spot.top(), side, side)
        painter.fillRect(corner, QColor(colour))
        painter.setPen(QPen(QColor(self.theme.plot), 1.8))
        inner = corner.adjusted(side * 0.28, side * 0.28, -side * 0.28, -side * 0.28)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())

    # The mouse and the keys

    def _turn_to(self, index: int) -> None:
        size = self._rooms()[2]
        self._first = min(max(index, 0), max(len(self._images) - 1, 0)) // size * size

    def _chosen_at(self, place: QPointF) -> int | None:
        room, page = self._rooms()[1], self._on_page()
        spots = {k: self._spot(room, k - page.start).adjusted(-4, -4, 4, self.line_height) for k in page}
        return next((k for k, spot in spots.items() if spot.contains(place)), None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turn_to(self._first - self._wheel.turned(event) * self._rooms()[2])
        self._show_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if pages is None or not self._move_by(pages * self._rooms()[2]):
            super().keyPressEvent(event)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        return self._move_by(right - up * self._cells(self._rooms()[1]).columns)

    def _move_by(self, count: int) -> bool:
        """Choose another picture; if none is chosen, the first of the page."""
        at = self._first if self.selection is None else self.selection + count
        if len(self._images):
            self._choose(min(max(at, 0), len(self._images) - 1))
        return len(self._images) > 0
