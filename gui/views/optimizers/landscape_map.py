"""The map of a network landscape: the loss over a plane as contours and as a landscape, with the paths."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from engine.experiments.optimizers.landscape import Chart
from engine.network_landscape import Array
from gui.language import tr
from gui.plots.axes import Axes
from gui.plots.contours import FieldPanel, Path
from gui.plots.lines import halo
from gui.plots.panel import CENTRE, put_note
from gui.plots.surface3d import Surface3DPanel
from gui.theme import Stroke, Theme


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

    def _draw_still(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if not self.waiting:
            super()._draw_still(painter, axes, live)
            return
        painter.setPen(QColor(self.theme.quiet))
        room = axes.outer.adjusted(self.theme.px(24), 0, -self.theme.px(24), 0)
        text = tr("The plane is laid through the end of the training: the map comes when all have arrived.")
        painter.drawText(room, CENTRE | Qt.TextFlag.TextWordWrap, text)

    def _draw_moving(self, painter: QPainter, axes: Axes, live: bool) -> None:
        if self.waiting:
            return
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


class MapPair:
    """The two pictures of one map; only what is on show and has changed is drawn."""

    def __init__(self, theme: Theme) -> None:
        self.field = LandscapeField(theme)
        self.surface = Surface3DPanel("", theme)
        self._shown: dict[object, object] = {}

    def restart(self) -> None:
        """Forget what was zoomed into: another map comes."""
        self.field.reset_zoom()
        self._shown = {}

    def show_title(self, title: str) -> None:
        """Name both."""
        for panel in (self.field, self.surface):
            if panel.title != title:
                panel.title = title

    def show_nothing(self) -> None:
        """There is no plane yet."""
        if self._shown != {"nothing": True}:
            self._shown = {"nothing": True}
            self.field.waiting = True
            self.field.set_paths(())
            self.field.redraw()
            self.surface.set_surface(np.full((2, 2), np.nan), ((-1.0, 1.0), (-1.0, 1.0)))
            self.surface.set_paths(())

    def show_map(
        self, values: Array, chart: Chart, log: bool, key: object, value_at: Callable[[float, float], float]
    ) -> None:
        """Show a grid of losses; `key` changes whenever it does."""
        names, bounds = axis_names(chart), chart.bounds
        self._shown.pop("nothing", None)
        if not self.field.isHidden() and self._shown.get("field") != key:
            self._shown["field"] = key
            self.field.waiting = False
            self.field.set_axes(*names, "L")
            self.field.set_field(values, bounds, log, value_at=value_at)
        if not self.surface.isHidden() and self._shown.get("surface") != key:
            self._shown["surface"] = key
            self.surface.set_axes(("α", ""), ("β", ""), ("L", ""))
            self.surface.set_surface(values, bounds, log)

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Draw paths over the map."""
        if not self.field.isHidden():
            self.field.set_paths(paths)
        if not self.surface.isHidden():
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
