"""From a picture to its feature maps, to one long vector, and to what every neuron makes of it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QKeyEvent, QPainter, QWheelEvent

from engine.experiments.losses.classifier_inspection import Trace
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.notches import Notches
from gui.plots.painting import CENTRE, LEFT, RIGHT, hairline, outline, put_note, put_text
from gui.plots.panel import Panel
from gui.plots.things import Thing, area
from gui.plots.ticks import fixed_text
from gui.screen.terms import Term, term
from gui.views.losses.classifier_cells import bold, put_picture
from gui.views.losses.classifier_map_pictures import MapPictures
from gui.views.losses.classifier_maps_layout import MapsSheet
from gui.views.losses.classifier_maps_shown import MapsShown, VectorEntry, entries_table, shown_maps, told
from gui.views.losses.classifier_options import At

TITLE = "Feature maps, the vector, and every neuron's weights"


class MapsPanel(Panel):
    """A column for each map: its filter, the map, what pooling leaves; under them the vector and the weights.

    What is pointed at is one entry of the vector; it is framed in its map, in the vector, and in the weights
    of every neuron.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr(TITLE), theme)
        self.shown: MapsShown | None = None
        self._pictures: MapPictures | None = None  # of what is shown
        self._first = 0  # the first neuron of the page
        self._wheel = Notches()

    def show_nothing(self) -> None:
        """Show nothing, until there is something."""
        self.shown = self._pictures = None
        self.update()

    def show_maps(self, shown: MapsShown) -> None:
        """Show a picture on its way."""
        self.shown, self._pictures = shown, MapPictures(shown, self.theme, self._pictures)
        self._first = min(self._first, max(0, len(shown.names) - 1))
        if self._hovered is not None and not self._is_there(self._hovered):
            self._hovered = None
        self.update()

    @property
    def narrowest(self) -> float:
        return 480.0

    def table(self) -> Columns:
        """One row for each entry of the vector, with its weights."""
        return [] if self.shown is None else entries_table(self.shown)

    # Where things are

    @property
    def _sheet_now(self) -> MapsSheet:
        assert self.shown is not None
        rows, columns = self.shown.image.shape
        line = QFontMetricsF(self.theme.font(self.theme.small_px)).height()
        count = self.shown.maps.pooled.shape[0]
        neurons, entries = len(self.shown.names), self.shown.maps.pooled.size
        return MapsSheet(self.content, self.theme.scale, line, count, neurons, columns / rows, entries)

    def _page(self, sheet: MapsSheet) -> range:
        first = self._first // sheet.on_page * sheet.on_page
        return range(first, min(first + sheet.on_page, sheet.neurons))

    def thing(self, key: str) -> Thing | None:
        """What the terms of a formula stand for."""
        if self.shown is None or key == "":
            return super().thing(key)
        sheet, page = self._sheet_now, self._page(self._sheet_now)
        maps = range(sheet.maps)
        rects = {
            "image": [sheet.image],
            "filters": [sheet.filter(m) for m in maps],
            "maps": [sheet.map(m) for m in maps],
            "pooled": [sheet.pooled(m) for m in maps],
            "vector": [sheet.vector],
            "weights": [sheet.weights(k, m) for k in range(len(page)) for m in maps],
            "sums": [sheet.sum(k) for k in range(len(page))],
        }
        return area(self.title, "", *rects[key]) if key in rects else None

    # Drawing

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        if self.shown is None:
            self._say(painter, rect, tr("No data yet"))
            return
        sheet = self._sheet_now
        painter.setFont(self.theme.font(self.theme.small_px))
        self._draw_way(painter, sheet, self.shown)
        self._draw_vector(painter, sheet, self.shown)
        page = self._page(sheet)
        for k, neuron in enumerate(page):
            self._draw_neuron(painter, sheet, self.shown, k, neuron)
        if len(page) < sheet.neurons:
            words = tr("{first}–{last} of {count}", first=page[0] + 1, last=page[-1] + 1, count=sheet.neurons)
            put_text(painter, sheet.footer, RIGHT, words, self.theme.quiet)
        if live and isinstance(self._hovered, VectorEntry):
            self._draw_entry(painter, sheet, self._hovered)

    def _draw_way(self, painter: QPainter, sheet: MapsSheet, shown: MapsShown) -> None:
        """The picture, the filters, the maps and what pooling leaves of them; names left, sizes right."""
        maps, drawn = shown.maps, self._pictures
        assert drawn is not None
        self._put(painter, sheet.image, drawn.image)
        for m in range(sheet.maps):
            put_text(painter, sheet.number(m), CENTRE, str(m + 1), self.theme.quiet)
            self._put(painter, sheet.filter(m), drawn.filters[m])
            self._put(painter, sheet.map(m), drawn.maps[m])
            self._put(painter, sheet.pooled(m), drawn.pooled[m])
        self._arrow(painter, sheet.image.right(), sheet.map(0))
        self._row_words(painter, sheet, sheet.filter(0), tr("filter"), maps.filters.shape[1:])
        self._row_words(painter, sheet, sheet.map(0), "", maps.a.shape[1:])
        self._row_words(painter, sheet, sheet.pooled(0), tr("pooled"), maps.pooled.shape[1:])
        put_text(painter, sheet.beside(sheet.number(0), left=True), LEFT, tr("map"), self.theme.quiet)

    def _row_words(
        self, painter: QPainter, sheet: MapsSheet, row: QRectF, name: str, size: Sequence[int]
    ) -> None:
        """What a row is, left of it, and how large its pictures are, right of it."""
        put_text(painter, sheet.beside(row, left=True), LEFT, name, self.theme.quiet)
        words = f"{size[0]} × {size[1]}"
        put_text(painter, sheet.beside(row, left=False), LEFT, words, self.theme.quiet)

    def _put(self, painter: QPainter, spot: QRectF, picture: QImage) -> None:
        put_picture(painter, self.theme, spot, picture, live=self.live)

    def _arrow(self, painter: QPainter, begin: float, to: QRectF) -> None:
        y, head = to.center().y(), self.theme.px(3)
        end = min(to.left() - self.theme.px(4), begin + self.theme.px(13))
        painter.setPen(QColor(self.theme.quiet))
        begin = begin + self.theme.px(3)
        tip = QPointF(end, y)
        painter.drawLines(
            [
                QLineF(QPointF(begin, y), tip),
                QLineF(tip, tip + QPointF(-head, -head)),
                QLineF(tip, tip + QPointF(-head, head)),
            ]
        )

    def _draw_vector(self, painter: QPainter, sheet: MapsSheet, shown: MapsShown) -> None:
        """All entries in one strip; lines lead from each map to its own, which begin at the index below."""
        pooled, theme = shown.maps.pooled, self.theme
        assert self._pictures is not None
        self._put(painter, sheet.vector, self._pictures.vector)
        painter.setPen(hairline(theme))
        for m in range(sheet.maps):
            segment, above = sheet.segment(m), sheet.pooled(m)
            painter.drawLine(QLineF(above.bottomLeft(), segment.topLeft()))
            painter.drawLine(QLineF(above.bottomRight(), segment.topRight()))
        painter.setPen(QColor(theme.quiet))
        for m in range(sheet.maps):
            segment = sheet.segment(m)
            if m:
                painter.drawLine(QLineF(segment.topLeft(), segment.bottomLeft() + QPointF(0, theme.px(3))))
            index = QRectF(segment.left() + 2, sheet.indices.top(), sheet.column, sheet.line)
            if painter.fontMetrics().horizontalAdvance(str(pooled.size)) < sheet.column - 4:
                put_text(painter, index, LEFT, str(m * pooled[0].size + 1), theme.quiet)
        words = sheet.beside(sheet.vector, left=True)
        put_text(painter, words, LEFT, tr("vector"), theme.quiet)
        put_text(painter, sheet.beside(sheet.vector, left=False), LEFT, str(pooled.size), theme.quiet)
        below = QRectF(words.left(), sheet.indices.top(), words.width(), sheet.line)
        sums = QRectF(sheet.vector.right() + theme.px(6), below.top(), sheet.sum(0).width(), sheet.line)
        put_text(painter, below, LEFT, tr("weights"), theme.quiet)
        put_text(painter, sums, LEFT, "Σ + b", theme.quiet)

    def _draw_neuron(
        self, painter: QPainter, sheet: MapsSheet, shown: MapsShown, k: int, neuron: int
    ) -> None:
        """A picture of weights for each map, what each adds, and the sum."""
        theme, drawn = self.theme, self._pictures
        assert drawn is not None
        for m, picture in enumerate(drawn.weights(neuron)):
            self._put(painter, sheet.weights(k, m), picture)
            if sheet.written:
                added = fixed_text(float(shown.added[neuron, m]), 2)
                put_text(painter, sheet.added(k, m), CENTRE, added, theme.quiet)
        strong = neuron == shown.strong
        ordinary = painter.font()
        painter.setFont(bold(theme.font()) if strong else theme.font())
        ink = theme.text if strong or not shown.classes else theme.quiet
        put_text(painter, sheet.name(k), LEFT, shown.names[neuron], ink)
        put_text(painter, sheet.sum(k), LEFT, fixed_text(float(shown.sums[neuron]), 2), ink)
        painter.setFont(ordinary)

    def _draw_entry(self, painter: QPainter, sheet: MapsSheet, entry: VectorEntry) -> None:
        """Frame one entry wherever it is, and say what it is."""
        assert self.shown is not None
        _, rows, columns = self.shown.maps.pooled.shape
        at, size = (entry.row, entry.column), (rows, columns)
        place = entry.row * columns + entry.column
        frames = [sheet.cell(sheet.pooled(entry.map), at, size), sheet.entry(entry.map, place)]
        for k in range(len(self._page(sheet))):
            frames.append(sheet.cell(sheet.weights(k, entry.map), at, size))
        for frame in frames:
            for ink, wide in ((self.theme.plot, 3), (self.theme.accent, 1.5)):
                outline(painter, ink, wide)
                painter.drawRect(frame)
        painter.setFont(self.theme.font())
        corner = sheet.vector.bottomLeft() + QPointF(entry.map * sheet.column, self.theme.px(4))
        put_note(painter, self.theme, corner, told(self.shown, entry), within=self._notes_room)

    # The mouse and the keys

    def _is_there(self, entry: VectorEntry) -> bool:
        assert self.shown is not None
        within = zip((entry.map, entry.row, entry.column), self.shown.maps.pooled.shape, strict=True)
        return all(at < count for at, count in within) and entry.neuron < len(self.shown.names)

    def _found_at(self, place: QPointF) -> VectorEntry | None:
        if self.shown is None:
            return None
        sheet, (_, rows, columns) = self._sheet_now, self.shown.maps.pooled.shape
        m = int((place.x() - sheet.vector.left()) // sheet.column)
        if not 0 <= m < sheet.maps:
            return None
        if sheet.segment(m).contains(place):
            share = (place.x() - sheet.segment(m).left()) / sheet.column
            row, column = divmod(min(int(share * rows * columns), rows * columns - 1), columns)
            return VectorEntry(m, row, column)
        areas = {-1: sheet.pooled(m)}
        areas |= {neuron: sheet.weights(k, m) for k, neuron in enumerate(self._page(sheet))}
        for neuron, spot in areas.items():
            if (found := sheet.at(spot, place, rows, columns)) is not None:
                return VectorEntry(m, *found, neuron)
        return None

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Go through the vector: to its next entry, or to the next map with ↑ and ↓."""
        if self.shown is None:
            return False
        shape = self.shown.maps.pooled.shape
        now = self._hovered if isinstance(self._hovered, VectorEntry) else None
        here = -1 if now is None else int(np.ravel_multi_index((now.map, now.row, now.column), shape))
        by = right - up * shape[1] * shape[2]
        there = 0 if now is None else min(max(here + by, 0), self.shown.maps.pooled.size - 1)
        m, row, column = (int(at) for at in np.unravel_index(there, shape))
        self._point_to(VectorEntry(m, row, column))
        return True

    def _turn(self, pages: int) -> None:
        """Show other neurons."""
        if self.shown is not None:
            sheet = self._sheet_now
            last = (sheet.neurons - 1) // sheet.on_page * sheet.on_page
            self._first = min(max(self._page(sheet).start + pages * sheet.on_page, 0), last)
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turn(-self._wheel.turned(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if pages is None:
            super().keyPressEvent(event)
        else:
            self._turn(pages)


def show_maps(panel: MapsPanel, at: At, trace: Trace) -> None:
    """The maps of the example that is followed, and the neurons."""
    shown = shown_maps(at, trace)
    if shown is None:
        panel.show_nothing()
    else:
        panel.show_maps(shown)


def maps_terms(panel: MapsPanel) -> list[Term]:
    """What the terms of the formulas of the maps stand for."""
    return [
        term(r"\mathbf{f}_m", tr("a filter"), (panel, "filters")),
        term(r"\mathbf{a}_m", tr("its feature map"), (panel, "maps")),
        term("h_m", tr("the map after pooling"), (panel, "pooled")),
        term(r"\mathbf{v}", tr("the vector that is handed over"), (panel, "vector")),
    ]
