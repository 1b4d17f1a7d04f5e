"""The stationary points and the lowest minima of a config's surface: known for some, searched for a formula.

A search takes about 0.1 s. It is done in pieces, and its result is kept: if the user drags the start point,
each new run continues the search of the last run instead of repeating it.
"""

from functools import lru_cache
from threading import Lock

import numpy as np

from engine.pieces import WORKING, Pieces, result_of
from engine.surfaces.choice import OnSurface, surface_of
from engine.surfaces.stationary_points import StationaryPoint, searching

LOOKED_AT = 65  # grid points along each side, at which f is compared with the minima found
SAME_HEIGHT = 1e-9  # of f, or of 1: minima whose values differ by less all count as the lowest

Minima = tuple[tuple[float, float, float], ...]


class Search:
    """The search on one surface; every run that waits for it continues it, from any thread."""

    def __init__(self, config: OnSurface) -> None:
        self._surface = surface_of(config)
        self._work, self._lock = searching(self._surface), Lock()
        self._points: tuple[StationaryPoint, ...] | None = None

    def pieces(self) -> Pieces[tuple[StationaryPoint, ...]]:
        """Continue the search until everything is found."""
        while (points := self._advanced()) is None:
            yield WORKING
        return points

    def _advanced(self) -> tuple[StationaryPoint, ...] | None:
        with self._lock:
            if self._points is None:
                try:
                    next(self._work)
                except StopIteration as end:
                    self._points = end.value
                    self._work = searching(self._surface)  # a search that failed begins again
            return self._points


@lru_cache(maxsize=16)  # so that a new run continues the search, and does not repeat it
def _search(surface: str, condition: float, expression: str, reach: float) -> Search:
    return Search(OnSurface(surface=surface, condition=condition, expression=expression, reach=reach))


def finding_points(config: OnSurface) -> Pieces[tuple[StationaryPoint, ...]]:
    """`points_of`, in pieces where it is searched."""
    return _search(config.surface, config.condition, config.expression, config.reach).pieces()


def points_of(config: OnSurface) -> tuple[StationaryPoint, ...]:
    """The stationary points of the surface; runs can end at them."""
    return result_of(finding_points(config))


def finding_minima(config: OnSurface) -> Pieces[Minima]:
    """The lowest minima as (x, y, f); none where they are not known.

    For a formula, these are the lowest of its minima in and near the picture. If f is lower still at some
    point in the picture, none is returned: f falls on beyond the edge, or has a kink or a pole there.
    """
    if config.surface != "expression":
        return surface_of(config).minima
    return _lowest(config, (yield from finding_points(config)))


def minima_of(config: OnSurface) -> Minima:
    """The lowest minima, at once."""
    return result_of(finding_minima(config))


def _lowest(config: OnSurface, points: tuple[StationaryPoint, ...]) -> Minima:
    found = [point for point in points if point.kind == "minimum"]
    if not found:
        return ()
    least = min(point.f for point in found)
    near = SAME_HEIGHT * max(1.0, abs(least))
    side = np.linspace(-config.reach, config.reach, LOOKED_AT)
    heights = surface_of(config).value(side[None, :], side[:, None])
    if np.nanmin(heights, initial=np.inf) < least - near:
        return ()
    return tuple((point.x, point.y, point.f) for point in found if point.f <= least + near)
