"""Each racer at its own best learning rate: f at the end of the race, against η.

*Best* is the rate of the grid with the lowest f after the steps of the race, or its gradient evaluations:
from the start itself, or the lowest median over several starts around it. A run that diverged counts as ∞.
"""

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
DISC = 0.1  # of the shorter side of the picture: the radius of the disc of starts


@dataclass(frozen=True, eq=False)
class RacerSweep:
    """f at the end for each learning rate and each start, shape (rates, starts), NaN where a run diverged.

    A racer without a learning rate has one row. `present` is f at the racer's own rate, for each start.
    """

    ends: Array
    present: Array

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
    """What became of every racer at every rate of the grid after `steps` steps from `starts`."""

    rates: Array
    starts: Array
    steps: int
    racers: tuple[RacerSweep, ...]

    def best_rate(self, racer: int) -> float | None:
        """The best learning rate of a racer; None if it has none, or diverges with every one."""
        swept = self.racers[racer]
        return float(self.rates[swept.best]) if swept.tunable and swept.best is not None else None

    def ranks(self, tuned: bool) -> list[int | None]:
        """The rank of each racer, 1 for the lowest f, at its best rate or as it is; None if it diverged."""
        ends = [swept.lowest if tuned else swept.now for swept in self.racers]
        return [None if end != end else 1 + sum(other < end for other in ends) for end in ends]


def swept_steps(config: RaceConfig) -> int:
    """How many steps each run of a sweep has."""
    return min(config.steps, MOST_STEPS)


def own_rates(config: RaceConfig) -> tuple[float, ...]:
    """The learning rates of the racers that have one."""
    return tuple(racer.learning_rate for racer in config.racers if hasattr(racer, "learning_rate"))


def sweeping_rates(config: RaceConfig, starts: int) -> Pieces[RateSweep]:
    """Run every racer at every rate of the grid and at its own, from so many starts around the start."""
    surface, steps, rates = surface_of(config), swept_steps(config), rate_grid(*own_rates(config))
    paid = config.budget == "evaluations"
    radius = DISC * min(high - low for low, high in surface.bounds)
    places, racers = sunflower(config.start, radius, starts), []
    for racer in config.racers:
        own = getattr(racer, "learning_rate", 1.0)
        tried = np.append(rates, own)
        ends = yield from sweeping(racer, surface, places, tried, steps, config.noise, config.seed, paid)
        racers.append(RacerSweep(ends[:-1] if len(ends) > 1 else ends, ends[-1]))
    return RateSweep(rates, places, steps, tuple(racers))


def each_at_its_best(config: RaceConfig, sweep: RateSweep) -> RaceConfig:
    """The race in which every racer has its best learning rate; all else stays."""
    racers: list[Optimizer] = []
    for index, racer in enumerate(config.racers):
        best = sweep.best_rate(index)
        racers.append(racer if best is None else msgspec.structs.replace(racer, learning_rate=best))
    return replaced(config, racers=tuple(racers))


def _middle(ends: Array) -> Array:
    """The median along the rows, of an odd number of values."""
    return _quantile(ends, 0.5)


def _quantile(ends: Array, fraction: float) -> Array:
    """The value at a fraction of each row as it is sorted, with NaN at its end."""
    place = round(fraction * (ends.shape[1] - 1))
    return np.asarray(np.sort(ends, axis=1)[:, place])  # NaN is sorted to the end
