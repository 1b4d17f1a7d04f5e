"""Optimizers ▸ Newton's method: a parabola on a curve, ellipses on a surface, the cost of n."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, replaced
from engine.experiments.optimizers.newton import WAYS, objective_of
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.experiments.optimizers.newton_inspection import Checks, Step, checks, cost_checks, step_of
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.annotations import Handle
from gui.plots.contours import Arrow, FieldPanel, Path
from gui.plots.curves import CurvesPanel
from gui.plots.panel import Panel
from gui.plots.table import TablePanel
from gui.splitters import above_each_other, side_by_side
from gui.theme import Stroke, Theme
from gui.views.optimizers.newton_controls import TITLES, NewtonBar, NewtonOptions
from gui.views.optimizers.newton_curves import (
    costs,
    error_limits,
    errors,
    model_curves,
    outlines,
    place_marks,
    room_for,
    sampled,
)
from gui.views.optimizers.newton_tables import (
    digit_head,
    digit_lines,
    place_head,
    place_lines,
    time_head,
    time_lines,
)
from gui.views.optimizers.newton_words import (
    cost_blocks,
    curve_blocks,
    end_block,
    error_block,
    rest_block,
    surface_blocks,
)

GRID = 161


class NewtonView(OldView):
    """Above what is descended (or the times), below the errors and a table."""

    options_type: ClassVar[type[Config]] = NewtonOptions
    pace: ClassVar[float] = 1.0
    options: NewtonOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = NewtonConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.found: Step | None = None
        self._shown: tuple[Recording, int] | None = None
        self._field_of = ""
        self._axes: object = None
        self._curve_of: object = None
        self._costs_tested: tuple[NewtonConfig, Checks] | None = None
        self.bar = NewtonBar(theme, self.options)
        self.curve = CurvesPanel(tr("The curve, and the parabola of one step"), theme)
        self.field = FieldPanel(tr("Contours of f(x, y)"), theme)
        self.times = CurvesPanel(tr("Seconds for one step, against the number of unknowns"), theme)
        self.errors = CurvesPanel("", theme)
        self.table = TablePanel("", theme)
        self._connect()
        for panel in (self.field, self.times):  # the splitter must not make room for three
            panel.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        above = side_by_side((self.curve, self.field, self.times), (1, 1, 1))
        below = side_by_side((self.errors, self.table), (9, 11))
        column.addWidget(above_each_other((above, below), (58, 42)), 1)

    def _connect(self) -> None:
        self.bar.chosen.connect(self._choose)
        self.bar.start_wanted.connect(self._telling_start)
        self.curve.handle_dragged.connect(lambda _key, x, _y: self._move(curve_start=x))
        self.field.start_dragged.connect(lambda x, y: self._move(surface_start=(x, y)))
        self.field.clicked.connect(lambda x, y: self._move(surface_start=(x, y)))
        self.field.point_clicked.connect(lambda _key, index: self.step_chosen.emit(index))
        self.errors.clicked.connect(lambda t: self.step_chosen.emit(max(0, round(t))))
        self.table.selected.connect(self._choose_row)

    def panels(self) -> list[Panel]:
        every: list[Panel] = [self.curve, self.field, self.times, self.errors, self.table]
        return [panel for panel in every if not panel.isHidden()]

    def _show_plots(self) -> None:
        for panel, own in ((self.curve, "curve"), (self.field, "surface"), (self.times, "cost")):
            panel.setHidden(self.config.scene != own)

    # What the user does

    def _choose(self, way: str) -> None:
        self.set_option(of=way)
        self._redraw()

    def _redraw(self) -> None:
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def _choose_row(self, row: int) -> None:
        """A line of the table is a step, a size, or a way."""
        if self.config.scene == "surface":
            self.bar.ways.setCurrentIndex(row)
            self._choose(WAYS[row])
        else:
            self.step_chosen.emit(row + (self.config.scene == "cost"))

    def _telling_start(self) -> None:
        if self.config.scene == "curve":
            self._move(curve_start=function_of(self.config).start)
        else:
            self._move(surface_start=surface_of(self.config).start)

    def _move(self, **start: object) -> None:
        try:
            self.edited.emit(replaced(self.config, **start))
        except Problem:
            return  # beyond what a start may be: it stays where it was

    # A run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, NewtonConfig)
        scene, self.config = config.scene, config
        self.ghosts = [ghost for ghost in ghosts if getattr(ghost.config, "scene", "") == scene]
        self.bar.setVisible(scene != "cost")
        self._show_plots()
        self.errors.setVisible(scene != "cost")
        if scene == "cost":
            limits = (8.0, float(config.largest))
            self.times.set_axes((tr("unknowns n"), ""), (tr("time"), "s"), True, True, x_limits=limits)
            self.table.title = tr("The least time of up to {repeats}", repeats=config.repeats)
            return
        if scene == "curve":
            self.table.title = tr("Right decimals, step by step")
            self._set_curve()
        else:
            self.table.title = tr("At this step")
            self._set_field()

    def _set_curve(self) -> None:
        function = function_of(self.config)
        if function == self._curve_of:
            return
        self._curve_of, self._samples = function, sampled(function)
        self.curve.reset_zoom()
        self.curve.set_axes(("x", ""), ("f", ""), x_limits=function.bounds, y_limits=room_for(function))

    def _set_field(self) -> None:
        self.field.set_start(*self.config.surface_start)
        if self.config.surface == self._field_of:
            return
        self._field_of, surface = self.config.surface, surface_of(self.config)
        (x0, x1), (y0, y1) = surface.bounds
        x, y = np.meshgrid(np.linspace(x0, x1, GRID), np.linspace(y0, y1, GRID))
        self.field.reset_zoom()
        self.field.set_field(
            np.asarray(surface.value(x, y), float), surface.bounds, surface.log_levels, value_at=surface.value
        )
        self.field.set_minima([(a, b) for a, b, _ in surface.minima])

    # Drawing

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        if recording.last < 0:
            return
        if self.config.scene == "cost":
            self._draw_times(recording, step)
            return
        if "newton.f" not in recording.names or self._is_of_another_scene(recording):
            return
        self.found = step_of(self.config, recording, step, self.options.of)
        if self.config.scene == "curve":
            self._draw_curve(recording, step)
            self._draw_errors(recording, "error", "|x − x*|")
            lines = digit_lines(recording, self.options.of)
            self.table.set_lines(digit_head(self.options.of), lines, step)
        else:
            self._draw_field(recording, step)
            self._draw_errors(recording, "slope", "‖∇f‖")
            lines = place_lines(self.config, recording, step, self.theme)
            self.table.set_lines(place_head(), lines, WAYS.index(self.options.of))
        self.errors.set_cursor(step)

    def _is_of_another_scene(self, recording: Recording) -> bool:
        return ("newton.y" in recording.names) != (self.config.scene == "surface")

    def _draw_errors(self, recording: Recording, quantity: str, name: str) -> None:
        limits, steps = error_limits(recording, quantity), (0.0, float(self.config.steps))
        if quantity != "error" or function_of(self.config).stationary:
            title = tr("{quantity}, at least 10⁻¹⁷", quantity=name)
        else:
            title = tr("{quantity}: no stationary point in the picture", quantity=name)
        if (limits, steps, title) != self._axes:
            self._axes = limits, steps, title
            self.errors.title = title
            self.errors.set_axes((tr("step"), ""), (name, ""), log_y=True, x_limits=steps, y_limits=limits)
        self.errors.set_curves(errors(recording, self.ghosts, quantity, self.theme))

    def _draw_curve(self, recording: Recording, step: int) -> None:
        function, way = function_of(self.config), self.options.of
        self.curve.set_curves(model_curves(self._samples, self.found, function, way, self.theme))
        self.curve.set_marks(place_marks(recording, step, self.found, function, way, self.theme))
        x = self.config.curve_start
        with np.errstate(all="ignore"):
            y = float(function.value(np.array([x]))[0])
        self.curve.set_handles([Handle("start", "x₀", x, y, Stroke(self.theme.text), free="x")])

    def _draw_field(self, recording: Recording, step: int) -> None:
        paths = []
        for k, ghost in enumerate(self.ghosts):
            if "newton.y" in ghost.recording.names:
                xy = np.stack([ghost.recording.column(f"newton.{axis}") for axis in "xy"], axis=1)
                paths.append(Path(f"ghost.{k}", ghost.label, xy, self.theme.stroke("newton"), ghost=True))
        for way in WAYS:
            xy = np.stack([recording.column(f"{way}.{axis}")[: step + 1] for axis in "xy"], axis=1)
            known = np.isfinite(xy).all(axis=1)
            stroke = self.theme.stroke(way)
            paths.append(
                Path(way, tr(TITLES[way]) if step else "", xy[known], stroke, diverged=not known.all())
            )
        self.field.set_paths([*outlines(self.found, self.options.of, self.theme), *paths])
        arrows = []
        if self.found is not None and self.found.vertex is not None:
            (x, y), (dx, dy) = self.found.x, self.found.vertex - self.found.x
            if np.hypot(dx, dy) > 0:
                arrows.append(Arrow(x, y, dx, dy, tr("to the vertex"), self.theme.stroke("step_vector")))
        self.field.set_arrows(arrows)

    def _draw_times(self, recording: Recording, step: int) -> None:
        self.times.set_curves(costs(recording, self.ghosts, self.theme))
        known = "n" in recording.names and step > 0
        self.times.set_cursor(float(recording.column("n")[step]) if known else None)
        self.table.set_lines(time_head(), time_lines(recording), step - 1)

    # The numbers beside the formulas

    def live(self, recording: Recording, step: int) -> list[Live]:
        config, way = self.config, self.options.of
        if config.scene == "cost":
            return cost_blocks(config, recording, step, self._cost_checks())
        if self.found is None:
            return [end_block(config, recording, step, way)]
        tested = checks(objective_of(config), self.found.x)
        if config.scene == "curve":
            blocks = curve_blocks(config, self.found, way, step, tested)
            more = [rest_block(config, recording, step, way), error_block(recording, step, way)]
        else:
            blocks = surface_blocks(config, self.found, way, tested)
            more = [rest_block(config, recording, step, way)]
        return blocks + [block for block in more if block is not None]

    def _cost_checks(self) -> Checks:
        if self._costs_tested is None or self._costs_tested[0] != self.config:
            self._costs_tested = self.config, cost_checks(self.config)
        return self._costs_tested[1]


VIEW = NewtonView
