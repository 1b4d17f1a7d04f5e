"""The sentence over exploding gradients: how far an uncut step goes, and how far a cut one."""

from math import isfinite
from typing import Any

import numpy as np

from engine.experiments.gradients.clipping import ClippingConfig
from engine.optimizers.descent import GradientDescent
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.moment import Moment

At = Moment[ClippingConfig, Any]


def finding(at: At) -> str:
    """Say what the unclipped run does, and what clipping by norm changes."""
    c, step, rule = at.config.threshold, at.step, at.config.descent
    rate = rule.rate(step + 1)
    norm, loss = at.value("none.norm"), at.value("none.loss")
    most = _largest_rate(rule, step) * c
    slots = {"most": most, "saved": at.value("norm.loss"), "n": norm, "loss": loss}
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
            far=rate * norm,
            **slots | {"most": value_text(rate * c)},
        )
    longest = at.once(_longest, at.recording, step, c)
    if longest is not None:
        return tr(
            "Unclipped, step {k} moved by {far}: the loss is now {loss}. "
            "Clipped by norm, with steps of {most} at most, it is {saved}.",
            k=longest[0],
            far=longest[1],
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


def _largest_rate(rule: GradientDescent, step: int) -> float:
    """Return the largest learning rate of the steps so far; at the start, that of the first.

    It rises in the warm-up; no later one is larger than that of the step after it.
    """
    return rule.rate(min(max(step, 1), rule.schedule.warmup_steps + 1))


def _longest(recording: Recording, step: int, c: float) -> tuple[int, float] | None:
    """Return the longest step so far that clipping by norm would have shortened, and its length."""
    long = recording.column("none.norm")[:step] > c * (1 + 1e-9)
    if not long.any():
        return None
    moved = np.where(long, recording.column("none.moved")[1 : step + 1], -1.0)
    longest = int(moved.argmax())
    return longest + 1, float(moved[longest])
