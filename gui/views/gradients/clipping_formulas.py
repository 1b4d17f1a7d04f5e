"""Clipping in formulas, with the numbers of the step that is drawn."""

import numpy as np

from engine.experiments.gradients.clipping import WAYS, ClippingConfig, SameStep, Snapshot
from engine.gradient_check import GradientCheck
from engine.recording import Recording
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live

TITLES = {"none": "Unclipped", "norm": "Clipped by norm", "value": "Clipped by value"}


def step_blocks(config: ClippingConfig, same: SameStep, checked: GradientCheck) -> list[Live]:
    """The gradient, what both ways of clipping make of it, and the three steps that follow."""
    text = value_text
    factor = min(1.0, config.threshold / same.norm) if same.norm > 0 else 1.0
    largest = float(np.abs(same.gradient).max(initial=0.0))
    return [
        Live(tr("The gradient here"), r"\|g\|=\sqrt{\sum_i g_i^2}",
             tr("‖g‖ = {norm}, the largest entry {largest}", norm=text(same.norm), largest=text(largest)),
             checked),
        Live(tr("Clipped by norm: the direction stays"),
             r"g\leftarrow g\cdot\min\left(1,\;\frac{c}{\|g\|}\right)",
             tr("times {factor}", factor=text(factor))),
        Live(tr("Clipped by value: each entry for itself"), r"g_i\leftarrow\max(-c,\min(c,g_i))",
             tr("turned by {angle}°", angle=text(turned(same)))),
        Live(tr("The same step, three times"), r"\theta\leftarrow\theta-\eta\,g", "\n".join(
            tr("{way}: {length} long, loss {before} → {after}", way=tr(TITLES[way]),
               length=text(same.lengths[way]), before=text(same.loss), after=text(same.after[way]))
            for way in WAYS)),
    ]  # fmt: skip


def turned(same: SameStep) -> float:
    """Degrees between the gradient and the gradient clipped by value; exactly 0 for the same."""
    long, short = same.lengths["none"], same.lengths["value"]
    if not (0 < long < np.inf and 0 < short < np.inf):
        return 0.0
    a, b = same.moves["none"] / long, same.moves["value"] / short
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b))))


def end_block(recording: Recording, way: str) -> Live:
    """When a way left the numbers."""
    shot: Snapshot = recording.snapshot(recording.last)[1]
    ended = tr("Its loss left the numbers at step {step}.", step=shot.ended[WAYS.index(way)])
    return Live(tr("This way has ended"), r"\theta\rightarrow\infty", ended)
