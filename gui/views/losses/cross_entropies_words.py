"""What is said of the kinds of cross-entropy: the sentence over the plots, and the formulas of one kind."""

from math import e

from engine.experiments.losses.cross_entropies import CrossEntropiesSnapshot, KindNumbers
from engine.gradient_check import GradientComparison
from engine.information.information import entropy
from gui.look.language import tr
from gui.plots.ticks import listed
from gui.plots.ticks import value_text as text
from gui.screen.view import Live
from gui.views.losses.cross_entropies_options import KINDS, At

SOFTMAX = r"p_i=\frac{e^{z_i}}{\sum_j e^{z_j}}"
SIGMOID = r"p_i=\sigma(z_i)=\frac{1}{1+e^{-z_i}}"
LATEX = {
    "binary": r"L=-y\,\ln p-(1-y)\,\ln(1-p)",
    "categorical": r"L=-\sum_i y_i\,\ln p_i",
    "sparse": r"L=-\ln p_k",
    "multi_label": r"L=-\sum_i\left(y_i\,\ln p_i+(1-y_i)\,\ln(1-p_i)\right)",
    "weighted": r"L=-w_k\,\ln p_k",
    "focal": r"L=-(1-p_k)^\gamma\,\ln p_k",
    "smoothing": r"L=-\sum_i y_i\,\ln p_i,\quad y_i=(1-s)\,[i=k]+\frac{s}{C}",
}
SLOPES = {
    "binary": r"\frac{\partial L}{\partial z}=p-y",
    "sparse": r"\frac{\partial L}{\partial z_i}=p_i-[i=k]",
    "weighted": r"\frac{\partial L}{\partial z_i}=w_k\,(p_i-[i=k])",
    "focal": r"\frac{\partial L}{\partial z_i}=c\,(p_i-[i=k])",
}
SLOPE = r"\frac{\partial L}{\partial z_i}=p_i-y_i"
PULL = r"c=(1-p_k)^\gamma\left(1-\frac{\gamma\,p_k\,\ln p_k}{1-p_k}\right)"
LETTERS = "ABCDEFGH"


def formulas_of(at: At, checked: GradientComparison) -> list[Live]:
    """Output, loss and gradient of the kind that is taken apart."""
    shot: CrossEntropiesSnapshot = at.snapshot
    name = at.options.kind
    found = shot.kinds[name]
    sigmoid = name in ("binary", "multi_label")
    output = r"p=\sigma(z)=\frac{1}{1+e^{-z}}" if name == "binary" else SIGMOID if sigmoid else SOFTMAX
    blocks = [
        Live(tr("The output layer"), output, listed(found.p)),
        Live(tr("The loss: {kind}", kind=tr(KINDS[name])), LATEX[name], f"L = {text(found.loss)}"),
        Live(
            tr("The gradient by the logits"), SLOPES.get(name, SLOPE), listed(found.gradient), checked.check
        ),
    ]
    if name == "focal":
        blocks.append(Live(tr("The factor of the gradient"), PULL, f"c = {text(found.pull)}"))
    return blocks


def finding(at: At) -> str:
    """What is special about the kind that is taken apart, in its numbers."""
    shot: CrossEntropiesSnapshot = at.snapshot
    found = shot.kinds[at.options.kind]
    match at.options.kind:
        case "binary":
            return _of_binary(found)
        case "multi_label":
            return _of_multi_label(found)
        case "weighted":
            return _of_weighted(found, LETTERS[shot.example.true])
        case "focal":
            return _of_focal(found, shot.kinds["categorical"])
        case "smoothing":
            return _of_smoothing(found, shot.example.true)
    return tr(
        "Categorical and sparse are one loss, L = {loss}: only the label is written otherwise, and the"
        " gradient is p − y.",
        loss=found.loss,
    )


def _of_binary(found: KindNumbers) -> str:
    if found.y[0]:
        return tr(
            "Binary: is it A? Yes, and the sigmoid says {p}: L = −ln {p} = {loss}.",
            p=float(found.p[0]),
            loss=found.loss,
        )
    return tr(
        "Binary: is it A? No, and the sigmoid says {p}: L = −ln(1 − {p}) = {loss}.",
        p=float(found.p[0]),
        loss=found.loss,
    )


def _of_multi_label(found: KindNumbers) -> str:
    return tr(
        "Multi-label: {n} yes-or-no questions, L = {loss} is the sum of their losses; the p sum to {sum},"
        " not to 1.",
        n=len(found.z),
        loss=found.loss,
        sum=float(found.p.sum()),
    )


def _of_weighted(found: KindNumbers, true: str) -> str:
    return tr(
        "Weighted: class {true} has the weight {w}, so loss and gradient are {w} times as large: L = {loss}.",
        true=true,
        w=found.weight,
        loss=found.loss,
    )


def _of_focal(found: KindNumbers, plain: KindNumbers) -> str:
    return tr(
        "Focal: the factor before the loss is {weight}, so L = {loss} and not {plain}; p − y counts"
        " {pull} times.",
        weight=found.weight,
        loss=found.loss,
        plain=plain.loss,
        pull=found.pull,
    )


def _of_smoothing(found: KindNumbers, true: int) -> str:
    return tr(
        "Label smoothing: class {true} shall have {y} and not 1, so L = {loss} can fall to {floor}, not"
        " to 0.",
        true=LETTERS[true],
        y=float(found.y[true]),
        loss=found.loss,
        floor=float(entropy(found.y, base=e)),
    )
