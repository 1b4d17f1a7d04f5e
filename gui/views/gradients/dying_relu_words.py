"""Units that die in words: the formulas with the numbers of one unit, how many are dead, and what killed."""

from math import isfinite
from typing import Any

from engine.experiments.gradients.dying_relu_config import BiasKick, DyingReluConfig, RateKick
from engine.experiments.gradients.dying_relu_inspection import (
    Balance,
    Deadliest,
    DyingReluSnapshot,
    UnitGradient,
    deadliest,
)
from engine.gradient_check import GradientCheck
from engine.networks.dead_units import ALIVE
from engine.recording import Recording
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.screen.view import Live, Moment

At = Moment[DyingReluConfig, Any]
SLOPES = {
    "relu": r"a=\max(z,\,0) \qquad \varphi'(z)=[z>0]",
    "leaky_relu": r"a=\max(z,\,0.01z) \qquad \varphi'(z)\ge 0.01",
    "elu": r"a=e^{z}-1 \qquad \varphi'(z)=e^{z} \qquad (z\le 0)",
    "gelu": r"a=z\,\Phi(z) \qquad \varphi'(z)=\Phi(z)+z\,\phi(z)",
    "silu": r"a=z\,\sigma(z) \qquad \varphi'(z)=\sigma(z)+z\,\sigma'(z)",
    "softplus": r"a=\ln(1+e^{z}) \qquad \varphi'(z)=\sigma(z)",
}
GRADIENT = (
    r"\frac{\partial L}{\partial \mathbf{w}}"
    r"=\sum_{n}\frac{\partial L}{\partial a_n}\,\varphi'(z_n)\,\mathbf{x}_n"
)
DEAD_RELU = r"\max_n z_n\le 0"
DEAD = r"\max_n \left|\varphi'(z_n)\right|<10^{-3}"
PUSHED = r"\mathbf{b}\leftarrow\mathbf{b}-s"
LEAPT = r"\eta\rightarrow m\,\eta"


def unit_block(config: DyingReluConfig, snapshot: DyingReluSnapshot, layer: int, unit: int) -> Live:
    """What a unit (both counted from 0) does on the training examples."""
    seen = snapshot.seen
    lines = [
        tr(
            "z > 0 on {n} of {all} examples; the largest z is {z}",
            n=int(seen.positive[layer, unit]),
            all=config.points,
            z=float(seen.highest[layer, unit]),
        ),
        state_words(int(snapshot.since[layer, unit])),
    ]
    title = tr("Unit {unit} of layer {layer}", unit=unit + 1, layer=layer + 1)
    return Live(title, SLOPES[config.activation], "\n".join(lines))


def state_words(since: int) -> str:
    """Alive, or dead since when."""
    if since == ALIVE:
        return tr("alive")
    return tr("dead since step {step}", step=since) if since else tr("dead from the start")


def gradient_block(
    config: DyingReluConfig, told: UnitGradient | None, check: GradientCheck | None = None
) -> Live:
    """What the loss on all training examples tells the unit; None: not known yet."""
    if told is None:
        words = "…"
    elif config.activation == "relu" and told.weights == 0 and told.bias == 0:
        words = tr("exactly 0 for the weights and the bias")
    else:
        words = tr("length {w} for the weights, {b} for the bias", w=told.weights, b=told.bias)
    return Live(tr("What the unit is told to learn"), GRADIENT, words, check)


def dead_block(
    config: DyingReluConfig, snapshot: DyingReluSnapshot, sums: Balance, worst: Deadliest | None
) -> Live:
    """How many units are dead, how that came about, and which update killed the most."""
    units = snapshot.seen.dead.size
    balance = tr(
        "{start} at the start + {died} died − {back} revived",
        start=sums.start,
        died=sums.died,
        back=sums.revived,
    )
    lines = [
        tr("dead: {dead} of {units} units", dead=sums.dead, units=units),
        f"= {balance}",
        " · ".join(
            tr("layer {n}: {dead}", n=k, dead=int(dead.sum()))
            for k, dead in enumerate(snapshot.seen.dead, start=1)
        ),
    ]
    if worst is not None:
        lines.append(tr("deadliest so far: update {step}, which killed {n}", step=worst.step, n=worst.deaths))
    latex = DEAD_RELU if config.activation == "relu" else DEAD
    return Live(tr("A unit is dead when"), latex, "\n".join(lines))


def kick_blocks(config: DyingReluConfig) -> list[Live]:
    """What the kick does, if there is one."""
    kick = config.kick
    if isinstance(kick, BiasKick):
        layer = min(kick.layer, config.layers)
        words = tr(
            "s = {s} in layer {layer}, at update {step}", s=short_text(kick.size), layer=layer, step=kick.step
        )
        return [Live(tr("Perturbation"), PUSHED, words)]
    if isinstance(kick, RateKick):
        words = tr("m = {m}, for update {step} only", m=short_text(kick.factor), step=kick.step)
        return [Live(tr("Perturbation"), LEAPT, words)]
    return []


def finding(at: At) -> str:
    """What the update on show did, and what all have done to the units so far."""
    layers, units = range(1, at.config.layers + 1), at.config.layers * at.config.width
    dead = round(at.value("dead") * units)
    slots = {"step": at.step, "n": round(at.value("deaths")), "dead": dead, "all": units}
    if not isfinite(at.value("loss")):
        return tr("Update {step} threw the numbers out of range; dead: {dead} of {all} units.", **slots)
    if whole := next((k for k in layers if at.value(f"{k}.dead") >= 1.0), 0):
        return _of_a_layer(at, whole)
    if at.step > 0:
        return _of_an_update(at, slots)
    return tr(
        "Dead before the first update: {dead} of {all} units."
        if dead
        else "All {all} units are alive. Which update kills the most of them?",
        **slots,
    )


def _of_an_update(at: At, slots: dict[str, int]) -> str:
    worst = deadliest(at.recording)
    if worst is not None and at.step == worst.step:
        ever = "Update {step} is the deadliest: it kills {n} of {all} units; dead after it: {dead}."
        so_far = "Update {step} is the deadliest so far: it kills {n} of {all} units; dead after it: {dead}."
        return tr(so_far if at.last < at.config.steps else ever, **slots)
    if slots["n"]:
        return tr("Update {step} kills {n} of {all} units; dead after it: {dead}.", **slots)
    worst = at.once(_so_far, at.recording, at.step)
    if worst is not None:
        return tr(
            "Dead after update {step}: {dead} of {all} units. Update {k} alone killed {most}.",
            k=worst.step,
            most=worst.deaths,
            **slots,
        )
    return tr("No update up to {step} has killed a unit; dead: {dead} of {all}.", **slots)


def _so_far(recording: Recording, step: int) -> Deadliest | None:
    deaths = recording.column("deaths")[: step + 1]
    worst = int(deaths.argmax())
    return Deadliest(worst, int(deaths[worst])) if deaths[worst] > 0 else None


def _of_a_layer(at: At, layer: int) -> str:
    step, right = at.once(_since, at.recording, layer, at.step), at.value("accuracy")
    since = "Layer {layer} is dead since update {step}: one answer for every example, accuracy {right}."
    begun = "Layer {layer} is dead from the start: one answer for every example, accuracy {right}."
    return tr(since if step else begun, step=step, layer=layer, right=right)


def _since(recording: Recording, layer: int, step: int) -> int:
    """The step since which a whole layer is dead; 0: from the start."""
    alive = (recording.column(f"{layer}.dead")[: step + 1] < 1.0).nonzero()[0]
    return int(alive[-1]) + 1 if alive.size else 0
