"""The two fits in numbers: the divergences with their slopes, and the minima they may come to."""

from engine.bases import BASES
from engine.experiments.entropy.gaussian_fit import Fit, Moment, check, landmarks
from engine.experiments.entropy.gaussian_fit_config import GaussianFitConfig
from engine.gaussian_kl import Minimum
from engine.information import UNITS
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text

FORWARD = r"\mathrm{KL}(P\,\|\,Q)=\int p\,\log\frac{p}{q}\,dx"
REVERSE = r"\mathrm{KL}(Q\,\|\,P)=\int q\,\log\frac{q}{p}\,dx"
MATCHING = r"\mu^*=\sum_k w_k m_k,\quad \sigma^{*2}=\sum_k w_k\,\left(s_k^2+(m_k-\mu^*)^2\right)"
HERE = 0.02  # of the width: so near to a minimum a fit has arrived


def unit_name(config: GaussianFitConfig) -> str:
    """bits, nats or dits."""
    return tr(UNITS[BASES[config.base]])


def blocks(config: GaussianFitConfig, moment: Moment) -> list[Live]:
    """All formulas with their numbers at one step."""
    found = landmarks(config)
    return [
        _fit_block(config, tr("Forward, KL(P‖Q)"), FORWARD, "forward", moment.forward),
        _fit_block(config, tr("Reverse, KL(Q‖P)"), REVERSE, "reverse", moment.reverse),
        Live(tr("Moment matching: the minimum of KL(P‖Q)"), MATCHING, _line(config, found.forward)),
        Live(
            tr("Minima of KL(Q‖P)"),
            "",
            "\n".join(_line(config, place, moment.reverse) for place in found.reverse),
        ),
    ]


def _fit_block(config: GaussianFitConfig, title: str, latex: str, name: str, fit: Fit) -> Live:
    if fit.lost is not None:
        why = tr("The step was too long: μ or ln σ has left all bounds.")
        return Live(title, latex, "\n".join((tr("✗ step {step}", step=fit.lost), why)))
    numbers = "\n".join(
        (
            f"= {value_text(fit.kl)} {unit_name(config)}",
            f"μ = {value_text(fit.mean)},  σ = {value_text(fit.width)}",
            f"∂/∂μ = {value_text(fit.d_mean)}",
            f"∂/∂ln σ = {value_text(fit.d_log_width)}",
        )
    )
    found = check(config, name, fit)
    return Live(title, latex, numbers, Check(found.max_relative_error, found.passed))


def _line(config: GaussianFitConfig, place: Minimum, fit: Fit | None = None) -> str:
    """A minimum; with an arrow when the fit is there."""
    where = f"μ = {value_text(place.mean)},  σ = {value_text(place.width)}"
    text = f"{where}:  {value_text(place.value)} {unit_name(config)}"
    return f"{text}  ◂ Q" if fit is not None and _arrived(place, fit) else text


def _arrived(place: Minimum, fit: Fit) -> bool:
    room = HERE * place.width
    return abs(place.mean - fit.mean) < room and abs(place.width - fit.width) < room
