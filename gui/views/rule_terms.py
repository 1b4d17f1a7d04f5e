"""The terms of an update rule: the names of its letters, and their values at a step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.optimizers.equation import Equation
from gui.look.language import tr
from gui.plots.ticks import value_text
from gui.screen.terms import Spot, Term, term

# the field of an optimizer's state → what it is called
QUANTITIES = {
    "velocity": "velocity",
    "velocity_hat": "velocity, corrected for its beginning at 0",
    "position": "the point that the path shows",
    "sum_of_squares": "sum of the squared gradients",
    "rate": "learning rate of this step",
    "elapsed": "steps since the warm-up",
    "since_restart": "steps since the last restart",
    "period": "steps of this cycle",
    "progress": "part of the fall that is over",
    "factor": "factor of the schedule at this step",
    "scheduled_rate": "learning rate of this step, as the schedule says",
    "mean_square": "running mean of the squared gradients",
    "largest_mean_square": "largest mean of the squared gradients so far",
    "mean": "running mean of the gradients",
    "mean_hat": "mean of the gradients, corrected for its beginning at 0",
    "mean_square_hat": "mean of their squares, corrected for its beginning at 0",
    "largest": "largest recent gradient, without its sign",
    "surprise": "running mean of (g − m)²",
    "surprise_hat": "mean of (g − m)², corrected for its beginning at 0",
    "full_window": "number of gradients that v averages over in the end",
    "window": "number of gradients that v averages over at this step",
    "rectification": "factor that makes up for the few squares in v",
    "agreement": "1: the slope has kept its sign; −1: it has changed it",
    "multiplier": "factor by which the step length changes",
    "multiple": "step length as a multiple of η",
    "length": "step length of this coordinate",
    "kept_gradient": "gradient, or 0 where its sign has changed",
    "move": "move of this step",
    "weight": "weight of the new point in the average",
    "variance": "variance of the gradients",
    "change": "change that the rule proposes",
    "mean_square_change": "running mean of the squared changes",
    "momentum": "momentum of this step",
    "momentum_product": "product of all momenta so far",
    "mixture": "mixture of old mean and gradient",
    "direction": "direction of the step",
    "beta": "how much of the last direction is kept",
}
Values = Callable[[str], Any]  # returns the present value of a name of the rule


def rule_terms(
    rule: tuple[Equation, ...], values: Values | None, spots: Mapping[str, tuple[Spot, ...]]
) -> list[Term]:
    """Return the terms of the left sides of a rule, its gradient, and the points before and after.

    `values` returns a number, or several, for a name in the rule's arithmetic; None without a step. `spots`
    has for these names where a quantity is shown; "x" is the point, "x_after" the one after the step.
    """
    names = {"g_t": "gradient", "g(x_t)": "gradient", "x_t": "x", "x_{t+1}": "x_after"}
    names |= quantities_in(rule)
    words = {
        "gradient": tr("gradient"),
        "x": tr("the point before the step"),
        "x_after": tr("the point after the step"),
    }
    words |= {name: tr(QUANTITIES[name]) for name in QUANTITIES}
    found = []
    for latex, name in names.items():
        value = "" if values is None else text_of(values(name))
        found.append(term(latex, words[name], *spots.get(name, ()), value=value))
    return found


def quantities_in(rule: Sequence[Equation]) -> dict[str, str]:
    """Return the symbols of the quantities that a rule computes, each with its key in `QUANTITIES`."""
    names = {line.latex.split(" = ")[0]: line.result for line in rule if line.result in QUANTITIES}
    if any("since_restart" in line.numbers for line in rule):
        names |= {r"T_{\mathrm{cur}}": "since_restart", "T_i": "period"}
    return names


def text_of(value: Any) -> str:
    """Return the text of a number or of several."""
    if isinstance(value, tuple):
        return f"({', '.join(value_text(float(part)) for part in value)})"
    return str(value) if isinstance(value, int) else value_text(float(value))
