"""The curves of a network landscape: the loss along the paths and at their projections, and the error."""

from typing import Any

import numpy as np

from engine.experiments.optimizers.landscape_config import LandscapeConfig
from engine.experiments.optimizers.landscape_inspection import relative_error, snapshot_at
from engine.experiments.optimizers.landscape_timeline import timeline
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import names_and_strokes
from gui.look.theme import DOTTED, SOLID, Stroke, Theme
from gui.plots.curves import Curve
from gui.screen.moment import Moment
from gui.views.pinned import saying_pinned, with_pinned

At = Moment[LandscapeConfig, Any]
UNKNOWN = np.full(1, np.nan)  # its name is there from the beginning, so that the plot keeps its size


def explained(at: At, config: LandscapeConfig | None = None) -> int:
    """The racer that the formulas tell of, in the run on show or a pinned one."""
    return min(at.options.racer, len((config or at.config).racers) - 1)


def projected_stroke(stroke: Stroke) -> Stroke:
    """Dotted in the same colour; solid where that is dotted already."""
    return Stroke(stroke.colour, SOLID if stroke.dash == DOTTED else DOTTED)


def losses(at: At, theme: Theme) -> list[Curve]:
    """The training loss of each racer; of the explained one also that at its projection."""

    def of_run(config: LandscapeConfig, recording: Recording) -> list[Curve]:
        time, own, curves = timeline(config), explained(at, config), []
        walking = recording is not at.recording or at.step >= time.walk
        for i, (name, stroke) in enumerate(names_and_strokes(config.racers, theme)):
            y = time.of_training(recording, f"{i}.loss")
            wide = 2.2 if i == own else 1.5
            curves.append(Curve(f"loss.{i}", name, time.at[: len(y)], y, stroke, width=wide))
            if i == own:
                y = time.of_walk(recording, f"{i}.projected") if walking else UNKNOWN
                name, dotted = tr("{name}, projected", name=name), projected_stroke(stroke)
                curves.append(Curve(f"projected.{i}", name, time.at[: len(y)], y, dotted, width=2.0))
        return curves

    return with_pinned(at, of_run, saying_pinned)


def errors(at: At, theme: Theme) -> list[Curve]:
    """The error of the projection of each path, as a share of the distance from the centre."""

    def of_run(config: LandscapeConfig, recording: Recording) -> list[Curve]:
        time, own = timeline(config), explained(at, config)
        chart = snapshot_at(recording, at.step if recording is at.recording else recording.last).chart
        if chart is None:
            return []
        shares = [relative_error(chart, i) for i in range(len(config.racers))]
        return [
            Curve(f"error.{i}", name, time.at[: len(y)], y, stroke, width=2.2 if i == own else 1.5)
            for i, ((name, stroke), y) in enumerate(
                zip(names_and_strokes(config.racers, theme), shares, strict=True)
            )
        ]

    return with_pinned(at, of_run, saying_pinned)
