"""Deep networks in words and numbers: the verdict, one factor of the chain, how the weights began."""

from math import isfinite, log10, nan
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS
from engine.experiments.gradients.deep_network_chain import FactorChain
from engine.experiments.gradients.deep_network_config import DRAWN, DeepConfig, NetworkSettings
from engine.experiments.gradients.deep_network_inspection import (
    EXPLODING,
    LARGE,
    SMALL,
    VANISHING,
    DeepInspection,
    Verdict,
)
from engine.gradient_check import GradientCheck
from engine.optimizers.trainer import SMALL_GRADIENT
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import power_text, value_text
from gui.screen.view import Live, Moment

At = Moment[DeepConfig, Any]
LEARNED = 0.1  # a network has learned when its loss is this fraction of the loss at the start

RATIO = r"\frac{\|\partial L/\partial a_1\|}{\|\partial L/\partial a_L\|}"
PLAIN = (
    r"\frac{\partial L}{\partial a_{k-1}}="
    r"\left(\frac{\partial L}{\partial a_k}\circ\varphi'(z_k)\right)W_k^{\top}"
)
LINKED = PLAIN + r"+\frac{\partial L}{\partial a_k}"
STARTS = {
    "given": r"\sqrt{\mathrm{Var}(w)}=\sigma",
    "xavier": r"\mathrm{Var}(w)=\frac{2}{n_{in}+n_{out}}",
    "he": r"\mathrm{Var}(w)=\frac{2}{n_{in}}",
    "orthogonal": r"W^{\top}W=I",
}


def letter(which: str, networks: int) -> str:
    """Return the letter of a network; "" if there is only one."""
    return which.upper() if networks > 1 else ""


def told_apart(config: DeepConfig) -> str:
    """Say what differs between the networks: A: Sigmoid, σ = 0.1 · B: ReLU, He. "" if nothing does."""
    parts = [_parts(settings) for settings in config.networks.values()]
    differ = [len(set(of_each)) > 1 for of_each in zip(*parts, strict=True)]
    if not any(differ):
        return ""
    shown = [
        [part for part, told in zip(of_one, differ, strict=True) if told and part] or ["–"]
        for of_one in parts
    ]
    return " · ".join(
        tr("{name}: {parts}", name=which.upper(), parts=tr(", ").join(of_one))
        for which, of_one in zip(config.networks, shown, strict=True)
    )


def _parts(settings: NetworkSettings) -> tuple[str, ...]:
    """Describe the settings of a network that differ from the usual ones."""
    given = settings.initializer == "given"
    uniform = settings.shape == "uniform" and settings.initializer != "orthogonal"
    normal = {"none": "", "batch": tr("Batch normalisation"), "layer": tr("Layer normalisation")}
    return (
        tr(ACTIVATIONS[settings.activation].title),
        f"σ = {short_text(settings.spread)}" if given else tr(DRAWN[settings.initializer][0]),
        tr("Uniform distribution") if uniform else "",
        tr("gain {gain}", gain=short_text(settings.gain)),
        normal[settings.normalization],
        tr("Residual links") if settings.residual else "",
    )


def judged(verdict: Verdict) -> str:
    """Return a verdict with its ratio and its threshold."""
    ratio, low, high = verdict.ratio, short_text(SMALL), short_text(LARGE)
    return {
        "vanishing": tr("vanishing: {ratio}, below {limit}", ratio=ratio, limit=short_text(VANISHING)),
        "exploding": tr("exploding: {ratio}, above {limit}", ratio=ratio, limit=short_text(EXPLODING)),
        "healthy": tr("healthy: {ratio}, between {low} and {high}", ratio=ratio, low=low, high=high),
        "uneven": tr("uneven: {ratio}, not between {low} and {high}", ratio=ratio, low=low, high=high),
        "none": tr("no gradient at all: 0 in the last layer"),
        "infinite": tr("infinite: the numbers have overflowed"),
    }[verdict.kind]


def finding(at: At, inside: DeepInspection) -> str:
    """Say which part of the gradient reaches the first layer, and how low the losses are."""
    kinds = {
        "vanishing": tr("vanishing"),
        "exploding": tr("exploding"),
        "healthy": tr("healthy"),
        "uneven": tr("uneven"),
        "none": tr("no gradient"),
        "infinite": tr("infinite"),
    }
    slots: dict[str, str | float] = {}
    losses = []
    for which, look in inside.looks.items():
        loss = at.value(f"{which}.loss") if f"{which}.loss" in at.recording.names else nan
        ratio, loss = (x if isfinite(x) else nan for x in (look.verdict.ratio, loss))
        losses.append(loss)
        slots |= {which: ratio, f"word_{which}": kinds[look.verdict.kind], f"loss_{which}": loss}
    if not any(map(isfinite, losses)):  # at the start, and where all have diverged
        return _ratios(slots)
    if "b" not in slots:
        return tr(
            "The first layer's gradient is {a} times the last one's ({word}). Loss: {loss}.",
            a=slots["a"],
            word=slots["word_a"],
            loss=slots["loss_a"],
        )
    return tr(
        "The first layer's gradient is {a} times the last one's in A ({word_a}), {b} times in B ({word_b}). "
        "Loss: {loss_a} and {loss_b}.",
        **slots,
    )


def _ratios(slots: dict[str, str | float]) -> str:
    """Say which part of the gradient reaches the first layer, if there is no finite loss."""
    if "b" not in slots:
        return tr(
            "The first layer's gradient is {a} times the last one's ({word}).",
            a=slots["a"],
            word=slots["word_a"],
        )
    return tr(
        "The first layer's gradient is {a} times the last one's in A ({word_a}), {b} times in B ({word_b}).",
        **{name: slots[name] for name in ("a", "word_a", "b", "word_b")},
    )


def learned_at(at: At) -> int | None:
    """Return the step at which the held-out loss of a network is a tenth of its first value; None before
    it.
    """
    found = []
    for which in at.config.networks:
        if f"{which}.held_out" in at.recording.names:
            losses = at.recording.column(f"{which}.held_out")
            found += np.flatnonzero(losses <= LEARNED * losses[0])[:1].tolist()
    return min(found, default=None)


def verdict_live(inside: DeepInspection) -> Live:
    """First to last layer, for each network; which network ended while the other went on."""
    lines = []
    for which, look in inside.looks.items():
        name, ended = letter(which, len(inside.looks)), inside.snapshot.networks[which].ended
        told = "" if ended is None else " · " + tr("ended at step {step}: infinite", step=ended)
        lines.append(f"{name}  {judged(look.verdict)}{told}".strip())
        if look.flushed:
            limit = power_text(round(log10(SMALL_GRADIENT)))
            lines.append(
                tr(
                    "In {n} layers no gradient reaches {limit}: training in float32 takes it for 0. "
                    "The plots are computed in float64.",
                    n=look.flushed,
                    limit=limit,
                )
            )
    return Live(tr("The first layer's fraction of the gradient"), RATIO, "\n".join(lines))


def factor_live(
    config: DeepConfig,
    which: str,
    chain: FactorChain,
    layer: int,
    bound: bool,
    check: GradientCheck | None = None,
) -> Live:
    """Return the formula of one factor of the chain: how a layer changes the gradient in the backward
    pass.
    """
    settings, k = config.networks[which], max(layer, 1)
    parts = [f"‖W‖ = {value_text(chain.weights[k])}", tr("slope {slope}", slope=chain.slopes[k])]
    if settings.normalization != "none":
        parts.append(f"γ/σ = {value_text(chain.stretches[k])}")
    now, ratio = chain.actual[k - 1], chain.actual[k - 1] / chain.actual[k] if chain.actual[k] > 0 else 0.0
    lines = [
        tr("from layer {upper} to layer {lower}:", upper=k + 1, lower=k),
        " · ".join(parts),
        tr(
            "at most × {factor}, really × {ratio}" if bound else "typically × {factor}, really × {ratio}",
            factor=chain.factors[k],
            ratio=ratio,
        ),
        tr("‖∂L/∂a‖ = {now} in layer {n}", now=now, n=k),
    ]
    if chain.actual[-1] == 0.0:
        lines.append(
            tr("This example is classified with certainty: its loss has no gradient. Choose another.")
        )
    latex = LINKED if settings.residual else PLAIN
    return Live(tr("One factor of the chain"), latex, "\n".join(lines), check)


def start_live(config: DeepConfig, settings: NetworkSettings) -> Live:
    """Return the formula of the initialisation of a hidden layer."""
    spread = settings.deviation(config.width)
    numbers = tr("{n} into {n}: standard deviation {spread}", n=config.width, spread=spread)
    return Live(tr("How the weights began"), STARTS[settings.initializer], numbers)
