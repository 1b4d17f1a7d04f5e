"""A surface on a grid, as it is drawn: asked of the engine's thread, and shown when it is there."""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from engine.config import plain
from engine.surfaces.choice import OnSurface, surface_of
from engine.surfaces.surface import Bounds, Surface
from gui.plots.contours import FieldPanel
from gui.screen.view import Moment, Question

Array = NDArray[np.float64]
Camera = Annotated[
    tuple[float, float, float], plain("Viewpoint", "From where the landscape is seen.", kind="camera")
]
FROM_THE_FRONT: Camera = (-60.0, 35.0, 1.35)


def surface_key(at: Moment[Any, Any]) -> tuple[object, ...]:
    """The settings that choose a surface."""
    return tuple(getattr(at.config, name) for name in OnSurface.__struct_fields__)


def chosen_surface(at: Moment[Any, Any]) -> Surface:
    """The surface of a moment, made once for its settings."""
    return at.once(_surface, *surface_key(at))


def _surface(*settings: Any) -> Surface:
    return surface_of(OnSurface(*settings))


def surface_wanted(at: Moment[Any, Any], points: int = 181) -> Question:
    """The values of the surface over the whole plot, with so many points along each side."""
    surface = chosen_surface(at)
    return grid_values, surface, surface.bounds, points


def grid_values(surface: Surface, bounds: Bounds, points: int) -> Array:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(low, high, points))
    with np.errstate(all="ignore"):
        return np.asarray(surface.value(x, y), np.float64)


def show_field(panel: FieldPanel, surface: Surface, values: Array, levels: int = 16) -> None:
    """Show another surface, all of it, from its values on a grid."""
    panel.reset_zoom()
    panel.set_field(values, surface.bounds, surface.log_levels, levels, surface.value)
