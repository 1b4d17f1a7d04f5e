"""A mini-batch asks B examples instead of all n: its gradient is right on average, and off by chance.

    E[g_B] = g        Cov[g_B] = C/B · (n − B)/(n − 1)        C = that of one example's gradient

The second factor, the finite population correction, is there because no example comes twice in a batch: with
B = n nothing is left to chance. Near a minimum θ* gradient descent never settles. Where the loss is quadratic
the batch pulls with its own Hessian, g_B(θ) = g_B(θ*) + H_B (θ − θ*), so a step is

    δ ← (I − ηH_B) δ − η g_B        δ = θ − θ*, g_B taken at θ*

It shrinks what is left of the distance and adds fresh noise. Where the two balance, E δ = 0 and θ has the
covariance Σ of the *noise ball*. δ does not depend on the batch that comes next, so that
E[(I − ηH_B) δ g_Bᵀ] = E[(I − ηH_B) (E δ) g_Bᵀ] = 0: H_B and g_B are of one batch, yet no cross term is left.

    Σ = E[(I − ηH_B) Σ (I − ηH_B)] + η² Cov[g_B]
      = (I − ηH) Σ (I − ηH) + η² E[(H_B − H) Σ (H_B − H)] + η² Cov[g_B]

    for small η:  tr Σ ≈ η/2 · tr(H⁻¹ Cov[g_B]) ∝ η/B

With momentum δ and v are one state with the covariance S, and the same holds for their common step:

    v ← βv + g_B(θ)     δ ← δ − ηv       S = T S Tᵀ + uuᵀ ⊗ (E[(H_B − H) Σ (H_B − H)] + Cov[g_B])
    T = [[I − ηH, −ηβI], [H, βI]]        u = (−η, 1)        Σ = the block of S that is of δ

References: H. Robbins and S. Monro, "A stochastic approximation method" (1951); S. Mandt, M. Hoffman and
D. Blei, "Stochastic gradient descent as approximate Bayesian inference" (2017), section 3, for small η;
L. Ziyin, K. Liu, T. Mori and M. Ueda, "Strength of minibatch noise in SGD" (2022), for the noise of H_B.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.linear_systems import solve

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
    """What is left of the variance of one example in the mean of a batch: (1/B)·(n − B)/(n − 1).

    The second factor is the finite population correction of a draw without replacement.
    """
    return (count - size) / (size * (count - 1)) if count > 1 else 0.0


def covariance(rows: Array) -> Array:
    """The covariance of rows[n, d], divided by n: these are all there are."""
    centred = rows - rows.mean(axis=0)
    spread: Array = centred.T @ centred / len(rows)
    return spread


def small_step_radius(hessian: Array, noise: Array, rate: float, momentum: float = 0.0) -> float:
    """The radius √tr Σ of the ball by the rule for small η: √(½η/(1 − β) · tr(H⁻¹·noise)); ∞ without H⁻¹."""
    spread = solve(hessian, noise)
    return float("inf") if spread is None else float(np.sqrt(rate / (1 - momentum) / 2 * np.trace(spread)))


class Noise(NamedTuple):
    """What chance does to a batch at the minimum: Cov[g_B], and Cov[vec H_B]; 0 where H_B is always H."""

    gradient: Array  # [d, d]
    hessian: Array  # [d², d²]


def noise_ball(hessian: Array, noise: Noise, rate: float, momentum: float | None = None) -> Array | None:
    """Σ, the covariance of θ around the minimum, [d, d]; None where it has no finite size.

    `momentum` is β, or None for gradient descent. The balance S = M(S) + uuᵀ⊗Cov[g_B] is linear in S: with
    vec(TSTᵀ) = (T⊗T) vec S it is one system of as many equations as S has entries. M maps covariances to
    covariances, and the mean square stays finite if and only if its spectral radius is below 1.
    """
    size = len(hessian)
    step, push = _mean_step(hessian, rate, momentum)
    parts, width = len(push), len(step)
    kept = np.kron(step, step)
    shaken = noise.hessian.reshape((size,) * 4)  # E[(H_B − H)ₐᵦ (H_B − H)_cd]
    blocks = kept.reshape((parts, size) * 4)  # of M: the part and entry of row, column → the same of S
    blocks[:, :, :, :, 0, :, 0, :] += np.einsum("p,q,abcd->paqcbd", push, push, shaken)
    if np.abs(np.linalg.eigvals(kept)).max() >= 1:
        return None
    kicks = np.kron(np.outer(push, push), noise.gradient)
    balance = np.linalg.solve(np.eye(width**2) - kept, kicks.ravel()).reshape(width, width)
    return np.asarray(balance[:size, :size], np.float64)


def _mean_step(hessian: Array, rate: float, momentum: float | None) -> tuple[Array, Array]:
    """T, what the mean step makes of the state, and u, how a gradient enters each part of the state."""
    one = np.eye(len(hessian))
    if momentum is None:
        return one - rate * hessian, np.array([-rate])
    step = np.block([[one - rate * hessian, -rate * momentum * one], [hessian, momentum * one]])
    return step, np.array([-rate, 1.0])


def ellipse(centre: Array, spread: Array, reach: float = 1.0, points: int = 97) -> Array:
    """The points `reach` standard deviations from the centre of a normal cloud, [points, 2], closed."""
    values, axes = np.linalg.eigh(spread)
    turn = np.linspace(0.0, 2.0 * np.pi, points)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around: Array = centre + reach * (circle * np.sqrt(np.maximum(values, 0.0))) @ axes.T
    return around
