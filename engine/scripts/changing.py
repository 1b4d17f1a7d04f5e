"""Settings of a rule that change while a run goes on, as lines of a script.

    if t == 51:
        learning_rate = 0.1

A change may not replace the equations of the rule by others, as another schedule does.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from engine.changes import changes_of, config_at
from engine.config import Config, Problem
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.update_rule import GradientRule
from engine.scripts.rules import rule_lines
from engine.scripts.torch_rules import TORCH, torch_average, torch_call, torch_lines
from engine.scripts.writer import INDENT, Framework, literal
from engine.stop_rules import TimeIsUp

KEEPING = ("nadam", "asgd", "rprop")  # in PyTorch they keep what follows from the settings before
ANOTHER_RULE = "After step {step} the equations of the optimizer are others; a script has those of one rule"
NADAM = "After step {step} Nadam still uses a momentum factor of the settings before, which a script has not"
BY_TIME = "The run ends when its time is up, which a script cannot repeat: choose another end"


class ChangedSettings(NamedTuple):
    """The settings of a rule that are others from step `t` on."""

    t: int
    settings: Mapping[str, Any]


def check_end(config: Config) -> None:
    """Refuse a run that ends by the clock.

    Raises:
        Problem: it does.
    """
    if isinstance(getattr(config, "stop", None), TimeIsUp):
        raise Problem(BY_TIME, where="stop")


def turns(config: Config, last: int, rule_of: Callable[[Any], GradientRule]) -> list[ChangedSettings]:
    """The changes of the rule that `rule_of` finds in the settings of a step, in the steps up to `last`.

    Raises:
        Problem: the rule has other equations after a change.
    """
    found = []
    for step in sorted({change.step for change in changes_of(config) if change.step < last}):
        before, after = (rule_of(config_at(config, t)) for t in (step, step + 1))
        old, new = rule_lines(before), rule_lines(after)
        if before == after:
            continue
        if before.name == "nadam" and before.beta1 != after.beta1:  # type: ignore[attr-defined]
            raise Problem(NADAM, where="changes", step=step)
        if old.step != new.step or old.settings.keys() != new.settings.keys():
            raise Problem(ANOTHER_RULE, where="changes", step=step)
        found.append(
            ChangedSettings(step + 1, {k: v for k, v in new.settings.items() if v != old.settings[k]})
        )
    return found


def turn_lines(found: list[ChangedSettings]) -> list[str]:
    """The lines before a step of a rule whose settings are names."""
    lines = []
    for turn in found:
        lines.append(f"if t == {turn.t}:")
        lines += [f"{INDENT}{name} = {literal(value)}" for name, value in turn.settings.items()]
    return lines


def group_lines(rule: GradientRule, found: list[ChangedSettings]) -> list[str] | None:
    """The same for an optimizer of PyTorch; None where it would go on in another way than the rule.

    So it does after a momentum factor of 0: then it has kept no velocity.
    """
    if not found:
        return []
    if torch_call(rule, "") is None or not rule.schedule.constant or rule.name in KEEPING:
        return None
    for name in ("beta", "momentum"):
        factors = [getattr(rule, name, 1), *(turn.settings[name] for turn in found if name in turn.settings)]
        if 0 in factors[:-1]:
            return None
    lines, now = [], {name: getattr(rule, name) for name in rule.__struct_fields__}
    for turn in found:
        now |= turn.settings
        lines.append(f"if t == {turn.t}:")
        for argument, names in TORCH[rule.name].arguments.items():
            wanted = names.split(", ")
            if not turn.settings.keys().isdisjoint(wanted):
                values = tuple(now[name] for name in wanted)
                value = values if len(values) > 1 else values[0]
                lines.append(f'{INDENT}optimizer.param_groups[0]["{argument}"] = {literal(value)}')
    return lines


class MovingLines(NamedTuple):
    """A rule in a script, with its changes: settings by name, lines before the first step and of each step.

    `zero` has the gradients of the next step begin at 0, in PyTorch. `counts` says whether the lines of a
    step use its number `t`, from 1.
    """

    settings: Mapping[str, Any]
    start: tuple[str, ...]
    step: tuple[str, ...]
    zero: str
    counts: bool


def moving_lines(
    rule: GradientRule, found: list[ChangedSettings], framework: Framework, x: str, gradient: str
) -> MovingLines:
    """The lines of a script that moves one array or tensor `x` by a rule, whose settings may change."""
    in_torch = framework == "torch"
    groups = group_lines(rule, found) if in_torch else None
    from_package = None
    if in_torch and groups is not None and torch_call(rule, "") is not None:
        from_package = torch_lines(rule, x)
    elif in_torch and isinstance(rule, ASGD) and not found:
        from_package = torch_average(rule, x)
    if from_package is not None:
        step = (*(groups or ()), *from_package.step)
        return MovingLines({}, from_package.start, step, from_package.zero, counts=bool(groups))
    lines = rule_lines(rule, framework, x, f"{x}.grad" if in_torch else gradient)
    step = (*turn_lines(found), *lines.step)
    counts = any(re.search(r"\bt\b", line) for line in step)
    if not in_torch:
        return MovingLines(lines.settings, lines.start, step, "", counts)
    inside = ("with torch.no_grad():", *(INDENT + line for line in step))
    return MovingLines(lines.settings, lines.start, inside, f"{x}.grad = None", counts)
