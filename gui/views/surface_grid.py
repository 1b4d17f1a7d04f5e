"""A surface on a grid, as it is drawn."""

import numpy as np
from numpy.typing import NDArray

from engine.surface import Surface


def grid_values(
    surface: Surface, bounds: tuple[tuple[float, float], tuple[float, float]], points: int
) -> NDArray[np.float64]:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y), np.float64)
