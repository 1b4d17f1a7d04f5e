"""Long paths with fewer points: those at which they enter another pixel, computed only for new points."""

import numpy as np

from gui.plots.axes import FAR, Plane
from gui.plots.scale import FloatArray

SCREEN_TRAIL = 1000  # a path with at most this many points is drawn with all of them


def within_reach(x: FloatArray, y: FloatArray, plane: Plane) -> tuple[FloatArray, FloatArray]:
    """Shorten the steps of a path that lead far outside the plot, keeping their direction.

    Everything after the first infinite or NaN point is left out.
    """
    middle = plane.rect.center()
    away = np.maximum(np.abs(x - middle.x()), np.abs(y - middle.y()))
    if not len(x) or away.max() <= FAR:  # nearly always; not with a NaN
        return x, y
    bad = ~(np.isfinite(x) & np.isfinite(y))
    if bad.any():
        end = int(np.argmax(bad))
        x, y = x[:end], y[:end]
    reach = np.maximum(np.abs(x - middle.x()), np.abs(y - middle.y())) / FAR
    far = np.flatnonzero(reach > 1)
    if not len(far):
        return x, y
    x, y = x.copy(), y.copy()
    if far[0] > 0:  # the step that leaves the plot keeps its direction; what follows is not visible
        out, seen = far[0], far[0] - 1
        step = np.array([x[out] - x[seen], y[out] - y[seen]])
        x[out], y[out] = np.array([x[seen], y[seen]]) + step * (FAR / np.abs(step).max())
        far = far[1:]
    x[far] = middle.x() + (x[far] - middle.x()) / reach[far]
    y[far] = middle.y() + (y[far] - middle.y()) / reach[far]
    return x, y


def seen_points(x: FloatArray, y: FloatArray) -> np.ndarray:
    """Return the indices of the points of a path (in pixels) at which it enters another pixel."""
    if len(x) < 2:
        return np.arange(len(x))
    column, row = np.rint(np.nan_to_num(x)), np.rint(np.nan_to_num(y))
    moved = (column[1:] != column[:-1]) | (row[1:] != row[:-1])
    moved[-1] = True
    return np.concatenate(([0], np.flatnonzero(moved) + 1))


def extremes(x: FloatArray, y: FloatArray, size: int) -> np.ndarray:
    """Return the indices of the leftmost, rightmost, highest and lowest of every `size` points."""
    groups = len(x) // size
    whole = [values[: groups * size].reshape(groups, size) for values in (x, y)]
    found = np.stack([pick(part, axis=1) for part in whole for pick in (np.argmin, np.argmax)], axis=1)
    inside = np.sort(found + np.arange(groups)[:, None] * size, axis=1).ravel()
    return np.unique(np.concatenate((inside, np.arange(groups * size, len(x)))))


class Trail:
    """The visible points of a path that grows at its end, computed only for the new points.

    It relies on arrays that are never changed: a longer slice of the same array is the same path.
    """

    def __init__(self) -> None:
        self._source: object = None
        self._plane: Plane | None = None
        self._forget()

    def _forget(self) -> None:
        self._done = 0
        self._index, self._points = np.zeros(0, int), np.zeros((2, 0))

    def pixels(self, xy: FloatArray, plane: Plane) -> tuple[FloatArray, FloatArray]:
        """Return the pixels of the path, with fewer points."""
        if len(xy) <= SCREEN_TRAIL:
            return within_reach(*_project(xy, plane), plane)
        source = xy.base if xy.base is not None else xy
        if source is not self._source or plane != self._plane:
            self._source, self._plane = source, plane
            self._forget()
        if len(xy) > self._done:
            self._add(xy, plane)
        count = int(np.searchsorted(self._index, len(xy)))
        head = np.stack(_project(xy[-1:], plane))
        x, y = np.concatenate((self._points[:, :count], head), axis=1)
        return within_reach(x, y, plane)

    def _add(self, xy: FloatArray, plane: Plane) -> None:
        x, y = _project(xy[self._done :], plane)
        new = seen_points(x, y)
        self._index = np.concatenate((self._index, new + self._done))
        self._points = np.concatenate((self._points, np.stack((x[new], y[new]))), axis=1)
        self._done = len(xy)
        if len(self._index) > 3 * SCREEN_TRAIL:
            self._thin()

    def _thin(self) -> None:
        """Keep the first points, and of the rest only the extremes: so many points fill a small area."""
        rest = self._points[:, SCREEN_TRAIL:]
        reach = extremes(rest[0], rest[1], max(16, 4 * rest.shape[1] // SCREEN_TRAIL))
        kept = np.concatenate((np.arange(SCREEN_TRAIL), SCREEN_TRAIL + reach))
        self._index, self._points = self._index[kept], self._points[:, kept]


def _project(xy: FloatArray, plane: Plane) -> tuple[FloatArray, FloatArray]:
    with np.errstate(over="ignore", invalid="ignore"):
        return plane.px(xy[:, 0]), plane.py(xy[:, 1])
