"""One Gaussian Q for a density P with several peaks: both Kullback–Leibler divergences and their gradients.

    KL(P‖Q) = ∫ p log(p/q) dx     large where p is not small but q is:     the best Q covers all peaks of P
    KL(Q‖P) = ∫ q log(q/p) dx     large where q is not small but p is:     the best Q fits one of the peaks

Q = n(x; μ, σ) has two parameters, μ and λ = log σ (so that no step can make a width negative). The mean of
log q under P depends only on P's mean m and width s, which gives a closed form up to the entropy of P:

    KL(P‖Q) = −H(P) + λ + log √(2π) + ((m − μ)² + s²)/(2σ²)
    ∂/∂μ = (μ − m)/σ²             ∂/∂λ = 1 − ((m − μ)² + s²)/σ²

so both derivatives are 0 only where μ = m and σ = s. This is called *moment matching*. For the reverse KL,
with x = μ + σz, z ~ n(0, 1) (the reparametrisation trick),

    KL(Q‖P) = −λ − log √(2πe) − E[log p(x)]
    ∂/∂μ = −E[score(x)]           ∂/∂λ = −1 − σ E[z·score(x)]

which has a minimum near each peak that is well separated from the others. Everything is in nats.

Reference: C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), 10.1.2; M. Opper and C.
Archambeau, "The Variational Gaussian Approximation Revisited", Neural Computation 21 (2009).
"""

from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.information.gaussian_mixture import LOG_ROOT, Mixture, Vector, log_normal_density

SEARCH = 80  # at most so many steps of the search for a minimum
FLAT = 1e-9  # a derivative below it counts as 0, in units of the width
APART = 1e-4  # two minima closer than this are counted once


class GaussianDivergence(NamedTuple):
    """The value in nats, and its derivatives with respect to the mean and the logarithm of the width."""

    value: float
    d_mean: float
    d_log_width: float


def forward_kl(p: Mixture, mean: float, log_width: float) -> GaussianDivergence:
    """KL(P‖Q), by the closed form above.

    Raises:
        OverflowError: Q is so narrow or so far from P that a number overflows.
    """
    precision = exp(-2 * log_width)  # 1/σ²
    spread = ((p.mean - mean) ** 2 + p.width**2) * precision  # E[(x − μ)²]/σ² under P
    value = -p.entropy + log_width + LOG_ROOT + 0.5 * spread
    return GaussianDivergence(max(value, 0.0), (mean - p.mean) * precision, 1 - spread)


def reverse_kl(p: Mixture, mean: float, log_width: float) -> GaussianDivergence:
    """KL(Q‖P): log(q/p) and the score averaged under Q.

    Raises:
        OverflowError: Q is so wide that a number overflows.
    """
    width = exp(log_width)
    x, z, weight = p.nodes(mean, width)
    log_p, score = p.log_density_and_score(x)
    log_ratio = -0.5 * z * z  # log q is −½z² − λ − log √(2π)
    log_ratio -= log_width
    log_ratio -= LOG_ROOT
    log_ratio -= log_p  # before averaging, which keeps small divergences exact
    value = float(weight @ log_ratio)
    d_mean = -float(weight @ score)
    score *= z
    d_log_width = -1 - width * float(weight @ score)
    return GaussianDivergence(max(value, 0.0), d_mean, d_log_width)


def reverse_hessian(p: Mixture, mean: float, log_width: float) -> tuple[float, float, float]:
    """Second derivatives of KL(Q‖P): ∂²/∂μ², ∂²/∂μ∂λ, ∂²/∂λ².

    Stein's lemma, E[f′(z)] = E[z f(z)], replaces derivatives of the score by products with z. They are
    −E[z·score]/σ, −E[(z² − 1)·score] and −σ E[(z³ − z)·score].
    """
    width = exp(log_width)
    x, z, weight = p.nodes(mean, width)
    weighted = weight * p.score(x)
    return (
        -float(weighted @ z) / width,
        -float(weighted @ (z * z - 1)),
        -float(weighted @ (z * z * z - z)) * width,
    )


def forward_integrand(p: Mixture, mean: float, log_width: float, x: ArrayLike) -> Vector:
    """p·log(p/q) at each x; KL(P‖Q) is the area under it. It is 0 where p is 0."""
    log_p = p.log_density(x)
    return np.exp(log_p) * (log_p - log_normal_density(x, mean, log_width))


def reverse_integrand(p: Mixture, mean: float, log_width: float, x: ArrayLike) -> Vector:
    """q·log(q/p) at each x; KL(Q‖P) is the area under it. It is 0 where q is 0."""
    log_q = log_normal_density(x, mean, log_width)
    return np.exp(log_q) * (log_q - p.log_density(x))


class Minimum(NamedTuple):
    """A local minimum."""

    mean: float
    width: float
    value: float  # in nats


def forward_minimum(p: Mixture) -> Minimum:
    """The only minimum of KL(P‖Q): Q with the mean and the width of P."""
    return Minimum(p.mean, p.width, forward_kl(p, p.mean, log(p.width)).value)


def reverse_minima(p: Mixture) -> list[Minimum]:
    """The minima of KL(Q‖P) found from each component of P and from its moments, the lowest first."""
    starts = [*zip(p.means.tolist(), p.widths.tolist(), strict=True), (p.mean, p.width)]
    found: list[Minimum] = []
    for start in starts:
        here = _settled(p, *start)
        if here is not None and not any(_same(here, other) for other in found):
            found.append(here)
    return sorted(found, key=lambda minimum: minimum.value)


def _same(one: Minimum, other: Minimum) -> bool:
    """Whether two searches have ended in the same minimum."""
    near = APART * min(one.width, other.width)
    return abs(one.mean - other.mean) < near and abs(one.width - other.width) < near


def _settled(p: Mixture, mean: float, width: float) -> Minimum | None:
    """Find a minimum by Newton's method; None if the search ends at a saddle.

    Where KL(Q‖P) is not convex, the Fisher information of Q takes the place of the Hessian: it is always
    positive definite (this is called the natural gradient). One step moves the mean by one width at most, and
    changes the width by a factor of e^0.47 = 1.6 at most.
    """
    log_width = log(width)
    for _ in range(SEARCH):
        here, (a, b, c) = reverse_kl(p, mean, log_width), reverse_hessian(p, mean, log_width)
        width = exp(log_width)
        convex = a > 0 and a * c > b * b
        if abs(here.d_mean) * width < FLAT and abs(here.d_log_width) < FLAT:
            return Minimum(mean, width, here.value) if convex else None
        if not convex:
            a, b, c = 1 / width**2, 0.0, 2.0  # the Fisher information of Q for μ and λ
        determinant = a * c - b * b  # the step is −H⁻¹·gradient, with H = (a b; b c) inverted by hand
        mean -= width * _bounded((c * here.d_mean - b * here.d_log_width) / determinant / width, 1.0)
        log_width -= _bounded((a * here.d_log_width - b * here.d_mean) / determinant, 0.47)
    return None


def _bounded(x: float, limit: float) -> float:
    """x, but at least −limit and at most limit."""
    return max(-limit, min(limit, x))


def forward_map(p: Mixture, means: Vector, log_widths: Vector) -> Vector:
    """KL(P‖Q) on a grid of means and widths of Q, shape (log widths, means)."""
    mean, log_width = means[None, :], log_widths[:, None]
    spread = ((p.mean - mean) ** 2 + p.width**2) * np.exp(-2 * log_width)
    return np.maximum(-p.entropy + log_width + LOG_ROOT + 0.5 * spread, 0.0)


MAP_NODES = np.linspace(-5.0, 5.0, 65)  # values of z at which the mean of log p is summed


def reverse_map(p: Mixture, means: Vector, log_widths: Vector) -> Vector:
    """KL(Q‖P) on a grid as in `forward_map`, (log widths, means), to about 1 %: enough for a picture."""
    x = means[None, :, None] + np.exp(log_widths)[:, None, None] * MAP_NODES
    weight = np.exp(-0.5 * MAP_NODES**2)
    mean_log_p = p.log_density(x) @ (weight / weight.sum())
    values: Vector = np.maximum(-log_widths[:, None] - LOG_ROOT - 0.5 - mean_log_p, 0.0)
    return values
