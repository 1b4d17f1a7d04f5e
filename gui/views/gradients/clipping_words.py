"""The sentence over exploding gradients: how far an uncut step goes, and how far a cut one."""

from math import isfinite
from typing import Any

import numpy as np

from engine.experiments.gradients.clipping import ClippingConfig
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.moment import Moment

At = Moment[ClippingConfig, Any]


def finding(at: At) -> str:
    """Say what the unclipped run does, and what clipping by norm changes."""
    c, rate, step = at.config.threshold, at.config.learning_rate, at.step
    norm, loss = at.value("none.norm"), at.value("none.loss")
    slots = {
        "most": value_text(rate * c),
        "saved": value_text(at.value("norm.loss")),
        "n": value_text(norm),
        "loss": value_text(loss),
    }
    if not isfinite(loss):
        return tr(
            "Unclipped, the loss diverged at step {k}; clipped by norm it is {saved}, "
            "no step longer than {most}.",
            k=at.once(_end, at.recording, step),
            **slots,
        )
    if norm > c:
        return tr(
            "The unclipped gradient has norm {n}: the next step moves by {far}; "
            "clipped by norm it would move by {most}.",
            far=value_text(rate * norm),
            **slots,
        )
    longest = at.once(_longest, at.recording, step)
    if longest is not None and longest[1] > rate * c * (1 + 1e-9):
        return tr(
            "Unclipped, step {k} moved by {far}: the loss is now {loss}. "
            "Clipped by norm, with steps of {most} at most, it is {saved}.",
            k=longest[0],
            far=value_text(longest[1]),
            **slots,
        )
    if step == 0:
        return tr("Three runs start at one place: unclipped, clipped by norm, clipped by value.")
    return tr(
        "Up to step {k} no gradient was longer than c = {c}: the three runs are the same.",
        k=step,
        c=short_text(c, 4),
    )


def thrown(at: At) -> int | None:
    """Return the step of the longest unclipped gradient, once the run is known: there the three runs
    separate.
    """
    norms = at.recording.column("none.norm")
    if at.last < at.config.steps or not np.isfinite(norms).any():
        return None
    return int(np.nanargmax(norms))


def _end(recording: Recording, step: int) -> int:
    return int(np.flatnonzero(~np.isfinite(recording.column("none.loss")[: step + 1]))[0])


def _longest(recording: Recording, step: int) -> tuple[int, float] | None:
    """Return the longest unclipped step so far, and its length."""
    if not step:
        return None
    moved = recording.column("none.moved")[: step + 1]
    longest = int(np.nanargmax(moved))
    return longest, float(moved[longest])
