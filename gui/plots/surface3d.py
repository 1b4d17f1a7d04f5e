"""A field as a landscape: drawn by the painter's algorithm, from the farthest cell to the nearest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.plots.axes import Axis, FloatArray, Range
from gui.plots.colours import FieldScale, shades, table
from gui.plots.contours import GHOST, Path
from gui.plots.field import Bounds, Field, interpolated
from gui.plots.labels import Tags
from gui.plots.layers import LayeredPanel
from gui.plots.lines import dot, draw_line
from gui.plots.marks import cross, star
from gui.plots.panel import CENTRE, clipped, faded, put_text
from gui.plots.ticks import Ticks
from gui.theme import Theme

AT_REST, DRAGGING = 60, 40  # points along each side of the mesh
HEIGHT = 0.55  # of the mesh, half of it, where half its width is 1
LOW, HIGH = 5.0, 90.0  # degrees of elevation
TRAIL = 1500  # points of a path whose beginning, and as many of whose rest, are drawn
BURIED = 0.07  # depth below the surface from which a path counts as hidden
PATCH = 5.0  # pixels of the depth map


@dataclass(frozen=True)
class Camera:
    """Where one looks from: degrees around, degrees above the horizon, magnification."""

    azimuth: float = -62.0
    elevation: float = 34.0
    zoom: float = 1.0


@dataclass(frozen=True)
class Scene:
    """How the unit box (x, y in −1…1) comes to the paper."""

    rect: QRectF
    right: FloatArray
    up: FloatArray
    toward: FloatArray
    scale: float
    size: int

    @classmethod
    def seen(cls, rect: QRectF, camera: Camera, size: int, theme: Theme) -> "Scene":
        """The scene as a camera far away sees it."""
        turn, rise = np.radians(camera.azimuth), np.radians(camera.elevation)
        right = np.array([-np.sin(turn), np.cos(turn), 0.0])
        up = np.array([-np.sin(rise) * np.cos(turn), -np.sin(rise) * np.sin(turn), np.cos(rise)])
        toward = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
        room = min((rect.width() - theme.px(90)) / 2.83, (rect.height() - theme.px(50)) / 2.15)
        return cls(rect, right, up, toward, max(room, 10.0) * camera.zoom, size)

    def place(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Pixels across and down of points (…, 3), and how near they are."""
        middle = self.rect.center()
        return (middle.x() + self.scale * (points @ self.right), middle.y() - self.scale * (points @ self.up),
                points @ self.toward)  # fmt: skip

    def at(self, x: float, y: float, z: float) -> QPointF:
        """The place of one point."""
        across, down, _ = self.place(np.array([x, y, z]))
        return QPointF(float(across), float(down))


class Surface3DPanel(LayeredPanel[Scene]):
    """The landscape of a field with paths on it: turned by dragging, enlarged by the wheel."""

    camera_changed = Signal()

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, theme, parent)
        self.x_axis, self.y_axis, self.z_axis = Axis("x"), Axis("y"), Axis("f")
        self.paths: tuple[Path, ...] = ()
        self.minima: tuple[tuple[float, float], ...] = ()
        self.start: tuple[float, float] | None = None
        self._camera = Camera()
        self._field = Field(np.full((2, 2), np.nan), ((0.0, 1.0), (0.0, 1.0)), FieldScale(0.0, 1.0), 0)
        self._meshes: dict[int, Mesh] = {}
        self._depths: tuple[Scene, FloatArray] | None = None
        self._held: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset_action = QAction(tr("Reset view"), self)
        self.reset_action.triggered.connect(self.reset_camera)
        self.addAction(self.reset_action)

    def set_axes(
        self,
        x: tuple[str, str] = ("x", ""),
        y: tuple[str, str] = ("y", ""),
        value: tuple[str, str] = ("f", ""),
    ) -> None:
        """Name the axes: (label, unit) each."""
        self.x_axis, self.y_axis, self.z_axis = Axis(*x), Axis(*y), Axis(*value, log=self.z_axis.log)
        self.redraw()

    def set_surface(self, values: FloatArray, bounds: Bounds, log_height: bool = True) -> None:
        """Show `values` (rows along y, columns along x, the first at the low bounds); NaN is a hole."""
        scale = FieldScale.of(values, log_height)
        self._field = Field(np.asarray(values, float), bounds, scale, 0)
        self.z_axis = Axis(self.z_axis.label, self.z_axis.unit, scale.log)
        self._meshes = {}
        self.redraw()

    def set_paths(self, paths: Sequence[Path]) -> None:
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

    @property
    def camera(self) -> tuple[float, float, float]:
        """Azimuth and elevation in degrees, and zoom."""
        return self._camera.azimuth, self._camera.elevation, self._camera.zoom

    @camera.setter
    def camera(self, camera: tuple[float, float, float]) -> None:
        azimuth, elevation, zoom = camera
        self._camera = Camera(
            (azimuth + 180) % 360 - 180, min(max(elevation, LOW), HIGH), min(max(zoom, 0.3), 8.0)
        )
        self.redraw()
        self.camera_changed.emit()

    def reset_camera(self) -> None:
        """Look from where one looked at first."""
        first = Camera()
        self.camera = (first.azimuth, first.elevation, first.zoom)

    def table(self) -> list[tuple[str, Sequence[object]]]:
        """The surface, point by point."""
        return self._field.table(self.x_axis.name, self.y_axis.name, self.z_axis.name)

    # Drawing

    def _lay_out(self, rect: QRectF, live: bool) -> Scene:
        size = DRAGGING if live and self._held is not None else AT_REST
        return Scene.seen(rect, self._camera, size, self.theme)

    def _mesh(self, size: int) -> "Mesh":
        if size not in self._meshes:
            self._meshes[size] = Mesh(self._field, size)
        return self._meshes[size]

    def _draw_still(self, painter: QPainter, scene: Scene, live: bool) -> None:
        with clipped(painter, scene.rect):
            if self._field.empty:
                painter.setPen(QColor(self.theme.quiet))
                put_text(painter, scene.rect, CENTRE, tr("No values here"))
                return
            box = Box(scene, self.theme)
            box.draw_floor(painter)
            self._mesh(scene.size).draw(painter, scene, self.theme, smooth=self._held is None or not live)
            (x, y), z = self._field.bounds, self._field.scale
            room = 2 * HEIGHT * scene.scale * scene.up[2] / (1.6 * self.line_height)
            box.draw_names(painter, (self.x_axis, x), (self.y_axis, y), self.z_axis, z.ticks(min(5, max(1, int(room)))))

    def _draw_moving(self, painter: QPainter, scene: Scene, live: bool) -> None:
        if self._field.empty:
            return
        mesh = self._mesh(scene.size)
        depths = self._depth_map(scene, mesh)
        with clipped(painter, scene.rect):
            for x, y in self.minima:
                star(painter, self._spot(scene, mesh, x, y), self.theme.px(7))
            heads = [(path, self._draw_path(painter, scene, mesh, path, depths, live))
                     for path in sorted(self.paths, key=lambda path: not path.ghost)]  # fmt: skip
            if self.start is not None:
                spot = self._spot(scene, mesh, *self.start)
                painter.setBrush(faded(self.theme.plot, 0.35))
                for colour, width in ((self.theme.plot, 4.5), (self.theme.text, 1.8)):
                    painter.setPen(QPen(QColor(colour), width))
                    painter.drawEllipse(spot, self.theme.px(6), self.theme.px(6))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
            self._draw_tags(painter, scene, heads)

    def _draw_tags(self, painter: QPainter, scene: Scene, heads: list[tuple[Path, QPointF | None]]) -> None:
        tags = Tags(painter, self.theme, scene.rect)
        shown = [(path, head) for path, head in heads if head is not None and scene.rect.contains(head)]
        for _, head in shown:
            tags.avoid(head.x(), head.y(), 5)
        for path, head in shown:
            if path.name and not path.ghost:
                tags.put(head.x(), head.y(), path.name, path.stroke.colour)

    def _spot(self, scene: Scene, mesh: "Mesh", x: float, y: float) -> QPointF:
        point = mesh.on_surface(np.array([[x, y]]))[0]
        return scene.at(*(float(c) for c in np.nan_to_num(point, nan=-10.0)))

    def _depth_map(self, scene: Scene, mesh: "Mesh") -> FloatArray:
        if self._depths is None or self._depths[0] is not scene:
            self._depths = (scene, mesh.depth_map(scene))
        return self._depths[1]

    def _draw_path(
        self,
        painter: QPainter,
        scene: Scene,
        mesh: "Mesh",
        path: Path,
        depths: FloatArray,
        tags: Tags,
        live: bool,
    ) -> None:
        """Draw a path: what lies behind a hill shows through faintly."""
        if not len(path.xy):
            return
        chosen = path.xy
        if len(chosen) > 2 * TRAIL:
            chosen = chosen[
                np.concatenate((np.arange(TRAIL), np.linspace(TRAIL, len(chosen) - 1, TRAIL).astype(int)))
            ]
        x, y, near = scene.place(mesh.on_surface(chosen))
        hidden = near < _looked_up(depths, x, y, scene) - BURIED
        alpha = GHOST if path.ghost else 1.0
        draw_line(painter, x, y, path.stroke, 1.4, alpha=0.35 * alpha, live=live)
        draw_line(painter, np.where(hidden, np.nan, x), y, path.stroke, 1.9, alpha=alpha, live=live,
                  under="" if path.ghost else self.theme.plot)  # fmt: skip
        known = np.flatnonzero(np.isfinite(x))
        if not len(known):
            return None
        head = QPointF(float(x[known[-1]]), float(y[known[-1]]))
        if path.diverged or known[-1] != len(x) - 1:
            cross(painter, head, self.theme.px(5), path.stroke.colour, self.theme.plot)
        elif not path.ghost:
            dot(painter, head.x(), head.y(), self.theme.px(4.5), path.stroke.colour, self.theme.plot)
        return head

    # The mouse and the keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            self._turn(-0.45 * moved.x(), 0.35 * moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.redraw()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_camera()

    def wheelEvent(self, event: QWheelEvent) -> None:
        azimuth, elevation, zoom = self.camera
        self.camera = (azimuth, elevation, zoom * 1.0015 ** event.angleDelta().y())

    def _turn(self, around: float, over: float) -> None:
        azimuth, elevation, zoom = self.camera
        self.camera = (azimuth + around, elevation + over, zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = {
            Qt.Key.Key_Left: (5, 0),
            Qt.Key.Key_Right: (-5, 0),
            Qt.Key.Key_Up: (0, 5),
            Qt.Key.Key_Down: (0, -5),
        }
        key = Qt.Key(event.key())
        azimuth, elevation, zoom = self.camera
        if key in turns:
            self._turn(*turns[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.camera = (azimuth, elevation, zoom * (0.8 if key == Qt.Key.Key_Minus else 1.25))
        elif key == Qt.Key.Key_0:
            self.reset_camera()
        else:
            event.ignore()


class Mesh:
    """A field sampled at `size` points along each side, as a surface in the unit box."""

    def __init__(self, field: Field, size: int) -> None:
        (x0, x1), (y0, y1) = self.bounds = field.bounds
        across, up = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y0, y1, size))
        fine = np.clip(field.scale.unit(field.values), 0, 1)
        around = [(s * (x1 - x0) / size / 3, t * (y1 - y0) / size / 3) for s in (-1, 0, 1) for t in (-1, 0, 1)]
        self.unit = np.mean([  # of the neighbourhood: a narrow valley would else become a row of teeth
            interpolated(fine, field.bounds, np.clip(across + dx, x0, x1), np.clip(up + dy, y0, y1))
            for dx, dy in around
        ], axis=0)  # fmt: skip
        side = np.linspace(-1, 1, size)
        self.points = np.stack((*np.meshgrid(side, side), HEIGHT * (2 * self.unit - 1)), axis=-1)
        self.colours = self._colours()

    def _colours(self) -> np.ndarray:
        """Colour of each cell, lit from one side."""
        z = self.points[..., 2]
        step = 2.0 / (len(z) - 1)
        cells = (self.unit[1:, 1:] + self.unit[:-1, 1:] + self.unit[1:, :-1] + self.unit[:-1, :-1]) / 4
        slope_x = (z[1:, 1:] + z[:-1, 1:] - z[1:, :-1] - z[:-1, :-1]) / (2 * step)
        slope_y = (z[1:, 1:] + z[1:, :-1] - z[:-1, 1:] - z[:-1, :-1]) / (2 * step)
        lit = (1.0 - 0.5 * slope_x + 0.35 * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
        shaded = shades(cells, table("viridis"))[..., :3] * (0.78 + 0.22 * np.nan_to_num(lit))[..., None]
        return np.where(np.isfinite(cells)[..., None], np.clip(shaded, 0, 255), -1).astype(int)

    def on_surface(self, xy: FloatArray) -> FloatArray:
        """Points (n, 2) of the plane, put on the surface: (n, 3) in the unit box; NaN outside it."""
        (x0, x1), (y0, y1) = self.bounds
        height = interpolated(self.points[..., 2], self.bounds, xy[:, 0], xy[:, 1])
        with np.errstate(over="ignore", invalid="ignore"):
            x, y = 2 * (xy[:, 0] - x0) / (x1 - x0) - 1, 2 * (xy[:, 1] - y0) / (y1 - y0) - 1
        outside = np.isnan(height)
        return np.stack((np.where(outside, np.nan, x), np.where(outside, np.nan, y), height), axis=1)

    def draw(self, painter: QPainter, scene: Scene, theme: Theme, smooth: bool) -> None:
        """Draw the cells that are no holes, the farthest first."""
        x, y, _ = scene.place(self.points)
        size = len(x)
        corners = [QPointF(*pair) for pair in zip(x.ravel().tolist(), y.ravel().tolist(), strict=True)]
        base = self.points[:-1, :-1, :2] @ scene.toward[:2]
        red, green, blue = (band.tolist() for band in self.colours.reshape(-1, 3).T)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        painter.setPen(QPen(faded("#000000", 0.16), 0.7))
        for cell in np.argsort(base, axis=None).tolist():
            if red[cell] >= 0:
                k = cell + cell // (size - 1)
                painter.setBrush(QColor(red[cell], green[cell], blue[cell]))
                painter.drawConvexPolygon(
                    (corners[k], corners[k + 1], corners[k + size + 1], corners[k + size])
                )
        painter.restore()

    def depth_map(self, scene: Scene) -> FloatArray:
        """How near the surface is in each patch of the paper; −∞ where there is none."""
        fine = np.linspace(-1, 1, 3 * len(self.points))
        across, up = np.meshgrid(fine, fine)
        height = interpolated(self.points[..., 2], ((-1.0, 1.0), (-1.0, 1.0)), across, up)
        x, y, near = scene.place(np.stack((across, up, height), axis=-1))
        rows, columns = (int(side / PATCH) + 1 for side in (scene.rect.height(), scene.rect.width()))
        depths = np.full((rows, columns), -np.inf)
        i, j, seen = _patches(x, y, scene, depths)
        np.maximum.at(depths, (i[seen], j[seen]), near[seen])
        return depths


def _patches(
    x: FloatArray, y: FloatArray, scene: Scene, depths: FloatArray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row and column of the depth map for places on the paper, and which of them are in it."""
    i, j = (y - scene.rect.top()) / PATCH, (x - scene.rect.left()) / PATCH
    seen = (i >= 0) & (j >= 0) & (i < depths.shape[0]) & (j < depths.shape[1])
    return np.where(seen, i, 0).astype(int), np.where(seen, j, 0).astype(int), seen


def _looked_up(depths: FloatArray, x: FloatArray, y: FloatArray, scene: Scene) -> FloatArray:
    i, j, seen = _patches(x, y, scene, depths)
    return np.where(seen, depths[i, j], -np.inf)


class Box:
    """The floor under the surface, with its ticks and names on the sides one looks from."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        self.scene, self.theme = scene, theme
        self.side_x, self.side_y = (1.0 if scene.toward[k] >= 0 else -1.0 for k in (0, 1))

    def draw_floor(self, painter: QPainter) -> None:
        """Draw the floor and, behind, the vertical axis."""
        corners = [self.scene.at(x, y, -HEIGHT) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        painter.setPen(QPen(QColor(self.theme.hairline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(corners)
        x, y = self._pole()
        painter.drawLine(self.scene.at(x, y, -HEIGHT), self.scene.at(x, y, HEIGHT))

    def _pole(self) -> tuple[float, float]:
        """The corner that is leftmost on the paper."""
        return min(
            ((x, y) for x in (-1.0, 1.0) for y in (-1.0, 1.0)), key=lambda c: self.scene.at(*c, 0.0).x()
        )

    def draw_names(
        self, painter: QPainter, x: tuple[Axis, Range], y: tuple[Axis, Range], z: Axis, z_ticks: Ticks
    ) -> None:
        """Write ticks and names beside the two near edges of the floor and the vertical axis."""
        painter.setPen(QColor(self.theme.quiet))
        for along, (axis, limits) in enumerate((x, y)):
            ticks = axis.ticks(*limits, count=5)
            spans = [2 * (place - limits[0]) / (limits[1] - limits[0]) - 1 for place in ticks.places]
            corner = (self.side_x, self.side_y)[along] if along else 2.0  # where the first edge has written
            marks = [mark for mark in zip(spans, ticks.labels, strict=True) if abs(mark[0] - corner) > 0.1]
            self._edge(painter, along, marks, axis.name)
        if self.scene.toward[2] < 0.98:
            pole = self._pole()
            for place, label in zip(z_ticks.places, z_ticks.labels, strict=True):
                if 0.06 <= place <= 1.001:
                    spot = self.scene.at(*pole, HEIGHT * (2 * place - 1))
                    self._write(painter, spot, QPointF(-1, 0), label, 4)
            self._write(painter, self.scene.at(*pole, HEIGHT), QPointF(-0.7, -1), z.caption, 8)

    def _edge(self, painter: QPainter, along: int, ticks: list[tuple[float, str]], name: str) -> None:
        def at(place: float, away: float = 1.0) -> QPointF:
            x, y = (place, self.side_y * away) if along == 0 else (self.side_x * away, place)
            return self.scene.at(x, y, -HEIGHT)

        out = at(0.0, 2.0) - at(0.0)
        length = max((out.x() ** 2 + out.y() ** 2) ** 0.5, 1e-9)
        out = QPointF(out.x() / length, out.y() / length)
        for place, label in ticks:
            self._write(painter, at(place), out, label, 4)
        self._write(painter, at(0.0), out, name, 22)

    def _write(self, painter: QPainter, spot: QPointF, out: QPointF, text: str, gap: float) -> None:
        """Write a text beside a spot, in the direction `out`, wholly off it and wholly inside."""
        metrics, rect = painter.fontMetrics(), self.scene.rect
        width, height = metrics.horizontalAdvance(text), metrics.height()
        reach = self.theme.px(gap)
        x = spot.x() + out.x() * (reach + width / 2) - width / 2
        y = spot.y() + out.y() * (reach + height / 2) - height / 2
        x = min(max(x, rect.left()), rect.right() - width)
        painter.drawText(
            QRectF(x, min(y, rect.bottom() - height), width, height), CENTRE | Qt.TextFlag.TextDontClip, text
        )
