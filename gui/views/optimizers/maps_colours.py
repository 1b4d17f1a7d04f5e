"""The colours of a map: a hue for each place where runs end, darker the later they arrive; steps alone."""

from math import log10

import numpy as np
from numpy.typing import NDArray

from engine.experiments.optimizers.maps import DIVERGED, UNDECIDED, Snapshot
from engine.stationary_points import StationaryPoint
from gui.plots.colours import FieldScale, table
from gui.plots.panel import mixed, rgb
from gui.theme import CLASSES, Theme

BRIGHT, DARK = 0.2, 0.5  # how much white is in the colour of the quickest run, black in that of the slowest
STRIPES = 3  # pixels of a stripe


def hues(points: tuple[StationaryPoint, ...]) -> NDArray[np.intp]:
    """Which of the ten class colours each point has: the one whose other owners are farthest away."""
    places = np.array([(point.x, point.y) for point in points]).reshape(-1, 2)
    chosen = np.arange(len(points)) % len(CLASSES)
    for k in range(len(CLASSES), len(points)):
        away = np.hypot(*(places[:k] - places[k]).T)
        nearest = [away[chosen[:k] == colour].min() for colour in range(len(CLASSES))]
        chosen[k] = int(np.argmax(nearest))
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


def basin_pixels(shot: Snapshot, points_hues: NDArray[np.intp], theme: Theme) -> NDArray[np.uint8]:
    """Colours (rows, columns, RGBA) by where each run ended, darker the later it was there for good."""
    base = np.array([rgb(theme.class_colour(int(hue))) for hue in points_hues], float).reshape(-1, 3)
    lateness = _lateness(shot)[..., None]
    place = np.maximum(shot.place, 0)
    hue = base[place] if len(base) else np.zeros((*place.shape, 3))
    bright = hue + BRIGHT * (255 - hue) * (1 - lateness)
    return _with_the_others(bright * (1 - DARK * lateness), shot, theme)


def _lateness(shot: Snapshot) -> NDArray[np.float64]:
    """How late each run arrived among all that did, between 0 and 1, by the logarithm of its steps."""
    steps = np.log(np.maximum(shot.steps, 1))
    arrived = steps[shot.place >= 0]
    early, late = np.quantile(arrived, (0.02, 0.98)) if arrived.size else (0.0, 1.0)
    return np.clip((steps - early) / max(late - early, 0.5), 0, 1)


def step_pixels(shot: Snapshot, steps: int, theme: Theme) -> NDArray[np.uint8]:
    """Colours (rows, columns, RGBA) by how many steps each run took, whatever place it came to."""
    unit = np.clip(scale_of(steps).unit(np.maximum(shot.steps, 1)), 0, 1)
    colours = step_table()
    return _with_the_others(colours[(unit * (len(colours) - 1)).astype(int)].astype(float), shot, theme)


def step_table() -> NDArray[np.uint8]:
    """Viridis with the bright end for few steps."""
    return np.ascontiguousarray(table("viridis")[::-1])


def _with_the_others(colours: NDArray[np.floating], shot: Snapshot, theme: Theme) -> NDArray[np.uint8]:
    """Add the runs that arrived nowhere: grey for undecided, stripes for diverged, nothing for unknown."""
    rows, columns = np.indices(shot.place.shape)
    striped = ((rows + columns) // STRIPES % 2 == 0)[..., None]
    dark, light = rgb(diverged_colour(theme)), rgb(mixed(theme.text, theme.plot, 0.6))
    away = np.where(striped, dark, light)
    colours = np.where((shot.place == DIVERGED)[..., None], away, colours)
    colours = np.where((shot.place == UNDECIDED)[..., None], rgb(undecided_colour(theme)), colours)
    known = np.where(shot.place >= DIVERGED, 255, 0)
    return np.concatenate((colours, known[..., None]), axis=-1).round().astype(np.uint8)
