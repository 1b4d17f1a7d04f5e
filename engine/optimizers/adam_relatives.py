"""Variants of Adam: look ahead (Nadam), keep the largest v (AMSGrad), or use only the sign (Lion).

    Nadam      m̂ ← μ_{t+1} m/(1 − Π_{t+1}) + (1−μ_t) g/(1 − Π_t)
    AMSGrad    v̂ ← max(v₁, …, v_t)/(1−β₂ᵗ)
    Lion       x ← x − η sign(β₁m + (1−β₁)g),   then m ← β₂m + (1−β₂)g

μ_t is the momentum of step t and Π_t = μ₁μ₂…μ_t; m and v are Adam's, g is the gradient, and η
the learning rate.

Conventions. Nadam and AMSGrad have the numbers of PyTorch. In Keras μ_t goes to β₁ 250 times as fast (0.96ᵗ);
in Optax it is β₁ from the first step on. Keras and PyTorch take AMSGrad's maximum of v, as here,
Optax that of v/(1−β₂ᵗ). Lion is the same in Keras and Optax.

References: Dozat, ICLR workshop 2016 (Nadam); Reddi, Kale and Kumar, "On the convergence of Adam and
beyond", ICLR 2018 (AMSGrad); Chen et al., arXiv:2302.06675, 2023 (Lion).
"""

from typing import Annotated, Generic

from msgspec.structs import replace

from engine.config import number
from engine.optimizers.adam import ADAM_STEP, MEAN, MEAN_HAT, MEAN_SQUARE, MEAN_SQUARE_HAT, WeightDecay
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Beta1,
    Beta2,
    Epsilon,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
    larger,
    sign,
)


class AMSGradState(OptimizerState, Generic[T], frozen=True):
    """Adam's means, and the largest mean square so far, which is used instead of the current one."""

    mean: T
    mean_square: T
    largest_mean_square: T
    mean_hat: T
    mean_square_hat: T
    t: int


class NadamState(OptimizerState, Generic[T], frozen=True):
    """Adam's means, and the momentum of this step, of the next, and the product of all so far."""

    mean: T
    mean_square: T
    mean_hat: T
    mean_square_hat: T
    momentum: float
    next_momentum: float
    momentum_product: float
    t: int


LionBeta1 = Annotated[
    float,
    number(
        "Momentum in the step",
        "Weight of the running mean in the step; the rest is the gradient of now.",
        symbol="β₁",
        ge=0,
        lt=1,
        live=True,
    ),
]
LionBeta2 = Annotated[
    float,
    number(
        "First-moment decay", "Weight of the past in the running mean.", symbol="β₂", ge=0, lt=1, live=True
    ),
]


class LionState(OptimizerState, Generic[T], frozen=True):
    """The mixture, whose sign gives the step, and the running mean of the gradient."""

    mixture: T
    mean: T
    t: int


class Nadam(GradientRule, frozen=True, tag="nadam"):
    """Adam with Nesterov's look-ahead, and Dozat's schedule μ_t = β₁(1 − ½·0.96^(0.004t)).

    m̂ mixes the momentum of the *next* step with the gradient of this one:
    m̂ = μ_{t+1} m/(1 − Π_{t+1}) + (1−μ_t) g/(1 − Π_t), where Π_t = μ₁μ₂…μ_t.
    """

    learning_rate: LearningRate = 0.002
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "Nadam"
    family = "adam"
    meaning = "Adam that looks ahead as Nesterov does: it applies the coming momentum already in this step."
    rule = (
        Equation(
            r"\mu_t = \beta_1\left(1 - \frac{1}{2}\cdot 0.96^{0.004 t}\right)",
            "beta1*(1 - 0.5*0.96**(0.004*t))",
            "momentum",
        ),
        Equation(r"\Pi_t = \mu_t\, \Pi_{t-1}", "momentum*old_momentum_product", "momentum_product"),
        MEAN,
        MEAN_SQUARE,
        Equation(
            r"\hat{m}_t = \frac{\mu_{t+1}\, m_t}{1 - \mu_{t+1}\Pi_t} + \frac{(1-\mu_t)\, g_t}{1 - \Pi_t}",
            "next_momentum/(1 - next_momentum*momentum_product)*mean"
            " + (1 - momentum)/(1 - momentum_product)*gradient",
            "mean_hat",
        ),
        MEAN_SQUARE_HAT,
        ADAM_STEP,
    )
    state_type = NadamState

    def start(self, x: T) -> NadamState[T]:
        """Return the state before the first step: zeros shaped like x, and the empty product, 1."""
        start: NadamState[T] = super().start(x)
        return replace(start, momentum=0.0, next_momentum=self._momentum(1), momentum_product=1.0)

    def _momentum(self, t: int) -> float:
        """β₁ of step t: it rises slowly from about β₁/2 to β₁."""
        factor: float = 0.96 ** (0.004 * t)
        return self.beta1 * (1 - 0.5 * factor)

    def step(self, x: T, gradient: T, state: NadamState[T], rate: float) -> tuple[T, NadamState[T]]:
        """Update m and v, look ahead in m̂, then x ← x − η m̂/(√v̂ + ε)."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        momentum, coming = state.next_momentum, self._momentum(t + 1)
        product = momentum * state.momentum_product
        mean = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = beta2 * state.mean_square + (1 - beta2) * (gradient * gradient)
        mean_hat = coming / (1 - coming * product) * mean + (1 - momentum) / (1 - product) * gradient
        mean_square_hat = mean_square / (1 - beta2**t)
        x = x - rate * mean_hat / (mean_square_hat**0.5 + self.epsilon)
        return x, NadamState(mean, mean_square, mean_hat, mean_square_hat, momentum, coming, product, t)


class AMSGrad(GradientRule, frozen=True, tag="amsgrad"):
    """Adam with a v that never falls: the maximum is taken before the bias correction."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "AMSGrad"
    family = "adam"
    meaning = "Adam that divides by the largest mean square so far: it does not forget a large gradient."
    rule = (
        MEAN,
        MEAN_SQUARE,
        Equation(
            r"v_t^{\max} = \max\left(v_{t-1}^{\max},\, v_t\right)",
            "max(old_largest_mean_square, mean_square)",
            "largest_mean_square",
        ),
        MEAN_HAT,
        Equation(
            r"\hat{v}_t = \frac{v_t^{\max}}{1-\beta_2^t}",
            "largest_mean_square/(1 - beta2**t)",
            "mean_square_hat",
        ),
        ADAM_STEP,
    )
    state_type = AMSGradState

    def step(self, x: T, gradient: T, state: AMSGradState[T], rate: float) -> tuple[T, AMSGradState[T]]:
        """Adam's step, with the largest v so far in the place of v."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        mean = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = beta2 * state.mean_square + (1 - beta2) * (gradient * gradient)
        largest = larger(state.largest_mean_square, mean_square)
        mean_hat = mean / (1 - beta1**t)
        mean_square_hat = largest / (1 - beta2**t)
        x = x - rate * mean_hat / (mean_square_hat**0.5 + self.epsilon)
        return x, AMSGradState(mean, mean_square, largest, mean_hat, mean_square_hat, t)


class Lion(GradientRule, frozen=True, tag="lion"):
    """x ← x − η(sign(β₁m + (1−β₁)g) + λx), then m ← β₂m + (1−β₂)g; λ = 0 by default."""

    learning_rate: LearningRate = 1e-4
    beta1: LionBeta1 = 0.9
    beta2: LionBeta2 = 0.99
    weight_decay: WeightDecay = 0.0

    title = "Lion"
    family = "adam"
    meaning = "Only the sign of the momentum counts: every coordinate moves by exactly η."
    rule = (
        Equation(
            r"c_t = \beta_1 m_{t-1} + (1-\beta_1)\, g_t", "beta1*old_mean + (1 - beta1)*gradient", "mixture"
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\, \mathrm{sign}(c_t)",
            "x - learning_rate*sign(mixture)",
            "x",
            when=lambda rule: rule.weight_decay == 0,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\left(\mathrm{sign}(c_t) + \lambda\, x_t\right)",
            "x - learning_rate*(sign(mixture) + weight_decay*x)",
            "x",
            when=lambda rule: rule.weight_decay > 0,
        ),
        Equation(
            r"m_t = \beta_2 m_{t-1} + (1-\beta_2)\, g_t", "beta2*old_mean + (1 - beta2)*gradient", "mean"
        ),
    )
    state_type = LionState

    def step(self, x: T, gradient: T, state: LionState[T], rate: float) -> tuple[T, LionState[T]]:
        """Step along the sign of the mixture, then update the mean."""
        mixture = self.beta1 * state.mean + (1 - self.beta1) * gradient
        mean = self.beta2 * state.mean + (1 - self.beta2) * gradient
        step = sign(mixture)
        if self.weight_decay:
            step = step + self.weight_decay * x
        return x - rate * step, LionState(mixture, mean, state.t + 1)
