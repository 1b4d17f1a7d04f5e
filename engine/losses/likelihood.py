"""Which parameters make the observed data most likely? For Gaussian noise: those of least squares.

    y = ŷ + noise, noise ~ N(0, σ²):    p(y) = exp(−(y − ŷ)² / 2σ²) / (σ√(2π))

    L = −(1/N)·ln p(all data) = (1/2σ²)·mean (y − ŷ)² + ln σ + ½ ln 2π        ŷ = Xθ

    ∂L/∂θ = Xᵀ(Xθ − y) / (Nσ²)        ∂L/∂ln σ = 1 − mean (y − ŷ)² / σ²

This is called *maximum likelihood*. Only the first term of L depends on θ. So for every σ the most likely θ
is the one with the least squares, and then the most likely σ² is the mean of the squared residuals. That θ
has a closed form: X = QR, Rθ = Qᵀy.

For a coin the distribution is another: k heads in n tosses have, up to a constant, the likelihood
q^k·(1 − q)^(n−k). Its negative logarithm divided by n is the cross-entropy H(k/n, q). So the highest
likelihood and the lowest cross-entropy are at the same q = k/n.

References: C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), 1.2.5, 2.1 and 3.1.1; G. H. Golub
and C. F. Van Loan, "Matrix Computations" (2013), 5.3, for QR and the condition number.
"""

import math
from collections.abc import Iterable
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import linear_systems
from engine.information import bernoulli

Array = NDArray[np.float64]
HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
FARTHEST = 1e100  # a larger θ counts as diverged
WIDEST = 350.0  # the largest |ln σ|: beyond it σ² or 1/σ² overflows
NOTHING_LEFT = 1e-12  # times the size of y: residuals below it are rounding errors


# A line, or any other sum of features


def negative_log_likelihood(squares: ArrayLike, sigma: ArrayLike) -> Array:
    """L, per point, from the mean of the squared residuals (`squares`) and σ."""
    squares, sigma = np.asarray(squares, np.float64), np.asarray(sigma, np.float64)
    with np.errstate(over="ignore"):
        return np.asarray(0.5 * squares / sigma**2 + np.log(sigma) + HALF_LOG_2PI)


def loss(features: Array, y: Array, theta: Array, log_sigma: ArrayLike) -> Array:
    """L, per point; `theta` is [..., feature].

    Residuals are divided by σ before they are squared, so that σ² and 1/σ² cannot overflow.
    """
    log_sigma = np.asarray(log_sigma, np.float64)
    with np.errstate(all="ignore"):
        residuals = theta @ features.T - y
        stretched = np.where(residuals == 0.0, 0.0, residuals * np.exp(-log_sigma)[..., None])
        return np.asarray(0.5 * np.mean(stretched**2, axis=-1) + log_sigma + HALF_LOG_2PI)


def gradient(features: Array, y: Array, theta: Array, log_sigma: float) -> tuple[Array, float]:
    """∂L/∂θ and ∂L/∂ln σ, for features X[point, feature]."""
    residuals, variance = features @ theta - y, math.exp(2.0 * log_sigma)
    slope = features.T @ residuals / (len(y) * variance)
    return slope, 1.0 - float(residuals @ residuals) / (len(y) * variance)


class LeastSquares(NamedTuple):
    """The closed form: the θ of least squares, and how well the data determine it."""

    theta: Array
    squares: float  # mean of (y − Xθ)²; 0 where only rounding is left
    singular: Array  # the singular values of X, the largest first
    directions: Array  # [feature, k]: the direction of θ of each singular value, its largest entry positive

    @property
    def condition(self) -> float:
        """κ(X) = s₁/s_d: how many times a relative error in y can grow in θ; κ(XᵀX) is its square."""
        return float(self.singular[0] / self.singular[-1]) if self.singular[-1] > 0 else math.inf

    @property
    def sigma(self) -> float:
        """The most likely σ; 0 where all residuals are 0, and then the likelihood has no maximum."""
        return math.sqrt(self.squares)

    def curvatures(self, count: int, sigma: float) -> Array:
        """The eigenvalues s²/(Nσ²) of the Hessian of L, the largest first."""
        return self.singular**2 / (count * sigma**2)

    def steps_per_digit(self, rate: float, count: int, sigma: float) -> float:
        """The steps n of gradient descent for one more digit: |1 − ηλ|ⁿ = 1/10 for the slowest eigenvalue λ.

        It is ∞ where θ does not converge.
        """
        # A step multiplies the error by 1 − ηλ; it shrinks by 1 − |1 − ηλ|, the smaller of ηλ and 2 − ηλ.
        shrinks = min(min(step, 2.0 - step) for step in (rate * self.curvatures(count, sigma)).tolist())
        if shrinks >= 1.0:
            return 0.0
        return math.log(10.0) / -math.log1p(-shrinks) if shrinks > 0 else math.inf


def least_squares(features: Array, y: Array) -> LeastSquares:
    """Solve min |Xθ − y|² by X = QR: Q is orthogonal, and Rθ = Qᵀy is solved from the last row up.

    XᵀXθ = Xᵀy has the same solution on paper, but the square of the condition number, so more rounding error.
    Where the columns of X are numerically dependent, the shortest θ is returned.
    """
    theta = np.asarray(linear_systems.least_squares(features, y), np.float64)
    residuals = y - features @ theta
    singular, directions = np.linalg.svd(features, full_matrices=False)[1:]  # X = U·diag(s)·Vᵀ: s, and Vᵀ
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.sign(directions[np.arange(len(singular)), largest])[:, None]
    squares = float(residuals @ residuals) / len(y)
    rounding = (NOTHING_LEFT * max(1.0, float(np.abs(y).max()))) ** 2
    return LeastSquares(theta, squares if squares > rounding else 0.0, singular, directions.T)


def normal_equations(features: Array, y: Array) -> Array | None:
    """The same θ from XᵀXθ = Xᵀy, as many books write it; None where XᵀX has become singular."""
    try:
        return np.asarray(np.linalg.solve(features.T @ features, features.T @ y))
    except np.linalg.LinAlgError:
        return None


class Descent(NamedTuple):
    """Gradient descent: the parameters after every step; it ends early where they diverge."""

    theta: Array  # [step, feature]
    log_sigma: Array  # [step]

    @property
    def last(self) -> int:
        """The last step."""
        return len(self.theta) - 1


def descend(
    features: Array,
    y: Array,
    start: Array,
    sigma: float,
    rate: float | Iterable[float],
    steps: int,
    *,
    learn_sigma: bool,
) -> Descent:
    """θ ← θ − η·∂L/∂θ, and with `learn_sigma` in the same step ln σ ← ln σ − η·∂L/∂ln σ.

    `rate` is η, or the η_t of the steps t = 1, 2, …. A step that is non-finite or out of bounds becomes NaN
    and is the last.
    """
    rates = repeat(rate) if isinstance(rate, int | float) else rate
    thetas, log_sigmas = np.full((steps + 1, len(start)), np.nan), np.full(steps + 1, np.nan)
    theta, log_sigma = start, math.log(sigma)
    thetas[0], log_sigmas[0] = theta, log_sigma
    with np.errstate(all="ignore"):
        for step, now in zip(range(1, steps + 1), rates, strict=False):
            by_theta, by_sigma = gradient(features, y, theta, log_sigma)
            theta = theta - now * by_theta
            log_sigma = log_sigma - now * by_sigma if learn_sigma else log_sigma
            if not (abs(log_sigma) <= WIDEST and float(np.abs(theta).max()) <= FARTHEST):
                return Descent(thetas[: step + 1], log_sigmas[: step + 1])
            thetas[step], log_sigmas[step] = theta, log_sigma
    return Descent(thetas, log_sigmas)


def above_minimum(
    features: Array, theta: Array, log_sigma: ArrayLike, best: LeastSquares, sigma: float
) -> Array:
    """L(θ, σ) − L(θ*, σ*), exact also where both are nearly equal; never negative.

    The residuals of θ* are orthogonal to X, so |y − Xθ|² = |y − Xθ*|² + |X(θ − θ*)|², and no two large
    numbers are subtracted: with s = mean (y − Xθ*)² the difference is

        mean (X(θ − θ*))²/(2σ²) + ln(σ/σ*) + ½ s/(σ*)²·((σ*/σ)² − 1)

    `theta` is [..., feature]; `sigma` is σ* > 0.
    """
    with np.errstate(all="ignore"):
        apart = np.mean(((theta - best.theta) @ features.T) ** 2, axis=-1)
        wider = np.asarray(log_sigma) - math.log(sigma)
        shrunk = np.expm1(-2.0 * wider)  # σ*²/σ² − 1
        of_sigma = wider + 0.5 * best.squares / sigma**2 * shrunk
        return np.asarray(np.maximum(0.5 * apart / sigma**2 * (1.0 + shrunk) + of_sigma, 0.0))


# A coin


def coin_log_likelihood(heads: int, tosses: int, q: ArrayLike) -> Array:
    """ℓ(q) = k·ln q + (n − k)·ln(1 − q), in nats; 0·ln 0 = 0; −∞ where q makes the tosses impossible."""
    q = bernoulli.probability(q, "q")
    with np.errstate(divide="ignore", invalid="ignore"):
        of_heads = np.where(heads > 0, heads * np.log(q), 0.0)
        of_tails = np.where(tosses > heads, (tosses - heads) * np.log1p(-q), 0.0)
    return np.asarray(of_heads + of_tails)


def d_coin_log_likelihood(heads: int, tosses: int, q: float) -> float:
    """∂ℓ/∂q = k/q − (n − k)/(1 − q): 0 at q = k/n."""
    tails = tosses - heads
    up = heads / q if q > 0 else math.inf * heads if heads else 0.0
    down = tails / (1.0 - q) if q < 1 else math.inf * tails if tails else 0.0
    return up - down


def relative_likelihood(heads: int, tosses: int, q: ArrayLike) -> Array:
    """The likelihood, divided by its maximum: 1 at q = k/n; without a toss 1 everywhere."""
    if not tosses:
        return np.ones_like(bernoulli.probability(q, "q"))
    highest = float(coin_log_likelihood(heads, tosses, heads / tosses))
    return np.asarray(np.exp(coin_log_likelihood(heads, tosses, q) - highest))
