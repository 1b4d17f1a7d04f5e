"""The loss of a network on a plane: a picture has two of thousands of directions. Which, and what is lost?

    θ(α₁, α₂) = θ* + α₁·δ₁ + α₂·δ₂        the plane through the centre θ* along δ₁ and δ₂
    filter-normalised   d_j ← d_j/‖d_j‖ · ‖w_j‖    d random; w_j are the weights into neuron j; biases stay
    principal           δ₁, δ₂ = the two directions in which the points of the paths vary most

θ has all weights of the network, and α₁, α₂ are the coordinates in the plane. Each point θ of a path is drawn
at its projection θ′, the nearest point of the plane. With G = [δ₁·δ₁ δ₁·δ₂; δ₂·δ₁ δ₂·δ₂]

    (α₁, α₂) = G⁻¹·(δ₁·(θ−θ*), δ₂·(θ−θ*))        θ′ = θ(α₁, α₂)        error = ‖θ − θ′‖

Normalising by neuron is needed because of ReLU: multiplying all weights into a neuron by c and dividing those
out of it by c gives the same network, so the length of a random direction has no meaning.

That two principal directions contain a large fraction of the variance means little: even for a random walk in
many dimensions the k-th contains 6/(π²k²), so the first two contain 76 %.

References: H. Li et al., "Visualizing the loss landscape of neural nets" (2018), arXiv:1712.09913, sections 4
and 7; J. Antognini & J. Sohl-Dickstein, "PCA of high dimensional random walks with comparison to neural
network training" (2018), arXiv:1806.08805.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.networks.network import Network

Array = NDArray[np.float64]
FLAT = 1e-12  # below this fraction of the variance a principal direction is only rounding


class WeightPlane(NamedTuple):
    """The plane θ* + α₁·δ₁ + α₂·δ₂ in the space of all weights."""

    centre: Array  # θ*, [parameters]
    axes: Array  # δ₁ and δ₂, [2, parameters]

    def at(self, alpha: float, beta: float) -> Array:
        """The weights of a point of the plane, [parameters]."""
        point: Array = self.centre + alpha * self.axes[0] + beta * self.axes[1]
        return point

    @property
    def gram(self) -> Array:
        """G: the products of the two directions, [2, 2]."""
        products: Array = self.axes @ self.axes.T
        return products


class Projection(NamedTuple):
    """The projections of points on a plane."""

    coordinates: Array  # [points, 2], α₁ and α₂ of the nearest point of the plane
    error: Array  # [points], ‖θ − θ′‖
    distance: Array  # [points], ‖θ − θ*‖


def project(plane: WeightPlane, thetas: NDArray[np.floating]) -> Projection:
    """Project thetas[points, parameters] orthogonally onto the plane; δ₁ and δ₂ need not be orthogonal.

    It works too if the plane is only a line or a point. Non-finite points give NaN.
    """
    away = thetas - plane.centre
    coordinates = away @ plane.axes.T @ np.linalg.pinv(plane.gram, hermitian=True)
    distance = _lengths(away)
    away -= coordinates @ plane.axes
    return Projection(coordinates, _lengths(away), distance)


def _lengths(rows: Array) -> Array:
    """The length of each row."""
    lengths: Array = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return lengths


def filter_normalised(network: Network, theta: NDArray[np.floating], rng: np.random.Generator) -> Array:
    """A random direction whose weights into each neuron have the same norm as those of theta; biases 0."""
    direction = rng.normal(size=network.count)
    for (drawn, d_bias, _), (weights, *_) in zip(
        network.layers(direction), network.layers(theta), strict=True
    ):
        drawn *= np.linalg.norm(weights.astype(np.float64), axis=0) / np.linalg.norm(drawn, axis=0)
        d_bias[...] = 0.0
    return direction


class PathPoints:
    """Points of paths, with the products of their differences from the first: for principal components.

    The products are computed when a point is added, so that the analysis at the end takes little time.
    """

    def __init__(self, origin: NDArray[np.floating], room: int) -> None:
        self._origin = origin.astype(np.float64)
        self._rows = np.empty((room, origin.size))
        self._products = np.empty((room, room))
        self._path = np.empty(room, np.intp)
        self._count = 0

    def add(self, theta: NDArray[np.floating], path: int) -> None:
        """Add one point, [parameters], of a path."""
        k, self._count = self._count, self._count + 1
        self._rows[k], self._path[k] = theta - self._origin, path
        self._products[k, : k + 1] = self._products[: k + 1, k] = self._rows[: k + 1] @ self._rows[k]

    def principal(self, paths: Collection[int]) -> "Principal":
        """The directions of greatest variance of the points of these paths.

        With the rows X minus their mean, XXᵀu = λu gives the direction Xᵀu/√λ and its fraction λ/Σλ of the
        variance. If the variance is 0, so are the direction and its fraction.
        """
        chosen = np.flatnonzero(np.isin(self._path[: self._count], list(paths)))
        products = self._products[np.ix_(chosen, chosen)]
        means = products.mean(axis=0)
        values, vectors = np.linalg.eigh(products - means - means[:, None] + means.mean())
        axes, fractions = np.zeros((2, self._rows.shape[1])), np.zeros(2)
        total = float(values[values > 0].sum())
        for k in range(min(2, len(chosen))):
            value, weights = float(values[-1 - k]), vectors[:, -1 - k]
            if value > FLAT * total:
                axes[k] = weights @ self._rows[chosen]  # the weights sum to 0, so the mean cancels
                axes[k] /= np.linalg.norm(axes[k])
                fractions[k] = value / total
        return Principal(axes, fractions, len(chosen))


class Principal(NamedTuple):
    """The two principal directions of points."""

    axes: Array  # [2, parameters], orthonormal; 0 where nothing varies
    fractions: Array  # [2], of the variance
    points: int  # how many there were


def completed(axes: Array, rng: np.random.Generator) -> Array:
    """The same orthonormal directions; those that are 0 are replaced by random orthogonal ones."""
    axes = axes.copy()
    for k in range(len(axes)):
        if not axes[k].any():
            drawn = rng.normal(size=(1, axes.shape[1]))
            drawn -= drawn @ axes.T @ axes
            axes[k] = drawn / np.linalg.norm(drawn)
    return axes


def turned(axes: Array, towards: Array) -> Array:
    """The same directions, each with the sign that makes its product with `towards` positive or 0."""
    flipped: Array = axes * np.where(axes @ towards < 0, -1.0, 1.0)[:, None]
    return flipped
