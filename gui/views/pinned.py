"""Curves of a run, and those of pinned runs behind them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.recording import Recording
from gui.look.strokes import ghost_stroke
from gui.look.theme import Stroke
from gui.plots.curves import Curve
from gui.screen.moment import Moment


def pinned(curves: Sequence[Curve], label: str, k: int) -> list[Curve]:
    """The curves of the k-th pinned run: faint, in its dash, and the first with its label."""
    return [
        replace(
            curve, name="" if i else label, ghost=True, stroke=ghost_stroke(curve.stroke, k),
            column=f"{label} · {curve.column or curve.name or curve.key}",
        )
        for i, curve in enumerate(curves)
    ]  # fmt: skip


def with_pinned(at: Moment[Any, Any], curves_of: Callable[[Any, Recording], Sequence[Curve]]) -> list[Curve]:
    """The curves of the run on show, those of pinned runs before them: `curves_of(config, recording)`."""
    return [*behind(at, curves_of), *curves_of(at.config, at.recording)]


def behind(at: Moment[Any, Any], curves_of: Callable[[Any, Recording], Sequence[Curve]]) -> list[Curve]:
    """The curves of pinned runs: `curves_of(config, recording)`."""
    return [
        curve
        for k, ghost in enumerate(at.ghosts)
        if ghost.recording.last >= 0
        for curve in pinned(curves_of(ghost.config, ghost.recording), ghost.label, k)
    ]


def column_curve(recording: Recording, column: str, name: str, stroke: Stroke, **how: Any) -> Curve:
    """One scalar of a recording against the step, as a curve; `how` is what else a `Curve` takes."""
    y = recording.column(column)
    return Curve(column, name, np.arange(float(len(y))), y, stroke, **how)


def level(key: str, name: str, ends: tuple[float, float], height: float, stroke: Stroke, **how: Any) -> Curve:
    """A level line."""
    return Curve(key, name, np.array(ends, float), np.full(2, height), stroke, **how)
