"""A running average: the newest value has the largest weight, and each older one β times that of the next.

    average      v_t = β v_{t−1} + (1−β) x_t = (1−β) Σ_k βᵏ x_{t−k}      v₀ = 0
    sum          v_t = β v_{t−1} + x_t       = the average / (1−β)       (the velocity of classical momentum)
    corrected    v̂_t = v_t / (1 − βᵗ)                                    the weights then sum to 1

It is called an exponentially weighted moving average. A weight has fallen to about 1/e after 1/(1−β) steps,
so roughly 1/(1−β) values are averaged. Because v begins at 0, the average is too small in the first steps,
by the factor 1 − βᵗ; the correction divides by it. An average comes late: for values that rise by the same
amount in each step, it is β/(1−β) steps behind. And it smooths: independent noise of variance σ² becomes
noise of variance σ²·(1−β)/(1+β).

Reference: D. P. Kingma and J. L. Ba, "Adam: a method for stochastic optimization", 2015, section 3.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
CONVENTIONS = ("average", "sum")


def moving_average(
    x: ArrayLike, beta: float, *, corrected: bool = False, convention: str = "average"
) -> Array:
    """The averages v_1 … v_T of x[steps], shape [steps]. After a NaN in x all averages are NaN.

    Args:
        x: one value a step.
        beta: how much of the past is kept, 0 ≤ β < 1.
        corrected: divide by the sum of the weights, so that the start at 0 has no effect.
        convention: "average" gives the new value the weight 1 − β, "sum" the weight 1.
    """
    values, new = np.asarray(x, np.float64), _new_weight(beta, convention)
    running, v = np.empty_like(values), 0.0
    for t, value in enumerate(values.tolist()):
        v = beta * v + new * value
        running[t] = v
    if corrected:
        running /= weight_sums(len(values), beta, convention)
    return running


def weights_of_past(
    steps: int, beta: float, *, corrected: bool = False, convention: str = "average"
) -> Array:
    """The weight of x_t, x_{t−1}, …, x_1 in the average after t = `steps` values: newest first, [steps]."""
    weights: Array = _new_weight(beta, convention) * beta ** np.arange(steps, dtype=np.float64)
    return weights / weight_sums(steps, beta, convention)[-1] if corrected and steps else weights


def weight_sums(steps: int, beta: float, convention: str = "average") -> Array:
    """The sum of the weights after 1, 2, … steps: 1 − βᵗ for the average, (1 − βᵗ)/(1−β) for the sum."""
    t = np.arange(1, steps + 1)
    # −expm1(t·ln β) is 1 − βᵗ without the loss of digits near β = 1.
    remaining: Array = -np.expm1(t * np.log(beta)) if beta > 0 else np.ones(steps)
    return remaining * _new_weight(beta, convention) / (1 - beta)


def _new_weight(beta: float, convention: str) -> float:
    """The weight of a new value."""
    if convention not in CONVENTIONS:
        raise ValueError(f"the convention is one of {CONVENTIONS}, not {convention!r}")
    return 1 - beta if convention == "average" else 1.0


def window(beta: float) -> float:
    """1/(1−β): about so many values are averaged."""
    return 1 / (1 - beta)


def noise_left(beta: float) -> float:
    """The factor by which the standard deviation of independent noise shrinks: √((1−β)/(1+β))."""
    return sqrt((1 - beta) / (1 + beta))


def lag(beta: float) -> float:
    """How many steps the average is behind values that rise steadily, after many steps: β/(1−β)."""
    return beta / (1 - beta)
