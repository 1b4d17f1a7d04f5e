"""Softmax by two formulas that are equal on paper; in floating point only one of them is safe.

    naive     pᵢ = exp(zᵢ) / S              S = Σ exp(zⱼ)
    stable    pᵢ = exp(zᵢ − m) / S          S = Σ exp(zⱼ − m), m = max z:   the largest term is 1, so S ≥ 1

With real numbers both are equal, because a shift of all logits changes nothing: exp(z + c) = exp(c)·exp(z),
and exp(c) cancels. In floating point the naive formula overflows: exp(z) is ∞ beyond z = 88.7 in float32 and
709.8 in float64, and ∞/∞ is NaN. If all logits are far below 0 it underflows: every exp(z) is 0, S too, and
0/0 is NaN. Between these, a pᵢ can round to 0, so that log pᵢ is −∞; the stable form keeps all digits:

    log pᵢ = zᵢ − m − log Σ exp(zⱼ − m)

The sigmoid is a softmax: one class against all others has the logit uᵢ = zᵢ − log Σ_{j≠i} exp(zⱼ), and
pᵢ = σ(uᵢ). If the logits are divided by a temperature T, then for T → 0 the largest logit gets probability 1,
and for T → ∞ all classes get the same.

References: Goodfellow, Bengio & Courville, "Deep Learning" (2016), 4.1 and 6.2.2; P. Blanchard, D. J. Higham
and N. J. Higham (2021), "Accurately computing the log-sum-exp and softmax functions".
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from engine.activations import Array, floating, softmax, softmax_jacobian
from engine.gradient_check import GradientCheck, check_gradient

Vector = NDArray[np.float64]


class Limits(NamedTuple):
    """The range of z in which exp(z) is neither ∞ nor 0, for one floating-point type."""

    overflow: float  # above it exp(z) is ∞
    underflow: float  # below it exp(z) is 0


def limits(dtype: DTypeLike) -> Limits:
    """(88.72, −103.97) for float32, (709.78, −745.13) for float64.

    The largest float is exp(overflow); below half of the smallest subnormal number a result is rounded to 0.
    """
    kind = np.finfo(dtype)
    smallest = kind.minexp - kind.nmant  # as a power of 2
    return Limits(math.log(float(kind.max)), (smallest - 1) * math.log(2.0))


class Naive(NamedTuple):
    """The naive formula step by step, in one precision. Wrong results (∞, NaN, 0) are kept as they are."""

    exponentials: Array  # exp(z), perhaps ∞ or 0
    total: float  # their sum S
    p: Array  # exp(z)/S, NaN where that is ∞/∞ or 0/0
    log_p: Array  # log p, −∞ where p is 0

    @property
    def failure(self) -> str:
        """What went wrong: "overflow" (S is ∞), "vanished" (S is 0), "lost" (only a p is 0), or ""."""
        if math.isinf(self.total):
            return "overflow"
        if self.total == 0:
            return "vanished"
        return "" if np.all(self.p > 0) else "lost"

    def wrong(self) -> NDArray[np.bool_]:
        """Which p are wrong: NaN, or 0, which a softmax never is."""
        return ~(self.p > 0)


def naive_softmax(z: ArrayLike, dtype: DTypeLike = np.float64) -> Naive:
    """Softmax of z[classes] by the naive formula, in float32 or float64."""
    logits = np.asarray(z).astype(dtype)
    with np.errstate(all="ignore"):  # overflow is what is shown
        e = np.exp(logits)
        total = e.sum(dtype=logits.dtype)
        p = e / total
        return Naive(e, float(total), p, np.log(p))


class Stable(NamedTuple):
    """The stable formula step by step."""

    largest: float  # m
    moved: Array  # z − m; the largest is 0
    exponentials: Array  # exp(z − m), the largest is 1
    total: float  # their sum S, from 1 to the number of classes
    p: Array
    log_p: Array  # z − m − log S


def stable_softmax(z: ArrayLike) -> Stable:
    """Softmax of z[classes], with the largest logit moved to 0."""
    logits = floating(z)
    largest = logits.max()
    moved = logits - largest
    e = np.exp(moved)
    total = e.sum()
    return Stable(float(largest), moved, e, float(total), e / total, moved - np.log(total))


def log_sum_exp(z: ArrayLike, axis: int = -1) -> Array:
    """log Σ exp(z) along `axis`, a smooth maximum: between max z and max z + log n."""
    z = floating(z)
    largest = z.max(axis=axis, keepdims=True)
    total = np.log(np.exp(z - largest).sum(axis=axis, keepdims=True))
    return np.asarray((largest + total).squeeze(axis))


def against_the_rest(z: ArrayLike) -> Array:
    """uᵢ = zᵢ − log Σ_{j≠i} exp(zⱼ) for each of z[classes ≥ 2]: the logit with which σ(uᵢ) = pᵢ."""
    z = floating(z)
    rest = np.array([log_sum_exp(np.delete(z, i)) for i in range(len(z))], z.dtype)
    return z - rest


def jacobian_at(z: ArrayLike, temperature: float = 1.0) -> Vector:
    """∂pᵢ/∂zⱼ of p = softmax(z/T): (diag(p) − p pᵀ) / T, symmetric, every row sums to 0."""
    p = softmax(np.asarray(z, np.float64) / temperature)
    return np.asarray(softmax_jacobian(p) / temperature)


def entropy_at(z: ArrayLike, temperature: ArrayLike) -> Vector:
    """H of softmax(z/T) in nats, for each temperature[…] > 0: from 0 at T → 0 (one largest) up to ln n.

    H = log Σ exp(m) − Σ p m with m = (z − max z)/T, so that log 0 is never taken.
    """
    z = np.asarray(z, np.float64)
    moved = (z - z.max()) / np.asarray(temperature, np.float64)[..., np.newaxis]
    p = softmax(moved)
    return np.asarray(log_sum_exp(moved) - (p * moved).sum(axis=-1))


def d_entropy_at(z: ArrayLike, temperature: ArrayLike) -> Vector:
    """dH/dT = Var(z)/T³, with the variance of the logits under p: never negative, so H grows with T."""
    z = np.asarray(z, np.float64)
    t = np.asarray(temperature, np.float64)
    p = softmax((z - z.max()) / t[..., np.newaxis])
    mean = (p * z).sum(axis=-1, keepdims=True)
    return np.asarray((p * (z - mean) ** 2).sum(axis=-1) / t**3)


def check_jacobian(z: ArrayLike, temperature: float = 1.0) -> GradientCheck:
    """Compare every entry of the Jacobian with finite differences; the check of the worst row is returned.

    The differences are taken in z/T, so that one step size suits every temperature: T·∂p/∂z = ∂p/∂(z/T).
    """
    scaled = np.asarray(z, np.float64) / temperature
    scaled = scaled - scaled.max()
    jacobian = jacobian_at(z, temperature) * temperature
    checks = [
        check_gradient(lambda x, k=k: softmax(x)[k], row, scaled)  # type: ignore[misc]
        for k, row in enumerate(jacobian)
    ]
    return max(checks, key=lambda check: check.max_relative_error)


def check_d_entropy(z: ArrayLike, temperature: float) -> GradientCheck:
    """Compare dH/dT with finite differences, where T is multiplied by eˢ: d/ds H(T·eˢ) = T·dH/dT at s = 0."""

    def moved(s: NDArray[Any]) -> float:
        return float(entropy_at(z, temperature * math.exp(s[0])))

    return check_gradient(moved, [temperature * float(d_entropy_at(z, temperature))], [0.0])
