"""Points and a curve: found at once by QR, and step by step down the likelihood surface."""

import numpy as np
from PySide6.QtCore import QTimer

from engine.experiments.losses.likelihood import Fit
from engine.experiments.losses.likelihood_config import MOST_POINTS, LikelihoodConfig, with_start
from engine.experiments.losses.likelihood_inspection import (
    Point,
    point,
    walked,
)
from engine.experiments.losses.likelihood_plane import Bounds, Plane, plane
from engine.recording import Recording
from gui.language import tr
from gui.notes import Live
from gui.plots.contours import FieldPanel, Path
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.panel import Panel
from gui.theme import DOTTED, Stroke, Theme
from gui.views.losses.likelihood_formulas import points_formulas
from gui.views.losses.likelihood_scene import PointsScene, Range, pinned

SETTLED = 400  # ms after the last drag until the surface follows


class LineScene(PointsScene):
    """The data above; below the surface with the way down, and how far it still is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Points, and the most likely curve"))
        self.surface = FieldPanel(tr("Negative log-likelihood"), theme)
        self.descent = CurvesPanel(tr("How far from the most likely curve"), theme)
        self.descent.legend = "strip"
        self.descent.clicked.connect(lambda step: self.step_chosen.emit(max(0, round(step))))
        self.surface.start_dragged.connect(self._drag_start)
        self.surface.point_clicked.connect(lambda _, step: self.step_chosen.emit(step))
        self._shown: tuple[Recording, int] | None = None
        self._field: object = None
        self._plane: tuple[Plane, Bounds] | None = None
        self._steps_axes: object = None
        self._dragging = QTimer(self)
        self._dragging.setSingleShot(True)
        self._dragging.setInterval(SETTLED)
        self._dragging.timeout.connect(self._settle)
        self.lay_out(self.data, self.surface, self.descent)

    def panels(self) -> list[Panel]:
        return [self.data, self.surface, self.descent]

    def draw(self, recording: Recording, step: int) -> None:
        fit = recording.snapshot(step)[1]
        if not isinstance(fit, Fit):
            return
        self._shown = (recording, step)
        self.bar.show_count(fit.count, self.config.degree + 1, MOST_POINTS)
        self._draw_data(fit, point(recording, step), step)
        self._draw_surface(fit, recording, step)
        self._draw_descent(fit, recording)
        self.descent.set_cursor(step)

    # The data

    def _draw_data(self, fit: Fit, now: Point, step: int) -> None:
        across, _ = self.see(self.config.points)
        x = self.places(across)
        closed, descent = self.theme.stroke("mse"), self.theme.stroke("gradient_descent")
        curves = [self._residuals(fit), *self._ghosts(x, step)]
        curves.append(
            Curve("closed", tr("closed form (QR)"), x, fit.curve(fit.best.theta, x), closed, width=2.7)
        )
        curves.append(
            Curve("descent", tr("gradient descent"), x, fit.curve(now.theta, x), descent, width=1.2)
        )
        self.data.set_curves(curves)
        self.data.set_handles(self.dots())

    def _residuals(self, fit: Fit) -> Curve:
        """From each point straight to the closed form: what is squared."""
        points = np.array(sorted(self.config.points))
        x = np.repeat(points[:, 0], 3)
        y = np.column_stack(
            [points[:, 1], fit.curve(fit.best.theta, points[:, 0]), np.full(len(points), np.nan)]
        )
        return Curve("residuals", "", x, y.ravel(), Stroke(self.theme.quiet, DOTTED), width=1.2)

    def _ghosts(self, x: np.ndarray, step: int) -> list[Curve]:
        curves = []
        for number, ghost in enumerate(self.ghosts):
            found = ghost.recording.snapshot(0)[1]
            if isinstance(found, Fit):
                now = point(ghost.recording, min(step, ghost.recording.last))
                stroke = self.theme.stroke("gradient_descent")
                y = found.curve(now.theta, x)
                curves.append(Curve(f"ghost {number}", pinned(ghost.label), x, y, stroke, ghost=True))
        return curves

    # The surface

    def _draw_surface(self, fit: Fit, recording: Recording, step: int) -> None:
        found = plane(fit, self.config.sigma)
        path = found.place(walked(recording, recording.last))
        bounds = found.bounds(path)
        if self._dragging.isActive() and self._plane is not None:
            bounds = self._plane[1]
        self._plane = (found, bounds)
        key = (bounds, *found.lowest.tolist(), *found.curvature.ravel().tolist())
        if key != self._field:
            self._field = key
            x, y = parameters(self.config)
            self.surface.set_axes((x, ""), (y, ""), "L − L*")
            self.surface.set_field(found.heights(bounds), bounds, value_at=found.height)
            self.surface.set_minima([tuple(found.lowest.tolist())])
        if self.config.degree == 1:
            self.surface.set_start(*path[0].tolist())
        else:
            self.surface.set_start(None)
        known = path[: step + 1]
        lost = not np.isfinite(known[-1]).all()
        stroke = self.theme.stroke("gradient_descent")
        known = known[np.isfinite(known).all(axis=1)]
        self.surface.set_paths([Path("descent", "", known, stroke, diverged=lost)])

    def _drag_start(self, x: float, y: float) -> None:
        """Another line to begin with: the surface stays as it is, only the way over it changes."""
        fit = self._shown[0].snapshot(0)[1] if self._shown else None
        if isinstance(fit, Fit):
            self._dragging.start()
            self.edit(with_start, *fit.basis.coefficients(np.array([x, y])).tolist())

    def _settle(self) -> None:
        if self._shown is not None:
            self.draw(*self._shown)

    # The steps

    def _draw_descent(self, fit: Fit, recording: Recording) -> None:
        bounded = fit.sigma > 0
        column, label = ("above", "L − L*") if bounded else ("loss", "L")
        axes = (self.config.steps, bounded)
        if axes != self._steps_axes:
            self._steps_axes = axes
            steps: Range = (0.0, float(self.config.steps))
            self.descent.set_axes((tr("step"), ""), (label, tr("nats")), log_y=bounded, x_limits=steps)
        curves = []
        for number, ghost in enumerate(self.ghosts):
            if column in ghost.recording.names:
                curves.append(
                    self._steps_curve(ghost.recording, column, f"ghost {number}", pinned(ghost.label))
                )
        self.descent.restart()
        self.descent.set_curves([*curves, self._steps_curve(recording, column, "descent", "")])

    def _steps_curve(self, recording: Recording, column: str, key: str, name: str) -> Curve:
        x, y = np.arange(recording.last + 1.0), recording.column(column)
        return Curve(key, name, x, y, self.theme.stroke("gradient_descent"), ghost=bool(name))

    def live(self, recording: Recording, step: int) -> list[Live]:
        fit = recording.snapshot(step)[1]
        if not isinstance(fit, Fit):
            return []
        assert isinstance(self.config, LikelihoodConfig)
        return points_formulas(self.config, fit, point(recording, step))


def parameters(config: LikelihoodConfig) -> tuple[str, str]:
    """The names of the two coordinates of the surface."""
    if config.degree > 1:
        return tr("the steepest direction"), tr("the flattest direction")
    return {
        "raw": (tr("intercept θ₀"), tr("slope θ₁")),
        "scaled": (tr("intercept θ₀, at the middle"), tr("slope θ₁, per half the width")),
        "orthogonal": (tr("intercept θ₀, at the mean"), tr("slope θ₁, per standard deviation")),
    }[config.features]
