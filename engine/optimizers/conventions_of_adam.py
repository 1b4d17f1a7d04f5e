"""Adam with ε at other places, and weight decay that is part of the gradient or not.

    ε in the root        x ← x − η m̂/√(v̂ + ε)                                    Optax: eps_root
    ε̂                    x ← x − η_t m/(√v + ε̂),   η_t = η√(1−β₂ᵗ)/(1−β₁ᵗ)       Keras
    coupled decay        g ← g + λx, then any rule                               L2 regularisation
    decoupled            any rule, and x ← x − ηλx (or x ← x − λx)               Loshchilov and Hutter 2019

The letters are those of `adam`, where ε stands outside the root and after the correction; λ is the weight
decay. The second line is Adam with ε̂ = ε√(1−β₂ᵗ), another number at every step. Coupled and decoupled weight
decay are the same for plain gradient descent only: in momentum the coupled part is also kept in v, and in
Adam it is also divided by √v̂.

References: Kingma and Ba, arXiv:1412.6980, section 2; Loshchilov and Hutter, "Decoupled weight decay
regularization", arXiv:1711.05101, 2019.
"""

import re
from typing import Annotated, Any

from msgspec.structs import replace

from engine.config import plain
from engine.optimizers.adam import MEAN, MEAN_HAT, MEAN_SQUARE, MEAN_SQUARE_HAT, Adam, AdamState, WeightDecay
from engine.optimizers.descent import GradientDescent, Momentum
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import Beta1, Beta2, Epsilon, GradientRule, LearningRate, OptimizerState, T


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

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """The means of Adam, then x ← x − η m̂/√(v̂ + ε)."""
        _, state = Adam(beta1=self.beta1, beta2=self.beta2).step(x, gradient, state, rate)
        return x - rate * state.mean_hat / (state.mean_square_hat + self.epsilon) ** 0.5, state


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

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """The means of Adam, then x ← x − η_t m/(√v + ε̂)."""
        _, state = Adam(beta1=self.beta1, beta2=self.beta2).step(x, gradient, state, rate)
        rate = rate * (1 - self.beta2**state.t) ** 0.5 / (1 - self.beta1**state.t)
        return x - rate * state.mean / (state.mean_square**0.5 + self.epsilon), state


class DecayState(OptimizerState, frozen=True):
    """The state of the rule that is decayed, and the gradient that it was given."""

    inner: Any
    decayed_gradient: Any
    t: int


DecayedRule = GradientDescent | Momentum | Adam


class WithDecay(GradientRule, frozen=True):
    """Base of the two ways to pull x towards zero while another rule steps; the learning rate is its own."""

    learning_rate: LearningRate = 0.01
    optimizer: Annotated[DecayedRule, plain("Optimizer", "The rule that is decayed.")] = Momentum()
    weight_decay: WeightDecay = 0.01

    family = "momentum"
    state_type = DecayState

    def start(self, x: T) -> DecayState:
        """Return the state before the first step: that of the rule that is decayed."""
        return DecayState(self.optimizer.start(x), 0.0 * x, 0)

    @property
    def hyperparameters(self) -> tuple[str, ...]:
        """The names of its settings in the equations, and of those of the rule that is decayed."""
        return *super().hyperparameters, *self.optimizer.hyperparameters

    def settings(self, t: int) -> dict[str, Any]:
        """The numbers of step t; the learning rate is its own."""
        return self.optimizer.settings(t) | super().settings(t)

    def _lines(self) -> tuple[Equation, ...]:
        """The equations of the rule that is decayed."""
        return replace(self.optimizer, schedule=self.schedule).equations


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
            for line in self._lines()
        )
        return (first, *lines)

    def step(self, x: T, gradient: T, state: DecayState, rate: float) -> tuple[T, DecayState]:
        """Add the decay to the gradient, then take the step."""
        decayed = gradient + self.weight_decay * x
        x, inner = self.optimizer.step(x, decayed, state.inner, rate)
        return x, DecayState(inner, decayed, state.t + 1)


class Decoupled(WithDecay, frozen=True, tag="decoupled"):
    """The rule, and beside it x ← x − ηλx, or x ← x − λx where λ is not multiplied by η."""

    times_rate: Annotated[bool, plain("Times η", "Multiply the decay by the learning rate.")] = True

    title = "Decoupled"
    meaning = "The decay shrinks x beside the step, and does not go through the rule."

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The rule, whose last line shrinks x as well."""
        *lines, last = self._lines()
        latex, numbers = r"(1-\lambda)\, x_t", "(1 - weight_decay)*x"
        if self.times_rate:
            rate = "learning_rate" if self.schedule.constant else "scheduled_rate"
            latex = self.with_schedule(r"(1-\eta\lambda)\, x_t")
            numbers = f"(1 - {rate}*weight_decay)*x"
        last = last._replace(
            latex=last.latex.replace("= x_t", f"= {latex}"),
            numbers=numbers + last.numbers.removeprefix("x"),
        )
        return (*lines, last)

    def step(self, x: T, gradient: T, state: DecayState, rate: float) -> tuple[T, DecayState]:
        """Take the step, and shrink x from before it."""
        moved, inner = self.optimizer.step(x, gradient, state.inner, rate)
        share = self.weight_decay * (rate if self.times_rate else 1.0)
        return moved - share * x, DecayState(inner, gradient, state.t + 1)
