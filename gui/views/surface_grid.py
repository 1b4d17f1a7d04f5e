"""A surface on a grid, as it is drawn."""

import numpy as np
from numpy.typing import NDArray

from engine.surface import Bounds, Surface
from gui.plots.contours import FieldPanel


def grid_values(surface: Surface, bounds: Bounds, points: int) -> NDArray[np.float64]:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y), np.float64)


def show_field(panel: FieldPanel, surface: Surface, values: NDArray[np.float64], levels: int = 16) -> None:
    """Show another surface, all of it, from its values on a grid."""
    panel.reset_zoom()
    panel.set_field(values, surface.bounds, surface.log_levels, levels, surface.value)
