"""Pooling makes a map smaller: of every window of w × w entries it keeps one number.

    mean    y = Σ x/w²       ∂L/∂x = ∂L/∂y/w² at every entry of the window
    max     y = max x        ∂L/∂x = ∂L/∂y at the largest entry (the first, if there are several), else 0

The windows do not overlap. Rows and columns that are left over at the bottom and at the right are left out.
The largest entry says *whether* a filter fits somewhere in the window, and no longer exactly where.

Reference: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 9.3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array


class PoolingCache(NamedTuple):
    """What the backward pass through a pooling needs."""

    x: Array  # [batch, maps, rows, columns]
    window: int  # w
    largest: NDArray[np.int8] | None = None  # its place in each window, row by row; only for max


def places_of(x: Array, window: int) -> list[Array]:
    """For each of the w·w places in a window, the entries of all windows: views [batch, maps, rows/w,
    columns/w].
    """
    rows, columns = (length // window * window for length in x.shape[2:])
    whole = x[:, :, :rows, :columns]
    return [whole[:, :, u::window, v::window] for u in range(window) for v in range(window)]


def max_pool(x: Array, window: int) -> tuple[Array, PoolingCache]:
    """The largest entry of every window of x[batch, maps, rows, columns]."""
    first, *others = places_of(x, window)
    y, largest = first.copy(order="K"), np.zeros_like(first, np.int8)
    for place, entries in enumerate(others, start=1):
        np.copyto(largest, place, where=entries > y)
        np.maximum(y, entries, out=y)
    return y, PoolingCache(x, window, largest)


def d_max_pool(d_y: Array, cache: PoolingCache) -> Array:
    """d_x from d_y: it goes to the largest entry of the window."""
    d_x = np.zeros_like(cache.x)
    for place, entries in enumerate(places_of(d_x, cache.window)):
        np.copyto(entries, d_y, where=cache.largest == place)
    return d_x


def mean_pool(x: Array, window: int) -> tuple[Array, PoolingCache]:
    """The mean of every window of x[batch, maps, rows, columns]."""
    first, *others = places_of(x, window)
    y = first.copy(order="K")
    for entries in others:
        y += entries
    y /= window**2
    return y, PoolingCache(x, window)


def d_mean_pool(d_y: Array, cache: PoolingCache) -> Array:
    """d_x from d_y: every entry of the window gets an equal part."""
    d_x, part = np.zeros_like(cache.x), d_y / cache.window**2
    for entries in places_of(d_x, cache.window):
        entries[...] = part
    return d_x


@dataclass(frozen=True)
class Pooling:
    """A way to pool, forward and backward, with its name and the formula (LaTeX) to show."""

    title: str
    latex: str
    pool: Callable[[Array, int], tuple[Array, PoolingCache]]
    d_pool: Callable[[Array, PoolingCache], Array]


POOLINGS: dict[str, Pooling] = {
    "max": Pooling("Largest of a window", r"\max_{\text{window}} a", max_pool, d_max_pool),
    "mean": Pooling("Mean of a window", r"\operatorname{mean}_{\text{window}} a", mean_pool, d_mean_pool),
}
