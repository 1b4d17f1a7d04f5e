"""How far does one outlier move a fitted line? That depends on the slope of the loss.

    r = y − ŷ              loss ρ(r)                               influence ψ(r) = dρ/dr
    squared error          ½r²                                     r              grows with r
    absolute error         |r|                                     sign r         the same for all r
    Huber                  ½r², beyond δ the line δ(|r| − ½δ)      r cut to ±δ    grows up to δ only

ŷ is the height of the line, δ > 0 the threshold. In robust statistics ψ is called the influence function.
Each loss is a negative log-likelihood, up to a constant: ½r² of Gaussian noise, |r| of Laplace noise, Huber's
loss of noise that is Gaussian near 0 and has Laplace tails.

The least-squares line has a closed form. For absolute errors there is always a best line through two of the
points (the loss is piecewise linear in the parameters, so a corner of it is a minimum): all pairs are tried.
Huber's line is found by Newton's method. Its step is exact once it is known which points lie beyond δ; before
that, the step goes to the lowest loss along its direction.

References: P. J. Huber, "Robust estimation of a location parameter" (1964); P. Bloomfield and W. L. Steiger,
"Least Absolute Deviations" (1983), 1.3; K. Madsen and H. B. Nielsen, "Finite algorithms for robust linear
regression", BIT 30 (1990).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.losses.elementwise import Huber, MeanAbsoluteError

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
MOST = 100  # iterations; two or three are usual
SETTLED = 1e-13  # slope of the mean loss, relative to δ, at which the search ends
ROUNDING = 1e-15  # times the size of y: the rounding error of that slope
TRACE = 1e-12  # a small weight in the Hessian for points beyond δ, so that it is never singular
ALIKE = 1e-12  # relative difference below which two losses count as equal


class StraightLine(NamedTuple):
    """ŷ = intercept + slope·x; `unique` is False where other lines have the same loss."""

    intercept: float
    slope: float
    unique: bool = True

    def at(self, x: ArrayLike) -> Array:
        """ŷ at x."""
        return np.asarray(self.intercept + self.slope * np.asarray(x, np.float64))


def squared_line(x: Array, y: Array, weights: Array | None = None) -> StraightLine:
    """The line of least (weighted) squares: through the mean point, with slope covariance over variance."""
    w = np.full(len(x), 1.0 / len(x)) if weights is None else weights / weights.sum()
    x0, y0 = float(w @ x), float(w @ y)
    variance = float(w @ (x - x0) ** 2)
    slope = float(w @ ((x - x0) * (y - y0))) / variance if variance > 0 else 0.0
    return StraightLine(y0 - slope * x0, slope)


def absolute_line(x: Array, y: Array) -> StraightLine:
    """The line of least absolute errors: the best one through two points; of several best, their mean."""
    return absolute_lines(x, y, [float(y[-1])])[0]


def absolute_lines(x: Array, y: Array, heights: Iterable[float]) -> list[StraightLine]:
    """`absolute_line` for each of several heights of the last point; pairs without it are tried only once."""
    # inner: lines that do not go through the last point; outer: lines that do, so they move with its height
    inner_x, inner_y, last = x[:-1], y[:-1], len(x) - 1
    inner = _through(x, y, *np.triu_indices(last, 1))
    inner_totals = np.abs(inner_y - inner[:, :1] - inner[:, 1:] * inner_x).sum(axis=1)
    at_last, size = inner[:, 0] + inner[:, 1] * x[-1], float(np.abs(inner_y).sum())
    apart = np.flatnonzero(inner_x != x[-1])
    steps = x[-1] - inner_x[apart]
    centred = inner_x - inner_x[apart, None]  # measured from the point that the line goes through
    found = []
    for height in heights:
        slopes = (height - inner_y[apart]) / steps
        outer_totals = np.add.reduce(
            np.abs(inner_y - inner_y[apart, None] - slopes[:, None] * centred), axis=1
        )
        totals = np.concatenate([inner_totals + np.abs(height - at_last), outer_totals])
        outer = np.stack([inner_y[apart] - slopes * inner_x[apart], slopes], axis=1)
        found.append(_mean_of_best(inner, outer, totals, size + abs(height)))
    return found


def _through(x: Array, y: Array, i: Indices, j: Indices) -> Array:
    """Intercept and slope of the lines through the points i and j, where they are not above each other."""
    apart = x[j] != x[i]
    i, j = i[apart], j[apart]
    slopes = (y[j] - y[i]) / (x[j] - x[i])
    return np.column_stack([y[i] - slopes * x[i], slopes])


def _mean_of_best(inner: Array, outer: Array, totals: Array, size: float) -> StraightLine:
    """The mean of the best lines; the loss is convex, so this mean is a best line too."""
    found = np.flatnonzero(totals <= totals.min() * (1 + ALIKE) + ALIKE * size)
    if len(found) == 1:
        only = int(found[0])
        return StraightLine(*(inner[only] if only < len(inner) else outer[only - len(inner)]).tolist())
    best = np.concatenate([inner, outer])[found]
    spread = np.ptp(best, axis=0) / np.maximum(np.abs(best).max(axis=0), 1.0)
    intercept, slope = best.mean(axis=0).tolist()
    return StraightLine(intercept, slope, bool(spread.max() < 1e-9))


def huber_line(x: Array, y: Array, delta: float, start: StraightLine | None = None) -> StraightLine:
    """The line of least Huber loss with threshold δ; the search starts from `start` or from least squares."""
    line = start or squared_line(x, y)
    count, middle = len(x), float(x.mean())
    from_middle = x - middle
    width = float(np.abs(from_middle).max()) or 1.0
    rounding = ROUNDING * float(np.abs(y).max())
    for _ in range(MOST):
        residuals = y - line.at(x)
        psi = np.minimum(np.maximum(residuals, -delta), delta)
        psi_sum, psi_x_sum = float(np.add.reduce(psi)), float(psi @ from_middle)
        if max(abs(psi_sum), abs(psi_x_sum) / width) <= count * (SETTLED * delta + rounding):
            break
        step = _newton(from_middle, middle, (psi_sum, psi_x_sum), np.abs(residuals) <= delta + rounding)
        t = _length(residuals, step.at(x), delta)
        line = StraightLine(line.intercept + t * step.intercept, line.slope + t * step.slope)
    return line


def _newton(
    from_middle: Array, middle: float, sums: tuple[float, float], near: NDArray[np.bool_]
) -> StraightLine:
    """The step that makes Σ ψ and Σ x·ψ 0 (now they are `sums`), if each point stays on its side of δ.

    It solves two equations, a·rise + b·slope = Σ ψ and b·rise + c·slope = Σ x·ψ, with x measured from the
    middle, where the line rises by `rise`.

    Only points nearer to the line than δ give the loss a curvature. There may be fewer than two of them; the
    others therefore have a tiny weight too, so that the system has a solution.
    """
    weights = near + TRACE
    a, b = float(np.add.reduce(weights)), float(weights @ from_middle)
    c = float(weights @ from_middle**2) or 1.0
    (psi_sum, psi_x_sum), determinant = sums, a * c - b * b
    rise = (c * psi_sum - b * psi_x_sum) / determinant
    slope = (a * psi_x_sum - b * psi_sum) / determinant
    return StraightLine(rise - slope * middle, slope)


def _length(residuals: Array, change: Array, delta: float) -> float:
    """The t at which Σ change·ψ(r − t·change) is 0: the lowest loss in that direction.

    The sum is piecewise linear in t; a piece ends where a point crosses ±δ.
    """
    moves = change != 0
    r, c = residuals[moves], change[moves]
    ends = np.concatenate([(r - delta) / c, (r + delta) / c])
    ends = np.append(0.0, np.sort(ends[ends > 0]))
    slopes = np.clip(r - ends[:, None] * c, -delta, delta) @ c
    last = int(np.argmax(slopes <= 0))
    if last == 0:  # only rounding errors are left
        return 0.0
    before, after = slopes[last - 1], slopes[last]
    return float(ends[last - 1] + (ends[last] - ends[last - 1]) * before / (before - after))


def squared_loss(x: Array, y: Array, line: StraightLine) -> float:
    """Mean of ½r²."""
    return 0.5 * float(np.mean((y - line.at(x)) ** 2))


def absolute_loss(x: Array, y: Array, line: StraightLine) -> float:
    """Mean of |r|."""
    return float(MeanAbsoluteError().value(line.at(x), y))


def huber_loss(x: Array, y: Array, line: StraightLine, delta: float) -> float:
    """Mean of Huber's loss."""
    return float(Huber(delta=delta).value(line.at(x), y))


@dataclass(frozen=True)
class LineLoss:
    """A loss for fitting a line; each function takes δ, which only Huber's loss uses."""

    title: str
    latex: str
    line: Callable[[Array, Array, float], StraightLine]
    value: Callable[[Array, Array, StraightLine, float], float]
    influence: Callable[[Array, float], Array]

    def gradient(self, x: Array, y: Array, line: StraightLine, delta: float) -> tuple[float, float]:
        """∂/∂intercept and ∂/∂slope of the mean loss: −mean ψ(r) and −mean x·ψ(r)."""
        psi = self.influence(y - line.at(x), delta)
        return -float(psi.mean()), -float((x * psi).mean())


LINE_LOSSES: dict[str, LineLoss] = {
    "mse": LineLoss(
        "Squared error",
        r"\rho(r)=\tfrac12 r^2,\qquad \psi(r)=r",
        lambda x, y, _: squared_line(x, y),
        lambda x, y, line, _: squared_loss(x, y, line),
        lambda r, _: r,
    ),
    "mae": LineLoss(
        "Absolute error",
        r"\rho(r)=|r|,\qquad \psi(r)=\mathrm{sign}\,r",
        lambda x, y, _: absolute_line(x, y),
        lambda x, y, line, _: absolute_loss(x, y, line),
        lambda r, _: np.sign(r),
    ),
    "huber": LineLoss(
        "Huber",
        r"\rho(r)=\tfrac12 r^2 \;(|r|\le\delta),\quad \delta\,(|r|-\tfrac12\delta) \;(|r|>\delta)",
        huber_line,
        huber_loss,
        lambda r, delta: np.clip(r, -delta, delta),
    ),
}
