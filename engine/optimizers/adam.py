"""Adam: a running mean of the gradient over the root of a running mean of its square.

    m ← β₁m + (1−β₁)g      m̂ = m/(1−β₁ᵗ)
    v ← β₂v + (1−β₂)g²     v̂ = v/(1−β₂ᵗ)      x ← x − η m̂/(√v̂ + ε)

g is the gradient at x, η the learning rate, t = 1, 2, … the step, and ε a small number that prevents a
division by 0. Square, root and quotient are taken coordinate by coordinate: each has its own step length.

Both means begin at zero and are therefore too small at first, v by more than m. Without the correction the
first step is not smaller but *larger*: (1−β₁)/√(1−β₂) = 3.16 times, with the default settings.

References: Kingma and Ba, arXiv:1412.6980 (Adam); Loshchilov and Hutter, arXiv:1711.05101 (AdamW).
"""

from typing import Annotated, Generic

from engine.config import number
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Beta1,
    Beta2,
    BiasCorrection,
    Epsilon,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
)

WeightDecay = Annotated[
    float,
    number(
        "Weight decay",
        "Moves x towards zero, separately from the gradient.",
        symbol="λ",
        ge=0,
        le=10,
        live=True,
    ),
]


class AdamState(OptimizerState, Generic[T], frozen=True):
    """Running means of the gradient and of its square, and both with bias correction."""

    mean: T
    mean_square: T
    mean_hat: T
    mean_square_hat: T
    t: int


MEAN = Equation(r"m_t = \beta_1 m_{t-1} + (1-\beta_1)\, g_t", "beta1*old_mean + (1 - beta1)*gradient", "mean")
MEAN_SQUARE = Equation(
    r"v_t = \beta_2 v_{t-1} + (1-\beta_2)\, g_t^2",
    "beta2*old_mean_square + (1 - beta2)*gradient**2",
    "mean_square",
)
MEAN_HAT = Equation(r"\hat{m}_t = \frac{m_t}{1-\beta_1^t}", "mean/(1 - beta1**t)", "mean_hat")
MEAN_SQUARE_HAT = Equation(
    r"\hat{v}_t = \frac{v_t}{1-\beta_2^t}", "mean_square/(1 - beta2**t)", "mean_square_hat"
)
ADAM_STEP = Equation(
    r"x_{t+1} = x_t - \eta\, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \varepsilon}",
    "x - learning_rate*mean_hat/(mean_square_hat**0.5 + epsilon)",
    "x",
)


class Adam(GradientRule, frozen=True, tag="adam"):
    """Kingma and Ba's algorithm 1; ε outside the root."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8
    bias_correction: BiasCorrection = True

    title = "Adam"
    family = "adam"
    meaning = (
        "Momentum over the recent size of the gradient: steps of about η per coordinate, whatever its scale."
    )
    rule = (
        MEAN,
        MEAN_SQUARE,
        MEAN_HAT._replace(when=lambda rule: rule.bias_correction),
        MEAN_SQUARE_HAT._replace(when=lambda rule: rule.bias_correction),
        ADAM_STEP._replace(when=lambda rule: rule.bias_correction),
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{m_t}{\sqrt{v_t} + \varepsilon}",
            "x - learning_rate*mean/(mean_square**0.5 + epsilon)",
            "x",
            when=lambda rule: not rule.bias_correction,
        ),
    )
    state_type = AdamState

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """Update m and v, correct both, then x ← x − η m̂/(√v̂ + ε)."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        mean = mean_hat = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = mean_square_hat = beta2 * state.mean_square + (1 - beta2) * (gradient * gradient)
        if self.bias_correction:
            mean_hat = mean / (1 - beta1**t)
            mean_square_hat = mean_square / (1 - beta2**t)
        x = x - rate * mean_hat / (mean_square_hat**0.5 + self.epsilon)
        return x, AdamState(mean, mean_square, mean_hat, mean_square_hat, t)


class AdamW(GradientRule, frozen=True, tag="adamw"):
    """x ← x(1 − ηλ), then Adam: the weight decay is not part of the gradient, so it is not divided by √v."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8
    weight_decay: WeightDecay = 0.01

    title = "AdamW"
    family = "adam"
    meaning = "Adam with a weight decay that is not rescaled by the gradient's size."
    rule = (
        MEAN,
        MEAN_SQUARE,
        MEAN_HAT,
        MEAN_SQUARE_HAT,
        Equation(
            r"x_{t+1} = (1 - \eta\lambda)\, x_t - \eta\, \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \varepsilon}",
            "(1 - learning_rate*weight_decay)*x - learning_rate*mean_hat/(mean_square_hat**0.5 + epsilon)",
            "x",
        ),
    )
    state_type = AdamState

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """x ← x(1 − ηλ), then Adam's step."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        mean = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = beta2 * state.mean_square + (1 - beta2) * (gradient * gradient)
        mean_hat = mean / (1 - beta1**t)
        mean_square_hat = mean_square / (1 - beta2**t)
        x = (1 - rate * self.weight_decay) * x - rate * mean_hat / (mean_square_hat**0.5 + self.epsilon)
        return x, AdamState(mean, mean_square, mean_hat, mean_square_hat, t)
