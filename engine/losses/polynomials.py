"""Fitting a polynomial is linear regression on the features 1, x, x², … Some features are learned faster.

    ŷ(x) = Σⱼ θⱼ·φⱼ(x)        X[i, j] = φⱼ(xᵢ)

θ are the coefficients, one for each feature φⱼ, and row i of X has the features of the point xᵢ.

For x from 0 to 10 the powers up to the fifth have sizes from 1 to 100 000, and all of them rise: the columns
of X are nearly parallel, and its condition number is huge. These three choices give the same set of curves:

    raw          φⱼ(x) = xʲ
    scaled       φⱼ(x) = sʲ, where s = (x − middle) / half the width runs from −1 to 1
    orthogonal   mean φⱼφₖ over the data is 1 if j = k, else 0: X = √N·Q, whose condition number is 1

Reference: G. E. Forsythe, "Generation and use of orthogonal polynomials for data-fitting with a digital
computer", J. SIAM 5 (1957).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
FEATURES = {"raw": "Powers of x", "scaled": "Powers of x in −1…1", "orthogonal": "Orthogonal"}


class Basis(NamedTuple):
    """Features φ(x) = (1, s, s², …)·transform with s = (x − centre)/half."""

    centre: float
    half: float
    transform: Array  # [power, feature]

    def features(self, x: ArrayLike) -> Array:
        """X[point, feature]."""
        s = (np.asarray(x, np.float64) - self.centre) / self.half
        return np.asarray(np.vander(s, len(self.transform), increasing=True) @ self.transform)

    def coefficients(self, theta: Array) -> Array:
        """The coefficients of 1, x, x², … of the curve with parameters θ."""
        powers = self.transform @ theta
        found = np.zeros_like(powers)
        for j, power in enumerate(powers):  # (x − c)ʲ/hʲ by the binomial theorem
            for k in range(j + 1):
                found[k] += power * math.comb(j, k) * (-self.centre) ** (j - k) / self.half**j
        return found

    def line(self, intercept: float, slope: float) -> Array:
        """The θ of the straight line intercept + slope·x."""
        powers = np.zeros(len(self.transform))
        powers[:2] = intercept + slope * self.centre, slope * self.half
        return np.asarray(np.linalg.solve(self.transform, powers))


def basis(kind: str, degree: int, x: Array) -> Basis:
    """The features of one kind for data at x, which must have more distinct values than the degree."""
    if kind == "raw":
        return Basis(0.0, 1.0, np.eye(degree + 1))
    low, high = float(x.min()), float(x.max())
    scaled = Basis(0.5 * (low + high), 0.5 * (high - low), np.eye(degree + 1))
    if kind == "scaled":
        return scaled
    r = np.linalg.qr(scaled.features(x), mode="r")
    signs = np.sign(np.diag(r))  # all features rise at the right end
    return scaled._replace(transform=np.linalg.inv(r) * signs * math.sqrt(len(x)))
