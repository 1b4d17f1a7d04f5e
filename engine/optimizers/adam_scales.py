"""Variants of Adam that divide by another scale than the root of the mean square of the gradient.

    Adamax        u ← max(β₂u, |g| + ε)                     the largest recent gradient
    AdaBelief     s ← β₂s + (1−β₂)(g − m)² + ε              how far g is from what m leads to expect
    Yogi          v ← v − (1−β₂) sign(v − g²) g²            the mean square, which falls only slowly

The step is Adam's, with this scale: η m̂/u in Adamax, else η m̂/(√ŝ + ε) or η m̂/(√v̂ + ε). g is the gradient,
m Adam's running mean, and a hat stands for the bias correction.

AdaBelief takes long steps where the gradient stays the same, and short ones where it changes. Yogi's v
changes by (1−β₂)g² in either direction: where Adam forgets a large gradient quickly, Yogi's v falls by no
more than it would rise.

References: Kingma and Ba, arXiv:1412.6980, section 7.1 (Adamax); Zhuang et al., "AdaBelief optimizer:
adapting stepsizes by the belief in observed gradients", NeurIPS 2020; Zaheer et al., "Adaptive methods for
nonconvex optimization", NeurIPS 2018 (Yogi; here v begins at 0 and is corrected for that, as in Adam).

Conventions. Adamax has the numbers of PyTorch and Optax, AdaBelief those of Optax with eps_root = ε. Optax
begins Yogi's v at 10⁻⁶, which is felt for long (1−β₂ is small); from 0 its numbers are those here.
"""

from typing import Annotated, Generic

from engine.config import number
from engine.optimizers.adam import ADAM_STEP, MEAN, MEAN_HAT, MEAN_SQUARE_HAT, AdamState
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

AdamaxBeta2 = Annotated[
    float,
    number(
        "Decay of the largest", "By what the largest gradient shrinks.", symbol="β₂", ge=0, lt=1, live=True
    ),
]
AdaBeliefBeta2 = Annotated[
    float,
    number(
        "Second-moment decay",
        "Weight of the past in the running mean of (g − m)².",
        symbol="β₂",
        ge=0,
        lt=1,
        live=True,
    ),
]


class AdamaxState(OptimizerState, Generic[T], frozen=True):
    """The running mean of the gradient, with correction, and the size of the largest recent gradient."""

    mean: T
    mean_hat: T
    largest: T
    t: int


class AdaBeliefState(OptimizerState, Generic[T], frozen=True):
    """The running means of the gradient and of its squared surprise, and both with bias correction."""

    mean: T
    surprise: T
    mean_hat: T
    surprise_hat: T
    t: int


class Adamax(GradientRule, frozen=True, tag="adamax"):
    """x ← x − η m̂/u, where u is the largest of the recent |g|; it needs no correction."""

    learning_rate: LearningRate = 0.002
    beta1: Beta1 = 0.9
    beta2: AdamaxBeta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "Adamax"
    family = "adam"
    meaning = "Adam that divides by the largest recent gradient: no step is longer than about η."
    rule = (
        MEAN,
        MEAN_HAT,
        Equation(
            r"u_t = \max\left(\beta_2 u_{t-1},\, |g_t| + \varepsilon\right)",
            "max(beta2*old_largest, max(gradient, 0 - gradient) + epsilon)",
            "largest",
        ),
        Equation(r"x_{t+1} = x_t - \eta\, \frac{\hat{m}_t}{u_t}", "x - learning_rate*mean_hat/largest", "x"),
    )
    state_type = AdamaxState

    def step(self, x: T, gradient: T, state: AdamaxState[T], rate: float) -> tuple[T, AdamaxState[T]]:
        """Update m and u, then x ← x − η m̂/u."""
        t = state.t + 1
        mean = self.beta1 * state.mean + (1 - self.beta1) * gradient
        mean_hat = mean / (1 - self.beta1**t)
        largest = larger(self.beta2 * state.largest, abs(gradient) + self.epsilon)
        return x - rate * mean_hat / largest, AdamaxState(mean, mean_hat, largest, t)


class AdaBelief(GradientRule, frozen=True, tag="adabelief"):
    """Adam with (g − m)² in the place of g²; ε is added to s as well, as in the paper."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: AdaBeliefBeta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "AdaBelief"
    family = "adam"
    meaning = "Adam that divides by how far the gradient is from its mean: what was expected is believed."
    rule = (
        MEAN,
        Equation(
            r"s_t = \beta_2 s_{t-1} + (1-\beta_2)\left(g_t - m_t\right)^2 + \varepsilon",
            "beta2*old_surprise + (1 - beta2)*(gradient - mean)**2 + epsilon",
            "surprise",
        ),
        MEAN_HAT,
        Equation(r"\hat{s}_t = \frac{s_t}{1-\beta_2^t}", "surprise/(1 - beta2**t)", "surprise_hat"),
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{\hat{m}_t}{\sqrt{\hat{s}_t} + \varepsilon}",
            "x - learning_rate*mean_hat/(surprise_hat**0.5 + epsilon)",
            "x",
        ),
    )
    state_type = AdaBeliefState

    def step(self, x: T, gradient: T, state: AdaBeliefState[T], rate: float) -> tuple[T, AdaBeliefState[T]]:
        """Update m and s, correct both, then x ← x − η m̂/(√ŝ + ε)."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        mean = beta1 * state.mean + (1 - beta1) * gradient
        away = gradient - mean
        surprise = beta2 * state.surprise + (1 - beta2) * (away * away) + self.epsilon
        mean_hat, surprise_hat = mean / (1 - beta1**t), surprise / (1 - beta2**t)
        x = x - rate * mean_hat / (surprise_hat**0.5 + self.epsilon)
        return x, AdaBeliefState(mean, surprise, mean_hat, surprise_hat, t)


class Yogi(GradientRule, frozen=True, tag="yogi"):
    """Adam with v ← v − (1−β₂) sign(v − g²) g²."""

    learning_rate: LearningRate = 0.01
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-3

    title = "Yogi"
    family = "adam"
    meaning = "Adam whose mean square falls only slowly, so the steps do not suddenly grow."
    rule = (
        MEAN,
        Equation(
            r"v_t = v_{t-1} - (1-\beta_2)\, \mathrm{sign}\left(v_{t-1} - g_t^2\right) g_t^2",
            "old_mean_square - (1 - beta2)*sign(old_mean_square - gradient**2)*gradient**2",
            "mean_square",
        ),
        MEAN_HAT,
        MEAN_SQUARE_HAT,
        ADAM_STEP,
    )
    state_type = AdamState

    def step(self, x: T, gradient: T, state: AdamState[T], rate: float) -> tuple[T, AdamState[T]]:
        """Update m and v, correct both, then x ← x − η m̂/(√v̂ + ε)."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        square = gradient * gradient
        mean = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = state.mean_square - (1 - beta2) * sign(state.mean_square - square) * square
        mean_hat, mean_square_hat = mean / (1 - beta1**t), mean_square / (1 - beta2**t)
        x = x - rate * mean_hat / (mean_square_hat**0.5 + self.epsilon)
        return x, AdamState(mean, mean_square, mean_hat, mean_square_hat, t)
