"""A classifier in formulas: what became of a table, the loss, and the last steps of one example."""

from collections.abc import Sequence

from engine.data.training_data import TrainingData
from engine.experiments.losses.classifier_inspection import Trace
from engine.gradient_check import GradientCheck
from gui.form.table_preview import left_out_in_words
from gui.look.language import tr
from gui.plots.ticks import listed, value_text
from gui.screen.notes import Live
from gui.views.losses.classifier_history import lines_of
from gui.views.losses.classifier_options import At

LOGITS = r"\mathbf{z} = W^{\top}\mathbf{a} + \mathbf{b}"
LINEAR = r"\mathbf{z} = W^{\top}\mathbf{x} + \mathbf{b}"
SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"
LOSS = r"L = -\ln p_{c}"
SMOOTHED_LOSS = r"L = -\sum_i y_i \ln p_i"
GRADIENT = r"\frac{\partial L}{\partial \mathbf{z}} = \mathbf{p} - \mathbf{y}"
SMOOTHING = r"y_i = (1-s)\,[i = c] + \frac{s}{C}"


def from_table(data: TrainingData) -> list[Live]:
    """How numbers of the table become inputs, and what of it is left out; nothing where there is no table."""
    about = data.about
    if about is None:
        return []
    lines = [tr("{count} examples", count=about.rows)]
    if about.missing:
        lines.append(tr("Lines with a missing value, left out: {count}", count=about.missing))
    if about.layout.left_out:
        lines.append(tr("Left out: {names}", names=left_out_in_words(about.layout)))
    title = tr("From the table to the inputs")
    if about.layout.side:
        lines.insert(0, tr("largest value {value}", value=value_text(float(data.spread[0]))))
        return [Live(title, r"x = \frac{v}{v_{\max}}", "\n".join(lines))]
    return [Live(title, r"x = \frac{v - \mu}{\sigma}", "\n".join(lines))]


def batch_block(at: At) -> Live:
    """The loss that is trained on, and the norm of its gradient."""
    lines = lines_of(at)
    loss, _ = lines.newest("training.loss", at.step)
    held_out, measured = lines.newest("held_out.loss", at.step)
    numbers = [
        tr("batch {loss}", loss=value_text(loss)),
        tr("held-out {loss}, measured at step {step}", loss=value_text(held_out), step=measured),
    ]
    if "gradient.norm" in at.recording.names:
        numbers.append(tr("size of the gradient {norm}", norm=value_text(at.value("gradient.norm"))))
    return Live(tr("Mean loss"), r"\frac{1}{B}\sum_{n=1}^{B} L_n", "\n".join(numbers))


def formulas(
    trace: Trace, classes: Sequence[str], smoothing: float, checked: GradientCheck | None = None
) -> list[Live]:
    """z, p, L and ∂L/∂z of an example; the true class is c. `checked` is of the network shown, if any."""
    true = classes[trace.label]
    p, loss = float(trace.probabilities[trace.label]), value_text(trace.loss)
    blocks = [
        Live(tr("Logits"), LOGITS if trace.layers else LINEAR, f"z:  {listed(trace.logits, classes)}"),
        Live(tr("Softmax"), SOFTMAX, f"p:  {listed(trace.probabilities, classes)}"),
    ]
    if smoothing > 0:
        terms = " + ".join(map(value_text, trace.terms))
        blocks += [
            Live(
                tr("Smoothed label, s = {s}", s=value_text(smoothing)),
                SMOOTHING,
                f"y:  {listed(trace.target, classes)}",
            ),
            Live(tr("Cross-entropy"), SMOOTHED_LOSS, f"L = {terms} = {loss}"),
        ]
    else:
        title = tr("Cross-entropy, true class c = {name}", name=true)
        blocks.append(Live(title, LOSS, f"L = −ln {value_text(p)} = {loss}"))
    numbers = f"p − y:  {listed(trace.gradient, classes)}"
    return [*blocks, Live(tr("Gradient at the logits"), GRADIENT, numbers, checked)]
