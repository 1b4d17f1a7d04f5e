"""One step of an optimizer as one writes it in PyTorch: its own optimizer where it has the same rule.

    optimizer = torch.optim.Adam([x], lr=0.01, betas=(0.9, 0.999), eps=1e-08)

A rule that PyTorch does not have, or has in another form, is written line by line with tensors (`rules`). In
which forms the two differ, *Optimizers ▸ Conventions* shows.

Reference: the documentation of torch.optim, version 2.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.config import When, always
from engine.optimizers.equation import Equation
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.rate_schedule import SCHEDULED_RATE
from engine.optimizers.schedules import CosineRestarts
from engine.optimizers.update_rule import GradientRule
from engine.scripts.rules import cycle_lines, rule_lines
from engine.scripts.writer import INDENT, literal


@dataclass(frozen=True)
class TorchLines:
    """A rule in a PyTorch script: settings by name, lines before the first step, and those of a step.

    The lines of a step come after `backward()`. `zero` has the gradients of the next step begin at 0.
    """

    settings: Mapping[str, Any]
    start: tuple[str, ...]
    step: tuple[str, ...]
    zero: str


def torch_lines(rule: GradientRule, x: str = "x", parameters: str | None = None) -> TorchLines:
    """The lines that move the tensor `x` by a rule.

    `parameters` is the expression for all tensors that an optimizer of PyTorch moves, by default `[x]`. A
    rule that PyTorch does not have moves one tensor, `x`.
    """
    call = torch_call(rule, parameters or f"[{x}]")
    if call is None:
        lines = rule_lines(rule, "torch", x, f"{x}.grad")
        inside = tuple(INDENT + line for line in lines.step)
        return TorchLines(lines.settings, lines.start, ("with torch.no_grad():", *inside), f"{x}.grad = None")
    start, step = [f"optimizer = {call}"], ["optimizer.step()"]
    if rule.name == "nadam":  # PyTorch keeps the product of its momentum factors in this precision
        start.insert(0, "torch.set_default_dtype(torch.float64)")
    if not rule.schedule.constant:
        start += factor_lines(rule)
        start.append("schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_of)")
        step.append("schedule.step()")
    return TorchLines({}, tuple(start), tuple(step), "optimizer.zero_grad()")


class TorchCall(NamedTuple):
    """PyTorch's name of a rule, its arguments by the settings of the rule, and for which settings it fits."""

    kind: str
    arguments: Mapping[str, str]
    more: Mapping[str, bool] = {}
    when: When = always


ADAM = {"lr": "learning_rate", "betas": "beta1, beta2", "eps": "epsilon"}
TORCH: Mapping[str, TorchCall] = {
    "gradient_descent": TorchCall("SGD", {"lr": "learning_rate"}),
    "sgd": TorchCall("SGD", {"lr": "learning_rate"}, when=lambda rule: not rule.decay),
    "momentum": TorchCall("SGD", {"lr": "learning_rate", "momentum": "beta"}),
    "nesterov": TorchCall(
        "SGD", {"lr": "learning_rate", "momentum": "beta"}, {"nesterov": True}, lambda rule: rule.beta > 0
    ),
    "adagrad": TorchCall("Adagrad", {"lr": "learning_rate", "eps": "epsilon"}),
    "adadelta": TorchCall("Adadelta", {"lr": "learning_rate", "rho": "rho", "eps": "epsilon"}),
    "rmsprop": TorchCall(
        "RMSprop",
        {
            "lr": "learning_rate",
            "alpha": "rho",
            "eps": "epsilon",
            "centered": "centered",
            "momentum": "momentum",
        },
    ),
    "rprop": TorchCall(
        "Rprop",
        {"lr": "learning_rate", "etas": "shrinking, growth", "step_sizes": "shortest, longest"},
        when=lambda rule: (
            rule.schedule.constant and not rule.backtracking and rule.shrinking < 1 < rule.growth
        ),
    ),
    "adam": TorchCall("Adam", ADAM, when=lambda rule: rule.bias_correction),
    "adamw": TorchCall("AdamW", {**ADAM, "weight_decay": "weight_decay"}),
    "amsgrad": TorchCall("Adam", ADAM, {"amsgrad": True}),
    "nadam": TorchCall("NAdam", ADAM),
    "adamax": TorchCall("Adamax", ADAM),
    "radam": TorchCall("RAdam", ADAM),
}


def torch_average(rule: ASGD, x: str) -> TorchLines | None:
    """The lines of PyTorch's ASGD for one tensor, with its average as `position`; None if it differs.

    PyTorch computes the decayed rate one step before, so with a schedule it is another one.
    """
    if not rule.schedule.constant:
        return None
    said = f"lambd={literal(rule.lambd)}, alpha={literal(rule.power)}, t0={literal(rule.averaging_start)}"
    start = f"optimizer = torch.optim.ASGD([{x}], lr={literal(rule.learning_rate)}, {said})"
    step = ("optimizer.step()", f'position = optimizer.state[{x}]["ax"]')
    return TorchLines({}, (start, f"position = {x}.detach().clone()"), step, "optimizer.zero_grad()")


def torch_call(rule: GradientRule, parameters: str) -> str | None:
    """The call of PyTorch's optimizer with the same steps, or None if it has none."""
    found = TORCH.get(rule.name)
    settings = [getattr(rule, name) for name in rule.__struct_fields__ if name != "schedule"]
    one_for_all = all(isinstance(value, float | int) for value in settings)
    if found is None or not found.when(rule) or not one_for_all:
        return None
    said = [
        f"{argument}={literal(_values(rule, names.split(', ')))}"
        for argument, names in found.arguments.items()
    ]
    said += [f"{argument}={value}" for argument, value in found.more.items()]
    return f"torch.optim.{found.kind}({parameters}, {', '.join(said)})"


def _values(rule: GradientRule, names: list[str]) -> Any:
    values = tuple(getattr(rule, name) for name in names)
    return values if len(values) > 1 else values[0]


def factor_lines(rule: GradientRule) -> list[str]:
    """Lines of a function for LambdaLR: the factor of the learning rate in step t = 1, 2, …"""
    schedule = rule.schedule
    steps = cycle_lines(schedule) if isinstance(schedule, CosineRestarts) else []
    steps += [_scalar(line) for line in schedule.equations if line is not SCHEDULED_RATE]
    used = set(re.findall(r"[a-z]\w*", " ".join(steps)))
    names = [name for name in schedule.__struct_fields__ if name in used]
    lines = [*(f"{name} = {literal(getattr(schedule, name))}" for name in names), *steps]
    inside = [f"{INDENT}t = steps_done + 1", *(INDENT + line for line in lines), f"{INDENT}return factor"]
    return ["", "", "def factor_of(steps_done):", *inside, "", ""]


def _scalar(line: Equation) -> str:
    text = line.numbers.replace("π", "math.pi").replace("floor(", "math.floor(").replace("cos(", "math.cos(")
    return f"{line.result} = {ast.unparse(ast.parse(text, mode='eval'))}"
