"""A shaded range of x: a LinearRegionItem that stays where it is."""

import pyqtgraph as pg
from PySide6.QtGui import QPainter

from gui.plots.annotations import Span, draw_span
from gui.plots.axes import Axes
from gui.plots.part import InView
from gui.plots.room import Pixels
from gui.plots.scale import Scale
from gui.theme import Theme


class SpanItem(InView, pg.LinearRegionItem):
    """LinearRegionItem of a `Span`, under the curves, with a few words at its top or its bottom."""

    def __init__(self, theme: Theme, span: Span, scale: Scale) -> None:
        self.theme, self.shown = theme, span
        self.avoided: list[Pixels] = []  # the curves, which its words should not cover
        ends = [float(scale.coordinate(x)) for x in (span.x0, span.x1)]
        super().__init__(values=ends, movable=False)
        for line in self.lines:  # its edges
            line.hide()
        self.setZValue(-10)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        draw_span(painter, self.theme, axes, self.shown, self.avoided)
