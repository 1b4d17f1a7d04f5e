"""The formulas of a classifier's last steps, with the numbers of one example."""

from collections.abc import Iterable, Sequence

import numpy as np

from engine.experiments.losses.classifier_inspection import Trace
from engine.gradient_check import GradientCheck
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text

LOGITS = r"\mathbf{z} = W^{\top}\mathbf{a} + \mathbf{b}"
LINEAR = r"\mathbf{z} = W^{\top}\mathbf{x} + \mathbf{b}"
SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"
LOSS = r"L = -\ln p_{c}"
SMOOTHED_LOSS = r"L = -\sum_i y_i \ln p_i"
GRADIENT = r"\frac{\partial L}{\partial \mathbf{z}} = \mathbf{p} - \mathbf{y}"
SMOOTHING = r"y_i = (1-s)\,[i = c] + \frac{s}{C}"


def formulas(
    trace: Trace, classes: Sequence[str], smoothing: float, checked: GradientCheck | None
) -> list[Live]:
    """z, p, L and ∂L/∂z of an example; the true class is c. `checked` is of the network shown, if any."""
    true = classes[trace.label]
    p, loss = float(trace.probabilities[trace.label]), value_text(trace.loss)
    badge = None if checked is None else Check(checked.max_relative_error, checked.passed)
    blocks = [
        Live(tr("Logits"), LOGITS if trace.layers else LINEAR, f"z:  {_listed(classes, trace.logits)}"),
        Live(tr("Softmax"), SOFTMAX, f"p:  {_listed(classes, trace.probabilities)}"),
    ]
    if smoothing > 0:
        blocks += [
            Live(tr("Smoothed label, s = {s}", s=value_text(smoothing)), SMOOTHING,
                 f"y:  {_listed(classes, trace.target)}"),
            Live(tr("Cross-entropy"), SMOOTHED_LOSS, f"L = {_sum(trace.terms)} = {loss}"),
        ]  # fmt: skip
    else:
        title = tr("Cross-entropy, true class c = {name}", name=true)
        blocks.append(Live(title, LOSS, f"L = −ln {value_text(p)} = {loss}"))
    blocks.append(
        Live(tr("Gradient at the logits"), GRADIENT, f"p − y:  {_listed(classes, trace.gradient)}", badge)
    )
    return blocks


def _listed(classes: Sequence[str], values: Iterable[float]) -> str:
    """Each class with its number; the spaces inside a pair do not break."""
    numbers = np.asarray(values, float).tolist()
    return "  ".join(
        f"{name}\u00a0→\u00a0{value_text(value)}" for name, value in zip(classes, numbers, strict=True)
    )


def _sum(terms: Iterable[float]) -> str:
    return " + ".join(value_text(term) for term in np.asarray(terms, float).tolist())
