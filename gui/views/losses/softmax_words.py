"""The text of a cell of the chain that is pointed at, and the formulas in the notes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.experiments.losses.softmax_inspection import CheckedRow, Explained, LogitChain
from gui.look.language import tr
from gui.plots.ticks import listed, value_text
from gui.screen.notes import Live

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"
LOSS = r"L = -\sum_i y_i \ln p_i"
JACOBIAN = r"\frac{\partial p_i}{\partial z_j} = p_i\,([i=j] - p_j)"
RIGHT = (
    r"\frac{\partial L}{\partial z_j} = \sum_i \frac{-y_i}{p_i}\,\frac{\partial p_i}{\partial z_j}"
    r" = p_j \sum_i y_i - y_j"
)
NOTES = r"\frac{-y_j}{p_j}\;p_j\,(1-p_j) = y_j\,(p_j - 1)"
MOST_TERMS = 4


def cell_words(what: str, k: int, found: Explained) -> str:
    """The formula of a cell in row k with its numbers; `what` is one of the columns of `softmax_chain`."""
    (_, _, names, _), chain, other = found
    name, z, p, y = names[k], n(chain.z[k]), n(chain.p[k]), n(chain.y[k])
    if what in LONGER:
        return LONGER[what](k, chain, names)
    exponentials = chain.exponentials
    return {
        "z": f"z({name}) = {z}",
        "p": f"p({name}) = e^(z({name}) − max z) / Σ e^(z − max z) = {n(exponentials[k])}"
        f" / {n(exponentials.sum())} = {p}",
        "y": f"y({name}) = {y},   Σy = {n(chain.mass)}",
        "terms": f"−y({name})·ln p({name}) = −{y}·ln {p} = {n(chain.terms[k])}",
        "right": f"p({name})·Σy − y({name}) = {p}·{n(chain.mass)} − {y} = {n(chain.right[k])}",
        "numeric": f"(L(z + h) − L(z − h)) / 2h,  z = z({name}):  {n(chain.numeric[k])}",
        "sigmoid": f"σ(z({name})) = 1 / (1 + e^({n(-chain.z[k])})) = {n(other.p[k])}",
        "sigmoid_terms": f"−y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = {n(other.terms[k])},  y = {y},  z = {z}",
        "sigmoid_gradient": f"σ(z({name})) − y({name}) = {n(other.p[k])} − {y} = {n(other.gradient[k])}",
    }[what]


def jacobian_words(i: int, j: int, found: Explained) -> str:
    """∂pᵢ/∂zⱼ with its numbers."""
    chain, one, other = found.chain, found.row.names[i], found.row.names[j]
    left = f"∂p({one})/∂z({other})"
    p, q, value = n(chain.p[i]), n(chain.p[j]), n(chain.jacobian[i, j])
    if i == j:
        return f"{left} = p({one})·(1 − p({one})) = {p}·(1 − {p}) = {value}"
    return f"{left} = −p({one})·p({other}) = −{p}·{q} = {value}"


def _d_p(k: int, chain: LogitChain, names: Sequence[str]) -> str:
    """Return ∂L/∂p of a class; infinite at p = 0, which is why programs do not compute it."""
    name, y, p = names[k], n(chain.y[k]), n(chain.p[k])
    words = f"∂L/∂p({name}) = −y({name})/p({name}) = −{y}/{p} = {n(chain.d_p[k])}"
    if np.isfinite(chain.d_p[k]):
        return words
    return words + ".  " + tr("p is too small for a number: only p·Σy − y, both steps in one, is safe.")


def _product(j: int, chain: LogitChain, names: Sequence[str]) -> str:
    """The sum over the column j of the Jacobian; what is 0 is left out."""
    if np.isnan(chain.product[j]):
        return tr("∞·0 has no value: only p·Σy − y, both steps in one, is safe.")
    terms = [f"({n(chain.d_p[i])})·({n(chain.jacobian[i, j])})" for i in np.flatnonzero(chain.d_p)]
    written = " + ".join([*terms[:MOST_TERMS], *["…"] * (len(terms) > MOST_TERMS)]) or "0"
    return f"∂L/∂z({names[j]}) = Σᵢ ∂L/∂pᵢ·∂pᵢ/∂z({names[j]}) = {written} = {n(chain.product[j])}"


def _notes(j: int, chain: LogitChain, names: Sequence[str]) -> str:
    """The diagonal term alone, and what it should have been."""
    name, y, p = names[j], n(chain.y[j]), n(chain.p[j])
    words = f"y({name})·(p({name}) − 1) = {y}·({p} − 1) = {n(chain.notes[j])}"
    if not chain.notes_wrong[j]:
        return words
    missing = n(chain.right[j] - chain.notes[j])
    return words + ".  " + tr("Without the terms beside the diagonal {missing} is missing.", missing=missing)


LONGER = {"d_p": _d_p, "product": _product, "notes": _notes}


def formulas(found: CheckedRow) -> list[Live]:
    """Softmax, loss, Jacobian, the right gradient and the mistaken one, each gradient with its check."""
    (_, _, names, _), chain, right, notes = found
    return [
        Live(tr("Softmax"), SOFTMAX, f"p:  {listed(chain.p, names)}"),
        Live(tr("Cross-entropy"), LOSS, f"L = {n(chain.loss)}   Σy = {n(chain.mass)}"),
        Live(tr("Jacobian of softmax"), JACOBIAN, ""),
        Live(tr("Gradient: all i"), RIGHT, listed(chain.right, names), right),
        Live(tr("The common mistake: only i = j"), NOTES, listed(chain.notes, names), notes),
    ]


def n(value: Any) -> str:
    """A number, written short."""
    return value_text(float(value))
