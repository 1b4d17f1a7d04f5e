"""The curves of *Fit Q to P*: the two losses that lie H(P) apart, and one measure of every run."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.divergence_gradients import DIVERGENCES
from engine.experiments.entropy.fit import FitConfig
from engine.recording import Recording
from gui.language import tr
from gui.moment import Ghost
from gui.plots.curves import Curve, Mark
from gui.plots.ticks import value_text
from gui.theme import Theme

ORDINARY = 2.0
WIDE, NARROW = 4.0, 1.6  # of two curves that lie on each other: the one below, the one on top


def identity(recording: Recording, name: str, step: int, theme: Theme) -> tuple[list[Curve], list[Mark]]:
    """H(P, Q) and KL(P‖Q) of one run, and at the playhead what lies between them: H(P)."""
    stroke, x = theme.stroke, np.arange(recording.last + 1.0)
    cross, kl = (recording.column(f"{name}.{which}") for which in ("cross_entropy", "kl"))
    level = recording.column("entropy")
    ends = np.array([kl[step], cross[step]])
    below, above = (ORDINARY, ORDINARY) if level[0] > 0 else (WIDE, NARROW)
    curves = [
        Curve("entropy", "H(P)", x, level, stroke("entropy")),
        Curve("cross_entropy", "H(P, Q)", x, cross, stroke("cross_entropy"), width=below),
        Curve("kl", "KL(P‖Q)", x, kl, stroke("kl"), width=above),
        Curve("gap", "", np.full(2, float(step)), ends, stroke("entropy"), width=2.4),
    ]
    middle, text = float(ends.mean()), f"H(P) = {value_text(float(level[0]))}"
    return curves, [Mark(float(step), middle, text, stroke("entropy"))] if np.isfinite(middle) else []


def compared(
    recording: Recording,
    config: FitConfig,
    ghosts: Sequence[Ghost],
    measure: str,
    theme: Theme,
    short: bool = False,
) -> list[Curve]:
    """One measure of every run, those of pinned runs first, named once and in the unit of this one.

    `short` names them by their signs, where a legend has little room.
    """
    curves = []
    for ghost in ghosts:
        if ghost.recording.last >= 0 and isinstance(ghost.config, FitConfig):
            runs = _runs(ghost.recording, ghost.config, measure, theme, ghost.label)
            curves += [_in_unit(curve, measure, ghost.config.b, config.b) for curve in runs]
    runs = _runs(recording, config, measure, theme)
    if short:
        runs = [replace(run, name=DIVERGENCES[run.key].sign) for run in runs]
    return curves + runs


def _runs(
    recording: Recording, config: FitConfig, measure: str, theme: Theme, label: str | None = None
) -> list[Curve]:
    """The measure of every run of a recording; `label` stands for all of them when it is pinned."""
    x, curves = np.arange(recording.last + 1.0), []
    one = measure != "loss" or not recording.column("entropy")[0]  # the first two are then one line
    for k, name in enumerate(config.losses):
        width = {"cross_entropy": WIDE, "kl": NARROW}.get(name, ORDINARY) if one else ORDINARY
        title = tr(DIVERGENCES[name].title) if label is None else label if k == 0 else ""
        values = recording.column(f"{name}.{measure}")
        curves.append(Curve(name, title, x, values, theme.stroke(name), ghost=label is not None, width=width))
    return curves


def _in_unit(curve: Curve, measure: str, base: float, wanted: float) -> Curve:
    """A curve measured with one base of the logarithm, as another one measures it."""
    measured = {"loss": curve.key, "kl": "kl"}.get(measure)
    if measured is None or base == wanted:
        return curve
    loss = DIVERGENCES[measured]
    return replace(curve, y=curve.y * (loss.unit(base) / loss.unit(wanted)))
