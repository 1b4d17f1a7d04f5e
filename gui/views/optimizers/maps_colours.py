"""The colours of a map: a hue for each place where runs end, darker the later they arrive; steps alone."""

from functools import lru_cache
from math import log10
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from engine.experiments.optimizers.maps import DIVERGED, UNDECIDED, MapsSnapshot
from engine.surfaces.stationary_points import StationaryPoint
from gui.look.theme import CLASSES, Theme
from gui.plots.colours import FieldScale, table
from gui.plots.painting import mixed, rgb

BRIGHT, DARK = 0.2, 0.5  # how much white is in the colour of the quickest run, black in that of the slowest
STRIPES = 3  # pixels of a stripe
SHADES = 64

Inks = NDArray[np.floating[Any]] | NDArray[np.uint8]  # (places, shades, RGB)


@lru_cache(maxsize=4)  # asked for with every picture of a map; a wavy formula has thousands of points
def hues(points: tuple[StationaryPoint, ...]) -> NDArray[np.intp]:
    """Which of the ten class colours each point has: the one whose other owners are farthest away."""
    x, y = np.array([(point.x, point.y) for point in points]).reshape(-1, 2).T
    chosen = np.arange(len(points)) % len(CLASSES)
    nearest = np.full((len(CLASSES), len(points)), np.inf)  # squared, from an owner of each colour
    for k in range(len(points)):
        if k >= len(CLASSES):
            chosen[k] = int(np.argmax(nearest[:, k]))
        away = (x - x[k]) ** 2 + (y - y[k]) ** 2
        np.minimum(nearest[chosen[k]], away, out=nearest[chosen[k]])
    chosen.flags.writeable = False
    return chosen


def undecided_colour(theme: Theme) -> str:
    """The colour of runs that are still under way."""
    return mixed(theme.quiet, theme.plot, 0.3).name()


def diverged_colour(theme: Theme) -> str:
    """The darker stripe of runs that have left."""
    return mixed(theme.text, theme.plot, 0.85).name()


def scale_of(steps: int) -> FieldScale:
    """From one step to all of them, logarithmic."""
    return FieldScale(0.0, max(log10(steps), 0.3), log=True)


def basin_pixels(shot: MapsSnapshot, points_hues: NDArray[np.intp], theme: Theme) -> NDArray[np.uint8]:
    """Colours (rows, columns, RGBA) by where each run ended, darker the later it was there for good."""
    return _painted(shot, _shades(points_hues, np.linspace(0, 1, SHADES), theme), _lateness(shot), theme)


def _shades(hues_of: NDArray[np.intp], late: NDArray[np.floating[Any]], theme: Theme) -> Inks:
    """The colours (places, shades, RGB) of places for runs that arrive early (0) to late (1)."""
    base = np.array([rgb(theme.class_colour(int(hue))) for hue in hues_of], float).reshape(-1, 1, 3)
    return np.asarray((base + BRIGHT * (255 - base) * (1 - late[:, None])) * (1 - DARK * late[:, None]))


def ends_of(hue: int, theme: Theme) -> tuple[str, str]:
    """The colours of the first and of the last runs that come to a place."""
    inks = _shades(np.array([hue]), np.array([0.0, 1.0]), theme)[0].round().astype(int).tolist()
    first, last = (QColor(*ink).name() for ink in inks)
    return first, last


def stripes(theme: Theme) -> tuple[str, str]:
    """The colours of the stripes of runs that have left."""
    return diverged_colour(theme), mixed(theme.text, theme.plot, 0.6).name()


def _lateness(shot: MapsSnapshot) -> NDArray[np.intp]:
    """The shade of each number of steps: how late that is among all that arrived, by its logarithm."""
    counts = np.bincount(shot.steps[shot.place >= 0].ravel(), minlength=2)
    early, late = np.searchsorted(np.cumsum(counts), (0.02 * counts.sum(), 0.98 * counts.sum()))
    steps = np.log(np.maximum(np.arange(int(shot.steps.max(initial=0)) + 1), 1))
    span = max(np.log(max(late, 1)) - np.log(max(early, 1)), 0.5)
    unit = np.clip((steps - np.log(max(early, 1))) / span, 0, 1)
    return np.asarray(unit * (SHADES - 1), np.intp)


def step_pixels(shot: MapsSnapshot, steps: int, theme: Theme) -> NDArray[np.uint8]:
    """Colours (rows, columns, RGBA) by how many steps each run took, whatever place it came to."""
    colours = step_table()
    unit = np.clip(scale_of(steps).unit(np.maximum(np.arange(steps + 1), 1)), 0, 1)
    shade = (unit * (len(colours) - 1)).astype(np.intp)
    places = max(int(shot.place.max()) + 1, 1)
    return _painted(shot, np.broadcast_to(colours, (places, *colours.shape)), shade, theme)


def step_table() -> NDArray[np.uint8]:
    """Viridis with the bright end for few steps."""
    return np.ascontiguousarray(table("viridis")[::-1])


def _painted(shot: MapsSnapshot, inks: Inks, shade: NDArray[np.intp], theme: Theme) -> NDArray[np.uint8]:
    """Give each pixel the ink of its place and steps, and the runs that arrived nowhere theirs.

    Those are one grey for undecided, stripes for diverged, and nothing for unknown.
    """
    places, shades, _ = inks.shape
    palette: NDArray[np.uint8] = np.zeros((places + 4, shades, 4), np.uint8)
    palette[:places, :, :3], palette[:places, :, 3] = inks.round(), 255
    undecided, dark, light = range(places, places + 3)
    dark_ink, light_ink = stripes(theme)
    for row, colour in ((undecided, undecided_colour(theme)), (dark, dark_ink), (light, light_ink)):
        palette[row] = (*rgb(colour), 255)
    up, across = (np.arange(side) for side in shot.place.shape)
    striped = np.where((up[:, None] + across) // STRIPES % 2, light, dark)
    index = np.where(shot.place == UNDECIDED, undecided, shot.place)
    index = np.where(shot.place == DIVERGED, striped, index)
    index = np.where(shot.place < DIVERGED, places + 3, index)
    return np.asarray(palette[index, shade[np.maximum(shot.steps, 0)]])
