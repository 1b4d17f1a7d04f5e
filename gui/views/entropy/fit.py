"""Entropy ▸ Fit Q to P on the screen: the losses as they fall, P beside Q, and how the logits are pulled."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, replaced
from engine.divergence_gradients import DIVERGENCES
from engine.experiments.entropy.distribution import Distribution
from engine.experiments.entropy.fit import End, FitConfig, Inspection, Snapshot, inspect
from engine.experiments.entropy.fit_config import LABELS
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import CurvesPanel
from gui.plots.panel import Panel
from gui.plots.table import Line, TablePanel
from gui.plots.ticks import nice_step, value_text
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.views.entropy.fit_controls import MEASURES, FitBar, FitOptions
from gui.views.entropy.fit_curves import compared, identity
from gui.views.entropy.fit_formulas import formulas, unit

LOW = 440  # pixels below which there is no room for the table
FLAT = 1e-9  # slope below which nothing pulls all run long


class Moment(NamedTuple):
    """What is on the screen."""

    recording: Recording
    step: int


class FitView(OldView):
    """Above the curves, in the middle P with Q and the gradients, below a line for every loss."""

    options_type = FitOptions
    pace = 30.0
    options: FitOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = FitConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.bar = FitBar(theme, self.options)
        self.identity, self.compared = CurvesPanel("", theme), CurvesPanel("", theme)
        self.compared.legend = "paper"  # on the screen the table below tells the lines apart
        self.bars, self.slopes = BarsPanel(tr("P, the truth, and Q, the model"), theme), BarsPanel("", theme)
        self.bars.draggable = True
        self.bars.setToolTip(tr("Drag the bars of P; at step 0 those of Q too."))
        self.runs = TablePanel(tr("Every run at this step"), theme)
        self._moment: Moment | None = None
        self._drawn: object = None
        self._axes: object = None
        self._low = False
        self._found: tuple[object, Inspection | None] = (None, None)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        above = side_by_side((self.identity, self.compared), (1, 1))
        middle = side_by_side((self.bars, self.slopes), (1, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((above, middle, self.runs), (40, 36, 27)), 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._change)
        self.bar.label_chosen.connect(self._take_label)
        for panel in (self.identity, self.compared):
            panel.readout = True
            panel.clicked.connect(lambda x: self.step_chosen.emit(max(0, round(x))))
        self.bars.dragged.connect(self._drag)
        self.runs.selected.connect(lambda k: self._change({"explained": self.config.losses[k]}))

    def panels(self) -> list[Panel]:
        every: list[Panel] = [self.identity, self.compared, self.bars, self.slopes, self.runs]
        return [panel for panel in every if not panel.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the plots get that of the table."""
        super().resizeEvent(event)
        low = self.height() < self.theme.px(LOW)
        self.runs.setVisible(not low)
        self.compared.legend = "auto" if low else "paper"
        if low != self._low:
            self._low, self._drawn = low, None
            if self._moment is not None:
                self.draw(*self._moment)

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self.bar.show_losses(self.config.losses, self.explained)
        self._drawn = None
        if self._moment is not None:
            self.draw(*self._moment)

    def _take_label(self, name: str) -> None:
        self.edited.emit(replaced(self.config, p=LABELS[name][1](self.config.p)))

    def _drag(self, key: str, outcome: int, value: float) -> None:
        """A bar of P follows the mouse; a bar of Q only at the start, which it changes."""
        if key == "p":
            self.edited.emit(replaced(self.config, p=self.config.p.moved(outcome, value)))
        elif self._moment is not None and self._moment.step == 0 and (found := self._inspection()):
            moved = Distribution(tuple((found.q / found.q.sum()).tolist())).moved(outcome, value)
            self.edited.emit(self.config.starting_at(np.array(moved.values)))

    # A run

    @property
    def explained(self) -> str:
        """The loss whose run is explained."""
        wanted = self.options.explained
        return wanted if wanted in self.config.losses else self.config.losses[0]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, FitConfig)
        self.config, self.ghosts = config, ghosts
        self.bar.show_losses(config.losses, self.explained)
        self._drawn = None

    def draw(self, recording: Recording, step: int) -> None:
        self._moment = Moment(recording, step)
        fresh = self._drawn != (recording, recording.last)
        if fresh:
            self._drawn = (recording, recording.last)
            self._set_axes()
            self.compared.set_curves(
                compared(recording, self.config, self.ghosts, self.options.measure, self.theme, self._low)
            )
        self.compared.set_cursor(step, str(step))
        self._draw_identity(recording, step)
        if fresh:  # the ranges follow the new curves, not those before
            self.identity.restart()
            self.compared.restart()
        self._draw_bars()
        self._draw_slopes()
        self._draw_table(recording, step)

    def live(self, recording: Recording, step: int) -> list[Live]:
        self._moment = Moment(recording, step)
        return formulas(self.config, self.explained, self._inspection(), self._end(self.explained))

    def _inspection(self) -> Inspection | None:
        """The explained run at the step on the screen."""
        assert self._moment is not None
        key = (*self._moment, self.explained, self.config)
        if key != self._found[0]:
            self._found = (key, inspect(self.config, *self._moment, self.explained))
        return self._found[1]

    def _end(self, name: str) -> End | None:
        """How a run ended, once the playhead has come there."""
        assert self._moment is not None
        recording, step = self._moment
        shot: Snapshot = recording.snapshot(recording.last)[1]
        end = shot.ends[self.config.losses.index(name)]
        return end if end is not None and end.step <= step else None

    # Curves

    def _set_axes(self) -> None:
        measure, log, limits = self.options.measure, self.options.log, (0.0, float(self.config.steps))
        axes = (measure, log, limits, self.config.base, self.config.squared_error)
        self.identity.title = tr("Q learns by {loss}", loss=DIVERGENCES[self.explained].sign)
        if axes == self._axes:
            return
        self._axes = axes
        self.identity.set_axes((tr("step"), ""), (tr("surprise"), unit(self.config)), x_limits=limits)
        words = tr(MEASURES[measure])
        bare = measure == "distance" or (measure == "loss" and self.config.squared_error)
        measured = "" if bare else unit(self.config)  # a squared error has no unit
        self.compared.title = tr("{measure}, for every run", measure=words)
        name = {"loss": tr("loss"), "kl": "KL", "distance": "|q − p|"}[measure]
        self.compared.set_axes((tr("step"), ""), (name, measured), log_y=log, x_limits=limits)

    def _draw_identity(self, recording: Recording, step: int) -> None:
        curves, marks = identity(recording, self.explained, step, self.theme)
        self.identity.set_curves(curves)
        self.identity.set_marks(marks)
        self.identity.set_cursor(step)

    # Bars and the table

    def _draw_bars(self) -> None:
        found, p = self._inspection(), self.config.p
        q = found.q if found is not None else np.full(len(p.values), np.nan)
        self.bars.set_axes((tr("outcome"), ""), (tr("probability"), ""), y_limits=(0.0, 1.0))
        self.bars.set_bars(self._outcomes, [
            Bars("p", "P", np.array(p.values), self.theme.stroke("p"), locked=frozenset(p.locked)),
            Bars("q", "Q", q, self.theme.stroke("q")),
        ])  # fmt: skip

    @property
    def _outcomes(self) -> list[str]:
        return [str(k + 1) for k in range(len(self.config.p.values))]

    def _draw_slopes(self) -> None:
        """The two gradients, and that of the run where it is a third; the range holds still over the run."""
        found, name, stroke = self._inspection(), self.explained, self.theme.stroke
        blank = np.full(len(self.config.p.values), np.nan)
        of_cross, of_kl, own = (
            (found.of_cross_entropy, found.of_kl, found.gradient) if found else (blank,) * 3
        )
        series = [
            Bars("cross_entropy", "∂H(P, Q)/∂z", of_cross, stroke("cross_entropy")),
            Bars("kl", "∂KL(P‖Q)/∂z", of_kl, stroke("kl")),
        ]
        if name not in ("cross_entropy", "kl"):
            series.append(Bars(name, f"∂{DIVERGENCES[name].sign}/∂z", own, stroke(name)))
        self.slopes.title = tr("The pull on each logit")
        if found is not None and found.difference == 0:
            self.slopes.title = tr("CE and KL pull alike, to the last bit")
        self.slopes.set_axes((tr("outcome"), ""), (tr("slope"), ""), y_limits=self._steepest(own))
        self.slopes.set_bars(self._outcomes, series)

    def _steepest(self, own: np.ndarray) -> tuple[float, float]:
        """Up and down as far as the largest slope of the whole run needs."""
        assert self._moment is not None
        distances = self._moment.recording.column(f"{self.explained}.distance")
        largest = float(np.fmax.reduce(distances, initial=0.0)) / DIVERGENCES["kl"].unit(self.config.b)
        largest = max(largest, float(np.fmax.reduce(np.abs(own), initial=0.0)))
        top = nice_step(largest, 1) if largest > FLAT else 1.0
        return -top, top

    def _draw_table(self, recording: Recording, step: int) -> None:
        lines = []
        for name in self.config.losses:
            end = self._end(name)
            values = [float(recording.column(f"{name}.{column}")[step])
                      for column in ("loss", "cross_entropy", "kl", "distance")]  # fmt: skip
            cells = [value_text(value) for value in values]
            if end is not None and end.step > 0:
                cells = [tr("✗ step {step}", step=end.step), "–", "–", "–"]
            lines.append(
                Line(tr(DIVERGENCES[name].title), self.theme.stroke(name), tuple(cells), tuple(values))
            )
        head = (tr("its loss"), "H(P, Q)", "KL(P‖Q)", "max |q − p|")
        self.runs.set_lines(head, lines, self.config.losses.index(self.explained))


VIEW = FitView
