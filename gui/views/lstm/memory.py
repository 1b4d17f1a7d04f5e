"""LSTM ▸ Memory span on the screen: gradients against the steps back, and the training."""

from collections.abc import Callable
from functools import partial
from math import log
from typing import Annotated

import numpy as np

from engine.config import Config, plain
from engine.experiments.lstm.memory import MemoryConfig, MemorySnapshot, check_all, last_step
from engine.recurrent.memory_span import factor_of_forget_gates, forget_bias_of_factor
from engine.recurrent.through_time import CELLS
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Handle
from gui.plots.snapping import short
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Question, Room, View, whole_run
from gui.views.curve_plots import CurveAxes, Plot, fill_plot, over_steps
from gui.views.lstm import memory_curves as drawn
from gui.views.lstm.memory_words import finding, formulas, learned_at
from gui.views.pinned import behind, level, with_pinned
from gui.views.schedule_blocks import schedule_blocks, schedule_terms

MOST_BIAS = 10.0
LOW = 440  # in a lower view (pixels) there is no room for a name at the line of guessing
RELATIVE = "Divide every gradient by that of the last state: what is left of it on the way back."


class MemoryOptions(Config, frozen=True):
    """The options of the view."""

    relative: Annotated[bool, plain("Relative to the last step", RELATIVE)] = True
    starts: Annotated[bool, plain("Before training too", "Draw faintly how it was before the training.")] = (
        True
    )


At = Moment[MemoryConfig, MemoryOptions]


class MemoryView(View):
    """The gradients of all cells; beside them the learning curves, and the product of the LSTM's forget
    gates.
    """

    config_type, options_type = MemoryConfig, MemoryOptions

    def build(self, theme: Theme) -> None:
        self.check = self.check_button(
            tr("Compare the three gradients, back through all steps of time, with numeric differences")
        )
        self.bar = self.options_bar("relative", "starts", self.check)
        self.felt = CurvesPanel("", theme)
        self.inside = CurvesPanel("", theme, "ends")
        self.inside.entitle(tr("Product of the forget gates"), tr("drag b (LSTM only)"))
        self.accuracy, self.below = CurvesPanel("", theme), CurvesPanel("", theme)
        fill_plot(self, self.felt, felt)
        fill_plot(self, self.inside, direct_way)
        for panel in (self.felt, self.inside):  # their ranges differ with and without the start
            self.fill(panel, lambda panel, at: panel.restart(), by=lambda at: at.options.starts)
        fill_plot(self, self.accuracy, accuracies, by=whole_run)
        self.fill(self.accuracy, lambda panel, at: panel.set_cursor(at.step))
        fill_plot(self, self.below, losses_or_delays)
        self.on(self.accuracy.clicked, go_to)
        self.on(self.below.clicked, lambda view, x: None if many(view.at) else go_to(view, x))
        self.inside.handle_dragged.connect(self._drag_bias)
        self.tell(finding, opens_on=learned_at)
        small = (self.accuracy, self.inside, self.below)
        self.lay_out(self.bar, WithHero(theme, self.felt, small, (5, 6, 5)))

    def arrange(self, at: At, room: Room) -> bool:
        return room.height < LOW

    def _drag_bias(self, key: str, distance: float, share: float) -> None:
        """Set the bias from the end of the line σ(b)ⁿ, which was dragged."""
        share = min(max(share, 1e-300), 1 - 1e-12)
        bias = float(np.clip(forget_bias_of_factor(share, round(distance)), -MOST_BIAS, MOST_BIAS))
        self.edit(forget_bias=short(bias, 2, self.at.config.forget_bias))

    def check_question(self, at: At) -> Question:
        return check_all, at.config, at.snapshot

    def terms(self, at: At) -> list[Term]:
        cells = [*CELLS]
        hidden = tr("gradient at an earlier h")
        forgets = (self.inside, "forget_gate")
        return [
            term(r"\frac{\partial L}{\partial h_{t-1}}", hidden, *((self.felt, name) for name in cells)),
            term(
                r"\frac{\partial L}{\partial h_t}",
                tr("gradient at a later h"),
                *((self.felt, name) for name in cells),
            ),
            term(
                r"\frac{\partial L}{\partial c_{t-1}}",
                tr("gradient at an earlier c"),
                (self.inside, "cell_state"),
            ),
            term("f_t", tr("forget gate"), forgets),
            term("f_s", tr("forget gate"), forgets),
            term(r"\sigma(b)", tr("what the bias alone keeps"), (self.inside, "bias")),
            term("L_T", tr("the loss at the end"), *((self.below, name) for name in cells)),
            *schedule_terms(at.settings.optimizer, trained(at)),
        ]

    def formulas(self, at: At) -> list[Live]:
        return [*formulas(at, self.checks(at)), *schedule_blocks(at.settings.optimizer, trained(at))]


def go_to(view: View, x: float) -> None:
    """Show the step at a place, if it exists."""
    view.jump(min(x, last_step(view.at.config)))


def trained(at: At) -> int:
    """Return the steps of training at the present delay, where the schedule begins again."""
    shot: MemorySnapshot = at.snapshot
    return shot.step


def many(at: At) -> bool:
    """Whether there are several delays."""
    return at.config.measured == "many"


def start_of(at: At) -> list[MemorySnapshot]:
    """Return the networks before the training at the present delay; none if they are not wanted."""
    shot: MemorySnapshot = at.snapshot
    if not at.options.starts or shot.step == 0:
        return []
    stage = at.config.delays.index(shot.delay)
    found: MemorySnapshot = at.recording.snapshot(stage * at.config.stage_length)[1]
    return [found] if found.delay == shot.delay and found.step == 0 else []


def _at_this_step(at: At, curves_of: Callable[[MemorySnapshot], list[Curve]]) -> list[Curve]:
    """The curves of the pinned runs, as they were at this step."""
    return behind(at, lambda _, run: curves_of(run.snapshot(min(at.step, run.last))[1]))


def felt(at: At, theme: Theme) -> Plot:
    """Return the gradient of every cell against the steps back, those of pinned runs and of the start
    behind.
    """
    of = partial(drawn.felt, theme=theme, relative=at.options.relative)
    starts = [curve for start in start_of(at) for curve in drawn.at_the_start(of(start))]
    relative = at.options.relative
    title = tr("Gradient norm ‖∂L/∂h‖, relative to the last" if relative else "Gradient norm ‖∂L/∂h‖")
    if starts:
        title += " · " + tr("thin: before the training")
    axes = _back(at, tr("relative") if relative else "‖∂L/∂h‖", title)
    return Plot(axes, [*_at_this_step(at, of), *starts, *of(at.snapshot)])


def direct_way(at: At, theme: Theme) -> Plot:
    """Return the product of the forget gates, that of the start behind, with a handle at the end of σ(b)ⁿ."""
    of = partial(drawn.inside, theme=theme, relative=at.options.relative)
    starts = [curve for start in start_of(at) for curve in drawn.at_the_start(of(start))]
    bias, delay = at.config.forget_bias, at.snapshot.delay
    end, stroke = max(float(factor_of_forget_gates(bias, delay)), drawn.FLOOR), theme.stroke("lstm")
    curves = [*starts, *drawn.direct_ways(at.config, delay, theme), *of(at.snapshot)]
    handle = Handle("bias", f"b = {short_text(bias)}", float(delay), end, stroke, free="y")
    return Plot(_back(at, tr("product")), curves, handles=[handle])


def _back(at: At, name: str, title: str = "") -> CurveAxes:
    limits = (0.0, float(at.snapshot.delay))
    return CurveAxes(
        ("T − t", tr("steps")), (name, ""), log_y=True, x_limits=limits, whole_x=True, title=title
    )


def _guess(at: At, height: float, theme: Theme, ends: tuple[float, float] | None = None) -> Curve:
    """Return a line at the accuracy or loss of guessing, by default over all steps."""
    ends = ends or (0.0, float(last_step(at.config)))
    return level("guess", "" if at.tight else tr("guess"), ends, height, theme.stroke("numeric"), width=1.2)


def accuracies(at: At, theme: Theme) -> Plot:
    """The accuracy against the steps of the run; with many delays there is room for their names."""
    title = tr("Accuracy, delay by delay") if many(at) else tr("Accuracy on fresh sequences")
    limits = (0.0, 1.2 if many(at) else 1.08)
    axes = over_steps(last_step(at.config), tr("accuracy"), limits=limits, title=title, y_most=1.0)
    curves = with_pinned(at, lambda _, run: drawn.history(run, "accuracy", theme))
    return Plot(axes, [_guess(at, 1 / at.config.classes, theme), *curves], spans=drawn.stages(at.config))


def losses_or_delays(at: At, theme: Theme) -> Plot:
    """The loss of every batch against steps, or of several delays the accuracy reached at each."""
    if not many(at):
        axes = over_steps(last_step(at.config), tr("loss"), tr("nats"), title=tr("Loss of every batch"))
        curves = with_pinned(at, lambda _, run: drawn.history(run, "loss", theme))
        return Plot(axes, [_guess(at, log(at.config.classes), theme), *curves], cursor=(at.step, ""))
    ends, of = (1.8, at.config.longest * 1.1), partial(drawn.reached, theme=theme)
    axes = CurveAxes(
        (tr("delay"), tr("steps")),
        (tr("accuracy"), ""),
        log_x=True,
        x_limits=ends,
        y_limits=(0.0, 1.08),
        y_most=1.0,
        title=tr("Accuracy against delay"),
    )
    guess = _guess(at, 1 / at.config.classes, theme, ends)
    return Plot(axes, [guess, *_at_this_step(at, of), *of(at.snapshot)], cursor=(at.snapshot.delay, ""))
