"""The curves of a network landscape: the loss along the paths and at their projections, and the error."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.optimizers.landscape import Chart
from engine.experiments.optimizers.landscape_config import LandscapeConfig
from engine.experiments.optimizers.landscape_inspection import relative_error, snapshot_at
from engine.experiments.optimizers.landscape_timeline import Timeline, timeline
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import racer_names, racer_strokes
from gui.look.theme import DOTTED, SOLID, Stroke, Theme
from gui.plots.curves import Curve
from gui.screen.moment import Ghost

UNKNOWN = np.full(1, np.nan)  # its name is there from the beginning, so that the plot keeps its size


def projected_stroke(stroke: Stroke) -> Stroke:
    """Dotted in the same colour; solid where that is dotted already."""
    return Stroke(stroke.colour, SOLID if stroke.dash == DOTTED else DOTTED)


def loss_curves(
    config: LandscapeConfig, recording: Recording, frame: int, explained: int, theme: Theme
) -> list[Curve]:
    """The training loss of each racer; of the explained one also that at its projection."""
    time, names = timeline(config), racer_names(config.racers)
    curves = []
    for i, (name, stroke) in enumerate(zip(names, racer_strokes(config.racers, theme), strict=True)):
        wide = 2.2 if i == explained else 1.5
        curves.append(_curve(f"loss.{i}", name, time, time.of_training(recording, f"{i}.loss"), stroke, wide))
        if i == explained:
            values = time.of_walk(recording, f"{i}.projected") if frame >= time.walk else UNKNOWN
            label = tr("{name}, projected", name=name)
            curves.append(_curve(f"projected.{i}", label, time, values, projected_stroke(stroke), 2.0))
    return curves


def error_curves(config: LandscapeConfig, chart: Chart | None, explained: int, theme: Theme) -> list[Curve]:
    """The error of the projection of each path, as a share of the distance from the centre."""
    if chart is None:
        return []
    time, names = timeline(config), racer_names(config.racers)
    strokes = racer_strokes(config.racers, theme)
    return [
        _curve(f"error.{i}", name, time, relative_error(chart, i), stroke, 2.2 if i == explained else 1.5)
        for i, (name, stroke) in enumerate(zip(names, strokes, strict=True))
    ]


def _curve(key: str, name: str, time: Timeline, values: np.ndarray, stroke: Stroke, width: float) -> Curve:
    return Curve(key, name, time.at[: len(values)], values, stroke, width=width)


def ghost_curves(ghosts: Sequence[Ghost], explained: int, theme: Theme) -> tuple[list[Curve], list[Curve]]:
    """The losses and errors of pinned runs, faint; one name stands for all of a run."""
    losses: list[Curve] = []
    errors: list[Curve] = []
    for k, ghost in enumerate(ghosts):
        config, recording = ghost.config, ghost.recording
        if not isinstance(config, LandscapeConfig) or recording.last < 0:
            continue
        chart = snapshot_at(recording, recording.last).chart
        own = min(explained, len(config.racers) - 1)
        name = tr("pinned: {what}", what=ghost.label)
        for into, curves in (
            (losses, loss_curves(config, recording, recording.last, own, theme)),
            (errors, error_curves(config, chart, own, theme)),
        ):
            into += [
                Curve(f"ghost.{k}.{curve.key}", "" if j else name, curve.x, curve.y, curve.stroke, ghost=True)
                for j, curve in enumerate(curves)
            ]
    return losses, errors
