"""The formulas of *Fit Q to P* with the numbers of one run at one step."""

from engine.experiments.entropy.fit import FitChecks, FitConfig, FitEnd, FitInspection
from engine.information.divergence_gradients import DIVERGENCES
from gui.look.language import problem_text, tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.bases import LOGS, unit_of
from gui.views.words import joined, vector

SYMBOLS = {"reverse_kl": r"\mathrm{KL}", "js": r"\mathrm{JS}", "squared_error": "S"}


def run_blocks(config: FitConfig, found: FitInspection, checks: FitChecks) -> list[Live]:
    """Return the formulas of the identity, the two gradients, and the run's own loss."""
    blocks = [_identity(config, found), *_two_gradients(config, found, checks)]
    return blocks if found.name in ("cross_entropy", "kl") else [*blocks, *_own(config, found, checks)]


def loss_block(name: str) -> Live:
    """Return the formula of a loss without numbers, for a run that has none."""
    return Live(tr(DIVERGENCES[name].title), DIVERGENCES[name].latex)


def end_block(end: FitEnd) -> Live:
    """Say how a run ended, and at which step; if it could not take a first step, only the reason."""
    step = tr("✗ step {step}", step=end.step) if end.step > 0 else ""
    return Live(tr("How this run ended"), "", joined(step, problem_text(end.problem)))


def _identity(config: FitConfig, found: FitInspection) -> Live:
    cross, level, kl = map(value_text, (found.cross_entropy, found.entropy, found.kl))
    numbers = f"{cross} = {level} + {kl} {unit_of(config.base)}\n"
    if found.entropy == 0:
        numbers += tr("P is one-hot: H(P) = 0, and both losses have the same value.")
    else:
        numbers += tr("H(P) does not contain Q: it is the same at every step.")
    return Live(tr("Cross-entropy is KL, H(P) higher"), r"H(P,Q)=H(P)+\mathrm{KL}(P\|Q)", numbers)


def _two_gradients(config: FitConfig, found: FitInspection, checks: FitChecks) -> list[Live]:
    """Return ∂/∂z of cross-entropy and of KL, each checked by differences of its own values."""
    first, share = vector(found.of_cross_entropy), r"q_j-p_j"
    if config.base != "e":
        share = rf"\frac{{q_j-p_j}}{{\ln {config.base}}}"
        factor = 1 / DIVERGENCES["kl"].unit(config.b)
        slope = "In base {base} every slope is {factor} times that in nats."
        first = joined(first, tr(slope, base=config.base, factor=factor))
    same = tr("exactly equal")
    if found.difference != 0:
        same = tr("largest difference {d}", d=short_text(found.difference, 2))
    return [
        Live(
            tr("The slope of {loss}", loss="H(P, Q)"),
            rf"\frac{{\partial H(P,Q)}}{{\partial z_j}}={share}",
            first,
            checks.of_cross_entropy,
        ),
        Live(
            tr("The slope of {loss}", loss="KL(P‖Q)"),
            rf"\frac{{\partial \mathrm{{KL}}}}{{\partial z_j}}={share}",
            f"{vector(found.of_kl)}\n{same}",
            checks.of_kl,
        ),
    ]


def _own(config: FitConfig, found: FitInspection, checks: FitChecks) -> list[Live]:
    """Return the formula of the loss of a run with another loss, and its gradient if it has one."""
    loss, log = DIVERGENCES[found.name], LOGS[config.base]  # the logarithm gives the factor 1/ln b
    measured = unit_of(config.base) if loss.logarithmic else ""
    value = f"{loss.sign} = {value_text(found.loss)} {measured}".rstrip()
    blocks = [Live(tr(loss.title), loss.latex.replace(r"\log", log), value)]
    if checks.gradient is not None:
        left, right = SYMBOLS[found.name], loss.gradient_latex.replace(r"\log", log)
        latex = rf"\frac{{\partial {left}}}{{\partial z_j}}={right}"
        title = tr("The slope of {loss}", loss=loss.sign)
        blocks.append(Live(title, latex, vector(found.gradient), checks.gradient))
    return blocks
