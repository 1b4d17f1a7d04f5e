"""How surprising are outcomes on average, and how much more surprising under a wrong model?

    entropy         H(P)    = −Σ pᵢ log pᵢ               the mean surprise −log pᵢ, if P is known
    cross-entropy   H(P,Q)  = −Σ pᵢ log qᵢ               the mean surprise −log qᵢ of a model Q
    KL divergence   KL(P‖Q) =  Σ pᵢ log(pᵢ/qᵢ)           the extra surprise: H(P,Q) − H(P) ≥ 0
    JS divergence   JS(P,Q) = ½ KL(P‖M) + ½ KL(Q‖M)      M = ½(P + Q); symmetric in P and Q, at most log 2
    perplexity              = bᴴ                         the number of equally likely outcomes with entropy H

P is the true distribution, Q the model's. The surprise of an outcome, −log pᵢ, is also called its surprisal
or self-information: rare outcomes are more surprising. The logarithm has base 2 (bits), e (nats) or 10
(dits); a result in base b is that in nats divided by ln b. 0·log 0 = 0: an outcome that never happens adds 0.
If an outcome happens to which Q gives probability 0, the cross-entropy is ∞.

Reference: C. E. Shannon (1948), "A Mathematical Theory of Communication"; T. M. Cover and J. A. Thomas,
"Elements of Information Theory", chapter 2; J. Lin (1991), "Divergence measures based on the Shannon
entropy".
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.config import Problem

Array = NDArray[np.float64]
UNITS = {2.0: "bits", float(np.e): "nats", 10.0: "dits"}
TOLERANCE = 1e-9  # times the number of outcomes: how much a sum may differ from 1


# The quantities


def surprise(q: ArrayLike, base: float = 2) -> Array:
    """−log q of each outcome[…]: its information, and its length in an ideal code; ∞ where q = 0."""
    with np.errstate(divide="ignore"):
        return -np.log(distribution(q, "Q")) / _unit(base) + 0.0  # + 0.0: the surprise of 1 is 0, not −0


def entropy(p: ArrayLike, base: float = 2) -> Array:
    """H(P) of p[…, outcomes] → […]: between 0 (one outcome is sure) and log n (all are equally likely).

    Raises:
        Problem: P is not a distribution along its last axis, or the base is not greater than 1.
    """
    return _total(cross_entropy_terms(p, p, base))


def cross_entropy(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """H(P, Q) = H(P) + KL(P‖Q), never below H(P); ∞ where some pᵢ > 0 has qᵢ = 0.

    p[…, outcomes] and q[…, outcomes] → […].

    Raises:
        Problem: P or Q is not a distribution, they do not match, or the base is not greater than 1.
    """
    return _total(cross_entropy_terms(p, q, base))


def kl_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """KL(P‖Q) of p[…, outcomes] and q[…, outcomes] → […]: never negative, 0 only at P = Q, and not KL(Q‖P).

    Raises:
        Problem: as `cross_entropy`.
    """
    return _total(kl_terms(p, q, base))


def js_divergence(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """JS(P, Q), the divergence, not its square root: between 0 (equal) and log_b 2 (no outcome in common).

    Raises:
        Problem: as `cross_entropy`.
    """
    truth, model = _pair(p, q)
    total = truth + model

    def half(part: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            logarithm = np.log(2 * (part / total))  # this order: the quotient is at most 1
            return np.where(part > 0, part * logarithm, 0.0) / 2

    bounded: Array = np.minimum(_total((half(truth) + half(model)) / _unit(base)), np.log(2) / _unit(base))
    return bounded


def perplexity(p: ArrayLike) -> Array:
    """2 to the power of H(P) in bits: the number of equally likely outcomes with the same entropy.

    Raises:
        Problem: P is not a distribution along its last axis.
    """
    power: Array = np.exp2(entropy(p, 2))
    return power


def cross_entropy_terms(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """−pᵢ log qᵢ for each outcome, shaped like P and Q together; 0 where pᵢ = 0, even if qᵢ = 0 too."""
    truth, model = _pair(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(truth > 0, -truth * np.log(model), 0.0)
    return terms / _unit(base) + 0.0


def kl_terms(p: ArrayLike, q: ArrayLike, base: float = 2) -> Array:
    """pᵢ log(pᵢ/qᵢ) for each outcome; single terms can be negative, their sum cannot."""
    truth, model = _pair(p, q)
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        ratio = truth / model
        # The logarithm of the quotient is more exact, but the quotient overflows for a tiny q.
        near = (ratio > 0) & (ratio < np.inf)
        logarithm = np.where(near, np.log(ratio), np.log(truth) - np.log(model))
        terms = np.where(truth > 0, truth * logarithm, 0.0)
    return terms / _unit(base)


def _total(terms: Array) -> Array:
    """The sum over the outcomes, one number for each row; a tiny negative sum is rounding and becomes 0."""
    total: Array = np.maximum(terms.sum(axis=-1), 0.0)
    return total


# The checks of what is given


def distribution(p: ArrayLike, name: str = "P") -> Array:
    """Return p[…, outcomes] as float64, after a check that it is a distribution along its last axis.

    Raises:
        Problem: there are no outcomes, one of them is negative or not finite, or they do not sum to 1
            (within 10⁻⁹ for each outcome); `where` is `name`, with the index of the offending entry or row.
    """
    try:
        given = np.asarray(p)
        numeric = given.dtype.kind in "biufO"  # Booleans, integers, floats, Python numbers: no text, no dates
        values = given.astype(np.float64) if numeric else None
    except (TypeError, ValueError, OverflowError):
        values = None
    if values is None:
        raise Problem("{name} must be numbers, one for each outcome", where=name, name=name)
    if values.ndim == 0 or values.shape[-1] == 0:
        raise Problem("{name} has no outcomes", where=name, name=name)
    _refuse(~np.isfinite(values), values, name, "{name} holds {value}, which is not a number from 0 to 1")
    _refuse(values < 0, values, name, "{name} holds {value}: a probability cannot be negative")
    with np.errstate(over="ignore"):
        sums = np.asarray(values.sum(axis=-1))  # one for each row
    wrong = np.abs(sums - 1) > TOLERANCE * values.shape[-1]
    _refuse(wrong, sums, name, "{name} sums to {value}, not to 1")
    return values


def _refuse(wrong: NDArray[np.bool_], values: Array, name: str, sentence: str) -> None:
    """Refuse the first wrong entry, with its place and its value."""
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        where = f"{name}[{', '.join(map(str, place))}]" if place else name
        raise Problem(sentence, where=where, name=name, value=f"{values[place]:.12g}")


def _pair(p: ArrayLike, q: ArrayLike) -> tuple[Array, Array]:
    """Both distributions, over the same outcomes; rows are broadcast as in NumPy."""
    truth, model = distribution(p, "P"), distribution(q, "Q")
    if truth.shape[-1] != model.shape[-1]:
        counts = {"p": truth.shape[-1], "q": model.shape[-1]}
        raise Problem("P has {p} outcomes and Q has {q}: pad the shorter one with zeros", where="Q", **counts)
    try:
        np.broadcast_shapes(truth.shape, model.shape)
    except ValueError as error:
        shapes: dict[str, Any] = {"p": truth.shape, "q": model.shape}
        raise Problem("The rows of P {p} and of Q {q} cannot be matched", where="Q", **shapes) from error
    return truth, model


def _unit(base: float) -> float:
    """ln b, by which a result in nats is divided."""
    if not 1 < base < np.inf:  # a base below 1 would reverse every sign
        raise Problem("The base must be a number greater than 1; this one is {base}", where="base", base=base)
    return float(np.log(base))
