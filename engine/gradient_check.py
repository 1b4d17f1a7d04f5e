"""Is a derivative right? Compare it with finite differences: change one coordinate a little, up and down.

    D(h) = (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h          h = 6·10⁻⁶·max(1, |xᵢ|), in float64
    ∂f/∂xᵢ ≈ (4·D(h/2) − D(h)) / 3                   Richardson's extrapolation

eᵢ is 1 at coordinate i and 0 elsewhere. The step is about the cube root of the rounding error: a smaller step
makes the rounding error of the difference larger, a larger step its truncation error. The error of a
coordinate is |analytic − numeric| / max(|analytic|, |numeric|, floor). Without the floor, small errors of
the difference would look large where the derivative is near 0. The floor is a thousandth of the largest
derivative, or 2·10⁻⁴·max(1, |f|), where the rounding of f alone gives an error of about 10⁻⁶.

Reference: Nocedal & Wright, "Numerical Optimization" (2006), 8.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
STEP = 6e-6
TOLERANCE = 1e-6
FLOOR = 1e-3  # of the largest slope
ROUNDING = 2e-4  # of |f|


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """How well a gradient agrees with finite differences."""

    max_relative_error: float
    worst_index: int  # the coordinate with the largest error, in the flattened x
    analytic: float  # the gradient there
    numeric: float  # the difference there
    count: int  # the number of coordinates that were compared
    passed: bool  # at least one was, and no error is above the tolerance (1e-6)


@dataclass(frozen=True, eq=False)
class GradientComparison:
    """A gradient beside the differences, at the coordinates that were compared."""

    coordinates: NDArray[np.intp]  # their places in the flattened x, increasing
    analytic: Vector
    numeric: Vector
    check: GradientCheck


def check_gradient(
    f: Callable[[Vector], Any],
    gradient: ArrayLike,
    x: ArrayLike,
    *,
    at_most: int | None = None,
    seed: int = 0,
    sides: Callable[[Vector], Any] | None = None,
) -> GradientCheck:
    """Compare a gradient of f at x with central differences.

    `f` takes a float64 array in the shape of x and returns a number. At most `at_most` coordinates are
    compared, drawn by `seed`; by default all. If f has kinks (ReLU), `sides(x)` returns on which side of each
    kink x is: a difference across a kink is not a derivative, and its coordinate is left out. A non-finite
    difference fails.

    Raises:
        ValueError: the gradient and x differ in size, or are empty.
    """
    return compare_gradient(f, gradient, x, at_most=at_most, seed=seed, sides=sides).check


def compare_gradient(
    f: Callable[[Vector], Any],
    gradient: ArrayLike,
    x: ArrayLike,
    *,
    at_most: int | None = None,
    seed: int = 0,
    sides: Callable[[Vector], Any] | None = None,
) -> GradientComparison:
    """`check_gradient`, with both gradients at each coordinate that was compared."""
    x = np.array(x, np.float64)
    analytic = np.asarray(gradient, np.float64).ravel()
    if analytic.size != x.size or not x.size:
        raise ValueError(f"a gradient of {analytic.size} entries does not go with {x.size} coordinates")
    tried = np.array([i for i in _drawn(x.size, at_most, seed) if sides is None or _smooth(sides, x, i)], int)
    if not tried.size:
        nothing = GradientCheck(np.inf, 0, float(analytic[0]), np.nan, 0, False)
        return GradientComparison(tried, np.zeros(0), np.zeros(0), nothing)
    exact = analytic[tried]
    numeric = np.array([central_difference(f, x, i) for i in tried.tolist()])
    floor = max(FLOOR * float(np.max(np.abs(analytic))), ROUNDING * max(1.0, abs(float(f(x)))))
    errors = _relative_errors(exact, numeric, floor if np.isfinite(floor) else 1.0)
    worst = int(np.argmax(errors))
    error, where, slope, difference = (float(a[worst]) for a in (errors, tried, exact, numeric))
    check = GradientCheck(error, int(where), slope, difference, len(tried), error <= TOLERANCE)
    return GradientComparison(tried, exact, numeric, check)


def worst(checks: Sequence[GradientCheck]) -> GradientCheck:
    """The check with the largest error, of at least one."""
    return max(checks, key=lambda check: (not check.passed, check.max_relative_error))


def _relative_errors(exact: Vector, numeric: Vector, floor: float) -> Vector:
    """|exact − numeric| over the larger of the two; ∞ where either is non-finite."""
    finite = np.isfinite(exact) & np.isfinite(numeric)
    exact, numeric = np.where(finite, exact, 0.0), np.where(finite, numeric, 0.0)
    scale = np.maximum(np.maximum(np.abs(exact), np.abs(numeric)), floor)
    return np.where(finite, np.abs(exact - numeric) / scale, np.inf)


def central_difference(f: Callable[[Vector], Any], x: Vector, index: int) -> float:
    """The numeric derivative with respect to one coordinate of the flattened x; x is not changed.

    D(h) has the error h²f‴/6, which is large compared with a derivative near 0. In (4·D(h/2) − D(h)) / 3 this
    term cancels.
    """
    return (4.0 * _difference(f, x, index, 0.5) - _difference(f, x, index, 1.0)) / 3.0


def _difference(f: Callable[[Vector], Any], x: Vector, index: int, part: float) -> float:
    """D(h), with `part` of the usual step h."""
    above, below = _moved(x, index, part), _moved(x, index, -part)
    step = above.flat[index] - below.flat[index]  # the step after rounding
    return float((f(above) - f(below)) / step)


def _moved(x: Vector, index: int, way: float) -> Vector:
    """A copy of x with one coordinate moved by `way` times the usual step h."""
    moved = x.copy()
    moved.flat[index] += way * STEP * max(1.0, abs(float(x.flat[index])))
    return moved


def _smooth(sides: Callable[[Vector], Any], x: Vector, index: int) -> bool:
    """Whether there is no kink between the two points of a difference."""
    return np.array_equal(sides(_moved(x, index, +1.0)), sides(_moved(x, index, -1.0)))


def _drawn(size: int, at_most: int | None, seed: int) -> list[int]:
    """All indices below `size`, or a sorted random choice of `at_most` of them."""
    if at_most is None or at_most >= size:
        return list(range(size))
    drawn: list[int] = np.sort(np.random.default_rng(seed).choice(size, at_most, replace=False)).tolist()
    return drawn
