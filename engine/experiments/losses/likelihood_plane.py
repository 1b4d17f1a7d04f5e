"""The likelihood surface in two directions: both parameters of a line, or two directions of a curve.

Because ŷ is linear in θ, the negative log-likelihood is quadratic. With u two coordinates of θ, and the
others at their minimum:

    L − L* = ½ (u − u*)ᵀ H (u − u*)        H: the second derivative of L

For a line u is θ itself. A curve has more than two parameters; there u₁ and u₂ are along the eigenvectors of
H with the largest and the smallest curvature. These two make gradient descent slow: the largest curvature
limits the learning rate, and along the smallest one such a step is very short.
"""

import math
from typing import NamedTuple

import numpy as np

from engine.experiments.losses.likelihood import CurveFit
from engine.losses.likelihood import Array

SIZE = (49, 41)  # columns, rows
ROOM = 1.25  # the plane is so many times as large as the part that must be visible
FLATTEST = 1e-20  # a smaller curvature counts as 0
HEIGHT = 2.0  # at least so much of the bowl is visible, in nats per point

Bounds = tuple[tuple[float, float], tuple[float, float]]


class LikelihoodPlane(NamedTuple):
    """Two coordinates u = (θ − origin)·across of the parameters, and the bowl over them."""

    origin: Array  # [feature]
    across: Array  # [feature, 2]
    lowest: Array  # u*
    curvature: Array  # H, [2, 2]

    def place(self, theta: Array) -> Array:
        """The coordinates u of θ: [..., 2] from [..., feature]."""
        with np.errstate(all="ignore"):
            return np.asarray((theta - self.origin) @ self.across)

    def height(self, x: float, y: float) -> float:
        """L − L* at a point."""
        away = np.array([x, y]) - self.lowest
        return 0.5 * float(away @ self.curvature @ away)

    def bounds(self, path: Array) -> Bounds:
        """A part of the plane around the minimum, with the start and, unless it diverges, the path."""
        least = np.sqrt(2.0 * HEIGHT / np.maximum(np.diag(self.curvature), FLATTEST))
        away = np.abs(path - self.lowest)
        begun = np.maximum(away[0], least)
        half = ROOM * np.clip(np.nan_to_num(away, posinf=0.0).max(axis=0), begun, 1.5 * begun)
        low, high = (self.lowest - half).tolist(), (self.lowest + half).tolist()
        return (low[0], high[0]), (low[1], high[1])

    def heights(self, bounds: Bounds) -> Array:
        """L − L* on a grid, rows along the second coordinate."""
        x, y = (np.linspace(*edges, size) for edges, size in zip(bounds, SIZE, strict=True))
        dx, dy = x - self.lowest[0], (y - self.lowest[1])[:, None]
        (a, b), (_, c) = self.curvature.tolist()
        return np.asarray(0.5 * (a * dx**2 + c * dy**2) + b * dx * dy)


def plane(fit: CurveFit, sigma: float) -> LikelihoodPlane:
    """The plane for a fit; its σ is that of the minimum, or `sigma` if that is 0."""
    best, sigma = fit.best, fit.sigma or sigma
    if len(best.theta) == 2:
        origin, across = np.zeros(2), np.eye(2)
    else:
        origin, across = best.theta, best.directions[:, [0, -1]]
    stretched = fit.features @ across / (sigma * math.sqrt(fit.count))
    return LikelihoodPlane(origin, across, (best.theta - origin) @ across, stretched.T @ stretched)
