"""A model that believes Q, where P is true: in which direction should its logits move?

    Q = softmax(z)      L(P, Q) a measure of how wrong Q is      ∂L/∂z = u − q·Σu,   uᵢ = qᵢ·∂L/∂qᵢ

The right-hand side is the chain rule through softmax, whose Jacobian is ∂qᵢ/∂zⱼ = qᵢ(δᵢⱼ − qⱼ), δᵢⱼ being 1
where i = j and 0 elsewhere. Each measure so needs only its *pull* u, written here beside its value; for a
measure with a logarithm, in nats:

    cross-entropy  −Σ pᵢ log qᵢ                 u = −p               ∂L/∂z = q − p
    KL(P‖Q)         Σ pᵢ log(pᵢ/qᵢ)             u = −p               ∂L/∂z = q − p
    KL(Q‖P)         Σ qᵢ log(qᵢ/pᵢ)             u = q·log(q/p)       ∂L/∂z = q·(log(q/p) − KL(Q‖P))
    JS              ½ KL(P‖M) + ½ KL(Q‖M)       u = ½ q·log(q/m)     ∂L/∂z = ½ q·(log(q/m) − KL(Q‖M))
    squared error   Σ (qᵢ − pᵢ)², without a ½   u = 2q·(q − p)       ∂L/∂z = 2q·(q − p − Σ qᵢ(qᵢ − pᵢ))

M is the mixture ½(P + Q). A constant in ∂L/∂q, such as the 1 of d(q log q) = log q + 1, drops out: it moves
all logits alike. The first two pull alike because H(P,Q) − KL(P‖Q) = H(P) does not contain Q. Everything is
computed from logits, in which softmax never reaches 0: so KL(Q‖P) is ∞, and pulls nowhere, as soon as some
pᵢ is 0.

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
    """P with its logarithm, −∞ where an outcome never happens; both [outcomes]."""

    p: Array
    log_p: Array

    @classmethod
    def of(cls, p: ArrayLike) -> "Truth":
        """Take P, once it is known to be a distribution."""
        values = distribution(p)
        with np.errstate(divide="ignore"):
            return cls(values, np.log(values))


class Model(NamedTuple):
    """Q with its logarithm, which stays finite where q is too small for a number; both [..., outcomes]."""

    q: Array
    log_q: Array

    @classmethod
    def of(cls, logits: ArrayLike) -> "Model":
        """Q = softmax(z), along the last axis."""
        log_q = np.asarray(log_softmax(np.asarray(logits, np.float64)), np.float64)
        return cls(np.exp(log_q), log_q)


def cross_entropy(truth: Truth, model: Model) -> Array:
    """−Σ pᵢ log qᵢ: the mean surprise of the truth to the model."""
    total: Array = -(truth.p * model.log_q).sum(axis=-1)
    return total + 0.0  # no −0


def pull_of_cross_entropy(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(−pᵢ log qᵢ)/∂qᵢ = −pᵢ."""
    return -truth.p


def kl(truth: Truth, model: Model) -> Array:
    """Σ pᵢ log(pᵢ/qᵢ), never below 0."""
    return np.maximum(_mean_log(truth.p, truth.log_p - model.log_q), 0.0)


def pull_of_kl(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(pᵢ log pᵢ − pᵢ log qᵢ)/∂qᵢ = −pᵢ: the first term does not know Q."""
    return -truth.p


def reverse_kl(truth: Truth, model: Model) -> Array:
    """Σ qᵢ log(qᵢ/pᵢ), never below 0; ∞ where some pᵢ = 0, for softmax leaves every qᵢ > 0."""
    if not truth.p.all():
        return np.full(model.q.shape[:-1], np.inf)
    return np.maximum(_mean_log(model.q, model.log_q - truth.log_p), 0.0)


def pull_of_reverse_kl(truth: Truth, model: Model) -> Array:
    """qᵢ·∂(qᵢ log(qᵢ/pᵢ))/∂qᵢ = qᵢ log(qᵢ/pᵢ) + qᵢ, of which qᵢ drops out; NaN where the value is ∞."""
    if not truth.p.all():
        return np.full(model.q.shape, np.nan)
    return model.q * (model.log_q - truth.log_p)


def js(truth: Truth, model: Model) -> Array:
    """½ Σ pᵢ log(pᵢ/mᵢ) + ½ Σ qᵢ log(qᵢ/mᵢ), between 0 and log 2."""
    log_m = _log_middle(truth, model)
    halves = _mean_log(truth.p, truth.log_p - log_m) + _mean_log(model.q, model.log_q - log_m)
    return np.clip(halves / 2, 0.0, LOG_2)


def pull_of_js(truth: Truth, model: Model) -> Array:
    """½ qᵢ log(qᵢ/mᵢ): what m, which contains q, adds in both halves is the same for all i and drops out."""
    return 0.5 * model.q * (model.log_q - _log_middle(truth, model))


def squared_error(truth: Truth, model: Model) -> Array:
    """Σ (qᵢ − pᵢ)², the sum without a half."""
    total: Array = np.square(model.q - truth.p).sum(axis=-1)
    return total


def pull_of_squared_error(truth: Truth, model: Model) -> Array:
    """2qᵢ·(qᵢ − pᵢ): an outcome that the model holds for impossible hardly pulls, however wrong that is."""
    return 2.0 * model.q * (model.q - truth.p)


def _mean_log(weights: Array, logarithms: Array) -> Array:
    """Σ wᵢ·logᵢ, where what never happens counts nothing: 0·log 0 = 0."""
    with np.errstate(invalid="ignore"):
        total: Array = np.where(weights > 0, weights * logarithms, 0.0).sum(axis=-1)
    return total


def _log_middle(truth: Truth, model: Model) -> Array:
    """log ½(P + Q), finite wherever log q is."""
    middle: Array = np.logaddexp(truth.log_p, model.log_q) - LOG_2
    return middle


def through_softmax(pull: Array, q: Array) -> Array:
    """∂L/∂z = u − q·Σu, from the pull u and Q, both [..., outcomes]."""
    slope: Array = pull - q * pull.sum(axis=-1, keepdims=True)
    return slope


@dataclass(frozen=True)
class Divergence:
    """One measure of how wrong Q is, as a function of its logits. Values and slopes are in nats."""

    title: str
    sign: str  # short, for a legend
    latex: str
    gradient_latex: str
    value: Callable[[Truth, Model], Array]
    pull: Callable[[Truth, Model], Array]
    logarithmic: bool = True  # whether another base of the logarithm divides it by ln b

    def unit(self, base: float) -> float:
        """What value and gradient are divided by: ln b, or 1 where there is no logarithm."""
        return math.log(base) if self.logarithmic else 1.0

    def at(self, truth: Truth, logits: ArrayLike, base: float = math.e) -> Array:
        """The value for logits z[..., outcomes] → [...]."""
        return self.value(truth, Model.of(logits)) / self.unit(base)

    def gradient(self, truth: Truth, logits: ArrayLike, base: float = math.e) -> Array:
        """∂L/∂z, shaped like the logits; NaN where the value is ∞."""
        model = Model.of(logits)
        return through_softmax(self.pull(truth, model), model.q) / self.unit(base)


DIVERGENCES: dict[str, Divergence] = {
    "cross_entropy": Divergence(
        "Cross-entropy", "H(P, Q)",
        r"H(P,Q)=-\sum_i p_i\log q_i", r"q_j-p_j",
        cross_entropy, pull_of_cross_entropy,
    ),
    "kl": Divergence(
        "KL divergence", "KL(P‖Q)",
        r"\mathrm{KL}(P\|Q)=\sum_i p_i\log\frac{p_i}{q_i}", r"q_j-p_j",
        kl, pull_of_kl,
    ),
    "reverse_kl": Divergence(
        "Reverse KL", "KL(Q‖P)",
        r"\mathrm{KL}(Q\|P)=\sum_i q_i\log\frac{q_i}{p_i}",
        r"q_j\left(\log\frac{q_j}{p_j}-\mathrm{KL}(Q\|P)\right)",
        reverse_kl, pull_of_reverse_kl,
    ),
    "js": Divergence(
        "JS divergence", "JS(P, Q)",
        r"\mathrm{JS}=\frac{1}{2}\mathrm{KL}(P\|M)+\frac{1}{2}\mathrm{KL}(Q\|M)",
        r"\frac{1}{2}q_j\left(\log\frac{q_j}{m_j}-\mathrm{KL}(Q\|M)\right)",
        js, pull_of_js,
    ),
    "squared_error": Divergence(
        "Squared error", "Σ(q − p)²",
        r"S=\sum_i (q_i-p_i)^2",
        r"2q_j\,(q_j-p_j-\sum_i q_i(q_i-p_i))",
        squared_error, pull_of_squared_error, logarithmic=False,
    ),
}  # fmt: skip
