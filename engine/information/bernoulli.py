"""How surprising is the answer to one yes-or-no question?

    entropy         H(p)     = −p log p − (1−p) log(1−p)       "yes" has the chance p, and one knows it
    cross-entropy   H(p, q)  = −p log q − (1−p) log(1−q)       … and one believes it to be q
    KL divergence   KL(p‖q)  = H(p, q) − H(p) ≥ 0              what the wrong belief costs
    slope           ∂H(p,q)/∂q = (q − p) / (q(1−q)) / ln b     0 at q = p and nowhere else: the minimum

A chance here is a probability. Against p, the cross-entropy of a fixed q is a straight line: the tangent of
the curve H at q, whose slope there is log((1−q)/q). KL is the gap between the two, and a curve that bends
down everywhere lies below all of its tangents. Where the answer is certain, p = 1 or p = 0, one term is
left: −log q or −log(1−q), the surprise of what is true.

0·log 0 = 0; a chance of 0 for what does happen costs ∞. The logarithm has base b.

Reference: T. M. Cover and J. A. Thomas, "Elements of Information Theory", chapter 2.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.config import Problem
from engine.gradient_check import GradientCheck, check_gradient

Array = NDArray[np.float64]
SMALLEST = 1e-300  # of a chance that can still be moved by a factor


def chance(p: ArrayLike, name: str = "p") -> Array:
    """Return p[…] as float64, once each is known to be a number from 0 to 1.

    Raises:
        Problem: one is not; `where` is `name`.
    """
    values = np.asarray(p, np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise Problem("{name} is a chance: a number from 0 to 1", where=name, name=name)
    return values


def terms(p: ArrayLike, q: ArrayLike, base: float = 2) -> tuple[Array, Array]:
    """−p log q and −(1−p) log(1−q): what "yes" and what "no" adds to the cross-entropy."""
    p, q = np.broadcast_arrays(chance(p, "p"), chance(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(p > 0, -p * np.log(q), 0.0)
        no = np.where(p < 1, -(1 - p) * np.log1p(-q), 0.0)
    return yes / math.log(base) + 0.0, no / math.log(base) + 0.0  # + 0.0: never −0


def cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """H(p, q): never below H(p), and equal to it only at q = p; ∞ where what happens has the chance 0."""
    yes, no = terms(p, q, base)
    return yes + no


def entropy(p: ArrayLike, base: float = 2) -> Array:
    """H(p): 0 where the answer is certain, log_b 2 where it is a fair coin's."""
    return cross_entropy(p, p, base)


def kl_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """KL(p‖q) = p log(p/q) + (1−p) log((1−p)/(1−q)): never negative, 0 only at q = p."""
    p, q = np.broadcast_arrays(chance(p, "p"), chance(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        yes = np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0)
        no = np.where(p < 1, (1 - p) * (np.log1p(-p) - np.log1p(-q)), 0.0)
    return np.maximum((yes + no) / math.log(base), 0.0)  # rounding may end a hair below 0


def d_cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """∂H(p, q)/∂q = (q − p) / (q(1−q)) / ln b.

    Where p is 0 or 1 one factor cancels, and what is left has a value at that end of q too: 1/(1−q), −1/q.
    """
    p, q = np.broadcast_arrays(chance(p, "p"), chance(q, "q"))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inside = (q - p) / (q * (1 - q))
        slope = np.where(p == 0, 1 / (1 - q), np.where(p == 1, -1 / q, inside))
    return slope / math.log(base) + 0.0


def check_slope(p: float, q: float, base: float = 2) -> GradientCheck | None:
    """Compare ∂H(p, q)/∂q with differences; None at the two ends, which q can leave on one side only.

    The smaller of the chances q and 1−q is moved by a factor eˢ, not by a distance, so that it stays a chance
    however near to the end it is: d/ds = q·∂/∂q at s = 0. The larger one follows.
    """
    if not SMALLEST < q < 1:
        return None
    if q > 0.5:
        p, q = 1.0 - p, 1.0 - q  # the same question with "yes" and "no" exchanged

    def moved(s: NDArray[Any]) -> float:
        return float(cross_entropy(p, q * math.exp(s[0]), base))

    return check_gradient(moved, [q * float(d_cross_entropy(p, q, base))], [0.0])
