"""How units die as training goes on: fractions, deaths and revivals, and what the network makes of it."""

from dataclasses import replace
from typing import Any

from engine.experiments.gradients.dying_relu_config import DyingReluConfig, NoKick
from engine.experiments.gradients.dying_relu_inspection import deadliest
from gui.look.language import tr
from gui.look.strokes import class_stroke
from gui.look.theme import Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Mark
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes, over_steps
from gui.views.pinned import behind, column_curve, with_pinned
from gui.views.step_curves import round_up

At = Moment[DyingReluConfig, Any]


def _axes(at: At, *y: Any) -> CurveAxes:
    """Something against the steps there is room for."""
    return over_steps(max([at.config.steps, *(ghost.recording.last for ghost in at.ghosts)]), *y)


def dead_axes(at: At) -> CurveAxes:
    """Fractions against steps."""
    return _axes(at, tr("fraction"), "", False, (0.0, 1.03))


def learning_axes(at: At) -> CurveAxes:
    """Loss or accuracy against steps."""
    if at.options.curve == "accuracy":
        axes = _axes(at, tr("accuracy"), "", False, (0.0, 1.03))
        return axes._replace(title=tr("Accuracy on the training examples"))
    axes = _axes(at, tr("loss"), tr("nats"), at.options.log_loss)
    return axes._replace(title=tr("Loss on the training examples"))


def turns_axes(at: At) -> CurveAxes:
    """Units against steps, to round numbers of deaths and revivals: both ends have a tick."""
    up, down = (
        round_up(float(at.recording.column(name).max(initial=1.0))) for name in ("deaths", "revivals")
    )
    return _axes(at, tr("units"), "", False, (-down, 1.06 * up))


def dead_fractions(at: At, theme: Theme) -> list[Curve]:
    """The fraction of dead units, layer by layer and in all; of pinned runs in all."""
    all_units, layers = theme.stroke("all_units"), range(at.config.layers)
    curves = behind(at, lambda _, recording: [column_curve(recording, "dead", "", all_units)])
    curves += [
        column_curve(at.recording, f"dead.{k + 1}", tr("layer {n}", n=k + 1), class_stroke(theme, k))
        for k in layers
    ]
    if len(layers) > 1:
        curves.append(column_curve(at.recording, "dead", tr("all units"), all_units, width=2.4))
    return curves


def mark_kick(panel: CurvesPanel, at: At) -> None:
    """Where the kick was."""
    kick, marks = at.config.kick, []
    if not isinstance(kick, NoKick) and at.last >= kick.step:
        height = float(at.recording.column("dead")[kick.step])
        marks.append(Mark(kick.step, height, tr("kick"), Stroke(panel.theme.text)))
    panel.set_marks(marks)


def learning(at: At, theme: Theme) -> list[Curve]:
    """The loss, or the accuracy."""
    what = at.options.curve
    name, stroke = tr("loss") if what == "loss" else tr("accuracy"), theme.stroke("training")
    return with_pinned(at, lambda _, recording: [column_curve(recording, what, name, stroke)])


def turns(at: At, theme: Theme) -> list[Curve]:
    """How many units died (up) and came back (down) in each update."""
    died = column_curve(at.recording, "deaths", tr("died"), theme.stroke("death"), width=1.4, fill=True)
    back = column_curve(
        at.recording, "revivals", tr("came back"), theme.stroke("revival"), width=1.4, fill=True
    )
    return [died, replace(back, y=0.0 - back.y)]


def mark_deadliest(panel: CurvesPanel, at: At) -> None:
    """Which update was the deadliest."""
    worst, marks = deadliest(at.recording), []
    if worst is not None:
        words = tr("{n} at step {step}", n=worst.deaths, step=worst.step)
        marks.append(Mark(worst.step, worst.deaths, words, panel.theme.stroke("death")))
    panel.set_marks(marks)
