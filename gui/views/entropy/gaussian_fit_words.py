"""The two fits in words: which peaks they cover, the divergences with their slopes, and their minima."""

from math import exp, isnan
from typing import Any

from engine.experiments.entropy.gaussian_fit import KL, GaussianFit, GaussianFitInspection
from engine.experiments.entropy.gaussian_fit_config import GaussianFitConfig
from engine.gradient_check import GradientCheck
from engine.information.gaussian_kl import Minimum
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.view import Live, Moment
from gui.views.bases import unit_of

NAMES = {"forward": "KL(P‖Q)", "reverse": "KL(Q‖P)"}
FORWARD = r"\mathrm{KL}(P\,\|\,Q)=\int p\,\log\frac{p}{q}\,dx"
REVERSE = r"\mathrm{KL}(Q\,\|\,P)=\int q\,\log\frac{q}{p}\,dx"
MATCHING = r"\mu^*=\sum_k w_k m_k,\quad \sigma^{*2}=\sum_k w_k\,\left(s_k^2+(m_k-\mu^*)^2\right)"
HERE = 0.02  # a fit within this fraction of the width has reached a minimum


def blocks(config: GaussianFitConfig, found: GaussianFitInspection) -> list[Live]:
    """Return all formulas with their numbers at one step."""
    unit, checks, minima = unit_of(config.base), found.checks, found.minima
    reverse = "\n".join(_line(place, unit, found.reverse) for place in minima.reverse)
    return [
        _fit_block(tr("Forward, KL(P‖Q)"), FORWARD, found.forward, unit, checks.get("forward")),
        _fit_block(tr("Reverse, KL(Q‖P)"), REVERSE, found.reverse, unit, checks.get("reverse")),
        Live(tr("Moment matching: the minimum of KL(P‖Q)"), MATCHING, _line(minima.forward, unit)),
        Live(tr("Minima of KL(Q‖P)"), "", reverse),
    ]


def _fit_block(title: str, latex: str, fit: GaussianFit, unit: str, check: GradientCheck | None) -> Live:
    if fit.lost is not None:
        why = tr("The step was too long: μ or ln σ has left all bounds.")
        return Live(title, latex, "\n".join((tr("✗ step {step}", step=fit.lost), why)))
    numbers = "= {} {unit}\nμ = {},  σ = {}\n∂/∂μ = {},  ∂/∂ln σ = {}".format(
        *map(value_text, (fit.kl, fit.mean, fit.width, fit.d_mean, fit.d_log_width)), unit=unit
    )
    return Live(title, latex, numbers, check)


def _line(place: Minimum, unit: str, fit: GaussianFit | None = None) -> str:
    """Return the text of a minimum; with an arrow if the fit is there."""
    text = "μ = {},  σ = {}:  {} ".format(*map(value_text, (place.mean, place.width, place.value))) + unit
    room = HERE * place.width
    there = fit is not None and max(abs(place.mean - fit.mean), abs(place.width - fit.width)) < room
    return f"{text}  ◂ Q" if there else text


def finding(at: Moment[GaussianFitConfig, Any]) -> str:
    """Say how many peaks of P each Q covers within two standard deviations, and how wide it is."""
    width = {name: exp(at.value(f"{name}.log_width")) for name in KL}
    mean = {name: at.value(f"{name}.mean") for name in KL}
    peaks = [peak for peak, share in zip(at.config.means, at.config.fractions, strict=True) if share > 0]
    held = {name: sum(abs(peak - mean[name]) <= 2 * width[name] for peak in peaks) for name in KL}
    lost = [name for name in KL if isnan(width[name])]
    if at.step == 0:
        sentence = "Both Qs start at μ = {mean}, σ = {width}. To which peaks will either divergence lead?"
        return tr(sentence, mean=short_text(at.config.start_mean), width=short_text(at.config.start_width))
    if len(lost) == 2:
        return tr("Both Qs are lost: the steps were too long, and took them out of all bounds.")
    if lost:
        other = "reverse" if lost == ["forward"] else "forward"
        return tr(
            "By {lost} Q is lost, its steps were too long; by {other} it covers {n} of {count} peaks.",
            lost=NAMES[lost[0]],
            other=NAMES[other],
            n=held[other],
            count=len(peaks),
        )
    alike = "Either Q covers {n} of {count} peaks: σ = {wide} by KL(P‖Q), σ = {narrow} by KL(Q‖P)."
    apart = "By KL(P‖Q) Q covers {n} of {count} peaks (σ = {wide}); by KL(Q‖P) {k} (σ = {narrow})."
    return tr(
        alike if held["forward"] == held["reverse"] else apart,
        n=held["forward"],
        k=held["reverse"],
        count=len(peaks),
        wide=width["forward"],
        narrow=width["reverse"],
    )
