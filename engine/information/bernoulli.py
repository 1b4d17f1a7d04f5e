"""How surprising is the answer to one yes-or-no question?

    entropy         H(p)     = −p log p − (1−p) log(1−p)       p: the true probability of "yes"
    cross-entropy   H(p, q)  = −p log q − (1−p) log(1−q)       q: the model's probability of "yes"
    KL divergence   KL(p‖q)  = H(p, q) − H(p) ≥ 0              the extra surprise, because q is not p
    slope           ∂H(p,q)/∂q = (q − p) / (q(1−q)) / ln b     0 only at q = p: the minimum

As a function of p, with q fixed, the cross-entropy is a straight line: the tangent to the curve H at q, with
the slope log((1−q)/q). KL is the height of the line above the curve. It is never negative, because a concave
curve lies below all its tangents. Where the answer is certain, p = 1 or p = 0, one term is left: −log q or
−log(1−q), the surprise of the true answer.

0·log 0 = 0; where q gives probability 0 to an answer that happens, the result is ∞. The logarithm has base b.

Reference: T. M. Cover and J. A. Thomas, "Elements of Information Theory", chapter 2.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.config import Problem
from engine.gradient_check import GradientCheck, check_gradient

Array = NDArray[np.float64]
SMALLEST = 1e-300  # the smallest probability that is multiplied by a factor in the check of the slope


def probability(p: ArrayLike, name: str = "p") -> Array:
    """Return p[…] as float64, after a check that all are from 0 to 1.

    Raises:
        Problem: one is not; `where` is `name`.
    """
    values = np.asarray(p, np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise Problem("{name} is a probability: a number from 0 to 1", where=name, name=name)
    return values


def terms(p: ArrayLike, q: ArrayLike, base: float = 2) -> tuple[Array, Array]:
    """−p log q and −(1−p) log(1−q): the terms of "yes" and "no" in the cross-entropy."""
    p, q = np.broadcast_arrays(probability(p, "p"), probability(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(p > 0, -p * np.log(q), 0.0)
        no = np.where(p < 1, -(1 - p) * np.log1p(-q), 0.0)
    return yes / math.log(base) + 0.0, no / math.log(base) + 0.0  # + 0.0: never −0


def cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """H(p, q): never below H(p), equal to it only at q = p; ∞ where q gives 0 to an answer that happens."""
    yes, no = terms(p, q, base)
    return yes + no


def entropy(p: ArrayLike, base: float = 2) -> Array:
    """H(p): 0 where the answer is certain; the largest value is log_b 2, at p = ½."""
    return cross_entropy(p, p, base)


def kl_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """KL(p‖q) = p log(p/q) + (1−p) log((1−p)/(1−q)): never negative, 0 only at q = p."""
    p, q = np.broadcast_arrays(probability(p, "p"), probability(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yes = np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)
        no = np.where(p < 1, (1 - p) * (np.log1p(-p) - np.log1p(-q)), 0.0)
    return np.maximum((yes + no) / math.log(base), 0.0)  # rounding can give a tiny negative sum


def d_cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """∂H(p, q)/∂q = (q − p) / (q(1−q)) / ln b.

    At p = 0 the factor q cancels and 1/(1−q) is left; at p = 1 the factor 1−q cancels and −1/q is left.
    """
    p, q = np.broadcast_arrays(probability(p, "p"), probability(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inside = (q - p) / (q * (1 - q))
        slope = np.where(p == 0, 1 / (1 - q), np.where(p == 1, -1 / q, inside))
    return slope / math.log(base) + 0.0


def check_slope(p: float, q: float, base: float = 2) -> GradientCheck | None:
    """Compare ∂H(p, q)/∂q with finite differences; None at q = 0 and q = 1, where one side is missing.

    The smaller of q and 1−q is multiplied by eˢ, so that it stays a probability however small it is; the
    larger one follows. The derivative is then d/ds = q·∂/∂q at s = 0.
    """
    if not SMALLEST < q < 1:
        return None
    if q > 0.5:
        p, q = 1.0 - p, 1.0 - q  # exchange "yes" and "no"

    def moved(s: NDArray[Any]) -> float:
        return float(cross_entropy(p, q * math.exp(s[0]), base))

    return check_gradient(moved, [q * float(d_cross_entropy(p, q, base))], [0.0])
