"""Thin vertical lines where a setting was changed during a run; a text appears when one is pointed at."""

from collections.abc import Sequence
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.painting import upright
from gui.plots.part import InView
from gui.plots.scale import Scale

NEAR = 4.0  # a mouse at most this many pixels away points at a line


class Turn(NamedTuple):
    """A place on the x axis from which on a setting is different, with a text."""

    x: float
    words: str


class TurnLine(InView, pg.InfiniteLine):
    """The InfiniteLine of a `Turn`, under the curves."""

    def __init__(self, theme: Theme, turn: Turn, scale: Scale) -> None:
        super().__init__(scale.coordinate_of(turn.x), angle=90, movable=False)
        self.theme, self.turn = theme, turn
        self.setZValue(-20)

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        at = axes.x.coordinate_of(self.turn.x)
        if axes.plane.x[0] <= at <= axes.plane.x[1]:
            pen = QPen(QColor(self.theme.quiet), 1)
            pen.setDashPattern([2.0, 3.0])
            painter.setPen(pen)
            upright(painter, axes.plane.rect, float(axes.plane.px(at)))


def turn_at(axes: Axes, lines: Sequence[TurnLine], x: float, scale: float) -> Turn | None:
    """Return the turn whose line is nearest to x (pixels), if it is near."""
    places = [(abs(float(axes.plane.px(axes.x.coordinate_of(line.turn.x))) - x), line.turn) for line in lines]
    away, turn = min(places, key=lambda place: place[0], default=(float("inf"), None))
    return turn if away <= NEAR * scale else None
