"""The map of a network landscape: the loss over a plane as contours, with the centre, and the paths."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.experiments.optimizers.landscape import Chart
from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.axes import Axes
from gui.plots.contours import READOUT, FieldPanel, Path
from gui.plots.described import Columns
from gui.plots.lines import halo
from gui.plots.painting import CENTRE
from gui.plots.part import Layer


def percent(share: float) -> str:
    """A share with three digits: 70.9 %, 0.199 %; – where it is not known."""
    return f"{100 * share:#.3g}".rstrip(".") + " %" if np.isfinite(share) else "–"


def axis_names(chart: Chart) -> tuple[tuple[str, str], tuple[str, str]]:
    """The names of the two directions, with the share of the variance that a principal one holds."""
    if not chart.shares:
        return (tr("α, along δ₁"), ""), (tr("β, along δ₂"), "")
    names = [tr("{name}: {share} of the variance", name=name, share=percent(share))
             for name, share in zip("αβ", chart.shares, strict=True)]  # fmt: skip
    return (names[0], ""), (names[1], "")


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
        grid = self._field.table("α", "β", "L")
        return [*super().table(), *grid] if self.paths else grid

    def _draw_waiting(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self.waiting:
            return
        painter.setPen(QColor(self.theme.quiet))
        room = axes.outer.adjusted(self.theme.px(24), 0, -self.theme.px(24), 0)
        text = tr("The plane is laid through the end of the training: the map comes when all have arrived.")
        painter.drawText(room, CENTRE | Qt.TextFlag.TextWordWrap, text)

    def _draw_centre(self, painter: QPainter, axes: Axes, live: bool) -> None:
        rect, place = axes.plane.rect, axes.plane.point(0.0, 0.0)
        if rect.contains(place):
            plus(painter, place, self.theme.px(6))


def plus(painter: QPainter, place: QPointF, reach: float) -> None:
    """A thin cross of two lines."""
    for line in (halo("#FFFFFF", 4.0), QPen(QColor("#1F2328"), 1.6)):
        painter.setPen(line)
        painter.drawLine(place - QPointF(reach, 0), place + QPointF(reach, 0))
        painter.drawLine(place - QPointF(0, reach), place + QPointF(0, reach))


def paths_of(
    chart: Chart, point: int, racers: Sequence[tuple[str, Stroke]], lost: Sequence[bool]
) -> list[Path]:
    """The paths up to a point, in the coordinates of the plane."""
    found = []
    for i, (name, stroke) in enumerate(racers):
        xy = chart.points[i, : point + 1]
        found.append(Path(str(i), name, xy[np.isfinite(xy).all(axis=1)], stroke, diverged=lost[i]))
    return found
