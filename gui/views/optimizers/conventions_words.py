"""Two forms of a method in words and formulas: their rules, the translation, and what came of it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.experiments.optimizers.conventions import ConventionsConfig, FormStep
from engine.experiments.optimizers.conventions_families import RMSPropFamily
from engine.experiments.optimizers.conventions_translation import (
    FIRST_STEP,
    NEAREST,
    Family,
    exactness,
    translated,
    ways,
)
from engine.optimizers.equation import Equation
from engine.optimizers.update_rule import GradientRule
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.notes import Live
from gui.screen.terms import Spot, Term, term
from gui.views.optimizers.conventions_settings import LETTERS, carried, settings
from gui.views.rule_blocks import with_values
from gui.views.rule_terms import Values, rule_terms

Steps = tuple[FormStep | None, FormStep | None]


def form_titles(family: Family) -> tuple[str, str]:
    """What the two forms are called."""
    first, second = (tr(family.forms[form]) for form in (family.first, family.second))
    return first, second


def verdict(config: ConventionsConfig, step: int, near: np.ndarray, apart: np.ndarray) -> str:
    """The sentence over the page; `near` and `apart` are the distances so far, translated and not."""
    family = config.family
    if step == 0:
        return tr("Two forms of one method begin at the same point. Do they take the same path?")
    if family.first == family.second:
        return tr("Both are the same form: choose another one to compare.")
    if not np.isfinite(apart[-1]):
        return tr("By step {step} a form has diverged, with the same numbers in both.", step=step)
    text, changed = carried(config)[0], config.rate_changes and step >= config.change_at
    said = [one.text for one in settings(family)] + ([text] if text and changed else [])
    slots = {
        "setting": tr(", ").join(said),
        "step": step,
        "apart": float(apart[-1]),
        "near": float(np.nanmax(near)),
        "now": float(near[-1]),
    }
    kind = exactness(family)
    if kind in (NEAREST, FIRST_STEP):
        return _nearest(family, bool(said), bool(np.isfinite(near[-1])), slots)
    return _exact(bool(said), float(np.nanmax(near)) == 0.0, slots)


def _nearest(family: Family, set_: bool, finite: bool, slots: dict[str, Any]) -> str:
    """What is said where nothing makes the two the same."""
    if not set_ and isinstance(family, RMSPropFamily):
        return tr("Nothing gives the second form an m: at step {step} they are {apart} apart.", **slots)
    if not set_:
        return tr("No value of λ makes the two the same: at step {step} they are {apart} apart.", **slots)
    if not finite:
        return tr("With {setting} the second form has diverged; without it they are {apart} apart.", **slots)
    if exactness(family) == FIRST_STEP:
        return tr(
            "With {setting} they are {now} apart at step {step}, for the first step is not dampened; "
            "without it {apart}.",
            **slots,
        )
    return tr(
        "Nothing makes the two the same: with {setting} they are {now} apart at step {step}, "
        "without it {apart}.",
        **slots,
    )


def _exact(set_: bool, zero: bool, slots: dict[str, Any]) -> str:
    """What is said where a translation makes the two the same, or none is needed."""
    if zero and not set_:
        return tr("No translation is needed: both take the very same path, to the last bit.")
    if zero:
        return tr(
            "With {setting} both take the very same path, to the last bit; "
            "without it they are {apart} apart at step {step}.",
            **slots,
        )
    if not set_:
        return tr("No translation is needed: the two stay within {near} of each other.", **slots)
    return tr(
        "With {setting} the two stay within {near} of each other; "
        "without it they are {apart} apart at step {step}.",
        **slots,
    )


# Formulas


def primed(latex: str, letters: Sequence[str]) -> str:
    """The letters of a rule as those of the second form: v′, x′ …, and those of `letters`, as η′."""
    latex = re.sub(r"\bg_t\^2", r"{g'_t}^2", latex)
    latex = re.sub(r"(?<![A-Za-z\\])([vxgm])(?=_|\()", r"\1'", latex)
    latex = re.sub(r"(\\(?:hat|tilde)\{[vmg]\})(?=_)", r"\1'", latex)
    for letter in letters:
        command = LETTERS[letter]
        latex = re.sub(rf"{re.escape(command)}(?=\^)", lambda found: f"{{{found[0]}'}}", latex)
        latex = re.sub(rf"{re.escape(command)}(?![A-Za-z'])", lambda found: f"{found[0]}'", latex)
    return latex


def _letters(config: ConventionsConfig, translate: bool) -> list[str]:
    """The settings that are others in the second form."""
    return [one.letter for one in settings(config.family) if one.letter] if translate else []


def _rules(
    config: ConventionsConfig, steps: Steps, t: int, translate: bool
) -> tuple[GradientRule, GradientRule]:
    """The rules of both forms at step t."""
    plain, other, good = ways(config)
    pairs = zip(steps, (plain, good if translate else other), strict=True)
    first, second = (way.rule_at(max(t, 1)) if step is None else step.rule for step, way in pairs)
    return first, second


def form_blocks(config: ConventionsConfig, steps: Steps, t: int, translate: bool) -> list[Live]:
    """Both rules, line by line, with the numbers of the step in both coordinates."""
    blocks, letters = [], _letters(config, translate)
    rules, names = _rules(config, steps, t, translate), form_titles(config.family)
    for k, (rule, step, name) in enumerate(zip(rules, steps, names, strict=True)):
        if k and translate:
            name = tr("{name}, translated", name=name)
        title = tr("{name}, step {step}", name=name, step=t) if step is not None else name
        for line in rule.equations:
            latex = primed(line.latex, letters) if k else line.latex
            blocks.append(Live(title, latex, _numbers(line, step) if step is not None else ""))
            title = ""
    return blocks


def _numbers(line: Equation, step: FormStep) -> str:
    lines = []
    for coordinate, axis in enumerate("xy"):
        values = step.values(coordinate)
        arithmetic = with_values(line.numbers, values, step.rule.hyperparameters)
        result = float(values["x_after" if line.result == "x" else line.result])
        lines.append(f"{axis}:  {arithmetic} = {value_text(result)}")
    return "\n".join(lines)


def translation_blocks(config: ConventionsConfig, t: int, translate: bool) -> list[Live]:
    """What is set in the second form, with its numbers at a step; what is done when η changes.

    Where the second form is shown as it stands, the title says that these are not its numbers.
    """
    family, kind = config.family, exactness(config.family)
    title = tr("The nearest setting") if kind in (NEAREST, FIRST_STEP) else tr("Translation")
    title = title if translate else tr("{title}, switched off", title=title)
    values = _setting_values(translated(config).rule_at(max(t, 1)))
    blocks: list[Live] = []
    for one in settings(family):
        numbers = f"{one.letter}′ = {value_text(values[one.letter])}" if one.letter else ""
        blocks.append(Live("" if blocks else title, one.latex, numbers))
    text, latex = carried(config)
    if text:
        blocks.append(Live(tr("When η changes"), latex, text))
    return blocks


def distance_block(texts: Sequence[str]) -> Live:
    """The distance of the two points, with the same numbers and translated."""
    lines = [tr("same numbers: {value}", value=texts[0])]
    lines += [tr("translated: {value}", value=text) for text in texts[1:]]
    return Live(tr("How far they are apart"), r"d_t = \|x_t - x'_t\|", "\n".join(lines))


def form_terms(
    config: ConventionsConfig, steps: Steps, t: int, spots: Sequence[tuple[Spot, ...]], translate: bool
) -> list[Term]:
    """The letters of both rules."""
    letters, rules, found = _letters(config, translate), _rules(config, steps, t, translate), []
    for k, (rule, step) in enumerate(zip(rules, steps, strict=True)):
        seen = {"x_after": spots[k], "x": spots[k]}
        written = " ".join(line.latex for line in rule.equations)
        for one in rule_terms(rule.equations, _values_of(step), seen):
            if one.latex in written:
                found.append(one._replace(latex=primed(one.latex, letters)) if k else one)
    names = {
        "η": tr("learning rate of the second form"),
        "ε": tr("ε of the second form"),
        "λ": tr("weight decay of the second form"),
        "β₁": tr("β₁ of the second form"),
    }
    values = _setting_values(rules[1])
    for letter in letters:
        found.append(term(f"{LETTERS[letter]}'", names[letter], value=values[letter]))
    if config.rate_changes:
        rate = value_text(rules[0].learning_rate)
        found.append(term(LETTERS["η"], tr("learning rate of this step"), value=rate))
    return found


def _setting_values(rule: GradientRule) -> dict[str, float]:
    """The numbers of a rule that a translation may change, by their letters."""
    names = {"η": "learning_rate", "ε": "epsilon", "λ": "weight_decay", "β₁": "beta1"}
    return {letter: float(getattr(rule, name, 0.0)) for letter, name in names.items()}


def _values_of(step: FormStep | None) -> Values | None:
    """What a name of the rule is in both coordinates; None where there was no step."""
    if step is None:
        return None
    both = step.values(0), step.values(1)
    return lambda name: tuple(one[name] for one in both)
