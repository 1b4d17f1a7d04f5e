"""The settings of *Entropy ▸ Forward or reverse KL*: the peaks of P, the start of Q, and the optimizer."""

import math
from typing import Annotated

import msgspec

from engine.config import Config, Problem, always, choice, number, plain, replaced
from engine.information.bases import BASE_TITLES, BASES
from engine.information.gaussian_mixture import Mixture
from engine.optimizers.descent import GradientDescent
from engine.optimizers.table import FirstOrder

FARTHEST, NARROWEST, WIDEST = 20.0, 0.02, 10.0
LEAST_FRACTION = 0.01  # of a peak that is dragged down


def of_three(config: "GaussianFitConfig") -> bool:
    """Whether P has a third peak."""
    return config.peaks == "3"


def _mean(title: str, third: bool = False) -> msgspec.Meta:
    """Describe the mean of a peak."""
    meaning = "Where the peak is. Drag its ring left or right."
    return number(
        title, meaning, ge=-FARTHEST, le=FARTHEST, soft=(-6, 6), more=True, when=of_three if third else always
    )


def _width(title: str, third: bool = False) -> msgspec.Meta:
    """Describe the standard deviation of a peak."""
    meaning = "The standard deviation of the peak. Drag the ring at its side."
    return number(
        title,
        meaning,
        scale="log",
        ge=NARROWEST,
        le=WIDEST,
        soft=(0.1, 5),
        more=True,
        when=of_three if third else always,
    )


def _weight(title: str, third: bool = False) -> msgspec.Meta:
    """Describe the weight of a peak."""
    meaning = "How much of P is in the peak, relative to the weights of the others. Drag its ring up or down."
    return number(title, meaning, ge=0, le=1, more=True, when=of_three if third else always)


class GaussianFitConfig(Config, frozen=True):
    """P has two or three peaks; both Qs have the same start, and each minimises one divergence."""

    peaks: Annotated[
        str, choice("Peaks of P", "How many Gaussians P is a mixture of.", {"2": "Two", "3": "Three"})
    ] = "2"
    start_mean: Annotated[
        float,
        number(
            "Start: mean",
            "Where both Qs begin. Drag the ring of the start.",
            symbol="μ₀",
            ge=-FARTHEST,
            le=FARTHEST,
            soft=(-6, 6),
        ),
    ] = 1.0
    start_width: Annotated[
        float,
        number(
            "Start: width",
            "The standard deviation with which both Qs begin.",
            symbol="σ₀",
            scale="log",
            ge=NARROWEST,
            le=WIDEST,
            soft=(0.1, 5),
        ),
    ] = 0.6
    optimizer: Annotated[
        FirstOrder,
        plain("Optimizer", "How the slope becomes a step of the mean and of ln σ.", kind="optimizer"),
    ] = GradientDescent(learning_rate=0.1)
    steps: Annotated[
        int, number("Steps", "How many steps each fit has.", scale="log", ge=1, le=2000, soft=(10, 1000))
    ] = 250
    base: Annotated[
        str,
        choice(
            "Base of the logarithm",
            "In which unit divergence is measured. Another base multiplies both divergences and their slopes"
            " by the same constant, as another learning rate would.",
            BASE_TITLES,
        ),
    ] = "e"
    mean_1: Annotated[float, _mean("First peak: mean")] = -2.0
    width_1: Annotated[float, _width("First peak: width")] = 0.6
    weight_1: Annotated[float, _weight("First peak: weight")] = 0.6
    mean_2: Annotated[float, _mean("Second peak: mean")] = 2.4
    width_2: Annotated[float, _width("Second peak: width")] = 0.8
    weight_2: Annotated[float, _weight("Second peak: weight")] = 0.4
    mean_3: Annotated[float, _mean("Third peak: mean", third=True)] = 6.0
    width_3: Annotated[float, _width("Third peak: width", third=True)] = 0.5
    weight_3: Annotated[float, _weight("Third peak: weight", third=True)] = 0.3

    def __post_init__(self) -> None:
        """Refuse a P whose weights are all 0."""
        if not sum(self.weights) > 0:
            raise Problem("At least one peak needs a weight above 0", where="weight_1")

    @property
    def count(self) -> int:
        """How many peaks there are."""
        return int(self.peaks)

    @property
    def means(self) -> tuple[float, ...]:
        """The mean of each peak."""
        return (self.mean_1, self.mean_2, self.mean_3)[: self.count]

    @property
    def widths(self) -> tuple[float, ...]:
        """The standard deviation of each peak."""
        return (self.width_1, self.width_2, self.width_3)[: self.count]

    @property
    def weights(self) -> tuple[float, ...]:
        """The relative weight of each peak."""
        return (self.weight_1, self.weight_2, self.weight_3)[: self.count]

    @property
    def fractions(self) -> tuple[float, ...]:
        """The fraction of P in each peak; they sum to 1."""
        total = sum(self.weights)
        return tuple(weight / total for weight in self.weights)

    @property
    def mixture(self) -> Mixture:
        """P."""
        return Mixture.of(self.weights, self.means, self.widths)

    @property
    def unit(self) -> float:
        """How many nats the unit of the base has."""
        return math.log(BASES[self.base])


def with_peak(config: GaussianFitConfig, index: int, mean: float, height: float) -> GaussianFitConfig:
    """Move a peak, and give it the weight with which it has this height."""
    fraction = height * config.widths[index] * math.sqrt(2 * math.pi)
    fraction = _within(fraction, LEAST_FRACTION, 1 - LEAST_FRACTION)
    others = 1 - config.fractions[index]
    changes = {f"mean_{index + 1}": _short(_within(mean, -FARTHEST, FARTHEST))}
    for k, old in enumerate(config.fractions):
        rest = old / others if others > 0 else 1 / (config.count - 1)
        changes[f"weight_{k + 1}"] = _short(fraction if k == index else (1 - fraction) * rest)
    return replaced(config, **changes)


def with_width(config: GaussianFitConfig, index: int, width: float) -> GaussianFitConfig:
    """Give a peak another standard deviation."""
    return replaced(config, **{f"width_{index + 1}": _short(_within(width, NARROWEST, WIDEST))})


def with_start(config: GaussianFitConfig, mean: float, width: float) -> GaussianFitConfig:
    """Change the start of both Qs."""
    mean, width = _within(mean, -FARTHEST, FARTHEST), _within(width, NARROWEST, WIDEST)
    return replaced(config, start_mean=_short(mean), start_width=_short(width))


def _within(x: float, low: float, high: float) -> float:
    """The number nearest to x between `low` and `high`."""
    return max(low, min(high, x))


def _short(x: float) -> float:
    """Round a number set by the mouse to four digits and four decimals."""
    return round(float(f"{x:.3g}"), 4)
