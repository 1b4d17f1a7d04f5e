"""The learning rate over time: a schedule multiplies η by a factor ψ_t at every step t = 1, 2, …

    η_t = η ψ_t

Why change it? With noisy gradients and a constant η, x does not converge: it keeps moving in a ball around
the minimum, and the ball is larger if η is larger. Robbins and Monro proved that x converges (if f rises on
all sides of its minimum) with steps such that

    Σ η_t = ∞        any distance can still be covered
    Σ η_t² < ∞       the variance that the noise adds up to is finite

η_t ∝ 1/t satisfies both. A constant η violates the second one, and so does η_t ∝ 1/√t: with it the ball still
shrinks, but as slowly as √η_t. The schedules with an end take long steps while x is far away, and short ones
at the end. With k = t − 1, the number of steps that are done:

    constant         ψ = 1
    step             ψ = γ^⌊k/s⌋                           multiplied by γ after every s steps
    exponential      ψ = γᵏ
    inverse time     ψ = 1/(1 + d k)                       1/t for d = 1
    inverse root     ψ = 1/√(1 + d k)                      1/√t for d = 1
    linear           ψ = 1 − (1−α) k/T                     from 1 to α in T steps, and then α
    cosine           ψ = α + ½(1−α)(1 + cos(πk/T))         the same, but flat at both ends
    with restarts    the cosine again and again, each cycle m times as long as the one before

γ ≤ 1 is the factor of a decay and s its interval; with d > 0 the fall begins after about 1/d steps; T is the
length, and α the fraction of η at the end.

Each can begin with a *warm-up* of w steps: ψ rises as t/(w + 1), and then the schedule begins, so that
k = t − 1 − w. The first steps are short because the first gradients are large and Adam's means are not yet
reliable.

References: H. Robbins and S. Monro, "A stochastic approximation method", 1951; I. Loshchilov and F. Hutter,
"SGDR: stochastic gradient descent with warm restarts", ICLR 2017 (cosine, restarts); P. Goyal et al.,
"Accurate, large minibatch SGD", arXiv:1706.02677, 2017 (warm-up).
"""

from math import cos, pi, sqrt
from typing import Annotated, Any, NamedTuple, get_args

import msgspec

from engine.config import When, always, number, plain
from engine.optimizers.rate_schedule import MOST_STEPS, RateSchedule

StepSize = Annotated[
    int,
    number(
        "Interval",
        "After so many steps the learning rate is multiplied once more.",
        symbol="s",
        unit="steps",
        scale="log",
        ge=1,
        le=MOST_STEPS,
        soft=(1, 1000),
    ),
]
Gamma = Annotated[
    float, number("Decay factor", "By what the learning rate is multiplied.", symbol="γ", gt=0, le=1)
]
DecayRate = Annotated[
    float,
    number(
        "Decay rate",
        "How early the learning rate falls: it begins to after about 1/d steps.",
        symbol="d",
        scale="log",
        gt=0,
        le=1000,
        soft=(1e-3, 10),
    ),
]
TotalSteps = Annotated[
    int,
    number(
        "Length",
        "After so many steps the learning rate has reached its end.",
        symbol="T",
        unit="steps",
        scale="log",
        ge=1,
        le=MOST_STEPS,
        soft=(10, 10_000),
    ),
]
EndFactor = Annotated[
    float, number("Final fraction", "The fraction of η that is left at the end.", symbol="α", ge=0, le=1)
]
FirstPeriod = Annotated[
    int,
    number(
        "First cycle",
        "How many steps the first cycle has.",
        symbol="T₀",
        unit="steps",
        scale="log",
        ge=1,
        le=MOST_STEPS,
        soft=(1, 1000),
    ),
]
PeriodMultiplier = Annotated[
    int, number("Growth", "How many times as long each cycle is as the one before.", symbol="m", ge=1, le=10)
]


class ConstantRate(RateSchedule, frozen=True, tag="constant"):
    """ψ = 1: every step has the learning rate η."""

    title = "Constant"
    meaning = "The learning rate stays the same."
    latex = numbers = ""

    @property
    def constant(self) -> bool:
        """True if there is no warm-up."""
        return not self.warmup_steps

    def after_warmup(self, k: int) -> float:
        """1."""
        return 1.0


class StepDecay(RateSchedule, frozen=True, tag="step"):
    """ψ = γ^⌊k/s⌋."""

    step_size: StepSize = 100
    gamma: Gamma = 0.5

    title = "Step decay"
    meaning = "The learning rate is cut at once, after every so many steps."
    latex = r"\gamma^{\left\lfloor K/s \right\rfloor}"
    numbers = "gamma**floor(elapsed/step_size)"

    def after_warmup(self, k: int) -> float:
        """γ^⌊k/s⌋."""
        return float(self.gamma ** (k // self.step_size))


class ExponentialDecay(RateSchedule, frozen=True, tag="exponential"):
    """ψ = γᵏ."""

    gamma: Gamma = 0.99

    title = "Exponential decay"
    meaning = "Every step shrinks the learning rate by the same factor; all of them cover a finite distance."
    latex = r"\gamma^{K}"
    numbers = "gamma**elapsed"

    def after_warmup(self, k: int) -> float:
        """γᵏ."""
        return float(self.gamma**k)


class InverseTimeDecay(RateSchedule, frozen=True, tag="inverse_time"):
    """ψ = 1/(1 + d k)."""

    decay_rate: DecayRate = 0.1

    title = "1/t"
    meaning = "The noise averages out, but any distance can still be covered (Robbins and Monro)."
    latex = r"\frac{1}{1 + d\,K}"
    numbers = "1/(1 + decay_rate*elapsed)"

    def after_warmup(self, k: int) -> float:
        """1/(1 + d k)."""
        return 1.0 / (1.0 + self.decay_rate * k)


class InverseRootDecay(RateSchedule, frozen=True, tag="inverse_sqrt"):
    """ψ = 1/√(1 + d k)."""

    decay_rate: DecayRate = 1.0

    title = "1/√t"
    meaning = "Slower than 1/t: the step that the bound for convex functions with noise asks for."
    latex = r"\frac{1}{\sqrt{1 + d\,K}}"
    numbers = "1/(1 + decay_rate*elapsed)**0.5"

    def after_warmup(self, k: int) -> float:
        """1/√(1 + d k)."""
        return 1.0 / sqrt(1.0 + self.decay_rate * k)


PROGRESS = r"\min\left(\frac{K}{T}, 1\right)", "min(elapsed/total_steps, 1)"
HALF_WAVE = (
    r"\alpha + \frac{1-\alpha}{2}\left(1 + \cos \pi p\right)",
    "end_factor + (1 - end_factor)/2*(1 + cos(π*progress))",
)


class LinearDecay(RateSchedule, frozen=True, tag="linear"):
    """ψ = 1 − (1−α) min(k/T, 1)."""

    total_steps: TotalSteps = 500
    end_factor: EndFactor = 0.0

    title = "Linear decay"
    meaning = "The learning rate falls on a straight line to its end."
    progress = PROGRESS
    latex = r"1 - (1-\alpha)\,p"
    numbers = "1 - (1 - end_factor)*progress"

    def after_warmup(self, k: int) -> float:
        """1 − (1−α) min(k/T, 1)."""
        return 1.0 - (1.0 - self.end_factor) * min(k / self.total_steps, 1.0)

    def values(self, t: int) -> dict[str, Any]:
        """The numbers for the names in the equations at step t."""
        return {**super().values(t), "progress": min(self.elapsed(t) / self.total_steps, 1.0)}


class CosineDecay(RateSchedule, frozen=True, tag="cosine"):
    """ψ = α + ½(1−α)(1 + cos(π min(k/T, 1)))."""

    total_steps: TotalSteps = 500
    end_factor: EndFactor = 0.0

    title = "Cosine annealing"
    meaning = "Half a wave: the learning rate stays high for long, falls, and comes to rest gently."
    progress = PROGRESS
    latex, numbers = HALF_WAVE

    def after_warmup(self, k: int) -> float:
        """α + ½(1−α)(1 + cos(π min(k/T, 1)))."""
        return _half_wave(min(k / self.total_steps, 1.0), self.end_factor)

    def values(self, t: int) -> dict[str, Any]:
        """The numbers for the names in the equations at step t."""
        return {**super().values(t), "progress": min(self.elapsed(t) / self.total_steps, 1.0)}


class RestartCycle(NamedTuple):
    """Where a schedule with restarts is: the steps since the last restart, and the length of the cycle."""

    since: int
    period: int


class CosineRestarts(RateSchedule, frozen=True, tag="cosine_restarts"):
    """The cosine in cycles of T₀, m T₀, m² T₀, … steps; every cycle begins again at ψ = 1."""

    first_period: FirstPeriod = 50
    period_multiplier: PeriodMultiplier = 2
    end_factor: EndFactor = 0.0

    title = "Cosine with restarts"
    meaning = "The learning rate falls on half a wave and jumps back up, in ever longer cycles."
    progress = r"\frac{T_{\mathrm{cur}}}{T_i}", "since_restart/period"
    latex, numbers = HALF_WAVE

    def cycle(self, k: int) -> RestartCycle:
        """The cycle that step number k (from 0) is in."""
        period = self.first_period
        if self.period_multiplier == 1:
            return RestartCycle(k % period, period)
        while k >= period:
            k, period = k - period, period * self.period_multiplier
        return RestartCycle(k, period)

    def after_warmup(self, k: int) -> float:
        """α + ½(1−α)(1 + cos(π T_cur/T_i)), with T_cur of the T_i steps of the cycle done."""
        since, period = self.cycle(k)
        return _half_wave(since / period, self.end_factor)

    def values(self, t: int) -> dict[str, Any]:
        """The numbers for the names in the equations at step t."""
        since, period = self.cycle(self.elapsed(t))
        return {**super().values(t), "since_restart": since, "period": period, "progress": since / period}


def _half_wave(progress: float, end: float) -> float:
    """From 1 at progress 0 to `end` at progress 1."""
    return end + 0.5 * (1.0 - end) * (1.0 + cos(pi * progress))


Schedule = (
    ConstantRate
    | StepDecay
    | ExponentialDecay
    | InverseTimeDecay
    | InverseRootDecay
    | LinearDecay
    | CosineDecay
    | CosineRestarts
)
SCHEDULES: dict[str, type[Any]] = {kind.__struct_config__.tag: kind for kind in get_args(Schedule)}


def schedule_field(when: When = always) -> msgspec.Meta:
    """Describe a field with the schedule of a learning rate, shown where `when` holds."""
    return plain(
        "Schedule",
        "How the learning rate changes over the steps.",
        kind="schedule",
        more=True,
        when=when,
        live=True,
    )
