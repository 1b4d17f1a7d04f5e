"""The timeline of *Network landscape*: train, compute the map, then show the paths on it.

The plane depends on the end of the training, so the map is computed after it. Of a long training every
`stride`-th step is a point of the path.

    0 … K training, point by point │ then the map, from coarse to fine │ then 0 … K again, over the map
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.activations import ACTIVATIONS
from engine.experiments.optimizers.landscape_config import MOST_POINTS, LandscapeConfig
from engine.networks.network_landscape import WeightPlane
from engine.recording import Recording, Shared

LEAST_FRAMES = 40  # a map has at least so many frames, so that its progress is visible
FRAME = 8e-3  # seconds of computing that a frame may take, on a computer of the year 2020
PER_PRODUCT, PER_ENTRY, PER_POINT = 0.15e-9, 2.5e-9, 6e-5  # seconds; twice as long for a smooth activation
EXAMPLES = 1797  # of all digits

Floats = NDArray[np.float64]
Bounds = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Chart(Shared):
    """The plane, and the projections of the paths: in all later snapshots the same, and never changed."""

    plane: WeightPlane
    bounds: Bounds
    fractions: tuple[float, ...]  # of the variance, of the two principal directions; () for random ones
    analysed: int  # the number of points used to compute them
    points: Floats  # [racers, points, 2], α₁ and α₂; NaN where diverged
    error: Floats  # [racers, points], ‖θ − θ′‖
    distance: Floats  # [racers, points], ‖θ − θ*‖


@dataclass(frozen=True, slots=True)
class LandscapeSnapshot:
    """The state besides the scalars: the steps at which racers diverged, the plane, the map."""

    lost: tuple[int | None, ...]
    chart: Chart | None = None
    grid: NDArray[np.float32] | None = None  # [size, size], rows along α₂; NaN where not yet computed
    done: int = 0  # grid points computed


@dataclass(frozen=True)
class LandscapeTimeline:
    """The meaning of each frame."""

    steps: int  # updates of each racer
    stride: int  # updates from one point of a path to the next
    last: int  # K, the last point
    map_frames: int  # the first has the plane, but no values yet
    chunk: int  # grid points per frame
    size: int  # of the grid, along a side

    @property
    def walk(self) -> int:
        """The frame at which the walk begins, at point 0."""
        return self.last + self.map_frames + 1

    @property
    def end(self) -> int:
        """The last frame."""
        return self.walk + self.last

    @property
    def at(self) -> Floats:
        """The step of each point, [K + 1]."""
        steps: Floats = np.minimum(np.arange(self.last + 1.0) * self.stride, self.steps)
        return steps

    def phase(self, frame: int) -> str:
        """The phase of a frame: "training", "map" or "walk"."""
        return "training" if frame <= self.last else "map" if frame < self.walk else "walk"

    def point(self, frame: int) -> int:
        """The point of the paths that is shown; while the map is computed, the last."""
        return frame if frame <= self.last else max(frame - self.walk, 0) if frame >= self.walk else self.last

    def nearest(self, step: float) -> int:
        """The point nearest to a step of the optimizers."""
        return int(np.abs(self.at - step).argmin())

    def frame(self, point: int, now: int) -> int:
        """The frame that shows a point, in the phase of `now` (of the map: in the walk)."""
        return point if now <= self.last else self.walk + point

    def of_training(self, recording: Recording, name: str) -> Floats:
        """A column of the training, with an entry for each point known so far."""
        return recording.column(name)[: self.last + 1]

    def of_walk(self, recording: Recording, name: str) -> Floats:
        """A column of the walk, with an entry for each point known so far."""
        return recording.column(name)[self.walk :] if name in recording.names else np.zeros(0)


def timeline(config: LandscapeConfig) -> LandscapeTimeline:
    """The timeline of a config."""
    stride = -(-config.steps // MOST_POINTS)
    size = int(config.grid)
    count = size * size
    chunk = max(1, min(int(FRAME / _cost(config)), count // LEAST_FRAMES))
    return LandscapeTimeline(
        config.steps, stride, -(-config.steps // stride), 1 - (-count // chunk), chunk, size
    )


def _cost(config: LandscapeConfig) -> float:
    """About how many seconds one evaluation of the loss takes."""
    sizes = (*(config.width,) * config.layers, len(config.digits))
    products = sum(a * b for a, b in pairwise(sizes))
    smooth = 1 if ACTIVATIONS[config.activation].kinked else 4
    entries = sizes[-1] * 4 + sum(sizes[:-1]) * smooth
    examples = EXAMPLES * len(config.digits) / 10 * (1 - config.held_out)
    return PER_POINT + examples * (products * PER_PRODUCT + entries * PER_ENTRY)
