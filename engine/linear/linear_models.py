"""Linear and logistic regression with two parameters, so that the whole loss can be drawn as a landscape.

    regression       ŷ = φ·θ         L(θ) = 1/n Σ ½(ŷ − y)²
    classification   p = σ(φ·θ)      L(θ) = 1/n Σ [ln(1 + e^z) − y z] + ½λ‖θ‖²,   z = φ·θ

θ[2] are the parameters, φ[2] the features of an example, y its target, σ the sigmoid, and λ ≥ 0 the weight
decay. In both, the gradient of an example is its error times its features (+ λθ), where p stands for ŷ in
classification. The gradient of a batch is the mean over its examples, and H is the Hessian of L:

    gᵢ = (ŷᵢ − yᵢ) φᵢ            H = 1/n Σ cᵢ φᵢφᵢᵀ + λI,   c = 1, or p(1 − p)

Reference: C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), 3.1 and 4.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import sigmoid
from engine.linear_systems import least_squares

Array = NDArray[np.float64]
Rows = NDArray[np.intp] | slice
EVERY = slice(None)
NEWTON = 50  # at most so many iterations; fewer than ten are usual
ROUNDING = 1e-12  # of a loss: a rise smaller than this is rounding


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Examples and the loss of θ on them: `features` φ[n, d], `targets` y[n] (0 or 1 if it classifies)."""

    features: Array
    targets: Array
    classifies: bool
    decay: float = 0.0  # λ

    @property
    def count(self) -> int:
        """How many examples there are, n."""
        return len(self.targets)

    def loss(self, theta: Array) -> Any:
        """L(θ) over all examples; for θ[…, d] an array of the shape […]."""
        with np.errstate(over="ignore", invalid="ignore"):
            z = theta @ self.features.T
            if self.classifies:
                each = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))) - self.targets * z
            else:
                each = 0.5 * (z - self.targets) ** 2
            return each.mean(axis=-1) + 0.5 * self.decay * (theta**2).sum(axis=-1)

    def errors(self, theta: Array, rows: Rows = EVERY) -> Array:
        """ŷ − y, or p − y, of the examples `rows`."""
        return self._errors(self.features[rows] @ theta, self.targets[rows])

    def _errors(self, z: Array, targets: Array) -> Array:
        return (sigmoid(z) if self.classifies else z) - targets

    def gradient(self, theta: Array, rows: Rows = EVERY) -> Array:
        """∂L/∂θ over the examples `rows`: the mean of their gradients, shape (d,)."""
        return np.array(self.slopes(theta.tolist(), rows))

    def slopes(self, theta: Sequence[float], rows: Rows = EVERY) -> list[float]:
        """`gradient` in Python floats: for two parameters that is faster than with arrays."""
        if isinstance(rows, slice):
            features, targets = self.features[rows], self.targets[rows]
        else:
            features, targets = self.features.take(rows, axis=0), self.targets.take(rows)
        error = self._errors(features @ np.array(theta), targets)
        count = len(error)
        sums = (error @ features).tolist()
        return [total / count + self.decay * at for total, at in zip(sums, theta, strict=True)]

    def gradients(self, theta: Array) -> Array:
        """The gradient of every single example, [n, d]; their mean is the gradient over all examples."""
        return self.errors(theta)[:, None] * self.features + self.decay * theta

    def hessian(self, theta: Array) -> Array:
        """The Hessian of L, [d, d]."""
        hessian: Array = self._curved(theta).T @ self.features / self.count + self.decay * np.eye(len(theta))
        return hessian

    def hessians(self, theta: Array) -> Array:
        """The Hessian of every single example's loss, [n, d, d]; their mean is `hessian`."""
        hessians: Array = self._curved(theta)[:, :, None] * self.features[:, None]
        return hessians + self.decay * np.eye(len(theta))

    def _curved(self, theta: Array) -> Array:
        """cᵢφᵢ, [n, d]."""
        if not self.classifies:
            return self.features
        p = sigmoid(self.features @ theta)
        return np.asarray(self.features * (p * (1 - p))[:, None])

    @cached_property
    def minimum(self) -> Array:
        """θ*, where the gradient is 0, by Newton's method; a step that makes L rise is halved."""
        theta = np.zeros(self.features.shape[1])
        for _ in range(NEWTON):
            step, before = least_squares(self.hessian(theta), self.gradient(theta)), self.loss(theta)
            while self.loss(theta - step) > before + ROUNDING and np.abs(step).max() > 1e-12:
                step = step / 2
            theta = theta - step
            if np.abs(step).max() < 1e-12:
                break
        return theta


def principal_components(rows: Array, count: int) -> Array:
    """The scores [n, count] of rows[n, d] along the `count` directions of largest variance, by the SVD.

    The sign of a direction is arbitrary: here its largest entry is positive.
    """
    centred = rows - rows.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:count]
    largest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(count), largest])
    scores: Array = centred @ (directions * signs[:, None]).T
    return scores
