"""Optimizers ▸ Maps on the screen: the map, and the run of the chosen pixel."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config, Problem, replaced
from engine.experiments.optimizers.maps import DIVERGED, Run, Snapshot, run_of
from engine.experiments.optimizers.maps_config import MapAxis, MapsConfig, axes_of, pixel_of, with_pixel
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.surface_choice import OnSurface, surface_of
from engine.experiments.optimizers.surface_minima import points_of
from engine.recording import Recording
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
        self._run: tuple[object, Run] | None = None
        self._field_of: object = None
        self._drawn_run: Run | None = None
        self._outlines: list[Path] = []  # of the pinned maps
        self._outlined: tuple[int, ...] | None = None  # how far these were when they were outlined
        self.bar = MapsBar(theme, self.options)
        self.map = PixelMapPanel("", theme)
        self.map.bar_colours = step_table()
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
    def run(self) -> Run:
        """The config's own run: that of the chosen pixel."""
        if self._run is None or self._run[0] != self.config:
            self._run = self.config, run_of(self.config)
        return self._run[1]

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
        self.bar.lines.setVisible(config.kind == "basins")
        along, upward = axes_of(config)
        self.map.title = (
            tr("Where each start ends · the darker, the more steps") if config.kind == "basins"
            else tr("Steps until it stays at a minimum, for each setting")
        )  # fmt: skip
        self.map.set_map(_axis(along), _axis(upward), (_range(along), _range(upward)))
        self._set_field()
        self._set_lines()

    def _set_field(self) -> None:
        """Draw the surface of the chosen run, when it is another one than before."""
        surface = surface_of(self.config)
        if surface == self._field_of:
            return
        self._field_of = surface
        values = grid_values(surface, surface.bounds, GRID)
        self.field.reset_zoom()
        self.field.set_field(values, surface.bounds, surface.log_levels, LEVELS, surface.value)
        scale = FieldScale.of(values, surface.log_levels)
        self._level_lines = Field(values, surface.bounds, scale, LEVELS)
        stars = [(point.x, point.y) for point in points_of(self.config) if point.kind == "minimum"]
        self.field.set_minima(stars if len(stars) <= STARS else ())

    def _set_lines(self) -> None:
        basins = self.config.kind == "basins"
        self.map.set_lines(self._level_lines if basins and self.options.lines else None)
        self.map.set_minima(self.field.minima if basins else ())

    def draw(self, recording: Recording, step: int) -> None:
        """Show the map as it was at `step`, and the chosen run."""
        found = tuple(ghost.recording.last for ghost in self.ghosts)
        if found != self._outlined:
            self._outlined, self._drawn_run = found, None
            self._outlines = ghost_paths(self.ghosts, self.config, self.theme)
        _, shot = recording.snapshot(step)
        _, newest = recording.snapshot(recording.last)
        fresh = shot is not self.shot
        # While a new run has not a single pixel yet, the picture before it stands: a drag does not flicker.
        if fresh and (newest.runs or self.shot is None):
            self.shot = shot
            self._draw_map(shot)
        if fresh or self._drawn_run is not self.run:
            self._draw_run()

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
        """Draw the chosen pixel, and its run."""
        run = self._drawn_run = self.run
        self._set_field()
        pairs = zip(axes_of(self.config), pixel_of(self.config), strict=True)
        places = [_coordinate(axis, float(axis.at(share))) for axis, share in pairs]
        self.map.set_start(*places)
        stroke = self.theme.stroke(self.config.optimizer.name)
        known = np.isfinite(run.path).all(axis=1)
        lost, column = bool(run.why) or run.place == DIVERGED, tr("The chosen run")
        path = Path("run", "", run.path[known], stroke, diverged=lost, column=column)
        over = [path] if self.config.kind == "basins" else border_path(self.config, self.theme)
        self.map.set_paths([*self._outlines, *over])
        self.field.set_paths([path])
        self.field.set_start(*self.config.start)
        self.field.title = place_name(points_of(self.config), run.place)
        self.distance.show_run(self.config, run, stroke)

    # What is told

    def moment(self, recording: Recording, step: int) -> str:
        """A figure of a map tells of runs: the steps are those that each of them has."""
        return runs_text(recording.snapshot(step)[1], self.config)

    def live(self, recording: Recording, step: int) -> list[Live]:
        return [
            run_block(self.config, points_of(self.config), self.run),
            *stability_blocks(self.config, self.run),
            *rule_blocks(self.config),
            surface_block(self.config, self.config.start),
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
