"""All predictions over three classes as a triangle: a landscape, streamlines, and scales along the sides."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from engine.experiments.entropy.three_classes_map import Region
from engine.information.triangle import CLASSES, CORNERS, HEIGHT
from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes, Plane, locked
from gui.plots.colours import bar_width
from gui.plots.contours import FieldPanel
from gui.plots.lines import draw_line
from gui.plots.painting import CENTRE, faded, outline, put_note, put_text, wrapped
from gui.plots.part import Inlay
from gui.plots.scale import FloatArray, Scale
from gui.plots.tick_axis import TickAxis
from gui.plots.ticks import Ticks

BOUNDS = (
    (-0.085, 1.085),
    (-0.175, 0.965),
)  # of the plane that is seen: the triangle, and room for its scales in a lecture's letters
LINES, FLAT, MAT, FRAME = -70.0, -65.0, -60.0, -55.0  # layers in the view, under the paths
NOTES = 0.34  # fraction of the width of the plot for the text in its corner
TICKS = (0.2, 0.4, 0.6, 0.8)
ALONG = ((1, 0), (2, 1), (0, 2))  # for each scale: the class, and the one that its side leads away from
OUT = (
    (-0.5, -HEIGHT),
    (1.0, 0.0),
    (-0.5, HEIGHT),
)  # where the ticks of a scale point, along lines of one share
AWAY, ARROWS = (
    ((-8.0, 33.0), (52.0, -18.0), (-52.0, -18.0)),
    "→↖↙",
)  # of their names: where, and which way they rise
ROOMY = 30  # ticks at least this many pixels apart (at the ordinary size) have numbers
BLACK, SEAM, WHITE = "#000000", "#56606a", "#ffffff"  # used on colours that are the same in both themes


class NoAxis(TickAxis):
    """An invisible axis: the triangle has its scales along its sides."""

    def draw(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw nothing."""


class TrianglePicture(FieldPanel):
    """A field over the triangle; values outside the triangle are not shown."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.x_axis, self.y_axis = Scale(), Scale()
        self.home = BOUNDS
        self.streams: tuple[FloatArray, ...] = ()
        self.outlines: tuple[FloatArray, ...] = ()  # outlines of where the loss is flat although Q is wrong
        self._hatching: tuple[FloatArray, ...] = ()
        self.notes: tuple[str, ...] = ()

    def _sides(self) -> dict[str, TickAxis]:
        return {"left": NoAxis("left", self.theme), "bottom": NoAxis("bottom", self.theme)}

    def _add_layers(self) -> None:
        super()._add_layers()
        layers = {
            LINES: self._draw_streams,
            FLAT: self._draw_flat,
            MAT: self._draw_mat,
            FRAME: self._draw_frame,
        }
        for z, draw in layers.items():
            self.plot.addItem(Inlay(draw, z), ignoreBounds=True)

    def set_streams(self, lines: Sequence[FloatArray]) -> None:
        """Draw these lines, each of shape (points, 2), with an arrowhead for the direction."""
        self.streams = tuple(lines)
        self.redraw()

    def set_notes(self, notes: Sequence[str]) -> None:
        """Write these lines in the free corner above the triangle."""
        self.notes = tuple(notes)
        self.redraw()

    def set_flat(self, region: Region | None) -> None:
        """Hatch where the values of a grid are negative; None: nowhere."""
        import contourpy  # lazily: the first plot is on the screen before this is loaded

        self.outlines = self._hatching = ()
        if region is not None and region.depth.min() < 0:
            (x0, x1), (y0, y1) = region.bounds
            rows, columns = region.depth.shape
            x, y = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
            found = contourpy.contour_generator(x, y, region.depth).lines(0.0)
            self.outlines = tuple(np.asarray(line) for line in found)
            self._hatching = region.hatching
        self.redraw()

    # Drawing

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        right = bar_width(self.theme, self.bar.axis.scale_shown, rect.height())  # also while it is hidden
        room, nothing = rect.adjusted(0, 0, -right, 0), Ticks((), ())
        room.setWidth(max(room.width(), 4.0))
        axes = Axes(Plane(room, *self.ranges), Scale(), Scale(), nothing, nothing, outer=rect)
        return replace(locked(axes, self.theme), x_ticks=nothing)

    def _draw_streams(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw light lines with a dark border, visible on every colour, each with an arrowhead in its
        middle.
        """
        self._draw_all(painter, axes, self.streams, Stroke(WHITE), 1.1, SEAM, live)
        painter.setPen(QPen(faded(BLACK, 0.35), 0.8))
        painter.setBrush(faded(WHITE, 0.9))
        for line in self.streams:
            if len(line) > 3:
                painter.drawPolygon(_head(*_pixels(axes.plane, line), 7.0 * self.theme.scale))

    def _draw_flat(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw slanted lines where the loss is flat although Q is wrong, with a dark outline."""
        for lines, width in ((self._hatching, 1.0), (self.outlines, 1.6)):
            self._draw_all(painter, axes, lines, Stroke(BLACK), width, WHITE, live)

    def _draw_all(
        self,
        painter: QPainter,
        axes: Axes,
        lines: Sequence[FloatArray],
        stroke: Stroke,
        width: float,
        under: str,
        live: bool,
    ) -> None:
        """Draw lines as one line with gaps, which is fast."""
        if lines:
            gap = np.full((1, 2), np.nan)
            line = np.concatenate([part for one in lines for part in (one, gap)])
            x, y = _pixels(axes.plane, line)
            within = axes.plane.rect
            draw_line(painter, x, y, stroke, width * self.theme.scale, live=live, under=under, within=within)

    def _draw_mat(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Cover everything outside the triangle, and the rim of the picture: not every SVG program clips."""
        gap = self.theme.px(6)
        path = QPainterPath()
        path.addRect(axes.plane.rect.adjusted(-gap, -gap, gap, gap))
        path.addPolygon(corners(axes.plane))
        path.closeSubpath()
        painter.fillPath(path, faded(self.theme.plot, 1.0))

    def _draw_frame(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the sides with their scales, and the names of the corners."""
        outline(painter, self.theme.quiet, 1.2 * self.theme.scale)
        painter.drawPolygon(corners(axes.plane))
        painter.setPen(QPen(faded(self.theme.quiet, 0.7), 1))
        for side in range(3):
            way = QPointF(OUT[side][0], -OUT[side][1]) * self.theme.px(5)
            for spot in self._ticks(axes.plane, side):
                painter.drawLine(spot, spot + way)
        before = QFont(painter.font())
        for middle, text, strong in self.words(axes.plane):
            painter.setFont(self.theme.font(self.theme.title_px, bold=True) if strong else before)
            side = self.theme.px(60)
            box = QRectF(middle.x() - side, middle.y() - side, 2 * side, 2 * side)
            put_text(painter, box, CENTRE, text, self.theme.text if strong else self.theme.quiet)
        painter.setFont(before)

    def words(self, plane: Plane) -> list[tuple[QPointF, str, bool]]:
        """Return the texts around the triangle: the place of the middle, and whether it names a corner."""
        px = self.theme.px
        ways = ((-1.0, 0.6), (1.0, 0.6), (0.0, -1.0))
        found = [
            (plane.point(*corner) + QPointF(*way) * px(16), name, True)
            for name, corner, way in zip(CLASSES, CORNERS, ways, strict=True)
        ]
        length = QLineF(plane.point(*CORNERS[0]), plane.point(*CORNERS[1])).length()
        if length < (len(TICKS) + 1) * px(ROOMY):
            return found
        for side, (rising, falling) in enumerate(ALONG):
            out = QPointF(OUT[side][0], -OUT[side][1])
            spots = zip(self._ticks(plane, side), TICKS, strict=True)
            found += [(spot + out * px(17), f"{share:g}", False) for spot, share in spots]
            middle = plane.point(*((CORNERS[rising] + CORNERS[falling]) / 2))
            away = QPointF(*AWAY[side]) * self.theme.scale
            found.append((middle + away, f"Q({CLASSES[rising]}) {ARROWS[side]}", False))
        return found

    def _ticks(self, plane: Plane, side: int) -> list[QPointF]:
        rising, falling = ALONG[side]
        start, end = CORNERS[falling], CORNERS[rising]
        return [plane.point(*(start + share * (end - start))) for share in TICKS]

    def _draw_ground(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the paper; hatched where the triangle has no values."""
        if self._known and self._field.empty:
            super()._draw_ground(painter, axes, live)

    def _draw_note(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Write the notes in the corner at the right above the triangle."""
        rect, gap = axes.plane.rect, self.theme.px(4)
        room, metrics = NOTES * rect.width(), QFontMetricsF(painter.font())
        if room < self.theme.px(110):
            return
        corner = rect.topRight() + QPointF(-gap, gap)
        for line in (line for note in self.notes for line in wrapped(note, metrics, room)):
            patch = put_note(painter, self.theme, corner, line, share=1.0, ink=faded(self.theme.quiet, 1.0))
            corner = QPointF(corner.x(), patch.bottom())

    def _draw_missing(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Do nothing: missing values are mentioned beside the title, because paths are drawn here."""


def corners(plane: Plane) -> QPolygonF:
    """Return the triangle in pixels."""
    return QPolygonF([plane.point(*corner) for corner in CORNERS])


def _pixels(plane: Plane, line: FloatArray) -> tuple[FloatArray, FloatArray]:
    return plane.px(line[:, 0]), plane.py(line[:, 1])


def _head(x: FloatArray, y: FloatArray, size: float) -> QPolygonF:
    """Return an arrowhead in the middle of a line."""
    k = len(x) // 2
    way = np.array([x[k + 1] - x[k - 1], y[k + 1] - y[k - 1]])
    way = way * (size / max(float(np.hypot(*way)), 1e-9))
    side, at = np.array([-way[1], way[0]]) * 0.42, np.array([x[k], y[k]])
    return QPolygonF(
        [QPointF(*place) for place in (at + way * 0.6, at - way * 0.4 + side, at - way * 0.4 - side)]
    )
