"""The formulas and singular values of a step of Muon, for the pages that train a network."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.optimizers.muon import COEFFICIENTS, Muon, MuonStep, Spectra, Spectrum, spectra
from engine.optimizers.table import NetworkRule
from gui.look.arithmetic import exact_text
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.curves import CurvesPanel
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.screen.terms import Term, term
from gui.screen.view import Question

SHOWN = 4  # the most matrices whose singular values are shown
LISTED = 4  # the most singular values that are listed for a matrix
NAMES = {
    "G_t": "gradient of a weight matrix",
    "M_t": "momentum of a weight matrix",
    r"\tilde{M}_t": "what is made orthogonal",
    "O_t": "the same directions, all equally long",
    "s": "factor for the shape of the matrix",
}

DRAWN = (r"\tilde{M}_t", "O_t")  # before and after


def spectra_wanted(rule: NetworkRule, step: MuonStep | None) -> Question | None:
    """Ask for the singular values of a step, if the optimizer is Muon; at the start there are none."""
    return (spectra, step, SHOWN) if isinstance(rule, Muon) else None


def muon_blocks(rule: NetworkRule, found: Spectra | None, step: int) -> list[Live]:
    """Return the rule and the singular values before and after step `step`; nothing for other rules."""
    if not isinstance(rule, Muon):
        return []
    title, rate = tr("Muon, for each matrix of weights"), exact_text(rule.rest_rate)
    blocks = [
        Live("" if k else title, line.latex, _coefficients() if line.result == "iterate" else "")
        for k, line in enumerate(rule.equations)
    ]
    rest = tr("Biases and all else that is no matrix: Adam, with η = {rate}.", rate=rate)
    return [*blocks, Live("", "", rest), *([] if found is None else _spectra_blocks(rule, found, step))]


def _spectra_blocks(rule: Muon, found: Spectra, step: int) -> list[Live]:
    """Return the singular values of some matrices, before and after."""
    title = tr("Singular values σ at step {step}", step=step)
    blocks = [
        Live("" if k else title, spectrum.place.name, _numbers(rule, spectrum))
        for k, spectrum in enumerate(found.told)
    ]
    if found.more:
        blocks.append(Live("", "", tr("… and {n} more matrices", n=found.more)))
    return blocks


def muon_terms(rule: NetworkRule, shown: CurvesPanel) -> list[Term]:
    """The terms of these formulas; the singular values of two of them are `shown` by a plot."""
    if not isinstance(rule, Muon):
        return []
    written = " ".join(line.latex for line in rule.equations)
    return [
        term(latex, tr(name), *([shown] if latex in DRAWN else []), told=False)
        for latex, name in NAMES.items()
        if latex in written
    ]


def _coefficients() -> str:
    return "  ".join(
        f"{name} = {short_text(value, 5)}" for name, value in zip("abc", COEFFICIENTS, strict=True)
    )


def _numbers(rule: Muon, spectrum: Spectrum) -> str:
    place = spectrum.place
    shape = f"{place.rows} × {place.columns}, s = {value_text(rule.factor(place))}"
    before = tr("before: {values}", values=_told(spectrum.before))
    after = tr("after: {values}", values=_told(spectrum.after))
    return f"{shape}\n{before}\n{after}"


def _told(sigma: NDArray[Any]) -> str:
    """Return singular values as a text, the largest first; of many only the largest ones and the smallest."""
    if not np.isfinite(sigma).all():
        return "–"
    if len(sigma) <= LISTED + 1:
        return ", ".join(value_text(float(one)) for one in sigma)
    first = ", ".join(value_text(float(one)) for one in sigma[: LISTED - 1])
    return f"{first}, …, {value_text(float(sigma[-1]))}"
