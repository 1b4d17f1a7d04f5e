"""P is the truth, the model predicts Q = softmax(z): gradients of five divergences with respect to z.

    Q = softmax(z)      L(P, Q) a measure of how wrong Q is      ∂L/∂z = u − q·Σu,   uᵢ = qᵢ·∂L/∂qᵢ

The right-hand side is the chain rule through softmax, whose Jacobian is ∂qᵢ/∂zⱼ = qᵢ(δᵢⱼ − qⱼ); δᵢⱼ is 1 for
i = j and 0 otherwise. So each measure needs only u, its derivative with respect to log q. Each measure and
its u, in nats:

    cross-entropy  −Σ pᵢ log qᵢ                 u = −p               ∂L/∂z = q − p
    KL(P‖Q)         Σ pᵢ log(pᵢ/qᵢ)             u = −p               ∂L/∂z = q − p
    KL(Q‖P)         Σ qᵢ log(qᵢ/pᵢ)             u = q·log(q/p)       ∂L/∂z = q·(log(q/p) − KL(Q‖P))
    JS              ½ KL(P‖M) + ½ KL(Q‖M)       u = ½ q·log(q/m)     ∂L/∂z = ½ q·(log(q/m) − KL(Q‖M))
    squared error   Σ (qᵢ − pᵢ)², without a ½   u = 2q·(q − p)       ∂L/∂z = 2q·(q − p − Σ qᵢ(qᵢ − pᵢ))

M is the mixture ½(P + Q). A constant in ∂L/∂q, such as the 1 in d(q log q)/dq = log q + 1, cancels in ∂L/∂z.
The first two gradients are equal because H(P,Q) − KL(P‖Q) = H(P) does not contain Q. A softmax is never
exactly 0, so as soon as some pᵢ is 0, KL(Q‖P) is ∞ and has no gradient.

References: J. S. Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs";
J. Lin (1991), "Divergence measures based on the Shannon entropy"; T. Minka (2005), "Divergence measures and
message passing".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.activations import log_softmax
from engine.information.information import distribution

Array = NDArray[np.float64]
LOG_2 = math.log(2.0)


class Truth(NamedTuple):
    """P and its logarithm, −∞ where pᵢ = 0; both [outcomes]."""

    p: Array
    log_p: Array

    @classmethod
    def of(cls, p: ArrayLike) -> "Truth":
        """Take P, after a check that it is a distribution."""
        values = distribution(p)
        with np.errstate(divide="ignore"):
            return cls(values, np.log(values))


class Model(NamedTuple):
    """Q and its logarithm, which stays finite where q underflows to 0; both [..., outcomes]."""

    q: Array
    log_q: Array

    @classmethod
    def of(cls, logits: ArrayLike) -> "Model":
        """Q = softmax(z), along the last axis."""
        log_q = np.asarray(log_softmax(np.asarray(logits, np.float64)), np.float64)
        return cls(np.exp(log_q), log_q)


def cross_entropy(truth: Truth, model: Model) -> Array:
    """−Σ pᵢ log qᵢ."""
    total: Array = -(truth.p * model.log_q).sum(axis=-1)
    return total + 0.0  # no −0


def d_log_q_of_cross_entropy(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(−pᵢ log qᵢ)/∂qᵢ = −pᵢ."""
    return -truth.p


def kl(truth: Truth, model: Model) -> Array:
    """Σ pᵢ log(pᵢ/qᵢ), never below 0."""
    return np.maximum(_mean_log(truth.p, truth.log_p - model.log_q), 0.0)


def d_log_q_of_kl(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(pᵢ log pᵢ − pᵢ log qᵢ)/∂qᵢ = −pᵢ: the first term does not contain qᵢ."""
    return -truth.p


def reverse_kl(truth: Truth, model: Model) -> Array:
    """Σ qᵢ log(qᵢ/pᵢ), never below 0; ∞ where some pᵢ = 0, because every qᵢ of a softmax is > 0."""
    if not truth.p.all():
        return np.full(model.q.shape[:-1], np.inf)
    return np.maximum(_mean_log(model.q, model.log_q - truth.log_p), 0.0)


def d_log_q_of_reverse_kl(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(qᵢ log(qᵢ/pᵢ))/∂qᵢ = qᵢ log(qᵢ/pᵢ) + qᵢ, where + qᵢ cancels in ∂L/∂z; NaN where the value is ∞."""
    if not truth.p.all():
        return np.full(model.q.shape, np.nan)
    return model.q * (model.log_q - truth.log_p)


def js(truth: Truth, model: Model) -> Array:
    """½ Σ pᵢ log(pᵢ/mᵢ) + ½ Σ qᵢ log(qᵢ/mᵢ), between 0 and log 2."""
    log_m = _log_middle(truth, model)
    halves = _mean_log(truth.p, truth.log_p - log_m) + _mean_log(model.q, model.log_q - log_m)
    return np.clip(halves / 2, 0.0, LOG_2)


def d_log_q_of_js(truth: Truth, model: Model) -> Array:
    """½ qᵢ log(qᵢ/mᵢ); the derivative through m, which contains q, is a constant and cancels in ∂L/∂z."""
    return 0.5 * model.q * (model.log_q - _log_middle(truth, model))


def squared_error(truth: Truth, model: Model) -> Array:
    """Σ (qᵢ − pᵢ)², the sum without a half."""
    total: Array = np.square(model.q - truth.p).sum(axis=-1)
    return total


def d_log_q_of_squared_error(truth: Truth, model: Model) -> Array:
    """2qᵢ·(qᵢ − pᵢ): close to 0 wherever qᵢ is close to 0, even if pᵢ is large."""
    return 2.0 * model.q * (model.q - truth.p)


def _mean_log(weights: Array, logarithms: Array) -> Array:
    """Σ wᵢ·logᵢ, with 0·log 0 = 0."""
    with np.errstate(invalid="ignore"):
        total: Array = np.where(weights > 0, weights * logarithms, 0.0).sum(axis=-1)
    return total


def _log_middle(truth: Truth, model: Model) -> Array:
    """log ½(P + Q), finite wherever log q is."""
    middle: Array = np.logaddexp(truth.log_p, model.log_q) - LOG_2
    return middle


def through_softmax(d_log_q: Array, q: Array) -> Array:
    """∂L/∂z = u − q·Σu, from u = ∂L/∂log q and from q, both [..., outcomes]."""
    d_z: Array = d_log_q - q * d_log_q.sum(axis=-1, keepdims=True)
    return d_z


@dataclass(frozen=True)
class Divergence:
    """One measure of how wrong Q is, as a function of its logits, in nats."""

    title: str
    sign: str  # a short name, for a legend
    latex: str
    gradient_latex: str
    value: Callable[[Truth, Model], Array]
    d_log_q: Callable[[Truth, Model], Array]
    logarithmic: bool = True  # whether the value for base b is the value in nats divided by ln b

    def unit(self, base: float) -> float:
        """What value and gradient are divided by: ln b, or 1 where there is no logarithm."""
        return math.log(base) if self.logarithmic else 1.0

    def at(self, truth: Truth, logits: ArrayLike, base: float = math.e) -> Array:
        """The value for logits z[..., outcomes] → [...]."""
        return self.value(truth, Model.of(logits)) / self.unit(base)

    def gradient(self, truth: Truth, logits: ArrayLike, base: float = math.e) -> Array:
        """∂L/∂z, shaped like the logits; NaN where the value is ∞."""
        model = Model.of(logits)
        return through_softmax(self.d_log_q(truth, model), model.q) / self.unit(base)


DIVERGENCES: dict[str, Divergence] = {
    "cross_entropy": Divergence(
        "Cross-entropy",
        "H(P, Q)",
        r"H(P,Q)=-\sum_i p_i\log q_i",
        r"q_j-p_j",
        cross_entropy,
        d_log_q_of_cross_entropy,
    ),
    "kl": Divergence(
        "KL divergence",
        "KL(P‖Q)",
        r"\mathrm{KL}(P\|Q)=\sum_i p_i\log\frac{p_i}{q_i}",
        r"q_j-p_j",
        kl,
        d_log_q_of_kl,
    ),
    "reverse_kl": Divergence(
        "Reverse KL",
        "KL(Q‖P)",
        r"\mathrm{KL}(Q\|P)=\sum_i q_i\log\frac{q_i}{p_i}",
        r"q_j\left(\log\frac{q_j}{p_j}-\mathrm{KL}(Q\|P)\right)",
        reverse_kl,
        d_log_q_of_reverse_kl,
    ),
    "js": Divergence(
        "JS divergence",
        "JS(P, Q)",
        r"\mathrm{JS}=\frac{1}{2}\mathrm{KL}(P\|M)+\frac{1}{2}\mathrm{KL}(Q\|M)",
        r"\frac{1}{2}q_j\left(\log\frac{q_j}{m_j}-\mathrm{KL}(Q\|M)\right)",
        js,
        d_log_q_of_js,
    ),
    "squared_error": Divergence(
        "Squared error",
        "Σ(q − p)²",
        r"S=\sum_i (q_i-p_i)^2",
        r"2q_j\,(q_j-p_j-\sum_i q_i(q_i-p_i))",
        squared_error,
        d_log_q_of_squared_error,
        logarithmic=False,
    ),
}
