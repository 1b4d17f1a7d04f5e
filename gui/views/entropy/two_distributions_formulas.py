"""The formulas beside two distributions, with their numbers."""

from math import e, isinf, log

from engine.bases import BASES
from engine.experiments.entropy.two_distributions import Snapshot, TwoDistributionsConfig
from gui.language import tr
from gui.notes import Check, Live
from gui.plots.ticks import value_text

LOGS = {"2": r"\log_2", "e": r"\ln", "10": r"\log_{10}"}


def formulas(config: TwoDistributionsConfig, shot: Snapshot, unit: str) -> list[Live]:
    """Entropy, cross-entropy, both KL divergences, JS, the code, and what the base does."""
    return [
        _entropy(config, shot, unit),
        _cross_entropy(config, shot, unit),
        _kl(config, shot, unit),
        Live(tr("The identity"), r"H(P,Q)=H(P)+\mathrm{KL}(P\|Q)",
             f"{value_text(shot.cross_entropy)} = {value_text(shot.entropy_p)} + {value_text(shot.kl)}"),
        _js(config, shot, unit),
        _slope(config, shot),
        _code(shot),
    ]  # fmt: skip


def _entropy(config: TwoDistributionsConfig, shot: Snapshot, unit: str) -> Live:
    numbers = tr(
        "H(P) = {p} {unit}, as hard to foresee as {many} equally likely outcomes",
        p=value_text(shot.entropy_p), unit=unit, many=value_text(shot.perplexity_p),
    ) + "\n" + tr("H(Q) = {q} {unit}, perplexity {many}", q=value_text(shot.entropy_q), unit=unit,
                  many=value_text(shot.perplexity_q))  # fmt: skip
    return Live(tr("Entropy and perplexity"), rf"H(P)=-\sum_i p_i {LOGS[config.base]} p_i", numbers)


def _cross_entropy(config: TwoDistributionsConfig, shot: Snapshot, unit: str) -> Live:
    numbers = f"H(P, Q) = {value_text(shot.cross_entropy)} {unit}"
    if shot.impossible:
        k = shot.impossible[0]
        numbers += "\n" + tr(
            "Outcome {n} comes with p = {p}, but Q says never: its surprise −log 0 is ∞.",
            n=k + 1, p=value_text(float(shot.p[k])),
        )  # fmt: skip
    return Live(tr("Cross-entropy: P is the truth"), rf"H(P,Q)=-\sum_i p_i {LOGS[config.base]} q_i", numbers)


def _kl(config: TwoDistributionsConfig, shot: Snapshot, unit: str) -> Live:
    numbers = f"KL(P‖Q) = {value_text(shot.kl)} {unit}\nKL(Q‖P) = {value_text(shot.reverse_kl)} {unit}"
    if isinf(shot.reverse_kl):
        numbers += "\n" + tr("Q puts weight on outcome {n}, which P never brings.", n=shot.unseen[0] + 1)
    if shot.kl == 0:
        numbers += "\n" + tr("0, for Q is P: only then.")
    return Live(
        tr("KL divergence: not the same both ways"),
        rf"\mathrm{{KL}}(P\|Q)=\sum_i p_i {LOGS[config.base]}\frac{{p_i}}{{q_i}}\;\geq 0",
        numbers,
    )


def _js(config: TwoDistributionsConfig, shot: Snapshot, unit: str) -> Live:
    most = log(2) / log(BASES[config.base])
    numbers = tr("{js} {unit}, of at most {most}", js=value_text(shot.js), unit=unit, most=value_text(most))
    latex = r"\mathrm{JS}=\tfrac12\mathrm{KL}(P\|M)+\tfrac12\mathrm{KL}(Q\|M),\quad M=\tfrac12(P+Q)"
    return Live(tr("JS divergence: the same both ways"), latex, numbers)


def _code(shot: Snapshot) -> Live:
    own = tr("built for P: {bits} bits an outcome", bits=value_text(shot.mean_length))
    own += f" (H(P) {value_text(shot.entropy_bits)})"
    wrong = tr("built for Q, used on P: {bits} bits", bits=value_text(shot.mean_length_wrong))
    wrong += f" (H(P, Q) {value_text(shot.cross_entropy_bits)})"
    numbers = f"{own}\n{wrong}"
    return Live(tr("Mean length of a code"), r"L=\sum_i p_i\,\ell_i", numbers)


def _slope(config: TwoDistributionsConfig, shot: Snapshot) -> Live:
    """What the base does to the slope that a model learns from."""
    base = BASES[config.base]
    factor = "1" if base == e else value_text(1 / log(base))
    numbers = tr("1/ln b = {factor}: it multiplies loss and slope, and moves no minimum.", factor=factor)
    check = None
    if shot.slope is None or shot.slope_check is None:
        numbers += "\n" + tr("No slope: H(P, Q) is infinite.")
    else:
        numbers += "\n" + "  ".join(
            f"{k + 1}\u00a0→\u00a0{value_text(float(slope))}" for k, slope in enumerate(shot.slope)
        )
        check = Check(shot.slope_check.max_relative_error, shot.slope_check.passed)
    latex = r"\frac{\partial H(P,Q)}{\partial z_i}=\frac{q_i-p_i}{\ln b},\quad Q=\mathrm{softmax}(z)"
    return Live(tr("Slope at the logits of Q"), latex, numbers, check)
