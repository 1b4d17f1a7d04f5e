"""The cost of one Newton step for n unknowns: compute the gradient, form the Hessian, solve.

The function is that of logistic regression, which learns n weights w from m examples; a row aᵢ of A is an
example xᵢ times −1 if its label is yes, times 1 if it is no. σ is the sigmoid, g = ∇f the gradient, H the
Hessian, I the identity, and d the Newton step w ← w − d. At the right is how many multiplications and
additions each part takes:

    f(w)  = Σᵢ ln(1 + exp(aᵢ·w)) + ½‖w‖²
    ∇f    = Aᵀσ(Aw) + w                        2·2mn
    H     = Aᵀ diag(σ(1 − σ)) A + I            2mn²
    H d   = g  by elimination                  ⅔n³

For large n the n³ decides: twice the unknowns take eight times as long. And H needs 8n² bytes.

Reference: Golub and Van Loan, "Matrix Computations", 4th ed. 2013, section 3.2.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]
ENOUGH = 0.05  # seconds for the repeats of one part, so that a run can be stopped quickly
FITTED = 6  # so many of the largest sizes are used to fit the slope


class Logistic(NamedTuple):
    """The function, with A of shape (m, n); weights x are of shape (n,)."""

    a: Vector

    def value(self, x: Vector) -> float:
        """Return f at weights x."""
        return float(np.logaddexp(0.0, self.a @ x).sum() + 0.5 * x @ x)

    def gradient(self, x: Vector) -> Vector:
        """Return ∇f, shape (n,)."""
        slope: Vector = self.a.T @ _sigmoid(self.a @ x) + x
        return slope

    def hessian(self, x: Vector) -> Vector:
        """Return the second derivatives, shape (n, n): positive definite."""
        p = _sigmoid(self.a @ x)
        hessian: Vector = (self.a * (p * (1.0 - p))[:, None]).T @ self.a
        hessian.flat[:: self.a.shape[1] + 1] += 1.0
        return hessian


def _sigmoid(z: Vector) -> Vector:
    p: Vector = 0.5 * (1.0 + np.tanh(0.5 * z))
    return p


class Times(NamedTuple):
    """Seconds of each part of one step, the shortest of the repeats, and the relative residual of H d = g."""

    gradient: float
    forming: float
    solving: float
    residual: float  # ‖H d − g‖ / ‖g‖


def problem(n: int, examples: int, seed: int) -> tuple[Logistic, Vector]:
    """Draw A and a point w for n unknowns; the same for the same seed."""
    rng = np.random.default_rng((seed, n))
    return Logistic(rng.normal(size=(examples, n)) / n**0.5), rng.normal(size=n)


def measure(f: Logistic, w: Vector, repeats: int) -> Times:
    """Time one Newton step at w, part by part. The times differ from run to run; the results do not."""
    gradient, first = _timed(lambda: f.gradient(w), repeats)
    hessian, second = _timed(lambda: f.hessian(w), repeats)
    direction, third = _timed(lambda: np.linalg.solve(hessian, gradient), repeats)
    rest = float(np.linalg.norm(hessian @ direction - gradient) / np.linalg.norm(gradient))
    return Times(first, second, third, rest)


def _timed(work: Callable[[], Vector], repeats: int) -> tuple[Vector, float]:
    """The result of `work`, and the seconds of its fastest repeat: other programs only make it slower.

    There are no more repeats once `ENOUGH` seconds have passed.
    """
    least, spent = np.inf, 0.0
    for _ in range(repeats):
        since = perf_counter()
        found = work()
        taken = perf_counter() - since
        least, spent = min(least, taken), spent + taken
        if spent > ENOUGH:
            break
    return found, least


def sizes(largest: int) -> list[int]:
    """Sizes from 8 on that grow by √2, up to the largest."""
    steps = int(np.floor(2 * np.log2(largest / 8) + 1e-9))
    grown = [round(8 * 2 ** (k / 2)) for k in range(steps + 1)]
    return grown if grown[-1] == largest else [*grown, largest]


def power(n: Any, seconds: Any) -> float:
    """The power p of seconds ∝ nᵖ through the largest sizes, by least squares on logarithms; NaN for one."""
    n, seconds = np.asarray(n, float), np.asarray(seconds, float)
    known = np.isfinite(n) & np.isfinite(seconds) & (seconds > 0)
    x, y = np.log(n[known][-FITTED:]), np.log(seconds[known][-FITTED:])
    if len(x) < 2:
        return float("nan")
    x = x - x.mean()
    return float(x @ y / (x @ x))
