"""The lines over a map: where theory has its border, outlines of a pinned one; the distance of its run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convergence.stability import convergence_factor, largest_rate
from engine.convergence.theorems import best_heavy_ball
from engine.experiments.optimizers.maps import DIVERGED, Chosen, MapsRun, MapsSnapshot, Points
from engine.experiments.optimizers.maps_config import MapAxis, MapsConfig, axes_of, setup_of
from engine.surfaces.choice import surface_of
from gui.look.language import tr
from gui.look.theme import DASHED, SOLID, Stroke, Theme
from gui.plots.contours import Track
from gui.plots.curves import Curve, CurvesPanel
from gui.screen.moment import Ghost, Moment
from gui.views.optimizers.maps_words import curvatures_of
from gui.views.pinned import level

POINTS = 200  # of the border
MOST = 12  # places of a pinned map that are outlined
CLOSER = 5  # times the steps that it took to arrive are looked at
FEWEST = 20


def border_path(config: MapsConfig, theme: Theme) -> list[Track]:
    """On a quadratic: the largest learning rate that converges, and the best setting, in axis coordinates."""
    upward, rule = axes_of(config)[1], config.optimizer.name
    shares = (np.arange(POINTS) + 0.5) / POINTS
    border = largest_rates(config, shares)
    if np.isnan(border).all():
        return []
    line = np.column_stack((np.log10(border), coordinates(upward, upward.at(shares))))
    paths = [Track("border", "", line, Stroke(theme.text, DASHED), head=False)]
    curvatures = curvatures_of(surface_of(config))
    if curvatures is not None and upward.name == "beta" and rule in ("momentum", "averaged_momentum"):
        best = best_heavy_ball(*curvatures)
        rate = best.rate if rule == "momentum" else best.rate / (1 - best.beta)
        place = np.array([[np.log10(rate), best.beta]])
        paths.append(Track("best", tr("fastest in theory"), place, Stroke(theme.text, SOLID)))
    return paths


def largest_rates(config: MapsConfig, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The border at these heights of the map; NaN where theory has none."""
    setup, found = setup_of(config, np.full(shares.shape, 0.5), shares), None
    curvatures = curvatures_of(setup.surface)
    if curvatures is not None:
        found = largest_rate(setup.rule, curvatures[1])
    return np.resize(np.nan if found is None else found, shares.shape)  # a rule has its settings twice


def _theory_curve(config: MapsConfig, away: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """On a quadratic: a line with the slope that theory says, through where the run began."""
    curvatures = curvatures_of(surface_of(config))
    factor = None if curvatures is None else convergence_factor(config.optimizer, curvatures)
    if factor is None or not 0 < float(factor) < 10:
        return None
    with np.errstate(under="ignore", over="ignore"):
        return np.asarray(away[0] * float(factor) ** np.arange(len(away)))


def ghost_paths(ghosts: Sequence[Ghost], axes: tuple[MapAxis, MapAxis], theme: Theme) -> list[Track]:
    """The outlines of what a pinned map found, faint; its label stands in the legend's head."""
    paths = []
    begun = [(k, ghost) for k, ghost in enumerate(ghosts) if ghost.recording.last >= 0]
    for k, ghost in begun:
        shot = ghost.recording.snapshot(ghost.recording.last)[1]
        for n, line in enumerate(outlines(shot)):
            shares = zip(axes, (line.T + 0.5) / len(shot.place), strict=True)
            xy = np.column_stack([coordinates(axis, axis.at(share)) for axis, share in shares])
            name = tr("pinned: {what}", what=ghost.label) if n == 0 else ""
            paths.append(Track(f"ghost {k}.{n}", name, xy, Stroke(theme.text), ghost=True, head=False))
    return paths


def outlines(shot: MapsSnapshot) -> list[NDArray[np.float64]]:
    """Lines (column, row) around what came to each place, the most frequent places first."""
    import contourpy

    counts = np.bincount(shot.place[shot.place >= 0].ravel(), minlength=1)
    lines: list[NDArray[np.float64]] = []
    for place in np.argsort(-counts)[:MOST]:
        if counts[place]:
            here = (shot.place == place).astype(float)
            lines += contourpy.contour_generator(z=here).lines(0.5)
    return lines


def coordinates(axis: MapAxis, values: Any) -> Any:
    """Where values of an axis (a number or an array) stand in the plot."""
    return np.log10(values) if axis.log else values


def run_stroke(theme: Theme) -> Stroke:
    """The chosen run, in no colour that a basin can have."""
    return Stroke(theme.text)


def show_distance(panel: CurvesPanel, at: Moment[MapsConfig, Any], chosen: Chosen) -> None:
    """One curve on a log axis, beside the radius and on a quadratic what theory says; else f."""
    config, points, run = chosen
    goal, steps = _goal_of(points, run), np.arange(float(len(run.path)))
    stroke = run_stroke(panel.theme)
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
    theory = _theory_curve(config, away)
    if theory is not None:
        curves.append(Curve("theory", tr("theory"), steps, theory, Stroke(panel.theme.quiet, DASHED)))
    shown = np.append(away[: int(seen) + 1], config.radius)
    shown = shown[np.isfinite(shown) & (shown > 0)]
    heights = float(shown.min()) / 2, 2 * float(shown.max())
    panel.set_axes((tr("step"), ""), ("‖x − x*‖", ""), log_y=True, x_limits=(0, seen), y_limits=heights)
    panel.set_curves([*curves, Curve("away", "‖x − x*‖", steps, away, stroke)])
    panel.set_cursor(run.steps if arrived else None, tr("step {step}", step=run.steps) if arrived else "")


def _goal_of(points: Points, run: MapsRun) -> tuple[float, float] | None:
    """Where a run ended, or the minimum it is nearest to; None where there is none."""
    if run.place >= 0:
        return points[run.place].x, points[run.place].y
    minima = [point for point in points if point.kind == "minimum"]
    if not minima or run.place == DIVERGED:
        return None
    x, y = run.path[np.isfinite(run.path).all(axis=1)][-1]
    best = min(minima, key=lambda point: np.hypot(point.x - x, point.y - y))
    return best.x, best.y
