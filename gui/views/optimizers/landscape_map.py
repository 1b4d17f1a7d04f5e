"""What is drawn of a network landscape: the map with its centre and the paths, the losses and the errors."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.experiments.optimizers.landscape_config import LandscapeConfig
from engine.experiments.optimizers.landscape_inspection import relative_error, snapshot_at
from engine.experiments.optimizers.landscape_timeline import Chart, timeline
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import names_and_strokes
from gui.look.theme import DOTTED, SOLID, Stroke, Theme
from gui.plots.axes import Axes
from gui.plots.contours import READOUT, FieldPanel
from gui.plots.curves import Curve
from gui.plots.described import Columns
from gui.plots.lines import halo
from gui.plots.painting import CENTRE
from gui.plots.part import Layer
from gui.screen.moment import Moment
from gui.views.curve_plots import Plot, over_steps
from gui.views.pinned import saying_pinned, with_pinned

At = Moment[LandscapeConfig, Any]
UNKNOWN = np.full(1, np.nan)  # its name is there from the beginning, so that the plot keeps its size


def percent(share: float) -> str:
    """A share with three digits: 70.9 %, 0.199 %; – where it is not known."""
    return f"{100 * share:#.3g}".rstrip(".") + " %" if np.isfinite(share) else "–"


def axis_names(chart: Chart) -> tuple[tuple[str, str], tuple[str, str]]:
    """The names of the two directions, and the share of the variance that a principal one holds."""
    if not chart.fractions:
        return ("α₁", tr("along δ₁")), ("α₂", tr("along δ₂"))
    first, second = (tr("{share} of the variance", share=percent(share)) for share in chart.fractions)
    return ("α₁", first), ("α₂", second)


class LandscapeField(FieldPanel):
    """Contours, with a mark at the centre of the plane; before there is a plane, why there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.waiting, self.note = True, tr("＋ the centre θ*")
        self.reveal(False)

    def _add_layers(self) -> None:
        super()._add_layers()
        self._sights.append(Layer(self._draw_centre, READOUT, still=False))
        self._add_layer(self._sights[-1])
        self._add_layer(Layer(self._draw_waiting, READOUT))

    def wait(self, waiting: bool) -> None:
        """Say that there is no plane yet, or show it."""
        if waiting != self.waiting:
            self.waiting = waiting
            self.reveal(not waiting)

    def table(self) -> Columns:
        """The paths point by point, and the grid."""
        if self.waiting:
            return []
        grid = self._field.table("α₁", "α₂", "L")
        return [*super().table(), *grid] if self.paths else grid

    def _draw_waiting(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self.waiting:
            return
        painter.setPen(QColor(self.theme.quiet))
        room = axes.outer.adjusted(self.theme.px(24), 0, -self.theme.px(24), 0)
        text = tr("The plane is laid through the end of the training: the map comes when all have arrived.")
        painter.drawText(room, CENTRE | Qt.TextFlag.TextWordWrap, text)

    def _draw_centre(self, painter: QPainter, axes: Axes, live: bool) -> None:
        """A thin cross of two lines."""
        place, reach = axes.plane.point(0.0, 0.0), self.theme.px(6)
        if axes.plane.rect.contains(place):
            for line in (halo("#FFFFFF", 4.0), QPen(QColor("#1F2328"), 1.6)):
                painter.setPen(line)
                for end in (QPointF(reach, 0), QPointF(0, reach)):
                    painter.drawLine(place - end, place + end)


def explained(at: At, config: LandscapeConfig | None = None) -> int:
    """The racer that the formulas tell of, in the run on show or a pinned one."""
    return min(at.options.racer, len((config or at.config).racers) - 1)


def losses(at: At, theme: Theme) -> Plot:
    """The training loss of each racer; of the explained one also that at its projection.

    That is dotted in the same colour; solid where that is dotted already.
    """

    def of_run(config: LandscapeConfig, recording: Recording) -> list[Curve]:
        time, own, curves = timeline(config), explained(at, config), []
        walking = recording is not at.recording or at.step >= time.walk
        for i, (name, stroke) in enumerate(names_and_strokes(config.racers, theme)):
            y = time.of_training(recording, f"{i}.loss")
            wide = 2.2 if i == own else 1.5
            curves.append(Curve(f"loss.{i}", name, time.at[: len(y)], y, stroke, width=wide))
            if i == own:
                y = time.of_walk(recording, f"{i}.projected") if walking else UNKNOWN
                name, dotted = tr("{name}, projected", name=name), SOLID if stroke.dash == DOTTED else DOTTED
                stroke = Stroke(stroke.colour, dotted)
                curves.append(Curve(f"projected.{i}", name, time.at[: len(y)], y, stroke, width=2.0))
        return curves

    return Plot(over_steps(at.config.steps, "L", log=True), with_pinned(at, of_run, saying_pinned))


def errors(at: At, theme: Theme) -> Plot:
    """The error of the projection of each path, as a share of the distance from the centre."""

    def of_run(config: LandscapeConfig, recording: Recording) -> list[Curve]:
        time, own = timeline(config), explained(at, config)
        chart = snapshot_at(recording, at.step if recording is at.recording else recording.last).chart
        if chart is None:
            return []
        curves = []
        for i, (name, stroke) in enumerate(names_and_strokes(config.racers, theme)):
            y, wide = relative_error(chart, i), 2.2 if i == own else 1.5
            curves.append(Curve(f"error.{i}", name, time.at[: len(y)], y, stroke, width=wide))
        return curves

    axes = over_steps(at.config.steps, tr("error"), limits=(0.0, 1.05))
    return Plot(axes, with_pinned(at, of_run, saying_pinned))
