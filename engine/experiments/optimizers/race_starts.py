"""The race from many starts: how low each racer ends, and who is first, on all of the picture.

The start of the race itself is not used: with a single start, the order of the racers may be luck.
`engine.convergence.performance` says how the runs are compared.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.convergence.performance import Profile, profiles, quantile_curve
from engine.convergence.start_sweep import Outcome, even_starts, running
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_rates import swept_steps
from engine.pieces import Pieces
from engine.surfaces.choice import surface_of
from engine.surfaces.minima import Minima

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StartSweep:
    """The results of every racer from every start, after `steps` steps or gradient evaluations.

    `known` says whether f* is known: otherwise it cannot be told which runs have arrived.
    """

    starts: Array  # [starts, 2]
    steps: int
    known: bool
    outcomes: tuple[Outcome, ...]  # of each racer

    def quantiles(self, racer: int) -> tuple[Array, Array]:
        """The percentages of the starts, and the f at the end in order; ∞ where a run diverged."""
        return quantile_curve(self.outcomes[racer].ends)

    def median(self, racer: int) -> float:
        """The f below which half of the runs end; ∞ if half of them or more diverged."""
        share, f = self.quantiles(racer)
        return float(f[np.searchsorted(share, 50.0)])

    def lost(self, racer: int) -> float:
        """The share of the runs that diverged."""
        return float(np.isnan(self.outcomes[racer].ends).mean())

    @property
    def profiles(self) -> list[Profile]:
        """The performance profile of each racer, by what it needs until f − f* is within the tolerance."""
        return profiles(np.stack([outcome.arrived for outcome in self.outcomes]))


def running_from_starts(config: RaceConfig, minima: Minima, count: int) -> Pieces[StartSweep]:
    """Run every racer from so many starts; `minima` are the lowest ones, none where they are not known."""
    surface, steps, outcomes = surface_of(config), swept_steps(config), []
    goal = min((f for _, _, f in minima), default=-np.inf) + config.tolerance
    starts = even_starts(surface.bounds, count)
    paid = config.budget == "evaluations"
    for racer in config.racers:
        found = yield from running(racer, surface, starts, steps, goal, config.noise, config.seed, paid)
        outcomes.append(found)
    return StartSweep(starts, steps, bool(minima), tuple(outcomes))
