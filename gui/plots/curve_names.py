"""Where the names of curves stand: beside their ends, or in a legend above with their present values."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes, lay_out
from gui.plots.curve import Curve, end_of
from gui.plots.labels import MARGIN, end_labels, within_reach
from gui.plots.legend import APART, Key, draw_key, value_room
from gui.plots.line import CurveLine
from gui.plots.painting import CENTRE, RIGHT, put_text
from gui.plots.playhead import Playhead
from gui.plots.readout import Row, value_at
from gui.plots.room import Pixels
from gui.plots.target import Handle
from gui.plots.zoom import ZoomPanel

MOST_ROWS = 2  # the most rows of a legend with values; if they need more, only the names are shown


class CurveNames(ZoomPanel):
    """The part of a panel of curves that shows their names: `legend` says where they may stand.

    "auto": beside the ends, if all curves end at the right edge and the ends are far enough apart; else in
    a "strip" above the plot. A plot that follows a run always has the strip, with the values at the
    playhead, so that nothing changes its place while it runs. "none": names are shown elsewhere. "paper":
    on the screen they are shown elsewhere, except those of ghosts; on paper here.
    """

    playhead: Playhead

    def __init__(self, title: str, theme: Theme) -> None:
        self._left_out = 0  # values that a log axis does not show
        super().__init__(title, theme)
        self.curves: tuple[Curve, ...] = ()
        self.legend = "auto"
        self.lines: list[CurveLine] = []  # the items of the curves, ghosts first
        self._line_of: dict[int, CurveLine] = {}  # by the identity of the curve
        self._shown, self._key = "none", Key()  # how the names are shown now
        self._live = True
        self._held: Handle | None = None

    def entitle(self, title: str, invitation: str = "") -> None:
        other = self._left_out and (title, invitation) != (self._title, self._invitation)
        super().entitle(title, invitation)
        if other:
            self.redraw()  # what is left out is said beside the title or below it

    def traces(self, axes: Axes) -> list[Pixels]:
        """Return the curves in pixels, ghosts first."""
        return [line.pixels(axes) for line in self.lines]

    def _lay_out(self, rect: QRectF, live: bool) -> Axes:
        self._live = live
        metrics = self.theme.metrics()
        mode, right = self._mode(rect, metrics), self._names_width(metrics) + self.theme.px(MARGIN + 6)
        if mode == "ends" and not self._at_ends(self._beside(rect, 0, right), metrics):
            mode = "strip"
        self._shown = mode
        self._key = self._broken(rect, metrics, mode)
        if mode == "strip" and self._following:
            room = value_room(self.theme, metrics)
            told = self._broken(rect, metrics, mode, room)
            whole = max(metrics.horizontalAdvance(curve.name) for curve in self._named())
            beside = (
                whole + self.theme.px(APART) + room <= told.within(rect).width()
            )  # no name is cut or left
            if beside and len(told.missing) <= len(self._key.missing):  # out for the values
                self._key = told if len(told.rows) <= max(len(self._key.rows), MOST_ROWS) else self._key
        return self._beside(rect, len(self._key.rows), right if mode == "ends" else 0.0)

    def _beside(self, rect: QRectF, rows: int, right: float) -> Axes:
        """Return the axes below the rows of a legend and the line of a note, with room at the right."""
        lines = rows + self._note_below(rect)
        strip = lines * self.line_height + (self.theme.px(6) if lines else 0)
        below = rect.adjusted(0, strip, 0, 0)
        numbers = self.room_kept(self._live)
        axes = lay_out(below, self.theme, self.x_axis, self.y_axis, self.ranges, right, numbers)
        return replace(axes, outer=rect)

    def _named(self) -> list[Curve]:
        """Return the curves that have a name, as they are drawn."""
        lines = [self._line_of[id(curve)] for curve in self.curves if curve.name]
        return [line.told for line in lines if line.isVisible()]

    def _names_width(self, metrics: QFontMetricsF) -> float:
        return max(
            (metrics.horizontalAdvance(curve.name) for curve in self._named() if not curve.ghost), default=0.0
        )

    @property
    def _following(self) -> bool:
        """Whether the plot shows one step now, so that the legend can show its values."""
        return self.tells_step and self.playhead.step is not None

    def _mode(self, rect: QRectF, metrics: QFontMetricsF) -> str:
        """Return where the names are to stand. Lines of a run that goes on end somewhere inside the plot."""
        if self.legend == "paper" and self._live and not self.alone:
            return "ghosts"
        if self.legend in ("none", "strip"):
            return self.legend
        named = self._named()
        if len(named) < 1 or (len(named) == 1 and named[0].name == self.y_axis.label):
            return "none"
        room = rect.height() - 4 * metrics.height()
        tall = len(named) * metrics.height() <= room
        fits = tall and self._names_width(metrics) <= 0.24 * rect.width()
        return "ends" if fits and not self._following else "strip"

    def _at_ends(self, axes: Axes, metrics: QFontMetricsF) -> bool:
        """Whether all named lines end at the right edge, so that a name there is beside its line.

        During a drag, and under a mouse that zooms, the names stay where they are.
        """
        if self._live and (self._held is not None or self.steady) and self._shown in ("ends", "strip"):
            return self._shown == "ends"
        ends = self._ends(axes)
        near = axes.plane.rect.right() - self.theme.px(MARGIN)
        heights = [min(max(y, axes.plane.rect.top()), axes.plane.rect.bottom()) for _, y, _, _ in ends]
        return all(x >= near for x, *_ in ends) and within_reach(
            self.theme, heights, metrics.height() - 1, axes.plane.rect
        )

    def _ends(self, axes: Axes) -> list[tuple[float, float, str, Stroke]]:
        """Return where each named line ends: x, y, name, stroke."""
        drawn = [line for line in self.lines if line.curve.name and not line.curve.ghost and line.isVisible()]
        return [
            (*end, line.curve.name, line.stroke)
            for line in drawn
            if (end := end_of(*line.pixels(axes), axes.plane.rect))
        ]

    def _broken(self, rect: QRectF, metrics: QFontMetricsF, mode: str, values: float = 0.0) -> Key:
        """Return the legend in rows: for all curves, or for ghosts, which have no name at their end."""
        if mode == "none":
            return Key()
        entries = [(c.name, c.stroke, c.alpha) for c in self._named() if mode == "strip" or c.ghost]
        most = max(1, int(0.4 * rect.height() / metrics.height()))
        return Key.fitting(self.theme, list(dict.fromkeys(entries)), (rect.width(), most), values)

    def names_at(self, place: QPointF) -> str:
        """Return all names, each in a line, for a place in a legend that has no room for some; else ""."""
        axes = self.axes()
        within = axes.outer.contains(place) and place.y() < axes.plane.rect.top()
        return "\n".join(self._key.names) if self._key.missing and within else ""

    def _rows_at(self, axes: Axes, x: float, told: bool = False) -> list[Row]:
        """Return the value of each named curve at x; for sparse `told` ones, the last measured value."""
        values = [
            (
                curve,
                curve.last_measured(x)
                if told and curve.sparse
                else value_at(*curve.measured(), x, (axes.x, axes.y)),
            )
            for curve in self._named()
        ]
        return [
            Row(one.name, at, one.stroke, one.alpha, one.text(at)) for one, at in values if at is not None
        ]

    def _draw_names(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the legend, the names at the ends of the curves, and how many values could not be shown."""
        if self._key.rows:
            spots = {(line.told.name, line.told.stroke) for line in self.lines if line.spots}
            room = self._key.within(axes.outer)
            draw_key(painter, self.theme, room, self._key.rows, self._key.values, spots)
            self._key.draw_count(painter, self.theme, axes.outer)
        if self._shown == "ends":
            ends = [(y, name, stroke) for _, y, name, stroke in self._ends(axes)]
            end_labels(painter, self.theme, axes.plane.rect, ends)
        self._draw_notes(painter, axes, live)

    def _draw_notes(self, painter: QPainter, axes: Axes, live: bool) -> None:
        rect = axes.plane.rect
        painter.setPen(QColor(self.theme.quiet))
        if not any(np.isfinite(curve.y).any() for curve in self.curves):
            came = any(len(curve.y) for curve in self.curves)
            put_text(painter, rect, CENTRE, tr("No finite value") if came else self.empty_words)
        elif self.y_axis.log and self._left_out and not any((curve.y > 0).any() for curve in self.curves):
            self._draw_advice(painter, rect)
        elif self._left_out:
            room = self.beside_title(axes.outer)
            if self._note_below(axes.outer):
                top = axes.outer.top() + len(self._key.rows) * self.line_height
                room = QRectF(axes.outer.left(), top, axes.outer.width(), self.line_height)
            if text := next((one for one in words_for(self._left_out) if self._fits(one, room)), ""):
                put_text(painter, room, RIGHT, text)

    def _note_below(self, rect: QRectF) -> bool:
        """Whether what a log axis does not show needs a line of its own: the title leaves no room for it."""
        if not self._left_out:
            return False
        shortest = words_for(self._left_out)[-1]
        return self._fits(shortest, rect) and not self._fits(shortest, self.beside_title(rect))

    def _fits(self, text: str, room: QRectF) -> bool:
        return self.metrics.horizontalAdvance(text) <= room.width()

    def _draw_advice(self, painter: QPainter, rect: QRectF) -> None:
        """Write what to do if a log axis has nothing to show."""
        text = tr("No value is above 0, so a log axis has no place for any: switch to a linear axis.")
        painter.drawText(rect.adjusted(8, 0, -8, 0), CENTRE | Qt.TextFlag.TextWordWrap, text)


def words_for(count: int) -> list[str]:
    """Say how many values a log axis does not show, in several lengths, the longest first."""
    if count == 1:
        return [tr("1 value is 0 or below: not on a log axis"), tr("1 value ≤ 0 not shown")]
    return [
        tr("{n} values are 0 or below: not on a log axis", n=count),
        tr("{n} values ≤ 0 not shown", n=count),
    ]
