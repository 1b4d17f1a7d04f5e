"""Losses ▸ Sigmoid: on the left where both neurons are, on the right their way there, below the numbers."""

import numpy as np

from engine.config import Config
from engine.experiments.losses.neuron import NeuronConfig
from engine.neuron import NEURON_LOSSES
from gui.look.language import tr
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.own.table import TablePanel
from gui.screen.moment import Moment, whole_run
from gui.screen.notes import Live
from gui.screen.view import View
from gui.views.losses.neuron_curves import (
    far_enough,
    over_steps,
    pinned,
    pull_map,
    sigmoid_curve,
    tangent,
)
from gui.views.losses.neuron_formulas import formulas, table_lines

LARGEST_BIAS = 100.0
BELOW = -0.13  # where the handle of the start is, out of the way of the neurons

At = Moment[NeuronConfig, Config]


class NeuronView(View):
    """The sigmoid and the pull over z, p and the pull over the steps, and the slopes taken apart."""

    config_type = NeuronConfig
    pace = 30.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.sigmoid = CurvesPanel(tr("Where both neurons are"), theme)
        self.answers = CurvesPanel(tr("What they answer"), theme)
        self.pulls = CurvesPanel(tr("How hard each place is pulled"), theme)
        self.slopes = CurvesPanel(tr("How hard each neuron is pulled"), theme)
        self.parts = TablePanel(tr("The slope taken apart, at this step"), theme)
        self.sigmoid.legend = "none"
        for panel in (self.answers, self.pulls, self.slopes):
            panel.legend = "paper"  # on the screen the table below tells the lines apart
        self.fill(self.sigmoid, show_sigmoid_axes, by=axes_of)
        self.fill(self.sigmoid, show_sigmoid)
        self.fill(self.answers, show_answer_axes, by=axes_of)
        self.fill(self.answers, show_answers, by=whole_run)
        self.fill(self.answers, show_playhead)
        self.fill(self.pulls, show_pull_axes, by=axes_of)
        self.fill(self.pulls, show_pulls)
        self.fill(self.slopes, show_slopes, by=whole_run)
        self.fill(self.slopes, show_slope_axes, by=axes_of)
        self.fill(self.slopes, show_playhead)
        self.fill(self.parts, show_parts)
        for panel in (self.answers, self.slopes):
            panel.clicked.connect(self.jump)
        for panel in (self.sigmoid, self.answers):
            panel.handle_dragged.connect(self._drag)
        self.setMinimumSize(self.theme.px(260), self.theme.px(300))
        above = side_by_side((self.sigmoid, self.answers), (1, 1))
        below = side_by_side((self.pulls, self.slopes), (1, 1))
        self.lay_out(above_each_other((above, below, self.parts), (41, 39, 20)))

    def _drag(self, key: str, x: float, y: float) -> None:
        """The start is dragged by its bias; the weight stays."""
        if key == "target":
            self.edit(target=round(min(max(y, 0.0), 1.0), 3))
        else:
            bias = x - self.at.config.weight * self.at.config.input
            self.edit(bias=round(min(max(bias, -LARGEST_BIAS), LARGEST_BIAS), 3))

    def formulas(self, at: At) -> list[Live]:
        return formulas(at.config, at.recording, at.step) if at.last >= 1 else []


def begun(at: At) -> bool:
    """Whether there is more than the start: all steps come with the next frame."""
    return at.last >= 1


def reach_of(at: At) -> float:
    """How far z is shown to either side."""
    return far_enough(at.recording, at.config.start)


def axes_of(at: At) -> tuple[object, ...]:
    """The run, how far z reaches, the steps, the target; whether the slopes have logarithms (0 has none)."""
    log = any(at.recording.column(f"{name}.by_z").any() for name in NEURON_LOSSES)
    return at.recording, reach_of(at), float(at.config.steps), at.config.target, log


# Over z


def show_sigmoid_axes(panel: CurvesPanel, at: At) -> None:
    """σ(z) against z."""
    reach = reach_of(at)
    panel.set_axes(("z = w·x + b", ""), ("p = σ(z)", ""), x_limits=(-reach, reach), y_limits=(-0.2, 1.04))


def show_pull_axes(panel: CurvesPanel, at: At) -> None:
    """∂L/∂z against z; p − y is never outside."""
    reach, target = reach_of(at), at.config.target
    room = (-0.06 - target, 1.06 - target)
    panel.set_axes(("z = w·x + b", ""), ("∂L/∂z", ""), x_limits=(-reach, reach), y_limits=room)


def _places(at: At) -> list[tuple[str, float, float, float, float]]:
    """Where both neurons are: their names, z, p, the slope of σ and ∂L/∂z."""
    keys = ("z", "p", "sigma", "by_z")
    return [
        (name, *(float(at.recording.column(f"{name}.{key}")[at.step]) for key in keys))  # type: ignore[misc]
        for name in NEURON_LOSSES
    ]


def show_sigmoid(panel: CurvesPanel, at: At) -> None:
    """Both neurons as points on the sigmoid, with its tangents."""
    if not begun(at):
        return
    reach, theme, quiet = reach_of(at), panel.theme, Stroke(panel.theme.quiet)
    curves, marks = [Curve("sigmoid", "σ(z)", *sigmoid_curve(reach), quiet)], []
    for name, z, p, sigma, _ in _places(at):
        stroke = theme.stroke(name)
        curves.append(Curve(f"{name}.tangent", "", *tangent(z, p, sigma, reach), stroke, width=2.6))
        marks.append(Mark(z, p, tr(NEURON_LOSSES[name].title), stroke))
    panel.set_curves(curves)
    panel.set_marks(marks)
    panel.set_handles([Handle("start", tr("start"), at.config.start, BELOW, quiet, "x")])


def show_pulls(panel: CurvesPanel, at: At) -> None:
    """Both neurons as points on the curves of their pulls."""
    if not begun(at):
        return
    panel.set_curves(pull_map(at.config.target, reach_of(at), panel.theme))
    panel.set_marks([Mark(z, by_z, "", panel.theme.stroke(name)) for name, z, _, _, by_z in _places(at)])


# Over the steps


def show_answer_axes(panel: CurvesPanel, at: At) -> None:
    """p against steps."""
    steps = (0.0, float(at.config.steps))
    panel.set_axes((tr("step"), ""), ("p", ""), x_limits=steps, y_limits=(-0.04, 1.04))


def show_slope_axes(panel: CurvesPanel, at: At) -> None:
    """The size of the pull against steps."""
    log = axes_of(at)[-1]
    panel.set_axes((tr("step"), ""), ("|∂L/∂z|", ""), log_y=bool(log), x_limits=(0.0, at.config.steps))


def show_answers(panel: CurvesPanel, at: At) -> None:
    """p towards the target, and where it has recovered."""
    if not begun(at):
        return
    config, theme, marks = at.config, panel.theme, []
    panel.set_curves([
        *pinned(at.ghosts, "p", theme),
        *over_steps(at.recording, "p", theme),
        *_band(config, theme),
    ])  # fmt: skip
    for name, found in ((name, at.snapshot[name]) for name in NEURON_LOSSES):
        if found.step is not None:
            p = float(at.recording.column(f"{name}.p")[found.step])
            words = tr("step {step}", step=found.step)
            marks.append(Mark(float(found.step), p, words, theme.stroke(name)))
    panel.set_marks(marks)
    target = Handle("target", f"y = {config.target:g}", config.steps, config.target, theme.stroke("p"), "y")
    panel.set_handles([target])


def _band(config: NeuronConfig, theme: Theme) -> list[Curve]:
    """The target, and the two lines between which a neuron has recovered."""
    ends = np.array([-1.0, config.steps + 1.0])  # beyond the playhead, which so sets no dot on them
    edges = (config.target - config.tolerance, config.target + config.tolerance)
    solid, bound = Stroke(theme.stroke("p").colour), theme.stroke("bound")
    levels = [(config.target, solid), *((edge, bound) for edge in edges if 0 <= edge <= 1)]
    return [
        Curve(f"level{k}", "", ends, np.full(2, level), stroke, width=1.1)
        for k, (level, stroke) in enumerate(levels)
    ]


def show_slopes(panel: CurvesPanel, at: At) -> None:
    """The size of the pull."""
    if begun(at):
        theme = panel.theme
        panel.set_curves([*pinned(at.ghosts, "by_z", theme), *over_steps(at.recording, "by_z", theme)])


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


def show_parts(panel: TablePanel, at: At) -> None:
    """The slope taken apart, at this step."""
    if begun(at):
        panel.set_lines(*table_lines(at.config, at.recording, at.step, at.snapshot, panel.theme))


VIEW = NeuronView
