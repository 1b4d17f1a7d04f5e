"""One run proves nothing: how to compare methods on many problems, such as one surface from many starts.

A mean is useless here, since one run that diverged makes it ∞. Two kinds of curves show every run:

* The **quantile curve** of a method: its results in order. At 50 % it has the median, at 90 % the value that
  nine of ten runs do not exceed.
* The **performance profile**. Let t_ps be what method s needs to solve problem p (steps, evaluations; ∞ if it
  does not solve it). Compared with the best method on the same problem this is the ratio

      r_ps = t_ps / min over s of t_ps,                     1 for the best
      ρ_s(τ) = fraction of the problems with r_ps ≤ τ.

  At the left end, ρ_s(1) is how often s is the best (if two are equally good, both are); at the right end
  is the fraction of problems that it solves at all. If one curve is everywhere above another, its method
  is better for every τ. A problem that is hard for all methods counts as much as an easy one. Only curves
  of the same set of methods can be compared: with an additional method, the best one may be another.

Reference: E. D. Dolan and J. J. Moré, "Benchmarking optimization software with performance profiles",
Mathematical Programming 91, 2002.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEAST_COST = 1.0  # the cost of a problem that is solved at the start: a ratio to 0 would have no meaning


def quantile_curve(values: Array) -> tuple[Array, Array]:
    """The percentages of the runs, 0 to 100, and the values in order, shape (runs,); NaN is the highest."""
    ordered = np.sort(np.where(np.isnan(values), np.inf, values))
    return np.linspace(0.0, 100.0, len(ordered)), ordered


def ratios(costs: Array) -> Array:
    """r_ps of every method and problem, shape (methods, problems); ∞ where it did not solve it."""
    costs = np.maximum(costs, LEAST_COST)
    best = costs.min(axis=0)
    with np.errstate(invalid="ignore"):  # ∞/∞: no method has solved it
        return np.where(np.isfinite(costs), costs / best, np.inf)


class Profile(NamedTuple):
    """ρ_s as a step function: from τ[k] on it is `share`[k], a fraction of all problems."""

    tau: Array
    share: Array

    @property
    def first(self) -> float:
        """ρ_s(1): the fraction of problems on which the method is the best."""
        return float(self.share[0])

    @property
    def solved(self) -> float:
        """ρ_s(∞): the fraction of problems that it solves."""
        return float(self.share[-1])

    def at(self, tau: float) -> float:
        """ρ_s(τ), for τ ≥ 1."""
        return float(self.share[np.searchsorted(self.tau, tau, side="right") - 1])

    def until(self, tau: float) -> tuple[Array, Array]:
        """τ and ρ_s(τ) as a line with corners, from τ = 1 to the one given."""
        x = np.repeat(np.append(self.tau[self.tau <= tau], tau), 2)[1:]
        y = np.repeat(np.append(self.share[self.tau <= tau], self.at(tau)), 2)[:-1]
        return x, y


def profiles(costs: Array) -> list[Profile]:
    """The performance profile of every method, from its costs, shape (methods, problems)."""
    found = []
    for row in ratios(costs):
        steps, counts = np.unique(row[np.isfinite(row)], return_counts=True)
        if not len(steps) or steps[0] > 1:
            steps, counts = np.insert(steps, 0, 1.0), np.insert(counts, 0, 0)
        found.append(Profile(steps, np.cumsum(counts) / row.size))
    return found
