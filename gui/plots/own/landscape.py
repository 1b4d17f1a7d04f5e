"""The parts of a landscape: the camera, its mesh of cells, and the box around it."""

from dataclasses import dataclass
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.look.theme import Theme
from gui.plots.colours import shades, table
from gui.plots.field import GridField, interpolated
from gui.plots.painting import CENTRE, faded, outline
from gui.plots.scale import FloatArray, Range, Scale
from gui.plots.ticks import Ticks

HEIGHT = 0.55  # half the height of the mesh, where half its width is 1
LIFT = 12.0  # pixels by which the box is above the middle, because its names are below it
TICKS = 5, 3, 2, 1  # how many are wanted along an edge, if there is room for them
PATCH = 5.0  # the side of a patch of the depth map, in pixels


@dataclass(frozen=True)
class Camera:
    """The camera: azimuth and elevation in degrees, magnification."""

    azimuth: float = -62.0
    elevation: float = 34.0
    zoom: float = 1.0


@dataclass(frozen=True)
class BoxView:
    """The projection of the unit box (x, y in −1…1) to the paper."""

    rect: QRectF
    right: FloatArray
    up: FloatArray
    toward: FloatArray
    scale: float
    size: int

    @classmethod
    def seen(cls, rect: QRectF, camera: Camera, size: int, theme: Theme) -> "BoxView":
        """Return the projection of a camera far away."""
        turn, rise = np.radians(camera.azimuth), np.radians(camera.elevation)
        right = np.array([-np.sin(turn), np.cos(turn), 0.0])
        up = np.array([-np.sin(rise) * np.cos(turn), -np.sin(rise) * np.sin(turn), np.cos(rise)])
        toward = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
        tall = 2 * (np.hypot(1, 1) * np.sin(rise) + HEIGHT * np.cos(rise))  # of the turned box
        room = min((rect.width() - theme.px(90)) / 2.83, (rect.height() - theme.px(56)) / max(tall, 2.4))
        return cls(rect, right, up, toward, max(room, 10.0) * camera.zoom, size)

    def place(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the pixels (x, y) of points of shape (…, 3), and how near they are to the camera."""
        middle = self.rect.center()
        across = middle.x() + self.scale * (points @ self.right)
        down = middle.y() - LIFT - self.scale * (points @ self.up)
        return across, down, points @ self.toward

    def at(self, x: float, y: float, z: float) -> QPointF:
        """Return the place of one point."""
        across, down, _ = self.place(np.array([x, y, z]))
        return QPointF(float(across), float(down))


class Mesh:
    """A field sampled at `size` points along each side, as a surface in the unit box."""

    def __init__(self, field: GridField, size: int) -> None:
        (x0, x1), (y0, y1) = self.bounds = field.bounds
        across, up = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y0, y1, size))
        fine = np.clip(field.scale.unit(field.values), 0, 1)
        around = [
            (s * (x1 - x0) / size / 3, t * (y1 - y0) / size / 3) for s in (-1, 0, 1) for t in (-1, 0, 1)
        ]
        self.unit = np.mean(
            [  # the least of the neighbours: otherwise a narrow valley would look like a row of teeth
                interpolated(fine, field.bounds, np.clip(across + dx, x0, x1), np.clip(up + dy, y0, y1))
                for dx, dy in around
            ],
            axis=0,
        )
        self._scale = field.scale
        side = np.linspace(-1, 1, size)
        self.points = np.stack((*np.meshgrid(side, side), HEIGHT * (2 * self.unit - 1)), axis=-1)
        self.colours = self._colours()

    def _colours(self) -> np.ndarray:
        """Return the colour of each cell, lit from one side."""
        z = self.points[..., 2]
        step = 2.0 / (len(z) - 1)
        cells = (self.unit[1:, 1:] + self.unit[:-1, 1:] + self.unit[1:, :-1] + self.unit[:-1, :-1]) / 4
        slope_x = (z[1:, 1:] + z[:-1, 1:] - z[1:, :-1] - z[:-1, :-1]) / (2 * step)
        slope_y = (z[1:, 1:] + z[1:, :-1] - z[:-1, 1:] - z[:-1, :-1]) / (2 * step)
        lit = (1.0 - 0.5 * slope_x + 0.35 * slope_y) / np.sqrt(1 + slope_x**2 + slope_y**2)
        shaded = shades(cells, table("viridis"))[..., :3] * (0.78 + 0.22 * np.nan_to_num(lit))[..., None]
        return np.where(np.isfinite(cells)[..., None], np.clip(shaded, 0, 255), -1).astype(int)

    def on_surface(self, xy: FloatArray) -> FloatArray:
        """Return points of the plane (n, 2) on the surface, (n, 3) in the unit box; NaN outside it."""
        (x0, x1), (y0, y1) = self.bounds
        height = interpolated(self.points[..., 2], self.bounds, xy[:, 0], xy[:, 1])
        with np.errstate(over="ignore", invalid="ignore"):
            x, y = 2 * (xy[:, 0] - x0) / (x1 - x0) - 1, 2 * (xy[:, 1] - y0) / (y1 - y0) - 1
        outside = np.isnan(height)
        return np.stack((np.where(outside, np.nan, x), np.where(outside, np.nan, y), height), axis=1)

    def height_of(self, values: FloatArray) -> FloatArray:
        """Return the heights of values in the unit box, limited to a little beyond it."""
        height: FloatArray = HEIGHT * (2 * np.clip(self._scale.unit(values), -0.1, 1.1) - 1)
        return height

    def draw(self, painter: QPainter, scene: BoxView, theme: Theme, smooth: bool) -> None:
        """Draw the cells that are not holes, the farthest first."""
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

    def depth_map(self, scene: BoxView) -> FloatArray:
        """Return how near the surface is in each patch of the paper; −∞ without a surface."""
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
    x: FloatArray, y: FloatArray, scene: BoxView, depths: FloatArray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row and column in the depth map of places on the paper, and which places are in it."""
    i, j = (y - scene.rect.top()) / PATCH, (x - scene.rect.left()) / PATCH
    seen = (i >= 0) & (j >= 0) & (i < depths.shape[0]) & (j < depths.shape[1])
    return np.where(seen, i, 0).astype(int), np.where(seen, j, 0).astype(int), seen


def depth_at(depths: FloatArray, x: FloatArray, y: FloatArray, scene: BoxView) -> FloatArray:
    """Return how near the surface is at places on the paper."""
    i, j, seen = _patches(x, y, scene, depths)
    return np.where(seen, depths[i, j], -np.inf)


class FloorBox:
    """The floor under the surface, with ticks and names on the sides near the camera."""

    def __init__(self, scene: BoxView, theme: Theme) -> None:
        self.scene, self.theme = scene, theme
        self.side_x, self.side_y = (1.0 if scene.toward[k] >= 0 else -1.0 for k in (0, 1))
        self._written: list[QRectF] = []  # where texts are already

    def draw_floor(self, painter: QPainter) -> None:
        """Draw the floor and, at the back, the vertical axis."""
        corners = [self.scene.at(x, y, -HEIGHT) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        outline(painter, self.theme.hairline)
        painter.drawPolygon(corners)
        x, y = self._pole()
        painter.drawLine(self.scene.at(x, y, -HEIGHT), self.scene.at(x, y, HEIGHT))

    def _pole(self) -> tuple[float, float]:
        """Return the corner that is leftmost on the paper."""
        corners = ((x, y) for x in (-1.0, 1.0) for y in (-1.0, 1.0))
        return min(corners, key=lambda corner: self.scene.at(corner[0], corner[1], 0.0).x())

    def draw_names(
        self, painter: QPainter, x: tuple[Scale, Range], y: tuple[Scale, Range], z: Scale, z_ticks: Ticks
    ) -> None:
        """Write ticks and names beside the two near edges of the floor and the vertical axis.

        A tick is left out if its place is outside the paper; there are so many that no texts touch.
        """
        painter.setPen(QColor(self.theme.quiet))
        self._written, pole = [], self._pole()
        upright = self.scene.toward[2] < 0.98  # whether the vertical axis is long enough to be read
        for along, (axis, _) in enumerate((x, y)):
            self._name(painter, self._on_edge(along, 0.0), self._outward(along), axis.name, 26)
        if upright:
            self._name(painter, self.scene.at(*pole, HEIGHT), QPointF(-0.7, -1), z.caption, 8)
        for along, (axis, limits) in enumerate((x, y)):
            ways = (self._marks(painter, along, axis.ticks(*limits, count=count), limits) for count in TICKS)
            marks = next((marks for marks in ways if not self._touches([room for room, _ in marks])), [])
            for room, label in marks:
                self._put(painter, room, label)
        for place, label in zip(z_ticks.places, z_ticks.labels, strict=True):
            spot = self.scene.at(*pole, HEIGHT * (2 * place - 1))
            if upright and 0.06 <= place <= 1.001 and self.scene.rect.contains(spot):
                room = self._room(painter, spot, QPointF(-1, 0), label, 4)
                if not self._touches([room]):
                    self._put(painter, room, label)

    def _on_edge(self, along: int, place: float, away: float = 1.0) -> QPointF:
        """Return a place on the near edge of the floor along x (0) or y (1), `away` times as far out."""
        x, y = (place, self.side_y * away) if along == 0 else (self.side_x * away, place)
        return self.scene.at(x, y, -HEIGHT)

    def _outward(self, along: int) -> QPointF:
        """Return the direction on the paper away from the floor, of length 1."""
        out = self._on_edge(along, 0.0, 2.0) - self._on_edge(along, 0.0)
        return out / max(hypot(out.x(), out.y()), 1e-9)

    def _marks(self, painter: QPainter, along: int, ticks: Ticks, limits: Range) -> list[tuple[QRectF, str]]:
        """Return the ticks beside an edge that are on the paper: where each is written, and its number."""
        corner = (self.side_x, self.side_y)[along] if along else 2.0  # where the first edge has its texts
        found = []
        for value, label in zip(ticks.places, ticks.labels, strict=True):
            place = 2 * (value - limits[0]) / (limits[1] - limits[0]) - 1
            spot = self._on_edge(along, place)
            if abs(place - corner) > 0.1 and self.scene.rect.contains(spot):
                found.append((self._room(painter, spot, self._outward(along), label, 4), label))
        return found

    def _name(self, painter: QPainter, spot: QPointF, out: QPointF, text: str, gap: float) -> None:
        """Write the name of an axis; where its place is outside the paper, with a ground to be read on."""
        room = self._room(painter, spot, out, text, gap)
        if not self.scene.rect.contains(spot):
            painter.fillRect(room, faded(self.theme.plot, 0.8))
        self._put(painter, room, text)

    def _room(self, painter: QPainter, spot: QPointF, out: QPointF, text: str, gap: float) -> QRectF:
        """Return where a text stands beside a place, in the direction `out`, and inside the plot."""
        metrics, rect = painter.fontMetrics(), self.scene.rect
        width, height = metrics.horizontalAdvance(text), metrics.height()
        reach = self.theme.px(gap)
        x = spot.x() + out.x() * (reach + width / 2) - width / 2
        y = spot.y() + out.y() * (reach + height / 2) - height / 2
        x = min(max(x, rect.left()), rect.right() - width)
        return QRectF(x, min(max(y, rect.top()), rect.bottom() - height), width, height)

    def _touches(self, rooms: list[QRectF]) -> bool:
        """Whether texts would stand over each other, or over one that is written already."""
        return any(
            room.intersects(other) for k, room in enumerate(rooms) for other in (*self._written, *rooms[:k])
        )

    def _put(self, painter: QPainter, room: QRectF, text: str) -> None:
        self._written.append(room)
        painter.drawText(room, CENTRE | Qt.TextFlag.TextDontClip, text)
