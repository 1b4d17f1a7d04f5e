"""Optimizers ▸ Maps on the screen: the map, and the run of the chosen pixel."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypeVar

import numpy as np

from engine.config import Config, plain, replaced
from engine.experiments.optimizers.maps import DIVERGED, Chosen, MapsSnapshot, Points, choosing
from engine.experiments.optimizers.maps_config import MapsConfig, axes_of, pixel_of, with_pixel
from engine.experiments.optimizers.maps_summary import summing_up
from engine.experiments.optimizers.race_config import RaceConfig
from engine.surfaces.choice import OnSurface
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.colours import FieldScale
from gui.plots.contours import FieldPanel, Track
from gui.plots.curves import CurvesPanel
from gui.plots.field import GridField
from gui.plots.own.table import TablePanel
from gui.plots.panel import Panel
from gui.plots.pixel_map import PixelMapPanel
from gui.plots.scale import Scale
from gui.screen.hero import WithHero
from gui.screen.options_widgets import push_button
from gui.screen.terms import Term, term
from gui.screen.view import Ghost, Live, Moment, Question, View, config_of, nothing
from gui.views.optimizers import maps_words as words
from gui.views.optimizers.maps_colours import basin_pixels, hues, scale_of, step_pixels, step_table
from gui.views.optimizers.maps_lines import border_path, coordinates, ghost_paths, run_stroke, show_distance
from gui.views.rule_blocks import surface_block
from gui.views.rule_terms import rule_terms
from gui.views.surface_grid import (
    Array,
    chosen_surface,
    drawn_surface,
    see_closely,
    surface_key,
    walk_over,
)

GRID = 161
LEVELS = 14
STARS = 40  # with more minima than this, stars would cover the map


class MapsOptions(Config, frozen=True):
    """Whether level lines lie over the map of starts."""

    lines: Annotated[
        bool, plain("Level lines", "Draw the level lines of the surface over the map of starts.")
    ] = True


At = Moment[MapsConfig, MapsOptions]
PanelT = TypeVar("PanelT", bound=Panel)


class MapsView(View):
    """A large map; small plots of the chosen run on the contours, the legend, and the run's distance."""

    config_type, options_type = MapsConfig, MapsOptions

    def build(self, theme: Theme) -> None:
        tip = tr("Show this run in Race, step by step: it becomes the only racer there.")
        self.race = push_button(tr("Open this run in Race"), tip, self._race)
        self.bar = self.options_bar(self.race, "lines", "")
        self.map = PixelMapPanel("", theme)
        self.map.set_bar_colours(step_table())
        self.field = FieldPanel(tr("The chosen run"), theme)
        self.field.colour_bar = False
        self.distance = CurvesPanel("", theme)
        self.legend = TablePanel("", theme)
        self.tell(words.finding, of="summary")
        self._fill_all()
        for moved in (self.map.start_dragged, self.map.clicked):
            moved.connect(self._choose)
        self.map.point_clicked.connect(self._choose_near)
        small = (self.field, self.legend, self.distance)
        self.lay_out(self.bar, WithHero(theme, self.map, small, (10, 9, 8)))

    def _fill_all(self) -> None:
        self.fill(self.map, begin_map, by=map_key, early=True)
        self.fill(self.map, mark_chosen, by=config_of, early=True)
        self.fill(self.map, show_pixels, by=map_key)  # of other axes at once, though it has no pixel yet
        self.fill(self.map, partial(if_known, show=show_pixels), by=shot_of)
        self.fill(self.map, show_lines, of="surface", early=True)
        self.fill(self.map, show_run_on_map, of="run", by=pinned, early=True)
        walk_over(self, self.field, points=GRID, levels=LEVELS, minima=False, by=field_key)
        self.fill(self.field, show_run, of="run", by=nothing, early=True)
        see_closely(self, self.map, drawn_surface, "part of the map")
        self.fill(self.distance, show_distance, of="run", by=nothing, early=True)
        self.fill(self.legend, show_legend, by=map_key)
        self.fill(self.legend, partial(if_known, show=show_legend), by=shot_of)
        self.ask("summary", summary_wanted)
        self.ask("run", lambda at: (choosing, at.config), by=config_of, early=True)

    def offers(self, at: At) -> dict[str, object]:
        return {"lines": at.config.kind == "basins"}

    def _choose(self, x: float, y: float) -> None:
        """Choose the pixel at axis coordinates: its run becomes the config's own."""
        config, shares = self.at.config, []
        for axis, place in zip(axes_of(config), (x, y), strict=True):
            pixel = min(max(int(words.share_at(axis, place) * config.side), 0), config.side - 1)
            shares.append((pixel + 0.5) / config.side)
        self.edited.emit(with_pixel(config, *shares))

    def _choose_near(self, key: str, index: int) -> None:
        """Choose the pixel under a click on a path."""
        path = next(path for path in self.map.paths if path.key == key)
        self._choose(*path.xy[index].tolist())

    def _race(self) -> None:
        """Ask for the chosen run as the only racer of a race."""
        config = self.at.config
        settings = {name: getattr(config, name) for name in (*OnSurface.__struct_fields__, "start", "steps")}
        wanted = replaced(RaceConfig(), **settings, racers=(config.optimizer,))
        self.experiment_wanted.emit("optimizers.race", wanted)

    def when(self, at: At) -> str:
        """Return the number of runs and their steps, for the head of a figure."""
        return words.runs_text(at.snapshot, at.config)

    def terms(self, at: At) -> list[Term]:
        path, start = ((self.field, "run"), (self.map, "run")), ((self.map, "start"), (self.field, "start"))
        seen = {"x": path, "x_after": path}
        return [
            *rule_terms(at.config.optimizer.equations, None, seen),
            term("x_0", tr("where the run starts"), *start),
            term("m", tr("a minimum"), (self.field, "minima"), (self.map, "minima")),
            term("B(m)", tr("the starts that end there"), self.map),
            term("f", tr("value of the surface"), self.field),
        ]

    def formulas(self, at: At) -> list[Live] | None:
        chosen: Chosen | None = self.answer("run")
        if chosen is None:
            return None
        config, points, run = chosen
        return [
            words.run_block(config, points, run),
            *words.stability_blocks(config, run),
            *words.rule_blocks(config),
            surface_block(config, config.start),
        ]


# The map


def map_key(at: At) -> object:
    """What the axes of the map depend on."""
    return at.config.kind, axes_of(at.config), at.config.side


def begin_map(panel: PixelMapPanel, at: At) -> None:
    """Set new axes, and remove what was drawn over the old ones."""
    axes = axes_of(at.config)
    panel.title = (
        tr("Where each start ends · the darker, the more steps")
        if at.config.kind == "basins"
        else tr("Steps until it stays at a minimum, for each setting")
    )
    panel.set_paths(())
    along, upward = (coordinates(axis, np.array((axis.low, axis.high))).tolist() for axis in axes)
    across, up = (Scale(axis.label, "", axis.log) for axis in axes)
    panel.set_map(across, up, (tuple(along), tuple(upward)))


def mark_chosen(panel: PixelMapPanel, at: At) -> None:
    """Mark the chosen pixel."""
    pairs = zip(axes_of(at.config), pixel_of(at.config), strict=True)
    panel.set_start(*(float(coordinates(axis, axis.at(share))) for axis, share in pairs))


def shot_of(at: At) -> object:
    """What is known of the map at this step; None while a new run has not a single pixel yet.

    The old picture stays so long, so that a drag does not flicker.
    """
    newest: MapsSnapshot = at.recording.snapshot(at.last)[1]
    return at.snapshot if newest.runs else None


def if_known(panel: PanelT, at: At, show: Callable[[PanelT, At], None]) -> None:
    """Show what is known of the map, once anything is."""
    if shot_of(at) is not None:
        show(panel, at)


def summary_wanted(at: At) -> Question | None:
    """Ask for the summary of the map, once a pixel is known."""
    return None if shot_of(at) is None else (summing_up, at.config, at.data, at.snapshot)


def show_pixels(panel: PixelMapPanel, at: At) -> None:
    """Colour each pixel by its run."""
    shot: MapsSnapshot = at.snapshot
    points: Points = at.data
    if at.config.kind == "basins":
        panel.set_pixels(basin_pixels(shot, hues(points), panel.theme), None)
    else:
        panel.set_pixels(step_pixels(shot, at.config.steps, panel.theme), scale_of(at.config.steps))
    known = at.config, points, shot
    panel.set_words(partial(words.pixel_text, *known), partial(words.pixel_columns, *known))


def show_legend(panel: TablePanel, at: At) -> None:
    """Count where the runs ended."""
    shot, alike = at.snapshot, _alike(at)
    ghost = alike[0].recording if alike else None
    panel.title = words.runs_text(shot, at.config)
    drawn = at.config.kind == "basins"  # else colours tell of steps
    lines = words.legend_lines(at.data, shot, ghost, panel.theme, drawn) if shot.runs else []
    head = (tr("share"), tr("median steps"), *([tr("pinned")] if ghost else []))
    panel.set_lines(head, lines)


def _alike(at: At) -> tuple[Ghost, ...]:
    """The pinned maps that have the same axes."""
    axes = at.config.kind, axes_of(at.config)
    return tuple(ghost for ghost in at.ghosts if (ghost.config.kind, axes_of(ghost.config)) == axes)


# The surface, and the chosen run


def field_key(at: At) -> object:
    """Which surface it is, and of which kind the map."""
    return *surface_key(at), at.config.kind


def show_lines(panel: PixelMapPanel, at: At, values: Array) -> None:
    """Draw its level lines over a map of starts, if they are wanted."""
    surface = chosen_surface(at)
    wanted = at.config.kind == "basins" and at.options.lines
    scale = FieldScale.of(values, surface.log_levels)
    panel.set_lines(GridField(values, surface.bounds, scale, LEVELS) if wanted else None)


def pinned(at: At) -> object:
    """The pinned maps, as far as they are known."""
    return at.ghosts, tuple(ghost.recording.last for ghost in at.ghosts)


def _run_path(panel: FieldPanel, chosen: Chosen) -> Track:
    _, _, run = chosen
    known = np.isfinite(run.path).all(axis=1)
    lost, stroke = bool(run.why) or run.place == DIVERGED, run_stroke(panel.theme)
    return Track("run", "", run.path[known], stroke, diverged=lost, column=tr("The chosen run"))


def _stars(chosen: Chosen) -> list[tuple[float, float]]:
    found = [(point.x, point.y) for point in chosen[1] if point.kind == "minimum"]
    return found if len(found) <= STARS else []


def show_run_on_map(panel: PixelMapPanel, at: At, chosen: Chosen) -> None:
    """The run on a map of starts, or the border of what converges; under it outlines of pinned maps."""
    basins = at.config.kind == "basins"
    panel.set_minima(_stars(chosen) if basins else ())
    over = [_run_path(panel, chosen)] if basins else border_path(at.config, panel.theme)
    panel.set_paths([*at.once(ghost_paths, _alike(at), axes_of(at.config), panel.theme), *over])


def show_run(panel: FieldPanel, at: At, chosen: Chosen) -> None:
    """The run over the surface, and where it ends."""
    panel.set_minima(_stars(chosen))
    panel.set_paths([_run_path(panel, chosen)])
    if panel.theme.presenting:  # there is no room for more
        panel.title = tr("The chosen run")
        return
    panel.title = tr("The chosen run: {place}", place=words.place_name(chosen[1], chosen[2].place))
