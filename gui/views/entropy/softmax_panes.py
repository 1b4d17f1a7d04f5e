"""What can be shown in the place of the chain: the naive formula, the sigmoid, the temperature."""

from typing import Any

import numpy as np

from engine.experiments.entropy.softmax import COLDEST, HOTTEST, SIGMOID_CURVES, SoftmaxConfig
from engine.softmax_numerics import Naive
from gui.look.language import tr
from gui.look.numbers import counted, short_text
from gui.look.strokes import class_stroke
from gui.look.theme import SKY, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel, Handle, Mark
from gui.plots.own.chain import ChainColumn, ChainPanel
from gui.plots.ticks import value_text
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes
from gui.views.pinned import level

WARMTH = (COLDEST, HOTTEST)
VERDICTS = {
    "": "Naive, {precision}: right here",
    "overflow": "Naive, {precision}: overflow, Σ = ∞",
    "vanished": "Naive, {precision}: underflow, Σ = 0",
    "lost": "Naive, {precision}: a p became 0",
}

At = Moment[SoftmaxConfig, Any]


def chosen(at: At) -> int:
    """The class that is set against all others."""
    return min(at.options.chosen, classes(at) - 1)


def classes(at: At) -> int:
    """How many classes there are."""
    return len(at.config.logits)


def logit_stroke(theme: Theme) -> Stroke:
    """How a logit is drawn."""
    return Stroke(SKY[theme.dark])


# The formula as it is printed, in both precisions


def show_naive(panel: ChainPanel, at: At, precision: str) -> None:
    """What comes out in float32 or float64, and what of it is wrong."""
    naive: Naive = at.snapshot.single if precision == "float32" else at.snapshot.double
    stroke, quiet, e = panel.theme.stroke("q"), panel.theme.stroke("bound"), naive.exponentials
    total = "0" if naive.total == 0 else value_text(naive.total)  # its zero is exact
    panel.title = tr(VERDICTS[naive.failure], precision=precision)
    panel.set_columns([
        ChainColumn("exp(x)", "", e, quiet, wrong=~np.isfinite(e) | (e == 0), foot=f"Σ = {total}"),
        ChainColumn("p", "", naive.p, stroke, wrong=naive.wrong(), foot=quotient(naive), limit=1.0),
        ChainColumn("ln p", "", naive.log_p, stroke, wrong=~np.isfinite(naive.log_p)),
    ], counted(classes(at)), ["÷ Σ", "ln"])  # fmt: skip


def quotient(naive: Naive) -> str:
    """What stands where no number does: – is ∞/∞ or 0/0."""
    if not np.isnan(naive.p).any():
        return ""
    return "– = 0/0" if naive.failure == "vanished" else "– = ∞/∞"


# σ and its slope, with the classes on the curve; the chosen one can be dragged


def show_sigmoid(panel: CurvesPanel, at: At) -> None:
    """Every class on the curve."""
    shot, own, names = at.snapshot, chosen(at), counted(classes(at))
    (u, sigma, slope), q, quiet = SIGMOID_CURVES, panel.theme.stroke("q"), panel.theme.stroke("bound")
    if not panel.curves:
        panel.set_curves([Curve("sigma", "σ(u)", u, sigma, q), Curve("slope", "σ′(u)", u, slope, quiet)])
    places = list(zip(shot.against.tolist(), shot.stable.p.tolist(), strict=True))
    panel.set_marks([Mark(*place, names[k], quiet) for k, place in enumerate(places) if k != own])
    panel.set_handles([Handle("u", tr("class {k}", k=names[own]), *places[own], q, "x")])


def show_table(panel: ChainPanel, at: At) -> None:
    """How every class came there."""
    shot, z = at.snapshot, logit_stroke(panel.theme)
    panel.set_columns([
        ChainColumn("x", "", shot.scaled, z, signed=True),
        ChainColumn(tr("others"), "ln Σ exp", shot.rest, z, signed=True),
        ChainColumn("u", "", shot.against, z, signed=True),
        ChainColumn("σ(u) = p", "", shot.stable.p, panel.theme.stroke("q"), limit=1.0),
    ], counted(classes(at)), ["−", "=", "σ"], highlight=chosen(at))  # fmt: skip


# The probabilities and their entropy over every temperature


def show_warm_shares(panel: CurvesPanel, at: At) -> None:
    """The probabilities, and where the temperature is."""
    panel.set_curves([
        Curve(name, name, at.snapshot.temperatures, at.snapshot.shares[:, k], class_stroke(panel.theme, k))
        for k, name in enumerate(counted(classes(at)))
    ])  # fmt: skip
    panel.set_cursor(at.config.temperature, f"T = {short_text(at.config.temperature, 4)}")


def entropy_axes(at: At) -> CurveAxes:
    """Entropy against temperature, up to a little over that of so many classes."""
    limits = (0.0, 1.12 * float(np.log(classes(at))))
    return CurveAxes(("T", ""), ("H", tr("nats")), log_x=True, x_limits=WARMTH, y_limits=limits)


def show_entropy(panel: CurvesPanel, at: At) -> None:
    """The entropy, its bound, and the handle of the temperature."""
    shot, stroke, warmth = at.snapshot, panel.theme.stroke, at.config.temperature
    panel.set_curves([
        Curve("entropy", "H", shot.temperatures, shot.entropies, stroke("entropy"), fill=True),
        level("bound", "ln n", WARMTH, float(np.log(classes(at))), stroke("bound")),
    ])  # fmt: skip
    name = f"T = {short_text(warmth, 4)}"
    panel.set_handles([Handle("T", name, warmth, shot.entropy, stroke("p"), "x")])
