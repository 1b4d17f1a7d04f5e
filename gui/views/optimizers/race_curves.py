"""f of every racer against the step, on an axis that reaches from the start down to the rounding of f."""

from math import ceil, floor, inf, log10

from engine.experiments.optimizers.race import RaceConfig
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import names_and_strokes
from gui.look.theme import Theme
from gui.plots.curves import Curve
from gui.views.curve_plots import Plot, over_steps
from gui.views.optimizers.race_options import At, minima_of, offset, tracks_of
from gui.views.optimizers.race_tracks import NewestTracks
from gui.views.pinned import saying_pinned, with_pinned
from gui.views.step_curves import Steps
from gui.views.surface_grid import chosen_surface

FLOOR = 1e-16  # relative rounding of f


def name_of_height(at: At) -> str:
    """What is measured: f, or f − f* where f* is known and asked for."""
    return "f − f*" if at.options.relative and minima_of(at) else "f"


def height_limits(at: At, least: float) -> tuple[float, float] | None:
    """For f − f* on a log axis: from the `least`, or the rounding of f, to a little above the start."""
    if not (at.options.log and at.options.relative and minima_of(at)):
        return None
    start = float(chosen_surface(at).value(*at.config.start)) - offset(at)
    if not 0 < start < inf or least > start:
        return None
    lowest = max(FLOOR * max(1.0, abs(offset(at))), 10.0 ** floor(log10(least)))
    return min(lowest, start), 10 ** (ceil(log10(start)) + 0.5)


def curves(at: At, theme: Theme) -> Plot:
    """f of every racer, or f − f* where f* is known, against step; the pinned ones' behind."""
    above, name = offset(at), name_of_height(at)
    paid = at.config.budget != "steps"
    title = tr("{value} against evaluations", value=name) if paid else tr("{value} against step", value=name)
    if at.options.relative and not minima_of(at):
        title += " · " + tr("f* is not known")
    limits = height_limits(at, tracks_of(at).least(above))
    axes = over_steps(at.config.steps, name, log=at.options.log, limits=limits, title=title, log_option="log")
    if paid:
        axes = axes._replace(x=(tr("gradient evaluations"), ""))

    def of_run(config: RaceConfig, recording: Recording) -> list[Curve]:
        run = at.once(NewestTracks, recording, len(config.racers)).until(recording.last)
        steps = at.once(Steps, recording).known()[: len(run.values[0])]
        racers = zip(names_and_strokes(config.racers, theme), run.values, strict=True)
        return [
            Curve(str(index), name, steps, values - above if above else values, stroke)
            for index, ((name, stroke), values) in enumerate(racers)
        ]

    return Plot(axes, with_pinned(at, of_run, saying_pinned))
