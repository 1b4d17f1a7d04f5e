"""RAdam: Adam that waits for its mean square to be reliable.

    m, v, m̂ as in Adam
    ρ∞ = 2/(1−β₂) − 1                             about the number of gradients that v averages in the end
    ρ  = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ)                       … and the number at step t
    ρ ≤ 5:   x ← x − η m̂                          momentum alone
    ρ > 5:   x ← x − η r m̂ √(1−β₂ᵗ)/(√v + ε),     r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ))

In the first steps v is the mean of very few squares: 1/√v then has a large variance (if gradients are
normal, infinite for ρ ≤ 2), and a few steps of the wrong length can spoil a training. Warm-up hides this
with a small learning rate. RAdam instead computes by how much the variance exceeds the one at the end, and
multiplies by the factor r < 1 that makes them equal; r rises to 1. It takes the variance of 1/√v from that of
1/v, Var(1/√v) ≈ Var(1/v)/(4·mean of 1/v), and this one is infinite for ρ ≤ 4.

While ρ ≤ 5 (with β₂ = 0.999 that is in the first five steps) the step is η m̂, which is *not* divided by the
size of the gradient: where gradients are large these steps are long.

Conventions. In the paper the denominator is √v without ε, and r is used for ρ > 4. PyTorch takes 5, as the
authors' program does, and adds ε before the correction, as here: it is ε̂ of `conventions_of_adam`.
Optax 0.2.8 adds ε after the correction; with ε = 0 its numbers are those here.

Reference: Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020.
"""

from typing import Generic

from msgspec.structs import replace

from engine.optimizers.adam import MEAN, MEAN_HAT, MEAN_SQUARE
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Beta1,
    Beta2,
    Epsilon,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
    choose,
    larger,
)

ENOUGH = 5.0  # gradients in the average, from which its variance can be computed


class RAdamState(OptimizerState, Generic[T], frozen=True):
    """Adam's means; how many gradients v averages in the end and now; the factor r (0: not used)."""

    mean: T
    mean_square: T
    mean_hat: T
    full_window: float
    window: float
    rectification: float
    t: int


AVERAGED_OVER = (
    Equation(r"\rho_\infty = \frac{2}{1-\beta_2} - 1", "2/(1 - beta2) - 1", "full_window"),
    Equation(
        r"\rho_t = \rho_\infty - \frac{2\, t\, \beta_2^t}{1-\beta_2^t}",
        "full_window - 2*t*beta2**t/(1 - beta2**t)",
        "window",
    ),
)
WAITING = Equation(
    r"\rho_t \le 5: \quad x_{t+1} = x_t - \eta\, \hat{m}_t",
    "x - learning_rate*mean_hat",
    "x",
    at=lambda rule, t: not rule.is_rectified(t),
)
FACTOR = Equation(
    r"r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\,\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\,\rho_t}}",
    "((window - 4)*(window - 2)*full_window/((full_window - 4)*(full_window - 2)*window))**0.5",
    "rectification",
    at=lambda rule, t: rule.is_rectified(t),
)
RECTIFIED = Equation(
    r"\rho_t > 5: \quad x_{t+1} = x_t - \eta\, r_t\, \hat{m}_t\,"
    r" \frac{\sqrt{1-\beta_2^t}}{\sqrt{v_t} + \varepsilon}",
    "x - learning_rate*mean_hat*(rectification*(1 - beta2**t)**0.5/(mean_square**0.5 + epsilon))",
    "x",
    at=lambda rule, t: rule.is_rectified(t),
)


class RAdam(GradientRule, frozen=True, tag="radam"):
    """Adam's step times r, or momentum alone as long as ρ ≤ 5."""

    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    title = "RAdam"
    family = "adam"
    meaning = "Adam that waits until its mean square is reliable, as a warm-up of just the right length does."
    rule = (MEAN, MEAN_SQUARE, MEAN_HAT, *AVERAGED_OVER, WAITING, FACTOR, RECTIFIED)
    state_type = RAdamState

    @property
    def full_window(self) -> float:
        """ρ∞: about the number of gradients that the mean square averages in the end."""
        return 2 / (1 - self.beta2) - 1

    def window(self, t: int) -> float:
        """ρ_t: about the number of gradients that the mean square of step t averages; 1 at first."""
        forgotten = self.beta2**t
        return self.full_window - 2 * t * forgotten / (1 - forgotten)

    def is_rectified(self, t: int) -> bool:
        """Whether step t is divided by the root of the mean square."""
        return self.window(t) > ENOUGH

    def start(self, x: T) -> RAdamState[T]:
        """Return the state before the first step: zeros shaped like x, and nothing averaged."""
        start: RAdamState[T] = super().start(x)
        return replace(start, full_window=self.full_window, window=0.0, rectification=0.0)

    def step(self, x: T, gradient: T, state: RAdamState[T], rate: float) -> tuple[T, RAdamState[T]]:
        """Update m and v, then x ← x − η m̂, or as soon as v is reliable x ← x − η r m̂ √(1−β₂ᵗ)/(√v + ε)."""
        beta1, beta2, t = self.beta1, self.beta2, state.t + 1
        mean = beta1 * state.mean + (1 - beta1) * gradient
        mean_square = beta2 * state.mean_square + (1 - beta2) * (gradient * gradient)
        mean_hat, window = mean / (1 - beta1**t), self.window(t)
        reliable, factor = window > ENOUGH, self._factor(window)
        scale = factor * (1 - beta2**t) ** 0.5 / (mean_square**0.5 + self.epsilon)
        x = x - rate * mean_hat * choose(reliable, scale, 1.0)
        factor = choose(reliable, factor, 0.0)
        return x, RAdamState(mean, mean_square, mean_hat, self.full_window, window, factor, t)

    def _factor(self, window: float) -> float:
        """r; for ρ ≤ 5 some other finite number, which is not used."""
        window, full = larger(window, ENOUGH), larger(self.full_window, ENOUGH)
        factor: float = ((window - 4) * (window - 2) * full / ((full - 4) * (full - 2) * window)) ** 0.5
        return factor
