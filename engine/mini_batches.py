"""A mini-batch asks B examples instead of all n: its gradient is right on average, and off by chance.

    E[g_B] = g        Cov[g_B] = C/B · (n − B)/(n − 1)        C = that of one example's gradient

The second factor is there because no example comes twice in a batch: with B = n nothing is left to chance.
Near a minimum with the Hessian H gradient descent never settles. Each step shrinks what is left of the
distance and adds fresh noise, and where the two balance θ has the covariance Σ of the *noise ball*:

    Σ = (I − ηH) Σ (I − ηH) + η² Cov[g_B]        for small η:  tr Σ ≈ η/2 · tr(H⁻¹ Cov[g_B]) ∝ η/B

References: H. Robbins and S. Monro, "A stochastic approximation method" (1951); S. Mandt, M. Hoffman and
D. Blei, "Stochastic gradient descent as approximate Bayesian inference" (2017), section 3.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
ORDERS = ("independent", "shuffled")
BLOCK = 64  # batches drawn at once


def batches(count: int, size: int, order: str, rng: np.random.Generator) -> Iterator[Indices]:
    """Yield the rows of one mini-batch after another, without end.

    "independent" draws each batch anew; "shuffled" goes through all examples in a random order, then again in
    another: the last batch of such an epoch holds what is left over. Within a batch no example comes twice.
    """
    while True:
        if order == "shuffled":
            mixed = rng.permutation(count)
            yield from (mixed[first : first + size] for first in range(0, count, size))
        else:
            yield from draws(count, size, BLOCK, rng)


def examples_seen(count: int, size: int, order: str, steps: Any) -> Any:
    """How many examples `steps` batches have held in all; a number or an array of them.

    An epoch of shuffled batches holds every example once, so its last batch may be short:
    with k = ⌈n/B⌉ batches an epoch, t of them have held ⌊t/k⌋·n + (t mod k)·B.
    """
    if order != "shuffled":
        return steps * size
    each = -(-count // size)
    return steps // each * count + steps % each * size


def draws(count: int, size: int, times: int, rng: np.random.Generator) -> Indices:
    """Draw `times` independent batches, [times, size]."""
    if size == 1:
        return rng.integers(count, size=(times, 1))
    if size >= count:
        return np.tile(np.arange(count), (times, 1))
    return rng.random((times, count)).argpartition(size - 1, axis=1)[:, :size]


def shrinkage(count: int, size: int) -> float:
    """What is left of the variance of one example's gradient in a batch: (1/B)·(n − B)/(n − 1)."""
    return (count - size) / (size * (count - 1)) if count > 1 else 0.0


def covariance(rows: Array) -> Array:
    """The covariance of rows[n, d], divided by n: these are all there are."""
    centred = rows - rows.mean(axis=0)
    spread: Array = centred.T @ centred / len(rows)
    return spread


def small_step_radius(hessian: Array, noise: Array, rate: float) -> float:
    """The radius √tr Σ of the ball by the rule for small η: √(η/2 · tr(H⁻¹·noise))."""
    return float(np.sqrt(rate / 2 * np.trace(np.linalg.solve(hessian, noise))))


def noise_ball(hessian: Array, noise: Array, rate: float) -> Array | None:
    """Σ, the covariance of θ around the minimum; None where the steps do not shrink (η too large).

    Σ = AΣA + η²·noise is linear in Σ: with vec(AΣA) = (A⊗A) vec Σ it is one system of d² equations.
    """
    size = len(hessian)
    shrink = np.eye(size) - rate * hessian
    if np.abs(np.linalg.eigvalsh(shrink)).max() >= 1:
        return None
    system = np.eye(size * size) - np.kron(shrink, shrink)
    return np.asarray(np.linalg.solve(system, (rate**2 * noise).ravel()).reshape(size, size), np.float64)


def ellipse(centre: Array, spread: Array, reach: float = 1.0, points: int = 97) -> Array:
    """The points `reach` standard deviations from the centre of a normal cloud, [points, 2], closed."""
    values, axes = np.linalg.eigh(spread)
    turn = np.linspace(0.0, 2.0 * np.pi, points)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around: Array = centre + reach * (circle * np.sqrt(np.maximum(values, 0.0))) @ axes.T
    return around
