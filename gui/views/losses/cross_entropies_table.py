"""The table of the kinds of cross-entropy: labels, output, loss, gradient, and the frameworks' names."""

from typing import NamedTuple

from engine.activations import Array
from engine.experiments.losses.cross_entropies import CrossEntropiesSnapshot, KindNumbers
from gui.look.language import tr
from gui.plots.own.word_table import WordCell, WordRow, WordTablePanel
from gui.plots.ticks import fixed_text, value_text
from gui.views.losses.cross_entropies_options import FRAMEWORKS, KINDS, At
from gui.views.words import digits_of_shares

SHARES = (10.5, 16.2, 15.3, 18.5, 17.4, 24.4)  # of the width: the name, and the columns
LOSSES = {
    "binary": "−y·ln p − (1 − y)·ln(1 − p)",
    "categorical": "−Σ y·ln p",
    "sparse": "−ln p[k]",
    "multi_label": "Σ −y·ln p − (1 − y)·ln(1 − p)",
    "weighted": "−w[k]·ln p[k]",
    "focal": "−(1 − p[k])^γ·ln p[k]",
    "smoothing": "−Σ y·ln p",
}
GRADIENTS = {"weighted": "w[k]·(p − y)", "focal": "c·(p − y)"}  # the others have p − y


class Named(NamedTuple):
    """What a kind is called in a framework, and what is to be known about it, in English."""

    name: str
    note: str = ""


NAMES = {
    "torch": {
        "binary": Named("BCEWithLogitsLoss", "y as a float"),
        "categorical": Named("CrossEntropyLoss", "target: a row of probabilities"),
        "sparse": Named("CrossEntropyLoss", "target: the number of the class"),
        "multi_label": Named("BCEWithLogitsLoss", "the mean over the classes"),
        "weighted": Named("CrossEntropyLoss(weight=w)", "mean: over the sum of the weights"),
        "focal": Named("torchvision.ops.sigmoid_focal_loss", "with sigmoids only"),
        "smoothing": Named("CrossEntropyLoss(label_smoothing=s)"),
    },
    "keras": {
        "binary": Named("BinaryCrossentropy(from_logits=True)"),
        "categorical": Named("CategoricalCrossentropy(from_logits=True)"),
        "sparse": Named("SparseCategoricalCrossentropy(from_logits=True)"),
        "multi_label": Named("BinaryCrossentropy(from_logits=True)", "the mean over the classes"),
        "weighted": Named("fit(…, class_weight={k: w})", "mean: over the number of examples"),
        "focal": Named(
            "CategoricalFocalCrossentropy(alpha=1, gamma=γ)", "and from_logits=True; alpha is 0.25 by default"
        ),
        "smoothing": Named("CategoricalCrossentropy(label_smoothing=s)", "and from_logits=True"),
    },
    "optax": {
        "binary": Named("sigmoid_binary_cross_entropy"),
        "categorical": Named("softmax_cross_entropy"),
        "sparse": Named("softmax_cross_entropy_with_integer_labels"),
        "multi_label": Named("sigmoid_binary_cross_entropy", "one loss for each class: take the sum"),
        "weighted": Named("w[k] * softmax_cross_entropy_with_integer_labels"),
        "focal": Named("sigmoid_focal_loss(gamma=γ)", "with sigmoids only"),
        "smoothing": Named("softmax_cross_entropy(z, smooth_labels(y, s))"),
    },
}


def show_kinds(panel: WordTablePanel, at: At) -> None:
    """Every kind in words, and below them what they are for the example."""
    shot: CrossEntropiesSnapshot = at.snapshot
    head = (
        tr("kind"),
        tr("label y"),
        tr("output p"),
        tr("loss L"),
        "∂L/∂z",
        FRAMEWORKS[at.options.framework],
    )
    rows = [
        WordRow(tr(title), _cells(name, shot, shot.kinds[name], at.options.framework))
        for name, title in KINDS.items()
    ]
    panel.set_rows(head, rows, SHARES, [*KINDS].index(at.options.kind))


def _cells(
    name: str, shot: CrossEntropiesSnapshot, found: KindNumbers, framework: str
) -> tuple[WordCell, ...]:
    named = NAMES[framework][name]
    return (
        WordCell(label_words(name), _label(name, shot, found)),
        WordCell(_output(name, len(found.z)), row(found.p, name not in ("binary", "multi_label"))),
        WordCell(LOSSES[name], f"= {value_text(found.loss)}"),
        WordCell(GRADIENTS.get(name, "p − y"), row(found.gradient)),
        WordCell(named.name, tr(named.note) if named.note else ""),
    )


def label_words(name: str) -> str:
    """What the label of a kind looks like."""
    return {
        "binary": tr("0 or 1"),
        "categorical": tr("one-hot, or a distribution"),
        "sparse": tr("class number k, from 0"),
        "multi_label": tr("0 or 1 for each class"),
        "weighted": tr("class number, weights w"),
        "focal": tr("class number, γ"),
        "smoothing": tr("one-hot, a part s spread out"),
    }[name]


def _label(name: str, shot: CrossEntropiesSnapshot, found: KindNumbers) -> str:
    """The label as it would be written in a program."""
    true, example = str(shot.example.true), shot.example
    if name == "sparse":
        return true
    if name == "weighted":
        return f"{true}, w = {row(example.weights)}"
    if name == "focal":
        return f"{true}, γ = {plain_number(example.gamma)}"
    return plain_number(float(found.y[0])) if name == "binary" else row(found.y, name != "multi_label")


def _output(name: str, count: int) -> str:
    if name == "binary":
        return tr("1 neuron, sigmoid")
    if name == "multi_label":
        return tr("{n} neurons, a sigmoid each", n=count)
    return tr("{n} neurons, softmax", n=count)


def row(values: Array, shares: bool = False) -> str:
    """Numbers as a row, with two decimals where they have any; shares with as many as let them sum to 1."""
    decimals = digits_of_shares(values) if shares else 2
    return f"[{', '.join(plain_number(float(value), decimals) for value in values)}]"


def plain_number(value: float, decimals: int = 2) -> str:
    """A number with two decimals, a whole one without."""
    return fixed_text(value, 0 if value == round(value) and abs(value) < 1e4 else decimals)
