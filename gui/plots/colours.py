"""Colour maps, and the scale from the values of a field to colours.

Viridis for amounts (Smith and van der Walt, 2015): equal steps look equal, for every kind of colour
vision. For signed values, a map from blue through the colour of the paper to vermilion, centred on 0.
"""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.look.theme import Theme, metrics_of
from gui.plots.painting import LEFT, hairline, rgb, saved
from gui.plots.scale import around
from gui.plots.ticks import Ticks, linear_ticks, log_ticks, value_text

VIRIDIS = [
    "#440154",
    "#48186a",
    "#472d7b",
    "#424086",
    "#3b528b",
    "#33638d",
    "#2c728e",
    "#26828e",
    "#21918c",
    "#1f9f88",
    "#27ad81",
    "#3dbc74",
    "#5cc863",
    "#81d34d",
    "#aadc32",
    "#d5e21a",
    "#fde725",
]
READABLE = 3.0  # the least contrast of letters (WCAG 2.2, for large ones)
GRAY = ["#000000", "#ffffff"]
DECADES = 30.0  # a log scale shows no more than this many
ABSURD = 1e6  # a scale ends at this many times the usual values


@cache
def colour_map(name: str, middle: str = "#ffffff") -> pg.ColorMap:
    """pyqtgraph's ColorMap of "viridis", "gray", or "diverging" over `middle`."""
    stops = {"viridis": VIRIDIS, "gray": GRAY}.get(name, ["#0b4f8a", "#4f97cf", middle, "#e8773a", "#a03c00"])
    return pg.ColorMap(None, [rgb(stop) for stop in stops])


@cache
def table(name: str, middle: str = "#ffffff", size: int = 256) -> NDArray[np.uint8]:
    """Return the same colour map as `size` rows of red, green, blue."""
    colours = colour_map(name, middle).getLookupTable(nPts=size, mode="float", alpha=False)
    rows: NDArray[np.uint8] = np.rint(255 * colours).astype(np.uint8)
    return rows


def shades(unit: ArrayLike, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colours, shape (…, 4), of numbers between 0 and 1; NaN is transparent."""
    unit = np.asarray(unit, float)
    known = np.isfinite(unit)
    index = (np.clip(np.where(known, unit, 0.0), 0, 1) * (len(colours) - 1)).astype(np.intp)
    return np.concatenate((colours[index], np.where(known, 255, 0)[..., None].astype(np.uint8)), axis=-1)


def image(rgba: NDArray[np.uint8]) -> QImage:
    """Return a picture of colours, shape (rows, columns, 4), the first row on top."""
    pixels = np.ascontiguousarray(rgba)
    rows, columns = pixels.shape[:2]
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()


def crisp(picture: QImage, size: int = 512) -> QImage:
    """Return the same picture with larger pixels, so that programs that show the file do not blur them."""
    times = max(1, size // max(picture.width(), picture.height()))
    return picture.scaled(picture.width() * times, picture.height() * times)


def ink_on(colour: QColor) -> QColor:
    """Return black or white, whichever has more contrast with a colour."""
    return QColor("#000000" if reads_black(rgb(colour)) else "#ffffff")


def reads_black(colours: ArrayLike) -> NDArray[np.bool_]:
    """Whether black has more contrast than white with colours, shape (…, 3), each from 0 to 255."""
    black, white = _contrasts(colours)
    return np.asarray(black > white)


def words_read_black(colours: ArrayLike, begins: ArrayLike) -> NDArray[np.bool_]:
    """`reads_black` for letters on colours, shape (letters, 3): one ink for a word, if it can be read.

    `begins` has the first letter of each word, and begins with 0. A word on colours so different that neither
    ink has enough contrast with all of them is written in both.
    """
    starts = np.asarray(begins)
    black, white = _contrasts(colours)
    of_black, of_white = np.minimum.reduceat(black, starts), np.minimum.reduceat(white, starts)
    word = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(black)))
    one = np.maximum(of_black, of_white) >= READABLE
    return np.where(one[word], (of_black > of_white)[word], black > white)


def _contrasts(colours: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The contrast of black and of white with colours (WCAG 2.2), from 1 to 21."""
    light = (np.asarray(colours) / 255) ** 2.2 @ (0.2126, 0.7152, 0.0722)
    return (light + 0.05) / 0.05, 1.05 / (light + 0.05)


@dataclass(frozen=True)
class FieldScale:
    """From values to 0…1: linear, or logarithmic above `shift`."""

    low: float  # in log₁₀(value − shift) when log
    high: float
    log: bool = False
    shift: float = 0.0

    @classmethod
    def of(cls, values: ArrayLike, log: bool) -> "FieldScale":
        """Return a scale for all finite values; it leaves out extremely large ones."""
        known = np.asarray(values, float)
        known = known[np.isfinite(known)]
        if not known.size:
            return cls(0.0, 1.0)
        shift = min(float(known.min()), 0.0) if log else 0.0
        floor, ordinary = (float(q) for q in np.quantile(known, (0.004, 0.95)))
        bottom = float(known.min())
        top = min(float(known.max()), ordinary + ABSURD * max(ordinary - bottom, abs(ordinary), 1e-290))
        if not log or not top > max(floor, shift):
            return cls(bottom, top) if top > bottom else cls(*around(bottom))
        high = float(np.log10(top - shift))
        return cls(max(float(np.log10(max(floor - shift, 1e-300))), high - DECADES), high, True, shift)

    def unit(self, values: ArrayLike) -> NDArray[np.floating]:
        """Return values as numbers from 0 to 1 (outside the scale: beyond); NaN for no value."""
        places = np.asarray(values, float)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.log:
                places = np.log10(np.maximum(places - self.shift, 10.0 ** (self.low - 1)))
            unit = (places - self.low) / (self.high - self.low)
        return np.where(np.isfinite(unit), unit, np.nan)

    def ticks(self, count: int) -> Ticks:
        """Return ticks from 0 to 1 with the values there."""
        if self.log and self.shift:  # round numbers are not evenly spaced here
            unit = tuple(k / count for k in range(count + 1))
            return Ticks(unit, tuple(value_text(self.value(place)) for place in unit))
        make = partial(log_ticks, raised=True) if self.log else linear_ticks  # beside a plot that needs room
        ticks = make(self.low, self.high, count)
        span = self.high - self.low
        return Ticks(tuple((place - self.low) / span for place in ticks.places), ticks.labels)

    def value(self, unit: float) -> float:
        """Return the value at a number from 0 to 1."""
        place = self.low + unit * (self.high - self.low)
        return float(self.shift + 10.0 ** min(place, 308.0)) if self.log else place


def bar_width(theme: Theme, scale: FieldScale, height: float) -> float:
    """Return the width that the colour bar and its numbers need beside a plot."""
    metrics = theme.metrics()
    labels = _bar_ticks(scale, height, metrics.height()).labels
    return theme.px(30) + max((metrics.horizontalAdvance(label) for label in labels), default=0.0)


def _bar_ticks(scale: FieldScale, height: float, line: float) -> Ticks:
    return scale.ticks(max(2, int(height / (3 * line))))


def draw_bar_ticks(painter: QPainter, theme: Theme, rect: QRectF, scale: FieldScale) -> None:
    """Draw the ticks and numbers of a colour bar that stands at the left of `rect`."""
    line = metrics_of(painter.font()).height()
    ticks = _bar_ticks(scale, rect.height(), line)
    with saved(painter):
        for place, label in zip(ticks.places, ticks.labels, strict=True):
            if -0.001 <= place <= 1.001:
                y = rect.bottom() - place * rect.height()
                painter.setPen(hairline(theme))
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.left() + theme.px(3), y))
                painter.setPen(QPen(QColor(theme.quiet)))
                painter.drawText(QRectF(rect.left() + theme.px(6), y - line / 2, 200, line), LEFT, label)
