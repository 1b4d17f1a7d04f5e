"""The two fits in numbers: the divergences with their slopes, and the minima they may come to."""

from engine.experiments.entropy.gaussian_fit import Fit, Inspection
from engine.experiments.entropy.gaussian_fit_config import GaussianFitConfig
from engine.gaussian_kl import Minimum
from engine.gradient_check import GradientCheck
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.bases import unit_of

FORWARD = r"\mathrm{KL}(P\,\|\,Q)=\int p\,\log\frac{p}{q}\,dx"
REVERSE = r"\mathrm{KL}(Q\,\|\,P)=\int q\,\log\frac{q}{p}\,dx"
MATCHING = r"\mu^*=\sum_k w_k m_k,\quad \sigma^{*2}=\sum_k w_k\,\left(s_k^2+(m_k-\mu^*)^2\right)"
HERE = 0.02  # of the width: so near to a minimum a fit has arrived


def blocks(config: GaussianFitConfig, found: Inspection) -> list[Live]:
    """All formulas with their numbers at one step."""
    unit, checks, minima = unit_of(config.base), found.checks, found.landmarks
    reverse = "\n".join(_line(place, unit, found.reverse) for place in minima.reverse)
    return [
        _fit_block(tr("Forward, KL(P‖Q)"), FORWARD, found.forward, unit, checks.get("forward")),
        _fit_block(tr("Reverse, KL(Q‖P)"), REVERSE, found.reverse, unit, checks.get("reverse")),
        Live(tr("Moment matching: the minimum of KL(P‖Q)"), MATCHING, _line(minima.forward, unit)),
        Live(tr("Minima of KL(Q‖P)"), "", reverse),
    ]


def _fit_block(title: str, latex: str, fit: Fit, unit: str, check: GradientCheck | None) -> Live:
    if fit.lost is not None:
        why = tr("The step was too long: μ or ln σ has left all bounds.")
        return Live(title, latex, "\n".join((tr("✗ step {step}", step=fit.lost), why)))
    numbers = "= {} {unit}\nμ = {},  σ = {}\n∂/∂μ = {},  ∂/∂ln σ = {}".format(
        *map(value_text, (fit.kl, fit.mean, fit.width, fit.d_mean, fit.d_log_width)), unit=unit
    )
    return Live(title, latex, numbers, check)


def _line(place: Minimum, unit: str, fit: Fit | None = None) -> str:
    """A minimum; with an arrow when the fit is there."""
    text = "μ = {},  σ = {}:  {} ".format(*map(value_text, (place.mean, place.width, place.value))) + unit
    room = HERE * place.width
    there = fit is not None and max(abs(place.mean - fit.mean), abs(place.width - fit.width)) < room
    return f"{text}  ◂ Q" if there else text
