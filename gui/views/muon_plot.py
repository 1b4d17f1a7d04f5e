"""The singular values of what Muon makes orthogonal, before and after, as curves of the pages that train."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.optimizers.muon import Muon, MuonStep, Spectra
from gui.look.language import tr
from gui.look.numbers import SUBSCRIPTS
from gui.look.theme import DOTTED, SOLID, Stroke, Theme
from gui.plots.curves import Curve, CurvesPanel
from gui.plots.scale import FloatArray, Range
from gui.screen.view import Moment, Urgency, View, nothing
from gui.views.curve_plots import CurveAxes, Plot, fill_plot
from gui.views.muon_blocks import spectra_wanted

WIDE = 2.2  # pixels of the curves after the step, in front of those before
SURE = 1e-6  # of the largest σ: smaller ones are rounding errors of float32


def add_spectra(
    view: View, step_of: Callable[[Any], MuonStep | None], urgency: Urgency = Urgency.NOW
) -> CurvesPanel:
    """Return a plot of the singular values of a step of Muon, which are the answer to "spectra".

    `step_of`, which must not refer to the view, returns what is kept of the step of a moment.
    """
    theme = view.theme
    panel = CurvesPanel(tr("Singular values"), theme, "strip")
    panel.setMinimumSize(theme.px(120), theme.px(72))
    view.ask("spectra", lambda at: spectra_wanted(at.settings.optimizer, step_of(at)), urgency)
    fill_plot(view, panel, plot_of_spectra, by=nothing, of="spectra")
    return panel


def has_spectra(at: Moment[Any, Any]) -> bool:
    """Whether the optimizer makes matrices orthogonal."""
    return isinstance(at.settings.optimizer, Muon)


def plot_of_spectra(at: Moment[Any, Any], theme: Theme, found: Spectra) -> Plot:
    """Return a curve of σ for each matrix, the largest σ first, before and after it is made orthogonal."""
    curves = []
    for k, spectrum in enumerate(found.told):
        name, colour = plain_letter(spectrum.place.name), theme.class_colour(k)
        number = np.arange(1.0, len(spectrum.before) + 1.0)
        after = Curve(f"{k}.after", name, number, spectrum.after, Stroke(colour, SOLID), width=WIDE)
        after = replace(after, column=tr("{name} after", name=name))
        column = tr("{name} before", name=name)
        before = Curve(f"{k}.before", "", number, spectrum.before, Stroke(colour, DOTTED), column=column)
        curves += [before, after]
    ends = 1.0, max([2.0, *(float(len(curve.x)) for curve in curves)])
    title = tr("Singular values · dotted: before")
    axes = CurveAxes(
        (tr("k-th largest"), ""), ("σ", ""), log_y=True, x_limits=ends, whole_x=True, title=title
    )
    return Plot(axes._replace(y_limits=heights([curve.y for curve in curves])), curves)


def heights(every: Sequence[FloatArray]) -> Range | None:
    """Return the range of all singular values but those that are rounding errors; None if there are none."""
    known = [sigma[sigma > SURE * sigma[0]] for sigma in every if sigma[0] > 0]
    lows, highs = ([float(sigma[end]) for sigma in known] for end in (-1, 0))
    return (min(lows), max(highs)) if known else None


def plain_letter(latex: str) -> str:
    """Return the letter of a matrix as text: W₁ for W_{1}, W_f for W_{f}."""
    letter, _, below = latex.replace("{", "").replace("}", "").partition("_")
    return letter + below.translate(SUBSCRIPTS) if below.isdigit() else f"{letter}_{below}"
