"""What a cell of the chain says when one points at it, and the formulas in the column on the right."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.losses.softmax_inspection import Chain, Independent, checks
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text as n

SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"
LOSS = r"L = -\sum_i y_i \ln p_i"
JACOBIAN = r"\frac{\partial p_i}{\partial z_j} = p_i\,([i=j] - p_j)"
RIGHT = (
    r"\frac{\partial L}{\partial z_j} = \sum_i \frac{-y_i}{p_i}\,\frac{\partial p_i}{\partial z_j}"
    r" = p_j \sum_i y_i - y_j"
)
NOTES = r"\frac{-y_j}{p_j}\;p_j\,(1-p_j) = y_j\,(p_j - 1)"
MOST_TERMS = 4


def cell_words(what: str, k: int, chain: Chain, other: Independent, names: Sequence[str]) -> str:
    """The formula of a cell in row k with its numbers; `what` is one of the columns of `softmax_chain`."""
    name = names[k]
    z, p, y = (float(values[k]) for values in (chain.z, chain.p, chain.y))
    if what == "product":
        return product_words(k, chain, names)
    if what == "notes":
        return notes_words(k, chain, names)
    return {
        "z": f"z({name}) = {n(z)}",
        "p": f"p({name}) = e^(z({name}) − max z) / Σ e^(z − max z) = {n(float(chain.exponentials[k]))}"
        f" / {n(float(chain.exponentials.sum()))} = {n(p)}",
        "y": f"y({name}) = {n(y)},   Σy = {n(chain.mass)}",
        "terms": f"−y({name})·ln p({name}) = −{n(y)}·ln {n(p)} = {n(float(chain.terms[k]))}",
        "d_p": d_p_words(k, chain, name),
        "right": f"p({name})·Σy − y({name}) = {n(p)}·{n(chain.mass)} − {n(y)} = {n(float(chain.right[k]))}",
        "numeric": f"(L(z + h) − L(z − h)) / 2h,  z = z({name}):  {n(float(chain.numeric[k]))}",
        "sigmoid": f"σ(z({name})) = 1 / (1 + e^({n(-z)})) = {n(float(other.p[k]))}",
        "sigmoid_terms": f"−y·ln σ(z) − (1 − y)·ln(1 − σ(z)) = {n(float(other.terms[k]))},  "
        f"y = {n(y)},  z = {n(z)}",
        "sigmoid_gradient": f"σ(z({name})) − y({name}) = {n(float(other.p[k]))} − {n(y)}"
        f" = {n(float(other.gradient[k]))}",
    }[what]


def jacobian_words(i: int, j: int, chain: Chain, names: Sequence[str]) -> str:
    """∂pᵢ/∂zⱼ with its numbers."""
    left = f"∂p({names[i]})/∂z({names[j]})"
    p, q, value = n(float(chain.p[i])), n(float(chain.p[j])), n(float(chain.jacobian[i, j]))
    if i == j:
        return f"{left} = p({names[i]})·(1 − p({names[i]})) = {p}·(1 − {p}) = {value}"
    return f"{left} = −p({names[i]})·p({names[j]}) = −{p}·{q} = {value}"


def d_p_words(k: int, chain: Chain, name: str) -> str:
    """∂L/∂p of a class; where p is 0 it is infinite, and that is why nobody computes it."""
    value = float(chain.d_p[k])
    words = (
        f"∂L/∂p({name}) = −y({name})/p({name}) = −{n(float(chain.y[k]))}/{n(float(chain.p[k]))} = {n(value)}"
    )
    if np.isfinite(value):
        return words
    return words + ".  " + tr("p is too small for a number: only p·Σy − y, both steps in one, is safe.")


def product_words(j: int, chain: Chain, names: Sequence[str]) -> str:
    """The sum over the column j of the Jacobian; what is 0 is left out."""
    value = float(chain.product[j])
    if np.isnan(value):
        return tr("∞·0 has no value: only p·Σy − y, both steps in one, is safe.")
    terms = [
        f"({n(float(chain.d_p[i]))})·({n(float(chain.jacobian[i, j]))})"
        for i in np.flatnonzero(chain.d_p).tolist()
    ]
    written = " + ".join([*terms[:MOST_TERMS], *["…"] * (len(terms) > MOST_TERMS)]) or "0"
    return f"∂L/∂z({names[j]}) = Σᵢ ∂L/∂pᵢ·∂pᵢ/∂z({names[j]}) = {written} = {n(value)}"


def notes_words(j: int, chain: Chain, names: Sequence[str]) -> str:
    """The diagonal term alone, and what it should have been."""
    y, p = n(float(chain.y[j])), n(float(chain.p[j]))
    words = f"y({names[j]})·(p({names[j]}) − 1) = {y}·({p} − 1) = {n(float(chain.notes[j]))}"
    if not chain.notes_wrong[j]:
        return words
    missing = n(float(chain.right[j] - chain.notes[j]))
    return words + ".  " + tr("Without the terms beside the diagonal {missing} is missing.", missing=missing)


def formulas(chain: Chain, names: Sequence[str]) -> list[Live]:
    """Softmax, loss, Jacobian, the right gradient and the notes', each gradient with its check."""
    right, notes = checks(chain)
    return [
        Live(tr("Softmax"), SOFTMAX, f"p:  {_listed(names, chain.p)}"),
        Live(tr("Cross-entropy"), LOSS, f"L = {n(chain.loss)}   Σy = {n(chain.mass)}"),
        Live(tr("Jacobian of softmax"), JACOBIAN, ""),
        Live(tr("Gradient: all i"), RIGHT, _listed(names, chain.right),
             Check(right.max_relative_error, right.passed)),
        Live(tr("The notes: only i = j"), NOTES, _listed(names, chain.notes),
             Check(notes.max_relative_error, notes.passed)),
    ]  # fmt: skip


def _listed(names: Sequence[str], values: np.ndarray) -> str:
    return "  ".join(
        f"{name}\u00a0→\u00a0{n(float(value))}" for name, value in zip(names, values, strict=True)
    )
