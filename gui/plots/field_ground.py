"""A field over a plane as colours and level lines, with the colour bar and the value under the mouse."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter

from gui.look.language import tr
from gui.look.theme import Theme, metrics_of
from gui.plots.axes import Axes, Plane, lay_out, locked
from gui.plots.colour_bar import ColourBar
from gui.plots.colours import FieldScale, bar_width
from gui.plots.field import Bounds, GridField, hatch
from gui.plots.painting import RIGHT, clipped, put_note, put_text
from gui.plots.part import Inlay, Layer
from gui.plots.picture import LevelLines, Picture
from gui.plots.plot import HousePlot
from gui.plots.plot_panel import OVER, UNDER
from gui.plots.scale import FloatArray, Scale
from gui.plots.ticks import value_text
from gui.plots.zoom import ZoomPanel

GROUND, READOUT = UNDER + 1, OVER + 1  # layers of the panel
IMAGE, PART, LINES, MISSING = -90.0, -85.0, -80.0, -75.0  # layers in the view
AROUND = 0.25  # fraction of the visible range, on each side of it, that is also computed finely
COARSE = 3.0  # a finer part is computed if the known one is more than this many times the visible range


class FieldGround(ZoomPanel):
    """Colours and contours of a field: `image` is their ImageItem, `bar` the ColorBarItem.

    After a zoom it shows the values that were computed for the whole field, until finer ones have come.
    """

    looked_elsewhere = Signal()  # another part of the field is visible

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self.x_axis, self.y_axis = Scale("x"), Scale("y")
        self.aspect_locked = False
        self.colour_bar = True
        self.note = ""  # a short text beside the title
        self._scale = FieldScale(0.0, 1.0)
        self._field = GridField(np.full((2, 2), np.nan), self.home, self._scale, 0)
        self._known = self._awaited = False  # whether a field has been set, or is being computed
        self._value_at: Callable[[float, float], float] | None = None
        self._value_name = "f"
        self._mouse: QPointF | None = None
        self._revealed = True

    def _join(self, plot: HousePlot) -> None:
        super()._join(plot)
        plot.vb.sigRangeChanged.connect(self._look_elsewhere)

    def _add_layers(self) -> None:
        self.plot.setAxesAbove()
        self.image, self.level_lines = Picture(IMAGE), LevelLines(LINES)
        for item in (self.image, self.level_lines, Inlay(self._draw_missing, MISSING)):
            self.plot.addItem(item, ignoreBounds=True)
        self._part: GridField | None = None  # the latest finer values
        self._part_image: Picture | None = None  # made when it is shown for the first time
        self._bar: ColourBar | None = None
        self._sights = [
            Layer(self._draw_ground, GROUND),
            Layer(self._draw_under_mouse, READOUT, still=False),
        ]
        for layer in self._sights:
            self._add_layer(layer)

    @property
    def bar(self) -> ColourBar:
        """The colour bar; made only when it is needed, because many plots have none."""
        if self._bar is None:
            self._bar = ColourBar(self.theme)
            self._bar.setScale(self._scale)
            self._bar.setImageItem(self._explained())
            self._bar.setParentItem(self.plot)
        return self._bar

    def _explained(self) -> list[Picture]:
        """Return the pictures whose colours the bar sets."""
        return [self.image] if self._part_image is None else [self.image, self._part_image]

    def reveal(self, on: bool) -> None:
        """Show the plot and everything in it, or hide it all."""
        self._revealed = on
        for item in (self.plot.vb, self.plot.getAxis("left"), self.plot.getAxis("bottom"), *self._sights):
            item.setVisible(on)
        self.redraw()

    def set_axes(
        self, x: tuple[str, str] = ("x", ""), y: tuple[str, str] = ("y", ""), value: str = "f"
    ) -> None:
        """Name the axes, (label, unit) each, and the value of the field."""
        self.x_axis, self.y_axis, self._value_name = Scale(*x), Scale(*y), value
        self.redraw()

    def set_field(
        self,
        values: FloatArray,
        bounds: Bounds,
        log_levels: bool = True,
        levels: int = 16,
        value_at: Callable[[float, float], float] | None = None,
    ) -> None:
        """Show `values` (rows along y, columns along x, the first at the low bounds); NaN is a hole.

        `value_at` gives the exact value for the readout under the mouse; without it the readout is
        interpolated, and says so.
        """
        self._scale = FieldScale.of(values, log_levels)
        self._field, self._known = GridField(np.asarray(values, float), bounds, self._scale, levels), True
        self.set_part(None)
        self.image.setField(self._field)
        self.level_lines.setField(self._field)
        self._explain()
        self._value_at = value_at
        self.home = bounds
        self.redraw()

    @property
    def part_wanted(self) -> Bounds | None:
        """Return the part to compute more finely: the range that the user has zoomed to, and a margin.

        None if the whole field is visible. A known part that is fine enough is returned again.
        """
        if not self.zoomed or self.level_lines.field is None:
            return None
        part, seen = self.level_lines.part, self.ranges
        if part is not None and part.suits(seen, COARSE):
            return part.bounds
        (x0, x1), (y0, y1) = seen
        across, up = AROUND * (x1 - x0), AROUND * (y1 - y0)
        return (x0 - across, x1 + across), (y0 - up, y1 + up)

    def set_part(self, values: FloatArray | None, bounds: Bounds = ((0.0, 1.0), (0.0, 1.0))) -> None:
        """Show finer values of a part in the colours of the whole, with its own level lines; or none."""
        whole, fine = self.level_lines.field, None if values is None else np.asarray(values, float)
        self._part = None if whole is None or fine is None else whole.part(fine, bounds)
        self._show_part()

    def _show_part(self) -> None:
        """Show the finer part while the plot is zoomed; it is kept for the next zoom."""
        part = self._part if self.zoomed else None
        if part is not self.level_lines.part:
            self.level_lines.setPart(part)
            self._colour_part(part)

    def _colour_part(self, part: GridField | None) -> None:
        """Draw the colours of a part over those of the whole field."""
        if self._part_image is None:
            if part is None:
                return
            self._part_image = Picture(PART)
            self.plot.addItem(self._part_image, ignoreBounds=True)
            if self._bar is not None:
                self._bar.setImageItem(self._explained())
        self._part_image.setVisible(part is not None)
        if part is not None:
            self._part_image.setField(part)
            if self._bar is not None:  # the levels of the bar may differ from those of the scale
                self._part_image.setLevels(self._bar.levels())

    def _look_elsewhere(self) -> None:
        self._show_part()
        self.looked_elsewhere.emit()

    def expect(self, bounds: Bounds) -> None:
        """Show the empty bounds of a field until its first values have been computed."""
        self._awaited = True
        if not self._known:
            self.home = bounds

    @property
    def sight(self) -> object:
        """Return None while the field is being computed: a zoom needs values."""
        return None if self._awaited and not self._known else super().sight

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        # the bar is made before the layout
        right = bar_width(self.theme, self.bar.axis.scale_shown, rect.height()) if self.colour_bar else 0.0
        numbers = self.room_kept(live)
        axes = lay_out(rect, self.theme, self.x_axis, self.y_axis, self.ranges, right, numbers)
        return locked(axes, self.theme) if self.aspect_locked else axes

    def _explain(self) -> None:
        if self._bar is not None:
            self._bar.setScale(self._scale)

    def _place(self, axes: Axes) -> None:
        super()._place(axes)
        if self._bar is not None:
            self._bar.setVisible(self.colour_bar and self._revealed)
            self._bar.place(axes)

    def _draw_ground(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw what is under the colours, and visible where there are none."""
        if self._known and not self._field.whole:
            with clipped(painter, axes.plane.rect):
                hatch(painter, axes.plane.rect, self.theme)

    def _draw_missing(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Write that there is nothing to show."""
        if self._known and self._field.empty:
            self._say(painter, axes.plane.rect, tr("No values here"))

    def _draw_note(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the note beside the title."""
        beside = self.beside_title(axes.outer)
        if self.note and metrics_of(painter.font()).horizontalAdvance(self.note) <= beside.width():
            put_text(painter, beside, RIGHT, self.note, self.theme.quiet)

    def _draw_under_mouse(self, painter: QPainter, axes: Axes, live: bool) -> None:
        self._draw_note(painter, axes, live)
        if live:
            self._draw_readout(painter, axes.plane)

    def _draw_readout(self, painter: QPainter, plane: Plane) -> None:
        if self._mouse is None or not plane.rect.contains(self._mouse):
            return
        x, y = plane.at(self._mouse)
        if self._value_at is not None:
            value, sign = self._value_at(x, y), "="
        else:
            value, sign = self._field.at(x, y), "≈"
        words = [
            *self._name_at(self._mouse),
            f"{self.x_axis.label} = {value_text(x)}",
            f"{self.y_axis.label} = {value_text(y)}",
            f"{self._value_name} {sign} {value_text(value)}",
        ]
        line = "   ".join(words)
        fits = metrics_of(painter.font()).horizontalAdvance(line) + self.theme.px(16) <= plane.rect.width()
        self._put_lines(painter, plane, [line] if fits else words)

    def _name_at(self, place: QPointF) -> list[str]:
        """Return the name of the path at a place, if there is one."""
        return []

    def _put_lines(self, painter: QPainter, plane: Plane, lines: Sequence[str]) -> None:
        """Write lines in the upper left corner of the plot; long ones go over its edge and are not cut."""
        corner = plane.rect.topLeft() + QPointF(4, 4)
        for line in lines:
            patch = put_note(painter, self.theme, corner, line, within=self._notes_room)
            corner = QPointF(corner.x(), patch.bottom())
