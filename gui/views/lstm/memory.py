"""LSTM ▸ Memory span on the screen: gradients against the steps back, and what was learned from them."""

from collections.abc import Sequence
from math import log

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, replaced
from engine.experiments.lstm.memory import MemoryConfig, Snapshot, check_all, last_step
from engine.gradient_check import GradientCheck
from engine.memory_span import bias_that_leaves, left_of_direct_way
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.numbers import short_text
from gui.old_view import OldView
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.plots.panel import Panel
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.views.lstm.memory_controls import MemoryBar, MemoryOptions
from gui.views.lstm.memory_curves import FLOOR, direct_ways, felt, history, inside, level, reached, stages
from gui.views.lstm.memory_formulas import formulas

MOST_BIAS = 10.0
LOW = 440  # pixels of height below which there is no room for a name at the line of guessing


class MemoryView(OldView):
    """Above the gradients of all cells, and the LSTM's direct way; below how the cells learn."""

    options_type = MemoryOptions
    options: MemoryOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = MemoryConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.bar = MemoryBar(theme, self.options)
        self.felt, self.inside = CurvesPanel("", theme), CurvesPanel("", theme)
        self.accuracy, self.below = CurvesPanel("", theme), CurvesPanel("", theme)
        self.inside.legend = "ends"
        self._shown: tuple[Recording, int] | None = None
        self._axes: object = None
        self._checked: tuple[int, dict[str, GradientCheck]] | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        above = side_by_side((self.felt, self.inside), (1, 1))
        under = side_by_side((self.accuracy, self.below), (1, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((above, under), (55, 45)), 1)

    def _connect(self) -> None:
        self.questions.answered.connect(self._take)
        self.bar.changed.connect(self._change)
        self.bar.check_wanted.connect(self.check_gradients)
        self.accuracy.clicked.connect(self._go_to)
        self.below.clicked.connect(lambda x: None if self._many else self._go_to(x))
        self.inside.handle_dragged.connect(self._drag_bias)

    def panels(self) -> list[Panel]:
        return [self.felt, self.inside, self.accuracy, self.below]

    @property
    def _many(self) -> bool:
        """Whether there are several delays."""
        return self.config.measured == "many"

    @property
    def _all_delays(self) -> tuple[float, float]:
        """From where to where the axis of delays goes."""
        return 1.8, self.config.longest * 1.1

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._axes = None
        if self._shown is not None:
            self.draw(*self._shown)

    def _go_to(self, x: float) -> None:
        self.step_chosen.emit(min(max(0, round(x)), last_step(self.config)))

    def _drag_bias(self, key: str, distance: float, share: float) -> None:
        """The end of the line σ(b)ⁿ is held: the bias that brings it there."""
        share = min(max(share, 1e-300), 1 - 1e-12)
        bias = float(np.clip(bias_that_leaves(share, round(distance)), -MOST_BIAS, MOST_BIAS))
        self.edited.emit(replaced(self.config, forget_bias=round(bias, 2)))

    def check_gradients(self) -> None:
        """Compare the gradients of the nets on show, through time, with differences."""
        if self._shown is None:
            return
        found, snapshot = self._shown[0].snapshot(self._shown[1])
        self.questions.ask("check", check_all, self.config, snapshot, about=found)

    def _take(self, answer: Answer) -> None:
        """Show what a check has found."""
        found, checks = self._checked = answer.about, answer.value
        self.bar.show_check((found, list(checks.values())))
        self.live_changed.emit()

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, MemoryConfig)
        self.config, self.ghosts = config, ghosts
        self.questions.forget()
        self._shown = self._checked = self._axes = None
        self.bar.show_check(None)

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        snapshot: Snapshot = recording.snapshot(step)[1]
        start = self._start(recording, snapshot)
        self._set_axes(snapshot.delay)
        self._draw_felt(snapshot, start, step)
        self._draw_inside(snapshot, start)
        self._draw_learning(recording, snapshot, step)

    def _start(self, recording: Recording, snapshot: Snapshot) -> Snapshot | None:
        """How the nets were before they were trained at the delay on show."""
        if not self.options.starts or snapshot.step == 0:
            return None
        stage = self.config.delays.index(snapshot.delay)
        found: Snapshot = recording.snapshot(stage * self.config.stage_length)[1]
        return found if found.delay == snapshot.delay and found.step == 0 else None

    def _set_axes(self, delay: int) -> None:
        """Name the axes anew for another delay, or another way to look."""
        if self._axes == (delay, self.config):
            return
        self._axes = (delay, self.config)
        for panel in (self.felt, self.inside, self.accuracy, self.below):
            panel.set_curves(())  # the ranges are not to hold what was shown before
        back = ("T − t", tr("steps"))
        height = tr("relative") if self.options.relative else "‖∂L/∂h‖"
        self.felt.title = tr("How the loss feels h: ‖∂L/∂h‖")
        self.inside.entitle(tr("The LSTM's direct way"), tr("drag b"))
        limits = (0.0, float(delay))
        self.felt.set_axes(back, (height, ""), log_y=True, x_limits=limits)
        self.inside.set_axes(back, (tr("share left"), ""), log_y=True, x_limits=limits)
        steps = (0.0, float(last_step(self.config)))
        self.accuracy.title = tr("Accuracy on fresh sequences")
        if self._many:
            self.accuracy.title = tr("Accuracy, delay by delay")
        top = 1.2 if self._many else 1.08  # room for the delays
        self.accuracy.set_axes((tr("step"), ""), (tr("accuracy"), ""), x_limits=steps, y_limits=(0.0, top))
        self.accuracy.set_spans(stages(self.config))
        if self._many:
            self.below.title = tr("Accuracy against delay")
            self.below.set_axes((tr("delay"), tr("steps")), (tr("accuracy"), ""), log_x=True,
                                x_limits=self._all_delays, y_limits=(0.0, 1.08))  # fmt: skip
        else:
            self.below.title = tr("Loss of every batch")
            self.below.set_axes((tr("step"), ""), (tr("loss"), tr("nats")), x_limits=steps)

    def _draw_felt(self, snapshot: Snapshot, start: Snapshot | None, step: int) -> None:
        relative, curves = self.options.relative, []
        for kind, (ghost, other) in enumerate(self._pinned(step)):
            curves += felt(other, self.theme, relative, ghost.label, kind)
        if start is not None:
            curves += felt(start, self.theme, relative, "")
        self.felt.set_curves([*curves, *felt(snapshot, self.theme, relative)])

    def _pinned(self, step: int) -> list[tuple[Ghost, Snapshot]]:
        """The pinned runs, as they were at this step."""
        return [
            (ghost, ghost.recording.snapshot(min(step, ghost.recording.last))[1])
            for ghost in self.ghosts
            if ghost.recording.last >= 0
        ]

    def _draw_inside(self, snapshot: Snapshot, start: Snapshot | None) -> None:
        relative, theme = self.options.relative, self.theme
        curves = [] if start is None else inside(start, theme, relative, start=True)
        curves += [*direct_ways(self.config, snapshot.delay, theme), *inside(snapshot, theme, relative)]
        self.inside.set_curves(curves)
        end = max(float(left_of_direct_way(self.config.forget_bias, snapshot.delay)), FLOOR)
        name = f"b = {short_text(self.config.forget_bias)}"
        stroke = theme.stroke("forget_gate")
        self.inside.set_handles([Handle("bias", name, float(snapshot.delay), end, stroke, free="y")])

    def _draw_learning(self, recording: Recording, snapshot: Snapshot, step: int) -> None:
        theme, guess = self.theme, 1 / self.config.classes
        ends = (0.0, float(last_step(self.config)))
        accuracies = history(recording, "accuracy", theme, self.ghosts)
        word = tr("guess") if self.height() >= theme.px(LOW) else ""
        self.accuracy.set_curves([level("guess", word, ends, guess, theme), *accuracies])
        self.accuracy.set_cursor(step)
        if self._many:
            curves: list[Curve] = []
            for ghost, other in self._pinned(step):
                curves += reached(other, theme, ghost.label)
            line = level("guess", word, self._all_delays, guess, theme)
            self.below.set_curves([line, *curves, *reached(snapshot, theme)])
            self.below.set_cursor(snapshot.delay)
        else:
            losses = history(recording, "loss", theme, self.ghosts)
            self.below.set_curves([level("guess", word, ends, log(self.config.classes), theme), *losses])
            self.below.set_cursor(step)

    def live(self, recording: Recording, step: int) -> list[Live]:
        found, snapshot = recording.snapshot(step)
        checks = self._checked[1] if self._checked is not None and self._checked[0] == found else {}
        return formulas(self.config, snapshot, recording, step, self.options.relative, checks)


VIEW = MemoryView
