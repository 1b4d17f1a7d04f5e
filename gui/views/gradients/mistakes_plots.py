"""The plots of a mistake: the two losses, the gradient check, and another quantity that shows the mistake."""

from typing import Any, NamedTuple

import numpy as np

from engine.experiments.gradients.mistakes_check import BothChecks
from engine.experiments.gradients.mistakes_config import MistakesConfig
from engine.experiments.gradients.mistakes_recipe import STEPS
from engine.gradient_check import GradientComparison
from engine.recording import Recording
from gui.look.language import tr
from gui.look.theme import Stroke, Theme
from gui.plots.bars import Bars, BarsPanel
from gui.plots.curves import Curve, Mark
from gui.plots.scale import FloatArray
from gui.screen.moment import Moment
from gui.views.curve_plots import Plot, over_steps
from gui.views.pinned import column_curve, level, with_pinned

At = Moment[MistakesConfig, Any]
SHOWN = 10  # coordinates of the gradient


class Symptom(NamedTuple):
    """How a scalar is drawn, in English."""

    title: str
    name: str
    unit: str = ""
    limits: tuple[float, float] | None = None
    log: bool = False


FRACTION = (0.0, 1.03)
SYMPTOMS = {
    "accuracy": Symptom("Training accuracy", "accuracy", "", FRACTION),
    "right": Symptom("Accuracy on held-out examples", "accuracy", "", FRACTION),
    "mean_logit": Symptom("Mean of all logits", "mean logit"),
    "moved": Symptom("Length of a step, for each weight", "length", "η", None, True),
    "norm": Symptom("Length of the gradient", "length", "", None, True),
    "logit": Symptom("Largest logit", "logit"),
    "dead": Symptom("Fraction of dead units", "fraction", "", FRACTION),
    "forget_gate": Symptom("Mean of the forget gate", "forget gate", "", FRACTION),
}


def pair(recording: Recording, column: str, theme: Theme, who: str = "") -> list[Curve]:
    """A scalar of the right training and of the wrong one, which lies above."""
    sides = (("right", tr("right")), ("wrong", tr("wrong")))
    return [
        column_curve(recording, f"{who}{side}.{column}", name, theme.stroke(side), width=2.2)
        for side, name in sides
        if f"{who}{side}.{column}" in recording.names
    ]


def loss(at: At, theme: Theme) -> Plot:
    """Return both losses and that of guessing, with marks where the wrong one is NaN or infinite."""
    mistake = at.config.mistake
    curves = with_pinned(at, lambda config, recording: pair(recording, config.mistake.curve, theme))
    guess = level("guess", tr("a guess"), (0.0, STEPS), mistake.guess, theme.stroke("bound"), width=1.2)
    held_out = mistake.curve == "held_out"
    title = tr("Loss on held-out examples") if held_out else tr("Loss on the training examples")
    unit = "" if mistake.name == "diagonal_jacobian" else tr("nats")
    axes = over_steps(STEPS, tr("loss"), unit, at.options.log_loss, title=title, log_option="log_loss")
    return Plot(axes, [*curves, guess], [*lost(at, theme)])


def lost(at: At, theme: Theme) -> list[Mark]:
    """Return marks where the loss of the wrong training becomes non-finite, for some steps or for ever."""
    y = at.recording.column(f"wrong.{at.config.mistake.curve}")
    gaps = np.flatnonzero(~np.isfinite(y))
    if not gaps.size or not gaps[0]:
        return []
    first = int(gaps[0])
    for_ever = gaps.size == len(y) - first
    told = tr("NaN from step {step} on" if for_ever else "NaN at {n} steps", step=first, n=gaps.size)
    return [Mark(first - 1, float(y[first - 1]), told, theme.stroke("wrong"))]


def symptom(at: At, theme: Theme) -> Plot:
    """Return the scalar that shows the mistake."""
    name = at.config.mistake.symptom
    how = SYMPTOMS[name]
    axes = over_steps(STEPS, tr(how.name), how.unit, how.log, how.limits, title=tr(how.title))
    return Plot(axes, with_pinned(at, lambda _, recording: pair(recording, name, theme)))


def show_components(panel: BarsPanel, at: At, found: BothChecks | None) -> None:
    """The largest components of the gradient that the wrong line gives, beside the differences."""
    if found is None:
        return
    places, wrong = largest(found.wrong), found.wrong
    analytic, numeric = wrong.analytic[places], wrong.numeric[places]
    finite = np.abs([*analytic[np.isfinite(analytic)], *numeric[np.isfinite(numeric)], 0.0]).max()
    reach = 1.15 * float(finite) or 1.0
    theme = panel.theme
    verdict = theme.stroke("right") if wrong.check.passed else theme.stroke("wrong")
    panel.entitle(tr("Gradient check: passes" if wrong.check.passed else "Gradient check: fails"))
    panel.set_axes((tr("weight"), ""), (tr("gradient"), ""), (-reach, reach))
    series = [
        Bars("numeric", tr("numeric"), numeric, Stroke(theme.stroke("numeric").colour)),
        Bars("analytic", tr("as coded"), analytic, verdict),
    ]
    panel.set_bars(tuple(str(k) for k in wrong.coordinates[places].tolist()), series)


def largest(found: GradientComparison) -> FloatArray:
    """The places of the coordinates where one of the two gradients is largest, in their order."""
    size = np.fmax(np.abs(found.analytic), np.abs(found.numeric))
    order = np.argsort(np.where(np.isfinite(size), size, np.inf), kind="stable")
    return np.sort(order[-SHOWN:])
