"""A path over a plane: its points, and the PlotCurveItem that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes, Plane
from gui.plots.described import Columns
from gui.plots.lines import dot, draw_line
from gui.plots.marks import beyond, cross
from gui.plots.motion import between
from gui.plots.room import Pixels
from gui.plots.scale import FloatArray, Scale
from gui.plots.stroked import StrokedCurve
from gui.plots.trail import Trail

GHOST = 0.45  # opacity
WIDTH = 1.8  # pixels


@dataclass(frozen=True, eq=False)
class Track:
    """A path over the plane: xy is (points, 2), and must not change. Its last point is its head.

    Without a `head` it is an outline: a line without direction, whose points cannot be clicked. `column` is
    the heading of the data, if it is not the name. In a landscape, stalks join the points to their true
    `values`, if these differ from the landscape. Of two paths on each other both are visible if the upper one
    is narrower, dashed and has no `halo`.
    """

    key: str
    name: str
    xy: FloatArray
    stroke: Stroke
    ghost: bool = False
    diverged: bool = False
    head: bool = True
    column: str = ""
    values: FloatArray | None = None
    width: float = WIDTH
    halo: bool = True


class PathLine(StrokedCurve):
    """The PlotCurveItem of a `Track`, in axis coordinates, and the mark of its head.

    The path may turn back. When it grows at its end, only the new points are processed, and a long path is
    drawn by the points at which it enters another pixel. `under` is the colour of its halo. The panel draws
    the heads above all paths, so that no path covers the head of another.
    """

    still = False

    def __init__(self, theme: Theme, path: Track, under: str = "") -> None:
        self.theme, self.shown, self.under = theme, path, under or theme.plot
        self._trail = Trail()
        self._pixels: tuple[Plane, Pixels] | None = None
        self._before: FloatArray | None = None  # its last point before the last step
        super().__init__(path.stroke, path.width)
        self.setPath(path)

    def setPath(self, path: Track) -> None:
        """Show this path from now on; a longer slice of the same array counts as the same path."""
        grown = len(path.xy) == len(self.shown.xy) + 1 > 1
        self._before = self.shown.xy[-1] if grown else None
        self.shown, self._pixels = path, None
        self.opts["name"] = path.name or None
        self.setStroke(path.stroke, path.width)
        self.xData, self.yData = path.xy[:, 0], path.xy[:, 1]
        self._boundsCache = [None, None]
        self.sigPlotChanged.emit(self)

    @property
    def told(self) -> Track:
        """Return the path with the stroke that it is drawn with."""
        return self.shown if self.stroke == self.shown.stroke else replace(self.shown, stroke=self.stroke)

    def setPoints(self, x: FloatArray, y: FloatArray) -> None:
        self.setPath(replace(self.shown, xy=np.stack((x, y), axis=1)))

    def pixels(self, axes: Axes) -> Pixels:
        """Return the path in pixels of the panel, with fewer points if it is long."""
        if self._pixels is None or self._pixels[0] is not axes.plane:
            self._pixels = axes.plane, self._trail.pixels(self.shown.xy, axes.plane)
        return self._pixels[1]

    def head(self, axes: Axes) -> QPointF | None:
        """Return where its head is, perhaps outside the plot; None without a head."""
        if not (self.shown.head and len(self.shown.xy)):
            return None
        x, y = self.moving(axes)
        return QPointF(float(x[-1]), float(y[-1])) if len(x) else None

    def moving(self, axes: Axes) -> Pixels:
        """Return the path in pixels, with its head at its present place in the animation."""
        (x, y), share = self.pixels(axes), self.getViewWidget().head_share
        if share == 1.0 or self._before is None or not len(x) or not self.shown.head:
            return x, y
        old = axes.plane.point(*map(float, self._before))
        tip = between(old, QPointF(float(x[-1]), float(y[-1])), share)
        return np.append(x[:-1], (old.x(), tip.x())), np.append(y[:-1], (old.y(), tip.y()))

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not len(self.shown.xy):
            return
        ghost = self.shown.ghost
        alpha, under = (GHOST, "") if ghost else (1.0, self.under if self.shown.halo else "")
        draw_line(
            painter,
            *self.moving(axes),
            self.stroke,
            self.width * self.theme.scale,
            alpha=alpha,
            live=live,
            under=under,
            within=axes.plane.rect,
        )

    def draw_head(self, painter: QPainter, axes: Axes) -> None:
        """Draw its head: a dot; a cross if it diverged; an arrowhead at the edge if it is outside."""
        path, rect, under, px = self.shown, axes.plane.rect, self.theme.plot, self.theme.px
        head = self.head(axes)
        if head is None:
            return
        if not rect.contains(head):
            if not path.ghost:
                beyond(painter, head, rect, px(6), self.stroke.colour, under)
        elif path.diverged or not np.isfinite(path.xy[-1]).all():
            cross(painter, head, px(5), self.stroke.colour, under)
        elif not path.ghost:
            dot(painter, head.x(), head.y(), px(4.5), self.stroke.colour, under)


def path_columns(paths: Sequence[Track], x: Scale, y: Scale) -> Columns:
    """Return the points of paths, two columns for each."""
    return [
        (f"{path.column or path.name or path.key} {axis.name}", path.xy[:, k])
        for path in paths
        for k, axis in enumerate((x, y))
    ]
