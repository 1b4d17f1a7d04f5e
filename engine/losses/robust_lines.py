"""One wrong point: how far may it pull the line? That is decided by the slope of the loss.

    r = y − ŷ              loss ρ(r)                               pull ψ(r) = dρ/dr
    squared error          ½r²                                     r             as hard as it is far
    absolute error         |r|                                     sign r        all alike
    Huber                  ½r², beyond δ the line δ(|r| − ½δ)      r cut to ±δ   near as above, far alike

In robust statistics ψ is called the influence function. Each loss is a likelihood too: squares are −ln p of
Gaussian noise, absolute values of Laplace noise, and Huber's loss of noise that is Gaussian in the middle
with Laplace tails.

The line of the least squares has a closed form. Of the least absolute values a best line always goes through
two of the points (the loss is made of planes, and its lowest place is a corner): all pairs are tried. Huber's
line is found by Newton's step, which is exact as soon as it is known which points lie beyond δ; until then it
goes only to the lowest place on its way.

References: P. J. Huber, "Robust estimation of a location parameter" (1964); P. Bloomfield and W. L. Steiger,
"Least Absolute Deviations" (1983), 1.3; K. Madsen and H. B. Nielsen, "Finite algorithms for robust linear
regression", BIT 30 (1990).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.losses.losses import Huber, MeanAbsoluteError

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
MOST = 100  # iterations; two or three are usual
SETTLED = 1e-13  # slope of the mean loss, relative to δ, at which a line has arrived
ROUNDING = 1e-15  # of the size of y: what rounding leaves of that slope
TRACE = 1e-12  # what a point beyond δ counts in the bend of the loss
ALIKE = 1e-12  # relative difference below which two losses are the same


class Line(NamedTuple):
    """ŷ = intercept + slope·x; `unique` is False where other lines are as good."""

    intercept: float
    slope: float
    unique: bool = True

    def at(self, x: ArrayLike) -> Array:
        """ŷ at x."""
        return np.asarray(self.intercept + self.slope * np.asarray(x, np.float64))


def squared_line(x: Array, y: Array, weights: Array | None = None) -> Line:
    """The least (weighted) squares: through the centre of mass, its slope is covariance over variance."""
    share = np.full(len(x), 1.0 / len(x)) if weights is None else weights / weights.sum()
    x0, y0 = float(share @ x), float(share @ y)
    variance = float(share @ (x - x0) ** 2)
    slope = float(share @ ((x - x0) * (y - y0))) / variance if variance > 0 else 0.0
    return Line(y0 - slope * x0, slope)


def absolute_line(x: Array, y: Array) -> Line:
    """The least absolute values: the best line through two points; of several as good, the one amid them."""
    return absolute_lines(x, y, [float(y[-1])])[0]


def absolute_lines(x: Array, y: Array, heights: Iterable[float]) -> list[Line]:
    """The lines while the last point is put to each of these heights; the pairs without it are tried once."""
    inner_x, inner_y, last = x[:-1], y[:-1], len(x) - 1
    inner = _through(x, y, *np.triu_indices(last, 1))
    inner_totals = np.abs(inner_y - inner[:, :1] - inner[:, 1:] * inner_x).sum(axis=1)
    at_last, size = inner[:, 0] + inner[:, 1] * x[-1], float(np.abs(inner_y).sum())
    apart = np.flatnonzero(inner_x != x[-1])
    steps = x[-1] - inner_x[apart]
    centred = inner_x - inner_x[apart, None]  # seen from the point that the line goes through
    found = []
    for height in heights:
        slopes = (height - inner_y[apart]) / steps
        outer_totals = np.add.reduce(
            np.abs(inner_y - inner_y[apart, None] - slopes[:, None] * centred), axis=1
        )
        totals = np.concatenate([inner_totals + np.abs(height - at_last), outer_totals])
        outer = np.stack([inner_y[apart] - slopes * inner_x[apart], slopes], axis=1)
        found.append(_amid(inner, outer, totals, size + abs(height)))
    return found


def _through(x: Array, y: Array, i: Indices, j: Indices) -> Array:
    """Intercept and slope of the lines through the points i and j, where they are not above each other."""
    apart = x[j] != x[i]
    i, j = i[apart], j[apart]
    slopes = (y[j] - y[i]) / (x[j] - x[i])
    return np.column_stack([y[i] - slopes * x[i], slopes])


def _amid(inner: Array, outer: Array, totals: Array, size: float) -> Line:
    """The mean of the best lines; a mean of best lines is as good as they are."""
    found = np.flatnonzero(totals <= totals.min() * (1 + ALIKE) + ALIKE * size)
    if len(found) == 1:
        only = int(found[0])
        return Line(*(inner[only] if only < len(inner) else outer[only - len(inner)]).tolist())
    best = np.concatenate([inner, outer])[found]
    spread = np.ptp(best, axis=0) / np.maximum(np.abs(best).max(axis=0), 1.0)
    intercept, slope = best.mean(axis=0).tolist()
    return Line(intercept, slope, bool(spread.max() < 1e-9))


def huber_line(x: Array, y: Array, delta: float, start: Line | None = None) -> Line:
    """The least Huber loss with threshold δ, from any start (the line of the least squares)."""
    line = start or squared_line(x, y)
    count, middle = len(x), float(x.mean())
    from_middle = x - middle
    width = float(np.abs(from_middle).max()) or 1.0
    rounding = ROUNDING * float(np.abs(y).max())
    for _ in range(MOST):
        residuals = y - line.at(x)
        pull = np.minimum(np.maximum(residuals, -delta), delta)
        up, turning = float(np.add.reduce(pull)), float(pull @ from_middle)
        if max(abs(up), abs(turning) / width) <= count * (SETTLED * delta + rounding):
            break
        turn = _newton(from_middle, middle, (up, turning), np.abs(residuals) <= delta + rounding)
        share = _length(residuals, turn.at(x), delta)
        line = Line(line.intercept + share * turn.intercept, line.slope + share * turn.slope)
    return line


def _newton(from_middle: Array, middle: float, pull: tuple[float, float], near: NDArray[np.bool_]) -> Line:
    """What to add to the line for Σ ψ = 0 and Σ x·ψ = 0, now `pull`, if each point stays on its side of δ.

    Only the points near the line bend the loss. Where they are fewer than two, a trace of all the others
    still says which way is down.
    """
    share = near + TRACE
    a, b = float(np.add.reduce(share)), float(share @ from_middle)
    c = float(share @ from_middle**2) or 1.0
    (up, turning), room = pull, a * c - b * b
    rise, slope = (c * up - b * turning) / room, (a * turning - b * up) / room
    return Line(rise - slope * middle, slope)


def _length(residuals: Array, change: Array, delta: float) -> float:
    """The t at which Σ change·ψ(r − t·change) has come down to 0: the lowest place in that direction.

    The sum falls along straight pieces, whose ends are where a point crosses ±δ.
    """
    moves = change != 0
    r, c = residuals[moves], change[moves]
    ends = np.concatenate([(r - delta) / c, (r + delta) / c])
    ends = np.append(0.0, np.sort(ends[ends > 0]))
    slopes = np.clip(r - ends[:, None] * c, -delta, delta) @ c
    last = int(np.argmax(slopes <= 0))
    if last == 0:  # nothing but rounding is left
        return 0.0
    before, after = slopes[last - 1], slopes[last]
    return float(ends[last - 1] + (ends[last] - ends[last - 1]) * before / (before - after))


def squared_loss(x: Array, y: Array, line: Line) -> float:
    """Mean of ½r²."""
    return 0.5 * float(np.mean((y - line.at(x)) ** 2))


def absolute_loss(x: Array, y: Array, line: Line) -> float:
    """Mean of |r|."""
    return float(MeanAbsoluteError().value(line.at(x), y))


def huber_loss(x: Array, y: Array, line: Line, delta: float) -> float:
    """Mean of Huber's loss."""
    return float(Huber(delta=delta).value(line.at(x), y))


@dataclass(frozen=True)
class LineLoss:
    """A loss for a line: its name, its formula, its line, its value, its pull; each is given δ."""

    title: str
    latex: str
    line: Callable[[Array, Array, float], Line]
    value: Callable[[Array, Array, Line, float], float]
    pull: Callable[[Array, float], Array]

    def gradient(self, x: Array, y: Array, line: Line, delta: float) -> tuple[float, float]:
        """∂/∂intercept and ∂/∂slope of the mean loss: −mean ψ(r) and −mean x·ψ(r)."""
        pull = self.pull(y - line.at(x), delta)
        return -float(pull.mean()), -float((x * pull).mean())


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
