"""The views instead of the chain: the naive formula, the sigmoid, the temperature."""

from typing import Any

import numpy as np

from engine.experiments.entropy.softmax import COLDEST, HOTTEST, SIGMOID_CURVES, SoftmaxSigmoidConfig
from engine.information.softmax_numerics import Naive
from gui.look.language import tr
from gui.look.numbers import counted, short_text
from gui.look.strokes import class_stroke
from gui.look.theme import Theme
from gui.plots.curves import Curve, Handle, Mark
from gui.plots.own.chain import ChainColumn, ChainPanel
from gui.plots.ticks import value_text
from gui.screen.moment import Moment
from gui.views.curve_plots import CurveAxes, Plot
from gui.views.pinned import level

WARMTH = (COLDEST, HOTTEST)
VERDICTS = {
    "": "Naive, {precision}: right here",
    "overflow": "Naive, {precision}: overflow, Σ = ∞",
    "vanished": "Naive, {precision}: underflow, Σ = 0",
    "lost": "Naive, {precision}: a p became 0",
}

At = Moment[SoftmaxSigmoidConfig, Any]


def chosen(at: At) -> int:
    """Return the class that is compared with all others."""
    return min(at.options.chosen, classes(at) - 1)


def classes(at: At) -> int:
    """How many classes there are."""
    return len(at.config.logits)


def show_naive(panel: ChainPanel, at: At, precision: str) -> None:
    """Show the results of the naive formula in float32 or float64, with wrong ones marked."""
    naive: Naive = at.snapshot.single if precision == "float32" else at.snapshot.double
    quotient = "– = 0/0" if naive.failure == "vanished" else "– = ∞/∞"  # instead of a number
    stroke, quiet, e = panel.theme.stroke("q"), panel.theme.stroke("bound"), naive.exponentials
    total = "0" if naive.total == 0 else value_text(naive.total)  # an exact zero
    panel.title = tr(VERDICTS[naive.failure], precision=precision)
    panel.set_columns(
        [
            ChainColumn("exp(x)", "", e, quiet, wrong=~np.isfinite(e) | (e == 0), foot=f"Σ = {total}"),
            ChainColumn(
                "p",
                "",
                naive.p,
                stroke,
                wrong=naive.wrong(),
                foot=quotient if np.isnan(naive.p).any() else "",
                limit=1.0,
            ),
            ChainColumn("ln p", "", naive.log_p, stroke, wrong=~np.isfinite(naive.log_p)),
        ],
        counted(classes(at)),
        ["÷ Σ", "ln"],
    )


def sigmoid(at: At, theme: Theme) -> Plot:
    """Return σ and its slope, with the classes on the curve; the chosen one can be dragged."""
    shot, own, names = at.snapshot, chosen(at), counted(classes(at))
    (u, sigma, slope), q, quiet = SIGMOID_CURVES, theme.stroke("q"), theme.stroke("bound")
    places = list(zip(shot.against.tolist(), shot.stable.p.tolist(), strict=True))
    return Plot(
        CurveAxes(("u", ""), ("σ(u)", ""), x_limits=(-10.0, 10.0), y_limits=(0.0, 1.0)),
        [Curve("sigma", "σ(u)", u, sigma, q), Curve("slope", "σ′(u)", u, slope, quiet)],
        [Mark(*place, names[k], quiet) for k, place in enumerate(places) if k != own],
        [Handle("u", tr("class {k}", k=names[own]), *places[own], q, "x")],
    )


def show_table(panel: ChainPanel, at: At) -> None:
    """Show for every class the numbers from its logit to its probability."""
    shot, z = at.snapshot, panel.theme.stroke("logit")
    panel.set_columns(
        [
            ChainColumn("x", "", shot.scaled, z, signed=True),
            ChainColumn(tr("others"), "ln Σ exp", shot.rest, z, signed=True),
            ChainColumn("u", "", shot.against, z, signed=True),
            ChainColumn("σ(u) = p", "", shot.stable.p, panel.theme.stroke("q"), limit=1.0),
        ],
        counted(classes(at)),
        ["−", "=", "σ"],
        highlight=chosen(at),
    )


def warm_shares(at: At, theme: Theme) -> Plot:
    """Return the probabilities against the temperature, with the present one."""
    curves = [
        Curve(name, name, at.snapshot.temperatures, at.snapshot.probabilities[:, k], class_stroke(theme, k))
        for k, name in enumerate(counted(classes(at)))
    ]
    axes = CurveAxes(("T", ""), ("p", ""), log_x=True, x_limits=WARMTH, y_limits=(0.0, 1.0))
    return Plot(axes, curves, cursor=(at.config.temperature, _warmth(at)))


def entropy(at: At, theme: Theme) -> Plot:
    """Return the entropy against the temperature, its upper bound, and the handle of T."""
    shot, stroke, most = at.snapshot, theme.stroke, float(np.log(classes(at)))
    handle = Handle("T", _warmth(at), at.config.temperature, shot.entropy, stroke("p"), "x")
    axes = CurveAxes(("T", ""), ("H", tr("nats")), log_x=True, x_limits=WARMTH, y_limits=(0.0, 1.12 * most))
    return Plot(
        axes,
        [
            Curve("entropy", "H", shot.temperatures, shot.entropies, stroke("entropy"), fill=True),
            level("bound", "ln n", WARMTH, most, stroke("bound")),
        ],
        handles=[handle],
    )


def _warmth(at: At) -> str:
    return f"T = {short_text(at.config.temperature, 4)}"
