"""The options of a race, and what its plots take from the moment: racers, minima, the origin of f."""

from typing import Annotated

from engine.config import Config, choice, number, plain
from engine.experiments.optimizers.race import RaceConfig, RaceInspection
from gui.look.strokes import names_and_strokes
from gui.look.theme import Stroke, Theme
from gui.screen.moment import Moment
from gui.views.optimizers.race_tracks import NewestInspection, NewestTracks, Tracks
from gui.views.surface_grid import FROM_THE_FRONT, Camera, chosen_surface

LAYOUTS = {
    "contour": "Contours",
    "surface": "Landscape",
    "both": "Both",
    "step": "One step",
    "rates": "Learning rates",
    "starts": "Many starts",
}
TABLES = {"standing": "Standing", "spent": "Spent"}
SAMPLES = {"25": "25 starts", "100": "100 starts", "400": "400 starts"}
STARTS = {"1": "1 start", "9": "9 starts", "25": "25 starts"}


class RaceOptions(Config, frozen=True):
    """The options of the view."""

    layout: Annotated[str, choice("Show", "Which plots stand side by side.", LAYOUTS)] = "contour"
    relative: Annotated[bool, plain("f − f*", "Measure f from the lowest known minimum.")] = True
    log: Annotated[bool, plain("Log axis", "Show f on a logarithmic axis.")] = True
    vectors: Annotated[bool, plain("Vectors", "Draw the vectors of the step on the contours.")] = True
    racer: Annotated[int, number("Explain", "Whose steps are explained.", ge=0, le=23, of="racers")] = 4
    starts: Annotated[
        str,
        choice(
            "Starts",
            "From how many starts every learning rate is tried: this one, and others around it.",
            STARTS,
        ),
    ] = "1"
    second: Annotated[
        bool,
        plain(
            "With β",
            "Try several values of β, β₁ or ρ with every learning rate; a rate is judged by its best one.",
        ),
    ] = False
    sample: Annotated[
        str,
        choice("Runs", "How many starts, evenly over the picture, every racer runs from.", SAMPLES),
    ] = "100"
    table: Annotated[
        str,
        choice("Table", "The table tells where each racer stands, or what it has spent.", TABLES),
    ] = "standing"
    camera: Camera = FROM_THE_FRONT


At = Moment[RaceConfig, RaceOptions]


def inspected(at: At) -> int:
    """Return the racer whose steps are explained."""
    return min(at.options.racer, len(at.config.racers) - 1)


def inspection(at: At) -> RaceInspection | None:
    """Return all quantities of the inspected racer's last step."""
    return at.once(NewestInspection, at.recording, inspected(at)).at(at.config, at.step)


def racers_of(at: At, theme: Theme) -> list[tuple[str, Stroke]]:
    """Return the names and strokes of the racers."""
    return at.once(names_and_strokes, at.config.racers, theme)


def tracks_of(at: At) -> Tracks:
    """Return the paths and curves of the run so far."""
    return at.once(NewestTracks, at.recording, len(at.config.racers)).until(at.last)


def minima_of(at: At) -> tuple[tuple[float, float, float], ...]:
    """Return the lowest minima that are known; those of a formula are searched by its run."""
    if at.last < 0:
        return chosen_surface(at).minima
    found: tuple[tuple[float, float, float], ...] = at.data
    return found


def offset(at: At) -> float:
    """Return the number that is subtracted from f: f*, if it is known and asked for."""
    return min((f for _, _, f in minima_of(at)), default=0.0) if at.options.relative else 0.0
