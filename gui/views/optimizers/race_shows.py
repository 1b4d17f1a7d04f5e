"""How the plots of a race are filled from a moment: the surface, paths and vectors, one step, the results."""

from engine.experiments.optimizers.race import results
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.strokes import racer_names
from gui.plots.own.surface3d import Surface3DPanel
from gui.plots.own.table import TablePanel
from gui.views.optimizers import race_rates, race_starts
from gui.views.optimizers.race_anatomy import AnatomyPair, VectorField
from gui.views.optimizers.race_curves import name_of_height
from gui.views.optimizers.race_options import (
    At,
    inspected,
    inspection,
    minima_of,
    offset,
    racers_of,
    tracks_of,
)
from gui.views.optimizers.race_tracks import ghost_paths, paths_at, table_line
from gui.views.optimizers.race_words import standing
from gui.views.surface_grid import Array, chosen_surface


def finding(at: At) -> str:
    """Say which racer is ahead; for the sweeps of rates and starts, once these are computed."""
    if at.options.layout == "rates":
        return race_rates.waiting(at)
    if at.options.layout == "starts":
        return race_starts.waiting()
    racers = zip(racer_names(at.config.racers), results(at.config, at.recording, at.step), strict=True)
    return standing(at.config, list(racers), at.step, name_of_height(at), offset(at))


def show_landscape(panel: Surface3DPanel, at: At, values: Array) -> None:
    """Draw the landscape of another surface; coarsely while surfaces change quickly."""
    surface = chosen_surface(at)
    panel.begin_turning()
    panel.set_surface(values, surface.bounds, surface.log_levels)


def show_minima(panel: VectorField | Surface3DPanel, at: At) -> None:
    """Mark the lowest minima."""
    panel.set_minima([(x, y) for x, y, _ in minima_of(at)])


def show_paths(panel: VectorField | Surface3DPanel, at: At) -> None:
    """Draw the paths so far, those of pinned runs behind."""
    racers = racers_of(at, panel.theme)
    own = paths_at(tracks_of(at), at.recording, at.step, racers, inspected(at))
    panel.set_paths([*at.once(ghost_paths, at.ghosts, panel.theme), *own])


def show_vectors(panel: VectorField, at: At) -> None:
    """Draw the vectors of the step that led here."""
    found = inspection(at) if at.options.vectors else None
    (low, high), _ = panel.ranges
    panel.set_vectors(found.arrows if found else (), 0.12 * (high - low))


def show_step(pair: AnatomyPair, at: At) -> None:
    """Show all quantities of the last step."""
    pair.show_step(chosen_surface(at), inspection(at), racer_names(at.config.racers)[inspected(at)])


def show_results(panel: TablePanel, at: At) -> None:
    """Show the results: f, steps to the tolerance, distance to the nearest known minimum, evaluations."""
    tolerance = short_text(at.config.tolerance)
    paid, needed = at.config.budget != "steps", tr("steps")
    panel.title = tr("At this step · steps to f − f* ≤ {tolerance}", tolerance=tolerance)
    if paid:
        needed = tr("needed")
        panel.title = tr("At this evaluation · how many to f − f* ≤ {tolerance}", tolerance=tolerance)
    if at.last >= 0:
        racers = zip(results(at.config, at.recording, at.step), racers_of(at, panel.theme), strict=True)
        lines = [table_line(result, *racer, paid) for result, racer in racers]
        panel.set_lines(("f", needed, "‖x − x*‖", tr("calls")), lines, inspected(at))
