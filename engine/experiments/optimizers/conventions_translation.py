"""What has to be done to one form of a method so that it takes the path of another.

    momentum       η′ = η s′/s, with s = 1 (heavy ball), 1/(1−β) (averaged), 1/(1−d) (dampened)
    Nesterov       x = y − βv, or y + ηβv where η is outside the velocity: another variable, nothing else
    Adam's ε       ε̂_t = ε√(1−β₂ᵗ), another number at every step; without correction η_t = η√(1−β₂ᵗ)/(1−β₁ᵗ)
    RMSProp, Adam  β₁′ = 0 where the first has no m; η′ = η√(1−β₂ᵗ) where it corrects and the second does not
    weight decay   λ′ = ηλ between the two decoupled forms; coupled and decoupled agree for gradient descent

Where η changes in mid-run, a velocity with η inside has to be multiplied by the same factor (the momentum
correction of Goyal et al.). Nothing makes these the same: ε inside and outside the root; coupled and
decoupled weight decay under momentum or Adam; and, beyond the first step, which PyTorch does not dampen,
dampening. Then the nearest setting is taken: ε′ = ε², which agrees where the gradients are 0; λ′ = λ/(1−β),
which ends at the same place; η′ = η/(1−d).

References: those of `engine.optimizers.conventions` and of `conventions_of_adam`; Goyal et al., "Accurate,
large minibatch SGD", arXiv:1706.02677, 2017, section 2.1.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

from msgspec.structs import replace

from engine.experiments.optimizers.conventions_config import ConventionsConfig
from engine.experiments.optimizers.conventions_families import (
    AdamFamily,
    AnyFamily,
    DecayFamily,
    MomentumFamily,
    NesterovFamily,
    RMSPropFamily,
    has_mean,
    is_corrected,
)
from engine.optimizers.update_rule import GradientRule

# How good a translation is: no difference, numbers, a number at every step, another variable; or not exact.
SAME, NUMBERS, EVERY_STEP, VARIABLE, FIRST_STEP, NEAREST = range(6)
INSIDE = ("inside", "sutskever", "shifted")  # the learning rate is inside the velocity
SHIFTED = ("shifted", "framework")  # the look-ahead point is stored

Coordinate = tuple[float, Any]  # the point and the state of one coordinate
Family = AnyFamily


class Way(NamedTuple):
    """How a path is taken: the rule of step t (from 1); what is rewritten before a step; what is drawn."""

    rule_at: Callable[[int], GradientRule]
    rewrite: Callable[[float, Any], Coordinate] | None = None  # before the step at which η changes
    drawn: Callable[[GradientRule, float, Any], float] | None = None  # after a step; None: x itself


def exactness(family: Family) -> int:
    """How well the second form can be made the first."""
    first, second = family.first, family.second
    if first == second:
        return SAME
    if isinstance(family, MomentumFamily):
        if "dampened" in (first, second) and family.dampening > 0:
            return FIRST_STEP
        return SAME if _scale(family, first) == _scale(family, second) else NUMBERS
    if isinstance(family, NesterovFamily):
        return SAME if family.beta == 0 or (first in SHIFTED) == (second in SHIFTED) else VARIABLE
    if isinstance(family, AdamFamily):
        return NEAREST if "inside" in (first, second) else EVERY_STEP
    if isinstance(family, RMSPropFamily):
        return _between_rmsprop_and_adam(family)
    if family.weight_decay == 0:
        return SAME
    if "coupled" in (first, second) and not family.memoryless:
        return NEAREST
    return NUMBERS if "constant" in (first, second) else SAME


def _between_rmsprop_and_adam(family: RMSPropFamily) -> int:
    """With β₁ = 0, Adam's m is the gradient; a method without m cannot be given one."""
    first, second = family.first, family.second
    if has_mean(first) and not has_mean(second) and family.beta1 > 0:
        return NEAREST
    if is_corrected(first) != is_corrected(second):
        return EVERY_STEP
    return SAME if has_mean(first) == has_mean(second) or family.beta1 == 0 else NUMBERS


def rescales(config: ConventionsConfig) -> bool:
    """Whether the velocity has to be multiplied when η changes: one form has η inside it, one has not."""
    family = config.family
    if not (config.rate_changes and isinstance(family, MomentumFamily | NesterovFamily) and family.beta > 0):
        return False
    return (family.first in INSIDE) != (family.second in INSIDE)


def moves(config: ConventionsConfig) -> bool:
    """Whether the point has to be moved when η changes: with another η the look-ahead point is another."""
    family = config.family
    if not (config.rate_changes and isinstance(family, NesterovFamily) and family.beta > 0):
        return False
    return (family.first == "framework") != (family.second in SHIFTED and family.first not in INSIDE)


def needed(config: ConventionsConfig) -> bool:
    """Whether a translation changes anything; if not, the second form is run as it is."""
    family = config.family
    if rescales(config) or moves(config):
        return True
    if isinstance(family, DecayFamily) and family.method == "adam" and exactness(family) == NEAREST:
        return "constant" in (family.first, family.second)
    if isinstance(family, RMSPropFamily) and exactness(family) == NEAREST:
        return is_corrected(family.first) != is_corrected(family.second)
    return exactness(family) != SAME


def ways(config: ConventionsConfig) -> tuple[Way, Way, Way]:
    """The first form, the second with the same numbers, and the second translated."""
    family = config.family
    first, second = (_changing(config, family.rule(form)) for form in (family.first, family.second))
    return Way(first), Way(second), translated(config)


def translated(config: ConventionsConfig) -> Way:
    """The second form, made as much the first as it can be."""
    family = config.family
    if isinstance(family, MomentumFamily):
        ratio = _scale(family, family.second) / _scale(family, family.first)
        rule = family.rule(family.second)
        rule = replace(rule, learning_rate=family.learning_rate * ratio) if ratio != 1 else rule
        return Way(_changing(config, rule), _rewriting(config, rule))
    if isinstance(family, NesterovFamily):
        rule = family.rule(family.second)
        return Way(_changing(config, rule), _rewriting(config, rule), _in_variable_of_first(family))
    if isinstance(family, AdamFamily):
        return Way(_adam_at(config, family))
    if isinstance(family, RMSPropFamily):
        return Way(_rmsprop_at(config, family))
    return Way(_decay_at(config, family))


def rate_at(config: ConventionsConfig, t: int) -> float:
    """The learning rate of step t, as both forms are given it."""
    changed = config.rate_changes and t >= config.change_at
    return config.family.learning_rate * (config.factor if changed else 1.0)


def _changing(config: ConventionsConfig, rule: GradientRule) -> Callable[[int], GradientRule]:
    """The rule of every step: the same one, until the learning rate changes."""
    if not config.rate_changes:
        return lambda t: rule
    after = replace(rule, learning_rate=rule.learning_rate * config.factor)
    return lambda t: rule if t < config.change_at else after


def _scale(family: MomentumFamily, form: str) -> float:
    """By how much larger η has to be than that of the heavy ball."""
    return {"averaged": 1 / (1 - family.beta), "dampened": 1 / (1 - family.dampening)}.get(form, 1.0)


def _rewriting(config: ConventionsConfig, rule: GradientRule) -> Callable[[float, Any], Coordinate] | None:
    """The function that makes the state of the second form that of the first, at the step where η changes.

    u is the step that the velocity has just made, of which the next one keeps βu: v where η is inside it,
    else −ηv. With the change the first form has another u, and perhaps another point.
    """
    if not (rescales(config) or moves(config)):
        return None
    family, c, rate = config.family, config.factor, rule.learning_rate
    first, second, beta = family.first, family.second, rule.beta  # type: ignore[attr-defined]

    def rewrite(x: float, state: Any) -> Coordinate:
        u = state.velocity if second in INSIDE else -rate * state.velocity
        u_first = u if first in INSIDE else c * u
        moved = beta * (u - u_first) if first == "framework" else 0.0
        if second in SHIFTED:
            moved += beta * (u_first - u)
        velocity = u_first if second in INSIDE else -u_first / (c * rate)
        return x + moved, replace(state, velocity=velocity)

    return rewrite


def _in_variable_of_first(family: NesterovFamily) -> Callable[[GradientRule, float, Any], float] | None:
    """The point of the second form in the variable of the first."""
    if exactness(family) == SAME:
        return None
    sign = -1.0 if family.second in SHIFTED else 1.0
    inside = family.second in INSIDE

    def drawn(rule: GradientRule, x: float, state: Any) -> float:
        u = state.velocity if inside else -rule.learning_rate * state.velocity
        return x + sign * family.beta * float(u)

    return drawn


def _adam_at(config: ConventionsConfig, family: AdamFamily) -> Callable[[int], GradientRule]:
    """The second form of Adam with the η and ε of each step that make it the first."""
    rule, first, second = family.rule(family.second), family.first, family.second
    if first == second:
        return _changing(config, rule)

    def at(t: int) -> GradientRule:
        root, mean = sqrt(1 - family.beta2**t), 1 - family.beta1**t
        rate, epsilon = rate_at(config, t), family.epsilon
        if first == "inside":
            epsilon = sqrt(epsilon)
        if first in ("hat", "uncorrected"):
            epsilon /= root
        if first == "uncorrected":
            rate *= mean / root
        # Now `rate` and `epsilon` are those of algorithm 1 of Kingma and Ba; the rest is for `second`.
        if second == "inside":
            epsilon *= epsilon
        if second in ("hat", "uncorrected"):
            epsilon *= root
        if second == "uncorrected":
            rate *= root / mean
        return replace(rule, learning_rate=rate, epsilon=epsilon)

    return at


def _rmsprop_at(config: ConventionsConfig, family: RMSPropFamily) -> Callable[[int], GradientRule]:
    """The second form with the β₁, and the η and ε of each step, that make it the first, if any do."""
    rule, first, second = family.rule(family.second), family.first, family.second
    if has_mean(second) and not has_mean(first):
        rule = replace(rule, beta1=0.0)
    corrects = is_corrected(first) - is_corrected(second)  # 1: the first form does, the second does not

    def at(t: int) -> GradientRule:
        root, mean = sqrt(1 - family.beta2**t), 1.0
        if has_mean(first) and has_mean(second):
            mean = 1 - family.beta1**t
        factor = root**corrects
        return replace(
            rule,
            learning_rate=rate_at(config, t) * factor / mean**corrects,
            epsilon=family.epsilon * factor,
        )

    return at


def _decay_at(config: ConventionsConfig, family: DecayFamily) -> Callable[[int], GradientRule]:
    """The second form with the λ of each step that makes it the first, if any does."""
    rule, first, second = family.rule(family.second), family.first, family.second

    def at(t: int) -> GradientRule:
        rate = rate_at(config, t)
        decay = family.weight_decay / (rate if first == "constant" else 1.0)
        if family.method == "momentum" and "coupled" in (first, second) and first != second:
            decay *= 1 - family.beta if second == "coupled" else 1 / (1 - family.beta)
        decay *= rate if second == "constant" else 1.0
        return replace(rule, learning_rate=rate, weight_decay=decay)

    return at
