"""The chain of the logits: forward to the loss, and the gradient four ways backward, column by column."""

from typing import Annotated

import numpy as np

from engine.activations import Array
from engine.config import Config, choice, number
from engine.data.training_data import TrainingData
from engine.experiments.losses.softmax import WAYS, Trained
from engine.experiments.losses.softmax_config import OneHot, Smoothed, SoftmaxConfig, Weights
from engine.experiments.losses.softmax_inspection import Explained, LogitRow, example
from gui.look.language import tr
from gui.look.theme import GREY, Stroke, Theme
from gui.plots.bars import BarsPanel
from gui.plots.heatmap import HeatmapPanel
from gui.plots.own.chain import ChainColumn, ChainPanel, written_with
from gui.screen.moment import Moment
from gui.views.logit_bars import draw_logits

COLUMNS = {  # what the cells of each panel are, column by column
    "forward": ("z", "p", "y", "terms", "d_p"),
    "backward": ("product", "right", "numeric", "notes"),
    "sigmoid": ("z", "p", "terms", "right", "sigmoid", "sigmoid_terms", "sigmoid_gradient"),
}
LETTERS = "ABCDEFGH"
SOURCES = {"typed": "Logits as set", "right": "Example, right", "notes": "Example, mistaken"}
PANES = {
    "chain": "Chain",
    "training": "Training",
    "drift": "Logit drift",
    "regions": "Regions",
    "sigmoid": "Sigmoid",
}


class SoftmaxOptions(Config, frozen=True):
    """How one looks at the chain and at the training."""

    source: Annotated[str, choice("Logits", "Whose logits go through the chain.", SOURCES)] = "typed"
    example: Annotated[
        int, number("Example", "Which training example is followed, from 0.", ge=0, le=10_000)
    ] = 0
    pane: Annotated[str, choice("Below", "What is shown below the chain.", PANES)] = "training"


At = Moment[SoftmaxConfig, SoftmaxOptions]


def row_of(at: At) -> LogitRow:
    """The logits that were typed, or those of an example as a classifier sees it at the step."""
    if at.options.source == "typed":
        return at.once(_typed, at.config.logits, at.config.label)
    return at.once(_seen, at.data, at.snapshot, at.step, at.options.source, followed_row(at))


def _typed(logits: tuple[float, ...], label: OneHot | Smoothed | Weights) -> LogitRow:
    true = label.true_class - 1 if isinstance(label, OneHot | Smoothed) else None
    return LogitRow(np.array(logits), label.weights(len(logits)), LETTERS[: len(logits)], true)


def _seen(data: TrainingData, run: Trained, step: int, source: str, row: int) -> LogitRow:
    z, y = example(data, run, step, WAYS.index(source), row)
    return LogitRow(z, y, data.class_names, int(y.argmax()))


def followed_row(at: At) -> int | None:
    """The row of the data that is followed, if one is."""
    if at.options.source == "typed":
        return None
    training = at.data.training
    return int(training[min(at.options.example, len(training) - 1)])


def show_logits(panel: BarsPanel, at: At) -> None:
    """The logits as bars; those that were typed are dragged."""
    row, typed = row_of(at), at.options.source == "typed"
    known = panel.limits if panel.draggable == typed else None  # those of others say nothing
    panel.draggable = typed
    panel.entitle(*((tr("Logits z"), tr("drag them")) if typed else (tr("Logits of the example"),)))
    draw_logits(panel, row.names, row.z, row.true, known)


def show_jacobian(panel: HeatmapPanel, at: At, found: Explained) -> None:
    """How each p follows each z."""
    names = found.row.names
    panel.set_matrix(found.chain.jacobian, names, names, signed=True, limit=0.25)
    panel.set_captions("∂p", "∂z")


def show_forward(panel: ChainPanel, at: At, found: Explained) -> None:
    """Logits → softmax, beside the label → loss → ∂L/∂p."""
    chain, stroke = found.chain, panel.theme.stroke
    columns = [
        ChainColumn("z", tr("logits"), chain.z, stroke("logit"), signed=True),
        ChainColumn("p", tr("softmax"), chain.p, stroke("q"), foot=_sum(chain.p), limit=1.0),
        ChainColumn("y", tr("label"), chain.y, stroke("p"), foot=_sum(chain.y), limit=max(1.0, chain.mass)),
        ChainColumn("−y·ln p", tr("loss"), chain.terms, stroke("cross_entropy"), foot=_loss(chain.loss)),
        ChainColumn("−y/p", "∂L/∂p", chain.d_p, _plain(panel.theme), signed=True),
    ]
    panel.set_columns(columns, found.row.names, ["eᶻ/Σ", None, "−y·ln", "∂/∂p"], highlight=found.row.true)


def show_backward(panel: ChainPanel, at: At, found: Explained) -> None:
    """∂L/∂z: multiplied out, in short, by differences, and with the common mistake."""
    chain, stroke = found.chain, panel.theme.stroke
    limit = float(np.abs(chain.right).max()) or 1.0
    whole = abs(chain.mass - 1.0) < 1e-12

    def column(title: str, caption: str, values: Array, key: str, nothing: float = 1e-12) -> ChainColumn:
        wrong = chain.notes_wrong if key == "wrong" else None
        foot = _sum(values, nothing, digits=3)  # in a narrow column
        return ChainColumn(title, caption, values, stroke(key), True, wrong, foot, limit)

    columns = [
        column("Jᵀ·∂L/∂p", tr("in full"), chain.product, "right"),
        column("p − y" if whole else "p·Σy − y", tr("in short"), chain.right, "right"),
        column("ΔL/Δz", tr("numeric"), chain.numeric, "numeric", 1e-7),
        column("y(p − 1)", tr("common mistake"), chain.notes, "wrong"),
    ]
    panel.set_columns(columns, found.row.names, highlight=found.row.true)


def show_sigmoid(panel: ChainPanel, at: At, found: Explained) -> None:
    """The same logits with softmax and with sigmoid."""
    row, chain, other = found
    stroke = panel.theme.stroke
    cross, right, bce = stroke("cross_entropy"), stroke("right"), stroke("bce")
    columns = [
        ChainColumn("z", tr("logits"), chain.z, stroke("logit"), signed=True),
        ChainColumn("softmax", tr("one is true"), chain.p, stroke("q"), foot=_sum(chain.p), limit=1.0),
        ChainColumn("−y·ln p", tr("loss"), chain.terms, cross, foot=_loss(chain.loss)),
        ChainColumn("p·Σy − y", "∂L/∂z", chain.right, right, signed=True, limit=1.0),
        ChainColumn("σ(z)", tr("each for itself"), other.p, bce, foot=_sum(other.p), limit=1.0),
        ChainColumn("BCE", tr("loss"), other.terms, cross, foot=_loss(other.loss)),
        ChainColumn("σ(z) − y", "∂L/∂z", other.gradient, right, signed=True, limit=1.0),
    ]
    panel.set_columns(columns, row.names, [None] * 6, highlight=row.true)


def _plain(theme: Theme) -> Stroke:
    return Stroke(GREY[theme.dark])


def _sum(values: Array, nothing: float = 1e-12, digits: int = 4) -> str:
    """The sum below a column; rounding errors are 0, and what cannot be told is –."""
    total = float(values.sum())
    return f"Σ = {written_with(0.0 if abs(total) < nothing else total, digits)}"


def _loss(loss: float) -> str:
    return f"L = {written_with(loss, 4)}"
