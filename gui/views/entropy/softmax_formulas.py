"""The formulas of *Softmax and sigmoid* with the numbers of the present logits."""

import numpy as np

from engine.experiments.entropy.softmax import SoftmaxSigmoidConfig, SoftmaxSigmoidSnapshot
from engine.information.softmax_numerics import Naive, limits
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import listed, value_text
from gui.screen.notes import Live

SOFTMAX = r"x_i = \frac{z_i + c}{T} \qquad p_i = \frac{e^{x_i}}{\sum_j e^{x_j}}"
STABLE = r"p_i = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}} \qquad m = \max_j x_j"
NAIVE = r"\frac{e^{x_i}}{\sum_j e^{x_j}}"
SIGMOID = r"u_i = x_i - \ln \sum_{j \neq i} e^{x_j} \qquad p_i = \sigma(u_i) = \frac{1}{1 + e^{-u_i}}"
TWO = r"p_1 = \frac{e^{x_1}}{e^{x_1} + e^{x_2}} = \frac{1}{1 + e^{-(x_1 - x_2)}} = \sigma(x_1 - x_2)"
JACOBIAN = r"\frac{\partial p_i}{\partial z_j} = \frac{p_i\,([i = j] - p_j)}{T}"
HEAT = r"H = -\sum_i p_i \ln p_i \qquad \frac{dH}{dT} = \frac{\sum_i p_i\,(z_i - \bar z)^2}{T^3}"
FAILURES = {
    "": "{precision}: every exp(x) is a number. Largest x {x}; ∞ begins at {high}, 0 at {low}.",
    "overflow": "{precision}: the largest x is {x}, and beyond {high} exp(x) is ∞. A number divided by ∞ is"
    " 0, and ∞ divided by ∞ is not a number.",
    "vanished": "{precision}: the largest x is {x}, and below {low} exp(x) is 0. So is the sum, and 0/0 is"
    " not a number.",
    "lost": "{precision}: below {low} exp(x) is 0. Such a p is 0 and ln p is −∞, though softmax is never 0.",
}


def formulas(config: SoftmaxSigmoidConfig, shot: SoftmaxSigmoidSnapshot, chosen: int) -> list[Live]:
    """Return the formulas of softmax, computed in two ways, its Jacobian, the sigmoid, and the entropy."""
    return [
        Live(tr("Softmax"), SOFTMAX, f"p:  {listed(shot.stable.p)}"),
        Live(tr("The stable way"), STABLE, _stable(config, shot)),
        Live(
            tr("The naive way"),
            NAIVE,
            "\n".join((_naive(shot, shot.single, "float32"), _naive(shot, shot.double, "float64"))),
        ),
        _sigmoid(config, shot, chosen),
        Live(tr("Jacobian"), JACOBIAN, _row(shot, chosen), shot.jacobian_check),
        Live(tr("Temperature"), HEAT, _heat(config, shot), shot.d_entropy_check),
    ]


def _stable(config: SoftmaxSigmoidConfig, shot: SoftmaxSigmoidSnapshot) -> str:
    text = f"m = {value_text(shot.stable.largest)}   Σ = {value_text(shot.stable.total)}"
    if config.shift == 0:
        return text
    if shot.moved_by_shift == 0:
        return text + "\n" + tr("The shift by {c} has changed no p.", c=config.shift)
    error = short_text(shot.moved_by_shift, 2)
    return (
        text
        + "\n"
        + tr("The shift by {c} has changed no p by more than {error}: rounding.", c=config.shift, error=error)
    )


def _naive(shot: SoftmaxSigmoidSnapshot, naive: Naive, precision: str) -> str:
    high, low = limits(precision)
    return tr(
        FAILURES[naive.failure],
        precision=precision,
        x=float(shot.scaled.max()),
        high=short_text(high, 4),
        low=short_text(low, 4),
    )


def _sigmoid(config: SoftmaxSigmoidConfig, shot: SoftmaxSigmoidSnapshot, chosen: int) -> Live:
    """Return the sigmoid: for two classes of the difference of logits, for more of one against all others."""
    u, p, slope = (value_text(float(a[chosen])) for a in (shot.against, shot.stable.p, shot.slopes))
    latex = TWO if len(config.logits) == 2 else SIGMOID
    first = tr("class {k}:", k=chosen + 1) + f"  u = {u}   σ(u) = {p}"
    return Live(tr("Sigmoid: one class against the others"), latex, f"{first}\nσ′(u) = p·(1 − p) = {slope}")


def _row(shot: SoftmaxSigmoidSnapshot, chosen: int) -> str:
    return tr("class {k}:", k=chosen + 1) + "  " + listed(shot.jacobian[chosen])


def _heat(config: SoftmaxSigmoidConfig, shot: SoftmaxSigmoidSnapshot) -> str:
    top = [k for k, z in enumerate(config.logits) if z == max(config.logits)]
    cold = ", ".join(str(k + 1) for k in top)
    return "\n".join(
        (
            tr(
                "H = {h} of at most {most} nats,  dH/dT = {slope}",
                h=shot.entropy,
                most=float(np.log(len(config.logits))),
                slope=shot.d_entropy,
            ),
            tr(
                "T → 0: all to class {names}. T → ∞: {share} to each.",
                names=cold,
                share=1 / len(config.logits),
            ),
        )
    )
