"""LSTM ▸ Memory span on the screen: gradients against the steps back, and what was learned from them."""

from collections.abc import Callable
from functools import partial
from math import log
from typing import Annotated

import numpy as np

from engine.config import Config, plain
from engine.experiments.lstm.memory import MemoryConfig, Snapshot, check_all, last_step
from engine.memory_span import bias_that_leaves, left_of_direct_way
from engine.recurrent import CELLS
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.screen.hero import WithHero
from gui.screen.moment import Moment, new_run, whole_run
from gui.screen.notes import Live
from gui.screen.terms import Term, term
from gui.screen.view import Question, Room, View
from gui.views.curve_plots import CurveAxes, fill_curves, over_steps
from gui.views.lstm.memory_curves import (
    FLOOR,
    at_the_start,
    direct_ways,
    felt,
    history,
    inside,
    reached,
    stages,
)
from gui.views.lstm.memory_formulas import formulas
from gui.views.lstm.memory_words import finding, learned_at
from gui.views.pinned import behind, level, with_pinned

MOST_BIAS = 10.0
LOW = 440  # pixels of height below which there is no room for a name at the line of guessing
RELATIVE = "Divide every gradient by that of the last state: what is left of it on the way back."


class MemoryOptions(Config, frozen=True):
    """How one looks at the run."""

    relative: Annotated[bool, plain("Relative to the last step", RELATIVE)] = True
    starts: Annotated[bool, plain("The start too", "Draw faintly how it was before the training.")] = True


At = Moment[MemoryConfig, MemoryOptions]


class MemoryView(View):
    """The gradients of all cells; beside them how the cells learn, and the LSTM's direct way."""

    config_type, options_type = MemoryConfig, MemoryOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.check = self.check_button(
            tr("Compare the three gradients, back through all steps of time, with numeric differences")
        )
        self.bar = self.options_bar("relative", "starts", self.check)
        self.felt = CurvesPanel("", theme)
        self.inside = CurvesPanel("", theme)
        self.inside.entitle(tr("The LSTM's direct way"), tr("drag b"))
        self.inside.legend = "ends"
        self.accuracy, self.below = CurvesPanel("", theme), CurvesPanel("", theme)
        fill_curves(self, self.felt, felt_curves, felt_axes)
        fill_curves(self, self.inside, inside_curves, inside_axes)
        for panel in (self.felt, self.inside):  # whose range without the start is another one
            self.fill(panel, lambda panel, at: panel.restart(), by=lambda at: at.options.starts)
        self.fill(self.inside, show_bias)
        fill_curves(self, self.accuracy, accuracies, accuracy_axes, by=whole_run)
        self.fill(self.accuracy, lambda panel, at: panel.set_spans(stages(at.config)), by=new_run)
        fill_curves(self, self.below, losses_or_delays, below_axes)
        for panel in (self.accuracy, self.below):
            self.fill(panel, show_playhead)
        self.accuracy.clicked.connect(self._go_to)
        self.below.clicked.connect(self._go_below)
        self.inside.handle_dragged.connect(self._drag_bias)
        self.tell(finding)
        self.lay_out(
            self.bar, WithHero(theme, self.felt, (self.accuracy, self.inside, self.below), (5, 6, 5))
        )

    def opens_on(self, at: At) -> int | None:
        """Where the LSTM has learned to remember."""
        return learned_at(at)

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
        return formulas(at.config, at.snapshot, at.recording, at.step, at.options.relative, self.checks(at))

    def terms(self, at: At) -> list[Term]:
        cells = [*CELLS]
        hidden = tr("how the loss feels an early h")
        forgets = (self.inside, "forget_gate")
        return [
            term(r"\frac{\partial L}{\partial h_{t-1}}", hidden, *((self.felt, name) for name in cells)),
            term(r"\frac{\partial L}{\partial h_t}", tr("how the loss feels a later h"),
                 *((self.felt, name) for name in cells)),
            term(r"\frac{\partial L}{\partial c_{t-1}}", tr("how the loss feels an early c"),
                 (self.inside, "cell_state")),
            term("f_t", tr("forget gate"), forgets),
            term("f_s", tr("forget gate"), forgets),
            term(r"\sigma(b)", tr("what the bias alone keeps"), (self.inside, "bias")),
            term("L_T", tr("the loss at the end"), *((self.below, name) for name in cells)),
        ]  # fmt: skip


def many(at: At) -> bool:
    """Whether there are several delays."""
    return at.config.measured == "many"


# What is felt on the way back


def start_of(at: At) -> list[Snapshot]:
    """How the nets were before they were trained at the delay on show; none where it is not wanted."""
    shot: Snapshot = at.snapshot
    if not at.options.starts or shot.step == 0:
        return []
    stage = at.config.delays.index(shot.delay)
    found: Snapshot = at.recording.snapshot(stage * at.config.stage_length)[1]
    return [found] if found.delay == shot.delay and found.step == 0 else []


def _at_this_step(at: At, curves_of: Callable[[Snapshot], list[Curve]]) -> list[Curve]:
    """The curves of the pinned runs, as they were at this step."""
    return behind(at, lambda _, run: curves_of(run.snapshot(min(at.step, run.last))[1]))


def felt_curves(at: At, theme: Theme) -> list[Curve]:
    """What every cell feels, that of pinned runs and of the start behind."""
    of = partial(felt, theme=theme, relative=at.options.relative)
    starts = [curve for start in start_of(at) for curve in at_the_start(of(start))]
    return [*_at_this_step(at, of), *starts, *of(at.snapshot)]


def inside_curves(at: At, theme: Theme) -> list[Curve]:
    """The LSTM's direct way, that of the start behind."""
    of = partial(inside, theme=theme, relative=at.options.relative)
    starts = [curve for start in start_of(at) for curve in at_the_start(of(start))]
    return [*starts, *direct_ways(at.config, at.snapshot.delay, theme), *of(at.snapshot)]


def felt_axes(at: At) -> CurveAxes:
    """What is felt against the steps back."""
    title = tr("How the loss feels h: ‖∂L/∂h‖")
    if start_of(at):
        title += " · " + tr("thin: before the training")
    axes = _back(at, tr("relative") if at.options.relative else "‖∂L/∂h‖")
    return axes._replace(title=title)


def inside_axes(at: At) -> CurveAxes:
    """What is left against the steps back."""
    return _back(at, tr("share left"))


def _back(at: At, name: str) -> CurveAxes:
    limits = (0.0, float(at.snapshot.delay))
    return CurveAxes(("T − t", tr("steps")), (name, ""), log_y=True, x_limits=limits, whole_x=True)


def show_bias(panel: CurvesPanel, at: At) -> None:
    """The handle at the end of σ(b)ⁿ."""
    bias, delay = at.config.forget_bias, at.snapshot.delay
    end = max(float(left_of_direct_way(bias, delay)), FLOOR)
    name, stroke = f"b = {short_text(bias)}", panel.theme.stroke("forget_gate")
    panel.set_handles([Handle("bias", name, float(delay), end, stroke, free="y")])


# What was learned


def _delays(at: At) -> tuple[float, float]:
    """From where to where the axis of delays goes."""
    return 1.8, at.config.longest * 1.1


def _guess(at: At, height: float, theme: Theme, ends: tuple[float, float] | None = None) -> Curve:
    """A line at what guessing brings, over all steps unless it is said over what."""
    ends = ends or (0.0, float(last_step(at.config)))
    return level("guess", "" if at.tight else tr("guess"), ends, height, theme.stroke("numeric"), width=1.2)


def accuracies(at: At, theme: Theme) -> list[Curve]:
    """The accuracy against the steps of the run."""
    curves = with_pinned(at, lambda _, run: history(run, "accuracy", theme))
    return [_guess(at, 1 / at.config.classes, theme), *curves]


def accuracy_axes(at: At) -> CurveAxes:
    """Accuracy against the steps; with many delays there is room for their names."""
    title = tr("Accuracy, delay by delay") if many(at) else tr("Accuracy on fresh sequences")
    limits = (0.0, 1.2 if many(at) else 1.08)
    return over_steps(last_step(at.config), tr("accuracy"), limits=limits, title=title)._replace(y_most=1.0)


def losses_or_delays(at: At, theme: Theme) -> list[Curve]:
    """The loss of every batch, or of several delays the accuracy reached at each."""
    if not many(at):
        curves = with_pinned(at, lambda _, run: history(run, "loss", theme))
        return [_guess(at, log(at.config.classes), theme), *curves]
    of = partial(reached, theme=theme)
    guess = _guess(at, 1 / at.config.classes, theme, _delays(at))
    return [guess, *_at_this_step(at, of), *of(at.snapshot)]


def below_axes(at: At) -> CurveAxes:
    """Loss against steps, or accuracy against delays."""
    if not many(at):
        title = tr("Loss of every batch")
        return over_steps(last_step(at.config), tr("loss"), tr("nats"), title=title)
    return CurveAxes((tr("delay"), tr("steps")), (tr("accuracy"), ""), log_x=True, x_limits=_delays(at),
                     y_limits=(0.0, 1.08), y_most=1.0, title=tr("Accuracy against delay"))  # fmt: skip


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step, on an axis of delays its delay."""
    panel.set_cursor(at.snapshot.delay if panel.x_axis.log else at.step)


VIEW = MemoryView
