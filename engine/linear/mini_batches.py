"""A mini-batch has B examples instead of all n: its gradient is right on average, but has random noise.

    E[g_B] = g        Cov[g_B] = C/B · (n − B)/(n − 1)        C = that of one example's gradient

g_B is the mean gradient of the B examples, g that of all; E is the expectation over all batches that can be
drawn, Cov the covariance matrix. The second factor, the finite population correction, is there because no
example comes twice in a batch: for B = n the noise is 0. Because of the noise, θ does not converge to a
minimum θ* but keeps moving around it. If the loss is quadratic, g_B(θ) = g_B(θ*) + H_B (θ − θ*) with the
Hessian H_B of the batch, so a step with the learning rate η is

    δ ← (I − ηH_B) δ − η g_B        δ = θ − θ*, g_B taken at θ*

It shrinks the distance δ and adds new noise. When both effects are in balance, E δ = 0, and the covariance of
θ is Σ; this region around θ* is called the *noise ball*. δ does not depend on the next batch, so that
E[(I − ηH_B) δ g_Bᵀ] = E[(I − ηH_B) (E δ) g_Bᵀ] = 0: although H_B and g_B are of the same batch, their cross
term is 0.

    Σ = E[(I − ηH_B) Σ (I − ηH_B)] + η² Cov[g_B]
      = (I − ηH) Σ (I − ηH) + η² E[(H_B − H) Σ (H_B − H)] + η² Cov[g_B]

    for small η:  tr Σ ≈ η/2 · tr(H⁻¹ Cov[g_B]) ∝ η/B

H = E[H_B] is the Hessian of all examples, I the identity, and tr the trace: tr Σ = E‖δ‖², the mean square of
the distance. With momentum, v is the velocity, β its decay; δ and v are one state with the covariance S, and
the same holds for their common step:

    v ← βv + g_B(θ)     δ ← δ − ηv       S = T S Tᵀ + uuᵀ ⊗ (E[(H_B − H) Σ (H_B − H)] + Cov[g_B])
    T = [[I − ηH, −ηβI], [H, βI]]        u = (−η, 1)        Σ = the block of S that belongs to δ

A ⊗ B is the Kronecker product: the matrix A, where each entry is replaced by that entry times B.

References: H. Robbins and S. Monro, "A stochastic approximation method" (1951); S. Mandt, M. Hoffman and
D. Blei, "Stochastic gradient descent as approximate Bayesian inference" (2017), section 3, for small η;
L. Ziyin, K. Liu, T. Mori and M. Ueda, "Strength of minibatch noise in SGD" (2022), for the noise of H_B.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.linear_systems import solve

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
ORDERS = ("independent", "shuffled")
BLOCK = 64  # batches drawn at once
TINY = 1e-8  # of ηλ: there the error of the first order is as large as that of 1 − ηλ in float64


class BatchState(NamedTuple):
    """The state of a stream of batches: everything that it needs to go on."""

    rng: Mapping[str, Any]  # the state of the random generator before it drew the present epoch or block
    place: int  # how many examples of this epoch, or batches of this block, were used; 0: none is drawn yet
    epoch: int


class Batches(Iterator[Indices]):
    """The rows of one mini-batch after another, without end.

    "independent" draws each batch from all examples. "shuffled" goes through all examples in a random order,
    then in another one; the last batch of such an epoch can be smaller. No example comes twice in a batch.

    The size may change between two batches: an epoch then goes on with the examples that it has not used yet,
    in the same order; independent batches are those that would have come next with that size.
    """

    def __init__(self, count: int, size: int, order: str, rng: np.random.Generator) -> None:
        """`size` examples of `count` in each batch, drawn by `rng`, which nothing else uses from now on."""
        self.count, self.size, self.order, self._rng = count, size, order, rng
        self.epoch = 0  # the number of the present epoch, from 1; of independent batches, of the block
        self._drawn: Indices = np.empty((0, 0), np.intp)
        self._place = 0
        self._rng_before: Mapping[str, Any] = {}

    def __next__(self) -> Indices:
        """The next batch."""
        if self._place >= len(self._drawn):
            self._draw()
            self.epoch += 1
            self._place = 0
        first = self._place
        if self.order == "shuffled":
            self._place = first + self.size
            return self._drawn[first : self._place]
        self._place = first + 1
        batch: Indices = self._drawn[first]
        return batch

    @property
    def all_next(self) -> bool:
        """Whether the next batch is all examples."""
        begins = self.order != "shuffled" or self._place >= len(self._drawn)
        return self.size >= self.count and begins

    def _draw(self) -> None:
        """Draw the order of an epoch, or a block of independent batches."""
        self._rng_before = self._rng.bit_generator.state
        if self.order == "shuffled":
            self._drawn = self._rng.permutation(self.count)
        else:
            self._drawn = draws(self.count, self.size, BLOCK, self._rng)

    def resize(self, size: int) -> None:
        """Set the size of the batches from the next one on."""
        if size != self.size:
            self.size = size
            self.go_on(self.state())

    def state(self) -> BatchState:
        """Return its state."""
        drawn = self._place > 0
        return BatchState(
            self._rng_before if drawn else self._rng.bit_generator.state, self._place, self.epoch
        )

    def go_on(self, state: BatchState) -> None:
        """Go on from a state of this stream, or of one with the same settings; the same batches are drawn
        again.
        """
        self._rng.bit_generator.state = state.rng
        self._drawn, self._place, self.epoch = self._drawn[:0], state.place, state.epoch
        if state.place:
            self._draw()


def examples_seen(count: int, size: int, order: str, steps: Any) -> Any:
    """The total number of examples in `steps` batches; for a number or an array of steps.

    An epoch of shuffled batches has every example once, so its last batch can be smaller: with k = ⌈n/B⌉
    batches per epoch, t batches have ⌊t/k⌋·n + (t mod k)·B examples.
    """
    if order != "shuffled":
        return steps * size
    each = -(-count // size)
    return steps // each * count + steps % each * size


BatchSizes = tuple[tuple[int, int], ...]  # (step, size): from this step on, from 1, batches have this size
NEVER = 2**62  # a step that no run reaches


def seen_after(count: int, order: str, size: int, seen: Any, steps: Any) -> Any:
    """The examples used `steps` steps after `seen` of them; an epoch that has begun goes on."""
    if order != "shuffled":
        return seen + steps * size
    left = -seen % count
    to_its_end = -(-left // size)
    rest = left + examples_seen(count, size, "shuffled", np.maximum(steps - to_its_end, 0))
    return np.where(steps < to_its_end, seen + steps * size, seen + rest)[()]


def examples_after(count: int, order: str, sizes: BatchSizes, steps: Any) -> Any:
    """The examples used in the first `steps` (a number or an array), with batches of these sizes."""
    if len(sizes) == 1:
        return examples_seen(count, min(sizes[0][1], count), order, steps)
    total: Any = 0
    for (first, size), (beyond, _) in pairwise((*sizes, (NEVER, 0))):
        more = np.clip(steps - first + 1, 0, beyond - first)
        total = np.where(more > 0, seen_after(count, order, min(size, count), total, more), total)[()]
    return total


def steps_to_see(count: int, sizes: BatchSizes, examples: int) -> int:
    """The first step after which this many examples were used, in shuffled batches of these sizes.

    `examples` is whole epochs.
    """
    seen = step = 0
    for (first, wanted), (beyond, _) in pairwise((*sizes, (NEVER, 0))):
        size, left = min(wanted, count), -seen % count
        step = first - 1 - (-left // size) + (examples - seen) // count * -(-count // size)
        if step < beyond:
            break
        seen = int(seen_after(count, "shuffled", size, seen, beyond - first))
    return step


def draws(count: int, size: int, times: int, rng: np.random.Generator) -> Indices:
    """Draw `times` independent batches, [times, size]."""
    if size == 1:
        return rng.integers(count, size=(times, 1))
    if size >= count:
        return np.tile(np.arange(count), (times, 1))
    return rng.random((times, count)).argpartition(size - 1, axis=1)[:, :size]


def shrinkage(count: int, size: Any) -> Any:
    """The variance of the mean of a batch, divided by that of one example: (1/B)·(n − B)/(n − 1).

    The second factor is the finite population correction of a draw without replacement. `size` is a number or
    an array.
    """
    return (count - size) / (size * (count - 1)) if count > 1 else 0.0 * size


def covariance(rows: Array) -> Array:
    """The covariance of rows[n, d]; divided by n, because the rows are the whole population."""
    centred = rows - rows.mean(axis=0)
    spread: Array = centred.T @ centred / len(rows)
    return spread


def small_step_radius(hessian: Array, noise: Array, rate: float, momentum: float = 0.0) -> float:
    """The radius √tr Σ of the ball for small η: √(½η/(1 − β) · tr(H⁻¹·noise)); ∞ if H has no inverse."""
    spread = solve(hessian, noise)
    return float("inf") if spread is None else float(np.sqrt(rate / (1 - momentum) / 2 * np.trace(spread)))


class Noise(NamedTuple):
    """The gradient noise of a batch at the minimum: Cov[g_B], and Cov[vec H_B], 0 where H_B is always H."""

    gradient: Array  # [d, d]
    hessian: Array  # [d², d²]


def noise_ball(hessian: Array, noise: Noise, rate: float, momentum: float | None = None) -> Array | None:
    """Σ, the covariance of θ around the minimum, [d, d]; None where it is not finite.

    `momentum` is β, or None for gradient descent.
    """
    ball = noise_balls(hessian, noise, np.ones(1), rate, momentum)[0]
    return None if np.isnan(ball).any() else ball


def noise_balls(
    hessian: Array, noise: Noise, shares: Array, rate: float, momentum: float | None = None
) -> Array:
    """Σ for batches with these shares[k] of a noise, such as that of one example; NaN where it is not finite.

    The balance S = M(S) + uuᵀ⊗Cov[g_B] is linear in S. With vec S, the entries of S as one vector,
    vec(TSTᵀ) = (T⊗T) vec S: it is a linear system with one equation for each entry of S. M maps covariances
    to covariances, and Σ is finite if and only if the spectral radius of M, the largest |eigenvalue|, is
    below 1.

    For the smallest η, where 1 − ηλ is 1 up to rounding, the first order in η is taken. With η = 0 nothing
    moves, and there is no ball.

    Returns:
        [k, d, d]
    """
    of_gradient, of_hessian = (np.multiply.outer(shares, part) for part in noise)
    share_of_new = 1 - (momentum or 0.0)
    if rate * np.linalg.norm(hessian, 2) <= TINY * share_of_new:
        return _small_step_balls(hessian, of_gradient, rate / share_of_new)
    count, size = len(shares), len(hessian)
    step, u = _mean_step(hessian, rate, momentum)
    parts, width = len(u), len(step)
    kept = np.tile(np.kron(step, step), (count, 1, 1))
    hessian_noise = of_hessian.reshape(count, *(size,) * 4)  # E[(H_B − H)ₐᵦ (H_B − H)_cd]
    blocks = kept.reshape(count, *(parts, size) * 4)  # of M: the part and entry of row, column → those of S
    blocks[:, :, :, :, :, 0, :, 0, :] += np.einsum("p,q,kabcd->kpaqcbd", u, u, hessian_noise)
    finite = np.abs(np.linalg.eigvals(kept)).max(axis=-1) < 1
    added = np.einsum("pq,kab->kpaqb", np.outer(u, u), of_gradient).reshape(count, width**2, 1)
    balls = np.full((count, size, size), np.nan)
    balance = np.linalg.solve(np.eye(width**2) - kept[finite], added[finite])
    balls[finite] = balance.reshape(-1, width, width)[:, :size, :size]
    return balls


def _small_step_balls(hessian: Array, noise: Array, rate: float) -> Array:
    """The Σ of HΣ + ΣH = η·Cov[g_B] for each noise[k], solved along the eigenvectors of H; or NaN."""
    curvatures, axes = np.linalg.eigh(hessian)
    if rate == 0 or curvatures[0] <= 0:
        return np.full_like(noise, np.nan)
    along = rate * (axes.T @ noise @ axes) / (curvatures[:, None] + curvatures)
    balls: Array = axes @ along @ axes.T
    return balls


def _mean_step(hessian: Array, rate: float, momentum: float | None) -> tuple[Array, Array]:
    """T, the matrix of the mean step, and u, the factors of a gradient in each part of the state."""
    one = np.eye(len(hessian))
    if momentum is None:
        return one - rate * hessian, np.array([-rate])
    step = np.block([[one - rate * hessian, -rate * momentum * one], [hessian, momentum * one]])
    return step, np.array([-rate, 1.0])


def ellipse(centre: Array, spread: Array, reach: float = 1.0, points: int = 97) -> Array:
    """The closed curve `reach` standard deviations from the centre of a 2-D Gaussian, [points, 2]."""
    values, axes = np.linalg.eigh(spread)
    turn = np.linspace(0.0, 2.0 * np.pi, points)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    around: Array = centre + reach * (circle * np.sqrt(np.maximum(values, 0.0))) @ axes.T
    return around
