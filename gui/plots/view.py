"""The rectangle of a plot: a ViewBox, its visible range, and how the mouse changes it."""

from math import log
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath

from gui.plots.scale import Range

WHEEL = -log(1.0015) / log(1.02)  # ViewBox zooms by 1.02 to this power for each eighth of a degree
TINY = 4  # pixels; a smaller rectangle does not zoom
Ranges = tuple[Range, Range]


class PlotView(pg.ViewBox):
    """A ViewBox whose automatic range is the one that its plot asks for: `home`.

    A drag with Shift zooms into a rectangle; everything else is as in ViewBox.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.home: Ranges | None = None
        self._updatingRange = False  # ViewBox's own guard against itself
        self._turned: tuple[QPoint, int | None] = QPoint(), None  # where and on which axis the wheel was
        self.accent = QColor("blue")  # the colour of the rectangle that is drawn to zoom into it
        self.reach = 0.0  # pixels by which our own items may be painted over the edges
        self.state["wheelScaleFactor"] = WHEEL
        self.borderRect.hide()

    @property
    def ranges(self) -> Ranges:
        """Return the visible ranges of x and y, in axis coordinates."""
        (x0, x1), (y0, y1) = self.state["viewRange"]
        return (x0, x1), ((y1, y0) if self.state["yInverted"] else (y0, y1))

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen the range of either axis."""
        return any(on is False for on in self.state["autoRange"])

    def shape(self) -> QPainterPath:
        """Return the rectangle at which the contents are cut; our own handles may reach over its edges."""
        path = QPainterPath()
        reach = self.reach
        path.addRect(self.rect().adjusted(-reach, -reach, reach, reach))
        return path

    def updateScaleBox(self, p1: Any, p2: Any) -> None:
        """Show the zoom rectangle in the colours of the theme, transparent."""
        super().updateScaleBox(p1, p2)
        soft = QColor(self.accent)
        soft.setAlphaF(0.15)
        self.rbScaleBox.setPen(pg.mkPen(self.accent))
        self.rbScaleBox.setBrush(soft)

    def paint(self, painter: QPainter, *rest: Any) -> None:
        """Paint a border only if there is one: a vector picture would contain its path even without a pen."""
        if self.border.style() != Qt.PenStyle.NoPen:
            super().paint(painter, *rest)

    def setHome(self, home: Ranges) -> None:
        """Set the range that is shown unless the user zooms; it is applied at once."""
        if home != self.home:
            self.home = home
            (x, most_x), (y, most_y) = (spans(*limits) for limits in home)
            self.setLimits(minXRange=x, maxXRange=most_x, minYRange=y, maxYRange=most_y)
        self.updateAutoRange()

    def updateAutoRange(self) -> None:
        if self.home is None:
            super().updateAutoRange()
            return
        self._autoRangeNeedsUpdate = False
        on = self.state["autoRange"]
        axes = zip(("xRange", "yRange"), self.home, on, self.ranges, strict=True)
        wanted = {key: home for key, home, free, seen in axes if free is not False and home != seen}
        if wanted and not self._updatingRange:
            self._updatingRange = True
            try:
                self.setRange(**wanted, padding=0.0, disableAutoRange=False)
            finally:
                self._updatingRange = False

    def look(self, x: Range | None = None, y: Range | None = None) -> None:
        """Show these ranges as the user's choice; None leaves an axis unchanged."""
        across, up = self.state["mouseEnabled"]
        wanted = {"xRange": x if across else None, "yRange": y if up else None}
        wanted = {key: value for key, value in wanted.items() if value is not None}
        if wanted:
            self.setRange(**wanted, padding=0.0)
        self.sigRangeChangedManually.emit([True, True])

    def lookHome(self) -> None:
        """Show everything again."""
        self.enableAutoRange()
        self.updateAutoRange()
        self.sigRangeChangedManually.emit([True, True])

    # Called by pyqtgraph's scene and axes

    def showAxRect(self, ax: QRectF, **options: Any) -> None:
        """Zoom into a rectangle that was drawn, unless it is tiny."""
        seen = ax.normalized() & self.viewRect()
        if min(seen.width() / self.viewPixelSize()[0], seen.height() / self.viewPixelSize()[1]) > TINY:
            self.look((seen.left(), seen.right()), (seen.top(), seen.bottom()))

    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        """Zoom; under a mouse that keeps still, the axis that it began with.

        Narrower numbers move a left axis away from under the mouse, and wider ones move it there.
        """
        place, began = self._turned
        if place == ev.screenPos():
            axis = began
        elif axis is None and not self.holds(ev.scenePos()):
            ev.ignore()
            return
        self._turned = ev.screenPos(), axis
        ev.setPos(self.mapFromScene(ev.scenePos()))
        self.updateMatrix()  # needed if nothing has been painted since the last change
        super().wheelEvent(ev, axis)

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        on, mode = self.state["mouseEnabled"], self.state["mouseMode"]
        if not (on[axis] if axis is not None else self.holds(ev.buttonDownScenePos())):
            ev.ignore()
            return
        if axis is not None:  # the other axis does not change
            self.state["mouseEnabled"] = [axis == 0, axis == 1]
        elif ev.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.state["mouseMode"] = self.RectMode
        self.updateMatrix()
        super().mouseDragEvent(ev, axis)
        self.state["mouseEnabled"], self.state["mouseMode"] = on, mode

    def mouseClickEvent(self, ev: Any) -> None:
        if ev.button() == Qt.MouseButton.LeftButton and self.holds(ev.scenePos()):
            ev.accept()
            if not ev.double():
                self.clicked.emit()
        else:
            ev.ignore()

    def keyPressEvent(self, ev: Any) -> None:
        ev.ignore()  # the panel handles the keys

    def holds(self, place: QPointF) -> bool:
        """Whether a place of the panel is inside the rectangle."""
        return self.mapRectToScene(self.rect()).contains(place)


def spans(low: float, high: float) -> Range:
    """Return the narrowest and the widest range that a zoom may reach, for data from `low` to `high`."""
    span, size = abs(high - low), max(abs(low), abs(high))
    return min(1e-9 * size, span), 1e9 * max(span, 1e-300)
