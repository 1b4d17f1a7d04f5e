"""Gradient clipping: one huge gradient could destroy what was learnt, so the length of a step is bounded.

    by norm     g ← g · min(1, c/‖g‖)          the direction stays the same
    by value    gᵢ ← max(−c, min(c, gᵢ))       the direction changes, towards a diagonal

Reference: Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks" (2013).
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.activations import Array


class Clipped(NamedTuple):
    """A clipped gradient, and its Euclidean length before and after."""

    gradient: Array
    norm_before: float
    norm_after: float


def norm(gradient: Array) -> float:
    """‖g‖ = √Σ gᵢ², where gᵢ² cannot overflow: ∞ only if an entry is infinite, or √Σ gᵢ² itself overflows."""
    squares = float(np.vdot(gradient, gradient))  # an overflow here gives no warning
    if 1e-30 < squares < 1e30:
        return math.sqrt(squares)
    largest = float(np.max(np.abs(gradient), initial=0.0))
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    scaled = gradient.astype(np.float64) / largest
    return largest * math.sqrt(np.vdot(scaled, scaled))


def clip_by_norm(gradient: Array, most: float) -> Clipped:
    """Shorten the gradient to the length `most` if it is longer.

    A gradient with an entry that is ∞ or NaN has no direction; it is returned unchanged.
    """
    before = norm(gradient)
    if not before > most:
        return Clipped(gradient, before, before)
    if 1e-30 < before < 1e30:
        return Clipped(gradient * (most / before), before, most)
    largest = float(np.max(np.abs(gradient)))
    if not np.isfinite(largest):
        return Clipped(gradient, before, before)
    unit = gradient / largest  # c/‖g‖ alone could underflow
    return Clipped(unit * (most / norm(unit)), before, most)


def clip_by_value(gradient: Array, most: float) -> Clipped:
    """Bound every entry by ±`most`. ∞ becomes `most`; NaN stays."""
    clipped: Array = np.clip(gradient, -most, most)
    return Clipped(clipped, norm(gradient), norm(clipped))


CLIPPINGS: dict[str, Callable[[Array, float], Clipped]] = {"norm": clip_by_norm, "value": clip_by_value}
