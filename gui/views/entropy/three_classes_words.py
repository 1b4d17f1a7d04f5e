"""The texts of *Three classes*: whether Q is wrong, and how large the gradient of each loss is; the
formulas.
"""

from typing import Any

import numpy as np

from engine.experiments.entropy.three_classes import (
    LossAt,
    ThreeClassesInspection,
    is_wrong,
    logits_at,
    margin,
    right_from,
)
from engine.experiments.entropy.three_classes_config import ThreeClassesConfig
from engine.experiments.entropy.three_classes_map import FLAT, LossMap
from engine.information.divergence_gradients import DIVERGENCES, Array, Model
from engine.information.triangle import EDGE, nearest, point_of
from gui.look.language import tr
from gui.plots.ticks import fixed_text, value_text
from gui.screen.moment import Moment
from gui.screen.notes import Live
from gui.screen.terms import Spot, Term, term
from gui.views.bases import LOGS, unit_of
from gui.views.schedule_blocks import schedule_blocks
from gui.views.words import digits_of_shares, joined, vector

At = Moment[ThreeClassesConfig, Any]
PRESETS = {
    "nearly": "Nearly certain",
    "one_hot": "A one-hot label",
    "soft": "Soft labels",
    "impossible": "A class that never happens",
    "middle": "All equally likely",
}
SYMBOLS = {
    "cross_entropy": "H(P,Q)",
    "kl": r"\mathrm{KL}(P\|Q)",
    "reverse_kl": r"\mathrm{KL}(Q\|P)",
    "js": r"\mathrm{JS}",
    "squared_error": "S",
}

SHORT = {"cross_entropy": "H(P, Q)", "reverse_kl": "KL(Q‖P)", "js": "JS", "squared_error": "Σ(q − p)²"}


def landscape(at: At) -> LossMap:
    """Return the loss over the triangle."""
    return at.once(LossMap, at.options.of, at.config.p, at.config.b)


def compared_with(at: At) -> str:
    """Return the loss to compare with: cross-entropy; for cross-entropy, squared error."""
    return "squared_error" if at.options.of in ("cross_entropy", "kl") else "cross_entropy"


def prediction(at: At) -> Array | None:
    """Return Q of the descent of the chosen loss at this step; None after it has diverged."""
    z = logits_at(at.recording, at.step, at.options.of)
    return Model.of(z).q if np.isfinite(z).all() else None


def finding(at: At) -> str:
    """Say whether Q is wrong, and compare the lengths of the gradients of two losses there."""
    over, q = landscape(at), prediction(at)
    if over.infinite_everywhere:
        return tr(
            "P has a class of probability 0, a softmax never has: KL(Q‖P) is infinite everywhere, and nothing"
            " descends on it."
        )
    if q is None:
        return tr(
            "By {loss} the logits have diverged: the steps are too long.", loss=DIVERGENCES[over.loss].sign
        )
    if not is_wrong(at.config.p, q):
        return _right(at, q)
    other = at.once(LossMap, compared_with(at), at.config.p, at.config.b)
    own, its = (float(np.linalg.norm(one.slope(nearest(point_of(q), EDGE)))) for one in (over, other))
    slots = {
        "q": shares(q),
        "own": own,
        "its": its,
        "loss": tr(DIVERGENCES[over.loss].title),
        "other": tr(DIVERGENCES[other.loss].title),
    }
    if own < FLAT * over.steepest:
        return tr(
            "At Q = {q}: {loss} has slope {own}, wrong and nearly flat; {other} would have {its}.", **slots
        )
    return tr("Q = {q} is wrong. There {loss} has slope {own}; {other} would have {its}.", **slots)


def _right(at: At, q: Array) -> str:
    """Say since which step the most likely class is the right one, for the chosen loss and for another."""
    away = float(np.abs(q - np.array(at.config.p)).max())
    if np.isinf(margin(at.config.p, q)):
        return tr(
            "All classes are equally likely: no Q is wrong. Q = {q} is up to {away} away from P.",
            q=shares(q),
            away=away,
        )
    slots = {
        "loss": tr(DIVERGENCES[at.options.of].title),
        "other": tr(DIVERGENCES[compared_with(at)].title),
        "away": away,
    }
    own, its = (
        at.once(right_from, at.config, at.recording, at.last, name)
        for name in (at.options.of, compared_with(at))
    )
    if own is None or its is None:
        return tr("{loss}: Q has the right class, and is up to {away} away from P.", **slots)
    return tr(
        "Right class: {loss} from step {own} on, {other} from step {its}. Q is up to {away} away from P.",
        **slots,
        own=own,
        its=its,
    )


def shares(q: Array) -> str:
    """Write a prediction with two decimals, or as many as its sum to 1 or a small entry needs."""
    digits = digits_of_shares(q)
    small = 0.5 * 0.1**digits
    words = (fixed_text(share, digits) if share >= small else value_text(share) for share in map(float, q))
    return f"({', '.join(words)})"


def notes(over: LossMap, flat: bool) -> list[str]:
    """Return notes on the colours and the hatching."""
    if over.infinite_everywhere:
        return [tr("∞ everywhere")]
    said = []
    if over.infinite_at_sides:
        said.append(tr("∞ at the sides; the colours end at {value}", value=over.highest))
    if flat:
        said.append(tr("hatched: wrong, and the slope is less than a fifth of the largest"))
    return said


def told(over: LossMap, x: float, y: float) -> list[str]:
    """Return the readout of a point: Q there, the loss, and the length of its gradient."""
    slope = float(np.linalg.norm(over.slope(nearest((x, y), EDGE))))
    return [
        f"Q = {shares(nearest((x, y)))}",
        f"{DIVERGENCES[over.loss].sign} = {value_text(over.value_at(x, y))}",
        tr("slope {value}", value=slope),
    ]


def loss_terms(at: At, *spots: Spot) -> list[Term]:
    """Return the terms of the chosen loss."""
    name = at.options.of
    return [term(SYMBOLS[name], tr(DIVERGENCES[name].title), *spots)]


def blocks(at: At, found: ThreeClassesInspection | None) -> list[Live]:
    """Return the formulas of the loss, its gradient at Q, how Q moves, and the lengths of all gradients."""
    name = at.options.of
    if found is None or found.name != name:
        return [Live(tr(DIVERGENCES[name].title), _latex(at, DIVERGENCES[name].latex))]
    loss, own = DIVERGENCES[name], found.losses[name]
    unit = unit_of(at.config.base) if loss.logarithmic else ""
    value = f"Q = {shares(found.q)}\n{loss.sign} = {value_text(own.value)} {unit}".rstrip()
    made = [Live(tr(loss.title), _latex(at, loss.latex), value)]
    if own.check is not None:
        made += [_gradient(at, own), _motion(found, own)]
    return [*made, _lengths(found), *schedule_blocks(at.settings.optimizer, at.step)]


def _latex(at: At, latex: str) -> str:
    return latex.replace(r"\log", LOGS[at.config.base])


def _gradient(at: At, own: LossAt) -> Live:
    """Return ∂L/∂z; for cross-entropy and KL it has the factor 1/ln b but no logarithm."""
    name, right = at.options.of, DIVERGENCES[at.options.of].gradient_latex
    if name in ("cross_entropy", "kl") and at.config.base != "e":
        right = rf"\frac{{{right}}}{{\ln {at.config.base}}}"
    title = tr("The slope of {loss}", loss=DIVERGENCES[name].sign)
    latex = rf"\frac{{\partial L}}{{\partial z_j}}={_latex(at, right)}"
    return Live(title, latex, joined(vector(own.gradient), f"|∂L/∂z| = {value_text(own.slope)}"), own.check)


def _motion(found: ThreeClassesInspection, own: LossAt) -> Live:
    """Return how the gradient of the logits moves Q: along the streamlines of the triangle."""
    way = -own.gradient
    moved = found.q * (way - found.q @ way)
    return Live(
        tr("How Q moves: the streamlines"),
        r"\dot q_i = q_i\left(v_i - \sum_k q_k v_k\right),\quad v = -\frac{\partial L}{\partial z}",
        f"dQ/dt = {vector(moved)}",
    )


def _lengths(found: ThreeClassesInspection) -> Live:
    """Return the lengths of the gradients of all losses at the same Q."""
    lines = (
        f"{DIVERGENCES[name].sign}: " + ("–" if one.check is None else value_text(one.slope))
        for name, one in found.losses.items()
    )
    return Live(tr("Slopes at this Q"), r"\left|\frac{\partial L}{\partial z}\right|", joined(*lines))
