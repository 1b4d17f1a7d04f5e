"""Scales: from values to axis coordinates and back, linear or logarithmic, with a name and a unit.

A log scale works in *axis coordinates*, the decimal logarithm of the value; a linear one in the values.
"""

from dataclasses import dataclass
from math import inf, log10, nan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gui.look.language import tr
from gui.plots.ticks import Ticks, linear_ticks, log_ticks, whole_ticks

FloatArray = NDArray[np.floating[Any]]
Range = tuple[float, float]
VAST = 1e300  # the greatest axis coordinate: beyond it values are not told apart


@dataclass(frozen=True)
class Scale:
    """Name, unit and scale of an axis; `whole` if only whole numbers have a meaning on it.

    There are no ticks beyond `most`: an accuracy, for example, is at most 1, though the axis may be longer.
    `told` are ticks that a user has set, instead of those that fit.
    """

    label: str = ""
    unit: str = ""
    log: bool = False
    whole: bool = False
    most: float = inf
    told: Ticks | None = None

    @property
    def name(self) -> str:
        """The name with its unit, as the heading of a column."""
        return self.head(self.label)

    def head(self, name: str) -> str:
        """Return the name of a quantity that is measured along this axis, with the unit."""
        return tr("{name} ({unit})", name=name, unit=self.unit) if self.unit else name

    @property
    def caption(self) -> str:
        """The name, unit and scale, as written beside the axis."""
        return tr("{name} · log scale", name=self.name) if self.log and self.name else self.name

    def coordinate(self, values: ArrayLike) -> FloatArray:
        """Return the axis coordinates of values; NaN for values that a log axis does not have."""
        array = np.asarray(values, dtype=float)
        if not self.log:
            return array
        places: FloatArray = np.full(array.shape, np.nan)
        np.log10(array, where=array > 0, out=places)
        return places

    def coordinate_of(self, value: float) -> float:
        """Return the axis coordinate of one value: a tenth of the time that `coordinate` takes."""
        if not self.log:
            return float(value)
        return log10(value) if value > 0 else nan

    def value(self, coordinate: float) -> float:
        """Return the value at an axis coordinate."""
        return float(10.0 ** min(coordinate, 308.0)) if self.log else coordinate

    def ticks(self, low: float, high: float, count: int) -> Ticks:
        """Return the ticks between two axis coordinates."""
        if self.told is not None:
            return self.told.between(low, high)
        make = log_ticks if self.log else whole_ticks if self.whole else linear_ticks
        return make(low, min(high, max(self.coordinate_of(self.most), low)), count)


def around(value: float) -> Range:
    """Return a visible range around a single value."""
    room = abs(value) * 0.1 if abs(value) > 1e-280 else 1.0
    return value - room, value + room
