"""The columns of the chain: logits forward to the loss, and the gradient four ways backward."""

from collections.abc import Sequence

import numpy as np

from engine.activations import Array
from engine.experiments.losses.softmax_inspection import Chain, Independent
from gui.language import tr
from gui.plots.chain import ChainColumn, ChainPanel, written_with
from gui.theme import GREY, Stroke, Theme

FORWARD = ("z", "p", "y", "terms", "d_p")  # what the cells of each panel are, column by column
BACKWARD = ("product", "right", "numeric", "notes")
SIGMOID = ("z", "p", "terms", "right", "sigmoid", "sigmoid_terms", "sigmoid_gradient")


def show_forward(panel: ChainPanel, chain: Chain, names: Sequence[str], true: int | None) -> None:
    """Logits → softmax, beside the label → loss → ∂L/∂p."""
    stroke = panel.theme.stroke
    columns = [
        ChainColumn("z", tr("logits"), chain.z, _plain(panel.theme), signed=True),
        ChainColumn("p", tr("softmax"), chain.p, stroke("q"), foot=_sum(chain.p), limit=1.0),
        ChainColumn("y", tr("label"), chain.y, stroke("p"), foot=_sum(chain.y), limit=max(1.0, chain.mass)),
        ChainColumn("−y·ln p", tr("loss"), chain.terms, stroke("cross_entropy"), foot=_loss(chain.loss)),
        ChainColumn("−y/p", "∂L/∂p", chain.d_p, _plain(panel.theme), signed=True),
    ]
    panel.set_columns(columns, names, ["eᶻ/Σ", None, "−y·ln", "∂/∂p"], highlight=true)


def show_backward(panel: ChainPanel, chain: Chain, names: Sequence[str], true: int | None) -> None:
    """∂L/∂z: multiplied out, in short, by differences, and as in the notes."""
    stroke = panel.theme.stroke
    limit = float(np.abs(chain.right).max()) or 1.0
    whole = abs(chain.mass - 1.0) < 1e-12

    def column(title: str, caption: str, values: Array, key: str, nothing: float = 1e-12) -> ChainColumn:
        wrong = chain.notes_wrong if key == "wrong" else None
        foot = _sum(values, nothing)
        return ChainColumn(title, caption, values, stroke(key), True, wrong, foot, limit)

    columns = [
        column("Jᵀ·∂L/∂p", tr("in full"), chain.product, "right"),
        column("p − y" if whole else "p·Σy − y", tr("in short"), chain.right, "right"),
        column("ΔL/Δz", tr("numeric"), chain.numeric, "numeric", 1e-7),
        column("y(p − 1)", tr("the notes"), chain.notes, "wrong"),
    ]
    panel.set_columns(columns, names, highlight=true)


def show_sigmoid(
    panel: ChainPanel, chain: Chain, other: Independent, names: Sequence[str], true: int | None
) -> None:
    """The same logits with softmax and with sigmoid."""
    stroke, theme = panel.theme.stroke, panel.theme
    bce = stroke("bce")
    columns = [
        ChainColumn("z", tr("logits"), chain.z, _plain(theme), signed=True),
        ChainColumn("softmax", tr("one is true"), chain.p, stroke("q"), foot=_sum(chain.p), limit=1.0),
        ChainColumn("−y·ln p", tr("loss"), chain.terms, stroke("cross_entropy"), foot=_loss(chain.loss)),
        ChainColumn("p·Σy − y", "∂L/∂z", chain.right, stroke("right"), signed=True, limit=1.0),
        ChainColumn("σ(z)", tr("each for itself"), other.p, bce, foot=_sum(other.p), limit=1.0),
        ChainColumn("BCE", tr("loss"), other.terms, stroke("cross_entropy"), foot=_loss(other.loss)),
        ChainColumn("σ(z) − y", "∂L/∂z", other.gradient, stroke("right"), signed=True, limit=1.0),
    ]
    panel.set_columns(columns, names, [None, None, None, None, None, None], highlight=true)


def _plain(theme: Theme) -> Stroke:
    return Stroke(GREY[theme.dark])


def _sum(values: Array, nothing: float = 1e-12) -> str:
    """The sum below a column; rounding errors are 0, and what cannot be told is –."""
    total = float(values.sum())
    return f"Σ = {written_with(0.0 if abs(total) < nothing else total, 4)}"


def _loss(loss: float) -> str:
    return f"L = {written_with(loss, 4)}"
