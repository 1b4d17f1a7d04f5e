"""How units die as training goes on: fractions, deaths and revivals, and what the network makes of it."""

from typing import Any

import numpy as np

from engine.experiments.gradients.dying_relu_config import DyingReluConfig, NoKick
from engine.experiments.gradients.dying_relu_inspection import deadliest
from gui.language import tr
from gui.moment import Moment
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.strokes import class_stroke, ghost_stroke
from gui.theme import Stroke, Theme
from gui.views.step_curves import round_up

At = Moment[DyingReluConfig, Any]


def _span(at: At) -> tuple[float, float]:
    """The steps there is room for."""
    return 0.0, float(max([at.config.steps, *(ghost.recording.last for ghost in at.ghosts)]))


def axes_of(at: At) -> object:
    """The run, its steps, and what stands beside the dead."""
    return at.recording, _span(at), at.options.curve, at.options.log_loss


def show_dead_axes(panel: CurvesPanel, at: At) -> None:
    """Fractions against steps."""
    panel.set_axes((tr("step"), ""), (tr("fraction"), ""), x_limits=_span(at), y_limits=(0.0, 1.03))


def show_learning_axes(panel: CurvesPanel, at: At) -> None:
    """Loss or accuracy against steps."""
    step, across = (tr("step"), ""), _span(at)
    if at.options.curve == "accuracy":
        panel.title = tr("Accuracy on the training examples")
        panel.set_axes(step, (tr("accuracy"), ""), x_limits=across, y_limits=(0.0, 1.03))
    else:
        panel.title = tr("Loss on the training examples")
        panel.set_axes(step, (tr("loss"), tr("nats")), log_y=at.options.log_loss, x_limits=across)


def turns_axes_of(at: At) -> tuple[object, tuple[float, float], tuple[float, float]]:
    """The run, its steps, and round numbers of deaths and revivals, so that both ends have a tick."""
    most = (float(at.recording.column(name).max(initial=1.0)) for name in ("deaths", "revivals"))
    up, down = map(round_up, most)
    return at.recording, _span(at), (-down, 1.06 * up)


def show_turns_axes(panel: CurvesPanel, at: At) -> None:
    """Units against steps."""
    _, across, limits = turns_axes_of(at)
    panel.set_axes((tr("step"), ""), (tr("units"), ""), x_limits=across, y_limits=limits)


def show_dead(panel: CurvesPanel, at: At) -> None:
    """The fraction of dead units, layer by layer and in all; where the kick was."""
    x, theme, curves = np.arange(at.last + 1.0), panel.theme, _faint(at, "dead", "all_units", panel.theme)
    for k in range(at.config.layers):
        name = f"dead.{k + 1}"
        y = at.recording.column(name)
        curves.append(Curve(name, tr("layer {n}", n=k + 1), x, y, class_stroke(theme, k)))
    dead = at.recording.column("dead")
    if at.config.layers > 1:
        curves.append(Curve("dead", tr("all units"), x, dead, theme.stroke("all_units"), width=2.4))
    panel.set_curves(curves)
    kick, marks = at.config.kick, []
    if not isinstance(kick, NoKick) and at.last >= kick.step:
        marks.append(Mark(kick.step, float(dead[kick.step]), tr("kick"), Stroke(theme.text)))
    panel.set_marks(marks)


def show_learning(panel: CurvesPanel, at: At) -> None:
    """The loss, or the accuracy."""
    name = at.options.curve
    words, y = tr("loss") if name == "loss" else tr("accuracy"), at.recording.column(name)
    own = Curve(name, words, np.arange(at.last + 1.0), y, panel.theme.stroke("training"))
    panel.set_curves([*_faint(at, name, "training", panel.theme), own])


def show_turns(panel: CurvesPanel, at: At) -> None:
    """How many units died and came back in each update; which update was the deadliest."""
    x, stroke = np.arange(at.last + 1.0), panel.theme.stroke
    panel.set_curves([
        Curve("deaths", tr("died"), x, at.recording.column("deaths"), stroke("death"), width=1.4, fill=True),
        Curve("revivals", tr("came back"), x, 0.0 - at.recording.column("revivals"), stroke("revival"),
              width=1.4, fill=True),
    ])  # fmt: skip
    worst, marks = deadliest(at.recording), []
    if worst is not None:
        words = tr("{n} at step {step}", n=worst.deaths, step=worst.step)
        marks.append(Mark(worst.step, worst.deaths, words, stroke("death")))
    panel.set_marks(marks)


def _faint(at: At, name: str, stroke: str, theme: Theme) -> list[Curve]:
    """The same quantity of the pinned runs."""
    curves = []
    for k, ghost in enumerate(at.ghosts):
        if ghost.recording.last >= 0:
            y, faint = ghost.recording.column(name), ghost_stroke(theme.stroke(stroke), k)
            curves.append(Curve(f"{name}-{k}", ghost.label, np.arange(float(len(y))), y, faint, ghost=True))
    return curves


def show_playhead(panel: CurvesPanel, at: At) -> None:
    """Mark the step."""
    panel.set_cursor(at.step)
