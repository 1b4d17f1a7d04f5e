"""Optimizers ▸ Convergence rates: measured values of f − f*, and the bound of a theorem.

Recorded at step k, for each method of the theorem: `<method>.gap` (f_k − f*) and `<method>.bound`; NaN where
the theorem has no bound or the method has diverged. The snapshot holds the constants of the bounds.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np

from engine.config import Config, plain
from engine.convergence.theorems import fitted_factor, fitted_order, fitted_slope
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.convergence_schedules import Scheduled
from engine.experiments.optimizers.convergence_theorems import (
    NewtonNear,
    Smooth,
    Stochastic,
    Strong,
)
from engine.experiments.optimizers.convergence_trial import Measured
from engine.pieces import Working
from engine.recording import Recording
from engine.training import ChunkTraining, chunk_frames

ROUNDING = 1e-28  # below it, Newton's f − f* is rounding, and is not used to fit the order
TOO_FAR = 1e200  # a larger f counts as diverged
CHUNK = 250  # steps a frame


class ConvergenceConfig(Config, frozen=True):
    """Which theorem is tested."""

    theorem: Annotated[
        Smooth | Strong | NewtonNear | Stochastic | Scheduled,
        plain("Theorem", "What is known of f, and so which bound holds."),
    ] = Smooth()
    seed: Annotated[
        int,
        plain("Seed", "The same seed gives the same noise.", kind="seed", more=True, when=lambda c: c.random),
    ] = 0

    @property
    def random(self) -> bool:
        """Whether the run uses random numbers, so that the seed matters."""
        return self.theorem.random


def fitted(config: ConvergenceConfig, measured: Measured, window: tuple[float, float]) -> float:
    """The fit of the measured curve between two steps: its slope, its factor per step, or its order."""
    k = np.arange(len(measured.gap), dtype=np.float64)
    inside = (k >= window[0]) & (k <= window[1])
    if config.theorem.fits == "order":
        return fitted_order(np.where(measured.gap > ROUNDING, measured.gap, np.nan)[inside])
    fit = fitted_slope if config.theorem.fits == "slope" else fitted_factor
    return fit(k[inside], measured.gap[inside])


def last_step(config: ConvergenceConfig) -> int:
    """The number of steps of the methods."""
    return config.theorem.steps


def frames(config: ConvergenceConfig) -> Iterator[Frame[dict[str, float]] | Working]:
    """Yield the start, and then some hundred steps of all methods at a time."""
    return chunk_frames(ConvergenceRun(config), config, config.theorem.steps, CHUNK)


class ConvergenceRun(ChunkTraining[dict[str, float]]):
    """All methods of a theorem, and which of them have diverged; the bounds go on to the last step."""

    def __init__(self, config: ConvergenceConfig) -> None:
        self.trial = config.theorem.trial(config.seed)
        self.lost = dict.fromkeys(self.trial.bounds, False)

    def start(self) -> Frame[dict[str, float]]:
        """Measure f − f* before the first step."""
        return self.chunk(0, 0)

    def chunk(self, first: int, last: int) -> Frame[dict[str, float]]:
        """Take the steps `first` … `last` of all methods."""
        k = np.arange(first, last + 1)
        gaps = self.trial.gaps(len(k))
        columns = {f"{name}.bound": bound(k) for name, bound in self.trial.bounds.items()}
        for name, gap in gaps.items():
            gone = ~(np.abs(gap) < TOO_FAR) & (k > 0)
            gone = np.logical_or.accumulate(gone) | self.lost[name]
            self.lost[name] = bool(gone[-1])
            columns[f"{name}.gap"] = np.where(gone, np.nan, gap)
        return Frame(last, columns, self.trial.constants)


class Comparison(NamedTuple):
    """All methods of a theorem by name, with the steps so far, and the constants in the bounds."""

    methods: dict[str, Measured]
    constants: dict[str, float]


def comparison(recording: Recording) -> Comparison:
    """The measured values so far, and the bounds."""
    names = [name.removesuffix(".gap") for name in recording.names if name.endswith(".gap")]
    methods = {
        name: Measured(recording.column(f"{name}.gap"), recording.column(f"{name}.bound")) for name in names
    }
    return Comparison(methods, recording.snapshot(recording.last)[1])


EXPERIMENT = Experiment(
    "optimizers.convergence", "Convergence rates", ConvergenceConfig, frames, last_step, cheap=True
)
