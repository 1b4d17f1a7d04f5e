"""The loss of a network on a plane in the space of its weights, on a grid from coarse to fine.

    L(α₁, α₂) = mean cross-entropy of the network with the weights θ* + α₁·δ₁ + α₂·δ₂

The first layer is linear in the weights, so for any (α₁, α₂) it is a combination of three products that are
computed once: x·W(α₁, α₂) = x·W* + α₁·(x·δ₁_W) + α₂·(x·δ₂_W). Only the later layers are
computed for every point.

    9 × 9 points → 17 × 17 → 33 × 33 → …: each pass adds the points between those of the pass before

Arrays are [features, examples] here: sums over the classes then add whole rows, which is faster.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS, log_softmax
from engine.networks.network import Network
from engine.networks.network_landscape import Array, WeightPlane

COARSE = 8  # cells along a side of the first pass


class PlaneLoss:
    """The loss on a plane, in float64, over all of the given examples."""

    def __init__(
        self, network: Network, plane: WeightPlane, x: NDArray[np.floating], labels: NDArray[np.intp]
    ) -> None:
        self._activation = ACTIVATIONS[network.activation]
        inputs = x.astype(np.float64).T
        parts = [network.layers(vector) for vector in (plane.centre, *plane.axes)]
        self._first = [w.T @ inputs + b[:, None] for (w, b, _), *_ in parts]
        self._rest = [
            [(w.T, b[:, None]) for w, b, _ in layer]
            for layer in zip(*(part[1:] for part in parts), strict=True)
        ]
        self._labels, self._examples = labels, np.arange(len(labels))

    def value(self, alpha: float, beta: float) -> float:
        """L(α₁, α₂); ∞ or NaN where it overflows."""
        weights = (1.0, alpha, beta)
        with np.errstate(all="ignore"):
            z = _mixed(self._first, weights)
            for layer in self._rest:
                w, b = (_mixed(part, weights) for part in zip(*layer, strict=True))
                z = w @ self._activation.value(z) + b
            return -float(log_softmax(z, axis=0)[self._labels, self._examples].mean())


def _mixed(parts: "list[Array] | tuple[Array, ...]", weights: tuple[float, float, float]) -> Array:
    """parts₀ + α₁·parts₁ + α₂·parts₂, for weights (1, α₁, α₂)."""
    centre, first, second = parts
    total: Array = weights[1] * first
    total += centre
    total += weights[2] * second
    return total


def strides(size: int) -> list[int]:
    """The distance between neighbouring points in each pass: 4, 2, 1 for 33 (sizes are 9, 17, 33, 65, …)."""
    first = (size - 1) // COARSE
    return [first >> k for k in range(first.bit_length())]


def order(size: int) -> Iterator[tuple[int, int]]:
    """(row, column) of every point of a size × size grid, each once: the coarse pass first, row by row."""
    known = 0
    for stride in strides(size):
        for row in range(0, size, stride):
            for column in range(0, size, stride):
                if not known or row % known or column % known:
                    yield row, column
        known = stride


def passes(size: int) -> list[tuple[int, int]]:
    """(points along a side, points known after it) for each pass."""
    return [(side, side * side) for side in ((size - 1) // stride + 1 for stride in strides(size))]


def complete(grid: NDArray[np.floating], done: int) -> Array:
    """What to show of a grid [size, size] whose first `done` points (in `order`) are known.

    It is the first unfinished pass, at its own size. Its known points are exact; the others are interpolated
    linearly from the pass before. During the first pass they are NaN.
    """
    size = len(grid)
    before = 0
    for stride, (_, count) in zip(strides(size), passes(size), strict=True):
        if done < count:
            break
        before = stride
    if done >= size * size or not before:
        return grid[:: before or stride, :: before or stride].astype(np.float64)
    shown = grid[::stride, ::stride].astype(np.float64)
    between = _between(grid[::before, ::before].astype(np.float64))
    return np.where(_known(size, stride, before, done), shown, between)


def _known(size: int, stride: int, before: int, done: int) -> NDArray[np.bool_]:
    """Which points of the pass with this stride are known."""
    rows, columns = np.indices((size, size))[:, ::stride, ::stride]
    old = (rows % before == 0) & (columns % before == 0)
    place = np.cumsum(~old).reshape(old.shape)  # 1 for the first new point
    known: NDArray[np.bool_] = old | (place <= done - ((size - 1) // before + 1) ** 2)
    return known


def _between(coarse: Array) -> Array:
    """A grid twice as fine, with the mean of two neighbours between them."""
    fine = np.empty((2 * len(coarse) - 1,) * 2)
    fine[::2, ::2] = coarse
    fine[1::2, ::2] = 0.5 * (coarse[1:] + coarse[:-1])
    fine[:, 1::2] = 0.5 * (fine[:, 2::2] + fine[:, :-2:2])
    return fine
