"""The drawing of a plot of curves: lines, legend, playhead, and the marks and texts over them."""

from collections.abc import Sequence
from functools import partial
from math import inf, nan
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QAction, QPainter

from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.axes import Axes
from gui.plots.change_lines import Turn, TurnLine
from gui.plots.curve import Curve, Mark
from gui.plots.described import Columns
from gui.plots.handled import HandledCurves
from gui.plots.labels import Tags
from gui.plots.legend import draw_values
from gui.plots.line import CurveLine
from gui.plots.lines import dot
from gui.plots.motion import LONGEST, USUAL, along, part
from gui.plots.part import Layer
from gui.plots.playhead import Playhead
from gui.plots.ranges import extent, grown, limits_of
from gui.plots.readout import draw_readout, value_at
from gui.plots.scale import FloatArray, Range, Scale
from gui.plots.span import Span, SpanItem
from gui.plots.target import keep_off, name_handles, spot_of
from gui.plots.things import Thing, ring
from gui.plots.zoom import ZoomPanel

# from back to front; the axes are at −140, the view with its curves at −100
GRID, NAMES, WORDS, READOUT = -150.0, 30.0, 60.0, 80.0


class CurvesPicture(HandledCurves):
    """Any number of curves, with a line at the playhead."""

    options_asked = Signal(dict)  # options of the page that the user has switched in the menu of the plot

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__(title, theme)
        self._logs = self._logs_asked = (False, False)  # of x, of y
        self._axes_asked: dict[str, Any] = {"x": ("", ""), "y": ("", "")}
        self.log_option = ""  # the option of the page that says whether y is logarithmic, if any
        self.readout = True  # whether the values of all curves stand beside the mouse
        self.marks: tuple[Mark, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.regions: list[SpanItem] = []  # the items of the spans
        self.turns: list[TurnLine] = []  # where something was changed on the way
        self._limits: tuple[Range | None, Range | None] = (None, None)
        self._seen: tuple[Range, Range] | None = None
        self._mouse: tuple[QPointF, float] | None = None  # where the mouse is, and the x that it means

    def _add_layers(self) -> None:
        self._add_layer(Layer(self._draw_under, GRID))
        self._add_layer(Layer(self._draw_names, NAMES))
        self.playhead = Playhead(self.theme)
        self.plot.addItem(self.playhead, ignoreBounds=True)
        self._add_layer(Layer(self._draw_words, WORDS, still=False))
        self._add_layer(Layer(self._draw_under_mouse, READOUT, still=False))

    def set_axes(
        self,
        x: tuple[str, str],
        y: tuple[str, str],
        log_x: bool = False,
        log_y: bool = False,
        *,
        x_limits: Range | None = None,
        y_limits: Range | None = None,
        whole_x: bool = False,
        y_most: float = inf,
    ) -> None:
        """Name the axes: (label, unit) each. Limits fix a range (in values), such as the steps of a run."""
        if (log_x, log_y) != self._logs_asked:  # what the user has switched stays until the page sets it
            self._logs_asked = self._logs = (log_x, log_y)
        log_x, log_y = self._logs
        self._axes_asked = {
            "x": x,
            "y": y,
            "x_limits": x_limits,
            "y_limits": y_limits,
            "whole_x": whole_x,
            "y_most": y_most,
        }
        for action, on in zip(self.log_actions, self._logs, strict=True):
            action.setChecked(on)
        whole = whole_x or x[0] in (tr("step"), tr("epoch"))  # steps and epochs are whole numbers
        axes = Scale(*x, log=log_x, whole=whole), Scale(*y, log=log_y, most=y_most)
        if (axes[0].log, axes[1].log) != (self.x_axis.log, self.y_axis.log):
            self._held = None
        self.x_axis, self.y_axis = axes
        self.plot.setLogs((log_x, log_y))
        self._place_targets()
        self.playhead.setStep(self.playhead.step, self.playhead.label, self.x_axis)
        self._limits = (limits_of(self.x_axis, x_limits), limits_of(self.y_axis, y_limits))
        self.restart()

    def _switch_logs(self) -> None:
        """Make the axes logarithmic or linear, as the user has chosen in the menu."""
        x, y = (action.isChecked() for action in self.log_actions)
        if self.log_option and y != self._logs[1]:
            self.options_asked.emit({self.log_option: y})
        else:
            self.switch_logs(x, y)

    def switch_logs(self, x: bool | None, y: bool | None) -> None:
        before = self._logs
        self._logs = (before[0] if x is None else x, before[1] if y is None else y)
        log_x, log_y = self._logs_asked
        self.set_axes(**self._axes_asked, log_x=log_x, log_y=log_y)

    def _add_actions(self) -> None:
        super()._add_actions()
        names = tr("Logarithmic x axis"), tr("Logarithmic y axis")
        self.log_actions = [QAction(name, self, checkable=True) for name in names]
        for action in self.log_actions:
            action.triggered.connect(self._switch_logs)
        self.addActions(self.log_actions)

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Draw these from now on. Their arrays are not copied, and must not change."""
        self.curves = tuple(curves)
        self._show_lines()
        self._follow()
        self.redraw()

    def _show_lines(self) -> None:
        """Give each curve an item, ghosts below the others; existing items are used again."""
        ordered = sorted(self.curves, key=lambda curve: not curve.ghost)
        kinds = [self._kind_of(curve) for curve in ordered]
        if [type(line) for line in self.lines] == kinds:
            for line, curve in zip(self.lines, ordered, strict=True):
                line.setCurve(curve)
        else:
            made = [kind(self.theme, curve) for kind, curve in zip(kinds, ordered, strict=True)]
            self.lines = self.plot.exchange(self.lines, made)
        self._line_of = dict(zip(map(id, ordered), self.lines, strict=True))

    def _kind_of(self, curve: Curve) -> type[CurveLine]:
        """The class of the item that shows a curve."""
        return CurveLine

    @property
    def sight(self) -> object:
        """Return the scales: while they are the same, a zoom is kept, also when curves grow."""
        return self.x_axis.log, self.y_axis.log

    def restart(self) -> None:
        """Forget the ranges of the last run (but not the view a user has chosen)."""
        self._seen = None
        self._follow()
        self.forget_range()
        self.redraw()

    def forget_range(self) -> None:
        """Let the range of the next curves begin anew: they are of another run."""
        self._seen = None
        self.playhead.forget()

    def look_like(self, other: ZoomPanel) -> None:
        if isinstance(other, CurvesPicture):
            self._seen = other._seen
            self._follow()
        super().look_like(other)

    def set_cursor(self, x: float | None, label: str = "") -> None:
        """Set the playhead; None removes it."""
        followed = self.playhead.step is not None
        self.playhead.setStep(x, label, self.x_axis)
        if followed != (x is not None):  # the names move to another place
            self.redraw()
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show points with texts."""
        self.marks = tuple(marks)
        self.update()

    def set_spans(self, spans: Sequence[Span]) -> None:
        """Shade ranges of x."""
        if tuple(spans) != self.spans:
            self.spans = tuple(spans)
            made = [SpanItem(self.theme, span, self.x_axis) for span in self.spans]
            self.regions = self.plot.exchange(self.regions, made)
            self.redraw()

    def set_turns(self, turns: Sequence[Turn]) -> None:
        """Mark places on the x axis at which a setting was changed during the run."""
        if [line.turn for line in self.turns] != list(turns):
            made = [TurnLine(self.theme, turn, self.x_axis) for turn in turns]
            self.turns = self.plot.exchange(self.turns, made)
            self.redraw()

    def table(self) -> Columns:
        """Return each curve with its x; an x that several curves share is given once."""
        columns: Columns = []
        shown: FloatArray | None = None
        for curve in (curve for curve in self.curves if not curve.aid):
            if shown is None or (curve.x is not shown and not np.array_equal(curve.x, shown)):
                shown = curve.x
                columns.append((self.x_axis.name or "x", shown))
            columns.append((self.y_axis.head(curve.column or curve.name or curve.key), curve.y))
        return columns

    def thing(self, key: str) -> Thing | None:
        """Return a curve by its key, or else a handle by its key."""
        axes = self.axes()
        line = next(
            (one for one in reversed(self.lines) if one.curve.key == key and not one.curve.ghost), None
        )
        if line is not None and line.isVisible():
            where = partial(line.pixels, axes)
            return Thing(line.curve.name, line.stroke.colour, where, value=self._now(line.curve))
        one = next((one for one in self.handles if one.key == key), None)
        if one is not None:
            return ring(one.name, one.stroke.colour, spot_of(axes, one), self.theme.px(8))
        return super().thing(key)

    def _now(self, curve: Curve) -> str:
        """Return the value of a curve at the playhead as a text; "" if it has none."""
        step, scales = self.playhead.step, (self.x_axis, self.y_axis)
        if step is None:
            return ""
        value = curve.last_measured(step) if curve.sparse else value_at(*curve.measured(), step, scales)
        return "" if value is None else curve.text(value)

    # Ranges

    def _follow(self) -> None:
        """Extend the home range to include the curves; it does not change while a handle is dragged."""
        if self._held is not None:
            return
        self._left_out = sum(self._out_of(curve) for curve in self.curves)
        old = self._seen or (None, None)
        across = self._limits[0] or extent(self.x_axis, [curve.x for curve in self.curves], whole=True)
        up = self._limits[1] or extent(self.y_axis, [curve.y for curve in self.curves], whole=False)
        new = (self._limits[0] or grown(old[0], across, 0.0), self._limits[1] or grown(old[1], up, 0.06))
        if across is not None and up is not None:
            self._seen = new
        self.home = new

    def _out_of(self, curve: Curve) -> int:
        """Return how many points the log axes cannot show."""
        out = 0
        for axis, values in ((self.x_axis, curve.x), (self.y_axis, curve.y)):
            if axis.log and len(values) and not values.min() > 0:
                out += int(np.count_nonzero(values <= 0))
        return out

    # Drawing

    def _draw_under(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_under(painter, axes, live)
        lines = [*self.traces(axes), *self.playhead.line(axes)] if self.regions else []
        for region in self.regions:
            region.avoided = lines

    def _draw_words(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """Draw the marks, the names of handles, and the values in the legend."""
        if self._key.values and self.playhead.step is not None:
            told = {(row.name, row.stroke): row for row in self._rows_at(axes, self.playhead.step, told=True)}
            draw_values(painter, self.theme, axes.outer, self._key.rows, told)
        tags = Tags(painter, self.theme, axes.plane.rect, self.traces(axes), self.playhead.line(axes))
        handles = self.handles if self.marked else self._points_on_paper(axes)
        keep_off(axes, handles, tags)
        for mark, place in self._places(axes):
            if axes.plane.rect.adjusted(-1, -1, 1, 1).contains(place):
                dot(painter, place.x(), place.y(), self.theme.px(4), mark.stroke.colour, self.theme.plot)
                if mark.text and self.share == 1.0:
                    tags.put(place.x(), place.y(), mark.text, mark.stroke.colour)
        name_handles(axes, handles, tags)

    def _places(self, axes: Axes) -> list[tuple[Mark, QPointF]]:
        """Return where the marks are; in an animation, those whose turn has not come are left out."""
        share, count, k = self.share, sum(mark.way is not None for mark in self.marks), 0
        found = []
        for mark in self.marks:
            x, y = mark.x, mark.y
            if share < 1.0 and mark.way is not None:
                done, k = part(share, k, count), k + 1
                x, y = along(mark.way, done) if done else (nan, nan)
            if (place := axes.place(x, y)) is not None:
                found.append((mark, place))
        return found

    def _motion_time(self) -> int:
        return LONGEST if any(mark.way is not None for mark in self.marks) else USUAL

    def _draw_under_mouse(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if live and self.readout and self._mouse is not None and self._held is None:
            self._draw_readout(painter, axes, *self._mouse)

    def _draw_readout(self, painter: QPainter, axes: Axes, place: QPointF, x: float) -> None:
        """Draw the value of every named curve at x."""
        if lines := sorted(self._rows_at(axes, x), key=lambda row: row.alpha < 1.0):
            drawn = [*self.traces(axes), *self._obstacles(axes)]
            draw_readout(painter, self.theme, axes, place, x, lines, drawn)
