"""A unit is dead if its slope is 0 for every example: its gradient is 0, so it never changes again.

    dead  ⇔  |φ′(zₙ)| < 0.001 for every training example n        z = w·x + b, the unit's sum

w are its weights, b its bias, x its inputs, φ the activation function, φ′ its slope, and a = φ(z) the output
of the unit. With the loss L, the gradient of its weights is Σₙ ∂L/∂aₙ · φ′(zₙ) · xₙ. For ReLU, φ′ is 0 where
z ≤ 0 and 1 elsewhere, so the definition is exact: dead ⇔ z ≤ 0 everywhere ⇔ its output is 0 on every example
⇒ its gradient is exactly 0. The slope of leaky ReLU is never below 0.01, so its units cannot die. The slope
of smooth activations (ELU, GELU, …) tends to 0 but is never exactly 0; for them the limit 0.001 is a
convention: such a unit learns a thousand times more slowly.

References: Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013);
Lu, Shin, Su & Karniadakis, "Dying ReLU and initialization" (2019).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.activations import Activation, Array

FAINT = 1e-3  # a slope below this counts as 0
ALIVE = -1  # in `since`

Counts = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Activity(NamedTuple):
    """The units of all hidden layers on all training examples; each array is [layers, units]."""

    positive: Counts  # for how many examples z > 0
    highest: Array  # the largest z over the examples
    dead: Mask  # slope 0 for every example


class UnitChanges(NamedTuple):
    """Which units one update changed from alive to dead or back; each is [layers, units]."""

    died: Mask  # alive before, dead now
    revived: Mask  # dead before, alive now


def activity(sums: Sequence[Array], activation: Activation) -> Activity:
    """The activity of the units, from z[examples, units] of every hidden layer (all of the same width).

    A unit with a NaN in z does not count as dead: it has diverged.
    """
    highest = np.stack([z.max(axis=0) for z in sums])
    dead = np.stack([no_slope(z, top, activation) for z, top in zip(sums, highest, strict=True)])
    positive = np.stack([np.count_nonzero(z > 0, axis=0) for z in sums]).astype(np.int32)
    return Activity(positive, highest, dead & ~np.isnan(highest))


def no_slope(z: Array, highest: Array, activation: Activation) -> Mask:
    """Which units of a layer have slope 0 for every example, from z[examples, units] and its maxima.

    A unit whose slope is not 0 at its largest z is alive: only for the others every example is computed.
    """
    dead = np.abs(activation.derivative(highest)) < FAINT
    doubtful = np.flatnonzero(dead)
    dead[doubtful] = (np.abs(activation.derivative(z[:, doubtful])) < FAINT).all(axis=0)
    return dead


def changes(before: Mask, after: Mask) -> UnitChanges:
    """Which units died in an update, and which became alive again."""
    return UnitChanges(after & ~before, before & ~after)


def dead_since(since: Counts, before: Mask, after: Mask, step: int) -> Counts:
    """For each unit the step at which it last died, −1 while it is alive; after the update of `step`."""
    fresh = np.where(after & ~before, np.int32(step), since)
    return np.where(after, fresh, np.int32(ALIVE))
