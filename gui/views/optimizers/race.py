"""Optimizers ▸ Race on the screen: contours and landscape with the paths, f against step, the table."""

from collections.abc import Sequence
from math import ceil, floor, inf, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, replaced
from engine.experiments.optimizers.race import Inspection, RaceConfig, inspect, results
from engine.experiments.optimizers.surface_choice import surface_of
from engine.recording import Recording
from engine.surface import Surface
from gui.choices import kept_choice
from gui.language import tr
from gui.notes import Live
from gui.plots.curves import CurvesPanel
from gui.plots.panel import Panel
from gui.plots.surface3d import Surface3DPanel
from gui.plots.table import TablePanel
from gui.splitters import above_each_other, side_by_side
from gui.strokes import racer_names
from gui.theme import Theme
from gui.view import Ghost, View
from gui.views.optimizers.race_anatomy import AnatomyPair, VectorField
from gui.views.optimizers.race_controls import LAYOUTS, RaceBar, RaceOptions
from gui.views.optimizers.race_numbers import (
    end_block,
    rule_blocks,
    surface_block,
    table_head,
    table_lines,
    table_title,
)
from gui.views.optimizers.race_tracks import Drawing

__all__ = ["LAYOUTS", "VIEW", "RaceOptions", "RaceView"]

FLOOR = 1e-16  # relative rounding of f
LATER = 60  # ms between drawings of the landscape; the contours beside it keep up with the mouse
GRID = 181  # points along each side of the field
NARROW = 860  # pixels below which one step under the lens takes all the room


class RaceView(View):
    """Draws a race at any of its steps; the start is dragged on the contours."""

    options_type = RaceOptions
    pace = 60.0
    options: RaceOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = RaceConfig()
        self.surface: Surface = surface_of(self.config)
        self.bar = RaceBar(theme, self.options)
        self.field = VectorField(tr("Contours of f(x, y)"), theme)
        self.landscape = Surface3DPanel(tr("Landscape of f(x, y)"), theme)
        self.landscape.camera = self.options.camera
        self.anatomy = AnatomyPair(theme)
        self.curves = CurvesPanel("", theme)
        self.curves.legend = "paper"  # on the screen the table beside it tells the lines apart
        self.results = TablePanel("", theme)
        self._ghosts: Sequence[Ghost] = ()
        self._field_of: object = None
        self._minima: tuple[tuple[float, float, float], ...] = ()  # the lowest, as far as the run knows them
        self._surface_waits = False  # the contours show it already, the landscape not yet
        self._drawn_run: tuple[Recording, int] | None = None
        self._axes: object = None
        self._inspected: tuple[object, Inspection | None] = (None, None)
        self._moment: tuple[Recording, int] | None = None
        self._later = self._timer(LATER, self._draw_later)
        self._settle = self._timer(150, self._draw_anatomy)
        self._finish = self._timer(150, self.landscape.end_turning)
        self._lay_out()
        self._connect()
        self._apply_options()

    def _timer(self, interval: int, action: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(action)
        return timer

    def _lay_out(self) -> None:
        above = side_by_side((self.field, self.landscape, self.anatomy), (10, 9, 16))
        below = side_by_side((self.curves, self.results), (10, 15))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((above, below), (5, 3)), 1)

    def _connect(self) -> None:
        self.field.start_dragged.connect(self._move_start)
        self.field.clicked.connect(self._move_start)
        self.field.point_clicked.connect(self._choose_point)
        self.curves.clicked.connect(lambda x: self.step_chosen.emit(max(0, round(x))))
        self.results.selected.connect(lambda index: self._change({"racer": index}))
        self.landscape.camera_changed.connect(lambda: self.set_option(camera=self.landscape.camera))
        self.bar.changed.connect(self._change)

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, RaceConfig)
        assert isinstance(after, RaceConfig)
        return kept_choice(options, "racer", before.racers, after.racers), after

    def panels(self) -> list[Panel]:
        """The plots that are on show."""
        every: list[Panel] = [self.field, self.landscape, *self.anatomy.panels, self.curves, self.results]
        return [panel for panel in every if panel.isVisibleTo(self)]

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self.bar.racer.setCurrentIndex(self.inspected)
        self._apply_options()

    def _apply_options(self) -> None:
        self._show_plots()
        self._inspected = (None, None)
        self._drawn_run = None
        if self._moment is not None:
            self.draw(*self._moment)

    def _show_plots(self) -> None:
        layout = self.options.layout
        narrow = self.width() < self.theme.px(NARROW)
        self.field.setVisible(layout in ("both", "contour") or (layout == "step" and not narrow))
        self.landscape.setVisible(layout in ("both", "surface"))
        self.anatomy.setVisible(layout == "step")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        hidden = self.field.isHidden()
        self._show_plots()
        if hidden and not self.field.isHidden():
            self._apply_options()

    def _move_start(self, x: float, y: float) -> None:
        try:
            self.edited.emit(replaced(self.config, start=(x, y)))
        except Problem:
            return  # beyond what a number can hold: the start stays where it was

    def _choose_point(self, key: str, index: int) -> None:
        if key.isdecimal():
            self._change({"racer": int(key)})
            self.step_chosen.emit(index * self._drawing.tracks.stride)

    # A run

    @property
    def inspected(self) -> int:
        """The racer whose steps are explained."""
        return min(self.options.racer, len(self.config.racers) - 1)

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        """Prepare for a race."""
        assert isinstance(config, RaceConfig)
        self.config, self._ghosts = config, ghosts
        self.surface = surface_of(config)
        self.bar.show_racers(racer_names(config.racers), self.inspected)
        self.results.title = table_title(config)
        self._draw_field()
        self._drawn_run = None

    def _draw_field(self) -> None:
        """Draw the surface, when it is another one than before."""
        config, surface = self.config, self.surface
        key = (config.surface, config.condition, config.expression, config.reach)
        self.field.set_start(*config.start)
        if key == self._field_of:
            return
        first, self._field_of = self._field_of is None, key
        self._values = grid_values(surface, surface.bounds, GRID)
        self.field.reset_zoom()
        self.field.set_field(self._values, surface.bounds, surface.log_levels, value_at=surface.value)
        self._show_minima(surface.minima)
        self._surface_waits = True
        if first:
            self._draw_landscape()

    def _draw_landscape(self) -> None:
        """Bring the landscape to the surface of the contours."""
        surface, self._surface_waits = self.surface, False
        self.landscape.set_surface(self._values, surface.bounds, surface.log_levels)
        self.landscape.set_minima([(x, y) for x, y, _ in self._minima])

    def _show_minima(self, minima: tuple[tuple[float, float, float], ...]) -> None:
        """Mark the lowest minima; those of a formula are found by its run."""
        self._minima = minima
        for panel in (self.field, self.landscape):
            panel.set_minima([(x, y) for x, y, _ in minima])

    def draw(self, recording: Recording, step: int) -> None:
        """Show the race at `step`: paths so far, the whole curves with a line at the step."""
        self._moment = (recording, step)
        fresh = self._drawn_run != (recording, recording.last)
        if fresh:
            self._drawn_run = (recording, recording.last)
            found_minima = recording.snapshot(recording.last)[1].minima
            if found_minima != self._minima:
                self._show_minima(found_minima)
            self._drawing = Drawing(self.config, recording, self._ghosts, self._offset, self.theme)
            self._set_axes()
            self.curves.set_curves(self._drawing.curves)
        self.curves.set_cursor(step, str(step))
        self._paths = self._drawing.paths(step, self.inspected)
        if not self.field.isHidden():
            self.field.set_paths(self._paths)
        if not self._later.isActive():
            self._later.start()
        found = results(self.config, recording, step)
        lines = table_lines(found, self._drawing.names, self._drawing.strokes)
        self.results.set_lines(table_head(), lines, self.inspected)
        if fresh:
            self.field.set_vectors((), 0.0)  # while the start is dragged they would only flicker
        else:
            self._draw_vectors(recording, step)

    def catch_up(self) -> None:
        """Draw what waits for a quieter moment."""
        for timer, draw in (
            (self._later, self._draw_later),
            (self._settle, self._draw_anatomy),
            (self._finish, self.landscape.end_turning),
        ):
            if timer.isActive():
                timer.stop()
                draw()

    def _draw_later(self) -> None:
        """Draw what need not keep up with the mouse."""
        if not self.landscape.isHidden():
            if self._surface_waits:  # coarse, while one surface follows the other
                self.landscape.begin_turning()
                self._draw_landscape()
                self._finish.start()
            self.landscape.set_start(*self.config.start)
            self.landscape.set_paths(self._paths)
        if self._moment is not None:
            self._draw_vectors(*self._moment)

    # The axes of f against step

    @property
    def _offset(self) -> float:
        """What f is measured from: f*, where it is known and asked for."""
        return min((f for _, _, f in self._minima), default=0.0) if self.options.relative else 0.0

    def _set_axes(self) -> None:
        known = bool(self._minima)
        name = "f − f*" if self.options.relative and known else "f"
        title = tr("{value} against step", value=name)
        if self.options.relative and not known:
            title += " · " + tr("f* is not known")
        limits = self._limits()
        axes = (title, self.options.log, self.config.steps, limits)
        if axes != self._axes:
            self._axes = axes
            self.curves.title = title
            self.curves.set_axes((tr("step"), ""), (name, ""), log_y=self.options.log,
                                 x_limits=(0, self.config.steps), y_limits=limits)  # fmt: skip
        else:
            self.curves.restart()

    def _limits(self) -> tuple[float, float] | None:
        """For f − f* on a log axis: from the least, or the rounding of f, to a little above the start."""
        if not (self.options.log and self.options.relative and self._minima):
            return None
        start = float(self.surface.value(*self.config.start)) - self._offset
        least = self._drawing.tracks.least(self._offset)
        if not 0 < start < inf or least > start:
            return None
        lowest = max(FLOOR * max(1.0, abs(self._offset)), 10.0 ** floor(log10(least)))
        return min(lowest, start), 10 ** (ceil(log10(start)) + 0.5)

    # One step

    def inspection(self, recording: Recording, step: int) -> Inspection | None:
        """The step of the inspected racer that led here, taken apart."""
        key = (recording, step, self.inspected, self.config)
        if key != self._inspected[0]:
            found = None
            if 0 < step <= recording.last:
                kept, snapshot = recording.snapshot(step - 1)
                found = inspect(self.config, kept, snapshot, step, self.inspected)
            self._inspected = (key, found)
        return self._inspected[1]

    def _draw_vectors(self, recording: Recording, step: int) -> None:
        wanted = self.options.vectors and not self.field.isHidden()
        found = self.inspection(recording, step) if wanted or not self.anatomy.isHidden() else None
        (low, high), _ = self.field.ranges
        self.field.set_vectors(found.arrows if found and wanted else (), 0.12 * (high - low))
        if not self.anatomy.isHidden() and not self._settle.isActive():
            self._settle.start()

    def _draw_anatomy(self) -> None:
        if self._moment is not None and not self.anatomy.isHidden():
            name = racer_names(self.config.racers)[self.inspected]
            self.anatomy.show_step(self.surface, self.inspection(*self._moment), name)

    def live(self, recording: Recording, step: int) -> list[Live]:
        """The update rule and the surface, with the numbers of the step; why a racer ended."""
        found = self.inspection(recording, step)
        name = racer_names(self.config.racers)[self.inspected]
        if found:
            return [*rule_blocks(found, name), surface_block(self.config, found.x)]
        rule = self.config.racers[self.inspected]
        blocks = [Live("" if index else name, line.latex) for index, line in enumerate(rule.equations)]
        end = results(self.config, recording, step)[self.inspected].end if recording.last >= 0 else None
        if end is not None:
            blocks.append(end_block(end))
        return [*blocks, surface_block(self.config, self.config.start)]


def grid_values(
    surface: Surface, bounds: tuple[tuple[float, float], tuple[float, float]], points: int
) -> NDArray[np.float64]:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y), np.float64)


VIEW = RaceView
