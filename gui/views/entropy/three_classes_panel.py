"""The triangle of *Entropy ▸ Three classes*, whose P and start can be dragged, or moved with the keys."""

from collections.abc import Callable, Sequence
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter

from engine.information.triangle import CLASSES, nearest, point_of, weights_of
from gui.look.theme import Theme
from gui.plots.axes import Axes, Plane
from gui.plots.described import Columns
from gui.plots.labels import Tags
from gui.plots.snapping import fine
from gui.plots.target import GRASP, Handle, Target, spots_at
from gui.plots.things import Thing, ring
from gui.views.entropy.three_classes_picture import TrianglePicture

TRUTH = 25e3  # layer of P in the view, over the start
STEP = 0.01  # the change of a probability by an arrow key; a tenth with Shift, ten times with Ctrl
COARSE, FINE, KEYED = 2, 3, 4  # decimals of the probabilities after a drag, with Shift, by keys


class TrianglePanel(TrianglePicture):
    """`handle_dragged` carries "p" or "start", the point of the plane, and the number of decimals."""

    handle_dragged = Signal(str, float, float, int)

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.truth: tuple[float, float] | None = None
        self.told_at: Callable[[float, float], Sequence[str]] | None = None  # of a point, for the readout
        self.whole: object = None  # what the field and the lines are of, if they are not coarse
        self._held, self._chosen = "start", "start"

    def _add_layers(self) -> None:
        super()._add_layers()
        handle = Handle("p", "P", 0.0, 0.0, self.theme.stroke("p"), dot=True)
        self.mark = Target(self.theme, handle)
        self.mark.setZValue(TRUTH)
        self.mark.hide()
        self.plot.addItem(self.mark, ignoreBounds=True)

    def set_truth(self, p: Sequence[float]) -> None:
        """Show P."""
        x, y = map(float, point_of(p))
        self.truth = x, y
        self.mark.show()
        self.mark.stand(x, y)
        self.update()

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Return the handles and their places."""
        both = {"start": self.start, "p": self.truth}
        return {key: place for key, place in both.items() if place is not None}

    def hands(self) -> list[tuple[QPointF, str]]:
        return [(self._spot(key), "xy") for key in self.places]

    @property
    def grip(self) -> str | None:
        return self._chosen if self.places and self.hasFocus() else None

    def _spot(self, key: str) -> QPointF:
        return spots_at(self.axes().plane, *self.places[key])[0]

    def thing(self, key: str) -> Thing | None:
        """Besides paths and the start: "p"."""
        if key == "p" and self.truth is not None:
            return ring("P", self.mark.handle.stroke.colour, self._spot("p"), self.theme.px(8))
        return super().thing(key)

    def table(self) -> Columns:
        """Return the probabilities along the paths, or the field if there are no paths."""
        if not self.paths:
            return super().table()
        return [
            (f"{path.column or path.name or path.key} Q({name})", shares)
            for path in self.paths
            for name, shares in zip(CLASSES, weights_of(path.xy).T, strict=True)
        ]

    # Drawing

    def _keep_off(self, tags: Tags, axes: Axes, heads: Sequence[QPointF]) -> None:
        super()._keep_off(tags, axes, heads)
        for middle, text, _ in self.words(axes.plane):
            wide, high = tags.metrics.horizontalAdvance(text) / 2, tags.metrics.height() / 2
            tags.taken.append(QRectF(middle.x() - wide, middle.y() - high, 2 * wide, 2 * high))
        if self.truth is not None:
            spot = spots_at(axes.plane, *self.truth)[0]
            tags.avoid(spot.x(), spot.y(), self.theme.px(7))
            tags.put(spot.x(), spot.y(), "P", self.mark.handle.stroke.colour)

    def _draw_readout(self, painter: QPainter, plane: Plane) -> None:
        if self._mouse is None or self.told_at is None or not plane.rect.contains(self._mouse):
            return
        x, y = plane.at(self._mouse)
        if weights_of((x, y)).min() < 0:
            return
        self._put_lines(painter, plane, [*self._name_at(self._mouse), *self.told_at(x, y)])

    def _told_by_cross(self, axes: Axes, at: QPointF) -> tuple[str, str]:
        """Return empty texts: the scales are along the sides."""
        return "", ""

    # The mouse and the keys

    def _near(self, place: QPointF) -> str | None:
        """Return the handle that is near enough to be grabbed."""
        away = {key: self._spot(key) - place for key in self.places}
        far = {key: hypot(gap.x(), gap.y()) for key, gap in away.items()}
        near = min(far, key=far.__getitem__, default=None)
        return near if near is not None and far[near] <= GRASP * self.theme.scale else None

    def _near_start(self, place: QPointF) -> bool:
        return self._near(place) is not None

    def _grab(self, place: QPointF) -> bool:
        caught = self._near(place)
        if caught is not None:
            self._held = self._chosen = caught
            self._offset = self._spot(caught) - place
            self.update()
        return caught is not None

    def _drag(self, place: QPointF) -> None:
        x, y = self.axes().plane.at(place + self._offset)
        self._move(self._held, x, y, FINE if self._fine else COARSE)

    def _meant(self, place: QPointF) -> tuple[float, float]:
        return self.axes().plane.at(place)

    def _click(self, place: QPointF) -> None:
        found = self._point_near(place)
        if found is not None:
            self.point_clicked.emit(*found)
        elif weights_of(self._meant(place)).min() >= 0:
            self._move("start", *self._meant(place), FINE if self._fine else COARSE)

    def _move(self, key: str, x: float, y: float, digits: int) -> None:
        self.handle_dragged.emit(key, x, y, digits)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the other handle; after that, let the focus go to the next widget."""
        keys = [*self.places]
        wanted = keys.index(self._chosen) + (1 if forward else -1) if self._chosen in keys else -1
        if 0 <= wanted < len(keys):
            self._chosen = keys[wanted]
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def _step_to(self, right: int, up: int, event: QKeyEvent) -> bool:
        """Move a handle: right and left between A and B, up and down towards C or away from it."""
        if self._chosen not in self.places:
            return False
        far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = STEP * (0.1 if fine(event) else 10.0 if far else 1.0)
        a, b, c = weights_of(self.places[self._chosen])
        moved = np.array([a - step * (right + up / 2), b + step * (right - up / 2), c + step * up])
        x, y = map(float, point_of(nearest(point_of(moved))))
        if self._chosen == "p":  # at once, because the next key may come before the new run is shown
            self.set_truth(weights_of((x, y)).tolist())
        else:
            self.set_start(x, y)
        self._move(self._chosen, x, y, KEYED)
        return True
