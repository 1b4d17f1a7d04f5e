"""A density with several peaks: a weighted sum of Gaussian bells, called a Gaussian mixture.

    p(x) = Σ wₖ n(x; mₖ, sₖ)            n(x; m, s) = exp(−½((x − m)/s)²) / (s√2π)

Each bell n is the density of a normal distribution, with mean m and width s, its standard deviation.

Far from its peaks p is too small for any number in the computer, but log p is not: it is taken as

    log p = top + log Σ exp(ℓₖ − top),   ℓₖ = log wₖ + log n(x; mₖ, sₖ),   top = max ℓₖ

(log-sum-exp). Its slope, the *score*, is the mean of the slopes of the bells, weighted by how much of the
density at x is theirs.

The mean of log p under a bell is an integral without a closed form. It is added up here by the rule of Gauss
and Legendre between edges that are set where log p bends: where one bell takes over from another, over a
length 1/|ℓ′ᵢ − ℓ′ⱼ|. Elsewhere log p is a parabola. That makes it right to about 12 digits, for peaks however
narrow and however far apart.

Reference: C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), 2.3.9; W. H. Press et al.,
"Numerical Recipes" (2007), 4.6, on Gaussian quadrature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import inf, log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]
LOG_ROOT = 0.5 * log(2 * pi)  # log √2π
REACH = 9.0  # standard deviations beyond which a bell weighs less than 10⁻¹⁸
PANELS = np.arange(-REACH, REACH + 1, 3.0)
GRADED = np.array([-36.0, -12.0, -4.0, 0.0, 4.0, 12.0, 36.0])  # around a bend, in units of its length
NEGLIGIBLE = 40.0  # nats: e⁻⁴⁰ is below all rounding
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)
FROM_LEFT = 1 + NODES


def log_normal_density(x: ArrayLike, mean: float, log_width: float) -> Vector:
    """log n(x; mean, width), for a width given by its logarithm."""
    z = (np.asarray(x, np.float64) - mean) * np.exp(-log_width)
    value: Vector = -0.5 * z * z - log_width - LOG_ROOT
    return value


class Nodes(NamedTuple):
    """Where to look for a mean under a bell: x = mean + width·z, each with its weight; they sum to 1."""

    x: Vector
    z: Vector
    weight: Vector


@dataclass(frozen=True, eq=False)
class Mixture:
    """Weights that sum to 1, and the mean and the width (standard deviation) of each bell, shape (bells,)."""

    weights: Vector
    means: Vector
    widths: Vector

    @classmethod
    def of(cls, weights: Sequence[float], means: Sequence[float], widths: Sequence[float]) -> "Mixture":
        """A mixture of bells with these *relative* weights; those that weigh nothing are left out."""
        w, m, s = (np.array(values, np.float64) for values in (weights, means, widths))
        some = w > 0
        return cls(w[some] / w.sum(), m[some], s[some])

    @cached_property
    def mean(self) -> float:
        """E[x] = Σ wₖ mₖ."""
        return float(self.weights @ self.means)

    @cached_property
    def width(self) -> float:
        """The standard deviation: its square is Σ wₖ (sₖ² + (mₖ − E[x])²)."""
        return sqrt(float(self.weights @ (self.widths**2 + (self.means - self.mean) ** 2)))

    @cached_property
    def _constants(self) -> tuple[Vector, Vector, Vector]:
        """mₖ, 1/sₖ and log(wₖ/(sₖ√2π)), each as a column."""
        height = np.log(self.weights) - np.log(self.widths) - LOG_ROOT
        return self.means[:, None], 1.0 / self.widths[:, None], height[:, None]

    def log_density(self, x: ArrayLike) -> Vector:
        """log p(x), shaped like x; never −∞."""
        return self._log_density_and_score(x, score=False)[0]

    def density(self, x: ArrayLike) -> Vector:
        """p(x), shaped like x."""
        return np.exp(self.log_density(x))

    def score(self, x: ArrayLike) -> Vector:
        """d log p/dx, shaped like x."""
        return self.log_density_and_score(x)[1]

    def log_density_and_score(self, x: ArrayLike) -> tuple[Vector, Vector]:
        """log p and its slope: Σ rₖ (mₖ − x)/sₖ² with the share rₖ = exp(ℓₖ)/Σ exp(ℓⱼ) of each bell."""
        return self._log_density_and_score(x, score=True)

    def _log_density_and_score(self, x: ArrayLike, score: bool) -> tuple[Vector, Vector]:
        """Done in place, and over the bells by `reduce`: a fit asks this 250 times between two pictures."""
        at = np.asarray(x, np.float64)
        means, precise, heights = self._constants
        z = at.reshape(1, -1) - means
        z *= precise
        parts = z * z
        parts *= -0.5
        parts += heights  # ℓₖ, shape (bells, points)
        top = np.maximum.reduce(parts)
        parts -= top
        shares = np.exp(parts, out=parts)
        total = np.add.reduce(shares)
        value = np.log(total)
        value += top
        if not score:
            return value.reshape(at.shape), value
        shares *= z
        shares *= precise
        slope = np.add.reduce(shares)
        slope /= -total
        return value.reshape(at.shape), slope.reshape(at.shape)

    @cached_property
    def bends(self) -> Vector:
        """Where panels have to end for log p to be smooth in each: around where one bell takes over."""
        edges = [place + length * GRADED for place, length in self._takeovers()]
        return np.unique(np.concatenate([self.means, *edges]))

    def _takeovers(self) -> Iterator[tuple[float, float]]:
        """Where two bells are equally high, or nearly, and over what length one takes over."""
        for i, j in combinations(range(len(self.means)), 2):
            (a, b, c), middle = self._difference(i, j)
            for x in _roots(a, b, c):
                slope = abs(2 * a * x + b)
                lengths = [1 / slope if slope else inf, 1 / sqrt(abs(2 * a)) if a else inf]
                if np.isfinite(min(lengths)):
                    yield middle + x, min(lengths)

    def _difference(self, i: int, j: int) -> tuple[tuple[float, float, float], float]:
        """ℓᵢ − ℓⱼ = a·t² + b·t + c, with t measured from the point between the two means."""
        middle = float(self.means[i] + self.means[j]) / 2
        t = float(self.means[i]) - middle
        u, v = float(self.widths[i]) ** -2, float(self.widths[j]) ** -2
        _, _, heights = self._constants
        c = float(heights[i, 0] - heights[j, 0]) - 0.5 * (u - v) * t * t
        return (-0.5 * (u - v), (u + v) * t, c), middle

    def nodes(self, mean: float, width: float) -> Nodes:
        """Places and weights for a mean under the bell n(x; mean, width) of what bends where log p does."""
        bends = (self.bends - mean) / width
        edges = np.concatenate([PANELS, bends[np.abs(bends) < REACH]])
        edges.sort()
        left = edges[:-1, None]
        half = 0.5 * (edges[1:, None] - left)
        z = (left + half * FROM_LEFT).ravel()
        weight = (half * NODE_WEIGHTS).ravel() * np.exp(-0.5 * z * z - LOG_ROOT)
        return Nodes(mean + width * z, z, weight)

    @cached_property
    def entropy(self) -> float:
        """H(P) = −∫ p log p dx in nats: the mean under each bell, weighted. It can be negative."""
        total = 0.0
        for share, mean, width in zip(self.weights, self.means, self.widths, strict=True):
            at = self.nodes(float(mean), float(width))
            total -= float(share * (at.weight @ self.log_density(at.x)))
        return total


def _roots(a: float, b: float, c: float) -> list[float]:
    """The real zeros of at² + bt + c; where there is none, its vertex if it comes near 0 there."""
    inside = b * b - 4 * a * c
    if inside < 0:
        return [-b / (2 * a)] if abs(c - b * b / (4 * a)) < NEGLIGIBLE else []
    lever = -0.5 * (b + (sqrt(inside) if b >= 0 else -sqrt(inside)))  # no difference of near numbers
    zeros = [c / lever] if lever else []
    return zeros + ([lever / a] if a else [])
