"""Functions that satisfy the assumptions of a theorem, or violate one, and the methods run on them.

Everything is measured from the minimum: x stands for x − x*, and f for f − f*. So no digits are lost in a
difference, and a curve can be followed down to 10⁻³⁰⁰. Every method is an endless generator of a few lines
that yields its points, x₀ first; `points` takes the next `count` of them, [count, n].

References as in `engine.convergence.theorems`; the chain is Nesterov's worst function (2004, section 2.1.2).
"""

from collections.abc import Callable, Iterator
from itertools import islice
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Gradient = Callable[[Array], Array]
Walk = Iterator[Array]
BLOCK = 256  # steps whose noise is drawn at once


class Function(NamedTuple):
    """A function with minimum 0 at 0, and a start."""

    value: Callable[[Array], Array]  # of points [..., n], shape [...]
    gradient: Gradient  # at one point [n]
    start: Array  # [n]
    smoothness: float  # L: the largest curvature (if the assumption holds)
    strength: float = 0.0  # μ: the smallest curvature


def quadratic(eigenvalues: Array, start: Array) -> Function:
    """½ Σ λ_i x_i²: any quadratic, in the coordinates of its eigenvectors."""

    def value(x: Array) -> Array:
        return np.asarray(0.5 * (x**2 @ eigenvalues))

    return Function(
        value, lambda x: eigenvalues * x, start, float(eigenvalues.max()), float(eigenvalues.min())
    )


def spectrum(n: int, kappa: float) -> Function:
    """A quadratic with curvatures from 1/κ to 1, evenly spaced on a log scale, and d = 1.

    The error has the same size along each eigenvector. Then gradient descent really is as slow as 1/k (for
    1 ≪ k ≪ κ), because ∫ λ e^{−2kλ} d ln λ = 1/(2k), and Nesterov's method as slow as 1/k².
    """
    return quadratic(np.geomspace(1 / kappa, 1.0, n), np.full(n, 1 / sqrt(n)))


def chain(n: int) -> Function:
    """Nesterov's worst function, L = 1: ¼ (½ Σ (x_i − x_{i+1})² − x₁), with x₀ = x_{n+1} = 0 and start 0.

    The gradient at x_i depends only on its neighbours, so each step can change one more coordinate: after k
    steps, a method that adds up gradients has changed at most k of the n coordinates.
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

    # The largest eigenvalue of the Hessian is `top`, the smallest 1 − top.
    top = np.sin(np.pi * n / (2 * (n + 1))) ** 2
    return Function(value, gradient, -minimum, 1.0, float(1 - top))


def kink(n: int) -> Function:
    """‖x‖₁/√n: convex, with a gradient of length 1 everywhere, but a kink at the minimum: not L-smooth."""
    start = np.linspace(1.0, 0.1, n)
    return Function(
        lambda x: np.asarray(np.abs(x).sum(axis=-1) / sqrt(n)),
        lambda x: np.sign(x) / sqrt(n),
        start / np.linalg.norm(start),
        1.0,
    )


def wells(n: int) -> Function:
    """Σ (1 − cos x_i + 0.05 x_i²/2)/1.05: 1-smooth, but with a local minimum every 2π, so not convex."""
    tilt = 0.05
    return Function(
        lambda x: np.asarray((1 - np.cos(x) + tilt * x**2 / 2).sum(axis=-1) / (1 + tilt)),
        lambda x: (np.sin(x) + tilt * x) / (1 + tilt),
        np.linspace(1.0, 7.0, n) if n > 1 else np.array([7.0]),
        1.0,
    )


def noisy(function: Function, deviation: float, rng: np.random.Generator) -> Function:
    """The same function, but with noise of root mean square length `deviation` in its gradient."""
    n = len(function.start)
    exact, noise = function.gradient, errors(deviation / sqrt(n), (n,), rng)
    return function._replace(gradient=lambda x: exact(x) + next(noise))


def errors(deviation: float, shape: tuple[int, ...], rng: np.random.Generator) -> Iterator[Array]:
    """Endless gradient noise: in each coordinate normal, with this standard deviation."""
    while True:
        yield from rng.normal(0.0, deviation, (BLOCK, *shape))


# Methods


def points(walk: Walk, count: int) -> Array:
    """The next points of a walk, [count, n]."""
    return np.array(list(islice(walk, count)))


def gradient_descent(gradient: Gradient, start: Array, rate: float) -> Walk:
    """x ← x − η ∇f(x)."""
    x = start
    while True:
        yield x
        x = x - rate * gradient(x)


def noisy_descent(gradient: Gradient, start: Array, rates: Iterator[Any], noise: Iterator[Array]) -> Walk:
    """x ← x − η_t (∇f(x) + noise), for x [n] or several runs [..., n]; η_t broadcasts to x."""
    x = start
    for rate, error in zip(rates, noise, strict=False):
        yield x
        x = x - rate * (gradient(x) + error)


def nesterov(gradient: Gradient, start: Array, rate: float) -> Walk:
    """x_{k+1} = y − η ∇f(y), y ← x_{k+1} + (t−1)/t₊ (x_{k+1} − x_k), t₊ = (1 + √(1 + 4t²))/2, t₁ = 1."""
    x, y, t = start, start, 1.0
    while True:
        yield x
        after = y - rate * gradient(y)
        t_after = (1 + sqrt(1 + 4 * t * t)) / 2
        y = after + (t - 1) / t_after * (after - x)
        x, t = after, t_after


def fixed_nesterov(gradient: Gradient, start: Array, rate: float, beta: float) -> Walk:
    """x_{k+1} = y − η ∇f(y), y ← x_{k+1} + β (x_{k+1} − x_k)."""
    x, y = start, start
    while True:
        yield x
        after = y - rate * gradient(y)
        y = after + beta * (after - x)
        x = after


def heavy_ball(gradient: Gradient, start: Array, rate: float, beta: float) -> Walk:
    """v ← βv + ∇f(x), x ← x − ηv, v = 0 at first."""
    x, v = start, np.zeros(len(start))
    while True:
        yield x
        v = beta * v + gradient(x)
        x = x - rate * v


def newton(gradient: Gradient, curvature: Gradient, start: Array) -> Walk:
    """x ← x − ∇f/f'', for a function whose Hessian is diagonal."""
    x = start
    while True:
        yield x
        x = x - gradient(x) / curvature(x)


class Logits(NamedTuple):
    """Σ [ln(1 + e^{z_i}) − p_i z_i]: the cross-entropy of n logits z; the minimum is at z = ln p/(1−p)."""

    p: Array
    smoothness: float = 0.25  # L: the maximum of s(1 − s)
    lipschitz: float = 1 / (6 * sqrt(3.0))  # M: the maximum of |s(1 − s)(1 − 2s)|

    @property
    def minimum(self) -> Array:
        """z*."""
        return np.asarray(np.log(self.p) - np.log1p(-self.p))

    @property
    def strength(self) -> float:
        """μ, the smallest curvature at the minimum: p(1 − p)."""
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
        """f − f*; near the minimum by its Taylor series, where the difference would only be rounding."""
        z, p = x + self.minimum, self.p
        far = np.logaddexp(0, z) - np.logaddexp(0, self.minimum) - p * x
        second = p * (1 - p)
        third, fourth = second * (1 - 2 * p), second * (1 - 6 * second)
        near = x**2 * (second / 2 + x * (third / 6 + x * fourth / 24))
        return np.asarray(np.where(np.abs(x) < 1e-3, near, far).sum(axis=-1))


class NoisyRuns:
    """Projected subgradient descent with gradient noise, several runs at once, and the mean of their points.

    It minimises Σ w_i |x_i − x*_i| over the ball of radius 1 from noisy subgradients; ‖x*‖ = 0.8, start 0.
    The slopes w, with ‖w‖ = 1, differ by a factor of up to 100: because of the small ones it is never faster
    than 1/√k.
    """

    def __init__(
        self, rate: Gradient, n: int, runs: int, deviation: float, bias: float, rng: np.random.Generator
    ) -> None:
        """Put all runs at the start.

        Args:
            rate: η as a function of an array of steps k = 1, 2, …
            deviation: σ; the noise has E‖noise‖² = σ².
            bias: length of a constant error in every gradient, away from x*; the theorem assumes 0.
        """
        slopes = np.geomspace(1.0, 0.01, n)
        self._slopes = slopes / np.linalg.norm(slopes)
        sides = rng.choice([-1.0, 1.0], n)
        self._target = 0.8 / sqrt(n) * sides
        noise = _biased(deviation / sqrt(n), bias / sqrt(n) * sides, runs, rng)
        shape = (runs, n)
        steps = _scaled(rate, np.broadcast_to(self._slopes, (BLOCK, *shape)), noise)
        self._walk = _projected(steps, np.tile(self._target, (runs, 1)), np.zeros(shape))
        self._count, self._sum = 0, np.zeros(shape)

    def gaps(self, count: int) -> tuple[Array, Array]:
        """f − f* for the next `count` steps, in two ways, [count] each.

        The first is at the mean of all points so far, averaged over the runs (NaN at k = 0, where there is no
        point). The second is at the current point of the first run.
        """
        path = points(self._walk, count)
        counts = np.arange(self._count, self._count + count, dtype=np.float64)[:, None, None]
        sums = self._sum + np.concatenate([np.zeros((1, *self._sum.shape)), np.cumsum(path, axis=0)])
        self._count, self._sum = self._count + count, sums[-1]
        averaged = np.abs(sums[:-1] / np.where(counts > 0, counts, np.nan) - self._target) @ self._slopes
        return averaged.mean(axis=1), np.abs(path[:, 0] - self._target) @ self._slopes


def _biased(deviation: float, bias: Array, runs: int, rng: np.random.Generator) -> Iterator[Array]:
    """Errors of gradients, [BLOCK, runs, n] at a time."""
    while True:
        yield rng.normal(0.0, deviation, (BLOCK, runs, len(bias))) + bias


def _scaled(rate: Gradient, slopes: Array, noise: Iterator[Array]) -> Iterator[tuple[Array, Array]]:
    """η w and η·noise of each step, [runs, n] each; computed in blocks."""
    k = np.arange(1.0, BLOCK + 1)
    while True:
        rates = rate(k)[:, None, None]
        yield from zip(rates * slopes, rates * next(noise), strict=True)
        k = k + BLOCK


def _projected(steps: Iterator[tuple[Array, Array]], target: Array, x: Array) -> Walk:
    """x ← the point of the ball nearest to x − η (w·sign(x − x*) + noise), for x [runs, n].

    There are many steps on small arrays, so broadcasting and unnecessary projections are avoided for speed.
    """
    ones = np.ones(x.shape[1])
    for slopes, noise in steps:
        yield x
        x = x - (np.copysign(slopes, x - target) + noise)
        square = np.dot(x * x, ones)
        if max(square.tolist()) > 1.0:
            x = x / np.sqrt(np.maximum(square, 1.0))[:, None]
