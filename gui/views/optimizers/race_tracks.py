"""A recorded race made ready for drawing: a path over the plane and a curve of f for each racer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.experiments.optimizers.race import RaceConfig
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.contours import Path
from gui.plots.curves import Curve
from gui.strokes import racer_names, racer_strokes
from gui.theme import Theme

LONG = 20_000  # points of a path; more cannot be seen


@dataclass(frozen=True)
class Tracks:
    """Curves of f, and paths; of a long run every `stride`-th point."""

    paths: list[NDArray[np.float64]]
    values: list[NDArray[np.float64]]
    steps: NDArray[np.float64]
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


def tracks(recording: Recording, count: int, last: int) -> Tracks:
    """Gather the columns of a recording, as far as it is known now."""
    stride = 1 + last // LONG
    columns = [[recording.column(f"{i}.{name}")[: last + 1] for name in "xyf"] for i in range(count)]
    paths = [np.column_stack([x[::stride], y[::stride]]) for x, y, _ in columns]
    return Tracks(paths, [f for _, _, f in columns], np.arange(last + 1.0), stride)


class Drawing:
    """What a race and its pinned runs look like; made once for every state of the recordings."""

    def __init__(
        self,
        config: RaceConfig,
        recording: Recording,
        own: Tracks,
        ghosts: Sequence[Ghost],
        offset: float,
        theme: Theme,
    ) -> None:
        self.recording = recording
        self.names = racer_names(config.racers)
        self.strokes = racer_strokes(config.racers, theme)
        self.tracks = own
        self.ghost_paths: list[Path] = []
        self.curves: list[Curve] = []
        for number, ghost in enumerate(ghosts):
            self._add_ghost(f"ghost {number}", ghost, offset, theme)
        for index, values in enumerate(self.tracks.values):
            measured = values - offset if offset else values
            self.curves.append(
                Curve(str(index), self.names[index], self.tracks.steps, measured, self.strokes[index])
            )

    def _add_ghost(self, key: str, ghost: Ghost, offset: float, theme: Theme) -> None:
        """Add a pinned run, faint; one name stands for all its curves."""
        assert isinstance(ghost.config, RaceConfig)
        run = tracks(ghost.recording, len(ghost.config.racers), ghost.recording.last)
        strokes = racer_strokes(ghost.config.racers, theme)
        for index, (xy, values, stroke) in enumerate(zip(run.paths, run.values, strokes, strict=True)):
            name = tr("pinned: {what}", what=ghost.label) if index == 0 else ""
            own = f"{key}.{index}"
            self.curves.append(Curve(own, name, run.steps, values - offset, stroke, ghost=True))
            known = xy[np.isfinite(xy).all(axis=1)]
            self.ghost_paths.append(Path(own, "", known, stroke, ghost=True))

    def paths(self, step: int, inspected: int) -> list[Path]:
        """All paths as they were at `step`, the pinned ones whole; the inspected racer's lies on top."""
        found = [*self.ghost_paths]
        for index, (name, stroke) in enumerate(zip(self.names, self.strokes, strict=True)):
            xy = self.tracks.path(self.recording, index, step)
            lost = bool(len(xy)) and not np.isfinite(xy[-1]).all()
            if lost:
                xy = xy[np.isfinite(xy).all(axis=1)]
            found.append(Path(str(index), name, xy, stroke, diverged=lost))
        found.append(found.pop(len(self.ghost_paths) + inspected))
        return found
