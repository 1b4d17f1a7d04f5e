"""RMSProp in the letters of Adam: the same mean square v, and nothing else of Adam, or its correction too.

    RMSProp               v ← β₂v + (1−β₂)g²                    x ← x − η g/(√v + ε)
    corrected             …                  v̂ = v/(1−β₂ᵗ)      x ← x − η g/(√v̂ + ε)
    with m                … m ← β₁m + (1−β₁)g                   x ← x − η m/(√v + ε)
    Adam                  … m̂ = m/(1−β₁ᵗ),   v̂ = v/(1−β₂ᵗ)      x ← x − η m̂/(√v̂ + ε)

The last two lines are `engine.optimizers.adam`, without and with its bias correction; for β₁ = 0 its m is g,
and the last two lines are the first two. What RMSProp calls ρ or α is Adam's β₂.

Two things are different then. Adam has m, which averages the noise of the gradient and carries x on like
momentum. (The option `momentum` of RMSProp in the frameworks is another one: there the velocity is a sum of
g/√v, scaled gradients; in Adam g is summed first, and scaled afterwards.) And RMSProp does not correct v,
which begins at 0: its first step is 1/√(1−β₂) times as long as η, 10 times for β₂ = 0.99. In Adam with
β₂ = 0.999 it would be 32 times, without m; this is why the correction was introduced.

References: Tieleman and Hinton, Coursera lecture 6.5, 2012; Kingma and Ba, arXiv:1412.6980, section 5.
"""

from typing import Generic

from engine.optimizers.adam import MEAN_SQUARE, MEAN_SQUARE_HAT
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import (
    Beta2,
    BiasCorrection,
    Epsilon,
    GradientRule,
    LearningRate,
    OptimizerState,
    T,
)


class SquareState(OptimizerState, Generic[T], frozen=True):
    """The running mean of the squared gradient, and the same with bias correction."""

    mean_square: T
    mean_square_hat: T
    t: int


class SquareAlone(GradientRule, frozen=True, tag="square_alone"):
    """v ← β₂v + (1−β₂)g², x ← x − η g/(√v + ε): RMSProp; with v̂ for v if it is corrected."""

    learning_rate: LearningRate = 0.01
    beta2: Beta2 = 0.99
    epsilon: Epsilon = 1e-8
    bias_correction: BiasCorrection = False

    title = "RMSProp"
    family = "per-coordinate"
    meaning = "The same mean square v; Adam has a mean m of the gradient too, and corrects both."
    rule = (
        MEAN_SQUARE,
        MEAN_SQUARE_HAT._replace(when=lambda rule: rule.bias_correction),
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{g_t}{\sqrt{v_t} + \varepsilon}",
            "x - learning_rate*gradient/(mean_square**0.5 + epsilon)",
            "x",
            when=lambda rule: not rule.bias_correction,
        ),
        Equation(
            r"x_{t+1} = x_t - \eta\, \frac{g_t}{\sqrt{\hat{v}_t} + \varepsilon}",
            "x - learning_rate*gradient/(mean_square_hat**0.5 + epsilon)",
            "x",
            when=lambda rule: rule.bias_correction,
        ),
    )
    state_type = SquareState

    def step(self, x: T, gradient: T, state: SquareState[T], rate: float) -> tuple[T, SquareState[T]]:
        """Update v, correct it if asked, then x ← x − η g/(√v + ε)."""
        t = state.t + 1
        mean_square = self.beta2 * state.mean_square + (1 - self.beta2) * (gradient * gradient)
        mean_square_hat = mean_square / (1 - self.beta2**t) if self.bias_correction else mean_square
        x = x - rate * gradient / (mean_square_hat**0.5 + self.epsilon)
        return x, SquareState(mean_square, mean_square_hat, t)
