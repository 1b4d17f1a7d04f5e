"""Losses ▸ Loss curves: values above, slopes below, and a line of numbers for every loss."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, replaced
from engine.experiments.losses.curves import ENDS, CurvesConfig, Drawn, Snapshot
from engine.experiments.losses.curves_config import POINTS
from engine.loss_curves import OVER, sigmoid_of
from engine.losses import LOSSES
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.numbers import short_text
from gui.old_view import OldView
from gui.plots.annotations import Handle, Mark, Span
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.table import Line, TablePanel
from gui.plots.ticks import value_text
from gui.splitters import above_each_other
from gui.theme import Stroke, Theme
from gui.views.losses.curves_controls import CurvesBar, CurvesOptions
from gui.views.losses.curves_formulas import SYMBOLS, flat_text, formulas, interval, slope_text

TOPS = {"number": 8.0, "probability": 4.0, "logit": 6.5}  # of the values, at least
STEEP = {"number": 3.0, "probability": 6.0, "logit": 1.35}  # slopes, at least
STEEPEST = 40.0
SPARE = 0.2  # of that, on the side to which no slope points
LOW = 120  # pixels of a plot in which words would lie on the lines
WORDY = 0.14  # of the axis: a range wide enough to be labelled
BELOW = -0.08  # of the height: where the handle of the target is, under the curves


class CurvesView(OldView):
    """Drag the point or the target in either plot; choose a line of the table to have it explained."""

    options_type = CurvesOptions
    options: CurvesOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = CurvesConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Recording, int] | None = None
        self._axes: object = None
        self.bar = CurvesBar(theme)
        self.values = CurvesPanel(tr("The loss"), theme)
        self.slopes = CurvesPanel(tr("Its slope"), theme)
        self.numbers = TablePanel(tr("At the point"), theme)
        for panel in (self.values, self.slopes):
            panel.patient = True  # a click moves the point
            panel.legend = "paper"  # on the screen the table below tells the lines apart
            panel.handle_dragged.connect(self._drag)
            panel.clicked.connect(lambda x: self._drag("point", x, 0.0))
        self.bar.changed.connect(self._change)
        self.bar.toggled.connect(lambda name: self._change({"shown": self.options.toggled(name)}))
        self.numbers.selected.connect(lambda row: self._change({"explained": self._drawn_losses[row]}))
        self.setMinimumSize(theme.px(260), theme.px(300))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((self.values, self.slopes, self.numbers), (37, 30, 33)), 1)

    def panels(self) -> list[Panel]:
        return [self.values, self.slopes, self.numbers]

    # What the user does

    def _drag(self, key: str, x: float, y: float) -> None:
        """The point, or the target, follows its handle; over the logit the label is σ of its place."""
        low, high = ENDS[self.config.over]
        x = min(max(x, low), high)
        if key == "point":
            change = {POINTS[self.config.over]: round(x, 3)}
        elif self.config.over == "number":
            change = {"target": round(min(max(x, -5.0), 5.0), 3)}
        else:
            change = {"label": round(sigmoid_of(x) if self.config.over == "logit" else x, 3)}
        self.edited.emit(replaced(self.config, **change))

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    # Drawing

    @property
    def _drawn_losses(self) -> list[str]:
        return self.options.drawn(self.config.over)

    @property
    def _subject(self) -> str:
        return self.options.subject(self.config.over)

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, CurvesConfig)
        self.config, self.ghosts = config, ghosts

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        shot: Snapshot = recording.snapshot(step)[1]
        self.bar.show_losses(OVER[self.config.over], self._drawn_losses, self._subject)
        top = self._set_axes(shot)
        self._draw_values(shot, top)
        self._draw_slopes(shot)
        self._draw_table(shot)

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, self._subject, recording.snapshot(step)[1])

    def _set_axes(self, shot: Snapshot) -> float:
        """Ranges that hold still until the point needs more; the top of the values."""
        over, found = self.config.over, shot.losses[self._subject]
        top = max(TOPS[over], 1.1 * found.value if isfinite(found.value) else 0.0)
        slopes = self._slope_room(found.slope if isfinite(found.slope) else 0.0)
        if (over, top, slopes) != self._axes:
            self._axes = (over, top, slopes)
            x, ends = (SYMBOLS[over], ""), ENDS[over]
            self.values.set_axes(x, ("L", ""), x_limits=ends, y_limits=(2 * BELOW * top, top))
            self.slopes.set_axes(x, (f"∂L/∂{SYMBOLS[over]}", ""), x_limits=ends, y_limits=slopes)
        return top

    def _slope_room(self, slope: float) -> tuple[float, float]:
        """From the steepest way down to the steepest way up; a certain label is only ever on one side."""
        over, y = self.config.over, self.config.y
        least, most = STEEP[over], min(max(STEEP[over], 1.15 * abs(slope)), STEEPEST)
        if over == "number":
            return -most, most
        shares = (y, 1.0 - y) if over == "logit" else (y > 0, y < 1)
        down, up = (least * (SPARE + (1.0 - SPARE) * share) for share in shares)
        return -max(down, most if slope < 0 else 0.0), max(up, most if slope > 0 else 0.0)

    def _draw_values(self, shot: Snapshot, top: float) -> None:
        found = shot.losses[self._subject]
        self.values.set_curves([
            *self._pinned("values"),
            *(self._curve(name, shot, one.values) for name, one in self._in_order(shot)),
        ])  # fmt: skip
        self.values.set_spans(self._spans(found, ""))
        self.values.set_cursor(self.config.point)
        low, high = ENDS[self.config.over]
        y, best = self.config.y, min(max(self.config.best, low), high)
        self.values.set_handles([
            Handle("target", f"y = {short_text(y, 4)}", best, BELOW * top, self.theme.stroke("p"), "x"),
            self._point_handle(found.value),
        ])  # fmt: skip

    def _draw_slopes(self, shot: Snapshot) -> None:
        """The slopes; at a kink of the loss that is explained, what is true and what is taken."""
        found, stroke = shot.losses[self._subject], self.theme.stroke(self._subject)
        ends = np.array(ENDS[self.config.over])
        self.slopes.set_curves([
            Curve("zero", "", ends, np.zeros(2), self.theme.stroke("bound"), width=1.0),
            *self._pinned("slopes"),
            *(self._curve(name, shot, one.slopes) for name, one in self._in_order(shot)),
        ])  # fmt: skip
        self.slopes.set_marks([
            Mark(x, 0.0, tr("kink: {slopes}", slopes=interval(sides)), stroke) for x, *sides in found.kinks
        ])  # fmt: skip
        words = tr("saturated") if self.slopes.height() > self.theme.px(LOW) else ""
        self.slopes.set_spans(self._spans(found, words))
        self.slopes.set_cursor(self.config.point)
        self.slopes.set_handles([self._point_handle(found.slope)])

    def _in_order(self, shot: Snapshot) -> list[tuple[str, Drawn]]:
        """The losses that are drawn, the explained one last and so on top."""
        names = sorted(self._drawn_losses, key=lambda name: name == self._subject)
        return [(name, shot.losses[name]) for name in names]

    def _curve(self, name: str, shot: Snapshot, y: np.ndarray) -> Curve:
        width = 2.8 if name == self._subject else 1.5
        return Curve(name, tr(LOSSES[name].title), shot.grid, y, self.theme.stroke(name), width=width)

    def _point_handle(self, y: float) -> Handle:
        name = f"{SYMBOLS[self.config.over]} = {short_text(self.config.point, 4)}"
        return Handle("point", name, self.config.point, y, self.theme.stroke(self._subject), "x")

    def _spans(self, found: Drawn, words: str) -> list[Span]:
        """Where the explained loss saturates; the words stand on the wider side of the point."""
        low, high = ENDS[self.config.over]
        spans, colour = [], Stroke(self.theme.error)
        for x0, x1 in found.flat:
            middle = min(max(self.config.point, x0), x1)
            parts = sorted(((x0, middle), (middle, x1)), key=lambda part: part[1] - part[0])
            fits = parts[1][1] - parts[1][0] > WORDY * (high - low)
            spans += [Span(*parts[0], "", colour), Span(*parts[1], words if fits else "", colour)]
        return spans

    def _draw_table(self, shot: Snapshot) -> None:
        x = SYMBOLS[self.config.over]
        names = self._drawn_losses
        lines = []
        for name in names:
            one = shot.losses[name]
            cells = (value_text(one.value), slope_text(one), flat_text(one, self.config.over))
            values = (one.value, one.slope, cells[-1])
            lines.append(Line(tr(LOSSES[name].title), self.theme.stroke(name), cells, values))
        self.numbers.title = tr("At {point}", point=f"{x} = {short_text(self.config.point, 4)}")
        head = ("L", f"∂L/∂{x}", tr("flat although wrong"))
        self.numbers.set_lines(head, lines, names.index(self._subject))

    def _pinned(self, which: str) -> list[Curve]:
        """The explained loss in pinned runs over the same axis."""
        curves = []
        for k, ghost in enumerate(self.ghosts):
            if ghost.recording.last < 0 or not isinstance(ghost.config, CurvesConfig):
                continue
            shot: Snapshot = ghost.recording.snapshot(0)[1]
            if ghost.config.over == self.config.over:
                y, stroke = getattr(shot.losses[self._subject], which), self.theme.stroke(self._subject)
                curves.append(Curve(f"ghost{k}", ghost.label, shot.grid, y, stroke, ghost=True, width=2.4))
        return curves


VIEW = CurvesView
