"""Optimizers ▸ Race on the screen: contours and landscape with the paths, f against step, the table."""

from math import ceil, floor, inf, log10
from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.experiments.optimizers.race import RaceConfig, RaceInspection, results
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.splitters import side_by_side
from gui.look.strokes import names_and_strokes, racer_names
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.own.table import TablePanel
from gui.screen.hero import WithHero
from gui.screen.terms import Term, term
from gui.screen.view import Live, Moment, Room, Urgency, View, new_run, nothing
from gui.views.curve_plots import Plot, fill_history, over_steps
from gui.views.optimizers.race_anatomy import AnatomyPair, VectorField
from gui.views.optimizers.race_tracks import (
    NewestInspection,
    NewestTracks,
    Tracks,
    ghost_paths,
    paths_at,
    table_line,
)
from gui.views.optimizers.race_words import standing
from gui.views.pinned import saying_pinned, with_pinned
from gui.views.rule_blocks import end_block, race_terms, rule_blocks, surface_block
from gui.views.step_curves import Steps
from gui.views.surface_grid import (
    FROM_THE_FRONT,
    Array,
    Camera,
    chosen_surface,
    drawn_surface,
    see_closely,
    show_field,
    surface_key,
    surface_wanted,
)

FLOOR = 1e-16  # relative rounding of f
NARROW = 1300  # pixels of width below which one step under the lens takes all the room
LAYOUTS = {
    "both": "Contours and landscape",
    "contour": "Contours",
    "surface": "Landscape",
    "step": "One step",
}


class RaceOptions(Config, frozen=True):
    """How one looks at a race."""

    layout: Annotated[str, choice("Show", "Which plots stand side by side.", LAYOUTS)] = "contour"
    relative: Annotated[bool, plain("f − f*", "Measure f from the lowest known minimum.")] = True
    log: Annotated[bool, plain("Log axis", "Show f on a logarithmic axis.")] = True
    vectors: Annotated[bool, plain("Vectors", "Draw the vectors of the step on the contours.")] = True
    racer: Annotated[int, number("Explain", "Whose steps are explained.", ge=0, le=23, of="racers")] = 4
    camera: Camera = FROM_THE_FRONT


At = Moment[RaceConfig, RaceOptions]


class RaceView(View):
    """A race at any of its steps; the start is dragged on the contours."""

    config_type, options_type = RaceConfig, RaceOptions
    pace = 60.0
    kept_by_plots = ("camera",)

    def build(self, theme: Theme) -> None:
        self.bar = self.options_bar("layout", "relative", "log", "vectors", "", "racer:")
        self.field = VectorField(tr("Contours of f(x, y)"), theme)
        self.landscape = Surface3DPanel(tr("Landscape of f(x, y)"), theme)
        self.landscape.camera = self.options.camera
        self.anatomy = AnatomyPair(theme)
        self.curves = CurvesPanel("", theme)
        if not theme.presenting:  # the table beside it tells the lines apart
            self.curves.legend = "paper"
        self.results = TablePanel("", theme)
        self.results.explain(tr("calls: values, gradients and Hessians of f computed"))
        self.tell(finding)
        pictures = side_by_side((self.field, self.landscape, self.anatomy), (10, 9, 16))
        self.lay_out(self.bar, WithHero(theme, pictures, (self.curves, self.results), (5, 4)))
        self._fill_all()
        for moved in (self.field.start_dragged, self.field.clicked):
            self.on(moved, lambda view, x, y: view.edit(start=(x, y)))
        self.field.point_clicked.connect(self._choose_point)
        self.on(self.results.selected, lambda view, racer: view.set_option(racer=racer))
        self.on(self.landscape.camera_changed, lambda view: view.set_option(camera=view.landscape.camera))

    def _fill_all(self) -> None:
        soon, settled = Urgency.SOON, Urgency.SETTLED
        self.ask("surface", surface_wanted, by=surface_key, early=True)
        self.fill(self.field, show_start, early=True)
        self.fill(self.field, show_surface, of="surface", by=nothing, early=True)
        see_closely(self, self.field, drawn_surface)
        self.fill(self.field, show_minima, by=minima_of, early=True)
        # While the start is dragged they would flicker.
        self.fill(self.field, lambda panel, at: panel.set_vectors((), 0.0), by=new_run)
        self.fill(self.field, show_paths)
        self.fill(self.field, show_vectors, anew=settled)
        self.fill(self.landscape, show_landscape, soon, of="surface", by=nothing, early=True)
        self.fill(self.landscape, show_minima, soon, by=minima_of, early=True)
        self.fill(self.landscape, show_start, soon, early=True)
        self.fill(self.landscape, show_paths, soon)
        self.fill(
            self.landscape,
            lambda panel, at, values: panel.end_turning(),
            settled,
            of="surface",
            by=nothing,
            early=True,
        )
        self.fill(self.anatomy, show_step, Urgency.SELDOM)
        fill_history(self, self.curves, curves, told=True)
        self.fill(self.results, show_results, early=True)

    def offers(self, at: At) -> dict[str, object]:
        return {"racer": racer_names(at.config.racers)}

    def arrange(self, at: At, room: Room) -> bool:
        layout, alone = at.options.layout, at.options.layout == "step" and room.width < NARROW
        self.field.setVisible(layout in ("both", "contour") or (layout == "step" and not alone))
        self.landscape.setVisible(layout in ("both", "surface"))
        self.anatomy.setVisible(layout == "step")
        self.curves.setVisible(not alone and not (layout == "both" and self.theme.presenting))  # two plots
        self.results.setVisible(not alone)
        return False

    def _choose_point(self, key: str, index: int) -> None:
        if key.isdecimal():
            self.set_option(racer=int(key))
            self.step_chosen.emit(index * _tracks(self.at).stride)

    def terms(self, at: At) -> list[Term]:
        path = str(inspected(at))
        fields = (self.field, *self.anatomy.panels)
        momentum, gradient = (tuple((one, key) for one in fields) for key in ("momentum", "gradient"))
        seen = {
            "gradient": gradient,
            "velocity": momentum,
            "mean": momentum,
            "x_after": ((self.field, path),),
            "position": ((self.field, path),),
        }
        value = term("f", tr("value of the surface"), (self.curves, path), told=False)
        return [*race_terms(inspection(at), at.config.racers[inspected(at)], seen), value]

    def formulas(self, at: At) -> list[Live]:
        """The update rule and the surface, with the numbers of the step; why a racer ended."""
        found, racer = inspection(at), inspected(at)
        name = racer_names(at.config.racers)[racer]
        if found:
            return [*rule_blocks(found, name), surface_block(at.config, found.x)]
        equations = at.config.racers[racer].equations
        blocks = [Live("" if index else name, line.latex) for index, line in enumerate(equations)]
        end = results(at.config, at.recording, at.step)[racer].end if at.last >= 0 else None
        return [*blocks, *([end_block(end)] if end else []), surface_block(at.config, at.config.start)]


def inspected(at: At) -> int:
    """The racer whose steps are explained."""
    return min(at.options.racer, len(at.config.racers) - 1)


def inspection(at: At) -> RaceInspection | None:
    """The step of the inspected racer that led here, taken apart."""
    return at.once(NewestInspection, at.recording, inspected(at)).at(at.config, at.step)


def _racers(at: At, theme: Theme) -> list[tuple[str, Stroke]]:
    return at.once(names_and_strokes, at.config.racers, theme)


def _tracks(at: At) -> Tracks:
    return at.once(NewestTracks, at.recording, len(at.config.racers)).until(at.last)


def minima_of(at: At) -> tuple[tuple[float, float, float], ...]:
    """The lowest minima, as far as the run knows them: those of a formula are found by its run."""
    if at.last < 0:
        return chosen_surface(at).minima
    found: tuple[tuple[float, float, float], ...] = at.data
    return found


def offset(at: At) -> float:
    """What f is measured from: f*, where it is known and asked for."""
    return min((f for _, _, f in minima_of(at)), default=0.0) if at.options.relative else 0.0


# What the panels show


def finding(at: At) -> str:
    """Who is ahead."""
    racers = zip(racer_names(at.config.racers), results(at.config, at.recording, at.step), strict=True)
    known = at.options.relative and bool(minima_of(at))
    return standing(at.config, list(racers), at.step, "f − f*" if known else "f", offset(at))


def show_start(panel: VectorField | Surface3DPanel, at: At) -> None:
    """Mark the start."""
    if isinstance(panel, VectorField):
        panel.expect(chosen_surface(at).bounds)
    panel.set_start(*at.config.start)


def show_surface(panel: VectorField, at: At, values: Array) -> None:
    """Draw the contours of another surface."""
    show_field(panel, chosen_surface(at), values)


def show_landscape(panel: Surface3DPanel, at: At, values: Array) -> None:
    """Draw the landscape of another surface: coarse, while one follows the other."""
    surface = chosen_surface(at)
    panel.begin_turning()
    panel.set_surface(values, surface.bounds, surface.log_levels)


def show_minima(panel: VectorField | Surface3DPanel, at: At) -> None:
    """Mark the lowest minima."""
    panel.set_minima([(x, y) for x, y, _ in minima_of(at)])


def show_paths(panel: VectorField | Surface3DPanel, at: At) -> None:
    """Draw the paths so far, those of pinned runs behind."""
    racers = _racers(at, panel.theme)
    own = paths_at(_tracks(at), at.recording, at.step, racers, inspected(at))
    panel.set_paths([*at.once(ghost_paths, at.ghosts, panel.theme), *own])


def show_vectors(panel: VectorField, at: At) -> None:
    """Draw the vectors of the step that led here."""
    found = inspection(at) if at.options.vectors else None
    (low, high), _ = panel.ranges
    panel.set_vectors(found.arrows if found else (), 0.12 * (high - low))


def show_step(pair: AnatomyPair, at: At) -> None:
    """Take the step that led here apart."""
    pair.show_step(chosen_surface(at), inspection(at), racer_names(at.config.racers)[inspected(at)])


def _limits(at: At) -> tuple[float, float] | None:
    """For f − f* on a log axis: from the least, or the rounding of f, to a little above the start."""
    start = float(chosen_surface(at).value(*at.config.start)) - offset(at)
    least = _tracks(at).least(offset(at))
    if not 0 < start < inf or least > start:
        return None
    lowest = max(FLOOR * max(1.0, abs(offset(at))), 10.0 ** floor(log10(least)))
    return min(lowest, start), 10 ** (ceil(log10(start)) + 0.5)


def curves(at: At, theme: Theme) -> Plot:
    """f of every racer, or f − f* where f* is known, against step; the pinned ones' behind."""
    above, known, relative, log = offset(at), bool(minima_of(at)), at.options.relative, at.options.log
    name = "f − f*" if relative and known else "f"
    title = tr("{value} against step", value=name)
    if relative and not known:
        title += " · " + tr("f* is not known")
    limits = _limits(at) if log and relative and known else None
    axes = over_steps(at.config.steps, name, log=log, limits=limits, title=title, log_option="log")

    def of_run(config: RaceConfig, recording: Recording) -> list[Curve]:
        run = at.once(NewestTracks, recording, len(config.racers)).until(recording.last)
        steps = at.once(Steps, recording).known()[: len(run.values[0])]
        racers = zip(names_and_strokes(config.racers, theme), run.values, strict=True)
        return [
            Curve(str(index), name, steps, values - above if above else values, stroke)
            for index, ((name, stroke), values) in enumerate(racers)
        ]

    return Plot(axes, with_pinned(at, of_run, saying_pinned))


def show_results(panel: TablePanel, at: At) -> None:
    """Tell the standings: f, the distance to the nearest known minimum, steps, evaluations."""
    tolerance = short_text(at.config.tolerance)
    panel.title = tr("At this step · steps until f − f* ≤ {tolerance}", tolerance=tolerance)
    if at.last >= 0:
        racers = zip(results(at.config, at.recording, at.step), _racers(at, panel.theme), strict=True)
        lines = [table_line(result, *racer) for result, racer in racers]
        panel.set_lines(("f", "‖x − x*‖", tr("steps"), tr("calls")), lines, inspected(at))
