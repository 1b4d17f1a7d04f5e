"""Optimizers ▸ Mini-batches on the screen: paths over the true loss, the cloud, loss and noise ball."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, replaced
from engine.experiments.optimizers.batches import (
    Cloud,
    cloud,
    landscape,
    measured_ball,
    path,
    predicted_ball,
    seconds_per_step,
    seen,
)
from engine.experiments.optimizers.batches_config import BatchesConfig, model_of, sizes
from engine.linear_models import Array, LinearModel
from engine.mini_batches import ellipse
from engine.recording import Recording
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.contours import Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import DASHED, LONG, SOLID, Stroke, Theme
from gui.views.optimizers.batches_controls import BatchesBar, BatchesOptions
from gui.views.optimizers.batches_formulas import ball_block, cost_block, gradient_block, variance_block
from gui.views.optimizers.batches_plots import WIDE, BallPanel, CloudPanel, LossField

GRID = 81  # points along each side of the field
ROOM = 1.5  # half the width of the field, in distances of the minimum from 0
LEAST = 1e-6  # L − L* below which nothing is shown
NAMES = {"classification": ("w₁", "w₂"), "regression": ("b", "w")}
DASHES = (SOLID, DASHED, LONG)


class BatchesView(OldView):
    """Contours and cloud above, loss and noise ball below."""

    options_type: ClassVar[type[Config]] = BatchesOptions
    pace: ClassVar[float] = 30.0
    options: BatchesOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = BatchesConfig()
        self.ghosts: Sequence[Ghost] = ()
        self._model: LinearModel | None = None
        self._shown: tuple[Recording, int] | None = None
        self._cloud: tuple[Array, Cloud] | None = None
        self.bar = BatchesBar(theme, self.options)
        self.field = LossField(theme)
        self.cloud = CloudPanel(theme)
        self.loss = CurvesPanel(tr("True loss above its minimum"), theme)
        self.ball = BallPanel(theme)
        self.questions.answered.connect(self._show_field)
        self.bar.changed.connect(self._change)
        self.field.start_dragged.connect(self._move_start)
        self.loss.clicked.connect(self._go_to)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        above = side_by_side((self.field, self.cloud), (11, 10))
        below = side_by_side((self.loss, self.ball), (11, 10))
        column.addWidget(above_each_other((above, below), (55, 45)), 1)

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, BatchesConfig)
        assert isinstance(after, BatchesConfig)
        return kept_choice(options, "explained", sizes(before), sizes(after)), after

    def panels(self) -> list[Panel]:
        return [self.field, self.cloud, self.loss, self.ball]

    # A run

    @property
    def run(self) -> int:
        """Which of the runs is explained."""
        return min(self.options.explained, len(sizes(self.config)) - 1)

    @property
    def chosen(self) -> int:
        """Its batch size."""
        return sizes(self.config)[self.run]

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, BatchesConfig)
        self.config, self.ghosts = config, ghosts
        self.bar.show_runs([self._name(size) for size in sizes(config)], self.run)
        self._set_field()
        self._set_axes()
        self.ball.begin_run(config)

    def _name(self, size: int) -> str:
        """What a run is called: its batch size."""
        return tr("B = {n}, all", n=size) if size == model_of(self.config).count else f"B = {size}"

    def _set_field(self) -> None:
        """Ask for the landscape, when it is another one than before."""
        model = model_of(self.config)
        self.field.set_start(*self.config.start)
        if model is self._model:
            return
        self._model, (x, y) = model, model.minimum.tolist()
        half = ROOM * max(abs(x), abs(y), 1e-3)
        bounds = ((x - half, x + half), (y - half, y + half))
        about = model, bounds, NAMES[self.config.task]
        self.questions.ask("field", landscape, model, bounds, GRID, about=about)

    def _show_field(self, answer: Answer) -> None:
        model, bounds, names = answer.about
        self.field.reset_zoom()
        self.field.set_axes((names[0], ""), (names[1], ""), "L")
        self.field.set_field(
            answer.value, bounds, True, value_at=lambda x, y: float(model.loss(np.array([x, y])))
        )
        self.field.set_minima([tuple(model.minimum.tolist())])

    def _set_axes(self) -> None:
        """Axes that fit the whole run, so that nothing moves while it plays."""
        self.cloud.begin_run(NAMES[self.config.task])
        against, ends = self.options.against, np.array([1, self.config.steps])
        reached = np.array([self._reached(size, ends) for size in sizes(self.config)])
        first, last = (0.0 if against == "steps" else float(reached.min())), float(reached.max())
        unit = "ms" if against == "seconds" else ""
        title = {"steps": tr("step"), "epochs": tr("epochs"), "seconds": tr("time")}[against]
        self.loss.set_axes((title, unit), ("L − L*", ""), log_x=against != "steps", log_y=True,
                           x_limits=(first, max(last, 2 * first)), y_limits=self._loss_limits())  # fmt: skip

    def _loss_limits(self) -> tuple[float, float]:
        model = model_of(self.config)
        above = float(model.loss(np.array(self.config.start)) - model.loss(model.minimum))
        return LEAST, 10 * above if LEAST < above < np.inf else 1.0

    def _reached(self, size: int, steps: Array, config: BatchesConfig | None = None) -> Array:
        """Where on the axis a run with this batch size is after each of these numbers of steps."""
        config = config or self.config
        if self.options.against == "epochs":
            return np.asarray(seen(config, size, steps) / model_of(config).count)
        return steps * (1e3 * seconds_per_step(config, size) if self.options.against == "seconds" else 1.0)

    # A step

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        self._cloud = self._cloud_at(recording, step)
        self.field.set_paths(self._paths(recording, step))
        spread, minimum = predicted_ball(self.config, self.chosen), model_of(self.config).minimum
        self.field.set_ball(None if spread is None else ellipse(minimum, spread, WIDE))
        if self._cloud is not None:
            self.cloud.show_cloud(self._cloud[1], self._stroke(self.run))
        else:
            self.cloud.clear_cloud()
        self.loss.set_curves([*self._ghost_curves(), *self._curves(self.config, recording)])
        here = float(self._reached(self.chosen, np.array(step)))
        self.loss.set_cursor(here if step or self.options.against == "steps" else None)
        self.ball.show_measured([
            (size, measured_ball(self.config, recording, i, step), self._name(size), self._stroke(i))
            for i, size in enumerate(sizes(self.config)) if size < model_of(self.config).count
        ])  # fmt: skip

    def _cloud_at(self, recording: Recording, step: int) -> tuple[Array, Cloud] | None:
        """Where the explained run is, and the gradients there; None once it is lost."""
        theta = path(recording, self.run, step)[-1]
        return (theta, cloud(self.config, theta, self.chosen)) if np.isfinite(theta).all() else None

    def _paths(self, recording: Recording, step: int) -> list[Path]:
        paths = []
        for k, ghost in enumerate(self.ghosts):
            if ghost.recording.last >= 0 and self._comparable(ghost.config):
                xy = path(ghost.recording, 0, ghost.recording.last)
                paths.append(Path(f"ghost.{k}", ghost.label, _known(xy), self._stroke(0), ghost=True))
        for i in reversed(range(len(sizes(self.config)))):
            xy = path(recording, i, step)
            known = _known(xy)
            name = str(sizes(self.config)[i])  # short: all heads meet at the minimum
            paths.append(Path(str(i), name, known, self._stroke(i), diverged=len(known) < len(xy)))
        return paths

    def _comparable(self, config: Config) -> bool:
        """Whether a pinned run went over the same landscape."""
        return isinstance(config, BatchesConfig) and model_of(config) is model_of(self.config)

    def _curves(self, config: BatchesConfig, recording: Recording) -> list[Curve]:
        model = model_of(config)
        least, curves = float(model.loss(model.minimum)), []
        first = 0 if self.options.against == "steps" else 1  # a log axis has no 0
        for i, size in enumerate(sizes(config)):
            x = self._reached(size, np.arange(first, recording.last + 1.0), config)
            above = np.maximum(recording.column(f"{i}.loss")[first:] - least, LEAST / 10)
            name = self._name(size)
            curves.append(
                Curve(f"loss.{i}", name, x, above, self._stroke(i), width=2.0 if i == self.run else 1.4)
            )
        return curves

    def _ghost_curves(self) -> list[Curve]:
        found = []
        for k, ghost in enumerate(self.ghosts):
            if isinstance(ghost.config, BatchesConfig) and ghost.recording.last >= 0:
                curve = self._curves(ghost.config, ghost.recording)[0]
                found.append(Curve(f"ghost.{k}", ghost.label, curve.x, curve.y, curve.stroke, ghost=True))
        return found

    def _stroke(self, run: int) -> Stroke:
        return Stroke(self.theme.class_colour(run), DASHES[run])

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self._set_axes()
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def _move_start(self, x: float, y: float) -> None:
        try:
            self.edited.emit(replaced(self.config, start=(float(f"{x:.4g}"), float(f"{y:.4g}"))))
        except Problem:
            return  # beyond what a number can hold: the start stays where it was

    def _go_to(self, x: float) -> None:
        reached = self._reached(self.chosen, np.arange(self.config.steps + 1.0))
        self.step_chosen.emit(int(np.abs(reached - x).argmin()))

    def live(self, recording: Recording, step: int) -> list[Live]:
        blocks = []
        if self._cloud is not None:
            theta, seen = self._cloud
            blocks = [
                gradient_block(self.config, theta, seen),
                variance_block(self.config, seen, self.chosen),
            ]
        run = (self.config, recording, self.run, self.chosen, step)
        return [*blocks, ball_block(*run), cost_block(*run)]


def _known(xy: Array) -> Array:
    """The part of a path before it was lost."""
    return xy[np.isfinite(xy).all(axis=1)]


VIEW = BatchesView
