"""The formulas of *Binary* with the numbers of p and q."""

from math import isinf

from engine.experiments.entropy.binary import BinaryConfig, Snapshot
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.bases import LOGS

PLAIN_LOG = {"2": "log₂", "e": "ln", "10": "log₁₀"}
PER = {"2": r"\,\ln 2", "e": "", "10": r"\,\ln 10"}
PLAIN_PER = {"2": "·ln 2", "e": "", "10": "·ln 10"}
IMPOSSIBLE = "What does happen was held to be impossible: its surprise has no bound."


def formulas(config: BinaryConfig, shot: Snapshot, unit: str) -> list[Live]:
    """H(p), H(p, q), the divergence, the form for a certain answer, and the slope."""
    log, per, p, q = LOGS[config.base], PER[config.base], short_text(config.p, 4), short_text(config.q, 4)
    return [
        Live(tr("Entropy"), rf"H(p) = -p\,{log}p - (1-p)\,{log}(1-p)",
             f"H({p}) = {value_text(shot.entropy)} {unit}"),
        Live(tr("Cross-entropy"), rf"H(p,q) = -p\,{log}q - (1-p)\,{log}(1-q)", _cross(config, shot, unit)),
        Live(tr("KL divergence: the gap"), r"D(p\,\|\,q) = H(p,q) - H(p) \geq 0", _gap(shot, unit)),
        Live(tr("Simplest form, of a certain answer"), rf"p=1:\;\; -{log}q \qquad p=0:\;\; -{log}(1-q)",
             _certain(config, shot, unit)),
        Live(tr("Slope"), rf"\frac{{\partial H(p,q)}}{{\partial q}} = \frac{{q-p}}{{q(1-q){per}}}",
             _slope(config, shot, q, p), shot.check),
    ]  # fmt: skip


def _cross(config: BinaryConfig, shot: Snapshot, unit: str) -> str:
    parts = f"{value_text(shot.yes)} + {value_text(shot.no)}"
    text = f"H(p, q) = {parts} = {value_text(shot.cross_entropy)} {unit}"
    return f"{text}\n{tr(IMPOSSIBLE)}" if isinf(shot.cross_entropy) else text


def _gap(shot: Snapshot, unit: str) -> str:
    values = (shot.cross_entropy, shot.entropy, shot.kl)
    return "{} − {} = {} ".format(*map(value_text, values)) + unit


def _certain(config: BinaryConfig, shot: Snapshot, unit: str) -> str:
    """−log q of what is true: what H(p, q) is now, or would be."""
    log, q = PLAIN_LOG[config.base], short_text(config.q, 4)
    yes = f"−{log} {q} = {value_text(shot.surprise_of_yes)} {unit}"
    no = f"−{log} (1 − {q}) = {value_text(shot.surprise_of_no)} {unit}"
    if config.p == 1:
        return tr("p is 1, one term is left: H(p, q) = {term}", term=yes)
    if config.p == 0:
        return tr("p is 0, one term is left: H(p, q) = {term}", term=no)
    return tr("Were p 1, it would be {yes}; were it 0, {no}", yes=yes, no=no)


def _slope(config: BinaryConfig, shot: Snapshot, q: str, p: str) -> str:
    if config.p in (0.0, 1.0) and config.q == config.p:
        return tr("q = p is the end of the range: the slope there is {slope}", slope=value_text(shot.slope))
    if isinf(shot.slope):
        return tr("At the end of the range the slope is {slope}", slope=value_text(shot.slope))
    return f"({q} − {p}) / ({q}·(1 − {q}){PLAIN_PER[config.base]}) = {value_text(shot.slope)}"
