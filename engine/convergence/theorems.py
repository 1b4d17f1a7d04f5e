"""Upper bounds from theorems: how far above its minimum f can still be after k steps.

A bound is a curve with a constant, and it holds only under its assumptions (d = ‖x₀ − x*‖, κ = L/μ):

    convex, L-smooth, step 1/L      gradient descent   f_k − f* ≤ L d² / (2k)
                                    Nesterov, t_k      f_k − f* ≤ 2 L d² / (k+1)²
    quadratic, μ ≤ λ ≤ L            gradient descent   f_k − f* ≤ ((κ−1)/(κ+1))²ᵏ (f₀ − f*)
                                    heavy ball         f_k − f* ≤ (1 + (1+√β) k)² βᵏ (f₀ − f*)
    μ-strongly convex, L-smooth     Nesterov, fixed β  f_k − f* ≤ (1 − 1/√κ)ᵏ (f₀ − f* + μ d²/2)
    Hessian M-Lipschitz, near x*    Newton             r_{k+1} ≤ M r_k² / (2(μ − M r_k))
    convex, E‖g‖² ≤ G², diameter D  SGD, step c/√k     E f(mean of x) − f* ≤ (D²/(2c) + c G²) / √k
    μ-strongly convex, L-smooth,    SGD, constant η    E f_k − f* ≤ b + (1 − ημ)ᵏ (f₀ − f* − b)
    noise of variance σ²            SGD, 1/t           E f_k − f* ≤ max(bημ/(ημ − d), f₀ − f*) / (1 + d k)

In the last two b = ηLσ²/(2μ), and η ≤ 1/L. With a constant η the bound ends at b > 0: a ball of noise. With
η_t = η/(1 + d(t − 1)) and d < ημ it goes to 0, as 1/k. With d ≥ ημ nothing is promised.

L-smooth: if x moves by 1, the gradient changes by at most L, so no curvature is above L. μ-strongly convex:
no curvature is below μ > 0. The Hessian is M-Lipschitz: if x moves by 1, it changes by at most M. λ are its
eigenvalues, r_k = ‖x_k − x*‖, and SGD stays in a set of diameter D. The fast rates 1/k² and (√κ−1)/(√κ+1),
instead of 1/k and (κ−1)/(κ+1), need exact gradients: with gradient noise they do not hold.

References: A. Beck and M. Teboulle, 2009, theorems 3.1 (L d²/(2k)) and 4.4 (the constant 2 of the t_k
scheme); Y. Nesterov, "Introductory lectures on convex optimization", 2004, theorems 1.2.5, 2.1.15 and 2.2.3;
S. Bubeck, "Convex optimization: algorithms and complexity", 2015, sections 3.2, 3.7 and 6.1; M. Zinkevich,
2003 (step c/√k); L. Bottou, F. Curtis and J. Nocedal, "Optimization methods for large-scale machine
learning", SIAM Review 60, 2018, theorems 4.6 and 4.7 (constant η and 1/t; theirs are β = η/d, γ = 1/d − 1).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
ROUNDING = 1e-15  # with float64, no iterate comes nearer to x* than this


def descent_bound(k: ArrayLike, smoothness: float, distance: float) -> Array:
    """L d²/(2k): gradient descent with step 1/L on a convex, L-smooth function; NaN at k = 0."""
    steps = _counted(k)
    return np.asarray(smoothness * distance**2 / (2 * steps))


def nesterov_bound(k: ArrayLike, smoothness: float, distance: float) -> Array:
    """2 L d²/(k+1)²: Nesterov's method with the sequence t_k and step 1/L; NaN at k = 0."""
    steps = _counted(k)
    return np.asarray(2 * smoothness * distance**2 / (steps + 1) ** 2)


def _counted(k: ArrayLike) -> Array:
    """k as floats, NaN at k = 0, where the theorem says nothing."""
    steps = np.asarray(k, np.float64)
    return np.where(steps > 0, steps, np.nan)


class Tuning(NamedTuple):
    """The best settings for a quadratic whose curvatures lie between μ and L, and the rate they give."""

    rate: float  # η
    beta: float
    factor: float  # by which ‖x − x*‖ shrinks per step, after many steps


def best_descent(strength: float, smoothness: float) -> Tuning:
    """η = 2/(μ + L), factor (κ−1)/(κ+1)."""
    return Tuning(2 / (strength + smoothness), 0.0, (smoothness - strength) / (smoothness + strength))


def best_heavy_ball(strength: float, smoothness: float) -> Tuning:
    """η = (2/(√μ + √L))², β = ((√κ−1)/(√κ+1))², factor √β (Polyak 1964)."""
    low, high = np.sqrt(strength), np.sqrt(smoothness)
    root = float((high - low) / (high + low))
    return Tuning(float((2 / (low + high)) ** 2), root**2, root)


def best_nesterov(strength: float, smoothness: float) -> Tuning:
    """η = 1/L, β = (√κ−1)/(√κ+1); f shrinks by 1 − 1/√κ per step, so the distance by the root of that."""
    low, high = np.sqrt(strength), np.sqrt(smoothness)
    factor = float(np.sqrt(1 - low / high))
    return Tuning(1 / smoothness, float((high - low) / (high + low)), factor)


def strong_descent_bound(k: ArrayLike, kappa: float, first_gap: float) -> Array:
    """((κ−1)/(κ+1))²ᵏ (f₀ − f*): the error along each eigenvector shrinks by that factor or more."""
    return np.asarray(first_gap * ((kappa - 1) / (kappa + 1)) ** (2 * np.asarray(k, np.float64)))


def heavy_ball_bound(k: ArrayLike, kappa: float, first_gap: float) -> Array:
    """(1 + (1+√β) k)² βᵏ (f₀ − f*), for a quadratic and Polyak's η and β.

    Along an eigenvector the error is β^{k/2} (U_k(c) − √β U_{k−1}(c)) e₀ with −1 ≤ c ≤ 1, and the Chebyshev
    polynomial |U_k| is at most k + 1. Because of the factor before βᵏ the bound is high in the first steps.
    """
    steps, root = np.asarray(k, np.float64), (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    return np.asarray(first_gap * (1 + (1 + root) * steps) ** 2 * root ** (2 * steps))


def strong_nesterov_bound(k: ArrayLike, kappa: float, first_gap: float, strength: float, d: float) -> Array:
    """(1 − 1/√κ)ᵏ (f₀ − f* + μ d²/2), for any μ-strongly convex and L-smooth function."""
    steps = np.asarray(k, np.float64)
    return np.asarray((1 - 1 / np.sqrt(kappa)) ** steps * (first_gap + strength * d**2 / 2))


def newton_radius(strength: float, lipschitz: float) -> float:
    """2μ/(3M): from a start nearer to x* than this, Newton's method converges quadratically."""
    return 2 * strength / (3 * lipschitz)


def newton_bound(steps: int, d: float, strength: float, lipschitz: float, smoothness: float) -> Array:
    """L r_k²/2 with r_{k+1} = M r_k²/(2(μ − M r_k)), r₀ = d, for k = 0 … steps; NaN where d is too far.

    In each step the error is squared, so the number of right digits doubles; below rounding the bound stops.
    """
    radii, r = np.full(steps + 1, np.nan), d
    for k in range(steps + 1):
        if d >= newton_radius(strength, lipschitz):
            break
        radii[k] = r
        r = max(lipschitz * r**2 / (2 * (strength - lipschitz * r)), ROUNDING)
    return np.asarray(smoothness * radii**2 / 2)


def stochastic_bound(k: ArrayLike, diameter: float, second_moment: float, scale: float) -> Array:
    """(D²/(2c) + c G²)/√k for the mean of the first k points, in expectation; G² is `second_moment`.

    Σ (f(x_s) − f*) ≤ D²/(2η_k) + ½ G² Σ η_s with η_s = c/√s, Σ 1/√s ≤ 2√k; then divide by k.
    """
    return np.asarray((diameter**2 / (2 * scale) + scale * second_moment) / np.sqrt(_counted(k)))


def best_scale(diameter: float, second_moment: float) -> float:
    """The c that makes the bound smallest, D/(√2 G): the bound is then √2 D G/√k."""
    return diameter / float(np.sqrt(2 * second_moment))


def noise_floor(rate: float, smoothness: float, strength: float, deviation: float) -> float:
    """b = ηLσ²/(2μ): with a constant η, f − f* is at most this in the end, in expectation."""
    return rate * smoothness * deviation**2 / (2 * strength)


def constant_rate_bound(k: ArrayLike, floor: float, shrinking: float, first_gap: float) -> Array:
    """b + (1 − ημ)ᵏ (f₀ − f* − b), in expectation, for SGD with η ≤ 1/L; `shrinking` is ημ."""
    return np.asarray(floor + (1 - shrinking) ** np.asarray(k, np.float64) * (first_gap - floor))


def falling_rate_bound(k: ArrayLike, floor: float, shrinking: float, decay: float, first_gap: float) -> Array:
    """max(bημ/(ημ − d), f₀ − f*)/(1 + d k), in expectation, for η_t = η/(1 + d(t − 1)), η ≤ 1/L, d < ημ."""
    start = max(floor * shrinking / (shrinking - decay), first_gap)
    return np.asarray(start / (1 + decay * np.asarray(k, np.float64)))


def fitted_slope(k: ArrayLike, gap: ArrayLike) -> float:
    """The p of the best k^p: the slope of log gap over log k by least squares; NaN below two points."""
    x, y = _positive(k, gap)
    return _slope(np.log(x), np.log(y))


def fitted_factor(k: ArrayLike, gap: ArrayLike) -> float:
    """The factor of f − f* per step: e to the power of the slope of log gap over k."""
    x, y = _positive(np.asarray(k, np.float64) + 1, gap)
    return float(np.exp(_slope(x, np.log(y))))


def fitted_order(gap: ArrayLike) -> float:
    """The q of gap_{k+1} ≈ C gap_k^q: 1 for linear convergence, 2 for quadratic."""
    values = np.asarray(gap, np.float64)
    x, y = _positive(values[:-1], values[1:])
    return _slope(np.log(x), np.log(y))


def _positive(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """The pairs in which both numbers are positive and finite."""
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    known = np.isfinite(xs) & np.isfinite(ys) & (xs > 0) & (ys > 0)
    return xs[known], ys[known]


def _slope(x: Array, y: Array) -> float:
    """The slope of the line of least squares through points (x, y); NaN for fewer than two different x."""
    if len(x) < 2:
        return float("nan")
    from_middle = x - x.mean()
    spread = float(from_middle @ from_middle)
    return float(from_middle @ y) / spread if spread > 0 else float("nan")
