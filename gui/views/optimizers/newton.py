"""Optimizers ▸ Newton's method: a parabola on a curve, ellipses on a surface, the cost of n."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice
from engine.experiments.optimizers.newton import WAYS, objective_of
from engine.experiments.optimizers.newton_config import NewtonConfig, function_of, surface_of
from engine.experiments.optimizers.newton_inspection import Step, checks, cost_checks, step_of
from gui.look.language import tr
from gui.look.splitters import above_each_other, side_by_side
from gui.look.theme import Stroke, Theme
from gui.plots.contours import Arrow, FieldPanel, Path
from gui.plots.curves import CurvesPanel, Handle
from gui.plots.own.table import TablePanel
from gui.screen.moment import Moment, whole_run
from gui.screen.notes import Live
from gui.screen.options_widgets import push_button
from gui.screen.view import Room, View
from gui.views.optimizers.newton_curves import (
    TITLES,
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
from gui.views.surface_grid import grid_values

GRID = 161


class NewtonOptions(Config, frozen=True):
    """How one looks at the three ways."""

    of: Annotated[
        str, choice("Step of", "Whose parabola is drawn: what its next step takes f for.", TITLES)
    ] = "newton"


At = Moment[NewtonConfig, NewtonOptions]


class NewtonView(View):
    """Above what is descended (or the times), below the errors and a table."""

    config_type, options_type = NewtonConfig, NewtonOptions
    pace = 1.0

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.button = push_button(
            tr("A telling start"), tr("Begin where this function shows what it is here for.")
        )
        self.bar = self.options_bar("of:", self.button, "")
        self.curve = CurvesPanel(tr("The curve, and the parabola of one step"), theme)
        self.field = FieldPanel(tr("Contours of f(x, y)"), theme)
        self.times = CurvesPanel(tr("Seconds for one step, against the number of unknowns"), theme)
        self.errors = CurvesPanel("", theme)
        self.table = TablePanel("", theme)
        self._fill_all()
        self._connect()
        above = side_by_side((self.curve, self.field, self.times), (1, 1, 1))
        below = side_by_side((self.errors, self.table), (9, 11))
        self.lay_out(self.bar, above_each_other((above, below), (58, 42)))

    def _fill_all(self) -> None:
        self.fill(self.curve, show_function, by=function_key, early=True)
        self.fill(self.curve, show_curve)
        self.fill(self.field, show_start, early=True)
        self.fill(self.field, show_surface, by=surface_key, early=True)
        self.fill(self.field, show_field)
        self.fill(self.times, show_time_axes, by=largest, early=True)
        self.fill(self.times, show_times)
        self.fill(self.errors, show_error_axes, by=error_axes)
        self.fill(self.errors, show_errors, by=whole_run)
        self.fill(self.errors, show_playhead)
        self.fill(self.table, show_table)

    def _connect(self) -> None:
        self.button.clicked.connect(self._telling_start)
        self.curve.handle_dragged.connect(self._move_on_curve)
        self.field.start_dragged.connect(self._move_on_surface)
        self.field.clicked.connect(self._move_on_surface)
        self.field.point_clicked.connect(self._jump_to)
        self.errors.clicked.connect(self.jump)
        self.table.selected.connect(self._choose_row)

    def arrange(self, at: At, room: Room) -> bool:
        scene = at.config.scene
        for panel, own in ((self.curve, "curve"), (self.field, "surface"), (self.times, "cost")):
            panel.setVisible(scene == own)
        for widget in (self.bar, self.errors):
            widget.setVisible(scene != "cost")
        return False

    # What the user does

    def _choose_row(self, row: int) -> None:
        """A line of the table is a step, a size, or a way."""
        if self.at.config.scene == "surface":
            self.set_option(of=WAYS[row])
        else:
            self.step_chosen.emit(row + (self.at.config.scene == "cost"))

    def _jump_to(self, key: str, step: int) -> None:
        self.step_chosen.emit(step)

    def _telling_start(self) -> None:
        if self.at.config.scene == "curve":
            self.edit(curve_start=function_of(self.at.config).start)
        else:
            self.edit(surface_start=surface_of(self.at.config).start)

    def _move_on_curve(self, key: str, x: float, y: float) -> None:
        self.edit(curve_start=x)

    def _move_on_surface(self, x: float, y: float) -> None:
        self.edit(surface_start=(x, y))

    # The numbers beside the formulas

    def formulas(self, at: At) -> list[Live]:
        config, way, step = at.config, at.options.of, at.step
        if config.scene == "cost":
            return cost_blocks(config, at.recording, step, at.once(cost_checks, config))
        found = step_shown(at)
        if found is None:
            return [end_block(config, at.recording, step, way)]
        tested = checks(objective_of(config), found.x)
        if config.scene == "curve":
            blocks = curve_blocks(config, found, way, step, tested)
            more = [rest_block(config, at.recording, step, way), error_block(at.recording, step, way)]
        else:
            blocks = surface_blocks(config, found, way, tested)
            more = [rest_block(config, at.recording, step, way)]
        return blocks + [block for block in more if block is not None]


def step_shown(at: At) -> Step | None:
    """The step whose model is drawn."""
    return at.once(step_of, at.config, at.recording, at.step, at.options.of)


# A curve


def function_key(at: At) -> object:
    """Which function it is."""
    return at.config.function, at.config.expression, at.config.reach


def show_function(panel: CurvesPanel, at: At) -> None:
    """The axes of another function."""
    function = function_of(at.config)
    panel.reset_zoom()
    panel.set_axes(("x", ""), ("f", ""), x_limits=function.bounds, y_limits=room_for(function))


def show_curve(panel: CurvesPanel, at: At) -> None:
    """The curve, the parabola of the step, and the places so far."""
    function, found, way = function_of(at.config), step_shown(at), at.options.of
    panel.set_curves(model_curves(at.once(sampled, function), found, function, way, panel.theme))
    panel.set_marks(place_marks(at.recording, at.step, found, function, way, panel.theme))
    x = at.config.curve_start
    with np.errstate(all="ignore"):
        y = float(function.value(np.array([x]))[0])
    panel.set_handles([Handle("start", "x₀", x, y, Stroke(panel.theme.text), free="x")])


# A surface


def surface_key(at: At) -> object:
    """Which surface it is."""
    return at.config.surface


def show_start(panel: FieldPanel, at: At) -> None:
    """Mark the start."""
    panel.set_start(*at.config.surface_start)


def show_surface(panel: FieldPanel, at: At) -> None:
    """Draw the contours of another surface."""
    surface = surface_of(at.config)
    values = grid_values(surface, surface.bounds, GRID)
    panel.reset_zoom()
    panel.set_field(values, surface.bounds, surface.log_levels, value_at=surface.value)
    panel.set_minima([(a, b) for a, b, _ in surface.minima])


def show_field(panel: FieldPanel, at: At) -> None:
    """The paths so far, the ellipses of the model, and the way to its vertex."""
    found, theme, paths = step_shown(at), panel.theme, []
    for k, ghost in enumerate(at.ghosts):
        if ghost.config.scene == "surface":
            xy = np.stack([ghost.recording.column(f"newton.{axis}") for axis in "xy"], axis=1)
            paths.append(Path(f"ghost.{k}", ghost.label, xy, theme.stroke("newton"), ghost=True))
    for way in WAYS:
        xy = np.stack([at.recording.column(f"{way}.{axis}")[: at.step + 1] for axis in "xy"], axis=1)
        known, name = np.isfinite(xy).all(axis=1), tr(TITLES[way]) if at.step else ""
        paths.append(Path(way, name, xy[known], theme.stroke(way), diverged=not known.all()))
    panel.set_paths([*outlines(found, at.options.of, theme), *paths])
    arrows = []
    if found is not None and found.vertex is not None:
        (x, y), (dx, dy) = found.x, found.vertex - found.x
        if np.hypot(dx, dy) > 0:
            arrows.append(Arrow(x, y, dx, dy, tr("to the vertex"), theme.stroke("step_vector")))
    panel.set_arrows(arrows)


# The times


def largest(at: At) -> object:
    """How many unknowns there are at most."""
    return at.config.largest


def show_time_axes(panel: CurvesPanel, at: At) -> None:
    """Time against unknowns."""
    limits = (8.0, float(at.config.largest))
    panel.set_axes((tr("unknowns n"), ""), (tr("time"), "s"), True, True, x_limits=limits)


def show_times(panel: CurvesPanel, at: At) -> None:
    """What a step takes, for every size."""
    ghosts = [ghost for ghost in at.ghosts if ghost.config.scene == "cost"]
    panel.set_curves(costs(at.recording, ghosts, panel.theme))
    known = "n" in at.recording.names and at.step > 0
    panel.set_cursor(float(at.recording.column("n")[at.step]) if known else None)


# Errors and the table


def _quantity(at: At) -> tuple[str, str]:
    """What falls: its column and its name."""
    return ("error", "|x − x*|") if at.config.scene == "curve" else ("slope", "‖∇f‖")


def error_axes(at: At) -> tuple[object, ...]:
    """What the axes of the errors depend on."""
    return at.config, error_limits(at.recording, _quantity(at)[0])


def show_error_axes(panel: CurvesPanel, at: At) -> None:
    """The error, or the slope, against steps."""
    quantity, name = _quantity(at)
    if quantity != "error" or function_of(at.config).stationary:
        panel.title = tr("{quantity}, at least 10⁻¹⁷", quantity=name)
    else:
        panel.title = tr("{quantity}: no stationary point in the picture", quantity=name)
    limits, steps = error_limits(at.recording, quantity), (0.0, float(at.config.steps))
    panel.set_axes((tr("step"), ""), (name, ""), log_y=True, x_limits=steps, y_limits=limits)


def show_errors(panel: CurvesPanel, at: At) -> None:
    """How the error, or the slope, falls."""
    ghosts = [ghost for ghost in at.ghosts if ghost.config.scene == at.config.scene]
    panel.set_curves(errors(at.recording, ghosts, _quantity(at)[0], panel.theme))


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)


def show_table(panel: TablePanel, at: At) -> None:
    """A line for every step, way or size."""
    config, way = at.config, at.options.of
    if config.scene == "curve":
        panel.title = tr("Right decimals, step by step")
        panel.set_lines(digit_head(way), digit_lines(at.recording, way), at.step)
    elif config.scene == "surface":
        panel.title = tr("At this step")
        lines = place_lines(config, at.recording, at.step, panel.theme)
        panel.set_lines(place_head(), lines, WAYS.index(way))
    else:
        panel.title = tr("The least time of up to {repeats}", repeats=config.repeats)
        panel.set_lines(time_head(), time_lines(at.recording), at.step - 1)


VIEW = NewtonView
