"""A unit is dead when nothing it is shown makes it answer: it learns nothing, and so it stays as it is.

    dead  ⇔  |φ′(zₙ)| < 0.001 for every training example n        z = w·x + b, the unit's sum

The gradient of its weights is Σₙ ∂L/∂aₙ · φ′(zₙ) · xₙ. For ReLU, φ′ is 0 where z ≤ 0 and 1 elsewhere, so the
definition is exact: dead ⇔ z ≤ 0 everywhere ⇔ its output is 0 on every example ⇒ its gradient is exactly 0.
Leaky ReLU's slope is never below 0.01, so its units cannot die. Smooth activations (ELU, GELU, …) fade to
a slope of 0 without reaching it; there 0.001 is a convention: they learn a thousand times more slowly.

References: Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013);
Lu, Shin, Su & Karniadakis, "Dying ReLU and initialization" (2019).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation, Array

FAINT = 1e-3  # a slope below this is taken for none
ALIVE = -1  # in `since`

Counts = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Activity(NamedTuple):
    """What the units of all hidden layers do on all training examples; each array is [layers, units]."""

    positive: Counts  # on how many examples z > 0
    highest: Array  # the largest z of any example
    dead: Mask  # no slope on any example


class Changes(NamedTuple):
    """What one update did to the units; each is [layers, units]."""

    died: Mask  # alive before, dead now
    revived: Mask  # dead before, alive now


def activity(sums: Sequence[Array], activation: Activation) -> Activity:
    """Look at z[examples, units] of every hidden layer (all of the same width).

    A unit with a sum that is not a number is not called dead: it has diverged.
    """
    highest = np.stack([z.max(axis=0) for z in sums])
    dead = np.stack([no_slope(z, top, activation) for z, top in zip(sums, highest, strict=True)])
    positive = np.stack([np.count_nonzero(z > 0, axis=0) for z in sums]).astype(np.int32)
    return Activity(positive, highest, dead & ~np.isnan(highest))


def no_slope(z: Array, highest: Array, activation: Activation) -> Mask:
    """Which units of a layer have no slope on any example; z[examples, units], and its largest.

    A unit that has a slope at its largest z is alive already: only the others need a closer look.
    """
    dead = np.abs(activation.derivative(highest)) < FAINT
    doubtful = np.flatnonzero(dead)
    dead[doubtful] = (np.abs(activation.derivative(z[:, doubtful])) < FAINT).all(axis=0)
    return dead


def changes(before: Mask, after: Mask) -> Changes:
    """Which units an update killed, and which it brought back."""
    return Changes(after & ~before, before & ~after)


def dead_since(since: Counts, before: Mask, after: Mask, step: int) -> Counts:
    """For each unit the step at which it last died, −1 while it lives; brought up to `step`."""
    fresh = np.where(after & ~before, np.int32(step), since)
    return np.where(after, fresh, np.int32(ALIVE))
