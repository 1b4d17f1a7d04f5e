"""A recorded race made ready for drawing: paths over the plane, the table with a line for each racer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.experiments.optimizers.race import (
    RaceConfig,
    RaceInspection,
    RaceResult,
    RaceSnapshot,
    inspect,
)
from engine.experiments.optimizers.race_ledger import landed_at
from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import racer_strokes
from gui.look.theme import Stroke, Theme
from gui.plots.contours import Track
from gui.plots.own.table import TableRow
from gui.plots.ticks import value_text
from gui.screen.moment import Ghost

LONG = 20_000  # points of a path; more cannot be seen


@dataclass(frozen=True)
class Tracks:
    """Curves of f, and paths; of a long run every `stride`-th point."""

    paths: list[NDArray[np.float64]]
    values: list[NDArray[np.float64]]
    stride: int

    def path(self, recording: Recording, index: int, step: int) -> NDArray[np.float64]:
        """The path of a racer up to a step, ending in that very step; shape (points, 2)."""
        xy = self.paths[index][: step // self.stride + 1]
        if step % self.stride == 0:
            return xy
        head = [recording.column(f"{index}.{name}")[step] for name in "xy"]
        return np.concatenate([xy, [head]])

    def least(self, offset: float) -> float:
        """The smallest positive f − `offset` of all racers; ∞ where there is none."""
        with np.errstate(invalid="ignore"):
            above = [values[:: self.stride] - offset for values in self.values]
            return min(float(np.min(f, where=f > 0, initial=np.inf)) for f in above)


class NewestTracks:
    """The tracks of a run: those of the present moment, for as many as there are moments of a long one."""

    def __init__(self, recording: Recording, count: int) -> None:
        self.recording, self.count = recording, count
        self._made: tuple[int, Tracks] | None = None

    def until(self, last: int) -> Tracks:
        """What is known up to a step."""
        if self._made is None or self._made[0] != last:
            self._made = last, tracks(self.recording, self.count, last)
        return self._made[1]


class NewestInspection:
    """Keeps the last inspected step of a racer, so that the next one is computed from there."""

    def __init__(self, recording: Recording, racer: int) -> None:
        self.recording, self.racer = recording, racer
        self._made: tuple[int, RaceInspection | None] | None = None

    def at(self, config: RaceConfig, step: int) -> RaceInspection | None:
        """The step that led to `step`; None where there is none, or the racer did not take it."""
        if step <= self.recording.last:
            step = landed_at(config, self.recording, self.racer, step)
        if not 0 < step <= self.recording.last:
            return None
        if self._made is None or self._made[0] != step:
            self._made = step, inspect(config, *self._before(step), step, self.racer)
        return self._made[1]

    def _before(self, step: int) -> tuple[int, RaceSnapshot]:
        """What is known of a step before it, and which step that is: the nearer the better."""
        kept, snapshot = self.recording.snapshot(step - 1)
        newest = self._made[1] if self._made is not None else None
        if newest is None or not kept < newest.step < step:
            return kept, snapshot
        standings = list(snapshot.standings)
        standings[self.racer] = newest.standing
        return newest.step, RaceSnapshot(tuple(standings))


def tracks(recording: Recording, count: int, last: int) -> Tracks:
    """Gather the columns of a recording, as far as it is known now."""
    stride = 1 + last // LONG
    columns = [[recording.column(f"{i}.{name}")[: last + 1] for name in "xyf"] for i in range(count)]
    paths = [np.column_stack([x[::stride], y[::stride]]) for x, y, _ in columns]
    return Tracks(paths, [f for _, _, f in columns], stride)


def paths_at(
    run: Tracks, recording: Recording, step: int, racers: Sequence[tuple[str, Stroke]], inspected: int
) -> list[Track]:
    """All paths as they were at a step; the inspected racer's lies on top."""
    found = []
    for index, (name, stroke) in enumerate(racers):
        xy = run.path(recording, index, step)
        lost = bool(len(xy)) and not np.isfinite(xy[-1]).all()
        found.append(Track(str(index), name, _known(xy) if lost else xy, stroke, diverged=lost))
    return [*found[:inspected], *found[inspected + 1 :], found[inspected]]


def ghost_paths(ghosts: Sequence[Ghost], theme: Theme) -> list[Track]:
    """The whole paths of pinned runs, faint."""
    found = []
    for k, ghost in enumerate(ghosts):
        strokes = racer_strokes(ghost.config.racers, theme)
        run = tracks(ghost.recording, len(strokes), ghost.recording.last)
        for index, (xy, stroke) in enumerate(zip(run.paths, strokes, strict=True)):
            found.append(Track(f"ghost {k}.{index}", "", _known(xy), stroke, ghost=True))
    return found


def _known(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of a path before it diverged."""
    return xy[np.isfinite(xy).all(axis=1)]


def table_line(result: RaceResult, name: str, stroke: Stroke, paid: bool = False) -> TableRow:
    """A racer: f, steps to the tolerance, distance to the nearest known minimum, evaluations.

    In a race of equal evaluations, which are `paid`, all is counted in these.
    """
    ended = None
    if result.end:
        step = result.end.step
        ended = tr("✗ evaluation {n}", n=step) if paid else tr("✗ step {step}", step=step)
    values = (ended or result.value, result.reached, result.distance, result.evaluations)
    return TableRow(name, stroke, tuple(map(_cell, values)), values)


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    return value_text(value) if isinstance(value, float) else str(value)
