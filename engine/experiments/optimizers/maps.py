"""Optimizers ▸ Maps: each pixel is a run. Where does it end, and after how many steps?

The map is computed from coarse to fine: every 16th pixel along each side, then those between them, and so on;
a known pixel does not change. The runs of a level are computed together (`engine.convergence.many_runs`), in
blocks and portions of a few milliseconds each; a step of the recording is such a portion.

At which step a run has *arrived* can be measured only if its end point is known. So a block is first run with
a guess, the end point of the nearest coarser pixel; the runs that end elsewhere are run again with the right
goal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.convergence.many_runs import BLOCK, ManyRuns
from engine.experiment import Experiment, Frame
from engine.experiments.optimizers.maps_config import MapsConfig, run_key, searches, setup_of, with_pixel
from engine.optimizers.walk import at_start, walk
from engine.pieces import WORKING, Pieces
from engine.surfaces.choice import surface_of
from engine.surfaces.minima import finding_points
from engine.surfaces.stationary_points import StationaryPoint, nearest

COARSE = 16  # pixels along each side of the first picture
SEARCHED = 8  # runs in a block for a method with a line search
SEARCHES = 10  # steps of each of them in a portion
MANY = 200  # at most so many portions in a block; a long run has longer portions
PORTION = 8000.0  # about so many µs of computing in a frame
UNDECIDED, DIVERGED, UNKNOWN = -1, -2, -3
WALKED = 100  # steps of a single run between two pauses
FAR = 10.0  # widths of the view: a run that ends farther away counts as diverged

Integers = NDArray[np.integer[Any]]
Array = NDArray[np.floating[Any]]
Points = tuple[StationaryPoint, ...]  # the data of a run: the stationary points of its surface


@dataclass(frozen=True)
class MapsSnapshot:
    """The map so far, shape (side, side), the bottom row first; it is never changed again.

    `place` is the index of the stationary point where a run ended, or UNDECIDED, DIVERGED, or UNKNOWN where
    not even a coarser pixel is known. `steps` is the step at which the run arrived there, −1 if it did not. A
    pixel without a run yet shows its coarser neighbour; `runs` counts the runs.
    """

    place: Integers
    steps: Integers
    runs: int


class MapsBlock(NamedTuple):
    """Pixels that are run together: every `stride`-th pixel is known once this level is done."""

    stride: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    portions: int  # for each of the two passes
    steps: int  # of the optimizer in a portion


def strides(side: int) -> list[int]:
    """The distances between the pixels of each level, the coarsest first."""
    return [side // COARSE >> level for level in range((side // COARSE).bit_length())]


def blocks(config: MapsConfig) -> Iterator[MapsBlock]:
    """All blocks, in order."""
    size = SEARCHED if searches(config.optimizer) else BLOCK
    for stride in strides(config.side):
        rows, columns = (
            grid.ravel() for grid in np.mgrid[0 : config.side : stride, 0 : config.side : stride]
        )
        if stride < config.side // COARSE:
            new = (rows % (2 * stride) != 0) | (columns % (2 * stride) != 0)  # not on the coarser level
            rows, columns = rows[new], columns[new]
        for begin in range(0, len(rows), size):
            part = slice(begin, begin + size)
            count = len(rows[part])
            steps = _steps_a_portion(config, count)
            yield MapsBlock(stride, rows[part], columns[part], ceil(config.steps / steps), steps)


def _steps_a_portion(config: MapsConfig, runs: int) -> int:
    """How many steps so many runs take in one portion, from the estimated cost of a step."""
    if searches(config.optimizer):
        return max(SEARCHES, ceil(config.steps / MANY))
    each = 0.012  # µs a run and step
    each *= 4 if config.surface in ("expression", "rastrigin", "ackley") else 1
    each *= 2 if config.kind == "rates" else 1
    return max(1, int(PORTION / (60 + each * runs)))


def last_step(config: MapsConfig) -> int:
    """The number of portions: two passes over each block, one for methods with a line search."""
    passes = 1 if searches(config.optimizer) else 2
    return sum(passes * block.portions for block in blocks(config))


def frames(config: MapsConfig, points: Points) -> Iterator[Frame[MapsSnapshot]]:
    """Yield an empty map, and then the map after each portion."""
    shape = (config.side, config.side)
    shot = MapsSnapshot(np.full(shape, UNKNOWN, np.int16), np.full(shape, -1, np.int32), 0)
    yield Frame(0, {"runs": 0.0}, shot)
    work, step = _searched if searches(config.optimizer) else _side_by_side, 0
    for block in blocks(config):
        begun = step
        found = None
        for found in work(config, points, block, shot.place[block.rows, block.columns]):
            if found is None:
                step += 1
                yield Frame(step, {"runs": float(shot.runs)}, shot)
        assert found is not None
        place, steps = (
            _filled(old, block, new) for old, new in zip((shot.place, shot.steps), found, strict=True)
        )
        shot = MapsSnapshot(place, steps, shot.runs + len(block.rows))
        step = begun + (1 if searches(config.optimizer) else 2) * block.portions
        yield Frame(step, {"runs": float(shot.runs)}, shot)


Found = tuple[Integers, Integers]  # of each run of a block: where it ended, and when it arrived there


def _side_by_side(
    config: MapsConfig, points: Points, block: MapsBlock, guess: Integers
) -> Iterator[Found | None]:
    """Run a block; None after each portion but the last, then where the runs ended and when they arrived."""
    place, steps = np.full(len(guess), UNDECIDED, np.int16), np.full(len(guess), -1, np.int32)
    goals, rest = guess, np.arange(len(guess))
    for turn in range(2):
        runs = _runs(config, points, block, rest, goals)
        for portion in range(block.portions):
            runs.advance(min(block.steps, config.steps - runs.step))
            if turn == 0 or portion < block.portions - 1:
                yield None
        ends = ended_at(config, points, runs.x, runs.y)
        place[rest] = ends
        known = (ends >= 0) & (ends == goals)
        steps[rest[known]] = runs.arrived[known]
        again = (ends >= 0) & (ends != goals)
        rest, goals = rest[again], ends[again]
        if not len(rest):
            break
    yield place, steps


def _runs(
    config: MapsConfig, points: Points, block: MapsBlock, which: NDArray[np.intp], goals: Integers
) -> ManyRuns:
    """The chosen runs of a block at their starts, with their goals."""
    across = (block.columns[which] + 0.5) / config.side
    setup = setup_of(config, across, (block.rows[which] + 0.5) / config.side)
    x, y = (np.array([getattr(point, axis) for point in points] + [np.nan]) for axis in "xy")
    goal = np.where(goals >= 0, goals, len(points))
    return ManyRuns(setup.rule, setup.surface, setup.x, setup.y, (x[goal], y[goal]), config.radius)


def ended_at(config: MapsConfig, points: Points, x: Array, y: Array) -> Integers:
    """The index of the point at which each run ended; UNDECIDED or DIVERGED if at none."""
    found = nearest(points, x, y, config.radius)
    (x0, x1), (y0, y1) = surface_of(config).bounds
    reach = FAR * max(x1 - x0, y1 - y0)
    with np.errstate(invalid="ignore"):
        near = (np.abs(x - (x0 + x1) / 2) <= reach) & (np.abs(y - (y0 + y1) / 2) <= reach)
    found[(found < 0) & ~near] = DIVERGED
    return found


def _searched(
    config: MapsConfig, points: Points, block: MapsBlock, guess: Integers
) -> Iterator[Found | None]:
    """Run a block one by one, a few steps of each in a portion; it yields the same as `_side_by_side`."""
    runs = [
        MapsWalk(with_pixel(config, (column + 0.5) / config.side, (row + 0.5) / config.side))
        for row, column in zip(block.rows, block.columns, strict=True)
    ]
    for _ in range(block.portions - 1):
        for run in runs:
            run.advance(block.steps)
        if all(run.rests for run in runs):
            break
        yield None
    ends = [run.ended(points) for run in runs]
    yield np.array([run.place for run in ends], np.int16), np.array([run.steps for run in ends], np.int32)


def _filled(values: Integers, block: MapsBlock, found: Integers) -> Integers:
    """A copy of a map in which each pixel of a block fills the square of its finer pixels."""
    after = values.copy()
    for up in range(block.stride):
        for across in range(block.stride):
            after[block.rows + up, block.columns + across] = found
    after.flags.writeable = False
    return after


class MapsRun(NamedTuple):
    """One run: its path (steps + 1, 2), f along it, where it ended, and at which step it arrived there.

    The path is shorter if the run could not go on; `why` says why.
    """

    path: Array
    f: Array
    place: int
    steps: int
    why: str


class MapsWalk:
    """The config's own run, with Python floats as in a race."""

    def __init__(self, config: MapsConfig) -> None:
        self.config, self._surface = config, surface_of(config)
        x, y = map(float, config.start)
        self._standing = at_start(config.optimizer, x, y)
        self._x, self._y, self._why = [x], [y], ""

    @property
    def rests(self) -> bool:
        """Whether the run is over: all steps are taken, or the rule has stopped."""
        stopped = getattr(self._standing.states[0], "stopped", "")
        return bool(self._why or stopped) or len(self._x) > self.config.steps

    def advance(self, steps: int) -> None:
        """Take so many steps, or fewer at the end."""
        steps = min(steps, self.config.steps + 1 - len(self._x))
        if self._why or steps == 0:
            return
        rule, still = self.config.optimizer, np.zeros((steps, 2))
        self._standing, path = walk(rule, self._surface, self._standing, still)
        self._x += path.x
        self._y += path.y
        self._why = path.why

    def ended(self, points: Points) -> MapsRun:
        """Take the remaining steps, and return the run; `points` are those where it can end."""
        config = self.config
        self.advance(config.steps)
        path = np.column_stack((self._x, self._y))
        last = path[-1] if len(path) == config.steps + 1 else np.full(2, np.nan)
        place, steps = int(ended_at(config, points, last[:1], last[1:])[0]), -1
        if place >= 0:
            away = np.hypot(path[:, 0] - points[place].x, path[:, 1] - points[place].y)
            outside = np.flatnonzero(~(away <= config.radius))
            steps = int(outside[-1]) + 1 if len(outside) else 0
        return MapsRun(path, self._surface.value(path[:, 0], path[:, 1]), place, steps, self._why)


class Chosen(NamedTuple):
    """The config's own run, and the stationary points of the surface."""

    config: MapsConfig
    points: Points
    run: MapsRun


def choosing(config: MapsConfig) -> Pieces[Chosen]:
    """The config's own run, from its start with its optimizer; a pause every few steps."""
    points, under_way = (yield from finding_points(config)), MapsWalk(config)
    while not under_way.rests:
        under_way.advance(WALKED)
        yield WORKING
    return Chosen(config, points, under_way.ended(points))


EXPERIMENT = Experiment(
    name="optimizers.maps",
    title="Maps",
    config_type=MapsConfig,
    frames=frames,
    last_step=lambda config, points: last_step(config),
    eager=True,
    run_key=run_key,
    prepare=finding_points,
)
