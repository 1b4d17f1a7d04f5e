"""A surface on a grid, as it is drawn: asked of the engine's thread, and shown when it is there."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.config import plain
from engine.pieces import WORKING, Pieces
from engine.surfaces.choice import OnSurface, surface_of
from engine.surfaces.surface import Bounds, Surface
from gui.plots.contours import FieldPanel
from gui.screen.view import Key, Moment, Question, Urgency, View, nothing

Array = NDArray[np.float64]
Camera = Annotated[
    tuple[float, float, float], plain("Viewpoint", "From where the landscape is seen.", kind="camera")
]
FROM_THE_FRONT: Camera = (-60.0, 35.0, 1.35)
BAND = 8192  # values between two pauses
FINE = 301  # points along each side of a part that is seen closely


Drawn = (
    tuple[Callable[..., Pieces[Array]], Any] | None
)  # called with the second, bounds and a number of points


class Valued(Protocol):
    """What has a value at every place of a plane."""

    def value(self, x: Any, y: Any) -> Any:
        """The values at (x, y), numbers or arrays."""


def surface_key(at: Moment[Any, Any]) -> tuple[object, ...]:
    """The settings that choose a surface."""
    return tuple(getattr(at.config, name) for name in OnSurface.__struct_fields__)


SurfaceOf = Callable[[Any], Surface]  # returns the surface of a moment


def chosen_surface(at: Moment[Any, Any]) -> Surface:
    """The surface of a moment, made once for its settings."""
    return at.once(_surface, *surface_key(at))


def _surface(*settings: Any) -> Surface:
    return surface_of(OnSurface(*settings))


def drawn_surface(at: Moment[Any, Any], surface_of: SurfaceOf = chosen_surface) -> Drawn:
    """What computes the values of the surface."""
    return grid_values, surface_of(at)


def surface_wanted(
    at: Moment[Any, Any], points: int = 181, surface_of: SurfaceOf = chosen_surface
) -> Question:
    """The values of the surface over the whole plot, with so many points along each side."""
    surface = surface_of(at)
    return grid_values, surface, surface.bounds, points


def grid_values(surface: Valued, bounds: Bounds, points: int) -> Pieces[Array]:
    """Values of a surface on a grid, rows along y; shape (points, points)."""
    (left, right), (low, high) = bounds
    across, up, values = np.linspace(left, right, points), np.linspace(low, high, points), []
    for rows in np.array_split(up, -(-points * points // BAND)):
        x, y = np.meshgrid(across, rows)
        with np.errstate(all="ignore"):
            values.append(np.asarray(surface.value(x, y), np.float64))
        yield WORKING
    return np.concatenate(values)


def show_field(panel: FieldPanel, surface: Surface, values: Array, levels: int = 16) -> None:
    """Show another surface, all of it, from its values on a grid."""
    panel.reset_zoom()
    panel.set_field(values, surface.bounds, surface.log_levels, levels, surface.value)


def walk_over(
    view: View,
    panel: FieldPanel,
    surface_of: SurfaceOf = chosen_surface,
    start: str = "start",
    *,
    points: int = 181,
    levels: int = 16,
    minima: bool = True,
    by: Key | None = None,
) -> None:
    """Draw the contours of a surface, with its minima, under a start that is dragged or clicked.

    `surface_of`, which must not refer to the view, returns the surface of a moment; `start` is the name of
    the setting. The values are the answer to "surface", which is asked again when `by` changes.
    """
    wanted = partial(surface_wanted, points=points, surface_of=surface_of)
    view.ask("surface", wanted, by=by or surface_of, early=True)
    view.fill(panel, partial(_show_start, surface_of=surface_of, start=start), early=True)
    show = partial(_show_contours, surface_of=surface_of, levels=levels, minima=minima)
    view.fill(panel, show, of="surface", by=nothing, early=True)
    see_closely(view, panel, partial(drawn_surface, surface_of=surface_of))
    for moved in (panel.start_dragged, panel.clicked):
        view.on(moved, partial(_move_start, start))


def _show_start(panel: FieldPanel, at: Moment[Any, Any], surface_of: SurfaceOf, start: str) -> None:
    panel.expect(surface_of(at).bounds)
    panel.set_start(*getattr(at.config, start))


def _show_contours(
    panel: FieldPanel, at: Moment[Any, Any], values: Array, surface_of: SurfaceOf, levels: int, minima: bool
) -> None:
    surface = surface_of(at)
    show_field(panel, surface, values, levels)
    if minima:
        panel.set_minima([(x, y) for x, y, _ in surface.minima])


def _move_start(start: str, view: View, x: float, y: float) -> None:
    view.edit(**{start: (x, y)})


def see_closely(
    view: View, panel: FieldPanel, drawn: Callable[[Any], Drawn], name: str = "part", points: int = FINE
) -> None:
    """Where the user zooms or pans, ask for the values of what is seen: it is as smooth as all of it was.

    `drawn`, a function of a module, tells of the moment what computes the values, such as `grid_values`, and
    of what; None where there is nothing. `name` is that of the question, one for each plot of a page; so
    many `points` are along each side.
    """
    asked, wanted = partial(_part_asked, panel, drawn, points), partial(_part_wanted, panel)
    view.ask(name, asked, Urgency.SETTLED, by=wanted, early=True)
    view.fill(panel, lambda panel, at, found: panel.set_part(*found), of=name, by=nothing, early=True)
    view.on(panel.looked_elsewhere, View.ask_again)


def _part_wanted(panel: FieldPanel, at: Moment[Any, Any]) -> Bounds | None:
    return panel.part_wanted


def _part_asked(
    panel: FieldPanel, drawn: Callable[[Any], Drawn], points: int, at: Moment[Any, Any]
) -> Question | None:
    bounds = panel.part_wanted
    found = None if bounds is None else drawn(at)
    return None if found is None else (_part_values, *found, bounds, points)


def _part_values(
    compute: Callable[..., Pieces[Array]], surface: Any, bounds: Bounds, points: int
) -> Pieces[tuple[Array, Bounds]]:
    values = yield from compute(surface, bounds, points)
    return values, bounds
