"""Curves of a run, and those of pinned runs behind them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.recording import Recording
from gui.look.language import tr
from gui.look.strokes import ghost_stroke
from gui.look.theme import Stroke
from gui.plots.curves import Curve
from gui.plots.path import Track
from gui.screen.moment import Ghost, Moment

At = Moment[Any, Any]
CurvesOf = Callable[[Any, Recording], Sequence[Curve]]
Label = Callable[[str], str]


def pinned(curves: Sequence[Curve], label: str, k: int) -> list[Curve]:
    """Return the curves of the k-th pinned run: faint, with its dash, the first one with its label."""
    return [
        replace(
            curve,
            name="" if i else label,
            ghost=True,
            stroke=ghost_stroke(curve.stroke, k),
            column=f"{label} · {curve.column or curve.name or curve.key}",
        )
        for i, curve in enumerate(curves)
    ]


def saying_pinned(label: str) -> str:
    """Return the label of a pinned run in a form that cannot be read as the name of a racer."""
    return tr("pinned: {what}", what=label)


def with_pinned(at: At, curves_of: CurvesOf, label: Label = str) -> list[Curve]:
    """Return the curves of pinned runs, then those of the present run: `curves_of(config, recording)`."""
    return [*behind(at, curves_of, label), *curves_of(at.config, at.recording)]


def behind(at: At, curves_of: CurvesOf, label: Label = str) -> list[Curve]:
    """Return the curves of pinned runs: `curves_of(config, recording)`; `label` makes the text of the
    differences.
    """
    return [
        curve
        for k, ghost in enumerate(at.ghosts)
        if ghost.recording.last >= 0
        for curve in pinned(curves_of(ghost.config, ghost.recording), _told(ghost, label), k)
    ]


def _told(ghost: Ghost, label: Label) -> str:
    """Return the label of a ghost; that of a branch contains the step from which on it differs."""
    return ghost.label if ghost.since else label(ghost.label)


def column_curve(recording: Recording, column: str, name: str, stroke: Stroke, **how: Any) -> Curve:
    """Return one scalar of a recording against the step as a curve; `how` are other fields of `Curve`."""
    y = recording.column(column)
    return Curve(column, name, np.arange(float(len(y))), y, stroke, **how)


def level(key: str, name: str, ends: tuple[float, float], height: float, stroke: Stroke, **how: Any) -> Curve:
    """Return a horizontal line; without a name it is an aid, not data."""
    return Curve(key, name, np.array(ends, float), np.full(2, height), stroke, aid=not name, **how)


def column_path(
    recording: Recording, who: str, name: str, stroke: Stroke, step: int | None = None, pinned_as: str = ""
) -> Track:
    """Return the path that is recorded as `who.x` and `who.y`, up to a step or until it diverged."""
    end = None if step is None else step + 1
    xy = np.stack([recording.column(f"{who}.{axis}")[:end] for axis in "xy"], axis=1)
    known = np.isfinite(xy).all(axis=1)
    lost = not pinned_as and not known.all()
    return Track(pinned_as or who, name, xy[known], stroke, ghost=bool(pinned_as), diverged=lost)
