"""A shaded range of x: a LinearRegionItem that cannot be moved."""

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from gui.look.theme import Stroke, Theme, metrics_of
from gui.plots.axes import Axes
from gui.plots.painting import CENTRE, faded, put_text
from gui.plots.part import InView
from gui.plots.room import Pixels, bands, free
from gui.plots.scale import Scale

SHADE = 0.10  # opacity of a shaded range
BESIDE = 6  # pixels on each side of the text


@dataclass(frozen=True)
class Span:
    """A shaded range of x, with a text at its top: the longest of several that has room, or none."""

    x0: float
    x1: float
    text: str = ""
    stroke: Stroke | None = None
    short: str = ""


class SpanItem(InView, pg.LinearRegionItem):
    """The LinearRegionItem of a `Span`, under the curves; its text stands where the curves leave room."""

    def __init__(self, theme: Theme, span: Span, scale: Scale) -> None:
        self.theme, self.shown = theme, span
        self.avoided: list[Pixels] = []  # the lines that its text should not cover
        ends = [scale.coordinate_of(x) for x in (span.x0, span.x1)]
        super().__init__(values=ends, movable=False)
        for line in self.lines:  # its edges
            line.hide()
        self.setZValue(-10)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        rect, metrics = axes.plane.rect, metrics_of(painter.font())
        line = metrics.height()
        ends = axes.plane.px(axes.x.coordinate((self.shown.x0, self.shown.x1)))
        left, right = ends.clip(rect.left(), rect.right()).tolist()
        if not right > left:
            return
        colour = self.shown.stroke.colour if self.shown.stroke else self.theme.quiet
        painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), faded(colour, SHADE))
        painter.setPen(QColor(self.theme.quiet))
        pad = self.theme.px(BESIDE)
        for words in (self.shown.text, self.shown.short):
            width = metrics.horizontalAdvance(words)
            if words and width + 2 * pad <= right - left:
                place = self._place(rect, left + pad / 3, right - pad / 3, width, line)
                put_text(painter, place, CENTRE, words)
                return

    def _place(self, rect: QRectF, left: float, right: float, width: float, line: float) -> QRectF:
        """Return where the text stands: at the top in the middle, or else where no line is."""
        middle = (left + right - width) / 2
        tops = rect.top() + 2, rect.bottom() - line - 2
        places = [QRectF(x, y, width, line) for x in (middle, left, right - width) for y in tops]
        return next(filter(self._is_free, places), places[0])

    def _is_free(self, place: QRectF) -> bool:
        taken = bands(self.avoided, place.left(), place.right())
        return free(taken, place.top(), place.bottom())
