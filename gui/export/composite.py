"""A figure: plots under a title and the settings, laid out for a size of paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from engine.config import Problem
from gui.export.formulas import FormulaSheet, Written
from gui.export.head import FigureHead
from gui.export.paper import MILLIMETRES, Paper
from gui.look.theme import Theme
from gui.plots.described import Columns
from gui.plots.painting import saved
from gui.plots.panel import Panel
from gui.plots.sheet import Manner

SHARP = 3  # pixels of its picture for each pixel of a widget: PDF and SVG cannot hold all that styles draw
FOOT = 14.0  # logical pixels between the plots and the formulas under them
GAP = 8.0  # the most logical pixels between two plots
BESIDE = (210.0, 110.0)  # what a plot needs at least to stand beside others (logical pixels at 13 a line)
LEAST = (160.0, 105.0)  # the smallest size of a plot
Size = tuple[float, float]
Places = Sequence[tuple[QWidget, QRectF]]


@dataclass(frozen=True)
class Composite:
    """Plots and widgets, each in its place, under a title and the settings.

    Sizes are in logical pixels; text has the height that the theme sets. `zoom` is the length of a logical
    pixel on paper, in 1/96 inch: 1, unless another size is asked for.
    """

    title: str
    subtitle: str
    parts: Places
    theme: Theme
    paper: Paper = field(default=Paper())
    margin: float = field(default=12.0)
    formulas: tuple[Written, ...] = ()  # under the plots

    @property
    def zoom(self) -> float:
        """The length of a logical pixel on paper, in 1/96 inch."""
        return self.paper.zoom(self.theme.text_px)

    @property
    def size(self) -> Size:
        """Width and height, in logical pixels."""
        wide, high = self._asked()
        area = self._area()
        width = wide or area.width() + 2 * self._edge
        if not high and wide:
            high = self._height_for(width - 2 * self._edge) + self._around(width)
        return width, high or area.height() + self._around(width)

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint everything, the parts laid out so that they fill `rect`."""
        paper = self.paper
        manner = Manner(paper.marks, playhead=paper.marks or paper.film, ground=not paper.transparent)
        with saved(painter):
            if manner.ground:
                painter.fillRect(rect, QColor(self.theme.plot))
            edge, head, foot = self._edge, self.head(rect.width()), self._foot(rect.width())
            head.paint(painter, rect.topLeft() + QPointF(edge, edge))
            space = rect.adjusted(edge, edge + head.height, -edge, -edge - foot)
            if foot:
                self._sheet(rect.width()).paint(painter, space.bottomLeft() + QPointF(0, FOOT))
            seen = painter.clipBoundingRect() if painter.hasClipping() else rect
            for widget, spot in self._laid_out(space):
                if spot.intersects(seen):  # a large picture is painted band by band
                    _paint_part(painter, widget, spot, manner)

    def check(self) -> None:
        """Check that every plot has the room it needs.

        Raises:
            Problem: the paper is too small for the size of its letters.
        """
        width, height = self.size
        edge = self._edge
        space = QRectF(0, 0, width - 2 * edge, height - self._around(width))
        least, index = [self.theme.px(side) for side in LEAST], [widget for widget, _ in self.parts].index
        spots = [(spot, index(widget)) for widget, spot in self._laid_out(space)]
        narrow = any(spot.width() < min(least[0], self.parts[k][1].width()) - 0.5 for spot, k in spots)
        low = any(
            spot.height() < min(least[1], self.parts[k][1].height(), self._one(k, spot.width())) - 0.5
            for spot, k in spots
        )
        if not narrow and not low:
            return
        if not low:
            raise Problem(
                "There is not enough room for {n} plots, which would be too narrow: choose a greater width,"
                " smaller letters or one plot",
                n=len(self.parts),
            )
        if not narrow:
            raise Problem(
                "There is not enough room for {n} plots, which would be too low: choose a greater height,"
                " smaller letters or one plot",
                n=len(self.parts),
            )
        raise Problem(
            "There is not enough room for {n} plots: choose a larger size, smaller letters or one plot",
            n=len(self.parts),
        )

    def table(self) -> Columns:
        """The columns of all plots, each headed by the title of its plot where there are several."""
        panels = [widget for widget, _ in self.parts if isinstance(widget, Panel)]
        if len(panels) == 1:
            return panels[0].table()
        return [
            (f"{panel.title}: {name}" if panel.title else name, values)
            for panel in panels
            for name, values in panel.table()
        ]

    # Layout

    def head(self, width: float) -> FigureHead:
        """Title and settings, in a figure of a width."""
        return FigureHead(self.title, self.subtitle, self.theme, self.paper, width - 2 * self._edge)

    def _sheet(self, width: float) -> FormulaSheet:
        """The formulas, in a figure of a width."""
        return FormulaSheet(self.formulas, self.theme, width - 2 * self._edge)

    def _foot(self, width: float) -> float:
        """Return the height of the formulas under the plots."""
        high = self._sheet(width).height if self.formulas else 0.0
        return high + FOOT if high else 0.0

    def _around(self, width: float) -> float:
        """Return the height of everything except the plots."""
        return self.head(width).height + self._foot(width) + 2 * self._edge

    @property
    def _edge(self) -> float:
        return self.margin if self.paper.mm is None else self.margin / 3

    def _asked(self) -> tuple[float, float]:
        """Return the width and the height that are asked for; 0 means any."""
        wide, high = self.paper.mm or (0.0, 0.0)
        return wide * MILLIMETRES / self.zoom, (high or 0.0) * MILLIMETRES / self.zoom

    def _area(self) -> QRectF:
        area = QRectF()
        for _, place in self.parts:
            area = area.united(place)
        return area

    def _height_for(self, width: float) -> float:
        """Return the height of all parts in a width: side by side as on the screen, or in one column.

        Side by side they may be higher than on the screen, so that the lowest one has the height it needs.
        """
        if len(self.parts) == 1:
            return self._one(0, width)
        area, least = self._area(), self.theme.px(BESIDE[1])
        shares = [min(1.0, least / max(place.height(), 1)) for _, place in self.parts]
        height = area.height() * max(width / max(area.width(), 1), *shares)
        if self._stands(width, height):
            return height
        return sum(self._one(k, width) for k in range(len(self.parts))) + GAP * (len(self.parts) - 1)

    def _one(self, index: int, width: float) -> float:
        """Return the height of one part in a width."""
        widget, place = self.parts[index]
        if isinstance(widget, Panel):
            return widget.height_on_paper(width)
        return place.height() * width / max(place.width(), 1)

    def _stands(self, width: float, height: float) -> bool:
        """Whether each part has enough room if they stand as on the screen."""
        area = self._area()
        across, down = width / max(area.width(), 1), height / max(area.height(), 1)
        alone = self.paper.mm is None or len(self.parts) == 1
        return alone or all(
            place.width() * across > min(self.theme.px(BESIDE[0]), place.width()) - 0.5
            and place.height() * down > min(self.theme.px(BESIDE[1]), place.height()) - 0.5
            for _, place in self.parts
        )

    def _laid_out(self, space: QRectF) -> list[tuple[QWidget, QRectF]]:
        """Return every part with its place in `space`: as on the screen if there is room, else in columns."""
        if self._stands(space.width(), space.height()):
            return [(widget, _mapped(place, self._area(), space)) for widget, place in self.parts]
        columns = self._columns(space)
        wide = (space.width() - GAP * (len(columns) - 1)) / len(columns)
        found = []
        for k, column in enumerate(columns):
            wanted = [self._one(index, wide) for index in column]
            share = (space.height() - GAP * (len(column) - 1)) / sum(wanted)
            top = space.top()
            for index, high in zip(column, wanted, strict=True):
                spot = QRectF(space.left() + k * (wide + GAP), top, wide, share * high)
                found.append((self.parts[index][0], spot))
                top += share * high + GAP
        return found

    def _columns(self, space: QRectF) -> list[list[int]]:
        """Return the parts in reading order, in the number of columns that changes their shapes least."""
        count = len(self.parts)

        def stretched(columns: int) -> float:
            wide = (space.width() - GAP * (columns - 1)) / columns
            high = max(sum(self._one(k, wide) for k in column) for column in _dealt(count, columns))
            return max(high / space.height(), space.height() / high)

        return _dealt(count, min(range(1, count + 1), key=stretched))


def drawn_together(parts: Places) -> Places:
    """Return the same parts without the empty bands where the screen has bars and buttons."""
    across = _closed([(place.left(), place.right()) for _, place in parts])
    down = _closed([(place.top(), place.bottom()) for _, place in parts])
    return [
        (widget, QRectF(x0, y0, x1 - x0, y1 - y0))
        for (widget, _), (x0, x1), (y0, y1) in zip(parts, across, down, strict=True)
    ]


def _closed(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return intervals on a line, moved closer so that no gap between them is wider than `GAP`."""
    reached, cuts = float("-inf"), []
    for low, high in sorted(spans):
        if low - reached > GAP and reached > float("-inf"):
            cuts.append((low, low - reached - GAP))
        reached = max(reached, high)
    return [
        tuple(at - sum(cut for where, cut in cuts if where <= low) for at in (low, high))  # type: ignore[misc]
        for low, high in spans
    ]


def _mapped(place: QRectF, area: QRectF, space: QRectF) -> QRectF:
    """Return a rectangle of `area` in the coordinates of `space`: moved and stretched."""
    across, down = space.width() / max(area.width(), 1), space.height() / max(area.height(), 1)
    return QRectF(
        space.left() + (place.left() - area.left()) * across,
        space.top() + (place.top() - area.top()) * down,
        place.width() * across,
        place.height() * down,
    )


def _dealt(count: int, columns: int) -> list[list[int]]:
    """Return the numbers below `count` in order, in `columns` groups of about the same size."""
    ends = [round(k * count / columns) for k in range(columns + 1)]
    return [list(range(low, high)) for low, high in pairwise(ends)]


def _paint_part(painter: QPainter, widget: QWidget, spot: QRectF, manner: Manner) -> None:
    if isinstance(widget, Panel):
        share = spot.width() / max(widget.theme.px(widget.narrowest), 1)
        if share >= 1:
            widget.paint(painter, spot, manner)
            return
        with saved(painter):
            painter.translate(spot.topLeft())
            painter.scale(share, share)
            widget.paint(painter, QRectF(0, 0, spot.width() / share, spot.height() / share), manner)
        return
    image = QImage(widget.size() * SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARP)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image)
    painter.drawImage(spot, image)
