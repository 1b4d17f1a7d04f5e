"""Which learning rates converge on a quadratic, and how fast: the roots of one step.

On f = ½ λ x² the gradient is λx, so a rule with a fixed η and β becomes a recurrence for the error
e = x − x*,

    e_{k+1} = a e_k − b e_{k−1},

whose solutions grow or shrink like r^k with the roots r of  r² − a r + b = 0. The run converges if the larger
|r| is below 1. This number is then the factor by which the error shrinks per step, after many steps.

    gradient descent    a = 1 − ηλ               b = 0             converges if  0 < ηλ < 2
    heavy ball          a = 1 + β − ηλ           b = β                           0 < ηλ < 2 + 2β
    averaged momentum   as the heavy ball, with η(1−β) in the place of η
    Nesterov            a = (1+β)(1 − ηλ)        b = β(1 − ηλ)                   0 < ηλ < (2 + 2β)/(1 + 2β)
    damped Newton       a = 1 − ηλ/(λ+δ)         b = 0                           0 < ηλ/(λ+δ) < 2

and only if; δ is the damping of Newton's method.

In several dimensions every eigenvalue λ of the Hessian has its own recurrence. The largest λ decides which
learning rates are stable, and the slowest recurrence decides the speed.

References: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; Goh, "Why
momentum really works", Distill 2017; Recht and Wright, "Optimization for data analysis", 2022, chapter 4.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.optimizers.descent import SGD, AveragedMomentum, GradientDescent, Momentum, Nesterov
from engine.optimizers.newton import DampedNewton, Newton

Array = NDArray[np.float64]


class Recurrence(NamedTuple):
    """e_{k+1} = a e_k − b e_{k−1}; arrays where the hyperparameters are."""

    a: Array
    b: Array

    @property
    def factor(self) -> Array:
        """The larger |r| of the two roots of r² − a r + b = 0."""
        inside = self.a * self.a - 4 * self.b
        real = (np.abs(self.a) + np.sqrt(np.maximum(inside, 0.0))) / 2
        return np.where(inside >= 0, real, np.sqrt(np.maximum(self.b, 0.0)))


def _plain(rate: Array, curvature: float) -> Recurrence:
    return Recurrence(1 - rate * curvature, np.zeros_like(rate))


def _heavy_ball(rate: Array, beta: Array, curvature: float) -> Recurrence:
    return Recurrence(1 + beta - rate * curvature, beta + np.zeros_like(rate))


def _nesterov(rate: Array, beta: Array, curvature: float) -> Recurrence:
    kept = 1 - rate * curvature
    return Recurrence((1 + beta) * kept, beta * kept)


def _newton(rate: Array, damping: Array, curvature: float) -> Recurrence:
    return _plain(rate, 1.0) if curvature == 0 else _plain(rate * curvature / (curvature + damping), 1.0)


# The recurrence of each rule on ½λx²; its fields may be arrays.
RECURRENCES: dict[type[Any], Callable[[Any, float], Recurrence]] = {
    GradientDescent: lambda rule, curvature: _plain(_array(rule.learning_rate), curvature),
    SGD: lambda rule, curvature: _plain(_array(rule.learning_rate), curvature),
    Momentum: lambda rule, curvature: _heavy_ball(_array(rule.learning_rate), _array(rule.beta), curvature),
    AveragedMomentum: lambda rule, curvature: _heavy_ball(
        _array(rule.learning_rate) * (1 - _array(rule.beta)), _array(rule.beta), curvature
    ),
    Nesterov: lambda rule, curvature: _nesterov(_array(rule.learning_rate), _array(rule.beta), curvature),
    DampedNewton: lambda rule, curvature: _newton(
        _array(rule.learning_rate), _array(rule.damping), curvature
    ),
    Newton: lambda rule, curvature: _newton(np.ones(()), np.zeros(()), curvature),
}

# The largest ηλ that converges, for a value of the second hyperparameter and the largest curvature.
BORDERS: dict[type[Any], Callable[[Any, float], Array]] = {
    GradientDescent: lambda rule, curvature: np.asarray(2.0),
    SGD: lambda rule, curvature: np.asarray(2.0),
    Momentum: lambda rule, curvature: 2 + 2 * _array(rule.beta),
    AveragedMomentum: lambda rule, curvature: (2 + 2 * _array(rule.beta)) / (1 - _array(rule.beta)),
    Nesterov: lambda rule, curvature: (2 + 2 * _array(rule.beta)) / (1 + 2 * _array(rule.beta)),
    DampedNewton: lambda rule, curvature: 2 * (curvature + _array(rule.damping)),
}


def _array(value: ArrayLike) -> Array:
    return np.asarray(value, np.float64)


def convergence_factor(rule: Any, curvatures: Sequence[float]) -> Array | None:
    """The factor by which the error shrinks per step, after many steps, along the slowest eigenvector.

    Above 1 the error grows. `curvatures` are the eigenvalues λ of the Hessian, all positive. The fields of
    `rule` may be arrays; the result has their shape. None for a rule whose step is not linear in the
    gradients (AdaGrad, Adam, …).
    """
    recurrence = RECURRENCES.get(type(rule))
    if recurrence is None or not rule.constant_rate:
        return None
    factors = [recurrence(rule, curvature).factor for curvature in curvatures]
    return np.asarray(np.max(np.broadcast_arrays(*factors), axis=0))


def largest_rate(rule: Any, curvature: float) -> Array | None:
    """The learning rate below which the rule converges on a quadratic of largest curvature λ > 0.

    The second hyperparameter of `rule` (β, damping) may be an array; None where there is no such limit.
    """
    border = BORDERS.get(type(rule))
    return None if border is None or not rule.constant_rate else border(rule, curvature) / curvature
