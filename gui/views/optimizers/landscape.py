"""Optimizers ▸ Network landscape on the screen: the map with the paths, losses, errors, the table."""

from typing import Annotated

import numpy as np

from engine.config import Config, choice, number, plain
from engine.experiments.optimizers.landscape import loss_over
from engine.experiments.optimizers.landscape_config import LandscapeConfig, centre_of
from engine.experiments.optimizers.landscape_inspection import LandscapeResult, look, results, slope
from engine.experiments.optimizers.landscape_timeline import LandscapeTimeline, timeline
from engine.networks.landscape_grid import complete
from gui.form.choices import kept_choice
from gui.look.language import tr
from gui.look.splitters import side_by_side
from gui.look.strokes import names_and_strokes, racer_names
from gui.look.theme import Theme
from gui.plots.contours import Track
from gui.plots.curves import CurvesPanel
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Followed, Live, Moment, Question, Room, Urgency, View, config_of, show_one
from gui.views.curve_plots import fill_plot, set_legend
from gui.views.optimizers import landscape_words as words
from gui.views.optimizers.landscape_map import LandscapeField, axis_names, errors, explained, losses
from gui.views.schedule_blocks import schedule_blocks, schedule_terms
from gui.views.surface_grid import FROM_THE_FRONT, Camera

ROOMY = 640  # pixels of height from which the losses have room for a legend
LAYOUTS = {"contour": "Contours", "surface": "Landscape"}


class LandscapeOptions(Config, frozen=True):
    """The options of the view."""

    layout: Annotated[str, choice("Show", "The map as contours or as a landscape.", LAYOUTS)] = "contour"
    log: Annotated[
        bool, plain("Log levels", "Colours and contours for the logarithm of the loss; or for the loss.")
    ] = True
    racer: Annotated[
        int,
        number(
            "Explain", "Which optimizer the formulas and the dotted curve tell of.", ge=0, le=3, of="racers"
        ),
    ] = 0
    camera: Camera = FROM_THE_FRONT


At = Moment[LandscapeConfig, LandscapeOptions]


class LandscapeView(View):
    """A large map with the paths; small plots of the losses, the errors, and the table."""

    config_type, options_type = LandscapeConfig, LandscapeOptions
    kept_by_plots = ("camera",)

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("layout", "log", "", "racer:")
        self.field, self.surface = LandscapeField(theme), Surface3DPanel("", theme)
        self.surface.set_axes(("α₁", ""), ("α₂", ""), ("L", ""))
        self.surface.camera = self.options.camera
        self.loss = CurvesPanel(tr("Training loss; dotted: at the projection"), theme)
        title = tr("Projection error ‖θ − θ′‖ / ‖θ − θ*‖ (at θ*: 0/0)")
        self.error = CurvesPanel(title, theme, "paper")  # the names stand beside the losses
        self.results = TablePanel(tr("At this step"), theme)
        self.tell(finding)
        self._fill_all()
        self.field.point_clicked.connect(self._choose_point)
        self.on(self.results.selected, lambda view, racer: view.set_option(racer=racer))
        self.on(self.surface.camera_changed, lambda view: view.set_option(camera=view.surface.camera))
        pictures = side_by_side((self.field, self.surface), (1, 1))
        self.lay_out(self.bar, WithHero(theme, pictures, (self.loss, self.results, self.error), (10, 8, 8)))

    def _fill_all(self) -> None:
        self.ask("slope", slope_wanted)
        self.fill(self.field, show_title)
        self.fill(self.field, lambda panel, at: panel.reset_zoom(), by=config_of, early=True)
        self.fill(self.field, show_contours, by=ground)
        self.fill(self.field, show_paths)
        self.fill(self.surface, show_title)
        self.fill(self.surface, empty_surface, by=planeless)
        self.fill(self.surface, show_surface, Urgency.SELDOM, by=ground)
        self.fill(self.surface, show_paths, Urgency.SELDOM)
        for panel, plot in ((self.loss, losses), (self.error, errors)):
            fill_plot(self, panel, plot, by=known)
            self.fill(panel, show_playhead)
            panel.clicked.connect(self._go_to)
        self.fill(self.results, show_results)

    def arrange(self, at: At, room: Room) -> bool:
        show_one(at.options.layout, {"contour": self.field, "surface": self.surface})
        set_legend(self.loss, "auto" if room.height >= ROOMY else "paper")  # the table names them too
        return False

    @classmethod
    def followed(cls, options: Config, before: LandscapeConfig, after: LandscapeConfig) -> Followed:
        options, _ = super().followed(options, before, after)
        if after.centre != before.centre:
            return options, after
        # The plane too goes on through the racer that it went through.
        return options, kept_choice(after, "centre", before.racers, after.racers, first=1)

    def offers(self, at: At) -> dict[str, object]:
        return {"racer": racer_names(at.config.racers)}

    def _choose_point(self, key: str, index: int) -> None:
        self.set_option(racer=int(key))
        self.step_chosen.emit(_time(self.at).walk + index)

    def _go_to(self, x: float) -> None:
        time = _time(self.at)
        self.step_chosen.emit(time.frame(time.nearest(x), self.at.step))

    def when(self, at: At) -> str:
        """Return the place in the run in words: the timeline has three parts, and only two of them count
        steps.
        """
        return words.phase_text(_time(at), at.snapshot, at.step)

    def terms(self, at: At) -> list[Term]:
        key = str(explained(at))
        ways, loss = ((self.field, key), (self.loss, f"projected.{key}")), (self.loss, f"loss.{key}")
        return [
            term(r"L(\theta)", tr("loss of the network"), loss, (self.results, "column.0")),
            term(r"L(\theta')", tr("loss on the map below it"), ways[1], (self.results, "column.1")),
            term(
                r"\theta-\theta'",
                tr("what the plane does not show"),
                (self.error, f"error.{key}"),
                told=False,
            ),
            term(r"\theta'", tr("the weights, projected into the plane"), *ways, told=False),
            term(r"\theta", tr("the weights of the network"), loss, told=False),
            *schedule_terms(at.config.racers[explained(at)], trained(at)),
        ]

    def formulas(self, at: At) -> list[Live]:
        names, racer, shot, time = racer_names(at.config.racers), explained(at), at.snapshot, _time(at)
        blocks, lost = [words.network_block(at.data)], shot.lost[racer]
        blocks += schedule_blocks(at.config.racers[racer], trained(at))
        if lost is not None and lost <= time.at[time.point(at.step)]:
            blocks.append(words.lost_block(names[racer], lost))
        if shot.chart is None:
            return blocks
        blocks.append(words.directions_block(shot.chart, names[centre_of(at.config)]))
        found, slope = look(at.config, at.recording, at.step, racer), self.answer("slope")
        if found is not None:
            blocks += [words.projection_block(found, names[racer]), words.loss_block(found)]
            blocks += [words.slope_block(slope)] if slope else []
        return blocks


def trained(at: At) -> int:
    """Return the step of training that is shown."""
    time = _time(at)
    return int(time.at[time.point(at.step)])


def slope_wanted(at: At) -> Question | None:
    """The slope of the map under the explained racer, where there is a map and the racer is on it."""
    found = look(at.config, at.recording, at.step, explained(at))
    return None if found is None else (slope, at.config, at.data, at.snapshot.chart, found.coordinates)


def _time(at: At) -> LandscapeTimeline:
    return at.once(timeline, at.config)


def _results(at: At) -> list[LandscapeResult]:
    return at.once(results, at.config, at.recording, at.step)


def finding(at: At) -> str:
    """How far the map is from the losses of the networks; before it is there, how far these have come."""
    racers = [*zip(racer_names(at.config.racers), _results(at), strict=True)]
    return words.sentence(_time(at), at.snapshot, at.step, racers)


def ground(at: At) -> tuple[object, ...]:
    """What is known of the map: the plane, the grid with its first points, and how its colours are spread."""
    shot = at.snapshot
    return shot.chart, shot.grid, at.options.log


def show_title(panel: LandscapeField | Surface3DPanel, at: At) -> None:
    """Say what is mapped, and how far."""
    title = words.map_title(_time(at), at.snapshot.done)
    if isinstance(panel, Surface3DPanel) and at.snapshot.grid is not None:
        title = tr("{title} · stalks: to the networks' own losses", title=title)
    if panel.title != title:
        panel.title = title


def show_contours(panel: LandscapeField, at: At) -> None:
    """The map as far as it is known; before there is a plane, why there is none."""
    shot = at.snapshot
    panel.wait(shot.chart is None or shot.grid is None)
    if shot.chart is None or shot.grid is None:
        return
    value_at = at.once(loss_over, at.data, shot.chart.plane).value
    panel.set_axes(*axis_names(shot.chart), "L")
    panel.set_field(complete(shot.grid, shot.done), shot.chart.bounds, at.options.log, value_at=value_at)


def planeless(at: At) -> bool:
    """Whether there is no plane yet."""
    return at.snapshot.grid is None


def empty_surface(panel: Surface3DPanel, at: At) -> None:
    """Show at once that there is no plane yet."""
    if planeless(at):
        panel.set_surface(np.full((2, 2), np.nan), ((-1.0, 1.0), (-1.0, 1.0)))
        panel.set_paths(())


def show_surface(panel: Surface3DPanel, at: At) -> None:
    """The same as a landscape."""
    shot = at.snapshot
    if shot.chart is not None and shot.grid is not None:
        panel.set_surface(complete(shot.grid, shot.done), shot.chart.bounds, at.options.log)


def show_paths(panel: LandscapeField | Surface3DPanel, at: At) -> None:
    """The paths so far, in the coordinates of the plane."""
    shot, time, paths = at.snapshot, _time(at), []
    if shot.chart is not None and shot.grid is not None:
        point = time.point(at.step)
        for i, (name, stroke) in enumerate(names_and_strokes(at.config.racers, panel.theme)):
            losses, end = time.of_training(at.recording, f"{i}.loss")[: point + 1], shot.lost[i]
            xy = shot.chart.points[i, : len(losses)]
            known, lost = np.isfinite(xy).all(axis=1), end is not None and end <= time.at[point]
            paths.append(Track(str(i), name, xy[known], stroke, diverged=lost, values=losses[known]))
    panel.set_paths(paths)


def known(at: At) -> tuple[object, ...]:
    """What the curves depend on: the run, whether there is a plane, and whether one walks over it."""
    walking = at.step >= _time(at).walk
    pinned = tuple((ghost.recording, ghost.recording.last) for ghost in at.ghosts)
    return at.recording, at.last, at.config, explained(at), at.snapshot.chart is None, walking, pinned


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step, while there is one."""
    time = _time(at)
    panel.set_cursor(None if time.phase(at.step) == "map" else float(time.at[time.point(at.step)]))


def show_results(panel: TablePanel, at: At) -> None:
    """A line for every racer."""
    racers = names_and_strokes(at.config.racers, panel.theme)
    lines = [words.table_line(found, *racer) for found, racer in zip(_results(at), racers, strict=True)]
    panel.set_lines(("L(θ)", "L(θ′)", tr("accuracy"), tr("in plane"), "‖θ − θ₀‖"), lines, explained(at))
