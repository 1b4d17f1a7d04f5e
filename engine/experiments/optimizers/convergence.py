"""Optimizers ▸ Convergence rates: what was measured under what a theorem promises.

Recorded at step k, for each method of the theorem: `gap.<method>` (f_k − f*) and `bound.<method>`; NaN where
the theorem says nothing or the method has left the numbers. The snapshot is the whole comparison.
"""

from collections.abc import Iterator
from typing import Annotated

import numpy as np

from engine.config import Config, Problem, plain
from engine.convergence import fitted_factor, fitted_order, fitted_slope
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.convergence_theorems import (
    Comparison,
    Measured,
    NewtonNear,
    Smooth,
    Stochastic,
    Strong,
)

NOTHING = 1e-28  # Newton's f − f* below this is rounding: it tells of no order


class ConvergenceConfig(Config, frozen=True):
    """Which theorem is put to the test."""

    theorem: Annotated[
        Smooth | Strong | NewtonNear | Stochastic,
        plain("Theorem", "What is known of f, and so which bound holds."),
    ] = Smooth()
    seed: Annotated[
        int,
        plain("Seed", "The same seed gives the same noise.", kind="seed", more=True, when=("chance", "True")),
    ] = 0

    @property
    def chance(self) -> bool:
        """Whether anything of the run is drawn, so that the seed matters."""
        return self.theorem.chance

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise Problem("Must be at least {bound}", where="seed", bound=0)


def fitted(config: ConvergenceConfig, measured: Measured, window: tuple[float, float]) -> float:
    """What the measured curve does between two steps: its slope, its factor a step, or its order."""
    k = np.arange(len(measured.gap), dtype=np.float64)
    inside = (k >= window[0]) & (k <= window[1])
    if config.theorem.fits == "order":
        return fitted_order(np.where(measured.gap > NOTHING, measured.gap, np.nan)[inside])
    fit = fitted_slope if config.theorem.fits == "slope" else fitted_factor
    return fit(k[inside], measured.gap[inside])


def last_step(config: ConvergenceConfig) -> int:
    """As many as the methods take."""
    return config.theorem.steps


def frames(config: ConvergenceConfig) -> Iterator[Frame[Comparison]]:
    """Yield the start, and then everything at once."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = config.theorem.measure(config.seed)
    columns = {
        f"{what}.{name}": values
        for name, measured in found.methods.items()
        for what, values in measured._asdict().items()
    }
    yield Frame(0, {name: float(values[0]) for name, values in columns.items()}, found)
    yield Frame(config.theorem.steps, {name: values[1:] for name, values in columns.items()}, found)


EXPERIMENT = Experiment(
    "optimizers.convergence", "Convergence rates", ConvergenceConfig, frames, last_step, cheap=True
)
