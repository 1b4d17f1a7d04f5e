"""A field over a plane, f(x, y), as colours and level lines, with paths over it."""

from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gui.plots.field_ground import READOUT
from gui.plots.field_picture import Arrow, FieldPicture
from gui.plots.path import Track
from gui.plots.snapping import stepped, tidy_at
from gui.plots.target import GRASP, spots_at

__all__ = ["READOUT", "Arrow", "FieldPanel", "Track"]

REACH = 11.0  # pixels within which a point can be grabbed or clicked


class FieldPanel(FieldPicture):
    """A field with a start that can be dragged or moved by arrow keys; points of paths can be clicked."""

    start_dragged = Signal(float, float)
    start_dropped = Signal(float, float)
    clicked = Signal(float, float)
    point_clicked = Signal(str, int)

    _offset = QPointF()  # from the mouse to the middle of the start point that it holds

    def _near_start(self, place: QPointF) -> bool:
        """Whether the start point is near enough to be grabbed."""
        if self.start is None:
            return False
        spot = spots_at(self.axes().plane, *self.start)[0] - place
        return hypot(spot.x(), spot.y()) <= GRASP * self.theme.scale

    def _grab(self, place: QPointF) -> bool:
        caught = self._near_start(place)
        if caught and self.start is not None:
            self._offset = spots_at(self.axes().plane, *self.start)[0] - place
        return caught

    def _drag(self, place: QPointF) -> None:
        self._move_start(*self._meant(place + self._offset))

    def _meant(self, place: QPointF) -> tuple[float, float]:
        """Return the coordinates that are reported for a place."""
        return tidy_at(self.axes(), place, self._fine)

    def _move_start(self, x: float, y: float) -> None:
        self.set_start(x, y)
        self.start_dragged.emit(x, y)

    def _drop(self, place: QPointF) -> None:
        if self.start is not None:
            self.start_dropped.emit(*self.start)

    def _click(self, place: QPointF) -> None:
        found = self._point_near(place)
        if found is not None:
            self.point_clicked.emit(*found)
        else:
            self.clicked.emit(*self._meant(place))

    def _point_near(self, place: QPointF) -> tuple[str, int] | None:
        """Return the path and the index of the point nearest to a place, if one is near."""
        plane, best = self.axes().plane, (REACH, "", 0)
        for path in self.paths:
            if path.ghost or not path.head or not len(path.xy):
                continue
            with np.errstate(over="ignore", invalid="ignore"):
                away = np.hypot(plane.px(path.xy[:, 0]) - place.x(), plane.py(path.xy[:, 1]) - place.y())
            away = np.where(np.isfinite(away), away, np.inf)
            k = int(np.argmin(away))
            best = min(best, (float(away[k]), path.key, k))
        return (best[1], best[2]) if best[0] < REACH else None

    def _name_at(self, place: QPointF) -> list[str]:
        found = self._point_near(place)
        return [path.name for path in self.paths if found and path.key == found[0] and path.name]

    def _serious(self, place: QPointF) -> bool:
        return self.patient and self._point_near(place) is None

    def _hover(self, place: QPointF | None) -> None:
        if place == self._mouse:
            return
        self._mouse = place
        grab = place is not None and self._near_start(place)
        self.setCursor(Qt.CursorShape.OpenHandCursor if grab else Qt.CursorShape.ArrowCursor)
        self.update()

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        if self.start is not None:
            self._nudging = True
            self._move_start(*self._stepped(self.start, (right, up), event))
        return self.start is not None

    def _stepped(
        self, start: tuple[float, float], way: tuple[int, int], event: QKeyEvent
    ) -> tuple[float, float]:
        """Return the place to which an arrow key moves the start."""
        (x, y), (across, up) = start, self.ranges
        return stepped(self.x_axis, x, way[0], across, event), stepped(self.y_axis, y, way[1], up, event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End a move of the start by keys when the key is released."""
        if self._nudging and not event.isAutoRepeat() and self.start is not None:
            self._nudging = False
            self.start_dropped.emit(*self.start)
            self.update()
