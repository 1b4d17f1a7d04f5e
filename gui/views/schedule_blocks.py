"""The learning rate of a step by its schedule, for the pages that do not show the rule itself."""

from engine.optimizers.table import NetworkRule
from engine.optimizers.update_rule import GradientRule
from gui.look.language import tr
from gui.screen.notes import Live
from gui.screen.terms import Term, term
from gui.views.rule_blocks import with_values
from gui.views.rule_terms import QUANTITIES, quantities_in, text_of


def schedule_blocks(rule: NetworkRule | GradientRule, step: int) -> list[Live]:
    """Return how η_t follows from η, with the numbers of a step; nothing if it is always η."""
    if rule.schedule.constant:
        return []
    t = max(step, 1)
    values, blocks = rule.settings(t) | {"t": t}, list[Live]()
    for line in rule.schedule.equations:
        title = "" if blocks else tr("Learning rate of step {step}", step=t)
        arithmetic = with_values(line.numbers, values, rule.hyperparameters)
        blocks.append(Live(title, line.latex, f"{arithmetic} = {text_of(values[line.result])}"))
    return blocks


def schedule_terms(rule: NetworkRule | GradientRule, step: int) -> list[Term]:
    """The terms of these formulas."""
    values = rule.settings(max(step, 1))
    return [
        term(latex, tr(QUANTITIES[name]), value=text_of(values[name]))
        for latex, name in quantities_in(rule.schedule.equations).items()
    ]
