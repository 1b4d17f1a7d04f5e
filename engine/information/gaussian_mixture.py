"""A density with several peaks: a weighted sum of Gaussians, called a Gaussian mixture.

    p(x) = Σ wₖ n(x; mₖ, sₖ)            n(x; m, s) = exp(−½((x − m)/s)²) / (s√2π)

Each component n is the density of a normal distribution with mean m and width (standard deviation) s.

Far from its peaks p underflows to 0, but log p does not. It is computed by log-sum-exp:

    log p = top + log Σ exp(ℓₖ − top),   ℓₖ = log wₖ + log n(x; mₖ, sₖ),   top = max ℓₖ

Its derivative d log p/dx, the *score*, is the mean of the derivatives of the components, each weighted by its
fraction of the density at x.

The mean of log p under a Gaussian is an integral without a closed form. It is computed by Gauss–Legendre
quadrature. Near a point where two components are equally high, log p changes from one parabola to another
over a length of about 1/|ℓ′ᵢ − ℓ′ⱼ|; there the intervals of the quadrature are short. The result has about 12
correct digits, however narrow the peaks are and however far apart.

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
REACH = 9.0  # standard deviations; less than 10⁻¹⁸ of a Gaussian lies beyond
PANELS = np.arange(-REACH, REACH + 1, 3.0)  # edges of quadrature intervals, in standard deviations
GRADED = np.array([-36.0, -12.0, -4.0, 0.0, 4.0, 12.0, 36.0])  # edges near a crossing, in units of its length
NEGLIGIBLE = 40.0  # nats: e⁻⁴⁰ is below all rounding
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)  # for an integral from −1 to 1
FROM_LEFT = 1 + NODES  # the nodes, measured from the left edge


def log_normal_density(x: ArrayLike, mean: float, log_width: float) -> Vector:
    """log n(x; mean, width), for a width given by its logarithm."""
    z = (np.asarray(x, np.float64) - mean) * np.exp(-log_width)
    value: Vector = -0.5 * z * z - log_width - LOG_ROOT
    return value


class Nodes(NamedTuple):
    """Quadrature nodes for a mean under a Gaussian: x = mean + width·z; the weights sum to 1."""

    x: Vector
    z: Vector
    weight: Vector


@dataclass(frozen=True, eq=False)
class Mixture:
    """Weights that sum to 1, means and widths (standard deviations), each of shape (components,)."""

    weights: Vector
    means: Vector
    widths: Vector

    @classmethod
    def of(cls, weights: Sequence[float], means: Sequence[float], widths: Sequence[float]) -> "Mixture":
        """A mixture with these *relative* weights; components of weight 0 are left out."""
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
        """mₖ, 1/sₖ and log(wₖ/(sₖ√2π)), each as a column [components, 1]."""
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
        """log p and the score Σ rₖ (mₖ − x)/sₖ²; rₖ = exp(ℓₖ)/Σ exp(ℓⱼ) is the fraction of component k."""
        return self._log_density_and_score(x, score=True)

    def _log_density_and_score(self, x: ArrayLike, score: bool) -> tuple[Vector, Vector]:
        """Both at once; without `score`, log p stands in both places.

        A fit calls it 250 times for one picture, so it works in place and with `reduce`.
        """
        at = np.asarray(x, np.float64)
        means, inverse_widths, heights = self._constants
        z = at.reshape(1, -1) - means
        z *= inverse_widths
        parts = z * z
        parts *= -0.5
        parts += heights  # ℓₖ, shape (components, points)
        top = np.maximum.reduce(parts)
        parts -= top
        densities = np.exp(parts, out=parts)  # wₖ·n(x; mₖ, sₖ), divided by the largest of them
        total = np.add.reduce(densities)
        value = np.log(total)
        value += top
        if not score:
            return value.reshape(at.shape), value
        densities *= z  # from here on exp(ℓₖ − top)·(x − mₖ)/sₖ²
        densities *= inverse_widths
        slope = np.add.reduce(densities)
        slope /= -total
        return value.reshape(at.shape), slope.reshape(at.shape)

    @cached_property
    def edges(self) -> Vector:
        """Where quadrature intervals end, so that log p is smooth in each: close around every crossing."""
        edges = [x + length * GRADED for x, length in self._crossings()]
        return np.unique(np.concatenate([self.means, *edges]))

    def _crossings(self) -> Iterator[tuple[float, float]]:
        """Points x where two components are (nearly) equally high, and over what length their ratio changes.

        Over this length ℓᵢ − ℓⱼ changes by about 1: 1/|slope|, or 1/√|curvature| where the slope is small.
        """
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
        """Quadrature nodes for the mean of log p, or of the score, under n(x; mean, width)."""
        own = (self.edges - mean) / width
        edges = np.concatenate((PANELS, own[np.abs(own) < REACH]))
        edges.sort()
        left = edges[:-1, None]
        half = 0.5 * (edges[1:, None] - left)
        z = half * FROM_LEFT
        z += left
        z = z.ravel()
        density = -0.5 * z * z
        density -= LOG_ROOT
        weight = (half * NODE_WEIGHTS).ravel()
        weight *= np.exp(density, out=density)
        x = width * z
        x += mean
        return Nodes(x, z, weight)

    @cached_property
    def entropy(self) -> float:
        """H(P) = −∫ p log p dx in nats, the weighted sum over the components. It can be negative."""
        total = 0.0
        for component, mean, width in zip(self.weights, self.means, self.widths, strict=True):
            at = self.nodes(float(mean), float(width))
            total -= float(component * (at.weight @ self.log_density(at.x)))
        return total


def _roots(a: float, b: float, c: float) -> list[float]:
    """The real zeros of at² + bt + c; if there is none, its vertex where the value there is near 0."""
    inside = b * b - 4 * a * c
    if inside < 0:
        return [-b / (2 * a)] if abs(c - b * b / (4 * a)) < NEGLIGIBLE else []
    half_sum = -0.5 * (b + (sqrt(inside) if b >= 0 else -sqrt(inside)))  # this sign avoids cancellation
    zeros = [c / half_sum] if half_sum else []
    return zeros + ([half_sum / a] if a else [])
