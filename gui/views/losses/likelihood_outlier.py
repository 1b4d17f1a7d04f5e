"""An outlier, and three losses that let it pull as hard as they do."""

import numpy as np

from engine.experiments.losses.likelihood import Lines
from engine.experiments.losses.likelihood_config import MOST_POINTS, with_outlier
from engine.experiments.losses.likelihood_inspection import (
    sweep,
)
from engine.recording import Recording
from engine.robust_lines import LINE_LOSSES
from gui.language import tr
from gui.notes import Live
from gui.numbers import short_text
from gui.plots.annotations import Handle, Mark
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.theme import DOTTED, Stroke, Theme
from gui.views.losses.likelihood_formulas import outlier_formulas
from gui.views.losses.likelihood_scene import PointsScene, pinned

SWEPT = 1.2  # how far beyond the points the outlier is swept, in heights of them


class OutlierScene(PointsScene):
    """The lines above; below how hard each residual pulls, and how the slopes follow the outlier."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("One point more, and three losses"))
        self.pulls = CurvesPanel(tr("How hard a residual pulls"), theme)
        self.sweep = CurvesPanel(tr("How the slopes follow the outlier"), theme)
        for panel in (self.pulls, self.sweep):
            panel.legend = "none"  # the names stand above
        self.sweep.handle_dragged.connect(lambda _, x, __: self._lift(x))
        self.sweep.clicked.connect(self._lift)
        self._small_axes: object = None
        self.lay_out(self.data, self.pulls, self.sweep)

    def panels(self) -> list[Panel]:
        return [self.data, self.pulls, self.sweep]

    def dragged(self, key: str, x: float, y: float) -> None:
        """A point, or the outlier, was moved."""
        if key == "outlier":
            self.edit(with_outlier, x, y)
        else:
            super().dragged(key, x, y)

    def _lift(self, y: float) -> None:
        self.edit(with_outlier, self.config.outlier[0], float(f"{y:.4g}"))

    def draw(self, recording: Recording, step: int) -> None:
        found = recording.snapshot(step)[1]
        if not isinstance(found, Lines):
            return
        self.bar.show_count(len(self.config.points), 2, MOST_POINTS)
        across, up = self.see((*self.config.points, self.config.outlier))
        self._draw_lines(found, across)
        self._draw_pulls(found, up[1] - up[0])
        self._draw_sweep(found)

    def _draw_lines(self, found: Lines, across: tuple[float, float]) -> None:
        x = np.array(across)
        quiet = Stroke(self.theme.quiet, DOTTED)
        curves = []
        for number, ghost in enumerate(self.ghosts):
            then = ghost.recording.snapshot(0)[1]
            if isinstance(then, Lines):
                for name, line in then.lines.items():
                    label = pinned(ghost.label) if name == "mse" else ""
                    key, stroke = f"ghost {number}.{name}", self.theme.stroke(name)
                    curves.append(Curve(key, label, x, line.at(x), stroke, ghost=True))
        curves.append(Curve("without", tr("squares without the outlier"), x, found.without.at(x), quiet))
        for name, line in found.lines.items():
            title, stroke = tr(LINE_LOSSES[name].title), self.theme.stroke(name)
            curves.append(Curve(name, title, x, line.at(x), stroke, width=2.4))
        self.data.set_curves(curves)
        ring = Handle("outlier", tr("outlier"), *self.config.outlier, Stroke(self.theme.text))
        self.data.set_handles([ring, *self.dots()])

    def _draw_pulls(self, found: Lines, height: float) -> None:
        delta, theme = self.config.delta, self.theme
        at = self.config.outlier
        residuals = {name: at[1] - float(line.at(at[0])) for name, line in found.lines.items()}
        reach = 1.15 * max(*map(abs, residuals.values()), 2 * min(delta, height), 1e-9)
        r = np.unique(
            np.concatenate([np.linspace(-reach, reach, 81), [-delta, delta], 1e-9 * reach * np.arange(-1, 2)])
        )
        r = r[np.abs(r) <= reach]
        curves, marks = [], []
        for name, residual in residuals.items():
            pull, stroke = LINE_LOSSES[name].pull, theme.stroke(name)
            curves.append(Curve(name, tr(LINE_LOSSES[name].title), r, pull(r, delta), stroke))
            marks.append(Mark(residual, float(pull(np.array(residual), delta)), "", stroke))
        self.pulls.set_axes((tr("residual r = y − ŷ"), ""), (tr("pull ψ(r)"), ""), x_limits=(-reach, reach))
        self.pulls.set_curves(curves)
        self.pulls.set_marks(marks)

    def _draw_sweep(self, found: Lines) -> None:
        heights = [y for _, y in self.config.points]
        low, high, at = min(heights), max(heights), self.config.outlier[1]
        room = SWEPT * (high - low) or 1.0
        edges = (min(low - room, at - 0.3 * room), max(high + room, at + 0.3 * room))
        y, slopes = sweep(self.config, found, edges)
        if edges != self._small_axes:
            self._small_axes = edges
            self.sweep.set_axes((tr("y of the outlier"), ""), (tr("slope"), ""), x_limits=edges)
        self.sweep.restart()
        self.sweep.set_curves([
            Curve(name, tr(LINE_LOSSES[name].title), y, values, self.theme.stroke(name))
            for name, values in slopes.items()
        ])  # fmt: skip
        label = f"y = {short_text(at, 4)}"
        ring = Handle("outlier", label, at, found.lines["mse"].slope, Stroke(self.theme.text), "x")
        self.sweep.set_handles([ring])

    def live(self, recording: Recording, step: int) -> list[Live]:
        found = recording.snapshot(step)[1]
        return outlier_formulas(self.config, found) if isinstance(found, Lines) else []
