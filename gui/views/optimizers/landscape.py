"""Optimizers ▸ Network landscape on the screen: the map with the paths, losses, errors, the table."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from engine.config import Config
from engine.experiments.optimizers.landscape import Chart, Snapshot
from engine.experiments.optimizers.landscape_config import LandscapeConfig, centre_of
from engine.experiments.optimizers.landscape_inspection import (
    Slope,
    look,
    map_loss,
    results,
    slope,
    snapshot_at,
)
from engine.experiments.optimizers.landscape_timeline import Timeline, timeline
from engine.landscape_grid import PlaneLoss
from engine.recording import Recording
from gui.choices import kept_choice
from gui.language import tr
from gui.moment import Ghost
from gui.notes import Live
from gui.old_view import OldView
from gui.plots.curves import CurvesPanel
from gui.plots.panel import Panel
from gui.plots.table import TablePanel
from gui.splitters import above_each_other, side_by_side
from gui.strokes import racer_names, racer_strokes
from gui.theme import Theme
from gui.views.optimizers.landscape_controls import LandscapeBar, LandscapeOptions
from gui.views.optimizers.landscape_curves import error_curves, ghost_curves, loss_curves
from gui.views.optimizers.landscape_map import Ground, MapPair, paths_of
from gui.views.optimizers.landscape_words import (
    directions_block,
    loss_block,
    lost_block,
    map_title,
    network_block,
    phase_text,
    projection_block,
    slope_block,
    table_head,
    table_lines,
)

ROOMY = 480  # pixels of height from which the losses have room for a legend


class LandscapeView(OldView):
    """The map on the left, losses and errors on the right, the table below."""

    options_type: ClassVar[type[Config]] = LandscapeOptions
    options: LandscapeOptions

    def __init__(self, theme: Theme, options: Config) -> None:
        super().__init__(theme, options)
        self.config = LandscapeConfig()
        self.time: Timeline = timeline(self.config)
        self.ghosts: Sequence[Ghost] = ()
        self._shown: tuple[Recording, int] | None = None
        self._plane: tuple[Chart | None, PlaneLoss | None] = (None, None)
        self._slope: tuple[Chart | None, object, Slope | None] = (None, None, None)
        self._curves_of: tuple[object, ...] = ()
        self.bar = LandscapeBar(theme, self.options)
        self.maps = MapPair(theme)
        self.field, self.surface = self.maps.field, self.maps.surface
        self.surface.camera = self.options.camera
        self.loss = CurvesPanel(tr("Training loss, and at the projection"), theme)
        self.error = CurvesPanel(tr("Error of the projection"), theme)
        self.error.legend = "paper"  # the names stand beside the losses
        self.results = TablePanel(tr("At this step"), theme)
        self._lay_out()
        self._connect()
        self._show_plots()

    def _lay_out(self) -> None:
        curves = above_each_other((self.loss, self.error), (3, 2))
        above = side_by_side((self.field, self.surface, curves), (6, 6, 5))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(above_each_other((above, self.results), (17, 5)), 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._change)
        self.field.point_clicked.connect(self._choose_point)
        self.results.selected.connect(lambda index: self._change({"racer": index}))
        self.surface.camera_changed.connect(lambda: self.set_option(camera=self.surface.camera))
        for panel in (self.loss, self.error):
            panel.clicked.connect(self._go_to)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.height() >= self.theme.px(ROOMY)
        self.loss.legend = "auto" if roomy else "paper"  # the table names them too
        self.loss.redraw()

    @classmethod
    def followed(cls, options: Config, before: Config, after: Config) -> tuple[Config, Config]:
        assert isinstance(before, LandscapeConfig)
        assert isinstance(after, LandscapeConfig)
        options = kept_choice(options, "racer", before.racers, after.racers)
        if after.centre == before.centre:  # the plane too goes on through the racer that it went through
            after = kept_choice(after, "centre", before.racers, after.racers, first=1)
        return options, after

    def panels(self) -> list[Panel]:
        every: list[Panel] = [self.field, self.surface, self.loss, self.error, self.results]
        return [panel for panel in every if not panel.isHidden()]

    # What the user does

    def _change(self, changes: dict[str, object]) -> None:
        self.set_option(**changes)
        self.bar.racer.setCurrentIndex(self.explained)
        self._show_plots()
        if self._shown is not None:
            self.draw(*self._shown)
            self.live_changed.emit()

    def _show_plots(self) -> None:
        self.field.setVisible(self.options.layout == "contour")
        self.surface.setVisible(self.options.layout == "surface")

    def _choose_point(self, key: str, index: int) -> None:
        self._change({"racer": int(key)})
        self.step_chosen.emit(self.time.walk + index)

    def _go_to(self, x: float) -> None:
        now = self._shown[1] if self._shown else 0
        self.step_chosen.emit(self.time.frame(self.time.nearest(x), now))

    # A run

    @property
    def explained(self) -> int:
        """The racer that the formulas tell of."""
        return min(self.options.racer, len(self.config.racers) - 1)

    @property
    def names(self) -> list[str]:
        """What the racers are called."""
        return racer_names(self.config.racers)

    def begin(self, config: Config, ghosts: Sequence[Ghost]) -> None:
        assert isinstance(config, LandscapeConfig)
        if config != self.config:
            self.field.reset_zoom()
        self.config, self.ghosts, self.time = config, ghosts, timeline(config)
        self.bar.show_racers(self.names, self.explained)
        limits = (0.0, float(config.steps))
        self.loss.set_axes((tr("step"), ""), ("L", ""), log_y=True, x_limits=limits)
        self.error.set_axes((tr("step"), ""), (tr("error"), ""), x_limits=limits, y_limits=(0.0, 1.05))

    def draw(self, recording: Recording, step: int) -> None:
        self._shown = (recording, step)
        snapshot = snapshot_at(recording, step)
        self.bar.show_phase(phase_text(self.time, snapshot, step))
        self._draw_map(snapshot, step)
        self._draw_curves(recording, snapshot, step)
        lines = table_lines(
            results(self.config, recording, step), self.names, racer_strokes(self.config.racers, self.theme)
        )
        self.results.set_lines(table_head(), lines, self.explained)

    def catch_up(self) -> None:
        self.maps.catch_up()

    def _draw_map(self, snapshot: Snapshot, frame: int) -> None:
        chart, grid = snapshot.chart, snapshot.grid
        self.maps.show_title(map_title(self.time, snapshot.done))
        if chart is None or grid is None:
            self.maps.show_nothing()
            return
        point = self.time.point(frame)
        lost = [step is not None and step <= self.time.at[point] for step in snapshot.lost]
        strokes = racer_strokes(self.config.racers, self.theme)
        paths = paths_of(chart, point, self.names, strokes, lost)
        ground = Ground(chart, grid, snapshot.done, self.options.log)
        self.maps.show_map(ground, paths, self._over(chart).value)

    def _over(self, chart: Chart) -> PlaneLoss:
        """The loss over the plane, made once."""
        known, loss = self._plane
        if known is not chart or loss is None:
            loss = map_loss(self.config, chart)
            self._plane = (chart, loss)
        return loss

    def _slope_at(self, chart: Chart, at: tuple[float, float]) -> Slope:
        """The slope of the map at a point, found once."""
        known, place, found = self._slope
        if known is not chart or place != at or found is None:
            found = slope(self.config, chart, self._over(chart), at)
            self._slope = (chart, at, found)
        return found

    def _draw_curves(self, recording: Recording, snapshot: Snapshot, frame: int) -> None:
        pinned = tuple((ghost.recording, ghost.recording.last) for ghost in self.ghosts)
        walking = frame >= self.time.walk
        run = (recording, recording.last, self.config, self.explained)
        key = (*run, snapshot.chart is None, walking, pinned)
        if key != self._curves_of:
            self._curves_of = key
            losses, errors = ghost_curves(self.ghosts, self.explained, self.theme)
            own = (self.explained, self.theme)
            self.loss.set_curves([*losses, *loss_curves(self.config, recording, frame, *own)])
            self.error.set_curves([*errors, *error_curves(self.config, snapshot.chart, *own)])
        at = None if self.time.phase(frame) == "map" else float(self.time.at[self.time.point(frame)])
        for panel in (self.loss, self.error):
            panel.set_cursor(at, "" if at is None else str(round(at)))

    def moment(self, recording: Recording, step: int) -> str:
        """The timeline has three parts, and only two of them count steps."""
        return phase_text(self.time, snapshot_at(recording, step), step)

    def live(self, recording: Recording, step: int) -> list[Live]:
        blocks = [network_block(self.config)]
        snapshot = snapshot_at(recording, step)
        name, lost = self.names[self.explained], snapshot.lost[self.explained]
        if lost is not None and lost <= self.time.at[self.time.point(step)]:
            blocks.append(lost_block(name, lost))
        if snapshot.chart is None:
            return blocks
        blocks.append(directions_block(snapshot.chart, self.names[centre_of(self.config)]))
        found = look(self.config, recording, step, self.explained)
        if found is not None:
            blocks += [projection_block(found, name), loss_block(found)]
            blocks.append(slope_block(self._slope_at(snapshot.chart, found.coordinates)))
        return blocks


VIEW = LandscapeView
