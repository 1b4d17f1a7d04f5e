"""The settings of *Entropy ▸ Fit Q to P*: P, the losses, the optimizer and the start of Q."""

from collections.abc import Callable
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.changes import Changes, check_changes
from engine.config import Config, Problem, Tagged, number, plain, replaced
from engine.information.bases import BASES, LossBase
from engine.information.divergence_gradients import DIVERGENCES
from engine.information.shaped_distribution import MOST, Distribution
from engine.optimizers.descent import GradientDescent
from engine.optimizers.table import FirstOrder
from engine.stop_rules import LastStep, StopOfFit

Array = NDArray[np.float64]
LARGEST_LOGIT = 1000.0


class Start(Tagged, frozen=True):
    """Base of the ways to choose the first logits."""

    title: ClassVar[str]
    meaning: ClassVar[str]

    def logits(self, count: int, seed: int) -> Array:
        """The first logits, one for each outcome."""
        raise NotImplementedError


class RandomStart(Start, frozen=True, tag="random"):
    """Logits drawn from a normal distribution."""

    title = "Random"
    meaning = "Logits drawn from a normal distribution; another seed draws others."
    spread: Annotated[
        float, number("Spread", "Standard deviation of the logits.", symbol="σ", ge=0, le=100, soft=(0, 5))
    ] = 1.5

    def logits(self, count: int, seed: int) -> Array:
        """Draw them; one more outcome does not change the logits of the others."""
        return np.random.default_rng(seed).normal(0.0, self.spread, MOST)[:count]


class UniformStart(Start, frozen=True, tag="uniform"):
    """All logits 0."""

    title = "Uniform"
    meaning = "All logits are 0: every outcome has the same probability."

    def logits(self, count: int, seed: int) -> Array:
        """Zeros."""
        return np.zeros(count)


class TypedStart(Start, frozen=True, tag="typed"):
    """Logits that the user types."""

    title = "Typed"
    meaning = "Logits of your own."
    values: Annotated[
        tuple[float, ...],
        plain(
            "Logits",
            "One for each outcome, from −1000 to 1000. Where P has more outcomes, their logits are 0.",
            kind="vector",
            min_length=1,
            max_length=MOST,
        ),
    ] = (-2.0, -1.0, 1.0, 2.0)

    def __post_init__(self) -> None:
        for k, logit in enumerate(self.values):
            if not abs(logit) <= LARGEST_LOGIT:
                raise Problem("Must be from {low} to {high}", where=f"values[{k}]", low="−1000", high="1000")

    def logits(self, count: int, seed: int) -> Array:
        """The typed logits, cut or filled with 0 to the number of outcomes."""
        return np.array((*self.values, *(0.0,) * count)[:count])


class FitConfig(Config, frozen=True):
    """One P, one start, one optimizer; a run for each loss."""

    p: Annotated[
        Distribution,
        plain("Truth P", "The true distribution: the label. Drag its bars.", kind="distribution"),
    ] = Distribution((0.5, 0.25, 0.15, 0.1))
    optimizer: Annotated[
        FirstOrder, plain("Optimizer", "How a gradient becomes a step of the logits of Q.", kind="optimizer")
    ] = GradientDescent(learning_rate=1.0)
    base: LossBase = "e"
    cross_entropy: Annotated[
        bool, plain("Learn by cross-entropy", "A run that minimises H(P, Q) = −Σ p log q.")
    ] = True
    kl: Annotated[bool, plain("Learn by KL", "A run that minimises KL(P‖Q) = Σ p log(p/q).")] = True
    reverse_kl: Annotated[
        bool,
        plain("Learn by reverse KL", "A run that minimises KL(Q‖P) = Σ q log(q/p); ∞ where P has a 0."),
    ] = True
    js: Annotated[
        bool, plain("Learn by JS", "A run that minimises the Jensen–Shannon divergence, at most log 2.")
    ] = True
    squared_error: Annotated[
        bool, plain("Learn by squared error", "A run that minimises Σ (q − p)², the sum without a factor ½.")
    ] = True
    start: Annotated[
        RandomStart | UniformStart | TypedStart,
        plain("Start of Q", "The first logits, the same for every loss; Q = softmax(z)."),
    ] = RandomStart()
    steps: Annotated[
        int, number("Steps", "How many steps each run has.", scale="log", ge=1, le=5000, soft=(10, 1000))
    ] = 100
    seed: Annotated[
        int,
        plain(
            "Seed",
            "The same seed gives the same random start.",
            kind="seed",
            more=True,
            when=lambda c: isinstance(c.start, RandomStart),
        ),
    ] = 3
    stop: Annotated[
        StopOfFit, plain("End", "Whether the runs end before their last step, and when.", more=True)
    ] = LastStep()
    changes: Changes = ()

    def __post_init__(self) -> None:
        if not self.losses:
            raise Problem("Choose at least one loss", where="cross_entropy")
        check_changes(self)

    @property
    def losses(self) -> list[str]:
        """The names of the losses that are trained with, in the order of the table."""
        return [name for name in DIVERGENCES if getattr(self, name)]

    def starting_at(self, q: Array) -> "FitConfig":
        """The same config with the start Q for every run; probabilities below 10⁻⁶ become 10⁻⁶."""
        logits = np.log(np.maximum(q, 1e-6))
        return replaced(self, start=TypedStart(tuple(float(f"{z:.6g}") for z in logits)))

    @property
    def b(self) -> float:
        """The base of the logarithm."""
        return BASES[self.base]

    @property
    def first_logits(self) -> Array:
        """The logits with which every run begins, one for each outcome."""
        return self.start.logits(len(self.p.values), self.seed)


def one_hot(p: Distribution) -> Distribution:
    """Probability 1 for the most likely outcome."""
    best = p.values.index(max(p.values))
    return Distribution(tuple(float(k == best) for k in range(len(p.values))))


def smoothed(p: Distribution) -> Distribution:
    """Label smoothing by 0.1: 0.9 for the most likely outcome, and 0.1 spread over all."""
    fraction = 0.1 / len(p.values)
    return Distribution(tuple(0.9 * value + fraction for value in one_hot(p).values))


def soft(p: Distribution) -> Distribution:
    """Every outcome half as likely as the one before it."""
    weights = [0.5**k for k in range(len(p.values))]
    return Distribution(tuple(weight / sum(weights) for weight in weights))


def uniform(p: Distribution) -> Distribution:
    """All equally likely."""
    return Distribution((1 / len(p.values),) * len(p.values))


def with_a_zero(p: Distribution) -> Distribution:
    """The last outcome never happens."""
    if len(p.values) == 1:
        return p
    return Distribution((*soft(p.resized(len(p.values) - 1)).values, 0.0))


LABELS: dict[str, tuple[str, Callable[[Distribution], Distribution]]] = {
    "soft": ("Soft labels", soft),
    "one_hot": ("One-hot label", one_hot),
    "smoothed": ("Label smoothing 0.1", smoothed),
    "with_a_zero": ("An outcome that never happens", with_a_zero),
    "uniform": ("Uniform", uniform),
}
