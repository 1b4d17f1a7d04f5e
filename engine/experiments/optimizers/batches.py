"""Optimizers ▸ Mini-batches: the same descent with batches of one, of some, and of all examples.

Recorded for the i-th batch size at every step: `i.x` and `i.y`, the two parameters, and `i.loss`, the loss
over all examples. From the step at which a run diverges its values are NaN; the others go on.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from engine.changes import spans
from engine.checkpoints import Checkpoint
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.batches_config import (
    BatchesConfig,
    BatchesData,
    count_of,
    prepare,
    sizes,
)
from engine.experiments.optimizers.batches_walk import TOO_FAR, BatchWalk, WalkState
from engine.gradient_check import GradientCheck, check_gradient
from engine.linear.linear_models import Array, LinearModel
from engine.linear.mini_batches import NEVER, BatchSizes, covariance, draws, examples_after, shrinkage
from engine.pieces import WORKING, Pieces, Working
from engine.recording import Recording
from engine.surfaces.surface import Bounds
from engine.training import ChunkTraining, chunk_frames

CHUNK, PAUSE = 200, 50  # steps a frame, and between two pauses
CLOUD = 200  # mini-batches whose gradients are shown


class Cloud(NamedTuple):
    """Gradients of many mini-batches at one θ, and the gradient over all examples."""

    true: Array  # [2], over all examples
    gradients: Array  # [CLOUD, 2]
    predicted: Array  # [2, 2], C/B · (n − B)/(n − 1)
    measured: float  # mean of ‖g_B − g‖² over the cloud; its prediction is the trace of `predicted`


def frames(
    config: BatchesConfig, data: BatchesData, after: Checkpoint | None = None
) -> Iterator[Frame[None] | Working]:
    """Yield the start, then some hundred steps of all runs at a time."""
    return chunk_frames(BatchesTraining(config, data), config, config.steps, CHUNK, watched(config), after)


def watched(config: BatchesConfig) -> list[str]:
    """The name of the loss by which the runs may end: only that of the chosen batch size."""
    return ["0.loss"]


class BatchesTraining(ChunkTraining[None]):
    """The runs of all batch sizes, from one start; each has random numbers of its own."""

    def __init__(self, config: BatchesConfig, data: BatchesData) -> None:
        self.config, self.model = config, data.model
        self.lost = False  # whether all have diverged
        generators = np.random.default_rng(config.seed).spawn(len(sizes(config)))
        self.walks = [BatchWalk(config, data.model, run, rng) for run, rng in enumerate(generators)]

    def start(self) -> Frame[None]:
        """Measure the loss before the first step."""
        place = np.array(self.config.start)[np.newaxis]
        return Frame(0, _columns(self.model, [place] * len(self.walks)), None, state=self.state)

    def chunk(self, first: int, last: int) -> Pieces[Frame[None]]:
        """Take the steps `first` … `last`, or fewer if all runs diverge before `last`."""
        places = yield from self._forward(first, last)
        alive = np.any([np.isfinite(xy).all(axis=1) for xy in places], axis=0)
        if alive.all():
            return Frame(last, _columns(self.model, places), None, state=self.state)
        self.lost = True
        count = int(np.argmin(alive)) + 1
        lost = Problem("All runs have diverged. Lower the learning rate.")
        return Frame(first + count - 1, _columns(self.model, [xy[:count] for xy in places]), None, lost)

    def ended(self) -> bool:
        """Whether all have diverged."""
        return self.lost

    def _forward(self, first: int, last: int) -> Pieces[list[Array]]:
        """Take the steps `first` … `last` of every run; θ after each, [steps, 2]."""
        parts = []
        for span in spans(self.config, first, last):
            for walk in self.walks:
                walk.use(span.settings)
            for begin in range(span.first, span.last + 1, PAUSE):
                count = min(PAUSE, span.last + 1 - begin)
                parts.append([walk.forward(count) for walk in self.walks])
                yield WORKING
        return [np.concatenate(of_run) for of_run in zip(*parts, strict=True)]

    def state(self) -> list[WalkState]:
        """All that the runs need to go on."""
        return [walk.state() for walk in self.walks]

    def go_on(self, state: list[WalkState], settings: BatchesConfig) -> None:
        """Go on from a state, which was reached with these settings."""
        for walk, kept in zip(self.walks, state, strict=True):
            walk.use(settings)
            walk.go_on(kept)


def _columns(model: LinearModel, places: list[Array]) -> dict[str, Array]:
    """The scalars of all runs along their paths; NaN where a run has diverged."""
    columns: dict[str, Array] = {}
    for i, xy in enumerate(places):
        lost = ~(np.abs(xy).max(axis=1) < TOO_FAR)
        xy[lost] = np.nan
        columns |= {f"{i}.x": xy[:, 0], f"{i}.y": xy[:, 1], f"{i}.loss": model.loss(xy)}
    return columns


def landscape(model: LinearModel, bounds: Bounds, count: int) -> Pieces[Array]:
    """The loss over all examples on a part of the plane, [count, count], lowest row first; with pauses."""
    across, up = (np.linspace(*edge, count) for edge in bounds)
    values = np.empty((count, count))
    for row, height in zip(values, up.tolist(), strict=True):
        row[:] = model.loss(np.stack((across, np.full(count, height)), axis=-1))
        yield WORKING
    return values


def path(recording: Recording, run: int, step: int) -> Array:
    """The positions of a run up to `step`, [step + 1, 2]."""
    return np.stack([recording.column(f"{run}.{name}")[: step + 1] for name in "xy"], axis=1)


class BatchLook(NamedTuple):
    """A run at a step: its position, the gradients there, and the check of the gradient over all examples."""

    theta: Array
    cloud: Cloud
    check: GradientCheck


def inspect(config: BatchesConfig, recording: Recording, run: int, step: int) -> BatchLook | None:
    """The details of a run at a step; None once it has diverged."""
    model, theta = recording.data.model, np.array([recording.column(f"{run}.{name}")[step] for name in "xy"])
    if not np.isfinite(theta).all():
        return None
    return BatchLook(theta, cloud(model, theta, sizes(config, step)[run], config.seed), check(model, theta))


def cloud(model: LinearModel, theta: Array, size: int, seed: int) -> Cloud:
    """The gradients of 200 random mini-batches at θ; the same batches for every θ."""
    each = model.gradients(theta)
    true = each.mean(axis=0)
    drawn = each[_fixed_draws(model.count, size, seed)].mean(axis=1)
    measured = float(((drawn - true) ** 2).sum(axis=1).mean())
    return Cloud(true, drawn, covariance(each) * shrinkage(model.count, size), measured)


@lru_cache(maxsize=8)  # the same for every step: while the playhead moves, they are not drawn again
def _fixed_draws(count: int, size: int, seed: int) -> np.ndarray:
    """The examples of each mini-batch of a cloud."""
    return draws(count, size, CLOUD, np.random.default_rng((seed, size)))


def check(model: LinearModel, theta: Array) -> GradientCheck:
    """Compare the gradient over all examples with finite differences of the loss."""
    return check_gradient(model.loss, model.gradient(theta), theta)


def seen(config: BatchesConfig, run: int, steps: Any) -> Any:
    """How many examples a run has used in its first `steps` (a number or an array)."""
    return examples_after(count_of(config), config.order, _sizes_of(config, run), steps)


def seconds(config: BatchesConfig, data: BatchesData, run: int, steps: Any) -> Any:
    """How long the first `steps` of a run (a number or an array) take on this computer."""
    batch_sizes = _sizes_of(config, run)
    ends = [*(first for first, _ in batch_sizes[1:]), NEVER]
    parts = zip(batch_sizes, ends, strict=True)
    return sum(
        data.time_of(size) * np.clip(steps - first + 1, 0, end - first) for (first, size), end in parts
    )


def _sizes_of(config: BatchesConfig, run: int) -> BatchSizes:
    """The batch size of a run from step 1 on, and from each step on in which it changes."""
    turns = {change.step + 1 for change in config.changes if change.where == "batch_size"} if run == 0 else ()
    return tuple((step, sizes(config, step)[run]) for step in (1, *sorted(turns)))


def short_batch(config: BatchesConfig, size: int) -> int:
    """The size of the last batch of an epoch if it is smaller than the others; 0 if all are equal."""
    return count_of(config) % size if config.order == "shuffled" else 0


EXPERIMENT = Experiment(
    "optimizers.batches",
    "Mini-batches",
    BatchesConfig,
    frames,
    last_step=lambda config, data: config.steps,
    cheap=True,
    prepare=prepare,
    watched=watched,
)
