"""Losses ▸ Sigmoid: on the left where both neurons are, on the right their way there, below the numbers."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.activations import Array
from engine.config import Config, replaced
from engine.experiments.losses.neuron import NeuronConfig, Recovery, Snapshot
from engine.neuron import NEURON_LOSSES
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.annotations import Handle, Mark
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.plots.table import TablePanel
from gui.splitters import above_each_other, side_by_side
from gui.theme import Stroke, Theme
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


class NeuronView(OldView):
    """The sigmoid and the pull over z, p and the pull over the steps, and the slopes taken apart."""

    pace = 30.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = NeuronConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._axes: object = None
        self._drawn: object = None
        self.sigmoid = CurvesPanel(tr("Where both neurons are"), theme)
        self.answers = CurvesPanel(tr("What they answer"), theme)
        self.pulls = CurvesPanel(tr("How hard each place is pulled"), theme)
        self.slopes = CurvesPanel(tr("How hard each neuron is pulled"), theme)
        self.parts = TablePanel(tr("The slope taken apart, at this step"), theme)
        self.sigmoid.legend = "none"
        for panel in (self.answers, self.pulls, self.slopes):
            panel.legend = "paper"  # on the screen the table below tells the lines apart
        for panel in (self.answers, self.slopes):
            panel.clicked.connect(lambda x: self.step_chosen.emit(max(0, round(x))))
        for panel in (self.sigmoid, self.answers):
            panel.handle_dragged.connect(self._drag)
        self._lay_out()

    def _lay_out(self) -> None:
        self.setMinimumSize(self.theme.px(260), self.theme.px(300))
        above = side_by_side((self.sigmoid, self.answers), (1, 1))
        below = side_by_side((self.pulls, self.slopes), (1, 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(above_each_other((above, below, self.parts), (41, 39, 20)))

    def panels(self) -> list[Panel]:
        return [self.sigmoid, self.answers, self.pulls, self.slopes, self.parts]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, NeuronConfig)
        self.config, self.ghosts, self._drawn = config, ghosts, None

    def _drag(self, key: str, x: float, y: float) -> None:
        """The start is dragged by its bias; the weight stays."""
        if key == "target":
            self.edited.emit(replaced(self.config, target=round(min(max(y, 0.0), 1.0), 3)))
        else:
            bias = x - self.config.weight * self.config.input
            bias = round(min(max(bias, -LARGEST_BIAS), LARGEST_BIAS), 3)
            self.edited.emit(replaced(self.config, bias=bias))

    def draw(self, recording: Recording, step: int) -> None:
        if recording.last < 1:  # the start alone: all steps come with the next frame
            return
        shot: Snapshot = recording.snapshot(step)[1]
        if self._drawn != (recording, recording.last):
            self._drawn = (recording, recording.last)
            self._set_axes(recording)
            self._draw_steps(recording, shot)
        self._draw_places(recording, step)
        for panel in (self.answers, self.slopes):
            panel.set_cursor(step)
        self.parts.set_lines(*table_lines(self.config, recording, step, shot, self.theme))

    def live(self, recording: Recording, step: int) -> list[Live]:
        return formulas(self.config, recording, step) if recording.last >= 1 else []

    # Over z

    def _set_axes(self, recording: Recording) -> None:
        reach, steps = far_enough(recording, self.config.start), float(self.config.steps)
        target = self.config.target
        log = any(recording.column(f"{name}.by_z").any() for name in NEURON_LOSSES)  # 0 has no logarithm
        if (reach, steps, target, log) == self._axes:
            return
        self._axes, self.reach = (reach, steps, target, log), reach
        z, step = ("z = w·x + b", ""), (tr("step"), "")
        limits = (-reach, reach)
        self.sigmoid.set_axes(z, ("p = σ(z)", ""), x_limits=limits, y_limits=(-0.2, 1.04))
        room = (-0.06 - target, 1.06 - target)  # p − y is never outside
        self.pulls.set_axes(z, ("∂L/∂z", ""), x_limits=limits, y_limits=room)
        self.answers.set_axes(step, ("p", ""), x_limits=(0.0, steps), y_limits=(-0.04, 1.04))
        self.slopes.set_axes(step, ("|∂L/∂z|", ""), log_y=log, x_limits=(0.0, steps))

    def _draw_places(self, recording: Recording, step: int) -> None:
        """Both neurons as points on the sigmoid with its tangents, and on the curves of their pulls."""
        grid, answers = sigmoid_curve(self.reach)
        curves = [Curve("sigmoid", "σ(z)", grid, answers, Stroke(self.theme.quiet))]
        on_sigmoid, on_pulls = [], []
        for name in NEURON_LOSSES:
            z, p, sigma, by_z = (
                float(recording.column(f"{name}.{key}")[step]) for key in ("z", "p", "sigma", "by_z")
            )
            stroke = self._stroke(name)
            curves.append(Curve(f"{name}.tangent", "", *tangent(z, p, sigma, self.reach), stroke, width=2.6))
            on_sigmoid.append(Mark(z, p, self._name(name), stroke))
            on_pulls.append(Mark(z, by_z, "", stroke))
        self.sigmoid.set_curves(curves)
        self.sigmoid.set_marks(on_sigmoid)
        self.pulls.set_curves(pull_map(self.config.target, self.reach, self.theme))
        self.pulls.set_marks(on_pulls)
        start = Handle("start", tr("start"), self.config.start, BELOW, Stroke(self.theme.quiet), "x")
        self.sigmoid.set_handles([start])

    # Over the steps

    def _draw_steps(self, recording: Recording, shot: Snapshot) -> None:
        """p towards the target, and the size of the pull; neither depends on the playhead."""
        config, theme = self.config, self.theme
        ends = np.array([-1.0, config.steps + 1.0])  # beyond the playhead, which so sets no dot on them
        self.answers.set_curves([
            *pinned(self.ghosts, "p", theme),
            *over_steps(recording, "p", theme),
            *self._band(ends),
        ])  # fmt: skip
        self.answers.set_marks([
            mark for name in NEURON_LOSSES for mark in self._recovery_mark(recording, shot[name], name)
        ])  # fmt: skip
        target = Handle(
            "target", f"y = {config.target:g}", config.steps, config.target, theme.stroke("p"), "y"
        )
        self.answers.set_handles([target])
        self.slopes.restart()
        self.slopes.set_curves([*pinned(self.ghosts, "by_z", theme), *over_steps(recording, "by_z", theme)])

    def _band(self, ends: Array) -> list[Curve]:
        """The target, and the two lines between which a neuron has recovered."""
        target, tolerance = self.config.target, self.config.tolerance
        edges = [edge for edge in (target - tolerance, target + tolerance) if 0 <= edge <= 1]
        solid, bound = Stroke(self._stroke("p").colour), self._stroke("bound")
        levels = [(target, solid), *((edge, bound) for edge in edges)]
        return [
            Curve(f"level{k}", "", ends, np.full(2, level), stroke, width=1.1)
            for k, (level, stroke) in enumerate(levels)
        ]

    def _recovery_mark(self, recording: Recording, found: Recovery, name: str) -> list[Mark]:
        if found.step is None:
            return []
        p = float(recording.column(f"{name}.p")[found.step])
        return [Mark(float(found.step), p, tr("step {step}", step=found.step), self._stroke(name))]

    def _stroke(self, name: str) -> Stroke:
        return self.theme.stroke(name)

    def _name(self, name: str) -> str:
        return tr(NEURON_LOSSES[name].title)


VIEW = NeuronView
