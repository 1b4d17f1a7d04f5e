"""A step length for each coordinate: divide by the size of its past gradients.

    x ← x − η g / (√s + ε)

    AdaGrad     s ← s + g²
    RMSProp     s ← ρs + (1−ρ)g²
    AdaDelta    s ← ρs + (1−ρ)g²      Δ = g √(u + ε)/√(s + ε)      u ← ρu + (1−ρ)Δ²      x ← x − ηΔ

g is the gradient, η the learning rate, ρ the weight of the past; s has a number for each coordinate, and ε
prevents a division by 0. In AdaGrad s is the *sum* of the squared gradients, so the rate of a coordinate can
only fall, and it falls only when that coordinate has a gradient: a rare feature keeps a large rate. In
RMSProp s is a running mean, so the rate can rise again. AdaDelta also replaces η by the size of its past
steps, the root of the running mean u of their squares; its own η is 1.

References: Duchi, Hazan and Singer, JMLR 2011 (AdaGrad); Tieleman and Hinton, Coursera lecture 6.5, 2012
(RMSProp); Graves, arXiv:1308.0850, 2013 (centred RMSProp); Zeiler, arXiv:1212.5701, 2012 (AdaDelta).
"""

from typing import Annotated, Generic

from engine.config import number, plain
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Epsilon,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
    larger,
    zeros,
)

Rho = Annotated[
    float,
    number(
        "Memory",
        "Weight of the past in the running mean of the squared gradient.",
        symbol="ρ",
        ge=0,
        lt=1,
        live=True,
    ),
]
Centered = Annotated[
    bool,
    plain("Centred", "Divide by the gradient's standard deviation instead of its size.", more=True),
]
ExtraMomentum = Annotated[
    float,
    number(
        "Momentum factor",
        "Heavy-ball momentum on the scaled gradient.",
        symbol="μ",
        ge=0,
        lt=1,
        more=True,
        live=True,
    ),
]


class AdaGradState(OptimizerState, Generic[T], frozen=True):
    """The sum of squared gradients, and the resulting learning rate of each coordinate."""

    sum_of_squares: T
    rate: T
    t: int


class AdaDeltaState(OptimizerState, Generic[T], frozen=True):
    """Running means of the squared gradient and of the squared change; the change of this step."""

    mean_square: T
    change: T
    mean_square_change: T
    t: int


class RMSPropState(OptimizerState, Generic[T], frozen=True):
    """Running means of g² and (if centred) g; the value under the root; the scaled gradient."""

    mean_square: T
    mean: T
    variance: T
    velocity: T
    t: int


class AdaGrad(GradientRule, frozen=True, tag="adagrad"):
    """s ← s + g², x ← x − η g/(√s + ε); ε outside the root."""

    learning_rate: LearningRate = 0.01
    epsilon: Epsilon = 1e-10

    title = "AdaGrad"
    family = "per-coordinate"
    meaning = (
        "Each coordinate's rate shrinks with the gradients it has seen; rare coordinates keep a large one."
    )
    rule = (
        Equation(r"s_t = s_{t-1} + g_t^2", "old_sum_of_squares + gradient**2", "sum_of_squares"),
        Equation(
            r"\eta_t = \frac{\eta}{\sqrt{s_t} + \varepsilon}",
            "learning_rate/(sum_of_squares**0.5 + epsilon)",
            "rate",
        ),
        Equation(r"x_{t+1} = x_t - \eta_t\, g_t", "x - rate*gradient", "x"),
    )
    state_type = AdaGradState

    def step(self, x: T, gradient: T, state: AdaGradState[T], rate: float) -> tuple[T, AdaGradState[T]]:
        """s ← s + g², then x ← x − η g/(√s + ε)."""
        sum_of_squares = state.sum_of_squares + gradient * gradient
        own_rate = rate / (sum_of_squares**0.5 + self.epsilon)
        return x - own_rate * gradient, AdaGradState(sum_of_squares, own_rate, state.t + 1)


class AdaDelta(GradientRule, frozen=True, tag="adadelta"):
    """s ← ρs + (1−ρ)g²; Δ = g √(u+ε)/√(s+ε); u ← ρu + (1−ρ)Δ²; x ← x − ηΔ; ε inside both roots, η = 1."""

    learning_rate: LearningRate = 1.0
    rho: Rho = 0.9
    epsilon: Epsilon = 1e-6

    title = "AdaDelta"
    family = "per-coordinate"
    meaning = "The size of past steps over the size of past gradients: no learning rate is needed."
    rule = (
        Equation(
            r"s_t = \rho\, s_{t-1} + (1-\rho)\, g_t^2",
            "rho*old_mean_square + (1 - rho)*gradient**2",
            "mean_square",
        ),
        Equation(
            r"\Delta_t = \frac{\sqrt{u_{t-1} + \varepsilon}}{\sqrt{s_t + \varepsilon}}\, g_t",
            "(old_mean_square_change + epsilon)**0.5/(mean_square + epsilon)**0.5*gradient",
            "change",
        ),
        Equation(
            r"u_t = \rho\, u_{t-1} + (1-\rho)\, \Delta_t^2",
            "rho*old_mean_square_change + (1 - rho)*change**2",
            "mean_square_change",
        ),
        Equation(r"x_{t+1} = x_t - \eta\, \Delta_t", "x - learning_rate*change", "x"),
    )
    state_type = AdaDeltaState

    def step(self, x: T, gradient: T, state: AdaDeltaState[T], rate: float) -> tuple[T, AdaDeltaState[T]]:
        """Scale g by the ratio of two root mean squares: past changes over past gradients."""
        rho, epsilon, past = self.rho, self.epsilon, state.mean_square_change
        mean_square = rho * state.mean_square + (1 - rho) * (gradient * gradient)
        change = (past + epsilon) ** 0.5 / (mean_square + epsilon) ** 0.5 * gradient
        mean_square_change = rho * past + (1 - rho) * (change * change)
        state = AdaDeltaState(mean_square, change, mean_square_change, state.t + 1)
        return x - rate * change, state


class RMSProp(GradientRule, frozen=True, tag="rmsprop"):
    """s ← ρs + (1−ρ)g², x ← x − η g/(√s + ε); ε outside the root; no bias correction.

    Centred, the root is taken of s − m², with m ← ρm + (1−ρ)g. With momentum μ the step is
    ηv, v ← μv + g/(√s + ε).
    """

    learning_rate: LearningRate = 0.01
    rho: Rho = 0.99
    epsilon: Epsilon = 1e-8
    centered: Centered = False
    momentum: ExtraMomentum = 0.0

    title = "RMSProp"
    family = "per-coordinate"
    meaning = "Divide each coordinate by the recent size of its gradient, so steep and flat ones move alike."
    rule = (
        Equation(
            r"s_t = \rho\, s_{t-1} + (1-\rho)\, g_t^2",
            "rho*old_mean_square + (1 - rho)*gradient**2",
            "mean_square",
        ),
        Equation(
            r"m_t = \rho\, m_{t-1} + (1-\rho)\, g_t",
            "rho*old_mean + (1 - rho)*gradient",
            "mean",
            when=lambda rule: rule.centered,
        ),
        Equation(
            r"\sigma_t^2 = s_t - m_t^2",
            "max(mean_square - mean**2, 0)",
            "variance",
            when=lambda rule: rule.centered,
        ),
        Equation(
            r"v_t = \mu\, v_{t-1} + \frac{g_t}{\sqrt{s_t} + \varepsilon}",
            "momentum*old_velocity + gradient/(mean_square**0.5 + epsilon)",
            "velocity",
            when=lambda rule: not rule.centered,
        ),
        Equation(
            r"v_t = \mu\, v_{t-1} + \frac{g_t}{\sigma_t + \varepsilon}",
            "momentum*old_velocity + gradient/(variance**0.5 + epsilon)",
            "velocity",
            when=lambda rule: rule.centered,
        ),
        Equation(r"x_{t+1} = x_t - \eta\, v_t", "x - learning_rate*velocity", "x"),
    )
    state_type = RMSPropState

    def numbers_kept(self, coordinates: int) -> int:
        """The numbers in its equations; but without momentum no velocity is kept."""
        return super().numbers_kept(coordinates) - (0 if self.momentum else coordinates)

    def step(self, x: T, gradient: T, state: RMSPropState[T], rate: float) -> tuple[T, RMSPropState[T]]:
        """s ← ρs + (1−ρ)g², then x ← x − η g/(√s + ε), with the options of the class."""
        rho, mean = self.rho, state.mean
        mean_square = rho * state.mean_square + (1 - rho) * (gradient * gradient)
        variance: T = mean_square
        if self.centered:
            mean = rho * mean + (1 - rho) * gradient
            # Only rounding makes it negative; the root of a negative float would be complex.
            variance = larger(mean_square - mean * mean, zeros(mean))
        velocity = gradient / (variance**0.5 + self.epsilon)
        if self.momentum:
            velocity = self.momentum * state.velocity + velocity
        x = x - rate * velocity
        return x, RMSPropState(mean_square, mean, variance, velocity, state.t + 1)
