"""A test of a theorem: its settings, the methods whose f − f* is measured, and the bounds that it gives."""

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import When, always, choice, number
from engine.convergence.methods import Walk, points
from engine.convergence.theorems import Array

RUNS = 16  # over which an expectation is measured
SMALLEST = 1e-290  # below this float64 loses its digits

Steps = Annotated[
    int,
    number(
        "Steps",
        "How many steps every method takes.",
        symbol="k",
        ge=10,
        le=5000,
        soft=(50, 3000),
        scale="log",
    ),
]

Dimension = Annotated[
    int,
    number(
        "Dimension",
        "How many coordinates x has.",
        symbol="n",
        ge=2,
        le=500,
        soft=(2, 200),
        scale="log",
        more=True,
    ),
]


def noise_in_gradients(most: float = 1, when: When = always) -> msgspec.Meta:
    """Describe the noise of a gradient; `most` is the end of its slider."""
    meaning = "Standard deviation of the noise in a gradient, as a length."
    return number("Noise", meaning, symbol="σ", ge=0, le=100, soft=(0, most), when=when)


def condition_number(low: float, high: float, soft: tuple[float, float]) -> msgspec.Meta:
    """Describe κ of a quadratic, and its range."""
    meaning = "The largest curvature over the smallest."
    return number("Condition number", meaning, symbol="κ", ge=low, le=high, soft=soft, scale="log")


Noise = Annotated[float, noise_in_gradients(when=lambda c: c.broken == "noise")]


def breaks(names: dict[str, str]) -> msgspec.Meta:
    """Describe the choice of the assumption that does not hold."""
    meaning = "Violate one assumption of the theorem, and see its bound fail."
    return choice("Break an assumption", meaning, {"none": "None: all hold", **names})


class Measured(NamedTuple):
    """One method: f − f* at k = 0 … steps, and the bound of its theorem; NaN where there is none."""

    gap: Array
    bound: Array

    def first_failure(self) -> int | None:
        """The first step at which f − f* is above the bound, by more than rounding; None if it never is."""
        above = np.flatnonzero((self.gap > self.bound * (1 + 1e-9)) & (self.gap > SMALLEST))
        return int(above[0]) if len(above) else None


class TheoremTrial(NamedTuple):
    """A test of a theorem.

    `gaps` returns f − f* of every method at the next so many points, and `bounds` the bounds at steps k.
    """

    gaps: Callable[[int], dict[str, Array]]
    bounds: Mapping[str, Callable[[NDArray[np.intp]], Array]]
    constants: dict[str, float]  # in the bounds


def side_by_side(
    walks: dict[str, Walk], value: Callable[[Array], Array]
) -> Callable[[int], dict[str, Array]]:
    """The gaps of several walks on one function."""
    return lambda count: {name: value(points(walk, count)) for name, walk in walks.items()}


def nothing(k: NDArray[np.intp]) -> Array:
    """No bound: NaN."""
    return np.full(len(k), np.nan)
