"""The sentence over the units: how many are dead, and which update killed."""

from math import isfinite
from typing import Any

from engine.experiments.gradients.dying_relu_config import DyingReluConfig
from engine.experiments.gradients.dying_relu_inspection import Deadliest, deadliest
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import number_text
from gui.screen.moment import Moment


def finding(at: Moment[DyingReluConfig, Any]) -> str:
    """What the update on show did, and what all have done to the units so far."""
    recording, step, units = at.recording, at.step, at.config.layers * at.config.width
    dead = round(float(recording.column("dead")[step]) * units)
    if not isfinite(float(recording.column("loss")[step])):
        return tr("Update {step} threw the numbers out of range; dead: {dead} of {all} units.",
                  step=step, dead=dead, all=units)  # fmt: skip
    if (whole := next((k for k in range(1, at.config.layers + 1) if _is_dead(at, k)), 0)) > 0:
        return _of_a_layer(at, whole)
    if step == 0:
        return _before(dead, units)
    return _of_an_update(at, dead, units)


def _before(dead: int, units: int) -> str:
    if dead:
        return tr("Dead before the first update: {dead} of {all} units.", dead=dead, all=units)
    return tr("All {all} units are alive. Which update kills the most of them?", all=units)


def _of_an_update(at: Moment[DyingReluConfig, Any], dead: int, units: int) -> str:
    died = round(float(at.recording.column("deaths")[at.step]))
    slots = {"step": at.step, "n": died, "dead": dead, "all": units}
    worst = deadliest(at.recording)
    if worst is not None and at.step == worst.step:
        if at.last < at.config.steps:
            return tr("Update {step} is the deadliest so far: it kills {n} of {all} units; dead now: {dead}.",
                      **slots)  # fmt: skip
        return tr("Update {step} is the deadliest: it kills {n} of {all} units; dead now: {dead}.",
                  **slots)  # fmt: skip
    if died:
        return tr("Update {step} kills {n} of {all} units; dead now: {dead}.", **slots)
    worst = at.once(_so_far, at.recording, at.step)
    if worst is not None:
        return tr("Dead after update {step}: {dead} of {all} units. Update {k} alone killed {most}.",
                  k=worst.step, most=worst.deaths, **slots)  # fmt: skip
    return tr("No update up to {step} has killed a unit; dead: {dead} of {all}.", **slots)


def _so_far(recording: Recording, step: int) -> Deadliest | None:
    deaths = recording.column("deaths")[: step + 1]
    worst = int(deaths.argmax())
    return Deadliest(worst, int(deaths[worst])) if deaths[worst] > 0 else None


def _is_dead(at: Moment[DyingReluConfig, Any], layer: int) -> bool:
    return float(at.recording.column(f"dead.{layer}")[at.step]) >= 1.0


def _of_a_layer(at: Moment[DyingReluConfig, Any], layer: int) -> str:
    since = at.once(_since, at.recording, layer, at.step)
    right = number_text(float(at.recording.column("accuracy")[at.step])).strip()
    slots = {"step": since, "layer": layer, "right": right}
    if since:
        return tr(
            "Layer {layer} is dead since update {step}: one answer for every example, accuracy {right}.",
            **slots,
        )
    return tr(
        "Layer {layer} is dead from the start: one answer for every example, accuracy {right}.", **slots
    )


def _since(recording: Recording, layer: int, step: int) -> int:
    """The step since which a whole layer is dead; 0: from the start."""
    alive = (recording.column(f"dead.{layer}")[: step + 1] < 1.0).nonzero()[0]
    return int(alive[-1]) + 1 if alive.size else 0
