"""The same methods as other books and programs write them. Often the path is the very same; not always.

    learning rate inside    v ← βv − ηg               x ← x + v                  Sutskever et al. 2013; Keras
    dampened                v ← βv + (1−d)g           x ← x − ηv                 PyTorch; first v = g
    Nesterov, look-ahead    v ← βv + g(x − ηβv)       x ← x − ηv                 Nesterov 1983
    Nesterov, Sutskever     v ← βv − ηg(x + βv)       x ← x + v                  Sutskever et al. 2013
    Nesterov, shifted       v ← βv − ηg(y)            y ← y + βv − ηg(y)         Bengio et al. 2012; Keras
    Adam, ε in the root     x ← x − η m̂/√(v̂ + ε)                                 Optax: eps_root
    Adam, ε̂                 x ← x − η_t m/(√v + ε̂),   η_t = η√(1−β₂ᵗ)/(1−β₁ᵗ)    Keras
    coupled weight decay    g ← g + λx, then any rule                            L2 regularisation
    decoupled               any rule, and x ← x − ηλx (or − λx)                  Loshchilov and Hutter 2019

The heavy ball, the average, the shifted form of PyTorch and Optax, and Adam itself are in `descent` and
`adam`. With a constant η the first line takes the path of the heavy ball: its v is −η times the other one.
If η changes, the heavy ball applies the new η to all of the velocity, and the first line only to new
gradients. The variable y of the shifted form is the look-ahead point x + βv: its path is another curve, but
it belongs to the same algorithm. Coupled and decoupled weight decay are the same for plain gradient descent
only: in momentum the coupled part is also kept in v, and in Adam it is also divided by √v̂.

References: Sutskever, Martens, Dahl and Hinton, ICML 2013; Bengio, Boulanger-Lewandowski and Pascanu,
"Advances in optimizing recurrent networks", arXiv:1212.0901, 2012; Kingma and Ba, arXiv:1412.6980, section 2;
Loshchilov and Hutter, "Decoupled weight decay regularization", arXiv:1711.05101, 2019.
"""

import re
from typing import Annotated, Any, ClassVar, NamedTuple

from engine.config import number, plain
from engine.optimizers.adam import MEAN, MEAN_HAT, MEAN_SQUARE, MEAN_SQUARE_HAT, Adam, AdamState, WeightDecay
from engine.optimizers.descent import GradientDescent, Momentum, MomentumState
from engine.optimizers.update_rule import (
    Beta,
    Beta1,
    Beta2,
    Epsilon,
    Equation,
    GradientRule,
    LearningRate,
    T,
)

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

    def update(self, x: T, gradient: T, state: MomentumState[T]) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + v."""
        velocity = self.beta * state.velocity - self.learning_rate * gradient
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

    def update(self, x: T, gradient: T, state: MomentumState[T]) -> tuple[T, MomentumState[T]]:
        """v ← βv + (1−d)g (at first v ← g), then x ← x − ηv."""
        weight = 1 - self.dampening if state.t else 1.0
        velocity = self.beta * state.velocity + weight * gradient
        return x - self.learning_rate * velocity, MomentumState(velocity, state.t + 1)


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
        return x - self.learning_rate * self.beta * state.velocity

    def update(self, x: T, gradient: T, state: MomentumState[T]) -> tuple[T, MomentumState[T]]:
        """v ← βv + g, then x ← x − ηv; `gradient` is the one at `look_ahead`."""
        velocity = self.beta * state.velocity + gradient
        return x - self.learning_rate * velocity, MomentumState(velocity, state.t + 1)


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

    def update(self, x: T, gradient: T, state: MomentumState[T]) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + v; `gradient` is the one at `look_ahead`."""
        velocity = self.beta * state.velocity - self.learning_rate * gradient
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

    def update(self, x: T, gradient: T, state: MomentumState[T]) -> tuple[T, MomentumState[T]]:
        """v ← βv − ηg, then x ← x + βv − ηg; here x is the look-ahead point."""
        velocity = self.beta * state.velocity - self.learning_rate * gradient
        return x + self.beta * velocity - self.learning_rate * gradient, MomentumState(velocity, state.t + 1)


class AdamInsideRoot(GradientRule, frozen=True, tag="adam_inside_root"):
    """Adam with ε inside the root: x ← x − η m̂/√(v̂ + ε)."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "ε inside the root"
    family = "adam"
    meaning = "ε is added to the mean square, before the root is taken."
    rule = (
        MEAN,
        MEAN_SQUARE,
        MEAN_HAT,
        MEAN_SQUARE_HAT,
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{\hat{m}_t}{\sqrt{\hat{v}_t + \varepsilon}}",
            "x - learning_rate*mean_hat/(mean_square_hat + epsilon)**0.5",
            "x",
        ),
    )
    state_type = AdamState

    def update(self, x: T, gradient: T, state: AdamState[T]) -> tuple[T, AdamState[T]]:
        """The means of Adam, then x ← x − η m̂/√(v̂ + ε)."""
        _, state = Adam(self.learning_rate, self.beta1, self.beta2).update(x, gradient, state)
        return x - self.learning_rate * state.mean_hat / (state.mean_square_hat + self.epsilon) ** 0.5, state


class AdamHat(GradientRule, frozen=True, tag="adam_hat"):
    """Adam as at the end of section 2 of the paper: the corrections are moved into the step size; ε̂."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "ε̂, corrections in the step size"
    family = "adam"
    meaning = "The means are not corrected; the step size of each step is, and ε is added to the plain root."
    rule = (
        MEAN,
        MEAN_SQUARE,
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{\sqrt{1-\beta_2^t}}{1-\beta_1^t}\,"
            r" \frac{m_t}{\sqrt{v_t} + \varepsilon}",
            "x - learning_rate*(1 - beta2**t)**0.5/(1 - beta1**t)*mean/(mean_square**0.5 + epsilon)",
            "x",
        ),
    )
    state_type = AdamState

    def update(self, x: T, gradient: T, state: AdamState[T]) -> tuple[T, AdamState[T]]:
        """The means of Adam, then x ← x − η_t m/(√v + ε̂)."""
        _, state = Adam(self.learning_rate, self.beta1, self.beta2).update(x, gradient, state)
        rate = self.learning_rate * (1 - self.beta2**state.t) ** 0.5 / (1 - self.beta1**state.t)
        return x - rate * state.mean / (state.mean_square**0.5 + self.epsilon), state


class DecayState(NamedTuple):
    """The state of the rule that is decayed, and the gradient that it was given."""

    inner: Any
    decayed_gradient: Any
    t: int


DecayedRule = GradientDescent | Momentum | Adam


class WithDecay(GradientRule, frozen=True):
    """Base of the two ways to pull x towards zero while another rule steps."""

    optimizer: Annotated[DecayedRule, plain("Method", "The rule that is decayed.")] = Momentum()
    weight_decay: WeightDecay = 0.01

    family = "momentum"
    rule: ClassVar[tuple[Equation, ...]] = ()
    state_type = DecayState

    def start(self, x: T) -> DecayState:
        """Return the state before the first step: that of the rule that is decayed."""
        return DecayState(self.optimizer.start(x), 0.0 * x, 0)


class Coupled(WithDecay, frozen=True, tag="coupled"):
    """g ← g + λx, then the rule: the gradient of f + ½λ‖x‖² (L2 regularisation)."""

    title = "Coupled (L2)"
    meaning = "The decay is added to the gradient, and goes through all that the rule does with it."

    @property
    def equations(self) -> tuple[Equation, ...]:
        """First the gradient with the decay, then the rule, in which it stands for the gradient."""
        first = Equation(
            r"\tilde{g}_t = g_t + \lambda\, x_t", "gradient + weight_decay*x", "decayed_gradient"
        )
        lines = (
            line._replace(
                latex=line.latex.replace("g_t", r"\tilde{g}_t"),
                numbers=re.sub(r"\bgradient\b", "decayed_gradient", line.numbers),
            )
            for line in self.optimizer.equations
        )
        return (first, *lines)

    def update(self, x: T, gradient: T, state: DecayState) -> tuple[T, DecayState]:
        """Add the decay to the gradient, then take the step."""
        decayed = gradient + self.weight_decay * x
        x, inner = self.optimizer.update(x, decayed, state.inner)
        return x, DecayState(inner, decayed, state.t + 1)


class Decoupled(WithDecay, frozen=True, tag="decoupled"):
    """The rule, and beside it x ← x − ηλx, or x ← x − λx where λ is not multiplied by η."""

    times_rate: Annotated[bool, plain("Times η", "Multiply the decay by the learning rate.")] = True

    title = "Decoupled"
    meaning = "The decay shrinks x beside the step, and does not go through the rule."

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The rule, whose last line shrinks x as well."""
        *lines, last = self.optimizer.equations
        latex, numbers = (
            (r"(1-\eta\lambda)\, x_t", "(1 - learning_rate*weight_decay)*x")
            if self.times_rate
            else (r"(1-\lambda)\, x_t", "(1 - weight_decay)*x")
        )
        last = last._replace(
            latex=last.latex.replace("= x_t", f"= {latex}"),
            numbers=numbers + last.numbers.removeprefix("x"),
        )
        return (*lines, last)

    def update(self, x: T, gradient: T, state: DecayState) -> tuple[T, DecayState]:
        """Take the step, and shrink x from before it."""
        moved, inner = self.optimizer.update(x, gradient, state.inner)
        share = self.weight_decay * (self.optimizer.learning_rate if self.times_rate else 1.0)
        return moved - share * x, DecayState(inner, gradient, state.t + 1)
