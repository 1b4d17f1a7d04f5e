"""Entropy ▸ Forward or reverse KL: one Gaussian fitted to several peaks, by both divergences from one start.

Recorded for each fit ("forward" minimises KL(P‖Q), "reverse" KL(Q‖P)) at every step: `mean`, `log_width`,
`kl` and the derivatives `d_mean` and `d_log_width`, in the unit of the base. A fit that has diverged is NaN;
the other goes on.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from math import exp, isfinite, log, nan
from typing import NamedTuple

import numpy as np

from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.entropy.gaussian_fit_config import GaussianFitConfig
from engine.gradient_check import GradientCheck, check_gradient
from engine.information.gaussian_kl import (
    GaussianDivergence,
    Minimum,
    forward_integrand,
    forward_kl,
    forward_map,
    forward_minimum,
    reverse_integrand,
    reverse_kl,
    reverse_map,
    reverse_minima,
)
from engine.information.gaussian_mixture import Mixture, Vector, log_normal_density
from engine.optimizers.update_rule import GradientRule
from engine.pieces import Working
from engine.recording import Recording
from engine.training import ChunkTraining, chunk_frames

KlOf = Callable[[Mixture, float, float], GaussianDivergence]
KL: dict[str, KlOf] = {
    "forward": forward_kl,
    "reverse": reverse_kl,
}
INTEGRANDS = {"forward": forward_integrand, "reverse": reverse_integrand}
COLUMNS = ("mean", "log_width", "kl", "d_mean", "d_log_width")
CHUNK = 50  # steps a frame
FARTHEST = 1e6  # a fit with a mean beyond it counts as diverged
EXTREME = 20.0  # … and so is a width beyond e²⁰ or under e⁻²⁰
LOST = (nan,) * len(COLUMNS)
MAP_SIZE = (49, 33)  # means, log widths
Bounds = tuple[tuple[float, float], tuple[float, float]]


class GaussianFitSnapshot(NamedTuple):
    """The step at which each fit diverged; None if it has not."""

    forward: int | None = None
    reverse: int | None = None


def frames(config: GaussianFitConfig) -> Iterator[Frame[GaussianFitSnapshot] | Working]:
    """Yield the start, then the steps of both fits, some at a time, until both have diverged."""
    return chunk_frames(GaussianFitTraining(config), config, config.steps, CHUNK)


class GaussianFitTraining(ChunkTraining[GaussianFitSnapshot]):
    """Both fits from one start, and the step at which each diverged."""

    def __init__(self, config: GaussianFitConfig) -> None:
        p = config.mixture
        self.walks = {name: _walk(config, p, kl) for name, kl in KL.items()}
        self.lost: dict[str, int | None] = {"forward": None, "reverse": None}

    def start(self) -> Frame[GaussianFitSnapshot]:
        """Measure everything before the first step."""
        return self.chunk(0, 0)

    def chunk(self, first: int, last: int) -> Frame[GaussianFitSnapshot]:
        """Take the steps `first` … `last`, or fewer if both fits diverge before `last`."""
        rows = {name: np.array(list(islice(walk, last - first + 1))) for name, walk in self.walks.items()}
        for name, row in rows.items():
            gone = np.flatnonzero(np.isnan(row[:, 0]))
            if self.lost[name] is None and len(gone):
                self.lost[name] = first + int(gone[0])
        ends = [end for end in self.lost.values() if end is not None]
        end = max(ends) if self.ended() else last
        scalars = {
            f"{name}.{column}": row[: end - first + 1, k]
            for name, row in rows.items()
            for k, column in enumerate(COLUMNS)
        }
        problem = Problem("Both fits diverged. Try a smaller learning rate.") if self.ended() else None
        return Frame(end, scalars, GaussianFitSnapshot(**self.lost), problem)

    def ended(self) -> bool:
        """Whether both have diverged."""
        return None not in self.lost.values()


def _walk(config: GaussianFitConfig, p: Mixture, kl: KlOf) -> Iterator[tuple[float, ...]]:
    """Yield mean, log width, divergence and its derivatives at every step; NaN once they diverge."""
    rule: GradientRule = config.optimizer
    unit = config.unit
    mean, log_width = config.start_mean, log(config.start_width)
    of_mean, of_width, rates = rule.start(mean), rule.start(log_width), rule.rates(1)
    try:
        while abs(mean) <= FARTHEST and abs(log_width) <= EXTREME:
            value, d_mean, d_log_width = (part / unit for part in kl(p, mean, log_width))
            yield mean, log_width, value, d_mean, d_log_width
            rate = next(rates)
            mean, of_mean = rule.step(mean, d_mean, of_mean, rate)
            log_width, of_width = rule.step(log_width, d_log_width, of_width, rate)
    except ArithmeticError:  # where arrays give ∞, Python floats raise
        pass
    while True:
        yield LOST


class GaussianFit(NamedTuple):
    """One Q at one step: its parameters, its divergence with derivatives, and its curves on the grid."""

    mean: float
    width: float
    kl: float
    d_mean: float
    d_log_width: float
    density: Vector
    integrand: Vector  # `kl` is the area under it
    lost: int | None  # the step at which it diverged, if it has

    @property
    def log_width(self) -> float:
        """λ = ln σ."""
        return log(self.width)


class GaussianMoment(NamedTuple):
    """Everything at one step, on a grid that is fine around every Gaussian."""

    x: Vector
    p: Vector
    start: Vector  # the Q of the start
    forward: GaussianFit
    reverse: GaussianFit


def moment(
    config: GaussianFitConfig, recording: Recording, step: int, sight: tuple[float, float]
) -> GaussianMoment:
    """Everything that is drawn of a run at `step`, for x in `sight`."""
    p, found = config.mixture, {}
    for name in KL:
        found[name] = [float(recording.column(f"{name}.{column}")[step]) for column in COLUMNS]
    bells = [*zip(config.means, config.widths, strict=True), (config.start_mean, config.start_width)]
    bells += [(row[0], exp(row[1])) for row in found.values() if isfinite(row[0])]
    x = _grid(sight, bells)
    ends = recording.snapshot(recording.last)[1]
    fits = {name: _fit(config, p, name, row, x, getattr(ends, name)) for name, row in found.items()}
    first = np.exp(log_normal_density(x, config.start_mean, log(config.start_width)))
    return GaussianMoment(x, p.density(x), first, **fits)


def _fit(
    config: GaussianFitConfig, p: Mixture, name: str, row: list[float], x: Vector, lost: int | None
) -> GaussianFit:
    """A fit from its `row` of recorded numbers; NaN everywhere if it has diverged."""
    mean, log_width, kl, d_mean, d_log_width = row
    if not isfinite(mean):
        nothing = np.full(len(x), nan)
        return GaussianFit(nan, nan, nan, nan, nan, nothing, nothing, lost)
    density = np.exp(log_normal_density(x, mean, log_width))
    integrand = INTEGRANDS[name](p, mean, log_width, x) / config.unit
    return GaussianFit(mean, exp(log_width), kl, d_mean, d_log_width, density, integrand, None)


def _grid(sight: tuple[float, float], bells: list[tuple[float, float]]) -> Vector:
    """An even grid over everything in sight, and finer ones around every Gaussian."""
    near = [mean + width * np.linspace(-5, 5, 81) for mean, width in bells]
    x = np.unique(np.concatenate([np.linspace(*sight, 401), *near]))
    return x[(x >= sight[0]) & (x <= sight[1])]


def sight(config: GaussianFitConfig) -> tuple[float, float]:
    """A range of x that contains all peaks of P and the start."""
    low = min(m - 4 * s for m, s in zip(config.means, config.widths, strict=True))
    high = max(m + 4 * s for m, s in zip(config.means, config.widths, strict=True))
    reach = 2.5 * config.start_width
    return min(low, config.start_mean - reach), max(high, config.start_mean + reach)


def check(config: GaussianFitConfig, name: str, fit: GaussianFit) -> GradientCheck:
    """Compare the derivatives of a fit with finite differences of its divergence."""
    p, kl = config.mixture, KL[name]
    point = (fit.mean, fit.log_width)
    return check_gradient(lambda at: kl(p, *at).value / config.unit, (fit.d_mean, fit.d_log_width), point)


class DivergenceMinima(NamedTuple):
    """The minima of both divergences, in the unit of the base."""

    forward: Minimum
    reverse: tuple[Minimum, ...]


def minima(config: GaussianFitConfig) -> DivergenceMinima:
    """The only minimum of KL(P‖Q), and the minima of KL(Q‖P), the lowest first."""
    return _minima(config.weights, config.means, config.widths, config.unit)


@lru_cache(maxsize=8)  # not searched again (some 20 ms) at every step, or while the start is dragged
def _minima(
    weights: tuple[float, ...], means: tuple[float, ...], widths: tuple[float, ...], unit: float
) -> DivergenceMinima:
    """`minima`, from the settings on which they depend."""
    p = Mixture.of(weights, means, widths)
    found = [forward_minimum(p), *reverse_minima(p)]
    forward, *reverse = (place._replace(value=place.value / unit) for place in found)
    return DivergenceMinima(forward, tuple(reverse))


class GaussianFitInspection(NamedTuple):
    """The numbers of a step: both fits with the checks of their derivatives, and all minima."""

    forward: GaussianFit
    reverse: GaussianFit
    checks: dict[str, GradientCheck]  # of the fits that have not diverged
    minima: DivergenceMinima


def inspect(config: GaussianFitConfig, recording: Recording, step: int) -> GaussianFitInspection:
    """The numbers of a step. It takes some ten milliseconds, for the checks and the search of the minima."""
    now = moment(config, recording, step, sight(config))
    fits = {"forward": now.forward, "reverse": now.reverse}
    checks = {name: check(config, name, fit) for name, fit in fits.items() if fit.lost is None}
    return GaussianFitInspection(**fits, checks=checks, minima=minima(config))


class Maps(NamedTuple):
    """Both divergences on a grid of Qs: rows along ln σ, columns along μ."""

    bounds: Bounds
    forward: Vector
    reverse: Vector


def maps(config: GaussianFitConfig, across: tuple[float, float]) -> Maps:
    """The maps of both divergences, for means in `across`."""
    narrow = 0.5 * min(*config.widths, config.start_width)
    wide = 2.0 * max(config.mixture.width, config.start_width)
    p, bounds = config.mixture, (across, (log(narrow), log(wide)))
    axes = [np.linspace(*edges, size) for edges, size in zip(bounds, MAP_SIZE, strict=True)]
    return Maps(bounds, forward_map(p, *axes) / config.unit, reverse_map(p, *axes) / config.unit)


EXPERIMENT = Experiment(
    name="entropy.gaussian_fit",
    title="Forward or reverse KL",
    config_type=GaussianFitConfig,
    frames=frames,
    last_step=lambda config: config.steps,
    cheap=True,
)
