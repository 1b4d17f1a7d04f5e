"""Deep networks in words and numbers: the verdict, one factor of the chain, how the weights began."""

from collections.abc import Mapping
from math import log10

from engine.experiments.gradients.deep_network_config import DeepConfig, Settings
from engine.experiments.gradients.deep_network_inspection import (
    EXPLODING,
    VANISHING,
    Chain,
    Inside,
    Look,
    Verdict,
)
from engine.gradient_check import GradientCheck
from engine.training import DUST
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import power_text, value_text
from gui.screen.notes import Live

RATIO = r"\frac{\|\partial L/\partial a_1\|}{\|\partial L/\partial a_L\|}"
PLAIN = (
    r"\frac{\partial L}{\partial a_{k-1}}="
    r"\left(\frac{\partial L}{\partial a_k}\circ\varphi'(z_k)\right)W_k^{\mathsf T}"
)
LINKED = PLAIN + r"+\frac{\partial L}{\partial a_k}"
STARTS = {
    "given": r"\sqrt{\mathrm{Var}(w)}=\sigma",
    "xavier": r"\mathrm{Var}(w)=\frac{2}{n_{in}+n_{out}}",
    "he": r"\mathrm{Var}(w)=\frac{2}{n_{in}}",
    "orthogonal": r"W^{\mathsf T}W=I",
}


def letter(which: str, networks: int) -> str:
    """How a network is called: not at all, when it is alone."""
    return which.upper() if networks > 1 else ""


def judged(verdict: Verdict) -> str:
    """A verdict with its ratio and the threshold it was held against."""
    ratio, low, high = value_text(verdict.ratio), short_text(VANISHING), short_text(EXPLODING)
    return {
        "vanishing": tr("vanishing: {ratio}, below {limit}", ratio=ratio, limit=low),
        "exploding": tr("exploding: {ratio}, above {limit}", ratio=ratio, limit=high),
        "healthy": tr("healthy: {ratio}, between {low} and {high}", ratio=ratio, low=low, high=high),
        "none": tr("no gradient at all: 0 in the last layer"),
        "infinite": tr("infinite: the numbers have overflowed"),
    }[verdict.kind]


def marked(verdict: Verdict) -> str:
    """The verdict as a word with a mark, for a title."""
    return {
        "vanishing": "▼ " + tr("vanishing"),
        "exploding": "▲ " + tr("exploding"),
        "healthy": "✓ " + tr("healthy"),
        "none": "▼ " + tr("no gradient"),
        "infinite": "▲ " + tr("infinite"),
    }[verdict.kind]


def titled(looks: Mapping[str, Look]) -> str:
    """The verdicts as the title of a plot."""
    words = [f"{letter(which, len(looks))} {marked(one.verdict)}".strip() for which, one in looks.items()]
    return tr("Gradients: {verdict}", verdict=", ".join(words))


def verdict_text(inside: Inside) -> str:
    """The verdicts as a line above the plots; which network ended while the other went on."""
    lines = []
    for which, look in inside.looks.items():
        ended = inside.snapshot.networks[which].ended
        told = "" if ended is None else " · " + tr("ended at step {step}: infinite", step=ended)
        lines.append(f"<b>{letter(which, len(inside.looks))}</b> {judged(look.verdict)}{told}")
    return "<br>".join(lines)


def dusty(look: Look) -> str:
    """Say that training takes a gradient for 0, although it is shown."""
    return tr(
        "In {n} layers no gradient reaches {limit}: training in float32 takes it for 0. "
        "The plots are computed in float64.",
        n=look.dusty,
        limit=power_text(round(log10(DUST))),
    )


def verdict_live(looks: Mapping[str, Look]) -> Live:
    """First to last layer, for each network."""
    lines = []
    for which, look in looks.items():
        name = letter(which, len(looks))
        lines.append(f"{name}  {judged(look.verdict)}".strip())
        lines += [dusty(look)] if look.dusty else []
    return Live(tr("The first layer's share of the gradient"), RATIO, "\n".join(lines))


def factor_live(
    config: DeepConfig, which: str, chain: Chain, layer: int, bound: bool, check: GradientCheck | None = None
) -> Live:
    """One factor of the chain: what a layer does to the gradient that passes it downwards."""
    settings, k = config.networks[which], max(layer, 1)
    parts = [f"‖W‖ = {value_text(chain.weights[k])}", tr("slope {slope}", slope=value_text(chain.slopes[k]))]
    if settings.normalization != "none":
        parts.append(f"γ/σ = {value_text(chain.stretches[k])}")
    ratio = value_text(chain.actual[k - 1] / chain.actual[k] if chain.actual[k] > 0 else 0.0)
    factor, now = value_text(chain.factors[k]), value_text(chain.actual[k - 1])
    lines = [
        tr("from layer {upper} to layer {lower}:", upper=k + 1, lower=k),
        " · ".join(parts),
        tr("at most × {factor}, really × {ratio}", factor=factor, ratio=ratio) if bound
        else tr("typically × {factor}, really × {ratio}", factor=factor, ratio=ratio),
        tr("‖∂L/∂a‖ = {now} in layer {n}", now=now, n=k),
    ]  # fmt: skip
    if chain.actual[-1] == 0.0:
        lines.append(tr("This example is right beyond doubt: its loss has no gradient. Choose another."))
    latex = LINKED if settings.residual else PLAIN
    return Live(tr("One factor of the chain"), latex, "\n".join(lines), check)


def start_live(config: DeepConfig, settings: Settings) -> Live:
    """How the weights of a hidden layer began."""
    spread = value_text(settings.deviation(config.width))
    numbers = tr("{n} into {n}: standard deviation {spread}", n=config.width, spread=spread)
    return Live(tr("How the weights began"), STARTS[settings.initializer], numbers)
