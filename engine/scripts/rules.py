"""One step of an optimizer as lines of a script, made from the equations that the window shows.

The arithmetic of an `Equation` is nearly Python already. Momentum in NumPy:

    velocity = np.zeros_like(x)                         # before the first step
    velocity = beta * velocity + gradient               # beta*old_velocity + gradient
    x = x - learning_rate * velocity                    # x - learning_rate*velocity

Three things are left to do. What is kept from step to step, here the velocity, gets its first value. Until a
quantity is computed anew, its name has the old value: ``old_velocity`` is written as ``velocity``. And the
functions get their names in the framework: ``max`` of arrays is ``np.maximum``. PyTorch has most of these
rules itself (`torch_rules`); for the others the same lines are written with tensors.
"""

import ast
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.optimizers.adam import Adam
from engine.optimizers.equation import Equation
from engine.optimizers.iterate_averaging import ASGD
from engine.optimizers.rectified import RAdam
from engine.optimizers.schedules import CosineRestarts
from engine.optimizers.update_rule import GradientRule
from engine.scripts.writer import Framework, literal

# Nadam's momentum of the step after this one, as in `engine.optimizers.adam_relatives`
NEXT_MOMENTUM = "beta1 * (1 - 0.5 * 0.96 ** (0.004 * (t + 1)))"


@dataclass(frozen=True)
class RuleLines:
    """A rule in a script: its settings, what it keeps before the first step, and one step.

    `settings` are names and values. In `step` the number of the step, from 1, is `t`.
    """

    settings: dict[str, Any]
    start: tuple[str, ...]
    step: tuple[str, ...] = field(default=())


def rule_lines(
    rule: GradientRule, framework: Framework = "numpy", x: str = "x", gradient: str = "gradient"
) -> RuleLines:
    """The lines of a rule of one gradient, which move the array `x` where the gradient is `gradient`.

    In PyTorch they belong into `torch.no_grad()`, and `x` is moved in place.
    """
    lines = rule.equations
    text = " ".join(line.numbers for line in lines)
    names = set(re.findall(r"[a-z]\w*", text))
    kept = sorted({name.removeprefix("old_") for name in names if name.startswith("old_")})
    start = {name: _first_value(rule, name, framework, x) for name in kept}
    arrays = {"x", "gradient"} | {name for name in kept if not _is_number(rule, name)}
    written = _Arithmetic(framework, arrays, {"x": x, "gradient": gradient})
    step: list[str] = [*written.saved_values(lines)]
    if isinstance(rule.schedule, CosineRestarts) and not rule.schedule.constant:
        step += cycle_lines(rule.schedule)
    if "next_momentum" in names:
        step.append(f"next_momentum = {NEXT_MOMENTUM}")
    step += (
        _radam_lines(written, lines) if isinstance(rule, RAdam) else [written.line(line) for line in lines]
    )
    if isinstance(rule, ASGD) and framework == "numpy":  # in float32 the sum is not always exact
        step = [re.sub(r"(position) = (.*)", rf"\1 = {x} if weight == 1 else \2", line) for line in step]
    known = {name: getattr(rule, name) for name in rule.__struct_fields__ if name != "schedule"}
    known |= {name: getattr(rule.schedule, name) for name in rule.schedule.__struct_fields__}
    used = set(re.findall(r"[a-z]\w*", " ".join(step)))
    settings = {name: value for name, value in known.items() if name in used}
    return RuleLines(settings, tuple(f"{name} = {value}" for name, value in start.items()), tuple(step))


def trainer_lines(rule: GradientRule, x: str = "theta", gradient: str = "gradient") -> RuleLines:
    """The lines with which `engine.optimizers.trainer` moves the weights of a network, to the last bit.

    For Adam they differ from its equations by factors that are taken out: m and v are Σ β₁ᵏ g and Σ β₂ᵏ g².
    """
    if not (isinstance(rule, Adam) and rule.bias_correction):
        return rule_lines(rule, "numpy", x, gradient)
    rate = rule_lines(rule, "numpy", x, gradient)
    scheduled = rate.step[: _line_of(rate.step, "mean")]
    eta = "scheduled_rate" if scheduled else "learning_rate"
    step = (
        *scheduled,
        f"m = beta1 * m + {gradient}",
        f"v = beta2 * v + {gradient} * {gradient}",
        "root = ((1.0 - beta2**t) / (1.0 - beta2)) ** 0.5",
        f"rate = {eta} * root * (1.0 - beta1) / (1.0 - beta1**t)",
        f"{x} = {x} - m / (np.sqrt(v) + epsilon * root) * rate",
    )
    return RuleLines(rate.settings, (f"m = np.zeros_like({x})", f"v = np.zeros_like({x})"), step)


def cycle_lines(schedule: CosineRestarts) -> list[str]:
    """Lines that compute where in which cycle of the restarts step t is."""
    since = "max(t - 1 - warmup_steps, 0)" if schedule.warmup_steps else "t - 1"
    if schedule.period_multiplier == 1:
        return [f"since_restart, period = ({since}) % first_period, first_period"]
    return [
        f"since_restart, period = {since}, first_period",
        "while since_restart >= period:",
        "    since_restart, period = since_restart - period, period * period_multiplier",
    ]


def _line_of(lines: tuple[str, ...], result: str) -> int:
    """The place of the first line that computes `result`."""
    return next(place for place, line in enumerate(lines) if line.startswith(f"{result} = "))


def _is_number(rule: GradientRule, name: str) -> bool:
    """Whether what a rule keeps is one number, not one for each coordinate."""
    return np.ndim(getattr(rule.start(np.array([2.0, 3.0])), name)) == 0


def _first_value(rule: GradientRule, name: str, framework: Framework, x: str) -> str:
    """The first value of what a rule keeps, as an expression."""
    point = np.array([2.0, 3.0])
    value = getattr(rule.start(point), name)
    package = "np" if framework == "numpy" else "torch"
    if np.ndim(value) == 0:
        return literal(float(value))
    if np.array_equal(value, point):
        return f"{x}.copy()" if framework == "numpy" else f"{x}.detach().clone()"
    if not np.any(value):
        return f"{package}.zeros_like({x})"
    (constant,) = set(value.tolist())
    return f"{package}.full_like({x}, {literal(constant)})"


def _radam_lines(written: "_Arithmetic", lines: tuple[Equation, ...]) -> list[str]:
    """RAdam's lines: as long as the mean square averages too few gradients, the step is another one."""
    common, early, late = [], [], []
    for line in lines:
        if line.result == "x" and "rectification" not in line.numbers:
            early.append("    " + written.line(line))
        elif line.result in ("x", "rectification"):
            late.append("    " + written.line(line))
        else:
            common.append(written.line(line))
    return [*common, "if window > 5:", *late, "else:", *early]


class _Arithmetic(ast.NodeTransformer):
    """Writes the arithmetic of equations in a framework. `arrays` are the names that stand for arrays."""

    def __init__(self, framework: Framework, arrays: set[str], names: dict[str, str]) -> None:
        self.torch = framework == "torch"
        self.arrays, self.names = arrays, names
        self.saved: set[str] = set()

    def saved_values(self, lines: tuple[Equation, ...]) -> list[str]:
        """Lines that keep an old value under its own name, where it is needed after the new one."""
        done: set[str] = set()  # what the lines so far have computed
        for line in lines:
            for name in re.findall(r"\bold_(\w+)", line.numbers):
                if name in done:
                    self.saved.add(name)
            done.add(line.result)
        return [f"old_{name} = {name}" for name in sorted(self.saved)]

    def line(self, line: Equation) -> str:
        """One line of the rule."""
        tree = ast.parse(line.numbers.replace("π", "pi"), mode="eval").body
        if self._of_arrays(tree):
            self.arrays.add(line.result)
        text = ast.unparse(ast.fix_missing_locations(self.visit(tree)))
        result = self.names.get(line.result, line.result)
        if self.torch and line.result == "x":
            return f"{result}.copy_({text})"
        return f"{result} = {text}"

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name as the script has it: π, the old value of a quantity, x and the gradient."""
        name = node.id
        if name == "pi":
            return ast.parse("math.pi", mode="eval").body
        if name == "x_after":
            name = "x"
        if name.startswith("old_") and name.removeprefix("old_") not in self.saved:
            name = name.removeprefix("old_")
        return ast.Name(self.names.get(name, name))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A function by its name in `math`, NumPy or PyTorch."""
        assert isinstance(node.func, ast.Name)
        function, of_arrays = node.func.id, [self._of_arrays(argument) for argument in node.args]
        arguments = [ast.unparse(self.visit(argument)) for argument in node.args]
        return ast.parse(self._call(function, arguments, of_arrays), mode="eval").body

    def _call(self, function: str, arguments: list[str], of_arrays: list[bool]) -> str:
        """The call as text; `of_arrays` says which arguments are arrays and not numbers."""
        said = ", ".join(arguments)
        if function in ("max", "min"):
            if not any(of_arrays):
                return f"{function}({said})"
            if not self.torch:
                return f"np.{function}imum({said})"
            if all(of_arrays):
                return f"torch.{function}imum({said})"
            array, bound = arguments if of_arrays[0] else arguments[::-1]
            if isinstance(ast.parse(array, mode="eval").body, ast.BinOp | ast.UnaryOp):
                array = f"({array})"
            return f"{array}.clamp({'min' if function == 'max' else 'max'}={bound})"
        if not any(of_arrays):
            return f"math.{function}({said})"  # np.cos of a number would turn float32 into float64
        return f"{'torch' if self.torch else 'np'}.{function}({said})"

    def _of_arrays(self, node: ast.AST) -> bool:
        """Whether an array is in an expression, so that its value is one too."""
        names = {part.id.removeprefix("old_") for part in ast.walk(node) if isinstance(part, ast.Name)}
        return bool(names & (self.arrays | {"x_after"}))
