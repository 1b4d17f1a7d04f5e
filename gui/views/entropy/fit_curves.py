"""The curves of *Fit Q to P*: the two losses that lie H(P) apart, and one measure of every run."""

from dataclasses import replace
from typing import Any

import numpy as np

from engine.divergence_gradients import DIVERGENCES
from engine.experiments.entropy.fit import FitConfig
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Theme
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.plots.ticks import value_text
from gui.screen.moment import Moment
from gui.views.pinned import column_curve, with_pinned

ORDINARY = 2.0
WIDE, NARROW = 4.0, 1.6  # of two curves that lie on each other: the one below, the one on top

At = Moment[FitConfig, Any]


def show_identity(panel: CurvesPanel, at: At, name: str) -> None:
    """H(P, Q) and KL(P‖Q) of one run, and at the playhead what lies between them: H(P)."""
    stroke, step = panel.theme.stroke, float(at.step)
    level = column_curve(at.recording, "entropy", "H(P)", stroke("entropy"))
    below, above = (ORDINARY, ORDINARY) if level.y[0] > 0 else (WIDE, NARROW)
    cross = column_curve(
        at.recording, f"{name}.cross_entropy", "H(P, Q)", stroke("cross_entropy"), width=below
    )
    kl = column_curve(at.recording, f"{name}.kl", "KL(P‖Q)", stroke("kl"), width=above)
    ends = np.array([kl.y[at.step], cross.y[at.step]])
    gap = Curve("gap", "", np.full(2, step), ends, stroke("entropy"), width=2.4)
    panel.set_curves([level, cross, kl, gap])
    mark = Mark(step, float(ends.mean()), f"H(P) = {value_text(float(level.y[0]))}", stroke("entropy"))
    panel.set_marks([mark] if np.isfinite(mark.y) else [])
    panel.set_cursor(step)


def compared(at: At, theme: Theme) -> list[Curve]:
    """One measure of every run, those of pinned runs behind, all in the unit of this one."""
    measure, wanted = at.options.measure, at.config.b

    def runs(config: FitConfig, recording: Recording) -> list[Curve]:
        one = measure != "loss" or not recording.column("entropy")[0]  # the first two are then one line
        curves = []
        for name in config.losses:
            loss = DIVERGENCES[name]
            width = {"cross_entropy": WIDE, "kl": NARROW}.get(name, ORDINARY) if one else ORDINARY
            title = loss.sign if at.tight else tr(loss.title)  # where a legend has little room
            curve = column_curve(recording, f"{name}.{measure}", title, theme.stroke(name), width=width)
            measured = {"loss": loss, "kl": DIVERGENCES["kl"]}.get(measure)
            if measured is not None and config.b != wanted:
                curve = replace(curve, y=curve.y * (measured.unit(config.b) / measured.unit(wanted)))
            curves.append(curve)
        return curves

    return with_pinned(at, runs)
