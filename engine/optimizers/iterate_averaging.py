"""ASGD: gradient descent with noise, and the average of the points that it visits.

    x ← (1 − λη_t) x − η_t g,      η_t = η/(1 + λη(t−1))^α
    x̄ ← x̄ + μ (x − x̄),            μ = 1/(t − 1 − t₀)           the mean of all x after step t₀ + 1

With a constant learning rate x keeps moving in a ball around the minimum. The points of the ball lie on all
sides, so their mean is much nearer to the minimum than any of them. Polyak and Juditsky, and Ruppert, proved
more: with a rate that falls more slowly than 1/t, the mean is asymptotically as good as any method can be
that sees only such gradients, as good as one that knows the Hessian; and η need not be tuned for this.

The mean is the result of the method; it has no influence on the steps. So a race draws x̄, and a network is
shown and measured with x̄. Averaging begins after t₀ steps, so that the way to the ball is not included.
Until then x̄ = x.

Conventions. This is PyTorch's ASGD, with its λ (which is also a weight decay), its α and its t₀; there t₀ is
10⁶ by default, so that most trainings never average. There, too, x̄ is x itself up to step t₀ + 2, where μ
is still 1. If t₀ is made smaller during a run, μ is at once that of the new t₀: the x̄ of that step then has
the weight of all the points that could have been averaged before it, and new points change it only slowly.

References: Robbins and Monro 1951; Polyak and Juditsky, "Acceleration of stochastic approximation by
averaging", SIAM J. Control and Optimization 30, 1992; Ruppert 1988; Bottou, "Stochastic gradient descent
tricks", 2012 (the rate).
"""

from typing import Annotated, Generic

from engine.config import number
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import GradientRule, LearningRate, OptimizerState, T

Lambda = Annotated[
    float,
    number(
        "Decay term",
        "How early the learning rate falls; each step also shrinks x by λη.",
        symbol="λ",
        ge=0,
        le=10,
        more=True,
        live=True,
    ),
]
Power = Annotated[
    float,
    number(
        "Power",
        "With which power of the steps the learning rate falls.",
        symbol="α",
        ge=0,
        le=1,
        more=True,
        live=True,
    ),
]
AveragingStart = Annotated[
    int,
    number(
        "Averaging from",
        "After so many steps the average begins; until then it is the point itself.",
        symbol="t₀",
        unit="steps",
        ge=0,
        le=1_000_000,
        soft=(0, 1000),
        live=True,
    ),
]


class ASGDState(OptimizerState, Generic[T], frozen=True):
    """The learning rate of the step, the weight of the new point in the average, and the average."""

    rate: float
    weight: float
    position: T
    t: int


class ASGD(GradientRule, frozen=True, tag="asgd"):
    """x ← (1 − λη_t)x − η_t g; the answer is x̄, the mean of x."""

    learning_rate: LearningRate = 0.01
    averaging_start: AveragingStart = 50
    lambd: Lambda = 1e-4
    power: Power = 0.75

    title = "ASGD"
    family = "plain"
    meaning = (
        "Gradient descent on noisy gradients; the answer is the average of its points (Polyak, Ruppert)."
    )
    rule = (
        Equation(
            r"\eta_t = \frac{\eta}{(1 + \lambda\eta\,(t-1))^{\alpha}}",
            "learning_rate/(1 + lambd*learning_rate*(t - 1))**power",
            "rate",
        ),
        Equation(
            r"x_{t+1} = (1 - \lambda\eta_t)\, x_t - \eta_t\, g_t", "(1 - lambd*rate)*x - rate*gradient", "x"
        ),
        Equation(r"\mu_t = \frac{1}{\max(1,\, t - 1 - t_0)}", "1/max(1, t - 1 - averaging_start)", "weight"),
        Equation(
            r"\bar{x}_{t+1} = \bar{x}_t + \mu_t\left(x_{t+1} - \bar{x}_t\right)",
            "old_position + weight*(x_after - old_position)",
            "position",
        ),
    )
    state_type = ASGDState

    def start(self, x: T) -> ASGDState[T]:
        """Return the state before the first step: the average is x."""
        return ASGDState(self.rate(1), 1.0, x, 0)

    def step(self, x: T, gradient: T, state: ASGDState[T], rate: float) -> tuple[T, ASGDState[T]]:
        """Take the step of the decayed gradient, then move the average towards x."""
        t = state.t + 1
        rate = rate / (1 + self.lambd * rate * state.t) ** self.power
        weight = 1 / max(1, state.t - self.averaging_start)
        x = (1 - self.lambd * rate) * x - rate * gradient
        average = x if weight == 1 else state.position + weight * (x - state.position)
        return x, ASGDState(rate, weight, average, t)

    @property
    def constant_rate(self) -> bool:
        """Whether every step has the same learning rate: without schedule and decay."""
        return super().constant_rate and self.lambd == 0
