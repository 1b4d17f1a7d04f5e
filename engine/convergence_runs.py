"""Functions that keep to the assumptions of a theorem, or break one, and the methods run on them.

Everything is measured from the minimum: x stands for x − x*, and f for f − f*. So no digits are lost in
a difference, and a curve can be followed down to 10⁻³⁰⁰. Every method is a loop of a few lines that keeps all
its points, [steps + 1, n].

References as in `engine.convergence`; the chain is Nesterov's worst function (2004, section 2.1.2).
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Gradient = Callable[[Array], Array]


class Function(NamedTuple):
    """A function with minimum 0 at 0, and a start."""

    value: Callable[[Array], Array]  # of points [..., n], shape [...]
    gradient: Gradient  # at one point [n]
    start: Array  # [n]
    smoothness: float  # L: no curvature is above it (where the assumption holds)
    strength: float = 0.0  # μ: no curvature is below it


def quadratic(eigenvalues: Array, start: Array) -> Function:
    """½ Σ λ_i x_i²: any quadratic, in the coordinates of its eigenvectors."""

    def value(x: Array) -> Array:
        return np.asarray(0.5 * (x**2 @ eigenvalues))

    return Function(
        value, lambda x: eigenvalues * x, start, float(eigenvalues.max()), float(eigenvalues.min())
    )


def spectrum(n: int, kappa: float) -> Function:
    """A quadratic with curvatures from 1/κ to 1, evenly spread over their logarithms, and d = 1.

    With an error of the same size along each, gradient descent really needs 1/k (for 1 ≪ k ≪ κ), for
    ∫ λ e^{−2kλ} d ln λ = 1/(2k), and Nesterov's method 1/k².
    """
    return quadratic(np.geomspace(1 / kappa, 1.0, n), np.full(n, 1 / sqrt(n)))


def chain(n: int) -> Function:
    """Nesterov's worst function, L = 1: ¼ (½ Σ (x_i − x_{i+1})² − x₁), ends tied to 0, started at 0.

    The gradient tells only of neighbours, so each step brings news one link farther: no method that adds
    up gradients can have reached more than k of the n coordinates after k steps.
    """
    minimum = 1 - np.arange(1, n + 1) / (n + 1)

    def gradient(x: Array) -> Array:
        g = 2 * x
        g[1:] -= x[:-1]
        g[:-1] -= x[1:]
        return 0.25 * g

    def value(x: Array) -> Array:
        inner = np.sum(np.diff(x, axis=-1) ** 2, axis=-1)
        return np.asarray((x[..., 0] ** 2 + inner + x[..., -1] ** 2) / 8)

    top = np.sin(np.pi * n / (2 * (n + 1))) ** 2
    return Function(value, gradient, -minimum, 1.0, float(1 - top))


def kink(n: int) -> Function:
    """‖x‖₁/√n: convex, slope of length 1 everywhere, but with an edge at the minimum, so not L-smooth."""
    start = np.linspace(1.0, 0.1, n)
    return Function(
        lambda x: np.asarray(np.abs(x).sum(axis=-1) / sqrt(n)),
        lambda x: np.sign(x) / sqrt(n),
        start / np.linalg.norm(start),
        1.0,
    )


def wells(n: int) -> Function:
    """Σ (1 − cos x_i + 0.05 x_i²/2)/1.05: 1-smooth, but with a dent every 2π, so not convex."""
    tilt = 0.05
    return Function(
        lambda x: np.asarray((1 - np.cos(x) + tilt * x**2 / 2).sum(axis=-1) / (1 + tilt)),
        lambda x: (np.sin(x) + tilt * x) / (1 + tilt),
        np.linspace(1.0, 7.0, n) if n > 1 else np.array([7.0]),
        1.0,
    )


def noisy(function: Function, deviation: float, rng: np.random.Generator) -> Function:
    """The same function, but its gradient comes with independent noise of mean length `deviation`."""
    n = len(function.start)
    exact, each = function.gradient, deviation / sqrt(n)
    return function._replace(gradient=lambda x: exact(x) + rng.normal(0.0, each, n))


# Methods


def gradient_descent(gradient: Gradient, start: Array, rate: float, steps: int) -> Array:
    """x ← x − η ∇f(x)."""
    path, x = np.empty((steps + 1, len(start))), start
    for k in range(steps + 1):
        path[k] = x
        x = x - rate * gradient(x)
    return path


def nesterov(gradient: Gradient, start: Array, rate: float, steps: int) -> Array:
    """x_{k+1} = y − η ∇f(y), y ← x_{k+1} + (t−1)/t₊ (x_{k+1} − x_k), t₊ = (1 + √(1 + 4t²))/2, t₁ = 1."""
    path, x, y, t = np.empty((steps + 1, len(start))), start, start, 1.0
    for k in range(steps + 1):
        path[k] = x
        after = y - rate * gradient(y)
        t_after = (1 + sqrt(1 + 4 * t * t)) / 2
        y = after + (t - 1) / t_after * (after - x)
        x, t = after, t_after
    return path


def fixed_nesterov(gradient: Gradient, start: Array, rate: float, beta: float, steps: int) -> Array:
    """x_{k+1} = y − η ∇f(y), y ← x_{k+1} + β (x_{k+1} − x_k)."""
    path, x, y = np.empty((steps + 1, len(start))), start, start
    for k in range(steps + 1):
        path[k] = x
        after = y - rate * gradient(y)
        y = after + beta * (after - x)
        x = after
    return path


def heavy_ball(gradient: Gradient, start: Array, rate: float, beta: float, steps: int) -> Array:
    """v ← βv + ∇f(x), x ← x − ηv, v = 0 at first."""
    path, x, v = np.empty((steps + 1, len(start))), start, np.zeros(len(start))
    for k in range(steps + 1):
        path[k] = x
        v = beta * v + gradient(x)
        x = x - rate * v
    return path


def newton(gradient: Gradient, curvature: Gradient, start: Array, steps: int) -> Array:
    """x ← x − ∇f/f'', for a function whose Hessian is diagonal."""
    path, x = np.empty((steps + 1, len(start))), start
    for k in range(steps + 1):
        path[k] = x
        x = x - gradient(x) / curvature(x)
    return path


class Logits(NamedTuple):
    """Σ [ln(1 + e^{z_i}) − p_i z_i]: the cross entropy of n logits z; the minimum is at z = ln p/(1−p)."""

    p: Array
    smoothness: float = 0.25  # L: s(1 − s) is never more
    lipschitz: float = 1 / (6 * sqrt(3.0))  # M: |s(1 − s)(1 − 2s)| is never more

    @property
    def minimum(self) -> Array:
        """z*."""
        return np.asarray(np.log(self.p) - np.log1p(-self.p))

    @property
    def strength(self) -> float:
        """μ, the least curvature at the minimum: p(1 − p)."""
        return float((self.p * (1 - self.p)).min())

    def sigmoid(self, x: Array) -> Array:
        """The probabilities at x = z − z*."""
        return np.asarray(0.5 * (1 + np.tanh((x + self.minimum) / 2)))

    def gradient(self, x: Array) -> Array:
        """s − p."""
        return self.sigmoid(x) - self.p

    def curvature(self, x: Array) -> Array:
        """s(1 − s), the diagonal of the Hessian."""
        s = self.sigmoid(x)
        return s * (1 - s)

    def value(self, x: Array) -> Array:
        """f − f*; near the minimum by its series, where the difference would be all rounding."""
        z, p = x + self.minimum, self.p
        far = np.logaddexp(0, z) - np.logaddexp(0, self.minimum) - p * x
        second = p * (1 - p)
        third, fourth = second * (1 - 2 * p), second * (1 - 6 * second)
        near = x**2 * (second / 2 + x * (third / 6 + x * fourth / 24))
        return np.asarray(np.where(np.abs(x) < 1e-3, near, far).sum(axis=-1))


class Chance(NamedTuple):
    """Projected subgradient descent with noise, several runs at once."""

    averaged: Array  # f − f* at the mean of the points so far, the mean over the runs, [steps + 1]
    last: Array  # f − f* at the last point of the first run, [steps + 1]


def subgradient_descent(
    rates: Array, n: int, runs: int, deviation: float, bias: float, rng: np.random.Generator
) -> Chance:
    """Minimise Σ w_i |x_i − x*_i| over the ball of radius 1 from noisy subgradients; ‖x*‖ = 0.8, start 0.

    The slopes w, with ‖w‖ = 1, run from large to a hundred times smaller: the small ones keep it from ever
    going faster than 1/√k.

    Args:
        rates: η of each step, [steps].
        deviation: σ; the noise has E‖noise‖² = σ².
        bias: a constant error of this length in every gradient, away from x*, which the theorem forbids.
    """
    steps, root = len(rates), sqrt(n)
    slopes = np.geomspace(1.0, 0.01, n)
    slopes /= np.linalg.norm(slopes)
    sides = rng.choice([-1.0, 1.0], n)
    target, drift = 0.8 / root * sides, bias / root * sides
    noise = rng.normal(0.0, deviation / root, (steps, runs, n)) + drift
    path, x = np.zeros((steps + 1, runs, n)), np.zeros((runs, n))
    for k, rate in enumerate(rates.tolist()):
        x = x - rate * (slopes * np.sign(x - target) + noise[k])
        length = np.sqrt(np.einsum("ri,ri->r", x, x))
        x /= np.maximum(1.0, length)[:, None]  # back into the ball
        path[k + 1] = x
    counts = np.arange(1.0, steps + 1)[:, None, None]
    means = np.cumsum(path[:-1], axis=0) / counts
    averaged = np.full(steps + 1, np.nan)
    averaged[1:] = (np.abs(means - target) @ slopes).mean(axis=1)
    return Chance(averaged, np.abs(path[:, 0] - target) @ slopes)
