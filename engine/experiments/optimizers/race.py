"""Optimizers ▸ Race: several optimizers, one start, one surface.

At each step of the race every racer takes one step, or with the budget "evaluations" computes one gradient.
Recorded for racer i at every step: `i.x` and `i.y` (for Nesterov the classical iterate θ), `i.f` and, for
methods that search a line or use the Hessian, `i.values`, `i.gradients` and `i.hessians`: how often these
were computed so far; `i.slope`, ‖∇f‖, if the race ends by that. From the step at which a racer cannot go on
it is NaN; the others go on.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import hypot, inf
from typing import NamedTuple

import numpy as np

from engine.checkpoints import Checkpoint
from engine.config import Problem
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.race_config import RaceConfig
from engine.experiments.optimizers.race_inspection import RaceArrow, RaceInspection, RaceSnapshot, inspect
from engine.experiments.optimizers.race_ledger import KINDS, calls_at, last_taken, now
from engine.experiments.optimizers.race_walk import RacePart, advanced, parts_of
from engine.optimizers.evaluations import Evaluations
from engine.optimizers.newton import ObjectiveRule
from engine.optimizers.table import Optimizer
from engine.optimizers.walk import (
    NO_VALUE,
    TOO_FAR,
    Floats,
    Standing,
    WalkEnd,
    WalkPath,
    at_start,
)
from engine.pieces import Working
from engine.recording import Recording
from engine.stop_rules import SlopeBelow
from engine.surfaces.choice import surface_of
from engine.surfaces.expression.surface import ExpressionSurface
from engine.surfaces.minima import Minima, finding_minima
from engine.surfaces.surface import Surface
from engine.training import ChunkTraining, chunk_frames

__all__ = [
    "EXPERIMENT",
    "RaceArrow",
    "RaceConfig",
    "RaceInspection",
    "RaceResult",
    "RaceSnapshot",
    "frames",
    "inspect",
    "results",
]

FRAME_COST = 4000  # racer-steps per frame, in units of one plain step: a few milliseconds
COST_OF_SEARCH = 40
COST_OF_EXPRESSION = 3
ALL_ENDED = "No racer could go on."
Move = tuple[Standing, Floats]  # standing of a racer; x, y, f and the calls of each step, shape (6, steps)


class RaceResult(NamedTuple):
    """One racer's line of the table; None where a value is unknown.

    `value` is f at the step, `distance` the distance from the nearest known minimum, `reached` the first step
    with f − f* within the tolerance, `evaluations` the number of values, gradients and Hessians computed, and
    `end` the step at which the racer could not go on, and why. `reached` and `end` are None before that step.
    """

    value: float | None
    distance: float | None
    reached: int | None
    evaluations: int
    end: WalkEnd | None


def frames(
    config: RaceConfig, minima: Minima, chunk: int | None = None, after: Checkpoint | None = None
) -> Iterator[Frame[RaceSnapshot] | Working]:
    """Yield the start, then `chunk` steps of all racers at a time (by default as many as fit in a frame)."""
    training = RaceTraining(config, minima)
    return chunk_frames(training, config, config.steps, chunk or _chunk(config), watched(config), after)


class RaceTraining(ChunkTraining[RaceSnapshot]):
    """All racers, from one start: where each stands, before the newest chunk and after it."""

    def __init__(self, config: RaceConfig, minima: Minima) -> None:
        self.config, self.surface = config, surface_of(config)
        self.goal = min((f for _, _, f in minima), default=-inf) + config.tolerance
        self.before: tuple[Standing, ...] = ()
        self.standings: tuple[Standing, ...] = ()

    def start(self) -> Frame[RaceSnapshot]:
        """Measure everything before the first step."""
        x, y = map(float, self.config.start)
        here = WalkPath([x], [y], [Evaluations()], "")
        racers = [at_start(racer, x, y) for racer in self.config.racers]
        return self._frame([_measured(self.surface, self.goal, racer, here, 0, 1) for racer in racers], 0)

    def chunk(self, first: int, last: int) -> Frame[RaceSnapshot]:
        """Take the steps `first` … `last` with all racers.

        Where a setting changes in between, the steps are taken in parts, but measured as a whole.
        """
        self.before, parts = self.standings, parts_of(self.config, first, last)
        moves = [
            _advanced(self.config, self.surface, self.goal, parts, racer, standing, first)
            for racer, standing in enumerate(self.before)
        ]
        return self._frame(moves, first)

    def until(self, frame: Frame[RaceSnapshot], first: int, stop: int) -> Frame[RaceSnapshot]:
        """The steps of the newest chunk again, only up to `stop`, so that all racers stand there."""
        self.standings = self.before
        return self.chunk(first, stop)

    def ended(self) -> bool:
        """Whether no racer can go on."""
        return all(standing.end for standing in self.standings)

    def go_on(self, state: RaceSnapshot, settings: RaceConfig) -> None:
        """Go on from a snapshot: it has all that the racers need."""
        self.standings = state.standings

    def _frame(self, moves: list[Move], first: int) -> Frame[RaceSnapshot]:
        """The frame of moves that begin with step `first`."""
        self.standings = tuple(standing for standing, _ in moves)
        return _frame(self.config, self.surface, moves, first)


def results(config: RaceConfig, recording: Recording, step: int) -> list[RaceResult]:
    """Return the table at `step`, a line for each racer; it takes the same time for a run of any length."""
    newest: RaceSnapshot = recording.snapshot(recording.last)[1]
    lines = []
    for index, standing in enumerate(newest.standings):
        x, y, f = (float(recording.column(f"{index}.{name}")[step]) for name in "xyf")
        end = standing.end if standing.end and standing.end.step <= step else None
        reached = standing.reached if standing.reached is not None and standing.reached <= step else None
        spent = calls_at(recording, index, last_taken(standing, step)).total
        distance = min((hypot(x - u, y - v) for u, v, _ in recording.data), default=None)
        if end:
            lines.append(RaceResult(None, None, reached, spent, end))
        else:
            lines.append(RaceResult(f, distance, reached, spent, None))
    return lines


def _chunk(config: RaceConfig) -> int:
    """How many steps of all racers fit in a frame."""
    cost = sum(COST_OF_SEARCH if isinstance(racer, ObjectiveRule) else 1 for racer in config.racers)
    return max(1, FRAME_COST // (cost * (COST_OF_EXPRESSION if config.surface == "expression" else 1)))


def _advanced(
    config: RaceConfig,
    surface: Surface,
    goal: float,
    parts: list[RacePart],
    racer: int,
    standing: Standing,
    first: int,
) -> Move:
    """Take the steps of all parts with a racer, from step `first` on."""
    count = sum(len(part.tilts) for part in parts)
    if standing.end:
        return standing, np.full((3 + len(KINDS), count), np.nan)
    begun = now()
    after, path = advanced(config, parts, racer, surface, standing, first)
    seconds = standing.seconds + now() - begun
    after = replace(after, reached=standing.reached, seconds=seconds)
    return _measured(surface, goal, after, path, first, count)


def _measured(
    surface: Surface, goal: float, standing: Standing, path: WalkPath, first: int, count: int
) -> Move:
    """Compute f along the path, and the step at which the racer reached the goal or could not go on."""
    columns = np.full((3 + len(KINDS), count), np.nan)
    columns[0, : len(path.x)] = path.x
    columns[1, : len(path.y)] = path.y
    columns[2] = surface.value(columns[0], columns[1])
    columns[3:, : len(path.calls)] = np.reshape(path.calls, (-1, len(KINDS))).T
    lost = ~np.isfinite(columns[:3]).all(axis=0)
    if lost.any():
        alive = int(lost.argmax())
        columns[:, alive:] = np.nan
        why = path.why if alive == len(path.x) else ""
        why = why or (NO_VALUE if isinstance(surface, ExpressionSurface) else TOO_FAR)
        standing = replace(standing, end=WalkEnd(first + alive, Problem(why)))
    near = columns[2] <= goal
    if standing.reached is None and near.any():
        standing = replace(standing, reached=first + int(near.argmax()))
    return standing, columns


def watched(config: RaceConfig) -> list[str]:
    """The names of the numbers by which the race may end."""
    what = "slope" if isinstance(config.stop, SlopeBelow) else "f"
    return [f"{index}.{what}" for index in range(len(config.racers))]


def columns_of(racer: Optimizer) -> tuple[str, ...]:
    """What is recorded of a racer in every step, and `slope` where the race may end by it."""
    return ("x", "y", "f", *KINDS) if isinstance(racer, ObjectiveRule) else ("x", "y", "f")


def _frame(config: RaceConfig, surface: Surface, moves: list[Move], first: int) -> Frame[RaceSnapshot]:
    """The frame with the steps from `first` on; if all racers have ended, it is the last of the run."""
    standings = tuple(standing for standing, _ in moves)
    ends = [standing.end for standing in standings if standing.end]
    diverged = None
    count = moves[0][1].shape[1]
    if len(ends) == len(standings):
        diverged = ends[0].problem if len(ends) == 1 else Problem(ALL_ENDED)
        count = max(end.step for end in ends) - first + 1
    scalars = {}
    for index, (racer, (_, columns)) in enumerate(zip(config.racers, moves, strict=True)):
        for name, column in zip(columns_of(racer), columns, strict=False):
            scalars[f"{index}.{name}"] = column[:count]
    if isinstance(config.stop, SlopeBelow):
        x, y = (np.stack([columns[k] for _, columns in moves]) for k in (0, 1))
        slopes = np.hypot(*surface.gradient(x, y))
        scalars |= {name: slope[:count] for name, slope in zip(watched(config), slopes, strict=True)}
    snapshot = RaceSnapshot(standings)
    return Frame(first + count - 1, scalars, snapshot, diverged, state=lambda: snapshot)


def recorded(config: RaceConfig) -> int:
    """About how many bytes the scalars of a whole race take."""
    more = isinstance(config.stop, SlopeBelow)
    return 8 * (config.steps + 1) * sum(len(columns_of(racer)) + more for racer in config.racers)


EXPERIMENT = Experiment(
    name="optimizers.race",
    title="Race",
    config_type=RaceConfig,
    frames=frames,
    last_step=lambda config, minima: config.steps,
    cheap=True,
    recorded=recorded,
    prepare=finding_minima,
    watched=watched,
)
