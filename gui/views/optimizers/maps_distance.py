"""The chosen run of a map against step: how far it is from where it ends, beside the radius and theory."""

from typing import Any

import numpy as np

from engine.experiments.optimizers.maps import DIVERGED, Chosen, Run
from engine.experiments.optimizers.maps_config import MapsConfig
from engine.surface_minima import points_of
from gui.look.language import tr
from gui.look.theme import DASHED, Stroke
from gui.plots.curves import Curve, CurvesPanel
from gui.screen.moment import Moment
from gui.views.optimizers.maps_lines import theory_curve
from gui.views.pinned import level

CLOSER = 5  # times the steps that it took to arrive are looked at
FEWEST = 20


def show_distance(panel: CurvesPanel, at: Moment[MapsConfig, Any], chosen: Chosen) -> None:
    """One curve on a log axis, beside the radius and on a quadratic what theory says; else f."""
    config, _, run = chosen
    goal, steps = goal_of(config, run), np.arange(float(len(run.path)))
    stroke = panel.theme.stroke(config.optimizer.name)
    if goal is None:
        panel.title = tr("f against step")
        panel.set_axes((tr("step"), ""), ("f", ""), x_limits=(0, config.steps))
        panel.set_curves([Curve("f", "f", steps, run.f, stroke)])
        panel.set_cursor(None)
        return
    arrived = run.place >= 0
    seen = float(min(config.steps, max(FEWEST, CLOSER * run.steps)) if arrived else config.steps)
    panel.title = tr("Distance to where it ends") if arrived else tr("Distance to the nearest minimum")
    away = np.hypot(*(run.path - goal).T)
    curves = [level("radius", "r", (0.0, seen), config.radius, panel.theme.stroke("bound"))]
    theory = theory_curve(config, away)
    if theory is not None:
        curves.append(Curve("theory", tr("theory"), steps, theory, Stroke(panel.theme.quiet, DASHED)))
    shown = np.append(away[: int(seen) + 1], config.radius)
    shown = shown[np.isfinite(shown) & (shown > 0)]
    heights = float(shown.min()) / 2, 2 * float(shown.max())
    panel.set_axes((tr("step"), ""), ("‖x − x*‖", ""), log_y=True, x_limits=(0, seen), y_limits=heights)
    panel.set_curves([*curves, Curve("away", "‖x − x*‖", steps, away, stroke)])
    panel.set_cursor(run.steps if arrived else None, str(run.steps) if arrived else "")


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
