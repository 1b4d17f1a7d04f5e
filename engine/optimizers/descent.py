"""Gradient descent, and gradient descent with momentum.

    plain       x ← x − η g
    heavy ball  v ← β v + g           x ← x − η v
    averaged    v ← β v + (1−β) g     x ← x − η v

g = ∇f(x) is the gradient at x, η > 0 the learning rate, v the velocity, and β, with 0 ≤ β < 1, the fraction
of v that is kept in each step. v is a sum of gradients, so it points uphill, and x moves against it.

The last two take the same path if the averaged form has a learning rate 1/(1−β) times as large. Momentum
has two effects. In a narrow valley the gradients across the valley change sign and cancel in v, while those
along it add up: the zig-zag is damped. And where the gradient is small or points back, v still moves x on, so
x can pass through a shallow local minimum, like a heavy ball.

References: Robbins and Monro 1951; Polyak 1964; Nesterov 1983; Sutskever et al., "On the importance of
initialization and momentum in deep learning", ICML 2013.
"""

from typing import Annotated, Any, Generic

from msgspec.structs import replace

from engine.config import number
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Beta,
    BiasCorrection,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
)

Decay = Annotated[
    float,
    number(
        "Decay",
        "The learning rate falls as η/(1 + decay·(t−1)), so that the noise dies away.",
        ge=0,
        le=10,
        more=True,
        live=True,
    ),
]


class CountState(OptimizerState, frozen=True):
    """Gradient descent only counts its steps."""

    t: int


class RateState(OptimizerState, frozen=True):
    """The learning rate used in step t."""

    rate: float
    t: int


class MomentumState(OptimizerState, Generic[T], frozen=True):
    """The velocity after step t: a sum of the gradients so far, where older ones have less weight."""

    velocity: T
    t: int


class AveragedState(OptimizerState, Generic[T], frozen=True):
    """The running mean of the gradient, without and with bias correction."""

    velocity: T
    velocity_hat: T
    t: int


class NesterovState(OptimizerState, Generic[T], frozen=True):
    """The velocity, and the classical iterate θ (x is the look-ahead point)."""

    velocity: T
    position: T
    t: int


class GradientDescent(GradientRule, frozen=True, tag="gradient_descent"):
    """x ← x − η g."""

    learning_rate: LearningRate = 0.01

    title = "Gradient descent"
    family = "plain"
    meaning = "Step straight down the slope, by a length proportional to it."
    rule = (Equation(r"x_{t+1} = x_t - \eta\, g_t", "x - learning_rate*gradient", "x"),)
    state_type = CountState

    def step(self, x: T, gradient: T, state: CountState, rate: float) -> tuple[T, CountState]:
        """x ← x − η g."""
        return x - rate * gradient, CountState(state.t + 1)


class SGD(GradientRule, frozen=True, tag="sgd"):
    """x ← x − η_t g, with a gradient from a mini-batch or with noise (Robbins and Monro 1951).

    η_t = η/(1 + decay·(t−1)). With decay 0, the default, the rule is that of gradient descent. With a decay
    the steps shrink, so that the noise averages out; but Σ η_t = ∞, so any distance can still be covered.
    """

    learning_rate: LearningRate = 0.01
    decay: Decay = 0.0

    title = "SGD"
    family = "plain"
    meaning = "Gradient descent on noisy gradients; a decaying learning rate lets the noise average out."
    rule = (
        Equation(
            r"\eta_t = \frac{\eta}{1 + d\,(t-1)}",
            "learning_rate/(1 + decay*(t - 1))",
            "rate",
            when=lambda rule: rule.decay > 0,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\, g_t",
            "x - learning_rate*gradient",
            "x",
            when=lambda rule: rule.decay == 0,
        ),
        Equation(r"x_{t+1} = x_t - \eta_t\, g_t", "x - rate*gradient", "x", when=lambda rule: rule.decay > 0),
    )
    state_type = RateState

    def start(self, x: T) -> RateState:
        """Return the state before the first step; it does not depend on x."""
        return RateState(self.rate(1), 0)

    def step(self, x: T, gradient: T, state: RateState, rate: float) -> tuple[T, RateState]:
        """x ← x − η_t g."""
        rate = rate / (1 + self.decay * state.t)
        return x - rate * gradient, RateState(rate, state.t + 1)

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate: without schedule and decay."""
        return super().constant_rate and self.decay == 0


class Momentum(GradientRule, frozen=True, tag="momentum"):
    """Heavy ball, v ← βv + g, x ← x − ηv, v₀ = 0 (Polyak 1964; the convention of most frameworks).

    On a quadratic with eigenvalues λ it is stable when 0 < ηλ < 2 + 2β for each of them.
    """

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Momentum"
    family = "momentum"
    meaning = (
        "A heavy ball: the velocity sums past gradients, so those that agree add up and zig-zag cancels."
    )
    rule = (
        Equation(r"v_t = \beta\, v_{t-1} + g_t", "beta*old_velocity + gradient", "velocity"),
        Equation(r"x_{t+1} = x_t - \eta\, v_t", "x - learning_rate*velocity", "x"),
    )
    state_type = MomentumState

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv + g, then x ← x − ηv."""
        velocity = self.beta * state.velocity + gradient
        return x - rate * velocity, MomentumState(velocity, state.t + 1)


class AveragedMomentum(GradientRule, frozen=True, tag="averaged_momentum"):
    """Momentum as a running mean, v ← βv + (1−β)g, x ← x − ηv, v₀ = 0.

    With η/(1−β) it takes the path of the heavy ball with η. With bias correction the step uses v/(1−βᵗ), a
    mean whose weights sum to 1; then the paths differ at first.
    """

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9
    bias_correction: BiasCorrection = False

    title = "Averaged momentum"
    family = "momentum"
    meaning = (
        "The velocity is a running mean of the gradient: a heavy ball with (1 − β) times the learning rate."
    )
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} + (1-\beta)\, g_t", "beta*old_velocity + (1 - beta)*gradient", "velocity"
        ),
        Equation(
            r"\hat{v}_t = \frac{v_t}{1-\beta^t}",
            "velocity/(1 - beta**t)",
            "velocity_hat",
            when=lambda rule: rule.bias_correction,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\, v_t",
            "x - learning_rate*velocity",
            "x",
            when=lambda rule: not rule.bias_correction,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\, \hat{v}_t",
            "x - learning_rate*velocity_hat",
            "x",
            when=lambda rule: rule.bias_correction,
        ),
    )
    state_type = AveragedState

    def step(self, x: T, gradient: T, state: AveragedState[T], rate: float) -> tuple[T, AveragedState[T]]:
        """v ← βv + (1−β)g, then x ← x − ηv (or v̂)."""
        beta, t = self.beta, state.t + 1
        velocity = beta * state.velocity + (1 - beta) * gradient
        velocity_hat = velocity / (1 - beta**t) if self.bias_correction else velocity
        return x - rate * velocity_hat, AveragedState(velocity, velocity_hat, t)


class Nesterov(GradientRule, frozen=True, tag="nesterov"):
    """Nesterov's momentum: the gradient is taken at the point to which the momentum alone would move.

    In classical form, with the iterate θ,

        v ← βv + g(θ − ηβv),      θ ← θ − ηv.

    Here x is the look-ahead point θ − ηβv, so that, as for every rule, the gradient is the one at x. With
    this x the two lines above become

        v ← βv + g(x),            x ← x − η(g + βv),

    the same algorithm, written for x instead of θ (the form of most frameworks). `position` is θ.

    If η changes from step to step, the line for x stays, as in the frameworks. Then the θ that has x_{t+1} as
    its look-ahead point is x_{t+1} + η_tβv = x_t − η_t g, which is θ − ηv only as long as η is constant.
    """

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Nesterov"
    family = "momentum"
    meaning = "Momentum that looks ahead: it measures the slope where its velocity is about to carry it."
    rule = (
        Equation(r"v_t = \beta\, v_{t-1} + g(x_t)", "beta*old_velocity + gradient", "velocity"),
        Equation(
            r"\theta_t = \theta_{t-1} - \eta\, v_t",
            "old_position - learning_rate*velocity",
            "position",
            when=lambda rule: rule.schedule.constant,
        ),
        Equation(
            r"\theta_t = x_t - \eta\, g(x_t)",
            "x - learning_rate*gradient",
            "position",
            when=lambda rule: not rule.schedule.constant,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\left(g(x_t) + \beta\, v_t\right) = \theta_t - \eta\beta\, v_t",
            "x - learning_rate*(gradient + beta*velocity)",
            "x",
        ),
    )
    state_type = NesterovState

    def numbers_kept(self, coordinates: int) -> int:
        """The velocity. θ need not be kept: it follows from x and the velocity."""
        return coordinates

    def start(self, x: T) -> NesterovState[T]:
        """Return the state before the first step: v = 0, so θ and the look-ahead point are equal."""
        start: NesterovState[T] = super().start(x)
        return replace(start, position=x)

    def taken_over(self, x: Any, state: NesterovState[Any]) -> NesterovState[Any]:
        """The state with the θ whose look-ahead point is x for these η and β: θ = x + η_tβv.

        η_t is that of the step before, as for every look-ahead point.
        """
        return replace(state, position=x + self.rate(max(state.t, 1)) * self.beta * state.velocity)

    def step(self, x: T, gradient: T, state: NesterovState[T], rate: float) -> tuple[T, NesterovState[T]]:
        """v ← βv + g, then θ ← θ − ηv and x ← x − η(g + βv), which is θ − ηβv."""
        velocity = self.beta * state.velocity + gradient
        position = state.position - rate * velocity if self.schedule.constant else x - rate * gradient
        x = x - rate * (gradient + self.beta * velocity)
        return x, NesterovState(velocity, position, state.t + 1)
