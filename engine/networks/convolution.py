"""A convolution moves one small filter over a picture; its map says at every place how well the filter fits.

    y[m, i, j] = b[m] + Σ_c Σ_u Σ_v f[m, c, u, v]·x[c, i + u − r, j + v − r]          r = (k − 1)/2

x is a picture with channels c. Filter f[m] has k × k weights for each channel, and a bias b[m]; its result
y[m] is the *feature map* m. i and j are a row and a column of the picture and of the map, u and v those of
the filter, counted from 0; r is how far the filter reaches from its middle. Outside the picture x is 0, so
that a map is as large as the picture. The weights are the same at every place: 8 filters of 3 × 3 pixels have
80 parameters, whatever the size of the picture. As in all programs for networks the filter is not turned by
180°; in mathematics this is called a cross-correlation.

As a product of matrices (*im2col*): the patch of k × k pixels around every pixel becomes a column of P. Each
row of F is a filter, each row of Y a map; L is the loss of the network, and the sum Σ is over a row of ∂L/∂Y.

    Y = F·P + b        ∂L/∂F = ∂L/∂Y·Pᵀ        ∂L/∂b = Σ ∂L/∂Y        ∂L/∂P = Fᵀ·∂L/∂Y

A pixel is in k·k patches: ∂L/∂x is the sum of ∂L/∂P over all the places that the pixel was copied to.

Conventions: pictures x[batch, channels, rows, columns]; filters F[maps, channels·k·k], one in each row; k is
odd.

References: LeCun et al., "Gradient-based learning applied to document recognition" (1998); Chellapilla, Puri
& Simard, "High performance convolutional neural networks for document processing" (2006), on im2col.
"""

from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.activations import Array


class Filters(NamedTuple):
    """The filters of a convolution, or the gradient with respect to them."""

    weights: Array  # F[maps, channels·k·k]
    bias: Array  # b[maps]


class ConvolutionCache(NamedTuple):
    """What the backward pass through a convolution needs."""

    patches: Array  # P[channels·k·k, batch·rows·columns]
    weights: Array  # F[maps, channels·k·k]
    shape: tuple[int, ...]  # of x: batch, channels, rows, columns


def side_of(weights: Array, channels: int) -> int:
    """The k of filters of k × k pixels."""
    return isqrt(weights.shape[1] // channels)


def patches_of(x: Array, side: int) -> Array:
    """P[channels·k·k, batch·rows·columns]: in each column the patch around one pixel of x."""
    batch, channels, rows, columns = x.shape
    r = side // 2
    padded = np.zeros((batch, channels, rows + 2 * r, columns + 2 * r), x.dtype)
    padded[:, :, r : r + rows, r : r + columns] = x
    moved = sliding_window_view(padded, (rows, columns), axis=(2, 3))  # [batch, channel, u, v, row, column]
    return moved.transpose(1, 2, 3, 0, 4, 5).reshape(channels * side * side, batch * rows * columns)


def pixels_of(patches: Array, shape: tuple[int, ...], side: int) -> Array:
    """Add every entry of patches to the pixel that it was copied from: the backward pass of `patches_of`."""
    batch, channels, rows, columns = shape
    r = side // 2
    padded = np.zeros((channels, batch, rows + 2 * r, columns + 2 * r), patches.dtype)
    entries = patches.reshape(channels, side, side, batch, rows, columns)
    for u in range(side):
        for v in range(side):
            padded[:, :, u : u + rows, v : v + columns] += entries[:, u, v]
    return padded[:, :, r : r + rows, r : r + columns].swapaxes(0, 1)


def convolve(x: Array, filters: Filters) -> tuple[Array, ConvolutionCache]:
    """The feature maps y[batch, maps, rows, columns] of pictures x[batch, channels, rows, columns]."""
    batch, channels, rows, columns = x.shape
    patches = patches_of(x, side_of(filters.weights, channels))
    y = np.dot(filters.weights, patches)
    y += filters.bias[:, None]
    maps_first = y.reshape(-1, batch, rows, columns)
    return maps_first.swapaxes(0, 1), ConvolutionCache(patches, filters.weights, x.shape)


def d_convolve(d_y: Array, cache: ConvolutionCache, out: Filters | None = None) -> Filters:
    """∂L/∂F and ∂L/∂b from d_y[batch, maps, rows, columns]; written into `out` if it is given."""
    into = Filters(np.empty_like(cache.weights), np.empty_like(cache.weights[:, 0])) if out is None else out
    each = as_rows(d_y)
    np.dot(each, cache.patches.T, out=into.weights)
    np.add.reduce(each, axis=1, out=into.bias)
    return into


def d_convolve_input(d_y: Array, cache: ConvolutionCache) -> Array:
    """d_x[batch, channels, rows, columns]; apart from `d_convolve`: the first layer does not need it."""
    d_patches = np.dot(cache.weights.T, as_rows(d_y))
    return pixels_of(d_patches, cache.shape, side_of(cache.weights, cache.shape[1]))


def as_rows(y: Array) -> Array:
    """The matrix Y[maps, batch·rows·columns] of maps y[batch, maps, rows, columns]."""
    return y.swapaxes(0, 1).reshape(y.shape[1], -1)
