"""The formulas of one loss with its numbers at the point, and what they mean."""

from collections.abc import Sequence
from math import isfinite, isinf

from engine.experiments.losses.curves import CurvesConfig, CurvesSnapshot, DrawnLoss
from engine.experiments.losses.curves_config import ENDS
from engine.losses.table import LOSSES
from gui.look.language import tr
from gui.look.numbers import short_text
from gui.plots.ticks import value_text
from gui.screen.notes import Live

REFERENCE = "bce"  # what the loss that is explained is held against, where it is drawn
ALIKE = 1.1  # times as steep, up to which two are about as steep
SYMBOLS = {"number": "p", "probability": "p", "logit": "z"}
VALUES = {
    "mse": r"L=(p-y)^2",
    "mae": r"L=|p-y|",
    "huber": r"L=\tfrac12 e^2\;(|e|\le\delta),\quad\delta\,(|e|-\tfrac12\delta),\qquad e=p-y",
    "log_cosh": r"L=\ln\cosh(p-y)",
    "bce": r"L=-y\,\ln p-(1-y)\,\ln(1-p)",
    "hinge": r"L=\max(0,\,1-t\,z),\qquad t=\pm1",
    "focal": r"L=-(1-q)^\gamma\,\ln q",
}
SLOPES = {
    "mse": r"\frac{\partial L}{\partial p}=2(p-y)",
    "mae": r"\frac{\partial L}{\partial p}=\mathrm{sign}(p-y)",
    "huber": r"\frac{\partial L}{\partial p}=\max(-\delta,\,\min(e,\,\delta))",
    "log_cosh": r"\frac{\partial L}{\partial p}=\tanh(p-y)",
    "bce": r"\frac{\partial L}{\partial p}=\frac{p-y}{p(1-p)}",
    "hinge": r"\frac{\partial L}{\partial z}=-t\;\;(t\,z<1),\quad 0",
    "focal": r"\frac{\partial L}{\partial q}=(1-q)^\gamma\left(\frac{\gamma\,\ln q}{1-q}-\frac1q\right)",
}
CHAIN = r"\frac{\partial L}{\partial z}=\frac{\partial L}{\partial p}\,p(1-p)"
CHAINS = {"bce": r"\frac{\partial L}{\partial z}=\frac{\partial L}{\partial p}\,p(1-p)=p-y"}
WORDS = {
    "mse": "By p, the gradient grows with the error: one outlier outweighs many small errors.",
    "mae": "By p, the gradient is ±1 for every error: an outlier counts no more than any other point.",
    "huber": "Squared for small errors, absolute beyond δ: smooth at the target, calm about outliers.",
    "log_cosh": "Like Huber without a threshold: about ½e² near the target, |e| − ln 2 far away.",
    "bce": "The surprise at the label: ∞ for who is sure and wrong. Over the logit its slope is p − y.",
    "hinge": "It asks for a margin: beyond 1 on the right side the gradient is 0.",
    "focal": "Cross-entropy with less weight on examples that are right already; "
    "q is the probability of the true class.",
}


def formulas(config: CurvesConfig, name: str, shot: CurvesSnapshot) -> list[Live]:
    """Value, slope by the prediction, and over a logit the chain rule; then the kink and the label."""
    found = shot.losses[name]
    blocks = [_value(config, name, shot), *_slopes(config, name, shot)]
    if found.kinks:
        blocks.append(_kink(found))
    if config.over != "number" and config.smoothing > 0:
        numbers = f"y′ = {short_text(config.label, 4)} → {value_text(config.y)}"
        blocks.append(Live(tr("Label smoothing"), r"y'=(1-s)\,y+\tfrac{s}{2}", numbers))
    return blocks


def _value(config: CurvesConfig, name: str, shot: CurvesSnapshot) -> Live:
    """The loss, in whose formula p is σ(z) over a logit."""
    found = shot.losses[name]
    numbers = [f"{_point(config, name, shot)}, y = {short_text(config.y, 4)}", *_of_class(config, name, shot)]
    numbers.append(f"L = {value_text(found.value)}")
    if name == "focal" and config.weighted:
        weights = {"one": short_text(config.alpha, 4), "zero": short_text(1 - config.alpha, 4)}
        numbers.append(tr("Class 1 counts {one}, class 0 counts {zero}.", **weights))
    if isinf(found.value):
        numbers.append(tr("The surest wrong answer costs ∞."))
    return Live(tr(LOSSES[name].title), VALUES[name], "\n".join((*numbers, tr(WORDS[name]))))


def _point(config: CurvesConfig, name: str, shot: CurvesSnapshot) -> str:
    if config.over != "logit":
        return f"p = {short_text(config.point, 4)}"
    z = f"z = {short_text(config.logit, 4)}"
    return z if name == "hinge" else f"{z}, p = σ(z) = {value_text(shot.prediction)}"


def _of_class(config: CurvesConfig, name: str, shot: CurvesSnapshot) -> list[str]:
    """What the label makes of q or t."""
    if name not in ("focal", "hinge"):
        return []
    if 0 < config.y < 1:
        return [tr("A label between 0 and 1 mixes the losses of both classes.")]
    if name == "hinge":
        return ["t = +1" if config.y == 1 else "t = −1"]
    p = shot.prediction
    return [f"q = p = {value_text(p)}" if config.y == 1 else f"q = 1 − p = {value_text(1 - p)}"]


def _slopes(config: CurvesConfig, name: str, shot: CurvesSnapshot) -> list[Live]:
    """The slope with its badge; over a logit it is a product."""
    found = shot.losses[name]
    symbol = SYMBOLS[config.over]
    if config.over != "logit" or name == "hinge":
        return [Live(tr("Slope"), SLOPES[name], f"∂L/∂{symbol} = {slope_text(found)}", found.check)]
    assert found.by_prediction is not None
    first, sigma = value_text(found.by_prediction), value_text(shot.sigma)
    product = f"∂L/∂z = {first} × {sigma} = {slope_text(found)}\n{_verdict(config, found)}"
    return [
        Live(tr("Slope by the prediction"), SLOPES[name], f"∂L/∂p = {first}"),
        Live(tr("Slope by the logit"), CHAINS.get(name, CHAIN), product, found.check),
    ]


def _verdict(config: CurvesConfig, found: DrawnLoss) -> str:
    """Whether the loss saturates here."""
    if any(x0 <= config.point <= x1 for x0, x1 in found.flat):
        return tr(
            "Wrong, and yet the gradient is almost 0: "
            "the sigmoid is saturated here, and this loss does not cancel its slope."
        )
    if found.flat:
        return tr("Further out it is flat although wrong.")
    return tr("Wherever it is wrong, the gradient is not 0.")


def _kink(found: DrawnLoss) -> Live:
    """What the slope is where there is none."""
    lines = [f"{short_text(x, 4)}: {interval(sides)}" for x, *sides in found.kinks]
    words = tr("At a kink there is no slope. Any number between the two sides is a subgradient.")
    return Live(tr("Kinks"), "", "\n".join((*lines, words)))


def slope_text(found: DrawnLoss) -> str:
    """The slope, or at a kink the range of its subgradients."""
    return value_text(found.slope) if found.sides is None else interval(found.sides)


def interval(sides: Sequence[float]) -> str:
    """From the one number to the other, both included."""
    return "[" + ", ".join(short_text(side, 3) for side in sides) + "]"


def flat_text(found: DrawnLoss, over: str) -> str:
    """Where a loss saturates, as an inequality."""
    low, high = ENDS[over]
    symbol, parts = SYMBOLS[over], []
    for x0, x1 in found.flat:
        if x0 <= low:
            parts.append(f"{symbol} < {x1:.1f}")
        elif x1 >= high:
            parts.append(f"{symbol} > {x0:.1f}")
        else:
            parts.append(f"{x0:.1f} < {symbol} < {x1:.1f}")
    return ", ".join(parts).replace("-", "−") or tr("nowhere")


def compared(config: CurvesConfig, shot: CurvesSnapshot, drawn: Sequence[str], subject: str) -> str:
    """How steep a loss is at the point, beside another one: the one that pulls where the other may not."""
    found, place = shot.losses[subject], f"{SYMBOLS[config.over]} = {short_text(config.point, 4)}"
    if found.sides is not None:
        return tr(
            "At {place} {loss} has a kink: every slope in {sides} is a subgradient.",
            place=place,
            loss=_named(subject),
            sides=interval(found.sides),
        )
    steepness = {name: abs(shot.losses[name].slope) for name in drawn}
    others = [name for name in drawn if name != subject]
    if not others:
        return tr(
            "At {place} {loss} is {value}, with slope {slope}.",
            place=place,
            loss=_named(subject),
            value=found.value,
            slope=slope_text(found),
        )
    other = REFERENCE if REFERENCE in others else max(others, key=lambda name: steepness[name])
    first, second = sorted((subject, other), key=lambda name: -steepness[name])
    a, b = (shot.losses[name].slope for name in (first, second))
    words = {"place": place, "first": _named(first), "second": _named(second), "a": a, "b": b}
    steep, flat = steepness[first], steepness[second]
    if steep == 0:
        return tr("At {place} the gradients of {first} and {second} are 0.", **words)
    if flat == 0 or not isfinite(steep):
        return tr("At {place} {first} has slope {a}, {second} {b}.", **words)
    if steep <= ALIKE * flat:
        return tr("At {place} {first} is about as steep as {second}: slope {a} beside {b}.", **words)
    return tr(
        "At {place} {first} is {times} times as steep as {second}: slope {a} beside {b}.",
        times=short_text(steep / flat, 3),
        **words,
    )


def _named(name: str) -> str:
    """The title of a loss within a sentence; Huber was a person."""
    title = tr(LOSSES[name].title)
    return title if name == "huber" else title.lower()
