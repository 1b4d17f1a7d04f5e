"""The formulas beside two distributions, with their numbers."""

from math import e, isinf, log

from engine.bases import BASES
from engine.experiments.entropy.two_distributions import Snapshot, TwoDistributionsConfig
from gui.look.language import tr
from gui.plots.ticks import listed
from gui.plots.ticks import value_text as text
from gui.screen.notes import Live
from gui.views.bases import LOGS, unit_of


def formulas(config: TwoDistributionsConfig, shot: Snapshot) -> list[Live]:
    """Entropy, cross-entropy, both KL divergences, JS, what the base does, and the code."""
    log_b, unit = LOGS[config.base], unit_of(config.base)
    most = text(log(2) / log(BASES[config.base]))
    return [
        Live(tr("Entropy and perplexity"), rf"H(P)=-\sum_i p_i {log_b}p_i", _entropies(shot, unit)),
        Live(tr("Cross-entropy: P is the truth"), rf"H(P,Q)=-\sum_i p_i {log_b}q_i", _crosses(shot, unit)),
        Live(tr("KL divergence: not the same both ways"),
             rf"\mathrm{{KL}}(P\|Q)=\sum_i p_i {log_b}\frac{{p_i}}{{q_i}}\;\geq 0", _divergences(shot, unit)),
        Live(tr("The identity"), r"H(P,Q)=H(P)+\mathrm{KL}(P\|Q)",
             f"{text(shot.cross_entropy)} = {text(shot.entropy_p)} + {text(shot.kl)}"),
        Live(tr("JS divergence: the same both ways"),
             r"\mathrm{JS}=\tfrac12\mathrm{KL}(P\|M)+\tfrac12\mathrm{KL}(Q\|M),\quad M=\tfrac12(P+Q)",
             tr("{js} {unit}, of at most {most}", js=text(shot.js), unit=unit, most=most)),
        Live(tr("Slope at the logits of Q"),
             r"\frac{\partial H(P,Q)}{\partial z_i}=\frac{q_i-p_i}{\ln b},\quad Q=\mathrm{softmax}(z)",
             _slope(BASES[config.base], shot), shot.slope_check),
        Live(tr("Mean length of a code"), r"L=\sum_i p_i\,\ell_i", _lengths(shot)),
    ]  # fmt: skip


def _entropies(shot: Snapshot, unit: str) -> str:
    return "\n".join((
        tr("H(P) = {p} {unit}, as hard to foresee as {many} equally likely outcomes",
           p=text(shot.entropy_p), unit=unit, many=text(shot.perplexity_p)),
        tr("H(Q) = {q} {unit}, perplexity {many}", q=text(shot.entropy_q), unit=unit,
           many=text(shot.perplexity_q)),
    ))  # fmt: skip


def _crosses(shot: Snapshot, unit: str) -> str:
    numbers = f"H(P, Q) = {text(shot.cross_entropy)} {unit}"
    if not shot.impossible:
        return numbers
    k = shot.impossible[0]
    why = tr("Outcome {n} comes with p = {p}, but Q says never: its surprise −log 0 is ∞.",
             n=k + 1, p=text(float(shot.p[k])))  # fmt: skip
    return f"{numbers}\n{why}"


def _divergences(shot: Snapshot, unit: str) -> str:
    lines = [f"KL(P‖Q) = {text(shot.kl)} {unit}", f"KL(Q‖P) = {text(shot.reverse_kl)} {unit}"]
    if isinf(shot.reverse_kl):
        lines.append(tr("Q puts weight on outcome {n}, which P never brings.", n=shot.unseen[0] + 1))
    if shot.kl == 0:
        lines.append(tr("0, for Q is P: only then."))
    return "\n".join(lines)


def _slope(base: float, shot: Snapshot) -> str:
    """What the base does to the slope that a model learns from."""
    factor = "1" if base == e else text(1 / log(base))
    numbers = tr("1/ln b = {factor}: it multiplies loss and slope, and moves no minimum.", factor=factor)
    if shot.slope is None:
        return numbers + "\n" + tr("No slope: H(P, Q) is infinite.")
    return f"{numbers}\n{listed(shot.slope)}"


def _lengths(shot: Snapshot) -> str:
    own = tr("built for P: {bits} bits an outcome", bits=text(shot.mean_length))
    wrong = tr("built for Q, used on P: {bits} bits", bits=text(shot.mean_length_wrong))
    ideal, cross = text(shot.entropy_bits), text(shot.cross_entropy_bits)
    return f"{own} (H(P) {ideal})\n{wrong} (H(P, Q) {cross})"
