"""The line at the step that is shown, with a dot on every curve and a short text."""

from collections.abc import Sequence
from math import isfinite, nan

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme, metrics_of
from gui.plots.axes import Axes
from gui.plots.curve import Curve
from gui.plots.lines import dot
from gui.plots.motion import between
from gui.plots.painting import put_note, upright
from gui.plots.part import InView
from gui.plots.room import Pixels, bands, free, free_row
from gui.plots.scale import Scale


class Playhead(InView, pg.InfiniteLine):
    """The InfiniteLine at the step that is shown. Its text stays in its row until a curve crosses it."""

    still, inside = False, False  # its grip is drawn whole, also at an edge

    def __init__(self, theme: Theme) -> None:
        super().__init__(angle=90, pen=pg.mkPen(theme.accent, width=1), movable=False)
        self.theme, self.label = theme, ""
        self.step: float | None = None
        self._before: float | None = None  # the step before
        self._row = 0.0  # how far down the text stands (pixels)
        self._room = QSizeF()  # the size of the plot for which `_row` was found
        self.setZValue(40)
        self.hide()

    def setStep(self, step: float | None, label: str, scale: Scale) -> None:
        """Move to a step, with a text; hide if there is no step or a log axis cannot show it."""
        at = nan if step is None else scale.coordinate_of(step)
        if step != self.step:
            self._before = self.step
        self.step, self.label = step, label
        self.setVisible(isfinite(at))
        if isfinite(at):
            self.setValue(at)

    def forget(self) -> None:
        """Put the text into the first row again: the curves are those of another run."""
        self._row = 0.0

    def line(self, axes: Axes) -> list[Pixels]:
        """Return the line in pixels, if it is drawn."""
        x, rect = float(axes.plane.px(self.value())), axes.plane.rect
        drawn = self.isVisible() and self.getViewWidget().tells_step
        return [(np.array([x, x]), np.array([rect.top(), rect.bottom()]))] if drawn else []

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        panel = self.getViewWidget()
        plane, at = axes.plane, self._moving(panel.share, axes.x)
        if self.step is None or not (panel.tells_step and plane.x[0] <= at <= plane.x[1]):
            return
        x = float(plane.px(at))
        painter.setPen(QPen(QColor(self.theme.accent), 1))
        upright(painter, plane.rect, x)
        if live and panel.steers:
            self._draw_grip(painter, QPointF(x, plane.rect.bottom()))
        for line in panel.lines:
            self._mark(painter, axes, line.told, panel.share)
        if self.label:
            place = self._free_place(painter, self.theme, plane.rect, x, panel.traces(axes))
            put_note(painter, self.theme, place, self.label)

    def _moving(self, share: float, scale: Scale) -> float:
        """Return where it is; in an animation, its place on the way from the step before."""
        at, before = float(self.value()), nan if self._before is None else self._before
        old = scale.coordinate_of(before)
        return old + share * (at - old) if share < 1.0 and isfinite(old) else at

    def _mark(self, painter: QPainter, axes: Axes, curve: Curve, share: float) -> None:
        """Draw a dot where a curve meets the playhead."""
        place = None if curve.ghost else _met(axes, curve, self.step)
        if place is not None:
            old = _met(axes, curve, self._before) if share < 1.0 else None
            at = place if old is None else between(old, place, share)
            dot(painter, at.x(), at.y(), self.theme.px(3.5), curve.stroke.colour, self.theme.plot)

    def _draw_grip(self, painter: QPainter, foot: QPointF) -> None:
        """Draw the grip at its lower end, by which it is dragged."""
        wide, high = self.theme.px(7), self.theme.px(13)
        painter.setBrush(QColor(self.theme.plot))
        spot = QRectF(foot.x() - wide / 2, foot.y() - high - self.theme.px(3), wide, high)
        painter.drawRoundedRect(spot, wide / 2, wide / 2)

    def _free_place(
        self, painter: QPainter, theme: Theme, rect: QRectF, x: float, lines: Sequence[Pixels]
    ) -> QPointF:
        """Return where the text stands: beside the line, if possible where no curve is."""
        metrics = metrics_of(painter.font())
        wide, high = metrics.horizontalAdvance(self.label) + theme.px(8), metrics.height() + theme.px(2)
        if rect.size() != self._room:
            self._room, self._row = rect.size(), 0.0
        sides = (x + 3, x - 3 - wide) if x <= rect.center().x() else (x - 3 - wide, x + 3)
        for left in sides:
            taken, kept = bands(lines, left, left + wide), rect.top() + self._row
            stays = kept + high <= rect.bottom() and free(taken, kept, kept + high)
            top = kept if stays else free_row(taken, rect.top(), rect.bottom(), high)
            if top is not None and rect.left() <= left and left + wide <= rect.right():
                self._row = top - rect.top()
                return QPointF(left, top)
        self._row = 0.0
        return QPointF(sides[0], rect.top())


def _met(axes: Axes, curve: Curve, value: float | None) -> QPointF | None:
    """Return where a curve meets a step, if it has a visible point there."""
    if value is None:
        return None
    k, plane = int(np.searchsorted(curve.x, value)), axes.plane
    if k >= len(curve.x) or curve.x[k] != value:
        return None
    x, y = axes.x.coordinate_of(value), axes.y.coordinate_of(float(curve.y[k]))
    return plane.point(x, y) if plane.y[0] <= y <= plane.y[1] else None
