"""Momentum and Nesterov as other books and programs write them. Often the path is the very same; not always.

    learning rate inside    v ← βv − ηg               x ← x + v              Sutskever et al. 2013; Keras
    dampened                v ← βv + (1−d)g           x ← x − ηv             PyTorch; at first v = g
    Nesterov, look-ahead    v ← βv + g(x − ηβv)       x ← x − ηv             Nesterov 1983
    Nesterov, Sutskever     v ← βv − ηg(x + βv)       x ← x + v              Sutskever et al. 2013
    Nesterov, shifted       v ← βv − ηg(y)            y ← y + βv − ηg(y)     Bengio et al. 2012; Keras

x is the point, g the gradient there (g(y) at another point y), v the velocity, η the learning rate, β the
decay of the velocity, and d the dampening. The heavy ball, the average and the shifted form of PyTorch and
Optax are in `descent`. With a constant η the first line takes the path of the heavy ball: its v is −η times
the other one. If η changes, the heavy ball applies the new η to all of the velocity, and the first line only
to new gradients. The variable y of the shifted form is the look-ahead point x + βv: its path is another
curve, but of the same algorithm.

References: Sutskever, Martens, Dahl and Hinton, ICML 2013; Bengio, Boulanger-Lewandowski and Pascanu,
"Advances in optimizing recurrent networks", arXiv:1212.0901, 2012.
"""

from typing import Annotated

from engine.config import number
from engine.optimizers.descent import MomentumState
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import Beta, GradientRule, LearningRate, T

Dampening = Annotated[
    float,
    number("Dampening", "By how much less than 1 each new gradient counts.", symbol="d", ge=0, lt=1),
]


class MomentumInside(GradientRule, frozen=True, tag="momentum_inside"):
    """v ← βv − ηg, x ← x + v: the learning rate is inside the velocity."""

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Learning rate inside"
    family = "momentum"
    meaning = "The velocity is the step itself: every gradient keeps the learning rate of its own step."
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} - \eta\, g_t", "beta*old_velocity - learning_rate*gradient", "velocity"
        ),
        Equation(r"x_{t+1} = x_t + v_t", "x + velocity", "x"),
    )
    state_type = MomentumState

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + v."""
        velocity = self.beta * state.velocity - rate * gradient
        return x + velocity, MomentumState(velocity, state.t + 1)


class DampenedMomentum(GradientRule, frozen=True, tag="dampened_momentum"):
    """v ← βv + (1−d)g, x ← x − ηv; the first step takes v = g, as PyTorch does."""

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9
    dampening: Dampening = 0.9

    title = "Dampened"
    family = "momentum"
    meaning = "Each new gradient counts less, but for the first one, which counts in full."
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} + (1-d)\, g_t \quad (v_1 = g_1)",
            "beta*old_velocity + (1 - dampening*sign(t - 1))*gradient",
            "velocity",
        ),
        Equation(r"x_{t+1} = x_t - \eta\, v_t", "x - learning_rate*velocity", "x"),
    )
    state_type = MomentumState

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv + (1−d)g (at first v ← g), then x ← x − ηv."""
        weight = 1 - self.dampening if state.t else 1.0
        velocity = self.beta * state.velocity + weight * gradient
        return x - rate * velocity, MomentumState(velocity, state.t + 1)


class LookingAhead(GradientRule, frozen=True):
    """Base of the forms that store x, but measure the gradient where the velocity will carry it."""

    def look_ahead(self, x: T, state: MomentumState[T]) -> T:
        """Where the gradient of the next step is measured."""
        raise NotImplementedError


class NesterovLookAhead(LookingAhead, frozen=True, tag="nesterov_look_ahead"):
    """v ← βv + g(x − ηβv), x ← x − ηv."""

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Look-ahead"
    family = "momentum"
    meaning = "The point itself is stored; the gradient is measured at the look-ahead point."
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} + g(x_t - \eta\beta\, v_{t-1})",
            "beta*old_velocity + gradient",
            "velocity",
        ),
        Equation(r"x_{t+1} = x_t - \eta\, v_t", "x - learning_rate*velocity", "x"),
    )
    state_type = MomentumState

    def look_ahead(self, x: T, state: MomentumState[T]) -> T:
        """x − ηβv."""
        return x - self.rate(state.t + 1) * self.beta * state.velocity

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv + g, then x ← x − ηv; `gradient` is the one at `look_ahead`."""
        velocity = self.beta * state.velocity + gradient
        return x - rate * velocity, MomentumState(velocity, state.t + 1)


class NesterovInside(LookingAhead, frozen=True, tag="nesterov_inside"):
    """v ← βv − ηg(x + βv), x ← x + v (Sutskever et al. 2013)."""

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Sutskever's"
    family = "momentum"
    meaning = "As look-ahead, with the learning rate inside the velocity."
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} - \eta\, g(x_t + \beta\, v_{t-1})",
            "beta*old_velocity - learning_rate*gradient",
            "velocity",
        ),
        Equation(r"x_{t+1} = x_t + v_t", "x + velocity", "x"),
    )
    state_type = MomentumState

    def look_ahead(self, x: T, state: MomentumState[T]) -> T:
        """x + βv."""
        return x + self.beta * state.velocity

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + v; `gradient` is the one at `look_ahead`."""
        velocity = self.beta * state.velocity - rate * gradient
        return x + velocity, MomentumState(velocity, state.t + 1)


class NesterovShifted(GradientRule, frozen=True, tag="nesterov_shifted"):
    """v ← βv − ηg(y), y ← y + βv − ηg(y): what is stored is y = x + βv (Bengio et al. 2012; Keras)."""

    learning_rate: LearningRate = 0.01
    beta: Beta = 0.9

    title = "Shifted variable"
    family = "momentum"
    meaning = "The look-ahead point is stored, with the learning rate inside the velocity."
    rule = (
        Equation(
            r"v_t = \beta\, v_{t-1} - \eta\, g_t", "beta*old_velocity - learning_rate*gradient", "velocity"
        ),
        Equation(
            r"x_{t+1} = x_t + \beta\, v_t - \eta\, g_t", "x + beta*velocity - learning_rate*gradient", "x"
        ),
    )
    state_type = MomentumState

    def step(self, x: T, gradient: T, state: MomentumState[T], rate: float) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + βv − ηg; here x is the look-ahead point."""
        velocity = self.beta * state.velocity - rate * gradient
        return x + self.beta * velocity - rate * gradient, MomentumState(velocity, state.t + 1)
