"""Each racer at its own best learning rate: f at the end of the race, against η.

*Best* is the rate of the grid with the lowest f after the steps of the race, or its gradient evaluations:
from the start itself, or the lowest median over several starts around it. A run that diverged counts as ∞.

The best learning rate depends on the other settings: with more momentum it is smaller. So a second setting
can be tried with every rate: β of momentum, β₁ of Adam's family, ρ of RMSProp and AdaDelta. Then each rate is
compared at its own best value of the second setting.
"""

import math
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.config import replaced
from engine.convergence.rate_sweep import rate_grid, sunflower, sweeping
from engine.experiments.optimizers.race_config import RaceConfig
from engine.optimizers.table import Optimizer
from engine.pieces import Pieces
from engine.surfaces.choice import surface_of

Array = NDArray[np.float64]
MOST_STEPS = 10_000  # of each run: a longer race is swept over its first steps
SECOND_SETTINGS = ("beta", "beta1", "rho")  # the second setting of a rule is the first of these that it has
TRIED = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
DISC = 0.1  # of the shorter side of the picture: the radius of the disc of starts


@dataclass(frozen=True, eq=False)
class RacerSweep:
    """f at the end for each learning rate and each start, shape (rates, starts), NaN where a run diverged.

    A racer without a learning rate has one row. `present` is f at the racer's own settings, for each start.
    If a `second` setting was tried, `chosen` is its best value for each rate, and `ends` are those with it;
    `tried` are its values, rising, and `medians` the medians over the starts, shape (values, rates).
    """

    ends: Array
    present: Array
    second: str = ""
    chosen: Array | None = None
    tried: Array | None = None
    medians: Array | None = None

    @property
    def tunable(self) -> bool:
        """Whether the racer has a learning rate."""
        return len(self.ends) > 1

    @property
    def median(self) -> Array:
        """The median over the starts, for each rate; NaN where half of the runs or more diverged."""
        return _middle(self.ends)

    def quartile(self, fraction: float) -> Array:
        """The value below which that fraction of the starts ends, for each rate."""
        return _quantile(self.ends, fraction)

    @property
    def now(self) -> float:
        """The median at the racer's own learning rate."""
        return float(_middle(self.present[None, :])[0])

    @property
    def best(self) -> int | None:
        """The rate with the lowest median, by its place in the grid; None if every rate diverges."""
        medians = self.median
        return None if np.isnan(medians).all() else int(np.nanargmin(medians))

    @property
    def lowest(self) -> float:
        """The median at the best rate."""
        return float("nan") if self.best is None else float(self.median[self.best])


@dataclass(frozen=True, eq=False)
class RateSweep:
    """The results of every racer at every rate of the grid, after `steps` steps from `starts`."""

    rates: Array
    starts: Array
    steps: int
    racers: tuple[RacerSweep, ...]

    def best_rate(self, racer: int) -> float | None:
        """The best learning rate of a racer; None if it has none, or diverges with every one."""
        swept = self.racers[racer]
        return float(self.rates[swept.best]) if swept.tunable and swept.best is not None else None

    def best_second(self, racer: int) -> float | None:
        """The best value of a racer's second setting; None if none was tried, or every run diverges."""
        swept = self.racers[racer]
        return None if swept.chosen is None or swept.best is None else float(swept.chosen[swept.best])

    def ranks(self, tuned: bool) -> list[int | None]:
        """The rank of each racer, 1 for the lowest f, at its best rate or as it is; None if it diverged."""
        ends = [swept.lowest if tuned else swept.now for swept in self.racers]
        return [None if math.isnan(end) else 1 + sum(other < end for other in ends) for end in ends]


def swept_steps(config: RaceConfig) -> int:
    """How many steps each run of a sweep has."""
    return min(config.steps, MOST_STEPS)


def own_rates(config: RaceConfig) -> tuple[float, ...]:
    """The learning rates of the racers that have one."""
    return tuple(racer.learning_rate for racer in config.racers if hasattr(racer, "learning_rate"))


def second_of(racer: Optimizer) -> str:
    """The name of a racer's second setting, or ""."""
    return next((name for name in SECOND_SETTINGS if name in racer.__struct_fields__), "")


def sweeping_rates(config: RaceConfig, starts: int, second: bool = False) -> Pieces[RateSweep]:
    """Run every racer at every rate of the grid and at its own, from so many starts around the start.

    With `second` that is done for several values of the second setting, of which its own is one.
    """
    surface, steps, rates = surface_of(config), swept_steps(config), rate_grid(*own_rates(config))
    paid = config.budget == "evaluations"
    radius = DISC * min(high - low for low, high in surface.bounds)
    places, racers = sunflower(config.start, radius, starts), []
    for racer in config.racers:
        tried = np.append(rates, getattr(racer, "learning_rate", 1.0))
        name, each = second_of(racer) if second else "", []
        values = _values(racer, name)
        for value in values:
            rule = msgspec.structs.replace(racer, **{name: value}) if name else racer
            ends = yield from sweeping(rule, surface, places, tried, steps, config.noise, config.seed, paid)
            each.append(ends)
        racers.append(_racer_sweep(np.stack(each), name, values))
    return RateSweep(rates, places, steps, tuple(racers))


def _values(racer: Optimizer, name: str) -> Array:
    """The tried values of the second setting; its own is the first: of equally good ones it is kept."""
    own = getattr(racer, name) if name else 0.0
    return np.array([own, *(value for value in TRIED if value != own)] if name else [own])


def _racer_sweep(ends: Array, name: str, values: Array) -> RacerSweep:
    """Of all ends, shape (values, rates, starts), those with the best value for each rate."""
    present = ends[0, -1]
    ends = ends[:, :-1] if ends.shape[1] > 1 else ends
    medians = _quantile(ends, 0.5)
    best = np.where(np.isnan(medians), np.inf, medians).argmin(axis=0)
    of_best = ends[best, np.arange(len(best))]
    if not name:
        return RacerSweep(of_best, present)
    rising = np.argsort(values)
    return RacerSweep(of_best, present, name, values[best], values[rising], medians[rising])


def each_at_its_best(config: RaceConfig, sweep: RateSweep) -> RaceConfig:
    """The race in which every racer has its best learning rate, and second setting; all else stays."""
    racers: list[Optimizer] = []
    for index, racer in enumerate(config.racers):
        best = {"learning_rate": sweep.best_rate(index), sweep.racers[index].second: sweep.best_second(index)}
        known = {name: value for name, value in best.items() if value is not None}
        racers.append(msgspec.structs.replace(racer, **known))
    return replaced(config, racers=tuple(racers))


def _middle(ends: Array) -> Array:
    """The median along the rows, of an odd number of values."""
    return _quantile(ends, 0.5)


def _quantile(ends: Array, fraction: float) -> Array:
    """The value at a fraction of each row as it is sorted, with NaN at its end."""
    place = round(fraction * (ends.shape[-1] - 1))
    return np.asarray(np.sort(ends, axis=-1)[..., place])  # NaN is sorted to the end
