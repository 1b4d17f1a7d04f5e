"""The formulas of *Fit Q to P* with the numbers of one run at one step."""

from collections.abc import Iterable

from engine.divergence_gradients import DIVERGENCES
from engine.experiments.entropy.fit import End, FitConfig, Inspection
from engine.gradient_check import GradientCheck
from engine.information import UNITS
from gui.language import problem_text, tr
from gui.notes import Check, Live
from gui.numbers import short_text
from gui.plots.ticks import value_text

SYMBOLS = {"reverse_kl": "KL", "js": "JS", "squared_error": "S"}
LOG = {"2": r"\log_2", "e": r"\ln", "10": r"\log_{10}"}


def formulas(config: FitConfig, name: str, found: Inspection | None, end: End | None) -> list[Live]:
    """How the run ended, if it did; the identity; the two gradients; the run's own loss."""
    blocks = [_ended(end)] if end is not None else []
    if found is None:
        return [*blocks, Live(tr(DIVERGENCES[name].title), DIVERGENCES[name].latex)]
    blocks += [_identity(config, found), *_two_gradients(config, found)]
    if name not in ("cross_entropy", "kl"):
        blocks += _own(config, name, found)
    return blocks


def unit(config: FitConfig) -> str:
    """In what the losses are measured."""
    return tr(UNITS[config.b])


def vector(values: Iterable[float]) -> str:
    """Numbers in a row."""
    return "(" + ", ".join(map(value_text, values)) + ")"


def _ended(end: End) -> Live:
    """A run without a first step explains itself; another one has its step named too."""
    words = problem_text(end.problem)
    if end.step > 0:
        words = "\n".join((tr("✗ step {step}", step=end.step), words))
    return Live(tr("How this run ended"), "", words)


def _identity(config: FitConfig, found: Inspection) -> Live:
    cross, level, kl = map(value_text, (found.cross_entropy, found.entropy, found.kl))
    numbers = f"{cross} = {level} + {kl} {unit(config)}"
    if found.entropy == 0:
        numbers += "\n" + tr("P is one-hot: H(P) = 0, and both losses have the same value.")
    else:
        numbers += "\n" + tr("H(P) does not contain Q: it is the same at every step.")
    return Live(tr("Cross-entropy is KL, H(P) higher"), r"H(P,Q)=H(P)+KL(P\parallel Q)", numbers)


def _two_gradients(config: FitConfig, found: Inspection) -> list[Live]:
    """∂/∂z of cross-entropy and of KL, each held against differences of its own values."""
    same = (
        tr("equal to the last bit")
        if found.difference == 0
        else tr("largest difference {d}", d=short_text(found.difference, 2))
    )
    share = r"q_j-p_j" if config.base == "e" else rf"\frac{{q_j-p_j}}{{\ln {config.base}}}"
    first = vector(found.of_cross_entropy)
    if config.base != "e":
        factor = value_text(1 / DIVERGENCES["kl"].unit(config.b))
        first += "\n" + tr(
            "In base {base} every slope is {factor} times that in nats.", base=config.base, factor=factor
        )
    return [
        Live(
            tr("The slope of {loss}", loss="H(P, Q)"),
            rf"\frac{{\partial H(P,Q)}}{{\partial z_j}}={share}",
            first,
            _badge(found.check_of_cross_entropy),
        ),
        Live(
            tr("The slope of {loss}", loss="KL(P‖Q)"),
            rf"\frac{{\partial KL}}{{\partial z_j}}={share}",
            f"{vector(found.of_kl)}\n{same}",
            _badge(found.check_of_kl),
        ),
    ]


def _own(config: FitConfig, name: str, found: Inspection) -> list[Live]:
    """The loss of a run that learns by another one, and its slope where it has any."""
    loss = DIVERGENCES[name]
    measured = unit(config) if loss.logarithmic else ""
    log = LOG[config.base]  # which brings the 1/ln b: the formulas are the same in every base
    latex = loss.latex.replace(r"\log", log)
    value = Live(tr(loss.title), latex, f"{loss.sign} = {value_text(found.loss)} {measured}".rstrip())
    if found.check is None:
        return [value]
    latex = rf"\frac{{\partial {SYMBOLS[name]}}}{{\partial z_j}}={loss.gradient_latex}".replace(r"\log", log)
    title = tr("The slope of {loss}", loss=loss.sign)
    return [value, Live(title, latex, vector(found.gradient), _badge(found.check))]


def _badge(check: GradientCheck) -> Check:
    return Check(check.max_relative_error, check.passed)
