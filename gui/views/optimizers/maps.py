"""Optimizers ▸ Maps on the screen: the map, and the run of the chosen pixel."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, replaced
from engine.experiments.optimizers.maps import DIVERGED, Chosen, Run, Snapshot, choosing
from engine.experiments.optimizers.maps_config import MapAxis, MapsConfig, axes_of, pixel_of, with_pixel
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.surface_choice import OnSurface, surface_of
from engine.recording import Recording
from engine.surface import Surface
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.axes import Axis
from gui.plots.colours import FieldScale
from gui.plots.contours import FieldPanel, Path
from gui.plots.field import Field
from gui.plots.panel import Panel
from gui.plots.pixel_map import PixelMapPanel
from gui.plots.table import TablePanel
from gui.questions import Answer
from gui.splitters import above_each_other, side_by_side
from gui.theme import Theme
from gui.views.optimizers.maps_colours import basin_pixels, hues, scale_of, step_pixels, step_table
from gui.views.optimizers.maps_controls import MapsBar, MapsOptions
from gui.views.optimizers.maps_distance import DistancePanel
from gui.views.optimizers.maps_lines import border_path, ghost_paths
from gui.views.optimizers.maps_words import (
    legend_head,
    legend_lines,
    pixel_columns,
    pixel_text,
    place_name,
    rule_blocks,
    run_block,
    runs_text,
    stability_blocks,
)
from gui.views.rule_blocks import surface_block
from gui.views.surface_grid import grid_values

GRID = 161
LEVELS = 14
STARS = 40  # minima beyond which stars would only hide the map


class MapsView(OldView):
    """The map on the left; on the right the chosen run on the contours, its distance, and the legend."""

    options_type: ClassVar[type[Config]] = MapsOptions
    options: MapsOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = MapsConfig()
        self.ghosts: Sequence[Ghost] = ()
        self.shot: Snapshot | None = None  # on the map
        self._chosen: Chosen | None = None  # the run of the chosen pixel, the newest there is
        self._level_lines: Field | None = None
        self._outlines: list[Path] = []  # of the pinned maps
        self._outlined: tuple[int, ...] | None = None  # how far these were when they were outlined
        self.bar = MapsBar(theme, self.options)
        self.map = PixelMapPanel("", theme)
        self.map.set_bar_colours(step_table())
        self.field = FieldPanel(tr("The chosen run"), theme)
        self.field.colour_bar = False
        self.distance = DistancePanel("", theme)
        self.legend = TablePanel("", theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        left = above_each_other((self.map, self.legend), (16, 5))
        right = above_each_other((self.field, self.distance), (12, 9))
        column.addWidget(side_by_side((left, right), (15, 10)), 1)
        self._connect()

    def _connect(self) -> None:
        self.questions.answered.connect(self._take)
        self.map.start_dragged.connect(self._choose)
        self.map.clicked.connect(self._choose)
        self.map.point_clicked.connect(self._choose_near)
        self.field.start_dragged.connect(self._move_start)
        self.field.clicked.connect(self._move_start)
        self.bar.lines_wanted.connect(self._draw_lines_or_not)
        self.bar.race_wanted.connect(self._race)

    def panels(self) -> list[Panel]:
        return [self.map, self.field, self.distance, self.legend]

    # What the user does

    def _choose(self, x: float, y: float) -> None:
        """Choose the pixel at axis coordinates: its run becomes the config's own."""
        shares = []
        for axis, place in zip(axes_of(self.config), (x, y), strict=True):
            share = axis.share_shown(10.0**place if axis.log else place)
            pixel = min(max(int(share * self.config.side), 0), self.config.side - 1)
            shares.append((pixel + 0.5) / self.config.side)
        self.edited.emit(with_pixel(self.config, *shares))

    def _choose_near(self, key: str, index: int) -> None:
        """A click on a path over the map means the pixel under it."""
        path = next(path for path in self.map.paths if path.key == key)
        self._choose(*path.xy[index].tolist())

    def _move_start(self, x: float, y: float) -> None:
        try:
            self.edited.emit(replaced(self.config, start=(x, y)))
        except Problem:
            return  # beyond what a number can hold: the start stays where it was

    def _draw_lines_or_not(self, on: bool) -> None:
        self.set_option(lines=on)
        self._set_lines()

    def _race(self) -> None:
        """Ask for the chosen run as the only racer of a race."""
        config = self.config
        surface = {name: getattr(config, name) for name in OnSurface.__struct_fields__}
        wanted = replaced(
            RaceConfig(), **surface, start=config.start, racers=(config.optimizer,), steps=config.steps
        )
        self.experiment_wanted.emit("optimizers.race", wanted)

    # A run

    @property
    def run(self) -> Run | None:
        """The run of the chosen pixel, as far as it is known."""
        return None if self._chosen is None else self._chosen.run

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, MapsConfig)
        same = (config.kind, axes_of(config), config.side) == (
            self.config.kind, axes_of(self.config), self.config.side)  # fmt: skip
        self.config = config
        alike = [ghost for ghost in ghosts if _comparable(ghost.config, config)]
        if not same or alike != self.ghosts:
            self._outlined = None
        self.ghosts = alike
        if not same:
            self.shot = None
            self.map.set_paths(())  # the axes are others now
        self.bar.lines.setVisible(config.kind == "basins")
        along, upward = axes_of(config)
        self.map.title = (
            tr("Where each start ends · the darker, the more steps") if config.kind == "basins"
            else tr("Steps until it stays at a minimum, for each setting")
        )  # fmt: skip
        self.map.set_map(_axis(along), _axis(upward), (_range(along), _range(upward)))
        surface = surface_of(config)
        self.questions.ask("field", grid_values, surface, surface.bounds, GRID, about=surface)
        self.questions.ask("run", choosing, config)
        self._set_start()
        self._set_lines()

    def _take(self, answer: Answer) -> None:
        """Show the surface of the chosen run, or the run."""
        if answer.key == "field":
            self._set_field(answer.about, answer.value)
        else:
            self._chosen = answer.value
            self._draw_run()
            self.live_changed.emit()

    def _set_start(self) -> None:
        """Mark the chosen pixel, and where its run begins."""
        pairs = zip(axes_of(self.config), pixel_of(self.config), strict=True)
        self.map.set_start(*(_coordinate(axis, float(axis.at(share))) for axis, share in pairs))
        self.field.set_start(*self.config.start)

    def _set_field(self, surface: Surface, values: NDArray[np.float64]) -> None:
        """Draw the surface of the chosen run."""
        self.field.reset_zoom()
        self.field.set_field(values, surface.bounds, surface.log_levels, LEVELS, surface.value)
        scale = FieldScale.of(values, surface.log_levels)
        self._level_lines = Field(values, surface.bounds, scale, LEVELS)
        self._set_lines()

    def _set_lines(self) -> None:
        basins = self.config.kind == "basins"
        self.map.set_lines(self._level_lines if basins and self.options.lines else None)
        self.map.set_minima(self.field.minima if basins else ())

    def draw(self, recording: Recording, step: int) -> None:
        """Show the map as it was at `step`, and the chosen run."""
        found = tuple(ghost.recording.last for ghost in self.ghosts)
        if found != self._outlined:
            self._outlined = found
            self._outlines = ghost_paths(self.ghosts, self.config, self.theme)
            self._draw_run()
        _, shot = recording.snapshot(step)
        _, newest = recording.snapshot(recording.last)
        fresh = shot is not self.shot
        # While a new run has not a single pixel yet, the picture before it stands: a drag does not flicker.
        if fresh and (newest.runs or self.shot is None):
            self.shot = shot
            self._draw_map(shot)

    def _draw_map(self, shot: Snapshot) -> None:
        if self.config.kind == "basins":
            self.map.set_pixels(basin_pixels(shot, hues(shot.points), self.theme), None)
        else:
            pixels = step_pixels(shot, self.config.steps, self.theme)
            self.map.set_pixels(pixels, scale_of(self.config.steps))
        self.map.set_words(partial(pixel_text, self.config, shot), partial(pixel_columns, self.config, shot))
        self._draw_legend(shot)

    def _draw_legend(self, shot: Snapshot) -> None:
        self.legend.title = runs_text(shot, self.config)
        ghost = None
        if self.ghosts and self.ghosts[0].recording.last >= 0:
            recording = self.ghosts[0].recording
            ghost = recording.snapshot(recording.last)[1]
        lines = legend_lines(shot, ghost, self.theme) if shot.runs else []
        self.legend.set_lines(legend_head(ghost is not None), lines)

    def _draw_run(self) -> None:
        """Draw the run of the chosen pixel, once it is known."""
        if self._chosen is None:
            return
        config, points, run = self._chosen
        stars = [(point.x, point.y) for point in points if point.kind == "minimum"]
        self.field.set_minima(stars if len(stars) <= STARS else ())
        self._set_lines()
        stroke = self.theme.stroke(config.optimizer.name)
        known = np.isfinite(run.path).all(axis=1)
        lost, column = bool(run.why) or run.place == DIVERGED, tr("The chosen run")
        path = Path("run", "", run.path[known], stroke, diverged=lost, column=column)
        if config.kind == self.config.kind:
            over = [path] if config.kind == "basins" else border_path(config, self.theme)
            self.map.set_paths([*self._outlines, *over])
        self.field.set_paths([path])
        self.field.title = place_name(points, run.place)
        self.distance.show_run(config, run, stroke)

    # What is told

    def moment(self, recording: Recording, step: int) -> str:
        """A figure of a map tells of runs: the steps are those that each of them has."""
        return runs_text(recording.snapshot(step)[1], self.config)

    def live(self, recording: Recording, step: int) -> list[Live] | None:
        if self._chosen is None:
            return None
        config, points, run = self._chosen
        return [
            run_block(config, points, run),
            *stability_blocks(config, run),
            *rule_blocks(config),
            surface_block(config, config.start),
        ]


def _axis(axis: MapAxis) -> Axis:
    return Axis(axis.label, "", axis.log)


def _coordinate(axis: MapAxis, value: float) -> float:
    return float(_axis(axis).coordinate(value))


def _range(axis: MapAxis) -> tuple[float, float]:
    return _coordinate(axis, axis.low), _coordinate(axis, axis.high)


def _comparable(pinned: Config, config: MapsConfig) -> bool:
    """Whether a pinned map has the same axes."""
    return (
        isinstance(pinned, MapsConfig) and pinned.kind == config.kind and axes_of(pinned) == axes_of(config)
    )


VIEW = MapsView
