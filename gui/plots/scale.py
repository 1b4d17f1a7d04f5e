"""Scales: from values to places along an axis and back, linear or logarithmic, with a name and a unit.

A log scale works in *axis coordinates*, the decimal logarithm of the value; a linear one in the values.
"""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gui.look.language import tr
from gui.plots.ticks import Ticks, linear_ticks, log_ticks, whole_ticks

FloatArray = NDArray[np.floating[Any]]
Range = tuple[float, float]
VAST = 1e300  # axis coordinates beyond which nothing is told apart


@dataclass(frozen=True)
class Scale:
    """Name, unit and scale of an axis; `whole` when only whole numbers mean something on it.

    Beyond `most` there are no ticks: no accuracy is above 1, though there may be room for words.
    """

    label: str = ""
    unit: str = ""
    log: bool = False
    whole: bool = False
    most: float = inf

    @property
    def name(self) -> str:
        """The name with its unit, as a table heads a column."""
        return self.head(self.label)

    def head(self, name: str) -> str:
        """The name of something that is measured along it, with the unit."""
        return f"{name} ({self.unit})" if self.unit else name

    @property
    def caption(self) -> str:
        """The name, unit and scale, as they stand beside the axis."""
        return tr("{name} · log scale", name=self.name) if self.log and self.name else self.name

    def coordinate(self, values: ArrayLike) -> FloatArray:
        """Axis coordinates of values; NaN for values that a log axis does not have."""
        array = np.asarray(values, dtype=float)
        if not self.log:
            return array
        places: FloatArray = np.full(array.shape, np.nan)
        np.log10(array, where=array > 0, out=places)
        return places

    def value(self, coordinate: float) -> float:
        """The value at an axis coordinate."""
        return float(10.0 ** min(coordinate, 308.0)) if self.log else coordinate

    def ticks(self, low: float, high: float, count: int) -> Ticks:
        """Ticks between two axis coordinates."""
        make = log_ticks if self.log else whole_ticks if self.whole else linear_ticks
        return make(low, min(high, max(float(self.coordinate(self.most)), low)), count)


def around(value: float) -> Range:
    """A range that one can see, around a single value."""
    room = abs(value) * 0.1 if abs(value) > 1e-280 else 1.0
    return value - room, value + room
