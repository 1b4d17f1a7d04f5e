"""Curves of pinned runs, behind those of the run on show."""

from collections.abc import Sequence
from dataclasses import replace

from gui.plots.curves import Curve
from gui.strokes import ghost_stroke


def pinned(curves: Sequence[Curve], label: str, k: int) -> list[Curve]:
    """The curves of the k-th pinned run: faint, in its dash, and the first with its label."""
    return [
        replace(
            curve, name="" if i else label, ghost=True, stroke=ghost_stroke(curve.stroke, k),
            column=f"{label} · {curve.column or curve.name or curve.key}",
        )
        for i, curve in enumerate(curves)
    ]  # fmt: skip
