"""The chosen run of a map against step: how far it is from where it ends, beside the radius and theory."""

import numpy as np

from engine.experiments.optimizers.maps import DIVERGED, Run
from engine.experiments.optimizers.maps_config import MapsConfig
from engine.surface_minima import points_of
from gui.look.language import tr
from gui.look.theme import DASHED, Stroke
from gui.plots.curves import Curve, CurvesPanel
from gui.views.optimizers.maps_lines import theory_curve

CLOSER = 5  # times the steps that it took to arrive are looked at
FEWEST = 20


class DistancePanel(CurvesPanel):
    """One curve on a log axis; of a run that goes nowhere, f."""

    def show_run(self, config: MapsConfig, run: Run, stroke: Stroke) -> None:
        """Show a run of a config."""
        goal, steps = goal_of(config, run), np.arange(len(run.path), dtype=float)
        if goal is None:
            self.title = tr("f against step")
            self.set_axes((tr("step"), ""), ("f", ""), x_limits=(0, config.steps))
            self.set_curves([Curve("f", "f", steps, run.f, stroke)])
            self.set_cursor(None)
            return
        arrived = run.place >= 0
        seen = float(min(config.steps, max(FEWEST, CLOSER * run.steps)) if arrived else config.steps)
        self.title = tr("Distance to where it ends") if arrived else tr("Distance to the nearest minimum")
        curves = self._curves(config, run, goal, seen, stroke)
        shown = np.append(curves[-1].y[: int(seen) + 1], config.radius)
        shown = shown[np.isfinite(shown) & (shown > 0)]
        heights = float(shown.min()) / 2, 2 * float(shown.max())
        self.set_axes((tr("step"), ""), ("‖x − x*‖", ""), log_y=True, x_limits=(0, seen), y_limits=heights)
        self.set_curves(curves)
        self.set_cursor(run.steps if arrived else None, str(run.steps) if arrived else "")

    def _curves(
        self, config: MapsConfig, run: Run, goal: tuple[float, float], seen: float, stroke: Stroke
    ) -> list[Curve]:
        """The radius, on a quadratic what theory says, and the run."""
        steps = np.arange(len(run.path), dtype=float)
        away = np.hypot(run.path[:, 0] - goal[0], run.path[:, 1] - goal[1])
        edge = np.array([0.0, seen])
        curves = [Curve("radius", "r", edge, np.full(2, config.radius), self.theme.stroke("bound"))]
        theory = theory_curve(config, away)
        if theory is not None:
            curves.append(Curve("theory", tr("theory"), steps, theory, Stroke(self.theme.quiet, DASHED)))
        return [*curves, Curve("away", "‖x − x*‖", steps, away, stroke)]


def goal_of(config: MapsConfig, run: Run) -> tuple[float, float] | None:
    """Where a run ended, or the minimum it is nearest to; None where there is none."""
    points = points_of(config)
    if run.place >= 0:
        return points[run.place].x, points[run.place].y
    minima = [point for point in points if point.kind == "minimum"]
    if not minima or run.place == DIVERGED:
        return None
    x, y = run.path[np.isfinite(run.path).all(axis=1)][-1]
    best = min(minima, key=lambda point: np.hypot(point.x - x, point.y - y))
    return best.x, best.y
