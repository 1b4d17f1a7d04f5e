"""LSTM ▸ Memory span on the screen: gradients against the steps back, and what was learned from them."""

from math import log
from typing import Annotated

import numpy as np

from engine.config import Config, plain
from engine.experiments.lstm.memory import MemoryConfig, Snapshot, check_all, last_step
from engine.memory_span import bias_that_leaves, left_of_direct_way
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.screen.moment import Moment, new_run, whole_run
from gui.screen.notes import Live
from gui.screen.view import Question, Room, View
from gui.views.lstm.memory_curves import (
    FLOOR,
    at_the_start,
    direct_ways,
    felt,
    history,
    inside,
    level,
    reached,
    stages,
)
from gui.views.lstm.memory_formulas import formulas
from gui.views.pinned import pinned

MOST_BIAS = 10.0
LOW = 440  # pixels of height below which there is no room for a name at the line of guessing
RELATIVE = "Divide every gradient by that of the last state: what is left of it on the way back."


class MemoryOptions(Config, frozen=True):
    """How one looks at the run."""

    relative: Annotated[bool, plain("Relative to the last step", RELATIVE)] = True
    starts: Annotated[bool, plain("The start too", "Draw faintly how it was before the training.")] = True


At = Moment[MemoryConfig, MemoryOptions]


class MemoryView(View):
    """Above the gradients of all cells, and the LSTM's direct way; below how the cells learn."""

    config_type, options_type = MemoryConfig, MemoryOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.check = self.check_button(
            tr("Compare the three gradients, back through all steps of time, with numeric differences")
        )
        self.bar = self.options_bar("relative", "starts", self.check)
        self.felt = CurvesPanel(tr("How the loss feels h: ‖∂L/∂h‖"), theme)
        self.inside = CurvesPanel("", theme)
        self.inside.entitle(tr("The LSTM's direct way"), tr("drag b"))
        self.inside.legend = "ends"
        self.accuracy, self.below = CurvesPanel("", theme), CurvesPanel("", theme)
        self.fill(self.felt, show_felt)
        self.fill(self.felt, show_felt_axes, by=way_back)
        self.fill(self.inside, show_inside)
        self.fill(self.inside, show_inside_axes, by=way_back)
        self.fill(self.accuracy, show_accuracy, by=whole_run)
        self.fill(self.accuracy, show_accuracy_axes, by=new_run)
        self.fill(self.below, show_below)
        self.fill(self.below, show_below_axes, by=new_run)
        for panel in (self.accuracy, self.below):
            self.fill(panel, show_playhead)
        self.accuracy.clicked.connect(self._go_to)
        self.below.clicked.connect(self._go_below)
        self.inside.handle_dragged.connect(self._drag_bias)
        above = side_by_side((self.felt, self.inside), (1, 1))
        under = side_by_side((self.accuracy, self.below), (1, 1))
        self.lay_out(self.bar, above_each_other((above, under), (55, 45)))

    def arrange(self, at: At, room: Room) -> bool:
        return room.height < LOW

    def _go_to(self, x: float) -> None:
        self.jump(min(x, last_step(self.at.config)))

    def _go_below(self, x: float) -> None:
        if not many(self.at):
            self._go_to(x)

    def _drag_bias(self, key: str, distance: float, share: float) -> None:
        """The end of the line σ(b)ⁿ is held: the bias that brings it there."""
        share = min(max(share, 1e-300), 1 - 1e-12)
        bias = float(np.clip(bias_that_leaves(share, round(distance)), -MOST_BIAS, MOST_BIAS))
        self.edit(forget_bias=round(bias, 2))

    def check_question(self, at: At) -> Question:
        return check_all, at.config, at.snapshot

    def formulas(self, at: At) -> list[Live]:
        valid = self.checked is not None and self.checked.at.kept == at.kept
        checks = self.checked.checks if self.checked is not None and valid else ()
        return formulas(at.config, at.snapshot, at.recording, at.step, at.options.relative, checks)


def many(at: At) -> bool:
    """Whether there are several delays."""
    return at.config.measured == "many"


# What is felt on the way back


def way_back(at: At) -> tuple[object, int, MemoryOptions]:
    """The run, its delay, and how one looks at it: what the axes depend on."""
    return at.recording, at.snapshot.delay, at.options


def start_of(at: At) -> Snapshot | None:
    """How the nets were before they were trained at the delay on show; None where it is not wanted."""
    shot: Snapshot = at.snapshot
    if not at.options.starts or shot.step == 0:
        return None
    stage = at.config.delays.index(shot.delay)
    found: Snapshot = at.recording.snapshot(stage * at.config.stage_length)[1]
    return found if found.delay == shot.delay and found.step == 0 else None


def show_felt(panel: CurvesPanel, at: At) -> None:
    """Draw what every cell feels, that of pinned runs and of the start behind."""
    relative, curves, start = at.options.relative, [], start_of(at)
    for k, label, shot in _pinned(at):
        curves += pinned(felt(shot, panel.theme, relative), label, k)
    if start is not None:
        curves += at_the_start(felt(start, panel.theme, relative))
    panel.set_curves([*curves, *felt(at.snapshot, panel.theme, relative)])


def _pinned(at: At) -> list[tuple[int, str, Snapshot]]:
    """Number and label of the pinned runs, and how they were at this step."""
    return [
        (k, ghost.label, ghost.recording.snapshot(min(at.step, ghost.recording.last))[1])
        for k, ghost in enumerate(at.ghosts)
        if ghost.recording.last >= 0
    ]


def show_felt_axes(panel: CurvesPanel, at: At) -> None:
    """Name the axes anew for another delay, or another way to look."""
    _back(panel, at, tr("relative") if at.options.relative else "‖∂L/∂h‖")


def show_inside_axes(panel: CurvesPanel, at: At) -> None:
    """The same for the direct way."""
    _back(panel, at, tr("share left"))


def _back(panel: CurvesPanel, at: At, name: str) -> None:
    limits = (0.0, float(at.snapshot.delay))
    panel.set_axes(("T − t", tr("steps")), (name, ""), log_y=True, x_limits=limits)


def show_inside(panel: CurvesPanel, at: At) -> None:
    """Draw the LSTM's direct way, and the handle at the end of σ(b)ⁿ."""
    shot, theme, relative, start = at.snapshot, panel.theme, at.options.relative, start_of(at)
    curves = [] if start is None else at_the_start(inside(start, theme, relative))
    panel.set_curves([*curves, *direct_ways(at.config, shot.delay, theme), *inside(shot, theme, relative)])
    bias = at.config.forget_bias
    end = max(float(left_of_direct_way(bias, shot.delay)), FLOOR)
    stroke = theme.stroke("forget_gate")
    handle = Handle("bias", f"b = {short_text(bias)}", float(shot.delay), end, stroke, free="y")
    panel.set_handles([handle])


# What was learned


def show_accuracy(panel: CurvesPanel, at: At) -> None:
    """Draw the accuracy against the steps of the run."""
    panel.set_curves([_guess(at, _steps(at), 1 / at.config.classes, panel.theme),
                      *_histories(at, "accuracy", panel.theme)])  # fmt: skip


def _steps(at: At) -> tuple[float, float]:
    """From where to where the axis of steps goes."""
    return 0.0, float(last_step(at.config))


def _delays(at: At) -> tuple[float, float]:
    """From where to where the axis of delays goes."""
    return 1.8, at.config.longest * 1.1


def _guess(at: At, ends: tuple[float, float], height: float, theme: Theme) -> Curve:
    """A line at what guessing brings."""
    return level("guess", "" if at.tight else tr("guess"), ends, height, theme)


def _histories(at: At, quantity: str, theme: Theme) -> list[Curve]:
    curves = []
    for k, ghost in enumerate(at.ghosts):
        curves += pinned(history(ghost.recording, quantity, theme), ghost.label, k)
    return [*curves, *history(at.recording, quantity, theme)]


def show_accuracy_axes(panel: CurvesPanel, at: At) -> None:
    """Accuracy against the steps, the delays shaded."""
    panel.title = tr("Accuracy, delay by delay") if many(at) else tr("Accuracy on fresh sequences")
    top = 1.2 if many(at) else 1.08  # room for the delays
    panel.set_axes((tr("step"), ""), (tr("accuracy"), ""), x_limits=_steps(at), y_limits=(0.0, top))
    panel.set_spans(stages(at.config))


def show_below(panel: CurvesPanel, at: At) -> None:
    """Draw the loss of every batch, or of several delays the accuracy reached at each."""
    theme = panel.theme
    if not many(at):
        guess = _guess(at, _steps(at), log(at.config.classes), theme)
        panel.set_curves([guess, *_histories(at, "loss", theme)])
        return
    curves = []
    for k, label, shot in _pinned(at):
        curves += pinned(reached(shot, theme), label, k)
    guess = _guess(at, _delays(at), 1 / at.config.classes, theme)
    panel.set_curves([guess, *curves, *reached(at.snapshot, theme)])


def show_below_axes(panel: CurvesPanel, at: At) -> None:
    """Loss against steps, or accuracy against delays."""
    if many(at):
        panel.title = tr("Accuracy against delay")
        panel.set_axes((tr("delay"), tr("steps")), (tr("accuracy"), ""), log_x=True,
                       x_limits=_delays(at), y_limits=(0.0, 1.08))  # fmt: skip
    else:
        panel.title = tr("Loss of every batch")
        panel.set_axes((tr("step"), ""), (tr("loss"), tr("nats")), x_limits=_steps(at))


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step, on an axis of delays its delay."""
    panel.set_cursor(at.snapshot.delay if panel.x_axis.log else at.step)


VIEW = MemoryView
