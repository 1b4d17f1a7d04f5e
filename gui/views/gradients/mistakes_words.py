"""The texts of the gallery: the result at a step, the two lines, and how the mistake can be found."""

from math import isfinite
from typing import Any

import numpy as np

from engine.experiments.gradients.mistakes_base import Line, Mistake
from engine.experiments.gradients.mistakes_check import BothChecks
from engine.experiments.gradients.mistakes_config import QUESTIONS, MistakesConfig, quiz_of
from engine.experiments.gradients.mistakes_table import MISTAKES
from engine.gradient_check import GradientCheck
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.look.terms import terms_in
from gui.plots.bars import BarsPanel
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.screen.terms import Term, term

At = Moment[MistakesConfig, Any]
ERROR = r"\frac{|g - \hat g|}{\max(|g|,\, |\hat g|)}"


def finding(at: At, found: BothChecks | None) -> str:
    """Say both losses at the step and the result of the gradient check; or the progress in the quiz."""
    if at.config.show == "quiz":
        return of_the_quiz(at)
    mistake = at.config.mistake
    right, wrong = (at.value(f"{side}.{mistake.curve}") for side in ("right", "wrong"))
    gaps = int(np.isnan(at.recording.column(f"wrong.{mistake.curve}")[: at.step]).sum())
    sentence = "{mistake}: at step {step} the loss is {wrong}; with the right line it is {right}."
    if not isfinite(wrong):
        sentence = "{mistake}: at step {step} the loss is not a number; with the right line it is {right}."
    elif gaps:
        sentence = "{mistake}: NaN at {n} steps; at step {step} the loss is {wrong}, done right {right}."
    elif mistake.curve == "held_out":
        sentence = "{mistake}: at step {step} the held-out loss is {wrong}, done right {right}."
    words = tr(sentence, mistake=tr(mistake.title), step=at.step, wrong=wrong, right=right, n=gaps)
    return words if found is None else tr("{first} {second}", first=words, second=verdict(mistake, found))


def verdict(mistake: Mistake, found: BothChecks) -> str:
    """What the check of the wrong line says."""
    check = found.wrong.check
    if not check.passed:
        if not isfinite(check.max_relative_error):
            told = "The gradient check fails: the gradient is not a number."
            if np.isfinite(found.wrong.analytic).all():
                told = "The gradient check fails: the numeric differences are not numbers."
            return tr(told)
        return tr("The gradient check fails: relative error {error}.", error=error_text(check))
    why = tr(mistake.passes) if mistake.passes else tr("the components that were compared agree.")
    return tr("The gradient check passes: {why}", why=why)


def error_text(check: GradientCheck) -> str:
    """The relative error of a check."""
    return short_text(check.max_relative_error, 2)


def code(mistake: Mistake, line: Line) -> str:
    """A line as it stands in the program: what it computes, and how."""
    return line.code if "=" in line.code.split("(")[0] else f"{mistake.result} = {line.code}"


def blocks(mistake: Mistake, found: BothChecks | None) -> list[Live]:
    """The right line and the wrong one with their checks; how one finds the mistake; the source."""
    checks = (None, None) if found is None else (found.right.check, found.wrong.check)
    errors = ""
    if found is not None:
        right, wrong = (error_text(check.check) for check in found)
        errors = tr("right {right}, wrong {wrong}", right=right, wrong=wrong)
    return [
        Live(tr("Right"), mistake.right.latex, code(mistake, mistake.right), checks[0]),
        Live(tr("Wrong"), mistake.wrong.latex, code(mistake, mistake.wrong), checks[1]),
        Live(tr("What one sees"), "", tr(mistake.looks)),
        Live(tr("Relative error of the gradient"), ERROR, errors),
        Live(tr("How one finds it"), "", tr(mistake.found)),
        Live(tr("Source"), "", mistake.source),
    ]


NAMES = {
    r"\frac{\partial L}{\partial z}": "derivative by the logits",
    r"\frac{\partial L}{\partial z_j}": "derivative by a logit",
    r"\frac{\partial L}{\partial p_j}": "derivative by a probability",
    r"\frac{\partial L}{\partial p_i}": "derivative by a probability",
    r"\frac{\partial L}{\partial a}": "derivative by the output of a unit",
    r"\nabla L_t": "gradient of the batch of this step",
    r"\nabla L_s": "gradient of the batch of a step",
    r"\hat{m}_t": "corrected mean",
    "m_t": "running mean of the gradient",
    r"\log p": "logarithm of the probabilities",
    r"\mathrm{CE}": "cross-entropy of probabilities",
    r"\pi": "new order of the examples",
    r"\mu_{\mathrm{training}}": "mean of the training examples",
    r"\sigma_{\mathrm{training}}": "spread of the training examples",
    r"\mu_{\mathrm{all}}": "mean of all examples",
    r"\sigma_{\mathrm{all}}": "spread of all examples",
    "h_0": "first state of a sequence",
    r"h_T^{\mathrm{before}}": "last state of the sequence before",
    "n_{in}": "inputs of the layer",
    "p_j": "probability of a class",
    "p_i": "probability of a class",
    "p": "probabilities",
    "y": "label, 1 at the true class",
    "B": "size of the batch",
    "z": "logits, or the sum of a unit",
    "W": "first weights",
    "b": "first biases",
}


def terms(mistake: Mistake, components: BarsPanel) -> list[Term]:
    """Return the meanings of the letters of the two lines and of the check."""
    written = f"{mistake.right.latex} {mistake.wrong.latex}"
    standing = {found.term for found in terms_in(written, [*NAMES])}
    named = [term(latex, tr(NAMES[latex])) for k, latex in enumerate(NAMES) if k in standing]
    return [
        *named,
        term("g", tr("gradient as it is coded"), (components, "analytic"), told=False),
        term(r"\hat g", tr("numeric difference"), (components, "numeric"), told=False),
    ]


# The quiz


def of_the_quiz(at: At) -> str:
    """Return the answer for the chosen curve with the reason; or the question."""
    mistakes, k = quiz_of(at.config.seed), at.options.curve - 1
    said = answers(at)[k]
    if not said:
        return tr("Curve {n}: which mistake is it? The right training is grey.", n=k + 1)
    chosen = MISTAKES[said]
    slots = {"mistake": tr(chosen.title), "looks": tr(chosen.looks)}
    if said == mistakes[k].name:
        return tr("Right, it is this one: {mistake}. {looks}", **slots)
    return tr("It is another one. {mistake} looks like this: {looks}", **slots)


def in_order(seed: int) -> list[Mistake]:
    """Return the mistakes of a quiz in the order of the gallery, which says nothing about the curves."""
    order = [*MISTAKES]
    return sorted(quiz_of(seed), key=lambda mistake: order.index(mistake.name))


def answers(at: At) -> list[str]:
    """Return the answer for each curve; "" without one."""
    said = [name if name in MISTAKES else "" for name in at.options.answers]
    return [*said, *[""] * (QUESTIONS - len(said))]


def score(at: At) -> int:
    """Return how many curves have the right name."""
    return sum(
        said == mistake.name for said, mistake in zip(answers(at), quiz_of(at.config.seed), strict=True)
    )


def quiz_blocks(at: At) -> list[Live]:
    """What is told in the notes of a quiz: of curves that are named, how one finds their mistake."""
    named = [
        Live(tr(mistake.title), mistake.wrong.latex, tr(mistake.found))
        for said, mistake in zip(answers(at), quiz_of(at.config.seed), strict=True)
        if said == mistake.name
    ]
    return [Live(tr("Named rightly"), "", f"{score(at)} / {len(answers(at))}"), *named]
