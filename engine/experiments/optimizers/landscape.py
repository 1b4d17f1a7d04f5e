"""Optimizers ▸ Network landscape: the loss of a real network on a plane, and the paths of optimizers on it.

The frames have three parts (`landscape_timeline`). Recorded for racer i in training: `i.loss`, the mean
cross-entropy over *all* training examples, `i.accuracy`, the fraction of held-out examples it gets right, and
`i.distance`, ‖θ − θ₀‖; during the walk: `i.projected`, the loss at the projection of its point. From the step
at which a racer diverges all of these are NaN; the others go on.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.landscape_config import LandscapeConfig, LandscapeTask, centre_of, prepare
from engine.experiments.optimizers.landscape_timeline import (
    Bounds,
    Chart,
    LandscapeSnapshot,
    LandscapeTimeline,
    timeline,
)
from engine.experiments.optimizers.landscape_training import LandscapeTraining
from engine.networks.landscape_grid import PlaneLoss, order
from engine.networks.network_landscape import (
    Array,
    WeightPlane,
    completed,
    filter_normalised,
    project,
    turned,
)
from engine.pieces import Working
from engine.training import training_frames

ROOM = 1.15  # around the paths


def frames(config: LandscapeConfig, task: LandscapeTask) -> Iterator[Frame[LandscapeSnapshot] | Working]:
    """Train, compute the map, then show the paths on it, point by point."""
    time = timeline(config)
    training = LandscapeTraining(config, task, time)
    yield from training_frames(training, time.last)
    chart = chart_of(config, training)
    loss = loss_over(task, chart.plane)
    empty = LandscapeSnapshot(training.lost, chart, np.full((time.size,) * 2, np.nan, np.float32))
    yield Frame(time.last + 1, {}, empty)
    for newest in _mapped(loss, empty, time):
        yield Frame(time.last + 1 - (-newest.done // time.chunk), {}, newest)
    for point in range(time.last + 1):
        found = {
            f"{i}.projected": loss.value(*path[point])
            for i, path in enumerate(chart.points)
            if known(path[point])
        }
        lost = _ending(training.lost) if point == time.last else None
        yield Frame(time.walk + point, found, newest, lost)


def known(point: Array) -> bool:
    """Whether a racer has this point, and has not diverged."""
    return bool(np.isfinite(point).all())


def _mapped(
    loss: PlaneLoss, empty: LandscapeSnapshot, time: LandscapeTimeline
) -> Iterator[LandscapeSnapshot]:
    """The map, some points at a time; known points do not change."""
    assert empty.chart is not None
    assert empty.grid is not None
    across, up = (np.linspace(*edge, time.size).tolist() for edge in empty.chart.bounds)
    places, grid, done = order(time.size), empty.grid, 0
    while done < time.size**2:
        grid = grid.copy()
        for row, column in islice(places, time.chunk):
            grid[row, column] = loss.value(across[column], up[row])
            done += 1
        yield LandscapeSnapshot(empty.lost, empty.chart, grid, done)


def _ending(lost: tuple[int | None, ...]) -> Problem | None:
    """The problem at the end if all racers have diverged, else None."""
    if any(step is None for step in lost):
        return None
    return Problem("All runs have diverged. Lower the learning rate.")


def loss_over(task: LandscapeTask, plane: WeightPlane) -> PlaneLoss:
    """The loss over a plane, over all training examples."""
    rows = task.data.training
    return PlaneLoss(task.network, plane, task.data.inputs[rows], task.data.labels[rows])


def chart_of(config: LandscapeConfig, training: LandscapeTraining) -> Chart:
    """The plane through the last point of a racer, and the projections of all paths onto it.

    The principal directions and the bounds are from the paths that have not diverged, if there are any.
    """
    own = training.paths[centre_of(config)]
    centre = own[np.isfinite(own).all(axis=1)][-1].astype(np.float64)
    rng = np.random.default_rng([config.seed, config.plane_seed])
    stayed = [i for i, step in enumerate(training.lost) if step is None] or list(range(len(training.lost)))
    fractions, analysed = (), 0
    if training.points is None:
        axes = np.stack([filter_normalised(training.task.network, centre, rng) for _ in range(2)])
    else:
        found = training.points.principal(stayed)
        axes = turned(completed(found.axes, rng), centre - training.start)
        fractions, analysed = tuple(found.fractions.tolist()), found.points
    plane = WeightPlane(centre, axes)
    seen = [project(plane, path) for path in training.paths]
    points, error, distance = (
        np.stack([getattr(one, part) for one in seen]) for part in ("coordinates", "error", "distance")
    )
    return Chart(plane, _bounds(config, points[stayed], centre), fractions, analysed, points, error, distance)


def _bounds(config: LandscapeConfig, points: Array, centre: Array) -> Bounds:
    """A square of the plane: around the paths, or around the centre if the directions are random."""
    if config.directions == "random":
        return ((-config.reach, config.reach),) * 2
    low, high = np.nanmin(points, axis=(0, 1)), np.nanmax(points, axis=(0, 1))
    half = float((high - low).max()) / 2 or 0.1 * float(np.linalg.norm(centre))
    middle = (low + high) / 2
    reach = half * ROOM * config.reach
    (left, right), (bottom, top) = ((float(m) - reach, float(m) + reach) for m in middle)
    return (left, right), (bottom, top)


EXPERIMENT = Experiment(
    name="optimizers.landscape",
    title="Network landscape",
    config_type=LandscapeConfig,
    frames=frames,
    last_step=lambda config, task: timeline(config).end,
    prepare=prepare,
)
