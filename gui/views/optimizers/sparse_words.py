"""Sparse features in words: the formulas of one feature under one optimizer, and who has learnt how much."""

from collections.abc import Sequence

import numpy as np

from engine.experiments.optimizers.sparse import (
    SparseConfig,
    SparseData,
    SparseSnapshot,
    first_rare,
    values_of,
)
from engine.gradient_check import GradientCheck
from engine.linear.sparse import Array, Rule, effective_step
from engine.optimizers.adam import Adam
from engine.optimizers.adaptive import AdaGrad, RMSProp
from engine.optimizers.descent import SGD
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.views.rule_blocks import with_values
from gui.views.words import percent

GRADIENT = r"g_j=\frac{\partial L}{\partial w_j}=\frac{1}{B}\sum_{n}\left(\sigma(z_n)-y_n\right)x_{nj}"
TRUTH = r"p_j=p_1\,j^{-a}\qquad |w^*_j|=c\,\ln\frac{1}{p_j}"


def gradient_block(shot: SparseSnapshot, racer: int, feature: int, check: GradientCheck | None) -> Live:
    """Whether the feature was there in the mini-batch, and its gradient."""
    there, g = int(shot.x[:, feature].sum()), float(shot.gradients[racer, feature])
    words = "in {n} of {all} examples: g = {g}" if there else "absent from this mini-batch: g is exactly 0"
    words = tr(words, n=there, all=len(shot.x), g=g)
    return Live(tr("Feature {j}", j=feature + 1), GRADIENT, words, check)


def rule_blocks(
    config: SparseConfig, shot: SparseSnapshot, racer: int, feature: int, name: str
) -> list[Live]:
    """The rule, line by line, with the numbers of the feature; x is its weight."""
    rule = config.racers[racer]
    values = values_of(rule, shot, racer, feature)
    blocks: list[Live] = []
    for line in rule.equations:
        title = "" if blocks else tr("{name}, step {step}; x is the weight", name=name, step=shot.step)
        result = values["x_after" if line.result == "x" else line.result]
        arithmetic = with_values(line.numbers, values, rule.hyperparameters)
        blocks.append(Live(title, line.latex, f"{arithmetic} = {value_text(float(result))}"))
    return blocks


def step_block(
    config: SparseConfig, shot: SparseSnapshot, names: Sequence[str], racer: int, feature: int
) -> Live:
    """The effective step of the feature under every optimizer, before this step and after it."""
    lines = []
    for k, (rule, name) in enumerate(zip(config.racers, names, strict=True)):
        before = effective_step(rule, shot.states_before[k], config.features)[feature]
        lines.append(f"{name}: {_step_text(before)} → {_step_text(shot.steps[k, feature])}")
    title = tr("Effective step of feature {j}", j=feature + 1)
    return Live(title, config.racers[racer].with_schedule(step_latex(config.racers[racer])), "\n".join(lines))


def step_latex(rule: Rule) -> str:
    """How far a weight goes in the end for a unit of gradient."""
    match rule:
        case SGD():
            return r"\eta_t" if rule.decay else r"\eta"
        case AdaGrad():
            return r"\frac{\eta}{\sqrt{s_j}+\varepsilon}"
        case RMSProp():
            below = r"\sigma_j+\varepsilon" if rule.centered else r"\sqrt{s_j}+\varepsilon"
            below = rf"(1-\mu)\left({below}\right)" if rule.momentum else below
            return rf"\frac{{\eta}}{{{below}}}"
        case Adam():
            v = r"\hat{v}_j" if rule.bias_correction else "v_j"
            return rf"\frac{{\eta}}{{\sqrt{{{v}}}+\varepsilon}}"
    return r"\frac{\eta}{1-\beta}"


def _step_text(step: float) -> str:
    """A step, or words where no gradient has come yet."""
    return tr("no gradient yet") if np.isnan(step) else value_text(float(step))


def truth_block(
    config: SparseConfig, world: SparseData, shot: SparseSnapshot, racer: int, feature: int
) -> Live:
    """How often the feature comes, how often it was seen, and what was learnt of it."""
    lines = [
        tr(
            "p = {p}; seen in {n} of {all} examples",
            p=float(world.probability[feature]),
            n=int(shot.seen[feature]),
            all=shot.step * config.batch,
        ),
        tr(
            "weight {w}, true weight {truth}",
            w=float(shot.weights[racer, feature]),
            truth=float(world.truth[feature]),
        ),
    ]
    return Live(tr("How often it comes, and what it tells"), TRUTH, "\n".join(lines))


def learning(world: SparseData, shot: SparseSnapshot, names: Sequence[str], step: int) -> str:
    """What has been learnt of the weights by a step."""
    if step > shot.step:
        return tr(
            "At step {step} the weights have diverged: a learning rate is too high.",
            step=step,
        )
    begin = first_rare(len(world.truth)) - 1
    if step == 0:
        return tr(
            "All weights are 0. Who learns the {n} rare features? {share} of the examples have one.",
            n=len(world.truth) - begin,
            share=percent(float(world.rare.mean())),
        )
    rare = learnt(shot.weights[:, begin:], world.truth[begin:])
    common = learnt(shot.weights[:, :begin], world.truth[:begin])
    first, last = int(np.argmax(rare)), int(np.argmin(rare))
    a, b, c, d = map(percent, (rare[first], rare[last], common[first], common[last]))
    slots = {"step": step, "name": names[first], "a": a, "b": b, "c": c, "d": d}
    if len(names) == 1:
        return tr(
            "After step {step} {name} has learned {a} of the weights of rare features, {c} of the others.",
            **slots,
        )
    if a == b:
        return tr("After step {step} all have learned {a} of the weights of rare features.", **slots)
    return tr(
        "After step {step} {first} has learned {a} of the weights of rare features, {last} {b}; "
        "of the others {c} and {d}.",
        first=names[first],
        last=names[last],
        **slots,
    )


def learnt(weights: Array, truth: Array) -> Array:
    """Which share of the way to the true weights each row has come, 1 − Σ|w − w*| / Σ|w*|; at least 0."""
    way = float(np.abs(truth).sum())
    left: Array = np.abs(weights - truth).sum(axis=1)
    return np.maximum(1.0 - left / way, 0.0) if way > 0 else np.zeros(len(weights))
