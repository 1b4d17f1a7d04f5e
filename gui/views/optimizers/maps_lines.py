"""The lines over a map: the border of what converges in theory, and the outlines of a pinned map."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.convergence import best_heavy_ball
from engine.experiments.optimizers.maps import Snapshot
from engine.experiments.optimizers.maps_config import MapAxis, MapsConfig, axes_of, setup_of
from engine.stability import convergence_factor, largest_rate
from engine.surface_choice import surface_of
from gui.look.language import tr
from gui.look.theme import DASHED, SOLID, Stroke, Theme
from gui.plots.contours import Path
from gui.screen.moment import Ghost
from gui.views.optimizers.maps_words import curvatures_of

POINTS = 200  # of the border
MOST = 12  # places of a pinned map that are outlined


def border_path(config: MapsConfig, theme: Theme) -> list[Path]:
    """On a quadratic: the largest learning rate that converges, and the best setting, in axis coordinates."""
    upward = axes_of(config)[1]
    shares = (np.arange(POINTS) + 0.5) / POINTS
    border = largest_rates(config, shares)
    if np.isnan(border).all():
        return []
    line = np.column_stack((np.log10(border), coordinates(upward, upward.at(shares))))
    paths = [Path("border", "", line, Stroke(theme.text, DASHED), head=False)]
    curvatures, averaged = curvatures_of(surface_of(config)), config.optimizer.name == "averaged_momentum"
    if curvatures is not None and upward.name == "beta" and (averaged or config.optimizer.name == "momentum"):
        best = best_heavy_ball(*curvatures)
        rate = best.rate / (1 - best.beta) if averaged else best.rate
        place = np.array([[np.log10(rate), best.beta]])
        paths.append(Path("best", tr("fastest in theory"), place, Stroke(theme.text, SOLID)))
    return paths


def largest_rates(config: MapsConfig, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The border at these heights of the map; NaN where theory has none."""
    setup, found = setup_of(config, np.full(shares.shape, 0.5), shares), None
    curvatures = curvatures_of(setup.surface)
    if curvatures is not None:
        found = largest_rate(setup.rule, curvatures[1])
    return np.resize(np.nan if found is None else found, shares.shape)  # a rule has its settings twice


def theory_curve(config: MapsConfig, away: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """On a quadratic: a line with the slope that theory says, through where the run began."""
    curvatures = curvatures_of(surface_of(config))
    factor = None if curvatures is None else convergence_factor(config.optimizer, curvatures)
    if factor is None or not 0 < float(factor) < 10:
        return None
    with np.errstate(under="ignore", over="ignore"):
        return np.asarray(away[0] * float(factor) ** np.arange(len(away)))


def ghost_paths(ghosts: Sequence[Ghost], axes: tuple[MapAxis, MapAxis], theme: Theme) -> list[Path]:
    """The outlines of what a pinned map found, faint; its label stands in the legend's head."""
    paths = []
    for k, ghost in enumerate(ghosts):
        if ghost.recording.last < 0:
            continue
        shot = ghost.recording.snapshot(ghost.recording.last)[1]
        for n, line in enumerate(outlines(shot)):
            shares = zip(axes, (line.T + 0.5) / len(shot.place), strict=True)
            xy = np.column_stack([coordinates(axis, axis.at(share)) for axis, share in shares])
            name = tr("pinned: {what}", what=ghost.label) if n == 0 else ""
            paths.append(Path(f"ghost {k}.{n}", name, xy, Stroke(theme.text), ghost=True, head=False))
    return paths


def outlines(shot: Snapshot) -> list[NDArray[np.float64]]:
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
