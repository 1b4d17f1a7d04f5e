"""The rectangle of a plot: a ViewBox, what is seen of the data in it, and what the mouse does to that."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath

from gui.plots.axes import Plane
from gui.plots.scale import Range

ZOOM = 1.0015  # for each eighth of a degree of the wheel
DRAG = 1.01  # for each pixel of a drag with the right button
Ranges = tuple[Range, Range]


class View(pg.ViewBox):
    """ViewBox whose automatic range is the one that its plot asks for: `home`.

    Wheel: zoom; drag: pan; drag with Shift: zoom into a rectangle; drag with the right button: zoom; over an
    axis all of it for that axis alone. Ranges are worked out in double precision from what is seen, not by
    the matrix of the scene, which cannot be inverted where values are vast.
    """

    clicked = Signal()
    looked = Signal()  # the user has chosen what to see

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.home: Ranges | None = None
        self._updatingRange = False  # ViewBox's own guard against itself
        self.reach = 0.0  # pixels by which items of the house may be painted over the edges
        self._begun: Ranges | None = None  # what was seen as a drag began
        self.borderRect.hide()

    @property
    def ranges(self) -> Ranges:
        """What is seen, in axis coordinates: from the left to the right, from the bottom to the top."""
        (x0, x1), (y0, y1) = self.state["viewRange"]
        return (x0, x1), ((y1, y0) if self.state["yInverted"] else (y0, y1))

    @property
    def plane(self) -> Plane:
        """The rectangle in pixels of the panel, over axis coordinates."""
        return Plane(self.mapRectToScene(self.rect()), *self.ranges)

    @property
    def zoomed(self) -> bool:
        """Whether the user has chosen what is seen, along either axis."""
        return any(on is False for on in self.state["autoRange"])

    def shape(self) -> QPainterPath:
        """What is inside is cut off at the edges; handles of the house may reach over them."""
        path = QPainterPath()
        reach = self.reach
        path.addRect(self.rect().adjusted(-reach, -reach, reach, reach))
        return path

    def paint(self, painter: QPainter, *rest: Any) -> None:
        """Paint a border, if one is set: without a pen, a picture would hold its path all the same."""
        if self.border.style() != Qt.PenStyle.NoPen:
            super().paint(painter, *rest)

    def setHome(self, home: Ranges) -> None:
        """Set what is seen unless the user chooses; at once, not with the next picture."""
        self.home = home
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

    def look(self, ranges: Ranges, axis: int | None = None) -> None:
        """See these ranges, or one of them only, as the user's choice; an axis that is held stays."""
        on = self.state["mouseEnabled"]
        if axis is None and not all(on):
            axis = on.index(True) if any(on) else None
        if all(sensible(seen, home) for seen, home in zip(ranges, self.home or self.ranges, strict=True)):
            wanted = dict(zip(("xRange", "yRange"), ranges, strict=True))
            if axis is not None:
                wanted = {("xRange", "yRange")[axis]: ranges[axis]}
            self.setRange(**wanted, padding=0.0)
            self.looked.emit()

    def lookHome(self) -> None:
        """See everything again."""
        self.enableAutoRange()
        self.updateAutoRange()
        self.looked.emit()

    def zoom(
        self, factors: tuple[float, float], around: tuple[float, float] | None = None,
        axis: int | None = None,
    ) -> None:  # fmt: skip
        """Enlarge around a point in axis coordinates, or around the middle."""
        middle = around or tuple((low + high) / 2 for low, high in self.ranges)
        x, y = (
            (at - (at - low) / factor, at + (high - at) / factor)
            for at, factor, (low, high) in zip(middle, factors, self.ranges, strict=True)
        )
        self.look((x, y), axis)

    # What pyqtgraph's scene and axes call

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        if not (self.enabled(axis) and (axis is not None or self.holds(event.scenePos()))):
            event.ignore()
            return
        factor = ZOOM ** event.delta()
        self.zoom((factor, factor), self.plane.at(event.scenePos()), axis)
        event.accept()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if not (self.enabled(axis) and (axis is not None or self.holds(event.buttonDownScenePos()))):
            event.ignore()
            return
        event.accept()
        if event.isStart() or self._begun is None:
            self._begun = self.ranges
        if event.button() == Qt.MouseButton.RightButton:
            self._stretch(event, axis)
        elif (axis is None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier) or self._framing():
            self._frame(event)
        else:
            self._pan(event, axis)
        if event.isFinish():
            self._begun = None

    def mouseClickEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.holds(event.scenePos()):
            event.accept()
            if not event.double():
                self.clicked.emit()
        else:
            event.ignore()

    def keyPressEvent(self, event: Any) -> None:
        event.ignore()  # the panel has the keys

    def enabled(self, axis: int | None) -> bool:
        """Whether the mouse may zoom and pan."""
        on = self.state["mouseEnabled"]
        return bool(any(on) if axis is None else on[axis])

    def holds(self, place: QPointF) -> bool:
        """Whether a place of the panel is in the rectangle itself."""
        return self.mapRectToScene(self.rect()).contains(place)

    def _framing(self) -> bool:
        return bool(self.state["mouseMode"] == self.RectMode)

    def _pan(self, event: Any, axis: int | None) -> None:
        assert self._begun is not None
        plane = Plane(self.plane.rect, *self._begun)
        (x, y), (x0, y0) = plane.at(event.scenePos()), plane.at(event.buttonDownScenePos())
        across, up = self._begun
        self.look(((across[0] - x + x0, across[1] - x + x0), (up[0] - y + y0, up[1] - y + y0)), axis)

    def _stretch(self, event: Any, axis: int | None) -> None:
        moved = event.scenePos() - event.lastScenePos()
        around = self.plane.at(event.buttonDownScenePos(Qt.MouseButton.RightButton))
        self.zoom((DRAG ** moved.x(), DRAG ** -moved.y()), around, axis)

    def _frame(self, event: Any) -> None:
        """Zoom into the rectangle that is drawn."""
        frame = QRectF(event.buttonDownScenePos(), event.scenePos()).normalized() & self.plane.rect
        if not event.isFinish():
            self.updateScaleBox(self.mapFromScene(frame.topLeft()), self.mapFromScene(frame.bottomRight()))
            return
        self.rbScaleBox.hide()
        if frame.width() > 4 and frame.height() > 4:
            (x0, y1), (x1, y0) = self.plane.at(frame.topLeft()), self.plane.at(frame.bottomRight())
            self.look(((x0, x1), (y0, y1)))


def sensible(seen: Range, home: Range) -> bool:
    """Whether a range is neither finer than numbers are nor vast beside the data."""
    span, size = abs(seen[1] - seen[0]), max(abs(seen[0]), abs(seen[1]))
    return bool(1e-9 * size < span < 1e9 * max(abs(home[1] - home[0]), 1e-300))
