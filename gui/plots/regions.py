"""The predictions of a classifier for every point of a plane, under its training points."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter

from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes, lay_out, locked
from gui.plots.choosing import Choosing
from gui.plots.described import Columns
from gui.plots.field import Bounds
from gui.plots.legend import more
from gui.plots.lines import draw_line
from gui.plots.painting import LEFT, outline, put_text, rgb, wrapped
from gui.plots.part import Inlay
from gui.plots.picture import Picture
from gui.plots.scale import FloatArray, Scale
from gui.plots.scatter import ClassPoints, draw_class
from gui.plots.zoom import ZoomPanel

REACH, BORDER = 14.0, 1.2
DEPTH = 0.55  # opacity of the colour of a class with probability 1
IMAGE, BORDERS, POINTS, CHOICE = -90.0, -80.0, 0.0, 10.0  # layers in the view, from back to front


class RegionsPanel(Choosing, ZoomPanel):
    """Decision regions and points: a shape and a colour for each class; training points are filled."""

    selected = Signal(int)
    selection: int | None

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.x_axis, self.y_axis = Scale("x₁"), Scale("x₂")
        self.aspect_locked = False
        self.classes: tuple[str, ...] = ()
        self._points: FloatArray = np.zeros((0, 2))
        self._labels: NDArray[np.intp] = np.zeros(0, int)
        self._training: NDArray[np.bool_] = np.zeros(0, bool)
        self._wrong: NDArray[np.bool_] = np.zeros(0, bool)
        self.borders: list[FloatArray] = []  # the lines between the regions, each of shape (points, 2)

    def _add_layers(self) -> None:
        self.plot.setAxesAbove()
        self.image, self.points = Picture(IMAGE), ClassPoints(self.theme, POINTS)
        chosen, borders = Inlay(self._draw_choice, CHOICE, still=False), Inlay(self._draw_borders, BORDERS)
        for item in (self.image, borders, self.points, chosen):
            self.plot.addItem(item, ignoreBounds=True)
        super()._add_layers()

    def set_axes(self, x: tuple[str, str], y: tuple[str, str]) -> None:
        """Name the axes: (label, unit) each."""
        self.x_axis, self.y_axis = Scale(*x), Scale(*y)
        self.redraw()

    def set_regions(self, probabilities: FloatArray, bounds: Bounds) -> None:
        """Colour the plane by the probability of each class, shape (rows along y, columns, classes)."""
        colours = np.array([rgb(self.theme.class_colour(k)) for k in range(probabilities.shape[-1])], float)
        paper = np.array(rgb(self.theme.plot), float)
        blend = np.nan_to_num(probabilities) @ colours
        mixed = (1 - DEPTH) * paper + DEPTH * blend
        rgba = np.concatenate((mixed, np.full((*mixed.shape[:2], 1), 255.0)), axis=-1)
        self.image.setColours(np.clip(rgba, 0, 255).astype(np.uint8), bounds)
        self.borders = borders(probabilities, bounds)
        self.home = bounds
        self.redraw()

    def set_points(
        self,
        points: FloatArray,
        labels: ArrayLike,
        training: ArrayLike,
        wrong: ArrayLike | None = None,
        classes: Sequence[str] = (),
    ) -> None:
        """Show points (n, 2) with their class; `training` and `wrong` say which ones are so."""
        self._points = np.asarray(points, float)
        self._labels, self._training = np.asarray(labels, int), np.asarray(training, bool)
        self._wrong = np.zeros(len(points), bool) if wrong is None else np.asarray(wrong, bool)
        self.classes = tuple(classes)
        self.points.setPoints(self._points, self._labels, self._training, self._wrong)
        self.redraw()

    def table(self) -> Columns:
        """Return the points, one in each row."""
        names = [self.classes[k] if k < len(self.classes) else str(k) for k in self._labels]
        across, up = self._points.T
        training, wrong = self._training.astype(int), self._wrong.astype(int)
        return [
            (self.x_axis.name, across),
            (self.y_axis.name, up),
            (tr("class"), names),
            (tr("training"), training),
            (tr("wrong"), wrong),
        ]

    # Drawing

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        names = max(map(self.metrics.horizontalAdvance, self.classes), default=-self.theme.px(24.0))
        beside = min(names, 0.3 * rect.width()) + self.theme.px(34)
        axes = lay_out(rect, self.theme, self.x_axis, self.y_axis, self.ranges, beside, self.room_kept(live))
        return locked(axes, self.theme) if self.aspect_locked else axes

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw a grid, if there is no picture."""
        if self.image.image is None:
            super()._draw_under(painter, axes, live)

    def _draw_over(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the names of the classes beside the plot; without room for all, say how many are left out."""
        high, beside = self.line_height, self._beside(axes)
        top, names = beside.top(), self._broken(beside)
        for k, lines in enumerate(names):
            spot = QPointF(beside.left() - self.theme.px(10), top + high / 2 + 1)
            draw_class(painter, self.theme, spot, k)
            for line in lines:
                room = QRectF(beside.left(), top + 1, beside.width(), high)
                put_text(painter, room, LEFT, line, self.theme.text)
                top += high
            top += 2
        if left_out := len(self.classes) - len(names):
            room = QRectF(beside.left(), top + 1, beside.width(), high)
            put_text(painter, room, LEFT, more(left_out), self.theme.quiet)

    def _beside(self, axes: Axes) -> QRectF:
        """Return the room of the names of the classes."""
        corner = axes.plane.rect.topRight() + QPointF(self.theme.px(26), 0)
        return QRectF(corner, axes.outer.bottomRight())

    def _broken(self, beside: QRectF) -> list[list[str]]:
        """Return the lines of each name that has room; a line is kept free to say how many have none."""
        names = [wrapped(name, self.metrics, beside.width()) for name in self.classes]
        ends = list(accumulate(len(lines) * self.line_height + 2 for lines in names))
        if ends and ends[-1] > beside.height():
            return names[: sum(end + self.line_height <= beside.height() for end in ends)]
        return names

    def _hover(self, place: QPointF | None) -> None:
        super()._hover(place)
        beside = self._beside(self.axes())
        told = place is not None and beside.contains(place) and len(self._broken(beside)) < len(self.classes)
        words = "\n".join(self.classes) if told else ""
        if words != self.viewport().toolTip():
            self.viewport().setToolTip(words)

    def _draw_borders(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the lines where two classes have the same highest probability: for two classes p = ½."""
        stroke = Stroke(self.theme.text)
        for line in self.borders:
            x, y = axes.plane.px(line[:, 0]), axes.plane.py(line[:, 1])
            draw_line(painter, x, y, stroke, BORDER * self.theme.scale, live=live)

    def _draw_choice(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw a square around the chosen point."""
        if not self.marked or self.selection is None or self.selection >= len(self._points):
            return
        place = axes.plane.point(*self._points[self.selection].tolist())
        for colour, width in ((self.theme.plot, 4.5), (self.theme.text, 2.0)):
            outline(painter, colour, width)
            painter.drawRect(QRectF(place.x() - 10, place.y() - 10, 20, 20))

    def _chosen_at(self, place: QPointF) -> int | None:
        if not len(self._points):
            return None
        plane = self.axes().plane
        away = np.hypot(plane.px(self._points[:, 0]) - place.x(), plane.py(self._points[:, 1]) - place.y())
        nearest = int(np.argmin(away))
        return nearest if away[nearest] < self.theme.px(REACH) else None


def borders(probabilities: FloatArray, bounds: Bounds) -> list[FloatArray]:
    """Return the lines where the most likely class changes; for a grid (rows along y, columns, classes)."""
    import contourpy  # lazily: the first plot is on the screen before this is loaded

    lines: list[FloatArray] = []
    known = np.ascontiguousarray(np.moveaxis(np.nan_to_num(probabilities), -1, 0))
    count, rows, columns = known.shape
    if count < 2:
        return lines
    (x0, x1), (y0, y1) = bounds
    scale = np.array([(x1 - x0) / max(columns - 1, 1), (y1 - y0) / max(rows - 1, 1)])
    first, second = np.full((2, rows, columns), -np.inf)  # the largest and the second largest probability
    for share in known:
        second = np.maximum(second, np.minimum(first, share))
        first = np.maximum(first, share)
    for share in known if count > 2 else known[:1]:  # for two classes, one line is the border of both
        ahead = share - np.where(share == first, second, first)
        if ahead.min() < 0 < ahead.max():
            lines += [(x0, y0) + line * scale for line in contourpy.contour_generator(z=ahead).lines(0.0)]
    return lines
