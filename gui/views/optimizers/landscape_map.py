"""The map of a network landscape: the loss over a plane as contours and as a landscape, with the paths."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.experiments.optimizers.landscape import Chart
from engine.landscape_grid import complete
from gui.language import tr
from gui.plots.axes import Axes
from gui.plots.contours import FieldPanel, Path
from gui.plots.lines import halo
from gui.plots.panel import CENTRE, Columns, put_note
from gui.plots.part import Layer
from gui.plots.surface3d import Surface3DPanel
from gui.plots.zoom import OVER
from gui.theme import Stroke, Theme

LATER = 120  # ms between drawings of the landscape


def percent(share: float) -> str:
    """A share with three digits: 70.9 %, 0.199 %; – where it is not known."""
    return f"{100 * share:#.3g}".rstrip(".") + " %" if np.isfinite(share) else "–"


def axis_names(chart: Chart) -> tuple[tuple[str, str], tuple[str, str]]:
    """The names of the two directions, with the share of the variance that a principal one holds."""
    if not chart.shares:
        return (tr("α, along δ"), ""), (tr("β, along η"), "")
    names = [tr("{name}: {share} of the variance", name=name, share=percent(share))
             for name, share in zip("αβ", chart.shares, strict=True)]  # fmt: skip
    return (names[0], ""), (names[1], "")


class LandscapeField(FieldPanel):
    """Contours, with a mark at the centre of the plane; before there is a plane, why there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("", theme)
        self.waiting = True
        self.reveal(False)

    def _add_layers(self) -> None:
        super()._add_layers()
        self._add_layer(Layer(self._draw_waiting, OVER))

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

    def _draw_moving(self, painter: QPainter, axes: Axes, live: bool) -> None:
        super()._draw_moving(painter, axes, live)
        rect, place = axes.plane.rect, axes.plane.point(0.0, 0.0)
        if rect.contains(place):
            plus(painter, place, self.theme.px(6))
        note = tr("＋ the centre θ*")
        needed = QFontMetricsF(painter.font()).horizontalAdvance(note) + self.theme.px(16)
        if needed < rect.width() and 8 * self.line_height < rect.height():
            painter.setPen(QColor(self.theme.text))
            up = self.line_height + self.theme.px(6)
            put_note(painter, self.theme, rect.bottomLeft() + QPointF(4, -up), note)


def plus(painter: QPainter, place: QPointF, reach: float) -> None:
    """A thin cross of two lines."""
    for line in (halo("#FFFFFF", 4.0), QPen(QColor("#1F2328"), 1.6)):
        painter.setPen(line)
        painter.drawLine(place - QPointF(reach, 0), place + QPointF(reach, 0))
        painter.drawLine(place - QPointF(0, reach), place + QPointF(0, reach))


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of a map: the grid with its first `done` points, and how its colours are spread."""

    chart: Chart
    grid: NDArray[np.float32]
    done: int
    log: bool

    def same(self, other: "Ground | None") -> bool:
        """Whether the other looks just like this one."""
        return other is not None and other.grid is self.grid and other.log == self.log


class MapPair:
    """The two pictures of one map; only what is on show and has changed is drawn.

    The contours follow at once. The landscape, which takes longer, is drawn a few times a second.
    """

    def __init__(self, theme: Theme) -> None:
        self.field = LandscapeField(theme)
        self.surface = Surface3DPanel("", theme)
        self.surface.set_axes(("α", ""), ("β", ""), ("L", ""))
        self._on_field: Ground | None = None
        self._on_surface: Ground | None = None
        self._wanted: tuple[Ground, Sequence[Path]] | None = None
        self._later = QTimer(self.surface)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER)
        self._later.timeout.connect(self._draw_surface)

    def show_title(self, title: str) -> None:
        """Name both."""
        for panel in (self.field, self.surface):
            if panel.title != title:
                panel.title = title

    def show_nothing(self) -> None:
        """There is no plane yet."""
        self._on_field = self._wanted = None
        if not self.field.waiting:
            self.field.wait(True)
            self.field.set_paths(())
        if self._on_surface is not None:
            self._on_surface = None
            self.surface.set_surface(np.full((2, 2), np.nan), ((-1.0, 1.0), (-1.0, 1.0)))
            self.surface.set_paths(())

    def show_map(
        self, ground: Ground, paths: Sequence[Path], value_at: Callable[[float, float], float]
    ) -> None:
        """Show a map and the paths over it; `value_at` is the exact loss at a place."""
        self._wanted = (ground, paths)
        if not self.field.isHidden():
            if not ground.same(self._on_field):
                self._on_field = ground
                self.field.wait(False)
                self.field.set_axes(*axis_names(ground.chart), "L")
                values = complete(ground.grid, ground.done)
                self.field.set_field(values, ground.chart.bounds, ground.log, value_at=value_at)
            self.field.set_paths(paths)
        if not self.surface.isHidden() and not self._later.isActive():
            self._later.start()

    def catch_up(self) -> None:
        """Draw the landscape now, if it waits."""
        if self._later.isActive():
            self._later.stop()
            self._draw_surface()

    def _draw_surface(self) -> None:
        if self._wanted is None or self.surface.isHidden():
            return
        ground, paths = self._wanted
        if not ground.same(self._on_surface):
            self._on_surface = ground
            values = complete(ground.grid, ground.done)
            self.surface.set_surface(values, ground.chart.bounds, ground.log)
        self.surface.set_paths(paths)


def paths_of(
    chart: Chart, point: int, names: Sequence[str], strokes: Sequence[Stroke], lost: Sequence[bool]
) -> list[Path]:
    """The paths up to a point, in the coordinates of the plane."""
    found = []
    for i, (name, stroke) in enumerate(zip(names, strokes, strict=True)):
        xy = chart.points[i, : point + 1]
        found.append(Path(str(i), name, xy[np.isfinite(xy).all(axis=1)], stroke, diverged=lost[i]))
    return found
