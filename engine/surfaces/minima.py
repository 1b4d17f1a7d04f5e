"""The stationary points and the lowest minima of a config's surface: known for some, searched for a formula.

A search takes about 0.1 s. It is done in pieces, and its result is kept: if the user drags the start point,
each new run continues the search of the last run instead of repeating it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np

from engine.pieces import WORKING, Pieces, result_of
from engine.surfaces.choice import OnSurface, surface_of
from engine.surfaces.kinks import LowPoint, searching_kinks
from engine.surfaces.stationary_points import StationaryPoint, searching

FoundT = TypeVar("FoundT")

LOOKED_AT = 65  # grid points along each side, at which f is compared with the minima found
SAME_HEIGHT = 1e-9  # of f, or of 1: minima whose values differ by less all count as the lowest

Minima = tuple[tuple[float, float, float], ...]


class Search(Generic[FoundT]):
    """A search on one surface; every run that waits for it continues it, from any thread."""

    def __init__(self, begin: Callable[[], Pieces[FoundT]]) -> None:
        self._begin = begin
        self._work, self._lock = begin(), Lock()
        self._found: FoundT | None = None

    def pieces(self) -> Pieces[FoundT]:
        """Continue the search until everything is found."""
        while (found := self._advanced()) is None:
            yield WORKING
        return found

    def _advanced(self) -> FoundT | None:
        """Search a little further, or wait until another thread has; None until everything is found."""
        with self._lock:
            if self._found is None:
                try:
                    next(self._work)
                except StopIteration as end:
                    self._found = end.value
                    self._work = self._begin()  # a search that failed begins again
            return self._found


@lru_cache(maxsize=16)  # so that a new run continues the search, and does not repeat it
def _search(
    surface: str, condition: float, expression: str, reach: float
) -> Search[tuple[StationaryPoint, ...]]:
    """The search for the stationary points of one surface."""
    config = OnSurface(surface=surface, condition=condition, expression=expression, reach=reach)
    return Search(partial(searching, surface_of(config)))


@lru_cache(maxsize=16)
def _search_of_kinks(expression: str, reach: float) -> Search[tuple[LowPoint, ...]]:
    """The search for the minima of a formula at its kinks."""
    config = OnSurface(surface="expression", expression=expression, reach=reach)
    return Search(partial(searching_kinks, surface_of(config), reach))


def finding_points(config: OnSurface) -> Pieces[tuple[StationaryPoint, ...]]:
    """`points_of`, in pieces where it is searched."""
    return _search(config.surface, config.condition, config.expression, config.reach).pieces()


def points_of(config: OnSurface) -> tuple[StationaryPoint, ...]:
    """The stationary points of the surface; runs can end at them."""
    return result_of(finding_points(config))


def finding_minima(config: OnSurface) -> Pieces[Minima]:
    """The lowest minima as (x, y, f); none where they are not known.

    For a formula, these are the lowest of its minima in and near the picture. Where some point in the picture
    is lower still, those at kinks are searched as well (`engine.surfaces.kinks`). If f is lower even then,
    none is returned: f falls on beyond the edge, or has a pole or a whole valley there.
    """
    if config.surface != "expression":
        return surface_of(config).minima
    points = yield from finding_points(config)
    smooth = [(one.x, one.y, one.f) for one in points if one.kind == "minimum"]
    if found := _lowest(config, smooth):
        return found
    kinks = yield from _search_of_kinks(config.expression, config.reach).pieces()
    return _lowest(config, [*smooth, *((kink.x, kink.y, kink.f) for kink in kinks)])


def minima_of(config: OnSurface) -> Minima:
    """The lowest minima, at once."""
    return result_of(finding_minima(config))


def _lowest(config: OnSurface, found: Sequence[tuple[float, float, float]]) -> Minima:
    """The lowest of some minima; none where f is lower at some point in the picture."""
    if not found:
        return ()
    least = min(f for _, _, f in found)
    near = SAME_HEIGHT * max(1.0, abs(least))
    side = np.linspace(-config.reach, config.reach, LOOKED_AT)
    heights = surface_of(config).value(side[None, :], side[:, None])
    if np.nanmin(heights, initial=np.inf) < least - near:
        return ()
    return tuple((x, y, f) for x, y, f in found if f <= least + near)
