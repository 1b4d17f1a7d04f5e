"""A complete map in a few numbers: where the runs end, and which setting is the fastest."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.experiments.optimizers.maps import DIVERGED, MapsSnapshot, Points
from engine.experiments.optimizers.maps_config import MapsConfig, axes_of
from engine.pieces import WORKING, Pieces

MINIMA = 8  # looked at between two pauses


class Summary(NamedTuple):
    """Fractions are of all runs of a map; those that neither arrive nor diverge are undecided."""

    arrived: float
    diverged: float
    largest: int  # the point where most runs end; −1 if none arrives
    most: float  # the fraction of the runs that end there
    median: float  # of the steps of those runs
    nearest: (
        float | None
    )  # of the runs that end at the minimum nearest to their start; None without two minima
    fastest: tuple[float, float, int] | None  # the fractions of both axes and the steps of the fastest run


def summing_up(config: MapsConfig, points: Points, shot: MapsSnapshot) -> Pieces[Summary | None]:
    """The summary of a map; None while it is not complete."""
    if shot.runs < shot.place.size:
        return None
    arrived = shot.place >= 0
    counts = np.bincount(shot.place[arrived], minlength=1)
    largest = int(counts.argmax()) if arrived.any() else -1
    median = float(np.median(shot.steps[shot.place == largest])) if largest >= 0 else np.nan
    near = None
    if config.kind == "basins":
        near = yield from _ending_nearest(config, points, shot)
    most = float(counts[largest]) / shot.place.size if largest >= 0 else 0.0
    lost = float((shot.place == DIVERGED).mean())
    return Summary(float(arrived.mean()), lost, largest, most, median, near, _fastest(shot))


def _ending_nearest(config: MapsConfig, points: Points, shot: MapsSnapshot) -> Pieces[float | None]:
    """The fraction of runs that end at the minimum nearest to their start."""
    minima = [k for k, point in enumerate(points) if point.kind == "minimum"]
    if len(minima) < 2:
        return None
    fraction = (np.arange(config.side) + 0.5) / config.side
    x, y = (axis.at(fraction) for axis in axes_of(config))
    least: NDArray[np.floating[Any]] = np.full(shot.place.shape, np.inf)
    nearest = np.full(shot.place.shape, -1)
    for count, k in enumerate(minima):
        away = (x - points[k].x)[None, :] ** 2 + (y - points[k].y)[:, None] ** 2
        nearest[away < least] = k
        np.minimum(least, away, out=least)
        if count % MINIMA == MINIMA - 1:
            yield WORKING
    return float((shot.place == nearest).mean())


def _fastest(shot: MapsSnapshot) -> tuple[float, float, int] | None:
    """Where on the map the run is that arrives first."""
    steps = np.where(shot.place >= 0, shot.steps, np.iinfo(np.int32).max)
    row, column = divmod(int(steps.argmin()), len(steps))
    if shot.place[row, column] < 0:
        return None
    return (column + 0.5) / len(steps), (row + 0.5) / len(steps), int(steps[row, column])
