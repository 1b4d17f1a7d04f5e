"""A field as a landscape: drawn by the painter's algorithm, from the farthest cell to the nearest."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.colours import FieldScale
from gui.plots.described import Columns
from gui.plots.field import Bounds, GridField
from gui.plots.labels import Tags
from gui.plots.lines import dot, draw_line
from gui.plots.marks import cross, draw_ring, star
from gui.plots.own.landscape import HEIGHT, BoxView, FloorBox, Mesh, depth_at
from gui.plots.own.turned import TurnedPanel
from gui.plots.painting import clipped, picture_of
from gui.plots.path import GHOST, Track, path_columns
from gui.plots.room import Pixels
from gui.plots.scale import FloatArray, Scale

AT_REST, DRAGGING = 60, 40  # points along each side of the mesh
STALKS = 12  # at most, on a path
TRAIL = 1500  # of a long path, so many first points are drawn, and as many of the rest
BURIED = 0.07  # a path at least this far below the surface counts as hidden


class Surface3DPanel(TurnedPanel):
    """The landscape of a field with paths on it.

    The surface is kept as a picture while only paths move: `redraw` draws it again, `update` only the paths.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.x_axis, self.y_axis, self.z_axis = Scale("x"), Scale("y"), Scale("f")
        self.paths: tuple[Track, ...] = ()
        self.minima: tuple[tuple[float, float], ...] = ()
        self.start: tuple[float, float] | None = None
        self._field = GridField(np.full((2, 2), np.nan), ((0.0, 1.0), (0.0, 1.0)), FieldScale(0.0, 1.0), 0)
        self._known = False  # whether a surface has been given
        self._meshes: dict[int, Mesh] = {}
        self._depths: tuple[BoxView, FloatArray] | None = None
        self._drawn: list[Pixels] = []  # the paths of the last picture
        self._placed: BoxView | None = None
        self._layer: QPixmap | None = None

    def set_axes(
        self,
        x: tuple[str, str] = ("x", ""),
        y: tuple[str, str] = ("y", ""),
        value: tuple[str, str] = ("f", ""),
    ) -> None:
        """Name the axes: (label, unit) each."""
        self.x_axis, self.y_axis, self.z_axis = Scale(*x), Scale(*y), Scale(*value, log=self.z_axis.log)
        self.redraw()

    def set_surface(self, values: FloatArray, bounds: Bounds, log_height: bool = True) -> None:
        """Show `values` (rows along y, columns along x, the first at the low bounds); NaN is a hole."""
        scale = FieldScale.of(values, log_height)
        self._field, self._known = GridField(np.asarray(values, float), bounds, scale, 0), True
        self.z_axis = Scale(self.z_axis.label, self.z_axis.unit, scale.log)
        self._meshes = {}
        self.redraw()

    def set_paths(self, paths: Sequence[Track]) -> None:
        """Draw these paths on the surface from now on."""
        self.paths = tuple(paths)
        self.update()

    def set_minima(self, points: Sequence[tuple[float, float]]) -> None:
        """Mark known minima with stars."""
        self.minima = tuple((float(x), float(y)) for x, y, *_ in points)
        self.update()

    def set_start(self, x: float | None, y: float = 0.0) -> None:
        """Mark the start, or none."""
        self.start = None if x is None else (float(x), float(y))
        self.update()

    def table(self) -> Columns:
        """Return the paths point by point, or the surface if there are no paths."""
        if self.paths:
            return path_columns(self.paths, self.x_axis, self.y_axis)
        return self._field.table(self.x_axis.name, self.y_axis.name, self.z_axis.name)

    # Drawing

    def scene_on(self, rect: QRectF, live: bool) -> BoxView:
        """Return the projection of the surface in `rect`."""
        return BoxView.seen(rect, self._camera, DRAGGING if live and self._turning else AT_REST, self.theme)

    def redraw(self) -> None:
        """Draw everything again, including the surface."""
        self._layer = self._placed = None
        self.update()

    def _resized(self) -> None:
        self.redraw()

    def _draw(self, painter: QPainter, rect: QRectF, live: bool) -> None:
        scene = (self._placed if live else None) or self.scene_on(rect, live)
        if live:
            self._placed = scene
            self._layer = self._layer or picture_of(self, self._paint_still)
            painter.drawPixmap(0, 0, self._layer)
        else:
            self._draw_still(painter, scene, live)
        self._draw_moving(painter, scene, live)

    def _paint_still(self, painter: QPainter) -> None:
        if self._placed is not None:
            self.ready(painter)
            self._draw_still(painter, self._placed, True)

    def _mesh(self, size: int) -> Mesh:
        if size not in self._meshes:
            self._meshes[size] = Mesh(self._field, size)
        return self._meshes[size]

    def _draw_still(self, painter: QPainter, scene: BoxView, live: bool) -> None:
        with clipped(painter, scene.rect):
            if self._field.empty:
                self._say(painter, scene.rect, tr("No values here") if self._known else "")
                return
            box = FloorBox(scene, self.theme)
            box.draw_floor(painter)
            self._mesh(scene.size).draw(painter, scene, self.theme, smooth=not (live and self._turning))
            (x, y), z = self._field.bounds, self._field.scale
            room = 2 * HEIGHT * scene.scale * scene.up[2] / (1.6 * self.line_height)
            box.draw_names(
                painter, (self.x_axis, x), (self.y_axis, y), self.z_axis, z.ticks(min(5, max(1, int(room))))
            )

    def _draw_moving(self, painter: QPainter, scene: BoxView, live: bool) -> None:
        if self._field.empty:
            return
        mesh = self._mesh(scene.size)
        depths = self._depth_map(scene, mesh)
        with clipped(painter, scene.rect):
            for x, y in self.minima:
                if (spot := self._spot(scene, mesh, x, y)) is not None:
                    star(painter, spot, self.theme.px(7))
            for path in self.paths:
                self._draw_stalks(painter, scene, mesh, path)
            self._drawn = []
            heads = [
                (path, self._draw_path(painter, scene, mesh, path, depths, live))
                for path in sorted(self.paths, key=lambda path: not path.ghost)
            ]
            spot = self._spot(scene, mesh, *self.start) if self.start is not None and self.marked else None
            if spot is not None:
                draw_ring(painter, spot, self.theme.px(6), self.theme.text, self.theme.plot)
            self._draw_tags(painter, scene, heads)

    def _draw_tags(
        self, painter: QPainter, scene: BoxView, heads: list[tuple[Track, QPointF | None]]
    ) -> None:
        tags = Tags(painter, self.theme, scene.rect, self._drawn)
        shown = [(path, head) for path, head in heads if head is not None and scene.rect.contains(head)]
        for _, head in shown:
            tags.avoid(head.x(), head.y(), 5)
        named = [(path, head) for path, head in shown if path.name and not path.ghost]
        count = tags.fitting([path.name for path, _ in named])
        for path, head in reversed(named[len(named) - count :]):
            tags.offer(head.x(), head.y(), path.name, path.stroke.colour)

    def _spot(self, scene: BoxView, mesh: Mesh, x: float, y: float) -> QPointF | None:
        """Return the place of a point on the surface; None outside or in a hole."""
        point = mesh.on_surface(np.array([[x, y]]))[0]
        return scene.at(*map(float, point)) if np.isfinite(point).all() else None

    def _depth_map(self, scene: BoxView, mesh: Mesh) -> FloatArray:
        if self._depths is None or self._depths[0] is not scene:
            self._depths = (scene, mesh.depth_map(scene))
        return self._depths[1]

    def _draw_path(
        self, painter: QPainter, scene: BoxView, mesh: Mesh, path: Track, depths: FloatArray, live: bool
    ) -> QPointF | None:
        """Draw a path and return its head. Parts behind a hill are drawn faintly."""
        if not len(path.xy):
            return None
        chosen = path.xy
        if len(chosen) > 2 * TRAIL:
            rest = np.linspace(TRAIL, len(chosen) - 1, TRAIL).astype(int)
            chosen = chosen[np.append(np.arange(TRAIL), rest)]
        x, y, near = scene.place(mesh.on_surface(chosen))
        seen = np.where(near < depth_at(depths, x, y, scene) - BURIED, np.nan, x)
        alpha, under = (GHOST, "") if path.ghost else (1.0, self.theme.plot)
        self._drawn.append((x, y))
        draw, scale = partial(draw_line, painter, live=live, within=scene.rect), self.theme.scale
        draw(x, y, path.stroke, 1.4 * scale, alpha=0.35 * alpha)
        draw(seen, y, path.stroke, 1.9 * scale, alpha=alpha, under=under)
        known = np.flatnonzero(np.isfinite(x))
        if not len(known):
            return None
        head = QPointF(float(x[known[-1]]), float(y[known[-1]]))
        if path.diverged or not np.isfinite(path.xy[-1]).all():
            cross(painter, head, self.theme.px(5), path.stroke.colour, self.theme.plot)
        elif not path.ghost and known[-1] == len(x) - 1:  # the line ends where it leaves the surface
            dot(painter, head.x(), head.y(), self.theme.px(4.5), path.stroke.colour, self.theme.plot)
        return head

    def _draw_stalks(self, painter: QPainter, scene: BoxView, mesh: Mesh, path: Track) -> None:
        """Draw lines from some points of a path, including its head, to their true values."""
        if path.values is None or not len(path.xy):
            return
        chosen = np.unique(np.linspace(0, len(path.xy) - 1, STALKS).round().astype(int))
        feet = mesh.on_surface(path.xy[chosen])
        tops = feet.copy()
        tops[:, 2] = mesh.height_of(path.values[chosen])
        known = np.isfinite(feet).all(axis=1) & np.isfinite(tops).all(axis=1)
        colour = path.stroke.colour
        for foot, top in zip(feet[known], tops[known], strict=True):
            below, above = scene.at(*foot), scene.at(*top)
            painter.setPen(QPen(QColor(colour), 1.4 * self.theme.scale))
            painter.drawLine(below, above)
            dot(painter, above.x(), above.y(), self.theme.px(2.5), colour, self.theme.plot)
